//! Letters that come in: checked, numbered, recorded, with their file in its place.

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value as Json, json};

use super::attachment::{Staged, folder_of};
use super::chain::Journal;
use super::db::{Tx, values};
use super::entry::{Entry, Status};
use super::files::file_name;
use super::given;
use super::listed::Listed;
use super::numbering::{self, Use};
use super::{Clerk, Register, search};
use crate::contract::nearest;
use crate::error::{Error, Finding, Findings, Result};
use crate::workspace::settings::Settings;

/// What is written instead of the number of a case to get a new one.
pub const NEW_CASE: &str = "nieuw";

/// A letter that came in, as whoever registers it describes it. Nothing is checked yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Received<'a> {
    /// What it is about.
    pub subject: &'a str,
    /// From whom it came.
    pub from: &'a str,
    /// The date on it.
    pub dated: &'a str,
    /// The day it was received; none: today.
    pub received: Option<&'a str>,
    /// Its kind, which may have a term.
    pub kind: Option<&'a str>,
    /// The sender's own reference.
    pub their_reference: Option<&'a str>,
    /// The number of its case, or [`NEW_CASE`].
    pub case_number: Option<&'a str>,
    /// The last day for an answer; none: as `[termijnen]` has it for its kind.
    pub term: Option<&'a str>,
}

/// A letter that came in, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    subject: String,
    correspondent: String,
    dated: NaiveDate,
    received: NaiveDate,
    kind: Option<String>,
    their_reference: Option<String>,
    case_number: Option<String>,
    term: Option<NaiveDate>,
    warnings: Vec<Finding>,
}

/// Keeps a letter elsewhere too, once it is recorded and before that is noted.
pub type Keep<'a> = dyn FnMut(&mut Journal, &Listed) -> Result<()> + 'a;

/// What registering a letter gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The letter with its number.
    pub listed: Listed,
    /// The number of a new case, if one was asked for.
    pub new_case: Option<String>,
    /// What its registrar had better look at.
    pub warnings: Vec<Finding>,
}

impl Incoming {
    /// Checks what is said of a letter on the day `today`.
    ///
    /// # Errors
    /// With everything that is wrong: texts that are missing, too long or hold what no text may hold, days that are none,
    /// a day of receipt that is yet to come.
    pub fn check(given: &Received, settings: &Settings, today: NaiveDate) -> Result<Self> {
        let mut found = Findings::default();
        let subject = keep(&mut found, given::text("onderwerp", given.subject, given::SUBJECT));
        let correspondent = keep(&mut found, given::text("correspondent", given.from, given::NAME));
        let dated = keep(&mut found, given::day("datum", given.dated));
        let received = match given.received {
            Some(day) => keep(&mut found, given::day_until("ontvangen", day, today)),
            None => Some(today),
        };
        let mut reference = |key: &str, value: Option<&str>| {
            keep(&mut found, given::optional(key, value.unwrap_or_default(), given::REFERENCE)).flatten()
        };
        let kind = reference("soort", given.kind);
        let their_reference = reference("uw_kenmerk", given.their_reference);
        let case_number = reference("zaaknummer", given.case_number);
        let term = given.term.and_then(|day| keep(&mut found, given::day("termijn", day)));
        let (Some(subject), Some(correspondent), Some(dated), Some(received)) =
            (subject, correspondent, dated, received)
        else {
            return Err(Error::Refused(found.0));
        };
        let by_kind = kind.as_deref().and_then(|kind| settings.termijnen.get(kind)?.from(received));
        let term = term.or(by_kind);
        found.extend(date_findings(dated, received, term));
        found.extend(kind.as_deref().and_then(|kind| kind_finding(kind, settings)));
        let warnings = found.refuse_errors()?;
        Ok(Self { subject, correspondent, dated, received, kind, their_reference, case_number, term, warnings })
    }

    /// The folder for its file, from the workspace.
    pub fn folder(&self) -> String {
        folder_of(self.received.year())
    }

