//! A new letter file: the keys its template knows, with a line of help each, ready to be filled in.

use std::fmt::Write as _;

use super::words::Language;
use crate::contract::{Contract, Field, Kind};
use crate::workspace::settings::Settings;

/// The text of a new letter file.
///
/// Keys that must be there stand open, the others as comments; `known` are the dotted keys that have a value already,
/// `default_of` is what the template proposes for a field, `body` the Markdown below.
pub fn letter_file<'a>(
    template: &str,
    contract: &Contract,
    settings: &Settings,
    default_of: impl Fn(&str) -> Option<&'a str>,
    known: &[(&str, String)],
    body: &str,
) -> String {
    let mut text = String::from("+++\n");
    let known = |key: &str| known.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str());
    let (tables, fields): (Vec<&Field>, Vec<&Field>) =
        contract.fields.iter().partition(|field| matches!(field.kind, Kind::Table(_) | Kind::Map(_)));
    for field in fields {
        let choices: Vec<&str> = match field.name.as_str() {
            "inlichtingen_bij" => settings.inlichtingen.keys().map(String::as_str).collect(),
            "ondertekening" => settings.ondertekening.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        let value = match (field.name.as_str(), known(&field.name)) {
            ("sjabloon", _) => Some(template),
            (_, Some(value)) => Some(value),
            // Who signs is not guessed: what the template proposes, or the only one there is.
            (name, None) => default_of(name)
                .filter(|value| choices.is_empty() || choices.contains(value))
                .or(choices.first().copied().filter(|_| choices.len() == 1)),
        };
        let written = |value: &str| if field.kind == Kind::Date { value.into() } else { quoted(value) };
        line(&mut text, field, value.map(written), &choices.join(", "));
    }
    for table in tables.into_iter().filter(|table| table.name != "rij") {
        let Kind::Table(inner) = &table.kind else { continue };
        let open = if table.required { "" } else { "# " };
        let _ = writeln!(text, "\n{open}[{}]", table.name);
        for field in &inner.fields {
            let shown = Field { required: table.required, ..field.clone() };
            // A choice that is not made is left out: the empty text is none of its words.
            line(
                &mut text,
                &Field { required: shown.required && !matches!(field.kind, Kind::Choice(_)), ..shown },
                known(&format!("{}.{}", table.name, field.name)).map(quoted),
                "",
            );
        }
    }
    text.push_str("+++\n\n");
    text.push_str(body);
    text
}

/// The council's recommendations as quotes, each with "Onze reactie:" below it.
///
/// A recommendation is a paragraph or list item of the text; headings stay. Whatever signs the text holds, they are text:
/// neither Markdown nor handlebars reads them.
pub fn answered(recommendations: &str, language: Language) -> String {
    let answer = match language {
        Language::Nl => "Onze reactie:",
        Language::En => "Our response:",
        Language::De => "Unsere Antwort:",
    };
    let mut body = String::new();
    for block in blocks(recommendations) {
        match block {
            Block::Heading(level, text) => {
                let _ = writeln!(body, "{} {}\n", "#".repeat(level), escaped(&text));
            }
            Block::Recommendation(number, text) => {
                let number = number.map(|number| format!("{number} ")).unwrap_or_default();
                let _ = writeln!(body, "> {number}{}\n\n{answer}\n", escaped(&text));
            }
        }
    }
    body
}

enum Block {
    Heading(usize, String),
    Recommendation(Option<String>, String),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines().map(|line| line.trim().trim_start_matches("> ").trim()) {
        let bare = line.trim_matches(['*', '_', ' ']);
        // A rule, or the heading of an answer that the text leaves room for already.
        let is_room = bare.chars().all(|c| matches!(c, '-' | '>')) || ["Onze reactie:", "Reactie:"].contains(&bare);
        let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
        let is_bold = line.starts_with("**") && line.ends_with("**") && line.len() > 4;
        if is_room {
            open = false;
        } else if is_bold || ((1..=6).contains(&hashes) && line[hashes..].starts_with(' ')) {
            let title = line[hashes..].trim_matches(['*', '_', ' ']);
            blocks.push(Block::Heading(hashes.max(1), title.to_string()));
            open = false;
        } else if let Some((number, rest)) = item(line) {
            blocks.push(Block::Recommendation(number, rest.trim_matches(['*', '_', ' ']).to_string()));
            open = true;
        } else if let (true, Some(Block::Recommendation(_, text))) = (open, blocks.last_mut()) {
            text.push(' ');
            text.push_str(line.trim_end_matches(['*', '_']));
        } else {
            blocks.push(Block::Recommendation(None, bare.to_string()));
            open = true;
        }
    }
    level(&mut blocks);
    blocks
}

