//! A mailing, run dry: everything that is wrong with its letter, its table and every row, and nothing made.

use super::doubles::Doubles;
use super::recipients::Recipients;
use super::specimen::{self, Specimen};
use crate::draft::MAIN;
use crate::error::{Error, Finding, Result, refuses};
use crate::issue::typeset::Typesetter;
use crate::typeset;

/// After so many letters, what Typst remembers is thrown away, so that memory stays flat.
const EVICT_EVERY: usize = 32;

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
        refuses(&self.findings)
    }
}

impl Report {
    /// How many rows can't be sent.
    pub fn refused(&self) -> usize {
        self.rows.iter().filter(|row| row.is_refused()).count()
    }

    /// Whether anything keeps the mailing from being sent whole.
    pub fn is_clean(&self) -> bool {
        self.refused() == 0 && !refuses(&self.columns)
    }
}

/// Checks a mailing; `progress` is told how many rows are done, and of how many.
///
/// # Errors
/// [`Error::Refused`] when the letter itself is wrong; [`Error::Outside`] when something outside fails.
pub fn check(typesetter: &Typesetter, recipients: &Recipients, progress: &dyn Fn(usize, usize)) -> Result<Report> {
    let model = Specimen::of(typesetter)?;
    let (columns, missing) = specimen::columns_of(typesetter, recipients);
    let mut doubles = Doubles::default();
    let mut rows = Vec::with_capacity(recipients.rows.len());
    for (at, recipient) in recipients.rows.iter().enumerate() {
        if at % EVICT_EVERY == EVICT_EVERY - 1 {
            typeset::evict();
        }
        let mut filled = specimen::fill(typesetter, recipient, None, &missing)?;
        let mut findings = std::mem::take(&mut filled.findings);
        let page = filled.composed.as_ref().map(|composed| composed.lay_out(typesetter.press, MAIN));
        let pages = match page {
            Some(Ok(page)) => {
                findings.extend(model.look(typesetter, recipient, &filled, &page));
                Some(page.document.pages().len())
            }
            Some(Err(Error::Refused(found))) => {
                findings.extend(found.into_iter().map(|finding| specimen::in_cell(recipient, finding)));
                None
            }
            Some(Err(outside)) => return Err(outside),
            None => None,
        };
        findings.extend(doubles.add(recipient, &filled.to));
        rows.push(Outcome { row: recipient.number(), findings: specimen::told(findings), pages });
        progress(at + 1, recipients.rows.len());
    }
    Ok(Report { columns, rows })
}
