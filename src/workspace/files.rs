//! File-system calls that name the path, and writes that are whole or not at all.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::bounded::{self, Unread};
use super::staged;
use crate::error::{Error, Finding, Result};
use crate::source::SourceFile;

/// The largest text file that is read, in bytes: a letter is never this long.
pub const MAX_TEXT: u64 = 1 << 20;

/// Reads a text file that a user wrote; `shown` is the path that findings name.
///
/// # Errors
/// [`Error::Refused`] when it does not exist, is larger than [`MAX_TEXT`] or is not UTF-8; [`Error::Outside`] when the
/// system can't read it.
pub fn read_text(path: &Path, shown: &Path) -> Result<String> {
    text_of(read_bytes(path, shown)?, shown)
}

/// Does as [`read_text`]; gives the bytes as they are, whatever they are.
///
/// # Errors
/// As [`read_text`], but for what is not UTF-8.
pub fn read_bytes(path: &Path, shown: &Path) -> Result<Vec<u8>> {
    let nowhere = || SourceFile::new(shown, "").place(0..0);
    bounded::read(path, MAX_TEXT).map_err(|cause| match cause {
        Unread::Missing => Finding::error("file-missing").arg("path", shown.display()).at(nowhere()).into(),
        Unread::Folder => Finding::error("file-is-folder").at(nowhere()).into(),
        Unread::TooLarge(size) => {
            let finding = Finding::error("file-too-large").arg("size", size.div_ceil(1 << 20));
            finding.arg("limit", MAX_TEXT >> 20).at(nowhere()).into()
        }
        Unread::Failed(cause) => Error::io("read", path, cause),
    })
}

/// The text of a file's bytes, without a byte order mark and with line feeds only.
///
/// # Errors
/// As [`utf8`].
pub fn text_of(bytes: Vec<u8>, shown: &Path) -> Result<String> {
    let text = utf8(bytes, shown)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.replace("\r\n", "\n"))
}

/// The text of a file's bytes, every one of them.
///
/// # Errors
/// [`Error::Refused`] with the line of the first byte that is not UTF-8.
pub fn utf8(bytes: Vec<u8>, shown: &Path) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let is_utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let code = if bytes.contains(&0) && !is_utf16 { "file-binary" } else { "file-not-utf8" };
        let readable = String::from_utf8_lossy(&bytes).into_owned();
        Finding::error(code).at(SourceFile::new(shown, readable).place(at..at + 1)).into()
    })
}

/// Writes a file whole or not at all: beside its place first, then moved there.
///
/// # Errors
/// [`Error::Outside`] when the system can't.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |cause| Error::io("write", path, cause);
    match fs::metadata(path) {
        // A device or a pipe is written to, not replaced by a file.
        Ok(there) if !there.is_file() && !there.is_dir() => return fs::write(path, bytes).map_err(fail),
        // What a symbolic link leads to is replaced, not the link.
        Ok(there) => {
            let path = path.canonicalize().map_err(fail)?;
            beside(&path, bytes, Some(there.permissions()))?.persist(&path).map_err(|error| fail(error.error))?;
        }
        Err(_) => {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
                return Err(Error::io("write-folder", folder, ""));
            }
            beside(path, bytes, None)?.persist(path).map_err(|error| fail(error.error))?;
        }
    }
    Ok(())
}

/// Writes a new file, with its folders; false if there is one already, which is left as it is.
///
/// # Errors
/// [`Error::Outside`] when the system can't.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<bool> {
    if path.exists() {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| Error::io("write", folder, cause))?;
    }
    match beside(path, bytes, None)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error::io("write", path, error.error)),
    }
}

/// A finished file in the folder of `path`, to be moved to its name, with the permissions of the one that it replaces.
fn beside(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> Result<tempfile::NamedTempFile> {
    let fail = |cause: std::io::Error| Error::io("write", path, cause);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = staged::file(folder).map_err(fail)?;
    // Before anything is in it: what only its owner may read is read by nobody else meanwhile. Where a file system has no
    // permissions of its own they are the same already, and can't be set.
    let own = file.as_file().metadata().map_err(fail)?.permissions();
    if let Some(permissions) = permissions.filter(|permissions| *permissions != own) {
        file.as_file().set_permissions(permissions).map_err(fail)?;
    }
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    Ok(file)
}

/// Every file below a folder, as far as it can be read.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(below(&entry.path())),
            _ => found.push(entry.path()),
        }
    }
    found
}

/// Every letter file below a folder, sorted by path; none where there is no folder.
///
/// # Errors
/// [`Error::Outside`] when a folder can't be read.
pub fn letters(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let fail = |cause| Error::io("read", &folder, cause);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
            Err(cause) => return Err(fail(cause)),
        };
        for entry in entries {
            let entry = entry.map_err(fail)?;
            let path = entry.path();
            let kind = entry.file_type().map_err(fail)?;
            if kind.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_that_is_written_again_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("brief.md");
        write_whole(&path, b"een").unwrap();
        for mode in [0o600, 0o640, 0o664] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            write_whole(&path, b"twee").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
        }
    }
}
