//! A search that forgives slips of the pen: entries are ranked by how well each word of the query fits one of theirs.
//!
//! A word fits, best first, as the whole name, as a word, as the beginning of one, within one, or with a slip or two. Words of the
//! name count more than those of the description, in which no slips are forgiven. An entry fits when every word of the query does.

/// Entries to search in, prepared once.
#[derive(Debug, Clone, Default)]
pub struct Index {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    /// In small letters.
    name: String,
    name_words: Vec<String>,
    more: String,
}

/// Points of a word of the query; less is better, and a sum of several stays in order.
const WORD: u32 = 0;
const BEGINNING: u32 = 2;
const WITHIN: u32 = 6;
const SLIP: u32 = 8;
const DESCRIBED: u32 = 12;

impl Index {
    /// Of entries as `(name, other words)`. The place of an entry is its number in the answers.
    pub fn new<N: AsRef<str>, M: AsRef<str>>(entries: impl IntoIterator<Item = (N, M)>) -> Self {
        let entry = |(name, more): (N, M)| {
            let name = name.as_ref().to_lowercase();
            Entry { name_words: words(&name).map(str::to_owned).collect(), name, more: more.as_ref().to_lowercase() }
        };
        Self { entries: entries.into_iter().map(entry).collect() }
    }

    /// The entries that fit, best first; of equals the shorter name, then the earlier one. All of them, in their order, for an
    /// empty query.
    ///
    /// ```
    /// use almanac_model::search::Index;
    ///
    /// let index = Index::new([("Win rate", "won deals over closed deals"), ("Weighted pipeline", "")]);
    /// assert_eq!(index.find("win reat"), [0]);
    /// assert_eq!(index.find("pipe"), [1]);
    /// assert_eq!(index.find("closed"), [0]);
    /// ```
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query = query.to_lowercase();
        let wanted: Vec<&str> = words(&query).collect();
        let mut found: Vec<(u32, usize, usize)> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let points = wanted.iter().try_fold(0, |sum, word| Some(sum + entry.points(word)?));
            if let Some(points) = points {
                let whole = u32::from(!(entry.name == query.trim() || wanted.is_empty()));
                let length = if wanted.is_empty() { 0 } else { entry.name.len() };
                // Few fit: to insert each in its place is less code for the page than a sort.
                let hit = (points * 2 + whole, length, at);
                found.insert(found.partition_point(|known| *known < hit), hit);
            }
        }
        found.into_iter().map(|(_, _, at)| at).collect()
    }
}

impl Entry {
    /// How badly a word of the query fits; `None` when it does not.
    fn points(&self, wanted: &str) -> Option<u32> {
        let of_name = |word: &String| {
            if word == wanted {
                Some(WORD)
            } else if word.starts_with(wanted) {
                Some(BEGINNING)
            } else if wanted.len() > 1 && word.contains(wanted) {
                Some(WITHIN)
            } else {
                slips(wanted, word).map(|slips| SLIP + slips)
            }
        };
        let named = self.name_words.iter().filter_map(of_name).min();
        let described = || (wanted.len() > 1 && self.more.contains(wanted)).then_some(DESCRIBED);
        named.or_else(described)
    }
}

/// Words of a text: runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// How many letters are wrong, missing, too many or exchanged with their neighbour, when these are few: one in words of four to
/// seven letters, two in longer ones. The query may be the beginning of the word.
fn slips(wanted: &str, word: &str) -> Option<u32> {
    let (a, b): (Vec<char>, Vec<char>) = (wanted.chars().collect(), word.chars().collect());
    let most: usize = match a.len() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    if b.len() + most < a.len() {
        return None;
    }
    let b = &b[..b.len().min(a.len() + most)];
    // Optimal string alignment, three rows at a time.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = last[j] + usize::from(x != y);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    let least = *last.iter().min()?;
    (least <= most).then(|| u32::try_from(least).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        Index::new([
            ("Churn rate", "accounts that left"),
            ("Gross churn MRR gross_churn_mrr", "recurring revenue that left"),
            ("Net revenue retention", "with churn and expansion"),
            ("Win rate", "won deals over closed deals"),
            ("Monthly recurring revenue mrr", "recurring revenue of all accounts"),
        ])
    }

    #[test]
    fn names_come_before_descriptions() {
        assert_eq!(index().find("churn"), [0, 1, 2]);
        assert_eq!(index().find("Win rate"), [3]);
        assert_eq!(index().find("mrr"), [4, 1]);
        assert_eq!(index().find("closed deals"), [3]);
    }

    #[test]
    fn slips_are_forgiven() {
        for (query, expected) in [
            ("chrun", vec![0, 1]),
            ("retentoin", vec![2]),
            ("recuring", vec![4]),
            ("revenu retension", vec![2]),
            ("wni", vec![]),
            ("zzzz", vec![]),
        ] {
            assert_eq!(index().find(query), expected, "{query}");
        }
    }

    #[test]
    fn an_empty_query_finds_all_in_order() {
        assert_eq!(index().find("  "), [0, 1, 2, 3, 4]);
        assert_eq!(Index::default().find("a"), Vec::<usize>::new());
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_searched(query in "\\PC{0,40}", name in "\\PC{0,40}") {
            let index = Index::new([(name.clone(), "")]);
            let _ = index.find(&query);
            // A name made of words finds itself.
            if words(&name.to_lowercase()).next().is_some() {
                proptest::prop_assert_eq!(index.find(&name), vec![0]);
            }
        }
    }
}
