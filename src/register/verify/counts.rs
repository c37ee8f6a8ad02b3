//! The counters against the numbers they gave out, and the steps by which the database was made.

use super::Fault;
use crate::error::Result;
use crate::register::db::{LATEST, Tx};
use crate::register::gaps;
use crate::workspace::settings::Settings;

/// Every step is there, once, and no other.
pub(super) fn migrations(tx: &mut Tx, faults: &mut Vec<Fault>) -> Result<()> {
    let rows = tx.rows("SELECT version FROM migration ORDER BY version", &[])?;
    let known = |version: Option<i64>| version.is_some_and(|version| (1..=LATEST).contains(&version));
    for row in rows.iter().filter(|row| !known(row.number("version"))) {
        faults.push(Fault::new("verify-row-extra", "migration", row.text("version")));
    }
    for version in (1..=LATEST).filter(|version| !rows.iter().any(|row| row.number("version") == Some(*version))) {
        faults.push(Fault::new("verify-row-missing", "migration", version));
    }
    Ok(())
}

/// Every counter stands at its highest number, and nothing is missing below it.
pub(super) fn counters(tx: &mut Tx, settings: &Settings, faults: &mut Vec<Fault>) -> Result<()> {
    let counters = gaps::counters(tx, settings)?;
    for (series, counter) in &counters {
        let highest = counter.highest();
        match counter.last {
            None if highest > 0 => faults.push(Fault::new("verify-row-missing", "series", series)),
            Some(last) if last != highest || highest == 0 => {
                let fault = Fault::new("verify-counter", "series", series);
                faults.push(fault.arg("found", last).arg("highest", highest));
            }
            _ => {}
        }
    }
    for gap in gaps::gaps(&counters).into_iter().filter(|gap| gap.imported.is_none()) {
        faults.push(Fault::new("verify-number-missing", "number", format!("{} {}", gap.series, gap.shown())));
    }
    Ok(())
}
