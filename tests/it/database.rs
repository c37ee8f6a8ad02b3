//! The register's database: how it is named, reached and brought up to date, and the ways in which databases fail.

mod addresses;
mod failures;
mod files;
mod migrating;
mod tls;

use postkamer::error::{Error, Result};
use postkamer::register::entry::{Entry, Status};
use postkamer::register::{Clerk, Register};

use crate::support::postgres::{Backend, backends};
use crate::support::{EPOCH, Run, Workspace};

/// What is asked of a register by which it is opened and read; an empty one refuses it.
const ASK: [&str; 4] = ["register", "show", "D2023-02-000001", "--json"];

/// A letter that can be issued.
const LETTER: &str = "letters/uitnodiging-leren-van-elkaar.md";

/// A workspace with a register somewhere.
struct Post {
    workspace: Workspace,
    url: String,
    name: &'static str,
}

impl Post {
    fn at(backend: Backend) -> Self {
        let workspace = Workspace::new();
        // A number of its own would not come from the counter.
        let text = workspace.read(LETTER);
        let lines = text.lines().filter(|line| !line.starts_with("kenmerk") && !line.starts_with("in_reactie_op"));
        workspace.write(LETTER, lines.collect::<Vec<_>>().join("\n"));
        Self { workspace, url: backend.url, name: backend.name }
    }

    fn at_url(name: &'static str, url: &str) -> Self {
        Self::at(Backend { name, url: url.into() })
    }

    /// One at every kind of database.
    fn all() -> impl Iterator<Item = Self> {
        backends().into_iter().map(Self::at)
    }

    fn sqlite() -> Self {
        Self::at_url("sqlite", "sqlite:register.db")
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.workspace.run_with(arguments, &[("POSTKAMER_REGISTER_URL", &self.url)])
    }

    /// Issues the letter and gives its number.
    #[track_caller]
    fn issues(&self) -> String {
        let run = self.run(&["issue", "--json", LETTER]).exits(0);
        run.json()[0]["kenmerk"].as_str().expect("a number").to_string()
    }

    /// The workspace as the library opens it.
    fn open(&self) -> postkamer::workspace::Workspace {
        let root = self.workspace.path("").canonicalize().expect("the folder is there");
        let url = |name: &str| (name == "POSTKAMER_REGISTER_URL").then(|| self.url.clone());
        postkamer::workspace::Workspace::open(&root, &url).expect("the workspace is in order")
    }

    fn register(&self) -> Register {
        Register::open(&self.open()).expect("the register opens")
    }
}

fn random() -> [u8; 16] {
    *uuid::Uuid::new_v4().as_bytes()
}

fn clerk() -> Clerk<'static> {
    let moment = chrono::DateTime::from_timestamp(EPOCH.parse().expect("seconds"), 0).expect("a moment");
    Clerk { name: "toets", moment, day: moment.date_naive(), random: &random }
}

/// Adds an entry and notes it.
fn add(register: &mut Register, id: &str) -> Result<()> {
    register.write(&clerk(), |journal| {
        Entry::new(id, Status::Open, "onderwerp", "w", journal.salt()).insert(journal.tx)?;
        journal.note(id, "ontvangen", &serde_json::json!({}))
    })
}

/// The IDs of all entries in the order of the database.
fn ids(register: &mut Register) -> Vec<String> {
    let rows = register.read(|tx| tx.rows("SELECT id FROM entry ORDER BY id", &[])).expect("it can be read");
    rows.iter().map(|row| row.text("id")).collect()
}

#[track_caller]
fn is_outside<T>(result: Result<T>) -> &'static str {
    match result {
        Err(Error::Outside { action, .. }) => action,
        Err(refused) => panic!("{refused}"),
        Ok(_) => panic!("it was done"),
    }
}

#[test]
fn texts_are_ordered_by_their_bytes_everywhere() {
    for post in Post::all() {
        let mut register = post.register();
        let mut sorted = vec!["a b", "a-c", "aB", "ab", "Z", "é", "e", "10", "9", "D2023/1", "D2023-1"];
        sorted.iter().for_each(|id| add(&mut register, id).expect("it is added"));
        sorted.sort_unstable();
        assert_eq!(ids(&mut register), sorted, "{}", post.name);
    }
}

#[test]
fn a_transaction_in_which_a_statement_failed_is_not_committed() {
    for post in Post::all() {
        let mut register = post.register();
        add(&mut register, "I1").expect("it is added");
        let swallowed = register.write(&clerk(), |journal| {
            Entry::new("I2", Status::Open, "onderwerp", "w", journal.salt()).insert(journal.tx)?;
            // A row with that key is there already.
            let again = Entry::new("I1", Status::Open, "onderwerp", "w", journal.salt()).insert(journal.tx);
            assert!(again.is_err());
            Ok(())
        });
        assert_eq!(is_outside(swallowed), "register", "{}", post.name);
        assert_eq!(ids(&mut register), ["I1"], "{}", post.name);
        // The connection is of use all the same.
        add(&mut register, "I2").expect("it is added");
        assert_eq!(ids(&mut register), ["I1", "I2"], "{}", post.name);
    }
}
