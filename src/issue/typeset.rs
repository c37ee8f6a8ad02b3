//! The final PDF of a letter, in memory.

use chrono::NaiveDate;

use crate::draft::{Composed, Draft, MAIN, Page};
use crate::error::{Error, Finding, Result, Severity};
use crate::letter::Letter;
use crate::register::entry::Entry;
use crate::template::view::Numbering;
use crate::typeset::places::SignaturePlace;
use crate::typeset::world::Press;
use crate::workspace::Workspace;
use crate::workspace::bytes::Bytes;

/// What a letter is typeset with, and on what day.
#[derive(Clone, Copy)]
pub struct Typesetter<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its press.
    pub press: &'a Press,
    /// The letter file.
    pub draft: &'a Draft,
    /// The day of a letter that has neither a date nor a reservation.
    pub day: NaiveDate,
}

/// A version in memory.
pub struct Typeset {
    /// The PDF.
    pub pdf: Bytes,
    /// The files that it was laid out with.
    pub files: Vec<String>,
    /// Where its signatures are to be seen.
    pub places: Vec<SignaturePlace>,
    /// Its pages.
    pub pages: usize,
    /// Its own text.
    pub text: std::sync::Arc<str>,
    /// What was noticed and doesn't refuse.
    pub warnings: Vec<Finding>,
}

impl Typesetter<'_> {
    /// Lays a letter out and exports it: under the numbers of its entry, or under some of the same width.
    ///
    /// # Errors
    /// [`Error::Refused`] with everything that is wrong.
    pub fn typeset(&self, letter: &Letter, entry: Option<&Entry>) -> Result<Typeset> {
        let composed = self.compose(letter, entry)?;
        let page = composed.lay_out(self.press, MAIN)?;
        self.export(composed, page)
    }

    /// Fills a letter.
    ///
    /// # Errors
    /// As [`Typesetter::typeset`].
    pub fn compose(&self, letter: &Letter, entry: Option<&Entry>) -> Result<Composed> {
        let settings = self.workspace.settings();
        let day = entry.and_then(|entry| entry.reserved).unwrap_or(self.day);
        let specimens = [settings.kenmerk.patroon.specimen(day), settings.zaaknummer.patroon.specimen(day)];
        let case = entry.map_or(Some(specimens[1].as_str()), |entry| entry.case_number.as_deref());
        let reference = entry.map_or(specimens[0].as_str(), |entry| entry.id.as_str());
        let numbering = Numbering::Given { reference, case };
        let composed = self.draft.compose(self.workspace, letter, day, numbering, MAIN)?;
        refuse_unknown(&composed.warnings)?;
        Ok(composed)
    }

    /// Exports a letter that is laid out.
    ///
    /// # Errors
    /// As [`Typesetter::typeset`].
    pub fn export(&self, composed: Composed, page: Page) -> Result<Typeset> {
        Ok(Typeset {
            pdf: composed.pdf(self.workspace, self.press, &page)?.into(),
            pages: page.document.pages().len(),
            places: page.signature_places(),
            files: page.files,
            text: composed.text,
            warnings: page.warnings,
        })
    }
}

/// A letter can't be issued as the answer to one that the register doesn't know.
fn refuse_unknown(warnings: &[Finding]) -> Result<()> {
    let unknown = warnings.iter().filter(|finding| finding.code == "answer-unknown");
    let errors: Vec<_> = unknown.map(|finding| Finding { severity: Severity::Error, ..finding.clone() }).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Refused(errors)) }
}
