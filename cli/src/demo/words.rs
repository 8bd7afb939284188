//! The categories of the demo company and how often each occurs; names are made up.

/// Categories and their weights.
pub(crate) type Mix<const N: usize> = [(&'static str, f64); N];

/// The weights of a mix.
pub(crate) fn weights<const N: usize>(mix: &Mix<N>) -> [f64; N] {
    mix.map(|(_, weight)| weight)
}

/// Index of the smallest segment.
pub(crate) const SMB: usize = 0;
/// Index of the largest segment.
pub(crate) const ENTERPRISE: usize = 2;
/// Segments.
pub(crate) const SEGMENTS: Mix<3> = [("smb", 0.80), ("mid_market", 0.16), ("enterprise", 0.04)];
/// Index of Asia and the Pacific.
pub(crate) const APAC: usize = 2;
/// Regions.
pub(crate) const REGIONS: Mix<4> = [("na", 0.46), ("emea", 0.30), ("apac", 0.15), ("latam", 0.09)];
/// Index of shops.
pub(crate) const RETAIL: usize = 1;
/// Industries.
pub(crate) const INDUSTRIES: Mix<8> = [
    ("restaurant", 0.22),
    ("retail", 0.20),
    ("fitness", 0.12),
    ("beauty", 0.12),
    ("hospitality", 0.10),
    ("healthcare", 0.10),
    ("services", 0.08),
    ("education", 0.06),
];
/// Index of the partner channel.
pub(crate) const PARTNER: usize = 2;
/// Channels that first brought an account.
pub(crate) const CHANNELS: Mix<8> = [
    ("paid_search", 0.21),
    ("organic", 0.20),
    ("partner", 0.13),
    ("paid_social", 0.12),
    ("referral", 0.10),
    ("outbound", 0.09),
    ("events", 0.08),
    ("email", 0.07),
];
/// Index of the cheapest plan.
pub(crate) const STARTER: usize = 0;
/// Plans.
pub(crate) const PLANS: [&str; 4] = ["starter", "growth", "pro", "enterprise"];
/// Weights of the plans by segment.
pub(crate) const PLAN_WEIGHTS: [[f64; 4]; 3] =
    [[0.55, 0.38, 0.07, 0.0], [0.05, 0.35, 0.50, 0.10], [0.0, 0.05, 0.25, 0.70]];

/// Countries by region.
pub(crate) const COUNTRIES: [&[(&str, f64)]; 4] = [
    &[("US", 0.86), ("CA", 0.14)],
    &[("GB", 0.26), ("DE", 0.20), ("FR", 0.14), ("NL", 0.09), ("ES", 0.09), ("IT", 0.09), ("SE", 0.06), ("AE", 0.07)],
    &[("AU", 0.34), ("JP", 0.20), ("SG", 0.16), ("IN", 0.18), ("NZ", 0.12)],
    &[("BR", 0.48), ("MX", 0.30), ("CL", 0.12), ("CO", 0.10)],
];
/// Head count bands.
pub(crate) const BANDS: [&str; 5] = ["1-9", "10-49", "50-249", "250-999", "1000+"];
/// Weights of the bands by segment.
pub(crate) const BAND_WEIGHTS: [[f64; 5]; 3] =
    [[0.58, 0.37, 0.05, 0.0, 0.0], [0.0, 0.22, 0.60, 0.18, 0.0], [0.0, 0.0, 0.12, 0.48, 0.40]];
/// Reasons to leave, when nothing in the account's own story says why.
pub(crate) const CHURN_REASONS: Mix<6> = [
    ("low_usage", 0.22),
    ("price", 0.22),
    ("competitor", 0.20),
    ("closed_business", 0.16),
    ("missing_feature", 0.12),
    ("support", 0.08),
];

/// Device models; the first five are the kinds of [`world::usage`](super::world::usage).
pub(crate) const MODELS: [&str; 7] =
    ["sensor-s1", "hub-x1", "hub-x2", "kiosk-k1", "printer-p1", "display-d1", "kiosk-k2"];
/// Index of the model that shares a kind with the first.
pub(crate) const DISPLAY: usize = 5;
/// Index of the newest model, and the month of its first sale: 2025-09.
pub(crate) const NEW_MODEL: usize = 6;
/// Month of its first sale.
pub(crate) const NEW_MODEL_MONTH: i32 = 68;
/// Versions of the devices' software.
pub(crate) const FIRMWARE: [&str; 4] = ["4.1.3", "4.2.0", "4.2.1", "5.0.2"];
/// Their weights, on all models and on the one that had the bad one and was mended.
pub(crate) const FIRMWARE_WEIGHTS: [[f64; 4]; 2] = [[0.22, 0.02, 0.23, 0.53], [0.05, 0.04, 0.51, 0.40]];
/// Why devices fail.
pub(crate) const CAUSES: Mix<5> =
    [("network", 0.42), ("power", 0.22), ("firmware", 0.12), ("hardware", 0.14), ("unknown", 0.10)];
/// Countries with degrees north and east of about their middle.
pub(crate) const PLACES: [(&str, f64, f64); 19] = [
    ("US", 39.0, -95.0),
    ("CA", 50.0, -100.0),
    ("GB", 52.5, -1.5),
    ("DE", 51.0, 10.0),
    ("FR", 47.0, 2.5),
    ("NL", 52.2, 5.4),
    ("ES", 40.2, -3.6),
    ("IT", 43.0, 12.5),
    ("SE", 59.5, 15.5),
    ("AE", 24.2, 54.4),
    ("AU", -33.0, 148.0),
    ("JP", 36.0, 138.0),
    ("SG", 1.3, 103.8),
    ("IN", 21.0, 78.0),
    ("NZ", -41.0, 174.0),
    ("BR", -20.0, -47.0),
    ("MX", 20.5, -101.0),
    ("CL", -34.0, -71.0),
    ("CO", 5.0, -74.5),
];
/// Last words of city names, which are made up.
pub(crate) const CITY_LAST: [&str; 12] =
    ["Falls", "Heath", "Junction", "Landing", "Port", "Springs", "Valley", "Wells", "Cross", "Bay", "Hills", "Ford"];

/// Roles of users; each account has one owner.
pub(crate) const ROLES: [&str; 4] = ["owner", "manager", "staff", "viewer"];
/// Weights of the roles but the first.
pub(crate) const ROLE_WEIGHTS: [f64; 3] = [0.16, 0.62, 0.22];
/// What users work on.
pub(crate) const PLATFORMS: Mix<3> = [("web", 0.583), ("ios", 0.235), ("android", 0.182)];
/// Why a payment fails.
pub(crate) const FAILURES: Mix<4> =
    [("card_declined", 0.44), ("insufficient_funds", 0.31), ("expired_card", 0.17), ("processing_error", 0.08)];

/// What campaigns are for.
pub(crate) const OBJECTIVES: Mix<4> =
    [("lead_gen", 0.5), ("awareness", 0.2), ("nurture", 0.18), ("product_launch", 0.12)];
/// Standing of the person behind a lead.
pub(crate) const SENIORITY: [&str; 4] = ["staff", "manager", "director", "executive"];
/// What a touch on each channel mostly and else is.
pub(crate) const TOUCH_KINDS: [[&str; 2]; 8] = [
    ["ad_click", "form_submit"],
    ["page_visit", "form_submit"],
    ["page_visit", "webinar"],
    ["ad_click", "page_visit"],
    ["page_visit", "form_submit"],
    ["page_visit", "email_click"],
    ["webinar", "form_submit"],
    ["email_click", "page_visit"],
];

/// What tickets are about that no failed device caused.
pub(crate) const TOPICS: Mix<6> = [
    ("device", 0.155),
    ("billing", 0.18),
    ("how_to", 0.295),
    ("bug", 0.165),
    ("integration", 0.105),
    ("account", 0.10),
];
/// Urgency of tickets.
pub(crate) const PRIORITIES: Mix<4> = [("low", 0.22), ("normal", 0.50), ("high", 0.21), ("urgent", 0.07)];
/// First answers by urgency, against the usual time.
pub(crate) const PRIORITY_SPEED: [f64; 4] = [1.55, 1.05, 0.75, 0.42];
/// Minutes in which the first answer is due, by urgency.
pub(crate) const SLA: [i32; 4] = [960, 480, 240, 120];
/// How customers reach support.
pub(crate) const CONTACTS: [&str; 4] = ["email", "chat", "web", "phone"];

/// Stages of an open deal, with the probability that it is won.
pub(crate) const STAGES: [(&str, f64); 5] =
    [("qualified", 0.10), ("discovery", 0.20), ("demo", 0.40), ("proposal", 0.60), ("negotiation", 0.80)];
/// In which stage deals are lost.
pub(crate) const LOST_IN: [f64; 5] = [0.201, 0.271, 0.259, 0.174, 0.095];
/// Shares of the whole cycle that a deal spends in each stage.
pub(crate) const STAGE_TIME: [f64; 5] = [0.24, 0.26, 0.20, 0.18, 0.12];
/// Why deals are lost.
pub(crate) const LOSS_REASONS: Mix<6> = [
    ("no_decision", 0.25),
    ("price", 0.22),
    ("competitor", 0.19),
    ("timing", 0.15),
    ("missing_feature", 0.11),
    ("unqualified", 0.08),
];

/// First words of account names.
pub(crate) const NAME_FIRST: [&str; 40] = [
    "Alder",
    "Amber",
    "Birch",
    "Blue Door",
    "Bright",
    "Cedar",
    "Clear",
    "Copper",
    "Coral",
    "Corner",
    "Crescent",
    "Dune",
    "East Gate",
    "Ember",
    "Fern",
    "Field",
    "First Light",
    "Golden",
    "Granite",
    "Green",
    "Harbour",
    "Hazel",
    "High Street",
    "Iron",
    "Juniper",
    "Lake",
    "Lantern",
    "Maple",
    "Meadow",
    "North",
    "Oak",
    "Olive",
    "Orchard",
    "Pine",
    "River",
    "Silver",
    "Stone",
    "Sunny",
    "Willow",
    "Yellow",
];
/// Middle words of account names.
pub(crate) const NAME_MIDDLE: [&str; 24] = [
    "Bay", "Bridge", "Brook", "Circle", "Court", "Crest", "Dale", "Garden", "Grove", "Hill", "House", "Lane", "Mill",
    "Park", "Point", "Quarter", "Ridge", "Row", "Shore", "Side", "Square", "Vale", "View", "Yard",
];
/// Last words of account names by industry.
pub(crate) const NAME_LAST: [[&str; 5]; 8] = [
    ["Kitchen", "Bistro", "Diner", "Eatery", "Tavern"],
    ["Goods", "Outfitters", "Market", "Supply", "Store"],
    ["Fitness", "Gym", "Athletics", "Training", "Movement"],
    ["Salon", "Beauty", "Spa", "Studio", "Barbers"],
    ["Hotel", "Lodge", "Inn", "Suites", "Retreat"],
    ["Clinic", "Dental", "Health", "Physio", "Care"],
    ["Services", "Repairs", "Cleaning", "Partners", "Works"],
    ["Academy", "School", "Learning", "College", "Tutors"],
];
/// First names of people.
pub(crate) const PEOPLE_FIRST: [&str; 32] = [
    "Ada", "Amir", "Anna", "Ben", "Carla", "Chen", "Dana", "Diego", "Elif", "Emma", "Farah", "Felix", "Grace", "Hana",
    "Ivan", "Jana", "Jonas", "Kofi", "Lena", "Liam", "Mara", "Mateo", "Mia", "Nadia", "Noah", "Olga", "Priya", "Ravi",
    "Sara", "Tom", "Yuki", "Zoe",
];
/// Last names of people.
pub(crate) const PEOPLE_LAST: [&str; 32] = [
    "Abbott", "Bauer", "Brandt", "Castro", "Dubois", "Egan", "Farkas", "Fischer", "Gallo", "Haddad", "Hughes",
    "Ibarra", "Jensen", "Kaur", "Keller", "Kim", "Lopez", "Marin", "Moreau", "Nakamura", "Novak", "Okafor", "Olsen",
    "Patel", "Quinn", "Rossi", "Sato", "Silva", "Torres", "Vogel", "Weber", "Young",
];
