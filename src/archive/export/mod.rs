//! Transfer to an e-depot: letters with their metadata as a submission information package (MDTO, Specificatie SIP).
//!
//! ```text
//! paklijst.csv  paklijst.json            every file: size, digests, format, verdicts
//! <case>/                                letters without a case lie under one named for that
//!   <case>.MDTO.xml
//!   <letter>/
//!     <letter>.MDTO.xml
//!     <file>  <file>.bestand.MDTO.xml    every file of a letter lies beside the others: a folder within would be an
//!                                        object of its own, and needs metadata as one
//! ```
//!
//! What a letter was typeset from stays behind: it is how the archive can make the letter again, not what was sent.

pub mod list;
mod target;

use std::path::Path;

use chrono::{DateTime, Utc};

use super::contents::{ENDING, FILE_ENDING};
use super::mdto::file::File;
use super::mdto::letter::{self, About, WITHOUT_CASE};
use super::mdto::{Identification, Reference};
use super::names::Names;
use crate::error::{Error, Finding, Findings, Result};
use crate::workspace::bytes::Bytes;
use list::Line;
use target::Target;

/// A letter that is to be transferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// What is known of it.
    pub about: About,
    /// Its files, the letter first: those of its last version and, where that is signed, the letter as it was issued.
    pub files: Vec<PackedFile>,
}

/// A file of a letter that is to be transferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFile {
    /// By which the archive knows it; [`Source::read`] is asked for it.
    pub logical: String,
    /// What it is to be called, such as `brief.pdf`; made safe and unique.
    pub name: String,
    /// SHA-256 of it as it was archived, in hexadecimal, where that is known.
    pub sha256: Option<String>,
}

/// The verdicts on a file; none where there is nothing to judge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Whether it conforms to PDF/A: recorded, never a reason to refuse.
    pub pdfa: Option<bool>,
    /// Whether it conforms to PDF/UA: likewise.
    pub pdfua: Option<bool>,
    /// Whether its signatures are valid and it is the letter that was issued.
    pub signatures: Option<bool>,
}

/// Where the letters come from, and what judges them.
pub trait Source {
    /// What a file of a letter holds.
    ///
    /// # Errors
    /// When it isn't there or can't be read.
    fn read(&self, id: &str, logical: &str) -> Result<Vec<u8>>;

    /// What is wrong with a letter's place in the archive (fixity): nothing, for one that may go.
    ///
    /// # Errors
    /// When it can't be looked at.
    fn faults(&self, id: &str) -> Result<Vec<Finding>>;

    /// The verdicts on a file.
    ///
    /// # Errors
    /// When they can't be given.
    fn judge(&self, id: &str, logical: &str, bytes: &[u8]) -> Result<Verdicts>;
}

/// A transfer.
#[derive(Clone, Copy)]
pub struct Transfer<'a> {
    /// The organisation that transfers.
    pub organisation: &'a str,
    /// The letters; one that is named twice goes once.
    pub letters: &'a [Packed],
    /// The moment of packing, when the digests are computed.
    pub moment: DateTime<Utc>,
    /// The folder of the archive, in which nothing else may be written.
    pub archive: &'a Path,
}

/// Packs letters into the folder `to`, an absolute path, which isn't there yet or is empty: all of them, or none. Gives the packing list.
///
/// # Errors
/// [`Error::Refused`] with everything that keeps any of the letters from going; [`Error::Outside`] when a file can't be read
/// or written. In both cases the folder is as it was.
pub fn export(transfer: &Transfer, source: &dyn Source, to: &Path) -> Result<Vec<Line>> {
    if transfer.letters.is_empty() {
        return Err(Finding::error("export-nothing").into());
    }
    let target = Target::stage(to, transfer.archive)?;
    let mut packing = Packing { transfer, source, target: &target, findings: Findings::default(), lines: Vec::new() };
    let mut folders = Names::taken([list::CSV, list::JSON]);
    for (case, letters) in by_case(transfer.letters) {
        packing.case(case, &letters, &mut folders)?;
    }
    let Packing { findings, mut lines, .. } = packing;
    findings.refuse_errors()?;
    lines.sort_by(|one, other| one.path.cmp(&other.path));
    target.write(list::CSV, &list::csv(&lines))?;
    target.write(list::JSON, &list::json(&lines, transfer.moment))?;
    target.put()?;
    Ok(lines)
}

