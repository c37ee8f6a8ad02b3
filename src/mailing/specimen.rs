//! The letter that every row is held against: the one that the letter file makes by itself.

use std::collections::HashSet;
use std::path::Path;

use super::recipients::{Recipient, Recipients};
use super::{columns, row, window};
use crate::draft::{Composed, MAIN, Page};
use crate::error::{Error, Finding, Result, Severity, refuses};
use crate::issue::ready;
use crate::issue::typeset::Typesetter;
use crate::letter::addressee::Addressee;
use crate::letter::{Letter, address, front, kix};
use crate::register::entry::Entry;
use crate::register::outgoing::Facts;
use crate::template::view;
use crate::typeset::window::{Area, seen_in};

/// The letter of the specimen row.
pub(super) struct Specimen {
    /// Its pages.
    pages: usize,
    /// What was noticed of it, which is not noticed again of every row.
    warnings: Vec<Finding>,
    /// The files that it was laid out with.
    pub files: Vec<String>,
    /// Where the envelope has its window.
    window: Option<Area>,
}

/// The letter of a row, filled.
pub(super) struct Filled {
    /// The letter.
    pub letter: Letter,
    /// To whom it goes.
    pub to: Addressee,
    /// What was found so far.
    pub findings: Vec<Finding>,
    /// What the register keeps of it, unless that was refused.
    pub facts: Option<Facts>,
    /// It, ready for the press, unless it was refused.
    pub composed: Option<Composed>,
}

impl Specimen {
    /// Makes the specimen, whole.
    ///
    /// # Errors
    /// [`Error::Refused`] when the letter itself is wrong, or has a kenmerk of its own.
    pub fn of(typesetter: &Typesetter) -> Result<Self> {
        let draft = typesetter.draft;
        if draft.letter.reference().is_some() {
            let place = draft.letter.front.place("kenmerk");
            return Err(Finding::error("mail-reference-fixed").key("kenmerk").at(place).into());
        }
        let composed = typesetter.compose(&draft.letter, None)?;
        let page = composed.lay_out(typesetter.press, MAIN)?;
        composed.pdf(typesetter.workspace, typesetter.press, &page)?;
        Ok(Self {
            pages: page.document.pages().len(),
            warnings: page.warnings,
            files: page.files,
            window: window::area(&draft.template.manifest.venster),
        })
    }

    /// What can be found in the page of a row, at the cells that it is about.
    pub fn look(&self, typesetter: &Typesetter, recipient: &Recipient, filled: &Filled, page: &Page) -> Vec<Finding> {
        let own = page.warnings.iter().filter(|warning| !self.warnings.contains(warning));
        let mut findings: Vec<_> = own.cloned().map(|warning| in_cell(recipient, warning)).collect();
        let pages = page.document.pages().len();
        if pages > self.pages {
            let finding = Finding::warning("mail-more-pages").arg("pages", pages).arg("expected", self.pages);
            findings.push(recipient.placed(finding));
        }
        let seen = self.in_window(typesetter, filled, page);
        findings.extend(seen.into_iter().map(|finding| recipient.placed(finding)));
        findings
    }

    fn in_window(&self, typesetter: &Typesetter, filled: &Filled, page: &Page) -> Vec<Finding> {
        let (letter, to) = (&filled.letter, &filled.to);
        // What goes by e-mail has no envelope.
        let Some(window) = self.window.filter(|_| address::has_address(to)) else { return Vec::new() };
        let wants_code = typesetter.draft.template.manifest.venster.kix;
        let code = kix::code(to).filter(|_| wants_code);
        let mut lines = address::lines(to, letter.language());
        lines.extend(view::return_line(letter, &typesetter.draft.template.manifest, typesetter.workspace.settings()));
        let seen = seen_in(&page.document, &window);
        let mut findings = window::check(&window, &seen, &lines, code.is_some());
        if wants_code && code.is_none() && to.is_domestic() {
            let key = if to.postbus.trim().is_empty() { "ontvanger.huisnummer" } else { "ontvanger.postbus" };
            findings.push(Finding::warning("mail-no-kix").key(key));
        }
        findings
    }
}

