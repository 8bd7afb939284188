//! The query of a metric: the site's files of metrics, read once while they stay the same, and one question.

use crate::session::Session;
use almanac_metrics::{Catalogue, Comparison, Dialect, Extracts, MetricQuery, Role, SourceText, compile};
use almanac_model::Diagnostic;
use almanac_model::ahead::fnv1a;
use almanac_model::format::parse_date;
use almanac_model::view::{MetricAnswer, MetricColumn, MetricQuestion};
use almanac_sql::catalog::Catalog;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The file of the tables among those of metrics.
const TABLES: &str = "tables.yml";

impl Session {
    /// The query that answers a question, in the words of every dialect; or why it is refused. Nothing is run.
    pub fn metric(&mut self, files: &BTreeMap<String, String>, question: &MetricQuestion) -> MetricAnswer {
        let catalogue = self.catalogue(files);
        let refused = |diagnostics| MetricAnswer { diagnostics, ..MetricAnswer::default() };
        let Some(as_of) = self.as_of().as_deref().and_then(parse_date) else {
            let problem = Diagnostic::error_without_place(
                "no-data-date",
                "the manifest does not say up to which day the data reach",
            );
            return refused(vec![problem]);
        };
        if catalogue.metric(&question.metric).is_none() {
            // What could not be read at all is told where it stands in its file.
            let told =
                catalogue.problems.iter().filter(|problem| problem.diagnostic.message.contains(&question.metric));
            let told: Vec<Diagnostic> = told.map(|problem| problem.diagnostic.clone()).collect();
            let unknown = || {
                let known: Vec<&str> = catalogue.metrics().map(|metric| metric.id.as_str()).collect();
                let message = format!("there is no metric `{}`", question.metric);
                vec![Diagnostic::error_without_place("unknown-metric", message).did_you_mean(&question.metric, known)]
            };
            return refused(if told.is_empty() { unknown() } else { told });
        }
        let query = MetricQuery {
            metrics: vec![question.metric.clone()],
            dimensions: question.by.iter().cloned().collect(),
            grain: question.grain,
            comparison: question.against.as_deref().and_then(comparison),
            as_of,
            ..MetricQuery::default()
        };
        let compiled = match compile(&catalogue, &query) {
            Ok(compiled) => compiled,
            Err(problems) => return refused(problems),
        };
        let column = |name: &String, role| MetricColumn { name: name.clone(), role: role_name(role).to_owned() };
        MetricAnswer {
            texts: Dialect::ALL.map(|(dialect, name)| (name.to_owned(), compiled.text(dialect))).into(),
            columns: compiled.output.iter().map(|output| column(&output.name, output.role)).collect(),
            diagnostics: compiled.notes,
        }
    }

