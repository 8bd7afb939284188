//! Sites, devices and their incidents. Counts and minutes are those of the months of the accounts.

use crate::demo::random::{Random, Seed, whole};
use crate::demo::time::{MONTHS, WINDOW, as_of, days_in, first_day, last_day, month_index};
use crate::demo::words;
use crate::demo::world::usage::{BAD_FACTOR, BAD_MODEL, BAD_MONTH, devices, month_of_devices};
use crate::demo::world::{Account, Life, World};
use rayon::prelude::*;

/// A site of an account.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    /// Index of the account.
    pub(crate) account: usize,
    /// Number within the account; the first is its seat.
    pub(crate) number: u32,
    /// Made up.
    pub(crate) city: String,
    /// First day.
    pub(crate) opened: i32,
    /// Last day, after the account left.
    pub(crate) closed: Option<i32>,
    /// Devices there.
    pub(crate) devices: u32,
    /// Degrees north and east, one decimal.
    pub(crate) place: (f64, f64),
}

/// A device.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Device {
    /// Index of the account.
    pub(crate) account: usize,
    /// Index of the location.
    pub(crate) location: usize,
    /// Index into [`words::MODELS`].
    pub(crate) model: usize,
    /// Index into [`words::FIRMWARE`].
    pub(crate) firmware: usize,
    /// First day.
    pub(crate) installed: i32,
    /// Last day, if it was sent back.
    pub(crate) retired: Option<i32>,
    /// Whether it reports.
    pub(crate) online: bool,
    /// Last day it reported.
    pub(crate) seen: i32,
}

/// A month of a device.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeviceMonth {
    /// Index of the device.
    pub(crate) device: usize,
    /// Minutes without service.
    pub(crate) offline: u32,
    /// Those of them that are no incident.
    pub(crate) short: u32,
    /// Incidents.
    pub(crate) incidents: u32,
}

/// A failure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incident {
    /// Index of the device.
    pub(crate) device: usize,
    /// Day it began.
    pub(crate) day: i32,
    /// Length.
    pub(crate) minutes: u32,
    /// What it was.
    pub(crate) cause: &'static str,
}

/// Everything on sites.
pub(crate) struct Fleet {
    /// By id from 1.
    pub(crate) locations: Vec<Location>,
    /// By id from 1.
    pub(crate) devices: Vec<Device>,
    /// By month from 2023-12, and device.
    pub(crate) months: Vec<Vec<DeviceMonth>>,
    /// By month from 2023-12, day and device.
    pub(crate) incidents: Vec<Vec<Incident>>,
}

/// A month of an account's fleet, devices by number within the account.
type AccountMonth = (i32, Vec<DeviceMonth>, Vec<Incident>);

impl Fleet {
    /// The fleet of a world.
    pub(crate) fn new(world: &World) -> Self {
        let per_account: Vec<(Vec<Location>, Vec<Device>, Vec<AccountMonth>)> = (0..world.accounts.len())
            .into_par_iter()
            .map(|at| {
                let (account, life) = (&world.accounts[at], &world.lives[at]);
                let locations = locations(world.seed, at, account, life);
                let devices = installed(world.seed, at, account, life, &locations);
                let months = months(world.seed, account, life, &devices);
                (locations, devices, months)
            })
            .collect();
        let mut fleet = Self {
            locations: Vec::new(),
            devices: Vec::new(),
            months: (WINDOW..MONTHS).map(|_| Vec::new()).collect(),
            incidents: (WINDOW..MONTHS).map(|_| Vec::new()).collect(),
        };
        for (locations, devices, months) in per_account {
            let (first_location, first_device) = (fleet.locations.len(), fleet.devices.len());
            fleet.locations.extend(locations);
            fleet
                .devices
                .extend(devices.into_iter().map(|row| Device { location: first_location + row.location, ..row }));
            for (month, rows, incidents) in months {
                let at = month_index(month);
                let row = |row: DeviceMonth| DeviceMonth { device: first_device + row.device, ..row };
                fleet.months[at].extend(rows.into_iter().map(row));
                let incident = |row: Incident| Incident { device: first_device + row.device, ..row };
                fleet.incidents[at].extend(incidents.into_iter().map(incident));
            }
        }
        for incidents in &mut fleet.incidents {
            incidents.sort_by_key(|row| (row.day, row.device, row.minutes));
        }
        fleet
    }
}

