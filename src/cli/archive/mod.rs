//! `postkamer archive …`: what was sent, whole and provable, one file per verb.

mod add;
mod export;
mod get;
mod inspect;
mod list;
mod sheet;
mod show;
mod verify;

use clap::Subcommand;

pub(super) use inspect::judge;
pub(super) use sheet::answer;

use super::context::Context;
use crate::archive::accept::Counter;
use crate::archive::keep::Archive;
use crate::error::{Finding, Result};
use crate::register::{Clerk, Register};
use crate::signature::trust::Trust;
use crate::workspace::Workspace;

/// What can be done with the archive.
#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Take in a letter that comes back signed, the file itself says which; or the file of one that came in before
    Add(add::Args),
    /// List the letters in the archive
    List(list::Args),
    /// Show what the archive has of a letter, and what its signatures are worth
    Show(show::Args),
    /// Write a letter from the archive to a file
    Get(get::Args),
    /// Prove that every file is what was archived, or find what is not
    Verify(verify::Args),
    /// Write letters for an e-depot: a folder per case, with metadata and a packing list
    Export(export::Args),
    /// Say what the signatures of any PDF are worth; nothing is stored
    Inspect(inspect::Args),
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::Add(args) => args.run(context),
            Self::List(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::Get(args) => args.run(context),
            Self::Verify(args) => args.run(context),
            Self::Export(args) => args.run(context),
            Self::Inspect(args) => args.run(context),
        }
    }
}

/// The workspace with its register and its archive, which must be there.
pub(super) struct Opened {
    pub workspace: Workspace,
    pub register: Register,
    pub archive: Archive,
}

impl Opened {
    pub fn new(context: &Context) -> Result<Self> {
        Self::by(context, Archive::open_existing)
    }

    /// One whose folder may be gone, to ask what is gone.
    pub fn as_it_is(context: &Context) -> Result<Self> {
        Self::by(context, Archive::open_as_it_is)
    }

    fn by(
        context: &Context,
        open: impl FnOnce(&Workspace, &mut Register, &Clerk) -> Result<Option<Archive>>,
    ) -> Result<Self> {
        let workspace = context.workspace(None)?;
        let register = context.register(&workspace)?;
        Self::of(context, workspace, register, open)
    }

    /// The same of a register that is open already.
    fn of(
        context: &Context,
        workspace: Workspace,
        mut register: Register,
        open: impl FnOnce(&Workspace, &mut Register, &Clerk) -> Result<Option<Archive>>,
    ) -> Result<Self> {
        let Some(archive) = open(&workspace, &mut register, &context.clerk()?)? else {
            let path = workspace.shown(&workspace.archive()).display().to_string();
            return Err(Finding::error("archive-missing").arg("path", path).into());
        };
        Ok(Self { workspace, register, archive })
    }

    /// Where letters are handed in.
    pub fn counter<'a>(&'a mut self, trust: &'a Trust, clerk: &'a Clerk<'a>) -> Counter<'a> {
        let Self { workspace, register, archive } = self;
        Counter { workspace, archive, register, trust, clerk }
    }

    /// Whom the workspace trusts; a certificate that is lost must not keep a letter from being read.
    pub fn trust(&self) -> Result<Trust> {
        Trust::of(&self.workspace)
    }
}
