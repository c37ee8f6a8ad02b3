//! A table in the register: what was planned stands there whole, so that every process works from the same rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::recipients::{Layout, REASON, Recipient, fills};
use crate::letter::Letter;
use crate::register::files::sha256;
use crate::register::mailings::MailRow;
use crate::table::{Column, Row};

/// The columns of a table as the register keeps them.
pub(super) fn layout_json(layout: &Layout) -> Json {
    let columns = layout.columns.iter().map(|(name, number, _)| json!([name, number]));
    json!({ "tabel": layout.shown.to_string_lossy(), "kop": layout.header, "kolommen": columns.collect::<Vec<_>>() })
}

/// The columns that the register keeps; a letter says what they fill.
pub(super) fn layout(kept: &Json, letter: &Letter) -> Arc<Layout> {
    let column = |pair: &Json| {
        let name = pair[0].as_str().unwrap_or_default();
        (name.to_string(), number(&pair[1]), fills(name, letter))
    };
    Arc::new(Layout {
        shown: kept["tabel"].as_str().unwrap_or_default().into(),
        header: number(&kept["kop"]),
        columns: kept["kolommen"].as_array().into_iter().flatten().map(column).collect(),
    })
}

fn number(json: &Json) -> usize {
    json.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(1)
}

/// The cells of a row that hold something, by the names of their columns. What a list of refused rows says of it is no part
/// of it, unless the letter names a column that is called so too.
pub(super) fn cells(recipient: &Recipient, letter: &Letter) -> BTreeMap<String, String> {
    let is_said = letter.front.keys_below("rij").any(|name| name == REASON);
    let columns = recipient.layout.columns.iter().map(|(name, ..)| name.as_str());
    let named = columns.enumerate().map(|(index, name)| (name.to_string(), recipient.row.cell(index).to_string()));
    named.filter(|(name, cell)| !cell.is_empty() && (is_said || name != REASON)).collect()
}

/// SHA-256 of the cells of a row: that of another table which has the same in other columns and places.
pub(super) fn digest(cells: &BTreeMap<String, String>) -> String {
    sha256(json!(cells).to_string().as_bytes())
}

/// The recipient of a row of the register.
pub(super) fn recipient(row: &MailRow, layout: &Arc<Layout>) -> Recipient {
    let columns = layout.columns.iter().map(|(name, number, _)| Column { name: name.clone(), position: number - 1 });
    let cells = layout.columns.iter().map(|(name, ..)| row.cells.get(name).cloned().unwrap_or_default());
    let number = usize::try_from(row.position).unwrap_or_default();
    Recipient { row: Row::new(number, cells.collect(), columns.collect()), layout: layout.clone() }
}
