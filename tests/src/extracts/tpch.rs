//! TPC-H as the `tpchgen` crate makes it. Money is a 64-bit float, as in the benchmark: that is what extracts look like.

use super::tables::{Table, bigint, date, double, integer, text};
use tpchgen::generators::{
    CustomerGenerator, LineItemGenerator, NationGenerator, OrderGenerator, PartGenerator, PartSuppGenerator,
    RegionGenerator, SupplierGenerator,
};

/// The eight tables at a scale factor.
pub(super) fn tables(scale: f64) -> Vec<Table> {
    vec![
        region(scale),
        nation(scale),
        supplier(scale),
        customer(scale),
        part(scale),
        partsupp(scale),
        orders(scale),
        lineitem(scale),
    ]
}

fn region(scale: f64) -> Table {
    let rows: Vec<_> = RegionGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "region",
        vec![
            ("r_regionkey", bigint(&rows, |row| row.r_regionkey)),
            ("r_name", text(&rows, |row| row.r_name)),
            ("r_comment", text(&rows, |row| row.r_comment)),
        ],
    )
}

fn nation(scale: f64) -> Table {
    let rows: Vec<_> = NationGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "nation",
        vec![
            ("n_nationkey", bigint(&rows, |row| row.n_nationkey)),
            ("n_name", text(&rows, |row| row.n_name)),
            ("n_regionkey", bigint(&rows, |row| row.n_regionkey)),
            ("n_comment", text(&rows, |row| row.n_comment)),
        ],
    )
}

fn supplier(scale: f64) -> Table {
    let rows: Vec<_> = SupplierGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "supplier",
        vec![
            ("s_suppkey", bigint(&rows, |row| row.s_suppkey)),
            ("s_name", text(&rows, |row| &row.s_name)),
            ("s_address", text(&rows, |row| &row.s_address)),
            ("s_nationkey", bigint(&rows, |row| row.s_nationkey)),
            ("s_phone", text(&rows, |row| &row.s_phone)),
            ("s_acctbal", double(&rows, |row| row.s_acctbal.as_f64())),
            ("s_comment", text(&rows, |row| &row.s_comment)),
        ],
    )
}

fn customer(scale: f64) -> Table {
    let rows: Vec<_> = CustomerGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "customer",
        vec![
            ("c_custkey", bigint(&rows, |row| row.c_custkey)),
            ("c_name", text(&rows, |row| &row.c_name)),
            ("c_address", text(&rows, |row| &row.c_address)),
            ("c_nationkey", bigint(&rows, |row| row.c_nationkey)),
            ("c_phone", text(&rows, |row| &row.c_phone)),
            ("c_acctbal", double(&rows, |row| row.c_acctbal.as_f64())),
            ("c_mktsegment", text(&rows, |row| row.c_mktsegment)),
            ("c_comment", text(&rows, |row| row.c_comment)),
        ],
    )
}

fn part(scale: f64) -> Table {
    let rows: Vec<_> = PartGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "part",
        vec![
            ("p_partkey", bigint(&rows, |row| row.p_partkey)),
            ("p_name", text(&rows, |row| &row.p_name)),
            ("p_mfgr", text(&rows, |row| &row.p_mfgr)),
            ("p_brand", text(&rows, |row| &row.p_brand)),
            ("p_type", text(&rows, |row| row.p_type)),
            ("p_size", integer(&rows, |row| row.p_size)),
            ("p_container", text(&rows, |row| row.p_container)),
            ("p_retailprice", double(&rows, |row| row.p_retailprice.as_f64())),
            ("p_comment", text(&rows, |row| row.p_comment)),
        ],
    )
}

fn partsupp(scale: f64) -> Table {
    let rows: Vec<_> = PartSuppGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "partsupp",
        vec![
            ("ps_partkey", bigint(&rows, |row| row.ps_partkey)),
            ("ps_suppkey", bigint(&rows, |row| row.ps_suppkey)),
            ("ps_availqty", integer(&rows, |row| row.ps_availqty)),
            ("ps_supplycost", double(&rows, |row| row.ps_supplycost.as_f64())),
            ("ps_comment", text(&rows, |row| row.ps_comment)),
        ],
    )
}

fn orders(scale: f64) -> Table {
    let rows: Vec<_> = OrderGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "orders",
        vec![
            ("o_orderkey", bigint(&rows, |row| row.o_orderkey)),
            ("o_custkey", bigint(&rows, |row| row.o_custkey)),
            ("o_orderstatus", text(&rows, |row| row.o_orderstatus)),
            ("o_totalprice", double(&rows, |row| row.o_totalprice.as_f64())),
            ("o_orderdate", date(&rows, |row| row.o_orderdate.to_unix_epoch())),
            ("o_orderpriority", text(&rows, |row| row.o_orderpriority)),
            ("o_clerk", text(&rows, |row| &row.o_clerk)),
            ("o_shippriority", integer(&rows, |row| row.o_shippriority)),
            ("o_comment", text(&rows, |row| row.o_comment)),
        ],
    )
}

fn lineitem(scale: f64) -> Table {
    let rows: Vec<_> = LineItemGenerator::new(scale, 1, 1).iter().collect();
    Table::new(
        "lineitem",
        vec![
            ("l_orderkey", bigint(&rows, |row| row.l_orderkey)),
            ("l_partkey", bigint(&rows, |row| row.l_partkey)),
            ("l_suppkey", bigint(&rows, |row| row.l_suppkey)),
            ("l_linenumber", integer(&rows, |row| row.l_linenumber)),
            ("l_quantity", double(&rows, |row| row.l_quantity as f64)),
            ("l_extendedprice", double(&rows, |row| row.l_extendedprice.as_f64())),
            ("l_discount", double(&rows, |row| row.l_discount.as_f64())),
            ("l_tax", double(&rows, |row| row.l_tax.as_f64())),
            ("l_returnflag", text(&rows, |row| row.l_returnflag)),
            ("l_linestatus", text(&rows, |row| row.l_linestatus)),
            ("l_shipdate", date(&rows, |row| row.l_shipdate.to_unix_epoch())),
            ("l_commitdate", date(&rows, |row| row.l_commitdate.to_unix_epoch())),
            ("l_receiptdate", date(&rows, |row| row.l_receiptdate.to_unix_epoch())),
            ("l_shipinstruct", text(&rows, |row| row.l_shipinstruct)),
            ("l_shipmode", text(&rows, |row| row.l_shipmode)),
            ("l_comment", text(&rows, |row| row.l_comment)),
        ],
    )
}
