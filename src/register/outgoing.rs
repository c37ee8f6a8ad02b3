//! An outgoing letter in the register: its number is reserved, then used by the version that is recorded.
//!
//! A letter is known by its workspace and its path. It has one number for good: a reservation that was interrupted is
//! taken up again, and a new version keeps the number.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value as Json, json};

use super::chain::Journal;
use super::db::{Tx, values};
use super::entry::{Entry, Status};
use super::files::{self, FileRecord, Role, file_name, sha256};
use super::links::{self, Kind as LinkKind};
use super::numbering::{self, Kind, Origin, Use};
use super::search;
use crate::error::{Finding, Result};
use crate::workspace::bytes::Bytes;
use crate::workspace::folders::ISSUED;
use crate::workspace::settings::Settings;

/// What the register keeps of a letter's contents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What it is about.
    pub subject: String,
    /// To whom it goes.
    pub correspondent: Option<String>,
    /// Number of its case, where the letter names one.
    pub case_number: Option<String>,
    /// Whether it asks for a case number of its own.
    pub new_case: bool,
    /// The date in the letter file.
    pub dated: Option<NaiveDate>,
    /// The addressee's own reference.
    pub their_reference: Option<String>,
    /// The date of the addressee's letter.
    pub their_date: Option<NaiveDate>,
    /// The ZGW level.
    pub confidentiality: Option<String>,
}

/// What a letter needs before it can be typeset for good.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// The path of the letter file, from the workspace.
    pub letter: &'a str,
    /// The number that its author wrote.
    pub by_hand: Option<&'a str>,
    /// What is recorded of it.
    pub facts: &'a Facts,
    /// Whether a file lies at a path, from the workspace.
    pub is_printed: &'a dyn Fn(&str) -> bool,
}

/// A version that is typeset, with its files in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made<'a> {
    /// What is recorded of it.
    pub facts: &'a Facts,
    /// SHA-256 of everything the letter was made from.
    pub digest: &'a str,
    /// Its pages.
    pub pages: usize,
    /// Its files, the letter first.
    pub files: &'a [FileRecord],
    /// Its own text.
    pub text: &'a str,
    /// The letters that it answers.
    pub answers: &'a [String],
}

/// The entry of a letter file, unless its number is void: then it may get another one.
///
/// # Errors
/// When the database fails.
pub fn of_letter(tx: &mut Tx, workspace: &str, letter: &str) -> Result<Option<Entry>> {
    let sql = "SELECT * FROM entry WHERE workspace = $1 AND letter = $2 AND status <> 'vervallen'";
    tx.row(sql, values![workspace, letter])?.map(|row| Entry::of_row(&row)).transpose()
}

/// The letter files of a workspace that have become letters: the path of each, from the workspace.
///
/// # Errors
/// When the database fails.
pub fn made(tx: &mut Tx, workspace: &str) -> Result<BTreeSet<String>> {
    let sql = "SELECT letter FROM entry WHERE workspace = $1 AND letter IS NOT NULL
                 AND status NOT IN ('vervallen', 'gereserveerd')";
    Ok(tx.rows(sql, values![workspace])?.iter().map(|row| row.text("letter")).collect())
}

/// Refuses a number written by hand that another letter has.
///
/// # Errors
/// [`crate::error::Error::Refused`] when it is taken.
pub fn check_free(tx: &mut Tx, number: &str) -> Result<()> {
    if numbering::is_taken(tx, Kind::Reference, number)? {
        return Err(Finding::error("number-taken").key("kenmerk").arg("number", number).into());
    }
    Ok(())
}

/// Reserves the numbers of a letter, or finds those that it has already.
///
/// # Errors
/// When the number written by hand is taken, when a letter with the number that the counter gives was printed already (by a
/// register that is lost, or another one), or the database fails.
pub fn reserve(journal: &mut Journal, settings: &Settings, workspace: &str, claim: Claim) -> Result<Entry> {
    if let Some(entry) = of_letter(journal.tx, workspace, claim.letter)? {
        return Ok(entry);
    }
    let (entry, details) = reserve_new(journal, settings, workspace, claim)?;
    journal.note(&entry.id, "gereserveerd", &details)?;
    Ok(entry)
}

