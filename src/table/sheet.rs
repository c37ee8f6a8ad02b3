//! Workbooks: the first sheet of an XLSX or ODS file.

use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use calamine::{Data, ExcelDateTime, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::NaiveDate;
use quick_xml::events::Event;

use super::assembly::{Assembly, Placed, Shown};
use super::{Table, Typed};
use crate::error::{Error, Finding, Result};

/// Where an OpenDocument file says of what parts it is made.
const MANIFEST: &str = "META-INF/manifest.xml";

/// The most that an OpenDocument file may say of its parts, in bytes: it names a few dozen of them. A few bytes can be
/// packed that fill all memory.
const MAX_MANIFEST: u64 = 8 << 20;

/// The table on the first sheet of an Excel workbook; `shown` is the path that findings name.
///
/// # Errors
/// [`Error::Refused`] when it is no such workbook or is locked with a password, and as for [`Assembly::finish`].
pub(super) fn xlsx(bytes: &[u8], shown: &Path) -> Result<Table> {
    let mut assembly = Assembly::new(shown);
    xlsx_rows(bytes, &mut assembly).map_err(|cause| {
        let is_locked = matches!(cause, XlsxError::Password);
        unreadable(shown, "XLSX", is_locked, &cause.to_string())
    })?;
    assembly.finish()
}

/// Cell by cell: a range of cells would take room for all between the first and the last.
fn xlsx_rows(bytes: &[u8], assembly: &mut Assembly<'_>) -> std::result::Result<(), XlsxError> {
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let Some(name) = first_sheet(workbook.sheets_metadata()) else { return Ok(()) };
    let mut cells = workbook.worksheet_cells_reader(&name)?;
    let mut row: Vec<Placed> = Vec::new();
    let mut number = 0;
    while let Some(cell) = cells.next_cell()? {
        let (down, across) = cell.get_position();
        if number != down as usize + 1 {
            assembly.row(number, row.drain(..));
            number = down as usize + 1;
        }
        row.extend(shown(cell.get_value().clone().into()).map(|value| (across as usize, value)));
    }
    assembly.row(number, row);
    Ok(())
}

/// The table on the first sheet of an OpenDocument spreadsheet; `shown` is the path that findings name.
///
/// # Errors
/// [`Error::Refused`] when it is no such spreadsheet or is locked with a password, and as for [`Assembly::finish`].
pub(super) fn ods(bytes: &[u8], shown: &Path) -> Result<Table> {
    let (values, formulas) = ods_ranges(bytes).map_err(|cause| {
        let is_locked = matches!(cause, OdsError::Password);
        unreadable(shown, "ODS", is_locked, &cause.to_string())
    })?;
    let mut assembly = Assembly::new(shown);
    let (top, left) = values.start().unwrap_or_default();
    for (down, row) in (top..).zip(values.rows()) {
        let cells = (left..).zip(row).filter_map(|(across, value)| {
            let is_formula = formulas.get_value((down, across)).is_some_and(|formula| !formula.is_empty());
            Some((across as usize, ods_shown(value, is_formula)?))
        });
        assembly.row(down as usize + 1, cells);
    }
    assembly.finish()
}

fn ods_ranges(bytes: &[u8]) -> std::result::Result<(Range<Data>, Range<String>), OdsError> {
    check_content(bytes)?;
    let mut workbook: Ods<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let Some(name) = first_sheet(workbook.sheets_metadata()) else { return Ok((Range::empty(), Range::empty())) };
    Ok((workbook.worksheet_range(&name)?, workbook.worksheet_formula(&name)?))
}

/// Reads the text of an OpenDocument spreadsheet to its end: calamine waits for ever for the end of a table that is cut off.
fn check_content(bytes: &[u8]) -> std::result::Result<(), OdsError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(OdsError::Zip)?;
    let mut manifest = Vec::new();
    if let Ok(file) = archive.by_name(MANIFEST) {
        // One that can't be read names nothing.
        let _ = file.take(MAX_MANIFEST + 1).read_to_end(&mut manifest);
    }
    if manifest.len() as u64 > MAX_MANIFEST {
        return Err(OdsError::Io(std::io::Error::other(MANIFEST)));
    }
    // What is encrypted or missing is calamine's to name.
    if String::from_utf8_lossy(&manifest).contains("encryption-data") {
        return Ok(());
    }
    let Ok(content) = archive.by_name("content.xml") else { return Ok(()) };
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content));
    let (mut buffer, mut depth, mut is_begun) = (Vec::new(), 0_usize, false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(_)) => (depth, is_begun) = (depth + 1, true),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) if depth == 0 && is_begun => return Ok(()),
            Ok(Event::Eof) => return Err(OdsError::Eof("office:document-content")),
            Ok(_) => {}
            Err(error) => return Err(OdsError::Xml(error)),
        }
    }
}

/// The first sheet that its user sees.
fn first_sheet(sheets: &[calamine::Sheet]) -> Option<String> {
    let mut tables = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let first = tables.clone().next();
    tables.find(|sheet| sheet.visible == SheetVisible::Visible).or(first).map(|sheet| sheet.name.clone())
}

