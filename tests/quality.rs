//! The tests of metrics and the monitors of extracts find what was planted and nothing else: on the clean company all pass; of the
//! defects that `company/defects.sql` lists, at least 95 in 100 are found by name on the dirty one.
//!
//! The extracts are those of `facts.rs`. Which test has to find which defect is said here, by what the defect is.

use almanac_metrics::{Catalogue, Extracts, SourceText};
use almanac_model::manifest::FILE_NAME;
use almanac_model::quality::{Outcome, Quality, Subject};
use almanac_native::{manifest_of, run_quality};
use almanac_tests::project::project;
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};

/// Of a hundred planted defects so many are to be found.
const FOUND: usize = 95;

/// The test that finds a defect of a kind, and the column it names; none where it judges the table.
const FINDS: [(&str, &str, &str); 26] = [
    ("invoices duplicate_key", "unique_key", ""),
    ("locations orphan_key", "relationship", "account_id"),
    ("users null_key", "not_null", "account_id"),
    ("mrr_movements sign_error", "sign_of_movement", ""),
    ("mrr_movements missing_rows", "reconciles", "mrr"),
    ("accounts bad_enum", "accepted_values", "segment"),
    ("deals date_order", "closed_after_created", ""),
    ("deals outlier_unit", "bounds", "amount_usd"),
    ("leads future_date", "not_in_future", "created_date"),
    ("leads duplicate_entity", "unique", "deal_id"),
    ("tickets stale_table", "freshness", ""),
    ("tickets time_zone_shift", "bounds", "first_response_minutes"),
    ("tickets score_scale", "bounds", "csat_score"),
    ("campaign_daily gap", "no_gap", "date"),
    ("campaign_daily currency_mix", "cost_of_a_click", ""),
    ("campaign_daily impossible_ratio", "clicks_within_impressions", ""),
    ("attribution weights_not_one", "adds_up", "w_linear"),
    ("user_monthly double_count", "unique_key", ""),
    ("user_monthly out_of_range", "days_of_the_month", ""),
    ("product_daily frozen_values", "not_frozen", "dau"),
    ("device_monthly impossible_value", "offline_within_expected", ""),
    ("devices duplicate_natural_key", "unique", "serial"),
    ("account_monthly snapshot_gap", "no_gap", "region"),
    ("account_monthly score_drift", "no_drift", "health_score"),
    ("subscriptions stale_status", "active_is_not_canceled", ""),
    ("load_log late_load", "bounds", "lag_minutes"),
];

fn main() {
    let (clean, dirty) = (project("public/data"), dirty());
    let missing = |data: &Path| !data.join(FILE_NAME).is_file();
    let (no_clean, no_dirty) = (missing(&clean), missing(&dirty));
    // Without the extracts there is nothing to judge; `cargo xtask test` makes them.
    let trials = vec![
        Trial::test("all_pass_on_clean_data", move || nothing_fails(&clean)).with_ignored_flag(no_clean),
        Trial::test("planted_defects_are_found", move || defects_are_found(&dirty)).with_ignored_flag(no_dirty),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Where `cargo xtask test` puts the dirty variant.
fn dirty() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project("target"), PathBuf::from);
    target.join("dirty")
}

fn judged(data: &Path) -> Result<Quality, Failed> {
    let read = |path: PathBuf| std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
    let text = |name: &str| SourceText { path: name.to_owned(), text: read(project("public/metrics").join(name)) };
    let teams = ["exec", "sales", "marketing", "cx", "product", "platform"].map(|team| text(&format!("{team}.yml")));
    let manifest = manifest_of(data)?;
    let catalogue = Catalogue::read(&text("tables.yml"), &teams, Some(&Extracts(&manifest)));
    let schema = almanac_model::schema::parse(&read(project("public/schema.yml"))).value;
    Ok(run_quality(data, manifest, &catalogue, &schema)?)
}

fn nothing_fails(data: &Path) -> Result<(), Failed> {
    let quality = judged(data)?;
    let told: Vec<String> = quality
        .failures()
        .map(|result| format!("{} {}: {}, expected {}", result.subject, result.test, result.found, result.expected))
        .collect();
    // Few tests would be no proof.
    if quality.results.len() < 1_500 {
        return Err(format!("only {} tests were run", quality.results.len()).into());
    }
    if told.is_empty() { Ok(()) } else { Err(told.join("\n").into()) }
}

fn defects_are_found(data: &Path) -> Result<(), Failed> {
    let list = std::fs::read_to_string(project("tests/company/defects.sql")).expect("a file of the project");
    let heads = list.lines().filter_map(|line| line.strip_prefix("-- D"));
    let planted: Vec<(&str, &str)> = heads.filter_map(|head| head.split(':').next()?.split_once(' ')).collect();
    let quality = judged(data)?;
    let missed: Vec<String> = planted
        .iter()
        .filter(|(_, kind)| !is_found(&quality, kind))
        .map(|(id, kind)| format!("D{id} {kind}"))
        .collect();
    assert_eq!(planted.len(), FINDS.len(), "a planted defect that no test is named for");
    let found = planted.len() - missed.len();
    if found * 100 >= planted.len() * FOUND { Ok(()) } else { Err(format!("missed: {}", missed.join(", ")).into()) }
}

/// Whether a test failed that names the defect's table and is of its kind.
fn is_found(quality: &Quality, kind: &str) -> bool {
    let Some((_, test, name)) = FINDS.iter().find(|(known, ..)| *known == kind) else { return false };
    let table = kind.split(' ').next().unwrap_or_default();
    quality.results.iter().filter(|result| result.outcome == Outcome::Failed && result.test == *test).any(|result| {
        match &result.subject {
            Subject::Table(of) => of == table && name.is_empty(),
            Subject::Column { table: of, column } => of == table && column == name,
            Subject::Metric(id) => id == name && result.reads.iter().any(|read| read == table),
        }
    })
}
