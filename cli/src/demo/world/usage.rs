//! What users do and devices suffer in a month. User by user and device by device, so that tables of users and devices
//! can draw the same numbers again.

use super::Account;
use crate::demo::random::{Seed, logistic, whole};
use crate::demo::time::{civil, days_in};
use crate::demo::words;

/// What all users of an account did in a month.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Users with a session.
    pub(crate) active_users: u32,
    /// Sessions.
    pub(crate) sessions: u32,
    /// Product events.
    pub(crate) events: u32,
}

/// What happened on all devices of an account in a month.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Trouble {
    /// Incidents.
    pub(crate) incidents: u32,
    /// Minutes without service.
    pub(crate) minutes: f64,
    /// Those of them that are no incident.
    pub(crate) short: f64,
}

/// A user's two lasting traits: how likely they come at all, and on how many days.
pub(crate) type User = (f64, f64);
/// A device: its model, and the incidents a month that it is prone to.
pub(crate) type Device = (usize, f64);

/// The traits of a user, by number within the account.
pub(crate) fn user(seed: Seed, account: &Account, number: u32) -> User {
    let mut random = seed.stream("user", u64::from(account.id), u64::from(number));
    (0.8 * random.normal(), 0.38 * random.normal())
}

/// What a user did in a month.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visits {
    /// Number of the user within the account.
    pub(crate) user: u32,
    /// Days with a session.
    pub(crate) days: u32,
    /// Sessions.
    pub(crate) sessions: u32,
    /// Product events.
    pub(crate) events: u32,
}

/// One month of the users of an account with that latent health; `each` is told of every user who came.
pub(crate) fn month_of_users(
    seed: Seed,
    account: &Account,
    users: &[User],
    month: i32,
    health: f64,
    mut each: impl FnMut(Visits),
) -> Usage {
    let tenure = month - account.signup_month;
    let ramp = if tenure < 3 { -0.3 * f64::from(3 - tenure) } else { 0.0 };
    let level = 1.15 + health + ramp + season(account.industry, month);
    let at = u64::try_from(month).unwrap_or_default();
    let mut random = seed.stream("usage", u64::from(account.id), at);
    let mut usage = Usage::default();
    for (user, (presence, diligence)) in (0..).zip(users) {
        if !random.chance(logistic(level + presence)) {
            continue;
        }
        let days = random.binomial(days_in(month), logistic(-0.83 + diligence)).max(1);
        let sessions = days + random.poisson(1.37 * f64::from(days));
        let events =
            f64::from(sessions) * 8.0 * libm::exp(0.08 + 0.4 * random.normal() / libm::sqrt(f64::from(sessions)));
        usage.active_users += 1;
        usage.sessions += sessions;
        let events = whole(events.max(1.0));
        usage.events += events;
        each(Visits { user, days, sessions, events });
    }
    usage
}

/// Schools rest in summer, restaurants work in December, hotels in summer, gyms fill in January.
fn season(industry: usize, month: i32) -> f64 {
    match (words::INDUSTRIES[industry].0, civil(month).1) {
        ("education", 6..=8) => -1.1,
        ("restaurant", 12) | ("hospitality", 6..=8) => 0.25,
        ("fitness", 1) => 0.3,
        _ => 0.0,
    }
}

/// Models with their incidents a month and their share among devices; the third had a bad firmware in March 2025.
const MODELS: [(f64, f64); 5] = [(0.032, 0.28), (0.046, 0.22), (0.050, 0.20), (0.066, 0.18), (0.099, 0.12)];
/// The model with the bad firmware.
pub(crate) const BAD_MODEL: usize = 2;
/// The month in which that firmware went out.
pub(crate) const BAD_MONTH: i32 = 62;
/// How many times as often its devices failed in that month.
pub(crate) const BAD_FACTOR: f64 = 4.2;

/// How prone the devices of an account are.
pub(crate) fn devices(seed: Seed, account: &Account) -> Vec<Device> {
    let site = seed.stream("site", u64::from(account.id), 0).gamma(0.8) / 0.8;
    (0..account.devices)
        .map(|number| {
            let mut random = seed.stream("device", u64::from(account.id), u64::from(number));
            let model = random.pick(&MODELS.map(|(_, share)| share));
            (model, MODELS[model].0 * site * random.gamma(2.0) / 2.0)
        })
        .collect()
}

/// One month of the devices of an account; `each` is told of every incident: the device's number and the minutes.
pub(crate) fn month_of_devices(
    seed: Seed,
    account: &Account,
    devices: &[Device],
    month: i32,
    mut each: impl FnMut(usize, f64),
) -> Trouble {
    let mut random = seed.stream("incidents", u64::from(account.id), u64::try_from(month).unwrap_or_default());
    // Restarts and short losses of power, a quarter of an hour a month and device, are nobody's incident.
    let short = f64::from(account.devices) * random.lognormal(14.0, 0.6);
    let mut trouble = Trouble { minutes: short, short, ..Trouble::default() };
    for (number, (model, rate)) in devices.iter().enumerate() {
        let rate = if *model == BAD_MODEL && month == BAD_MONTH { rate * BAD_FACTOR } else { *rate };
        let incidents = random.poisson(rate);
        trouble.incidents += incidents;
        for _ in 0..incidents {
            let minutes = random.lognormal(148.0, 0.8);
            trouble.minutes += minutes;
            each(number, minutes);
        }
    }
    trouble
}
