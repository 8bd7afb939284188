//! From the path of an address to a file, and never out of the folder.

use percent_encoding::percent_decode_str;
use std::path::{Component, Path, PathBuf};

/// The file that a path of an address names; a folder names its `index.html`. `None` when there is none, or when it would
/// lie outside the folder, be hidden, or be reached through a link out of it.
pub(super) fn file(root: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
    if decoded.contains(['\\', '\0']) {
        return None;
    }
    let relative = Path::new(decoded.as_ref());
    let plain = |part: Component<'_>| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    };
    // `a//b` and `a/./b` would be other addresses of the same file.
    let segments = decoded.split('/').collect::<Vec<_>>();
    let (last, folders) = segments.split_last()?;
    if folders.iter().any(|part| part.is_empty() || *part == ".") || *last == "." || !relative.components().all(plain) {
        return None;
    }
    let mut file = root.join(relative);
    if file.is_dir() {
        file.push("index.html");
    }
    let real = file.canonicalize().ok()?;
    (real.is_file() && real.starts_with(root.canonicalize().ok()?)).then_some(real)
}
