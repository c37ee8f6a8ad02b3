//! `postkamer register …`: the correspondence register, one file per verb.

mod assign;
mod correct;
mod due;
mod export;
mod handle;
mod import;
mod letters;
mod link;
mod list;
mod receive;
mod report;
mod search;
mod send;
mod sheet;
mod show;
mod verify;
mod void;
mod withdraw;

use clap::Subcommand;

use super::context::Context;
use crate::error::{Finding, Result};
use crate::register::chain::Journal;
use crate::register::changes::Changed;
use crate::register::{Register, given};
use crate::workspace::Workspace;
use crate::workspace::settings::Settings;

/// What can be done with the register.
#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// List letters; on a terminal cut to its width, elsewhere whole
    List(list::Args),
    /// Register a letter that came in; prints the number that it got
    Receive(receive::Args),
    /// Link two letters: one answers the other, or both belong to one case
    Link(link::Args),
    /// Hand a letter to somebody
    Assign(assign::Args),
    /// Record an incoming letter as dealt with without an answer
    Handle(handle::Args),
    /// Mark an issued letter as sent
    Send(send::Args),
    /// Correct what the register says of a letter; the old value is kept
    Correct(correct::Args),
    /// Withdraw an issued letter
    Withdraw(withdraw::Args),
    /// Give up a reserved number
    Void(void::Args),
    /// Show a letter: what answered what, what happened to it, its files
    Show(show::Args),
    /// List incoming letters that wait for an answer past their deadline
    Due(due::Args),
    /// Find letters by their words: numbers, subject, correspondent, text
    Search(search::Args),
    /// Take in a table of letters: their numbers stay as they are
    Import(import::Args),
    /// Write all letters as a table; their files can't travel in one
    Export(export::Args),
    /// What a year comes to: which letters were answered, where every number went
    #[command(subcommand)]
    Report(report::Args),
    /// Prove that nothing was changed behind the register's back, or find what was
    Verify(verify::Args),
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::List(args) => args.run(context),
            Self::Receive(args) => args.run(context),
            Self::Link(args) => args.run(context),
            Self::Assign(args) => args.run(context),
            Self::Handle(args) => args.run(context),
            Self::Send(args) => args.run(context),
            Self::Correct(args) => args.run(context),
            Self::Withdraw(args) => args.run(context),
            Self::Void(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::Due(args) => args.run(context),
            Self::Search(args) => args.run(context),
            Self::Import(args) => args.run(context),
            Self::Export(args) => args.run(context),
            Self::Report(args) => args.run(context),
            Self::Verify(args) => args.run(context),
        }
    }
}

/// The workspace and its register.
fn open(context: &Context) -> Result<(Workspace, Register)> {
    let workspace = context.workspace(None)?;
    let register = context.register(&workspace)?;
    Ok((workspace, register))
}

/// Makes a change to the letter `id` in the register, which must be there already.
fn change<T>(context: &Context, id: &str, work: impl FnOnce(&mut Journal, &Settings) -> Result<T>) -> Result<T> {
    let workspace = context.workspace(None)?;
    let clerk = context.clerk()?;
    let Some(mut register) = Register::open_existing(&workspace)? else {
        return Err(Finding::error("id-unknown").arg("id", given::id(id)?).into());
    };
    register.write(&clerk, |journal| work(journal, workspace.settings()))
}

/// Shows what a change gave: the letter as JSON if that was asked for, else a line for a person.
fn answer(context: &Context, changed: &Changed, say: impl FnOnce(&str)) -> Result<u8> {
    context.show(&changed.warnings);
    if context.json() {
        context.answer_json(&changed.listed.json())?;
    } else {
        say(&changed.listed.entry.id);
    }
    Ok(0)
}