/// The letters of each case, both in order of their numbers; those without one come last.
fn by_case(letters: &[Packed]) -> Vec<(Option<&str>, Vec<&Packed>)> {
    let entry = |packed: &Packed| packed.about.listed.entry.clone();
    let mut sorted: Vec<_> =
        letters.iter().map(|packed| (entry(packed).case_number, entry(packed).id, packed)).collect();
    sorted.sort_by(|one, other| (one.0.is_none(), &one.0, &one.1).cmp(&(other.0.is_none(), &other.0, &other.1)));
    sorted.dedup_by(|one, other| one.1 == other.1);
    let mut cases: Vec<(Option<&str>, Vec<&Packed>)> = Vec::new();
    for (_, _, packed) in sorted {
        let case = packed.about.listed.entry.case_number.as_deref();
        match cases.last_mut().filter(|(known, _)| *known == case) {
            Some((_, letters)) => letters.push(packed),
            None => cases.push((case, vec![packed])),
        }
    }
    cases
}

/// A transfer that is being packed.
struct Packing<'a> {
    transfer: &'a Transfer<'a>,
    source: &'a dyn Source,
    target: &'a Target,
    findings: Findings,
    lines: Vec<Line>,
}

impl Packing<'_> {
    fn case(&mut self, number: Option<&str>, letters: &[&Packed], folders: &mut Names) -> Result<()> {
        let organisation = self.transfer.organisation;
        let name = match number {
            Some(number) => format!("Zaak {number}"),
            None => "Brieven zonder zaaknummer".to_string(),
        };
        let identification = Identification::new(number.unwrap_or(WITHOUT_CASE), organisation);
        let case = letter::case(
            Reference::numbered(name, identification),
            organisation,
            &letters.iter().map(|packed| &packed.about).collect::<Vec<_>>(),
        );
        self.findings.extend(case.missing());
        let folder = folders.give(number.unwrap_or(WITHOUT_CASE), &[]);
        // The sidecar's name is taken before a folder can have it.
        let sidecar = format!("{folder}{ENDING}");
        let mut names = Names::taken([sidecar.as_str()]);
        self.add(&format!("{folder}/{sidecar}"), None, &case.xml().into(), Verdicts::default())?;
        for packed in letters {
            let id = &packed.about.listed.entry.id;
            let inner = names.give(id, &[]);
            self.letter(packed, &case.reference(), &format!("{folder}/{inner}"), &inner)?;
        }
        Ok(())
    }

    fn letter(&mut self, packed: &Packed, case: &Reference, folder: &str, name: &str) -> Result<()> {
        let about = &packed.about;
        let id = &about.listed.entry.id;
        let faults = gathered(self.source.faults(id), &mut self.findings)?;
        self.findings.extend(faults.into_iter().flatten());
        if packed.files.is_empty() {
            self.findings.push(Finding::error("export-without-files").arg("id", id));
        }
        let sidecar = format!("{name}{ENDING}");
        let mut names = Names::taken([sidecar.as_str()]);
        let mut references = Vec::new();
        for file in &packed.files {
            let read = self.source.read(id, &file.logical);
            let Some(bytes) = gathered(read, &mut self.findings)?.map(Bytes::from) else { continue };
            let about_file = |code| Finding::error(code).arg("id", id).arg("path", &file.logical);
            if file.sha256.as_ref().is_some_and(|known| !known.eq_ignore_ascii_case(bytes.sha256())) {
                self.findings.push(about_file("export-digest"));
            }
            let judged = self.source.judge(id, &file.logical, &bytes);
            let verdicts = gathered(judged, &mut self.findings)?.unwrap_or_default();
            if verdicts.signatures == Some(false) {
                self.findings.push(about_file("export-signature"));
            }
            let name = names.give(&file.name, &[FILE_ENDING]);
            let number = about.file_identification(&name);
            let described = File::of(&bytes, &name, number, about.reference(), self.transfer.moment);
            references.push(described.reference());
            let path = format!("{folder}/{name}");
            self.add(&path, Some(id), &bytes, verdicts)?;
            self.add(&format!("{path}{FILE_ENDING}"), Some(id), &described.xml().into(), Verdicts::default())?;
        }
        let mut information = about.information(references, Vec::new());
        information.part_of = vec![case.clone()];
        self.findings.extend(information.missing());
        self.add(&format!("{folder}/{sidecar}"), Some(id), &information.xml().into(), Verdicts::default())
    }

    fn add(&mut self, path: &str, id: Option<&str>, bytes: &Bytes, verdicts: Verdicts) -> Result<()> {
        // Once it is refused, nothing of it is wanted.
        if !self.findings.has_errors() {
            self.target.write(path, bytes)?;
        }
        self.lines.push(Line::of(path, id, bytes, verdicts));
        Ok(())
    }
}

/// What was asked for; nothing when it was refused, which is noted, so that everything that is wrong is found at once.
fn gathered<T>(result: Result<T>, findings: &mut Findings) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Refused(found)) => {
            findings.extend(found);
            Ok(None)
        }
        Err(outside) => Err(outside),
    }
}
