//! `load_log`: what the loader brought each day from each table of the source systems, when, and how the tests of it went.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::random::whole;
use crate::demo::time::{as_of, first_day, month_of, weekday, window_start};
use almanac_model::manifest::Resource;

/// Source, table, rows a day at the end, minutes of lag on a usual day, minutes that are allowed, tests.
type Source = (&'static str, &'static str, f64, f64, i32, f64);

const SOURCES: [Source; 16] = [
    ("app_db", "accounts", 20_400.0, 24.0, 120, 24.0),
    ("app_db", "locations", 30_600.0, 25.0, 120, 18.0),
    ("app_db", "devices", 60_500.0, 27.0, 120, 22.0),
    ("app_db", "users", 80_600.0, 26.0, 120, 20.0),
    ("app_db", "product_events", 302_000.0, 38.0, 180, 26.0),
    ("app_db", "device_health", 44_300.0, 41.0, 180, 22.0),
    ("hubspot", "contacts", 460.0, 33.0, 180, 28.0),
    ("hubspot", "deals", 170.0, 34.0, 180, 26.0),
    ("hubspot", "engagements", 1_300.0, 36.0, 180, 14.0),
    ("stripe", "subscriptions", 25_600.0, 30.0, 120, 24.0),
    ("stripe", "invoices", 320.0, 31.0, 120, 24.0),
    ("stripe", "charges", 340.0, 31.0, 120, 20.0),
    ("zendesk", "tickets", 160.0, 22.0, 120, 26.0),
    ("ads", "ad_spend", 30.0, 52.0, 240, 14.0),
    ("web", "sessions", 8_400.0, 45.0, 240, 12.0),
    ("survey", "responses", 28.0, 20.0, 240, 10.0),
];
/// Chance that a load fails, and that it comes far too late.
const FAILS: f64 = 0.004;
const LATE: f64 = 0.002;
/// Share of the tests that fail.
const BAD: f64 = 0.0028;

struct Row {
    source: &'static Source,
    day: i32,
    rows: u32,
    lag: u32,
    failed: bool,
    tests: u32,
    bad: u32,
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let mut rows = Vec::new();
    for day in window_start()..=as_of() {
        for (at, source) in SOURCES.iter().enumerate() {
            let mut random = company.world.seed.stream("load", u64::from(day.unsigned_abs()), at as u64);
            let growth = 1.0 - 0.38 * f64::from(as_of() - day) / 731.0;
            let week = if weekday(day) > 5 && source.0 != "app_db" { 0.6 } else { 1.0 };
            let failed = random.chance(FAILS);
            let late = random.chance(LATE);
            let usual = random.lognormal(source.3, 0.5);
            let lag = if late { f64::from(source.4) * (1.3 + 2.0 * random.unit()) } else { usual };
            let loaded = random.poisson(source.2 * company.scale * growth * week);
            let tests = random.poisson(source.5);
            let bad = random.binomial(tests, BAD);
            let rows_loaded = if failed { 0 } else { loaded };
            rows.push(Row { source, day, rows: rows_loaded, lag: whole(lag), failed, tests, bad });
        }
    }
    out.one("load_log", |extract| {
        extract
            .text("source", rows.iter().map(|row| row.source.0))
            .text("table_name", rows.iter().map(|row| row.source.1))
            .date("load_date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|row| first_day(month_of(row.day))))
            .bigint("rows_loaded", rows.iter().map(|row| row.rows))
            .number("lag_minutes", rows.iter().map(|row| row.lag))
            .int("sla_minutes", rows.iter().map(|row| row.source.4))
            .text("status", rows.iter().map(|row| if row.failed { "failed" } else { "ok" }))
            .bigint("dq_tests_run", rows.iter().map(|row| row.tests))
            .bigint("dq_tests_failed", rows.iter().map(|row| row.bad))
    })
}
