//! Notebooks that a page makes up, for the worker to answer: what is in a table, how a metric goes.

use almanac_model::Type;
use almanac_model::listing::MetricEntry;
use almanac_model::metric::Good;
use almanac_model::view::{CatalogColumn, CatalogTable, MetricAnswer};

/// A name as SQL reads it.
pub(crate) fn identifier(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// Whether a name can stand in the text of a cell: not one that would end it.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.chars().any(|c| c.is_control() || matches!(c, '`' | '«'))
}

/// Whether a column's values have an order and can be counted.
fn is_single(ty: Type) -> bool {
    !matches!(ty, Type::List(_) | Type::Struct(_) | Type::Interval | Type::Null)
}

/// The columns whose values can be shown.
pub(crate) fn has_profile(column: &CatalogColumn) -> bool {
    is_single(column.ty) && is_plain(&column.name)
}

/// Text with `«name»` filled in: smaller code than a format for each.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(name, value);
    }
    text
}

const SAMPLE: &str = "```sql sample\nselect *\nfrom «t»\nlimit 20\n```\n\n";
const FIGURES: &str = "```sql figures\nselect count(*) as rows, count(*) - count(«c») as nulls, count(distinct «c») as distinct_values,\n  min(«c») as least, max(«c») as greatest«mean»\nfrom «t»\n```\n\n";
const MEAN: &str = ",\n  avg(«c») as mean, median(«c») as median";
const FREQUENT: &str = "```sql spread hidden\nselect coalesce(cast(«c» as varchar), '(none)') as \"value\", count(*) as \"rows\"\nfrom «t»\ngroup by 1\norder by 2 desc, 1\nlimit 10\n```\n\n```chart distribution\ndata: spread\nheight: 220\nmark: bar\nhorizontal: true\nx: {field: value, title: Value}\ny: {field: rows, format: num0, title: Rows}\ntitle: The most frequent values\nsubtitle: Rows by value\n```\n\n";
const MONTHS: &str = "```sql spread hidden\nselect date_trunc('month', «c») as \"month\", count(*) as \"rows\"\nfrom «t»\nwhere «c» is not null\ngroup by 1\norder by 1\n```\n\n```chart distribution\ndata: spread\nheight: 220\nmark: line\nx: {field: month, title: Month}\ny: {field: rows, format: num0, title: Rows}\ntitle: Rows by month\nsubtitle: Rows by month of the value\n```\n\n";
const HISTOGRAM: &str = "```sql spread hidden\nselect «c» as \"value\"\nfrom «t»\nwhere «c» is not null\n```\n\n```chart distribution\ndata: spread\nheight: 220\nmark: histogram\nx: {field: value, title: Value}\nbins: 30\ntitle: How the values spread\nsubtitle: Rows by value\n```\n\n";
const ONE_COLUMN: &str = "select '«name»' as \"column\", count(«c») as filled, count(*) - count(«c») as nulls, count(distinct «c») as distinct_values,\n  cast(min(«c») as varchar) as least, cast(max(«c») as varchar) as greatest\nfrom «t»";

/// What is in a table: some rows; the values of a column, when one is asked about; figures of all columns, when they are.
pub(crate) fn table_notebook(table: &CatalogTable, column: Option<&CatalogColumn>, whole: bool) -> String {
    let from = identifier(&table.name);
    let mut text = fill(SAMPLE, &[("«t»", &from)]);
    if let Some(column) = column.filter(|column| has_profile(column)) {
        let counted = is_key(table, column) || !(column.ty.is_numeric() || column.ty.is_temporal());
        let spread = match (counted, column.ty.is_temporal()) {
            (true, _) => FREQUENT,
            (false, true) => MONTHS,
            (false, false) => HISTOGRAM,
        };
        let mean = if column.ty.is_numeric() { MEAN } else { "" };
        for template in [FIGURES, spread] {
            text += &fill(template, &[("«mean»", mean), ("«c»", &identifier(&column.name)), ("«t»", &from)]);
        }
    }
    if whole {
        text += "```sql all_columns\n";
        for (at, column) in table.columns.iter().filter(|column| has_profile(column)).enumerate() {
            text += if at == 0 { "" } else { "\nunion all\n" };
            let name = column.name.replace('\'', "''");
            text += &fill(ONE_COLUMN, &[("«name»", &name), ("«c»", &identifier(&column.name)), ("«t»", &from)]);
        }
        text += "\n```\n";
    }
    text
}

