//! How a mailing stands, as people and scripts read it.

use std::path::Path;

use super::super::context::Context;
use crate::error::{Error, Finding, Result};
use crate::mailing::outcome::{Outcome, said};
use crate::register::mailings::Progress;
use crate::workspace::files::write_whole;

/// The most refused rows that are told of on a terminal: the report has them all.
const MAX_TOLD: usize = 50;

/// The names of the reports in a folder of letters.
pub(super) const REPORTS: [&str; 2] = ["rapport.csv", "rapport.json"];

/// Says how a mailing stands.
pub(super) fn answer(context: &Context, outcome: &Outcome) -> Result<()> {
    if context.json() {
        return context.answer_json(&outcome.json());
    }
    let refused: Vec<_> = outcome.rows.iter().filter(|row| row.row.progress == Progress::Refused).collect();
    for row in refused.iter().take(MAX_TOLD) {
        let place = format!("{}:{}", outcome.mailing.recipients, row.row.position);
        context.answer(&context.text("mail-refused-row", &[("place", &place), ("reason", &said(row).join("; "))]))?;
        context.answer("\n")?;
    }
    if refused.len() > MAX_TOLD {
        let more = (refused.len() - MAX_TOLD).to_string();
        context.answer(&format!("{}\n", context.text("mail-refused-more", &[("count", &more)])))?;
    }
    let counts = outcome.counts();
    let count = |number: u64| number.to_string();
    let said = context.text(
        if counts.busy == 0 { "mail-standing" } else { "mail-standing-busy" },
        &[
            ("name", &outcome.mailing.name),
            ("total", &count(counts.total())),
            ("done", &count(counts.done)),
            ("refused", &count(counts.refused)),
            ("waiting", &count(counts.waiting)),
            ("busy", &count(counts.busy)),
            ("workers", &outcome.workers().to_string()),
        ],
    );
    context.answer(&format!("{said}\n"))
}

/// The reports of a mailing: their names and what they hold.
pub(super) fn reports(outcome: &Outcome) -> [(&'static str, Vec<u8>); 2] {
    let [table, json] = REPORTS;
    [(table, outcome.csv()), (json, format!("{:#}\n", outcome.json()).into_bytes())]
}

/// Refuses a report of a kind that there isn't.
pub(super) fn check(file: Option<&Path>) -> Result<()> {
    match file {
        Some(file) if extension(file).is_none() => {
            Err(Finding::error("mail-report-kind").arg("path", file.display()).into())
        }
        _ => Ok(()),
    }
}

/// Writes the report of a mailing to a file, as its extension says.
pub(super) fn write(context: &Context, outcome: &Outcome, file: &Path) -> Result<()> {
    let found = reports(outcome).into_iter().find(|(name, _)| Path::new(name).extension() == extension(file));
    if let Some((_, bytes)) = found {
        let path = context.path(file);
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|cause| Error::io("write", folder, cause))?;
        write_whole(&path, &bytes)?;
        context.say("written", &[("path", &file.display().to_string())]);
    }
    Ok(())
}

fn extension(file: &Path) -> Option<&std::ffi::OsStr> {
    file.extension().filter(|extension| *extension == "csv" || *extension == "json")
}
