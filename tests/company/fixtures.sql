-- The tables of a software company, as its extracts have them: few rows, made up by DuckDB (oracle.py), which writes them as Parquet.
-- Column by column: keys meet, months and dates agree, shares of NULL are those of the model. Numbers mean nothing.

-- A whole number from 0 up to n for each row and column; one of a list; a first of a month, mostly the last; a day of two years.
create macro number(i, seed, n) as (hash(i * 7919 + seed) % n)::integer;
create macro one_of(i, seed, list) as list[1 + number(i, seed, len(list))];
create macro some_month(i, seed) as (date '2025-11-01' - to_months(if(number(i, seed, 3) = 0, 0, number(i, seed + 1, 24))))::date;
create macro some_day(i, seed) as (some_month(i, seed) + number(i, seed + 2, 28))::date;

create table calendar as select d as date, date_trunc('month', d)::date as month, date_trunc('quarter', d)::date as quarter, year(d)::integer as year,
  date_trunc('week', d)::date as week, isodow(d)::integer as dow, isodow(d) < 6 as is_business_day, strftime(d, '%Y-%m') as month_label,
  year(d) || '-Q' || quarter(d) as quarter_label, day(last_day(d)) as days_in_month
  from (select (date '2025-09-01' + i::integer)::date as d from range(91) t(i));
create table months as select m as month, i::integer as month_index, date_trunc('quarter', m)::date as quarter, year(m)::integer as year,
  strftime(m, '%Y-%m') as month_label, (m - interval 1 month)::date as prev_month, (m - interval 3 month)::date as prev_quarter_month,
  (m - interval 12 month)::date as prev_year_month, day(last_day(m)) as days_in_month, m < date '2025-12-01' as is_complete
  from (select i, (date '2023-01-01' + interval (i) month)::date as m from range(36) t(i));
