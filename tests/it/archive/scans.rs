//! Letters that were signed on paper.

use serde_json::Value as Json;

use super::{ID, PDF, issued, kinds};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a scan";

fn names(answer: &Json) -> Vec<String> {
    let last = answer["versies"].as_array().and_then(|all| all.last()).expect("a version");
    let files = last["bestanden"].as_array().expect("a list").iter();
    files.map(|file| file["naam"].as_str().expect("a name").to_string()).collect()
}

#[test]
fn a_scan_claims_no_signature_and_stays_when_one_comes() {
    let Some(room) = issued(&["Jansen"]) else { return };
    let letter = room.got(ID);
    for (name, bytes) in [
        ("scan.png", PNG),
        ("scan.jpg", b"\xff\xd8\xff\xe0 a scan"),
        ("foto.pdf", b"%PDF-1.4 a scan"),
        ("s", b"II*\0 s"),
    ] {
        room.office.workspace.write(name, bytes);
        let answer = room.json(&["archive", "add", name, "--id", ID, "--scan"]);
        assert_eq!((answer["id"].as_str(), &answer["handtekeningen"]), (Some(ID), &Json::Array(vec![])));
        assert_eq!((room.status(ID).as_str(), room.got(ID)), ("vastgesteld", letter.clone()));
        let before = room.kept();
        assert_eq!(room.json(&["archive", "add", name, "--id", ID, "--scan"]), answer);
        assert!(room.kept() == before);
    }
    room.is_sound();
    let shown = room.json(&["archive", "show", ID]);
    assert!(names(&shown).contains(&"scan.tif".to_string()), "{:?}", names(&shown));
    let signed = room.sign(ID, "Jansen", &["--json"]).exits(0).json();
    assert_eq!(signed["handtekeningen"][0]["ondertekenaar"], "Jansen");
    assert!(names(&signed).contains(&"scan.tif".to_string()), "{:?}", names(&signed));
    assert_eq!(room.status(ID), "ondertekend");
    // A scan after that takes no signature away.
    room.office.workspace.write("later.png", [PNG, b"!"].concat());
    let later = room.json(&["archive", "add", "later.png", "--id", ID, "--scan"]);
    assert_eq!(later["handtekeningen"], signed["handtekeningen"]);
    assert_eq!(room.status(ID), "ondertekend");
    assert!(room.got(ID).len() > letter.len());
    let listed = kinds(&room.json(&["archive", "list"]), ID);
    assert_eq!(listed[listed.len() - 2..], ["ondertekend", "gescand"]);
    room.is_sound();
    let entry = room.json(&["register", "show", ID]);
    let events: Vec<_> = entry["gebeurtenissen"].as_array().unwrap().iter().map(|event| &event["wat"]).collect();
    assert_eq!(events[events.len() - 2..], ["ondertekend", "gescand"], "{events:?}");
}

#[test]
fn what_is_no_scan_is_refused() {
    let Some(room) = issued(&[]) else { return };
    room.office.workspace.write("tekst.pdf", "geen pdf");
    assert_eq!(room.refused(&["archive", "add", "tekst.pdf", "--id", ID, "--scan"]), ["archive-scan-unknown"]);
    // A scan without being said to be one.
    room.office.workspace.write("scan.png", PNG);
    assert_eq!(room.refused(&["archive", "add", "scan.png"]), ["archive-no-letter"]);
    let said = room.run(&["archive", "add", "scan.png"]).exits(1).err;
    assert!(said.contains("--scan"), "{said}");
    assert_eq!(room.refused(&["archive", "add", "scan.png", "--id", ID]), ["archive-not-this-letter"]);
}

/// The signed file handed in as a scan by mistake can still be handed in as what it is.
#[test]
fn a_signed_file_that_passed_for_a_scan_still_is_the_signed_letter() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.sign(PDF, "Jansen", &["-o", "getekend.pdf"]).exits(0);
    let scanned = room.json(&["archive", "add", "getekend.pdf", "--id", ID, "--scan"]);
    assert_eq!(scanned["handtekeningen"], Json::Array(vec![]));
    assert_eq!(room.status(ID), "vastgesteld");
    let signed = room.json(&["archive", "add", "getekend.pdf"]);
    assert_eq!(signed["handtekeningen"][0]["ondertekenaar"], "Jansen");
    assert_eq!(room.status(ID), "ondertekend");
    assert_eq!(kinds(&room.json(&["archive", "list"]), ID), ["vastgesteld", "gescand", "ondertekend"]);
    room.is_sound();
}

#[test]
fn the_right_scan_comes_back_after_a_wrong_one() {
    let Some(room) = issued(&[]) else { return };
    for (name, more) in [("een.png", b"1"), ("twee.png", b"2")] {
        room.office.workspace.write(name, [PNG, more].concat());
    }
    let add = |name| room.json(&["archive", "add", name, "--id", ID, "--scan"]);
    let digest = |answer: &Json| {
        let files = answer["versies"].as_array().unwrap().last().unwrap()["bestanden"].as_array().unwrap().clone();
        files.iter().find(|file| file["naam"] == "scan.png").map(|file| file["digest"].clone())
    };
    let (right, wrong) = (digest(&add("een.png")), digest(&add("twee.png")));
    assert_ne!(right, wrong);
    assert_eq!(digest(&add("een.png")), right);
    room.is_sound();
}
