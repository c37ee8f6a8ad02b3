//! What is wrong in a letter, a template or the settings is found, at its line, and nothing is made.

mod addressee;
mod body;
mod files;
mod front;
mod handlebars;
mod hostile;
mod settings;
mod template;

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::support::{Run, Workspace};

/// A finding as a test expects it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub code: String,
    pub file: String,
    pub line: u64,
    pub column: u64,
    pub key: String,
    pub message: String,
}

impl Found {
    pub fn of(finding: &Json) -> Self {
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_string();
        Self {
            code: text("code"),
            file: text("bestand"),
            line: finding["regel"].as_u64().unwrap_or(0),
            column: finding["kolom"].as_u64().unwrap_or(0),
            key: text("sleutel"),
            message: text("melding"),
        }
    }
}

/// The errors that a run with `--json` lists.
pub fn errors(run: &Run) -> Vec<Found> {
    let json = run.json();
    let lists: Vec<&Json> = match &json {
        Json::Array(letters) => letters.iter().map(|letter| &letter["bevindingen"]).collect(),
        refused => vec![&refused["fouten"]],
    };
    let found = lists.into_iter().flat_map(|list| list.as_array().into_iter().flatten());
    found.filter(|finding| finding["ernst"] == "fout").map(Found::of).collect()
}

/// Code, file and line of every error in a run of `check --json` that refuses.
#[track_caller]
pub fn refused(workspace: &Workspace, letter: &str) -> Vec<(String, String, u64)> {
    let run = workspace.run(&["check", "--json", letter]).exits(1);
    errors(&run).into_iter().map(|found| (found.code, found.file, found.line)).collect()
}

/// What a letter of a batch must give.
type Judge = Box<dyn Fn(&[Found]) -> Result<(), String>>;

/// Letters with a mistake each, checked in one run: a run for each would take minutes.
pub struct Batch {
    workspace: Workspace,
    cases: Vec<(String, String, Judge)>,
}

impl Batch {
    pub fn new() -> Self {
        let workspace = Workspace::new();
        for letter in crate::support::example_letters() {
            std::fs::remove_file(workspace.path(&letter)).expect("the example is there");
        }
        Self { workspace, cases: Vec::new() }
    }

    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// A letter that must give exactly one error, of this code, on this line.
    pub fn one(&mut self, what: impl Into<String>, text: impl AsRef<[u8]>, code: &'static str, line: u64) {
        self.judged(what, text, move |found| match found {
            [one] if one.code == code && one.line == line => Ok(()),
            _ => Err(format!("{code} on line {line}")),
        });
    }

    /// The same with the column.
    pub fn one_at(&mut self, what: impl Into<String>, text: impl AsRef<[u8]>, code: &'static str, at: (u64, u64)) {
        self.judged(what, text, move |found| match found {
            [one] if one.code == code && (one.line, one.column) == at => Ok(()),
            _ => Err(format!("{code} at {at:?}")),
        });
    }

    /// A letter that must be in order.
    pub fn none(&mut self, what: impl Into<String>, text: impl AsRef<[u8]>) {
        self.judged(what, text, |found| if found.is_empty() { Ok(()) } else { Err("nothing".into()) });
    }

    /// A letter whose errors are judged by a closure, which says what it expected instead.
    pub fn judged(
        &mut self,
        what: impl Into<String>,
        text: impl AsRef<[u8]>,
        judge: impl Fn(&[Found]) -> Result<(), String> + 'static,
    ) {
        let path = format!("letters/m{:04}.md", self.cases.len());
        self.workspace.write(&path, text);
        self.cases.push((path, what.into(), Box::new(judge)));
    }

    /// Checks all letters, once for programs and once for people, and judges each.
    #[track_caller]
    pub fn check(self) {
        assert!(!self.cases.is_empty(), "there is nothing to check");
        let run = self.workspace.run(&["check", "--json"]);
        assert!(!run.err.contains("panicked"), "{}", run.err);
        let report = run.json();
        let people = self.workspace.run(&["check"]);
        assert_eq!(people.code, run.code, "{}", people.err);
        let mut failures = String::new();
        for (path, what, judge) in &self.cases {
            let letter = report.as_array().into_iter().flatten().find(|letter| letter["brief"] == path.as_str());
            let found = letter.unwrap_or_else(|| panic!("{path} is not in the report"))["bevindingen"].as_array();
            let found: Vec<_> =
                found.into_iter().flatten().filter(|finding| finding["ernst"] == "fout").map(Found::of).collect();
            if let Err(expected) = judge(&found) {
                let _ = writeln!(failures, "{path}, {what}: expected {expected}, found");
                for one in &found {
                    let _ = writeln!(failures, "    {one:?}");
                }
            }
            for one in &found {
                let place = format!("{}:{}:{}", one.file, one.line, one.column);
                if !people.err.contains(&place) {
                    let _ = writeln!(failures, "{path}, {what}: {place} is not shown to people");
                }
            }
        }
        assert!(failures.is_empty(), "{failures}");
    }
}

/// A letter that is in order, with this body.
pub fn letter(body: &str) -> String {
    format!("{FRONT}+++\n\n{body}")
}

/// The line on which the body of [`letter`] begins.
pub const BODY: u64 = 15;

/// A front matter that is in order, up to its closing fence.
pub const FRONT: &str = "+++
sjabloon = \"ser-brief\"
onderwerp = \"Proef\"
datum = 2023-02-21
ondertekening = \"ser\"
verzonden_aan = [\"a@example.nl\", \"b@example.nl\"]

[ontvanger]
organisatie = \"Gemeente Zwolle\"
postbus = \"10007\"
postcode = \"8000 GA\"
plaats = \"Zwolle\"
";

#[test]
fn the_letter_that_the_mistakes_are_made_in_is_in_order() {
    let mut batch = Batch::new();
    batch.none("plain", letter("Tekst.\n"));
    assert_eq!(letter("X").lines().nth(BODY as usize - 1), Some("X"));
    batch.check();
}
