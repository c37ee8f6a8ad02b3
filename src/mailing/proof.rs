//! Whether every PDF of a mailing is what it says it is, as a validator that others made sees it.

use super::outcome::Outcome;
use crate::archive::keep::Archive;
use crate::archive::shown::Held;
use crate::error::{Finding, Result};
use crate::register::Register;
use crate::register::mailings::Progress;
use crate::signature::conformance::Conformance;
use crate::signature::pdf::Document;
use crate::workspace::Workspace;

/// What of the standards under `[pdf]` is asked of a letter.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    pdfa: bool,
    pdfua: bool,
}

/// Holds the PDF of every letter, as the archive has it, against the standards of the settings; gives those that fall short.
/// `progress` is told how many are done, and of how many.
///
/// # Errors
/// [`crate::error::Error::Refused`] when the archive doesn't hold what was recorded; [`crate::error::Error::Outside`] when the
/// disk or the database fails.
pub fn validate(
    workspace: &Workspace,
    outcome: &Outcome,
    register: &mut Register,
    archive: &Archive,
    progress: &dyn Fn(u64, u64),
) -> Result<Vec<Finding>> {
    let standards = &workspace.settings().pdf.standaard;
    let wanted = |kind: &str| standards.iter().any(|standard| standard.starts_with(kind));
    let wanted = Wanted { pdfa: wanted("a-"), pdfua: wanted("ua-") };
    let done: Vec<_> = outcome.rows.iter().filter(|row| row.row.progress == Progress::Done).collect();
    let mut findings = Vec::new();
    for (at, row) in done.iter().enumerate() {
        let id = row.row.entry.as_deref().unwrap_or_default();
        let (_, bytes) = Held::find(archive, register, id)?.letter()?;
        if let Some(why) = shortfall(&bytes, wanted) {
            findings.push(Finding::error("mail-pdf-falls-short").arg("id", id).arg("reason", why));
        }
        progress(at as u64 + 1, done.len() as u64);
    }
    Ok(findings)
}

/// Why a PDF is not what is asked of it; none if it is.
fn shortfall(bytes: &[u8], wanted: Wanted) -> Option<String> {
    let document = match Document::read(bytes) {
        Ok(document) => document,
        Err(finding) => return Some(finding.code.into()),
    };
    let found = Conformance::of(&document);
    let is_short = wanted.pdfa && !found.pdfa || wanted.pdfua && !found.pdfua;
    is_short.then(|| found.failures.into_iter().next().unwrap_or_else(|| "PDF/A, PDF/UA".into()))
}
