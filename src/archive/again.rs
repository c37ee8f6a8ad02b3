//! The next version of a letter that is in the archive: what it had, with what came to it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::contents::{self, ENCLOSURES, FILE_ENDING, LETTER, REGISTER, SIGNATURES};
use super::kept::Kept;
use super::mdto::When;
use super::mdto::letter::{About, Happened, happened};
use super::mdto::lists::EventKind;
use super::source::FOLDER as SOURCE;
use super::stage::Content;
use crate::error::{Finding, Result};
use crate::register::Clerk;
use crate::register::archived::Kind;
use crate::register::chain::Head;
use crate::register::history::Event;
use crate::register::listed::Listed;
use crate::workspace::bytes::Bytes;

/// What comes to a letter.
pub(super) struct Addition<'a> {
    /// The organisation that keeps the archive.
    pub organisation: &'a str,
    /// The letter's entry as it will be.
    pub listed: Listed,
    /// What happened to it until now.
    pub events: &'a [Event],
    /// Why there is a version.
    pub kind: Kind,
    /// The extension of a scan.
    pub extension: &'a str,
    /// The signed letter, or the scan.
    pub file: Bytes,
    /// The verdict on its signatures.
    pub verdict: Option<Json>,
    /// Where the register's chain ends.
    pub head: &'a Head,
    /// Who adds it, and when.
    pub clerk: &'a Clerk<'a>,
}

/// Everything that the next version holds.
///
/// # Errors
/// [`crate::error::Error::Refused`] when the version before it lacks what every version has.
pub(super) fn contents(before: Vec<Content>, addition: Addition) -> Result<Vec<Content>> {
    let Addition { organisation, listed, events, kind, extension, file, verdict, head, clerk } = addition;
    let broken = || Finding::error("archive-object-changed").arg("id", &listed.entry.id);
    let before: BTreeMap<String, Bytes> = before.into_iter().map(|content| (content.path, content.bytes)).collect();
    let json = |path: &str| before.get(path).map(|bytes| serde_json::from_slice::<Json>(bytes)).transpose();
    let record = json(REGISTER).ok().flatten().ok_or_else(broken)?;
    let letter = before.get(LETTER).ok_or_else(broken)?;
    let verdict = match verdict {
        Some(verdict) => Some(verdict),
        None => json(SIGNATURES).map_err(|_| broken())?,
    };
    // What has a description of its own is a file of the letter; the name alone could be one that its author chose.
    let described = |path: &str| before.contains_key(&format!("{path}{FILE_ENDING}"));
    let below = |folder: &str| {
        let prefix = format!("{folder}/");
        before.iter().filter_map(move |(path, bytes)| Some((path, path.strip_prefix(&prefix)?.to_string(), bytes)))
    };
    let enclosures: Vec<_> =
        below(ENCLOSURES).filter(|(path, ..)| described(path)).map(|(_, name, bytes)| (name, bytes.clone())).collect();
    let source: Vec<_> =
        below(SOURCE).map(|(path, _, bytes)| Content { path: path.clone(), bytes: bytes.clone() }).collect();
    let old_scan = before
        .iter()
        .filter(|(path, _)| described(path))
        .find_map(|(path, bytes)| Some((path.strip_prefix("scan.")?, bytes.clone())));
    let mut events = happened(&listed.entry, events);
    if kind == Kind::Signed {
        let (when, who) = (Some(When::Moment(clerk.moment)), Some(clerk.name.to_string()));
        events.push(Happened { kind: EventKind::Signed, when, who, result: None });
    }
    let Kept { language, retention, places } = Kept::of(&record, &listed.entry.id)?;
    let about = About { organisation: organisation.into(), listed, language, retention, events };
    let is_scan = kind == Kind::Scanned;
    contents::contents(&contents::Letter {
        about: &about,
        name: LETTER,
        bytes: if is_scan { letter.clone() } else { file.clone() },
        enclosures: &enclosures,
        scan: if is_scan { Some((extension, file)) } else { old_scan },
        source: &source,
        places: &places,
        signatures: verdict.as_ref(),
        head,
        moment: clerk.moment,
    })
}

/// The extension of a scan, by what it holds: PDF, PNG, JPEG or TIFF.
pub(super) fn scan_extension(file: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 5] = [
        (b"%PDF-", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpg"),
        (b"II*\0", "tif"),
        (b"MM\0*", "tif"),
    ];
    kinds.iter().find(|(start, _)| file.starts_with(start)).map(|(_, extension)| *extension)
}
