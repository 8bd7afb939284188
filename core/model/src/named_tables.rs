//! The tables that a query names, found without a parser: good enough to say who reads what, not to run anything.

/// The names a query reads rows of: what follows `from`, `join` and the commas between them, in small letters. Its own common
/// table expressions are not told apart from tables, so those names mean something only where a table is called so.
pub(crate) fn sources(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut wanted = false;
    let mut depths: Vec<bool> = Vec::new();
    // Whether the list of a FROM is being read, at this depth of parentheses.
    let mut list = false;
    for token in tokens(sql) {
        match token {
            "(" => {
                depths.push(list);
                (list, wanted) = (false, false);
            }
            ")" => {
                list = depths.pop().unwrap_or(false);
                wanted = false;
            }
            "," => wanted = list,
            word if word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join") => {
                (list, wanted) = (true, true);
            }
            word if ENDS.iter().any(|end| word.eq_ignore_ascii_case(end)) => (list, wanted) = (false, false),
            word => {
                if wanted && (word.starts_with('"') || word.starts_with(|c: char| c.is_alphabetic() || c == '_')) {
                    found.push(word.trim_matches('"').to_lowercase());
                }
                wanted = false;
            }
        }
    }
    found
}

/// Words that end the list of a FROM.
const ENDS: [&str; 9] = ["where", "group", "order", "having", "limit", "union", "select", "window", "qualify"];

/// Words, quoted names and single signs of a query; texts and comments are passed over.
fn tokens(sql: &str) -> impl Iterator<Item = &str> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            let first = rest.chars().next()?;
            let length = match first {
                '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
                '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
                _ if first.is_alphanumeric() || first == '_' => {
                    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
                }
                _ => first.len_utf8(),
            };
            let (token, after) = rest.split_at(length);
            rest = after;
            if !token.starts_with('\'') && !token.starts_with("--") && !token.starts_with("/*") {
                return Some(token);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_name_their_tables() {
        for (sql, expected) in [
            ("select a from deals", vec!["deals"]),
            ("select 1 from deals d join accounts using (id), months", vec!["deals", "accounts", "months"]),
            ("select * from (select x, y from \"My table\") t, b where c in (1, 2)", vec!["my table", "b"]),
            ("-- from nowhere\nselect 'from texts' /* from here */ from a order by b, c", vec!["a"]),
            ("select extract(year from day) from a", vec!["day", "a"]),
            ("from", vec![]),
            ("select 'open", vec![]),
        ] {
            assert_eq!(sources(sql), expected, "{sql}");
        }
    }
}