    /// What the files say, checked against the extracts.
    fn catalogue(&mut self, files: &BTreeMap<String, String>) -> Rc<Catalogue> {
        let mark = files.iter().fold(0, |mark: u64, (path, text)| {
            mark.rotate_left(7) ^ fnv1a(path.as_bytes()) ^ fnv1a(text.as_bytes()).rotate_left(1)
        });
        if let Some((known, catalogue)) = &self.metrics
            && *known == mark
        {
            return Rc::clone(catalogue);
        }
        let is_tables = |path: &str| path.rsplit('/').next() == Some(TABLES);
        let source = |(path, text): (&String, &String)| SourceText { path: path.clone(), text: text.clone() };
        let tables = files.iter().find(|(path, _)| is_tables(path)).map(source);
        let tables = tables.unwrap_or_else(|| SourceText { path: TABLES.to_owned(), text: String::new() });
        let others: Vec<SourceText> = files.iter().filter(|(path, _)| !is_tables(path)).map(source).collect();
        let manifest = self.engine.manifest();
        let extracts = Extracts(manifest);
        let known = (!manifest.resources.is_empty()).then_some(&extracts as &dyn Catalog);
        let catalogue = Rc::new(Catalogue::read(&tables, &others, known));
        self.metrics = Some((mark, Rc::clone(&catalogue)));
        catalogue
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    match name {
        "previous" => Some(Comparison::Previous),
        "year_ago" => Some(Comparison::YearAgo),
        "plan" => Some(Comparison::Plan),
        _ => None,
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Period => "period",
        Role::Dimension => "dimension",
        Role::Value => "value",
        Role::Compared => "compared",
        Role::Change => "change",
        Role::ChangeShare => "change_share",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::manifest::Manifest;
    use almanac_model::metric::Grain;
    use almanac_model::protocol::Limits;

    const TABLES_TEXT: &str = "history_from: 2024-01-01\ntime_spine: {month: months.month, day: calendar.date}\ntables:\n  \
        months: {grain: month, primary_key: [month], time: {month: month}, calendar: true}\n  calendar: {grain: day, \
        primary_key: [date], time: {day: date}, calendar: true}\n  deals: {grain: deal, primary_key: [deal_id], time: {month: \
        created_month, day: created_date}, dimensions: [region]}\ndimensions:\n  region: {definition: where}\n";
    const METRICS: &str = "team: sales\nowner: Head\nreviewers: [Ann, Bob]\nmetrics:\n  deals_created:\n    name: Deals created\n    definition: \
        Deals opened.\n    entity: accounts\n    type: simple\n    table: deals\n    measure: count(*)\n    additivity: sum\n    unit: int\n    \
        grains: [day, month]\n    dimensions: [region]\n    tests: [{range: [0, null]}]\n    lifecycle: certified\n  broken:\n    \
        name: Broken\n    typ: simple\n";

    fn ask(question: &MetricQuestion) -> MetricAnswer {
        let manifest = Manifest { as_of: Some("2025-11-30".into()), ..Manifest::default() };
        let mut session = Session::new(manifest, Limits::default());
        let files = [("metrics/sales.yml", METRICS), ("metrics/tables.yml", TABLES_TEXT)]
            .map(|(a, b)| (a.to_owned(), b.to_owned()));
        let files: BTreeMap<String, String> = files.into();
        let first = session.metric(&files, question);
        assert_eq!(session.metric(&files, question), first, "what is remembered says the same");
        first
    }

    fn of(metric: &str) -> MetricQuestion {
        MetricQuestion { metric: metric.to_owned(), ..MetricQuestion::default() }
    }

    #[test]
    fn a_question_becomes_a_query_in_four_dialects() {
        let answer = ask(&MetricQuestion {
            by: Some("region".into()),
            grain: Some(Grain::Month),
            against: Some("year_ago".into()),
            ..of("deals_created")
        });
        assert_eq!(answer.diagnostics, []);
        let names: Vec<&str> = answer.texts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["almanac", "duckdb", "postgres", "spark"]);
        let columns: Vec<(&str, &str)> =
            answer.columns.iter().map(|column| (column.name.as_str(), column.role.as_str())).collect();
        assert_eq!(
            columns[..4],
            [
                ("period", "period"),
                ("region", "dimension"),
                ("deals_created", "value"),
                ("deals_created_year_ago", "compared")
            ]
        );
    }

    #[test]
    fn what_cannot_be_answered_says_why() {
        for (question, words) in [
            (of("deals_craeted"), "no metric `deals_craeted`"),
            (of("broken"), "broken"),
            (MetricQuestion { by: Some("colour".into()), ..of("deals_created") }, "colour"),
            (
                MetricQuestion { grain: Some(Grain::Year), against: Some("plan".into()), ..of("deals_created") },
                "deals_created",
            ),
        ] {
            let answer = ask(&question);
            assert!(answer.texts.is_empty(), "{question:?}");
            assert!(
                answer.diagnostics.iter().any(|problem| problem.message.contains(words)),
                "{:?}",
                answer.diagnostics
            );
        }
    }
}
