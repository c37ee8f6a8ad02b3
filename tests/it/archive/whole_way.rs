//! Issued, signed by one and by another, looked at, taken out, issued anew.

use serde_json::{Value as Json, json};

use super::{ID, PDF, Room, issued, kinds, rooms};
use crate::issue::LETTER;

const KEYS: [&str; 6] = ["id", "versies", "ongewijzigd", "handtekeningen", "pdfa", "pdfua"];

/// The answer has what the contract names.
#[track_caller]
fn has_its_keys(answer: &Json) {
    let object = answer.as_object().expect("an object");
    for key in KEYS {
        assert!(object.contains_key(key), "{key} is not in {answer:#}");
    }
    for version in answer["versies"].as_array().expect("a list") {
        assert!(version["versie"].is_i64() && version["bestanden"].is_array(), "{version:#}");
        for file in version["bestanden"].as_array().into_iter().flatten() {
            assert!(file["naam"].is_string() && file["digest"].is_string() && file["omvang"].is_u64(), "{file:#}");
        }
    }
    for signature in answer["handtekeningen"].as_array().expect("a list") {
        for key in ["ondertekenaar", "tijdstip", "tijdstempel", "geldig", "reden"] {
            assert!(signature.as_object().is_some_and(|object| object.contains_key(key)), "{key}: {signature:#}");
        }
    }
}

#[track_caller]
fn is_signed_by(answer: &Json, names: &[&str]) {
    let signatures = answer["handtekeningen"].as_array().expect("a list");
    let found: Vec<_> = signatures.iter().map(|signature| signature["ondertekenaar"].as_str().expect("text")).collect();
    assert_eq!(found, names);
    for signature in signatures {
        assert_eq!((&signature["geldig"], &signature["reden"]), (&true.into(), &Json::Null), "{signature:#}");
        assert!(signature["tijdstip"].as_str().is_some_and(|moment| moment.starts_with("2023-02-21T11:00:00")));
    }
    for key in ["ongewijzigd", "pdfa", "pdfua"] {
        assert_eq!(answer[key], true, "{key}: {answer:#}");
    }
}

#[test]
fn a_letter_is_signed_by_two_and_kept() {
    for room in rooms(&["A.P. Heidema", "N. Versteeg"]) {
        let (name, issued) = (room.office.name, room.office.issue(LETTER, &[]));
        room.is_sound();
        let shown = room.json(&["archive", "show", ID]);
        has_its_keys(&shown);
        is_signed_by(&shown, &[]);
        assert_eq!(room.status(ID), "vastgesteld", "{name}");
        let letter = room.got(ID);
        assert_eq!(letter, room.office.bytes(PDF));

        let once = room.sign(ID, "A.P. Heidema", &["--json"]).exits(0).json();
        has_its_keys(&once);
        is_signed_by(&once, &["A.P. Heidema"]);
        assert_eq!((once["id"].as_str(), once["versies"].as_array().map(Vec::len)), (Some(ID), Some(2)));
        let signed = room.got(ID);
        assert!(signed.starts_with(&letter) && signed.len() > letter.len());
        room.is_sound();
        assert_eq!(room.status(ID), "ondertekend");

        let twice = room.sign(ID, "N. Versteeg", &["--json"]).exits(0).json();
        has_its_keys(&twice);
        is_signed_by(&twice, &["A.P. Heidema", "N. Versteeg"]);
        assert_eq!(room.json(&["archive", "show", ID]), twice);
        let both = room.got(ID);
        assert!(both.starts_with(&signed) && both.len() > signed.len());
        room.is_sound();
        assert_eq!(room.status(ID), "ondertekend");

        // The register tells of it, and still has the file that was issued.
        let entry = room.json(&["register", "show", ID]);
        let events: Vec<_> = entry["gebeurtenissen"].as_array().unwrap().iter().map(|event| &event["wat"]).collect();
        assert_eq!(events[events.len() - 2..], ["ondertekend", "ondertekend"], "{events:?}");
        assert_eq!(entry["bestanden"][0]["digest"], issued["sha256"]);
        let people = room.run(&["register", "show", ID]).exits(0).out;
        assert!(people.contains("ondertekend"), "{people}");
        let listed = room.json(&["archive", "list"]);
        assert_eq!(kinds(&listed, ID), ["vastgesteld", "ondertekend", "ondertekend"]);

        // Issued again as it was, it stays signed.
        assert_eq!(room.office.issue(LETTER, &[]), issued);
        assert_eq!(room.office.issue(LETTER, &["--nieuwe-versie"]), issued);
        assert_eq!((room.status(ID).as_str(), room.got(ID)), ("ondertekend", both));
    }
}

