//! Reads a team's file of metrics.

use super::fields::{CODE, Fields};
use super::kinds::{kind, time_of};
use super::rules::{alert, fill, lifecycle, tests};
use super::{Good, Grain, Metric, MetricFile, MetricKind, Source};
use crate::diagnostic::{Diagnostic, Parsed, Span};
use crate::format::Format;
use crate::notebook::{Kind, Node, read_yaml};

impl MetricFile {
    /// Reads a file.
    ///
    /// ```
    /// use almanac_model::metric::MetricFile;
    ///
    /// let parsed = MetricFile::parse("team: sales\nmetrics:\n  deals_won:\n    name: Won\n    type: simple\n    tabel: deals\n");
    /// assert!(parsed.diagnostics.iter().any(|problem| problem.hints == ["did you mean `table`?"]));
    /// ```
    #[must_use]
    pub fn parse(source: &str) -> Parsed<Self> {
        let mut file = Self::default();
        let mut diagnostics = Vec::new();
        match read_yaml(source, Span::new(0, source.len()), CODE) {
            Ok(node) => file.read(source, &node, &mut diagnostics),
            Err(problem) => diagnostics.push(*problem),
        }
        diagnostics.sort_by_key(|problem| problem.span.map_or((0, 0), |span| (span.start, span.end)));
        Parsed { value: file, diagnostics }
    }

    fn read(&mut self, source: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
        let mut fields = Fields::new(source, "a file of metrics", Span::new(0, 0), node);
        self.team = fields.text("team");
        self.owner = fields.text("owner");
        self.reviewers = fields.words("reviewers").into_iter().map(|word| word.text).collect();
        match fields.node("metrics") {
            Some(Node { kind: Kind::Map(entries), .. }) => {
                for (id, span, node) in entries {
                    match self.metric(source, id, *span, node, diagnostics) {
                        Some(metric) => self.metrics.push(metric),
                        None => self.broken.push(id.clone()),
                    }
                }
            }
            Some(node) => fields.wrong(node, "`metrics` should be a map of ids, each with the keys of a metric"),
            None => {}
        }
        fields.finish(diagnostics);
    }

    fn metric(
        &self,
        source: &str,
        id: &str,
        span: Span,
        node: &Node,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Metric> {
        let mut fields = Fields::new(source, format!("the metric `{id}`"), span, node);
        if !is_identifier(id) {
            let message = format!("`{id}` cannot be the id of a metric");
            fields.problems.push(
                Diagnostic::error(CODE, span, message).hint("an id is made of small letters, digits and underscores"),
            );
        }
        let name = fields.needed("name").text;
        let definition = fields.needed("definition").text;
        let own = fields.text("owner");
        let reviewers: Vec<String> = fields.words("reviewers").into_iter().map(|word| word.text).collect();
        let kind = kind(&mut fields, source);
        let good = [("up", Good::Up), ("down", Good::Down), ("none", Good::None)];
        let metric = Metric {
            id: id.to_owned(),
            span,
            name,
            team: self.team.clone(),
            owner: if own.is_empty() { self.owner.clone() } else { own },
            reviewers: if reviewers.is_empty() { self.reviewers.clone() } else { reviewers },
            definition,
            entity: fields.needed("entity").text,
            grains: grains(&mut fields, kind.as_ref()),
            unit: fields.needed("unit").text,
            format: format(&mut fields),
            direction: fields.one_of("direction", &good).unwrap_or_default(),
            tier: tier(&mut fields),
            dimensions: fields.words("dimensions"),
            fill: fill(&mut fields),
            plan: fields.written("plan"),
            tests: tests(&mut fields, source),
            alert: alert(&mut fields),
            mature_after_days: fields.count("mature_after_days").unwrap_or(0),
            lifecycle: lifecycle(&mut fields, source),
            goals: fields.words("goals").into_iter().map(|word| word.text).collect(),
            guides: fields.words("guides").into_iter().map(|word| word.text).collect(),
            // An entry without a kind is not used.
            kind: kind.unwrap_or(MetricKind::Simple(super::Simple::default())),
        };
        fields.finish(diagnostics).then_some(metric)
    }
}

/// Small letters, digits and underscores, from a letter on: the same in every SQL dialect, without quotes.
pub(super) fn is_identifier(id: &str) -> bool {
    id.len() <= 63
        && id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

fn grains(fields: &mut Fields<'_>, kind: Option<&MetricKind>) -> Vec<Grain> {
    let words = fields.words("grains");
    let mut grains = Vec::new();
    for word in words {
        match Grain::parse(&word.text) {
            Some(grain) => grains.push(grain),
            None => fields.problems.push(
                Diagnostic::error(CODE, word.span, format!("there is no grain `{}`", word.text))
                    .did_you_mean(&word.text, Grain::ALL.map(Grain::name)),
            ),
        }
    }
    let now = kind.and_then(MetricKind::source).is_some_and(|Source { time, .. }| time_of(time).now);
    if now && let Some(node) = fields.node("grains") {
        fields.wrong(node, "a state of today (`time: now`) has no history and so no grains");
    }
    grains.sort_unstable();
    grains.dedup();
    grains
}

fn format(fields: &mut Fields<'_>) -> Option<String> {
    let written = fields.written("format")?;
    if Format::parse(&written.text).is_none() {
        fields.problems.push(Format::unknown(&written.text, written.span));
    }
    Some(written.text)
}

fn tier(fields: &mut Fields<'_>) -> u8 {
    fields.one_of("tier", &[("1", 1), ("2", 2), ("3", 3)]).unwrap_or(2)
}
