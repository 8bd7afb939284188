//! One account from signup to the data date, month by month: usage, trouble, money, leaving and coming back.

use super::Account;
use super::features::{COUNT, Features};
use super::health::{PRICE_RISE_CHURN, Signs, churn_logit, renews, score};
use super::movement::{Movement, MovementKind};
use super::usage::{Device, User, devices, month_of_devices, month_of_users, user};
use super::worked::{Use, Worked};
use crate::demo::random::{Random, Seed, logistic};
use crate::demo::time::{LAST, MONTHS, WINDOW, as_of, days_in, first_day};
use crate::demo::words;

/// What happened to an account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Life {
    /// Month ends from 2023-12 on, while it is a customer and for a year after.
    pub(crate) snapshots: Vec<Snapshot>,
    /// Changes of MRR, in order.
    pub(crate) movements: Vec<Movement>,
    /// The last day as a customer and why it left; none while active.
    pub(crate) churn: Option<(i32, &'static str)>,
    /// Highest MRR in cents.
    pub(crate) peak: i64,
    /// Sum of MRR over all month ends, in cents.
    pub(crate) revenue: i64,
    /// Tickets since signup.
    pub(crate) tickets: u32,
    /// Users today.
    pub(crate) users: u32,
    /// Days on which users were added, with how many there were from then on.
    pub(crate) hires: Vec<(i32, u32)>,
    /// Months as a customer, from the one before 2023-12 on.
    pub(crate) worked: Vec<Worked>,
    /// Since when and how long it has used each feature.
    pub(crate) uses: Vec<Use>,
}

/// An account at a month's end. Money in cents.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Snapshot {
    pub(crate) month: i32,
    pub(crate) active: bool,
    pub(crate) mrr: i64,
    pub(crate) mrr_1m_ago: i64,
    pub(crate) mrr_12m_ago: i64,
    pub(crate) seats: u32,
    pub(crate) active_users: u32,
    pub(crate) sessions: u32,
    pub(crate) events: u32,
    pub(crate) usage_trend: f64,
    pub(crate) features: i32,
    pub(crate) tickets: u32,
    pub(crate) payment_failed: bool,
    pub(crate) devices: u32,
    pub(crate) incidents: u32,
    pub(crate) uptime: f64,
    pub(crate) health: Option<i32>,
    pub(crate) months_to_renewal: i32,
    pub(crate) renewal: bool,
    pub(crate) rank: i32,
    pub(crate) expanded: bool,
    pub(crate) contracted: bool,
    pub(crate) churned: bool,
    /// Whether it leaves within three months; none where that is not known yet.
    pub(crate) leaves: Option<bool>,
}

/// By segment: tickets a month, and the factor of the chance to grow.
const TICKETS: [f64; 3] = [0.11, 0.42, 1.6];
const GROWTH: [f64; 3] = [0.9, 1.25, 1.4];
/// The month of the payment processor's outage.
const OUTAGE: i32 = 58;
/// The month in which expansions stalled.
const STALL: i32 = 69;
/// The months of the price rise on the starter plan: 2024-12 to 2025-02.
const PRICE_RISE: std::ops::RangeInclusive<i32> = 59..=61;

impl Life {
    /// Lives the life of an account.
    pub(crate) fn new(seed: Seed, account: &Account, features: &Features) -> Self {
        let mut state = State::new(seed, account);
        for month in account.signup_month..MONTHS {
            state.live(features, month);
        }
        state.life.users = state.users.len().try_into().unwrap_or(u32::MAX);
        label(&mut state.life.snapshots);
        state.life
    }
}

/// An account on its way through the months.
struct State<'a> {
    seed: Seed,
    account: &'a Account,
    life: Life,
    users: Vec<User>,
    devices: Vec<Device>,
    seats: u32,
    /// Slow part of the latent health, and the months of disengagement that are left.
    mood: f64,
    fading: u32,
    /// Months for which a failed payment stays open.
    unpaid: u32,
    active: bool,
    left_in: i32,
    mrr: i64,
    mrr_before_leaving: i64,
    /// MRR at the month ends since signup; the other series likewise.
    mrrs: Vec<i64>,
    events: Vec<f64>,
    seat_use: Vec<f64>,
    tickets: Vec<f64>,
    incidents: Vec<f64>,
}

