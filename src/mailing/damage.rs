//! What spreadsheets make of a cell before they save it: an error in place of a value, a house number that became a day, a
//! long number that lost its digits. Once the table is saved as CSV, it is text like any other.

use super::day;
use super::recipients::{Fills, printable};
use crate::error::Finding;

/// The errors of formulas, in the words of Excel and LibreOffice, Dutch and English.
const ERRORS: [&str; 29] = [
    "#N/B",
    "#N/A",
    "#VERW!",
    "#REF!",
    "#WAARDE!",
    "#VALUE!",
    "#DEEL/0!",
    "#DIV/0!",
    "#NAAM?",
    "#NAME?",
    "#GETAL!",
    "#NUM!",
    "#LEEG!",
    "#NULL!",
    "#OVERLOPEN!",
    "#OVERLOOP!",
    "#SPILL!",
    "#BEREKENEN!",
    "#CALC!",
    "#VELD!",
    "#FIELD!",
    "#GEBLOKKEERD!",
    "#BLOCKED!",
    "#ONBEKEND!",
    "#UNKNOWN!",
    "#BEZET!",
    "#BUSY!",
    "#GEGEVENS_OPHALEN",
    "#GETTING_DATA",
];

/// What is wrong with a cell that a spreadsheet made something else of, by what its column fills; `is_fault` where a
/// workbook itself says that it shows an error.
pub(super) fn finding(fills: &Fills, text: &str, is_fault: bool) -> Option<Finding> {
    if is_fault || is_error(text) {
        return Some(Finding::error("mail-cell-error").arg("value", printable(text)));
    }
    let is_house_number = matches!(fills, Fills::Addressee(name) if name == "huisnummer" || name == "postbus");
    if is_scientific(text) {
        // A text may speak of such a number; on a door there is none.
        let found = if is_house_number { Finding::error } else { Finding::warning };
        return Some(found("mail-number-scientific").arg("value", printable(text)));
    }
    if is_house_number && day::is_like(text) {
        return Some(Finding::error("mail-number-is-day").arg("value", printable(text)));
    }
    if is_house_number && is_decimal(text) {
        return Some(Finding::error("mail-number-decimal").arg("value", printable(text)));
    }
    None
}

/// Whether a cell holds nothing but the error of a formula, or the `####` of a column that is too narrow.
fn is_error(text: &str) -> bool {
    let code = ["Err:", "Fout:"].iter().find_map(|start| text.strip_prefix(start));
    let is_code = |code: &str| code.len() == 3 && digits(code) == 3;
    let is_narrow = text.len() >= 3 && text.bytes().all(|byte| byte == b'#');
    is_narrow || code.is_some_and(is_code) || ERRORS.iter().any(|error| error.eq_ignore_ascii_case(text))
}

/// Whether a text is a number with an exponent as spreadsheets write one: `6,12E+08`, `6.12345678E8`. `1E2` is none: that is
/// a house number with an addition too.
fn is_scientific(text: &str) -> bool {
    let Some((before, exponent)) = text.split_once(['E', 'e']) else { return false };
    let signed = exponent.strip_prefix(['+', '-']);
    let power = signed.unwrap_or(exponent);
    let before = before.strip_prefix('-').unwrap_or(before);
    let (whole, fraction) = before.split_once([',', '.']).unwrap_or((before, ""));
    let is_number = digits(whole) == 1 && whole.len() == 1 && digits(fraction) == fraction.len();
    let has_power = (1..=3).contains(&power.len()) && digits(power) == power.len();
    is_number && has_power && (signed.is_some() || !fraction.is_empty())
}

/// Whether a text is a whole number with zeros for decimals: `12.0`, `12,00`.
fn is_decimal(text: &str) -> bool {
    text.split_once([',', '.']).is_some_and(|(whole, zeros)| {
        let is_whole = !whole.is_empty() && digits(whole) == whole.len();
        is_whole && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0')
    })
}

/// With how many digits a text begins.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(field: &str, text: &str) -> Option<&'static str> {
        let fills = if field == "bedrag" { Fills::Row(field.into()) } else { Fills::Addressee(field.into()) };
        finding(&fills, text, false).map(|finding| finding.code)
    }

    #[test]
    fn errors_of_formulas_are_known_in_two_languages() {
        for text in
            ["#N/B", "#n/a", "#VERW!", "#WAARDE!", "#VALUE!", "#REF!", "#DEEL/0!", "Err:502", "Fout:508", "####"]
        {
            assert_eq!(code("bedrag", text), Some("mail-cell-error"), "{text}");
        }
        for text in ["#", "##", "#1 op de lijst", "#N/B en meer", "Err:", "Err:5022", "Fout: 502"] {
            assert_eq!(code("bedrag", text), None, "{text}");
        }
        // A workbook knows its own errors, whatever they are called.
        let known = finding(&Fills::Row("bedrag".into()), "#DATA!", true).map(|finding| finding.code);
        assert_eq!(known, Some("mail-cell-error"));
    }

    #[test]
    fn a_number_that_is_no_longer_one_is_found() {
        for text in ["6.12345678E8", "6,12E+08", "6E+08", "-1,5e-3"] {
            assert_eq!(code("bedrag", text), Some("mail-number-scientific"), "{text}");
            let found = finding(&Fills::Addressee("huisnummer".into()), text, false).expect("a finding");
            assert_eq!(found.severity, crate::error::Severity::Error, "{text}");
        }
        for text in ["1E2", "12E+1", "2,5E", "E+08", "6,1E+0800", "een", "Erik", "1,5 E+08"] {
            assert_eq!(code("bedrag", text), None, "{text}");
        }
    }

    #[test]
    fn a_house_number_is_no_day_and_has_no_decimals() {
        for text in ["1-mrt", "mrt-01", "3-okt-23", "01-03-2023", "2023-03-01", "2023-03-01T10:30", "1-Mar", "12 mei"] {
            assert_eq!(code("huisnummer", text), Some("mail-number-is-day"), "{text}");
            assert_eq!(code("bedrag", text), None, "{text}");
        }
        for text in ["12.0", "12,00"] {
            assert_eq!(code("huisnummer", text), Some("mail-number-decimal"), "{text}");
            assert_eq!(code("bedrag", text), None, "{text}");
        }
        for text in ["1-3", "12-3-15", "2 A", "12-bis", "10-hs", "1.a", "12.5", ".0", "2-1-2023a", "mei", "4 t/o 12"] {
            assert_eq!(code("huisnummer", text), None, "{text}");
        }
        assert_eq!(code("postbus", "12.0"), Some("mail-number-decimal"));
    }
}
