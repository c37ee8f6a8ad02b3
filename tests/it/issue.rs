//! Issuing letters, on SQLite and on PostgreSQL.

mod again;
mod interrupted;
mod many;

use serde_json::Value as Json;

use crate::support::Workspace;
use crate::support::postgres::{Backend, backends};

/// A one-page letter without a number of its own.
pub const LETTER: &str = "letters/nieuw.md";

/// A workspace whose register is at a backend's address.
pub struct Office {
    pub workspace: Workspace,
    pub url: String,
    pub name: &'static str,
}

impl Office {
    pub fn new(backend: Backend) -> Self {
        let office = Self { workspace: Workspace::new(), url: backend.url, name: backend.name };
        office.letter(LETTER, "Een brief over bruggen");
        office
    }

    /// An office at every backend.
    pub fn all() -> impl Iterator<Item = Self> {
        backends().into_iter().map(Self::new)
    }

    /// Writes a small letter.
    pub fn letter(&self, path: &str, subject: &str) {
        let front = format!(
            "sjabloon = \"gs-brief-2022\"\nonderwerp = \"{subject}\"\ninlichtingen_bij = \"bom\"\nondertekening = \"gs-2022\"\n"
        );
        let to = "[ontvanger]\norganisatie = \"Bakkerij De Korenaar\"\nstraat = \"Dorpsstraat\"\nhuisnummer = \"1\"\npostcode = \"8012 EE\"\nplaats = \"Zwolle\"\n";
        self.workspace.write(path, format!("+++\n{front}{to}+++\n\nWij nodigen u uit.\n"));
    }

    pub fn run(&self, arguments: &[&str]) -> crate::support::Run {
        self.workspace.run_with(arguments, &[("POSTKAMER_REGISTER_URL", &self.url)])
    }

    /// Issues one letter and gives its answer.
    #[track_caller]
    pub fn issue(&self, letter: &str, more: &[&str]) -> Json {
        let run = self.run(&[&["issue", "--json", letter], more].concat()).exits(0);
        let mut answer = run.json();
        assert_eq!(answer.as_array().map(Vec::len), Some(1));
        answer[0].take()
    }

    /// The code of the only finding with which a command is refused.
    #[track_caller]
    pub fn refusal(&self, arguments: &[&str]) -> String {
        let run = self.run(&[arguments, &["--json"]].concat()).exits(1).json();
        assert_eq!(run["fouten"].as_array().map(Vec::len), Some(1), "{run}");
        run["fouten"][0]["code"].as_str().unwrap_or_default().to_string()
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.workspace.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[track_caller]
    pub fn verifies(&self) {
        let report = self.run(&["register", "verify", "--json"]);
        assert_eq!(report.code, Some(0), "{}: {}{}", self.name, report.out, report.err);
    }
}

#[test]
fn a_letter_file_becomes_a_recorded_pdf() {
    for office in Office::all() {
        let answer = office.issue(LETTER, &[]);
        let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["brief", "kenmerk", "zaaknummer", "datum", "onderwerp", "pdf", "sha256", "paginas"]);
        assert_eq!(answer["brief"], LETTER);
        assert_eq!(answer["kenmerk"], "D2023-02-000001");
        assert_eq!(answer["datum"], "2023-02-21");
        assert_eq!(answer["pdf"], "uitgaand/2023/D2023-02-000001.pdf");
        assert_eq!(answer["paginas"], 1);
        let pdf = office.bytes("uitgaand/2023/D2023-02-000001.pdf");
        assert_eq!(answer["sha256"], postkamer::register::files::sha256(&pdf));
        let entry = office.run(&["register", "show", "D2023-02-000001", "--json"]).exits(0).json();
        assert_eq!((&entry["status"], &entry["richting"]), (&"vastgesteld".into(), &"uit".into()));
        assert_eq!(entry["correspondent"], "Bakkerij De Korenaar");
        assert_eq!(entry["bestanden"][0]["digest"], answer["sha256"]);
        office.verifies();
    }
}

