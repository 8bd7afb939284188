//! Knows what a step was last done from: a SHA-256 over the inputs, kept in the target folder.

use crate::failure::{AtPath, Failure};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Collects inputs.
#[derive(Default)]
pub(crate) struct Inputs {
    hash: Sha256,
}

impl Inputs {
    /// Adds a word, such as a version or a profile.
    pub(crate) fn word(mut self, word: &str) -> Self {
        self.hash.update(word.len().to_le_bytes());
        self.hash.update(word.as_bytes());
        self
    }

    /// Adds the names and contents of a file, or of all files below a folder; what is not there counts as empty.
    pub(crate) fn content(mut self, path: &Path) -> Result<Self, Failure> {
        for file in files(path)? {
            let bytes = std::fs::read(&file).at(&file)?;
            self = self.word(&file.strip_prefix(path).unwrap_or(&file).to_string_lossy());
            self.hash.update(bytes.len().to_le_bytes());
            self.hash.update(&bytes);
        }
        Ok(self)
    }

    /// Adds names, lengths and times of change only: for files too large to read at each start.
    pub(crate) fn metadata(mut self, path: &Path) -> Result<Self, Failure> {
        for file in files(path)? {
            let metadata = std::fs::metadata(&file).at(&file)?;
            let modified = metadata
                .modified()
                .ok()
                .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
                .map_or(0, |time| time.as_nanos());
            self = self
                .word(&file.strip_prefix(path).unwrap_or(&file).to_string_lossy())
                .word(&format!("{} {modified}", metadata.len()));
        }
        Ok(self)
    }

    /// The stamp of everything added.
    pub(crate) fn finish(self) -> String {
        hex(&self.hash.finalize())
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Where the stamps are kept.
pub(crate) struct Stamps {
    folder: PathBuf,
}

impl Stamps {
    /// Stamps under the target folder.
    pub(crate) fn new(target: &Path) -> Self {
        Self { folder: target.join("xtask/stamps") }
    }

    /// Whether the step was last done from these inputs.
    pub(crate) fn same(&self, step: &str, stamp: &str) -> bool {
        std::fs::read_to_string(self.folder.join(step)).is_ok_and(|before| before == stamp)
    }

    /// Remembers what the step was done from.
    pub(crate) fn keep(&self, step: &str, stamp: &str) -> Result<(), Failure> {
        std::fs::create_dir_all(&self.folder).at(&self.folder)?;
        let path = self.folder.join(step);
        std::fs::write(&path, stamp).at(&path)
    }
}

/// All files below `path`, sorted; folders that hold products are left out.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    if path.is_file() {
        found.push(path.to_owned());
    } else if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path).at(path)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            let product = entry
                .file_name()
                .is_some_and(|name| ["node_modules", "target", "dist", ".git"].iter().any(|product| name == *product));
            if !product {
                found.extend(files(&entry)?);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_the_published_one() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn words_do_not_run_together() {
        assert_ne!(Inputs::default().word("ab").word("c").finish(), Inputs::default().word("a").word("bc").finish());
    }
}
