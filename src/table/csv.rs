//! CSV: the dialects of office programs in, RFC 4180 out.

use std::path::Path;

use super::assembly::{Assembly, Shown};
use super::{Format, Table};
use crate::error::{Error, Finding, Result};

/// Stands for a separator in a table of one column: no byte of UTF-8 has this value, so nothing is separated by it.
const NONE: u8 = 0xFF;

/// A table from the text of a CSV file; `shown` is the path that findings name.
///
/// # Errors
/// [`Error::Refused`] when a quoted cell is not closed or is followed by more text, and as for [`Assembly::finish`].
pub(super) fn read(text: &str, format: Format, shown: &Path) -> Result<Table> {
    let (separator, text, skipped) = match named_separator(text) {
        Some((separator, length)) => (separator, &text[length..], 1),
        None => (found_separator(text, format), text, 0),
    };
    check_quotes(text, separator).map_err(|broken| {
        let line = text[..broken.at].matches('\n').count() + 1 + skipped;
        let finding = Finding::error("table-quote").arg("file", shown.display()).arg("line", line);
        Error::from(finding.arg("slip", broken.slip))
    })?;
    records(text, separator, shown)
}

fn records(text: &str, separator: u8, shown: &Path) -> Result<Table> {
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut assembly = Assembly::new(shown);
    let mut record = ::csv::StringRecord::new();
    let mut number = 0;
    loop {
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // The reader passes over empty lines; a spreadsheet counts them.
        number += empty_lines(text, end) + 1;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return assembly.finish(),
            // Reading from memory does not fail, and the text is UTF-8.
            Err(cause) => return Err(Error::io("read", shown, cause)),
        }
        let cells = record.iter().map(|cell| Shown::Text(unguarded(cell.trim()).to_string()));
        assembly.row(number, cells.enumerate());
    }
}

/// How many empty lines stand where the record before ended.
fn empty_lines(text: &str, end: usize) -> usize {
    let Some(rest) = text.get(end..) else { return 0 };
    // The reader may end a record between the two characters of one line break.
    let rest = if text[..end].ends_with('\r') { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    let breaks = &rest[..rest.len() - rest.trim_start_matches(['\r', '\n']).len()];
    breaks.len() - breaks.matches("\r\n").count()
}

/// The separator that the first line names and the length of that line: `sep=;`, which Excel understands and hides.
fn named_separator(text: &str) -> Option<(u8, usize)> {
    let line = text.split(['\r', '\n']).next()?;
    let name = line.get(..4).filter(|name| name.eq_ignore_ascii_case("sep="))?;
    let [separator] = line.as_bytes()[name.len()..] else { return None };
    let after = &text[line.len()..];
    let end = if after.starts_with("\r\n") { 2 } else { after.len().min(1) };
    let is_separator = separator == b'\t' || separator.is_ascii_punctuation() && !matches!(separator, b'"' | b'\'');
    is_separator.then_some((separator, line.len() + end))
}

/// The separator that the first line with text uses outside quotes.
///
/// A tab is never part of a column's name and a semicolon hardly ever; a comma may be, so it counts only without these.
fn found_separator(text: &str, format: Format) -> u8 {
    if format == Format::Tsv {
        return b'\t';
    }
    let mut is_quoted = false;
    let mut found = NONE;
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'\r' | b'\n' => break,
            b'\t' => return b'\t',
            b';' => found = b';',
            b',' if found == NONE => found = b',',
            _ => {}
        }
    }
    found
}

/// A quote that is not in order.
struct Broken {
    /// The byte in the text where it begins.
    at: usize,
    /// What is wrong, an argument of the message.
    slip: &'static str,
}

/// Holds the quotes against RFC 4180: a cell that begins with one ends with one. Without this the `csv` crate takes the
/// rest of the file for one cell.
fn check_quotes(text: &str, separator: u8) -> std::result::Result<(), Broken> {
    let bytes = text.as_bytes();
    let ends_cell = |byte: u8| byte == separator || byte == b'\r' || byte == b'\n';
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'"' {
            let start = at;
            at = closing(bytes, start).ok_or(Broken { at: start, slip: "open" })? + 1;
            at += bytes[at..].iter().take_while(|byte| **byte == b' ').count();
            if bytes.get(at).is_some_and(|byte| !ends_cell(*byte)) {
                return Err(Broken { at: start, slip: "after" });
            }
        } else {
            at += bytes[at..].iter().take_while(|byte| !ends_cell(**byte)).count();
        }
        at += 1;
    }
    Ok(())
}

/// Where the quote that opens at `start` closes; a doubled quote stands for one in the text.
fn closing(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Whether a spreadsheet would take a text that begins so for a formula (OWASP, “CSV injection”).
fn begins_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// The text with a `'` before it where a spreadsheet would take it for a formula, or [`unguarded`] would take one away.
pub(super) fn guarded(text: &str) -> String {
    let is_guarded = |rest: &str| rest.starts_with(|first| begins_formula(first) || first == '\'');
    if text.starts_with(begins_formula) || text.strip_prefix('\'').is_some_and(is_guarded) {
        format!("'{text}")
    } else {
        text.to_string()
    }
}

/// The text without the `'` that [`guarded`] put before it.
fn unguarded(text: &str) -> &str {
    let rest = text.strip_prefix('\'');
    rest.filter(|rest| rest.starts_with(|first| begins_formula(first) || first == '\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_found_in_the_header() {
        let found = |text| char::from(found_separator(text, Format::Csv));
        assert_eq!(found("naam;plaats\nJansen, J.;Gouda"), ';');
        assert_eq!(found("naam, voorletters;adres, nummer;plaats, land"), ';');
        assert_eq!(found("\"a;b\",c\nx;y,z"), ',');
        assert_eq!(found("\r\nnaam\tplaats\n"), '\t');
        assert_eq!(found("naam\nJansen, J.\n"), char::from(NONE));
        assert_eq!(found_separator("naam, voornaam", Format::Tsv), b'\t');
        assert_eq!(named_separator("sep=;\r\nnaam"), Some((b';', 7)));
        assert_eq!(named_separator("SEP=|"), Some((b'|', 5)));
        assert_eq!(named_separator("sep=x\n"), None);
        assert_eq!(named_separator("separaat;b"), None);
    }

    #[test]
    fn a_guard_is_one_apostrophe() {
        for (plain, written) in [
            ("=1", "'=1"),
            ("+31 6", "'+31 6"),
            ("'=1", "''=1"),
            ("''s", "'''s"),
            ("'s-Gravenhage", "'s-Gravenhage"),
            ("'", "'"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(guarded(plain), written);
            assert_eq!(unguarded(written), plain);
        }
    }
}
