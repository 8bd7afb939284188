//! What the browser keeps for the reader: `localStorage`, with its refusals reported.

use super::window;

/// What became of a text that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    /// It is kept.
    Yes,
    /// There is no room, or storage is switched off.
    Refused,
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The text kept under a key.
pub(crate) fn load(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text.
pub(crate) fn store(key: &str, text: &str) -> Stored {
    match storage().map(|storage| storage.set_item(key, text)) {
        Some(Ok(())) => Stored::Yes,
        _ => Stored::Refused,
    }
}

/// Forgets a text.
pub(crate) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Keys that begin with `prefix`, and their texts, sorted by key.
pub(crate) fn entries(prefix: &str) -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let mut found: Vec<(String, String)> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(prefix))
        .filter_map(|key| storage.get_item(&key).ok().flatten().map(|text| (key, text)))
        .collect();
    found.sort();
    found
}
