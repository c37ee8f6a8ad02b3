//! A table of recipients: what each column fills, and the letter of each row.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{damage, day, typed};
use crate::contract::characters;
use crate::contract::nearest;
use crate::error::{Finding, Result};
use crate::letter::{Letter, addressee};
use crate::source::{Place, SourceFile};
use crate::table::{Row, Table};

/// The fields of a letter that a column may fill, besides those of `[ontvanger]`.
pub const OWN_FIELDS: [&str; 5] = ["onderwerp", "zaaknummer", "aanhef", "uw_kenmerk", "uw_brief"];

/// The column that a list of refused rows adds: fed back, it means nothing.
pub const REASON: &str = "reden";

/// How tables call the field `ter_attentie_van`, in small letters and with `_` for a space.
const ATTENTION: [&str; 6] = ["t.a.v.", "t.a.v", "tav", "tav.", "t._a._v.", "t.a.v.:"];

/// The most rows of a mailing.
pub const MAX_ROWS: usize = 100_000;

/// How much of a cell a finding shows.
const MAX_SHOWN: usize = 80;

/// What a column fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fills {
    /// A field of `[ontvanger]`.
    Addressee(String),
    /// One of [`OWN_FIELDS`].
    Own(String),
    /// `{{rij.<name>}}`.
    Row(String),
}

impl Fills {
    /// The dotted key of a letter that it fills.
    pub fn key(&self) -> String {
        match self {
            Self::Addressee(name) => format!("ontvanger.{name}"),
            Self::Own(name) => name.clone(),
            Self::Row(name) => format!("rij.{name}"),
        }
    }
}

/// The columns of a table.
#[derive(Debug)]
pub struct Layout {
    /// The path of the table as its user knows it.
    pub shown: PathBuf,
    /// The row that names the columns.
    pub header: usize,
    /// Each column: its name, its number in the spreadsheet, what it fills.
    pub columns: Vec<(String, usize, Fills)>,
}

/// The recipients of a mailing.
#[derive(Debug)]
pub struct Recipients {
    /// Their columns.
    pub layout: Arc<Layout>,
    /// One a row, from top to bottom.
    pub rows: Vec<Recipient>,
}

/// One recipient.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The row of its table.
    pub row: Row,
    pub(super) layout: Arc<Layout>,
}

impl Recipients {
    /// The recipients in a table; `shown` is its path as findings name it, `letter` the one that they get.
    ///
    /// # Errors
    /// [`Error::Refused`](crate::error::Error::Refused) when it has no rows, or more than [`MAX_ROWS`].
    pub fn read(shown: &Path, table: Table, letter: &Letter) -> Result<Self> {
        let columns = table.columns.iter().map(|column| {
            let fills = fills(&column.name, letter);
            (column.name.clone(), column.position + 1, fills)
        });
        let layout = Arc::new(Layout { shown: shown.into(), header: table.header, columns: columns.collect() });
        let place = || layout.place(layout.header, None, "");
        if table.rows.is_empty() {
            return Err(Finding::error("mail-no-rows").at(place()).into());
        }
        if table.rows.len() > MAX_ROWS {
            let finding = Finding::error("mail-too-many-rows").arg("rows", table.rows.len()).arg("limit", MAX_ROWS);
            return Err(finding.at(place()).into());
        }
        let written = typed::columns(&layout, letter);
        let rows = table.rows.into_iter().map(|mut row| {
            typed::write(&mut row, &written, letter.language());
            Recipient { row, layout: layout.clone() }
        });
        Ok(Self { rows: rows.collect(), layout })
    }
}

/// What a column of this name fills in a letter.
pub(super) fn fills(name: &str, letter: &Letter) -> Fills {
    // A spreadsheet has `Ter attentie van` above a column.
    let key = name.replace(' ', "_");
    if addressee::contract().field(&key).is_some() {
        return Fills::Addressee(key);
    }
    if OWN_FIELDS.contains(&key.as_str()) {
        return Fills::Own(key);
    }
    // Columns are in small letters, the names in a letter as their author wrote them.
    let own = |other: &&str| other.to_lowercase() == name;
    let like = |other: &&str| other.to_lowercase() == key;
    let named = letter.front.keys_below("rij").find(own).or_else(|| letter.front.keys_below("rij").find(like));
    if named.is_none() && ATTENTION.contains(&key.as_str()) {
        return Fills::Addressee("ter_attentie_van".into());
    }
    Fills::Row(named.unwrap_or(name).to_string())
}

