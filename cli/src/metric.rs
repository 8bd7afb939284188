//! `almanac metric`: the SQL of metrics in the words of a warehouse and, with the engine, the answer over the site's extracts.

use crate::manifest;
use almanac_metrics::store::{Answerable, compile_stored};
use almanac_metrics::{
    Catalogue, Comparison, Compiled, Dialect, Extracts, FilterOperator, MetricFilter, MetricQuery, SourceText, compile,
};
use almanac_model::format::parse_date;
use almanac_model::manifest::Manifest;
use almanac_model::metric::{Grain, Window};
use almanac_model::{Diagnostic, Type, Value};
use almanac_sql::catalog::Catalog;
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Ids of metrics; `all` asks for each on its own.
    #[arg(required = true)]
    metrics: Vec<String>,
    /// Split by a dimension; may be given several times.
    #[arg(long)]
    by: Vec<String>,
    /// `day`, `month`, `quarter` or `year`; one value for the whole range when absent.
    #[arg(long, value_parser = grain)]
    grain: Option<Grain>,
    /// The first day, `2025-01-01`.
    #[arg(long, value_parser = day)]
    from: Option<i32>,
    /// The last day.
    #[arg(long, value_parser = day)]
    to: Option<i32>,
    /// Only rows of a dimension's value, `region=na`; several values with commas.
    #[arg(long = "where")]
    filters: Vec<String>,
    /// Beside `previous`, `year-ago` or `plan`.
    #[arg(long, value_parser = comparison)]
    compare: Option<Comparison>,
    /// A running total: `3m`, `12m`, `qtd`, `ytd`.
    #[arg(long, value_parser = window)]
    window: Option<Window>,
    /// Whose SQL is printed: `almanac`, `duckdb`, `postgres`, `spark`.
    #[arg(long, default_value = "duckdb", value_parser = dialect)]
    dialect: Dialect,
    /// Print the SQL only.
    #[arg(long)]
    sql: bool,
    /// A line of JSON for each question: its metrics, columns, SQL and rows.
    #[arg(long)]
    json: bool,
    /// Folder of the site, with `metrics/` and `data/`.
    #[arg(long, default_value = "public")]
    site: PathBuf,
    /// Folder of the extracts themselves, instead of `<site>/data`.
    #[arg(long)]
    data: Option<PathBuf>,
}

fn grain(text: &str) -> Result<Grain, String> {
    Grain::parse(text).ok_or_else(|| "one of day, week, month, quarter, year".to_owned())
}

fn day(text: &str) -> Result<i32, String> {
    parse_date(text).ok_or_else(|| "a day such as 2025-11-30".to_owned())
}

fn comparison(text: &str) -> Result<Comparison, String> {
    match text {
        "previous" => Ok(Comparison::Previous),
        "year-ago" => Ok(Comparison::YearAgo),
        "plan" => Ok(Comparison::Plan),
        _ => Err("one of previous, year-ago, plan".to_owned()),
    }
}

fn window(text: &str) -> Result<Window, String> {
    match text {
        "ytd" => Ok(Window::ToDate(Grain::Year)),
        "qtd" => Ok(Window::ToDate(Grain::Quarter)),
        _ => {
            let months = text.strip_suffix('m').and_then(|months| months.parse().ok());
            months
                .filter(|months| (1..=120).contains(months))
                .map(Window::Months)
                .ok_or_else(|| "3m, 12m, qtd or ytd".to_owned())
        }
    }
}

fn dialect(text: &str) -> Result<Dialect, String> {
    Dialect::parse(text).ok_or_else(|| "one of almanac, duckdb, postgres, spark".to_owned())
}

