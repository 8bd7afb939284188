//! `almanac serve`: a folder over HTTP, as a careful static host serves it: types, byte ranges, compression, caching.
//!
//! Listens on the loopback interface only. It reads files below its folder and never writes.

mod answer;
mod compress;
mod paths;
mod types;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// What is served, and how slowly.
pub(crate) struct Site {
    /// The folder.
    root: PathBuf,
    /// Waits so long before each answer, for experiments with latency.
    delay: Duration,
    /// Answers that were compressed before.
    compressed: compress::Cache,
}

/// Serves the folder until the process ends. `ready` is told the address.
///
/// # Errors
/// A sentence: the folder is missing, the port is taken.
pub(crate) fn serve(root: PathBuf, port: u16, delay: Duration, ready: impl FnOnce(&str)) -> Result<(), String> {
    if !root.is_dir() {
        return Err(format!("there is no folder `{}`; `cargo xtask demo` builds the site into `dist`", root.display()));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("the server cannot start: {error}"))?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
            // Ports below 1024 are the system's; 0 takes any that is free.
            let other = if port < 1024 { 8080 } else { port.checked_add(1).unwrap_or_default() };
            format!("port {port} cannot be used: {error}; choose another with `--port {other}`")
        })?;
        let address = listener.local_addr().map_err(|error| format!("the server's address is unknown: {error}"))?;
        ready(&format!("http://{address}/"));
        axum::serve(listener, router(root, delay)).await.map_err(|error| format!("the server stopped: {error}"))
    })
}

fn router(root: PathBuf, delay: Duration) -> Router {
    let site = Site { root, delay, compressed: compress::Cache::default() };
    Router::new().fallback(respond).with_state(Arc::new(site))
}

async fn respond(State(site): State<Arc<Site>>, request: Request<axum::body::Body>) -> Response {
    if !site.delay.is_zero() {
        tokio::time::sleep(site.delay).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = answer::plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered here.\n");
        answer::set(&mut refusal, header::ALLOW, "GET, HEAD");
        return refusal;
    }
    let (parts, _) = request.into_parts();
    // Reading and compressing block; they have threads of their own.
    let work =
        tokio::task::spawn_blocking(move || answer::answer(&site, &parts.method, parts.uri.path(), &parts.headers));
    work.await.unwrap_or_else(|_| answer::plain(StatusCode::INTERNAL_SERVER_ERROR, "The server failed on this file.\n"))
}

#[cfg(test)]
mod tests;
