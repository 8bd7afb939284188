//! What happened at the demo company beside the months of its accounts: fleet, users, sales, marketing, money, support. Made of the
//! world by draws of their own, so that tables that share rows agree.

pub(crate) mod adoption;
pub(crate) mod billing;
pub(crate) mod campaigns;
pub(crate) mod fleet;
pub(crate) mod leads;
pub(crate) mod people;
pub(crate) mod reps;
pub(crate) mod stages;
pub(crate) mod support;
pub(crate) mod touches;

use super::sales::{Deal, deals};
use super::world::World;
use adoption::Adoption;
use billing::Billing;
use campaigns::Campaign;
use fleet::Fleet;
use leads::Lead;
use people::People;
use stages::Visit;
use support::Ticket;
use touches::Touch;

/// All of it.
pub(crate) struct Books {
    /// Deals, by id from 1.
    pub(crate) deals: Vec<Deal>,
    /// The stages that each deal went through, in the same order.
    pub(crate) stages: Vec<Vec<Visit>>,
    /// Campaigns, by id from 1.
    pub(crate) campaigns: Vec<Campaign>,
    /// Leads, by id from 1.
    pub(crate) leads: Vec<Lead>,
    /// Touches, by id from 1.
    pub(crate) touches: Vec<Touch>,
    /// Devices and what happened to them.
    pub(crate) fleet: Fleet,
    /// Users and what they did.
    pub(crate) people: People,
    /// Who uses which feature.
    pub(crate) adoption: Adoption,
    /// Invoices and payments.
    pub(crate) billing: Billing,
    /// Tickets, by id from 1.
    pub(crate) tickets: Vec<Ticket>,
}

impl Books {
    /// Keeps the books of a world.
    pub(crate) fn new(world: &World, scale: f64) -> Self {
        let company = || {
            let (fleet, people) = rayon::join(|| Fleet::new(world), || People::new(world));
            (fleet, people, Adoption::new(world))
        };
        let market = || {
            let deals = deals(world);
            let stages = stages::of(world.seed, &deals);
            let campaigns = campaigns::all(world.seed, scale);
            let leads = leads::all(world.seed, scale, &deals, &campaigns);
            let touches = touches::all(world.seed, &leads, &campaigns);
            (deals, stages, campaigns, leads, touches)
        };
        let ((fleet, people, adoption), (deals, stages, campaigns, leads, touches)) = rayon::join(company, market);
        let billing = Billing::new(world);
        let tickets = support::tickets(world);
        Self { deals, stages, campaigns, leads, touches, fleet, people, adoption, billing, tickets }
    }
}
