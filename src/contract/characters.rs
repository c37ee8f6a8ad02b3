//! Characters that no text may hold, whatever the fonts have.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::error::Finding;

/// Why a character has no place in a text, as a code of a finding; none if it has.
///
/// Refused are control characters, characters without a fixed meaning, and those that steer the direction of the text or
/// show nothing.
pub fn unfit(character: char) -> Option<&'static str> {
    match character.general_category() {
        GeneralCategory::Control => Some("character-control"),
        // Those also stand for values on their way through handlebars and Markdown.
        GeneralCategory::PrivateUse => Some("character-private"),
        GeneralCategory::Format if is_bidi(character) => Some("character-bidi"),
        GeneralCategory::Format | GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => {
            Some("character-invisible")
        }
        _ => is_variation_selector(character).then_some("character-invisible"),
    }
}

/// The finding about a character, which it names by code point and, where it can be shown, by itself.
pub fn character_finding(code: &'static str, character: char) -> Finding {
    let shown =
        if character.is_control() || code != "character-without-font" { String::new() } else { character.into() };
    let point = format!("U+{:04X}", character as u32);
    Finding::error(code).arg("point", point).arg("character", shown)
}

/// A text as a finding may show it: on one line, without characters that steer a terminal, and of no more than `most`
/// characters.
pub fn printable(text: &str, most: usize) -> String {
    let fit = |c: char| match unfit(c) {
        Some(_) if c.is_whitespace() => ' ',
        Some(_) => char::REPLACEMENT_CHARACTER,
        None => c,
    };
    let mut shown: String = text.chars().take(most).map(fit).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

/// The characters that embed, override, isolate or mark a direction (UAX #9).
fn is_bidi(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{180B}'..='\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}' | '\u{FFA0}')
}
