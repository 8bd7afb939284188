//! `subscriptions`: what each account rents: its plan, and for one in four a plan for devices or premium support beside it. Their MRR
//! adds up to that of the account.

use super::who;
use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::random::{Random, whole};
use crate::demo::time::{LAST, as_of, days_in, first_day, month_of};
use crate::demo::words::{ENTERPRISE, PLANS};
use crate::demo::world::{Account, Life};
use almanac_model::manifest::Resource;

struct Row<'a> {
    account: &'a Account,
    product: &'static str,
    status: &'static str,
    quantity: u32,
    mrr: i64,
    discount: u32,
    trial: Option<i32>,
    started: i32,
    period_end: i32,
    canceled: Option<i32>,
    ending: bool,
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let world = &company.world;
    let (mut rows, mut beside) = (Vec::new(), Vec::new());
    for (account, life) in world.accounts.iter().zip(&world.lives) {
        let mut random = world.seed.stream("subscription", u64::from(account.id), 0);
        let (plan, more) = of_account(&mut random, account, life);
        rows.push(plan);
        beside.extend(more);
    }
    // Ids of plans are those of the accounts; the others follow.
    rows.extend(beside);
    out.one("subscriptions", |extract| {
        let extract = extract
            .number("subscription_id", (1..).take(rows.len()))
            .number("account_id", rows.iter().map(|row| row.account.id))
            .text("product", rows.iter().map(|row| row.product))
            .text("plan", rows.iter().map(|row| PLANS[row.account.plan]))
            .text("billing_period", rows.iter().map(|row| if row.account.annual { "annual" } else { "monthly" }))
            .text("status", rows.iter().map(|row| row.status))
            .number("quantity", rows.iter().map(|row| row.quantity))
            .money("unit_price_usd", rows.iter().map(|row| row.mrr / i64::from(row.quantity.max(1))))
            .money("mrr_usd", rows.iter().map(|row| row.mrr))
            .bigint("discount_pct", rows.iter().map(|row| row.discount))
            .text("collection_method", rows.iter().map(|row| collection(row.account)))
            .date_or_null("trial_start", rows.iter().map(|row| row.trial))
            .date("started_date", rows.iter().map(|row| row.started))
            .date("current_period_end", rows.iter().map(|row| row.period_end))
            .date_or_null("canceled_date", rows.iter().map(|row| row.canceled))
            .flag("cancel_at_period_end", rows.iter().map(|row| row.ending));
        let extract = who::two(extract, rows.iter().map(|row| row.account));
        who::industry_and_channel(extract, rows.iter().map(|row| row.account))
    })
}

fn collection(account: &Account) -> &'static str {
    if account.segment == ENTERPRISE { "send_invoice" } else { "charge_automatically" }
}

fn of_account<'a>(random: &mut Random, account: &'a Account, life: &Life) -> (Row<'a>, Option<Row<'a>>) {
    let now = life.snapshots.last().filter(|row| row.month == LAST && row.active);
    let mrr = now.map_or(0, |row| row.mrr);
    let quantity = now.map_or(account.seats, |row| row.seats);
    let canceled = life.churn.map(|(day, _)| day);
    let stuck = life.worked.last().is_some_and(|row| row.month == LAST && row.stuck);
    let status = match canceled {
        Some(_) => "canceled",
        None if stuck => "past_due",
        None => "active",
    };
    let trial = random.chance(0.554).then(|| account.signup_day - 14);
    let discounted = random.chance([0.12, 0.3, 0.55][account.segment]);
    let discount = if discounted { 5 * (1 + random.below(4)) } else { 0 };
    let ending = random.chance(0.009) && canceled.is_none();
    let more = random.chance(0.25);
    let share = 0.08 + 0.14 * random.unit();
    let support = random.chance(0.4);
    let later = random.below(200).cast_signed();
    let plan = Row {
        account,
        product: "base plan",
        status,
        quantity,
        mrr,
        discount,
        trial,
        started: account.signup_day,
        period_end: period_end(account, canceled),
        canceled,
        ending,
    };
    if !more {
        return (plan, None);
    }
    let part = part(mrr, share);
    let latest = canceled.unwrap_or(as_of());
    let beside = Row {
        product: if support { "premium support" } else { "device plan" },
        quantity: if support { 1 } else { account.devices },
        mrr: part,
        discount: 0,
        trial: None,
        started: (account.signup_day + later).min(latest),
        ending: false,
        ..plan
    };
    (Row { mrr: mrr - part, ..plan }, Some(beside))
}

#[expect(clippy::cast_precision_loss, reason = "cents of one account")]
fn part(mrr: i64, share: f64) -> i64 {
    i64::from(whole(mrr as f64 * share))
}

/// The end of the month or year that is paid for.
fn period_end(account: &Account, canceled: Option<i32>) -> i32 {
    if let Some(day) = canceled {
        return day;
    }
    let offset = account.signup_day - first_day(account.signup_month);
    let months = LAST - account.signup_month;
    let next = if account.annual { account.signup_month + (months / 12 + 1) * 12 } else { LAST + 1 };
    let end = first_day(next) + offset.min(days_in(next).cast_signed() - 1);
    debug_assert!(month_of(end) == next, "an anniversary lies in its month");
    end
}
