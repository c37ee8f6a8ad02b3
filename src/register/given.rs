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

/// A day, written as `2023-02-21`.
///
/// # Errors
/// When it is empty, written in another way, or no day of the calendar.
pub fn day(key: &str, value: &str) -> Result<NaiveDate, Finding> {
    let text = text(key, value, REFERENCE)?;
    // Days are ordered as texts: four digits, two and two, and nothing else.
    let is_form = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
        && !text.starts_with("0000");
    let day = text.parse().ok().filter(|_| is_form);
    day.ok_or_else(|| Finding::error("date-impossible").key(key).arg("value", text))
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
    fn days_are_written_in_one_way() {
        let today = "2023-02-21".parse().unwrap();
        assert_eq!(day_until("x", " 2023-02-21 ", today), Ok(today));
        assert_eq!(day_until("x", "2023-02-22", today).unwrap_err().code, "day-future");
        for wrong in [
            "21-02-2023",
            "2023-2-21",
            "2023-02-30",
            "+2023-02-2",
            "12023-02-21",
            "0000-01-01",
            "vandaag",
            "２０２３-02-21",
        ] {
            assert_eq!(day("x", wrong).unwrap_err().code, "date-impossible", "{wrong}");
        }
    }
}
