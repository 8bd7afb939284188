-- What must hold of the demo company at full size, by the plan of its domain. `facts.rs` reads this with Almanac, `facts.py` with DuckDB.
-- `-- name: low .. high, why`, then the question whose one number lies within these bounds.

-- == rows

-- rows of calendar: 2480 .. 2634, 2 557 within 3 %
SELECT COUNT(*) FROM calendar;

-- rows of months: 81 .. 87, 84 within 3 %
SELECT COUNT(*) FROM months;

-- rows of mrr_movements: 48093 .. 51067, 49 580 within 3 %
SELECT COUNT(*) FROM mrr_movements;

-- rows of account_monthly: 319469 .. 339229, 329 349 within 3 %
SELECT COUNT(*) FROM account_monthly;

-- rows of accounts: 19866 .. 21094, 20 480 within 3 %
SELECT COUNT(*) FROM accounts;

-- rows of locations: 31626 .. 33582, 1.592 sites an account
SELECT COUNT(*) FROM locations;

-- rows of devices: 63252 .. 67164, two a site
SELECT COUNT(*) FROM devices;

-- rows of device_monthly: 900694 .. 956408, as many more as there are devices
SELECT COUNT(*) FROM device_monthly;

-- rows of device_incidents: 43408 .. 46094, 44 751 within 3 %
SELECT COUNT(*) FROM device_incidents;

-- rows of device_daily: 17018 .. 18070, 17 544 within 3 %
SELECT COUNT(*) FROM device_daily;

-- rows of users: 78260 .. 83100, 80 680 within 3 %
SELECT COUNT(*) FROM users;

-- rows of user_monthly: 843200 .. 895356, 869 278 within 3 %
SELECT COUNT(*) FROM user_monthly;

-- rows of product_daily: 34035 .. 36141, 35 088 within 3 %
SELECT COUNT(*) FROM product_daily;

-- rows of feature_monthly: 31628 .. 34608, 33 118 within 4.5 %
SELECT COUNT(*) FROM feature_monthly;

-- rows of features: 47 .. 49, 48 within 3 %
SELECT COUNT(*) FROM features;

-- rows of account_features: 472273 .. 501485, 486 879 within 3 %
SELECT COUNT(*) FROM account_features;

-- rows of subscriptions: 24832 .. 26368, 1.25 an account
SELECT COUNT(*) FROM subscriptions;

-- rows of invoices: 198768 .. 217500, 208 134 within 4.5 %
SELECT COUNT(*) FROM invoices;

-- rows of payments: 209642 .. 229398, 219 520 within 4.5 %
SELECT COUNT(*) FROM payments;

-- rows of tickets: 88287 .. 101577, 94 932 within 7 %
SELECT COUNT(*) FROM tickets;

-- rows of surveys: 16205 .. 18645, 17 425 within 7 %
SELECT COUNT(*) FROM surveys;

-- rows of csm_activities: 27036 .. 28708, 27 872 within 3 %
SELECT COUNT(*) FROM csm_activities;

-- rows of territories: 16 .. 16, 16 within 3 %
SELECT COUNT(*) FROM territories;

-- rows of deals: 28471 .. 30233, 29 352 within 3 %
SELECT COUNT(*) FROM deals;

-- rows of deal_stage_history: 95149 .. 101035, 98 092 within 3 %
SELECT COUNT(*) FROM deal_stage_history;

-- rows of pipeline_weekly: 40001 .. 46023, 43 012 within 7 %
SELECT COUNT(*) FROM pipeline_weekly;

-- rows of reps: 62 .. 66, 64 within 3 %
SELECT COUNT(*) FROM reps;

-- rows of rep_monthly: 1490 .. 1582, 1 536 within 3 %
SELECT COUNT(*) FROM rep_monthly;

-- rows of campaign_daily: 20169 .. 21417, 20 793 within 3 %
SELECT COUNT(*) FROM campaign_daily;

-- rows of leads: 285502 .. 303162, 294 332 within 3 %
SELECT COUNT(*) FROM leads;

-- rows of touchpoints: 568580 .. 622164, 595 372 within 4.5 %
SELECT COUNT(*) FROM touchpoints;

-- rows of attribution: 76870 .. 84114, 80 492 within 4.5 %
SELECT COUNT(*) FROM attribution;

-- rows of campaigns: 407 .. 433, 420 within 3 %
SELECT COUNT(*) FROM campaigns;

-- rows of web_daily: 19854 .. 21082, 20 468 within 3 %
SELECT COUNT(*) FROM web_daily;

-- rows of finance_monthly: 344 .. 366, 355 within 3 %
SELECT COUNT(*) FROM finance_monthly;

-- rows of load_log: 11345 .. 12047, 11 696 within 3 %
SELECT COUNT(*) FROM load_log;

-- == keys

-- key of calendar: 0 .. 0
SELECT COUNT(*) FROM (SELECT date FROM calendar GROUP BY date HAVING COUNT(*) > 1) x;

-- key of months: 0 .. 0
SELECT COUNT(*) FROM (SELECT month FROM months GROUP BY month HAVING COUNT(*) > 1) x;

-- key of mrr_movements: 0 .. 0
SELECT COUNT(*) FROM (SELECT movement_id FROM mrr_movements GROUP BY movement_id HAVING COUNT(*) > 1) x;

-- key of account_monthly: 0 .. 0
SELECT COUNT(*) FROM (SELECT account_id, month FROM account_monthly GROUP BY account_id, month HAVING COUNT(*) > 1) x;

-- key of accounts: 0 .. 0
SELECT COUNT(*) FROM (SELECT account_id FROM accounts GROUP BY account_id HAVING COUNT(*) > 1) x;

-- key of locations: 0 .. 0
SELECT COUNT(*) FROM (SELECT location_id FROM locations GROUP BY location_id HAVING COUNT(*) > 1) x;

-- key of devices: 0 .. 0
SELECT COUNT(*) FROM (SELECT device_id FROM devices GROUP BY device_id HAVING COUNT(*) > 1) x;

-- key of device_monthly: 0 .. 0
SELECT COUNT(*) FROM (SELECT device_id, month FROM device_monthly GROUP BY device_id, month HAVING COUNT(*) > 1) x;

-- key of device_incidents: 0 .. 0
SELECT COUNT(*) FROM (SELECT incident_id FROM device_incidents GROUP BY incident_id HAVING COUNT(*) > 1) x;

-- key of device_daily: 0 .. 0
SELECT COUNT(*) FROM (SELECT date, device_model, region FROM device_daily GROUP BY date, device_model, region HAVING COUNT(*) > 1) x;

-- key of users: 0 .. 0
SELECT COUNT(*) FROM (SELECT user_id FROM users GROUP BY user_id HAVING COUNT(*) > 1) x;

-- key of user_monthly: 0 .. 0
SELECT COUNT(*) FROM (SELECT user_id, month FROM user_monthly GROUP BY user_id, month HAVING COUNT(*) > 1) x;

-- key of product_daily: 0 .. 0
SELECT COUNT(*) FROM (SELECT date, plan, region, platform FROM product_daily GROUP BY date, plan, region, platform HAVING COUNT(*) > 1) x;

-- key of feature_monthly: 0 .. 0
SELECT COUNT(*) FROM (SELECT month, feature_id, segment, region, plan FROM feature_monthly GROUP BY month, feature_id, segment, region, plan HAVING COUNT(*) > 1) x;

-- key of features: 0 .. 0
SELECT COUNT(*) FROM (SELECT feature_id FROM features GROUP BY feature_id HAVING COUNT(*) > 1) x;

-- key of account_features: 0 .. 0
SELECT COUNT(*) FROM (SELECT account_id, feature_id FROM account_features GROUP BY account_id, feature_id HAVING COUNT(*) > 1) x;

