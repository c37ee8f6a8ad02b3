//! `postkamer register import TABLE`: a table of letters, taken into the register.

use std::path::PathBuf;

use serde_json::json;

use super::super::context::Context;
use crate::error::Result;
use crate::register::Register;
use crate::register::exchange::import::{Report, Source, import};
use crate::table;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The table: .csv, .tsv, .xlsx, .ods or .json, with at least the columns id (or kenmerk), richting, datum and onderwerp
    table: PathBuf,
    /// Take nothing in if one row is wrong
    #[arg(long)]
    all_or_none: bool,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        let table = table::read(&context.path(&self.table), &self.table)?;
        let source = Source { table: &table, shown: &self.table };
        let mut register = Register::open(&workspace)?;
        let report = import(&mut register, workspace.settings(), &context.clerk()?, &source, self.all_or_none)?;
        context.show(&report.warnings);
        answer(context, &report)?;
        Ok(match (report.taken(), report.refused()) {
            (_, 0) => 0,
            (0, _) => 1,
            _ => 4,
        })
    }
}

fn answer(context: &Context, report: &Report) -> Result<()> {
    let (total, taken, refused) = (report.rows.len(), report.taken(), report.refused());
    if context.json() {
        let rows = report.rows.iter().map(|row| {
            let said = row.findings.iter().map(|finding| context.finding_json(finding)["melding"].clone());
            json!({
                "rij": row.row,
                "id": row.id,
                "status": if row.is_taken { "opgenomen" } else { "geweigerd" },
                "meldingen": said.collect::<Vec<_>>(),
            })
        });
        let rows: Vec<_> = rows.collect();
        return context
            .answer_json(&json!({ "totaal": total, "opgenomen": taken, "geweigerd": refused, "rijen": rows }));
    }
    for row in &report.rows {
        // Of good rows that stayed out because of bad ones, people want to hear only how many there are.
        let own: Vec<_> = row.findings.iter().filter(|finding| finding.code != "import-none").cloned().collect();
        context.show(&own);
    }
    let count = |number: usize| number.to_string();
    context.say("import-done", &[("total", &count(total)), ("taken", &count(taken)), ("refused", &count(refused))]);
    Ok(())
}
