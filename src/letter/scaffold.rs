//! A new letter file: the keys its template knows, with a line of help each, ready to be filled in.

use std::fmt::Write as _;

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
