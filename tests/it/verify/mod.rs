//! `register verify`: a register in order is found in order, and no change behind the program's back stays unseen.

mod daily;
mod files;
pub mod postgres;
pub mod sqlite;
mod tamper;

use postkamer::register::Register;
use postkamer::register::db::Value;
use postkamer::register::verify::{Verified, verify};
use postkamer::workspace::settings::Settings;

use crate::filled::{fill, open};
use crate::support::Workspace;
use crate::support::postgres::database;

/// A filled register and a way into its database that the program knows nothing of.
pub struct Scene {
    pub workspace: Workspace,
    pub register: Register,
    pub settings: Settings,
    pub database: Box<dyn Database>,
}

/// A database with its triggers and constraints switched off.
pub trait Database {
    /// The columns of every table that the program made, by table and in order.
    fn columns(&mut self) -> Vec<Column>;

    /// The answer to a question.
    fn query(&mut self, sql: &str) -> Vec<Vec<Value>>;

    /// How many rows a statement changed; none if the database refuses it.
    fn change(&mut self, sql: &str) -> Option<usize>;
}

/// A column as the catalogue of the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub table: String,
    pub name: String,
    pub nullable: bool,
    pub key: bool,
}

impl Scene {
    /// On each database that there is.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::sqlite()).chain(Self::postgres())
    }

    /// On SQLite.
    pub fn sqlite() -> Self {
        Self::new(None, |workspace| Box::new(sqlite::Sqlite::open(&workspace.path("register.db"))))
    }

    /// On PostgreSQL, where it is installed.
    pub fn postgres() -> Option<Self> {
        let url = database()?.url;
        Some(Self::new(Some(&url), |_| Box::new(postgres::Postgres::open(&url))))
    }

    fn new(url: Option<&str>, database: impl FnOnce(&Workspace) -> Box<dyn Database>) -> Self {
        let workspace = Workspace::new();
        let (opened, mut register) = open(&workspace, url);
        fill(&workspace, &mut register, opened.settings());
        let database = database(&workspace);
        Self { settings: opened.settings().clone(), workspace, register, database }
    }

    /// What is found.
    pub fn verify(&mut self) -> Verified {
        verify(&mut self.register, &self.settings).expect("the register is read")
    }

    /// The codes of what is found, each with its table and row.
    pub fn found(&mut self) -> Vec<(String, String, String)> {
        let told = |fault: &postkamer::register::verify::Fault| {
            let arg = |name: &str| {
                let found = fault.finding.args.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            };
            (fault.finding.code.to_string(), arg("table"), arg("row"))
        };
        self.verify().faults.iter().map(told).collect()
    }

    /// Changes rows; at least one must be.
    #[track_caller]
    pub fn change(&mut self, sql: &str) {
        assert!(self.database.change(sql).is_some_and(|changed| changed > 0), "{sql}");
    }
}

#[test]
fn a_register_in_order_is_found_in_order() {
    let mut scene = Scene::sqlite();
    let verified = scene.verify();
    assert_eq!(verified.faults, []);
    let json = scene.workspace.run(&["register", "verify", "--json"]).exits(0).json();
    assert_eq!(json, serde_json::json!({ "gebeurtenissen": verified.events, "in_orde": true, "fouten": [] }));
    assert_eq!(verified.events, 15);
    let people = scene.workspace.run(&["register", "verify"]).exits(0);
    assert_eq!((people.out.as_str(), people.err.contains("gebeurtenissen: 15; niets")), ("", true), "{}", people.err);
}

#[test]
fn the_program_says_which_row_was_touched() {
    let mut scene = Scene::sqlite();
    scene.change("UPDATE entry SET subject = 'Iets anders' WHERE id = 'D2023-02-000004'");
    scene.change("UPDATE event SET who = 'een ander' WHERE seq = 3");
    let json = scene.workspace.run(&["register", "verify", "--json"]).exits(1).json();
    assert_eq!((&json["in_orde"], &json["gebeurtenissen"]), (&false.into(), &15.into()));
    let faults = json["fouten"].as_array().unwrap();
    let told = |id: &str, words: &str| {
        faults.iter().any(|fault| fault["id"] == id && fault["reden"].as_str().unwrap().contains(words))
    };
    assert!(told("D2023-02-000004", "tabel entry, rij D2023-02-000004"), "{json}");
    assert!(told("D2023-02-000001", "tabel event, rij 3: deze gebeurtenis is veranderd"), "{json}");
    let people = scene.workspace.run(&["register", "verify", "--taal", "en"]).exits(1);
    assert!(people.err.contains("table event, row 3: this event was changed"), "{}", people.err);
    assert!(people.err.contains("events: 15, faults: "), "{}", people.err);
}

#[test]
fn many_faults_are_counted_and_none_reaches_the_terminal_raw() {
    let mut scene = Scene::sqlite();
    for at in 0..150 {
        scene.change(&format!("INSERT INTO series (name, last) VALUES ('x {at}' || char(27) || '[31m', 4)"));
    }
    let people = scene.workspace.run(&["register", "verify", "--color", "never"]).exits(1);
    assert!(people.err.contains("en nog 50 fouten") && !people.err.contains('\u{1b}'), "{}", people.err);
    let json = scene.workspace.run(&["register", "verify", "--json"]).exits(1).json();
    assert_eq!(json["fouten"].as_array().map(Vec::len), Some(150));
}

#[test]
fn a_register_that_is_not_there_is_not_in_order() {
    let workspace = Workspace::new();
    let json = workspace.run(&["register", "verify", "--json"]).exits(1).json();
    assert_eq!(json["fouten"][0]["code"], "register-missing");
    assert!(!workspace.path("register.db").exists());
}
