//! Invoices and the attempts to collect them. Which payments fail is said by the months of the accounts.

use crate::demo::random::{Random, Seed};
use crate::demo::time::{MONTHS, WINDOW, as_of, civil_day, days_in, first_day, month_index, month_of};
use crate::demo::words;
use crate::demo::world::{Account, Life, Snapshot, World};
use rayon::prelude::*;

/// An invoice. Money in cents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invoice {
    /// Index of the account.
    pub(crate) account: usize,
    /// Its day.
    pub(crate) day: i32,
    /// Day by which it is to be paid.
    pub(crate) due: i32,
    /// Day it was paid.
    pub(crate) paid: Option<i32>,
    /// `paid`, `open`, `uncollectible` or `void`.
    pub(crate) status: &'static str,
    /// Before tax.
    pub(crate) amount: i64,
    /// Tax.
    pub(crate) tax: i64,
    /// Attempts made.
    pub(crate) attempts: u32,
    /// The first invoice of the account.
    pub(crate) first: bool,
}

/// An attempt to collect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payment {
    /// Index of the account.
    pub(crate) account: usize,
    /// Index of the invoice within all.
    pub(crate) invoice: usize,
    /// Its day.
    pub(crate) day: i32,
    /// From 1.
    pub(crate) attempt: u32,
    /// Why it failed.
    pub(crate) failure: Option<&'static str>,
    /// How.
    pub(crate) method: &'static str,
    /// In cents.
    pub(crate) amount: i64,
}

/// Money in.
pub(crate) struct Billing {
    /// By month from 2023-12, day and account; ids count through.
    pub(crate) invoices: Vec<Vec<Invoice>>,
    /// By month of the attempt, day and invoice; ids count through.
    pub(crate) payments: Vec<Vec<Payment>>,
}

/// The outage of the payment processor: 2024-11-18 to 20.
const OUTAGE_MONTH: i32 = 58;
const OUTAGE_DAYS: (u32, u32) = (17, 3);
/// Days after the invoice on which a failed payment is tried again.
const RETRIES: [i32; 4] = [0, 3, 7, 14];

impl Billing {
    /// The invoices of a world.
    pub(crate) fn new(world: &World) -> Self {
        let mut drafts: Vec<(Invoice, Vec<Payment>)> = (0..world.accounts.len())
            .into_par_iter()
            .flat_map_iter(|at| of_account(world.seed, at, &world.accounts[at], &world.lives[at]))
            .collect();
        drafts.par_sort_by_key(|(invoice, _)| (invoice.day, invoice.account));
        let mut invoices: Vec<Vec<Invoice>> = (WINDOW..MONTHS).map(|_| Vec::new()).collect();
        let mut payments: Vec<Vec<Payment>> = (WINDOW..MONTHS).map(|_| Vec::new()).collect();
        for (number, (invoice, attempts)) in drafts.into_iter().enumerate() {
            invoices[month_index(month_of(invoice.day))].push(invoice);
            for payment in attempts {
                payments[month_index(month_of(payment.day))].push(Payment { invoice: number, ..payment });
            }
        }
        for month in &mut payments {
            month.sort_by_key(|payment| (payment.day, payment.invoice, payment.attempt));
        }
        Self { invoices, payments }
    }
}

fn of_account(seed: Seed, at: usize, account: &Account, life: &Life) -> Vec<(Invoice, Vec<Payment>)> {
    let rows = life.worked.iter().filter_map(|worked| {
        let row = life.snapshots.iter().find(|row| row.month == worked.month)?;
        let tenure = worked.month - account.signup_month;
        let due = !account.annual || tenure % 12 == 0;
        due.then_some((row, worked.stuck))
    });
    let bank = words::ENTERPRISE == account.segment;
    let mut random = seed.stream("method", u64::from(account.id), 0);
    let method = if bank {
        "bank_transfer"
    } else if random.chance(0.12) {
        "direct_debit"
    } else {
        "card"
    };
    rows.filter_map(|(row, stuck)| invoice(seed, at, account, row, stuck, method)).collect()
}

fn invoice(
    seed: Seed,
    at: usize,
    account: &Account,
    row: &Snapshot,
    stuck: bool,
    method: &'static str,
) -> Option<(Invoice, Vec<Payment>)> {
    let month = row.month;
    let mut random = seed.stream("invoice", u64::from(account.id), u64::try_from(month).unwrap_or_default());
    let mrr = if row.active { row.mrr } else { row.mrr_1m_ago };
    let amount = if account.annual { mrr * 12 } else { mrr };
    if amount <= 0 {
        return None;
    }
    let anniversary = (civil_day(account.signup_day) - 1).min(days_in(month) - 1);
    let hit = random.chance(0.36) && row.payment_failed && month == OUTAGE_MONTH;
    let offset = if hit { OUTAGE_DAYS.0 + random.below(OUTAGE_DAYS.1) } else { anniversary };
    let day = first_day(month) + offset.cast_signed();
    let bank = method == "bank_transfer";
    let wait = if bank { 2 + random.poisson(9.0).cast_signed() } else { 0 };
    let void = random.chance(0.003) && !row.payment_failed;
    let recovers = random.chance(if stuck { 0.33 } else { 0.86 });
    let tries = if !row.payment_failed {
        1
    } else if recovers {
        2 + random.below(2) as usize
    } else {
        RETRIES.len()
    };
    let mut payments = Vec::new();
    let mut paid = None;
    if !void {
        for (nth, delay) in RETRIES.iter().enumerate().take(tries) {
            let today = day + wait + delay;
            if today > as_of() {
                break;
            }
            let fails = row.payment_failed && !(recovers && nth + 1 == tries);
            let failure = fails.then(|| words::FAILURES[random.pick(&words::weights(&words::FAILURES))].0);
            if !fails {
                paid = Some(today);
            }
            let attempt = u32::try_from(nth + 1).unwrap_or(1);
            payments.push(Payment { account: at, invoice: 0, day: today, attempt, failure, method, amount });
        }
    }
    let status = match paid {
        _ if void => "void",
        Some(_) => "paid",
        None if row.payment_failed && payments.len() == RETRIES.len() => "uncollectible",
        None => "open",
    };
    let invoice = Invoice {
        account: at,
        day,
        due: day + if bank { 14 } else { 0 },
        paid,
        status,
        amount,
        tax: tax(&mut random, account, amount),
        attempts: u32::try_from(payments.len()).unwrap_or_default(),
        first: month == account.signup_month,
    };
    Some((invoice, payments))
}

/// Sales tax or value-added tax where the customer pays it to the seller.
fn tax(random: &mut Random, account: &Account, amount: i64) -> i64 {
    let (share, percent) = [(0.55, 8), (0.35, 20), (0.6, 10), (0.7, 16)][account.region];
    if random.chance(share) { amount * percent / 100 } else { 0 }
}
