//! `postkamer archive inspect FILE`: what the signatures of any PDF are worth.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

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
        let (judgement, verdict) = judge(context, &read(context, &self.file, MAX_PDF)?)?;
        sheet::verdict(context, &verdict)?;
        let is_sound = judgement.inspection.flaw.is_none()
            && judgement.inspection.signatures.iter().all(|signature| signature.is_valid);
        Ok(u8::from(!is_sound))
    }
}

/// The verdict on a PDF that is held against no letter, and what is said of it.
pub(in super::super) fn judge(context: &Context, file: &[u8]) -> Result<(Judgement, Json)> {
    // Where there is no workspace nobody is trusted, and the rest can be said all the same.
    let trust = match context.workspace(None) {
        Ok(workspace) => Trust::of(&workspace)?,
        Err(Error::Refused(found)) if found.iter().any(|finding| finding.code == "workspace-missing") => {
            Trust::default()
        }
        Err(error) => return Err(error),
    };
    let judgement = Judgement::of(file, None, &trust, context.moment()?);
    let mut verdict = judgement.json(context.messages());
    verdict["id"] = Json::Null;
    verdict["versies"] = json!([]);
    Ok((judgement, verdict))
}
