//! Tables of letters: into the register, and out of it.

mod export;
mod import;

use chrono::{DateTime, NaiveDate};
use postkamer::register::chain;
use postkamer::register::entry::{Direction, Entry, Status};
use postkamer::register::links;
use postkamer::register::numbering::{self, Kind, Origin, Use};
use postkamer::register::{Clerk, Register};
use postkamer::workspace::Workspace as Opened;
use postkamer::workspace::settings::Settings;
use serde_json::{Value as Json, json};

use crate::support::{Run, Workspace, postgres};

/// Where a register of its own is that nobody named.
const SQLITE: &str = "sqlite:register.db";

/// A workspace with an empty register at a URL.
struct Desk {
    workspace: Workspace,
    url: String,
}

impl Desk {
    fn new() -> Self {
        Self::at(SQLITE)
    }

    fn at(url: &str) -> Self {
        Self { workspace: Workspace::new(), url: url.into() }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.workspace.run_with(arguments, &[("POSTKAMER_REGISTER_URL", &self.url)])
    }

    fn import(&self, name: &str, table: impl AsRef<[u8]>) -> Run {
        self.workspace.write(name, table);
        self.run(&["register", "import", name, "--json"])
    }

    /// What an export in a format gives.
    fn export(&self, format: &str) -> Vec<u8> {
        self.run(&["register", "export", "--format", format, "-o", "uitvoer", "--quiet"]).exits(0);
        std::fs::read(self.workspace.path("uitvoer")).expect("the export")
    }

    /// The letters of an export by their numbers.
    fn letter(&self, id: &str) -> Json {
        let all: Json = serde_json::from_slice(&self.export("json")).expect("JSON");
        all.as_array().unwrap().iter().find(|letter| letter["id"] == id).unwrap_or_else(|| panic!("no {id}")).clone()
    }

