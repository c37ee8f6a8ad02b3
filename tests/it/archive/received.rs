//! Letters that come in, whatever they are and however they are called.

use serde_json::Value as Json;

use super::{Room, issued, kinds};
use crate::issue::LETTER;
use crate::support::files_below;

const RECEIVE: [&str; 7] = ["register", "receive", "--onderwerp", "Advies", "--van", "SER", "--datum"];

/// Registers a letter with a file.
#[track_caller]
fn receive(room: &Room, file: &str) -> (String, String) {
    let run = room.run(&[&RECEIVE[..], &["2023-02-20", "--bestand", file]].concat()).exits(0);
    (run.out.trim_end().to_string(), run.err)
}

#[test]
fn a_signed_letter_is_kept_byte_for_byte_with_what_its_signature_is_worth() {
    let Some(room) = issued(&["Jansen"]) else { return };
    assert!(room.strange_key("Onbekend"));
    room.run(&["render", LETTER, "-o", "advies.pdf"]).exits(0);
    if !room.sign_elsewhere("advies.pdf", "goed.pdf", "Jansen", "Zegel") {
        return;
    }
    assert!(room.sign_elsewhere("advies.pdf", "vreemd.pdf", "Onbekend", "Zegel"));
    // A digit of the signature's value, which comes last before the zeros.
    let mut changed = room.office.bytes("goed.pdf");
    let start = changed.windows(11).rposition(|window| window == b"/Contents <").expect("a signature") + 11;
    let end = start + changed[start..].iter().position(|byte| *byte == b'>').expect("its end");
    let last = start + changed[start..end].iter().rposition(|byte| *byte != b'0').expect("a value");
    changed[last - 6] = if changed[last - 6] == b'1' { b'2' } else { b'1' };
    room.office.workspace.write("stuk.pdf", changed);
    for (file, is_valid, code) in [
        ("goed.pdf", true, Json::Null),
        ("vreemd.pdf", false, "signature-untrusted".into()),
        ("stuk.pdf", false, "cms-signature-wrong".into()),
    ] {
        let (id, said) = receive(&room, file);
        assert_eq!(said.contains("[signature-received]"), !is_valid, "{file}: {said}");
        assert!(is_valid || said.contains(file), "{said}");
        let shown = room.json(&["archive", "show", &id]);
        let signature = &shown["handtekeningen"][0];
        assert_eq!((&signature["geldig"], &signature["code"]), (&is_valid.into(), &code), "{shown:#}");
        assert_eq!(room.got(&id), room.office.bytes(file));
        assert_eq!(kinds(&room.json(&["archive", "list"]), &id), ["ontvangen"]);
        assert_eq!(shown["ongewijzigd"], true, "{shown:#}");
        let names: Vec<_> =
            shown["versies"][0]["bestanden"].as_array().unwrap().iter().map(|one| &one["naam"]).collect();
        assert!(names.contains(&&"handtekeningen.json".into()) && names.contains(&&file.into()), "{names:?}");
        // What others signed goes along as it came.
        room.run(&["archive", "export", &id, "-o", &format!("uit-{id}")]).exits(0);
    }
    room.is_sound();
}

/// A file that readers differ about may show anything: its sender says it is signed, and nobody here can tell.
#[test]
fn a_signed_file_that_is_out_of_order_is_warned_of_and_kept() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.sign(super::PDF, "Jansen", &["-o", "goed.pdf"]).exits(0);
    room.office.workspace.write("stuk.pdf", [room.office.bytes("goed.pdf"), b"\n% nog iets\n".to_vec()].concat());
    let (id, said) = receive(&room, "stuk.pdf");
    assert!(said.contains("[signature-received-unread]") && said.contains("stuk.pdf"), "{said}");
    let shown = room.json(&["archive", "show", &id]);
    assert_eq!((&shown["leesbaar"], &shown["handtekeningen"]), (&false.into(), &Json::Array(vec![])));
    assert!(shown["reden"].is_string() && shown["ongewijzigd"] == true, "{shown:#}");
    assert_eq!(room.got(&id), room.office.bytes("stuk.pdf"));
    room.run(&["archive", "export", &id, "-o", "uit"]).exits(0);
    room.is_sound();
    // Without a signature there is nothing to say.
    room.office.workspace.write("slordig.pdf", [room.office.bytes(super::PDF), b"\n% nog iets\n".to_vec()].concat());
    assert_eq!(receive(&room, "slordig.pdf").1, "");
}

