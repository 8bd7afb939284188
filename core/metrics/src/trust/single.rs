//! The tests that a metric's definition names, one by one.

use super::answers::{Answers, Months};
use super::arithmetic::{same, value};
use super::judge::{Verdicts, at, month_name, number};
use crate::catalogue::Catalogue;
use crate::language::parse_expression;
use almanac_model::metric::{Additivity, Grain, Metric, MetricKind, MetricTest, Simple, Written};
use almanac_sql::tables_of;
use std::collections::BTreeMap;

/// A metric's values.
pub(super) enum Values {
    /// Of the months that are final.
    Months(Months),
    /// The state of today.
    Today(Option<f64>),
}

impl Values {
    /// Each that is known, with its month.
    fn known(&self) -> Vec<(i32, f64)> {
        match self {
            Self::Months(months) => months.iter().filter_map(|(month, value)| Some((*month, (*value)?))).collect(),
            Self::Today(value) => value.iter().map(|value| (0, *value)).collect(),
        }
    }
}

/// The tests of the definition.
pub(super) fn judge(
    catalogue: &Catalogue,
    metric: &Metric,
    answers: &Answers,
    values: &Values,
    verdicts: &mut Verdicts,
) {
    let single = Single { catalogue, metric, answers, values: values.known() };
    for test in &metric.tests {
        match test {
            MetricTest::Range { low, high } => single.range(*low, *high, verdicts),
            MetricTest::AtMost(other) => single.at_most(other, verdicts),
            MetricTest::Equals { expression, tolerance, relative, total } => {
                single.equals(expression, (*tolerance, *relative), *total, verdicts);
            }
            MetricTest::Reconciles(query) => single.reconciles(query, verdicts),
            MetricTest::RisesWithinYear => single.rises(verdicts),
            // It says which periods are shown; no value can break it.
            MetricTest::LeastDenominator(_) => {}
        }
    }
}

struct Single<'a> {
    catalogue: &'a Catalogue,
    metric: &'a Metric,
    answers: &'a Answers,
    values: Vec<(i32, f64)>,
}

