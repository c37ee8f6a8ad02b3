//! What must hold between the rows of a table, and between them and the register.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::row::{Candidate, shown};
use crate::error::{Finding, Result};
use crate::register::db::Tx;
use crate::register::entry::{Direction, Status};
use crate::register::numbering::Kind;

/// What the register has already.
pub(super) struct Known {
    /// The status of each letter.
    letters: HashMap<String, Status>,
    /// The numbers of letters that were ever given out.
    numbers: HashSet<String>,
    /// The numbers of cases that were ever given out.
    pub cases: HashSet<String>,
}

/// Links between letters that are good, or in the register already.
#[derive(Default)]
pub(super) struct Links {
    /// Each letter that answers, with the one it answers.
    pub answers: BTreeSet<(String, String)>,
    /// Letters of one case: each pair once.
    pub same_case: BTreeSet<(String, String)>,
}

impl Known {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(tx: &mut Tx) -> Result<Self> {
        let letters = tx.rows("SELECT id, status FROM entry", &[])?;
        let status = |word: String| Status::of_word(&word).unwrap_or(Status::Open);
        let letters = letters.iter().map(|row| (row.text("id"), status(row.text("status")))).collect();
        let (mut numbers, mut cases) = (HashSet::new(), HashSet::new());
        for row in tx.rows("SELECT kind, number FROM number", &[])? {
            let of = if row.text("kind") == Kind::Case.word() { &mut cases } else { &mut numbers };
            of.insert(row.text("number"));
        }
        Ok(Self { letters, numbers, cases })
    }

    /// Whether the register has a letter of that number.
    pub fn has(&self, id: &str) -> bool {
        self.letters.contains_key(id)
    }
}

