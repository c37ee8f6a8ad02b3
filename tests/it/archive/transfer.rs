//! Letters go to an e-depot.

use std::path::{Path, PathBuf};

use super::{ID, PDF, Room, issued};
use crate::outside::run;
use crate::support::{files_below, repository};

/// The MDTO files of a transfer conform to the schema, where that is there.
#[track_caller]
fn conforms(folder: &Path) {
    let schema = repository().join("../shared/standards/mdto/MDTO-XML1.0.1.xsd");
    let files: Vec<PathBuf> =
        files_below(folder).into_iter().filter(|file| file.extension().is_some_and(|ext| ext == "xml")).collect();
    assert!(!files.is_empty());
    if schema.is_file() {
        let schema = schema.display().to_string();
        run("xmllint", &["--noout", "--nonet", "--schema", &schema], &files);
    }
}

fn names(room: &Room, folder: &str) -> Vec<String> {
    let root = room.office.workspace.path(folder);
    files_below(&root).iter().map(|file| file.strip_prefix(&root).unwrap().display().to_string()).collect()
}

#[test]
fn letters_of_two_cases_go_with_their_metadata() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.sign(ID, "Jansen", &[]).exits(0);
    room.office.workspace.write("letters/a/Nota & kaart #1.pdf", "eerste");
    room.office.workspace.write("letters/b/nota & kaart #1.pdf", "tweede");
    for (name, case) in [("een", "2023-000007"), ("twee", "Z/1: \\\"a & b\\\"")] {
        let path = format!("letters/{name}.md");
        room.office.letter(&path, "Een <brief> & 'meer' {{x}} #let");
        let more = format!(
            "zaaknummer = \"{case}\"\nbijlagen = [\"a/Nota & kaart #1.pdf\", \"b/nota & kaart #1.pdf\"]\nsjabloon"
        );
        room.office.workspace.change(&path, "sjabloon", &more);
        room.office.issue(&path, &[]);
    }
    room.is_sound();
    let ids = [ID, "D2023-02-000002", "D2023-02-000003"];
    let said = room.run(&["archive", "export", ids[2], ids[0], ids[1], ids[0], "-o", "overdracht"]).exits(0);
    assert_eq!(said.out, "overdracht\n");
    assert!(said.err.contains("brieven: 3"), "{}", said.err);
    let found = names(&room, "overdracht");
    for expected in [
        "paklijst.csv",
        "paklijst.json",
        "2023-000007/2023-000007.MDTO.xml",
        "2023-000007/D2023-02-000002/brief.pdf",
        "2023-000007/D2023-02-000002/D2023-02-000002.MDTO.xml",
        "2023-000007/D2023-02-000002/Nota---kaart--1.pdf",
        "2023-000007/D2023-02-000002/nota---kaart--1-2.pdf",
        "2023-000007/D2023-02-000002/nota---kaart--1-2.pdf.bestand.MDTO.xml",
    ] {
        assert!(found.contains(&expected.to_string()), "{expected} is not in {found:#?}");
    }
    // The signed letter goes with the one that was issued.
    let signed = found.iter().find(|file| file.ends_with(&format!("{ID}/brief.pdf"))).expect("the letter");
    let folder = signed.strip_suffix("brief.pdf").unwrap();
    assert_eq!(room.office.bytes(&format!("overdracht/{signed}")), room.got(ID));
    let issued = format!("overdracht/{folder}brief-vastgesteld.pdf");
    assert_eq!(room.office.bytes(&issued), room.office.bytes(PDF));
    conforms(&room.office.workspace.path("overdracht"));
    let list: serde_json::Value =
        serde_json::from_slice(&room.office.bytes("overdracht/paklijst.json")).expect("a packing list");
    let text = list.to_string();
    for file in found.iter().filter(|file| !file.starts_with("paklijst")) {
        assert!(text.contains(&serde_json::to_string(file).unwrap()), "{file} is not in {list:#}");
    }
    // The same list is the answer in JSON; a folder with something in it is not written to.
    let answer = room.json(&["archive", "export", ids[0], ids[1], ids[2], "-o", "nogmaals"]);
    assert_eq!(answer, list);
    assert_eq!(names(&room, "nogmaals"), found);
    assert_eq!(room.refused(&["archive", "export", ID, "-o", "overdracht"]), ["export-folder-taken"]);
    assert_eq!(names(&room, "overdracht"), found);
}

#[test]
fn one_letter_that_may_not_go_keeps_all_of_them() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.sign(ID, "Jansen", &[]).exits(0);
    room.office.letter("letters/ander.md", "Een andere brief");
    room.office.issue("letters/ander.md", &[]);
    let other = "D2023-02-000002";
    assert_eq!(room.refused(&["archive", "export", ID, "D2099-01-000001", "-o", "uit"]), ["id-unknown"]);
    // The signatory is no longer trusted.
    let settings = room.office.workspace.read("postkamer.toml");
    room.office.workspace.write("postkamer.toml", settings.replace("ankers = [\"vertrouwen/ca.pem\"]", "ankers = []"));
    assert_eq!(room.refused(&["archive", "export", ID, other, "-o", "uit"]), ["export-signature"]);
    room.office.workspace.write("postkamer.toml", settings);
    // A file of the other letter was touched: an older version counts too.
    let files = files_below(&room.office.workspace.path("archief"));
    let register = files.iter().rfind(|file| file.ends_with("v1/content/register.json")).expect("the entry");
    let whole = std::fs::read(register).unwrap();
    for (at, broken) in [(0, true), (1, false)] {
        let touched = if broken { b"{}".to_vec() } else { whole.clone() };
        std::fs::write(register, touched).unwrap();
        let run = room.run(&["archive", "export", ID, other, "-o", &format!("weg-{at}")]);
        assert_eq!(run.code, Some(i32::from(broken)), "{}", run.err);
        assert_eq!(room.office.workspace.path(&format!("weg-{at}")).exists(), !broken);
        assert!(!broken || run.err.contains("register.json"), "{}", run.err);
    }
    room.is_sound();
}

#[test]
fn a_letter_signed_by_two_and_then_a_scan_goes_whole() {
    let Some(room) = issued(&["Jansen", "Pietersen"]) else { return };
    room.sign(ID, "Jansen", &[]).exits(0);
    room.sign(ID, "Pietersen", &[]).exits(0);
    room.office.workspace.write("scan.png", b"\x89PNG\r\n\x1a\n a scan");
    room.run(&["archive", "add", "scan.png", "--id", ID, "--scan"]).exits(0);
    room.run(&["archive", "export", ID, "-o", "uit"]).exits(0);
    let found = names(&room, "uit");
    let ends = |name: &str| found.iter().filter(|file| file.ends_with(&format!("/{name}"))).count();
    assert_eq!((ends("brief.pdf"), ends("brief-vastgesteld.pdf"), ends("scan.png")), (1, 1, 1), "{found:#?}");
    conforms(&room.office.workspace.path("uit"));
    room.is_sound();
}
