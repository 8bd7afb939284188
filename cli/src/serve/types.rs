//! Media types by file name, and what follows from them: whether a file is worth compressing, how long it may be kept.

/// The media type of a file.
pub(super) fn media_type(name: &str) -> &'static str {
    match extension(name) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "md" => "text/markdown; charset=utf-8",
        "yml" | "yaml" => "text/yaml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "parquet" => "application/vnd.apache.parquet",
        "arrow" => "application/vnd.apache.arrow.file",
        "arrows" => "application/vnd.apache.arrow.stream",
        _ => "application/octet-stream",
    }
}

/// Whether it is text or code. Data files are compressed in themselves, and their ranges count bytes as they are.
pub(super) fn is_compressible(name: &str) -> bool {
    matches!(
        extension(name),
        "html"
            | "js"
            | "mjs"
            | "css"
            | "wasm"
            | "json"
            | "map"
            | "webmanifest"
            | "md"
            | "yml"
            | "yaml"
            | "txt"
            | "csv"
            | "svg"
    )
}

/// Whether the name holds a hash of the content, as trunk writes it: `almanac-ui-4f0c2b9d1e8a7c36_bg.wasm`.
pub(super) fn is_hashed(name: &str) -> bool {
    name.split(['-', '.', '_']).any(|part| {
        part.len() >= 16
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
            && part.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_known() {
        assert!(is_hashed("almanac-ui-4f0c2b9d1e8a7c36_bg.wasm"));
        assert!(is_hashed("almanac-ui-4f0c2b9d1e8a7c36.js"));
        for name in [
            "almanac-worker_bg.wasm",
            "2025-11.parquet",
            "index.html",
            "jetbrains-mono.woff2",
            "abcdefabcdefabcd.css",
            "export-2025010112000000.csv",
        ] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
