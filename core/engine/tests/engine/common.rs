//! A host in memory, Parquet files made on the spot, and plans written by hand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use almanac_engine::{Engine, Host, HostError, ResultSet};
use almanac_model::manifest::{Field as ManifestField, File, Manifest, Resource, Schema};
use almanac_model::protocol::Limits;
use almanac_model::{Diagnostic, Span, Type, Value};
use almanac_sql::functions::{Aggregate, Scalar};
use almanac_sql::plan::{AggregateCall, ColumnId, Expr, ExprKind, Field, Plan, Query, SortKey};
use arrow::array::{ArrayRef, RecordBatch};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use proptest::prelude::ProptestConfig;
use sha2::{Digest, Sha256};

/// So many cases of a property, or as many as `PROPTEST_CASES` says.
pub fn cases(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let cases = if given.cases == 256 { cases } else { given.cases };
    ProptestConfig { cases, failure_persistence: None, ..given }
}

pub const BIG: Type = Type::BigInt;
pub const INT: Type = Type::Integer;
pub const DBL: Type = Type::Double;
pub const TXT: Type = Type::Varchar;
pub const BOOL: Type = Type::Boolean;

/// Files in memory; remembers what was asked for.
#[derive(Default)]
pub struct MemoryHost {
    pub files: BTreeMap<String, Bytes>,
    pub reads: RefCell<Vec<(String, Range<u64>)>>,
}

impl Host for MemoryHost {
    fn read(&self, path: &str, range: Range<u64>) -> impl Future<Output = Result<Bytes, HostError>> {
        self.reads.borrow_mut().push((path.to_owned(), range.clone()));
        let out = match self.files.get(path) {
            None => Err(HostError::NotFound { path: path.to_owned() }),
            Some(bytes) if (bytes.len() as u64) < range.end => {
                Err(HostError::TooShort { path: path.to_owned(), expected: range.end, actual: bytes.len() as u64 })
            }
            Some(bytes) => Ok(bytes.slice(range.start as usize..range.end as usize)),
        };
        std::future::ready(out)
    }