/// Whether a column names rows, of its own table or another: its values say nothing by their size.
fn is_key(table: &CatalogTable, column: &CatalogColumn) -> bool {
    let own = table.facts.as_ref().is_some_and(|facts| facts.key.contains(&column.name));
    !column.ty.is_temporal() && (own || column.references.is_some())
}

const LATEST: &str = "```sql answer hidden\n«sql»\n```\n\n```sql latest hidden\nselect *\nfrom answer«last»\n```\n\n```sql newest hidden\nselect *\nfrom answer«order»\n```\n\n";
const LAST: &str = "\nwhere period = (select max(period) from answer where «v» is not null)";
const TILE: &str =
    "```kpi tile\n- label: \"«name»\"\n  value: latest.«v»\n  format: «f»«against»«good»«spark»\n```\n\n";
const COMPARED: &str = "\n  compare: latest.«o»\n  comparator: «against what»";
const SPARK: &str = "\n  spark: {data: answer, y: «v»}";
const COURSE: &str = "```sql shown hidden\nselect period, 'Value' as series, «v» as value\nfrom answer«others»\n```\n\n```chart course\ndata: shown\nmark: line\nx: {field: period, title: Period}\ny: {field: value, format: «f», title: \"«name»\"}\n«color»title: \"«name»: {{ latest.«v» | «f» }} in the period from {{ latest.period | «when» }}\"\nsubtitle: \"«name» by period\"\n```\n\n";
const OTHERS: &str = "\nunion all\nselect period, '«against what»', «o»\nfrom answer";
const PARTS: &str = "```sql shown hidden\nselect period, coalesce(cast(«p» as varchar), '(none)') as series, «v» as value\nfrom answer\nwhere «p» in (select «p» from latest order by «v» desc nulls last limit 6)\n```\n\n```chart course\ndata: shown\nmark: line\nx: {field: period, title: Period}\ny: {field: value, format: «f», title: \"«name»\"}\ncolor: series\ntitle: \"«name» by «p»\"\nsubtitle: The six largest in the last period\n```\n\n";
const LARGEST: &str = "```sql shown hidden\nselect coalesce(cast(«p» as varchar), '(none)') as series, «v» as value\nfrom answer\norder by 2 desc nulls last, 1\nlimit 12\n```\n\n```chart course\ndata: shown\nmark: bar\nhorizontal: true\nx: {field: series, title: \"«p»\"}\ny: {field: value, format: «f», title: \"«name»\"}\ntitle: \"«name» by «p»\"\nsubtitle: The largest\n```\n\n";

