//! From the path of an address to a file, and never out of the folder.

use percent_encoding::percent_decode_str;
use std::path::{Component, Path, PathBuf};

/// Whether a path names a folder with a page, but for the slash at its end.
pub(super) fn is_page_without_slash(root: &Path, path: &str) -> bool {
    !path.ends_with('/') && !path.starts_with("//") && file(root, &format!("{path}/")).is_some()
}

/// The file that a path of an address names; a folder with a slash at its end names its `index.html`. `None` when there is none, or when it would
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
    // Without the slash the page's relative addresses would be those of the folder above.
    if file.is_dir() && last.is_empty() {
        file.push("index.html");
    }
    let real = file.canonicalize().ok()?;
    (real.is_file() && real.starts_with(root.canonicalize().ok()?)).then_some(real)
}