#[test]
fn a_new_version_after_a_signed_one_has_to_be_signed_anew() {
    for room in rooms(&["A.P. Heidema"]) {
        room.office.issue(LETTER, &[]);
        room.sign(ID, "A.P. Heidema", &[]).exits(0);
        let signed = room.got(ID);
        room.office.workspace.change(LETTER, "bruggen", "wegen");
        assert_eq!(room.refused(&["issue", LETTER]), ["letter-changed"]);
        room.office.issue(LETTER, &["--nieuwe-versie"]);
        room.is_sound();
        assert_eq!(room.status(ID), "vastgesteld");
        let shown = room.json(&["archive", "show", ID]);
        has_its_keys(&shown);
        is_signed_by(&shown, &[]);
        assert_eq!(kinds(&room.json(&["archive", "list"]), ID), ["vastgesteld", "ondertekend", "vastgesteld"]);
        assert_eq!(room.got(ID), room.office.bytes(PDF));
        room.sign(ID, "A.P. Heidema", &[]).exits(0);
        room.is_sound();
        assert_eq!(room.status(ID), "ondertekend");
        assert!(room.got(ID) != signed && room.got(ID).starts_with(&room.office.bytes(PDF)));
        // One that was sent stays sent when a signature comes to it.
        room.run(&["register", "send", ID, "--datum", "2023-02-21", "--wijze", "post"]).exits(0);
        room.sign(ID, "A.P. Heidema", &[]).exits(0);
        assert_eq!(room.status(ID), "verzonden");
        room.is_sound();
    }
}