    fn read_whole(&self, path: &str) -> impl Future<Output = Result<Bytes, HostError>> {
        let out = self.files.get(path).cloned().ok_or_else(|| HostError::NotFound { path: path.to_owned() });
        self.reads.borrow_mut().push((path.to_owned(), 0..u64::MAX));
        std::future::ready(out)
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// A Parquet file, zstd, `group` rows in a row group.
pub fn parquet(columns: Vec<(&str, ArrayRef)>, group: usize) -> Bytes {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
        .set_max_row_group_row_count(Some(group))
        .build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    Bytes::from(out)
}

pub fn file(path: &str, bytes: &Bytes, rows: u64) -> File {
    let tail = &bytes[bytes.len() - 8..bytes.len() - 4];
    let footer = u64::from(u32::from_le_bytes(tail.try_into().unwrap()));
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    File {
        path: path.to_owned(),
        bytes: bytes.len() as u64,
        sha256,
        rows,
        footer_start: bytes.len() as u64 - 8 - footer,
        footer: None,
        ..File::default()
    }
}

pub fn resource(name: &str, fields: &[(&str, Type)], files: Vec<File>) -> Resource {
    Resource {
        name: name.to_owned(),
        description: String::new(),
        format: "parquet".to_owned(),
        rows: files.iter().map(|file| file.rows).sum(),
        schema: Schema {
            fields: fields
                .iter()
                .map(|(name, ty)| ManifestField {
                    name: (*name).to_owned(),
                    ty: *ty,
                    description: String::new(),
                    nullable: true,
                    distinct: None,
                    ..ManifestField::default()
                })
                .collect(),
            ..Schema::default()
        },
        files,
        ..Resource::default()
    }
}

pub fn engine(resources: Vec<Resource>) -> Engine {
    Engine::new(Manifest { resources, ..Manifest::default() }, Limits::default())
}

pub fn run(engine: &mut Engine, query: &Query) -> Result<ResultSet, Diagnostic> {
    block_on(engine.run(&MemoryHost::default(), query)).map(|answer| answer.result)
}

/// The rows of a result as text, NULL as `NULL`.
pub fn rows(result: &ResultSet) -> Vec<Vec<String>> {
    let shown = result.page(0, u32::MAX, None, |_, value| match value {
        Value::Boolean(b) => b.to_string(),
        Value::Int(n) | Value::Time(n) | Value::Timestamp(n) => n.to_string(),
        Value::Double(x) => format!("{x:?}"),
        Value::Text(text) => text.clone(),
        Value::Date(days) => format!("day {days}"),
        Value::Interval(parts) => format!("{parts:?}"),
        Value::List(_) | Value::Struct(_) => format!("{value:?}"),
        Value::Null => unreachable!("NULL is not formatted"),
    });
    shown
        .rows
        .into_iter()
        .map(|row| row.into_iter().map(|cell| cell.unwrap_or_else(|| "NULL".to_owned())).collect())
        .collect()
}

pub fn field(id: u32, ty: Type) -> Field {
    Field { id: ColumnId(id), name: format!("c{id}"), ty }
}

pub fn expr(kind: ExprKind, ty: Type) -> Expr {
    Expr { kind, ty, span: Span::new(7, 9) }
}

pub fn col(id: u32, ty: Type) -> Expr {
    expr(ExprKind::Column(ColumnId(id)), ty)
}

pub fn lit(value: impl Into<Lit>, ty: Type) -> Expr {
    expr(ExprKind::Literal(value.into().0), ty)
}

/// Rust values as SQL values.
pub struct Lit(pub Value);

impl From<i64> for Lit {
    fn from(n: i64) -> Self {
        Self(Value::Int(n))
    }
}
impl From<f64> for Lit {
    fn from(x: f64) -> Self {
        Self(Value::Double(x))
    }
}
impl From<&str> for Lit {
    fn from(text: &str) -> Self {
        Self(Value::Text(text.to_owned()))
    }
}
impl From<bool> for Lit {
    fn from(b: bool) -> Self {
        Self(Value::Boolean(b))
    }
}
impl From<()> for Lit {
    fn from((): ()) -> Self {
        Self(Value::Null)
    }
}
impl From<Value> for Lit {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

pub fn call(function: Scalar, args: Vec<Expr>, ty: Type) -> Expr {
    expr(ExprKind::Call(function, args), ty)
}

/// `VALUES` of the columns `first`, `first + 1`, …
pub fn values(first: u32, types: &[Type], rows: &[&[Value]]) -> Plan {
    Plan::Values {
        fields: types.iter().enumerate().map(|(at, ty)| field(first + at as u32, *ty)).collect(),
        rows: rows
            .iter()
            .map(|row| row.iter().zip(types).map(|(value, ty)| lit(value.clone(), *ty)).collect())
            .collect(),
    }
}

pub fn aggregate(function: Aggregate, args: Vec<Expr>, ty: Type) -> AggregateCall {
    AggregateCall { function, args, distinct: false, filter: None, order_by: Vec::new(), ty }
}

pub fn sorted(input: Plan, keys: &[(u32, Type)]) -> Plan {
    let keys =
        keys.iter().map(|(id, ty)| SortKey { expr: col(*id, *ty), descending: false, nulls_first: false }).collect();
    Plan::Sort { input: Box::new(input), keys }
}

pub fn project(input: Plan, columns: Vec<(Field, Expr)>) -> Plan {
    Plan::Project { input: Box::new(input), columns }
}

pub fn query(root: Plan, output: &[(u32, Type)]) -> Query {
    Query { root, output: output.iter().map(|(id, ty)| field(*id, *ty)).collect(), explain: None }
}

/// The rows a plan gives over no tables.
pub fn answer(root: Plan, output: &[(u32, Type)]) -> Vec<Vec<String>> {
    match run(&mut engine(Vec::new()), &query(root, output)) {
        Ok(result) => rows(&result),
        Err(diagnostic) => panic!("{diagnostic:?}"),
    }
}

/// The value of an expression without columns.
pub fn value_of(expr: Expr) -> Result<String, Diagnostic> {
    let ty = expr.ty;
    let one = Plan::Values { fields: Vec::new(), rows: vec![Vec::new()] };
    let plan = project(one, vec![(field(0, ty), expr)]);
    run(&mut engine(Vec::new()), &query(plan, &[(0, ty)])).map(|result| rows(&result)[0][0].clone())
}

pub fn int(n: i64) -> Value {
    Value::Int(n)
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub const NULL: Value = Value::Null;

/// So that `Arc<dyn Array>` is short to write.
pub fn array(values: impl arrow::array::Array + 'static) -> ArrayRef {
    Arc::new(values)
}
