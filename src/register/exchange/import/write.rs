//! Good rows become entries.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use serde_json::json;

use super::relations::{Known, Links};
use super::row::Candidate;
use crate::error::Result;
use crate::register::chain::Journal;
use crate::register::entry::{Direction, Entry, Status};
use crate::register::links::{self, Kind as LinkKind};
use crate::register::numbering::{self, Kind, Origin, Use};
use crate::register::search;
use crate::workspace::settings::Settings;

/// Writes the rows that are not refused, their numbers and links, and notes each.
pub(super) fn write(
    journal: &mut Journal,
    settings: &Settings,
    shown: &Path,
    candidates: &[Candidate],
    known: &Known,
    links: &Links,
) -> Result<()> {
    let good: Vec<_> = candidates.iter().filter(|candidate| !candidate.is_refused()).collect();
    let mut cases = HashSet::new();
    for candidate in &good {
        let mut entry = candidate.entry.clone();
        entry.version = i64::from(!matches!(entry.status, Status::Reserved | Status::Void));
        entry.insert(journal.tx)?;
        record_number(journal, settings, candidate, &entry)?;
        if let Some(case) = &candidate.entry.case_number
            && !known.cases.contains(case)
            && cases.insert(case.as_str())
        {
            record_case(journal, settings, case, &entry)?;
        }
        search::index(journal.tx, &entry, Some(""))?;
    }
    let others = add_links(journal, known, links)?;
    let file = shown.file_name().unwrap_or_default().to_string_lossy();
    let noted: Vec<_> = good
        .iter()
        .map(|candidate| (candidate.entry.id.as_str(), json!({ "bestand": file, "rij": candidate.row })))
        .collect();
    journal.note_all("ingevoerd", &noted)?;
    for (source, targets) in others {
        journal.note(&source, "gekoppeld", &json!({ "beantwoordt": targets }))?;
    }
    let answered: BTreeSet<_> = links.answers.iter().map(|(_, target)| target).filter(|id| known.has(id)).collect();
    answered.into_iter().try_for_each(|id| links::refresh_answered(journal, id))
}

fn record_number(journal: &mut Journal, settings: &Settings, candidate: &Candidate, entry: &Entry) -> Result<()> {
    let (kind, numbers) = match entry.direction {
        Direction::In => (Kind::Incoming, &settings.inkomend),
        Direction::Out => (Kind::Reference, &settings.kenmerk),
    };
    let origin = if candidate.by_hand { Origin::ByHand } else { Origin::Imported };
    let day = entry.reserved.or(entry.received).or(entry.dated).unwrap_or(journal.clerk.day);
    let number = numbering::chosen(kind, numbers, &entry.id, day, origin);
    let state = match entry.status {
        Status::Reserved => Use::Reserved,
        Status::Void => Use::Void,
        _ => Use::Used,
    };
    numbering::record(journal, &number, &entry.id, state, candidate.reason.as_deref())
}

/// Keeps the number of a case from being given out again. One that doesn't look like the register's never is.
fn record_case(journal: &mut Journal, settings: &Settings, case: &str, entry: &Entry) -> Result<()> {
    let day = entry.reserved.or(entry.received).or(entry.dated).unwrap_or(journal.clerk.day);
    let number = numbering::chosen(Kind::Case, &settings.zaaknummer, case, day, Origin::Imported);
    if number.series.is_none() {
        return Ok(());
    }
    numbering::record(journal, &number, &entry.id, Use::Used, None)
}

/// Adds the links; those letters with what they answer now that were in the register already.
fn add_links(journal: &mut Journal, known: &Known, links: &Links) -> Result<BTreeMap<String, Vec<String>>> {
    let mut others = BTreeMap::<String, Vec<String>>::new();
    for (source, target) in &links.answers {
        let is_new = links::add(journal.tx, source, LinkKind::Answers, target)?;
        if is_new && known.has(source) {
            others.entry(source.clone()).or_default().push(target.clone());
        }
    }
    for (source, target) in &links.same_case {
        links::add(journal.tx, source, LinkKind::SameCase, target)?;
    }
    Ok(others)
}
