//! Lineage: what is made of what, from the manifest, the definitions of metrics and the SQL of notebooks.

use crate::catalogue::{Catalogue, Shape, SourceText};
use crate::extracts::Extracts;
use almanac_model::Value;
use almanac_model::lineage::{Lineage, Node};
use almanac_model::manifest::Manifest;
use almanac_model::notebook::{CellKind, InputKind, Notebook, Options, parse};
use almanac_sql::catalog::{Catalog, CatalogTable};
use almanac_sql::plan::Plan;
use almanac_sql::{BindOptions, Parameter, bind, inputs, tables_of};
use std::collections::{BTreeMap, BTreeSet};

type Pairs = BTreeSet<(Node, Node)>;

/// The lineage of a site. `notebooks` are those whose SQL reads tables, each with its path in the site.
#[must_use]
pub fn lineage(manifest: &Manifest, catalogue: &Catalogue, notebooks: &[SourceText]) -> Lineage {
    let mut pairs = Pairs::new();
    for resource in &manifest.resources {
        let table = Node::Table(resource.name.clone());
        let named = catalogue.table(&resource.name).map(|facts| facts.sources.as_slice()).unwrap_or_default();
        for source in resource.sources.iter().chain(named) {
            pairs.insert((Node::Source(source.clone()), table.clone()));
        }
        for field in &resource.schema.fields {
            pairs.insert((table.clone(), Node::column(&resource.name, &field.name)));
        }
    }
    for metric in catalogue.metrics() {
        of_metric(catalogue, &metric.id, &mut pairs);
    }
    for text in notebooks {
        of_notebook(manifest, text, &mut pairs);
    }
    Lineage::of(&pairs)
}

/// A metric reads metrics, or columns; a count of all rows of today reads the table.
fn of_metric(catalogue: &Catalogue, id: &str, pairs: &mut Pairs) {
    let Some(metric) = catalogue.metric(id) else { return };
    let own = Node::Metric(id.to_owned());
    for read in metric.kind.metrics() {
        pairs.insert((Node::Metric(read.text.clone()), own.clone()));
    }
    for goal in &metric.goals {
        pairs.insert((own.clone(), Node::Goal(goal.clone())));
    }
    let has_rows = matches!(catalogue.shape(id), Some(Shape::Leaf(_) | Shape::Conversion { .. }));
    if !has_rows {
        return;
    }
    for (table, columns) in catalogue.reads(id) {
        if columns.is_empty() {
            pairs.insert((Node::Table(table.clone()), own.clone()));
        }
        for column in columns {
            pairs.insert((Node::Table(table.clone()), Node::column(&table, &column)));
            pairs.insert((Node::column(&table, &column), own.clone()));
        }
    }
}

/// The tables a notebook's SQL can read: extracts, and its own cells in front of them.
struct Sight<'a> {
    extracts: Extracts<'a>,
    cells: BTreeMap<String, CatalogTable>,
}

impl Catalog for Sight<'_> {
    fn table(&self, name: &str) -> Option<CatalogTable> {
        self.cells.get(&name.to_lowercase()).cloned().or_else(|| self.extracts.table(name))
    }

    fn table_names(&self) -> Vec<String> {
        let mut names = self.extracts.table_names();
        names.extend(self.cells.keys().cloned());
        names.sort();
        names
    }
}

fn of_notebook(manifest: &Manifest, text: &SourceText, pairs: &mut Pairs) {
    let notebook = parse(&text.text).value;
    let own = Node::Notebook(text.path.clone());
    let mut sight = Sight { extracts: Extracts(manifest), cells: BTreeMap::new() };
    let options = BindOptions {
        parameters: parameters(&notebook),
        today: manifest.as_of.as_deref().and_then(almanac_model::format::parse_date),
        ..BindOptions::default()
    };
    for input in &notebook.inputs {
        if let InputKind::Select(Options::Sql { sql, .. }) = &input.kind {
            of_query(sql, None, &options, &mut sight, &own, pairs);
        }
    }
    for cell in notebook.cells() {
        if let CellKind::Sql(sql) = &cell.kind {
            of_query(sql, cell.named.then_some(cell.id.as_str()), &options, &mut sight, &own, pairs);
        }
    }
}