    /// Gives the letter its number and records it; `root` is the folder of the workspace.
    ///
    /// Its file is moved to its place last of all. If what follows fails, the file is left there without an entry, and gives
    /// way when the number is given out after all.
    ///
    /// # Errors
    /// When the database or the file system fails.
    pub fn record(
        &self,
        journal: &mut Journal,
        settings: &Settings,
        root: &Path,
        workspace: &str,
        file: Option<Staged>,
        keep: Option<&mut Keep>,
    ) -> Result<Receipt> {
        let today = journal.clerk.day;
        let number = numbering::next(journal.tx, numbering::Kind::Incoming, &settings.inkomend, today)?;
        let wants_case = self.case_number.as_deref() == Some(NEW_CASE);
        let case = if wants_case { Some(numbering::next_case(journal, &settings.zaaknummer, today)?) } else { None };
        let new_case = case.as_ref().map(|case| case.text.clone());

        let mut entry = Entry::new(&number.text, Status::Open, &self.subject, workspace, journal.salt());
        entry.correspondent = Some(self.correspondent.clone());
        entry.kind = self.kind.clone();
        entry.case_number = new_case.clone().or_else(|| self.case_number.clone());
        entry.dated = Some(self.dated);
        entry.received = Some(self.received);
        entry.term = self.term;
        entry.their_reference = self.their_reference.clone();
        entry.reserved = Some(today);
        entry.version = 1;
        if file.is_some() {
            entry.stem = Some(free_stem(journal.tx, &format!("{}/{}", self.folder(), file_name(&number.text)))?);
        }
        entry.insert(journal.tx)?;
        numbering::record(journal, &number, &entry.id, Use::Used, None)?;
        if let Some(case) = &case {
            numbering::record(journal, case, &entry.id, Use::Used, None)?;
        }
        search::index(journal.tx, &entry, None)?;

        let mut warnings = self.warnings.clone();
        let mut recorded = None;
        if let (Some(file), Some(stem)) = (file, &entry.stem) {
            let (record, warning) = file.place(root, stem)?;
            record.insert(journal.tx, &entry.id)?;
            warnings.extend(warning);
            recorded = Some(json!({ "naam": record.name, "digest": record.digest }));
        }
        let listed = Listed::one(journal.tx, entry)?;
        if let Some(keep) = keep {
            keep(journal, &listed)?;
        }
        journal.note(&listed.entry.id, "ontvangen", &details(&listed, recorded))?;
        Ok(Receipt { listed, new_case, warnings })
    }
}

/// Registers a letter that came in, and has `keep` do its part: all of it or nothing.
///
/// # Errors
/// When the database or the file system fails; no number is given out then.
pub fn receive(
    register: &mut Register,
    clerk: &Clerk,
    settings: &Settings,
    incoming: &Incoming,
    file: Option<Staged>,
    keep: Option<&mut Keep>,
) -> Result<Receipt> {
    let (root, workspace) = (register.root().to_path_buf(), register.workspace().to_string());
    register.write(clerk, |journal| incoming.record(journal, settings, &root, &workspace, file, keep))
}

/// What is worth a second look about a letter's days.
pub(super) fn date_findings(
    dated: NaiveDate,
    received: NaiveDate,
    term: Option<NaiveDate>,
) -> impl Iterator<Item = Finding> {
    let late = (dated > received).then(|| Finding::warning("dated-after-receipt").key("datum").arg("value", dated));
    let missed = term
        .filter(|term| *term < received)
        .map(|term| Finding::warning("term-before-receipt").key("termijn").arg("value", term));
    [late, missed].into_iter().flatten().map(move |finding| finding.arg("received", received))
}

/// The warning about a kind without a term that looks like one that has a term.
pub(super) fn kind_finding(kind: &str, settings: &Settings) -> Option<Finding> {
    if settings.termijnen.contains_key(kind) {
        return None;
    }
    let meant = nearest(kind, settings.termijnen.keys().map(String::as_str))?;
    Some(Finding::warning("kind-near").key("soort").arg("value", kind).arg("meant", meant))
}

fn keep<T>(found: &mut Findings, value: Result<T, Finding>) -> Option<T> {
    value.map_err(|finding| found.push(finding)).ok()
}

/// Where the file of a letter goes: numbers that differ only in what no file name can hold get names of their own.
pub(super) fn free_stem(tx: &mut Tx, stem: &str) -> Result<String> {
    let mut free = stem.to_string();
    for again in 2.. {
        if tx.row("SELECT 1 AS taken FROM entry WHERE stem = $1", values![&free])?.is_none() {
            break;
        }
        free = format!("{stem}-{again}");
    }
    Ok(free)
}

/// What the event says: everything that was recorded.
fn details(listed: &Listed, file: Option<Json>) -> Json {
    let known = ["onderwerp", "correspondent", "datum", "ontvangen", "soort", "uw_kenmerk", "zaaknummer", "termijn"];
    let listed = listed.json();
    let given = known.into_iter().filter(|name| !listed[name].is_null());
    let mut details: Map<_, _> = given.map(|name| (name.to_string(), listed[name].clone())).collect();
    details.extend(file.map(|file| ("bestand".to_string(), file)));
    Json::Object(details)
}
