-- Tables of the SQL logic tests: few rows, many traps. Run by DuckDB (oracle.py), which also writes them as Parquet for our runner.

-- No rows, one column of each type.
create table nothing (i integer, b bigint, d double, s varchar, dt date, ts timestamp, f boolean);

-- Ten rows without NULLs, to count on.
create table seq (n integer not null);
insert into seq select range::integer from range(1, 11);

-- Groups with NULL keys and NULL values, negative numbers, both zeros, a group of NULLs only.
create table nums (id integer not null, g varchar, i integer, b bigint, d double);
insert into nums values
  (1, 'a', 1, 10, 1.5), (2, 'a', 1, 20, -2.5), (3, 'a', NULL, 30, NULL), (4, 'b', -3, 9007199254740993, 0.0),
  (5, 'b', 7, -9007199254740993, '-0.0'::double), (6, NULL, 2, NULL, 2.25), (7, NULL, NULL, 5, 1e300), (8, 'c', NULL, NULL, NULL),
  (9, 'c', NULL, NULL, NULL), (10, 'd', 2147483647, 9223372036854775806, 0.1), (11, 'd', -2147483648, -9223372036854775807, 0.2),
  (12, 'e', 0, 0, 1e-9);

-- Numbers that arithmetic trips over.
create table specials (id integer not null, d double);
insert into specials values (1, 'nan'::double), (2, 'inf'::double), (3, '-inf'::double), (4, 0.0), (5, '-0.0'::double),
  (6, 1.7976931348623157e308), (7, 5e-324), (8, NULL), (9, 'nan'::double), (10, -1.5);

-- Every pair of truth values.
create table bools (a boolean, b boolean);
insert into bools values (true, true), (true, false), (true, NULL), (false, true), (false, false), (false, NULL),
  (NULL, true), (NULL, false), (NULL, NULL);

-- Texts: empty, padded, LIKE's own signs, quotes, line breaks, accents (composed and combining), wide and four-byte letters.
create table words (id integer not null, s varchar);
insert into words values (1, 'apple'), (2, 'Apple'), (3, 'APPLE pie'), (4, ''), (5, NULL), (6, '  padded  '), (7, 'a_b'),
  (8, 'a%b'), (9, 'axb'), (10, 'back\slash'), (11, 'it''s'), (12, 'Zürich'), (13, 'ÄRGER'), (14, 'Straße'), (15, '日本語'),
  (16, '👍🏽 ok'), (17, 'e' || chr(769) || 'tude'), (18, 'étude'), (19, 'two' || chr(10) || 'lines'), (20, '12'), (21, '-3.5e2'),
  (22, 'apple'), (23, 'banana'), (24, 'tab' || chr(9) || 'stop');

-- Days: leap days, centuries, year ends, ISO weeks that belong to another year, before 1970.
create table days (id integer not null, d date, ts timestamp);
insert into days values
  (1, '2024-02-29', '2024-02-29 23:59:59.999999'), (2, '2023-02-28', '2023-02-28 00:00:00'), (3, '2000-02-29', '2000-02-29 12:00:00'),
  (4, '1900-02-28', '1900-02-28 06:30:00'), (5, '2024-12-30', '2024-12-30 08:15:30.25'), (6, '2021-01-03', '2021-01-03 23:00:00'),
  (7, '2020-12-31', '2020-12-31 23:59:59'), (8, '2025-01-31', '2025-01-31 17:45:00'), (9, '1969-12-31', '1969-12-31 23:59:59.5'),
  (10, NULL, NULL), (11, '2025-03-31', '2025-03-31 00:00:00.000001'), (12, '2025-11-30', '2025-11-30 10:10:10'),
  (13, '2024-02-29', '2024-02-29 00:00:00'), (14, '1970-01-01', '1970-01-01 00:00:00');

-- Join partners: repeated keys on both sides, keys on one side only, NULL keys on both.
create table lhs (k integer, v varchar);
insert into lhs values (1, 'l1'), (2, 'l2a'), (2, 'l2b'), (3, 'l3'), (NULL, 'lnull'), (5, NULL);
create table rhs (k integer, w varchar);
insert into rhs values (2, 'r2a'), (2, 'r2b'), (3, 'r3'), (4, 'r4'), (NULL, 'rnull'), (6, NULL);
create table third (k integer, v varchar, x double);
insert into third values (2, 'l2a', 0.5), (3, 'other', 1.5), (9, NULL, NULL), (1, 'l1', 2.5);

-- People and departments: nobody in one department, a department nobody has heard of, a boss of one's own.
create table dept (id integer not null, name varchar not null, budget double);
insert into dept values (10, 'Sales', 1000.0), (20, 'Support', 500.0), (30, 'Empty', 0.0), (40, 'Ops', NULL);
create table emp (id integer not null, name varchar not null, dept_id integer, boss_id integer, salary double, hired date);
insert into emp values
  (1, 'Ada', 10, NULL, 300.0, '2019-05-01'), (2, 'Bob', 10, 1, 200.0, '2020-02-29'), (3, 'Cyd', 10, 1, 200.0, '2021-07-15'),
  (4, 'Dee', 20, 2, 150.0, '2020-02-29'), (5, 'Eve', 20, 4, NULL, '2022-12-31'), (6, 'Fay', NULL, 1, 175.0, '2018-01-01'),
  (7, 'Gus', 99, 6, 50.0, NULL), (8, 'Hal', 40, 6, 0.0, '2024-12-31'), (9, 'Ivy', 20, 2, 150.0, '2020-03-01');