#[test]
fn the_number_stands_on_the_page_and_no_concept_mark() {
    let office = Office::new(backends().remove(0));
    office.issue(LETTER, &[]);
    let pdf = office.workspace.path("uitgaand/2023/D2023-02-000001.pdf");
    let text = crate::support::pdf_text(&pdf);
    assert!(text.contains("D2023-02-000001"), "{text}");
    assert!(!text.to_uppercase().contains("CONCEPT"), "{text}");
}

#[test]
fn issued_again_unchanged_a_letter_gives_the_same_answer() {
    for office in Office::all() {
        let first = office.issue(LETTER, &[]);
        assert_eq!(office.issue(LETTER, &[]), first);
        assert_eq!(office.issue(LETTER, &["--nieuwe-versie"]), first);
        // A PDF that has gone is made again: the same bytes.
        std::fs::remove_file(office.workspace.path("uitgaand/2023/D2023-02-000001.pdf")).unwrap();
        assert_eq!(office.issue(LETTER, &[]), first);
        office.verifies();
        // With other settings that can't be.
        std::fs::remove_file(office.workspace.path("uitgaand/2023/D2023-02-000001.pdf")).unwrap();
        office.workspace.change("postkamer.toml", "038 499 88 99", "038 499 88 98");
        assert_eq!(office.refusal(&["issue", LETTER]), "issued-file-lost");
    }
}

#[test]
fn a_changed_letter_needs_a_new_version_and_the_old_one_is_kept() {
    for office in Office::all() {
        let first = office.issue(LETTER, &[]);
        let old = office.bytes("uitgaand/2023/D2023-02-000001.pdf");
        office.workspace.change(LETTER, "bruggen", "wegen");
        assert_eq!(office.refusal(&["issue", LETTER]), "letter-changed");
        // Whichever line it was, it is not that of the subject.
        let said = office.run(&["issue", LETTER]).exits(1).err;
        assert!(said.contains(&format!("{LETTER}:1:1")) && !said.contains("onderwerp ="), "{said}");
        assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001.pdf"), old);
        let second = office.issue(LETTER, &["--nieuwe-versie"]);
        assert_eq!((&second["kenmerk"], &second["pdf"]), (&first["kenmerk"], &first["pdf"]));
        assert_ne!(second["sha256"], first["sha256"]);
        assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001/versie-1.pdf"), old);
        let entry = office.run(&["register", "show", "D2023-02-000001", "--json"]).exits(0).json();
        assert_eq!(entry["onderwerp"], "Een brief over wegen");
        let digests: Vec<_> =
            entry["bestanden"].as_array().unwrap().iter().map(|file| file["digest"].clone()).collect();
        assert_eq!(digests, [first["sha256"].clone(), second["sha256"].clone()]);
        office.verifies();
        // A third one, and back to what was: each is a version of its own.
        office.workspace.change(LETTER, "wegen", "bruggen");
        let third = office.issue(LETTER, &["--nieuwe-versie"]);
        assert_eq!(third["sha256"], first["sha256"]);
        assert!(office.workspace.path("uitgaand/2023/D2023-02-000001/versie-2.pdf").is_file());
        office.verifies();
    }
}

#[test]
fn a_number_by_hand_is_taken_when_free_and_skipped_by_the_counter() {
    for office in Office::all() {
        let by_hand = |path: &str, number: &str| {
            office.letter(path, "Met de hand");
            office.workspace.change(path, "sjabloon", &format!("kenmerk = \"{number}\"\nsjabloon"));
        };
        by_hand("letters/hand.md", "D2023-02-000002");
        assert_eq!(office.issue("letters/hand.md", &[])["kenmerk"], "D2023-02-000002");
        assert_eq!(office.issue(LETTER, &[])["kenmerk"], "D2023-02-000001");
        office.letter("letters/derde.md", "Derde");
        assert_eq!(office.issue("letters/derde.md", &[])["kenmerk"], "D2023-02-000003");
        by_hand("letters/dubbel.md", "D2023-02-000003");
        let run = office.run(&["issue", "letters/dubbel.md"]).exits(1);
        assert!(run.err.contains("[number-taken]") && run.err.contains("letters/dubbel.md:2:"), "{}", run.err);
        // A number that is no number of the pattern, and one that makes the same file name.
        by_hand("letters/vrij.md", "2023/1");
        by_hand("letters/streep.md", "2023-1");
        assert_eq!(office.issue("letters/vrij.md", &[])["pdf"], "uitgaand/2023/2023-1.pdf");
        assert_eq!(office.issue("letters/streep.md", &[])["pdf"], "uitgaand/2023/2023-1~.pdf");
        // Once issued, a letter keeps its number.
        office.workspace.change("letters/vrij.md", "2023/1", "2023/9");
        assert_eq!(office.refusal(&["issue", "letters/vrij.md", "--nieuwe-versie"]), "letter-renumbered");
        office.verifies();
    }
}

