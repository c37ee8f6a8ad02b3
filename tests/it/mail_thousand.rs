//! A table of a thousand rows with every mistake that a row can hold and every text that is hard to keep text, and what
//! must come of each of them.

mod mistakes;
mod pages;
mod rows;
mod run;
mod strings;
mod table;

use std::collections::BTreeSet;

use postkamer::table::{Format, parse};
use serde_json::Value as Json;

use self::rows::{ROWS, lines};
use self::table::{COLUMNS, Found, Row, csv, difference, heading, xlsx};
use crate::support::{Run, Workspace, repository};

const LETTER: &str = "letters/mailing.md";

/// A letter that shows every column, at every kind of place in its text.
const TEXT: &str = r#"+++
sjabloon = "uitnodiging"
onderwerp = "Uitnodiging voor uw netwerk"
datum = 2027-02-04
bijeenkomst = 2027-03-11
aanvang = "15.00 uur"
locatie = "Provinciehuis"
ondertekening = "uitnodiging"

[ontvanger]
organisatie = "Ondernemersnetwerk Voorbeeld"
email = "voorbeeld@example.nl"

[rij]
regio = "Zwolle"
netwerk = "een netwerk"
thema = "Werk dat past"
aanmelden = ""
link = ""
foto = ""
stempel = ""
vlak = ""
opmerking = ""
+++

# Over {{rij.thema}}

