//! Corrections: what a register says of a letter turns out wrong. The old value stays in the event.

use chrono::NaiveDate;
use serde_json::Value as Json;

use super::{Changed, changed, details, find, refuse, sent_finding, write};
use crate::contract::nearest;
use crate::error::{Finding, Result};
use crate::register::chain::Journal;
use crate::register::entry::{Direction, Entry, Status};
use crate::register::incoming::{NEW_CASE, date_findings, kind_finding};
use crate::register::numbering::{self, Use};
use crate::register::{given, search};
use crate::workspace::settings::Settings;

/// The fields that can be corrected, by their names in JSON.
pub const FIELDS: [&str; 13] = [
    "onderwerp",
    "correspondent",
    "datum",
    "ontvangen",
    "verzonden",
    "wijze",
    "soort",
    "zaaknummer",
    "uw_kenmerk",
    "uw_brief",
    "termijn",
    "behandelaar",
    "vertrouwelijkheid",
];

/// The fields that other commands change, or nothing does.
const FIXED: [&str; 6] = ["id", "kenmerk", "status", "richting", "in_reactie_op", "beantwoord_door"];

/// The fields that stand on an outgoing letter itself.
const PRINTED: [&str; 6] = ["onderwerp", "correspondent", "datum", "zaaknummer", "uw_kenmerk", "uw_brief"];

/// A letter after a correction.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The letter.
    pub changed: Changed,
    /// The field.
    pub field: &'static str,
    /// Its new value, none if it was emptied.
    pub value: Option<String>,
    /// Whether the issued letter itself still says what it said.
    pub letter_differs: bool,
}

/// Gives a field of a letter another value; an empty one empties it, where it need not be there.
///
/// # Errors
/// When there is no such field, it can't have that value or has it already, there is no reason, or what the letter is
/// known by still comes from its letter file.
pub fn correct(
    journal: &mut Journal,
    settings: &Settings,
    id: &str,
    field: &str,
    value: &str,
    reason: &str,
) -> Result<Corrected> {
    let field = known(field)?;
    let reason = given::reason(reason)?;
    let before = find(journal, id)?;
    if is_fixed(&before) {
        return Err(refuse(&before, "correct").into());
    }
    has_field(&before, field)?;
    let mut entry = before.clone();
    put(&mut entry, field, value, journal.clerk.day)?;
    let case = match (field, entry.case_number.as_deref()) {
        ("zaaknummer", Some(NEW_CASE)) => Some(numbering::next_case(journal, &settings.zaaknummer, journal.clerk.day)?),
        _ => None,
    };
    if let Some(case) = &case {
        numbering::record(journal, case, &entry.id, Use::Used, None)?;
        entry.case_number = Some(case.text.clone());
    }
    let (was, becomes) = (shown(&before, field), shown(&entry, field));
    if was == becomes {
        return Err(Finding::error("correct-same").key(field).arg("id", &entry.id).into());
    }
    let warnings = warnings(&before, &entry, field, settings);
    let details = details(field, was.as_deref(), becomes.as_deref(), Some(&reason));
    search::index(journal.tx, &entry, None)?;
    if field == "zaaknummer" {
        entry.update(journal.tx)?;
        numbering::release_cases(journal, &entry.id)?;
    }
    write(journal, &entry, "gecorrigeerd", &Json::Object(details))?;
    let letter_differs = entry.direction == Direction::Out && entry.version > 0 && PRINTED.contains(&field);
    Ok(Corrected { changed: changed(journal, &entry.id, warnings)?, field, value: becomes, letter_differs })
}

/// The fields of a letter that can be corrected now; none of one whose facts still come from its letter file, or whose
/// number is void.
pub fn fields(entry: &Entry) -> Vec<&'static str> {
    if is_fixed(entry) {
        Vec::new()
    } else {
        FIELDS.into_iter().filter(|field| has_field(entry, field).is_ok()).collect()
    }
}

fn is_fixed(entry: &Entry) -> bool {
    (entry.status == Status::Reserved && entry.letter.is_some()) || entry.status == Status::Void
}

/// The field that somebody named.
fn known(field: &str) -> Result<&'static str, Finding> {
    let field = given::text("veld", field, given::REFERENCE)?;
    if let Some(known) = FIELDS.into_iter().find(|known| *known == field) {
        return Ok(known);
    }
    let code = if FIXED.contains(&field.as_str()) { "field-fixed" } else { "field-unknown" };
    let meant = nearest(&field, FIELDS).unwrap_or_default();
    Err(Finding::error(code).key("veld").arg("value", &field).arg("meant", meant).arg("choices", FIELDS.join(", ")))
}

