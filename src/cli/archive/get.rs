//! `postkamer archive get ID`: a letter as it is in the archive.

use std::path::{Path, PathBuf};

use super::super::context::Context;
use super::Opened;
use crate::archive::shown::Held;
use crate::error::Result;
use crate::register::files::file_name;
use crate::workspace::files::write_whole;

/// Arguments of `get`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The kenmerk of an outgoing letter or the number of an incoming one
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
        let output = self.output.unwrap_or_else(|| format!("{}.{extension}", file_name(&self.id)).into());
        if output == Path::new("-") {
            context.answer_bytes(&bytes)?;
            return Ok(0);
        }
        context.spare(&opened.workspace, &output)?;
        write_whole(&context.path(&output), &bytes)?;
        context.answer(&format!("{}\n", output.display()))?;
        Ok(0)
    }
}
