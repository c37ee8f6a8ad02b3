//! The plan of a mailing: which rows get a letter, and under which kenmerk. Made anew it goes on from what was planned before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value as Json;

use super::doubles::{self, Doubles};
use super::matter::Matter;
use super::recipients::{Recipient, Recipients};
use super::{specimen, stored};
use crate::error::{Error, Finding, Result, refuses};
use crate::register::chain::Journal;
use crate::register::entry::{Entry, Status};
use crate::register::mailings::plan::{self, Plan, Planned};
use crate::register::mailings::{MailRow, Mailing, Progress};
use crate::register::outgoing::Facts;
use crate::register::{Clerk, Register};

/// The longest name of a mailing, in characters.
const MAX_NAME: usize = 80;

/// The longest reason that is kept of a void number, in characters.
const MAX_REASON: usize = 900;

/// The most findings of rows that keep a table from being taken up again which are told.
const MAX_TOLD: usize = 20;

/// The most files that are named which changed.
const MAX_NAMED: usize = 5;

/// What a plan is made of.
pub struct Order<'a> {
    /// The name of the mailing.
    pub name: &'a str,
    /// Its letter.
    pub matter: &'a Matter<'a>,
    /// Its table.
    pub recipients: &'a Recipients,
    /// Who plans, and when.
    pub clerk: &'a Clerk<'a>,
    /// A finding as the report of the mailing has it.
    pub tell: &'a dyn Fn(&Finding) -> Json,
    /// Whether a file lies at a path, from the workspace.
    pub is_printed: &'a dyn Fn(&str) -> bool,
}

/// A row of the table, checked.
struct Candidate<'a> {
    recipient: &'a Recipient,
    cells: BTreeMap<String, String>,
    digest: String,
    facts: Option<Facts>,
    findings: Vec<Finding>,
}

/// What can be said of a mailing without a register: gives what was noticed of the columns.
///
/// # Errors
/// [`Error::Refused`] when the name is none, or a column is missing.
pub fn check(name: &str, matter: &Matter, recipients: &Recipients) -> Result<Vec<Finding>> {
    check_name(name)?;
    let (columns, _) = specimen::columns_of(&matter.typesetter(), recipients);
    if refuses(&columns) { Err(Error::Refused(columns)) } else { Ok(columns) }
}

/// Plans a mailing that was [`check`]ed; `progress` is told how many rows are checked, and of how many.
///
/// # Errors
/// [`Error::Refused`] when what was planned before no longer agrees with the letter or the table; [`Error::Outside`] when
/// something outside fails. Nothing is changed then.
pub fn plan(order: &Order, register: &mut Register, progress: &dyn Fn(usize, usize)) -> Result<()> {
    let typesetter = order.matter.typesetter();
    let missing = HashSet::new();
    let mut doubles = Doubles::default();
    let mut candidates = Vec::with_capacity(order.recipients.rows.len());
    for (at, recipient) in order.recipients.rows.iter().enumerate() {
        let filled = specimen::fill(&typesetter, recipient, None, &missing)?;
        let mut findings = filled.findings;
        findings.extend(doubles.add(recipient, &filled.to));
        let cells = stored::cells(recipient, &order.matter.ready.draft.letter);
        let digest = stored::digest(&cells);
        let findings = specimen::told(findings);
        let facts = filled.facts.filter(|_| !refuses(&findings));
        candidates.push(Candidate { recipient, cells, digest, facts, findings });
        progress(at + 1, order.recipients.rows.len());
    }
    let workspace = register.workspace().to_string();
    register.write(order.clerk, |journal| order.write(journal, &workspace, &candidates))
}

/// Refuses a name that doesn't fit in messages, in the register or in the names of files.
///
/// # Errors
/// [`Error::Refused`] with what a name may hold.
pub fn check_name(name: &str) -> Result<()> {
    let fits = |c: char| c.is_alphanumeric() || " -_.".contains(c);
    let is_name = name.chars().all(fits) && name.starts_with(char::is_alphanumeric) && name.trim_end() == name;
    if !is_name || name.chars().count() > MAX_NAME {
        let shown = super::recipients::printable(name);
        return Err(Finding::error("mail-name").arg("value", shown).arg("limit", MAX_NAME).into());
    }
    Ok(())
}

