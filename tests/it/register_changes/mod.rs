//! Everything that changes a letter in the register: receiving, linking, assigning, sending, correcting, taking back.

mod correct;
mod link;
mod progress;
mod receive;

use chrono::{DateTime, NaiveDate};
use serde_json::{Value as Json, json};

use postkamer::error::Result;
use postkamer::register::chain::{self, Journal};
use postkamer::register::db::Tx;
use postkamer::register::entry::{Entry, Status};
use postkamer::register::numbering::{Kind, Number, Origin, Use};
use postkamer::register::{Clerk, Register, links, numbering};
use postkamer::workspace;

use crate::support::{EPOCH, Run, Workspace};

/// What every letter that came in here has.
const RECEIVE: [&str; 8] = [
    "register",
    "receive",
    "--onderwerp",
    "Briefadvies sociale innovatie",
    "--van",
    "SER Overijssel",
    "--datum",
    "2022-12-01",
];

fn receive(workspace: &Workspace, more: &[&str]) -> Run {
    workspace.run(&[&RECEIVE[..], more].concat())
}

/// The number of a new incoming letter.
fn received(workspace: &Workspace, more: &[&str]) -> String {
    receive(workspace, more).exits(0).out.trim().to_string()
}

fn register(workspace: &Workspace, arguments: &[&str]) -> Run {
    workspace.run(&[&["register"], arguments].concat())
}

/// Runs a verb that is refused, with and without `--json`: its code, and its words in Dutch.
#[track_caller]
fn refused(workspace: &Workspace, arguments: &[&str]) -> (String, String) {
    let before = dump(workspace);
    let words = register(workspace, arguments).exits(1);
    assert_eq!(words.out, "");
    let report = register(workspace, &[arguments, &["--json"]].concat()).exits(1).json();
    assert_eq!(dump(workspace), before, "a refusal changed something");
    (report["fouten"][0]["code"].as_str().unwrap().to_string(), words.err)
}

fn shown(workspace: &Workspace, id: &str) -> Json {
    register(workspace, &["show", id, "--json"]).exits(0).json()
}

fn opened(workspace: &Workspace) -> (workspace::Workspace, Register) {
    let root = workspace.path("").canonicalize().unwrap();
    let workspace = workspace::Workspace::open(&root, &|_| None).unwrap();
    let register = Register::open(&workspace).unwrap();
    (workspace, register)
}

fn read<T>(workspace: &Workspace, work: impl FnOnce(&mut Tx) -> Result<T>) -> T {
    opened(workspace).1.read(work).unwrap()
}

fn write<T>(workspace: &Workspace, work: impl FnOnce(&mut Journal) -> Result<T>) -> Result<T> {
    let moment = DateTime::from_timestamp(EPOCH.parse().unwrap(), 0).unwrap();
    let clerk = Clerk { name: "test", moment, day: day("2023-02-21"), random: &|| *b"0123456789abcdef" };
    opened(workspace).1.write(&clerk, work)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An outgoing letter, as issuing one leaves it.
fn outgoing(workspace: &Workspace, id: &str, status: Status, answers: &[&str]) {
    let number = |kind, text: &str, seq| Number {
        kind,
        text: text.into(),
        series: Some(format!("{} 2023", kind.word())),
        seq: Some(seq),
        year: 2023,
        origin: Origin::Counter,
    };
    let sequence = id.bytes().fold(0, |sequence, byte| sequence * 256 + i64::from(byte));
    let use_of = if status == Status::Reserved { Use::Reserved } else { Use::Used };
    let done = write(workspace, |journal| {
        let mut entry = Entry::new(id, status, "Reactie", "w", "zout".into());
        entry.letter = Some(format!("letters/{id}.md"));
        entry.dated = Some(day("2023-02-01"));
        entry.version = i64::from(status != Status::Reserved);
        entry.case_number = Some(format!("Z-{id}"));
        entry.insert(journal.tx)?;
        numbering::record(journal, &number(Kind::Reference, id, sequence), id, use_of, None)?;
        numbering::record(journal, &number(Kind::Case, &format!("Z-{id}"), sequence), id, use_of, None)?;
        for target in answers {
            links::add(journal.tx, id, links::Kind::Answers, target)?;
        }
        journal.note(id, "vastgesteld", &json!({}))?;
        answers.iter().try_for_each(|target| links::refresh_answered(journal, target))
    });
    done.unwrap();
}

/// What happened last to a letter, with its details; and every letter is as its last event left it.
fn last_event(workspace: &Workspace, id: &str) -> (String, Json) {
    read(workspace, |tx| {
        for row in tx.rows("SELECT id, salt FROM entry", &[])? {
            let (id, salt) = (row.text("id"), row.text("salt"));
            let sql = "SELECT state FROM event WHERE entry = $1 ORDER BY seq DESC";
            let event = tx.row(sql, &[id.as_str().into()])?.expect("an event");
            let state = chain::state(tx, &id)?;
            assert_eq!(event.text("state"), chain::digest(&salt, &state), "{id} is not as noted: {state}");
        }
        let row = tx.row("SELECT what, details FROM event WHERE entry = $1 ORDER BY seq DESC", &[id.into()])?.unwrap();
        Ok((row.text("what"), serde_json::from_str(&row.text("details")).unwrap()))
    })
}

/// Everything that the register holds, as text; empty without a register.
fn dump(workspace: &Workspace) -> String {
    if !workspace.path("register.db").exists() {
        return String::new();
    }
    read(workspace, |tx| {
        let mut all = Vec::new();
        for table in ["entry", "number", "series", "link", "file", "event", "chain", "search"] {
            let rows = tx.rows(&format!("SELECT * FROM {table}"), &[])?;
            all.extend(rows.iter().map(|row| format!("{table} {:?}", row.columns().collect::<Vec<_>>())));
        }
        all.sort();
        Ok(all.join("\n"))
    })
}

fn numbers(workspace: &Workspace) -> Vec<[String; 5]> {
    read(workspace, |tx| {
        let rows = tx.rows("SELECT * FROM number ORDER BY kind, number", &[])?;
        Ok(rows.iter().map(|row| ["kind", "number", "origin", "status", "reason"].map(|name| row.text(name))).collect())
    })
}
