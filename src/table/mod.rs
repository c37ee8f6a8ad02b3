//! Tables of people's data, as office programs save them: read from CSV, XLSX, ODS and JSON, written as CSV and XLSX.
//!
//! A table is text: what a column means is for its reader to say. Whatever the file, the same data gives the same table:
//! names of columns in small letters, cells in NFC and trimmed, dates as `2023-02-21`, rows numbered as the spreadsheet
//! numbers them.
//!
//! What is wrong in a table is a [`Finding`] that [`Spot`] gives its file, row and column: a table may be binary, so it has
//! no line to show, and the words of the finding say where it is.

mod assembly;
mod csv;
mod encoding;
mod json;
pub mod list;
mod sheet;
mod write;

use std::path::Path;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Finding, Result};
use crate::workspace::bounded::{self, Unread};

pub use self::write::{csv, office_csv, xlsx};

/// The largest file that is read, in bytes: a workbook of half a million people is smaller.
pub const MAX_BYTES: u64 = 100 << 20;

/// A table: named columns and rows of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns that have a name, from left to right.
    pub columns: Arc<[Column]>,
    /// The rows that hold something, from top to bottom.
    pub rows: Vec<Row>,
    /// The number of the row that names the columns.
    pub header: usize,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name: trimmed, in small letters, in NFC; no two columns of a table have the same.
    pub name: String,
    /// Its position in the file, counted from 0: columns without name and content are left out of the table.
    pub position: usize,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The number by which its spreadsheet shows it: the first row is 1, which most often is the header.
    pub number: usize,
    /// From left to right; the last empty ones are left out.
    cells: Vec<String>,
    columns: Arc<[Column]>,
    /// The cells that were no text, by the index of their column, from left to right.
    typed: Vec<(usize, Typed)>,
}

/// What a cell of a workbook held, where people read it otherwise than it is given here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// A number with a fraction: `1250.5`.
    Fraction,
    /// A day, `2023-02-21`, or a moment of one, `2023-02-21T10:00`.
    Day,
    /// The error of a formula, such as `#N/A`: what becomes of its row is for its reader to say.
    Fault,
}

impl Table {
    /// An empty table with columns of these names, which must differ.
    pub fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Self {
        let columns = names.into_iter().enumerate();
        let columns = columns.map(|(position, name)| Column { name: column_name(name.as_ref()), position });
        Self { columns: columns.collect(), rows: Vec::new(), header: 1 }
    }

    /// Adds a row, with one cell for each column; cells are trimmed and brought to NFC.
    pub fn push<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells: Vec<_> = cells.into_iter().map(|cell| text(cell.as_ref())).collect();
        debug_assert!(cells.len() <= self.columns.len(), "a cell for each column");
        let number = self.rows.last().map_or(1, |row| row.number) + 1;
        self.rows.push(Row::new(number, cells, self.columns.clone()));
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }
}

impl Row {
    /// A row of a table with these columns, with one cell for each.
    pub fn new(number: usize, cells: Vec<String>, columns: Arc<[Column]>) -> Self {
        Self::with_types(number, cells, columns, Vec::new())
    }

    /// The same, with what some of the cells held, by the index of their column and in that order.
    pub fn with_types(number: usize, cells: Vec<String>, columns: Arc<[Column]>, typed: Vec<(usize, Typed)>) -> Self {
        Self { number, cells, columns, typed }
    }

    /// The cells that were no text in their workbook, by the index of their column.
    pub fn typed(&self) -> &[(usize, Typed)] {
        &self.typed
    }

    /// Whether the cell in the column at this index shows the error of a formula.
    pub fn is_fault(&self, index: usize) -> bool {
        self.typed.iter().any(|(at, typed)| *at == index && *typed == Typed::Fault)
    }

    /// Whether the cell in the column of this name shows the error of a formula.
    pub fn is_fault_in(&self, name: &str) -> bool {
        // Most rows hold nothing but text.
        !self.typed.is_empty()
            && self.columns.iter().position(|column| column.name == name).is_some_and(|index| self.is_fault(index))
    }

    /// Gives the cell in the column at this index another text, if it holds one.
    pub fn put(&mut self, index: usize, text: String) {
        if let Some(cell) = self.cells.get_mut(index) {
            *cell = text;
        }
    }

    /// The cell in the column of this name; empty if there is no such column.
    pub fn get(&self, name: &str) -> &str {
        self.columns.iter().position(|column| column.name == name).map_or("", |index| self.cell(index))
    }

