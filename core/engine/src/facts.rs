//! What is told of a table: the words and facts of the manifest beside the columns that are there.

use crate::store::StoredTable;
use almanac_model::format::parse_date;
use almanac_model::manifest::{Bound, Field, Resource};
use almanac_model::view::{CatalogColumn, CatalogTable, TableFacts};

/// Of a table; `resource` is its place in the manifest, `as_of` the day the data reach.
pub(crate) fn info(
    table: &StoredTable,
    resource: Option<&Resource>,
    bytes: Option<u64>,
    as_of: Option<&str>,
) -> CatalogTable {
    let column = |name: &str| resource?.schema.fields.iter().find(|field| field.name == name);
    let columns = table.columns.iter().map(|(name, ty)| {
        let Field { description, unit, nullable, .. } = column(name).cloned().unwrap_or_default();
        let references = resource.and_then(|resource| references(resource, name));
        CatalogColumn { name: name.clone(), ty: *ty, description, unit, nullable, references }
    });
    CatalogTable {
        name: table.name.clone(),
        source: table.source,
        description: resource.map(|resource| resource.description.clone()).unwrap_or_default(),
        rows: Some(table.rows),
        bytes,
        columns: columns.collect(),
        facts: resource.map(|resource| TableFacts {
            kind: resource.kind.clone(),
            grain: resource.grain.clone(),
            key: resource.schema.primary_key.clone(),
            sources: resource.sources.clone(),
            files: u32::try_from(resource.files.len()).unwrap_or(u32::MAX),
            newest: newest(resource, as_of),
        }),
    }
}

/// The table and column whose rows a column names, where one column is enough.
fn references(resource: &Resource, name: &str) -> Option<(String, String)> {
    let mut keys = resource.schema.foreign_keys.iter().filter(|key| key.fields.as_slice() == [name]);
    let reference = &keys.next()?.reference;
    Some((reference.resource.clone(), reference.fields.first()?.clone()))
}

/// The newest day of its files that is not after the day the data reach: expected days lie later, and calendars go on.
fn newest(resource: &Resource, as_of: Option<&str>) -> Option<String> {
    let bounds = resource.files.iter().flat_map(|file| file.between.values());
    let days = bounds.filter_map(|(_, last)| match last {
        Bound::Text(day) if parse_date(day).is_some() && as_of.is_none_or(|as_of| day.as_str() <= as_of) => Some(day),
        _ => None,
    });
    days.max().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::manifest::File;

    #[test]
    fn the_newest_day_is_one_the_data_reach() {
        let file = |bounds: &[(&str, &str)]| File {
            between: bounds
                .iter()
                .map(|(name, day)| ((*name).to_owned(), (Bound::Text("2020-01-01".into()), Bound::Text((*day).into()))))
                .collect(),
            ..File::default()
        };
        let files = vec![file(&[("closed", "2025-10-31")]), file(&[("closed", "2025-11-28"), ("due", "2026-02-01")])];
        let resource = Resource { files, ..Resource::default() };
        assert_eq!(newest(&resource, Some("2025-11-30")).as_deref(), Some("2025-11-28"));
        assert_eq!(newest(&resource, None).as_deref(), Some("2026-02-01"));
        assert_eq!(newest(&Resource::default(), None), None);
    }
}
