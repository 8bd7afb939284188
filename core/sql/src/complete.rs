//! What the word at the cursor can become: tables, columns, functions, keywords, parameters.
//!
//! May use: tokens, the catalogue, the registry. The binder only for queries of the text that are written already, because a text
//! being written rarely parses.

mod clause;
mod own;
mod place;
mod sight;

use almanac_model::Value;
use almanac_model::view::Completion;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::functions::{self, Entry, Target};
use crate::limits::Limits;
use crate::tables::defined;
use clause::{Expected, TYPES};
use own::Own;
use place::{Kind, Place};
use sight::Sight;

/// Most items given.
const MOST: usize = 60;

/// Where the word at `cursor` (a byte of `sql`) starts, and what it can become, the best first.
///
/// The label replaces the bytes from that start to the cursor. Inside strings, comments and numbers there is nothing.
/// Any text and any cursor will do: a cursor past the end is the end, one inside a letter is the letter's start.
#[must_use]
pub fn complete(
    sql: &str,
    cursor: u32,
    catalog: &dyn Catalog,
    parameters: &BTreeMap<String, Value>,
) -> (u32, Vec<Completion>) {
    let cursor = sql.floor_char_boundary(usize::try_from(cursor).unwrap_or(usize::MAX));
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let place = if sql.len() > Limits::default().bytes { None } else { place::find(sql, cursor) };
    let Some(place) = place else { return (offset(cursor), Vec::new()) };
    let mut items = Items { place: &place, wanted: place.word.to_lowercase(), found: Vec::new(), group: 0 };
    fill(&mut items, catalog, parameters);
    (offset(place.start), items.best())
}

fn fill(items: &mut Items<'_>, catalog: &dyn Catalog, parameters: &BTreeMap<String, Value>) {
    let place = items.place;
    if place.kind == Kind::Parameter {
        return self::parameters(items, parameters);
    }
    let sight = Sight::new(place);
    let own = Own::new(place, catalog, parameters);
    let catalog: &dyn Catalog = &own;
    if let Some(qualifier) = place.qualifier() {
        let Some(table) = sight.table(&qualifier).or(Some(qualifier)).and_then(|name| catalog.table(&name)) else {
            return;
        };
        for (name, ty) in &table.columns {
            items.add(name, &items.name(name), "column", ty.to_string(), format!("Column of {}.", table.name));
        }
        return;
    }
    match clause::expected(place) {
        Expected::Table => tables(items, catalog),
        Expected::Type => items.keywords(TYPES),
        Expected::Nothing => {}
        Expected::Keyword(words) => items.keywords(words),
        Expected::Operand { words, aggregates } => {
            columns(items, &sight, catalog);
            items.group += 1;
            if place.kind == Kind::Word {
                self::parameters(items, parameters);
                items.group += 1;
                registry(items, aggregates);
                items.keywords(words);
            }
        }
    }
}

fn parameters(items: &mut Items<'_>, parameters: &BTreeMap<String, Value>) {
    for (name, value) in parameters {
        items.add(name, &format!("${name}"), "parameter", value.ty().to_string(), "Value of an input.".to_owned());
    }
}

fn tables(items: &mut Items<'_>, catalog: &dyn Catalog) {
    let own: BTreeSet<String> = defined(&items.place.tokens).into_iter().collect();
    for name in &own {
        items.add(name, &items.name(name), "table", "with".to_owned(), "Query of this text.".to_owned());
    }
    items.group += 1;
    for name in catalog.table_names() {
        if own.contains(&name) || items.rank(&name).is_none() {
            continue;
        }
        let Some(table) = catalog.table(&name) else { continue };
        let rows = table.rows.map_or_else(String::new, |rows| format!("{rows} rows"));
        let columns: Vec<&str> = table.columns.iter().take(12).map(|(name, _)| name.as_str()).collect();
        let more = if table.columns.len() > columns.len() { ", …" } else { "" };
        items.add(&name, &items.name(&name), "table", rows, format!("{}{more}", columns.join(", ")));
    }
}