impl Layout {
    /// The column that fills a key of a letter, by its index.
    pub fn column_of(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|(_, _, fills)| fills.key() == key)
    }

    /// Whether a column fills a key.
    pub fn has(&self, key: &str) -> bool {
        self.column_of(key).is_some()
    }

    /// A place in the table: a cell of a row, or the row as a whole, of which `text` is shown.
    pub fn place(&self, row: usize, column: Option<usize>, text: &str) -> Place {
        let (start, number) = match column.and_then(|index| self.columns.get(index)) {
            Some((name, number, _)) => (format!("{}: ", printable(name)), *number),
            None => (String::new(), 1),
        };
        let line = format!("{start}{}", printable(text));
        let range = start.len()..line.len();
        SourceFile::of_cell(&self.shown, row, number, line).place(range)
    }

    /// The finding with the place of a column's name.
    pub fn at_column(&self, finding: Finding, index: usize) -> Finding {
        let name = self.columns.get(index).map(|(name, ..)| printable(name)).unwrap_or_default();
        let number = self.columns.get(index).map_or(1, |(_, number, _)| *number);
        let length = name.len();
        let place = SourceFile::of_cell(&self.shown, self.header, number, name.clone()).place(0..length);
        finding.key(name).at(place)
    }
}

/// The text of a cell as a finding may show it.
pub fn printable(text: &str) -> String {
    characters::printable(text, MAX_SHOWN)
}

impl Recipient {
    /// The number of its row in the spreadsheet.
    pub fn number(&self) -> usize {
        self.row.number
    }

    /// The letter as this recipient gets it, with what its cells can't be.
    ///
    /// The specimen's `[ontvanger]` and `[rij]` are gone altogether: nobody gets a letter with somebody else's name in it.
    /// An empty cell leaves another field as the letter has it.
    pub fn letter(&self, letter: &Letter) -> (Letter, Vec<Finding>) {
        let mut own = letter.clone();
        let (mut to, mut row, mut findings) = (Map::new(), Map::new(), Vec::new());
        for (index, (_, _, fills)) in self.layout.columns.iter().enumerate() {
            let text = one_line(self.row.cell(index));
            if text.is_empty() {
                continue;
            }
            let damage = damage::finding(fills, &text, self.row.is_fault(index));
            findings.extend(damage.map(|finding| self.at(finding, index)));
            match fills {
                Fills::Addressee(name) if name == "aanspreekvorm" => match form_of_address(&text) {
                    Some(form) => drop(to.insert(name.clone(), form.into())),
                    None => {
                        let words = ["mevrouw", "heer", "none"];
                        let meant = nearest(&text, words).unwrap_or_default();
                        let finding = Finding::error("unknown-choice").arg("choices", words.join(", "));
                        findings.push(self.at(finding.arg("value", printable(&text)).arg("meant", meant), index));
                    }
                },
                Fills::Addressee(name) => drop(to.insert(name.clone(), text.into())),
                Fills::Own(name) if name == "uw_brief" => match day::day(&text) {
                    Some(day) => own.front.replace(name, day.to_string().into()),
                    None => findings.push(self.at(Finding::error("mail-day").arg("value", printable(&text)), index)),
                },
                Fills::Own(name) => own.front.replace(name, text.into()),
                Fills::Row(name) => drop(row.insert(name.clone(), text.into())),
            }
        }
        own.front.replace("ontvanger", Json::Object(to));
        own.front.replace("rij", Json::Object(row));
        (own, findings)
    }

    /// Whether a column fills a dotted key of its letter.
    pub fn fills(&self, key: &str) -> bool {
        self.layout.has(key)
    }

    /// Whether a column fills a dotted key, and has nothing for this row.
    pub fn is_empty(&self, key: &str) -> bool {
        self.layout.column_of(key).is_some_and(|index| self.row.cell(index).is_empty())
    }

    /// The finding with the place of a cell of this row.
    pub fn at(&self, finding: Finding, index: usize) -> Finding {
        let name = self.layout.columns.get(index).map(|(name, ..)| name.as_str()).unwrap_or_default();
        finding.key(printable(name)).at(self.layout.place(self.row.number, Some(index), self.row.cell(index)))
    }

    /// The finding with the place of the column that fills its key, or of this row as a whole.
    pub fn placed(&self, finding: Finding) -> Finding {
        let key = finding.key.clone().unwrap_or_default();
        match self.layout.column_of(&key) {
            Some(index) => self.at(finding, index),
            None => finding.at(self.layout.place(self.row.number, None, &self.summary())),
        }
    }

    /// What its reader knows the row by.
    fn summary(&self) -> String {
        let held = self.row.cells().filter(|cell| !cell.is_empty());
        held.take(4).collect::<Vec<_>>().join("; ")
    }
}

/// The text of a cell on one line: what breaks a line in a cell is white space in a letter.
fn one_line(text: &str) -> String {
    if !text.contains(['\n', '\r', '\t']) {
        return text.to_string();
    }
    text.split(['\n', '\r', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A form of address as tables have it.
fn form_of_address(text: &str) -> Option<&'static str> {
    match text.to_lowercase().trim_end_matches('.') {
        "mevrouw" | "mevr" | "mw" => Some("mevrouw"),
        "heer" | "de heer" | "dhr" => Some("heer"),
        "none" => Some("none"),
        _ => None,
    }
}
