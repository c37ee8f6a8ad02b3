//! Values are text: what goes in comes out of the PDF as it was, or is refused by name.
//!
//! The text of a PDF is what poppler reads from it. Where a letter is made of marks at heights of their own, poppler and
//! MuPDF put parts of it twice; `tests/outside/text_of.py` reads the file as its format says, and agrees.

use postkamer::error::Severity;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::outside::{Pile, script};
use crate::paper::{Desk, refusal, toml};
use crate::text_values::{LETTERS, NASTY, REFUSED, RIGHT_TO_LEFT, TEMPLATES, To, letter, settings};

/// What stands for a value in the letter that others are held against; its town is in capitals.
const PLAIN: &str = "Wxyz";

/// Text as it is compared: NFC, without white space and the marks that poppler puts around runs from right to left.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{202A}'..='\u{202E}'));
    kept.nfc().collect()
}

/// A workspace whose settings hold a value wherever letters show one.
fn desk(value: &str) -> Desk {
    Desk::changed(|files| files.write("postkamer.toml", settings(value)))
}

fn texts(pile: &Pile) -> Option<Vec<String>> {
    (0..pile.files.len()).map(|at| pile.text(at).map(|text| bare(&text))).collect()
}

/// The texts of letters that hold a value everywhere, one a template, with a kind of addressee that `turn` chooses.
fn texts_with(value: &str, turn: usize) -> Option<Vec<String>> {
    let desk = desk(value);
    let mut pile = Pile::new();
    for (at, (template, own)) in TEMPLATES.into_iter().enumerate() {
        let to = To::ALL[(turn + at) % To::ALL.len()];
        let pdf = desk.pdf(&letter(template, own, to, value));
        pile.add(template, &pdf.unwrap_or_else(|error| panic!("{value:?} in {template}: {error:?}")));
    }
    texts(&pile)
}

#[test]
fn nasty_values_are_on_the_page_as_they_are() {
    let mut plain = Vec::new();
    for turn in 0..To::ALL.len() {
        let Some(texts) = texts_with(PLAIN, turn) else { return };
        assert!(texts.iter().all(|text| text.matches(PLAIN).count() > 25), "{texts:?}");
        plain.push(texts);
    }
    for (turn, value) in NASTY.into_iter().chain(LETTERS).enumerate() {
        let found = texts_with(value, turn).expect("poppler is there");
        for (plain, found) in plain[turn % To::ALL.len()].iter().zip(found) {
            // Georgian has capitals for headlines only.
            let large = if value == "ქართული" { bare(value) } else { bare(value).to_uppercase() };
            let expected: String = plain.replace(PLAIN, &bare(value)).replace(&PLAIN.to_uppercase(), &large);
            assert_eq!(found, expected.nfc().collect::<String>(), "{value}");
        }
    }
}

#[test]
fn what_cannot_be_set_is_refused_by_name() {
    let plain = desk(PLAIN);
    for (turn, (character, code)) in REFUSED.into_iter().enumerate() {
        let value = format!("a{character}b");
        let (template, own) = TEMPLATES[turn % TEMPLATES.len()];
        let text = letter(template, own, To::ALL[turn % To::ALL.len()], &value);
        let findings = refusal(plain.pdf(&text));
        let point = ("point", format!("U+{:04X}", character as u32));
        let fields = text.split("\n+++").next().unwrap_or_default().matches(&toml(&value)).count();
        let about_it: Vec<_> = findings.iter().filter(|finding| finding.code == code).collect();
        assert_eq!(about_it.len(), fields, "{value:?}: {findings:?}");
        for finding in about_it {
            assert!(finding.args.contains(&point) && finding.key.is_some() && finding.place.is_some(), "{finding:?}");
        }
    }
}

#[test]
fn settings_are_refused_by_name_too() {
    let settings = settings("a\u{202E}b");
    let desk = Desk::changed(|files| files.write("postkamer.toml", &settings));
    let findings = refusal(desk.pdf(&letter("ser-brief", &[], To::Person, PLAIN)));
    assert_eq!(findings.len(), settings.matches("a\u{202E}b").count(), "{findings:?}");
    assert!(findings.iter().all(|finding| finding.code == "character-bidi"));
}

/// In the file, glyphs stand from left to right; their order is each reader's to restore, and poppler keeps words of a
/// line from left to right. So what can be held against what went in is which characters there are.
#[test]
fn text_from_right_to_left_loses_nothing() {
    let sorted = |text: &str| {
        let mut characters: Vec<char> = text.chars().collect();
        characters.sort_unstable();
        characters
    };
    for (turn, value) in RIGHT_TO_LEFT.into_iter().enumerate() {
        let (Some(plain), Some(found)) = (texts_with(PLAIN, turn), texts_with(value, turn)) else { return };
        for (plain, found) in plain.iter().zip(found) {
            let expected =
                plain.replace(PLAIN, &bare(value)).replace(&PLAIN.to_uppercase(), &bare(value).to_uppercase());
            assert_eq!(sorted(&found), sorted(&expected), "{value}");
        }
    }
}