/// Reserves the numbers of a letter that has none; the caller notes it as `gereserveerd`, with these details.
///
/// # Errors
/// As [`reserve`].
pub fn reserve_new(journal: &mut Journal, settings: &Settings, workspace: &str, claim: Claim) -> Result<(Entry, Json)> {
    let day = journal.clerk.day;
    let number = match claim.by_hand {
        Some(text) => {
            check_free(journal.tx, text)?;
            numbering::chosen(Kind::Reference, &settings.kenmerk, text, day, Origin::ByHand)
        }
        None => numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day)?,
    };
    let case = match claim.facts.new_case {
        true => Some(numbering::next_case(journal, &settings.zaaknummer, day)?),
        false => None,
    };
    let mut entry = Entry::new(&number.text, Status::Reserved, "", workspace, journal.salt());
    entry.letter = Some(claim.letter.to_string());
    entry.reserved = Some(day);
    entry.pending = Some(1);
    entry.stem = Some(stem(journal.tx, day, &number.text)?);
    entry.case_number = case.as_ref().map(|case| case.text.clone());
    if claim.by_hand.is_none() && (claim.is_printed)(&letter_path(&entry)) {
        let finding = Finding::error("number-printed").arg("number", &entry.id);
        return Err(finding.arg("path", letter_path(&entry)).into());
    }
    describe(&mut entry, claim.facts);
    entry.insert(journal.tx)?;
    numbering::record(journal, &number, &entry.id, Use::Reserved, None)?;
    if let Some(case) = &case {
        numbering::record(journal, case, &entry.id, Use::Reserved, None)?;
    }
    search::index(journal.tx, &entry, Some(""))?;
    let details = json!({ "brief": claim.letter, "zaaknummer": case.map(|case| case.text), "dag": day.to_string() });
    Ok((entry, details))
}

/// Describes a letter anew whose number is reserved: its author changed it before it was made.
///
/// # Errors
/// When the database fails.
pub fn describe_again(journal: &mut Journal, id: &str, facts: &Facts) -> Result<()> {
    let mut entry = Entry::get(journal.tx, id)?;
    let before = entry.clone();
    describe(&mut entry, facts);
    if entry == before {
        return Ok(());
    }
    entry.update(journal.tx)?;
    search::index(journal.tx, &entry, None)?;
    journal.note(id, "opnieuw-beschreven", &json!({ "onderwerp": entry.subject }))
}

/// Gives a letter that asks for one its case number, unless it has one: it may ask only after its number was reserved.
///
/// # Errors
/// When the database fails.
pub fn ensure_case(journal: &mut Journal, settings: &Settings, id: &str) -> Result<Entry> {
    let mut entry = Entry::get(journal.tx, id)?;
    // A number that the letter only named before was not given for it.
    let own = "SELECT 1 AS own FROM number WHERE entry = $1 AND kind = 'zaaknummer' AND number = $2";
    let has_own = match &entry.case_number {
        Some(case) => journal.tx.row(own, values![id, case])?.is_some(),
        None => false,
    };
    if !has_own {
        let case = numbering::next_case(journal, &settings.zaaknummer, journal.clerk.day)?;
        entry.case_number = Some(case.text.clone());
        entry.update(journal.tx)?;
        numbering::record(journal, &case, id, Use::Reserved, None)?;
        search::index(journal.tx, &entry, None)?;
        journal.note(id, "gereserveerd", &json!({ "zaaknummer": case.text }))?;
    }
    Ok(entry)
}