create table mrr_movements as select
  (i + 1)::integer as movement_id, (1 + number(i, 20, 60))::integer as account_id, (some_day(i, 30))::date as movement_date, (date_trunc('month',
  some_day(i, 30))::date)::date as month, (one_of(i, 50, ['new', 'expansion', 'contraction', 'churn', 'reactivation']))::varchar as movement_type,
  ((number(i, 60, 100000) - 40000) / 100)::double as mrr_delta_usd, (one_of(i, 70, ['smb', 'mid_market', 'enterprise']))::varchar as segment,
  (one_of(i, 80, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 90, ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan,
  (one_of(i, 100, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education', 'services']))::varchar as industry,
  (one_of(i, 110, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as acq_channel
  from range(200) t(i);
create table account_monthly as select
  ((date '2025-11-01' - to_months((i // 60)::integer))::date)::date as month, (1 + i % 60)::integer as account_id, (one_of(i, 140, ['smb',
  'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 150, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 160, ['starter',
  'growth', 'pro', 'enterprise']))::varchar as plan, (one_of(i, 170, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty',
  'education', 'services']))::varchar as industry, (one_of(i, 180, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral',
  'outbound']))::varchar as acq_channel, (one_of(i, 190, ['active', 'disqualified', 'failed', 'ok', 'online', 'paid', 'solved', 'uncollectible',
  'void']))::varchar as status, (number(i, 200, 60))::integer as tenure_months, (one_of(i, 210, ['monthly', 'annual']))::varchar as billing_period,
  (number(i, 220, 1000000) / 100)::double as mrr_usd, (number(i, 230, 1000000) / 100)::double as mrr_1m_ago_usd, (number(i, 240, 1000000) /
  100)::double as mrr_12m_ago_usd, (number(i, 250, 1000))::bigint as seats, (number(i, 260, 1000))::bigint as active_users, (number(i, 270,
  1000))::bigint as sessions, (number(i, 280, 1000))::bigint as events, (number(i, 290, 10000) / 10000)::double as usage_trend_3m, (number(i, 300,
  1000))::integer as features_used, (number(i, 310, 1000))::bigint as tickets, (number(i, 320, 2))::integer as payment_failures, (number(i, 330,
  1000))::bigint as devices, (number(i, 340, 1000))::bigint as device_incidents, (number(i, 350, 10000) / 10000)::double as device_uptime_pct,
  (if(number(i, 365, 100) < 12, null, number(i, 360, 101)))::integer as health_score, (number(i, 370, 1000))::integer as months_to_renewal, (number(i,
  380, 2) = 0)::boolean as is_renewal_month, (number(i, 390, 1000))::integer as mrr_rank, (number(i, 400, 2) = 0)::boolean as expanded_this_month,
  (number(i, 410, 2) = 0)::boolean as contracted_this_month, (number(i, 420, 2) = 0)::boolean as churned_this_month, (if(number(i, 435, 100) < 25,
  null, number(i, 430, 2)))::integer as churn_next_90d
  from range(720) t(i);
create table accounts as select
  (i + 1)::integer as account_id, ('account name ' || (i + 1))::varchar as account_name, (one_of(i, 460, ['smb', 'mid_market',
  'enterprise']))::varchar as segment, (one_of(i, 470, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 480, ['starter', 'growth',
  'pro', 'enterprise']))::varchar as plan, (one_of(i, 490, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education',
  'services']))::varchar as industry, (one_of(i, 500, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral',
  'outbound']))::varchar as acq_channel, (one_of(i, 510, ['US', 'DE', 'BR', 'JP']))::varchar as country, (one_of(i, 520, ['1-9', '10-49', '50-249',
  '250+']))::varchar as employee_band, (one_of(i, 530, ['monthly', 'annual']))::varchar as billing_period, (some_day(i, 540))::date as signup_date,
  (date_trunc('month', some_day(i, 540))::date)::date as signup_month, (if(number(i, 565, 100) < 14, null, some_day(i, 560)))::date as
  first_value_date, (if(number(i, 575, 100) < 73, null, some_day(i, 570)))::date as churn_date, (if(number(i, 585, 100) < 73, null, one_of(i, 580,
  ['low_usage', 'price', 'competitor', 'payment', 'reliability', 'closed_business', 'other'])))::varchar as churn_reason, (one_of(i, 590, ['active',
  'disqualified', 'failed', 'ok', 'online', 'paid', 'solved', 'uncollectible', 'void']))::varchar as status, (if(number(i, 605, 100) < 80, null, 1 +
  number(i, 600, 5)))::integer as csm_id, (1 + number(i, 610, 12))::integer as owner_rep_id, (number(i, 620, 1000))::integer as locations_count,
  (number(i, 630, 1000))::integer as users_count, (number(i, 640, 1000))::integer as devices_count, (number(i, 650, 1000000) / 100)::double as
  mrr_usd, (number(i, 660, 1000000) / 100)::double as arr_usd, (number(i, 670, 1000000) / 100)::double as mrr_peak_usd, (number(i, 680, 1000000) /
  100)::double as lifetime_revenue_usd, (number(i, 690, 1000000) / 100)::double as ltv_usd, (number(i, 700, 1000))::integer as active_users_28d,
  (number(i, 710, 1000))::integer as events_28d, (number(i, 720, 1000))::integer as features_used_28d, (number(i, 730, 1000))::integer as tickets_90d,
  (number(i, 740, 1000))::integer as tickets_lifetime, (number(i, 750, 1000))::integer as payment_failures_90d, (number(i, 760, 10000) /
  10000)::double as device_uptime_30d_pct, (number(i, 770, 1000))::integer as device_incidents_90d, (date_trunc('month', if(number(i, 575, 100) < 73,
  null, some_day(i, 570)))::date)::date as churn_month, (if(number(i, 795, 100) < 14, null, number(i, 790, 60)))::integer as days_to_first_value,
  (if(number(i, 805, 100) < 73, null, number(i, 800, 60)))::integer as days_to_churn, (if(number(i, 815, 100) < 27, null, number(i, 810,
  101)))::integer as health_score
  from range(60) t(i);
create table locations as select
  (i + 1)::integer as location_id, (1 + number(i, 830, 60))::integer as account_id, ('location name ' || (i + 1))::varchar as location_name,
  (one_of(i, 850, ['Zürich', 'São Paulo', 'Osaka', 'Austin']))::varchar as city, (some_day(i, 860))::date as opened_date, (if(number(i, 875, 100) <
  75, null, some_day(i, 870)))::date as closed_date, (one_of(i, 880, ['active', 'disqualified', 'failed', 'ok', 'online', 'paid', 'solved',
  'uncollectible', 'void']))::varchar as status, (number(i, 890, 2) = 0)::boolean as is_primary, (number(i, 900, 1000))::integer as devices_count,
  (number(i, 910, 18000) / 100 - 90)::double as lat, (number(i, 920, 18000) / 100 - 90)::double as lon, (one_of(i, 930, ['smb', 'mid_market',
  'enterprise']))::varchar as segment, (one_of(i, 940, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 950, ['starter', 'growth',
  'pro', 'enterprise']))::varchar as plan, (one_of(i, 960, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education',
  'services']))::varchar as industry, (one_of(i, 970, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral',
  'outbound']))::varchar as acq_channel, (date_trunc('month', some_day(i, 860))::date)::date as opened_month
  from range(70) t(i);
create table devices as select
  (i + 1)::integer as device_id, (1 + number(i, 1000, 70))::integer as location_id, (1 + number(i, 1010, 60))::integer as account_id, (one_of(i, 1020,
  ['hub-x1', 'hub-x2', 'kiosk-k1', 'display-d1', 'sensor-s1', 'printer-p1']))::varchar as device_model, (one_of(i, 1030, ['4.1.3', '4.2.0', '4.2.1',
  '5.0.2']))::varchar as firmware, ('serial ' || (i + 1))::varchar as serial, (some_day(i, 1050))::date as installed_date, (if(number(i, 1065, 100) <
  97, null, some_day(i, 1060)))::date as retired_date, (one_of(i, 1070, ['active', 'disqualified', 'failed', 'ok', 'online', 'paid', 'solved',
  'uncollectible', 'void']))::varchar as status, (some_day(i, 1080))::date as last_seen_date, (one_of(i, 1090, ['smb', 'mid_market',
  'enterprise']))::varchar as segment, (one_of(i, 1100, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 1110, ['starter', 'growth',
  'pro', 'enterprise']))::varchar as plan, (one_of(i, 1120, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education',
  'services']))::varchar as industry, (date_trunc('month', some_day(i, 1050))::date)::date as installed_month
  from range(80) t(i);
