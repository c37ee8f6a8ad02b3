//! What all letters of a mailing are typeset from, as one file: thousands of letters would otherwise hold a dozen files each
//! that are the same. Each letter holds it whole, so that none depends on another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::source::{self, Made};
use crate::error::{Error, Finding, Result};
use crate::register::files::sha256;
use crate::workspace::bytes::Bytes;

/// Its name in the folder of what a letter was typeset from.
pub const FILE: &str = "mailing.zip";

/// The packed source of a mailing.
pub struct Bundle {
    zip: Bytes,
    /// The files that letters were laid out with and that are in it.
    files: BTreeSet<String>,
    digests: BTreeMap<String, String>,
    digest: String,
}

impl Bundle {
    /// Packs what `made`, the specimen of a mailing, was made of.
    ///
    /// # Errors
    /// [`Error::Outside`] when a file can't be read.
    pub fn of(made: &Made) -> Result<Self> {
        let mut contents = source::shared(made)?;
        let digests: BTreeMap<_, _> =
            contents.iter().map(|(path, bytes)| (path.clone(), bytes.sha256().to_string())).collect();
        let digest = sha256(json!(digests).to_string().as_bytes());
        // They lie in each letter already, as what was sent: of the same bytes an archived letter holds one copy.
        let enclosures = source::enclosures(made);
        contents.retain(|path, _| !enclosures.contains_key(path));
        let zip = pack(&contents).map_err(|cause| Error::io("write", Path::new(FILE), cause))?;
        Ok(Self { zip: zip.into(), files: made.files.iter().cloned().collect(), digests, digest })
    }

    /// SHA-256 of everything in it and of the enclosures, in hexadecimal: of names and contents, not of how they are packed.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What it stands for, by path, each with its SHA-256.
    pub fn digests(&self) -> &BTreeMap<String, String> {
        &self.digests
    }

    /// It, and what a letter was laid out with besides.
    pub(super) fn rest(&self, made: &Made) -> Result<BTreeMap<String, Bytes>> {
        let others = made.files.iter().filter(|path| !self.files.contains(*path));
        let mut found = source::read_files(made.workspace, others)?;
        found.extend(source::enclosures(made));
        found.insert(FILE.into(), self.zip.clone());
        Ok(found)
    }
}

/// The same contents give the same bytes: entries by name, all of one moment.
fn pack(contents: &BTreeMap<String, Bytes>) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (path, bytes) in contents {
        writer.start_file(path, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A folder in `temporary` that holds, beside what lies in `folder`, what is packed there; none where nothing is.
///
/// # Errors
/// [`Error::Refused`] when it can't be unpacked; [`Error::Outside`] when the disk fails.
pub(super) fn unpacked(folder: &Path, temporary: &Path) -> Result<Option<TempDir>> {
    let packed = folder.join(FILE);
    if !packed.is_file() {
        return Ok(None);
    }
    let fail = |cause| Error::io("read", &packed, cause);
    let whole = TempDir::new_in(temporary).map_err(|cause| Error::io("write", temporary, cause))?;
    let refuse = |cause: zip::result::ZipError| {
        let finding = Finding::error("source-unreadable").arg("path", FILE);
        Error::from(finding.arg("cause", cause))
    };
    let bytes = fs::read(&packed).map_err(fail)?;
    // Paths that lead out of the folder are refused by it.
    ZipArchive::new(Cursor::new(bytes)).and_then(|mut zip| zip.extract(whole.path())).map_err(refuse)?;
    copy(folder, whole.path()).map_err(fail)?;
    Ok(Some(whole))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_name() != FILE {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