/// Makes the letter of a row and holds it against everything that needs no page, unless it has an entry: then that was done
/// when it got it. `missing` are the columns that the letter names and the table lacks: said once is enough.
///
/// # Errors
/// [`Error::Outside`] when something outside fails.
pub(super) fn fill(
    typesetter: &Typesetter,
    recipient: &Recipient,
    entry: Option<&Entry>,
    missing: &HashSet<String>,
) -> Result<Filled> {
    let (letter, mut findings) = recipient.letter(&typesetter.draft.letter);
    if !findings.is_empty() {
        // Whatever stands in a column that the letter passes over.
        let unused = columns::unused(recipient, typesetter.draft);
        findings.retain(|finding| !finding.key.as_ref().is_some_and(|key| unused.contains(key)));
    }
    let to = front::addressee_of(&letter.front).unwrap_or_default();
    if entry.is_none() {
        findings.extend(row::check(recipient, &letter, &to, typesetter.workspace.settings(), typesetter.press.fonts()));
    }
    let facts = match ready::facts(&letter) {
        Ok(facts) => Some(facts),
        Err(Error::Refused(found)) => {
            findings.extend(found.into_iter().map(|finding| in_cell(recipient, finding)));
            None
        }
        Err(outside) => return Err(outside),
    };
    let composed = match typesetter.compose(&letter, entry) {
        Ok(composed) => Some(composed).filter(|_| !refuses(&findings)),
        Err(Error::Refused(found)) => {
            let unsaid = |finding: &Finding| !(finding.code == "value-missing" && is_missing(finding, missing));
            findings.extend(found.into_iter().filter(unsaid).map(|finding| in_cell(recipient, finding)));
            None
        }
        Err(outside) => return Err(outside),
    };
    Ok(Filled { letter, to, findings, facts, composed })
}

/// What is wrong with the columns of a table, and those that its letter names and it lacks.
pub(super) fn columns_of(typesetter: &Typesetter, recipients: &Recipients) -> (Vec<Finding>, HashSet<String>) {
    let found = columns::check(recipients, typesetter.draft);
    let lacking = found.iter().filter(|finding| finding.code == "mail-name-without-column");
    let missing = lacking.filter_map(|finding| finding.key.as_deref().map(columns::bare)).collect();
    (found, missing)
}

/// The letter of the only row of a table of recipients, laid out unless it is refused, and what is wrong with it; `shown` is
/// the path of the table.
///
/// # Errors
/// [`Error::Outside`] when something outside fails; [`Error::Refused`] when the table has no row.
pub fn of_row(typesetter: &Typesetter, shown: &Path, row: crate::table::Table) -> Result<(Option<Page>, Vec<Finding>)> {
    let recipients = Recipients::read(shown, row, &typesetter.draft.letter)?;
    let (mut findings, missing) = columns_of(typesetter, &recipients);
    let mut page = None;
    for recipient in &recipients.rows {
        let filled = fill(typesetter, recipient, None, &missing)?;
        findings.extend(filled.findings);
        match filled.composed.map(|composed| composed.lay_out(typesetter.press, MAIN)) {
            Some(Ok(laid)) => {
                findings.extend(laid.warnings.iter().cloned().map(|warning| in_cell(recipient, warning)));
                page = Some(laid);
            }
            Some(Err(Error::Refused(found))) => {
                findings.extend(found.into_iter().map(|finding| in_cell(recipient, finding)));
            }
            Some(Err(outside)) => return Err(outside),
            None => {}
        }
    }
    Ok((page, told(findings)))
}

/// The findings of a row as they are told: each once, what refuses the row first, in the order of the columns.
pub(super) fn told(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        // A cell that may not be empty is not missed in the text as well.
        let is_empty = finding.code == "mail-cell-empty";
        // Nor is the error of a formula a wrong postcode too.
        let says = |other: &Finding| is_empty || other.code == "mail-cell-error";
        let is_said = finding.key.is_some() && kept.iter().any(|other| other.key == finding.key && says(other));
        if !is_said && !kept.iter().any(|other| other.code == finding.code && other.key == finding.key) {
            kept.push(finding);
        }
    }
    kept.sort_by_key(|finding| (finding.severity, finding.place.as_ref().map(|place| place.column())));
    kept
}

fn is_missing(finding: &Finding, missing: &HashSet<String>) -> bool {
    finding.key.as_deref().is_some_and(|key| missing.contains(&columns::bare(key)))
}

/// A finding about a letter, at the cell that its key is filled from; what no cell fills stays where the letter names it.
pub(super) fn in_cell(recipient: &Recipient, finding: Finding) -> Finding {
    let key = finding.key.clone().unwrap_or_default();
    let row = format!("rij.{}", columns::bare(&key));
    for key in [key, row] {
        if recipient.fills(&key) && finding.code == "value-missing" {
            // The cell is where it is mended; what the letter calls it tells where it is named.
            return recipient.placed(Finding::error("mail-cell-empty").arg("name", &key).key(key));
        } else if recipient.fills(&key) {
            return recipient.placed(finding.key(key));
        }
    }
    if finding.place.is_none() || finding.severity == Severity::Error && finding.code.starts_with("character-") {
        return recipient.placed(finding);
    }
    finding
}
