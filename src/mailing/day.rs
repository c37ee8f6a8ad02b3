//! Days as tables have them: ISO 8601, and what a Dutch spreadsheet shows.

use chrono::NaiveDate;

use crate::letter::words::Language;

/// The first letters of the months.
const MONTHS: [&str; 12] = ["jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];

/// The months that English programs write otherwise, short and whole.
const ENGLISH: [&str; 9] = ["mar", "may", "oct", "january", "february", "march", "june", "july", "october"];

/// The day of `2023-02-21`, `21-2-2023`, `21/02/2023`, `21.02.2023`, `21 februari 2023` or `21-feb-23`. What a spreadsheet
/// adds where a cell has a time, `T10:30`, is left out.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    let text = match text.split_once('t') {
        Some((day, _)) if is_iso(day) => day,
        _ => text.as_str(),
    };
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [one, two, three] = parts.try_into().ok()?;
    let (year, month, day) = if is_iso(text) { (one, two, three) } else { (three, two, one) };
    NaiveDate::from_ymd_opt(self::year(year)?, self::month(month)?, number(day, 2)?)
}

/// Whether a text is a day, with or without its year, as spreadsheets show one: `1-mrt`, `mrt-01`, `1-Mar-23`, `1-3-2023`,
/// `2023-03-01`. In numbers only, a year must have four digits: `1-3` is a house number.
pub(super) fn is_like(text: &str) -> bool {
    let text = text.to_lowercase();
    if text.get(..10).is_some_and(is_iso) {
        return text.len() == 10 || text[10..].starts_with('t');
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &str| number(part, 4).is_some();
    let is_name = |part: &str| !is_number(part) && (month(part).is_some() || ENGLISH.contains(&part));
    match parts.as_slice() {
        [one, two] => is_number(one) && is_name(two) || is_name(one) && is_number(two),
        [one, two, three] => {
            is_number(one) && is_name(two) && is_number(three)
                || is_number(one) && is_number(two) && three.len() == 4 && day(&text).is_some()
        }
        _ => false,
    }
}

/// Whether a text has the form `2023-02-21`.
pub(super) fn is_iso(text: &str) -> bool {
    let digit_or_dash = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(digit_or_dash)
}

fn number(text: &str, longest: usize) -> Option<u32> {
    let is_number = !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn month(text: &str) -> Option<u32> {
    if let Some(number) = number(text, 2) {
        return Some(number);
    }
    if text == "mrt" {
        return Some(3);
    }
    let is_known = Language::Nl.months().contains(&text) || MONTHS.contains(&text) || text == "sept";
    let at = MONTHS.iter().position(|month| is_known && text.starts_with(month))?;
    u32::try_from(at + 1).ok()
}

/// A year of four digits, or one of two, as Excel shows it: those up to 29 are of this century.
fn year(text: &str) -> Option<i32> {
    let year = i32::try_from(number(text, 4)?).ok()?;
    match text.len() {
        4 => Some(year).filter(|year| *year >= 1000),
        2 if year < 30 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_spreadsheets_show_them() {
        for text in [
            "2023-03-01",
            "2023-03-01T10:30",
            "1-3-2023",
            "01/03/2023",
            "1.3.2023",
            "1 maart 2023",
            "1 mrt. 2023",
            "1-mrt-23",
            "1 Maart 2023",
        ] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), Some("2023-03-01"), "{text}");
        }
        assert_eq!(day("5 sept. 2022"), day("5 september 2022"));
        assert!(day("5 sept. 2022").is_some());
        for text in ["", "maart", "2023", "31-02-2023", "3/21/2023", "1-3-0023", "1 maar 2023", "1-3-2023-4", "44986"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
