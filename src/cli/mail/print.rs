//! `postkamer mail print`: the letters of a mailing as one file to print, without going on with it. The workbench runs it.

use std::path::PathBuf;

use serde_json::json;

use super::super::context::Context;
use super::super::progress::Bar;
use super::run::PrintOrder;
use crate::archive::keep::Archive;
use crate::error::Result;
use crate::mailing::deliver::Delivery;
use crate::mailing::matter::Matter;
use crate::mailing::outcome::Outcome;
use crate::register::lazy::LazyRegister;
use crate::typeset::world::Press;

/// Arguments of `print`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The name of the mailing
    name: String,
    /// Where to write all letters that there are as one PDF
    #[arg(long, value_name = "FILE")]
    merge: PathBuf,
    /// The order of the letters
    #[arg(long, value_enum, default_value_t = PrintOrder::Tabel)]
    order: PrintOrder,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        context.spare(&workspace, &self.merge)?;
        let press = Press::new(&workspace)?;
        let mut register = context.register(&workspace)?;
        let archive = Archive::open(&workspace, &mut register, &context.clerk()?)?;
        let outcome = Outcome::read(&mut register, &self.name)?;
        let lazy = LazyRegister::new(&workspace);
        let letter = workspace.root().join(&outcome.mailing.letter);
        let matter = Matter::read(&workspace, &press, &letter, context.day()?, &|id| lazy.find(id))?;
        let bar = Bar::new(context);
        let progress = |done, all| bar.at(done, all);
        let (outcome, register, archive) = (&outcome, &mut register, &archive);
        let mut delivery = Delivery { outcome, matter: &matter, register, archive, progress: &progress };
        let printed = delivery.print(&context.path(&self.merge), self.order.into());
        bar.end();
        let (printed, findings) = printed?;
        context.show(&findings);
        let printed = printed.map(|printed| json!({ "brieven": printed.letters, "bladzijden": printed.pages }));
        context.answer_json(&json!({ "naam": outcome.mailing.name, "printbestand": printed }))?;
        Ok(0)
    }
}
