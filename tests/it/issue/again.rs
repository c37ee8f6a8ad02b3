//! Letters that are issued again, and what the register and the disk have seen in the meantime.

use postkamer::register::entry::Entry;
use postkamer::register::{Clerk, Register, outgoing};
use postkamer::workspace::Workspace;

use super::{LETTER, Office};

const NUMBER: &str = "D2023-02-000001";
const PDF: &str = "uitgaand/2023/D2023-02-000001.pdf";

fn entry(office: &Office) -> serde_json::Value {
    office.run(&["register", "show", NUMBER, "--json"]).exits(0).json()
}

/// Puts a line in the front matter.
fn with(office: &Office, path: &str, line: &str) {
    office.workspace.change(path, "sjabloon", &format!("{line}\nsjabloon"));
}

#[test]
fn a_letter_that_is_withdrawn_meanwhile_stays_so() {
    for office in Office::all() {
        office.issue(LETTER, &[]);
        let url = office.url.clone();
        let workspace = Workspace::open(&office.workspace.path(""), &|name| {
            (name == "POSTKAMER_REGISTER_URL").then(|| url.clone())
        });
        let mut register = Register::open(&workspace.unwrap()).unwrap();
        let seen = register.read(|tx| Entry::get(tx, NUMBER)).unwrap();
        office.run(&["register", "withdraw", NUMBER, "--reden", "Verkeerd besluit"]).exits(0);
        let moment = chrono::DateTime::from_timestamp(1_676_977_200, 0).unwrap();
        let clerk = Clerk { name: "x", moment, day: moment.date_naive(), random: &|| [7; 16] };
        let begun = register.write(&clerk, |journal| outgoing::begin_version(journal, &seen));
        assert_eq!(begun.unwrap_err().to_string(), "refused: letter-overtaken");
        office.verifies();
    }
}

#[test]
fn a_version_that_was_begun_is_given_up_when_the_letter_is_put_back() {
    for office in Office::all() {
        let first = office.issue(LETTER, &[]);
        office.workspace.change(LETTER, "bruggen", "wegen");
        assert!(super::interrupted::killed_at(&office, postkamer::issue::Step::Reserved));
        assert_eq!(office.refusal(&["issue", LETTER]), "letter-changed");
        office.workspace.change(LETTER, "wegen", "bruggen");
        assert_eq!(office.issue(LETTER, &[]), first);
        assert_eq!(entry(&office)["bestanden"].as_array().map(Vec::len), Some(1));
        office.verifies();
    }
}

#[test]
fn a_new_version_of_a_sent_letter_is_not_sent() {
    for office in Office::all() {
        office.issue(LETTER, &[]);
        office.run(&["register", "send", NUMBER, "--datum", "2023-02-21", "--wijze", "post"]).exits(0);
        office.workspace.change(LETTER, "bruggen", "wegen");
        let run = office.run(&["issue", LETTER, "--nieuwe-versie"]).exits(0);
        assert!(run.err.contains("[version-after-sending]"), "{}", run.err);
        let entry = entry(&office);
        assert_eq!((&entry["status"], &entry["verzonden"]), (&"vastgesteld".into(), &serde_json::Value::Null));
        assert!(entry["gebeurtenissen"].to_string().contains("2023-02-21"));
        office.verifies();
    }
}

#[test]
fn files_that_are_gone_are_put_back_and_strange_ones_kept() {
    let office = Office::new(crate::support::postgres::backends().remove(0));
    office.workspace.write("letters/nota.pdf", "nota");
    with(&office, LETTER, "bijlagen = [\"nota.pdf\"]");
    let first = office.issue(LETTER, &[]);
    std::fs::remove_dir_all(office.workspace.path("uitgaand/2023/D2023-02-000001")).unwrap();
    office.workspace.write(PDF, "iets anders");
    let run = office.run(&["issue", LETTER, "--json"]).exits(0);
    assert_eq!(run.json()[0], first);
    assert!(run.err.contains("[file-aside]"), "{}", run.err);
    assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001/bijlagen/nota.pdf"), b"nota");
    let names = std::fs::read_dir(office.workspace.path("uitgaand/2023")).unwrap().flatten();
    let aside: Vec<_> = names.filter(|entry| entry.file_name().to_string_lossy().contains("onbekend")).collect();
    assert_eq!(std::fs::read(aside[0].path()).unwrap(), b"iets anders");
    office.verifies();
    // Changed, the letter can't give back what it was.
    std::fs::remove_file(office.workspace.path(PDF)).unwrap();
    office.workspace.change(LETTER, "bruggen", "wegen");
    assert_eq!(office.refusal(&["issue", LETTER, "--nieuwe-versie"]), "issued-file-lost");
}

