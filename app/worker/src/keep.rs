//! What this browser keeps of the site's data between visits: one file in the origin private file system, and its index beside it.
//!
//! A browser gives the file to one worker at a time. Where it cannot be had (another tab has it, private windows, no room), the
//! worker does without.

use almanac_model::ahead::fingerprint;
use almanac_model::kept::{Kept, Stored, checksum};
use almanac_model::manifest::Manifest;
use bytes::Bytes;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle, WorkerGlobalScope,
};

/// The folder of all sites of this origin.
const FOLDER: &str = "almanac";
/// So many bytes are written before the index is, at most: what is not in the index is lost with the worker.
const UNWRITTEN: u64 = 16 << 20;

/// The file, its index, and the handles to both.
pub(crate) struct Keep {
    data: FileSystemSyncAccessHandle,
    index: FileSystemSyncAccessHandle,
    kept: RefCell<Kept>,
    /// Bytes written since the index was.
    unwritten: Cell<u64>,
}

impl Drop for Keep {
    fn drop(&mut self) {
        self.data.close();
        self.index.close();
    }
}

impl Keep {
    /// Opens what is kept of the site at `url`; `None` when the browser does not give it.
    pub(crate) async fn open(url: &str, limit: u64) -> Option<Self> {
        if limit == 0 {
            return None;
        }
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        let storage = scope.navigator().storage();
        // Absent outside of secure contexts, where the property is undefined.
        if storage.is_undefined() || !has(&storage, "getDirectory") {
            return None;
        }
        let root: FileSystemDirectoryHandle = ready(storage.get_directory()).await?;
        let folder = folder(&folder(&root, FOLDER).await?, &fingerprint(url)).await?;
        let data = file(&folder, "bytes").await?;
        let index = file(&folder, "index").await?;
        let size = index.get_size().ok()?;
        let mut bytes = vec![0; size as usize];
        let read = index.read_with_u8_array_and_options(&mut bytes, &at(0)).ok()? as usize;
        bytes.truncate(read);
        Some(Self { data, index, kept: RefCell::new(Kept::read(&bytes, limit)), unwritten: Cell::new(0) })
    }

    /// Whether bytes of a file of that version are kept; whether they are whole is seen when they are read.
    pub(crate) fn has(&self, name: &str, version: &str, of: &Range<u64>) -> bool {
        self.kept.borrow().has(name, version, of)
    }

    /// Bytes of a file of that version, if they are kept and whole.
    pub(crate) fn read(&self, name: &str, version: &str, of: &Range<u64>) -> Option<Bytes> {
        let parts = self.kept.borrow_mut().find(name, version, of)?;
        let bytes = self.joined(&parts, of);
        if bytes.is_none() {
            self.kept.borrow_mut().forget(name);
        }
        bytes
    }

    fn joined(&self, parts: &[Stored], of: &Range<u64>) -> Option<Bytes> {
        let mut out = Vec::new();
        for part in parts {
            let mut bytes = vec![0; usize::try_from(part.of.end - part.of.start).ok()?];
            let read = self.data.read_with_u8_array_and_options(&mut bytes, &at(part.place)).ok()?;
            if read as usize != bytes.len() || checksum(&bytes) != part.sum {
                return None;
            }
            // A part may begin before what is asked for, or before the end of the one before it.
            let from = of.start + out.len() as u64;
            let skip = usize::try_from(from.checked_sub(part.of.start)?).ok()?;
            let end = bytes.len() - usize::try_from(part.of.end.saturating_sub(of.end)).ok()?;
            if parts.len() == 1 {
                return Some(Bytes::from(bytes).slice(skip..end));
            }
            out.extend_from_slice(bytes.get(skip..end)?);
        }
        Some(out.into())
    }

    /// Keeps bytes of a file of that version. What cannot be written is not kept, and nobody need know.
    pub(crate) fn write(&self, name: &str, version: &str, of: &Range<u64>, bytes: &[u8]) {
        let place = self.kept.borrow_mut().put(name, version, of, checksum(bytes));
        let Some(place) = place else { return };
        let written = self.data.write_with_u8_array_and_options(bytes, &at(place)).unwrap_or(0.0);
        if written as usize == bytes.len() {
            self.unwritten.set(self.unwritten.get() + bytes.len() as u64);
        } else {
            // No room: what was promised is taken back.
            self.kept.borrow_mut().forget(name);
        }
        if self.unwritten.get() > UNWRITTEN {
            self.save();
        }
    }

    /// Writes the index.
    pub(crate) fn save(&self) {
        let bytes = self.kept.borrow().write();
        let _ = self.data.flush();
        let _ = self.index.truncate_with_f64(0.0);
        let _ = self.index.write_with_u8_array_and_options(&bytes, &at(0));
        let _ = self.index.flush();
        self.unwritten.set(0);
    }

    /// Forgets files that the manifest describes otherwise.
    pub(crate) fn know(&self, manifest: &Manifest) {
        let files = || manifest.resources.iter().flat_map(|resource| &resource.files);
        self.kept.borrow_mut().keep(|name| files().find(|file| file.path == name).map(|file| file.sha256.clone()));
    }

    /// Forgets a file.
    pub(crate) fn forget(&self, name: &str) {
        self.kept.borrow_mut().forget(name);
    }

    /// Forgets everything and gives the room back.
    pub(crate) fn clear(&self) {
        self.kept.borrow_mut().clear();
        let _ = self.data.truncate_with_f64(0.0);
        self.save();
    }

    /// Sets how much may be kept.
    pub(crate) fn set_limit(&self, limit: u64) {
        self.kept.borrow_mut().set_limit(limit);
        self.save();
    }

    /// Names and sizes of what is kept.
    pub(crate) fn names(&self) -> Vec<(String, u64)> {
        self.kept.borrow().names()
    }
}

async fn ready<T: wasm_bindgen::JsCast>(promise: js_sys::Promise) -> Option<T> {
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

async fn folder(parent: &FileSystemDirectoryHandle, name: &str) -> Option<FileSystemDirectoryHandle> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    ready(parent.get_directory_handle_with_options(name, &options)).await
}

async fn file(folder: &FileSystemDirectoryHandle, name: &str) -> Option<FileSystemSyncAccessHandle> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let file: FileSystemFileHandle = ready(folder.get_file_handle_with_options(name, &options)).await?;
    if !has(&file, "createSyncAccessHandle") {
        return None;
    }
    ready(file.create_sync_access_handle()).await
}

fn at(place: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    // Places stay far below 2^53.
    options.set_at(place as f64);
    options
}

fn has(object: &JsValue, method: &str) -> bool {
    js_sys::Reflect::get(object, &method.into()).is_ok_and(|method| method.is_function())
}
