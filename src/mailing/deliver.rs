//! The letters of a mailing for people's use: a folder of PDFs, and one file to print. Both come from the archive, which
//! has them wherever they were made, and as they were signed last.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value as Json;

use super::matter::Matter;
use super::order;
use super::outcome::Outcome;
use super::print::{self, Piece, Printed};
use super::stored;
use crate::archive::keep::Archive;
use crate::archive::shown::Held;
use crate::error::{Error, Finding, Result};
use crate::letter::front;
use crate::register::Register;
use crate::register::entry::Entry;
use crate::register::files::{self, FileRecord, Role, file_name, sha256};
use crate::register::mailings::{MailRow, Progress, Standing};
use crate::workspace::staged;

/// The longest part of a file name that says for whom a letter is, in characters.
const MAX_NAME: usize = 60;

/// In which order letters are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// That of the table.
    Table,
    /// By postcode, as bulk mail is handed in.
    Postcode,
}

/// What is delivered.
pub struct Delivery<'a> {
    /// The mailing.
    pub outcome: &'a Outcome,
    /// Its letter.
    pub matter: &'a Matter<'a>,
    /// The register.
    pub register: &'a mut Register,
    /// The archive.
    pub archive: &'a Archive,
    /// Is told how many letters are done.
    pub progress: &'a dyn Fn(u64, u64),
}

impl Delivery<'_> {
    /// Writes every letter to a folder, under its kenmerk and for whom it is. What lies there under such a name and is
    /// something else is kept beside it; those are the findings.
    ///
    /// # Errors
    /// [`Error::Outside`] when the disk or the database fails.
    pub fn folder(&mut self, folder: &Path) -> Result<Vec<Finding>> {
        fs::create_dir_all(folder).map_err(|cause| Error::io("write", folder, cause))?;
        staged::sweep(folder);
        let letters = self.letters();
        let mut findings = Vec::new();
        for (at, row) in letters.iter().enumerate() {
            (self.progress)(at as u64, letters.len() as u64);
            let Some((entry, bytes)) = self.letter(row, &mut findings)? else { continue };
            let name = name(&entry);
            // A letter that was signed since begins with the very bytes that it had.
            findings.extend(write(folder, &name, &bytes, |before| bytes.starts_with(before))?);
        }
        Ok(findings)
    }

    /// Writes reports to the folder, each under its name; what lies there and reports of something else is kept beside it.
    ///
    /// # Errors
    /// As [`Delivery::folder`].
    pub fn reports(&self, folder: &Path, reports: &[(&str, Vec<u8>)]) -> Result<Vec<Finding>> {
        let is_own = |text: &[u8]| {
            let report: Option<Json> = serde_json::from_slice(text).ok();
            report.is_some_and(|report| report["naam"] == self.outcome.mailing.name.as_str())
        };
        // A table doesn't say what it reports of; that it is ours is said by the JSON beside it.
        let beside = reports.iter().filter_map(|(name, _)| fs::read(folder.join(name)).ok());
        let has_own = beside.into_iter().any(|text| is_own(&text));
        let mut findings = Vec::new();
        for (name, bytes) in reports {
            let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let is_ours = |before: &[u8]| is_own(before) || has_own && header.len() > 1 && before.starts_with(header);
            findings.extend(write(folder, name, bytes, is_ours)?);
        }
        Ok(findings)
    }

    /// Puts the files of letters that were made on another machine where they lie in a workspace; the findings are about
    /// those that aren't there any more as they were recorded.
    ///
    /// # Errors
    /// [`Error::Refused`] when the archive doesn't hold what was recorded; [`Error::Outside`] when the disk or the database
    /// fails.
    pub fn complete(&mut self) -> Result<Vec<Finding>> {
        let mut changed: BTreeMap<String, usize> = BTreeMap::new();
        let root = self.register.root().to_path_buf();
        for row in self.letters() {
            let (Some(pdf), Some(id)) = (&row.pdf, &row.row.entry) else { continue };
            if root.join(pdf).exists() {
                continue;
            }
            let held = Held::find(self.archive, self.register, id)?;
            let is_current = |file: &FileRecord| file.version == held.entry.version;
            for file in self.register.read(|tx| FileRecord::all(tx, id))?.into_iter().filter(is_current) {
                let place = root.join(&file.path);
                let bytes = match file.role {
                    Role::Letter => held.issued()?,
                    Role::Enclosure => self.matter.ready.enclosure(&file).map_or_else(Vec::new, |bytes| bytes.to_vec()),
                };
                if place.exists() {
                    continue;
                }
                // What is not what was recorded is missed, rather than replaced by something else.
                if sha256(&bytes) == file.digest {
                    staged::put(staged::beside(&place, &bytes)?, &root, &place)?;
                } else {
                    *changed.entry(file.name).or_default() += 1;
                }
            }
        }
        let told = |(name, count)| Finding::warning("mail-file-not-placed").arg("name", name).arg("count", count);
        Ok(changed.into_iter().map(told).collect())
    }

    /// Writes all letters as one PDF to print; where there are none, nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] when a letter can't be read; [`Error::Outside`] when the disk or the database fails. Nothing is
    /// written then.
    pub fn print(&mut self, file: &Path, order: Order) -> Result<(Option<Printed>, Vec<Finding>)> {
        let mut letters = self.letters();
        if order == Order::Postcode {
            let addressees = self.addressees()?;
            letters.sort_by_key(|row| addressees.get(&row.row.seq).map(order::postcode_key));
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let fail = |cause: std::io::Error| Error::io("write", file, cause);
        fs::create_dir_all(folder).map_err(fail)?;
        staged::sweep(folder);
        let mut staged = staged::file(folder).map_err(fail)?;
        let (title, language) = (self.outcome.mailing.name.clone(), self.matter.ready.draft.letter.language());
        let (mut findings, count) = (Vec::new(), letters.len() as u64);
        let pieces = letters.into_iter().enumerate().filter_map(|(at, row)| {
            (self.progress)(at as u64, count);
            let found = self.letter(&row, &mut findings).transpose()?;
            Some(found.map(|(entry, pdf)| Piece { title: title_of(&entry), pdf }))
        });
        let mut out = BufWriter::new(staged.as_file_mut());
        let printed = match print::merge(&title, language.code(), pieces, &mut out) {
            // They may all have been withdrawn: the mailing is what it was.
            Err(Error::Refused(found)) if found.iter().any(|finding| finding.code == "print-nothing") => {
                findings.push(Finding::warning("print-nothing"));
                return Ok((None, findings));
            }
            printed => printed?,
        };
        out.flush().map_err(fail)?;
        drop(out);
        staged.as_file().sync_all().map_err(fail)?;
        staged::put(staged, folder, file)?;
        Ok((Some(printed), findings))
    }

    /// The rows that have a letter, in the order of the table.
    fn letters(&self) -> Vec<Standing> {
        self.outcome.rows.iter().filter(|row| row.row.progress == Progress::Done).cloned().collect()
    }

    /// The letter of a row as the archive has it; none, with a finding, for one that was withdrawn since.
    fn letter(&mut self, row: &Standing, findings: &mut Vec<Finding>) -> Result<Option<(Entry, Vec<u8>)>> {
        let id = row.row.entry.as_deref().unwrap_or_default();
        let held = Held::find(self.archive, self.register, id)?;
        if !held.entry.status.stands() {
            let status = held.entry.status.word();
            findings.push(Finding::warning("mail-letter-left-out").arg("id", id).arg("status", status));
            return Ok(None);
        }
        let (_, bytes) = held.letter()?;
        Ok(Some((held.entry, bytes)))
    }

    fn addressees(&mut self) -> Result<std::collections::HashMap<i64, crate::letter::addressee::Addressee>> {
        let mailing = &self.outcome.mailing;
        let letter = &self.matter.ready.draft.letter;
        let layout = stored::layout(&mailing.layout, letter);
        let rows = self.register.read(|tx| MailRow::all(tx, &mailing.workspace, &mailing.name))?;
        let addressee = |row: &MailRow| {
            let (own, _) = stored::recipient(row, &layout).letter(letter);
            (row.seq, front::addressee_of(&own.front).unwrap_or_default())
        };
        Ok(rows.iter().map(addressee).collect())
    }
}