impl<'a> State<'a> {
    fn new(seed: Seed, account: &'a Account) -> Self {
        Self {
            seed,
            account,
            life: Life { uses: vec![Use::default(); COUNT as usize], ..Life::default() },
            users: (0..account.users).map(|number| user(seed, account, number)).collect(),
            devices: devices(seed, account),
            seats: account.seats,
            mood: 0.45 * seed.stream("mood", u64::from(account.id), 0).normal(),
            fading: 0,
            unpaid: 0,
            active: false,
            left_in: i32::MIN,
            mrr: 0,
            mrr_before_leaving: 0,
            mrrs: Vec::new(),
            events: Vec::new(),
            seat_use: Vec::new(),
            tickets: Vec::new(),
            incidents: Vec::new(),
        }
    }

    fn live(&mut self, features: &Features, month: i32) {
        let at = u64::try_from(month).unwrap_or_default();
        let mut random = self.seed.stream("month", u64::from(self.account.id), at);
        let tenure = month - self.account.signup_month;
        let before = self.mrr;
        self.sway(&mut random);
        let latent = self.account.effect + self.mood;

        let mut row =
            Snapshot { month, mrr_1m_ago: before, mrr_12m_ago: self.ago(12), uptime: 100.0, ..Snapshot::default() };
        let was_active = self.active;
        if tenure == 0 {
            self.active = true;
            self.moved(self.account.signup_day, self.account.first_mrr, MovementKind::New);
        } else if !self.active {
            self.perhaps_return(&mut random, month);
        }
        if self.active {
            self.work(&mut random, features, &mut row, latent);
            let signs = self.signs(&row, tenure);
            if was_active {
                self.money(&mut random, &signs, latent, &mut row);
            }
            row.health = self.active.then(|| score(&signs));
        } else {
            self.rest();
        }
        row.active = self.active;
        row.mrr = self.mrr;
        row.renewal = was_active && renews(self.account, month);
        if self.active {
            row.seats = self.seats;
            row.devices = self.account.devices;
            row.months_to_renewal = match tenure {
                _ if !self.account.annual => 0,
                0 => 12,
                later => (12 - later % 12) % 12,
            };
        }
        self.mrrs.push(self.mrr);
        self.life.peak = self.life.peak.max(self.mrr);
        self.life.revenue += self.mrr;
        self.life.tickets += row.tickets;
        let recent = self.mrrs.iter().rev().take(13).any(|mrr| *mrr > 0);
        if month >= WINDOW && (recent || row.churned) {
            self.life.snapshots.push(row);
        }
    }

    /// The slow ups and downs, and now and then the start of a long goodbye: the champion has left.
    fn sway(&mut self, random: &mut Random) {
        self.mood = 0.88 * self.mood + 0.26 * random.normal();
        if self.fading > 0 {
            self.fading -= 1;
            self.mood -= 0.52;
        } else if random.chance(0.012) {
            self.fading = 6;
        }
    }

