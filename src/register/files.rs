//! The files of an entry: what was received or sent, each with its digest.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::chain::hex;
use super::db::{Row, Tx, values};
use crate::error::{Error, Finding, Result};
use crate::workspace::bytes::Bytes;
pub use crate::workspace::bytes::sha256;
use crate::workspace::inside;

/// The algorithm of every digest that is made today; older ones keep theirs.
pub const ALGORITHM: &str = "sha256";

/// What a file is to its letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The letter itself.
    Letter,
    /// What goes with it.
    Enclosure,
}

impl Role {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Letter => "brief",
            Self::Enclosure => "bijlage",
        }
    }
}

/// A file as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// The version of the letter that it belongs to; of an incoming one, which of its files it is.
    pub version: i64,
    /// What it is to its letter.
    pub role: Role,
    /// Its place among the files of its version: 0 for the letter, from 1 for enclosures.
    pub position: i64,
    /// Its name as its sender or author gave it.
    pub name: String,
    /// Where it lies, from the workspace, with `/` between the parts.
    pub path: String,
    /// The algorithm of its digest.
    pub algorithm: String,
    /// Its digest, in hexadecimal.
    pub digest: String,
    /// Its size in bytes.
    pub size: i64,
}

impl FileRecord {
    /// The record of a file that holds these bytes.
    pub fn of(bytes: impl Into<Bytes>, version: i64, role: Role, position: i64, name: &str, path: &str) -> Self {
        let bytes = bytes.into();
        Self {
            version,
            role,
            position,
            name: name.into(),
            path: path.into(),
            algorithm: ALGORITHM.into(),
            digest: bytes.sha256().into(),
            size: bytes.len() as i64,
        }
    }

    /// Records the file.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert(&self, tx: &mut Tx, entry: &str) -> Result<()> {
        let sql = "INSERT INTO file (entry, version, role, position, name, path, algorithm, digest, size)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let row = values![
            entry,
            self.version,
            self.role.word(),
            self.position,
            &self.name,
            &self.path,
            &self.algorithm,
            &self.digest,
            self.size,
        ];
        tx.exec(sql, row).map(drop)
    }

    /// The files of an entry, by version and position.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all(tx: &mut Tx, entry: &str) -> Result<Vec<Self>> {
        let sql = "SELECT * FROM file WHERE entry = $1 ORDER BY version, position";
        Ok(tx.rows(sql, values![entry])?.iter().map(Self::of_row).collect())
    }

    /// The file in a row of `file`.
    pub fn of_row(row: &Row) -> Self {
        let is_letter = row.text("role") == Role::Letter.word();
        Self {
            version: row.number("version").unwrap_or_default(),
            role: if is_letter { Role::Letter } else { Role::Enclosure },
            position: row.number("position").unwrap_or_default(),
            name: row.text("name"),
            path: row.text("path"),
            algorithm: row.text("algorithm"),
            digest: row.text("digest"),
            size: row.number("size").unwrap_or_default(),
        }
    }
}

/// What is wrong with a file that the register has recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Its path leads out of the workspace.
    Outside,
    /// Its digest is made in a way that this program doesn't know.
    Algorithm,
    /// It is not there (any more).
    Missing,
    /// It is not what was recorded.
    Changed,
    /// It can't be read.
    Unreadable(String),
}

impl FileRecord {
    /// A file of an entry.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(tx: &mut Tx, entry: &str, version: i64, position: i64) -> Result<Option<Self>> {
        let sql = "SELECT * FROM file WHERE entry = $1 AND version = $2 AND position = $3";
        Ok(tx.row(sql, values![entry, version, position])?.as_ref().map(Self::of_row))
    }

    /// What is wrong with the file itself, below the folder `root`.
    ///
    /// # Errors
    /// That.
    pub fn check(&self, root: &Path) -> Result<(), Wrong> {
        let mut file = self.open(root)?;
        let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
        loop {
            match file.read(&mut buffer).map_err(|cause| Wrong::Unreadable(cause.to_string()))? {
                0 => break,
                read => {
                    hash.update(&buffer[..read]);
                    size += read as i64;
                }
            }
        }
        if size == self.size && hex(&hash.finalize()) == self.digest { Ok(()) } else { Err(Wrong::Changed) }
    }

    /// What the file holds, which is what was recorded.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, root: &Path) -> Result<Vec<u8>, Wrong> {
        let mut bytes = Vec::new();
        // Not a byte more than would be right: what lies there may be of any size.
        let most = u64::try_from(self.size).unwrap_or_default() + 1;
        let read = self.open(root)?.take(most).read_to_end(&mut bytes);
        read.map_err(|cause| Wrong::Unreadable(cause.to_string()))?;
        let is_whole = bytes.len() as i64 == self.size && sha256(&bytes) == self.digest;
        if is_whole { Ok(bytes) } else { Err(Wrong::Changed) }
    }

    fn open(&self, root: &Path) -> Result<File, Wrong> {
        let path = inside(root, &self.path).ok_or(Wrong::Outside)?;
        if self.algorithm != ALGORITHM {
            return Err(Wrong::Algorithm);
        }
        File::open(path).map_err(|cause| match cause.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Wrong::Missing,
            _ => Wrong::Unreadable(cause.to_string()),
        })
    }
}

