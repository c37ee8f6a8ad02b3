//! A mailing, run dry: everything that is wrong with its letter, its table and every row, and nothing made.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::doubles::Doubles;
use super::recipients::{Recipient, Recipients};
use super::{columns, row, window};
use crate::draft::{Composed, Draft, MAIN, Page};
use crate::error::{Error, Finding, Result, Severity};
use crate::letter::addressee::Addressee;
use crate::letter::{Letter, address, front, kix};
use crate::template::view::Numbering;
use crate::typeset::window::{Area, seen_in};
use crate::typeset::{self, world::Press};
use crate::workspace::Workspace;

/// After so many letters, what Typst remembers is thrown away, so that memory stays flat.
const EVICT_EVERY: usize = 32;

/// What a letter is checked with.
pub struct Desk<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its press.
    pub press: &'a Press,
    /// The letter.
    pub draft: &'a Draft,
    /// The day of a letter without one.
    pub day: NaiveDate,
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// What is wrong with the columns, or with the letter beside them.
    pub columns: Vec<Finding>,
    /// Every row, from top to bottom.
    pub rows: Vec<Outcome>,
}

/// What was found in a row.
#[derive(Debug)]
pub struct Outcome {
    /// The number of the row in its spreadsheet.
    pub row: usize,
    /// What was found, in the order of the columns.
    pub findings: Vec<Finding>,
    /// The pages of its letter; none when it was refused.
    pub pages: Option<usize>,
}

impl Outcome {
    /// Whether the row can't be sent.
    pub fn is_refused(&self) -> bool {
        row::is_refused(&self.findings)
    }
}

impl Report {
    /// How many rows can't be sent.
    pub fn refused(&self) -> usize {
        self.rows.iter().filter(|row| row.is_refused()).count()
    }

    /// Whether anything keeps the mailing from being sent whole.
    pub fn is_clean(&self) -> bool {
        self.refused() == 0 && !row::is_refused(&self.columns)
    }
}

/// The letter of the specimen row, as every other is held against.
struct Specimen {
    pages: usize,
    warnings: Vec<Finding>,
}

/// Checks a mailing; `progress` is told how many rows are done, and of how many.
///
/// # Errors
/// [`Error::Refused`] when the letter itself is wrong; [`Error::Outside`] when something outside fails.
pub fn check(desk: &Desk, recipients: &Recipients, progress: &dyn Fn(usize, usize)) -> Result<Report> {
    if desk.draft.letter.reference().is_some() {
        let place = desk.draft.letter.front.place("kenmerk");
        return Err(Finding::error("mail-reference-fixed").key("kenmerk").at(place).into());
    }
    let specimen = desk.specimen()?;
    let columns = columns::check(recipients, desk.draft);
    let missing: HashSet<String> = columns
        .iter()
        .filter(|finding| finding.code == "mail-name-without-column")
        .filter_map(|finding| finding.key.as_deref().map(columns::bare))
        .collect();
    let window = window::area(&desk.draft.template.manifest.venster);
    let mut doubles = Doubles::default();
    let mut rows = Vec::with_capacity(recipients.rows.len());
    for (at, recipient) in recipients.rows.iter().enumerate() {
        if at % EVICT_EVERY == EVICT_EVERY - 1 {
            typeset::evict();
        }
        let (letter, mut findings) = recipient.letter(&desk.draft.letter);
        let to = front::addressee_of(&letter.front).unwrap_or_default();
        findings.extend(row::check(recipient, &letter, &to, desk.workspace.settings(), desk.press.fonts()));
        // Cells that couldn't be read are empty to what looks at the letter: said once is enough.
        let pages = desk.page(recipient, &letter, &to, window, &specimen, &missing, &mut findings)?;
        findings.extend(doubles.add(recipient, &to));
        let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
        for finding in findings {
            // A cell that may not be empty is not missed in the text as well.
            let is_said = finding.code == "mail-cell-empty" && kept.iter().any(|other| other.key == finding.key);
            if !is_said && !kept.iter().any(|other| other.code == finding.code && other.key == finding.key) {
                kept.push(finding);
            }
        }
        // The errors are what the row is refused for.
        kept.sort_by_key(|finding| (finding.severity, finding.place.as_ref().map(|place| place.column())));
        rows.push(Outcome { row: recipient.number(), findings: kept, pages });
        progress(at + 1, recipients.rows.len());
    }
    Ok(Report { columns, rows })
}