/// Prints what is asked for.
///
/// # Errors
/// A sentence with the reason and what to ask instead.
pub(crate) fn run(arguments: &Arguments, say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let data = arguments.data.clone().unwrap_or_else(|| arguments.site.join("data"));
    let manifest = manifest::read(&data)?;
    let catalogue = catalogue(&arguments.site, &manifest)?;
    for problem in &catalogue.problems {
        if problem.diagnostic.is_error() {
            say(&format!("{}: {}", problem.path, told(std::slice::from_ref(&problem.diagnostic))));
        }
    }
    let as_of = manifest.as_of.as_deref().and_then(parse_date);
    let Some(as_of) = as_of.or(arguments.to) else {
        return Err(format!("`{}` does not say up to which day the data reach; give `--to`", data.display()));
    };
    let questions = questions(arguments, &catalogue, &manifest, as_of)?;
    let mut engine = answers::Answers::new(manifest.clone(), &data);
    for question in questions {
        let compiled = compile(&catalogue, &question).map_err(|problems| told(&problems))?;
        // The text for people is about the tables; the answer may come from values that are there already.
        let answerable = compile_stored(&catalogue, &manifest, &question).map_err(|problems| told(&problems))?;
        for note in &answerable.compiled.notes {
            say(&format!("-- {}", told(std::slice::from_ref(note))));
        }
        let rows = if arguments.sql { None } else { answered(&mut engine, &answerable, &compiled, say)? };
        if arguments.json {
            say(&json(&question, &compiled, arguments.dialect, rows.as_ref()));
        } else {
            say(&format!("{};", compiled.text(arguments.dialect)));
            if let Some(rows) = rows {
                say(&format!("\n{}", table(&compiled, &rows)));
            }
        }
    }
    Ok(())
}

/// The rows of the answer: from the store where it has them, and else, or where it cannot be read, from the extracts.
fn answered(
    engine: &mut answers::Answers,
    answerable: &Answerable,
    compiled: &Compiled,
    say: &mut dyn FnMut(&str),
) -> Result<Option<Rows>, String> {
    let Some(store) = &answerable.store else { return engine.rows(compiled) };
    match engine.rows(&answerable.compiled) {
        Ok(rows) => {
            say(&format!("-- {store}"));
            Ok(rows)
        }
        Err(why) => {
            say(&format!("-- the pre-calculated values cannot be read, so the rows are: {why}"));
            engine.rows(compiled)
        }
    }
}

/// The catalogue of a site: `metrics/tables.yml` and the files beside it.
pub(crate) fn catalogue(site: &Path, manifest: &Manifest) -> Result<Catalogue, String> {
    let folder = site.join("metrics");
    let read = |path: &Path| {
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
        Ok::<_, String>(SourceText { path: path.display().to_string(), text })
    };
    let entries =
        std::fs::read_dir(&folder).map_err(|error| format!("`{}` cannot be read: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml") && !path.ends_with("tables.yml"))
        .collect();
    paths.sort();
    let files = paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let extracts = Extracts(manifest);
    let known = (!manifest.resources.is_empty()).then_some(&extracts as &dyn Catalog);
    Ok(Catalogue::read(&read(&folder.join("tables.yml"))?, &files, known))
}

fn questions(
    arguments: &Arguments,
    catalogue: &Catalogue,
    manifest: &Manifest,
    as_of: i32,
) -> Result<Vec<MetricQuery>, String> {
    let filters = arguments.filters.iter().map(|text| filter(text, manifest)).collect::<Result<Vec<_>, _>>()?;
    let question = |metrics: Vec<String>| MetricQuery {
        metrics,
        dimensions: arguments.by.clone(),
        grain: arguments.grain,
        from: arguments.from,
        to: arguments.to,
        filters: filters.clone(),
        comparison: arguments.compare,
        window: arguments.window,
        as_of,
    };
    if arguments.metrics != ["all"] {
        return Ok(vec![question(arguments.metrics.clone())]);
    }
    // Each on its own, where the question makes sense for it.
    let all = catalogue.metrics().map(|metric| question(vec![metric.id.clone()]));
    Ok(all.filter(|question| compile(catalogue, question).is_ok()).collect())
}

