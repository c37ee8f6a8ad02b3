//! What is read from the register: lists, what is due, search, one letter with its thread.

mod archived;
mod listing;
mod searching;
mod showing;

use std::cell::Cell;

use chrono::{DateTime, NaiveDate, Utc};
use postkamer::messages::{Messages, Tongue};
use postkamer::register::chain::Journal;
use postkamer::register::db::Tx;
use postkamer::register::entry::{Direction, Entry, Status};
use postkamer::register::files::{FileRecord, Role};
use postkamer::register::history::{Event, WHATS};
use postkamer::register::query::{self, Filter, Order};
use postkamer::register::thread::Thread;
use postkamer::register::{Clerk, Register, links, search};
use serde_json::{Value as Json, json};

use crate::support::postgres::{Backend, backends};
use crate::support::{Run, Workspace};

/// A workspace with a register.
struct Shelf {
    workspace: Workspace,
    url: String,
}

impl Shelf {
    fn new() -> Self {
        Self::on(backends().remove(0))
    }

    fn on(backend: Backend) -> Self {
        Self { workspace: Workspace::new(), url: backend.url }
    }

    /// An empty register on each kind of database.
    fn each() -> impl Iterator<Item = Self> {
        backends().into_iter().map(Self::on)
    }

    /// The letters of these tests on each kind of database.
    fn each_filled() -> impl Iterator<Item = Self> {
        Self::each().inspect(Self::fill)
    }

    fn filled() -> Self {
        let shelf = Self::new();
        shelf.fill();
        shelf
    }

    /// Puts the letters of these tests in, by a clerk named Anna.
    fn fill(&self) {
        self.write(|journal| {
            for entry in letters() {
                add(journal, &entry, if entry.direction == Direction::In { "ontvangen" } else { "gereserveerd" });
            }
            link(journal, "D2023-02-002694", links::Kind::Answers, "I2022-000001");
            let file =
                FileRecord::of(b"%PDF-1.7", 1, Role::Letter, 0, "advies één.pdf", "inkomend/2022/I2022-000001.pdf");
            file.insert(journal.tx, "I2022-000001").unwrap();
            journal.note("I2022-000001", "beantwoord", &json!({ "was": "open", "door": "D2023-02-002694" })).unwrap();
        });
    }

    fn register(&self) -> Register {
        let workspace = postkamer::workspace::Workspace::open(&self.workspace.path(""), &|name| {
            (name == "POSTKAMER_REGISTER_URL").then(|| self.url.clone())
        });
        Register::open(&workspace.unwrap()).unwrap()
    }

    fn write(&self, work: impl FnOnce(&mut Journal)) {
        let calls = Cell::new(0u8);
        let random = || {
            calls.set(calls.get().wrapping_add(1));
            [calls.get(); 16]
        };
        let moment = DateTime::<Utc>::from_timestamp(1_676_977_200, 0).unwrap();
        let clerk = Clerk { name: "Anna", moment, day: day("2023-02-21"), random: &random };
        let work = |journal: &mut Journal| {
            work(journal);
            Ok(())
        };
        self.register().write(&clerk, work).unwrap();
    }

    fn read<T>(&self, work: impl FnOnce(&mut Tx) -> postkamer::error::Result<T>) -> T {
        self.register().read(work).unwrap()
    }

    /// Runs `postkamer register …`.
    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let url = ("POSTKAMER_REGISTER_URL", self.url.as_str());
        self.workspace.run_with(&[&["register"], arguments].concat(), &[environment, &[url]].concat())
    }

    /// The numbers that a command lists.
    #[track_caller]
    fn ids(&self, arguments: &[&str]) -> Vec<String> {
        let listed = self.run(&[&arguments[..1], &["--json"], &arguments[1..]].concat()).exits(0).json();
        listed.as_array().expect("a list").iter().map(|letter| letter["id"].as_str().unwrap().to_string()).collect()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn entry(id: &str, status: Status, subject: &str) -> Entry {
    Entry::new(id, status, subject, "werkruimte", format!("zout-{id}"))
}

fn add(journal: &mut Journal, entry: &Entry, what: &str) {
    entry.insert(journal.tx).unwrap();
    search::index(journal.tx, entry, None).unwrap();
    journal.note(&entry.id, what, &json!({ "onderwerp": entry.subject })).unwrap();
}

fn link(journal: &mut Journal, source: &str, kind: links::Kind, target: &str) {
    assert!(links::add(journal.tx, source, kind, target).unwrap());
    journal.note(source, "gekoppeld", &json!({ "met": target })).unwrap();
}

fn letters() -> Vec<Entry> {
    let some = |text: &str| Some(text.to_string());
    let on = |text: &str| Some(day(text));
    vec![
        Entry {
            kind: some("advies"),
            correspondent: some("SER Overijssel"),
            case_number: some("2023-003015"),
            dated: on("2022-12-01"),
            received: on("2022-12-02"),
            handler: some("Jan de Boer"),
            term: on("2023-02-23"),
            their_reference: some("SER-22/114"),
            their_date: on("2022-12-01"),
            ..entry("I2022-000001", Status::Answered, "Briefadvies 'Meer aandacht voor sociale innovatie'")
        },
        Entry {
            correspondent: some("Coöperatie Één"),
            dated: on("2023-01-09"),
            received: on("2023-01-10"),
            handler: some("Ève"),
            term: on("2023-02-20"),
            ..entry("I2023-000001", Status::Open, "Vraag over windmolens; € 1.200,-")
        },
        Entry {
            kind: some("Bezwaar"),
            correspondent: some("Gemeente Zwolle"),
            received: on("2023-01-10"),
            term: on("2023-02-21"),
            ..entry("I2023-000002", Status::Open, "Bezwaren tegen besluit 2022/17")
        },
        Entry {
            correspondent: some("gemeente zwolle"),
            received: on("2023-02-20"),
            term: on("2023-03-03"),
            ..entry("I2023-000003", Status::Open, "digitalisering")
        },
        // As an import has them: only the date of the letter is known.
        Entry { dated: on("2021-05-05"), ..entry("I2023-000004", Status::Open, "Éénmalige subsidie") },
        Entry {
            correspondent: some("J. 100%_zeker"),
            received: on("2023-02-01"),
            term: on("2023-02-02"),
            ..entry("I2023-000005", Status::Handled, "Dank")
        },
        Entry {
            correspondent: some("SER Overijssel"),
            case_number: some("2023-003015"),
            dated: on("2023-02-21"),
            sent: on("2023-02-22"),
            sent_by: some("post"),
            handler: some("Jan de Boer"),
            reserved: on("2023-02-21"),
            version: 1,
            ..entry("D2023-02-002694", Status::Sent, "Reactie op briefadvies")
        },
        Entry { reserved: on("2023-02-21"), ..entry("D2023-02-002695", Status::Reserved, "Uitnodiging") },
        Entry { reserved: on("2023-01-31"), ..entry("D2023-01-000007", Status::Void, "Vergissing") },
        Entry { dated: on("2022-11-30"), ..entry("D2022-11-000099", Status::Withdrawn, "Aanbod") },
    ]
}

/// Everything, the newest first.
const NEWEST: [&str; 10] = [
    "D2023-02-002695",
    "D2023-02-002694",
    "I2023-000003",
    "I2023-000005",
    "D2023-01-000007",
    "I2023-000002",
    "I2023-000001",
    "I2022-000001",
    "D2022-11-000099",
    "I2023-000004",
];
