//! What the tables of users, devices, features and tickets need of an account's months, beside its month ends.

/// A month as a customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worked {
    /// The month.
    pub(crate) month: i32,
    /// Users it had.
    pub(crate) users: u32,
    /// Its latent health.
    pub(crate) latent: f64,
    /// The features it used, a bit each.
    pub(crate) used: u64,
    /// Users with a session.
    pub(crate) active_users: u32,
    /// How many of its tickets were about devices that had failed.
    pub(crate) device_tickets: u32,
    /// A failed payment stays open.
    pub(crate) stuck: bool,
}

/// How an account has used a feature.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Use {
    /// First month with use.
    pub(crate) first: i32,
    /// Last month with use.
    pub(crate) last: i32,
    /// Months with use; 0 is never.
    pub(crate) months: u32,
}

impl Use {
    /// A month with use, later than those before.
    pub(crate) fn add(&mut self, month: i32) {
        if self.months == 0 {
            self.first = month;
        }
        self.last = month;
        self.months += 1;
    }
}
