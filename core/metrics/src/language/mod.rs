//! The language of measures, filters and derived expressions: a small, closed part of SQL that every dialect can say.
//!
//! ```text
//! sum(amount_usd * w_linear)      count(distinct account_id)      share(sla_breached = false)      quantile(lag_minutes, 0.9)
//! stage in ('proposal', 'negotiation') and is_open      days_between(sql_date, opp_date) <= 90      month_start(as_of)
//! ```
//!
//! `/` is the division of real numbers and NULL by zero. `share(x)` is the share of rows for which `x` holds, `count_if(x)` their
//! number, `as_of` the day up to which the data reach.
//!
//! **Invariant:** no text panics; depth and length are bounded.

mod parse;
mod words;

pub use parse::parse_expression;