/// Moves a file away that lies at `path`, from `root`, where another with this digest will come: it is the file of a letter
/// in another register, or what an interrupted run left, and may be the only copy. Gives the warning where it is now.
///
/// # Errors
/// [`Error::Outside`] when the system can't.
pub fn set_aside(root: &Path, path: &str, digest: &str) -> Result<Option<Finding>> {
    let kept = keep_other(root, path, digest)?;
    Ok(kept.map(|kept| Finding::warning("file-aside").arg("path", path).arg("kept", kept)))
}

/// Does as [`set_aside`]; gives where it is now.
///
/// # Errors
/// [`Error::Outside`] when the system can't.
pub fn keep_other(root: &Path, path: &str, digest: &str) -> Result<Option<String>> {
    let place = root.join(path);
    let Some(bytes) = bytes_at(&place)? else { return Ok(None) };
    let found = sha256(&bytes);
    if found == digest {
        return Ok(None);
    }
    let (stem, extension) = match path.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => (stem, format!(".{extension}")),
        _ => (path, String::new()),
    };
    let kept = format!("{stem}-onbekend-{}{extension}", &found[..12]);
    std::fs::rename(&place, root.join(&kept)).map_err(|cause| Error::io("write", &place, cause))?;
    Ok(Some(kept))
}

/// What a file holds; none where there is no file. One that is there and can't be read is no missing one.
///
/// # Errors
/// [`Error::Outside`] when it can't be read.
pub fn bytes_at(place: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(place) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Error::io("read", place, cause)),
    }
}

/// The folder of the enclosures of a letter's first version, beside its PDF in a folder of the letter's own.
pub const ENCLOSURES: &str = "bijlagen";

/// The longest file name that is made, in bytes: file systems hold 255, and endings are added to it.
const LONGEST_NAME: usize = 200;

/// A text as (part of) a file name: characters that some file system can't hold become `-`, as do a leading dot and
/// trailing dots and spaces.
pub fn file_name(text: &str) -> String {
    let forbidden = |c: char| c.is_control() || "<>:\"/\\|?*".contains(c);
    let mut name: String = text.chars().map(|c| if forbidden(c) { '-' } else { c }).collect();
    let kept = name.trim_end_matches(['.', ' ']).len();
    let cut = name.len() - kept;
    name.truncate(kept);
    name.push_str(&"-".repeat(cut));
    if name.starts_with(['.', ' ']) {
        name.replace_range(..1, "-");
    }
    if name.len() > LONGEST_NAME {
        let extension = Path::new(&name).extension().and_then(|extension| extension.to_str());
        let ending = extension.filter(|text| text.len() < 10).map(|text| format!(".{text}")).unwrap_or_default();
        let end = name.floor_char_boundary(LONGEST_NAME - ending.len());
        name = format!("{}{ending}", &name[..end]);
    }
    let device = Path::new(&name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_uppercase();
    let is_device = ["CON", "PRN", "AUX", "NUL"].contains(&device.as_str())
        || (device.len() == 4
            && (device.starts_with("COM") || device.starts_with("LPT"))
            && device.ends_with(|c: char| c.is_ascii_digit()));
    if name.is_empty() || is_device { format!("-{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::{bytes_at, file_name, keep_other};

    #[test]
    fn what_is_there_and_can_not_be_read_is_not_taken_for_missing() {
        let folder = tempfile::TempDir::new().expect("a folder");
        assert!(bytes_at(&folder.path().join("weg.pdf")).expect("it is looked for").is_none());
        assert!(keep_other(folder.path(), "weg.pdf", "0").expect("it is looked for").is_none());
        std::fs::create_dir(folder.path().join("map.pdf")).expect("a folder");
        assert!(bytes_at(&folder.path().join("map.pdf")).is_err());
        assert!(keep_other(folder.path(), "map.pdf", "0").is_err());
        std::fs::write(folder.path().join("brief.pdf"), "anders").expect("a file");
        let kept = keep_other(folder.path(), "brief.pdf", "0").expect("it is moved").expect("it is kept");
        assert_eq!(std::fs::read_to_string(folder.path().join(kept)).expect("it is there"), "anders");
    }

    #[test]
    fn names_fit_every_file_system() {
        assert_eq!(file_name("2021/0266135"), "2021-0266135");
        assert_eq!(file_name("D2023-02-002694"), "D2023-02-002694");
        assert_eq!(file_name("../x"), "-.-x");
        assert_eq!(file_name("einde. "), "einde--");
        assert_eq!(file_name("con.pdf"), "-con.pdf");
        assert_eq!(file_name(""), "-");
        assert_eq!(file_name("é ü"), "é ü");
        let long = file_name(&format!("{}.pdf", "é".repeat(200)));
        assert!(long.len() <= 200 && long.ends_with("é.pdf"), "{long}");
    }
}
