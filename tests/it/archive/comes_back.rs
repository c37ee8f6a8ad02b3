//! Letters that were signed elsewhere come back.

use super::{ID, PDF, Room, issued, kinds, rooms};
use crate::issue::LETTER;
use crate::signing::authority::PASSPHRASE;
use crate::signing::server::{Manner, start};

/// A room where another program has signed the first letter, as `getekend.pdf`.
fn signed_elsewhere(signatories: &[&str]) -> Option<Room> {
    let room = issued(signatories)?;
    room.sign_elsewhere(PDF, "getekend.pdf", signatories[0], "Zegel").then_some(room)
}

#[test]
fn the_file_finds_its_letter_and_is_kept_as_it_came() {
    for room in rooms(&["Zegel van elders"]) {
        room.office.issue(LETTER, &[]);
        room.office.letter("letters/ander.md", "Een andere brief");
        let other = room.office.issue("letters/ander.md", &[]);
        if !room.sign_elsewhere(PDF, "getekend.pdf", "Zegel van elders", "Zegel") {
            return;
        }
        let number = other["kenmerk"].as_str().unwrap();
        let wrong = room.run(&["archive", "add", "getekend.pdf", "--id", number]).exits(1);
        assert!(wrong.err.contains("[archive-other-letter]") && wrong.err.contains(ID), "{}", wrong.err);
        assert_eq!(room.refused(&["archive", "add", "getekend.pdf", "--id", "D2099-01-000001"]), ["id-unknown"]);
        let answer = room.json(&["archive", "add", "getekend.pdf"]);
        assert_eq!((answer["id"].as_str(), &answer["ongewijzigd"]), (Some(ID), &true.into()));
        assert_eq!(answer["handtekeningen"][0]["ondertekenaar"], "Zegel van elders");
        assert_eq!(answer["handtekeningen"][0]["geldig"], true, "{answer:#}");
        // What another program makes of the standards is told, and is no reason to refuse.
        assert!(answer["pdfa"].is_boolean() && answer["pdfua"].is_boolean());
        assert_eq!(room.got(ID), room.office.bytes("getekend.pdf"));
        assert_eq!(room.status(ID), "ondertekend");
        room.is_sound();
        for again in [&["archive", "add", "getekend.pdf"][..], &["archive", "add", "getekend.pdf", "--id", ID]] {
            let before = room.kept();
            assert_eq!(room.json(again), answer);
            assert!(room.kept() == before);
        }
        assert_eq!(room.refused(&["archive", "add", "getekend.pdf", "--id", number]), ["archive-other-letter"]);
        assert_eq!(kinds(&room.json(&["archive", "list"]), ID), ["vastgesteld", "ondertekend"]);
        assert_eq!(kinds(&room.json(&["archive", "list"]), number), ["vastgesteld"]);
    }
}

#[test]
fn signatories_elsewhere_and_here_sign_one_after_the_other() {
    let Some(room) = signed_elsewhere(&["Eerste", "Tweede"]) else { return };
    room.run(&["archive", "add", "getekend.pdf"]).exits(0);
    // Signed on the letter as issued, it lacks the first signature.
    assert!(room.sign_elsewhere(PDF, "los.pdf", "Tweede", "Ander"));
    assert_eq!(room.refused(&["archive", "add", "los.pdf"]), ["archive-signature-lost"]);
    let answer = room.sign(ID, "Tweede", &["--json"]).exits(0).json();
    let names: Vec<_> =
        answer["handtekeningen"].as_array().unwrap().iter().map(|one| one["ondertekenaar"].clone()).collect();
    assert_eq!(names, ["Eerste", "Tweede"]);
    room.is_sound();
    // And the other way round: got from the archive, signed elsewhere once more.
    room.run(&["archive", "get", ID, "-o", "mee.pdf"]).exits(0);
    assert!(room.sign_elsewhere("mee.pdf", "terug.pdf", "Eerste", "Nogmaals"));
    let answer = room.json(&["archive", "add", "terug.pdf"]);
    assert_eq!(answer["handtekeningen"].as_array().map(Vec::len), Some(3));
    assert_eq!(kinds(&room.json(&["archive", "list"]), ID).len(), 4);
    room.is_sound();
    // The file before it is known, and takes nothing away.
    let before = room.kept();
    assert_eq!(room.json(&["archive", "add", "getekend.pdf"])["handtekeningen"].as_array().map(Vec::len), Some(3));
    assert!(room.kept() == before);
}

