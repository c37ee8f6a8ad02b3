//! A letter, laid out and held against everything that can be wrong with it.

use chrono::NaiveDate;

use crate::draft::{Composed, Draft, MAIN, Page};
use crate::error::{Finding, Result, Severity};
use crate::register::lazy::LazyRegister;
use crate::template::view::Numbering;
use crate::typeset::world::Press;
use crate::workspace::Workspace;

/// What a letter is held against.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The press.
    pub press: &'a Press,
    /// The register, where there is one.
    pub register: &'a LazyRegister<'a>,
    /// The day of a letter without a date.
    pub day: NaiveDate,
}

impl Bench<'_> {
    /// Lays a letter out.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when it can't be laid out, with everything that is wrong.
    pub fn lay_out(&self, draft: &Draft) -> Result<(Composed, Page)> {
        let composed = draft.compose(self.workspace, &draft.letter, self.day, Numbering::Draft, MAIN)?;
        let page = composed.lay_out(self.press, MAIN)?;
        Ok((composed, page))
    }

    /// Finds what is wrong with a laid-out letter by itself, and what the register, where there is one, would refuse it for.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when no PDF can be made of it, with everything that is wrong.
    pub fn judge(&self, draft: &Draft, composed: &Composed, page: &Page) -> Result<Vec<Finding>> {
        composed.pdf(self.workspace, self.press, page)?;
        let mut findings = page.warnings.clone();
        for finding in findings.iter_mut().filter(|finding| finding.code == "answer-unknown") {
            // Without a register the letter may still be received.
            finding.severity = if self.register.open()? { Severity::Error } else { Severity::Warning };
        }
        if let (Some(number), Some(letter)) = (draft.letter.reference(), draft.letter.source.path().to_str())
            && self.register.is_taken(letter, number)?
        {
            let finding = Finding::error("number-taken").key("kenmerk").arg("number", number);
            findings.push(finding.at(draft.letter.front.place("kenmerk")));
        }
        Ok(findings)
    }
}
