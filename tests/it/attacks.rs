//! Attacks on signed letters, end to end: each is refused for its own reason, and changes nothing.

mod codes;
mod mutated;
mod slow;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use crate::outside::script;
use crate::support::{Run, Workspace, files_below};
use codes::{ATTACKS, WORDS};

/// A letter of several pages, with a number of its own.
const LETTER: &str = "letters/reactie-sociale-innovatie.md";
const ID: &str = "D2023-02-002694";

/// A workspace in which a letter is issued, with the attacks on it in a folder.
pub struct Office {
    pub workspace: Workspace,
    names: Vec<String>,
}

impl Office {
    /// None where what makes the attacks is missing.
    pub fn new() -> Option<Self> {
        let workspace = Workspace::new();
        let settings = workspace.read("postkamer.toml");
        workspace.write("postkamer.toml", format!("{settings}\n[vertrouwen]\nankers = [\"post/anchors.pem\"]\n"));
        workspace.write("post/anchors.pem", "");
        let other = workspace.read(LETTER).replace(ID, "D2023-02-002695");
        workspace.write("letters/ander.md", other);
        let settings = workspace.read("postkamer.toml");
        // Issued before there is an anchor to name.
        workspace.write("postkamer.toml", settings.replace("ankers = [\"post/anchors.pem\"]", "ankers = []"));
        workspace.run(&["issue", LETTER]).exits(0);
        workspace.run(&["issue", "letters/ander.md"]).exits(0);
        workspace.write("postkamer.toml", settings);
        let issued = |id: &str| workspace.path(&format!("uitgaand/2023/{id}.pdf"));
        let made = script("attacks.py", &[], &[workspace.path("post"), issued(ID), issued("D2023-02-002695")])?;
        let names = made.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_string()).collect();
        Some(Self { workspace, names })
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.workspace.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn issued(&self) -> Vec<u8> {
        self.bytes(&format!("uitgaand/2023/{ID}.pdf"))
    }

    fn archive(&self, verb: &str, name: &str) -> Run {
        self.workspace.run(&["archive", verb, &format!("post/{name}.pdf"), "--json"])
    }

    /// Everything that register and archive say, and every file of the archive.
    fn state(&self) -> (Vec<Json>, BTreeMap<String, Vec<u8>>) {
        let said =
            [&["register", "verify"][..], &["archive", "list"], &["register", "show", ID], &["archive", "show", ID]];
        let said = said.map(|verb| self.workspace.run(&[verb, &["--json"]].concat()).exits(0).json());
        let root = self.workspace.path("archief");
        let name = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
        let files = files_below(&root).into_iter().map(|path| (name(&path), std::fs::read(&path).unwrap()));
        (said.to_vec(), files.collect())
    }
}

/// The codes with which a file is refused, each with its words.
fn refusals(run: &Run) -> Vec<(String, String)> {
    let text = |finding: &Json, key: &str| finding[key].as_str().unwrap_or_default().to_string();
    let found = run.json()["fouten"].as_array().cloned().unwrap_or_default();
    found.iter().map(|finding| (text(finding, "code"), text(finding, "melding"))).collect()
}

/// The codes of an inspection: why the file can't be read, or what is wrong with its signatures; `geldig` for one that holds.
fn inspected(run: &Run) -> Vec<String> {
    let answer = run.json();
    if let Some(code) = answer["code"].as_str() {
        return vec![code.to_string()];
    }
    let signatures = answer["handtekeningen"].as_array().unwrap().iter();
    signatures.map(|signature| signature["code"].as_str().unwrap_or("geldig").to_string()).collect()
}

#[test]
fn every_attack_is_refused_for_its_own_reason() {
    let Some(office) = Office::new() else { return };
    let before = office.state();
    let mut wrong = Vec::new();
    let mut known: Vec<&str> = ATTACKS.iter().map(|(name, ..)| *name).collect();
    for (name, add, inspect) in ATTACKS {
        let (added, looked) = (office.archive("add", name), office.archive("inspect", name));
        let found = refusals(&added);
        let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
        let sound = inspect.split(' ').all(|code| code == "geldig");
        if codes.join(" ") != *add || added.code != Some(1) {
            wrong.push(format!("{name}: add {:?} {codes:?} {}", added.code, added.err));
        }
        if inspected(&looked).join(" ") != *inspect || looked.code != Some(i32::from(!sound)) {
            wrong.push(format!("{name}: inspect {:?} {:?} {}", looked.code, inspected(&looked), looked.err));
        }
        for (code, said) in &found {
            match WORDS.iter().find(|(known, _)| known == code) {
                Some((_, words)) if said.contains(words) => {}
                _ => wrong.push(format!("{name}: {code} says {said:?}")),
            }
        }
    }
    let good = ["good-plain", "good-stamped", "good-adobe", "good-two", "other-letter", "metadata"];
    known.extend(good);
    let untried: Vec<&String> = office.names.iter().filter(|name| !known.contains(&name.as_str())).collect();
    assert_eq!((wrong, untried), (Vec::new(), Vec::new()));
    assert_eq!(office.state(), before);
    // Another letter of this office than the one that it should be.
    let run = office.workspace.run(&["archive", "add", "post/other-letter.pdf", "--id", ID, "--json"]).exits(1);
    assert_eq!(refusals(&run)[0].0, "archive-other-letter");
    let run = office.workspace.run(&["archive", "add", "post/honest-other-words.pdf", "--id", ID, "--json"]).exits(1);
    assert_eq!(refusals(&run)[0].0, "archive-not-this-letter");
    assert_eq!(office.state(), before);

    // A timestamp can be taken off without a trace: only the settings can ask for one.
    let settings = office.workspace.read("postkamer.toml");
    office.workspace.write("postkamer.toml", format!("{settings}tijdstempel_vereist = true\n"));
    let run = office.archive("add", "good-plain").exits(1);
    assert_eq!(refusals(&run)[0].0, "timestamp-missing");
    assert_eq!(office.state(), before);
    office.workspace.write("postkamer.toml", settings);
    let noted =
        |run: &Run| run.json()["handtekeningen"][0]["opmerkingen"].to_string().contains("er is geen tijdstempel");
    assert!(noted(&office.archive("inspect", "good-plain").exits(0)));
    assert!(!noted(&office.archive("inspect", "good-stamped").exits(0)));
    // What is no attack goes in; new metadata are told of.
    let run = office.archive("add", "metadata").exits(0);
    assert!(run.out.contains("metagegevens") && run.json()["ongewijzigd"] == true, "{}", run.out);
    assert_eq!(refusals(&office.archive("add", "good-two").exits(1))[0].0, "archive-signature-lost");
    assert_ne!(office.state(), before);
}