#[test]
fn what_is_refused_takes_no_number() {
    for office in Office::all() {
        office.letter("letters/fout.md", "Fout");
        office.workspace.change("letters/fout.md", "8012 EE", "0012 EE");
        assert_eq!(office.refusal(&["issue", "letters/fout.md"]), "postcode-invalid");
        // Found by the layout only: a character that no font has, on its way through Typst.
        office.letter("letters/teken.md", "Teken 𒀀");
        assert_eq!(office.refusal(&["issue", "letters/teken.md"]), "character-without-font");
        office.letter("letters/bijlage.md", "Bijlage");
        office.workspace.change("letters/bijlage.md", "sjabloon", "bijlagen = [\"weg.pdf\"]\nsjabloon");
        assert_eq!(office.refusal(&["issue", "letters/bijlage.md"]), "enclosure-missing");
        office.letter("letters/antwoord.md", "Antwoord");
        office.workspace.change("letters/antwoord.md", "sjabloon", "in_reactie_op = \"I2022-000123\"\nsjabloon");
        assert_eq!(office.refusal(&["issue", "letters/antwoord.md"]), "answer-unknown");
        assert!(!office.workspace.path("uitgaand").exists());
        assert_eq!(office.issue(LETTER, &[])["kenmerk"], "D2023-02-000001");
    }
}

#[test]
fn of_several_letters_the_good_ones_are_issued() {
    let office = Office::new(backends().remove(0));
    office.letter("letters/goed.md", "Goed");
    office.letter("letters/fout.md", "Fout");
    office.workspace.change("letters/fout.md", "8012 EE", "0012 EE");
    let run = office.run(&["issue", "letters/fout.md", LETTER, "letters/goed.md", "--json"]).exits(4);
    let numbers: Vec<_> = run.json().as_array().unwrap().iter().map(|one| one["kenmerk"].clone()).collect();
    assert_eq!(numbers, ["D2023-02-000001", "D2023-02-000002"]);
    assert!(run.err.contains("[postcode-invalid]") && run.err.contains("vastgesteld: 2, geweigerd: 1"), "{}", run.err);
    office.run(&["issue", "letters/fout.md", "letters/fout.md"]).exits(1);
    office.run(&["issue"]).exits(2);
}

#[test]
fn a_case_number_is_given_on_request_and_stands_on_the_letter() {
    for office in Office::all() {
        office.workspace.change(LETTER, "sjabloon", "zaaknummer = \"nieuw\"\nsjabloon");
        let answer = office.issue(LETTER, &[]);
        assert_eq!(answer["zaaknummer"], "2023-000001");
        assert_eq!(office.issue(LETTER, &[]), answer);
        let account = office.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        let case = account.as_array().unwrap().iter().find(|one| one["nummer"] == "2023-000001").unwrap();
        assert_eq!((&case["status"], &case["id"]), (&"gebruikt".into(), &"D2023-02-000001".into()));
    }
}

