//! Mailings in the workbench, from a table to letters.

mod ends;
mod scenario;
mod strange;

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::mail_run::{HEADER, TEXT};
use crate::support::Workspace;
use crate::support::browser::Browser;
use crate::support::client::{Answer, Client};

/// The letter of the mailings here.
const LETTER: &str = "letters/straat.md";

/// A workspace with the letter.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(LETTER, TEXT);
    workspace
}

/// The cells of a row that is right, other than every other.
fn row(number: usize) -> String {
    format!("Bakker {number};Dorpsstraat;{number};8012 EE;Zwolle;de stoep van {number}")
}

/// A table whose rows are numbered from 2, as a spreadsheet numbers them.
fn table(header: &str, last: usize, row: impl Fn(usize) -> String) -> String {
    std::iter::once(header.to_string()).chain((2..=last).map(row)).map(|line| line + "\r\n").collect()
}

/// Waits for what takes longer than a page: letters that are made.
#[track_caller]
fn patiently<T>(about: &str, what: impl Fn() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(240);
    loop {
        if let Some(found) = what() {
            return found;
        }
        assert!(Instant::now() < until, "{about}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Waits until a page shows a text.
#[track_caller]
fn shows(browser: &Browser, text: &str) {
    patiently(text, || browser.text("main").contains(text).then_some(()));
}

/// What is wrong on a page for people, or in the eyes of the browser.
fn wrong(browser: &Browser) -> Vec<String> {
    let mut found = browser.violations();
    found.extend(browser.complaints());
    found
}

/// Prepares a mailing.
fn prepared(client: &Client, name: &str, table: &[u8]) {
    let fields = [("letter", LETTER), ("name", name)];
    client.upload("/mailings/new", &fields, ("table", "straat.csv", table)).is(303);
}

/// Waits for the last look at a mailing; the digest of what is looked at.
fn begun(client: &Client, name: &str) -> String {
    patiently("the last look", || {
        let look = client.get(&format!("/mailings/{name}/start"));
        let text = (look.status == 200).then(|| look.text())?;
        let rest = text.split("name=\"digest\" value=\"").nth(1)?;
        Some(rest.split('"').next()?.to_string())
    })
}

/// Starts a mailing.
fn start(client: &Client, name: &str, digest: &str) -> Answer {
    client.post(&format!("/mailings/{name}/start"), &[("digest", digest)])
}

/// How a mailing stands, as the command line tells it.
fn status(workspace: &Workspace, name: &str) -> Json {
    workspace.run(&["mail", "status", name, "--json"]).exits(0).json()
}

/// Asserts that every row that is done has a number of its own, and that the register and archive agree.
fn one_number_each(workspace: &Workspace, status: &Json, done: usize) {
    let rows = status["rijen"].as_array().expect("rows");
    let mut numbers: Vec<&str> = rows.iter().filter_map(|row| row["kenmerk"].as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((numbers.len(), status["gereed"].as_u64()), (done, Some(done as u64)), "{status}");
    let listed = workspace.run(&["register", "list", "--json"]).exits(0).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(done), "{listed}");
    workspace.run(&["register", "verify"]).exits(0);
}