/// Headings from level 1 on and without gaps, whatever levels the text has (PDF/UA-1).
fn level(blocks: &mut [Block]) {
    let levels = |block: &Block| match block {
        Block::Heading(level, _) => Some(*level),
        Block::Recommendation(..) => None,
    };
    let highest = blocks.iter().filter_map(levels).min().unwrap_or(1);
    let mut before = 0;
    for block in blocks {
        if let Block::Heading(level, _) = block {
            *level = (*level - highest + 1).min(before + 1);
            before = *level;
        }
    }
}

/// The number and the text of a line that begins a list item: `1.1 Breng`, `2) Maak`, `- Stimuleer`.
fn item(line: &str) -> Option<(Option<String>, &str)> {
    if let Some(rest) = ["- ", "* ", "+ ", "• ", "– "].iter().find_map(|bullet| line.strip_prefix(bullet)) {
        return item(rest.trim_start()).or(Some((None, rest.trim_start())));
    }
    let (number, rest) = line.trim_start_matches(['*', '_']).split_once(' ')?;
    let digits = number.trim_end_matches(['.', ')']);
    let parts: Vec<&str> = digits.split('.').collect();
    let numbered =
        parts.iter().all(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit()));
    // "5 miljoen" is no number of a recommendation; "5." and "1.1" are.
    (numbered && (parts.len() > 1 || number != digits)).then(|| (Some(digits.to_string()), rest.trim_start()))
}

/// Text in which every sign that Markdown or handlebars could read is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&' | '~')
        {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn line(text: &mut String, field: &Field, value: Option<String>, choices: &str) {
    let open = field.required && !matches!(field.kind, Kind::Date | Kind::Count | Kind::Boolean) || value.is_some();
    let example = value.unwrap_or_else(|| match &field.kind {
        Kind::Date => "2023-02-21".into(),
        Kind::Count => "0".into(),
        Kind::Boolean => "false".into(),
        Kind::List(_) => "[]".into(),
        Kind::Choice(words) => quoted(words.first().map_or("", String::as_str)),
        Kind::Either(kinds) if matches!(kinds.first(), Some(Kind::List(_))) => "[]".into(),
        _ => quoted(""),
    });
    let mark = if open { "" } else { "# " };
    let help =
        [field.help.as_str(), choices].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    // A comment ends with its line.
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let setting = format!("{mark}{} = {example}", field.name);
    let _ = if help.is_empty() { writeln!(text, "{setting}") } else { writeln!(text, "{setting:<32}  # {help}") };
}

fn quoted(text: &str) -> String {
    // On more lines it could hold one that ends the front matter, or leave its line of help inside the text.
    if text.contains(['\n', '\r']) {
        return super::edit::one_line(text);
    }
    toml::Value::String(text.into()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_up_of_a_letter_of_advice_is_not_text() {
        let text = "**1. Maak een kaart**\n\n- 1.1 Breng in beeld.*\n- 1.2 *Maak iets.*\n\n---\n\nOnze reactie:\n\n### **2. Benut de kracht**\n\n- 2.1 *Help*";
        let expected = "# 1. Maak een kaart\n\n> 1.1 Breng in beeld.\n\nOnze reactie:\n\n> 1.2 Maak iets.\n\nOnze reactie:\n\n## 2. Benut de kracht\n\n> 2.1 Help\n\nOnze reactie:\n\n";
        assert_eq!(answered(text, Language::Nl), expected);
    }

    #[test]
    fn recommendations_become_quotes_with_an_answer_below() {
        let text = "# 1. Maak een kaart\n\n- 1.1 Breng in beeld\n  wat er is.\n- 1.2 Maak *iets* {{x}}\n\nLosse aanbeveling,\nin twee regels.\n\n5 miljoen is genoeg.";
        let expected = "# 1. Maak een kaart\n\n> 1.1 Breng in beeld wat er is.\n\nOnze reactie:\n\n> 1.2 Maak \\*iets\\* \\{\\{x\\}\\}\n\nOnze reactie:\n\n> Losse aanbeveling, in twee regels.\n\nOnze reactie:\n\n> 5 miljoen is genoeg.\n\nOnze reactie:\n\n";
        assert_eq!(answered(text, Language::Nl), expected);
    }
}