-- key of subscriptions: 0 .. 0
SELECT COUNT(*) FROM (SELECT subscription_id FROM subscriptions GROUP BY subscription_id HAVING COUNT(*) > 1) x;

-- key of invoices: 0 .. 0
SELECT COUNT(*) FROM (SELECT invoice_id FROM invoices GROUP BY invoice_id HAVING COUNT(*) > 1) x;

-- key of payments: 0 .. 0
SELECT COUNT(*) FROM (SELECT payment_id FROM payments GROUP BY payment_id HAVING COUNT(*) > 1) x;

-- key of tickets: 0 .. 0
SELECT COUNT(*) FROM (SELECT ticket_id FROM tickets GROUP BY ticket_id HAVING COUNT(*) > 1) x;

-- key of surveys: 0 .. 0
SELECT COUNT(*) FROM (SELECT survey_id FROM surveys GROUP BY survey_id HAVING COUNT(*) > 1) x;

-- key of csm_activities: 0 .. 0
SELECT COUNT(*) FROM (SELECT activity_id FROM csm_activities GROUP BY activity_id HAVING COUNT(*) > 1) x;

-- key of territories: 0 .. 0
SELECT COUNT(*) FROM (SELECT territory_id FROM territories GROUP BY territory_id HAVING COUNT(*) > 1) x;

-- key of deals: 0 .. 0
SELECT COUNT(*) FROM (SELECT deal_id FROM deals GROUP BY deal_id HAVING COUNT(*) > 1) x;

-- key of deal_stage_history: 0 .. 0
SELECT COUNT(*) FROM (SELECT deal_id, stage FROM deal_stage_history GROUP BY deal_id, stage HAVING COUNT(*) > 1) x;

-- key of pipeline_weekly: 0 .. 0
SELECT COUNT(*) FROM (SELECT snapshot_date, rep_id, stage, segment, region, deal_type FROM pipeline_weekly GROUP BY snapshot_date, rep_id, stage, segment, region, deal_type HAVING COUNT(*) > 1) x;

-- key of reps: 0 .. 0
SELECT COUNT(*) FROM (SELECT rep_id FROM reps GROUP BY rep_id HAVING COUNT(*) > 1) x;

-- key of rep_monthly: 0 .. 0
SELECT COUNT(*) FROM (SELECT rep_id, month FROM rep_monthly GROUP BY rep_id, month HAVING COUNT(*) > 1) x;

-- key of campaign_daily: 0 .. 0
SELECT COUNT(*) FROM (SELECT date, campaign_id FROM campaign_daily GROUP BY date, campaign_id HAVING COUNT(*) > 1) x;

-- key of leads: 0 .. 0
SELECT COUNT(*) FROM (SELECT lead_id FROM leads GROUP BY lead_id HAVING COUNT(*) > 1) x;

-- key of touchpoints: 0 .. 0
SELECT COUNT(*) FROM (SELECT touch_id FROM touchpoints GROUP BY touch_id HAVING COUNT(*) > 1) x;

-- key of attribution: 0 .. 0
SELECT COUNT(*) FROM (SELECT deal_id, touch_id FROM attribution GROUP BY deal_id, touch_id HAVING COUNT(*) > 1) x;

-- key of campaigns: 0 .. 0
SELECT COUNT(*) FROM (SELECT campaign_id FROM campaigns GROUP BY campaign_id HAVING COUNT(*) > 1) x;

-- key of web_daily: 0 .. 0
SELECT COUNT(*) FROM (SELECT date, channel, region FROM web_daily GROUP BY date, channel, region HAVING COUNT(*) > 1) x;

-- key of finance_monthly: 0 .. 0
SELECT COUNT(*) FROM (SELECT month, cost_center FROM finance_monthly GROUP BY month, cost_center HAVING COUNT(*) > 1) x;

-- key of load_log: 0 .. 0
SELECT COUNT(*) FROM (SELECT source, table_name, load_date FROM load_log GROUP BY source, table_name, load_date HAVING COUNT(*) > 1) x;

-- mrr_movements.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM mrr_movements a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- accounts.owner_rep_id names reps: 0 .. 0
SELECT COUNT(*) FROM accounts a WHERE a.owner_rep_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reps b WHERE b.rep_id = a.owner_rep_id);

-- locations.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM locations a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- devices.location_id names locations: 0 .. 0
SELECT COUNT(*) FROM devices a WHERE a.location_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM locations b WHERE b.location_id = a.location_id);

-- devices.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM devices a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- device_monthly.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM device_monthly a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- device_incidents.device_id names devices: 0 .. 0
SELECT COUNT(*) FROM device_incidents a WHERE a.device_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM devices b WHERE b.device_id = a.device_id);

-- device_incidents.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM device_incidents a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- users.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM users a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- user_monthly.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM user_monthly a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- subscriptions.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM subscriptions a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- invoices.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM invoices a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- invoices.subscription_id names subscriptions: 0 .. 0
SELECT COUNT(*) FROM invoices a WHERE a.subscription_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM subscriptions b WHERE b.subscription_id = a.subscription_id);

-- payments.invoice_id names invoices: 0 .. 0
SELECT COUNT(*) FROM payments a WHERE a.invoice_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoices b WHERE b.invoice_id = a.invoice_id);

-- payments.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM payments a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- tickets.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM tickets a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- surveys.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM surveys a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- csm_activities.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM csm_activities a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- deals.account_id names accounts: 0 .. 0
SELECT COUNT(*) FROM deals a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.account_id = a.account_id);

-- deals.rep_id names reps: 0 .. 0
SELECT COUNT(*) FROM deals a WHERE a.rep_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reps b WHERE b.rep_id = a.rep_id);

-- deals.territory_id names territories: 0 .. 0
SELECT COUNT(*) FROM deals a WHERE a.territory_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM territories b WHERE b.territory_id = a.territory_id);

-- deal_stage_history.rep_id names reps: 0 .. 0
SELECT COUNT(*) FROM deal_stage_history a WHERE a.rep_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reps b WHERE b.rep_id = a.rep_id);

-- reps.territory_id names territories: 0 .. 0
SELECT COUNT(*) FROM reps a WHERE a.territory_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM territories b WHERE b.territory_id = a.territory_id);

-- rep_monthly.territory_id names territories: 0 .. 0
SELECT COUNT(*) FROM rep_monthly a WHERE a.territory_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM territories b WHERE b.territory_id = a.territory_id);

-- leads.campaign_id names campaigns: 0 .. 0
SELECT COUNT(*) FROM leads a WHERE a.campaign_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM campaigns b WHERE b.campaign_id = a.campaign_id);

-- leads.deal_id names deals: 0 .. 0
SELECT COUNT(*) FROM leads a WHERE a.deal_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deals b WHERE b.deal_id = a.deal_id);

-- touchpoints.lead_id names leads: 0 .. 0
SELECT COUNT(*) FROM touchpoints a WHERE a.lead_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM leads b WHERE b.lead_id = a.lead_id);

-- touchpoints.campaign_id names campaigns: 0 .. 0
SELECT COUNT(*) FROM touchpoints a WHERE a.campaign_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM campaigns b WHERE b.campaign_id = a.campaign_id);

-- attribution.lead_id names leads: 0 .. 0
SELECT COUNT(*) FROM attribution a WHERE a.lead_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM leads b WHERE b.lead_id = a.lead_id);

-- attribution.campaign_id names campaigns: 0 .. 0
SELECT COUNT(*) FROM attribution a WHERE a.campaign_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM campaigns b WHERE b.campaign_id = a.campaign_id);

-- == future

-- tickets.created_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM tickets WHERE created_date > DATE '2025-11-30';

-- tickets.solved_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM tickets WHERE solved_date > DATE '2025-11-30';

-- invoices.invoice_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM invoices WHERE invoice_date > DATE '2025-11-30';

-- invoices.paid_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM invoices WHERE paid_date > DATE '2025-11-30';

