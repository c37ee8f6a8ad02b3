//! `postkamer mail check LETTER --recipients TABLE`: a mailing, run dry.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::super::context::Context;
use super::super::progress::Bar;
use super::super::render::letter_path;
use crate::draft::Draft;
use crate::error::{Finding, Result, Severity};
use crate::issue::typeset::Typesetter;
use crate::mailing::check::{Report, check};
use crate::mailing::recipients::Recipients;
use crate::mailing::refused;
use crate::register::lazy::LazyRegister;
use crate::table;
use crate::typeset::world::Press;
use crate::workspace::{Workspace, files};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The letter file
    letter: PathBuf,
    /// The table of recipients: .csv, .xlsx or .ods, one row a recipient
    #[arg(long, value_name = "TABLE")]
    recipients: PathBuf,
    /// Where to write the refused rows, with the reason in a column, as CSV for a spreadsheet
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(Some(&self.letter))?;
        self.spare(context, &workspace)?;
        let press = Press::new(&workspace)?;
        let lazy = LazyRegister::new(&workspace);
        let path = letter_path(context, &self.letter);
        let draft = Draft::read(&workspace, &press, &path, &|id| lazy.find(id))?;
        let table = table::read(&context.path(&self.recipients), &self.recipients)?;
        let recipients = Recipients::read(&self.recipients, table, &draft.letter)?;
        let bar = Bar::new(context);
        let typesetter = Typesetter { workspace: &workspace, press: &press, draft: &draft, day: context.day()? };
        let checked = check(&typesetter, &recipients, &|done, all| bar.at(done as u64, all as u64));
        bar.end();
        let report = checked?;
        if let Some(file) = &self.refused {
            write_refused(context, file, &recipients, &report)?;
        }
        answer(context, &recipients, &report)?;
        Ok(u8::from(!report.is_clean()))
    }

    /// Refuses to write the list over the table, the letter, or another file that the workspace lives on.
    fn spare(&self, context: &Context, workspace: &Workspace) -> Result<()> {
        let Some(output) = &self.refused else { return Ok(()) };
        context.spare_read(output, &[&self.recipients, &self.letter], "output-is-own")?;
        context.spare(workspace, output)
    }
}

fn write_refused(context: &Context, file: &Path, recipients: &Recipients, report: &Report) -> Result<()> {
    let errors = |findings: &[Finding]| -> Vec<Finding> {
        findings.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect()
    };
    let rows = report.rows.iter().filter(|row| row.is_refused());
    let reasons: HashMap<_, _> = rows.map(|row| (row.row, errors(&row.findings))).collect();
    let bytes = refused::csv(recipients, &reasons, &|finding| context.words(finding));
    files::write_whole(&context.path(file), &bytes)?;
    context.say("written", &[("path", &file.display().to_string())]);
    Ok(())
}

fn answer(context: &Context, recipients: &Recipients, report: &Report) -> Result<()> {
    let (total, wrong) = (report.rows.len(), report.refused());
    let fine = total - wrong;
    if context.json() {
        // What is wrong with the columns stands in the row that names them.
        let header = (recipients.layout.header, &report.columns);
        let rows = std::iter::once(header).chain(report.rows.iter().map(|row| (row.row, &row.findings)));
        let rows = rows.filter(|(_, findings)| !findings.is_empty());
        let rows: Vec<Json> = rows
            .map(|(row, findings)| {
                let found: Vec<_> = findings.iter().map(|finding| bare(context.finding_json(finding))).collect();
                json!({ "rij": row, "bevindingen": found })
            })
            .collect();
        return context.answer_json(&json!({ "totaal": total, "in_orde": fine, "fout": wrong, "rijen": rows }));
    }
    context.show(&report.columns);
    report.rows.iter().for_each(|row| context.show(&row.findings));
    let count = |number: usize| number.to_string();
    context.say("mail-checked", &[("total", &count(total)), ("fine", &count(fine)), ("wrong", &count(wrong))]);
    Ok(())
}

/// A finding of a table: which file it is about, the command said itself.
fn bare(mut finding: Json) -> Json {
    if let Some(fields) = finding.as_object_mut() {
        fields.remove("bestand");
    }
    finding
}
