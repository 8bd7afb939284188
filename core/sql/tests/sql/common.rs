//! Tables to bind against.

use std::collections::BTreeMap;

use almanac_model::{Diagnostic, Type, Value};
use almanac_sql::catalog::{Catalog, CatalogTable};
use almanac_sql::plan::Query;
use almanac_sql::{BindOptions, Parameter, bind};

/// Tables with made-up sizes.
pub(crate) struct Tables(Vec<CatalogTable>);

impl Catalog for Tables {
    fn table(&self, name: &str) -> Option<CatalogTable> {
        self.0.iter().find(|table| table.name.eq_ignore_ascii_case(name)).cloned()
    }

    fn table_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.0.iter().map(|table| table.name.clone()).collect();
        names.sort();
        names
    }
}

/// Columns are `name type`, or `name type/n` where the catalogue knows of n distinct values.
fn table(name: &str, rows: u64, columns: &str) -> CatalogTable {
    let mut distinct = BTreeMap::new();
    let column = |column: &str| {
        let (name, ty) = column.rsplit_once(' ').expect("a name and a type");
        let (ty, count) = ty.split_once('/').map_or((ty, None), |(ty, count)| (ty, count.parse().ok()));
        distinct.extend(count.map(|count| (name.to_owned(), count)));
        let ty = match ty {
            "int" => Type::BigInt,
            "double" => Type::Double,
            "text" => Type::Varchar,
            "date" => Type::Date,
            "bool" => Type::Boolean,
            other => panic!("no type {other}"),
        };
        (name.to_owned(), ty)
    };
    let columns: Vec<(String, Type)> = columns.split(", ").map(column).collect();
    CatalogTable { name: name.to_owned(), columns, rows: Some(rows), distinct }
}

/// A shop, and TPC-H with the columns that the tests name.
pub(crate) fn tables() -> Tables {
    Tables(vec![
        table("sales", 1000, "id int, day date, store_id int, Net Sales double, qty int, note text, paid bool"),
        table("stores", 20, "id int, city text, Order text, opened date"),
        table("2024 plan", 12, "month date, target double"),
        table("region", 5, "r_regionkey int, r_name text/5"),
        table("nation", 25, "n_nationkey int, n_name text, n_regionkey int/5"),
        table("supplier", 10_000, "s_suppkey int, s_name text, s_nationkey int/25"),
        table("customer", 150_000, "c_custkey int, c_name text, c_nationkey int/25"),
        table("part", 200_000, "p_partkey int, p_name text, p_brand text, p_size int, p_container text"),
        table("partsupp", 800_000, "ps_partkey int/200000, ps_suppkey int/10000, ps_supplycost double"),
        table("orders", 1_500_000, "o_orderkey int, o_custkey int/100000, o_orderdate date"),
        table(
            "lineitem",
            6_000_000,
            "l_orderkey int/1500000, l_partkey int/200000, l_suppkey int/10000, l_quantity double, l_extendedprice double, l_discount double, l_shipmode text",
        ),
    ])
}

/// Parameters as the tests know them.
pub(crate) fn options() -> BindOptions {
    let one = |name: &str, value| (name.to_owned(), Parameter::One(value));
    let parameters = [
        one("city", Value::Text("O'Hara'; drop table sales; --".to_owned())),
        one("least", Value::Int(3)),
        ("cities".to_owned(), Parameter::List(vec![Value::Text("A".to_owned()), Value::Text("B".to_owned())])),
    ];
    BindOptions { parameters: parameters.into(), today: Some(19_723), ..BindOptions::default() }
}

/// The plan of a query.
pub(crate) fn bound(sql: &str) -> Query {
    bind(sql, &tables(), &options()).unwrap_or_else(|problems| panic!("{sql}: {problems:?}"))
}

/// What is wrong with a query.
pub(crate) fn problems(sql: &str) -> Vec<Diagnostic> {
    bind(sql, &tables(), &options()).expect_err("it must not bind")
}