/// Refuses rows whose numbers are doubled or taken, and rows that name letters that are nowhere or are refused themselves.
pub(super) fn check(candidates: &mut [Candidate], known: &Known, file: &Path) {
    let by_id = by_id(candidates);
    for same in by_id.values().filter(|same| same.len() > 1) {
        for (at, index) in same.iter().enumerate() {
            // The first names the second, the others name the first.
            let other = candidates[same[usize::from(at == 0)]].row;
            candidates[*index].find(file, "id", Finding::error("import-number-double").arg("other", other));
        }
    }
    // Which rows name each row, and in which column.
    let mut named_by: Vec<Vec<(usize, &'static str)>> = vec![Vec::new(); candidates.len()];
    for (index, candidate) in candidates.iter_mut().enumerate() {
        let id = candidate.entry.id.clone();
        if known.has(&id) || known.numbers.contains(&id) {
            candidate.find(file, "id", Finding::error("import-number-taken").arg("id", shown(&id)));
        }
        let mut found = Vec::new();
        for (column, named) in candidate.named() {
            if named == id {
                found.push((column, Finding::error("import-reference-self")));
            } else if let (false, Some(rows)) = (known.has(named), by_id.get(named)) {
                // Of rows with one number all are refused: one of them says it.
                rows.iter().take(1).for_each(|row| named_by[*row].push((index, column)));
            } else if !known.has(named) {
                found.push((column, Finding::error("import-reference-unknown").arg("value", shown(named))));
            }
        }
        found.into_iter().for_each(|(column, finding)| candidate.find(file, column, finding));
    }
    refuse_both_ways(candidates, file);
    let mut refused: Vec<_> = (0..candidates.len()).filter(|index| candidates[*index].is_refused()).collect();
    while let Some(index) = refused.pop() {
        let (row, id) = (candidates[index].row, shown(&candidates[index].entry.id));
        for (dependent, column) in std::mem::take(&mut named_by[index]) {
            let dependent = &mut candidates[dependent];
            let was_refused = dependent.is_refused();
            let finding = Finding::error("import-reference-refused").arg("value", &id).arg("other", row);
            dependent.find(file, column, finding);
            if !was_refused {
                refused.extend(by_id.get(&dependent.entry.id).into_iter().flatten());
            }
        }
    }
}

/// Refuses rows by which two letters would answer each other.
fn refuse_both_ways(candidates: &mut [Candidate], file: &Path) {
    let mut answers = HashSet::new();
    for candidate in candidates.iter() {
        let id = &candidate.entry.id;
        answers.extend(candidate.answers.iter().map(|target| (id.clone(), target.clone())));
        answers.extend(candidate.answered_by.iter().map(|source| (source.clone(), id.clone())));
    }
    for candidate in candidates.iter_mut() {
        let id = candidate.entry.id.clone();
        let both = |other: &&str| {
            let (id, other) = (id.clone(), (*other).to_string());
            id != other && answers.contains(&(id.clone(), other.clone())) && answers.contains(&(other, id))
        };
        let named = candidate.named().filter(|(column, other)| *column != "zelfde_zaak" && both(other));
        let found: Vec<_> = named.map(|(column, other)| (column, shown(other))).collect();
        for (column, other) in found {
            candidate.find(file, column, Finding::error("import-both-ways").arg("value", other));
        }
    }
}

/// The rows of each number.
fn by_id(candidates: &[Candidate]) -> HashMap<String, Vec<usize>> {
    let mut by_id: HashMap<_, Vec<_>> = HashMap::new();
    let numbered = candidates.iter().enumerate().filter(|(_, candidate)| !candidate.entry.id.is_empty());
    numbered.for_each(|(index, candidate)| by_id.entry(candidate.entry.id.clone()).or_default().push(index));
    by_id
}

/// The links that the good rows name: in_reactie_op and beantwoord_door are two views of one link.
pub(super) fn links(candidates: &[Candidate], known: &Known) -> Links {
    let mut links = Links::default();
    for candidate in candidates.iter().filter(|candidate| !candidate.is_refused()) {
        let id = &candidate.entry.id;
        links.answers.extend(candidate.answers.iter().map(|target| (id.clone(), target.clone())));
        links.answers.extend(candidate.answered_by.iter().map(|source| (source.clone(), id.clone())));
        for other in &candidate.same_case {
            // From the new letter to the one that is there, so that nothing of the latter changes.
            let (source, target) = if known.has(other) || id < other { (id, other) } else { (other, id) };
            links.same_case.insert((source.clone(), target.clone()));
        }
    }
    links
}

/// Gives each good row the status that it names, or else the one that follows from the rest; an incoming letter with an
/// answer that stands is not open.
pub(super) fn settle(candidates: &mut [Candidate], known: &Known, links: &Links, file: &Path) {
    for candidate in candidates.iter_mut().filter(|candidate| !candidate.is_refused()) {
        candidate.entry.status = match (candidate.status, candidate.entry.direction) {
            (Some(status), _) => status,
            (None, Direction::In) => Status::Open,
            (None, Direction::Out) if candidate.entry.sent.is_some() => Status::Sent,
            (None, Direction::Out) => Status::Issued,
        };
        if candidate.entry.status == Status::Void && candidate.reason.is_none() {
            candidate.find(file, "reden", Finding::warning("import-void-reason"));
        }
    }
    let good = candidates.iter().filter(|candidate| !candidate.is_refused());
    let statuses: HashMap<_, _> = good.map(|candidate| (candidate.entry.id.clone(), candidate.entry.status)).collect();
    let stands = |id: &str| statuses.get(id).or_else(|| known.letters.get(id)).is_some_and(|status| status.stands());
    let answered: HashMap<_, _> =
        links.answers.iter().filter(|(source, _)| stands(source)).map(|(s, t)| (t, s)).collect();
    for candidate in candidates.iter_mut().filter(|candidate| !candidate.is_refused()) {
        let Some(answer) = answered.get(&candidate.entry.id).filter(|_| candidate.entry.status == Status::Open) else {
            continue;
        };
        candidate.entry.status = Status::Answered;
        if candidate.status.is_some() {
            candidate.find(file, "status", Finding::warning("import-status-answered").arg("id", shown(answer)));
        }
    }
}
