//! A table of recipients in memory: its columns, its rows, and what must come of each row.

use std::fmt::Write as _;

use rust_xlsxwriter::Workbook;
use unicode_normalization::UnicodeNormalization;

/// The columns, by the name that a letter knows them by.
pub const COLUMNS: [&str; 29] = [
    "organisatie",
    "ter_attentie_van",
    "aanspreekvorm",
    "titel",
    "voorletters",
    "tussenvoegsel",
    "achternaam",
    "functie",
    "straat",
    "huisnummer",
    "postbus",
    "postcode",
    "plaats",
    "land",
    "email",
    "onderwerp",
    "zaaknummer",
    "aanhef",
    "uw_kenmerk",
    "uw_brief",
    "regio",
    "netwerk",
    "thema",
    "aanmelden",
    "link",
    "foto",
    "stempel",
    "vlak",
    "opmerking",
];

/// Where a column stands.
pub fn index(column: &str) -> usize {
    COLUMNS.iter().position(|name| *name == column).unwrap_or_else(|| panic!("{column} is no column"))
}

/// What is found in a row: the code, and the column as its table calls it or the key that no column fills.
pub type Found = (String, String);

/// A row, and what must come of it.
#[derive(Debug, Clone, Default)]
pub struct Row {
    cells: Vec<String>,
    /// Its number among the rows whose cells hold words that stand for the values of others.
    pub stands_in: Option<usize>,
    /// What a column shows on the page, where that is not its cell.
    pub shown: Vec<(&'static str, String)>,
    /// The mistakes for which it is refused, sorted; none in a row that is right.
    pub refused: Vec<Found>,
    /// What else is said of it.
    pub warned: Vec<Found>,
}

impl Row {
    /// A row with these cells, and the others empty.
    pub fn new(cells: &[(&str, &str)]) -> Self {
        let mut row = Self { cells: vec![String::new(); COLUMNS.len()], ..Self::default() };
        cells.iter().for_each(|(column, text)| row.put(column, text));
        row
    }

    /// Puts a text in a cell.
    pub fn put(&mut self, column: &str, text: &str) {
        self.cells[index(column)] = text.to_string();
    }

    /// The text in a cell.
    pub fn get(&self, column: &str) -> &str {
        &self.cells[index(column)]
    }

    /// The cells as a table keeps them: trimmed and in NFC.
    pub fn kept(&self) -> Vec<String> {
        self.cells.iter().map(|cell| cell.trim().nfc().collect()).collect()
    }

    /// The row, which must be refused for this as well.
    pub fn refused(mut self, code: &str, column: &str) -> Self {
        self.refused.push((code.into(), column.into()));
        self.refused.sort();
        self
    }

    /// The row, of which this must be said as well.
    pub fn warned(mut self, code: &str, column: &str) -> Self {
        self.warned.push((code.into(), column.into()));
        self.warned.sort();
        self
    }
}

/// What stands above a column.
pub fn heading(column: &str) -> String {
    let mut name = column.replace('_', " ");
    name[..1].make_ascii_uppercase();
    name
}

/// What findings call a column.
pub fn key(column: &str) -> String {
    column.replace('_', " ")
}

/// A table as CSV, with semicolons; a line without a row is empty.
pub fn csv(lines: &[Option<Row>]) -> String {
    let mut text = COLUMNS.map(heading).join(";") + "\r\n";
    for (at, line) in lines.iter().enumerate() {
        match line {
            Some(row) => text += &row.cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(";"),
            // A spreadsheet writes all separators of a row, an editor none.
            None if at % 2 == 0 => text += &";".repeat(COLUMNS.len() - 1),
            None => {}
        }
        text += "\r\n";
    }
    text
}

/// A cell with quotes where it needs them, and some that don't.
fn quoted(cell: &str) -> String {
    // What reading takes for an apostrophe that guards against formulas needs one more.
    let is_guard = cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(['=', '+', '-', '@', '\'']));
    let guard = if is_guard { "'" } else { "" };
    if cell.contains(['"', ';', '\r', '\n']) || cell.len() % 7 == 3 {
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    } else {
        format!("{guard}{cell}")
    }
}

/// The same table as a workbook; house numbers are numbers there.
pub fn xlsx(lines: &[Option<Row>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (across, column) in COLUMNS.into_iter().enumerate() {
        sheet.write_string(0, across as u16, heading(column)).expect("the heading is written");
    }
    for (down, row) in lines.iter().enumerate().filter_map(|(at, line)| Some((at as u32 + 1, line.as_ref()?))) {
        for (across, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let number = cell.parse::<u32>().ok().filter(|number| number.to_string() == *cell);
            let written = match number.filter(|_| across == index("huisnummer")) {
                Some(number) => sheet.write_number(down, across as u16, number),
                None => sheet.write_string(down, across as u16, cell),
            };
            written.expect("the cell is written");
        }
    }
    workbook.save_to_buffer().expect("the workbook is written")
}

/// What differs between two lists of rows with what was found in them, a line each.
pub fn difference(found: &[(u64, Vec<Found>)], wanted: &[(u64, Vec<Found>)]) -> String {
    let mut text = String::new();
    for (row, what) in found.iter().filter(|one| !wanted.contains(one)) {
        let _ = writeln!(text, "row {row} has {what:?}");
    }
    for (row, what) in wanted.iter().filter(|one| !found.contains(one)) {
        let _ = writeln!(text, "row {row} wants {what:?}");
    }
    text
}