    /// Usage, devices, tickets and payments of a month as a customer.
    fn work(&mut self, random: &mut Random, features: &Features, row: &mut Snapshot, latent: f64) {
        let (account, month) = (self.account, row.month);
        let tenure = month - account.signup_month;
        let usage = month_of_users(self.seed, account, &self.users, month, latent, |_| {});
        let trouble = month_of_devices(self.seed, account, &self.devices, month, |_, _| {});
        row.active_users = usage.active_users;
        row.sessions = usage.sessions;
        row.events = usage.events;
        row.usage_trend = match mean(&self.events, 0..3) {
            Some(mean) if mean > 0.0 => f64::from(usage.events) / mean - 1.0,
            _ => 0.0,
        };
        let used = if usage.active_users > 0 { features.used(random, account.plan, latent, tenure, month) } else { 0 };
        row.features = used.count_ones().cast_signed();
        row.incidents = trouble.incidents;
        let expected = f64::from(account.devices) * f64::from(days_in(month)) * 1440.0;
        row.uptime = 100.0 * (1.0 - trouble.minutes / expected).max(0.0);
        let onboarding = if tenure < 2 { 0.35 } else { 0.0 };
        let asked = random.poisson(TICKETS[account.segment] * libm::exp(-0.45 * latent) + onboarding);
        let device_tickets = random.binomial(trouble.incidents, 0.22);
        row.tickets = asked + device_tickets;
        self.pay(random, row, latent, tenure);
        self.life.uses.iter_mut().enumerate().filter(|(at, _)| used >> at & 1 == 1).for_each(|(_, one)| one.add(month));
        if month >= WINDOW - 1 {
            let users = self.users.len().try_into().unwrap_or(u32::MAX);
            let stuck = row.payment_failed && self.unpaid == 2;
            self.life.worked.push(Worked {
                month,
                users,
                latent,
                used,
                active_users: usage.active_users,
                device_tickets,
                stuck,
            });
        }
        self.events.push(f64::from(usage.events));
        self.seat_use.push(f64::from(usage.active_users) / f64::from(self.seats.max(1)));
        self.tickets.push(f64::from(row.tickets));
        self.incidents.push(f64::from(trouble.incidents));
    }

    fn pay(&mut self, random: &mut Random, row: &mut Snapshot, latent: f64, tenure: i32) {
        self.unpaid = self.unpaid.saturating_sub(1);
        let due = !self.account.annual || tenure % 12 == 0;
        let rate = if self.account.segment == words::ENTERPRISE { 0.008 } else { 0.026 };
        let outage = if row.month == OUTAGE { 1.5 } else { 1.0 };
        if due && random.chance(rate * outage * libm::exp(-0.35 * latent)) {
            row.payment_failed = true;
            if random.chance(0.45) {
                self.unpaid = 2;
            }
        }
    }

    fn signs(&self, row: &Snapshot, tenure: i32) -> Signs {
        let recent = mean(&self.events, 0..2).unwrap_or_default();
        let drop = match mean(&self.events, 2..6) {
            Some(earlier) => libm::log((earlier + 5.0) / (recent + 5.0)).clamp(-1.0, 2.0),
            None => 0.0,
        };
        let sum = |series: &[f64]| series.iter().rev().take(3).sum::<f64>();
        Signs {
            seat_use: mean(&self.seat_use, 0..3).unwrap_or_default(),
            drop,
            tickets: (sum(&self.tickets) * 4.0 / f64::from(self.seats.max(4))).min(4.0),
            unpaid: self.unpaid > 0,
            tenure,
            features: row.features,
            unreliable: row.uptime < 99.7,
            incidents: (sum(&self.incidents) / f64::from(self.account.devices.max(1))).min(2.0),
        }
    }

    /// Leaving, growing or shrinking: at most one of them in a month.
    fn money(&mut self, random: &mut Random, signs: &Signs, latent: f64, row: &mut Snapshot) {
        let month = row.month;
        let day = first_day(month) + i32::try_from(random.below(days_in(month))).unwrap_or_default();
        let leaves = random.chance(logistic(churn_logit(self.account, signs, month, latent)));
        let grows = random.chance(self.growth(month, latent));
        let rises = self.account.plan == words::STARTER && PRICE_RISE.contains(&month) && random.chance(0.29);
        let renews = renews(self.account, month);
        let shrink = if renews {
            0.1
        } else if self.account.annual {
            0.0
        } else {
            0.012 * libm::exp(-0.5 * latent)
        };
        let shrinks = random.chance(shrink);
        let size = random.lognormal(1.0, 0.55);
        if leaves {
            row.churned = true;
            self.active = false;
            self.left_in = month;
            self.mrr_before_leaving = self.mrr;
            self.life.churn = Some((day, reason(random, self.account, signs, month)));
            self.moved(day, -self.mrr, MovementKind::Churn);
        } else if rises {
            row.expanded = true;
            self.moved(day, part(self.mrr, 0.05 + 0.02 * random.unit()), MovementKind::Expansion);
        } else if grows {
            let size = (0.15 * size).min(1.5);
            row.expanded = true;
            self.moved(day, part(self.mrr, size), MovementKind::Expansion);
            self.hire(random, size, day);
        } else if shrinks {
            row.contracted = true;
            self.moved(day, -part(self.mrr, (0.2 * libm::sqrt(size)).min(0.6)), MovementKind::Contraction);
        }
    }