/// Begins a new version of a letter: the version before it has its file at `{stem}/versie-n.pdf` from now on, which the
/// caller has put there.
///
/// # Errors
/// When another version was recorded since `seen` was read, the letter was withdrawn, or the database fails.
pub fn begin_version(journal: &mut Journal, seen: &Entry) -> Result<Entry> {
    let id = seen.id.as_str();
    let mut entry = Entry::get(journal.tx, id)?;
    if entry.version != seen.version || !entry.status.stands() {
        return Err(Finding::error("letter-overtaken").arg("id", id).into());
    }
    if entry.pending.is_none() {
        let sql = "UPDATE file SET path = $3 WHERE entry = $1 AND version = $2 AND role = 'brief'";
        journal.tx.exec(sql, values![id, entry.version, kept_path(&entry, entry.version)])?;
        entry.pending = Some(entry.version + 1);
        entry.update(journal.tx)?;
        journal.note(id, "nieuwe-versie-begonnen", &json!({ "versie": entry.pending }))?;
    }
    Ok(entry)
}

/// Gives up a version that was begun and not recorded: the version before it is the current one again.
///
/// # Errors
/// When the database fails.
pub fn give_up_version(journal: &mut Journal, id: &str) -> Result<Entry> {
    let mut entry = Entry::get(journal.tx, id)?;
    if let (Some(given_up), true) = (entry.pending, entry.version > 0) {
        let sql = "UPDATE file SET path = $3 WHERE entry = $1 AND version = $2 AND role = 'brief'";
        journal.tx.exec(sql, values![id, entry.version, letter_path(&entry)])?;
        entry.pending = None;
        entry.update(journal.tx)?;
        journal.note(id, "nieuwe-versie-opgegeven", &json!({ "versie": given_up }))?;
    }
    Ok(entry)
}

/// The entry of a letter once the version that is being made is recorded.
pub fn settled(reserved: &Entry, made: &Made) -> Entry {
    let mut entry = reserved.clone();
    describe(&mut entry, made.facts);
    entry.status = Status::Issued;
    // What was sent was the version before this one.
    (entry.sent, entry.sent_by) = (None, None);
    entry.version = entry.pending.take().unwrap_or(1);
    entry.pages = Some(made.pages as i64);
    entry.letter_digest = Some(made.digest.to_string());
    entry.text_digest = Some(sha256(made.text.as_bytes()));
    entry
}

/// Records a version whose files are in place, and in the archive as version `archived` there: its number is used, what it answers is
/// answered.
///
/// # Errors
/// When the database fails.
pub fn settle(journal: &mut Journal, reserved: &Entry, made: &Made, archived: i64) -> Result<Entry> {
    let settled = write(journal, reserved, made, archived)?;
    let what = if settled.entry.version == 1 { "vastgesteld" } else { "nieuwe-versie" };
    journal.note(&settled.entry.id, what, &settled.details)?;
    for touched in &settled.touched {
        links::refresh_answered(journal, touched)?;
    }
    Ok(settled.entry)
}

/// Records the first versions of many letters, as [`settle`] does: each with its version in the archive.
///
/// # Errors
/// When the database fails.
pub fn settle_all(journal: &mut Journal, letters: &[(&Entry, Made, i64)]) -> Result<()> {
    let mut all = Vec::with_capacity(letters.len());
    for (reserved, made, archived) in letters {
        all.push(write(journal, reserved, made, *archived)?);
    }
    let noted: Vec<_> = all.iter().map(|settled| (settled.entry.id.as_str(), settled.details.clone())).collect();
    journal.note_all("vastgesteld", &noted)?;
    let touched: BTreeSet<_> = all.iter().flat_map(|settled| &settled.touched).collect();
    touched.into_iter().try_for_each(|id| links::refresh_answered(journal, id))
}

/// A version whose rows are written, and that is not noted yet.
struct Settled {
    entry: Entry,
    details: Json,
    /// The letters that it answers, or did before.
    touched: Vec<String>,
}

