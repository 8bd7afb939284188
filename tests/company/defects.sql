-- What counts the bad rows of each planted defect of `almanac demo --dirty`: 0 on clean data.

-- == defects
-- D01 invoices duplicate_key: 0 .. 0, repeat 0.3 % of rows of 2025-06 with the same invoice_id
SELECT COUNT(*) AS bad FROM (SELECT invoice_id FROM invoices GROUP BY invoice_id HAVING COUNT(*) > 1) x;

-- D02 locations orphan_key: 0 .. 0, move 40 locations to account_id above the maximum
SELECT COUNT(*) AS bad FROM locations l WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = l.account_id);

-- D03 users null_key: 0 .. 0, blank account_id in 25 rows
SELECT COUNT(*) AS bad FROM users WHERE account_id IS NULL;

-- D04 mrr_movements sign_error: 0 .. 0, flip the sign of 15 churn rows in 2025-04
SELECT COUNT(*) AS bad FROM mrr_movements WHERE (movement_type IN ('churn', 'contraction') AND mrr_delta_usd > 0) OR (movement_type IN ('new', 'expansion', 'reactivation') AND mrr_delta_usd < 0);

-- D05 mrr_movements missing_rows: 0 .. 0, drop 1 % of expansion rows of 2025-07
WITH a AS (SELECT month, SUM(mrr_usd) - SUM(mrr_1m_ago_usd) AS d FROM account_monthly GROUP BY month), b AS (SELECT month, SUM(mrr_delta_usd) AS d2 FROM mrr_movements GROUP BY month) SELECT COUNT(*) AS bad FROM a JOIN b ON a.month = b.month WHERE ABS(a.d - b.d2) > 0.01;

-- D06 accounts bad_enum: 0 .. 0, write 'SMB ', 'Enterprise' and 'mid-market' into segment of 60 rows
SELECT COUNT(*) AS bad FROM accounts WHERE segment NOT IN ('smb', 'mid_market', 'enterprise');

-- D07 deals date_order: 0 .. 0, set closed_date before created_date in 30 rows
SELECT COUNT(*) AS bad FROM deals WHERE closed_date < created_date;

-- D08 deals outlier_unit: 0 .. 0, multiply amount_usd by 100 in 8 won rows (cents)
SELECT COUNT(*) AS bad FROM deals WHERE amount_usd > 5000000;

-- D09 leads future_date: 0 .. 0, push created_date of 50 rows past as_of
SELECT COUNT(*) AS bad FROM leads WHERE created_date > DATE '2025-11-30';

-- D10 leads duplicate_entity: 0 .. 0, copy 1.5 % of leads of 2025-10 with a new lead_id and equal attributes
SELECT COUNT(*) AS bad FROM (SELECT created_date, channel, campaign_id, segment, region, industry, seniority, pages_viewed, emails_engaged, response_minutes, lead_score, deal_id FROM leads WHERE month = DATE '2025-10-01' AND campaign_id IS NOT NULL AND deal_id IS NOT NULL GROUP BY created_date, channel, campaign_id, segment, region, industry, seniority, pages_viewed, emails_engaged, response_minutes, lead_score, deal_id HAVING COUNT(*) > 1) x;

-- D11 tickets stale_table: 0 .. 0, drop all tickets from 2025-11-27 on
SELECT CASE WHEN MAX(created_date) < DATE '2025-11-30' THEN 1 ELSE 0 END AS bad FROM tickets;

-- D12 tickets time_zone_shift: 0 .. 0, subtract 480 from first_response_minutes of phone tickets of 2025-02 (negative values)
SELECT COUNT(*) AS bad FROM tickets WHERE first_response_minutes < 0;

-- D13 tickets score_scale: 0 .. 0, write csat_score on a 0-100 scale for 2025-08-10 to 12
SELECT COUNT(*) AS bad FROM tickets WHERE csat_score NOT BETWEEN 1 AND 5;