    fn growth(&self, month: i32, latent: f64) -> f64 {
        let stall = if month == STALL { 0.45 } else { 1.0 };
        0.029 * libm::exp(0.45 * latent) * GROWTH[self.account.segment] * stall
    }

    /// More users and seats, half as fast as the bill grows: the rest is better plans and more devices.
    fn hire(&mut self, random: &mut Random, size: f64, day: i32) {
        let users = u32::try_from(self.users.len()).unwrap_or(u32::MAX);
        let more = random.round(f64::from(users) * size * 0.5);
        self.users.extend((users..users + more).map(|number| user(self.seed, self.account, number)));
        if more > 0 {
            self.life.hires.push((day, users + more));
        }
        self.seats += more.max(random.round(f64::from(self.seats) * size * 0.5));
    }

    fn perhaps_return(&mut self, random: &mut Random, month: i32) {
        if month - self.left_in <= 9 && random.chance(0.006) {
            self.active = true;
            self.life.churn = None;
            self.fading = 0;
            self.mood = 0.0;
            let day = first_day(month) + i32::try_from(random.below(days_in(month))).unwrap_or_default();
            self.moved(day, part(self.mrr_before_leaving, 0.85), MovementKind::Reactivation);
        }
    }

    fn rest(&mut self) {
        for series in [&mut self.events, &mut self.seat_use, &mut self.tickets, &mut self.incidents] {
            series.clear();
        }
    }

    fn moved(&mut self, day: i32, delta: i64, kind: MovementKind) {
        self.mrr += delta;
        debug_assert!(day <= as_of(), "nothing lies after the data date");
        self.life.movements.push(Movement { day, delta, kind });
    }

    /// MRR at the month end that lies so many months before the current one.
    fn ago(&self, months: usize) -> i64 {
        self.mrrs.len().checked_sub(months).map_or(0, |at| self.mrrs[at])
    }
}

/// Mean over the months that lie so far back; none without any.
#[expect(clippy::cast_precision_loss, reason = "a handful of months")]
fn mean(series: &[f64], back: std::ops::Range<usize>) -> Option<f64> {
    let values: Vec<f64> = series.iter().rev().skip(back.start).take(back.len()).copied().collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// A share of an amount, at least a cent.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "cents of one account")]
fn part(amount: i64, share: f64) -> i64 {
    ((amount as f64 * share).round() as i64).max(1)
}

fn reason(random: &mut Random, account: &Account, signs: &Signs, month: i32) -> &'static str {
    if signs.unpaid && random.chance(0.75) {
        return "payment";
    }
    if account.plan == words::STARTER && PRICE_RISE_CHURN.contains(&month) && random.chance(0.45) {
        return "price";
    }
    if (signs.drop > 0.5 || signs.seat_use < 0.2) && random.chance(0.3) {
        return "low_usage";
    }
    if signs.tickets > 2.0 && random.chance(0.5) {
        return "support";
    }
    words::CHURN_REASONS[random.pick(&words::weights(&words::CHURN_REASONS))].0
}

/// Marks who leaves within three months, where all three are known.
fn label(snapshots: &mut [Snapshot]) {
    let churned: Vec<i32> = snapshots.iter().filter(|row| row.churned).map(|row| row.month).collect();
    for row in snapshots {
        if row.active && row.month + 3 <= LAST {
            row.leaves = Some(churned.iter().any(|month| (row.month + 1..=row.month + 3).contains(month)));
        }
    }
}
