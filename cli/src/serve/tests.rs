//! The server over a real socket, as a browser would speak to it.

use super::*;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// A running server over a folder of its own.
struct Server {
    root: PathBuf,
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value)
    }
}

impl Server {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("almanac-serve-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("data/sub")).unwrap();
        fs::write(root.join("index.html"), "<!doctype html>".to_owned() + &"<p>Almanac</p>".repeat(500)).unwrap();
        fs::write(root.join("data/t.parquet"), (0..=255_u8).cycle().take(5000).collect::<Vec<_>>()).unwrap();
        fs::write(root.join("engine_bg.wasm"), vec![7; 4000]).unwrap();
        fs::write(root.join("ui-0123456789abcdef.js"), "export {};".repeat(300)).unwrap();
        fs::write(root.join("site.yml"), "title: T\n").unwrap();
        fs::write(root.join("a b.md"), "# A\n").unwrap();
        fs::write(root.join("empty.txt"), "").unwrap();
        fs::write(root.join(".secret"), "s").unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let router = router(root.clone(), Duration::ZERO);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { root, address, _runtime: runtime }
    }

    fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn get(&self, path: &str, headers: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n{headers}\r\n"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

#[test]
fn files_have_their_types_and_safe_headers() {
    let server = Server::new("types");
    for (path, media) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/engine_bg.wasm", "application/wasm"),
        ("/data/t.parquet", "application/vnd.apache.parquet"),
        ("/a%20b.md", "text/markdown; charset=utf-8"),
        ("/site.yml", "text/yaml; charset=utf-8"),
    ] {
        let answer = server.get(path, "");
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media)), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
}

#[test]
fn ranges_are_answered_byte_for_byte() {
    let server = Server::new("ranges");
    let whole: Vec<u8> = (0..=255_u8).cycle().take(5000).collect();
    for (range, from, to) in
        [("0-9", 0, 9), ("4990-", 4990, 4999), ("-8", 4992, 4999), ("4000-9999", 4000, 4999), ("-9999", 0, 4999)]
    {
        let answer = server.get("/data/t.parquet", &format!("Range: bytes={range}\r\nAccept-Encoding: br, gzip\r\n"));
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(answer.header("content-range"), Some(format!("bytes {from}-{to}/5000").as_str()));
        assert_eq!(answer.header("content-encoding"), None);
        assert_eq!(answer.body, whole[from..=to]);
    }
    let beyond = server.get("/data/t.parquet", "Range: bytes=5000-5001\r\n");
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */5000")));
    for ignored in ["lines=1-2", "bytes=9-0", "bytes=-0", "bytes=0-9,5-14"] {
        let answer = server.get("/data/t.parquet", &format!("Range: {ignored}\r\n"));
        assert_eq!((answer.status, answer.body.len()), (200, 5000), "{ignored}");
    }
    assert_eq!(server.get("/data/t.parquet", "Range: bytes=6000-\r\n").status, 416);
    assert_eq!(server.get("/empty.txt", "Range: bytes=0-1\r\n").status, 416);
}

#[test]
fn a_range_of_code_is_of_its_plain_bytes() {
    let server = Server::new("plain");
    let answer = server.get("/engine_bg.wasm", "Range: bytes=0-3\r\nAccept-Encoding: br\r\n");
    assert_eq!((answer.status, answer.header("content-encoding")), (206, None));
    assert_eq!(answer.body, [7; 4]);
}