/// Whether a letter has a field: only one that came in was received and waits for an answer, only one that was sent was sent on
/// a day.
fn has_field(entry: &Entry, field: &str) -> Result<(), Finding> {
    let was_sent = entry.status == Status::Sent || entry.sent.is_some();
    let reason = match (field, entry.direction) {
        ("ontvangen", Direction::Out) => "out",
        // One that an import brought can be mended.
        ("termijn", Direction::Out) if entry.term.is_none() => "out",
        ("verzonden" | "wijze" | "uw_brief", Direction::In) => "in",
        ("verzonden" | "wijze", Direction::Out) if !was_sent => "unsent",
        _ => return Ok(()),
    };
    Err(Finding::error("field-not-here").key(field).arg("id", &entry.id).arg("reason", reason))
}

fn put(entry: &mut Entry, field: &str, value: &str, today: NaiveDate) -> Result<(), Finding> {
    let (is_in, is_sent) = (entry.direction == Direction::In, entry.status == Status::Sent);
    let text = |needed: bool, limit| match needed {
        true => given::text(field, value, limit).map(Some),
        false => given::optional(field, value, limit),
    };
    let empty = value.trim().is_empty();
    let day = |needed: bool, read: &dyn Fn() -> Result<NaiveDate, Finding>| match needed || !empty {
        true => read().map(Some),
        false => Ok(None),
    };
    let any = || given::day(field, value);
    let past = || given::day_until(field, value, today);
    match field {
        "onderwerp" => entry.subject = given::text(field, value, given::SUBJECT)?,
        "correspondent" => entry.correspondent = text(is_in, given::NAME)?,
        "datum" => entry.dated = day(true, &any)?,
        "ontvangen" => entry.received = day(true, &past)?,
        "verzonden" => entry.sent = day(is_sent, &past)?,
        "wijze" => entry.sent_by = text(is_sent, given::NAME)?,
        "soort" => entry.kind = text(false, given::REFERENCE)?,
        "zaaknummer" => entry.case_number = text(false, given::REFERENCE)?,
        "uw_kenmerk" => entry.their_reference = text(false, given::REFERENCE)?,
        "uw_brief" => entry.their_date = day(false, &any)?,
        "termijn" => entry.term = day(false, &any)?,
        "behandelaar" => entry.handler = text(false, given::NAME)?,
        "vertrouwelijkheid" => entry.confidentiality = if empty { None } else { Some(given::level(field, value)?) },
        other => return Err(Finding::error("field-unknown").key("veld").arg("value", other)),
    }
    Ok(())
}

/// The value of a field as it is written.
fn shown(entry: &Entry, field: &str) -> Option<String> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    match field {
        "onderwerp" => Some(entry.subject.clone()),
        "correspondent" => entry.correspondent.clone(),
        "datum" => day(entry.dated),
        "ontvangen" => day(entry.received),
        "verzonden" => day(entry.sent),
        "wijze" => entry.sent_by.clone(),
        "soort" => entry.kind.clone(),
        "zaaknummer" => entry.case_number.clone(),
        "uw_kenmerk" => entry.their_reference.clone(),
        "uw_brief" => day(entry.their_date),
        "termijn" => day(entry.term),
        "behandelaar" => entry.handler.clone(),
        "vertrouwelijkheid" => entry.confidentiality.clone(),
        _ => None,
    }
}

fn warnings(before: &Entry, entry: &Entry, field: &str, settings: &Settings) -> Vec<Finding> {
    let mut found = Vec::new();
    if let (Some(dated), Some(received)) = (entry.dated, entry.received) {
        found.extend(
            date_findings(dated, received, entry.term).filter(|_| matches!(field, "datum" | "ontvangen" | "termijn")),
        );
    }
    if let Some(sent) = entry.sent.filter(|_| matches!(field, "datum" | "verzonden")) {
        found.extend(sent_finding(entry, sent));
    }
    if field == "soort" {
        found.extend(entry.kind.as_deref().and_then(|kind| kind_finding(kind, settings)));
    }
    // A term may have been given by hand: it is for a person to say that it changes.
    let by_kind = |entry: &Entry| settings.termijnen.get(entry.kind.as_deref()?)?.from(entry.received?);
    if let Some(term) = by_kind(entry).filter(|term| by_kind(before) != Some(*term) && entry.term != Some(*term)) {
        found.push(Finding::warning("term-unchanged").key("termijn").arg("id", &entry.id).arg("term", term));
    }
    found
}