-- Sales: ties, gaps between days, NULLs in every column but the key.
create table sales (id integer not null, day date, region varchar, product varchar, qty integer, price double, returned boolean);
insert into sales values
  (1, '2025-01-01', 'na', 'pen', 10, 1.5, false), (2, '2025-01-01', 'na', 'ink', 2, 12.0, false), (3, '2025-01-02', 'na', 'pen', 5, 1.5, true),
  (4, '2025-01-04', 'emea', 'pen', 7, 1.75, false), (5, '2025-01-04', 'emea', 'pad', 1, 4.25, NULL), (6, '2025-01-05', 'emea', 'pen', 7, 1.75, false),
  (7, '2025-01-31', 'apac', 'ink', 3, 11.0, false), (8, '2025-02-01', 'apac', 'ink', NULL, 11.0, true), (9, '2025-02-28', NULL, 'pad', 4, 4.25, false),
  (10, '2025-03-01', NULL, NULL, 6, NULL, false), (11, NULL, 'na', 'pen', 1, 1.5, false), (12, '2025-03-31', 'na', 'pad', 0, 4.25, true),
  (13, '2025-03-31', 'latam', 'pen', -2, 1.5, true), (14, '2025-12-31', 'latam', 'ink', 2, 12.5, NULL), (15, '2026-01-01', 'latam', 'pen', 10, 1.5, false);

-- The shapes of the demo extracts, a handful of rows.
create table months (month date not null, month_index integer, quarter date, year integer, month_label varchar, prev_month date, is_complete boolean);
insert into months
  select m, i::integer, date_trunc('quarter', m)::date, year(m)::integer, strftime(m, '%Y-%m'), (m - interval 1 month)::date, m < date '2025-11-01'
  from (select i, (date '2025-06-01' + interval (i) month)::date as m from range(6) t(i));
create table accounts (account_id integer not null, account_name varchar, segment varchar, region varchar, plan varchar, signup_date date,
  churn_date date, mrr_usd double, health_score integer, seats bigint);
insert into accounts values
  (101, 'Blue Harbor', 'smb', 'na', 'starter', '2025-01-15', NULL, 49.0, 81, 3), (102, 'Café Soleil', 'smb', 'emea', 'starter', '2025-02-28', '2025-08-31', 0.0, NULL, 2),
  (103, 'Northwind', 'mid_market', 'na', 'growth', '2024-02-29', NULL, 890.5, 64, 25), (104, 'Ōsaka Foods', 'mid_market', 'apac', 'growth', '2024-11-30', NULL, 720.25, 58, 18),
  (105, 'Grupo Alba', 'enterprise', 'latam', 'enterprise', '2023-06-01', NULL, 12500.0, 92, 400), (106, 'Kestrel', 'enterprise', 'emea', 'enterprise', '2022-12-31', '2025-11-02', 0.0, NULL, 350),
  (107, 'Pinecone', 'smb', 'na', 'growth', '2025-10-05', NULL, 149.0, 77, 5), (108, 'Red Barn', 'smb', NULL, 'starter', '2025-11-29', NULL, 49.0, NULL, 1),
  (109, 'Sable & Co', 'mid_market', 'emea', 'pro', '2024-07-19', NULL, 2100.0, 40, 60), (110, 'Tideline', 'smb', 'apac', 'starter', '2025-03-31', '2025-03-31', 0.0, NULL, NULL);
create table mrr_movements (movement_id integer not null, account_id integer, movement_date date, month date, movement_type varchar, mrr_delta_usd double, segment varchar, region varchar);
insert into mrr_movements values
  (1, 101, '2025-06-15', '2025-06-01', 'new', 49.0, 'smb', 'na'), (2, 102, '2025-06-28', '2025-06-01', 'new', 49.0, 'smb', 'emea'),
  (3, 103, '2025-06-29', '2025-06-01', 'new', 790.5, 'mid_market', 'na'), (4, 104, '2025-07-01', '2025-07-01', 'new', 720.25, 'mid_market', 'apac'),
  (5, 105, '2025-07-31', '2025-07-01', 'new', 10000.0, 'enterprise', 'latam'), (6, 105, '2025-08-01', '2025-08-01', 'expansion', 2500.0, 'enterprise', 'latam'),
  (7, 103, '2025-08-15', '2025-08-01', 'expansion', 100.0, 'mid_market', 'na'), (8, 102, '2025-08-31', '2025-08-01', 'churn', -49.0, 'smb', 'emea'),
  (9, 106, '2025-09-30', '2025-09-01', 'new', 9000.0, 'enterprise', 'emea'), (10, 109, '2025-09-30', '2025-09-01', 'contraction', -400.0, 'mid_market', 'emea'),
  (11, 107, '2025-11-05', '2025-11-01', 'new', 149.0, 'smb', 'na'), (12, 106, '2025-11-02', '2025-11-01', 'churn', -9000.0, 'enterprise', 'emea'),
  (13, 108, '2025-11-29', '2025-11-01', 'new', 49.0, 'smb', NULL), (14, 999, '2025-11-30', '2025-11-01', 'reactivation', 20.0, 'smb', 'na');
