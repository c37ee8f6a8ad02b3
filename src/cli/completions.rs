//! `postkamer completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::context::Context;
use crate::error::Result;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        // Not straight to standard output: it would panic where the reader goes away.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Arguments::command(), "postkamer", &mut script);
        context.answer(&String::from_utf8_lossy(&script))?;
        Ok(0)
    }
}