    /// Works with the register itself.
    fn register<T>(&self, work: impl FnOnce(&mut Register, &Settings, &Clerk) -> T) -> T {
        let url = |name: &str| (name == "POSTKAMER_REGISTER_URL").then(|| self.url.clone());
        let workspace = Opened::open(&self.workspace.path(""), &url).expect("the workspace opens");
        let mut register = Register::open(&workspace).expect("the register opens");
        let moment = DateTime::from_timestamp(1_676_977_200, 0).unwrap();
        let clerk = Clerk { name: "jan", moment, day: day("2023-02-21"), random: &|| *uuid::Uuid::new_v4().as_bytes() };
        work(&mut register, workspace.settings(), &clerk)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The findings of a row in a report.
fn said(report: &Json, row: usize) -> String {
    let rows = report["rijen"].as_array().expect("rows");
    let row = rows.iter().find(|one| one["rij"] == row).unwrap_or_else(|| panic!("no row {row}"));
    row["meldingen"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The statuses of the rows of a report.
fn statuses(report: &Json) -> Vec<&str> {
    report["rijen"].as_array().expect("rows").iter().map(|row| row["status"].as_str().unwrap()).collect()
}

/// A register as its own commands make it: every status, both kinds of links, numbers from the counter and by hand.
fn fill(desk: &Desk) {
    desk.register(|register, settings, clerk| {
        let number = |journal: &mut chain::Journal, direction, hand: Option<&str>| {
            let (kind, numbers) = match direction {
                Direction::In => (Kind::Incoming, &settings.inkomend),
                Direction::Out => (Kind::Reference, &settings.kenmerk),
            };
            match hand {
                Some(text) => numbering::chosen(kind, numbers, text, clerk.day, Origin::ByHand),
                None => numbering::next(journal.tx, kind, numbers, clerk.day).unwrap(),
            }
        };
        let filled = register.write(clerk, |journal| {
            for (at, status) in Status::ALL.into_iter().enumerate() {
                let hand = (status == Status::Signed).then_some("2021/0266 135");
                let number = number(journal, status.direction(), hand);
                let subject = format!("=1+1; ‘{status}’, \"twee\"");
                let mut entry = Entry::new(&number.text, status, &subject, "w", journal.salt());
                entry.dated = (status != Status::Reserved).then(|| day("2023-02-01"));
                entry.reserved = Some(clerk.day);
                if status.direction() == Direction::In {
                    (entry.received, entry.term) = (Some(day("2023-01-30")), Some(day("2023-04-30")));
                    (entry.their_reference, entry.their_date) = (Some("+31 é".into()), Some(day("2023-01-28")));
                }
                if status == Status::Sent {
                    (entry.sent, entry.sent_by) = (Some(day("2023-02-03")), Some("per post".into()));
                    (entry.kind, entry.confidentiality) = (Some("besluit".into()), Some("beperkt_openbaar".into()));
                    (entry.case_number, entry.handler) = (Some("2023-000012".into()), Some("A. de Vries".into()));
                    (entry.correspondent, entry.letter) =
                        (Some("'s-Hertogenbosch".into()), Some("letters/x.md".into()));
                }
                entry.insert(journal.tx)?;
                let reason = (status == Status::Void).then_some("dubbel opgemaakt");
                let state = if status == Status::Void { Use::Void } else { Use::Used };
                numbering::record(journal, &number, &entry.id, state, reason)?;
                let (what, details) = match status {
                    Status::Withdrawn => ("ingetrokken", json!({ "reden": "verkeerd bedrag" })),
                    Status::Handled => ("afgedaan", json!({ "reden": "telefonisch afgehandeld" })),
                    _ => ("vastgesteld", json!({ "plaats": at })),
                };
                journal.note(&entry.id, what, &details)?;
            }
            links::add(journal.tx, "D2023-02-000003", links::Kind::Answers, "I2023-000002")?;
            links::add(journal.tx, "2021/0266 135", links::Kind::Answers, "I2023-000002")?;
            links::add(journal.tx, "D2023-02-000003", links::Kind::SameCase, "I2023-000001")?;
            journal.note("D2023-02-000003", "gekoppeld", &json!({}))?;
            journal.note("2021/0266 135", "gekoppeld", &json!({}))
        });
        filled.expect("the register is filled");
    });
}

/// What was taken out of one register and taken in by another is taken out again, byte for byte.
///
/// Both URLs are those of empty registers; there is one more for each format.
fn comes_back(from: &str, to: &[&str; 3]) {
    let source = Desk::at(from);
    fill(&source);
    for (format, url) in ["csv", "json", "xlsx"].into_iter().zip(to) {
        let target = Desk::at(url);
        let out = source.export(format);
        assert_eq!(out, source.export(format), "{format}: the same register, the same bytes");
        let report = target.import(&format!("register.{format}"), &out).exits(0).json();
        assert_eq!((&report["totaal"], &report["opgenomen"], &report["geweigerd"]), (&9.into(), &9.into(), &0.into()));
        assert_eq!(statuses(&report), ["opgenomen"; 9]);
        for other in ["csv", "json", "xlsx"] {
            assert_eq!(target.export(other), source.export(other), "{other} after {format}");
        }
        verifies(&target);
    }
}

#[track_caller]
fn verifies(desk: &Desk) {
    desk.run(&["register", "verify"]).exits(0);
}

#[test]
fn what_is_taken_out_and_in_is_the_same() {
    comes_back(SQLITE, &[SQLITE; 3]);
    let empty = || postgres::database().map(|database| database.url);
    // PostgreSQL to PostgreSQL, and each to the other.
    if let (Some(from), Some(one), Some(two), Some(three)) = (empty(), empty(), empty(), empty()) {
        comes_back(&from, &[&one, SQLITE, SQLITE]);
        comes_back(SQLITE, &[SQLITE, &two, &three]);
    }
}

#[test]
fn an_empty_register_comes_back_empty() {
    for format in ["csv", "json", "xlsx"] {
        let out = Desk::new().export(format);
        let desk = Desk::new();
        let report = desk.import(&format!("leeg.{format}"), &out).exits(0).json();
        assert_eq!(report, json!({ "totaal": 0, "opgenomen": 0, "geweigerd": 0, "rijen": [] }));
        assert_eq!(desk.export(format), out);
    }
}
