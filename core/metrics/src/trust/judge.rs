//! What the answers say about each metric.

use super::answers::{Answers, Months};
use super::arithmetic::same;
use super::questions::{adds_up, asked};
use super::single::{self, Values};
use crate::catalogue::{Catalogue, Shape};
use almanac_model::format;
use almanac_model::metric::{Grain, Metric, month_after};
use almanac_model::quality::{Outcome, Subject, TestResult};
use std::collections::BTreeSet;

/// Doubles that were added in another order differ in their last digits.
const ORDER: f64 = 1e-9;

/// All tests of all metrics, by id. `stale` are the tables that are older than they may be.
#[must_use]
pub fn judge(catalogue: &Catalogue, answers: &Answers, as_of: i32, stale: &BTreeSet<String>) -> Vec<TestResult> {
    let mut results = Vec::new();
    for metric in catalogue.metrics() {
        let mut verdicts = Verdicts::new(catalogue, metric);
        if let Some(problem) = catalogue.refusal(&metric.id) {
            let next = problem.hints.first().cloned().unwrap_or_else(|| "repair its definition".to_owned());
            verdicts.broken("definition", "a definition that can be read", &problem.message, &next);
        } else if asked(catalogue).any(|other| other.id == metric.id) {
            Judge { catalogue, answers, as_of, metric }.all(&mut verdicts, stale);
        }
        results.append(&mut verdicts.results);
    }
    results
}

struct Judge<'a> {
    catalogue: &'a Catalogue,
    answers: &'a Answers,
    as_of: i32,
    metric: &'a Metric,
}

impl Judge<'_> {
    fn all(&self, verdicts: &mut Verdicts, stale: &BTreeSet<String>) {
        let id = &self.metric.id;
        let expected = format!("tables {} as fresh as their rhythm", verdicts.reads.join(", "));
        let late: Vec<String> = verdicts.reads.iter().filter(|table| stale.contains(*table)).cloned().collect();
        let next = "load them, or see why their source is late";
        verdicts.put("fresh", &expected, late.is_empty(), || format!("late: {}", late.join(", ")), next);
        if let Some(why) = self.answers.broken.get(&(id.clone(), None)) {
            verdicts.broken("answer", "an answer", why, &format!("run `almanac metric {id}`"));
            return;
        }
        match self.values() {
            Some(Values::Months(months)) => {
                self.complete(&months, verdicts);
                self.denominators(&months, verdicts);
                single::judge(self.catalogue, self.metric, self.answers, &Values::Months(months), verdicts);
            }
            Some(today) => single::judge(self.catalogue, self.metric, self.answers, &today, verdicts),
            None => verdicts.broken("answer", "an answer", "there is none", &format!("run `almanac metric {id}`")),
        }
        self.slices(verdicts);
    }

    /// The values that are final, or the one of today.
    fn values(&self) -> Option<Values> {
        let id = &self.metric.id;
        match self.answers.months.get(id) {
            Some(months) => {
                let mature = months.iter().filter(|(month, _)| self.is_mature(**month));
                Some(Values::Months(mature.map(|(month, value)| (*month, *value)).collect()))
            }
            None => self.answers.whole.get(id).map(|value| Values::Today(*value)),
        }
    }

    /// Whether a month is over for so long that its value is final.
    fn is_mature(&self, month: i32) -> bool {
        let days = i32::try_from(self.metric.mature_after_days).unwrap_or(i32::MAX);
        (month_after(month, 1) - 1).saturating_add(days) <= self.as_of
    }

    /// Once it is known it stays known.
    fn complete(&self, months: &Months, verdicts: &mut Verdicts) {
        let gap = months.iter().skip_while(|(_, value)| value.is_none()).find(|(_, value)| value.is_none());
        let none = months.values().all(Option::is_none) && !months.is_empty();
        let found = || match gap {
            Some((month, _)) => format!("no value in {}", month_name(*month)),
            None => "no value at all".to_owned(),
        };
        let next = "see which rows of that month are missing";
        verdicts.put("complete", "a value in every month", gap.is_none() && !none, found, next);
    }

    /// A ratio is over something.
    fn denominators(&self, months: &Months, verdicts: &mut Verdicts) {
        let Some(Shape::Ratio { denominator, .. }) = self.catalogue.shape(&self.metric.id) else { return };
        let Some(below) = self.answers.months.get(denominator) else { return };
        let known = months.iter().skip_while(|(_, value)| value.is_none());
        let bad = known.filter_map(|(month, _)| Some((*month, (*below.get(month)?)?))).find(|(_, value)| *value <= 0.0);
        let found = || bad.map_or_else(String::new, |(month, value)| at(month, value));
        let expected = format!("`{denominator}` above 0 in every month");
        verdicts.put("denominator", &expected, bad.is_none(), found, &format!("look at `{denominator}`"));
    }

    /// The slices of a dimension add up to the whole.
    fn slices(&self, verdicts: &mut Verdicts) {
        let id = &self.metric.id;
        if adds_up(self.catalogue, id).is_none() {
            return;
        }
        for dimension in &self.metric.dimensions {
            let dimension = &dimension.text;
            let test = format!("sum_over_{dimension}");
            let expected = format!("the values by {dimension} add up to the whole");
            let key = (id.clone(), Some(dimension.clone()));
            if let Some(why) = self.answers.broken.get(&key) {
                verdicts.broken(&test, &expected, why, &format!("run `almanac metric {id} --by {dimension}`"));
                continue;
            }
            let Some(sums) = self.answers.slices.get(&(id.clone(), dimension.clone())) else { continue };
            let whole: Months = match self.answers.months.get(id) {
                Some(months) => months.clone(),
                None => [(0, self.answers.whole.get(id).copied().flatten())].into(),
            };
            let differs = whole.iter().find_map(|(month, value)| {
                let (value, sum) = (value.unwrap_or(0.0), sums.get(month).copied().unwrap_or(0.0));
                (!same(value, sum, 1e-6, ORDER)).then_some((*month, value, sum))
            });
            let found = || {
                let (month, value, sum) = differs.unwrap_or_default();
                format!("{}, and {} as a whole", at(month, sum), number(value))
            };
            let next = format!("run `almanac metric {id} --by {dimension} --grain month`");
            verdicts.put(&test, &expected, differs.is_none(), found, &next);
        }
    }
}

