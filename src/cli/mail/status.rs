//! `postkamer mail status NAME`: how a mailing stands, also while it runs.

use std::path::PathBuf;

use super::super::context::Context;
use super::outcome;
use crate::error::{Finding, Result};
use crate::mailing::outcome::Outcome;
use crate::register::Register;

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The name of the mailing
    name: String,
    /// Where to write what came of every row, as .csv or .json
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
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
        Ok(0)
    }
}