impl Desk<'_> {
    fn specimen(&self) -> Result<Specimen> {
        let composed = self.compose(&self.draft.letter)?;
        let page = composed.lay_out(self.press, MAIN)?;
        composed.pdf(self.workspace, self.press, &page)?;
        Ok(Specimen { pages: page.document.pages().len(), warnings: page.warnings })
    }

    /// With numbers of the width that they will have.
    fn compose(&self, letter: &Letter) -> Result<Composed> {
        let settings = self.workspace.settings();
        let reference = settings.kenmerk.patroon.specimen(self.day);
        let case = settings.zaaknummer.patroon.specimen(self.day);
        let numbering = Numbering::Given { reference: &reference, case: Some(&case) };
        self.draft.compose(self.workspace, letter, self.day, numbering, MAIN)
    }

    /// Composes the letter of a row and, if nothing is wrong with it, looks at its page.
    #[allow(clippy::too_many_arguments)]
    fn page(
        &self,
        recipient: &Recipient,
        letter: &Letter,
        to: &Addressee,
        window: Option<Area>,
        specimen: &Specimen,
        missing: &HashSet<String>,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<usize>> {
        let laid_out = self.compose(letter).and_then(|composed| {
            if row::is_refused(findings) { Ok(None) } else { composed.lay_out(self.press, MAIN).map(Some) }
        });
        let page = match laid_out {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(None),
            Err(Error::Refused(found)) => {
                let unsaid = |finding: &Finding| !(finding.code == "value-missing" && is_missing(finding, missing));
                findings.extend(found.into_iter().filter(unsaid).map(|finding| in_cell(recipient, finding)));
                return Ok(None);
            }
            Err(outside) => return Err(outside),
        };
        let own = page.warnings.iter().filter(|warning| !specimen.warnings.contains(warning));
        findings.extend(own.cloned().map(|warning| in_cell(recipient, warning)));
        let pages = page.document.pages().len();
        if pages > specimen.pages {
            let finding = Finding::warning("mail-more-pages").arg("pages", pages).arg("expected", specimen.pages);
            findings.push(recipient.placed(finding));
        }
        findings.extend(self.in_window(letter, to, &page, window).into_iter().map(|finding| recipient.placed(finding)));
        Ok(Some(pages))
    }

    fn in_window(&self, letter: &Letter, to: &Addressee, page: &Page, window: Option<Area>) -> Vec<Finding> {
        // What goes by e-mail has no envelope.
        let Some(window) = window.filter(|_| address::has_address(to)) else { return Vec::new() };
        let wants_code = self.draft.template.manifest.venster.kix;
        let code = kix::code(to).filter(|_| wants_code);
        let lines = address::lines(to, letter.language());
        let seen = seen_in(&page.document, &window);
        let mut findings = window::check(&window, &seen, &lines, code.is_some());
        if wants_code && code.is_none() && to.is_domestic() {
            let key = if to.postbus.trim().is_empty() { "ontvanger.huisnummer" } else { "ontvanger.postbus" };
            findings.push(Finding::warning("mail-no-kix").key(key));
        }
        findings
    }
}

fn is_missing(finding: &Finding, missing: &HashSet<String>) -> bool {
    finding.key.as_deref().is_some_and(|key| missing.contains(&columns::bare(key)))
}

/// A finding about a letter, at the cell that its key is filled from; what no cell fills stays where the letter names it.
fn in_cell(recipient: &Recipient, finding: Finding) -> Finding {
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