/// The results of one metric.
pub(super) struct Verdicts {
    id: String,
    reads: Vec<String>,
    /// Tables that only the test at hand reads.
    beside: Vec<String>,
    results: Vec<TestResult>,
}

impl Verdicts {
    fn new(catalogue: &Catalogue, metric: &Metric) -> Self {
        let reads = catalogue.reads(&metric.id).into_keys().collect();
        Self { id: metric.id.clone(), reads, beside: Vec::new(), results: Vec::new() }
    }

    /// What is put next reads these tables, too.
    pub(super) fn reading(&mut self, tables: Vec<String>) {
        self.beside = tables;
    }

    /// A test that could be judged.
    pub(super) fn put(&mut self, test: &str, expected: &str, passed: bool, found: impl Fn() -> String, next: &str) {
        let outcome = if passed { Outcome::Passed } else { Outcome::Failed };
        let found = if passed { String::new() } else { found() };
        self.push(test, outcome, expected, found, if passed { "" } else { next });
    }

    /// A test that could not.
    pub(super) fn broken(&mut self, test: &str, expected: &str, why: &str, next: &str) {
        self.push(test, Outcome::Broken, expected, why.to_owned(), next);
    }

    fn push(&mut self, test: &str, outcome: Outcome, expected: &str, found: String, next: &str) {
        let mut reads = self.reads.clone();
        reads.append(&mut self.beside);
        reads.sort();
        reads.dedup();
        self.results.push(TestResult {
            subject: Subject::Metric(self.id.clone()),
            test: test.to_owned(),
            outcome,
            found,
            expected: expected.to_owned(),
            next: next.to_owned(),
            reads,
        });
    }
}

/// A value in the month it is of; states of today have the month 0.
pub(super) fn at(month: i32, value: f64) -> String {
    if month == 0 { number(value) } else { format!("{} in {}", number(value), month_name(month)) }
}

/// A month as `2025-07`.
pub(super) fn month_name(month: i32) -> String {
    let (year, month, _) = format::civil_from_days(i64::from(Grain::Month.start(month)));
    format!("{year}-{month:02}")
}

/// A number with the digits that tell it from its neighbours.
pub(super) fn number(value: f64) -> String {
    format!("{value}")
}
