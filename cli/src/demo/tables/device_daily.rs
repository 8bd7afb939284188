//! `device_daily`: the fleet by day, model and region. Incidents count on the day they began.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{MONTHS, WINDOW, days_in, first_day, month_index};
use crate::demo::words::{MODELS, REGIONS};
use almanac_model::manifest::Resource;

#[derive(Clone, Copy, Default)]
struct Row {
    month: i32,
    day: i32,
    model: usize,
    region: usize,
    devices: i64,
    offline: i64,
    incidents: i64,
}

const CELLS: usize = MODELS.len() * REGIONS.len();

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = rows(company);
    out.one("device_daily", |extract| {
        extract
            .date("date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|row| first_day(row.month)))
            .text("device_model", rows.iter().map(|row| MODELS[row.model]))
            .text("region", rows.iter().map(|row| REGIONS[row.region].0))
            .bigint("devices", rows.iter().map(|row| row.devices))
            .bigint("offline_minutes", rows.iter().map(|row| row.offline))
            .bigint("incidents", rows.iter().map(|row| row.incidents))
            .bigint("expected_minutes", rows.iter().map(|row| row.devices * 1440))
            .bigint("devices_online", rows.iter().map(|row| row.devices - row.incidents.min(row.devices)))
    })
}

fn rows(company: &Company) -> Vec<Row> {
    let fleet = &company.books.fleet;
    let cell = |device: usize| {
        let device = &fleet.devices[device];
        device.model * REGIONS.len() + company.world.accounts[device.account].region
    };
    let mut rows = Vec::new();
    for month in WINDOW..MONTHS {
        let mut devices = [0_i64; CELLS];
        let mut short = [0_i64; CELLS];
        for row in &fleet.months[month_index(month)] {
            devices[cell(row.device)] += 1;
            short[cell(row.device)] += i64::from(row.short);
        }
        let days = i64::from(days_in(month));
        let start = rows.len();
        for (nth, day) in (0..days).zip(first_day(month)..) {
            for at in 0..CELLS {
                // Short losses in equal parts, what is over on the first days.
                let offline = short[at] / days + i64::from(nth < short[at] % days);
                let (model, region) = (at / REGIONS.len(), at % REGIONS.len());
                rows.push(Row { month, day, model, region, devices: devices[at], offline, incidents: 0 });
            }
        }
        for row in &fleet.incidents[month_index(month)] {
            let nth = usize::try_from(row.day - first_day(month)).unwrap_or_default();
            let of_day = &mut rows[start + nth * CELLS + cell(row.device)];
            of_day.incidents += 1;
            of_day.offline += i64::from(row.minutes);
        }
    }
    rows.retain(|row| row.devices > 0);
    rows
}
