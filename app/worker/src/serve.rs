//! One request after the other.

use crate::mailbox::{Letter, Mailbox};
use crate::net::Net;
use crate::page::{Page, Running};
use almanac_model::Diagnostic;
use almanac_model::manifest::{FILE_NAME, Manifest};
use almanac_model::protocol::{Limits, Request, Response};
use almanac_session::{Host as _, HostError, RunRequest, Session, WarmUp};
use std::rc::Rc;

/// What the first message sets up.
struct Site {
    net: Net,
    session: Session,
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
        if let Request::Hello { data_url, limits } = request {
            site = Some(open(data_url, limits, &page).await);
            continue;
        }
        let Some(site) = &mut site else {
            page.give_up("the page did not say hello");
            continue;
        };
        match request {
            Request::Run { generation, source, inputs, width, wanted, skip } => {
                let request = RunRequest { generation, source, inputs, width, wanted, skip };
                let running = Running { page: Rc::clone(&page), mailbox: Rc::clone(&mailbox) };
                // A run that was superseded says nothing more: the page waits for the newer one.
                site.session.run(&site.net, &running, &request).await;
                if !std::mem::replace(&mut ran, true) {
                    practice = Some(WarmUp::new());
                }
            }
            request => {
                if let Some(response) = answer(&mut site.session, request, bytes.as_ref()) {
                    page.post(&response);
                }
            }
        }
    }
}

/// Reads the manifest. A site without data is a site: files can be dropped on it.
async fn open(data_url: String, limits: Limits, page: &Rc<Page>) -> Site {
    let mut net = Net::new(data_url, Rc::clone(page));
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
    net.know(&manifest);
    let session = Session::new(manifest, limits);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    page.post(&Response::Ready { version, tables: session.tables(), as_of: session.as_of(), diagnostics });
    Site { net, session }
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
        Request::Check { request, sql } => Response::Checked { request, diagnostics: session.check(&sql) },
        // Handled where the site is at hand, or before it is.
        Request::Hello { .. } | Request::Run { .. } | Request::Read { .. } => return None,
    })
}