impl Single<'_> {
    fn look(&self) -> String {
        let grain = if self.metric.grains.is_empty() { "" } else { " --grain month" };
        format!("run `almanac metric {}{grain}` and look at the rows behind it", self.metric.id)
    }

    fn range(&self, low: Option<f64>, high: Option<f64>, verdicts: &mut Verdicts) {
        let inside = |value: f64| low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high);
        let bad = self.values.iter().find(|(_, value)| !inside(*value));
        let expected = match (low, high) {
            (Some(low), Some(high)) => format!("from {} to {}", number(low), number(high)),
            (Some(low), None) => format!("at least {}", number(low)),
            (None, Some(high)) => format!("at most {}", number(high)),
            (None, None) => "a number".to_owned(),
        };
        verdicts.put("range", &expected, bad.is_none(), || told(bad), &self.look());
    }

    fn at_most(&self, other: &Written, verdicts: &mut Verdicts) {
        let bad = self.values.iter().find_map(|(month, value)| {
            let most = self.other(&other.text, *month)?;
            (*value > most && !same(*value, most, 1e-6, 1e-9)).then_some((*month, *value, most))
        });
        let found = || {
            let (month, value, most) = bad.unwrap_or_default();
            format!("{} against {}", at(month, value), number(most))
        };
        let expected = format!("at most `{}`", other.text);
        verdicts.reading(self.tables([&other.text]));
        verdicts.put("at_most", &expected, bad.is_none(), found, &self.look());
    }

    fn equals(&self, expression: &Written, (absolute, relative): (f64, f64), total: bool, verdicts: &mut Verdicts) {
        let expected = format!("equal to `{}`", expression.text);
        let tree = match parse_expression(expression) {
            Ok(tree) => tree,
            Err(problem) => {
                verdicts.broken("equals", &expected, &problem.message, "repair the expression");
                return;
            }
        };
        if let Some(id) = tree.columns().iter().find(|id| !self.is_answered(id)) {
            verdicts.broken("equals", &expected, &format!("`{id}` has no values"), "name a metric of the catalogue");
            return;
        }
        let bad = if total {
            let own: f64 = self.values.iter().map(|(_, value)| value).sum();
            let months: Vec<i32> = self.values.iter().map(|(month, _)| *month).collect();
            let sum = |id: &str| Some(months.iter().filter_map(|month| self.other(id, *month)).sum());
            value(&tree, &sum).filter(|other| !same(own, *other, absolute, relative)).map(|other| (0, own, other))
        } else {
            self.values.iter().find_map(|(month, own)| {
                let other = value(&tree, &|id| self.other(id, *month))?;
                (!same(*own, other, absolute, relative)).then_some((*month, *own, other))
            })
        };
        let found = || {
            let (month, own, other) = bad.unwrap_or_default();
            format!("{} against {}", at(month, own), number(other))
        };
        verdicts.reading(self.tables(&tree.columns()));
        verdicts.put("equals", &expected, bad.is_none(), found, &self.look());
    }

    /// Its whole history, or the last value of a balance, against one query.
    fn reconciles(&self, query: &Written, verdicts: &mut Verdicts) {
        let expected = format!("equal to {}", query.text);
        let key = (self.metric.id.clone(), Some("reconciles".to_owned()));
        if let Some(why) = self.answers.broken.get(&key) {
            verdicts.broken("reconciles", &expected, why, "repair the query");
            return;
        }
        let Some(Some(other)) = self.answers.reconciliations.get(&self.metric.id).copied() else {
            verdicts.broken("reconciles", &expected, "the query has no value", "repair the query");
            return;
        };
        let own = match &self.metric.kind {
            MetricKind::Simple(Simple { additivity: Additivity::Last, .. }) => self.values.last().map(|(_, own)| *own),
            MetricKind::Simple(Simple { additivity: Additivity::First, .. }) => {
                self.values.first().map(|(_, own)| *own)
            }
            _ => Some(self.values.iter().map(|(_, own)| own).sum()),
        };
        let passed = own.is_some_and(|own| same(own, other, 1e-6, 1e-6));
        let found = || format!("{} against {}", number(own.unwrap_or_default()), number(other));
        verdicts.reading(tables_of(&query.text));
        verdicts.put("reconciles", &expected, passed, found, &self.look());
    }

    fn rises(&self, verdicts: &mut Verdicts) {
        let year = |month: i32| Grain::Year.start(month);
        let falls = self.values.windows(2).find(|pair| year(pair[0].0) == year(pair[1].0) && pair[1].1 < pair[0].1);
        let found = || {
            let (month, value) = falls.map_or((0, 0.0), |pair| pair[1]);
            format!("it falls to {} in {}", number(value), month_name(month))
        };
        verdicts.put("rises_within_year", "no fall within a year", falls.is_none(), found, &self.look());
    }

    /// The tables that other metrics read.
    fn tables<'b>(&self, metrics: impl IntoIterator<Item = &'b String>) -> Vec<String> {
        metrics.into_iter().flat_map(|id| self.catalogue.reads(id).into_keys()).collect()
    }

    fn is_answered(&self, id: &str) -> bool {
        self.answers.months.contains_key(id) || self.answers.whole.contains_key(id)
    }

    /// The value of another metric in a month; a state of today is the same in all.
    fn other(&self, id: &str, month: i32) -> Option<f64> {
        let of_month = |months: &BTreeMap<i32, Option<f64>>| months.get(&month).copied().flatten();
        match self.answers.months.get(id) {
            Some(months) => of_month(months),
            None => self.answers.whole.get(id).copied().flatten(),
        }
    }
}

fn told(bad: Option<&(i32, f64)>) -> String {
    bad.map_or_else(String::new, |(month, value)| at(*month, *value))
}