/// The columns a query reads; where it cannot be bound (it reads a cell further down, it is not finished), its tables.
fn of_query(sql: &str, id: Option<&str>, options: &BindOptions, sight: &mut Sight<'_>, own: &Node, pairs: &mut Pairs) {
    match bind(sql, sight, options) {
        Ok(query) => {
            scans(&query.root, &mut |table, columns| {
                if sight.cells.contains_key(&table.to_lowercase()) {
                    return;
                }
                let node = Node::Table(table.to_owned());
                if columns.is_empty() {
                    pairs.insert((node.clone(), own.clone()));
                }
                for column in columns {
                    pairs.insert((node.clone(), Node::column(table, column)));
                    pairs.insert((Node::column(table, column), own.clone()));
                }
            });
            if let Some(id) = id {
                let columns = query.output.iter().map(|field| (field.name.clone(), field.ty)).collect();
                let table = CatalogTable { name: id.to_owned(), columns, rows: None, distinct: BTreeMap::new() };
                sight.cells.insert(id.to_lowercase(), table);
            }
        }
        Err(_) => {
            let known = tables_of(sql).into_iter().filter_map(|name| sight.extracts.table(&name));
            pairs.extend(known.map(|table| (Node::Table(table.name), own.clone())));
        }
    }
}

/// The tables of a plan and the columns that are read of each.
fn scans(plan: &Plan, seen: &mut dyn FnMut(&str, &[&str])) {
    if let Plan::Scan { table, columns } = plan {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        seen(table, &names);
    }
    for input in inputs(plan) {
        scans(input, seen);
    }
}

/// A value of the right type for each input: which columns are read does not depend on it.
fn parameters(notebook: &Notebook) -> BTreeMap<String, Parameter> {
    let value = |kind: &InputKind| match kind {
        InputKind::Number { .. } | InputKind::Slider { .. } => Value::Double(0.0),
        InputKind::Date => Value::Date(0),
        InputKind::Toggle => Value::Boolean(false),
        InputKind::Text | InputKind::Select(_) => Value::Text(String::new()),
    };
    notebook.inputs.iter().map(|input| (input.name.clone(), Parameter::One(value(&input.kind)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::Type;
    use almanac_model::manifest::{Field, Resource, Schema};

    #[test]
    fn the_columns_of_a_notebook_are_those_its_queries_read() {
        let field = |name: &str, ty| Field { name: name.into(), ty, ..Field::default() };
        let fields = vec![field("region", Type::Varchar), field("amount", Type::Double), field("note", Type::Varchar)];
        let deals = Resource {
            name: "deals".into(),
            sources: vec!["crm.deals".into()],
            schema: Schema { fields, ..Schema::default() },
            ..Resource::default()
        };
        let manifest = Manifest { resources: vec![deals], ..Manifest::default() };
        let text = "---\ntitle: T\ninputs:\n  region: {kind: text, default: na}\n---\n```sql won\nselect region, sum(amount) as a \
                    from deals where region = $region group by region\n```\n\n```sql next\nselect a from won\n```\n";
        let notebook = SourceText { path: "notebooks/t.md".into(), text: text.into() };
        let found = lineage(&manifest, &Catalogue::default(), &[notebook]);
        let [at] = found.named("notebooks/t.md")[..] else { panic!("it is there once: {found:?}") };
        let names: Vec<&str> = found.made_of(at).map(|at| found.nodes[at].name()).collect();
        assert_eq!(names, ["deals.amount", "deals.region"]);
        assert_eq!(found.above(at).len(), 5, "with the table and its source: {found:?}");
    }
}
