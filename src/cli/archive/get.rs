//! `postkamer archive get ID`: a letter as it is in the archive.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::super::context::Context;
use super::Opened;
use crate::archive::shown::Held;
use crate::error::{Finding, Result};
use crate::register::files::{ALGORITHM, file_name, sha256};
use crate::workspace::files::write_whole;

/// Arguments of `get`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference of an outgoing letter or the number of an incoming one
    id: String,
    /// Where to write it, - for standard output [default: ID.pdf in the current directory]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut opened = Opened::new(context)?;
        let held = Held::find(&opened.archive, &mut opened.register, &self.id)?;
        let (path, bytes) = held.letter()?;
        let extension = Path::new(&path).extension().and_then(|extension| extension.to_str()).unwrap_or("pdf");
        let is_named = self.output.is_some();
        let output = self.output.unwrap_or_else(|| format!("{}.{extension}", file_name(&self.id)).into());
        if output == Path::new("-") {
            context.answer_bytes(&bytes)?;
            return Ok(0);
        }
        context.spare(&opened.workspace, &output)?;
        // What bears the name by chance is not written over; what the user names is.
        if !is_named && context.path(&output).exists() {
            return Err(Finding::error("sign-exists").arg("path", output.display()).into());
        }
        write_whole(&context.path(&output), &bytes)?;
        if context.json() {
            let (digest, size) = (sha256(&bytes), bytes.len());
            context.answer_json(&json!({
                "id": self.id, "bestand": output, "algoritme": ALGORITHM, "digest": digest, "omvang": size,
            }))?;
        } else {
            context.answer(&format!("{}\n", output.display()))?;
        }
        Ok(0)
    }
}
