// TPC-H's 22 queries with the validation parameters, warm: duckdb-wasm reads its own tables, filled from Arrow streams; Almanac
// reads Parquet by range and keeps decoded columns. A query counts when both answer it and the answers are equal.

import { PEER, TABLES, compareAll } from "./both.mjs";

/** Scale factor 0.1: the sum of the medians. */
export async function tpch01(bench) {
  const { ours, theirs, notes } = await compareAll(bench, "/data/sf0.1", bench.queries, TABLES);
  return { rows: [{ name: "tpch_sf01_sum_ratio", value: ours, unit: "ms", peer: PEER, peer_value: theirs }], notes };
}

/** Scale factor 1: the sum of the medians and the geometric mean of the ratios. */
export async function tpch1(bench) {
  const { ours, theirs, geomean, notes } = await compareAll(bench, "/data/sf1", bench.queries, TABLES);
  return {
    rows: [
      { name: "tpch_sf1_sum_ratio", value: ours, unit: "ms", peer: PEER, peer_value: theirs },
      { name: "tpch_sf1_geomean_ratio", value: geomean, unit: "×", peer: PEER, peer_value: 1 },
    ],
    notes,
  };
}