impl Order<'_> {
    fn write(&self, journal: &mut Journal, workspace: &str, candidates: &[Candidate]) -> Result<()> {
        let mailing = Mailing {
            workspace: workspace.into(),
            name: self.name.into(),
            letter: self.matter.ready.path.clone(),
            letter_digest: self.matter.digest().into(),
            sources: self.matter.sources().clone(),
            recipients: super::recipients::printable(&self.recipients.layout.shown.to_string_lossy()),
            layout: stored::layout_json(&self.recipients.layout),
            planned: self.clerk.moment.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        };
        let before = Mailing::find_to_plan(journal.tx, workspace, self.name)?;
        let rows = MailRow::all(journal.tx, workspace, self.name)?;
        let is_new_letter = before.as_ref().is_some_and(|before| before.letter_digest != mailing.letter_digest);
        if let Some(before) = before.as_ref().filter(|before| before.letter != mailing.letter && !rows.is_empty()) {
            let finding = Finding::error("mail-other-letter").key("sjabloon").arg("name", self.name);
            let place = self.matter.ready.draft.letter.front.place("sjabloon");
            return Err(finding.arg("letter", &before.letter).at(place).into());
        }
        let mut matched = Matched::of(&rows, candidates);
        let (mut lost, mut gone) = (Vec::new(), std::mem::take(&mut matched.gone));
        for index in std::mem::take(&mut matched.lost) {
            // A row that waits can be taken out once its number is void.
            let is_free = rows[index].progress == Progress::Waiting && is_void(journal, &rows[index])?;
            if is_free { gone.push(index) } else { lost.push(index) }
        }
        (matched.gone, matched.lost) = (gone, lost);
        self.check_table(&rows, candidates, &matched)?;
        let mut planned = Vec::new();
        for (at, candidate) in candidates.iter().enumerate() {
            let known = matched.row_of.get(&at).map(|index| &rows[*index]);
            let is_settled = match known {
                Some(row) if row.digest == candidate.digest => match row.progress {
                    Progress::Done | Progress::Busy => true,
                    // Whoever made its number void wants no letter for the row as it is, whatever the letter says.
                    Progress::Waiting => candidate.facts.is_some() && !is_new_letter || is_void(journal, row)?,
                    // What was refused for what it holds, or because a process ended in it twice, would be again.
                    Progress::Refused if row.entry.is_some() => !is_new_letter,
                    Progress::Refused => candidate.facts.is_none() && row.findings == self.told(candidate),
                },
                _ => false,
            };
            let position = candidate.recipient.number() as i64;
            match known {
                Some(row) if is_settled => {
                    if row.position != position {
                        plan::move_to(journal.tx, &mailing, row.seq, position)?;
                    }
                    if let Some(findings) = self.told_anew(candidate, row) {
                        plan::tell(journal.tx, &mailing, row.seq, &findings)?;
                    }
                }
                _ => planned.push(Planned {
                    known: known.map(|row| row.seq),
                    position,
                    cells: candidate.cells.clone(),
                    digest: candidate.digest.clone(),
                    facts: candidate.facts.clone(),
                    findings: self.told(candidate),
                }),
            }
        }
        if let Some(before) = before.as_ref().filter(|_| is_new_letter)
            && rows.iter().any(|row| matches!(row.progress, Progress::Done | Progress::Busy))
        {
            // Letters of one mailing are alike. Where none is left to be made, whoever changed the letter may still think that
            // these are made from it.
            return Err(self.changed_letter(before, &rows));
        }
        let dropped: Vec<i64> = matched.gone.iter().map(|index| rows[*index].seq).collect();
        let is_same = before
            .as_ref()
            .is_some_and(|before| Mailing { planned: before.planned.clone(), ..mailing.clone() } == *before);
        if is_same && planned.is_empty() && dropped.is_empty() {
            return Ok(());
        }
        let plan =
            Plan { mailing: &mailing, rows: &planned, dropped: &dropped, is_printed: self.is_printed, reason: &reason };
        plan::write(journal, self.matter.typesetter().workspace.settings(), &plan)
    }

    /// The findings of a row as its report has them.
    fn told(&self, candidate: &Candidate) -> Json {
        candidate.findings.iter().map(self.tell).collect()
    }

    /// The findings of a row that stays as it is, where they name another row by a number that it no longer has.
    fn told_anew(&self, candidate: &Candidate, row: &MailRow) -> Option<Json> {
        // A process that is busy with the row writes what it read.
        let kept = row.findings.as_array().filter(|_| row.progress != Progress::Busy)?;
        let names_other = |finding: &&Json| doubles::CODES.iter().any(|code| finding["code"] == *code);
        let before: Vec<&Json> = kept.iter().filter(names_other).collect();
        let now: Vec<Json> =
            candidate.findings.iter().filter(|one| doubles::CODES.contains(&one.code)).map(self.tell).collect();
        if before.is_empty() || before.iter().copied().eq(&now) {
            return None;
        }
        Some(kept.iter().filter(|finding| !names_other(finding)).cloned().chain(now).collect())
    }

    /// What letters are made of may change as long as none is made.
    fn changed_letter(&self, before: &Mailing, rows: &[MailRow]) -> Error {
        let done = rows.iter().filter(|row| row.progress == Progress::Done).count();
        let (was, is) = (&before.sources, self.matter.sources());
        let differs = |path: &&String| was.get(*path) != is.get(*path);
        let changed: BTreeSet<_> = was.keys().chain(is.keys()).filter(differs).map(String::as_str).collect();
        let named = changed.into_iter().take(MAX_NAMED).collect::<Vec<_>>().join(", ");
        let finding = Finding::error("mail-letter-changed").arg("name", self.name);
        let place = self.matter.ready.draft.letter.source.whole();
        finding.arg("done", done).arg("changed", named).at(place).into()
    }

    /// Rows that have a letter, or a number for one, must be in the table as they were.
    fn check_table(&self, rows: &[MailRow], candidates: &[Candidate], matched: &Matched) -> Result<()> {
        let mut findings = Vec::new();
        for (at, candidate) in candidates.iter().enumerate() {
            let Some(row) = matched.row_of.get(&at).map(|index| &rows[*index]) else { continue };
            let is_fixed = matches!(row.progress, Progress::Done | Progress::Busy);
            if is_fixed && row.digest != candidate.digest {
                let id = row.entry.clone().unwrap_or_default();
                findings.push(self.changed(candidate, row).arg("id", id));
            }
        }
        for row in matched.lost.iter().map(|index| &rows[*index]) {
            let held = row.cells.values().take(3).cloned().collect::<Vec<_>>().join("; ");
            let code = if row.progress == Progress::Waiting { "mail-row-gone-waiting" } else { "mail-row-gone" };
            let finding = Finding::error(code).arg("id", row.entry.clone().unwrap_or_default());
            let finding = finding.arg("row", row.position).arg("value", super::recipients::printable(&held));
            let layout = &self.recipients.layout;
            findings.push(finding.at(layout.place(layout.header, None, "")));
        }
        findings.truncate(MAX_TOLD);
        if findings.is_empty() { Ok(()) } else { Err(Error::Refused(findings)) }
    }

    /// What differs between a row and what it was when its letter was made.
    fn changed(&self, candidate: &Candidate, row: &MailRow) -> Finding {
        let layout = &self.recipients.layout;
        let is_other = |name: &str| candidate.cells.get(name) != row.cells.get(name);
        let index = layout.columns.iter().position(|(name, ..)| is_other(name));
        let finding = Finding::error("mail-row-changed").arg("row", row.position);
        match index {
            Some(index) => {
                let was = row.cells.get(&layout.columns[index].0).cloned().unwrap_or_default();
                candidate.recipient.at(finding.arg("was", super::recipients::printable(&was)), index)
            }
            // What is gone with its column stands in no cell.
            None => {
                let gone = row.cells.iter().find(|(name, _)| !candidate.cells.contains_key(*name));
                let was = gone.map(|(name, cell)| format!("{name}: {cell}")).unwrap_or_default();
                candidate.recipient.placed(finding.arg("was", super::recipients::printable(&was)))
            }
        }
    }
}

