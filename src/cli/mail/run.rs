//! `postkamer mail run LETTER --recipients TABLE --name NAME`: every row gets its letter, or the reason why not.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;
use unicode_normalization::UnicodeNormalization;

use super::super::context::Context;
use super::super::progress::{Bar, Lines};
use super::super::render::letter_path;
use super::outcome;
use crate::archive::keep::Archive;
use crate::error::{Error, Finding, Result};
use crate::mailing::crew::{self, Crew};
use crate::mailing::deliver::{Delivery, Order};
use crate::mailing::matter::Matter;
use crate::mailing::outcome::Outcome;
use crate::mailing::plan::{self, Order as Plan};
use crate::mailing::recipients::Recipients;
use crate::register::Register;
use crate::register::lazy::LazyRegister;
use crate::table;
use crate::typeset::world::Press;
use crate::workspace::Workspace;

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The letter file
    letter: PathBuf,
    /// The table of recipients: .csv, .xlsx or .ods, one row a recipient
    #[arg(long, value_name = "TABLE")]
    recipients: PathBuf,
    /// What the mailing is called; run again under this name, it goes on where it was
    #[arg(long)]
    name: String,
    /// Where to write the letters, each as a PDF, with the report beside them
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where to write all letters as one PDF to print on both sides
    #[arg(long, value_name = "FILE")]
    merge: Option<PathBuf>,
    /// The order of the letters in the file to print
    #[arg(long, value_enum, default_value_t = PrintOrder::Tabel, requires = "merge")]
    order: PrintOrder,
    /// How many processes make letters at once [default: the number of processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Where to write what came of every row, as .csv or .json
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// The order of the letters in a file to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PrintOrder {
    Tabel,
    Postcode,
}

impl From<PrintOrder> for Order {
    fn from(order: PrintOrder) -> Self {
        match order {
            PrintOrder::Tabel => Self::Table,
            PrintOrder::Postcode => Self::Postcode,
        }
    }
}

impl Args {
    pub fn run(mut self, context: &Context) -> Result<u8> {
        // Some systems write accents apart.
        self.name = self.name.nfc().collect();
        let workspace = context.workspace(Some(&self.letter))?;
        self.spare(context, &workspace)?;
        let press = Press::new(&workspace)?;
        let lazy = LazyRegister::new(&workspace);
        let path = letter_path(context, &self.letter);
        let matter = Matter::read(&workspace, &press, &path, context.day()?, &|id| lazy.find(id))?;
        let table = table::read(&context.path(&self.recipients), &self.recipients)?;
        let recipients = Recipients::read(&self.recipients, table, &matter.ready.draft.letter)?;
        context.show(&plan::check(&self.name, &matter, &recipients)?);
        let mut register = context.register(&workspace)?;
        let archive = Archive::open(&workspace, &mut register, &context.clerk()?)?;
        // Rows of a program that was ended in the middle of them wait again, and may be mended.
        crew::put_back(&mut register, &archive, &context.clerk_now()?, &self.name)?;
        self.plan(context, &matter, &recipients, &mut register)?;
        self.work(context, &workspace, &mut register, &archive)?;
        let outcome = Outcome::read(&mut register, &self.name)?;
        outcome.sweep(workspace.root());
        self.deliver(context, &matter, &outcome, &mut register, &archive)?;
        outcome::answer(context, &outcome)?;
        Ok(if outcome.counts().refused == 0 { 0 } else { 4 })
    }

    fn plan(&self, context: &Context, matter: &Matter, recipients: &Recipients, register: &mut Register) -> Result<()> {
        let clerk = context.clerk()?;
        let root = matter.typesetter().workspace.root();
        let order = Plan {
            name: &self.name,
            matter,
            recipients,
            clerk: &clerk,
            tell: &|finding| context.finding_json(finding),
            is_printed: &|path| root.join(path).exists(),
        };
        let bar = Bar::new(context);
        let planned = plan::plan(&order, register, &|done, all| bar.at(done as u64, all as u64));
        bar.end();
        planned
    }

    fn work(&self, context: &Context, workspace: &Workspace, register: &mut Register, archive: &Archive) -> Result<()> {
        let mailing = Outcome::mailing(register, &self.name)?;
        let program = std::env::current_exe().map_err(|cause| Error::io("read", Path::new("postkamer"), cause))?;
        let command = |who: &str| {
            let mut command = Command::new(&program);
            command.arg("--workspace").arg(workspace.root()).args(["--taal", context.tongue()]);
            command.args(["mail", "worker", "--who", who, "--", &self.name]);
            command
        };
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let (bar, lines) = (Bar::new(context), Lines::new(context));
        let crew = Crew {
            mailing: &mailing,
            jobs: self.jobs.map_or_else(cores, usize::from),
            command: &command,
            name: &|| uuid::Uuid::new_v4().to_string(),
            clerk: &|| context.clerk_now(),
            tell: &|finding| context.finding_json(finding),
            progress: &|counts| {
                let (done, all) = (counts.done + counts.refused, counts.total());
                bar.at(done, all);
                lines.at(done, all);
            },
        };
        let done = crew.work(register, archive);
        bar.end();
        done.map(drop)
    }

    fn deliver(
        &self,
        context: &Context,
        matter: &Matter,
        outcome: &Outcome,
        register: &mut Register,
        archive: &Archive,
    ) -> Result<()> {
        let bar = Bar::new(context);
        let progress = |done, all| bar.at(done, all);
        let mut delivery = Delivery { outcome, matter, register, archive, progress: &progress };
        context.show(&delivery.complete()?);
        if let Some(folder) = &self.out {
            let place = context.path(folder);
            context.show(&delivery.folder(&place)?);
            context.show(&delivery.reports(&place, &outcome::reports(outcome))?);
            context.say("written", &[("path", &folder.display().to_string())]);
        }
        if let Some(file) = &self.merge {
            let (printed, findings) = delivery.print(&context.path(file), self.order.into())?;
            context.show(&findings);
            let count = |number: usize| number.to_string();
            if let Some(printed) = printed {
                context.say(
                    "mail-printed",
                    &[
                        ("path", &file.display().to_string()),
                        ("letters", &count(printed.letters)),
                        ("pages", &count(printed.pages)),
                        ("blanks", &count(printed.blanks)),
                    ],
                );
            }
        }
        bar.end();
        if let Some(file) = &self.report {
            outcome::write(context, outcome, file)?;
        }
        Ok(())
    }

    /// Refuses to write over the table, the letter, or another file that the workspace lives on.
    fn spare(&self, context: &Context, workspace: &Workspace) -> Result<()> {
        let reports = self.out.iter().flat_map(|folder| outcome::REPORTS.map(|name| folder.join(name)));
        for output in self.merge.iter().chain(&self.report).cloned().chain(reports) {
            let output = &output;
            context.spare_read(output, &[&self.recipients, &self.letter], "output-is-own")?;
            context.spare(workspace, output)?;
            let there = context.path(output);
            if there.exists() && !there.is_file() {
                return Err(Finding::error("output-no-file").arg("path", output.display()).into());
            }
        }
        if let Some(folder) = &self.out {
            let place = context.path(folder);
            if place.exists() && !place.is_dir() {
                return Err(Finding::error("output-no-folder").arg("path", folder.display()).into());
            }
            // A folder of the workspace's own: what is written there would be taken for something else.
            if workspace.is_own(&context.path(folder).join("brief.pdf")) {
                return Err(Finding::error("output-is-own").arg("path", folder.display()).into());
            }
        }
        outcome::check(self.report.as_deref())
    }
}
