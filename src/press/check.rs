//! A letter, laid out and held against everything that can be wrong with it.

use chrono::NaiveDate;

use crate::draft::{Draft, MAIN, Page};
use crate::error::{Finding, Result, Severity};
use crate::register::answers::Answers;
use crate::template::view::Numbering;
use crate::typeset::world::Press;
use crate::workspace::Workspace;

/// Lays a letter out and finds what is wrong with it by itself, and what the register, where there is one, would refuse it
/// for.
///
/// # Errors
/// [`crate::error::Error::Refused`] when it can't be laid out, with everything that is wrong.
pub fn check(
    workspace: &Workspace,
    press: &Press,
    draft: &Draft,
    day: NaiveDate,
    answers: &Answers,
) -> Result<(Page, Vec<Finding>)> {
    let composed = draft.compose(workspace, &draft.letter, day, Numbering::Draft, MAIN)?;
    let page = composed.lay_out(press, MAIN)?;
    composed.pdf(workspace, press, &page)?;
    let mut findings = page.warnings.clone();
    for finding in findings.iter_mut().filter(|finding| finding.code == "answer-unknown") {
        // Without a register the letter may still be received.
        finding.severity = if answers.open()? { Severity::Error } else { Severity::Warning };
    }
    if let (Some(number), Some(letter)) = (draft.letter.reference(), draft.letter.source.path().to_str())
        && answers.is_taken(letter, number)?
    {
        let finding = Finding::error("number-taken").key("kenmerk").arg("number", number);
        findings.push(finding.at(draft.letter.front.place("kenmerk")));
    }
    Ok((page, findings))
}
