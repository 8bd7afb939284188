//! One request after the other.

use crate::keep::Keep;
use crate::mailbox::{Letter, Mailbox};
use crate::net::Net;
use crate::page::{Page, Running};
use almanac_model::Diagnostic;
use almanac_model::manifest::{FILE_NAME, Manifest};
use almanac_model::protocol::{KeptFile, Limits, Request, RequestId, Response};
use almanac_session::{Flow, Host as _, HostError, RunRequest, Session, WarmUp};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How often a worker asks for what is kept: the worker before it may not have let go of it yet.
const TRIES: u32 = 20;
/// Milliseconds between two of these.
const BETWEEN: i32 = 100;

/// What the first message sets up.
struct Site {
    net: Rc<Net>,
    session: Session,
    /// Tables of the files, by path.
    tables: BTreeMap<String, String>,
}

/// Answers messages until the worker is ended.
pub(crate) async fn serve(mailbox: Rc<Mailbox>, page: Rc<Page>) {
    let mut site = None;
    // Made when the first run has been answered, gone when practice has ended.
    let mut practice: Option<WarmUp> = None;
    let mut ran = false;
    loop {
        while let Some(warm_up) = &mut practice {
            if mailbox.any_within(page.quiet()).await {
                break;
            }
            if !warm_up.step().await {
                practice = None;
            }
        }
        let Letter { request, bytes } = match mailbox.next().await {
            Ok(letter) => letter,
            Err(why) => {
                page.give_up(&why);
                continue;
            }
        };
        if let Request::Hello { data_url, limits, workers } = request {
            site = Some(open(data_url, limits, workers, &page).await);
            continue;
        }
        let Some(site) = &mut site else {
            page.give_up("the page did not say hello");
            continue;
        };
        match request {
            Request::Run { generation, source, inputs, width, wanted, skip, allow } => {
                let request = RunRequest { generation, source, inputs, width, wanted, skip, allow };
                let running =
                    Running { page: Rc::clone(&page), mailbox: Rc::clone(&mailbox), outdated: Cell::new(false) };
                // A run that was superseded says nothing more: the page waits for the newer one.
                let flow = site.session.run(&*site.net, &running, &request).await;
                if flow == Flow::Continue && running.outdated.get() && site.renew().await {
                    site.session.run(&*site.net, &running, &request).await;
                }
                // What came is kept when the page has its answers and nothing else waits.
                crate::page::next_turn().await;
                site.net.keep_pending(|| mailbox.is_empty());
                if !std::mem::replace(&mut ran, true) {
                    practice = Some(WarmUp::new());
                }
            }
            Request::Limit { limits } => {
                site.session.set_limits(limits);
                if let Some(keep) = site.net.keep() {
                    keep.set_limit(limits.keep_bytes);
                }
            }
            Request::Kept { request, forget } => page.post(&site.kept(request, forget)),
            request => {
                if let Some(response) = answer(&mut site.session, request, bytes.as_ref()) {
                    page.post(&response);
                }
            }
        }
    }
}

impl Site {
    /// Reads the manifest again, as a file is not what it says; gives whether trying again may help.
    async fn renew(&mut self) -> bool {
        let Some(manifest) =
            self.net.read_whole(FILE_NAME).await.ok().and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok())
        else {
            return false;
        };
        let kept = self.net.keep().is_some();
        // What was kept may be of two versions, or damaged.
        self.net.distrust();
        self.net.know(&manifest);
        self.net.pool.know(&manifest, self.session.limits());
        self.tables = tables_of(&manifest);
        self.session.renew(manifest) || kept
    }

    fn kept(&self, request: RequestId, forget: bool) -> Response {
        let Some(keep) = self.net.keep() else { return Response::Kept { request, kept: None } };
        if forget {
            keep.clear();
        } else {
            self.net.keep_pending(|| true);
        }
        let mut kept: BTreeMap<Option<String>, KeptFile> = BTreeMap::new();
        for (name, bytes) in keep.names() {
            let table = self.tables.get(&name).cloned();
            let entry = kept.entry(table.clone()).or_insert(KeptFile { table, bytes: 0, count: 0 });
            entry.bytes += bytes;
            entry.count += 1;
        }
        Response::Kept { request, kept: Some(kept.into_values().collect()) }
    }
}

fn tables_of(manifest: &Manifest) -> BTreeMap<String, String> {
    let files = manifest.resources.iter().flat_map(|resource| resource.files.iter().map(move |file| (file, resource)));
    files.map(|(file, resource)| (file.path.clone(), resource.name.clone())).collect()
}