fn write(journal: &mut Journal, reserved: &Entry, made: &Made, archived: i64) -> Result<Settled> {
    let entry = settled(reserved, made);
    entry.update(journal.tx)?;
    numbering::settle(journal, &entry.id, Use::Used, None)?;
    numbering::release_cases(journal, &entry.id)?;
    for file in made.files {
        file.insert(journal.tx, &entry.id)?;
    }
    let before = links::answered_by(journal.tx, &entry.id)?;
    for gone in before.iter().filter(|id| !made.answers.contains(id)) {
        links::remove(journal.tx, &entry.id, LinkKind::Answers, gone)?;
    }
    for answered in made.answers {
        links::add(journal.tx, &entry.id, LinkKind::Answers, answered)?;
    }
    search::index(journal.tx, &entry, Some(made.text))?;
    let files = made.files.iter().map(|file| json!({ "naam": file.name, "digest": file.digest }));
    let details = json!({
        "versie": entry.version, "onderwerp": entry.subject, "bestanden": files.collect::<Vec<_>>(),
        "in_reactie_op": made.answers, "verzonden": reserved.sent.map(|day| day.to_string()), "wijze": reserved.sent_by,
        "archief": archived,
    });
    let new: Vec<_> = made.answers.iter().filter(|id| !before.contains(id)).cloned().collect();
    Ok(Settled { entry, details, touched: before.into_iter().chain(new).collect() })
}

/// Where the current letter of an entry lies, from the workspace.
pub fn letter_path(entry: &Entry) -> String {
    pdf_path(entry.stem.as_deref().unwrap_or_default())
}

/// Where the letter of an entry with this stem lies.
pub fn pdf_path(stem: &str) -> String {
    format!("{stem}.pdf")
}

/// Where the letter of an earlier version is kept.
pub fn kept_path(entry: &Entry, version: i64) -> String {
    format!("{}/versie-{version}.pdf", entry.stem.as_deref().unwrap_or_default())
}

/// The records of a version's files: the letter, then the enclosures under their own names, made distinct.
pub fn file_records(entry: &Entry, pdf: &Bytes, enclosures: &[(String, Bytes)]) -> Vec<FileRecord> {
    let version = entry.pending.unwrap_or(1);
    let stem = entry.stem.as_deref().unwrap_or_default();
    let first = files::ENCLOSURES;
    let folder = if version == 1 { first.to_string() } else { format!("{first}-versie-{version}") };
    let path = letter_path(entry);
    let name = path.rsplit('/').next().unwrap_or(&path).to_string();
    let mut records = vec![FileRecord::of(pdf, version, Role::Letter, 0, &name, &path)];
    let mut taken: Vec<String> = Vec::new();
    for ((name, bytes), position) in enclosures.iter().zip(1..) {
        let mut own = file_name(name);
        // Two folders can hold files of one name, and some file systems take capitals for small letters.
        while taken.contains(&own.to_lowercase()) {
            own = format!("{position}-{own}");
        }
        taken.push(own.to_lowercase());
        let path = format!("{stem}/{folder}/{own}");
        records.push(FileRecord::of(bytes, version, Role::Enclosure, position, name, &path));
    }
    records
}

fn describe(entry: &mut Entry, facts: &Facts) {
    entry.subject = facts.subject.clone();
    entry.correspondent = facts.correspondent.clone();
    // One that was given for the letter stays with it.
    entry.case_number = if facts.new_case { entry.case_number.take() } else { facts.case_number.clone() };
    entry.dated = facts.dated.or(entry.reserved);
    entry.their_reference = facts.their_reference.clone();
    entry.their_date = facts.their_date;
    entry.confidentiality = facts.confidentiality.clone();
}

/// Where a letter's files go: by the year of its reservation and its number. Two numbers can make one file name
/// (`2023/1` and `2023-1`); the second gets a sign more.
fn stem(tx: &mut Tx, day: NaiveDate, number: &str) -> Result<String> {
    let mut name = file_name(number);
    // The folder of a letter bears its name without the extension.
    if name.to_lowercase().ends_with(".pdf") {
        name.push('-');
    }
    let mut stem = format!("{ISSUED}/{:04}/{name}", day.year());
    while tx.row("SELECT 1 AS taken FROM entry WHERE stem = $1", values![&stem])?.is_some() {
        stem.push('~');
    }
    Ok(stem)
}
