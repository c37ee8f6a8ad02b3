//! The rows that were refused, as a table to mend and feed back.

use std::collections::HashMap;

use super::recipients::{REASON, Recipients};
use crate::error::Finding;
use crate::table::{Table, office_csv};

/// The rows with these numbers, their columns as they were and the reason in one more, as CSV for a spreadsheet program.
///
/// `words` says what a finding says.
pub fn csv(
    recipients: &Recipients,
    reasons: &HashMap<usize, Vec<Finding>>,
    words: &dyn Fn(&Finding) -> String,
) -> Vec<u8> {
    let columns = &recipients.layout.columns;
    // A list that was fed back has the column already; what it says was true of the time before.
    let kept: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].0 != REASON).collect();
    let names = kept.iter().map(|index| columns[*index].0.as_str()).chain([REASON]);
    let mut table = Table::new(names);
    for recipient in &recipients.rows {
        let Some(findings) = reasons.get(&recipient.number()) else { continue };
        let reason = findings.iter().map(|finding| said(finding, words)).collect::<Vec<_>>().join("; ");
        let cells = kept.iter().map(|index| recipient.row.cell(*index).to_string());
        table.push(cells.chain([reason]));
    }
    office_csv(&table)
}

fn said(finding: &Finding, words: &dyn Fn(&Finding) -> String) -> String {
    match &finding.key {
        Some(column) => format!("{column}: {}", words(finding)),
        None => words(finding),
    }
}