/// Writes a file unless it is there; what else lies there is kept beside it, unless it `is_ours`.
fn write(folder: &Path, name: &str, bytes: &[u8], is_ours: impl Fn(&[u8]) -> bool) -> Result<Option<Finding>> {
    let place = folder.join(name);
    let before = files::bytes_at(&place)?;
    if before.as_deref() == Some(bytes) {
        return Ok(None);
    }
    let kept = match before {
        Some(before) if !is_ours(&before) => files::keep_other(folder, name, &sha256(bytes))?,
        _ => None,
    };
    staged::put(staged::beside(&place, bytes)?, folder, &place)?;
    Ok(kept.map(|kept| Finding::warning("mail-file-aside").arg("path", name).arg("kept", kept)))
}

/// The name of a letter's file: its kenmerk, so that no two have the same, and for whom it is.
fn name(entry: &Entry) -> String {
    let stem = entry.stem.as_deref().and_then(|stem| stem.rsplit('/').next()).unwrap_or(&entry.id);
    let whom: String = entry.correspondent.iter().flat_map(|whom| whom.chars()).take(MAX_NAME).collect();
    file_name(&format!("{stem} {whom}").trim().to_string().chars().chain(".pdf".chars()).collect::<String>())
}

/// The bookmark of a letter.
fn title_of(entry: &Entry) -> String {
    [Some(entry.id.as_str()), entry.correspondent.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" – ")
}