/// How a metric goes: its last value, its course or its parts, and its values. `comparator` names what it is held against, `when`
/// is the format of its periods.
pub(crate) fn metric_notebook(metric: &MetricEntry, answer: &MetricAnswer, comparator: &str, when: &str) -> String {
    let Some((_, sql)) = answer.texts.first() else { return String::new() };
    let of = |role: &str| answer.columns.iter().find(|column| column.role == role).map(|column| column.name.as_str());
    let (compared, part, period) = (of("compared"), of("dimension"), of("period"));
    let only = |wanted: bool, text: &'static str| if wanted { text } else { "" };
    let mut template = LATEST.to_owned();
    template += only(part.is_none(), TILE);
    template += match (part, period) {
        (None, Some(_)) => COURSE,
        (Some(_), Some(_)) => PARTS,
        (Some(_), None) => LARGEST,
        (None, None) => "",
    };
    let good = match metric.direction {
        Good::Up => "\n  good: up",
        Good::Down => "\n  good: down",
        Good::None => "",
    };
    // Parts first, then what they name, the query last: nothing is filled into it.
    let mut text = fill(
        &template,
        &[
            ("«last»", only(period.is_some(), LAST)),
            ("«order»", only(period.is_some(), "\norder by period desc")),
            ("«against»", only(compared.is_some(), COMPARED)),
            ("«good»", good),
            ("«spark»", only(period.is_some(), SPARK)),
            ("«others»", only(compared.is_some(), OTHERS)),
            ("«color»", only(compared.is_some(), "color: series\n")),
            ("«o»", compared.unwrap_or_default()),
            ("«p»", part.unwrap_or_default()),
            ("«v»", of("value").unwrap_or(&metric.id)),
            ("«f»", &metric.format),
            ("«when»", when),
            ("«against what»", comparator),
            ("«name»", &words(&metric.name)),
            ("«sql»", sql),
        ],
    );
    text += "```table values\ndata: newest\ntitle: Values\nformats:\n";
    for column in &answer.columns {
        let format = match column.role.as_str() {
            "value" | "compared" | "change" => &metric.format,
            "change_share" => "pct1",
            "period" => when,
            _ => continue,
        };
        text.extend(["  ", &column.name, ": ", format, "\n"]);
    }
    text += "```\n";
    text
}

/// A text between the double quotes of YAML, in which nothing is filled in.
fn words(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '{' | '}' | '\\' | '"' | '`' | '«')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::notebook::parse;
    use almanac_model::view::{MetricColumn, TableFacts, TableSource};

    fn table() -> CatalogTable {
        let column = |name: &str, ty| CatalogColumn {
            name: name.into(),
            ty,
            description: String::new(),
            unit: String::new(),
            nullable: false,
            references: None,
        };
        CatalogTable {
            name: "My \"deals\"".into(),
            source: TableSource::Extract,
            description: String::new(),
            rows: Some(1),
            bytes: None,
            columns: vec![
                column("id", Type::BigInt),
                column("It's", Type::Double),
                column("day", Type::Date),
                column("a`b", Type::Varchar),
            ],
            facts: Some(TableFacts { key: vec!["id".into()], ..TableFacts::default() }),
        }
    }

    #[test]
    fn what_is_made_up_can_be_read() {
        let table = table();
        for (at, column) in table.columns.iter().enumerate() {
            let text = table_notebook(&table, Some(column), true);
            let parsed = parse(&text);
            assert_eq!(parsed.diagnostics, [], "{text}");
            assert_eq!(
                parsed.value.cells().count(),
                if at == 3 { 2 } else { 5 },
                "a name that would end a cell is left out"
            );
            assert!(text.contains("from \"My \"\"deals\"\"\"") && text.contains("select 'It''s' as"), "{text}");
        }
        assert!(table_notebook(&table, table.columns.first(), false).contains("most frequent"), "a key is counted");
        assert!(table_notebook(&table, table.columns.get(1), false).contains("histogram"));
    }

    #[test]
    fn a_metric_s_notebook_can_be_read() {
        let column = |name: &str, role: &str| MetricColumn { name: name.into(), role: role.into() };
        let metric = MetricEntry {
            id: "m".into(),
            name: "A \"{{ metric }}\"'s `name`".into(),
            format: "usd0".into(),
            ..MetricEntry::default()
        };
        for (period, part, compared) in
            [(true, false, true), (true, true, false), (false, true, false), (false, false, false)]
        {
            let mut columns = vec![column("m", "value")];
            columns.extend(period.then(|| column("period", "period")));
            columns.extend(part.then(|| column("region", "dimension")));
            columns.extend(compared.then(|| column("m_year_ago", "compared")));
            let answer =
                MetricAnswer { texts: vec![("almanac".into(), "select 1".into())], columns, diagnostics: vec![] };
            let text = metric_notebook(&metric, &answer, "a year ago", "mmm-yyyy");
            assert_eq!(parse(&text).diagnostics, [], "{text}");
        }
        assert_eq!(metric_notebook(&metric, &MetricAnswer::default(), "", ""), "");
    }
}
