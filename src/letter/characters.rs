//! Characters that can't be set: found in the values before layout, and named by their field after it.

use serde_json::Value as Json;

use crate::contract::characters::character_finding;
use crate::contract::check::Checked;
use crate::error::{Finding, Findings};
use crate::source::Place;

/// Calls `found` with every text of some fields and its dotted key, in order.
fn texts<'a>(fields: &'a serde_json::Map<String, Json>, found: &mut dyn FnMut(&str, &'a str)) {
    let mut key = String::new();
    fields.iter().for_each(|(name, field)| texts_under(name, field, &mut key, found));
}

fn texts_under<'a>(name: &str, value: &'a Json, key: &mut String, found: &mut dyn FnMut(&str, &'a str)) {
    let above = key.len();
    if above > 0 {
        key.push('.');
    }
    key.push_str(name);
    match value {
        Json::String(text) => found(key, text),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| texts_under(&at.to_string(), item, key, found));
        }
        Json::Object(fields) => fields.iter().for_each(|(name, field)| texts_under(name, field, key, found)),
        _ => {}
    }
    key.truncate(above);
}

/// Refuses every character that can't be set in the values under the keys that `is_printed`; `refused` says why, as a code.
pub fn check_characters(
    front: &Checked,
    is_printed: &dyn Fn(&str) -> bool,
    refused: &dyn Fn(char) -> Option<&'static str>,
    findings: &mut Findings,
) {
    texts(&front.values, &mut |key, text| {
        // One finding a field: a text in another script would otherwise fill the screen.
        let first = text.chars().find_map(|character| Some((character, refused(character)?)));
        if let Some((character, code)) = first.filter(|_| is_printed(key)) {
            findings.push(character_finding(code, character).key(key).at(front.place(key)));
        }
    });
}

/// A text with other characters than those of ASCII: whether the fonts can set it, in the end the page tells.
#[derive(Debug, Clone)]
pub struct SpecialText {
    key: String,
    text: String,
    place: Place,
}

/// The texts of a front matter, or of the settings, that are more than ASCII.
pub fn special_texts(checked: &Checked) -> Vec<SpecialText> {
    let mut special = Vec::new();
    texts(&checked.values, &mut |key, text| {
        if !text.is_ascii() {
            special.push(SpecialText { place: checked.place(key), text: text.into(), key: key.into() });
        }
    });
    special
}

/// Names the field that a finding about a character comes from, where the page only knows the template.
pub fn name_field(finding: Finding, special: &[SpecialText]) -> Finding {
    let shown = finding.args.iter().find(|(name, _)| *name == "character").map(|(_, shown)| shown.as_str());
    let shown = shown.filter(|shown| finding.code.starts_with("character-") && !shown.is_empty());
    // Towns and countries are written in capitals.
    let holds = |text: &str, shown: &str| text.contains(shown) || text.to_uppercase().contains(shown);
    match shown.and_then(|shown| special.iter().find(|field| holds(&field.text, shown))) {
        Some(field) => finding.key(&field.key).at(field.place.clone()),
        None => finding,
    }
}