#[test]
fn any_file_is_kept_under_a_name_of_its_own() {
    let room = Room::new();
    room.run(&["render", LETTER, "-o", "gewoon.pdf"]).exits(0);
    let pdf = room.office.bytes("gewoon.pdf");
    let files: [(&str, &[u8]); 9] = [
        ("gewoon.pdf", &pdf),
        ("rapport.docx", b"PK\x03\x04 a document"),
        ("brief.pdf", b"geen pdf"),
        ("register.json", b"{}"),
        ("handtekeningen.json", b"[]"),
        ("Brief & bijlage #1.pdf", b"%PDF-1.4 stuk"),
        ("I2023-000007.MDTO.xml", b"<x/>"),
        ("bijlagen", b"geen map"),
        ("e\u{301}e\u{301}n na\u{f1}a \u{1F4EE}", b"tekst"),
    ];
    for (at, (name, bytes)) in files.iter().enumerate() {
        room.office.workspace.write(&format!("post/{name}"), bytes);
        let (id, said) = receive(&room, &format!("post/{name}"));
        assert_eq!((id.as_str(), said.as_str()), (format!("I2023-{:06}", at + 1).as_str(), ""), "{name}");
        assert_eq!(&room.got(&id), bytes, "{name}");
        let shown = room.json(&["archive", "show", &id]);
        assert_eq!((&shown["ongewijzigd"], &shown["handtekeningen"]), (&true.into(), &Json::Array(vec![])), "{name}");
        assert_eq!(shown["versies"][0]["bestanden"].as_array().map(Vec::len), Some(4), "{name} {shown:#}");
        let people = room.run(&["archive", "show", &id]).exits(0).out;
        assert!(people.contains(&id), "{people}");
        room.run(&["archive", "export", &id, "-o", &format!("uit-{at}")]).exits(0);
        let packed = files_below(&room.office.workspace.path(&format!("uit-{at}")));
        assert!(packed.iter().any(|file| &std::fs::read(file).unwrap() == bytes), "{name} {packed:?}");
    }
    room.is_sound();
    // What is no PDF has no place among the standards.
    let text = room.json(&["archive", "show", "I2023-000002"]);
    assert_eq!((&text["pdfa"], &text["pdfua"]), (&false.into(), &false.into()));
    // Without a name it gets the extension of the file.
    assert_eq!(room.run(&["archive", "get", "I2023-000002"]).exits(0).out, "I2023-000002.docx\n");
}

#[test]
fn what_can_not_be_registered_takes_no_number() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.office.workspace.write("leeg.pdf", "");
    for file in ["leeg.pdf", "weg.pdf", "", "letters"] {
        let before = room.kept();
        let run = room.run(&[&RECEIVE[..], &["2023-02-20", "--bestand", file]].concat());
        assert!(run.code == Some(1) || run.code == Some(2), "{file:?} {run:?}");
        assert!(room.kept() == before, "{file:?}");
    }
    room.office.workspace.write("brief.txt", "Geachte mevrouw,");
    let settings = room.office.workspace.read("postkamer.toml");
    room.office.workspace.write("postkamer.toml", settings.replace("vertrouwen/ca.pem", "vertrouwen/weg.pem"));
    assert_eq!(room.refused(&[&RECEIVE[..], &["2023-02-20", "--bestand", "brief.txt"]].concat()), ["trust-missing"]);
    room.office.workspace.write("postkamer.toml", settings);
    assert_eq!(receive(&room, "brief.txt").0, "I2023-000001");
}

/// Its sender calls it like the description of one of our own files.
#[test]
fn a_file_called_like_a_description_is_the_letter_all_the_same() {
    let Some(room) = issued(&["Jansen"]) else { return };
    for name in ["register.json.bestand.MDTO.xml", "a.bestand.MDTO.xml", "I2023-000003.MDTO.xml.bestand.MDTO.xml"] {
        room.office.workspace.write(name, format!("<brief>{name}</brief>"));
        let (id, _) = receive(&room, name);
        assert_eq!(room.got(&id), room.office.bytes(name), "{name}");
        room.run(&["archive", "verify", &id]).exits(0);
        room.run(&["archive", "export", &id, "-o", &format!("uit-{id}")]).exits(0);
        let packed = files_below(&room.office.workspace.path(&format!("uit-{id}")));
        let is_ours = |path: &&std::path::PathBuf| path.file_name().is_some_and(|name| name == "register.json");
        assert_eq!(packed.iter().find(is_ours), None, "{name}");
    }
    room.is_sound();
}

#[test]
fn what_came_in_was_not_issued_here() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.run(&["render", LETTER, "-o", "advies.pdf"]).exits(0);
    let (id, _) = receive(&room, "advies.pdf");
    let said = room.run(&["archive", "show", &id]).exits(0).out;
    assert!(said.contains("zoals het binnenkwam") && !said.contains("vaststelling"), "{said}");
    let english = room.run(&["archive", "show", &id, "--taal", "en"]).exits(0).out;
    assert!(english.contains("1  received") && english.contains("as it came in"), "{english}");
    let got = room.json(&["archive", "get", &id]);
    assert_eq!((&got["id"], &got["bestand"]), (&id.as_str().into(), &format!("{id}.pdf").into()));
    assert_eq!(room.office.bytes(&format!("{id}.pdf")), room.office.bytes("advies.pdf"));
    // What bears the name by chance stays.
    assert_eq!(room.refused(&["archive", "get", &id]), ["sign-exists"]);
    room.run(&["archive", "get", &id, "-o", &format!("{id}.pdf")]).exits(0);
}
