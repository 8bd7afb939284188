// What a dashboard asks of 6 million rows: filters on numbers, days and words, groups by at most two small keys, a top ten, a
// histogram.

import { PEER, compareAll } from "./both.mjs";

const QUERIES = {
  filter_sum: "select sum(l_extendedprice * l_discount) as revenue from lineitem where l_shipdate >= date '1994-01-01' and l_shipdate < date '1995-01-01' and l_quantity < 24",
  one_key: "select l_shipmode, count(*) as lines, sum(l_extendedprice) as revenue from lineitem where l_returnflag = 'R' group by l_shipmode order by l_shipmode",
  two_keys: "select l_returnflag, l_linestatus, avg(l_discount) as discount, max(l_quantity) as most from lineitem group by l_returnflag, l_linestatus order by l_returnflag, l_linestatus",
  by_month: "select date_trunc('month', l_shipdate) as month, sum(l_extendedprice) as revenue from lineitem group by date_trunc('month', l_shipdate) order by month",
  top_ten: "select l_orderkey, l_linenumber, l_extendedprice from lineitem order by l_extendedprice desc, l_orderkey, l_linenumber limit 10",
  histogram: "select floor(l_extendedprice / 5000) as bin, count(*) as lines from lineitem group by floor(l_extendedprice / 5000) order by bin",
};

/** The sum of the medians. */
export async function dashboard(bench) {
  const { ours, theirs, notes } = await compareAll(bench, "/data/sf1", QUERIES, ["lineitem"]);
  return { rows: [{ name: "dash_shape_ratio", value: ours, unit: "ms", peer: PEER, peer_value: theirs }], notes };
}
