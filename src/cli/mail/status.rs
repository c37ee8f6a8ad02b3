//! `postkamer mail status NAME`: how a mailing stands, also while it runs.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::progress::Bar;
use super::outcome;
use crate::archive::keep::Archive;
use crate::error::{Finding, Result};
use crate::mailing::outcome::Outcome;
use crate::mailing::proof;
use crate::register::Register;

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The name of the mailing
    name: String,
    /// Where to write what came of every row, as .csv or .json
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Hold the PDF of every letter against PDF/A and PDF/UA, with a validator that others made
    #[arg(long)]
    validate: bool,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        outcome::check(self.report.as_deref())?;
        if let Some(file) = &self.report {
            context.spare(&workspace, file)?;
        }
        let register = Register::open_existing(&workspace)?;
        let unknown = || Finding::error("mail-unknown").arg("name", &self.name).arg("meant", "").arg("names", "");
        let mut register = register.ok_or_else(unknown)?;
        let outcome = Outcome::read(&mut register, &self.name)?;
        if let Some(file) = &self.report {
            outcome::write(context, &outcome, file)?;
        }
        outcome::answer(context, &outcome)?;
        if !self.validate {
            return Ok(0);
        }
        let archive = Archive::open(&workspace, &mut register, &context.clerk()?)?;
        let bar = Bar::new(context);
        let progress = |done, all| bar.at(done, all);
        let findings = proof::validate(&workspace, &outcome, &mut register, &archive, &progress);
        bar.end();
        let findings = findings?;
        context.show(&findings);
        let counts = [("checked", outcome.counts().done.to_string()), ("wrong", findings.len().to_string())];
        context.say("mail-validated", &counts.each_ref().map(|(name, count)| (*name, count.as_str())));
        Ok(u8::from(!findings.is_empty()))
    }
}
