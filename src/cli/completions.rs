//! `postkamer completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::error::Result;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

impl Args {
    pub fn run(self) -> Result<u8> {
        clap_complete::generate(self.shell, &mut super::Arguments::command(), "postkamer", &mut std::io::stdout());
        Ok(0)
    }
}
