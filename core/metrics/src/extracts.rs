//! The tables of a manifest, for the checks of a catalogue.

use almanac_model::manifest::{Manifest, Resource};
use almanac_sql::catalog::{Catalog, CatalogTable};

/// The tables of a manifest, as [`almanac_sql`] asks for them.
#[derive(Debug, Clone, Copy)]
pub struct Extracts<'a>(pub &'a Manifest);

impl Catalog for Extracts<'_> {
    fn table(&self, name: &str) -> Option<CatalogTable> {
        let resource = self.0.resources.iter().find(|resource| resource.name.eq_ignore_ascii_case(name))?;
        Some(table(resource))
    }

    fn table_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.0.resources.iter().map(|resource| resource.name.clone()).collect();
        names.sort();
        names
    }

    fn primary_key(&self, name: &str) -> Vec<String> {
        let resource = self.0.resources.iter().find(|resource| resource.name.eq_ignore_ascii_case(name));
        resource.map(|resource| resource.schema.primary_key.clone()).unwrap_or_default()
    }
}

fn table(resource: &Resource) -> CatalogTable {
    let fields = &resource.schema.fields;
    CatalogTable {
        name: resource.name.clone(),
        columns: fields.iter().map(|field| (field.name.clone(), field.ty)).collect(),
        rows: Some(resource.rows),
        distinct: fields.iter().filter_map(|field| Some((field.name.clone(), field.distinct?))).collect(),
    }
}