/// `region=na,emea`, in the type of the column.
fn filter(text: &str, manifest: &Manifest) -> Result<MetricFilter, String> {
    let wrong = || format!("`{text}` is no filter such as region=na");
    let (dimension, values) = text.split_once('=').ok_or_else(wrong)?;
    let fields = manifest.resources.iter().flat_map(|resource| &resource.schema.fields);
    let ty = fields.into_iter().find(|field| field.name == dimension).map_or(Type::Varchar, |field| field.ty);
    let value = |word: &str| match ty {
        _ if !ty.is_numeric() => Ok(Value::Text(word.to_owned())),
        _ => word.parse().map(Value::Int).map_err(|_| wrong()),
    };
    let values = values.split(',').map(value).collect::<Result<Vec<_>, _>>()?;
    let operator = if values.len() == 1 { FilterOperator::Is } else { FilterOperator::In };
    Ok(MetricFilter { dimension: dimension.to_owned(), operator, values })
}

pub(crate) fn told(problems: &[Diagnostic]) -> String {
    let one = |problem: &Diagnostic| {
        let hints: Vec<String> = problem.hints.iter().map(|hint| format!(" ({hint})")).collect();
        format!("{}{}", problem.message, hints.concat())
    };
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}

type Rows = Vec<Vec<Value>>;

fn json(question: &MetricQuery, compiled: &Compiled, dialect: Dialect, rows: Option<&Rows>) -> String {
    let value = |value: &Value| match value {
        Value::Null => serde_json::Value::Null,
        Value::Int(number) => (*number).into(),
        Value::Double(number) => (*number).into(),
        other => almanac_model::format::exact(other).into(),
    };
    let rows =
        rows.map(|rows| rows.iter().map(|row| row.iter().map(value).collect()).collect::<Vec<serde_json::Value>>());
    let columns: Vec<&str> = compiled.output.iter().map(|output| output.name.as_str()).collect();
    serde_json::json!({"metrics": question.metrics, "columns": columns, "sql": compiled.text(dialect), "rows": rows})
        .to_string()
}

/// Rows as a table of texts.
fn table(compiled: &Compiled, rows: &Rows) -> String {
    let head: Vec<String> = compiled.output.iter().map(|output| output.name.clone()).collect();
    let mut lines = vec![head];
    lines.extend(rows.iter().map(|row| row.iter().map(almanac_model::format::default).collect()));
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
    let shown = |line: &Vec<String>| {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    lines.iter().map(shown).collect::<Vec<_>>().join("\n")
}

#[cfg(feature = "engine")]
mod answers {
    //! The engine over the extracts.

    use super::{Rows, told};
    use almanac_engine::Engine;
    use almanac_metrics::Compiled;
    use almanac_model::manifest::Manifest;
    use almanac_model::protocol::Limits;
    use almanac_native::{Disk, block_on};
    use std::path::Path;

    pub(super) struct Answers(Option<(Engine, Disk)>);

    impl Answers {
        pub(super) fn new(manifest: Manifest, data: &Path) -> Self {
            let some = !manifest.resources.is_empty();
            Self(some.then(|| (Engine::new(manifest, Limits::default()), Disk::new(data))))
        }

        /// The rows of the answer; `None` when there are no extracts.
        pub(super) fn rows(&mut self, compiled: &Compiled) -> Result<Option<Rows>, String> {
            let Some((engine, disk)) = &mut self.0 else { return Ok(None) };
            let text = compiled.bound();
            let answer =
                block_on(engine.query(disk, &text.sql, &text.parameters)).map_err(|problems| told(&problems))?;
            let table = answer.result.to_table(usize::MAX);
            let row = |at: usize| table.columns.iter().map(|column| column.values.get(at)).collect();
            Ok(Some((0..table.rows).map(row).collect()))
        }
    }
}

#[cfg(not(feature = "engine"))]
mod answers {
    //! Without the engine there are no answers.

    use super::Rows;
    use almanac_metrics::Compiled;
    use almanac_model::manifest::Manifest;
    use std::path::Path;

    pub(super) struct Answers;

    impl Answers {
        #[expect(clippy::needless_pass_by_value, reason = "as with the engine")]
        pub(super) fn new(_: Manifest, _: &Path) -> Self {
            Self
        }

        #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "as with the engine")]
        pub(super) fn rows(&mut self, _: &Compiled) -> Result<Option<Rows>, String> {
            Ok(None)
        }
    }
}
