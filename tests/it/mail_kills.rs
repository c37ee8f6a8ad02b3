//! Mailings whose processes are killed at any moment, end by themselves, or lose their disk or their database: started
//! again, they come to the same end as one that nothing happened to.

mod ends;
mod outside;
mod program;
mod rest;
mod storm;

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value as Json;

use self::program::Program;
use crate::support::{Run, Workspace};

/// A letter of one page.
const LETTER: &str = "letters/uitnodiging-netwerkpartners.md";

/// A workspace, with where its register and its archive are.
pub struct Site {
    pub workspace: Workspace,
    pub url: String,
    pub archive: PathBuf,
}

impl Site {
    /// One with its register at an address and its archive in its own folder.
    pub fn new(url: &str) -> Self {
        let workspace = Workspace::new();
        let archive = workspace.path("archief");
        Self { workspace, url: url.into(), archive }
    }

    /// A copy of the workspace that shares its register and its archive, which is an absolute path in both from now on.
    pub fn copy(&self) -> Self {
        let other = Workspace::new();
        let absolute = format!("url = \"{}\"", self.archive.display());
        self.workspace.change("postkamer.toml", "url = \"archief\"", &absolute);
        other.write("postkamer.toml", self.workspace.read("postkamer.toml"));
        Self { workspace: other, url: self.url.clone(), archive: self.archive.clone() }
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.workspace.run_with(arguments, &[("POSTKAMER_REGISTER_URL", &self.url)])
    }

    /// Has a mailing made by two processes, to its end.
    pub fn mail(&self, name: &str) -> Run {
        self.run(&mail(name).iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Starts a program that has a mailing made by two processes.
    pub fn start(&self, name: &str) -> Program {
        Program::start(self, &mail(name))
    }

    /// Writes the table of a mailing, of so many rows that are all right.
    pub fn table(&self, name: &str, rows: usize) {
        self.table_of(name, &[], (1..=rows).map(|_| String::new()));
    }

    /// The same with more columns.
    pub fn table_of(&self, name: &str, columns: &[&str], rows: impl Iterator<Item = String>) {
        let mut table = String::from("organisatie;straat;huisnummer;postcode;plaats;regio;netwerk;thema");
        columns.iter().for_each(|column| table.extend([";", column]));
        table.push('\n');
        for (more, n) in rows.zip(1..) {
            let separator = if more.is_empty() { "" } else { ";" };
            let row = format!("{name} en zoon {n};Dorpsstraat;{n};8012 EE;Zwolle;Twente;netwerk {n};Werk dat past");
            writeln!(table, "{row}{separator}{more}").expect("it is written");
        }
        self.workspace.write(&format!("{name}.csv"), table);
    }

    /// How a mailing stands.
    #[track_caller]
    pub fn status(&self, name: &str) -> Json {
        self.run(&["mail", "status", name, "--json"]).exits(0).json()
    }

    /// Waits until at least so many letters of a mailing that runs are made.
    #[track_caller]
    pub fn wait_for(&self, name: &str, letters: u64) {
        for _ in 0..600 {
            let run = self.run(&["mail", "status", name, "--json"]);
            if run.code == Some(0) && run.json()["gereed"].as_u64() >= Some(letters) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{letters} letters of {name} are never made");
    }
}

/// The arguments that have a mailing made by two processes.
fn mail(name: &str) -> Vec<String> {
    let table = format!("{name}.csv");
    ["mail", "run", LETTER, "--recipients", &table, "--name", name, "--jobs", "2", "--json"].map(String::from).into()
}