#[test]
fn a_case_number_follows_what_the_letter_says() {
    for office in Office::all() {
        with(&office, LETTER, "zaaknummer = \"nieuw\"");
        assert_eq!(office.issue(LETTER, &[])["zaaknummer"], "2023-000001");
        office.letter("letters/tweede.md", "Tweede");
        with(&office, "letters/tweede.md", "zaaknummer = \"2023-000001\"");
        assert_eq!(office.issue("letters/tweede.md", &[])["zaaknummer"], "2023-000001");
        // Another letter uses the number that was given for this one: it is not void.
        office.workspace.change(LETTER, "\"nieuw\"", "\"2020-77\"");
        assert_eq!(office.issue(LETTER, &["--nieuwe-versie"])["zaaknummer"], "2020-77");
        let account = office.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        let case = account.as_array().unwrap().iter().find(|one| one["nummer"] == "2023-000001").unwrap();
        assert_eq!(case["status"], "gebruikt");
        // A number that was only named is none that was asked for.
        office.workspace.change(LETTER, "\"2020-77\"", "\"nieuw\"");
        let own = office.issue(LETTER, &["--nieuwe-versie"])["zaaknummer"].clone();
        assert_eq!(own, "2023-000002");
        office.workspace.change(LETTER, "zaaknummer = \"nieuw\"\n", "");
        assert_eq!(office.issue(LETTER, &["--nieuwe-versie"])["zaaknummer"], serde_json::Value::Null);
        // A correction that takes a number away gives its reason too.
        let correct = ["register", "correct", NUMBER, "--veld", "zaaknummer", "--reden", "x", "--waarde"];
        office.run(&[&correct[..], &["nieuw"]].concat()).exits(0);
        office.run(&[&correct[..], &["2019-5"]].concat()).exits(0);
        let account = office.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        for void in ["2023-000002", "2023-000003"] {
            let case = account.as_array().unwrap().iter().find(|one| one["nummer"] == void).unwrap();
            assert_eq!(case["status"], "vervallen", "{case}");
            assert!(case["reden"].is_string());
        }
        office.verifies();
    }
}

#[test]
fn letters_do_not_answer_themselves_each_other_or_a_void_number() {
    for office in Office::all() {
        office.issue(LETTER, &[]);
        office.letter("letters/tweede.md", "Tweede");
        with(&office, "letters/tweede.md", &format!("in_reactie_op = \"{NUMBER}\""));
        office.issue("letters/tweede.md", &[]);
        with(&office, LETTER, "in_reactie_op = \"D2023-02-000002\"");
        assert_eq!(office.refusal(&["issue", LETTER, "--nieuwe-versie"]), "link-both-ways");
        office.workspace.change(LETTER, "D2023-02-000002", NUMBER);
        assert_eq!(office.refusal(&["issue", LETTER, "--nieuwe-versie"]), "link-itself");
    }
}

#[test]
fn what_the_register_could_not_give_back_is_refused_before_there_is_a_number() {
    let office = Office::new(crate::support::postgres::backends().remove(0));
    let long = "k".repeat(101);
    with(&office, LETTER, &format!("kenmerk = \"{long}\""));
    assert_eq!(office.refusal(&["issue", LETTER]), "text-too-long");
    office.workspace.change(LETTER, &format!("kenmerk = \"{long}\"\n"), "kenmerk = \"  sp 1 \"\n");
    assert_eq!(office.issue(LETTER, &[])["kenmerk"], "sp 1");
    office.letter("letters/eigen.md", "Eigen");
    with(&office, "letters/eigen.md", "bijlagen = [\"../register.db\"]");
    assert_eq!(office.refusal(&["issue", "letters/eigen.md"]), "enclosure-own");
    // Two folders with one long name.
    let name = format!("{}.pdf", "n".repeat(250));
    office.workspace.write(&format!("letters/a/{name}"), "a");
    office.workspace.write(&format!("letters/b/{name}"), "b");
    office.letter("letters/lang.md", "Lang");
    with(&office, "letters/lang.md", &format!("bijlagen = [\"a/{name}\", \"b/{name}\"]"));
    office.issue("letters/lang.md", &[]);
    office.verifies();
}