/// A letter whose body shows many values, each between words of its own.
fn many(values: &[String]) -> String {
    let mut front = String::from("sjabloon = 'ser-brief'\nonderwerp = 'x'\nondertekening = 'proef'\n");
    front += "[ontvanger]\norganisatie = 'x'\n[rij]\n";
    let mut body = String::new();
    for (at, value) in values.iter().enumerate() {
        front += &format!("v{at} = {}\n", toml(value));
        // Paragraphs, items, cells, headings and code by turns.
        let shown = format!("van{at}tot {{{{rij.v{at}}}}} tot{at}van");
        body += &match at % 5 {
            0 => format!("{shown}\n\n"),
            1 => format!("- *{shown}*\n\n"),
            2 => format!("| a | {shown} |\n|---|---|\n| b | c |\n\n"),
            3 => format!("# {shown}\n\n"),
            _ => format!("> **{shown}**\n\n"),
        };
    }
    format!("+++\n{front}+++\n\n{body}")
}

/// Every value is in the text between its words.
fn check_many(desk: &Desk, values: &[String]) -> Result<(), TestCaseError> {
    let mut pile = Pile::new();
    pile.add("x", &desk.pdf(&many(values)).map_err(|error| TestCaseError::fail(format!("{error:?}")))?);
    let Some(text) = pile.text(0) else { return Ok(()) };
    let text = bare(&text);
    for (at, value) in values.iter().enumerate() {
        let expected = bare(&format!("van{at}tot {} tot{at}van", value.nfc().collect::<String>()));
        prop_assert!(text.contains(&expected), "{:?} is not in {}", expected, text);
    }
    Ok(())
}

/// Whether a character is of a script from right to left, for which see [`text_from_right_to_left_loses_nothing`].
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// The characters that the fonts have, from left to right, without the marks that stand on others.
fn settable(desk: &Desk) -> Vec<char> {
    let fonts = desk.press.fonts();
    let all = ('!'..='\u{1FFFF}').filter(|&c| fonts.refused(c).is_none() && !c.is_whitespace() && !runs_left(c));
    all.filter(|c| c.nfc().eq([*c])).collect()
}

#[test]
fn every_character_of_the_fonts_is_read_as_itself() {
    let desk = desk(PLAIN);
    let all = settable(&desk);
    assert!(all.len() > 4500, "{}", all.len());
    let mut pile = Pile::new();
    let values: Vec<String> = all.chunks(4).map(|part| part.iter().collect()).collect();
    for values in values.chunks(300) {
        check_many(&desk, values).expect("all is there");
    }
    // What poppler reads is what the file says.
    pile.add("x", &desk.pdf(&many(&values[..300])).expect("it was set"));
    let Some(read) = script("text_of.py", &[], &pile.files) else { return };
    let ours = bare(read[0].as_str().expect("a text"));
    for (at, value) in values[..300].iter().enumerate() {
        assert!(ours.contains(&bare(&format!("van{at}tot {value} tot{at}van"))), "{value:?} in {ours}");
    }
}

#[test]
fn any_text_is_set_or_refused() {
    let desk = desk(PLAIN);
    let all = settable(&desk);
    let marks: Vec<char> = all.iter().copied().filter(|&c| unicode_normalization::char::is_combining_mark(c)).collect();
    let from_fonts = prop::collection::vec(prop::sample::select(all), 1..12);
    let marked = ("[a-zA-ZæøΑ-ωа-я ]", prop::collection::vec(prop::sample::select(marks), 1..4));
    let piece = prop_oneof![
        4 => from_fonts.prop_map(String::from_iter),
        2 => marked.prop_map(|(letter, marks)| letter + &String::from_iter(marks)),
        2 => "[ -~]{1,20}",
        1 => any::<char>().prop_filter("from right to left", |&c| !runs_left(c)).prop_map(String::from),
    ];
    let value = prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat());
    let config = ProptestConfig { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..Default::default() };
    proptest!(config, |(values in prop::collection::vec(value, 60))| {
        let refused = |text: &str| text.nfc().any(|c| desk.press.fonts().refused(c).is_some());
        let (bad, good): (Vec<String>, Vec<String>) = values.into_iter().partition(|value| refused(value));
        check_many(&desk, &good)?;
        if !bad.is_empty() {
            let mut findings = refusal(desk.pdf(&many(&bad)));
            findings.retain(|finding| finding.severity == Severity::Error);
            prop_assert_eq!(findings.len(), bad.len(), "{:?}", findings);
        }
    });
}
