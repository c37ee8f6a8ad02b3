//! Tables as files that office programs open.

use std::path::Path;

use chrono::NaiveDateTime;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, IgnoreError, Workbook, Worksheet, XlsxError};

use super::csv::guarded;
use super::{Spot, Table};
use crate::error::{Error, Finding, Findings, Result};

/// The most rows of a sheet, the header among them (Excel specifications and limits).
const MAX_ROWS: usize = 1 << 20;

/// The most columns of a sheet.
const MAX_COLUMNS: usize = 1 << 14;

/// The longest text of a cell, in units of UTF-16.
const MAX_TEXT: usize = 32_767;

/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// How many rows the width of a column is measured on.
const MEASURED: usize = 1000;

/// The table as CSV: commas, line feeds, UTF-8, quotes where needed (RFC 4180).
///
/// A text that a spreadsheet would take for a formula gets a `'` before it, which reading takes away again.
pub fn csv(table: &Table) -> Vec<u8> {
    let names: Vec<_> = table.columns.iter().map(|column| guarded(&column.name)).collect();
    // Where a name holds what another dialect separates by, quotes tell that this file doesn't.
    let is_doubtful = names.iter().any(|name| name.contains([';', '\t', '\u{feff}']) || name.starts_with("sep="));
    let quotes = if is_doubtful { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary };
    let mut bytes = records(::csv::WriterBuilder::new().quote_style(quotes), std::iter::once(names));
    let rows = table.rows.iter().map(|row| row.cells().map(guarded).collect());
    bytes.append(&mut records(&::csv::WriterBuilder::new(), rows));
    bytes
}

/// The table as CSV for a spreadsheet program in the Netherlands, which opens it in columns without being asked: semicolons,
/// UTF-8 with a byte order mark; formulas are guarded as in [`csv()`].
pub fn office_csv(table: &Table) -> Vec<u8> {
    let names = std::iter::once(table.columns.iter().map(|column| guarded(&column.name)).collect());
    let rows = names.chain(table.rows.iter().map(|row| row.cells().map(guarded).collect()));
    let mut builder = ::csv::WriterBuilder::new();
    builder.delimiter(b';').terminator(::csv::Terminator::CRLF);
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.append(&mut records(&builder, rows));
    bytes
}

fn records(builder: &::csv::WriterBuilder, rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = builder.from_writer(Vec::new());
    for row in rows.filter(|row| !row.is_empty()) {
        writer.write_record(row).expect("memory takes all, and rows are of one length");
    }
    writer.into_inner().expect("memory takes all")
}

/// The table as an Excel workbook in which every cell is text: numbers keep their zeros, and nothing is a formula.
///
/// `created` stands in the properties of the workbook; `shown` is the path that findings name.
///
/// # Errors
/// [`Error::Refused`] when the table has more rows or columns, or a cell more text, than a sheet can hold.
pub fn xlsx(table: &Table, created: NaiveDateTime, shown: &Path) -> Result<Vec<u8>> {
    check_limits(table, shown)?;
    // All that the library refuses, the check above has refused before.
    workbook(table, created).map_err(|cause| Error::io("write", shown, cause))
}

fn workbook(table: &Table, created: NaiveDateTime) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Years that Excel knows: 1900 to 9999.
    let seconds = created.and_utc().timestamp().clamp(-2_208_988_800, 253_402_300_799);
    let created = ExcelDateTime::from_timestamp(seconds)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet();
    if !table.columns.is_empty() {
        fill(sheet, table)?;
    }
    workbook.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, table: &Table) -> std::result::Result<(), XlsxError> {
    // What is typed in later stays text too.
    let plain = Format::new().set_num_format("@");
    let bold = Format::new().set_bold();
    let last = (row(table.rows.len()), column(table.columns.len() - 1));
    for (index, named) in table.columns.iter().enumerate() {
        sheet.set_column_width(column(index), width(table, index) as f64)?;
        sheet.set_column_format(column(index), &plain)?;
        sheet.write_string_with_format(0, column(index), &named.name, &bold)?;
    }
    for (down, cells) in table.rows.iter().enumerate() {
        for (across, text) in cells.cells().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write_string_with_format(row(down + 1), column(across), text, &plain)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last.0, last.1)?;
    // A number that is text on purpose needs no green corner.
    sheet.ignore_error_range(0, 0, last.0, last.1, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// The numbers of rows and columns within the limits that were checked.
fn row(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn column(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

/// The width of a column: its longest line, within reason.
fn width(table: &Table, index: usize) -> usize {
    let cells = table.rows.iter().take(MEASURED).map(|row| row.cell(index));
    let lines = cells.chain([table.columns[index].name.as_str()]).flat_map(str::lines);
    let longest = lines.map(|line| line.chars().count()).max().unwrap_or_default();
    // Two more for the button of the filter.
    (longest + 2).clamp(WIDTHS.0, WIDTHS.1)
}

fn check_limits(table: &Table, shown: &Path) -> Result<()> {
    let mut findings = Findings::default();
    if table.rows.len() >= MAX_ROWS || table.columns.len() > MAX_COLUMNS {
        let finding = Finding::error("table-too-big").arg("file", shown.display());
        findings.push(finding.arg("rows", MAX_ROWS - 1).arg("columns", MAX_COLUMNS));
    }
    let is_long = |text: &str| text.len() > MAX_TEXT && text.encode_utf16().count() > MAX_TEXT;
    for row in &table.rows {
        for (name, _) in row.named().filter(|(_, text)| is_long(text)) {
            let spot = Spot { file: shown, row: row.number, column: Some(name) };
            findings.push(spot.put(Finding::error("table-text-too-long").arg("limit", MAX_TEXT)));
        }
    }
    findings.refuse_errors().map(|_| ())
}
