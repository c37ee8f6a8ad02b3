//! What must be true of mailings once they are done, whatever happened on the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::Site;
use crate::support::files_below;

/// What a mailing came to.
pub struct Rest<'a> {
    /// The workspaces that share it.
    pub sites: &'a [Site],
    /// Its name.
    pub name: &'a str,
    /// Its rows.
    pub rows: usize,
    /// The numbers that were given out before it.
    pub before: usize,
}

impl Rest<'_> {
    /// Every row has its letter, and nothing else happened.
    #[track_caller]
    pub fn is_whole(&self) {
        let name = self.name;
        // First of all, as other commands clear away too.
        self.sites.iter().for_each(is_clear);
        let status = self.sites[0].status(name);
        let counts = ["totaal", "gereed", "geweigerd", "wachtend"].map(|key| status[key].as_u64().expect("a count"));
        let rows = self.rows as u64;
        assert_eq!(counts, [rows, rows, 0, 0], "{name}: {}", told(&status));
        let numbers = self.before + 1..=self.before + self.rows;
        let wanted: Vec<_> = numbers.map(|number| format!("D2023-02-{number:06}")).collect();
        let given: Vec<_> = list(&status["rijen"]).iter().map(|row| text(&row["kenmerk"])).collect();
        assert_eq!(given, wanted, "{name}");
        let account = self.sites[0].run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        let account: Vec<_> = list(&account).iter().map(|one| (text(&one["nummer"]), text(&one["status"]))).collect();
        let wanted: Vec<_> = (1..=self.before + self.rows)
            .map(|number| (format!("D2023-02-{number:06}"), "vastgesteld".to_string()))
            .collect();
        assert_eq!(account, wanted, "{name}: a number was lost or given twice");
        self.files(&status);
        verify(self.sites);
        let events = events(&self.sites[0]);
        for site in self.sites {
            let again = site.mail(name).exits(0);
            assert_eq!(again.json(), status, "{name}: {}", again.err);
            assert_eq!(events, self::events(site), "{name}");
            is_clear(site);
            // What was made in another copy of the workspace is there by now.
            site.run(&["register", "verify"]).exits(0);
        }
    }

    /// Every letter lies at its place, with the bytes that the archive has, and nothing else does.
    #[track_caller]
    fn files(&self, status: &Json) {
        let archive = archived(&self.sites[0].archive);
        assert_eq!(archive.len(), self.before + self.rows, "{}: letters in the archive", self.name);
        for row in list(&status["rijen"]) {
            let (id, pdf) = (text(&row["kenmerk"]), text(&row["pdf"]));
            assert_eq!(pdf, format!("uitgaand/2023/{id}.pdf"));
            let there: Vec<PathBuf> =
                self.sites.iter().map(|site| site.workspace.path(&pdf)).filter(|path| path.exists()).collect();
            assert!(!there.is_empty(), "{pdf} is nowhere");
            for path in there {
                assert!(std::fs::read(&path).expect("a PDF") == archive[&id], "{pdf} is not what is archived");
            }
        }
        for site in self.sites {
            let folder = site.workspace.path("uitgaand");
            let found = if folder.exists() { files_below(&folder) } else { Vec::new() };
            assert!(found.len() <= self.before + self.rows, "{}: more files than letters: {found:?}", self.name);
        }
    }
}

/// Nothing of the work is left anywhere.
#[track_caller]
pub fn is_clear(site: &Site) {
    let mut left = names(&site.archive.with_file_name(".archief-in-bewerking"));
    let folder = site.workspace.path("uitgaand");
    let files = if folder.exists() { files_below(&folder) } else { Vec::new() };
    left.extend(files.iter().map(|path| path.display().to_string()).filter(|path| path.contains("/.postkamer-")));
    if site.workspace.path("register.db-bezig").exists() {
        left.push("register.db-bezig".into());
        left.extend(names(&site.workspace.path("register.db-bezig")));
    }
    assert_eq!(left, Vec::<String>::new(), "left behind");
}

/// Register and archive find nothing wrong. A copy of a workspace that was stopped early may miss the files of letters that were
/// made in the other, and no others, until the mailing is run there again.
#[track_caller]
pub fn verify(sites: &[Site]) {
    for site in sites {
        site.run(&["archive", "verify", "--json"]).exits(0);
        let run = site.run(&["register", "verify", "--json"]);
        let report = run.json();
        for fault in list(&report["fouten"]) {
            let pdf = format!("uitgaand/2023/{}.pdf", text(&fault["id"]));
            let is_elsewhere = sites.iter().any(|other| other.workspace.path(&pdf).exists());
            assert!(is_elsewhere && !site.workspace.path(&pdf).exists(), "{fault}");
            assert!(text(&fault["reden"]).contains(&pdf), "{fault}");
        }
        assert_eq!(run.code, Some(if list(&report["fouten"]).is_empty() { 0 } else { 1 }), "{}{}", run.out, run.err);
    }
}

/// How many events the register has.
fn events(site: &Site) -> u64 {
    site.run(&["register", "verify", "--json"]).json()["gebeurtenissen"].as_u64().expect("a number")
}

/// The PDF of every letter in an archive, by its number, as the inventories say; each object has one version.
fn archived(archive: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in files_below(archive).iter().filter(|path| path.ends_with("inventory.json")) {
        let folder = path.parent().expect("a folder");
        if !folder.join("0=ocfl_object_1.1").exists() {
            continue;
        }
        let inventory: Json = serde_json::from_slice(&std::fs::read(path).expect("an inventory")).expect("JSON");
        assert_eq!(text(&inventory["head"]), "v1");
        let state = inventory["versions"]["v1"]["state"].as_object().expect("files");
        let is_letter = |(_, paths): &(&String, &Json)| list(paths).iter().any(|path| text(path) == "brief.pdf");
        let (digest, _) = state.iter().find(is_letter).expect("a letter");
        let content = text(&inventory["manifest"][digest][0]);
        let bytes = std::fs::read(folder.join(content)).expect("its content");
        assert!(found.insert(text(&inventory["id"]), bytes).is_none(), "an object twice");
    }
    found
}

/// The rows of a status that are not done, for whoever reads why a test fails.
fn told(status: &Json) -> String {
    let rows = list(&status["rijen"]).iter().filter(|row| row["status"] != "gereed").take(10);
    rows.map(|row| format!("{row}\n")).collect()
}

pub fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().into()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