fn unreadable(shown: &Path, kind: &str, is_locked: bool, cause: &str) -> Error {
    let finding = Finding::error("table-unreadable").arg("file", shown.display()).arg("kind", kind);
    finding.arg("slip", if is_locked { "locked" } else { "broken" }).arg("cause", cause).into()
}

/// What a cell shows; none for nothing.
fn shown(value: Data) -> Option<Shown> {
    Some(match value {
        Data::Empty => return None,
        Data::Error(error) => Shown::Typed(error.to_string(), Typed::Fault),
        Data::Int(value) => Shown::Text(value.to_string()),
        Data::Float(value) => fraction(number(value)),
        Data::String(text) => Shown::Text(text),
        Data::Bool(value) => Shown::Text(boolean(value).to_string()),
        Data::DateTime(moment) => day(excel_moment(&moment)),
        Data::DateTimeIso(moment) => day(iso_moment(&moment)),
        Data::DurationIso(duration) => Shown::Text(iso_duration(&duration)),
    })
}

/// A number, which is as good as its text where it is whole.
fn fraction(text: String) -> Shown {
    if text.contains('.') { Shown::Typed(text, Typed::Fraction) } else { Shown::Text(text) }
}

/// A day, or else a time of any day.
fn day(text: String) -> Shown {
    if text.get(..10).is_some_and(|day| day.parse::<NaiveDate>().is_ok()) {
        Shown::Typed(text, Typed::Day)
    } else {
        Shown::Text(text)
    }
}

/// What a cell of an OpenDocument spreadsheet shows, where the error of a formula is a text like any other.
fn ods_shown(value: &Data, is_formula: bool) -> Option<Shown> {
    match value {
        Data::String(text) if is_formula && (text.starts_with('#') || text.starts_with("Err:")) => {
            Some(Shown::Typed(text.clone(), Typed::Fault))
        }
        other => shown(other.clone()),
    }
}

/// Whether something is so, in the words of a Dutch table.
pub(super) fn boolean(value: bool) -> &'static str {
    if value { "ja" } else { "nee" }
}

/// A number with a decimal point, whole ones without; to the 15 digits that spreadsheets show, so that 0.1 + 0.2 is 0.3.
pub(super) fn number(value: f64) -> String {
    let rounded = format!("{value:.14e}").parse().unwrap_or(value);
    // Zero has a sign in IEEE 754.
    if rounded == 0.0 { "0".to_string() } else { rounded.to_string() }
}

/// A date of Excel as `2023-02-21`, with a time as `2023-02-21T10:00`, a time alone as `10:00`.
fn excel_moment(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    // Day 0 is no date, and beyond the year 9999 there are none.
    if moment.is_duration() || (0.0..1.0).contains(&days) {
        return clock((days * 86_400.0).round() as i64);
    }
    if !(1.0..2_958_466.0).contains(&days) {
        return number(days);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    iso_moment(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// A moment of ISO 8601 without what is zero: midnight, seconds, parts of a second.
fn iso_moment(moment: &str) -> String {
    let Some((day, time)) = moment.split_once('T') else { return moment.to_string() };
    let time = time.split(['.', ',']).next().unwrap_or_default();
    let time = time.strip_suffix(":00").filter(|time| time.contains(':')).unwrap_or(time);
    if time == "00:00" { day.to_string() } else { format!("{day}T{time}") }
}

/// A duration of ISO 8601 such as `PT10H30M00S`, in which OpenDocument writes a time of the day.
fn iso_duration(duration: &str) -> String {
    seconds(duration).map_or_else(|| duration.to_string(), clock)
}

fn seconds(duration: &str) -> Option<i64> {
    let mut rest = duration.strip_prefix("PT")?;
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let unit = match rest.as_bytes()[end] {
            b'H' => 3600.0,
            b'M' => 60.0,
            b'S' => 1.0,
            _ => return None,
        };
        total += rest[..end].parse::<f64>().ok()? * unit;
        rest = &rest[end + 1..];
    }
    Some(total as i64)
}

/// Seconds as hours and minutes, and seconds where they are not zero.
fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let time = format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds.is_multiple_of(60) { time } else { format!("{time}:{:02}", seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_as_shown() {
        assert_eq!(number(42.0), "42");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(123_456_782.0), "123456782");
        assert_eq!(iso_moment("2023-02-21T00:00:00.000"), "2023-02-21");
        assert_eq!(iso_moment("2023-02-21T10:00:00"), "2023-02-21T10:00");
        assert_eq!(iso_moment("2023-02-21T00:00:05"), "2023-02-21T00:00:05");
        assert_eq!(iso_duration("PT10H30M00S"), "10:30");
        assert_eq!(iso_duration("P1D"), "P1D");
        let excel = |days| excel_moment(&ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, false));
        assert_eq!(excel(44978.0), "2023-02-21");
        assert_eq!(excel(44978.0 + 10.0 / 24.0), "2023-02-21T10:00");
        assert_eq!(excel(0.5), "12:00");
        assert_eq!(excel(-3.0), "-3");
    }
}