create table device_monthly as select
  (some_month(i, 1140))::date as month, (1 + number(i, 1150, 80))::integer as device_id, (1 + number(i, 1160, 60))::integer as account_id, (one_of(i,
  1170, ['hub-x1', 'hub-x2', 'kiosk-k1', 'display-d1', 'sensor-s1', 'printer-p1']))::varchar as device_model, (one_of(i, 1180, ['smb', 'mid_market',
  'enterprise']))::varchar as segment, (one_of(i, 1190, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 1200, ['starter', 'growth',
  'pro', 'enterprise']))::varchar as plan, (number(i, 1210, 1000))::bigint as expected_minutes, (number(i, 1220, 1000))::bigint as offline_minutes,
  (number(i, 1230, 1000))::bigint as incidents
  from range(240) t(i);
create table device_incidents as select
  (i + 1)::integer as incident_id, (1 + number(i, 1250, 80))::integer as device_id, (1 + number(i, 1260, 60))::integer as account_id, (some_day(i,
  1270))::date as started_date, (date_trunc('month', some_day(i, 1270))::date)::date as month, (number(i, 1290, 1000))::bigint as duration_minutes,
  (one_of(i, 1300, ['network', 'power', 'firmware', 'hardware', 'unknown']))::varchar as cause, (one_of(i, 1310, ['minor', 'major']))::varchar as
  severity, (one_of(i, 1320, ['hub-x1', 'hub-x2', 'kiosk-k1', 'display-d1', 'sensor-s1', 'printer-p1']))::varchar as device_model, (one_of(i, 1330,
  ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 1340, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 1350,
  ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan
  from range(120) t(i);
create table device_daily as select
  (some_day(i, 1360))::date as date, (date_trunc('month', some_day(i, 1360))::date)::date as month, (one_of(i, 1380, ['hub-x1', 'hub-x2', 'kiosk-k1',
  'display-d1', 'sensor-s1', 'printer-p1']))::varchar as device_model, (one_of(i, 1390, ['na', 'emea', 'apac', 'latam']))::varchar as region,
  (number(i, 1400, 1000))::bigint as devices, (number(i, 1410, 1000))::bigint as offline_minutes, (number(i, 1420, 1000))::bigint as incidents,
  (number(i, 1430, 1000))::bigint as expected_minutes, (number(i, 1440, 1000))::bigint as devices_online
  from range(240) t(i);
create table users as select
  (i + 1)::integer as user_id, (1 + number(i, 1460, 60))::integer as account_id, (one_of(i, 1470, ['owner', 'manager', 'staff', 'viewer']))::varchar
  as role, (one_of(i, 1480, ['web', 'ios', 'android']))::varchar as platform, (some_day(i, 1490))::date as created_date, (date_trunc('month',
  some_day(i, 1490))::date)::date as created_month, (if(number(i, 1515, 100) < 22, null, some_day(i, 1510)))::date as activated_date, (one_of(i, 1520,
  ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 1530, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 1540,
  ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan, (one_of(i, 1550, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare',
  'beauty', 'education', 'services']))::varchar as industry, (number(i, 1560, 2) = 0)::boolean as is_activated_7d
  from range(90) t(i);
create table user_monthly as select
  (some_month(i, 1570))::date as month, (1 + number(i, 1580, 90))::integer as user_id, (1 + number(i, 1590, 60))::integer as account_id, (one_of(i,
  1600, ['web', 'ios', 'android']))::varchar as platform, (one_of(i, 1610, ['owner', 'manager', 'staff', 'viewer']))::varchar as role, (one_of(i,
  1620, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 1630, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i,
  1640, ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan, (number(i, 1650, 31))::bigint as active_days, (number(i, 1660, 1000))::bigint
  as active_weeks, (number(i, 1670, 1000))::bigint as sessions, (number(i, 1680, 1000))::bigint as events, (number(i, 1690, 2) = 0)::boolean as
  was_active_prev_month
  from range(240) t(i);
create table product_daily as select
  (some_day(i, 1700))::date as date, (date_trunc('month', some_day(i, 1700))::date)::date as month, (one_of(i, 1720, ['starter', 'growth', 'pro',
  'enterprise']))::varchar as plan, (one_of(i, 1730, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 1740, ['web', 'ios',
  'android']))::varchar as platform, (number(i, 1750, 1000))::bigint as dau, (number(i, 1760, 1000))::bigint as sessions, (number(i, 1770,
  1000))::bigint as events, (number(i, 1780, 1000))::bigint as error_events, (number(i, 1790, 1000))::bigint as p95_latency_ms
  from range(240) t(i);
create table feature_monthly as select
  (some_month(i, 1800))::date as month, (1 + number(i, 1810, 12))::integer as feature_id, (one_of(i, 1820, ['smb', 'mid_market',
  'enterprise']))::varchar as segment, (one_of(i, 1830, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 1840, ['starter', 'growth',
  'pro', 'enterprise']))::varchar as plan, (number(i, 1850, 1000))::bigint as accounts_using, (number(i, 1860, 1000))::bigint as users_using,
  (number(i, 1870, 1000))::bigint as events, (number(i, 1880, 1000))::bigint as accounts_first_use, (number(i, 1890, 1000))::bigint as
  accounts_active, (one_of(i, 1900, ['smart_scheduling', 'shift_swap', 'reports', 'api', 'sso']))::varchar as feature_key, (one_of(i, 1910, ['core',
  'scheduling', 'reporting', 'automation', 'integrations', 'devices']))::varchar as category
  from range(240) t(i);
create table features as select
  (i + 1)::integer as feature_id, (one_of(i, 1930, ['smart_scheduling', 'shift_swap', 'reports', 'api', 'sso']))::varchar as feature_key, (one_of(i,
  1940, ['core', 'scheduling', 'reporting', 'automation', 'integrations', 'devices']))::varchar as category, (one_of(i, 1950, ['starter', 'growth',
  'pro', 'enterprise']))::varchar as min_plan, (some_day(i, 1960))::date as released_date, (one_of(i, 1970, ['active', 'disqualified', 'failed', 'ok',
  'online', 'paid', 'solved', 'uncollectible', 'void']))::varchar as status, (number(i, 1980, 2) = 0)::boolean as is_core, (number(i, 1990,
  1000))::integer as accounts_using_28d, (number(i, 2000, 1000))::integer as users_using_28d, (number(i, 2010, 1000))::integer as events_28d
  from range(12) t(i);
create table account_features as select
  (1 + number(i, 2020, 60))::integer as account_id, (1 + number(i, 2030, 12))::integer as feature_id, (some_month(i, 2040))::date as first_used_month,
  (some_month(i, 2050))::date as last_used_month, (number(i, 2060, 1000))::integer as months_used, (number(i, 2070, 1000))::integer as events_28d,
  (one_of(i, 2080, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 2090, ['na', 'emea', 'apac', 'latam']))::varchar as region,
  (one_of(i, 2100, ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan
  from range(240) t(i);
create table subscriptions as select
  (i + 1)::integer as subscription_id, (1 + number(i, 2120, 60))::integer as account_id, (one_of(i, 2130, ['starter', 'growth', 'pro',
  'enterprise']))::varchar as plan, (one_of(i, 2140, ['monthly', 'annual']))::varchar as billing_period, (one_of(i, 2150, ['active', 'disqualified',
  'failed', 'ok', 'online', 'paid', 'solved', 'uncollectible', 'void']))::varchar as status, (number(i, 2160, 1000))::integer as quantity, (number(i,
  2170, 1000000) / 100)::double as unit_price_usd, (number(i, 2180, 1000000) / 100)::double as mrr_usd, (number(i, 2190, 1000))::bigint as
  discount_pct, (one_of(i, 2200, ['charge_automatically', 'send_invoice']))::varchar as collection_method, (if(number(i, 2215, 100) < 45, null,
  some_day(i, 2210)))::date as trial_start, (some_day(i, 2220))::date as started_date, (some_day(i, 2230))::date as current_period_end, (if(number(i,
  2245, 100) < 73, null, some_day(i, 2240)))::date as canceled_date, (number(i, 2250, 2) = 0)::boolean as cancel_at_period_end, (one_of(i, 2260,
  ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 2270, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 2280,
  ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education', 'services']))::varchar as industry, (one_of(i, 2290,
  ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as acq_channel
  from range(70) t(i);
create table invoices as select
  (i + 1)::integer as invoice_id, (1 + number(i, 2310, 60))::integer as account_id, (1 + number(i, 2320, 70))::integer as subscription_id,
  (date_trunc('month', some_day(i, 2340))::date)::date as month, (some_day(i, 2340))::date as invoice_date, (some_day(i, 2350))::date as due_date,
  (if(number(i, 2365, 100) < 5, null, some_day(i, 2360)))::date as paid_date, (one_of(i, 2370, ['active', 'disqualified', 'failed', 'ok', 'online',
  'paid', 'solved', 'uncollectible', 'void']))::varchar as status, (number(i, 2380, 1000000) / 100)::double as amount_due_usd, (number(i, 2390,
  1000000) / 100)::double as amount_paid_usd, (number(i, 2400, 1000000) / 100)::double as tax_usd, (number(i, 2410, 1000))::integer as attempt_count,
  (if(number(i, 2425, 100) < 5, null, number(i, 2420, 60)))::integer as days_to_pay, (one_of(i, 2430, ['subscription_cycle', 'subscription_create',
  'subscription_update']))::varchar as billing_reason, (one_of(i, 2440, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 2450,
  ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 2460, ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan, (one_of(i,
  2470, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education', 'services']))::varchar as industry, (one_of(i, 2480,
  ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as acq_channel
  from range(160) t(i);
create table payments as select
  (i + 1)::integer as payment_id, (1 + number(i, 2500, 160))::integer as invoice_id, (1 + number(i, 2510, 60))::integer as account_id,
  (date_trunc('month', some_day(i, 2530))::date)::date as month, (some_day(i, 2530))::date as attempt_date, (number(i, 2540, 1000))::integer as
  attempt_no, (one_of(i, 2550, ['active', 'disqualified', 'failed', 'ok', 'online', 'paid', 'solved', 'uncollectible', 'void']))::varchar as status,
  (number(i, 2560, 1000000) / 100)::double as amount_usd, (if(number(i, 2575, 100) < 94, null, one_of(i, 2570, ['card_declined', 'expired_card',
  'insufficient_funds'])))::varchar as failure_code, (one_of(i, 2580, ['card', 'direct_debit', 'bank_transfer']))::varchar as method, (one_of(i, 2590,
  ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 2600, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 2610,
  ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan
  from range(160) t(i);
create table tickets as select
  (i + 1)::integer as ticket_id, (1 + number(i, 2630, 60))::integer as account_id, (some_day(i, 2640))::date as created_date, (number(i, 2650,
  24))::integer as created_hour, (date_trunc('month', some_day(i, 2640))::date)::date as month, (one_of(i, 2670, ['active', 'disqualified', 'failed',
  'ok', 'online', 'paid', 'solved', 'uncollectible', 'void']))::varchar as status, (one_of(i, 2680, ['low', 'normal', 'high', 'urgent']))::varchar as
  priority, (one_of(i, 2690, ['device', 'billing', 'how_to', 'bug', 'integration', 'account']))::varchar as category, (one_of(i, 2700, ['email',
  'chat', 'web', 'phone']))::varchar as channel, (1 + number(i, 2710, 6))::integer as assignee_id, (number(i, 2720, 1000))::bigint as
  first_response_minutes, (if(number(i, 2735, 100) < 5, null, number(i, 2730, 1000000) / 100))::double as resolution_hours, (if(number(i, 2745, 100) <
  5, null, some_day(i, 2740)))::date as solved_date, (number(i, 2750, 9))::integer as replies, (number(i, 2760, 3))::integer as reopens, (number(i,
  2770, 1000))::integer as sla_target_minutes, (number(i, 2780, 2) = 0)::boolean as sla_breached, (number(i, 2790, 2) = 0)::boolean as escalated,
  (number(i, 2800, 2) = 0)::boolean as one_touch, (if(number(i, 2815, 100) < 72, null, 1 + number(i, 2810, 5)))::integer as csat_score, (one_of(i,
  2820, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 2830, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i,
  2840, ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan, (one_of(i, 2850, ['restaurant', 'retail', 'hospitality', 'fitness',
  'healthcare', 'beauty', 'education', 'services']))::varchar as industry, (one_of(i, 2860, ['paid_search', 'paid_social', 'organic', 'email',
  'events', 'partner', 'referral', 'outbound']))::varchar as acq_channel
  from range(200) t(i);
create table surveys as select
  (i + 1)::integer as survey_id, (1 + number(i, 2880, 60))::integer as account_id, (one_of(i, 2890, ['nps', 'ces']))::varchar as survey_type,
  (some_day(i, 2900))::date as response_date, (date_trunc('month', some_day(i, 2900))::date)::date as month, (number(i, 2920, 11))::integer as score,
  (number(i, 2930, 2) = 0)::boolean as has_comment, (one_of(i, 2940, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 2950,
  ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 2960, ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan, (one_of(i,
  2970, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education', 'services']))::varchar as industry, (one_of(i, 2980,
  ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as acq_channel
  from range(80) t(i);
create table csm_activities as select
  (i + 1)::integer as activity_id, (1 + number(i, 3000, 60))::integer as account_id, (1 + number(i, 3010, 5))::integer as csm_id, (some_day(i,
  3020))::date as activity_date, (date_trunc('month', some_day(i, 3020))::date)::date as month, (one_of(i, 3040, ['check_in', 'qbr', 'training',
  'escalation', 'renewal_call']))::varchar as activity_type, (number(i, 3050, 1000))::bigint as duration_minutes, (one_of(i, 3060, ['smb',
  'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 3070, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 3080,
  ['starter', 'growth', 'pro', 'enterprise']))::varchar as plan
  from range(80) t(i);
create table territories as select
  (i + 1)::integer as territory_id, ('territory name ' || (i + 1))::varchar as territory_name, (one_of(i, 3110, ['na', 'emea', 'apac',
  'latam']))::varchar as region, (one_of(i, 3120, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (number(i, 3130, 1000))::integer as
  target_accounts
  from range(8) t(i);
create table deals as select
  (i + 1)::integer as deal_id, (if(number(i, 3155, 100) < 60, null, 1 + number(i, 3150, 60)))::integer as account_id, ('deal name ' || (i +
  1))::varchar as deal_name, (one_of(i, 3170, ['new_business', 'expansion']))::varchar as deal_type, (one_of(i, 3180, ['qualified', 'discovery',
  'demo', 'proposal', 'negotiation']))::varchar as stage, (number(i, 3190, 10000) / 10000)::double as probability, (number(i, 3200, 1000000) /
  100)::double as amount_usd, (some_day(i, 3210))::date as created_date, (date_trunc('month', some_day(i, 3210))::date)::date as created_month,
  (some_day(i, 3230))::date as expected_close_date, (if(number(i, 3245, 100) < 6, null, some_day(i, 3240)))::date as closed_date, (date_trunc('month',
  if(number(i, 3245, 100) < 6, null, some_day(i, 3240)))::date)::date as closed_month, (number(i, 3260, 2) = 0)::boolean as is_won, (number(i, 3270,
  2) = 0)::boolean as is_lost, (number(i, 3280, 2) = 0)::boolean as is_open, (if(number(i, 3295, 100) < 6, null, number(i, 3290, 60)))::bigint as
  cycle_days, (if(number(i, 3305, 100) < 94, null, number(i, 3300, 60)))::integer as age_days, (number(i, 3310, 60))::integer as days_since_activity,
  (number(i, 3320, 1000))::integer as close_date_pushes, (if(number(i, 3335, 100) < 37, null, one_of(i, 3330, ['qualified', 'discovery', 'demo',
  'proposal', 'negotiation'])))::varchar as lost_stage, (if(number(i, 3345, 100) < 37, null, one_of(i, 3340, ['price', 'no_decision', 'competitor',
  'timing', 'missing_feature', 'unqualified'])))::varchar as loss_reason, (number(i, 3350, 1000))::bigint as discount_pct, (1 + number(i, 3360,
  12))::integer as rep_id, (1 + number(i, 3370, 8))::integer as territory_id, (one_of(i, 3380, ['partner', 'paid_search', 'paid_social', 'organic',
  'email', 'events', 'referral', 'outbound']))::varchar as source_channel, (one_of(i, 3390, ['smb', 'mid_market', 'enterprise']))::varchar as segment,
  (one_of(i, 3400, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 3410, ['starter', 'growth', 'pro', 'enterprise']))::varchar as
  plan, (one_of(i, 3420, ['restaurant', 'retail', 'hospitality', 'fitness', 'healthcare', 'beauty', 'education', 'services']))::varchar as industry
  from range(140) t(i);
create table deal_stage_history as select
  (1 + number(i, 3430, 140))::integer as deal_id, (one_of(i, 3440, ['qualified', 'discovery', 'demo', 'proposal', 'negotiation']))::varchar as stage,
  (number(i, 3450, 5))::integer as stage_order, (some_day(i, 3460))::date as entered_date, (date_trunc('month', some_day(i, 3460))::date)::date as
  entered_month, (if(number(i, 3485, 100) < 5, null, some_day(i, 3480)))::date as exited_date, (number(i, 3490, 60))::integer as days_in_stage,
  (number(i, 3500, 2) = 0)::boolean as advanced, (1 + number(i, 3510, 12))::integer as rep_id, (one_of(i, 3520, ['smb', 'mid_market',
  'enterprise']))::varchar as segment, (one_of(i, 3530, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 3540, ['new_business',
  'expansion']))::varchar as deal_type
  from range(240) t(i);
create table pipeline_weekly as select
  (one_of(i, 3550, ['qualified', 'discovery', 'demo', 'proposal', 'negotiation']))::varchar as stage, (1 + number(i, 3560, 12))::integer as rep_id,
  (one_of(i, 3570, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 3580, ['na', 'emea', 'apac', 'latam']))::varchar as region,
  (one_of(i, 3590, ['new_business', 'expansion']))::varchar as deal_type, (number(i, 3600, 1000))::bigint as open_deals, (number(i, 3610, 1000000) /
  100)::double as open_amount_usd, (number(i, 3620, 1000000) / 100)::double as weighted_amount_usd, (some_day(i, 3630))::date as snapshot_date,
  (date_trunc('month', some_day(i, 3630))::date)::date as month, (number(i, 3650, 2) = 0)::boolean as is_month_last
  from range(240) t(i);
create table reps as select
  (i + 1)::integer as rep_id, ('rep name ' || (i + 1))::varchar as rep_name, (1 + number(i, 3680, 8))::integer as territory_id, (one_of(i, 3690,
  ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 3700, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (some_day(i,
  3710))::date as hire_date, (one_of(i, 3720, ['Ana Ruiz', 'Ben Okafor', 'Chloé Martin']))::varchar as manager, (number(i, 3730, 1000))::integer as
  ramp_months, (number(i, 3740, 2) = 0)::boolean as is_active
  from range(12) t(i);
create table rep_monthly as select
  (1 + number(i, 3750, 12))::integer as rep_id, (some_month(i, 3760))::date as month, (number(i, 3770, 1000000) / 100)::double as quota_usd, (1 +
  number(i, 3780, 8))::integer as territory_id, (one_of(i, 3790, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 3800, ['smb',
  'mid_market', 'enterprise']))::varchar as segment, (number(i, 3810, 1000))::bigint as calls, (number(i, 3820, 1000))::bigint as emails, (number(i,
  3830, 1000))::bigint as meetings, (number(i, 3840, 1000000) / 100)::double as bookings_usd, (number(i, 3850, 1000))::bigint as deals_won, (number(i,
  3860, 1000))::bigint as deals_lost, (number(i, 3870, 1000))::bigint as deals_created, (number(i, 3880, 1000000) / 100)::double as
  pipeline_created_usd, (number(i, 3890, 2) = 0)::boolean as met_quota
  from range(240) t(i);
create table campaign_daily as select
  (some_day(i, 3900))::date as date, (date_trunc('month', some_day(i, 3900))::date)::date as month, (1 + number(i, 3920, 14))::integer as campaign_id,
  (one_of(i, 3930, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as channel, (one_of(i,
  3940, ['na', 'emea', 'apac', 'latam']))::varchar as region, (one_of(i, 3950, ['awareness', 'lead_gen', 'nurture', 'product_launch']))::varchar as
  objective, (number(i, 3960, 1000000) / 100)::double as spend_usd, (number(i, 3970, 1000))::bigint as impressions, (number(i, 3980, 1000))::bigint as
  clicks
  from range(240) t(i);
create table leads as select
  (i + 1)::integer as lead_id, (some_day(i, 4000))::date as created_date, (date_trunc('month', some_day(i, 4000))::date)::date as month, (one_of(i,
  4020, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as channel, (if(number(i, 4035,
  100) < 46, null, 1 + number(i, 4030, 14)))::integer as campaign_id, (one_of(i, 4040, ['na', 'emea', 'apac', 'latam']))::varchar as region,
  (one_of(i, 4050, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (one_of(i, 4060, ['restaurant', 'retail', 'hospitality', 'fitness',
  'healthcare', 'beauty', 'education', 'services']))::varchar as industry, (one_of(i, 4070, ['staff', 'manager', 'director', 'executive']))::varchar
  as seniority, (number(i, 4080, 2) = 0)::boolean as is_business_email, (number(i, 4090, 1000))::integer as pages_viewed, (number(i, 4100,
  1000))::integer as emails_engaged, (number(i, 4110, 2) = 0)::boolean as viewed_pricing, (number(i, 4120, 2) = 0)::boolean as requested_demo,
  (number(i, 4130, 1000))::integer as lead_score, (one_of(i, 4140, ['active', 'disqualified', 'failed', 'ok', 'online', 'paid', 'solved',
  'uncollectible', 'void']))::varchar as status, (if(number(i, 4155, 100) < 65, null, some_day(i, 4150)))::date as mql_date, (if(number(i, 4165, 100)
  < 86, null, some_day(i, 4160)))::date as sql_date, (if(number(i, 4175, 100) < 93, null, some_day(i, 4170)))::date as opp_date, (if(number(i, 4185,
  100) < 98, null, some_day(i, 4180)))::date as won_date, (if(number(i, 4195, 100) < 65, null, number(i, 4190, 60)))::integer as days_to_mql,
  (if(number(i, 4205, 100) < 86, null, number(i, 4200, 60)))::integer as days_mql_to_sql, (if(number(i, 4215, 100) < 93, null, number(i, 4210,
  60)))::integer as days_to_opp, (number(i, 4220, 1000))::integer as response_minutes, (if(number(i, 4235, 100) < 93, null, 1 + number(i, 4230,
  140)))::integer as deal_id, (if(number(i, 4245, 100) < 98, null, number(i, 4240, 1000000) / 100))::double as amount_won_usd, (date_trunc('month',
  some_day(i, 4000))::date)::date as mql_month, (date_trunc('month', some_day(i, 4000))::date)::date as sql_month, (date_trunc('month', some_day(i,
  4000))::date)::date as opp_month, (date_trunc('month', some_day(i, 4000))::date)::date as won_month
  from range(150) t(i);
create table touchpoints as select
  (i + 1)::integer as touch_id, (1 + number(i, 4300, 150))::integer as lead_id, (some_day(i, 4310))::date as touch_date, (date_trunc('month',
  some_day(i, 4310))::date)::date as month, (one_of(i, 4330, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral',
  'outbound']))::varchar as channel, (if(number(i, 4345, 100) < 46, null, 1 + number(i, 4340, 14)))::integer as campaign_id, (one_of(i, 4350,
  ['ad_click', 'page_visit', 'email_click', 'webinar', 'form_submit', 'demo']))::varchar as touch_type, (number(i, 4360, 1000))::integer as position,
  (number(i, 4370, 1000))::integer as touches_total
  from range(160) t(i);
create table attribution as select
  (1 + number(i, 4380, 140))::integer as deal_id, (1 + number(i, 4390, 150))::integer as lead_id, (1 + number(i, 4400, 160))::integer as touch_id,
  (some_day(i, 4410))::date as touch_date, (some_month(i, 4420))::date as opp_month, (if(number(i, 4435, 100) < 72, null, some_month(i, 4430)))::date
  as won_month, (one_of(i, 4440, ['paid_search', 'paid_social', 'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as
  channel, (if(number(i, 4455, 100) < 46, null, 1 + number(i, 4450, 14)))::integer as campaign_id, (one_of(i, 4460, ['na', 'emea', 'apac',
  'latam']))::varchar as region, (one_of(i, 4470, ['smb', 'mid_market', 'enterprise']))::varchar as segment, (number(i, 4480, 1000000) / 100)::double
  as amount_usd, (number(i, 4490, 2) = 0)::boolean as is_won, (number(i, 4500, 10000) / 10000)::double as w_first, (number(i, 4510, 10000) /
  10000)::double as w_last, (number(i, 4520, 10000) / 10000)::double as w_linear, (number(i, 4530, 10000) / 10000)::double as w_time_decay, (number(i,
  4540, 10000) / 10000)::double as w_position
  from range(240) t(i);
create table campaigns as select
  (i + 1)::integer as campaign_id, ('campaign name ' || (i + 1))::varchar as campaign_name, (one_of(i, 4570, ['paid_search', 'paid_social', 'organic',
  'email', 'events', 'partner', 'referral', 'outbound']))::varchar as channel, (one_of(i, 4580, ['awareness', 'lead_gen', 'nurture',
  'product_launch']))::varchar as objective, (one_of(i, 4590, ['na', 'emea', 'apac', 'latam']))::varchar as region, (some_day(i, 4600))::date as
  start_date, (some_day(i, 4610))::date as end_date, (number(i, 4620, 1000000) / 100)::double as budget_usd, (number(i, 4630, 1000000) / 100)::double
  as spend_usd, (number(i, 4640, 1000))::bigint as impressions, (number(i, 4650, 1000))::bigint as clicks, (number(i, 4660, 1000))::bigint as leads,
  (number(i, 4670, 1000))::bigint as mqls, (number(i, 4680, 1000))::bigint as opps
  from range(14) t(i);
create table web_daily as select
  (some_day(i, 4690))::date as date, (date_trunc('month', some_day(i, 4690))::date)::date as month, (one_of(i, 4710, ['paid_search', 'paid_social',
  'organic', 'email', 'events', 'partner', 'referral', 'outbound']))::varchar as channel, (one_of(i, 4720, ['na', 'emea', 'apac', 'latam']))::varchar
  as region, (number(i, 4730, 1000))::bigint as sessions, (number(i, 4740, 1000))::bigint as bounces, (number(i, 4750, 1000))::bigint as form_submits,
  (number(i, 4760, 1000))::bigint as trials_started
  from range(240) t(i);
create table finance_monthly as select
  (some_month(i, 4770))::date as month, (one_of(i, 4780, ['cogs', 'sales', 'marketing', 'rnd', 'g_and_a']))::varchar as cost_center, (number(i, 4790,
  1000000) / 100)::double as amount_usd
  from range(240) t(i);
create table load_log as select
  (one_of(i, 4800, ['app_db', 'hubspot', 'stripe', 'ads', 'web', 'zendesk', 'salesforce', 'survey']))::varchar as source, (one_of(i, 4810,
  ['accounts', 'deals', 'tickets', 'charges']))::varchar as table_name, (some_day(i, 4820))::date as load_date, (date_trunc('month', some_day(i,
  4820))::date)::date as month, (number(i, 4840, 1000))::bigint as rows_loaded, (number(i, 4850, 1000))::integer as lag_minutes, (number(i, 4860,
  1000))::integer as sla_minutes, (one_of(i, 4870, ['active', 'disqualified', 'failed', 'ok', 'online', 'paid', 'solved', 'uncollectible',
  'void']))::varchar as status, (number(i, 4880, 1000))::bigint as dq_tests_run, (number(i, 4890, 1000))::bigint as dq_tests_failed
  from range(240) t(i);
