//! Characters that can't be set: found in the values before layout, and named by their field after it.

use crate::contract::characters::character_finding;
use crate::contract::check::Checked;
use crate::error::{Finding, Findings};
use crate::source::Place;

/// Every text of a value with its dotted key, in order.
fn texts<'a>(value: &'a serde_json::Value, key: &str, found: &mut Vec<(String, &'a str)>) {
    let join = |name: &str| if key.is_empty() { name.to_string() } else { format!("{key}.{name}") };
    match value {
        serde_json::Value::String(text) => found.push((key.to_string(), text)),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| texts(item, &join(&at.to_string()), found));
        }
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, field)| texts(field, &join(name), found)),
        _ => {}
    }
}

/// Refuses every character that can't be set in the values under the keys that `is_printed`; `refused` says why, as a code.
pub fn check_characters(
    front: &Checked,
    is_printed: &dyn Fn(&str) -> bool,
    refused: &dyn Fn(char) -> Option<&'static str>,
    findings: &mut Findings,
) {
    let whole = serde_json::Value::Object(front.values.clone());
    let mut found = Vec::new();
    texts(&whole, "", &mut found);
    for (key, text) in found.into_iter().filter(|(key, _)| is_printed(key)) {
        // One finding a field: a text in another script would otherwise fill the screen.
        if let Some((character, code)) = text.chars().find_map(|character| Some((character, refused(character)?))) {
            findings.push(character_finding(code, character).key(&key).at(front.place(&key)));
        }
    }
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
    let whole = serde_json::Value::Object(checked.values.clone());
    let mut found = Vec::new();
    texts(&whole, "", &mut found);
    found.retain(|(_, text)| !text.is_ascii());
    let special = |(key, text): (String, &str)| SpecialText { place: checked.place(&key), text: text.into(), key };
    found.into_iter().map(special).collect()
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
