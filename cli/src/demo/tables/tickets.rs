//! `tickets`: one file a month.

use super::{offsets, who};
use crate::demo::Company;
use crate::demo::books::support::Ticket;
use crate::demo::out::Out;
use crate::demo::time::{MONTHS, WINDOW, first_day, month_index, month_of};
use crate::demo::words::{CONTACTS, PRIORITIES, SLA, TOPICS};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

impl Ticket {
    fn status(&self) -> &'static str {
        match self.solved {
            Some(_) => "solved",
            None if self.pending => "pending",
            None => "open",
        }
    }

    fn late(&self) -> bool {
        self.response > SLA[self.priority].unsigned_abs()
    }
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let mut months: Vec<Vec<Ticket>> = (WINDOW..MONTHS).map(|_| Vec::new()).collect();
    for ticket in &company.books.tickets {
        months[month_index(month_of(ticket.created))].push(*ticket);
    }
    let first = offsets(&months);
    let account = |row: &Ticket| -> &Account { &company.world.accounts[row.account] };
    out.months("tickets", |month, extract| {
        let rows = &months[month_index(month)];
        let extract = extract
            .number("ticket_id", (first[month_index(month)]..).take(rows.len()))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .date("created_date", rows.iter().map(|row| row.created))
            .number("created_hour", rows.iter().map(|row| row.hour))
            .date("month", rows.iter().map(|_| first_day(month)))
            .text("status", rows.iter().map(Ticket::status))
            .text("priority", rows.iter().map(|row| PRIORITIES[row.priority].0))
            .text("category", rows.iter().map(|row| TOPICS[row.topic].0))
            .text("channel", rows.iter().map(|row| CONTACTS[row.channel]))
            .number("assignee_id", rows.iter().map(|row| row.agent))
            .bigint("first_response_minutes", rows.iter().map(|row| row.response))
            .double_or_null(
                "resolution_hours",
                rows.iter().map(|row| row.solved.map(|(tenths, _)| f64::from(tenths) / 10.0)),
            )
            .date_or_null("solved_date", rows.iter().map(|row| row.solved.map(|(_, day)| day)))
            .number("replies", rows.iter().map(|row| row.replies))
            .number("reopens", rows.iter().map(|row| row.reopens))
            .int("sla_target_minutes", rows.iter().map(|row| SLA[row.priority]))
            .flag("sla_breached", rows.iter().map(Ticket::late))
            .flag("escalated", rows.iter().map(|row| row.escalated))
            .flag("one_touch", rows.iter().map(|row| row.replies == 1))
            .number_or_null("csat_score", rows.iter().map(|row| row.rating));
        who::five(extract, rows.iter().map(account))
    })
}