#[test]
fn check_finds_what_issue_would_refuse() {
    for office in Office::all() {
        office.issue(LETTER, &[]);
        office.run(&["check", LETTER]).exits(0);
        office.letter("letters/dubbel.md", "Dubbel");
        with(&office, "letters/dubbel.md", &format!("kenmerk = \"{NUMBER}\""));
        let run = office.run(&["check", "letters/dubbel.md"]).exits(1);
        assert!(run.err.contains("[number-taken]") && run.err.contains("letters/dubbel.md:2:"), "{}", run.err);
        office.letter("letters/antwoord.md", "Antwoord");
        with(&office, "letters/antwoord.md", "in_reactie_op = \"I2022-000123\"");
        assert!(office.run(&["check", "letters/antwoord.md"]).exits(1).err.contains("[answer-unknown]"));
    }
}

#[test]
fn a_number_that_was_printed_before_is_not_given_again() {
    let office = Office::new(crate::support::postgres::backends().remove(0));
    office.issue(LETTER, &[]);
    for file in ["register.db", "register.db-wal", "register.db-shm"] {
        let _ = std::fs::remove_file(office.workspace.path(file));
    }
    assert_eq!(office.refusal(&["issue", LETTER]), "number-printed");
    assert!(office.workspace.path(PDF).is_file());
}

#[test]
fn nothing_is_written_over_what_the_workspace_lives_on() {
    let office = Office::new(crate::support::postgres::backends().remove(0));
    office.issue(LETTER, &[]);
    for own in ["register.db", "postkamer.toml", LETTER, PDF, "archief/ocfl_layout.json"] {
        let before = office.bytes(own);
        assert_eq!(office.refusal(&["register", "export", "-o", own]), "output-is-own", "{own}");
        assert_eq!(office.bytes(own), before, "{own}");
    }
    assert_eq!(office.refusal(&["render", "letters/uitnodiging-leren-van-elkaar.md", "-o", PDF]), "output-is-own");
    // Nothing new comes between what the archive holds.
    assert_eq!(office.refusal(&["register", "export", "-o", "archief/uitvoer.csv"]), "output-is-own");
    assert!(!office.workspace.path("archief/uitvoer.csv").exists());
    office.run(&["register", "export", "-o", "uitvoer.csv"]).exits(0);
    office.verifies();
}

#[test]
fn verify_finds_files_and_objects_that_are_not_as_they_were() {
    let office = Office::new(crate::support::postgres::backends().remove(0));
    office.issue(LETTER, &[]);
    let database = rusqlite::Connection::open(office.workspace.path("register.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE extra (x); CREATE TRIGGER stil AFTER INSERT ON number BEGIN SELECT 1; END; DROP INDEX entry_case;",
        )
        .unwrap();
    let report = office.run(&["register", "verify", "--json"]).exits(1).json();
    for object in ["extra", "stil", "entry_case"] {
        assert!(report["fouten"].to_string().contains(object), "{object}: {report}");
    }
}

#[test]
fn verify_looks_for_the_files_of_its_own_workspace_and_says_so() {
    for office in Office::all() {
        office.issue(LETTER, &[]);
        office.workspace.change("postkamer.toml", "id = \"", "id = \"x");
        std::fs::remove_file(office.workspace.path(PDF)).unwrap();
        let run = office.run(&["register", "verify", "--json"]);
        match office.name {
            // A file serves one workspace, whatever its id was.
            "sqlite" => assert!(run.exits(1).json()["fouten"].to_string().contains(PDF)),
            _ => assert!(run.exits(0).err.contains("[verify-elsewhere]")),
        }
    }
}
