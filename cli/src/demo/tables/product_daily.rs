//! `product_daily`: use of the product by day, plan, region and platform.

use crate::demo::Company;
use crate::demo::books::people::{CELLS, Cell};
use crate::demo::out::Out;
use crate::demo::random::whole;
use crate::demo::time::{day, first_day, month_of, window_start};
use crate::demo::words::{PLANS, PLATFORMS, REGIONS};
use almanac_model::manifest::Resource;

struct Row {
    day: i32,
    cell: usize,
    use_of: Cell,
    errors: u32,
    latency: u32,
}

impl Row {
    fn platform(&self) -> usize {
        self.cell % PLATFORMS.len()
    }
}

/// Events that end in an error, usually and on the three days of a bad release for Android.
const ERRORS: f64 = 0.0040;
const BAD_RELEASE: f64 = 6.0;
/// Milliseconds within which 95 of 100 answers come, by platform.
const LATENCY: [f64; 3] = [395.0, 440.0, 470.0];

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows: Vec<Row> = (0..).zip(&company.books.people.days).map(|(at, cell)| row(company, at, *cell)).collect();
    out.one("product_daily", |extract| {
        extract
            .date("date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|row| first_day(month_of(row.day))))
            .text("plan", rows.iter().map(|row| PLANS[row.cell / PLATFORMS.len() / REGIONS.len()]))
            .text("region", rows.iter().map(|row| REGIONS[row.cell / PLATFORMS.len() % REGIONS.len()].0))
            .text("platform", rows.iter().map(|row| PLATFORMS[row.platform()].0))
            .bigint("dau", rows.iter().map(|row| row.use_of.users))
            .bigint("sessions", rows.iter().map(|row| row.use_of.sessions))
            .bigint("events", rows.iter().map(|row| row.use_of.events))
            .bigint("error_events", rows.iter().map(|row| row.errors))
            .bigint("p95_latency_ms", rows.iter().map(|row| row.latency))
    })
}

#[expect(clippy::cast_precision_loss, reason = "events of a day")]
fn row(company: &Company, at: usize, use_of: Cell) -> Row {
    let today = window_start() + i32::try_from(at / CELLS).unwrap_or_default();
    let cell = at % CELLS;
    let mut random = company.world.seed.stream("product day", at as u64, 0);
    let bad = PLATFORMS[cell % PLATFORMS.len()].0 == "android" && (day(2025, 7, 8)..=day(2025, 7, 10)).contains(&today);
    let rate = ERRORS * random.lognormal(1.0, 0.06) * if bad { BAD_RELEASE } else { 1.0 };
    let errors = random.poisson(use_of.events as f64 * rate).min(u32::try_from(use_of.events).unwrap_or(u32::MAX));
    let latency = whole(LATENCY[cell % PLATFORMS.len()] * random.lognormal(1.0, 0.05));
    Row { day: today, cell, use_of, errors, latency }
}
