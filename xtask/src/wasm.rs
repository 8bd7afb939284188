//! WebAssembly files, as far as a published site needs to change them.

/// The module without its custom sections: names of functions and notes of the tools, a tenth of what readers would download.
/// They are needed no more once wasm-bindgen has run. What is no module comes back as it is.
///
/// Format: WebAssembly Core Specification 2.0, section 5.5.
pub(crate) fn without_custom_sections(module: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8;
    const CUSTOM: u8 = 0;
    let mut kept = module[..HEADER.min(module.len())].to_vec();
    let mut at = HEADER;
    while at < module.len() {
        let Some((length, body)) = leb128(module, at + 1) else { return module.to_vec() };
        let Some(section) = module.get(at..body + length) else { return module.to_vec() };
        if section[0] != CUSTOM {
            kept.extend_from_slice(section);
        }
        at = body + length;
    }
    kept
}

/// An unsigned number of up to 32 bits and the place after it.
fn leb128(bytes: &[u8], start: usize) -> Option<(usize, usize)> {
    let mut value = 0;
    for (index, shift) in (0..35).step_by(7).enumerate() {
        let byte = *bytes.get(start + index)?;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((value, start + index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 8] = [0, b'a', b's', b'm', 1, 0, 0, 0];

    #[test]
    fn custom_sections_go_and_others_stay() {
        let types = [1, 4, 1, 0x60, 0, 0];
        let name = [0, 5, 4, b'n', b'a', b'm', b'e'];
        let module = [&HEADER[..], &name, &types, &name].concat();
        assert_eq!(without_custom_sections(&module), [&HEADER[..], &types].concat());
    }

    #[test]
    fn a_section_longer_than_127_bytes() {
        let mut types = vec![1, 0x80, 0x01];
        types.extend([7; 128]);
        let module = [&HEADER[..], &types].concat();
        assert_eq!(without_custom_sections(&module), module);
    }

    #[test]
    fn a_file_cut_short_is_left_alone() {
        let module = [&HEADER[..], &[1, 9, 1]].concat();
        assert_eq!(without_custom_sections(&module), module);
        assert_eq!(without_custom_sections(b"no"), b"no");
    }
}
