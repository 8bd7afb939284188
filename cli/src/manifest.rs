//! The manifest on disk: `datapackage.json` in the data folder.

use almanac_model::manifest::{FILE_NAME, Manifest, Resource};
use std::path::Path;

/// The manifest of a data folder; an empty one when there is none yet.
///
/// # Errors
/// A sentence with the path, when it cannot be read.
pub(crate) fn read(folder: &Path) -> Result<Manifest, String> {
    let path = folder.join(FILE_NAME);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(empty()),
        Err(error) => return Err(format!("`{}` cannot be read: {error}", path.display())),
    };
    serde_json::from_str(&text).map_err(|error| {
        format!("`{}` is not a manifest: {error}. Remove the file, and it is written anew.", path.display())
    })
}

fn empty() -> Manifest {
    Manifest { name: "almanac-data".to_owned(), title: "Extracts".to_owned(), ..Manifest::default() }
}

/// Puts a table into the manifest in the place of the one of that name, which SQL does not tell apart by letter case; tables are
/// sorted by name.
pub(crate) fn put(manifest: &mut Manifest, resource: Resource) {
    manifest.resources.retain(|other| !other.name.eq_ignore_ascii_case(&resource.name));
    manifest.resources.push(resource);
    manifest.resources.sort_by(|a, b| a.name.cmp(&b.name));
}

/// Writes the manifest, whole or not at all.
///
/// # Errors
/// A sentence with the path.
pub(crate) fn write(folder: &Path, manifest: &Manifest) -> Result<(), String> {
    let path = folder.join(FILE_NAME);
    let failed = |error: &dyn std::fmt::Display| format!("`{}` cannot be written: {error}", path.display());
    let mut text = serde_json::to_string_pretty(manifest).map_err(|error| failed(&error))?;
    text.push('\n');
    let draft = folder.join(format!("{FILE_NAME}.new"));
    std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    std::fs::write(&draft, text).map_err(|error| failed(&error))?;
    std::fs::rename(&draft, &path).map_err(|error| failed(&error))
}