/// Whether the number of a row was made void while it waited.
fn is_void(journal: &mut Journal, row: &MailRow) -> Result<bool> {
    match &row.entry {
        Some(id) => Ok(Entry::get(journal.tx, id)?.status == Status::Void),
        None => Ok(false),
    }
}

/// Which row of the table is which of the plan.
#[derive(Default)]
struct Matched {
    /// By the index in the table: the index in the plan.
    row_of: HashMap<usize, usize>,
    /// Rows of the plan that are not in the table and can be left out: they have no letter.
    gone: Vec<usize>,
    /// Rows of the plan that are not in the table and have a letter, or the number of one.
    lost: Vec<usize>,
}

impl Matched {
    /// A row that holds the same is the same, in its own place or another; one in the same place may be mended.
    fn of(rows: &[MailRow], candidates: &[Candidate]) -> Self {
        let mut found = Self::default();
        let place: HashMap<i64, usize> =
            candidates.iter().enumerate().map(|(at, candidate)| (candidate.recipient.number() as i64, at)).collect();
        let mut alike: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, candidate) in candidates.iter().enumerate().rev() {
            alike.entry(&candidate.digest).or_default().push(at);
        }
        let mut open: Vec<usize> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            match place.get(&row.position).filter(|at| candidates[**at].digest == row.digest) {
                Some(at) => drop(found.row_of.insert(*at, index)),
                None => open.push(index),
            }
        }
        // Those with a letter choose first among the rows that hold the same.
        open.sort_by_key(|index| (rows[*index].progress == Progress::Refused, *index));
        let mut moved = Vec::new();
        for index in open {
            let same = alike.get_mut(rows[index].digest.as_str());
            let free = same.and_then(|same| {
                same.retain(|at| !found.row_of.contains_key(at));
                same.pop()
            });
            match free {
                Some(at) => drop(found.row_of.insert(at, index)),
                None => moved.push(index),
            }
        }
        for index in moved {
            let row = &rows[index];
            match place.get(&row.position).filter(|at| !found.row_of.contains_key(at)) {
                Some(at) => drop(found.row_of.insert(*at, index)),
                None if row.progress == Progress::Refused => found.gone.push(index),
                None => found.lost.push(index),
            }
        }
        found
    }
}

/// Why a number is void, from the findings of its row.
pub(super) fn reason(findings: &Json) -> String {
    let errors = findings.as_array().into_iter().flatten().filter(|finding| finding["ernst"] == "fout");
    let said: Vec<_> = errors.filter_map(|finding| finding["melding"].as_str()).collect();
    let whole = said.join("; ").replace(char::is_control, " ");
    let short: String = whole.chars().take(MAX_REASON).collect();
    if short.trim().is_empty() { "geweigerd".into() } else { short }
}