#[test]
fn people_are_told_in_their_language() {
    let Some(room) = issued(&["A.P. Heidema"]) else { return };
    let said = room.sign(ID, "A.P. Heidema", &[]).exits(0);
    for words in [ID, "Een brief over bruggen", "A.P. Heidema", "Versies", "Handtekeningen", "PDF/A-2A"] {
        assert!(said.out.to_lowercase().contains(&words.to_lowercase()), "{words} is not in\n{}", said.out);
    }
    assert_eq!(said.err, "");
    let shown = room.run(&["archive", "show", ID]).exits(0);
    assert_eq!((shown.out, shown.err.as_str()), (said.out, ""));
    let english = room.run(&["archive", "show", ID, "--taal", "en"]).exits(0).out;
    assert!(english.contains("Signatures") && english.contains("the whole file"), "{english}");
    assert!(!english.contains("andtekening"), "{english}");
    let verified = room.run(&["archive", "verify"]).exits(0);
    assert_eq!(verified.out, "");
    assert!(verified.err.contains("objecten: 1"), "{}", verified.err);
    let quiet = room.run(&["archive", "verify", "--quiet"]).exits(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    let one = room.run(&["archive", "verify", ID, "--taal", "en"]).exits(0).err;
    assert!(one.contains("objects: 1"), "{one}");
    assert_eq!(room.json(&["archive", "verify"]), json!({ "objecten": 1, "in_orde": true, "fouten": [] }));
    let listed = room.run(&["archive", "list"]).exits(0).out;
    assert!(listed.contains(ID) && listed.contains("ondertekend"), "{listed}");
    let got = room.run(&["archive", "get", ID]).exits(0);
    assert_eq!((got.out.as_str(), got.err.as_str()), ("D2023-02-000001.pdf\n", ""));
    let piped = room.run(&["archive", "get", ID, "-o", "-"]).exits(0);
    assert!(piped.out.starts_with("%PDF-") && !room.office.workspace.path("-").exists());
}

/// Texts and names that would be something else to another program, and pictures: all of it is kept and comes back.
#[test]
fn a_letter_with_all_that_letters_have_is_kept() {
    let Some(room) = issued(&["Jansen"]) else { return };
    let office = &room.office;
    let hostile = "#let {{x}} <b> & 'a' \\\"b\\\" $1";
    office.letter("letters/vol.md", hostile);
    let names = ["nota.pdf", "brief.pdf", "brief.pdf.bestand.MDTO.xml", "R&D #1 – é.docx", "register.json"];
    for (at, name) in names.iter().enumerate() {
        office.workspace.write(&format!("letters/b{at}/{name}"), format!("inhoud van {name}"));
    }
    let all: Vec<_> = names.iter().enumerate().map(|(at, name)| format!("\"b{at}/{name}\"")).collect();
    office.workspace.change("letters/vol.md", "sjabloon", &format!("bijlagen = [{}]\nsjabloon", all.join(", ")));
    let svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"20\"><rect width=\"9\" height=\"9\"/></svg>";
    office.workspace.write("letters/kaart & plan.svg", svg);
    office.workspace.change("letters/vol.md", "Wij nodigen", "![Een kaart](<kaart & plan.svg>)\n\nWij nodigen");
    let id = office.issue("letters/vol.md", &[])["kenmerk"].as_str().expect("a number").to_string();
    room.is_sound();
    let signed = room.sign(&id, "Jansen", &["--json"]).exits(0).json();
    is_signed_by(&signed, &["Jansen"]);
    room.is_sound();
    let files = |version: usize| -> Vec<String> {
        let files = signed["versies"][version]["bestanden"].as_array().expect("a list").iter();
        files.map(|file| file["naam"].as_str().expect("a name").to_string()).collect()
    };
    // The signed version has everything that the issued one had.
    let lost: Vec<_> = files(0).into_iter().filter(|name| !files(1).contains(name)).collect();
    assert_eq!(lost, Vec::<String>::new());
    assert_eq!(files(1).iter().filter(|name| name.starts_with("bijlagen/")).count(), 2 * names.len(), "{:?}", files(1));
    assert!(files(1).iter().any(|name| name.ends_with("kaart & plan.svg")), "{:?}", files(1));
    room.run(&["archive", "export", &id, "-o", "uit"]).exits(0);
    let packed = crate::support::files_below(&office.workspace.path("uit"));
    for name in names {
        let text = format!("inhoud van {name}").into_bytes();
        assert_eq!(packed.iter().filter(|file| std::fs::read(file).unwrap() == text).count(), 1, "{name}: {packed:?}");
    }
    let listed = room.json(&["archive", "list"]);
    assert_eq!(listed[1]["onderwerp"], "#let {{x}} <b> & 'a' \"b\" $1");
    assert_eq!(room.json(&["archive", "list", "--limit", "1"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn what_was_touched_is_found_and_named() {
    let Some(room) = issued(&[]) else { return };
    let files = crate::support::files_below(&room.office.workspace.path("archief"));
    let letter = files.iter().find(|file| file.ends_with("v1/content/brief.pdf")).expect("the letter");
    let mut bytes = std::fs::read(letter).unwrap();
    bytes[1000] ^= 1;
    std::fs::write(letter, bytes).unwrap();
    let report = room.run(&["archive", "verify", "--json"]).exits(1).json();
    assert_eq!((&report["objecten"], &report["in_orde"]), (&1.into(), &false.into()));
    let fault = &report["fouten"][0];
    assert_eq!(fault["id"], ID);
    assert!(fault["bestand"].as_str().is_some_and(|file| file.ends_with("brief.pdf")), "{fault}");
    assert!(fault["reden"].as_str().is_some_and(|words| words.contains("veranderd")), "{fault}");
    let people = room.run(&["archive", "verify", "--quiet"]).exits(1);
    assert!(people.err.contains("brief.pdf") && people.err.contains("veranderd"), "{}", people.err);
    // What is not whole is not given out, signed or transferred.
    for verb in [&["archive", "get", ID][..], &["archive", "export", ID, "-o", "overdracht"]] {
        let run = room.run(verb).exits(1);
        assert!(run.out.is_empty() && run.err.contains("veranderd"), "{verb:?} {}", run.err);
    }
    assert!(!room.office.workspace.path("D2023-02-000001.pdf").exists());
    assert!(!room.office.workspace.path("overdracht").exists());
}

/// A letter that was issued by a program that had no archive gets into it under its number.
#[test]
fn a_register_from_before_the_archive_gets_one() {
    for room in rooms(&["A.P. Heidema"]) {
        let first = room.office.issue(LETTER, &[]);
        forget_the_archive(&room);
        std::fs::remove_dir_all(room.office.workspace.path("archief")).unwrap();
        let run = room.run(&["archive", "list"]).exits(1);
        assert!(run.err.contains("[archive-missing]"), "{}", run.err);
        assert_eq!(room.office.issue(LETTER, &[]), first);
        room.is_sound();
        assert_eq!(room.got(ID), room.office.bytes(PDF));
        let entry = room.json(&["register", "show", ID]);
        let last = entry["gebeurtenissen"].as_array().and_then(|all| all.last().cloned()).unwrap();
        assert_eq!(last["wat"], "gearchiveerd");
        room.sign(ID, "A.P. Heidema", &[]).exits(0);
        room.is_sound();
    }
}

pub(super) fn forget_the_archive(room: &Room) {
    let root = room.office.workspace.path("").canonicalize().expect("the folder is there");
    let url = |name: &str| (name == "POSTKAMER_REGISTER_URL").then(|| room.office.url.clone());
    let workspace = postkamer::workspace::Workspace::open(&root, &url).expect("the workspace is in order");
    let mut register = postkamer::register::Register::open(&workspace).expect("the register opens");
    let moment = chrono::DateTime::from_timestamp(1_676_977_200, 0).expect("a moment");
    let random = || *uuid::Uuid::new_v4().as_bytes();
    let clerk = postkamer::register::Clerk { name: "m.bom", moment, day: moment.date_naive(), random: &random };
    let undo = |journal: &mut postkamer::register::chain::Journal| {
        crate::support::BEFORE_THE_ARCHIVE.iter().try_for_each(|sql| journal.tx.exec(sql, &[]).map(drop))
    };
    register.write(&clerk, undo).expect("the table goes");
}