/// Columns in sight, the innermost query's first. A name that two tables of one query share is written with its table.
fn columns(items: &mut Items<'_>, sight: &Sight, catalog: &dyn Catalog) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for level in &sight.levels {
        let tables: Vec<_> = level
            .iter()
            .filter_map(|(name, alias)| Some((alias.as_deref().unwrap_or(name), catalog.table(name)?)))
            .collect();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for (name, _) in tables.iter().flat_map(|(_, table)| &table.columns) {
            *times.entry(name.to_lowercase()).or_default() += 1;
        }
        for (alias, table) in &tables {
            for (name, ty) in &table.columns {
                let lower = name.to_lowercase();
                if seen.contains(&lower) {
                    continue;
                }
                let shared = times.get(&lower).is_some_and(|times| *times > 1) && items.place.kind == Kind::Word;
                let label =
                    if shared { format!("{}.{}", items.name(alias), items.name(name)) } else { items.name(name) };
                items.add(name, &label, "column", ty.to_string(), format!("Column of {}.", table.name));
            }
        }
        seen.extend(times.into_keys());
        items.group += 1;
    }
    for (name, alias) in sight.levels.iter().flatten() {
        if let Some(alias) = alias.as_ref().filter(|_| !items.wanted.is_empty()) {
            items.add(alias, &items.name(alias), "table", name.clone(), format!("Another name of {name}."));
        }
    }
}

fn registry(items: &mut Items<'_>, aggregates: bool) {
    let mut seen = BTreeSet::new();
    for entry in functions::all().filter(|entry| entry.is_callable()) {
        if !aggregates && matches!(entry.target, Target::Aggregate(_) | Target::Window(_)) {
            continue;
        }
        // Other names of a function only crowd a list that nothing has narrowed yet.
        let names = if items.wanted.is_empty() { &entry.names[..1] } else { entry.names };
        for name in names {
            if seen.insert(*name) {
                let info = format!("{} Example: {} is {}", entry.description, entry.example, entry.answer);
                items.add(name, name, "function", signatures(name), info);
            }
        }
    }
}

/// The first signature under a name, and how many more there are.
fn signatures(name: &str) -> String {
    let mut all = functions::lookup(name).flat_map(Entry::calls);
    let first = all.next().unwrap_or_default();
    match all.count() {
        0 => first,
        more => format!("{first}, {more} more"),
    }
}

/// Items found so far.
struct Items<'a> {
    place: &'a Place,
    wanted: String,
    /// With whether the name only contains the word, its group, and whether the name is more than the word.
    found: Vec<((bool, u32, bool), Completion)>,
    group: u32,
}

impl Items<'_> {
    /// Whether a name only contains the word instead of starting with it; `None` if it does neither.
    fn rank(&self, name: &str) -> Option<bool> {
        let name = name.to_lowercase();
        if name.starts_with(&self.wanted) { Some(false) } else { name.contains(&self.wanted).then_some(true) }
    }

    fn add(&mut self, name: &str, label: &str, kind: &str, detail: String, info: String) {
        if let Some(inside) = self.rank(name) {
            let item = Completion { label: label.to_owned(), kind: kind.to_owned(), detail, info };
            self.found.push(((inside, self.group, name.len() > self.wanted.len()), item));
        }
    }

    fn keywords(&mut self, words: &[&str]) {
        self.group += 1;
        if self.place.kind == Kind::Word {
            for word in words {
                // From the start of any of its words: `or` is not meant by the middle of another.
                let begins = |word: &str| self.rank(word) == Some(false);
                if word.split(' ').any(begins) || begins(word) {
                    self.add(word, word, "keyword", String::new(), String::new());
                }
            }
        }
    }

    /// A name as the text needs it: quoted if it is not a plain word, or if the quote is already open.
    fn name(&self, name: &str) -> String {
        let closing = match self.place.kind {
            Kind::Quoted { closed: true } => "",
            Kind::Quoted { closed: false } => "\"",
            _ if place::is_plain(name) => return name.to_owned(),
            _ => "\"",
        };
        format!("\"{}{closing}", name.replace('"', "\"\""))
    }

    fn best(mut self) -> Vec<Completion> {
        self.found.sort_by_key(|(rank, _)| *rank);
        let mut labels = BTreeSet::new();
        let items = self.found.into_iter().map(|(_, item)| item);
        items.filter(|item| labels.insert((item.label.clone(), item.kind.clone()))).take(MOST).collect()
    }
}
