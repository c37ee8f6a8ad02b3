//! `postkamer archive inspect FILE`: what the signatures of any PDF are worth.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::sign::{MAX_PDF, read};
use super::sheet;
use crate::error::{Error, Result};
use crate::signature::trust::Trust;
use crate::signature::verdict::Judgement;

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The PDF
    file: PathBuf,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        // Where there is no workspace nobody is trusted, and the rest can be said all the same.
        let trust = match context.workspace(None) {
            Ok(workspace) => Trust::of(&workspace)?,
            Err(Error::Refused(found)) if found.iter().any(|finding| finding.code == "workspace-missing") => {
                Trust::default()
            }
            Err(error) => return Err(error),
        };
        let file = read(context, &self.file, MAX_PDF)?;
        let judgement = Judgement::of(&file, None, &trust, context.clerk()?.moment);
        let mut verdict = judgement.json(context.messages());
        verdict["id"] = None::<String>.into();
        verdict["versies"] = serde_json::json!([]);
        sheet::verdict(context, &verdict)?;
        let is_sound = judgement.inspection.flaw.is_none()
            && judgement.inspection.signatures.iter().all(|signature| signature.is_valid);
        Ok(u8::from(!is_sound))
    }
}