-- payments.attempt_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM payments WHERE attempt_date > DATE '2025-11-30';

-- leads.created_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM leads WHERE created_date > DATE '2025-11-30';

-- leads.won_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM leads WHERE won_date > DATE '2025-11-30';

-- touchpoints.touch_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM touchpoints WHERE touch_date > DATE '2025-11-30';

-- users.activated_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM users WHERE activated_date > DATE '2025-11-30';

-- deals.created_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM deals WHERE created_date > DATE '2025-11-30';

-- deals.closed_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM deals WHERE closed_date > DATE '2025-11-30';

-- device_incidents.started_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM device_incidents WHERE started_date > DATE '2025-11-30';

-- surveys.response_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM surveys WHERE response_date > DATE '2025-11-30';

-- mrr_movements.movement_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM mrr_movements WHERE movement_date > DATE '2025-11-30';

-- locations.closed_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM locations WHERE closed_date > DATE '2025-11-30';

-- devices.retired_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM devices WHERE retired_date > DATE '2025-11-30';

-- devices.last_seen_date after the data date: 0 .. 0, dropped and never moved
SELECT COUNT(*) FROM devices WHERE last_seen_date > DATE '2025-11-30';

-- tickets of the last day against the week before: 0.2 .. 2.2, no spike on the last day
SELECT CAST(SUM(CASE WHEN created_date = DATE '2025-11-30' THEN 1 ELSE 0 END) AS DOUBLE) / (SUM(CASE WHEN created_date = DATE '2025-11-23' THEN 1 ELSE 0 END)) FROM tickets WHERE month = DATE '2025-11-01';

-- leads of the last day against the week before: 0.2 .. 2.2, no spike on the last day
SELECT CAST(SUM(CASE WHEN created_date = DATE '2025-11-30' THEN 1 ELSE 0 END) AS DOUBLE) / (SUM(CASE WHEN created_date = DATE '2025-11-23' THEN 1 ELSE 0 END)) FROM leads WHERE month = DATE '2025-11-01';

-- touchpoints of the last day against the week before: 0.2 .. 2.2, no spike on the last day
SELECT CAST(SUM(CASE WHEN touch_date = DATE '2025-11-30' THEN 1 ELSE 0 END) AS DOUBLE) / (SUM(CASE WHEN touch_date = DATE '2025-11-23' THEN 1 ELSE 0 END)) FROM touchpoints WHERE month = DATE '2025-11-01';

-- == shares

-- accounts.segment is smb: 0.79 .. 0.81
SELECT AVG(CASE WHEN segment = 'smb' THEN 1.0 ELSE 0.0 END) FROM accounts;

-- accounts.segment is mid_market: 0.15 .. 0.17
SELECT AVG(CASE WHEN segment = 'mid_market' THEN 1.0 ELSE 0.0 END) FROM accounts;

-- accounts.segment is enterprise: 0.03 .. 0.05
SELECT AVG(CASE WHEN segment = 'enterprise' THEN 1.0 ELSE 0.0 END) FROM accounts;

