//! Numbers, events and archive in step, whatever happens: killed, out of disk, tampered with, many at once.

mod batches;
mod failing;
mod killed;
mod rows;
mod tampered;
mod together;

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::issue::Office;
use crate::signing::authority::{Authority, PASSPHRASE};
use crate::support::Run;
use crate::support::postgres::{Backend, backends};

/// An office whose signatories have a key that the workspace trusts.
pub struct House {
    pub office: Office,
}

/// With what a letter is signed.
const KEY: [&str; 4] = ["--p12", "sleutel.p12", "--passphrase-file", "wachtwoord"];

impl House {
    /// One at a backend; none without OpenSSL.
    pub fn new(backend: Backend) -> Option<Self> {
        let authority = Authority::new();
        let p12 = authority.p12("A.P. Heidema", "p256")?;
        let office = Office::new(backend);
        let files = &office.workspace;
        files.write("sleutel.p12", p12);
        files.write("wachtwoord", format!("{PASSPHRASE}\n"));
        files.write("ca.pem", std::fs::read(authority.anchor()).expect("it is there"));
        files.write("postkamer.toml", files.read("postkamer.toml") + "\n[vertrouwen]\nankers = [\"ca.pem\"]\n");
        Some(Self { office })
    }

    /// One at every backend.
    pub fn all() -> impl Iterator<Item = Self> {
        backends().into_iter().filter_map(Self::new)
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.office.run(arguments)
    }

    /// Issues a new letter and gives its number.
    #[track_caller]
    pub fn issue(&self, name: &str) -> String {
        let path = format!("letters/{name}.md");
        self.office.letter(&path, name);
        text(&self.office.issue(&path, &[])["kenmerk"])
    }

    /// Signs an issued letter outside the archive, into a file of the workspace.
    #[track_caller]
    pub fn sign_file(&self, id: &str, into: &str) {
        let pdf = format!("uitgaand/2023/{id}.pdf");
        self.run(&[&["sign", &pdf, "-o", into][..], &KEY].concat()).exits(0);
    }

    /// Registers a letter that came in, with its file.
    pub fn receive(&self, file: &str) -> Run {
        let about = ["--onderwerp", "Advies", "--van", "SER", "--datum", "2023-02-20"];
        self.run(&[&["register", "receive"][..], &about, &["--bestand", file]].concat())
    }

    pub fn archive(&self) -> PathBuf {
        self.path("archief")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.office.workspace.path(path)
    }

    /// Register and archive find nothing, and nothing is left beside the archive.
    #[track_caller]
    pub fn is_verified(&self, context: &str) {
        for verb in ["register", "archive"] {
            let run = self.run(&[verb, "verify", "--json"]);
            assert_eq!(run.code, Some(0), "{context}, {}: {verb} {}{}", self.office.name, run.out, run.err);
        }
        let left = names(&self.path(".archief-in-bewerking"));
        assert_eq!(left, Vec::<String>::new(), "{context}: left beside the archive");
    }

    /// Nor is anything left beside the files that people use.
    #[track_caller]
    pub fn is_clean(&self, context: &str) {
        self.is_verified(context);
        for folder in ["uitgaand/2023", "inkomend/2023"] {
            let left = names(&self.path(folder)).into_iter().filter(|name| name.starts_with('.'));
            assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new(), "{context}: left in {folder}");
        }
    }

    /// What a `verify` finds: letter, file and words of each fault, or of each reason to refuse.
    #[track_caller]
    pub fn found(&self, arguments: &[&str]) -> Vec<(String, String, String)> {
        let run = self.run(&[arguments, &["--json"]].concat());
        assert!(matches!(run.code, Some(0 | 1)), "{arguments:?}: {}{}", run.out, run.err);
        let faults = run.json()["fouten"].take();
        let faults = faults.as_array().cloned().unwrap_or_default();
        assert_eq!(run.code == Some(0), faults.is_empty(), "{arguments:?}: {}", run.out);
        let told = |fault: &Json| {
            let words = if fault["reden"].is_null() { &fault["melding"] } else { &fault["reden"] };
            (text(&fault["id"]), text(&fault["bestand"]), text(words))
        };
        faults.iter().map(told).collect()
    }

    /// The numbers of the year, each accounted for.
    pub fn numbers(&self) -> Vec<String> {
        let account = self.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        account.as_array().expect("a list").iter().map(|one| text(&one["nummer"])).collect()
    }

    /// The versions that the archive has of a letter.
    #[track_caller]
    pub fn versions(&self, id: &str) -> usize {
        let shown = self.run(&["archive", "show", id, "--json"]).exits(0).json();
        shown["versies"].as_array().map_or(0, Vec::len)
    }
}

/// The text of a JSON value; of none, nothing.
pub fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_string()
}

/// The names in a folder, sorted; none where there is no folder.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder is made");
    for entry in std::fs::read_dir(from).expect("the folder is there").flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("it is copied");
        }
    }
}

/// Runs an ignored test in a process of its own, which is killed at a step; false if it never came to that step.
#[track_caller]
fn is_killed(house: &House, child: &str, told: &[(&str, String)]) -> bool {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child, "--ignored", "--quiet"])
        .env("POSTKAMER_TEST_ROOT", house.path("").canonicalize().unwrap())
        .env("POSTKAMER_REGISTER_URL", &house.office.url)
        .envs(told.iter().map(|(name, value)| (*name, value)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("panicked"), "{told:?}: {said}");
    !output.status.success()
}
