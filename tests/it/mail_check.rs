//! `mail check`: a letter and a table, and everything that is wrong with any row.

mod files;
mod mistakes;
mod page;
mod values;

use serde_json::Value as Json;

use crate::support::{Run, Workspace};

/// The example: a letter to partners, and their table.
const LETTER: &str = "letters/uitnodiging-netwerkpartners.md";
const TABLE: &str = "letters/netwerkpartners.csv";

/// The columns of the tables here: all that the letter names, and the fields of an address.
const HEADER: [&str; 14] = [
    "organisatie",
    "aanspreekvorm",
    "voorletters",
    "achternaam",
    "functie",
    "straat",
    "huisnummer",
    "postbus",
    "postcode",
    "plaats",
    "email",
    "regio",
    "netwerk",
    "thema",
];

type Cells = Vec<String>;

/// A row in order, other than every other.
fn good(at: usize) -> Cells {
    let cells = [
        format!("Netwerk {at}"),
        "mevrouw".into(),
        "A.".into(),
        format!("Morgenster {at}"),
        "adviseur".into(),
        "Spaanderpad".into(),
        at.to_string(),
        String::new(),
        "8099 XX".into(),
        "Zwolle".into(),
        format!("a{at}@example.nl"),
        "Zwolle".into(),
        "een netwerk".into(),
        "Werk dat past".into(),
    ];
    cells.to_vec()
}

/// The row with another text in some columns.
fn with(mut row: Cells, changes: &[(&str, &str)]) -> Cells {
    for (column, text) in changes {
        let at = HEADER.iter().position(|name| name == column).expect("a column");
        row[at] = (*text).to_string();
    }
    row
}

/// A table as CSV.
fn table(rows: &[Cells]) -> String {
    let quoted = |cells: &[String]| {
        let cells = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        cells.collect::<Vec<_>>().join(";") + "\r\n"
    };
    let header = HEADER.map(String::from).to_vec();
    std::iter::once(&header).chain(rows).map(|row| quoted(row)).collect()
}

fn check(workspace: &Workspace, table: &str) -> Run {
    workspace.run(&["mail", "check", LETTER, "--recipients", table, "--json"])
}

fn check_text(workspace: &Workspace, name: &str, text: impl AsRef<[u8]>) -> Run {
    workspace.write(name, text);
    check(workspace, name)
}

/// The findings as row, severity, code and column.
fn found(report: &Json) -> Vec<(u64, String, String, String)> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_string();
    let rows = report["rijen"].as_array().unwrap_or_else(|| panic!("{report}"));
    let of_row = |row: &Json| {
        let number = row["rij"].as_u64().expect("a row");
        let found = row["bevindingen"].as_array().expect("findings").clone();
        found.into_iter().map(move |one| (number, text(&one["ernst"]), text(&one["code"]), text(&one["sleutel"])))
    };
    rows.iter().flat_map(of_row).collect()
}

/// The same without what is no mistake.
fn errors(report: &Json) -> Vec<(u64, String, String)> {
    let found = found(report).into_iter().filter(|one| one.1 == "fout");
    found.map(|(row, _, code, column)| (row, code, column)).collect()
}

#[test]
fn the_example_is_in_order_and_leaves_nothing() {
    let workspace = Workspace::new();
    let before = crate::support::files_below(&workspace.path(""));
    let report = check(&workspace, TABLE).exits(0).json();
    assert_eq!(report, serde_json::json!({ "totaal": 7, "in_orde": 7, "fout": 0, "rijen": [] }));
    let people = workspace.run(&["mail", "check", LETTER, "--recipients", TABLE]).exits(0);
    assert_eq!((people.out.as_str(), people.err.as_str()), ("", "rijen: 7, in orde: 7, met fouten: 0\n"));
    assert_eq!(crate::support::files_below(&workspace.path("")), before);
}

#[test]
fn a_mistake_is_shown_by_row_and_column() {
    let workspace = Workspace::new();
    workspace.write("partners.csv", table(&[good(1), with(good(2), &[("postcode", "0012 EE")])]));
    let run = workspace.run(&["mail", "check", LETTER, "--recipients", "partners.csv", "--color", "never"]).exits(1);
    for part in ["fout[postcode-invalid]", "--> partners.csv:3\n", "postcode: 0012 EE"] {
        assert!(run.err.contains(part), "{part} is not in {}", run.err);
    }
    assert!(run.err.ends_with("rijen: 2, in orde: 1, met fouten: 1\n"), "{}", run.err);
    let report = check(&workspace, "partners.csv").exits(1).json();
    let finding = report["rijen"][0]["bevindingen"][0].as_object().expect("a finding");
    let mut keys: Vec<_> = finding.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["code", "ernst", "kolom", "melding", "regel", "sleutel"]);
    assert_eq!((&finding["regel"], &finding["kolom"], &finding["sleutel"]), (&3.into(), &9.into(), &"postcode".into()));
    let english = workspace.run(&["mail", "check", LETTER, "--recipients", "partners.csv", "--taal", "en"]).exits(1);
    assert!(english.err.ends_with("rows: 2, in order: 1, with errors: 1\n"), "{}", english.err);
}