/// Opens what is kept of the site. The worker before this one may hold it for a moment longer.
fn open_keep(net: &Rc<Net>, url: String, limit: u64, manifest: &Manifest) {
    let (net, manifest) = (Rc::clone(net), manifest.clone());
    spawn_local(async move {
        for _ in 0..TRIES {
            if let Some(keep) = Keep::open(&url, limit).await {
                keep.know(&manifest);
                net.use_keep(keep);
                return;
            }
            crate::page::sleep(BETWEEN).await;
        }
    });
}

/// Reads the manifest. A site without data is a site: files can be dropped on it.
async fn open(data_url: String, limits: Limits, workers: u32, page: &Rc<Page>) -> Site {
    let net = Net::new(data_url.clone(), Rc::clone(page), workers as usize);
    // Asked for side by side: neither takes long, and the first query needs both.
    let keep = Rc::new((Cell::new(None), Cell::new(false)));
    let (opened, url) = (Rc::clone(&keep), data_url.clone());
    spawn_local(async move {
        opened.0.set(Keep::open(&url, limits.keep_bytes).await);
        opened.1.set(true);
    });
    let mut diagnostics = Vec::new();
    let manifest = match net.read_whole(FILE_NAME).await {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            diagnostics.push(
                Diagnostic::error_without_place("broken-manifest", format!("`{FILE_NAME}` cannot be read: {error}"))
                    .hint("build the site's data again with the `almanac` command of this version"),
            );
            Manifest::default()
        }),
        Err(error) => {
            diagnostics.push(unreachable(&error));
            Manifest::default()
        }
    };
    for _ in 0..TRIES {
        if keep.1.get() {
            break;
        }
        crate::page::sleep(1).await;
    }
    match keep.0.take() {
        Some(keep) => net.use_keep(keep),
        None if limits.keep_bytes > 0 => open_keep(&net, data_url, limits.keep_bytes, &manifest),
        None => {}
    }
    net.know(&manifest);
    net.pool.know(&manifest, limits);
    let tables = tables_of(&manifest);
    let session = Session::new(manifest, limits);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    page.post(&Response::Ready { version, tables: session.tables(), as_of: session.as_of(), diagnostics });
    Site { net, session, tables }
}

fn unreachable(error: &HostError) -> Diagnostic {
    match error {
        HostError::NotFound { .. } => Diagnostic::error_without_place("no-data", "this site has no data yet")
            .hint("run `cargo xtask demo` to make the demo data")
            .hint("or drop a Parquet, CSV or Arrow file onto the page"),
        error => Diagnostic::error_without_place("no-manifest", format!("the site's data cannot be reached: {error}"))
            .hint("reload the page when the server answers again"),
    }
}

/// Everything that needs no run.
fn answer(session: &mut Session, request: Request, bytes: Option<&js_sys::ArrayBuffer>) -> Option<Response> {
    Some(match request {
        Request::OpenFile { request, name } => {
            let opened = match bytes {
                Some(bytes) => session.open_file(&name, js_sys::Uint8Array::new(bytes).to_vec().into()),
                None => Err(Diagnostic::error_without_place("empty-file", format!("`{name}` came without its bytes"))),
            };
            match opened {
                Ok((table, diagnostics)) => Response::Opened { request, table: Some(table), diagnostics },
                Err(problem) => Response::Opened { request, table: None, diagnostics: vec![problem] },
            }
        }
        Request::Seen { generation } => {
            session.seen(generation);
            return None;
        }
        Request::CloseFile { table } => {
            session.close_file(&table);
            return None;
        }
        Request::Page { request, generation, cell, offset, limit, sort } => {
            Response::Page { request, page: session.page(generation, &cell, offset, limit, sort) }
        }
        Request::ExportCsv { request, cell, sort } => Response::Csv { request, csv: session.csv(&cell, sort) },
        Request::Complete { request, sql, cursor } => {
            let (from, items) = session.complete(&sql, cursor);
            Response::Completions { request, from, items }
        }
        Request::Metric { request, files, question } => {
            Response::Metric { request, answer: session.metric(&files, &question) }
        }
        Request::Check { request, sql } => Response::Checked { request, diagnostics: session.check(&sql) },
        // Handled where the site is at hand, or before it is.
        Request::Hello { .. }
        | Request::Run { .. }
        | Request::Limit { .. }
        | Request::Kept { .. }
        | Request::Read { .. } => return None,
    })
}
