//! Every field of every example letter, wrong in every way that its kind allows.

use super::{Batch, letter};
use crate::support::{Workspace, example_letters};

/// A line of a front matter that sets a key.
struct Set {
    /// Dotted.
    key: String,
    name: String,
    /// Index of its line in the file.
    at: usize,
    kind: String,
    required: bool,
}

impl Set {
    /// The text with the value of the key replaced.
    fn with(&self, text: &str, value: &str) -> String {
        self.line(text, &format!("{} = {value}", self.name))
    }

    /// The text with the line of the key replaced.
    fn line(&self, text: &str, line: &str) -> String {
        let lines = text.split('\n').enumerate();
        lines.map(|(at, old)| if at == self.at { line } else { old }).collect::<Vec<_>>().join("\n")
    }

    /// Its line counted from 1.
    fn number(&self) -> u64 {
        self.at as u64 + 1
    }
}

/// Every example letter with its text and the fields it sets, by the contract that `template show` prints.
fn examples() -> Vec<(String, String, Vec<Set>)> {
    let workspace = Workspace::new();
    let letters = example_letters().into_iter().map(|path| {
        let text = workspace.read(&path);
        let template = text.split('"').nth(1).expect("the template is the first text");
        let shown = workspace.run(&["template", "show", template, "--json"]).exits(0).json();
        let mut table = String::new();
        let mut fields = Vec::new();
        for (at, line) in text.lines().enumerate().skip(1).take_while(|(_, line)| *line != "+++") {
            if let Some(name) = line.strip_prefix('[') {
                table = name.trim_end_matches(']').to_string();
            }
            let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else { continue };
            let key = if table.is_empty() { name.to_string() } else { format!("{table}.{name}") };
            let rows = shown["velden"].as_array().expect("a list");
            let row = rows.iter().find(|row| row["sleutel"] == key.as_str());
            let kind = row.map_or("text", |row| row["soort"].as_str().unwrap()).to_string();
            let required = row.is_some_and(|row| row["verplicht"] == true);
            fields.push(Set { key, name: name.into(), at, kind, required });
        }
        assert!(fields.len() > 8, "{path} sets only {} fields", fields.len());
        (path, text, fields)
    });
    letters.collect()
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_its_place() {
    let mut batch = Batch::new();
    let values = ["1", "-1", "1.5", "true", "2023-02-21", "2023-02-21T10:00:00", "\"\"", "[\"x\"]", "[1]", "{ a = 1 }"];
    for (path, text, fields) in examples() {
        for set in fields {
            for value in values {
                let wrong = match (set.kind.as_str(), value) {
                    ("text", "\"\"") | ("text|table", "\"\"" | "{ a = 1 }") | ("date", "2023-02-21") => continue,
                    ("list" | "list|count", "[\"x\"]") | ("list|count" | "count", "1") => continue,
                    ("list" | "list|count", "[1]") => (format!("{}.0", set.key), "wrong-type"),
                    ("boolean", "true") => continue,
                    (kind, "\"\"") if kind.contains('|') && !kind.contains("list") => {
                        (set.key.clone(), "unknown-choice")
                    }
                    _ => (set.key.clone(), "wrong-type"),
                };
                let line = set.number();
                let column = set.name.len() as u64 + 4 + u64::from(wrong.0.ends_with(".0"));
                let expected = format!("{wrong:?} at {line}:{column}");
                batch.judged(
                    format!("{path} {} = {value}", set.key),
                    set.with(&text, value),
                    move |found| match found {
                        [one]
                            if (one.key.as_str(), one.code.as_str()) == (wrong.0.as_str(), wrong.1)
                                && (one.line, one.column) == (line, column) =>
                        {
                            Ok(())
                        }
                        _ => Err(expected.clone()),
                    },
                );
            }
        }
    }
    batch.check();
}

#[test]
fn a_misspelt_key_gets_the_one_that_was_meant() {
    let mut batch = Batch::new();
    for (path, text, fields) in examples() {
        for set in fields.into_iter().filter(|set| !set.key.starts_with("rij.")) {
            let (line, name) = (text.lines().nth(set.at).unwrap(), set.name.clone());
            let doubled = format!("{}{}", &name[..2], &name[1..]);
            let capital = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            for slip in [doubled, capital, name[..name.len() - 1].to_string()] {
                let (number, meant) = (set.number(), format!("‘{name}’"));
                let wrong = set.line(&text, &line.replacen(&name, &slip, 1));
                batch.judged(format!("{path} {slip}"), wrong, move |found| {
                    let slipped =
                        |one: &super::Found| one.code == "unknown-key" && one.line == number && one.column == 1;
                    let lacking = ["missing-key", "address-incomplete", "addressee-nameless", "postcode-invalid"];
                    // A letter that was for one town and one name misses them when their keys are not read.
                    let rest = found.iter().all(|one| slipped(one) || lacking.contains(&one.code.as_str()));
                    match found.iter().find(|one| slipped(one)) {
                        Some(one) if one.message.contains(&meant) && rest => Ok(()),
                        _ => Err(format!("unknown-key on line {number} that suggests {meant}")),
                    }
                });
            }
        }
    }
    batch.check();
}

#[test]
fn what_is_required_is_missed_or_found_empty() {
    let mut batch = Batch::new();
    for (path, text, fields) in examples() {
        for set in fields.into_iter().filter(|set| set.required) {
            let key = set.key.clone();
            let table = set.key.rsplit_once('.').map(|(table, _)| format!("[{table}]"));
            let line = table.map_or(2, |table| text.lines().position(|line| line == table).unwrap() as u64 + 1);
            batch.judged(format!("{path} without {key}"), set.line(&text, ""), move |found| match found {
                [one] if one.code == "missing-key" && one.key == key && one.line == line => Ok(()),
                _ => Err(format!("missing-key {key} on line {line}")),
            });
            if set.kind == "text" || set.kind == "text|table" {
                for empty in ["\"\"", "\"  \""] {
                    let column = set.name.len() as u64 + 4;
                    let what = format!("{path} {} = {empty}", set.key);
                    batch.one_at(what, set.with(&text, empty), "empty-value", (set.number(), column));
                }
            }
        }
    }
    batch.check();
}

#[test]
fn a_letter_without_an_addressee_misses_it() {
    let mut batch = Batch::new();
    let text = letter("Tekst.\n");
    let front = text.find("[ontvanger]").unwrap();
    let without = format!("{}+++\n\nTekst.\n", &text[..front]);
    batch.one("no [ontvanger]", without, "missing-key", 2);
    let empty = format!("{}[ontvanger]\n+++\n\nTekst.\n", &text[..front]);
    batch.one("an empty [ontvanger]", empty, "addressee-nameless", 8);
    let twice = format!("{}[ontvanger]\norganisatie = \"A\"\n[ontvanger]\nplaats = \"B\"\n+++\n\nX\n", &text[..front]);
    batch.one("two [ontvanger]", twice, "toml-syntax", 10);
    batch.one("a key twice", text.replacen("datum", "onderwerp = \"y\"\ndatum", 1), "toml-syntax", 4);
    batch.check();
}

#[test]
fn a_day_that_no_calendar_has_is_told_from_a_slip() {
    let mut batch = Batch::new();
    for (path, text, fields) in examples() {
        for set in fields.into_iter().filter(|set| set.kind == "date") {
            let line = set.number();
            for day in
                ["2023-02-30", "2023-13-01", "2023-00-10", "2023-04-31", "2023-02-29", "21-02-2023", "2023-02-00"]
            {
                let key = set.key.clone();
                batch.judged(format!("{path} {key} = {day}"), set.with(&text, day), move |found| match found {
                    [one] if one.code == "date-impossible" && one.line == line && one.key == key => {
                        if one.message.contains(day) { Ok(()) } else { Err(day.into()) }
                    }
                    _ => Err(format!("date-impossible {key} on line {line}")),
                });
            }
            for slip in ["\"21-02-2023\"", "\"2023-02-21\"", "\"gisteren\""] {
                batch.one(format!("{path} {slip}"), set.with(&text, slip), "wrong-type", line);
            }
            for broken in ["2023/02/21", "2023-2-1", "21 februari 2023", "gisteren", ""] {
                batch.one(format!("{path} {broken}"), set.with(&text, broken), "toml-syntax", line);
            }
            batch.none(format!("{path} leap day"), set.with(&text, "2024-02-29"));
        }
    }
    batch.check();
}

#[test]
fn keys_of_the_settings_and_words_of_lists_are_known_or_refused() {
    let mut batch = Batch::new();
    for (path, text, fields) in examples() {
        for set in fields {
            let line = set.number();
            let wrong: &[(&str, &str, &str)] = match set.key.as_str() {
                "inlichtingen_bij" if text.lines().nth(set.at).unwrap().contains('{') => continue,
                "inlichtingen_bij" => &[("bomm", "unknown-setting", "‘bom’"), ("x", "unknown-setting", "kuijper")],
                "ondertekening" => &[("serr", "unknown-setting", "‘ser’"), ("x", "unknown-setting", "gs-2022")],
                "sjabloon" => &[
                    ("gs-breif", "unknown-template", "‘gs-brief’"),
                    ("geheel-anders", "unknown-template", "uitnodiging"),
                    ("../gs-brief", "unknown-template", "gs-brief"),
                    ("/etc", "unknown-template", "gs-brief"),
                    ("gedeeld", "unknown-template", "gs-brief"),
                    (".", "unknown-template", "gs-brief"),
                    ("gs-brief/", "unknown-template", "gs-brief"),
                ],
                "taal" => &[("fr", "unknown-choice", "nl, en, de"), ("NL", "unknown-choice", "‘nl’")],
                "vertrouwelijkheid" => {
                    &[("openbar", "unknown-choice", "‘openbaar’"), ("x", "unknown-choice", "geheim")]
                }
                "ontvanger.aanspreekvorm" => {
                    &[("mevr", "unknown-choice", "mevrouw"), ("de heer", "unknown-choice", "heer")]
                }
                _ => continue,
            };
            for &(value, code, hint) in wrong {
                let judged = move |found: &[super::Found]| match found {
                    [one] if one.code == code && one.line == line && one.message.contains(hint) => Ok(()),
                    _ => Err(format!("{code} on line {line} with {hint}")),
                };
                batch.judged(format!("{path} {} = {value}", set.key), set.with(&text, &format!("\"{value}\"")), judged);
            }
        }
    }
    batch.check();
}

#[test]
fn signs_that_cannot_be_set_are_refused_in_every_text() {
    let mut batch = Batch::new();
    let signs = [
        ("\\u0007", "character-control"),
        ("\\n", "character-control"),
        ("\\u202E", "character-bidi"),
        ("\\u200B", "character-invisible"),
        ("\\uE000", "character-private"),
        ("\\U000F0000", "character-private"),
        ("\\U0010FFFD", "character-private"),
        ("\\u4E2D", "character-without-font"),
    ];
    for (path, text, fields) in examples() {
        for set in fields {
            let old = text.lines().nth(set.at).unwrap();
            let known_only = ["sjabloon", "ondertekening", "inlichtingen_bij", "verzonden_aan", "ontvanger.email"];
            if set.kind != "text" || known_only.contains(&set.key.as_str()) || set.key == "ontvanger.postcode" {
                continue;
            }
            for (sign, code) in signs {
                let value = format!("\"a{sign}b\"");
                let wrong = set.line(&text, &format!("{} = {value}", set.name));
                assert_ne!(wrong, old);
                batch.one(format!("{path} {} {sign}", set.key), wrong, code, set.number());
            }
        }
    }
    batch.check();
}

#[test]
fn eight_mistakes_are_found_at_once() {
    let workspace = Workspace::new();
    let text = "+++
sjabloon = \"gs-brief\"
onderwerp = \"\"
datum = \"21-02-2023\"
zaaknumer = \"2023-003015\"
inlichtingen_bij = \"bon\"
ondertekening = \"gs\"
taal = \"frans\"

[ontvanger]
organisatie = \"SER Overijssel\"
straat = \"Luttenbergstraat\"
huisnummer = \"2\"
postcode = \"0012 EE\"
plaats = \"Zwolle\"
email = \"ser\"
+++

Aan {{ontvanger.naam}}.

![](figuren/niet.svg)
";
    workspace.write("letters/acht.md", text);
    let found = super::refused(&workspace, "letters/acht.md");
    let mut found: Vec<_> = found.iter().map(|(code, _, line)| (*line, code.as_str())).collect();
    found.sort_unstable();
    let expected = [
        (3, "empty-value"),
        (4, "wrong-type"),
        (5, "unknown-key"),
        (6, "unknown-setting"),
        (8, "unknown-choice"),
        (14, "postcode-invalid"),
        (16, "email-invalid"),
        (19, "unknown-name"),
        (21, "image-missing"),
        (21, "image-without-alt"),
    ];
    assert_eq!(found, expected);
    let people = workspace.run(&["render", "letters/acht.md"]).exits(1);
    for (line, code) in expected {
        assert!(people.err.contains(&format!("letters/acht.md:{line}:")), "{line} in {}", people.err);
        assert!(people.err.contains(&format!("[{code}]")), "{code} in {}", people.err);
    }
    assert!(!workspace.path("acht.pdf").exists());
}
