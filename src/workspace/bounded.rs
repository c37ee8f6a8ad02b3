//! Files that are read up to a limit: what a user names may be anything, of any size.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Why a file was not read.
#[derive(Debug)]
pub enum Unread {
    /// It is not there.
    Missing,
    /// It is a folder.
    Folder,
    /// It is larger than the limit: so many bytes, or at least so many where that can't be known.
    TooLarge(u64),
    /// The system can't.
    Failed(io::Error),
}

impl From<io::Error> for Unread {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing,
            _ => Self::Failed(cause),
        }
    }
}

/// The bytes of a file that has at most `limit` of them.
///
/// # Errors
/// Why it was not read, for the caller to say in its own words.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
    let there = fs::metadata(path)?;
    if there.is_dir() {
        return Err(Unread::Folder);
    }
    if there.len() > limit {
        return Err(Unread::TooLarge(there.len()));
    }
    let mut bytes = Vec::new();
    // A pipe or a device does not say how much it holds.
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Unread::TooLarge(bytes.len() as u64));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        assert!(matches!(read(&path, 3), Err(Unread::Missing)));
        assert!(matches!(read(folder.path(), 3), Err(Unread::Folder)));
        fs::write(&path, "abc").unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"abc");
        assert!(matches!(read(&path, 2), Err(Unread::TooLarge(3))));
        assert!(matches!(read(&path.join("y"), 3), Err(Unread::Missing)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_has_no_size_is_not_read_for_ever() {
        assert!(matches!(read(Path::new("/dev/zero"), 5), Err(Unread::TooLarge(6))));
    }
}
