//! Letters of the archive, packed for transfer: what goes, and the checks that it has to pass.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::audit;
use super::contents::{ENDING, FILE_ENDING, LETTER, REGISTER, SIGNATURES};
use super::export::{Packed, PackedFile, Source, Verdicts};
use super::fixity;
use super::keep::Archive;
use super::kept::Kept;
use super::mdto::letter::{About, happened};
use super::shown::Held;
use super::source::FOLDER as SOURCE;
use crate::error::{Finding, Result};
use crate::register::Register;
use crate::register::archived::Kind;
use crate::register::entry::Direction;
use crate::register::history::Event;
use crate::register::listed::Listed;
use crate::signature::conformance::Conformance;
use crate::signature::trust::Trust;
use crate::signature::verdict::Judgement;
use serde_json::Value as Json;

/// Letters that are taken from the archive.
pub struct Parcel<'a> {
    archive: &'a Archive,
    trust: &'a Trust,
    letters: BTreeMap<String, Held>,
}

impl<'a> Parcel<'a> {
    /// Gathers letters: gives what is known of each, and where its files come from.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when one of them is not in the archive, or is not what was recorded.
    pub fn gather(
        archive: &'a Archive,
        register: &mut Register,
        trust: &'a Trust,
        organisation: &str,
        ids: &[String],
    ) -> Result<(Vec<Packed>, Self)> {
        let (mut packed, mut letters) = (Vec::new(), BTreeMap::new());
        for id in ids {
            let held = Held::find(archive, register, id)?;
            let (listed, events) =
                register.read(|tx| Ok((Listed::one(tx, held.entry.clone())?, Event::all(tx, id)?)))?;
            let record: Json = serde_json::from_slice(&held.object.read(REGISTER, held.object.inventory().head())?)
                .map_err(|_| Finding::error("archive-object-changed").arg("id", id))?;
            let Kept { language, retention, .. } = Kept::of(&record, id)?;
            let events = happened(&listed.entry, &events);
            let about = About { organisation: organisation.into(), listed, language, retention, events };
            packed.push(Packed { about, files: files(&held)? });
            letters.insert(id.clone(), held);
        }
        Ok((packed, Self { archive, trust, letters }))
    }

    fn held(&self, id: &str) -> Result<&Held> {
        self.letters.get(id).ok_or_else(|| Finding::error("id-unknown").arg("id", id).into())
    }
}

/// What goes of a letter, the letter itself first: the files of its last version that are described, and the letter as it
/// was issued where it has been signed since.
fn files(held: &Held) -> Result<Vec<PackedFile>> {
    let head = held.object.inventory().head();
    let stored = held.object.files(head)?;
    let is_described = |path: &str| stored.iter().any(|other| other.path == format!("{path}{FILE_ENDING}"));
    let (own, main) = (format!("{SOURCE}/"), held.main());
    // A file that came in may be called like the description of one of these.
    let is_ours = |path: &str| path != main && ([REGISTER, SIGNATURES].contains(&path) || path.ends_with(ENDING));
    let mut files: Vec<_> = stored
        .iter()
        .filter(|file| !file.path.starts_with(&own) && !is_ours(&file.path) && is_described(&file.path))
        .map(|file| PackedFile {
            logical: logical(&file.path, head),
            name: file.path.rsplit('/').next().unwrap_or(&file.path).to_string(),
            sha256: Some(file.sha256.clone()),
        })
        .collect();
    let main =
        held.archived.last().map_or(LETTER, |last| if last.kind == Kind::Received { &last.path } else { LETTER });
    files.sort_by_key(|file| (file.logical != logical(main, head), file.logical.clone()));
    let issued = held.archived.iter().rev().find(|archived| archived.kind == Kind::Issued);
    let signed = held.archived.iter().rev().find(|archived| archived.kind == Kind::Signed);
    if let (Some(issued), Some(signed)) = (issued, signed)
        && issued.version < signed.version
    {
        files.push(PackedFile {
            logical: logical(LETTER, u32::try_from(issued.version).unwrap_or_default()),
            name: "brief-vastgesteld.pdf".into(),
            sha256: Some(issued.digest.clone()),
        });
    }
    Ok(files)
}

/// A path together with the version that it is of.
fn logical(path: &str, version: u32) -> String {
    format!("v{version}/{path}")
}

fn parts(logical: &str) -> Option<(u32, &str)> {
    let (version, path) = logical.strip_prefix('v')?.split_once('/')?;
    Some((version.parse().ok()?, path))
}

impl Source for Parcel<'_> {
    fn read(&self, id: &str, logical: &str) -> Result<Vec<u8>> {
        let missing = || Finding::error("archive-no-such-file").arg("id", id).arg("path", logical).arg("version", 0);
        let (version, path) = parts(logical).ok_or_else(missing)?;
        self.held(id)?.object.read(path, version)
    }

    fn faults(&self, id: &str) -> Result<Vec<Finding>> {
        let recorded = audit::recorded(id, &self.held(id)?.archived);
        let faults = fixity::check(self.archive.store(), id, &recorded.versions);
        Ok(faults.into_iter().map(|fault| fault.finding).collect())
    }

    fn judge(&self, id: &str, logical: &str, bytes: &[u8]) -> Result<Verdicts> {
        if !bytes.starts_with(b"%PDF-") {
            return Ok(Verdicts::default());
        }
        let held = self.held(id)?;
        let conformance = Conformance::of_file(bytes);
        let head = held.object.inventory().head();
        let is_letter = parts(logical).is_some_and(|(version, path)| version == head && path == held.main());
        let signatures = match is_letter {
            true => self.signatures(held, bytes)?,
            false => None,
        };
        Ok(Verdicts { pdfa: Some(conformance.pdfa), pdfua: Some(conformance.pdfua), signatures })
    }
}

impl Parcel<'_> {
    /// Whether the signatures of a letter hold as they did when it was taken in, at that same moment: certificates expire.
    /// What others signed is carried along as it came.
    fn signatures(&self, held: &Held, bytes: &[u8]) -> Result<Option<bool>> {
        let Some(recorded) = held.recorded(SIGNATURES)? else { return Ok(None) };
        let moment: Option<DateTime<Utc>> = recorded["gecontroleerd"].as_str().and_then(|text| text.parse().ok());
        let Some(moment) = moment else { return Ok(Some(false)) };
        let issued = held.archived.iter().rev().find(|archived| archived.kind == Kind::Issued);
        let issued = issued.map(|issued| held.object.read(LETTER, u32::try_from(issued.version).unwrap_or_default()));
        let judgement = Judgement::of(bytes, issued.transpose()?.as_deref(), self.trust, moment);
        let holds = judgement.refusals().is_empty();
        Ok(if held.entry.direction == Direction::In { Some(true).filter(|_| holds) } else { Some(holds) })
    }
}