Aan *{{rij.netwerk}}* in de regio **{{rij.regio}}**[^1]. {{#if ontvanger.organisatie}}U bent {{ontvanger.organisatie}}.{{/if}}
{{#if uw_brief}}Dank voor uw brief van {{uw_brief}}.{{/if}}

| Wat | Gegeven |
|---|---|
| Tafel | {{rij.thema}} |
{{#if zaaknummer}}| Zaak | {{zaaknummer}} |
{{/if}}{{#if ontvanger.functie}}| Functie | *{{ontvanger.functie}}* |
{{/if}}

- Regio {{rij.regio}}, meer op [{{rij.thema}}](https://example.nl).
{{#if ontvanger.achternaam}}- Voor {{#if ontvanger.titel}}{{ontvanger.titel}}{{/if}} **{{ontvanger.achternaam}}**.
{{/if}}
{{#if rij.aanmelden}}

Meld u aan voor {{aanmelden_voor}}.
{{/if}}
{{#if rij.link}}

Zie [meer]({{rij.link}}).
{{/if}}
{{#if rij.foto}}

![Een foto]({{rij.foto}})
{{/if}}

> {{rij.netwerk}}

[^1]: Regio `{{rij.regio}}`.
"#;

/// A workspace with the letter, its table, and a template that asks for PostNL's code and prints what some rows ask for.
fn office() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(LETTER, TEXT);
    let changed = |path: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(repository().join(path)).expect("a file of the template");
        assert!(text.contains(from), "{path}");
        workspace.write(path, text.replace(from, to));
    };
    changed("templates/uitnodiging/sjabloon.toml", "[venster]", "[venster]\nkix = true");
    let printed = "{{#if rij.stempel}}#place(top + left, dx: 45mm, dy: 30mm)[{{rij.stempel}}]{{/if}}\n\
        {{#if rij.vlak}}#place(top + left, dx: 45mm, dy: 40mm, rect(width: 9mm, height: 9mm)){{/if}}\n{{inhoud}}";
    changed("templates/uitnodiging/brief.typ.hbs", "{{inhoud}}", printed);
    workspace
}

fn check(workspace: &Workspace, table: &str, more: &[&str]) -> Run {
    let arguments = ["mail", "check", LETTER, "--recipients", table, "--json"];
    workspace.run(&[&arguments[..], more].concat())
}

/// What a report says of the rows, by severity: each row with its findings, sorted.
fn said(report: &Json, severity: &str) -> Vec<(u64, Vec<Found>)> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_string();
    let rows = report["rijen"].as_array().unwrap_or_else(|| panic!("{report}")).iter().map(|row| {
        let findings = row["bevindingen"].as_array().expect("findings").iter();
        let found =
            findings.filter(|one| one["ernst"] == severity).map(|one| (text(&one["code"]), text(&one["sleutel"])));
        let mut found: Vec<Found> = found.collect();
        found.sort();
        (row["rij"].as_u64().expect("a row"), found)
    });
    rows.filter(|(_, found)| !found.is_empty()).collect()
}

/// The rows with their numbers.
fn numbered(lines: &[Option<Row>]) -> impl Iterator<Item = (u64, &Row)> {
    lines.iter().enumerate().filter_map(|(at, line)| Some((at as u64 + 2, line.as_ref()?)))
}

/// What must be said of the rows.
fn wanted(lines: &[Option<Row>], of: fn(&Row) -> &Vec<Found>) -> Vec<(u64, Vec<Found>)> {
    let rows = numbered(lines).map(|(number, row)| (number, of(row).clone()));
    rows.filter(|(_, found)| !found.is_empty()).collect()
}

fn assert_said(found: &[(u64, Vec<Found>)], wanted: &[(u64, Vec<Found>)], name: &str) {
    assert!(found == wanted, "{name}:\n{}", difference(found, wanted));
}

#[test]
fn exactly_the_wrong_rows_are_refused_each_for_what_is_wrong_with_it() {
    let workspace = office();
    let lines = lines();
    assert_eq!(lines.iter().flatten().count(), ROWS);
    let refused = wanted(&lines, |row| &row.refused);
    // What else is said of a row that is refused, such as that two share a wrong e-mail address, is no matter here.
    let is_refused = |number: &u64| refused.iter().any(|(other, _)| other == number);
    let mut warned = wanted(&lines, |row| &row.warned);
    let of_table = [("mail-column-unused", "opmerking"), ("mail-rows-empty", "")];
    warned.insert(0, (1, of_table.map(|(code, column)| (code.into(), column.into())).to_vec()));
    for (name, bytes) in [("duizend.csv", csv(&lines).into_bytes()), ("duizend.xlsx", xlsx(&lines))] {
        workspace.write(name, bytes);
        let report = check(&workspace, name, &[]).exits(1).json();
        assert_said(&said(&report, "fout"), &refused, name);
        let mut found = said(&report, "waarschuwing");
        found.retain(|(number, _)| !is_refused(number));
        assert_said(&found, &warned, name);
        let counts =
            [&report["totaal"], &report["in_orde"], &report["fout"]].map(|count| count.as_u64().unwrap() as usize);
        assert_eq!(counts, [ROWS, ROWS - refused.len(), refused.len()], "{name}");
    }
}

/// The codes that a source file holds, of findings about a row.
fn codes(path: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(repository().join("src").join(path)).expect("a source file");
    let starts = ["Finding::error(\"", "Finding::warning(\"", "refuse(\"", "Some(\"character-"];
    let found = starts.into_iter().flat_map(|start| {
        let kind = if start.ends_with('-') { "character-" } else { "" };
        text.split(start).skip(1).map(move |rest| format!("{kind}{}", rest.split('"').next().unwrap_or_default()))
    });
    found.collect()
}

#[test]
fn every_mistake_that_is_known_in_rows_is_in_the_table() {
    let lines = lines();
    let made = lines.iter().flatten().flat_map(|row| row.refused.iter().chain(&row.warned));
    let made: BTreeSet<String> = made.map(|(code, _)| code.clone()).collect();
    // What a letter or a table has, and no row.
    let others = ["mail-reference-fixed", "mail-no-rows", "mail-too-many-rows", "unknown-setting", "list-item-empty"];
    let others = others.map(String::from);
    let files =
        ["specimen", "recipients", "damage", "row", "doubles", "window"].map(|name| format!("mailing/{name}.rs"));
    let mut known: BTreeSet<String> = files.iter().flat_map(|path| codes(path)).collect();
    known.extend(codes("letter/front.rs"));
    known.extend(codes("contract/characters.rs"));
    assert!(known.len() > 25, "{known:?}");
    let forgotten: Vec<_> = known.iter().filter(|code| !made.contains(*code) && !others.contains(code)).collect();
    assert_eq!(forgotten, Vec::<&String>::new());
}

#[test]
fn the_refused_rows_come_back_as_they_were() {
    let workspace = office();
    let lines = lines();
    workspace.write("duizend.csv", csv(&lines));
    check(&workspace, "duizend.csv", &["--refused", "fout.csv"]).exits(1);
    let bytes = std::fs::read(workspace.path("fout.csv")).expect("the refused rows");
    let back = parse(bytes, Format::Csv, "fout.csv".as_ref()).expect("they are a table");
    let names: Vec<_> = back.columns.iter().map(|column| column.name.clone()).collect();
    let expected: Vec<_> =
        COLUMNS.iter().map(|column| heading(column).to_lowercase()).chain(["reden".into()]).collect();
    assert_eq!(names, expected);
    let refused: Vec<_> = numbered(&lines).map(|(_, row)| row).filter(|row| !row.refused.is_empty()).collect();
    assert_eq!(back.rows.len(), refused.len());
    for (read, row) in back.rows.iter().zip(&refused) {
        let cells: Vec<_> = read.cells().map(String::from).collect();
        assert_eq!(cells[..COLUMNS.len()], row.kept());
        assert!(!cells[COLUMNS.len()].is_empty(), "{cells:?}");
    }
    // Without the reasons, the same is wrong with each of them.
    let mut again = postkamer::table::Table::new(&names[..COLUMNS.len()]);
    back.rows.iter().for_each(|row| again.push(row.cells().take(COLUMNS.len())));
    workspace.write("terug.csv", postkamer::table::office_csv(&again));
    let report = check(&workspace, "terug.csv", &[]).exits(1).json();
    let wanted: Vec<_> = refused.iter().enumerate().map(|(at, row)| (at as u64 + 2, row.refused.clone())).collect();
    assert_said(&said(&report, "fout"), &wanted, "terug.csv");
}

#[test]
fn a_zero_byte_makes_text_no_table_and_a_cell_wrong() {
    let workspace = office();
    let mut row = mistakes::Kind::Organisation.recipient(1);
    row.put("netwerk", "a\0b");
    let lines = [Some(row), Some(mistakes::Kind::Organisation.recipient(2))];
    workspace.write("nul.csv", csv(&lines));
    let report = check(&workspace, "nul.csv", &[]).exits(1).json();
    assert_eq!(report["fouten"][0]["code"], "table-binary");
    workspace.write("nul.xlsx", xlsx(&lines));
    let report = check(&workspace, "nul.xlsx", &[]).exits(1).json();
    assert_said(&said(&report, "fout"), &[(2, vec![("character-control".into(), "netwerk".into())])], "nul.xlsx");
}