#[test]
fn text_is_compressed_as_the_browser_accepts_it() {
    let server = Server::new("compression");
    let plain = fs::read(server.root.join("index.html")).unwrap();
    let brotli = server.get("/", "Accept-Encoding: gzip, deflate, br\r\n");
    assert_eq!(brotli.header("content-encoding"), Some("br"));
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut brotli.body.as_slice(), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    let gzip = server.get("/", "Accept-Encoding: br;q=0, gzip\r\n");
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(gzip.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    assert_eq!(server.get("/", "").body, plain);
    assert_eq!(server.get("/data/t.parquet", "Accept-Encoding: br\r\n").header("content-encoding"), None);
}

#[test]
fn a_copy_beside_the_file_is_sent_unless_it_is_old() {
    let server = Server::new("beside");
    fs::write(server.root.join("engine_bg.wasm.br"), b"made before").unwrap();
    assert_eq!(server.get("/engine_bg.wasm", "Accept-Encoding: br\r\n").body, b"made before");
    std::thread::sleep(Duration::from_millis(20));
    fs::write(server.root.join("engine_bg.wasm"), vec![8; 4000]).unwrap();
    assert_ne!(server.get("/engine_bg.wasm", "Accept-Encoding: br\r\n").body, b"made before");
}

#[test]
fn unchanged_files_are_not_sent_again() {
    let server = Server::new("caching");
    for headers in ["", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip\r\n"] {
        let first = server.get("/", headers);
        assert_eq!(first.header("cache-control"), Some("no-cache"));
        let tag = first.header("etag").unwrap().to_owned();
        let again = server.get("/", &format!("{headers}If-None-Match: {tag}\r\n"));
        assert_eq!((again.status, again.body.len()), (304, 0), "{headers}");
        assert_eq!(again.header("etag"), Some(tag.as_str()), "{headers}");
    }
    assert_eq!(server.get("/", "If-None-Match: \"other\"\r\n").status, 200);
    let hashed = server.get("/ui-0123456789abcdef.js", "");
    assert_eq!(hashed.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let beyond = server.get("/ui-0123456789abcdef.js", "Range: bytes=90000-\r\n");
    assert_eq!((beyond.status, beyond.header("cache-control")), (416, Some("no-cache")), "an error is not kept");
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let server = Server::new("traversal");
    let outside = std::env::temp_dir().join(format!("almanac-outside-{}.txt", std::process::id()));
    fs::write(&outside, "outside").unwrap();
    std::os::unix::fs::symlink(&outside, server.root.join("link.txt")).unwrap();
    let name = outside.file_name().unwrap().to_string_lossy().into_owned();
    for path in [
        format!("/../{name}"),
        format!("/data/../../{name}"),
        format!("/%2e%2e/{name}"),
        format!("/data/%2e%2e/%2e%2e/{name}"),
        format!("/..%2f{name}"),
        format!("/..%5c{name}"),
        "/link.txt".to_owned(),
        "/.secret".to_owned(),
        "/%00".to_owned(),
        "//index.html".to_owned(),
        "/data/sub".to_owned(),
        "/nothing.txt".to_owned(),
    ] {
        let answer = server.get(&path, "");
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/plain; charset=utf-8")), "{path}");
        assert!(!answer.body.starts_with(b"outside"), "{path}");
    }
    fs::remove_file(outside).unwrap();
}

#[test]
fn only_reading_is_allowed_and_head_has_no_body() {
    let server = Server::new("methods");
    let posted = server.ask("POST / HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD")));
    let head = server.ask("HEAD /data/t.parquet HTTP/1.1\r\nHost: t\r\nRange: bytes=0-9\r\nConnection: close\r\n\r\n");
    assert_eq!((head.status, head.header("content-length")), (200, Some("5000")));
    let head = server.ask("HEAD /data/t.parquet HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("5000"), 0));
    assert_eq!(head.header("accept-ranges"), Some("bytes"));
}

#[test]
fn a_page_in_a_folder_is_found_at_its_slash() {
    let server = Server::new("folders");
    fs::create_dir_all(server.root.join("team")).unwrap();
    fs::write(server.root.join("team/index.html"), "<p>Team</p>").unwrap();
    assert_eq!(
        (server.get("/team/", "").status, server.get("/team/", "").body.as_slice()),
        (200, b"<p>Team</p>".as_slice())
    );
    let moved = server.get("/team", "");
    assert_eq!((moved.status, moved.header("location")), (308, Some("/team/")));
    assert_eq!(server.get("//team", "").status, 404, "never an address of another host");
}