#[test]
fn an_answer_is_filled_in_from_the_register_and_closes_the_letter_it_answers() {
    for office in Office::all() {
        let arguments = ["--onderwerp", "Advies", "--van", "SER Overijssel", "--datum", "2022-12-01"];
        let more = [
            "--ontvangen",
            "2022-12-02",
            "--soort",
            "advies",
            "--uw-kenmerk",
            "SER-22/7",
            "--zaaknummer",
            "2022-000009",
        ];
        let id = office.run(&[&["register", "receive"][..], &arguments, &more].concat()).exits(0).out;
        assert_eq!(id.trim(), "I2022-000001".replace("2022", "2023"));
        let id = id.trim();
        office.run(&["new", "gs-brief", "antwoord", "--in-reactie-op", id]).exits(0);
        let letter = office.workspace.read("letters/antwoord.md");
        for line in [
            "uw_brief = 2022-12-01",
            "uw_kenmerk = \"SER-22/7\"",
            "zaaknummer = \"2022-000009\"",
            "organisatie = \"SER Overijssel\"",
        ] {
            assert!(letter.contains(line), "{line} is not in\n{letter}");
        }
        // Left out, they are filled in at the issue.
        let front = format!(
            "sjabloon = \"gs-brief\"\nonderwerp = \"Reactie\"\nin_reactie_op = \"{id}\"\ninlichtingen_bij = \"bom\"\nondertekening = \"gs\"\n"
        );
        office.workspace.write("letters/antwoord.md", format!("+++\n{front}+++\n\nDank voor uw advies.\n"));
        office.run(&["check", "letters/antwoord.md"]).exits(0);
        let answer = office.issue("letters/antwoord.md", &[]);
        assert_eq!(answer["zaaknummer"], "2022-000009");
        let text = crate::support::pdf_text(&office.workspace.path(answer["pdf"].as_str().unwrap()));
        for part in ["SER Overijssel", "SER-22/7", "2022-000009", "01.12.2022"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let incoming = office.run(&["register", "show", id, "--json"]).exits(0).json();
        assert_eq!((&incoming["status"], &incoming["beantwoord_door"][0]), (&"beantwoord".into(), &answer["kenmerk"]));
        // Withdrawn, it answers no more.
        let number = answer["kenmerk"].as_str().unwrap();
        office.run(&["register", "withdraw", number, "--reden", "Verkeerd besluit"]).exits(0);
        let incoming = office.run(&["register", "show", id, "--json"]).exits(0).json();
        assert_eq!(incoming["status"], "open");
        let people = office.run(&["register", "show", id]).exits(0).out;
        assert!(people.contains(&format!("{number} (ingetrokken)")), "{people}");
        assert_eq!(office.refusal(&["issue", "letters/antwoord.md"]), "letter-withdrawn");
        office.verifies();
    }
}

#[test]
fn enclosures_are_kept_with_the_letter_whatever_their_names() {
    for office in Office::all() {
        office.workspace.write("letters/a/nota.pdf", "eerste");
        office.workspace.write("letters/b/nota.pdf", "tweede");
        office.workspace.change(LETTER, "sjabloon", "bijlagen = [\"a/nota.pdf\", \"b/nota.pdf\"]\nsjabloon");
        office.issue(LETTER, &[]);
        let entry = office.run(&["register", "show", "D2023-02-000001", "--json"]).exits(0).json();
        let names: Vec<_> = entry["bestanden"].as_array().unwrap().iter().map(|file| file["naam"].clone()).collect();
        assert_eq!(names, ["D2023-02-000001.pdf", "nota.pdf", "nota.pdf"]);
        assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001/bijlagen/nota.pdf"), b"eerste");
        assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001/bijlagen/2-nota.pdf"), b"tweede");
        // A change of an enclosure is a change of what is sent.
        office.workspace.write("letters/b/nota.pdf", "derde");
        assert_eq!(office.refusal(&["issue", LETTER]), "letter-changed");
        office.issue(LETTER, &["--nieuwe-versie"]);
        assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001/bijlagen/2-nota.pdf"), b"tweede");
        assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001/bijlagen-versie-2/2-nota.pdf"), b"derde");
        office.verifies();
    }
}

#[test]
fn letters_are_known_by_their_place_in_a_workspace() {
    let office = Office::new(backends().remove(0));
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = elsewhere.path().join("brief.md");
    std::fs::write(&outside, office.workspace.read(LETTER)).unwrap();
    let root = office.workspace.path("").display().to_string();
    let path = outside.display().to_string();
    assert_eq!(office.refusal(&["issue", &path, "--workspace", &root]), "letter-outside");
    // A workspace without an id has its own file, but can't share a server.
    office.workspace.change("postkamer.toml", "id = \"", "# id = \"");
    office.issue(LETTER, &[]);
    if let Some(shared) = crate::support::postgres::database() {
        let office = Office { url: shared.url, ..office };
        assert_eq!(office.refusal(&["issue", LETTER]), "workspace-without-id");
    }
}
