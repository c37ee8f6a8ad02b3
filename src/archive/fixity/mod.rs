//! Proof that the archive is still what the register recorded.
//!
//! The register holds the digest of every version's inventory, and an inventory those of all files. So nothing here trusts
//! what the archive says of itself: an inventory that was rewritten consistently has another digest than the recorded one.
//!
//! What another process moves in meanwhile may be met half-way: before a fault is believed, it is looked for again under
//! the register's lock ([`check`]).

mod folder;
mod walk;

use crate::archive::disk::{self, Kind};
use crate::archive::layout;
use crate::archive::store::Store;
use crate::error::{Error, Finding};

pub use walk::{Again, again, check_all};

/// What the register recorded of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedVersion {
    /// Its number, from 1.
    pub version: u32,
    /// SHA-512 of its inventory, in hexadecimal.
    pub inventory_sha512: String,
}

/// What the register recorded of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its identifier.
    pub id: String,
    /// Its versions.
    pub versions: Vec<RecordedVersion>,
}

/// Something in the archive that is not as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The object, as far as it is known.
    pub id: Option<String>,
    /// The file or folder, from the archive's folder, with `/` between its parts.
    pub file: Option<String>,
    /// What is wrong with it.
    pub finding: Finding,
}

/// Holds one object against what the register recorded of it, bytes and all; the faults in the order of their files.
pub fn check(store: &Store, id: &str, recorded: &[RecordedVersion]) -> Vec<Fault> {
    let place = layout::folder_of(id);
    let mut is_there = true;
    let ways = place.match_indices('/').map(|(at, _)| at).chain([place.len()]);
    for way in ways.filter_map(|end| place.get(..end)) {
        match disk::kind(&store.root().join(way)) {
            Ok(Some(Kind::Folder)) => {}
            Ok(None) => is_there = false,
            // Whatever it leads to is not in the archive.
            Ok(Some(kind)) => return vec![stray(kind, Some(id), way), missing(id, &place)],
            Err(error) => return vec![unreadable(Some(id), way, &error)],
        }
    }
    match (is_there, recorded.is_empty()) {
        (true, false) => folder::Check::new(store.root()).object(id, &place, recorded),
        (true, true) => vec![unknown(Some(id), &place)],
        (false, false) => vec![missing(id, &place)],
        (false, true) => Vec::new(),
    }
}

fn missing(id: &str, place: &str) -> Fault {
    let finding = Finding::error("archive-object-missing").arg("id", id).arg("path", place);
    Fault { id: Some(id.into()), file: Some(place.into()), finding }
}

fn unknown(id: Option<&str>, place: &str) -> Fault {
    fault("archive-object-unknown", id, place)
}

/// A fault of a file or folder.
fn fault(code: &'static str, id: Option<&str>, place: &str) -> Fault {
    // Names come from the disk, and can hold anything.
    let place: String = place.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    Fault { id: id.map(String::from), finding: Finding::error(code).arg("path", &place), file: Some(place) }
}

/// What nothing of the archive may lie in or be.
fn stray(kind: Kind, id: Option<&str>, place: &str) -> Fault {
    fault(if kind == Kind::Link { "archive-link" } else { "archive-file-extra" }, id, place)
}

/// A disk that can't be read is a fault of the archive, and no reason to stop.
fn unreadable(id: Option<&str>, place: &str, cause: &dyn std::fmt::Display) -> Fault {
    let mut found = fault("archive-file-unreadable", id, place);
    found.finding = found.finding.arg("cause", cause);
    found
}

impl From<Error> for Vec<Fault> {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(findings) => {
                findings.into_iter().map(|finding| Fault { id: None, file: None, finding }).collect()
            }
            Error::Outside { path, cause, .. } => vec![unreadable(None, &path.display().to_string(), &cause)],
        }
    }
}