-- D14 campaign_daily gap: 0 .. 0, drop the days 2025-03-08 and 09
SELECT COUNT(*) AS bad FROM calendar c WHERE c.date BETWEEN DATE '2023-12-01' AND DATE '2025-11-30' AND NOT EXISTS (SELECT 1 FROM campaign_daily d WHERE d.date = c.date);

-- D15 campaign_daily currency_mix: 0 .. 0, write spend of emea campaigns of 2025-05 in cents
SELECT COUNT(*) AS bad FROM campaign_daily WHERE clicks > 50 AND spend_usd / clicks > 150;

-- D16 campaign_daily impossible_ratio: 0 .. 0, swap clicks and impressions in 20 rows
SELECT COUNT(*) AS bad FROM campaign_daily WHERE clicks > impressions;

-- D17 attribution weights_not_one: 0 .. 0, set w_linear to 1 on all touches of 30 deals
SELECT COUNT(*) AS bad FROM (SELECT deal_id FROM attribution GROUP BY deal_id HAVING ABS(SUM(w_linear) - 1) > 0.001 OR ABS(SUM(w_position) - 1) > 0.001) x;

-- D18 user_monthly double_count: 0 .. 0, append the ios rows of 2025-09 twice
SELECT COUNT(*) AS bad FROM (SELECT user_id, month FROM user_monthly GROUP BY user_id, month HAVING COUNT(*) > 1) x;

-- D19 user_monthly out_of_range: 0 .. 0, active_days of 31 to 45 in 40 rows
SELECT COUNT(*) AS bad FROM user_monthly u JOIN months m ON u.month = m.month WHERE u.active_days > m.days_in_month OR u.active_days < 1;

-- D20 product_daily frozen_values: 0 .. 0, repeat the dau of 2025-10-06 for the five days after
SELECT COUNT(*) AS bad FROM (SELECT plan, region, platform, month, dau FROM product_daily WHERE dau > 200 AND date BETWEEN DATE '2025-10-06' AND DATE '2025-10-11' GROUP BY plan, region, platform, month, dau HAVING COUNT(*) >= 5) x;

-- D21 device_monthly impossible_value: 0 .. 0, offline_minutes above expected_minutes in 25 rows
SELECT COUNT(*) AS bad FROM device_monthly WHERE offline_minutes > expected_minutes;

-- D22 devices duplicate_natural_key: 0 .. 0, give 15 devices the serial of another
SELECT COUNT(*) AS bad FROM (SELECT serial FROM devices GROUP BY serial HAVING COUNT(*) > 1) x;

-- D23 account_monthly snapshot_gap: 0 .. 0, drop the rows of latam in 2025-02
SELECT 4 * COUNT(DISTINCT month) - COUNT(DISTINCT CONCAT_WS('|', region, CAST(month AS VARCHAR))) AS bad FROM account_monthly;

-- D24 account_monthly score_drift: 0 .. 0, health_score of 2025-11 recomputed with a wrong weight (+8 for all)
SELECT CASE WHEN MAX(CASE WHEN month = DATE '2025-11-01' THEN h ELSE NULL END) - MAX(CASE WHEN month = DATE '2025-10-01' THEN h ELSE NULL END) > 5 THEN 1 ELSE 0 END AS bad FROM (SELECT month, AVG(health_score) AS h FROM account_monthly WHERE status = 'active' GROUP BY month) x;

-- D25 subscriptions stale_status: 0 .. 0, status 'active' on 20 rows with a canceled_date
SELECT COUNT(*) AS bad FROM subscriptions WHERE status = 'active' AND canceled_date IS NOT NULL;

-- D26 load_log late_load: 0 .. 0, stripe.charges lags over 24 h on 2025-11-28 to 30
SELECT COUNT(*) AS bad FROM load_log WHERE source = 'stripe' AND load_date >= DATE '2025-11-28' AND lag_minutes > 1440;