    /// The cell in the column at this index of [`Table::columns`]; empty beyond the last.
    pub fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }

    /// The cells, one for each column.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.columns.len()).map(|index| self.cell(index))
    }

    /// The cells with the names of their columns.
    pub fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|column| column.name.as_str()).zip(self.cells())
    }
}

/// Where in a table something was found.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    /// The path of the table as its user knows it.
    pub file: &'a Path,
    /// The number of the row, as in [`Row::number`].
    pub row: usize,
    /// The name of the column, or its letters where the name is what is wrong; none for a row as a whole.
    pub column: Option<&'a str>,
}

impl Spot<'_> {
    /// The finding with this spot: `$file`, `$row` and `$column` are at hand in its message, and its key is the column.
    pub fn put(&self, finding: Finding) -> Finding {
        let finding = finding.arg("file", self.file.display()).arg("row", self.row);
        match self.column {
            Some(column) => finding.arg("column", column).key(column),
            None => finding,
        }
    }
}

/// The kinds of file that a table is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Separated by semicolons, commas or tabs: whichever the file uses.
    Csv,
    /// Separated by tabs.
    Tsv,
    /// Excel's.
    Xlsx,
    /// OpenDocument's.
    Ods,
    /// An array of objects.
    Json,
}

impl Format {
    /// The format that the extension of a path names.
    ///
    /// # Errors
    /// [`Error::Refused`] if it names none that is read, with the choices.
    pub fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref().unwrap_or_default() {
            "csv" | "txt" => Ok(Self::Csv),
            "tsv" => Ok(Self::Tsv),
            "xlsx" => Ok(Self::Xlsx),
            "ods" => Ok(Self::Ods),
            "json" => Ok(Self::Json),
            _ => Err(Finding::error("table-extension")
                .arg("file", path.display())
                .arg("choices", ".csv, .txt, .tsv, .xlsx, .ods, .json")
                .into()),
        }
    }
}

/// Reads a table in the format that its extension names; `shown` is the path that findings name.
///
/// # Errors
/// [`Error::Refused`] when it does not exist, is larger than [`MAX_BYTES`], is of another format than its extension says,
/// or when its columns or rows are not those of a table, with every such row; [`Error::Outside`] when the system can't
/// read it.
pub fn read(path: &Path, shown: &Path) -> Result<Table> {
    let format = Format::of(shown)?;
    parse(bytes(path, shown)?, format, shown)
}

/// A table from the bytes of a file.
///
/// # Errors
/// [`Error::Refused`] as for [`read`].
pub fn parse(bytes: Vec<u8>, format: Format, shown: &Path) -> Result<Table> {
    match format {
        Format::Csv | Format::Tsv => csv::read(&encoding::decode(bytes, shown)?, format, shown),
        Format::Xlsx => sheet::xlsx(&bytes, shown),
        Format::Ods => sheet::ods(&bytes, shown),
        Format::Json => json::read(&encoding::decode(bytes, shown)?, shown),
    }
}

fn bytes(path: &Path, shown: &Path) -> Result<Vec<u8>> {
    bounded::read(path, MAX_BYTES).map_err(|cause| match cause {
        Unread::Missing => Finding::error("file-missing").arg("path", shown.display()).into(),
        Unread::Folder => Finding::error("table-is-folder").arg("file", shown.display()).into(),
        Unread::TooLarge(size) => {
            let finding = Finding::error("table-too-large").arg("file", shown.display());
            finding.arg("size", size.div_ceil(1 << 20)).arg("limit", MAX_BYTES >> 20).into()
        }
        Unread::Failed(cause) => Error::io("read", path, cause),
    })
}

/// A text as cells hold it: NFC, without white space around it.
fn text(raw: &str) -> String {
    let raw = raw.trim();
    if raw.is_ascii() { raw.to_string() } else { raw.nfc().collect() }
}

/// A name as columns have it.
fn column_name(raw: &str) -> String {
    text(&raw.to_lowercase())
}

/// The letters by which a spreadsheet names the column at this position, counted from 0: `A`, …, `Z`, `AA`.
pub fn letters(position: usize) -> String {
    let last = char::from(b'A' + (position % 26) as u8);
    match position / 26 {
        0 => last.to_string(),
        before => format!("{}{last}", letters(before - 1)),
    }
}

#[cfg(test)]
mod tests;
