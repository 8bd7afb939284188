//! Personal data: columns that look like it are not published unless somebody says so, by name. A scan finds the usual kinds; it
//! is no proof that there are none.

use almanac_model::schema::Table;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

/// A column that looks personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) column: String,
    /// What it looks like, and where.
    pub(super) what: String,
}

/// Words of a column's name that say it is about a person, or secret.
const NAMES: [&str; 24] = [
    "email",
    "mail",
    "phone",
    "mobile",
    "fax",
    "ssn",
    "passport",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "birthday",
    "birthdate",
    "dob",
    "street",
    "iban",
    "password",
    "secret",
    "token",
    "credential",
    "salary",
    "ip",
    "gender",
    "religion",
];
/// The same, of two words.
const PAIRS: [(&str, &str); 8] = [
    ("first", "name"),
    ("last", "name"),
    ("full", "name"),
    ("birth", "date"),
    ("tax", "id"),
    ("card", "number"),
    ("home", "address"),
    ("ip", "address"),
];

/// Whether a text is of a kind.
type Test = fn(&str) -> bool;

/// What values look like.
const KINDS: [(&str, Test); 6] = [
    ("e-mail addresses", is_email),
    ("phone numbers", is_phone),
    ("bank accounts (IBAN)", is_iban),
    ("card numbers", is_card),
    ("IP addresses", is_ip),
    ("US social security numbers", is_ssn),
];

/// Looks at names and texts of all columns.
pub(super) fn scan(table: &Table, columns: &[ArrayRef]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (column, values) in table.columns.iter().zip(columns) {
        let mut tell = |what: String| found.push(Finding { column: column.name.clone(), what });
        if let Some(word) = named(&column.name).filter(|_| values.null_count() < values.len()) {
            tell(format!("its name says “{word}”"));
            continue;
        }
        if *values.data_type() != DataType::Utf8 {
            continue;
        }
        let texts = values.as_string::<i32>();
        for (kind, is_kind) in KINDS {
            let rows = texts.iter().flatten().filter(|text| holds(text, is_kind)).count();
            if rows > 0 {
                tell(format!("{rows} of {} values hold what looks like {kind}", texts.len() - texts.null_count()));
                break;
            }
        }
    }
    found
}

fn named(column: &str) -> Option<String> {
    let column = column.to_lowercase();
    let words: Vec<&str> = column.split(|letter: char| !letter.is_alphanumeric()).collect();
    let pair = words.windows(2).find(|pair| PAIRS.contains(&(pair[0], pair[1]))).map(|pair| pair.join(" "));
    pair.or_else(|| words.iter().find(|word| NAMES.contains(word)).map(|word| (*word).to_owned()))
}

/// Whether a text is of a kind, or one of its words is.
fn holds(text: &str, is_kind: Test) -> bool {
    let part = |word: &str| is_kind(word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '+'));
    is_kind(text.trim())
        || (text.len() < 10_000 && text.split([' ', ',', ';', '<', '>', '"', '\n', '(', ')']).any(part))
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    let plain = |part: &str, more: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || more.contains(letter))
    };
    let domain =
        host.rsplit_once('.').is_some_and(|(_, last)| last.len() >= 2 && last.chars().all(char::is_alphabetic));
    plain(user, "._%+-'") && plain(host, ".-") && domain
}

/// `+49 30 1234567`, `(212) 555-0100`, `212-555-0100`: digits alone are too often something else.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let only = text.chars().all(|letter| letter.is_ascii_digit() || "+()-. /".contains(letter));
    let shape: String = text.chars().map(|letter| if letter.is_ascii_digit() { '9' } else { letter }).collect();
    let american = matches!(shape.as_str(), "(999) 999-9999" | "999-999-9999" | "999.999.9999" | "(999)999-9999");
    american || (only && text.starts_with('+') && (8..=15).contains(&digits))
}

/// ISO 13616: the country, two check digits, and all of it 1 modulo 97.
fn is_iban(text: &str) -> bool {
    let text: String = text.chars().filter(|letter| *letter != ' ').collect();
    let shape = text.len() >= 15
        && text.len() <= 34
        && text.chars().all(|letter| letter.is_ascii_digit() || letter.is_ascii_uppercase());
    if !shape
        || !text[..2].chars().all(|letter| letter.is_ascii_uppercase())
        || !text[2..4].bytes().all(|digit| digit.is_ascii_digit())
    {
        return false;
    }
    let turned = text[4..].chars().chain(text[..4].chars());
    let rest = turned
        .filter_map(|letter| letter.to_digit(36))
        .fold(0, |rest, value| if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 });
    rest == 1
}

/// ISO/IEC 7812: 13 to 19 digits with Luhn's check digit, in groups or not, that begin as cards do.
fn is_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let only = text.chars().all(|letter| letter.is_ascii_digit() || letter == ' ' || letter == '-');
    if !only || !(13..=19).contains(&digits.len()) || !matches!(digits.first(), Some(3..=6)) {
        return false;
    }
    let sum: u32 = (digits.iter().rev().enumerate())
        .map(|(at, digit)| if at % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    sum.is_multiple_of(10)
}

fn is_ip(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.octets()[0] > 0)
}

fn is_ssn(text: &str) -> bool {
    let shape: String = text.chars().map(|letter| if letter.is_ascii_digit() { '9' } else { letter }).collect();
    shape == "999-99-9999" && !text.starts_with("000") && !text.starts_with("666") && !text.starts_with('9')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_from_what_only_looks_like_it() {
        // The IBAN is the standard's own example, the card numbers are those card networks publish for tests.
        let cases: [(Test, &[&str], &[&str]); 6] = [
            (is_email, &["a.b@example.org", "o'neil@x.co"], &["@home", "a@b", "a b@c.de", "price@3.50"]),
            (
                is_phone,
                &["+49 30 1234567", "(212) 555-0100", "212-555-0100"],
                &["2025-11-30", "12345678", "+1", "1.234.567"],
            ),
            (
                is_iban,
                &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"],
                &["GB83WEST12345698765432", "ABCDEFGHIJKLMNOP"],
            ),
            (
                is_card,
                &["4111 1111 1111 1111", "378282246310005"],
                &["4111 1111 1111 1112", "1234567890123", "2025113012"],
            ),
            (is_ip, &["192.168.1.10"], &["1.2.3", "256.1.1.1", "0.9.1.2"]),
            (is_ssn, &["219-09-9999"], &["000-12-3456", "2190-99-999", "987-65-4321"]),
        ];
        for (is_kind, yes, no) in cases {
            yes.iter().for_each(|text| assert!(is_kind(text), "{text}"));
            no.iter().for_each(|text| assert!(!is_kind(text), "{text}"));
        }
        assert!(holds("write to Ann <ann@example.org>, please.", is_email));
    }

    #[test]
    fn names_are_read_by_their_words() {
        for name in ["email", "contact_email", "First_Name", "user_ip", "birth_date"] {
            assert!(named(name).is_some(), "{name}");
        }
        for name in ["platform", "emails_sent", "ship_date", "account_name", "tip_usd", "tokens"] {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