fn locations(seed: Seed, at: usize, account: &Account, life: &Life) -> Vec<Location> {
    let span = u32::try_from(last_day(account.signup_month) - account.signup_day).unwrap_or_default();
    let home = words::PLACES.iter().find(|(country, _, _)| *country == account.country);
    let (north, east) = home.map_or((0.0, 0.0), |(_, north, east)| (*north, *east));
    (0..)
        .zip(&account.devices_at)
        .map(|(number, devices)| {
            let mut random = seed.stream("location", u64::from(account.id), u64::from(number));
            let wait = if number == 0 { 0 } else { random.below(21.min(span + 1)).cast_signed() };
            let closing = random.below(30).cast_signed();
            let tenth = |x: f64| (x * 10.0).round() / 10.0;
            Location {
                account: at,
                number,
                city: format!("{} {}", random.one_of(&words::NAME_FIRST), random.one_of(&words::CITY_LAST)),
                opened: account.signup_day + wait,
                closed: life.churn.map(|(day, _)| if day + closing > as_of() { day } else { day + closing }),
                devices: *devices,
                place: (tenth(north + 2.5 * random.normal()), tenth(east + 3.5 * random.normal())),
            }
        })
        .collect()
}

fn installed(seed: Seed, at: usize, account: &Account, life: &Life, locations: &[Location]) -> Vec<Device> {
    let known = devices(seed, account);
    let mut places = locations.iter().enumerate().flat_map(|(at, place)| (0..place.devices).map(move |_| at));
    (0..)
        .zip(known)
        .map(|(number, (kind, _))| {
            let mut random = seed.stream("installed", u64::from(account.id), number);
            let location = places.next().unwrap_or_default();
            let opened = locations[location].opened;
            let span = u32::try_from(last_day(account.signup_month) - opened).unwrap_or_default();
            let installed = opened + random.below(5.min(span + 1)).cast_signed();
            let model = model(&mut random, kind, account.signup_month);
            let firmware = random.pick(&words::FIRMWARE_WEIGHTS[usize::from(kind == BAD_MODEL)]);
            let silent = random.chance(0.011);
            let back = random.chance(0.115);
            let days = 5 + random.below(35).cast_signed();
            let quiet = if silent { 3 + random.below(40).cast_signed() } else { i32::from(random.chance(0.1)) };
            let left = life.churn.map(|(day, _)| day);
            Device {
                account: at,
                location,
                model,
                firmware,
                installed,
                retired: left.map(|day| day + days).filter(|day| back && *day <= as_of()),
                online: left.is_none() && !silent,
                seen: left.unwrap_or((as_of() - quiet).max(installed)).max(installed),
            }
        })
        .collect()
}

/// The most reliable devices are of two models; since September 2025 one in eight of all new ones is of another, new model.
fn model(random: &mut Random, kind: usize, month: i32) -> usize {
    let display = random.chance(0.4);
    let new = random.chance(0.12) && month >= words::NEW_MODEL_MONTH;
    match kind {
        _ if new => words::NEW_MODEL,
        0 if display => words::DISPLAY,
        other => other,
    }
}

fn months(seed: Seed, account: &Account, life: &Life, fleet: &[Device]) -> Vec<AccountMonth> {
    let known = devices(seed, account);
    life.worked
        .iter()
        .filter(|worked| worked.month >= WINDOW)
        .map(|worked| {
            let month = worked.month;
            let mut random =
                seed.stream("incident day", u64::from(account.id), u64::try_from(month).unwrap_or_default());
            let mut rows: Vec<DeviceMonth> =
                (0..known.len()).map(|device| DeviceMonth { device, offline: 0, short: 0, incidents: 0 }).collect();
            let mut incidents = Vec::new();
            let trouble = month_of_devices(seed, account, &known, month, |device, minutes| {
                let minutes = whole(minutes + 0.5).max(1);
                let bad = known[device].0 == BAD_MODEL && month == BAD_MONTH;
                let first = first_day(month).max(fleet[device].installed);
                let by_firmware = bad && random.chance((BAD_FACTOR - 1.0) / BAD_FACTOR);
                let (from, days) = if by_firmware {
                    (first_day(month) + 3, 16)
                } else {
                    (first, u32::try_from(last_day(month) + 1 - first).unwrap_or(1))
                };
                let cause = words::CAUSES[random.pick(&words::weights(&words::CAUSES))].0;
                let cause = if by_firmware { "firmware" } else { cause };
                let day = (from + random.below(days).cast_signed()).max(first);
                rows[device].incidents += 1;
                rows[device].offline += minutes;
                incidents.push(Incident { device, day, minutes, cause });
            });
            let most = days_in(month) * 1440;
            let each = trouble.short / f64::from(account.devices.max(1));
            for row in &mut rows {
                row.short = random.round(each).min(most);
                row.offline = (row.offline + row.short).min(most);
            }
            (month, rows, incidents)
        })
        .collect()
}