#[test]
fn with_an_output_nothing_is_archived_and_what_was_written_can_be_handed_in() {
    let Some(room) = issued(&["A.P. Heidema"]) else { return };
    let before = room.kept();
    let said = room.sign(ID, "A.P. Heidema", &["-o", "los.pdf"]).exits(0);
    assert!(said.out.is_empty() && said.err.contains("los.pdf"), "{}", said.err);
    assert!(room.kept() == before);
    assert_eq!(room.json(&["archive", "add", "los.pdf"])["id"], ID);
    assert_eq!(room.got(ID), room.office.bytes("los.pdf"));
    // Of a file nothing is archived either.
    let before = room.kept();
    room.sign(PDF, "A.P. Heidema", &["-o", "ook.pdf"]).exits(0);
    assert!(room.kept() == before && room.office.workspace.path("ook.pdf").is_file());
}

#[test]
fn a_time_stamp_is_asked_for_where_the_settings_do() {
    let Some(room) = signed_elsewhere(&["Jansen"]) else { return };
    room.office.workspace.change("postkamer.toml", "\n[vertrouwen]\n", "\n[vertrouwen]\ntijdstempel_vereist = true\n");
    assert_eq!(room.refused(&["archive", "add", "getekend.pdf"]), ["timestamp-missing"]);
    let key = ["sign", ID, "--p12", "sleutels/Jansen.p12", "--passphrase-file", "wachtwoord"];
    assert_eq!(room.refused(&key), ["timestamp-missing"]);
    // Of the server's clock nothing is known in 2023: it says what time it is now.
    let url = start(&room.authority, Manner::Good).expect("OpenSSL was there");
    let now = chrono::Utc::now().timestamp().to_string();
    let stamped = [&key[..], &["--tsa", &url, "--json"]].concat();
    let surroundings = [("POSTKAMER_REGISTER_URL", room.office.url.as_str()), ("SOURCE_DATE_EPOCH", now.as_str())];
    let answer = room.office.workspace.run_with(&stamped, &surroundings).exits(0).json();
    assert!(answer["handtekeningen"][0]["tijdstempel"].is_string(), "{answer:#}");
    room.is_sound();
}

#[test]
fn a_time_stamp_from_elsewhere_is_told() {
    let Some(room) = issued(&["Jansen"]) else { return };
    let url = start(&room.authority, Manner::Good).expect("OpenSSL was there");
    let files = [PDF, "getekend.pdf", "sleutels/Jansen.p12"].map(|path| room.office.workspace.path(path));
    if crate::outside::script("countersign.py", &["--tsa", &url, PASSPHRASE, "Zegel"], &files).is_none() {
        return;
    }
    room.office.workspace.change("postkamer.toml", "\n[vertrouwen]\n", "\n[vertrouwen]\ntijdstempel_vereist = true\n");
    let now = chrono::Utc::now().timestamp().to_string();
    let surroundings = [("POSTKAMER_REGISTER_URL", room.office.url.as_str()), ("SOURCE_DATE_EPOCH", now.as_str())];
    let run = room.office.workspace.run_with(&["archive", "add", "getekend.pdf", "--json"], &surroundings).exits(0);
    assert!(run.json()["handtekeningen"][0]["tijdstempel"].is_string(), "{}", run.out);
    room.is_sound();
}
