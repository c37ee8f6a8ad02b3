//! The file of a letter that came in: copied beside its place first, and moved there once the letter has its number.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use unicode_normalization::UnicodeNormalization;

use super::chain::hex;
use super::files::{ALGORITHM, FileRecord, Role, set_aside};
use crate::contract::characters::unfit;
use crate::error::{Error, Finding, Result};
use crate::workspace::folders::RECEIVED;
use crate::workspace::staged;

/// The longest extension that is taken over; what is longer is part of a name.
const LONGEST_EXTENSION: usize = 10;

/// Bytes that are copied at once.
const CHUNK: usize = 1 << 16;

/// A whole copy of a file that has no place yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    name: String,
    extension: Option<String>,
    digest: String,
    size: i64,
}

/// The folder for what came in during a year, from the workspace.
pub fn folder_of(year: i32) -> String {
    format!("{RECEIVED}/{year:04}")
}

impl Staged {
    /// Copies a file into `folder` of the workspace at `root`, durably; `shown` is its path as the user knows it.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not there, is no file, or is empty; [`Error::Outside`] when it can't be read or the
    /// copy not be written.
    pub fn copy(root: &Path, folder: &str, source: &Path, shown: &Path) -> Result<Self> {
        let path = |shown: &Path| plain(&shown.display().to_string());
        let refuse = |reason| Finding::error("received-file").arg("path", path(shown)).arg("reason", reason);
        let read_failed = |cause| Error::io("read", source, cause);
        match fs::metadata(source) {
            Ok(there) if there.is_dir() => return Err(refuse("folder").into()),
            // A pipe or a device may never end.
            Ok(there) if !there.is_file() => return Err(refuse("special").into()),
            Ok(there) if there.len() == 0 => return Err(refuse("empty").into()),
            Ok(_) => {}
            Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(Finding::error("file-missing").arg("path", path(shown)).into());
            }
            Err(cause) => return Err(read_failed(cause)),
        }
        let mut original = fs::File::open(source).map_err(read_failed)?;
        let folder = root.join(folder);
        let write_failed = |cause| Error::io("write", &folder, cause);
        fs::create_dir_all(&folder).map_err(write_failed)?;
        staged::sweep(&folder);
        let mut file = staged::file(&folder).map_err(write_failed)?;
        let (mut hasher, mut size, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
        loop {
            let read = match original.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
                Err(cause) => return Err(read_failed(cause)),
            };
            hasher.update(&chunk[..read]);
            file.write_all(&chunk[..read]).map_err(write_failed)?;
            size += read as i64;
        }
        file.as_file().sync_all().map_err(write_failed)?;
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let digest = hex(&hasher.finalize());
        Ok(Self { file, name: plain(&name), extension: extension(source), digest, size })
    }

    /// The name of the file that it was made from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its digest, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What it holds.
    ///
    /// # Errors
    /// [`Error::Outside`] when it can't be read.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        fs::read(self.file.path()).map_err(|cause| Error::io("read", self.file.path(), cause))
    }

    /// Moves the copy to its place: `stem`, from the workspace, and the extension of the file it was made from. Gives its
    /// record and, if another file lay there that the register never recorded, the warning where that one is now.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't.
    pub fn place(self, root: &Path, stem: &str) -> Result<(FileRecord, Option<Finding>)> {
        let dotted = self.extension.map(|extension| format!(".{extension}")).unwrap_or_default();
        let path = format!("{stem}{dotted}");
        let place = root.join(&path);
        let warning = set_aside(root, &path, &self.digest)?;
        staged::put(self.file, root, &place)?;
        let (version, role, position, algorithm) = (1, Role::Letter, 0, ALGORITHM.into());
        let (name, digest, size) = (self.name, self.digest, self.size);
        Ok((FileRecord { version, role, position, name, path, algorithm, digest, size }, warning))
    }
}

/// The extension in lower case, if it is plain letters and digits.
fn extension(source: &Path) -> Option<String> {
    let extension = source.extension()?.to_str()?;
    let is_plain = extension.len() <= LONGEST_EXTENSION && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_plain && !extension.is_empty()).then(|| extension.to_lowercase())
}

/// A file's name as text: file systems allow characters in it that no text may hold.
fn plain(name: &str) -> String {
    name.nfc().map(|character| if unfit(character).is_some() { '-' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_plain_or_none() {
        let of = |name: &str| extension(Path::new(name));
        assert_eq!(of("Advies.PDF").as_deref(), Some("pdf"));
        assert_eq!(of("a.tar.gz").as_deref(), Some("gz"));
        for none in ["advies", ".pdf", "a.p df", "a.pdf\u{202e}", "a.", "nr. 12 van de vergadering"] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn a_name_holds_nothing_hidden() {
        assert_eq!(plain("cafe\u{301}\n\u{1b}[2J\u{202e}.pdf"), "café--[2J-.pdf");
    }
}
