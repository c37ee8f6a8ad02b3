//! The whole way of a letter through the archive, as those who keep it type it.

mod comes_back;
mod folders;
mod later;
mod received;
mod refused;
mod scans;
mod transfer;
mod visible;
mod whole_way;

use std::path::Path;

use serde_json::Value as Json;

use crate::issue::{LETTER, Office};
use crate::outside;
use crate::signing::authority::{Authority, PASSPHRASE};
use crate::support::Run;
use crate::support::postgres::{Backend, backends};

/// The kenmerk of the first letter.
pub const ID: &str = "D2023-02-000001";

/// Where its PDF lies for people to use.
pub const PDF: &str = "uitgaand/2023/D2023-02-000001.pdf";

/// An office that trusts an authority, whose signatories have their keys in its workspace.
pub struct Room {
    pub office: Office,
    pub authority: Authority,
}

impl Room {
    /// A room whose register is in a file.
    pub fn new() -> Self {
        Self::at(backends().remove(0))
    }

    pub fn at(backend: Backend) -> Self {
        let (office, authority) = (Office::new(backend), Authority::new());
        let settings = office.workspace.read("postkamer.toml");
        let trust = "\n[vertrouwen]\nankers = [\"vertrouwen/ca.pem\"]\n";
        office.workspace.write("postkamer.toml", format!("{settings}{trust}"));
        office.workspace.write("vertrouwen/ca.pem", std::fs::read(authority.anchor()).expect("a certificate"));
        office.workspace.write("wachtwoord", format!("{PASSPHRASE}\n"));
        Self { office, authority }
    }

    /// Gives a signatory a key in the workspace, certified by the authority; false without OpenSSL.
    pub fn key(&self, name: &str) -> bool {
        Self::keep_key(&self.office, &self.authority, name)
    }

    /// The same, certified by an authority that nobody here trusts.
    pub fn strange_key(&self, name: &str) -> bool {
        Self::keep_key(&self.office, &Authority::new(), name)
    }

    fn keep_key(office: &Office, authority: &Authority, name: &str) -> bool {
        let Some(p12) = authority.p12(name, "p256") else { return false };
        office.workspace.write(&format!("sleutels/{name}.p12"), p12);
        true
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.office.run(arguments)
    }

    /// What a command answers in JSON.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Json {
        self.run(&[arguments, &["--json"]].concat()).exits(0).json()
    }

    /// `sign` with a signatory's key.
    pub fn sign(&self, what: &str, who: &str, more: &[&str]) -> Run {
        let key = format!("sleutels/{who}.p12");
        self.run(&[&["sign", what, "--p12", &key, "--passphrase-file", "wachtwoord"], more].concat())
    }

    /// Has another program sign a file of the workspace; false when that isn't there.
    pub fn sign_elsewhere(&self, from: &str, to: &str, who: &str, field: &str) -> bool {
        let key = format!("sleutels/{who}.p12");
        let files = [from, to, &key].map(|path| self.office.workspace.path(path));
        outside::script("countersign.py", &[PASSPHRASE, field], &files).is_some()
    }

    /// What the register says of a letter now.
    #[track_caller]
    pub fn status(&self, id: &str) -> String {
        let entry = self.json(&["register", "show", id]);
        entry["status"].as_str().expect("a status").to_string()
    }

    /// The letter as the archive gives it.
    #[track_caller]
    pub fn got(&self, id: &str) -> Vec<u8> {
        self.run(&["archive", "get", id, "-o", "gehaald"]).exits(0);
        let bytes = self.office.bytes("gehaald");
        std::fs::remove_file(self.office.workspace.path("gehaald")).expect("it was there");
        bytes
    }

    /// Register and archive are whole, for this program and for others.
    #[track_caller]
    pub fn is_sound(&self) {
        self.office.verifies();
        let report = self.json(&["archive", "verify"]);
        assert_eq!((&report["in_orde"], &report["fouten"]), (&true.into(), &serde_json::json!([])));
        is_valid_ocfl(&self.office.workspace.path("archief"));
    }

    /// Everything that is kept, so that a refusal can be seen to change nothing.
    pub fn kept(&self) -> Vec<(String, Vec<u8>)> {
        let root = self.office.workspace.path("");
        let folders = ["archief", "uitgaand", "inkomend"].map(|folder| root.join(folder));
        let there = folders.iter().filter(|folder| folder.is_dir());
        let files = there.flat_map(|folder| crate::support::files_below(folder));
        let kept = files.map(|file| (file.display().to_string(), std::fs::read(&file).expect("a file")));
        let register = self.run(&["register", "list", "--json"]).out.into_bytes();
        kept.chain([("register".to_string(), register)]).collect()
    }

    /// The codes with which a command is refused; nothing that is kept has changed.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str]) -> Vec<String> {
        let before = self.kept();
        let run = self.run(&[arguments, &["--json"]].concat()).exits(1).json();
        assert!(self.kept() == before, "{arguments:?} is refused and something has changed");
        let codes = run["fouten"].as_array().expect("findings").iter();
        codes.map(|finding| finding["code"].as_str().expect("a code").to_string()).collect()
    }
}

/// The kinds of the versions that `archive list` gives of a letter.
pub fn kinds(listed: &Json, id: &str) -> Vec<String> {
    let letters = listed.as_array().expect("a list");
    let letter = letters.iter().find(|letter| letter["id"] == id).expect("the letter is listed");
    let versions = letter["versies"].as_array().expect("a list").iter();
    versions.map(|version| version["soort"].as_str().expect("a kind").to_string()).collect()
}

/// Two programs of others say that a folder is an OCFL storage root, every file of it whole.
#[track_caller]
pub fn is_valid_ocfl(root: &Path) {
    let root = root.display().to_string();
    if let Some((is_valid, said)) = outside::judge("rocfl", &["-r", &root, "validate"]) {
        assert!(is_valid, "rocfl: {said}");
    }
    let arguments = ["validate", "--root", &root, "--validate-objects", "--check-digests"];
    if let Some((_, said)) = outside::judge("ocfl-root.py", &arguments) {
        // It exits with 0 whatever it finds.
        assert!(said.contains("is VALID") && !said.contains("INVALID"), "ocfl-py: {said}");
    }
}

/// Where a letter can be signed: every backend, a room with the keys of these signatories; none without OpenSSL.
pub fn rooms(signatories: &[&str]) -> Vec<Room> {
    let rooms = backends().into_iter().map(Room::at);
    rooms.filter(|room| signatories.iter().all(|name| room.key(name))).collect()
}

/// A room with the first letter issued and the keys of these signatories; none without OpenSSL.
pub fn issued(signatories: &[&str]) -> Option<Room> {
    let room = Room::new();
    if !signatories.iter().all(|name| room.key(name)) {
        return None;
    }
    room.office.issue(LETTER, &[]);
    Some(room)
}
