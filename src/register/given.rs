//! What people give the register: texts, days and levels, checked before any of it is recorded.
//!
//! A text is kept as Unicode has it composed (NFC), without the white space around it. What would change how a list looks
//! on a screen, or what one of the databases can't hold, is refused by name.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::contract::characters::{character_finding, unfit};
use crate::contract::nearest;
use crate::error::Finding;
use crate::letter::front::CONFIDENTIALITY;

/// The longest subject, in characters.
pub const SUBJECT: usize = 500;

/// The longest name of a person or an organisation, in characters.
pub const NAME: usize = 200;

/// The longest number, reference or kind, in characters.
pub const REFERENCE: usize = 100;

/// The longest reason, in characters.
pub const REASON: usize = 1000;

/// A text that must be there, of at most `limit` characters; `key` is its field.
///
/// # Errors
/// When it is empty, too long, or holds a character that no text may hold.
pub fn text(key: &str, value: &str, limit: usize) -> Result<String, Finding> {
    optional(key, value, limit)?.ok_or_else(|| Finding::error("empty-value").key(key))
}

/// A text that may be empty, which is none.
///
/// # Errors
/// When it is too long or holds a character that no text may hold.
pub fn optional(key: &str, value: &str, limit: usize) -> Result<Option<String>, Finding> {
    let text: String = value.trim().nfc().collect();
    if let Some((code, character)) = text.chars().find_map(|character| Some((unfit(character)?, character))) {
        return Err(character_finding(code, character).key(key));
    }
    let length = text.chars().count();
    if length > limit {
        return Err(Finding::error("text-too-long").key(key).arg("length", length).arg("limit", limit));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// Why something is done.
///
/// # Errors
/// As [`text`].
pub fn reason(value: &str) -> Result<String, Finding> {
    text("reden", value, REASON)
}

/// The kenmerk or the number of a letter, as somebody typed it.
///
/// # Errors
/// As [`text`].
pub fn id(value: &str) -> Result<String, Finding> {
    text("id", value, REFERENCE)
}

/// A day, written as `2023-02-21`, or as people write it: `21-2-2023`.
///
/// # Errors
/// When it is empty, written in another way, or no day of the calendar.
pub fn day(key: &str, value: &str) -> Result<NaiveDate, Finding> {
    let text = text(key, value, REFERENCE)?;
    calendar_day(&text).ok_or_else(|| Finding::error("day-form").key(key).arg("value", text))
}

/// The day of `2023-02-21` or, as it is written in the Netherlands, `21-2-2023`; a year before 1000, such as 0023, is a slip.
pub fn calendar_day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split('-').collect();
    let [one, two, three] = parts.try_into().ok()?;
    // Days are ordered as texts: a year has four digits.
    let (year, month, day) = if one.len() == 4 { (one, two, three) } else { (three, two, one) };
    // As a computer writes it, a month and a day have two digits.
    let shortest = if one.len() == 4 { 2 } else { 1 };
    let number = |part: &str, lengths: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let is_number = lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| is_number)
    };
    let year = i32::try_from(number(year, 4..=4)?).ok().filter(|year| *year >= 1000)?;
    NaiveDate::from_ymd_opt(year, number(month, shortest..=2)?, number(day, shortest..=2)?)
}

/// A day that has come.
///
/// # Errors
/// As [`day`], and when it is after `today`.
pub fn day_until(key: &str, value: &str, today: NaiveDate) -> Result<NaiveDate, Finding> {
    let day = day(key, value)?;
    if day > today {
        return Err(Finding::error("day-future").key(key).arg("value", day).arg("today", today));
    }
    Ok(day)
}

/// A level of the ZGW list `vertrouwelijkheidaanduiding`.
///
/// # Errors
/// When it is none of them.
pub fn level(key: &str, value: &str) -> Result<String, Finding> {
    let text = text(key, value, REFERENCE)?;
    if CONFIDENTIALITY.contains(&text.as_str()) {
        return Ok(text);
    }
    let meant = nearest(&text, CONFIDENTIALITY).unwrap_or_default();
    let finding = Finding::error("unknown-choice").key(key).arg("value", text).arg("meant", meant);
    Err(finding.arg("choices", CONFIDENTIALITY.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_composed_and_trimmed_and_hold_nothing_hidden() {
        assert_eq!(text("x", " Cafe\u{301}\n", 4), Ok("Café".into()));
        assert_eq!(optional("x", " \t\u{a0}", 4), Ok(None));
        let code = |value: &str| text("x", value, 4).unwrap_err().code;
        assert_eq!(code(""), "empty-value");
        assert_eq!(code("12345"), "text-too-long");
        assert_eq!(code("a\0b"), "character-control");
        assert_eq!(code("a\u{1b}b"), "character-control");
        assert_eq!(code("a\nb"), "character-control");
        assert_eq!(code("a\u{202e}b"), "character-bidi");
        assert_eq!(code("a\u{200b}b"), "character-invisible");
    }

    #[test]
    fn days_are_written_in_two_ways() {
        let today = "2023-02-21".parse().unwrap();
        assert_eq!(day_until("x", " 2023-02-21 ", today), Ok(today));
        assert_eq!(day("x", "1-1-1000").unwrap().to_string(), "1000-01-01");
        assert_eq!(day_until("x", "2023-02-22", today).unwrap_err().code, "day-future");
        for people in ["21-2-2023", "21-02-2023"] {
            assert_eq!(day("x", people), Ok(today), "{people}");
        }
        for wrong in [
            "21-02-23",
            "21-2023-02",
            "02/21/2023",
            "31-2-2023",
            "1-1-0000",
            "021-2-2023",
            "2023-2-21",
            "2023-02-30",
            "+2023-02-2",
            "12023-02-21",
            "0000-01-01",
            "0023-02-21",
            "21-2-0023",
            "31-12-0999",
            "vandaag",
            "２０２３-02-21",
        ] {
            assert_eq!(day("x", wrong).unwrap_err().code, "day-form", "{wrong}");
        }
    }
}