-- accounts.region is na: 0.445 .. 0.475
SELECT AVG(CASE WHEN region = 'na' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.region is emea: 0.285 .. 0.315
SELECT AVG(CASE WHEN region = 'emea' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.region is apac: 0.135 .. 0.165
SELECT AVG(CASE WHEN region = 'apac' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.region is latam: 0.075 .. 0.105
SELECT AVG(CASE WHEN region = 'latam' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.industry is restaurant: 0.205 .. 0.235
SELECT AVG(CASE WHEN industry = 'restaurant' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.industry is retail: 0.185 .. 0.215
SELECT AVG(CASE WHEN industry = 'retail' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.industry is fitness: 0.105 .. 0.135
SELECT AVG(CASE WHEN industry = 'fitness' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.industry is beauty: 0.105 .. 0.135
SELECT AVG(CASE WHEN industry = 'beauty' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.industry is hospitality: 0.085 .. 0.115
SELECT AVG(CASE WHEN industry = 'hospitality' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.industry is healthcare: 0.085 .. 0.115
SELECT AVG(CASE WHEN industry = 'healthcare' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.industry is services: 0.065 .. 0.095
SELECT AVG(CASE WHEN industry = 'services' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.industry is education: 0.045 .. 0.075
SELECT AVG(CASE WHEN industry = 'education' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) <> 11;

-- accounts.acq_channel is paid_search: 0.195 .. 0.225
SELECT AVG(CASE WHEN acq_channel = 'paid_search' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.acq_channel is organic: 0.185 .. 0.215
SELECT AVG(CASE WHEN acq_channel = 'organic' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.acq_channel is partner: 0.115 .. 0.145
SELECT AVG(CASE WHEN acq_channel = 'partner' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.acq_channel is paid_social: 0.105 .. 0.135
SELECT AVG(CASE WHEN acq_channel = 'paid_social' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.acq_channel is referral: 0.085 .. 0.115
SELECT AVG(CASE WHEN acq_channel = 'referral' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.acq_channel is outbound: 0.075 .. 0.105
SELECT AVG(CASE WHEN acq_channel = 'outbound' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.acq_channel is events: 0.065 .. 0.095
SELECT AVG(CASE WHEN acq_channel = 'events' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.acq_channel is email: 0.055 .. 0.085
SELECT AVG(CASE WHEN acq_channel = 'email' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-02-01';

-- accounts.plan is starter: 0.52 .. 0.58
SELECT AVG(CASE WHEN plan = 'starter' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'smb';

-- accounts.plan is growth: 0.35 .. 0.41
SELECT AVG(CASE WHEN plan = 'growth' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'smb';

-- accounts.plan is pro: 0.04 .. 0.1
SELECT AVG(CASE WHEN plan = 'pro' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'smb';

-- accounts.plan is pro: 0.47 .. 0.53
SELECT AVG(CASE WHEN plan = 'pro' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'mid_market';

-- accounts.plan is growth: 0.32 .. 0.38
SELECT AVG(CASE WHEN plan = 'growth' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'mid_market';

-- accounts.plan is enterprise: 0.67 .. 0.73
SELECT AVG(CASE WHEN plan = 'enterprise' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'enterprise';

-- accounts.plan is pro: 0.22 .. 0.28
SELECT AVG(CASE WHEN plan = 'pro' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'enterprise';

-- accounts.billing_period is annual: 0.19 .. 0.25
SELECT AVG(CASE WHEN billing_period = 'annual' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'smb';

-- accounts.billing_period is annual: 0.52 .. 0.58
SELECT AVG(CASE WHEN billing_period = 'annual' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'mid_market';

-- accounts.billing_period is annual: 0.82 .. 0.88
SELECT AVG(CASE WHEN billing_period = 'annual' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE segment = 'enterprise';

-- locations of smb: 1.079 .. 1.241, 1.16 on average
SELECT AVG(locations_count) FROM accounts WHERE segment = 'smb';

-- locations of mid_market: 2.232 .. 2.568, 2.4 on average
SELECT AVG(locations_count) FROM accounts WHERE segment = 'mid_market';

-- locations of enterprise: 6.51 .. 7.49, 7.0 on average
SELECT AVG(locations_count) FROM accounts WHERE segment = 'enterprise';

-- devices of a location: 1.95 .. 2.05, 1 + Poisson(1)
SELECT AVG(devices_count) FROM locations;

-- median first MRR of starter with one site and monthly bills: 74.3 .. 83.7, 79 USD
SELECT MEDIAN(m.mrr_delta_usd) FROM mrr_movements m JOIN accounts a ON a.account_id = m.account_id WHERE m.movement_type = 'new' AND a.plan = 'starter' AND a.locations_count = 1 AND a.billing_period = 'monthly';

-- median first MRR of growth with one site and monthly bills: 205.9 .. 232.1, 219 USD
SELECT MEDIAN(m.mrr_delta_usd) FROM mrr_movements m JOIN accounts a ON a.account_id = m.account_id WHERE m.movement_type = 'new' AND a.plan = 'growth' AND a.locations_count = 1 AND a.billing_period = 'monthly';

-- median first MRR of pro with one site and monthly bills: 554.6 .. 625.4, 590 USD
SELECT MEDIAN(m.mrr_delta_usd) FROM mrr_movements m JOIN accounts a ON a.account_id = m.account_id WHERE m.movement_type = 'new' AND a.plan = 'pro' AND a.locations_count = 1 AND a.billing_period = 'monthly';

-- signups of 2025-03 against 2025-06: 1.08 .. 1.22, March +10 %; June -2 %
SELECT SUM(CASE WHEN signup_month = DATE '2025-03-01' THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN signup_month = DATE '2025-06-01' THEN 1.0 ELSE 0.0 END) FROM accounts;

-- signups of December against November: 0.8 .. 0.92, December -15 %
SELECT SUM(CASE WHEN EXTRACT(month FROM signup_month) = 12 THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN EXTRACT(month FROM signup_month) = 11 THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month < DATE '2025-01-01';

-- subscriptions of an account: 1.23 .. 1.27, 1.25 on average
SELECT CAST(COUNT(*) AS DOUBLE) / COUNT(DISTINCT account_id) FROM subscriptions;

-- share of deals that are lost in the first stage: 0.15 .. 0.25
SELECT AVG(CASE WHEN lost_stage = 'qualified' THEN 1.0 ELSE 0.0 END) FROM deals WHERE is_lost;

-- win rate of new business in smb: 0.26499999999999996 .. 0.315
SELECT AVG(CASE WHEN is_won THEN 1.0 ELSE 0.0 END) FROM deals WHERE NOT is_open AND deal_type = 'new_business' AND segment = 'smb';

-- win rate of new business in mid_market: 0.215 .. 0.265
SELECT AVG(CASE WHEN is_won THEN 1.0 ELSE 0.0 END) FROM deals WHERE NOT is_open AND deal_type = 'new_business' AND segment = 'mid_market';

-- win rate of new business in enterprise: 0.165 .. 0.215
SELECT AVG(CASE WHEN is_won THEN 1.0 ELSE 0.0 END) FROM deals WHERE NOT is_open AND deal_type = 'new_business' AND segment = 'enterprise';

-- median cycle of smb: 16.15 .. 21.849999999999998
SELECT MEDIAN(cycle_days) FROM deals WHERE is_won AND deal_type = 'new_business' AND segment = 'smb';

-- median cycle of mid_market: 40.8 .. 55.199999999999996
SELECT MEDIAN(cycle_days) FROM deals WHERE is_won AND deal_type = 'new_business' AND segment = 'mid_market';

-- median cycle of enterprise: 83.3 .. 112.69999999999999
SELECT MEDIAN(cycle_days) FROM deals WHERE is_won AND deal_type = 'new_business' AND segment = 'enterprise';

-- leads a month: 10500 .. 13000, about 11 500 without a deal and those with
SELECT COUNT(*) / 24.0 FROM leads;

-- leads without a deal: 0.9 .. 0.95
SELECT AVG(CASE WHEN deal_id IS NULL THEN 1.0 ELSE 0.0 END) FROM leads;

-- median days from lead to deal: 10 .. 12, 11
SELECT MEDIAN(days_to_opp) FROM leads WHERE created_date < DATE '2025-09-01';

-- first touch on the channel of the lead: 0 .. 0
SELECT COUNT(*) FROM touchpoints t JOIN leads l ON l.lead_id = t.lead_id WHERE t.position = 1 AND t.channel <> l.channel;

-- always-on part of spend: 0.64 .. 0.76, 70 %
SELECT SUM(CASE WHEN campaign_name LIKE '%always on%' THEN spend_usd ELSE 0 END) / SUM(spend_usd) FROM campaigns;

-- median minutes of an incident: 140 .. 156, 148
SELECT MEDIAN(duration_minutes) FROM device_incidents;

-- weekend against working day: 0.4 .. 0.6, 0.45
SELECT AVG(CASE WHEN NOT c.is_business_day THEN d.n END) / AVG(CASE WHEN c.is_business_day THEN d.n END) FROM (SELECT date, SUM(dau) AS n FROM product_daily GROUP BY date) d JOIN calendar c ON c.date = d.date WHERE d.date < DATE '2024-12-15';

-- education in July against May: 0.45 .. 0.8, schools rest in summer
SELECT SUM(CASE WHEN month = DATE '2025-07-01' THEN active_users END) * 1.0 / SUM(CASE WHEN month = DATE '2025-05-01' THEN active_users END) FROM account_monthly WHERE industry = 'education';

-- the same a year before: 0.45 .. 0.85
SELECT SUM(CASE WHEN month = DATE '2024-07-01' THEN active_users END) * 1.0 / SUM(CASE WHEN month = DATE '2024-05-01' THEN active_users END) FROM account_monthly WHERE industry = 'education';

-- cogs as a share of MRR today: 0.22089999999999999 .. 0.2491
SELECT (SELECT amount_usd FROM finance_monthly WHERE month = DATE '2025-11-01' AND cost_center = 'cogs') / SUM(mrr_usd) FROM account_monthly WHERE month = DATE '2025-11-01';

-- sales as a share of MRR today: 0.2538 .. 0.2862
SELECT (SELECT amount_usd FROM finance_monthly WHERE month = DATE '2025-11-01' AND cost_center = 'sales') / SUM(mrr_usd) FROM account_monthly WHERE month = DATE '2025-11-01';

-- marketing as a share of MRR today: 0.141 .. 0.159
SELECT (SELECT amount_usd FROM finance_monthly WHERE month = DATE '2025-11-01' AND cost_center = 'marketing') / SUM(mrr_usd) FROM account_monthly WHERE month = DATE '2025-11-01';

-- rnd as a share of MRR today: 0.22559999999999997 .. 0.2544
SELECT (SELECT amount_usd FROM finance_monthly WHERE month = DATE '2025-11-01' AND cost_center = 'rnd') / SUM(mrr_usd) FROM account_monthly WHERE month = DATE '2025-11-01';

-- g_and_a as a share of MRR today: 0.11279999999999998 .. 0.1272
SELECT (SELECT amount_usd FROM finance_monthly WHERE month = DATE '2025-11-01' AND cost_center = 'g_and_a') / SUM(mrr_usd) FROM account_monthly WHERE month = DATE '2025-11-01';

-- == identities

-- MRR is the sum of all movements: 0 .. 0.01
SELECT ABS((SELECT SUM(mrr_delta_usd) FROM mrr_movements) - SUM(mrr_usd)) FROM account_monthly WHERE month = DATE '2025-11-01';

-- months in which the MRR bridge breaks: 0 .. 0
WITH a AS (SELECT month, SUM(mrr_usd) - SUM(mrr_1m_ago_usd) AS d FROM account_monthly GROUP BY month), b AS (SELECT month, SUM(mrr_delta_usd) AS d2 FROM mrr_movements GROUP BY month) SELECT COUNT(*) FROM a JOIN b ON a.month = b.month WHERE ABS(a.d - b.d2) > 0.01;

-- months in which the bridge of accounts breaks: 0 .. 0, accounts that churn twice stay in the panel
WITH a AS (SELECT month, SUM(CASE WHEN status = 'active' THEN 1 ELSE 0 END) - SUM(CASE WHEN mrr_1m_ago_usd > 0 THEN 1 ELSE 0 END) AS d FROM account_monthly GROUP BY month), b AS (SELECT month, SUM(CASE WHEN movement_type IN ('new', 'reactivation') THEN 1 WHEN movement_type = 'churn' THEN -1 ELSE 0 END) AS d2 FROM mrr_movements GROUP BY month) SELECT COUNT(*) FROM a JOIN b ON a.month = b.month WHERE a.d <> b.d2;

-- accounts whose subscriptions do not add up: 0 .. 0
SELECT COUNT(*) FROM (SELECT account_id, SUM(mrr_usd) AS m FROM subscriptions GROUP BY account_id) s JOIN accounts a ON a.account_id = s.account_id WHERE ABS(s.m - a.mrr_usd) > 0.005;

-- tickets counted two ways: 0 .. 0
SELECT (SELECT COUNT(*) FROM tickets) - (SELECT SUM(tickets) FROM account_monthly);

-- monthly active users counted two ways: 0 .. 0
SELECT (SELECT COUNT(*) FROM user_monthly) - (SELECT SUM(active_users) FROM account_monthly);

-- sessions counted two ways: 0 .. 0
SELECT (SELECT SUM(sessions) FROM user_monthly) - (SELECT SUM(sessions) FROM account_monthly);

-- events counted two ways: 0 .. 0
SELECT (SELECT SUM(events) FROM user_monthly) - (SELECT SUM(events) FROM account_monthly);

-- events by day counted two ways: 0 .. 0
SELECT (SELECT SUM(events) FROM product_daily) - (SELECT SUM(events) FROM user_monthly);

-- active days counted two ways: 0 .. 0
SELECT (SELECT SUM(dau) FROM product_daily) - (SELECT SUM(active_days) FROM user_monthly);

-- incidents counted two ways: 0 .. 0
SELECT (SELECT COUNT(*) FROM device_incidents) - (SELECT SUM(incidents) FROM device_monthly);

-- incidents of accounts counted two ways: 0 .. 0
SELECT (SELECT SUM(device_incidents) FROM account_monthly) - (SELECT SUM(incidents) FROM device_monthly);

-- incidents by day counted two ways: 0 .. 0
SELECT (SELECT SUM(incidents) FROM device_daily) - (SELECT SUM(incidents) FROM device_monthly);

-- features in use counted two ways: 0 .. 0
SELECT (SELECT SUM(accounts_using) FROM feature_monthly) - (SELECT SUM(features_used) FROM account_monthly);

-- leads of campaigns counted two ways: 0 .. 0
SELECT (SELECT SUM(leads) FROM campaigns) - (SELECT COUNT(campaign_id) FROM leads);

-- devices counted two ways: 0 .. 0
SELECT (SELECT COUNT(*) FROM devices) - (SELECT SUM(devices_count) FROM locations);

-- locations counted two ways: 0 .. 0
SELECT (SELECT COUNT(*) FROM locations) - (SELECT SUM(locations_count) FROM accounts);

-- users counted two ways: 0 .. 0
SELECT (SELECT COUNT(*) FROM users) - (SELECT SUM(users_count) FROM accounts);

-- bookings, added up two ways: -0.01 .. 0.01
SELECT (SELECT SUM(amount_usd) FROM deals WHERE is_won) - (SELECT SUM(bookings_usd) FROM rep_monthly);

-- campaign spend, added up two ways: -0.01 .. 0.01
SELECT (SELECT SUM(spend_usd) FROM campaigns) - (SELECT SUM(spend_usd) FROM campaign_daily);

-- first against linear attribution, added up two ways: -0.01 .. 0.01
SELECT (SELECT SUM(amount_usd * w_first) FROM attribution WHERE is_won) - (SELECT SUM(amount_usd * w_linear) FROM attribution WHERE is_won);

-- last against time decay, added up two ways: -0.01 .. 0.01
SELECT (SELECT SUM(amount_usd * w_last) FROM attribution WHERE is_won) - (SELECT SUM(amount_usd * w_time_decay) FROM attribution WHERE is_won);

-- position against linear, added up two ways: -0.01 .. 0.01
SELECT (SELECT SUM(amount_usd * w_position) FROM attribution WHERE is_won) - (SELECT SUM(amount_usd * w_linear) FROM attribution WHERE is_won);

-- failed payments of accounts without a failed attempt: 0 .. 0
SELECT COUNT(*) FROM (SELECT account_id, month FROM account_monthly WHERE payment_failures > 0) a WHERE NOT EXISTS (SELECT 1 FROM invoices i WHERE i.account_id = a.account_id AND i.month = a.month AND (i.attempt_count <> 1 OR i.status = 'open'));

-- stages that do not follow one another: 0 .. 0
SELECT COUNT(*) FROM deal_stage_history a JOIN deal_stage_history b ON a.deal_id = b.deal_id AND b.stage_order = a.stage_order + 1 WHERE a.exited_date <> b.entered_date;

-- open deals of the last Sunday against those of today: 0 .. 0
SELECT (SELECT SUM(open_deals) FROM pipeline_weekly WHERE snapshot_date = DATE '2025-11-30') - (SELECT COUNT(*) FROM deals WHERE is_open);

-- use of a feature before its release: 0 .. 0
SELECT COUNT(*) FROM feature_monthly m JOIN features f ON f.feature_id = m.feature_id WHERE m.month < DATE '2020-01-01' OR (f.released_date >= DATE '2024-02-01' AND m.month < f.released_date);

-- == world

-- active accounts today: 14443.3 .. 15336.7, 14 890
SELECT COUNT(*) FROM accounts WHERE status = 'active';

-- share of locations that are active: 0.72 .. 0.77, 22 855 of 30 606
SELECT AVG(CASE WHEN status = 'active' THEN 1.0 ELSE 0.0 END) FROM locations;

-- MRR today: 8010000.0 .. 9790000.0, 8.9 M
SELECT SUM(mrr_usd) FROM accounts;

-- ARPA of smb: 180 .. 244, 212 USD
SELECT AVG(mrr_usd) FROM accounts WHERE status = 'active' AND segment = 'smb';

-- ARPA of mid_market: 926 .. 1254, 1090 USD
SELECT AVG(mrr_usd) FROM accounts WHERE status = 'active' AND segment = 'mid_market';

-- ARPA of enterprise: 4493 .. 6079, 5286 USD
SELECT AVG(mrr_usd) FROM accounts WHERE status = 'active' AND segment = 'enterprise';

-- share of smb in MRR: 0.22000000000000003 .. 0.32
SELECT SUM(CASE WHEN segment = 'smb' THEN mrr_usd END) / SUM(mrr_usd) FROM accounts;

-- share of mid_market in MRR: 0.27 .. 0.37
SELECT SUM(CASE WHEN segment = 'mid_market' THEN mrr_usd END) / SUM(mrr_usd) FROM accounts;

-- share of enterprise in MRR: 0.35000000000000003 .. 0.45
SELECT SUM(CASE WHEN segment = 'enterprise' THEN mrr_usd END) / SUM(mrr_usd) FROM accounts;

-- monthly logo churn of smb: 0.0098 .. 0.0189, 0.014
SELECT SUM(CASE WHEN churned_this_month THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN mrr_1m_ago_usd > 0 THEN 1 ELSE 0 END) FROM account_monthly WHERE segment = 'smb';

-- monthly logo churn of mid_market: 0.0056 .. 0.0108, 0.008
SELECT SUM(CASE WHEN churned_this_month THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN mrr_1m_ago_usd > 0 THEN 1 ELSE 0 END) FROM account_monthly WHERE segment = 'mid_market';

-- monthly logo churn of enterprise: 0.0042 .. 0.008100000000000001, 0.006
SELECT SUM(CASE WHEN churned_this_month THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN mrr_1m_ago_usd > 0 THEN 1 ELSE 0 END) FROM account_monthly WHERE segment = 'enterprise';

-- NRR today: 0.93 .. 0.99, 95 to 97 %
SELECT SUM(mrr_usd) / SUM(mrr_12m_ago_usd) FROM account_monthly WHERE month = DATE '2025-11-01' AND mrr_12m_ago_usd > 0;

-- GRR today: 0.85 .. 0.91, 88 to 89 %
SELECT SUM(LEAST(mrr_usd, mrr_12m_ago_usd)) / SUM(mrr_12m_ago_usd) FROM account_monthly WHERE month = DATE '2025-11-01' AND mrr_12m_ago_usd > 0;

-- logo retention today: 0.83 .. 0.88, 85 to 86 %
SELECT AVG(CASE WHEN mrr_usd > 0 THEN 1.0 ELSE 0.0 END) FROM account_monthly WHERE month = DATE '2025-11-01' AND mrr_12m_ago_usd > 0;

-- stickiness today: 0.28 .. 0.34, 31 %
SELECT SUM(active_days) / 30.0 / COUNT(*) FROM user_monthly WHERE month = DATE '2025-11-01';

-- uptime today: 0.999 .. 0.9997, 99.93 %
SELECT 1 - CAST(SUM(offline_minutes) AS DOUBLE) / SUM(expected_minutes) FROM device_monthly WHERE month = DATE '2025-11-01';

-- median first response: 185 .. 235, 190 to 225 minutes
SELECT MEDIAN(first_response_minutes) FROM tickets;

-- CSAT: 0.8 .. 0.87, 80 to 86 %
SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL;

-- NPS: 6 .. 30
SELECT 100.0 * (SUM(CASE WHEN score >= 9 THEN 1 ELSE 0 END) - SUM(CASE WHEN score <= 6 THEN 1 ELSE 0 END)) / COUNT(*) FROM surveys WHERE survey_type = 'nps';

-- MQL to SQL in 60 days: 0.32 .. 0.44, 32 to 41 %
SELECT AVG(CASE WHEN days_mql_to_sql <= 60 THEN 1.0 ELSE 0.0 END) FROM leads WHERE mql_month BETWEEN DATE '2024-06-01' AND DATE '2025-08-01';

-- SQL to deal: 0.42 .. 0.55, 42 to 53 %
SELECT AVG(CASE WHEN opp_date IS NOT NULL THEN 1.0 ELSE 0.0 END) FROM leads WHERE sql_month BETWEEN DATE '2024-06-01' AND DATE '2025-08-01';

-- pipeline coverage today: 2.2 .. 4.5, 2.8 to 4.3
SELECT (SELECT SUM(open_amount_usd) FROM pipeline_weekly WHERE month = DATE '2025-11-01' AND is_month_last) / SUM(quota_usd) FROM rep_monthly WHERE month >= DATE '2025-09-01';

-- least attainment of a month: 0.55 .. 0.95
SELECT MIN(a) FROM (SELECT SUM(bookings_usd) / SUM(quota_usd) AS a FROM rep_monthly GROUP BY month) x;

-- failed share of payments, usually: 0.045 .. 0.07, 5.6 %
SELECT AVG(CASE WHEN status = 'failed' THEN 1.0 ELSE 0.0 END) FROM payments WHERE month <> DATE '2024-11-01';

-- recovered share of dunning: 0.52 .. 0.7, 62 %
SELECT AVG(CASE WHEN status = 'paid' THEN 1.0 ELSE 0.0 END) FROM invoices WHERE attempt_count > 1 AND month < DATE '2025-11-01';

-- devices online with the current firmware: 0.45 .. 0.56, 50 %
SELECT AVG(CASE WHEN firmware = '5.0.2' THEN 1.0 ELSE 0.0 END) FROM devices WHERE status = 'online';

-- loads on time: 0.985 .. 1
SELECT AVG(CASE WHEN lag_minutes <= sla_minutes AND status = 'ok' THEN 1.0 ELSE 0.0 END) FROM load_log;

-- leads with a high score: 0.11 .. 0.2, 15 %
SELECT AVG(CASE WHEN lead_score >= 60 THEN 1.0 ELSE 0.0 END) FROM leads;

-- a high score in deals against none: 2.0 .. 6.0, a model can learn it
SELECT AVG(CASE WHEN deal_id IS NOT NULL THEN CASE WHEN lead_score >= 60 THEN 1.0 ELSE 0.0 END END) / AVG(CASE WHEN deal_id IS NULL THEN CASE WHEN lead_score >= 60 THEN 1.0 ELSE 0.0 END END) FROM leads;

-- == causes

-- T01 payments during the outage: 2.5 .. 8, daily rate x 4
SELECT AVG(CASE WHEN attempt_date BETWEEN DATE '2024-11-18' AND DATE '2024-11-20' THEN CASE WHEN status = 'failed' THEN 1.0 ELSE 0.0 END END) / AVG(CASE WHEN attempt_date < DATE '2024-11-18' THEN CASE WHEN status = 'failed' THEN 1.0 ELSE 0.0 END END) FROM payments WHERE month BETWEEN DATE '2024-09-01' AND DATE '2024-11-01';

-- T01 payments of the month: 1.25 .. 1.8, 5.6 to 8.4 %
SELECT AVG(CASE WHEN month = DATE '2024-11-01' THEN CASE WHEN status = 'failed' THEN 1.0 ELSE 0.0 END END) / AVG(CASE WHEN month <> DATE '2024-11-01' THEN CASE WHEN status = 'failed' THEN 1.0 ELSE 0.0 END END) FROM payments;

-- T02 incidents of hub-x2 in 2025-03: 15 .. 25, 19.8 per 100 devices
SELECT (SELECT COUNT(*) FROM device_incidents WHERE device_model = 'hub-x2' AND month = DATE '2025-03-01') * 100.0 / (SELECT COUNT(*) FROM device_monthly WHERE device_model = 'hub-x2' AND month = DATE '2025-03-01');

-- T02 the month before: 3.2 .. 6.5, 4.5
SELECT (SELECT COUNT(*) FROM device_incidents WHERE device_model = 'hub-x2' AND month = DATE '2025-02-01') * 100.0 / (SELECT COUNT(*) FROM device_monthly WHERE device_model = 'hub-x2' AND month = DATE '2025-02-01');

-- T02 other models in 2025-03: 0.8 .. 1.25
SELECT AVG(CASE WHEN month = DATE '2025-03-01' THEN n END) / AVG(CASE WHEN month = DATE '2025-02-01' THEN n END) FROM (SELECT month, COUNT(*) * 1.0 AS n FROM device_incidents WHERE device_model <> 'hub-x2' AND month IN (DATE '2025-02-01', DATE '2025-03-01') GROUP BY month) x;

-- T02 most of them from the 4th to the 19th: 0.75 .. 1
SELECT AVG(CASE WHEN started_date BETWEEN DATE '2025-03-04' AND DATE '2025-03-19' THEN 1.0 ELSE 0.0 END) FROM device_incidents WHERE device_model = 'hub-x2' AND month = DATE '2025-03-01';

-- T03 device tickets of 2025-03: 1.4 .. 2.6
SELECT AVG(CASE WHEN month = DATE '2025-03-01' THEN CASE WHEN category = 'device' THEN 1.0 ELSE 0.0 END END) / AVG(CASE WHEN month <> DATE '2025-03-01' THEN CASE WHEN category = 'device' THEN 1.0 ELSE 0.0 END END) FROM tickets;

-- T04 churn of starter after the price rise: 1.25 .. 2.2, 1.4 to 2.1 % a month
SELECT (SUM(CASE WHEN churned_this_month AND month BETWEEN DATE '2025-02-01' AND DATE '2025-04-01' THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN mrr_1m_ago_usd > 0 AND month BETWEEN DATE '2025-02-01' AND DATE '2025-04-01' THEN 1 ELSE 0 END)) / (SUM(CASE WHEN churned_this_month AND month NOT BETWEEN DATE '2025-02-01' AND DATE '2025-04-01' THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN mrr_1m_ago_usd > 0 AND month NOT BETWEEN DATE '2025-02-01' AND DATE '2025-04-01' THEN 1 ELSE 0 END)) FROM account_monthly WHERE plan = 'starter';

-- T05 expansions of 2025-10 against the months around: 0.3 .. 0.72, x 0.45
SELECT SUM(CASE WHEN month = DATE '2025-10-01' THEN mrr_delta_usd END) * 3 / SUM(CASE WHEN month <> DATE '2025-10-01' THEN mrr_delta_usd END) FROM mrr_movements WHERE movement_type = 'expansion' AND month IN (DATE '2025-08-01', DATE '2025-09-01', DATE '2025-10-01', DATE '2025-11-01');

-- T06 paid-social leads of the slump: 0.42 .. 0.68, -47 %
SELECT (SELECT COUNT(*) / 52.0 FROM leads WHERE channel = 'paid_social' AND created_date BETWEEN DATE '2025-06-10' AND DATE '2025-07-31') / (COUNT(*) / 70.0) FROM leads WHERE channel = 'paid_social' AND created_date BETWEEN DATE '2025-04-01' AND DATE '2025-06-09';

-- T07 cost of a paid-social lead in 2025-07: 1.45 .. 2.6, +70 % or more
WITH l AS (SELECT month, COUNT(*) AS n FROM leads WHERE channel = 'paid_social' GROUP BY month), s AS (SELECT month, SUM(spend_usd) AS usd FROM campaign_daily WHERE channel = 'paid_social' GROUP BY month), c AS (SELECT l.month, usd / n AS cpl FROM l JOIN s ON l.month = s.month) SELECT (SELECT cpl FROM c WHERE month = DATE '2025-07-01') / AVG(cpl) FROM c WHERE month BETWEEN DATE '2025-02-01' AND DATE '2025-05-01';

-- T08 users in Latin America on the day of the outage: 0.4 .. 0.65, -48 %
SELECT (SELECT SUM(dau) FROM product_daily WHERE region = 'latam' AND date = DATE '2024-09-12') * 2.0 / SUM(dau) FROM product_daily WHERE region = 'latam' AND date IN (DATE '2024-09-05', DATE '2024-09-19');

-- T09 errors on Android after the bad release: 4.5 .. 7.5, x 6
SELECT AVG(CASE WHEN date BETWEEN DATE '2025-07-08' AND DATE '2025-07-10' THEN e END) / AVG(CASE WHEN date < DATE '2025-07-08' THEN e END) FROM (SELECT date, SUM(error_events) * 1.0 / SUM(events) AS e FROM product_daily WHERE platform = 'android' AND month IN (DATE '2025-06-01', DATE '2025-07-01') GROUP BY date) x;

-- T10 forms from search since the new pages: 1.18 .. 1.32, +25 %
SELECT (SUM(CASE WHEN date >= DATE '2025-08-01' THEN form_submits END) * 1.0 / SUM(CASE WHEN date >= DATE '2025-08-01' THEN sessions END)) / (SUM(CASE WHEN date < DATE '2025-08-01' THEN form_submits END) * 1.0 / SUM(CASE WHEN date < DATE '2025-08-01' THEN sessions END)) FROM web_daily WHERE channel = 'organic';

-- T11 first answers in Europe: 1.4 .. 1.75, +55 to 60 %
SELECT (SELECT MEDIAN(first_response_minutes) FROM tickets WHERE region = 'emea' AND month BETWEEN DATE '2025-04-01' AND DATE '2025-07-01') / MEDIAN(first_response_minutes) FROM tickets WHERE region = 'emea' AND month NOT BETWEEN DATE '2025-04-01' AND DATE '2025-07-01';

-- T11 first answers elsewhere: 0.93 .. 1.07
SELECT (SELECT MEDIAN(first_response_minutes) FROM tickets WHERE region <> 'emea' AND month BETWEEN DATE '2025-04-01' AND DATE '2025-07-01') / MEDIAN(first_response_minutes) FROM tickets WHERE region <> 'emea' AND month NOT BETWEEN DATE '2025-04-01' AND DATE '2025-07-01';

-- T12 answers in time in Europe, in points: -0.25 .. -0.06
SELECT (SELECT AVG(CASE WHEN sla_breached THEN 0.0 ELSE 1.0 END) FROM tickets WHERE region = 'emea' AND month BETWEEN DATE '2025-04-01' AND DATE '2025-07-01') - AVG(CASE WHEN sla_breached THEN 0.0 ELSE 1.0 END) FROM tickets WHERE region = 'emea' AND month NOT BETWEEN DATE '2025-04-01' AND DATE '2025-07-01';

-- T13 smart scheduling before the guide: 0.24 .. 0.38, 30 %
SELECT (SELECT SUM(accounts_using) FROM feature_monthly WHERE feature_key = 'smart_scheduling' AND month = DATE '2025-02-01') * 1.0 / (SELECT COUNT(*) FROM account_monthly WHERE status = 'active' AND month = DATE '2025-02-01');

-- T13 and after it: 0.48 .. 0.66, 58 %
SELECT (SELECT SUM(accounts_using) FROM feature_monthly WHERE feature_key = 'smart_scheduling' AND month = DATE '2025-06-01') * 1.0 / (SELECT COUNT(*) FROM account_monthly WHERE status = 'active' AND month = DATE '2025-06-01');

-- T14 the largest deal: 760000 .. 776000, 768 k
SELECT MAX(amount_usd) FROM deals WHERE is_won AND closed_month = DATE '2025-05-01';

-- T14 bookings of its month against those around: 1.2 .. 2.2, +80 %
SELECT SUM(CASE WHEN month = DATE '2025-05-01' THEN bookings_usd END) * 4 / SUM(CASE WHEN month <> DATE '2025-05-01' THEN bookings_usd END) FROM rep_monthly WHERE month BETWEEN DATE '2025-03-01' AND DATE '2025-07-01';

-- T15 share of the ten largest in 2025-05 in points: 0.003 .. 0.02, +0.8 points
WITH s AS (SELECT month, SUM(CASE WHEN mrr_rank <= 10 THEN mrr_usd ELSE 0 END) / SUM(mrr_usd) AS p FROM account_monthly GROUP BY month) SELECT (SELECT p FROM s WHERE month = DATE '2025-05-01') - (SELECT p FROM s WHERE month = DATE '2025-04-01');

-- T16 ratings in total, in points: -0.065 .. -0.02, -3 to -5
SELECT (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2025-08-01' AND DATE '2025-10-01') - (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2024-08-01' AND DATE '2025-07-01');

-- T16 ratings by email: 0.0 .. 0.09, every channel is better
SELECT (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2025-08-01' AND DATE '2025-10-01' AND channel = 'email') - (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2024-08-01' AND DATE '2025-07-01' AND channel = 'email');

-- T16 ratings by chat: 0.0 .. 0.09, every channel is better
SELECT (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2025-08-01' AND DATE '2025-10-01' AND channel = 'chat') - (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2024-08-01' AND DATE '2025-07-01' AND channel = 'chat');

-- T16 ratings by web: 0.0 .. 0.09, every channel is better
SELECT (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2025-08-01' AND DATE '2025-10-01' AND channel = 'web') - (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2024-08-01' AND DATE '2025-07-01' AND channel = 'web');

-- T16 ratings by phone: 0.0 .. 0.09, every channel is better
SELECT (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2025-08-01' AND DATE '2025-10-01' AND channel = 'phone') - (SELECT AVG(CASE WHEN csat_score >= 4 THEN 1.0 ELSE 0.0 END) FROM tickets WHERE csat_score IS NOT NULL AND month BETWEEN DATE '2024-08-01' AND DATE '2025-07-01' AND channel = 'phone');

-- T17 share of phone before: 0.06 .. 0.1, 8 %
SELECT AVG(CASE WHEN channel = 'phone' THEN 1.0 ELSE 0.0 END) FROM tickets WHERE month BETWEEN DATE '2024-08-01' AND DATE '2025-07-01';

-- T17 and in those months: 0.41 .. 0.47, 44 %
SELECT AVG(CASE WHEN channel = 'phone' THEN 1.0 ELSE 0.0 END) FROM tickets WHERE month BETWEEN DATE '2025-08-01' AND DATE '2025-10-01';

-- T18 place of partners by new MRR: 1 .. 1, number 1
SELECT place FROM (SELECT acq_channel, ROW_NUMBER() OVER (ORDER BY SUM(mrr_delta_usd) DESC) AS place FROM mrr_movements WHERE movement_type = 'new' AND month >= DATE '2025-08-01' GROUP BY acq_channel) x WHERE acq_channel = 'partner';

-- T18 a year before: 2 .. 8
SELECT place FROM (SELECT acq_channel, ROW_NUMBER() OVER (ORDER BY SUM(mrr_delta_usd) DESC) AS place FROM mrr_movements WHERE movement_type = 'new' AND month BETWEEN DATE '2024-08-01' AND DATE '2024-11-01' GROUP BY acq_channel) x WHERE acq_channel = 'partner';

-- T19 new accounts of Asia and the Pacific: 1.35 .. 2.3, 60 to 105 a month
SELECT SUM(CASE WHEN signup_month = DATE '2025-11-01' THEN 1.0 ELSE 0.0 END) * 3 / SUM(CASE WHEN signup_month BETWEEN DATE '2025-03-01' AND DATE '2025-05-01' THEN 1 ELSE 0 END) FROM accounts WHERE region = 'apac';

-- T20 churn in 90 days when usage fell: 0.05 .. 0.14, 9.1 %
SELECT AVG(churn_next_90d) FROM account_monthly WHERE churn_next_90d IS NOT NULL AND usage_trend_3m <= -0.4 AND tenure_months >= 3;

-- T20 and when it did not: 0.012 .. 0.035, 2.3 %
SELECT AVG(churn_next_90d) FROM account_monthly WHERE churn_next_90d IS NOT NULL AND usage_trend_3m BETWEEN -0.1 AND 0.1 AND tenure_months >= 3;

-- T21 accounts of paid social alive after a year: 0.74 .. 0.85, 81 %
SELECT AVG(CASE WHEN mrr_usd > 0 THEN 1.0 ELSE 0.0 END) FROM account_monthly WHERE acq_channel = 'paid_social' AND mrr_12m_ago_usd > 0;

-- T21 accounts of other channels: 0.84 .. 0.91, 88 to 91 %
SELECT AVG(CASE WHEN mrr_usd > 0 THEN 1.0 ELSE 0.0 END) FROM account_monthly WHERE acq_channel <> 'paid_social' AND mrr_12m_ago_usd > 0;

-- T22 month in which ARR passes 100 M: 63 .. 71, 2025-08 is 67
SELECT MIN(m.month_index) FROM (SELECT month FROM account_monthly GROUP BY month HAVING SUM(mrr_usd) * 12 >= 100000000) x JOIN months m ON m.month = x.month;

-- T25 expansions of starter at the price rise: 0.2 .. 0.4, 32 %
SELECT AVG(CASE WHEN expanded_this_month THEN 1.0 ELSE 0.0 END) FROM account_monthly WHERE plan = 'starter' AND mrr_1m_ago_usd > 0 AND month BETWEEN DATE '2024-12-01' AND DATE '2025-02-01';

-- T25 and else: 0.01 .. 0.09, 6 %
SELECT AVG(CASE WHEN expanded_this_month THEN 1.0 ELSE 0.0 END) FROM account_monthly WHERE plan = 'starter' AND mrr_1m_ago_usd > 0 AND month NOT BETWEEN DATE '2024-12-01' AND DATE '2025-02-01';

-- T27 stickiness of starter in points, 8 months: -0.055 .. -0.016, -0.4 a month
SELECT (SELECT SUM(u.active_days) * 1.0 / COUNT(*) / MIN(m.days_in_month) FROM user_monthly u JOIN months m ON m.month = u.month WHERE u.plan = 'starter' AND u.month = DATE '2025-11-01') - (SELECT SUM(u.active_days) * 1.0 / COUNT(*) / MIN(m.days_in_month) FROM user_monthly u JOIN months m ON m.month = u.month WHERE u.plan = 'starter' AND u.month = DATE '2025-03-01');

-- T27 stickiness of pro in points, 8 months: 0.006 .. 0.035, +0.2 a month
SELECT (SELECT SUM(u.active_days) * 1.0 / COUNT(*) / MIN(m.days_in_month) FROM user_monthly u JOIN months m ON m.month = u.month WHERE u.plan = 'pro' AND u.month = DATE '2025-11-01') - (SELECT SUM(u.active_days) * 1.0 / COUNT(*) / MIN(m.days_in_month) FROM user_monthly u JOIN months m ON m.month = u.month WHERE u.plan = 'pro' AND u.month = DATE '2025-03-01');

-- T28 win rate of rep 23: 1.4 .. 2.4, x 1.8
SELECT (SELECT AVG(CASE WHEN is_won THEN 1.0 ELSE 0.0 END) FROM deals WHERE NOT is_open AND rep_id = 23 AND closed_month >= DATE '2025-03-01') / (SELECT AVG(CASE WHEN is_won THEN 1.0 ELSE 0.0 END) FROM deals WHERE NOT is_open AND rep_id = 23 AND closed_month < DATE '2025-03-01');

-- T29 share of retail among those who signed up in November, before 2025: 0.25 .. 0.36, a peak
SELECT AVG(CASE WHEN industry = 'retail' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE EXTRACT(month FROM signup_month) = 11 AND signup_month < DATE '2025-01-01';

-- T29 and in 2025: 0.14 .. 0.25, is missing
SELECT AVG(CASE WHEN industry = 'retail' THEN 1.0 ELSE 0.0 END) FROM accounts WHERE signup_month = DATE '2025-11-01';

-- T30 odds of leaving in a month of downtime in smb: 1.6 .. 6, 1.6 or more
SELECT (SUM(CASE WHEN down AND c THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN down AND NOT c THEN 1 ELSE 0 END)) / (SUM(CASE WHEN NOT down AND c THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN NOT down AND NOT c THEN 1 ELSE 0 END)) FROM (SELECT device_uptime_pct < 99.7 AS down, churned_this_month AS c FROM account_monthly WHERE segment = 'smb' AND mrr_1m_ago_usd > 0) x;

-- T30 in enterprise: 0.4 .. 1.5, hidden by size
SELECT (SUM(CASE WHEN down AND c THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN down AND NOT c THEN 1 ELSE 0 END)) / (SUM(CASE WHEN NOT down AND c THEN 1.0 ELSE 0.0 END) / SUM(CASE WHEN NOT down AND NOT c THEN 1 ELSE 0 END)) FROM (SELECT device_uptime_pct < 99.7 AS down, churned_this_month AS c FROM account_monthly WHERE segment = 'enterprise' AND mrr_1m_ago_usd > 0) x;

-- T31 kiosk-k2 among installs since 2025-09: 0.08 .. 0.16, 12 %
SELECT AVG(CASE WHEN device_model = 'kiosk-k2' THEN 1.0 ELSE 0.0 END) FROM devices WHERE installed_month >= DATE '2025-09-01';

-- T31 and before: 0 .. 0
SELECT COUNT(*) FROM devices WHERE device_model = 'kiosk-k2' AND installed_month < DATE '2025-09-01';

-- T32 solving integration problems, autumn against spring: 1.25 .. 1.9, +6 % a month
SELECT (SELECT MEDIAN(resolution_hours) FROM tickets WHERE category = 'integration' AND month BETWEEN DATE '2025-09-01' AND DATE '2025-11-01') / MEDIAN(resolution_hours) FROM tickets WHERE category = 'integration' AND month BETWEEN DATE '2025-01-01' AND DATE '2025-04-01';
