//! A file that came in: what its signatures are worth, and what the archive holds of its letter with it.

use super::contents::{self, FILE_ENDING, Letter};
use super::mdto::letter::About;
use super::stage::Content;
use crate::error::{Finding, Result, Severity};
use crate::register::Clerk;
use crate::register::attachment::Staged;
use crate::register::chain::Head;
use crate::signature::trust::Trust;
use crate::signature::verdict::Judgement;
use crate::workspace::bytes::Bytes;
use serde_json::Value as Json;

/// A file that came in.
pub(super) struct Arrival {
    bytes: Bytes,
    name: String,
    judgement: Option<Judgement>,
    verdict: Option<Json>,
}

impl Arrival {
    /// Reads a file and judges its signatures, if it has any.
    ///
    /// # Errors
    /// [`crate::error::Error::Outside`] when it can't be read.
    pub fn read(file: &Staged, trust: &Trust, clerk: &Clerk) -> Result<Self> {
        let (bytes, name) = (Bytes::from(file.bytes()?), file.name().to_string());
        let judgement = bytes.starts_with(b"%PDF-").then(|| Judgement::of(&bytes, None, trust, clerk.moment));
        let judgement = judgement.filter(|judgement| match judgement.inspection.flaw {
            Some(_) => looks_signed(&bytes),
            None => !judgement.inspection.signatures.is_empty(),
        });
        let verdict = judgement.as_ref().map(Judgement::record);
        Ok(Self { bytes, name, judgement, verdict })
    }

    /// Everything that a version of its letter holds, and the path of the file among it.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when MDTO requires what is not known of the letter.
    pub fn contents(&self, about: &About, head: &Head, clerk: &Clerk) -> Result<(Vec<Content>, String)> {
        let letter = Letter {
            about,
            name: &self.name,
            bytes: self.bytes.clone(),
            enclosures: &[],
            scan: None,
            source: &[],
            places: &[],
            signatures: self.verdict.as_ref(),
            head,
            moment: clerk.moment,
        };
        let contents = contents::contents(&letter)?;
        // The one file that is described. Its sender may have called it like the description of one of ours: then that
        // one seems described too, and its name is the shorter.
        let described = |path: &str| contents.iter().any(|content| content.path == format!("{path}{FILE_ENDING}"));
        let main = contents.iter().map(|content| content.path.as_str()).filter(|path| described(path));
        let main = main.max_by_key(|path| path.len()).unwrap_or_default().to_string();
        Ok((contents, main))
    }

    /// Which signatures don't hold, each followed by the reason.
    pub fn warnings(&self) -> Vec<Finding> {
        let Some(judgement) = &self.judgement else { return Vec::new() };
        let as_warning = |reason: Finding| Finding { severity: Severity::Warning, ..reason };
        if let Some(flaw) = &judgement.inspection.flaw {
            let about = Finding::warning("signature-received-unread").arg("path", &self.name);
            return vec![about, as_warning(flaw.clone())];
        }
        let broken = judgement.inspection.signatures.iter().filter(|verdict| !verdict.is_valid);
        let told = broken.flat_map(|verdict| {
            let about =
                Finding::warning("signature-received").arg("signatory", &verdict.signatory).arg("path", &self.name);
            let reason = verdict.reason.clone().map(as_warning);
            std::iter::once(about).chain(reason)
        });
        told.collect()
    }
}

/// Whether a file that can't be read strictly has a signature nevertheless: what a signature covers stands in the open.
fn looks_signed(bytes: &[u8]) -> bool {
    const RANGE: &[u8] = b"/ByteRange";
    bytes.windows(RANGE.len()).any(|window| window == RANGE)
}
