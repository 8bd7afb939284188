//! Places in a text: the model counts bytes, the editor UTF-16 units, people lines and columns.

/// The byte at a UTF-16 offset; the end of the text if it lies beyond.
pub(crate) fn byte_of_utf16(text: &str, offset: usize) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= offset {
            return byte;
        }
        units += c.len_utf16();
    }
    text.len()
}

/// The UTF-16 offset of a byte; one within a character counts as its start.
pub(crate) fn utf16_of_byte(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= byte).map(|(_, c)| c.len_utf16()).sum()
}

/// Line and column of a byte, both from 1, columns in characters.
pub(crate) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before: String = text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c).collect();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_agree_with_the_encodings() {
        let text = "aé€😀z";
        assert_eq!(text.encode_utf16().count(), 6);
        for (utf16, byte) in [(0, 0), (1, 1), (2, 3), (3, 6), (5, 10), (6, 11)] {
            assert_eq!(byte_of_utf16(text, utf16), byte);
            assert_eq!(utf16_of_byte(text, byte), utf16);
        }
        assert_eq!(byte_of_utf16(text, 99), text.len());
    }

    #[test]
    fn people_count_from_one() {
        assert_eq!(line_and_column("select é,\n  x", 0), (1, 1));
        assert_eq!(line_and_column("select é,\n  x", 13), (2, 3));
    }
}
