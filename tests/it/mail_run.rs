//! `mail run` and `mail status` as their users type them: planning, going on, what comes of every row, and what can be done
//! with the letters afterwards.

mod afterwards;
mod again;
mod folder;
mod late;
mod letters;
mod planning;
mod print;
mod told;
mod waiting;

use std::path::Path;

use serde_json::Value as Json;

use crate::issue::Office;
use crate::support::postgres::{Backend, backends};
use crate::support::{Run, files_below};

/// The letter of the mailings here.
const LETTER: &str = "letters/straat.md";

/// Their table.
const TABLE: &str = "straat.csv";

/// Their name.
const NAME: &str = "Straat 2023";

pub const TEXT: &str = r#"+++
sjabloon = "gs-brief-2022"
onderwerp = "Werk aan uw straat"
inlichtingen_bij = "bom"
ondertekening = "gs-2022"

[ontvanger]
organisatie = "Voorbeeld"
straat = "Dorpsstraat"
huisnummer = "1"
postcode = "8012 EE"
plaats = "Zwolle"

[rij]
thema = "de riolering"
+++

Wij werken aan {{rij.thema}}.
"#;

pub const HEADER: &str = "organisatie;straat;huisnummer;postcode;plaats;thema";

/// An office with a letter that is meant for many.
struct Post {
    office: Office,
}

/// The text of a row that is right, other than every other.
fn row(at: usize) -> String {
    format!("Bakker {at};Dorpsstraat;{at};8012 EE;Zwolle;de stoep van {at}")
}

/// A table of these rows.
fn table(rows: &[String]) -> String {
    std::iter::once(HEADER.to_string()).chain(rows.iter().cloned()).map(|line| line + "\r\n").collect()
}

fn rows(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(row).collect()
}

/// The kenmerk of this number.
fn kenmerk(number: usize) -> String {
    format!("D2023-02-{number:06}")
}

/// Where the PDF of this number lies.
fn pdf(number: usize) -> String {
    format!("uitgaand/2023/{}.pdf", kenmerk(number))
}

impl Post {
    /// One whose register is in a file.
    fn new() -> Self {
        Self::at(backends().remove(0))
    }

    fn at(backend: Backend) -> Self {
        Self::of(Office::new(backend))
    }

    fn of(office: Office) -> Self {
        office.workspace.write(LETTER, TEXT);
        Self { office }
    }

    /// One at every database.
    fn all() -> impl Iterator<Item = Self> {
        backends().into_iter().map(Self::at)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        self.office.workspace.write(path, text);
    }

    /// Writes the table.
    fn rows(&self, rows: &[String]) {
        self.write(TABLE, table(rows));
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.office.run(arguments)
    }

    /// Runs the mailing; two processes are enough.
    fn mail(&self, more: &[&str]) -> Run {
        let arguments = ["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--jobs", "2"];
        self.run(&[&arguments, more].concat())
    }

    /// Runs the mailing and gives what `--json` prints.
    #[track_caller]
    fn mailed(&self, code: i32) -> Json {
        self.mail(&["--json"]).exits(code).json()
    }

    #[track_caller]
    fn status(&self) -> Json {
        self.run(&["mail", "status", NAME, "--json"]).exits(0).json()
    }

    /// The findings with which a command is refused; nothing that is kept has changed.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> Vec<Json> {
        let before = self.kept();
        let said = self.run(&[arguments, &["--json"]].concat()).exits(1).json();
        let after = self.kept();
        assert!(before == after, "{arguments:?} is refused and something has changed");
        said["fouten"].as_array().expect("findings").clone()
    }

    /// The only finding with which the mailing is refused.
    #[track_caller]
    fn refusal(&self) -> Json {
        let mut found = self.refused(&["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--out", "post"]);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    /// All that is kept: the archive, the PDFs, and what the register tells of its letters, its numbers and the mailing.
    fn kept(&self) -> Vec<(String, Vec<u8>)> {
        let root = self.office.workspace.path("");
        let files = files_below(&root).into_iter().filter(|path| {
            let path = path.strip_prefix(&root).expect("a path below");
            ["archief", "uitgaand", "post", ".archief-in-bewerking"].iter().any(|folder| path.starts_with(folder))
        });
        let mut kept: Vec<_> =
            files.map(|file| (file.display().to_string(), std::fs::read(&file).expect("a file"))).collect();
        let has_register = self.office.name != "sqlite" || self.office.workspace.path("register.db").exists();
        if has_register {
            for question in [
                &["register", "export", "--format", "json"][..],
                &["register", "verify", "--json"],
                &["register", "report", "nummers", "--jaar", "2023", "--json"],
                &["mail", "status", NAME, "--json"],
            ] {
                kept.push((question.join(" "), self.run(question).out.into_bytes()));
            }
        }
        kept
    }

    /// The number account: each number with its status and the reason.
    fn numbers(&self) -> Vec<(String, String, Option<String>)> {
        let account = self.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        let text = |value: &Json| value.as_str().map(String::from);
        let numbers = account.as_array().expect("numbers").iter();
        numbers.map(|one| (text(&one["nummer"]).unwrap(), text(&one["status"]).unwrap(), text(&one["reden"]))).collect()
    }

    /// Register and archive are whole, and nothing of the work is left lying about.
    #[track_caller]
    fn is_sound(&self) {
        self.office.verifies();
        let report = self.run(&["archive", "verify", "--json"]).exits(0).json();
        assert_eq!((&report["in_orde"], &report["fouten"]), (&true.into(), &serde_json::json!([])));
        assert!(!self.office.workspace.path("register.db-bezig").exists());
        let is_left = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let left: Vec<_> =
            files_below(&self.office.workspace.path("")).into_iter().filter(|path| is_left(path)).collect();
        assert!(left.iter().all(|path| path.ends_with(".gitignore")), "{left:?}");
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        self.office.bytes(path)
    }
}

/// The counts: totaal, gereed, geweigerd, wachtend.
#[track_caller]
fn counts(report: &Json) -> [u64; 4] {
    ["totaal", "gereed", "geweigerd", "wachtend"].map(|name| report[name].as_u64().expect("a count"))
}

/// Each row with its kenmerk and its status.
fn standing(report: &Json) -> Vec<(u64, Option<String>, String)> {
    let rows = report["rijen"].as_array().expect("rows").iter();
    rows.map(|row| {
        let kenmerk = row["kenmerk"].as_str().map(String::from);
        (row["rij"].as_u64().expect("a row"), kenmerk, row["status"].as_str().expect("a status").to_string())
    })
    .collect()
}

/// A row that has its letter.
fn done(row: u64, number: usize) -> (u64, Option<String>, String) {
    (row, Some(kenmerk(number)), "gereed".into())
}

/// A row that is refused.
fn refused(row: u64) -> (u64, Option<String>, String) {
    (row, None, "geweigerd".into())
}

/// What is said of a row.
fn said(report: &Json, row: u64) -> String {
    let found = report["rijen"].as_array().expect("rows").iter().find(|one| one["rij"] == row).expect("the row");
    let said = found["meldingen"].as_array().expect("findings").iter();
    said.map(|one| one.as_str().expect("a text")).collect::<Vec<_>>().join("\n")
}

/// Turns a row's words into those that no postcode has.
fn wrong(at: usize) -> String {
    row(at).replace("8012 EE", "0012 EE")
}
