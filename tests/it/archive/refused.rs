//! What the archive does not take in, and says why.

use super::{ID, PDF, Room, issued};
use crate::issue::LETTER;
use crate::support::files_below;
use crate::support::postgres::Backend;

#[test]
fn what_is_no_signed_letter_is_refused() {
    let Some(room) = issued(&["Jansen"]) else { return };
    assert!(room.strange_key("Onbekend"));
    let add = |file: &str| room.refused(&["archive", "add", file]);
    assert_eq!(add(PDF), ["signature-none"]);
    room.office.workspace.write("tekst.pdf", "geen pdf");
    assert_eq!(add("tekst.pdf"), ["archive-no-letter"]);
    assert_eq!(room.refused(&["archive", "add", "tekst.pdf", "--id", ID]), ["archive-not-this-letter"]);
    room.office.workspace.write("leeg.pdf", "");
    assert_eq!(add("leeg.pdf"), ["archive-no-letter"]);
    assert_eq!(add("weg.pdf"), ["sign-file-missing"]);
    // Another letter that was never issued.
    room.run(&["render", LETTER, "-o", "concept.pdf"]).exits(0);
    room.sign("concept.pdf", "Jansen", &["-o", "getekend-concept.pdf"]).exits(0);
    assert_eq!(add("getekend-concept.pdf"), ["archive-no-letter"]);
    // Nobody here knows who signed.
    room.sign(PDF, "Onbekend", &["-o", "vreemd.pdf"]).exits(0);
    assert_eq!(add("vreemd.pdf"), ["signature-untrusted"]);
    let said = room.run(&["archive", "add", "vreemd.pdf"]).exits(1).err;
    assert!(said.contains("Onbekend") && said.contains("[vertrouwen]"), "{said}");
    let key = ["sign", ID, "--p12", "sleutels/Onbekend.p12", "--passphrase-file", "wachtwoord"];
    assert_eq!(room.refused(&key), ["signature-untrusted"]);
    // Changed after it was signed.
    room.sign(PDF, "Jansen", &["-o", "goed.pdf"]).exits(0);
    let mut bytes = room.office.bytes("goed.pdf");
    bytes.extend(b"\n%%EOF\n");
    room.office.workspace.write("later.pdf", &bytes);
    assert!(!add("later.pdf").is_empty());
    bytes = room.office.bytes("goed.pdf");
    bytes[1000] ^= 1;
    room.office.workspace.write("eerder.pdf", &bytes);
    assert_eq!(add("eerder.pdf"), ["archive-no-letter"]);
    room.is_sound();
    room.run(&["archive", "add", "goed.pdf"]).exits(0);
}

#[test]
fn only_a_letter_that_stands_can_be_signed() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.sign(PDF, "Jansen", &["-o", "getekend.pdf"]).exits(0);
    let key = |id: &'static str| ["sign", id, "--p12", "sleutels/Jansen.p12", "--passphrase-file", "wachtwoord"];
    // An older version.
    room.office.workspace.change(LETTER, "bruggen", "wegen");
    room.office.issue(LETTER, &["--nieuwe-versie"]);
    assert_eq!(room.refused(&["archive", "add", "getekend.pdf"]), ["archive-superseded"]);
    // A letter that came in.
    room.office.workspace.write("post.pdf", room.office.bytes("getekend.pdf"));
    let receive = ["register", "receive", "--onderwerp", "Advies", "--van", "SER", "--datum", "2023-02-20"];
    let received = room.run(&[&receive[..], &["--bestand", "post.pdf"]].concat()).exits(0);
    assert_eq!(received.out, "I2023-000001\n");
    assert_eq!(room.refused(&["archive", "add", "getekend.pdf", "--id", "I2023-000001"]), ["archive-not-standing"]);
    assert_eq!(room.refused(&["archive", "add", "getekend.pdf"]), ["archive-superseded"]);
    assert_eq!(room.refused(&key("I2023-000001")), ["archive-not-standing"]);
    let bare = room.run(&receive).exits(0);
    assert_eq!(bare.out, "I2023-000002\n");
    for verb in [&key("I2023-000002")[..], &["archive", "show", "I2023-000002"], &["archive", "verify", "I2023-000002"]]
    {
        assert_eq!(room.refused(verb), ["archive-letter-missing"], "{verb:?}");
    }
    assert_eq!(room.refused(&key("D2099-01-000001")), ["id-unknown"]);
    // Withdrawn.
    room.run(&["archive", "get", ID, "-o", "nu.pdf"]).exits(0);
    room.sign("nu.pdf", "Jansen", &["-o", "nu-getekend.pdf"]).exits(0);
    room.run(&["register", "withdraw", ID, "--reden", "Verkeerd besluit"]).exits(0);
    assert_eq!(room.refused(&["archive", "add", "nu-getekend.pdf"]), ["archive-not-standing"]);
    assert_eq!(room.refused(&key(ID)), ["archive-not-standing"]);
    let said = room.run(&key(ID)).exits(1).err;
    assert!(said.contains("ingetrokken"), "{said}");
    room.is_sound();
}

#[test]
fn a_reserved_number_has_no_letter_yet() {
    let Some(room) = issued(&["Jansen"]) else { return };
    // The folder of what is issued can't be written once the number is reserved.
    room.office.letter("letters/ander.md", "Een andere brief");
    room.office.workspace.write("letters/nota.pdf", "een nota");
    room.office.workspace.change("letters/ander.md", "sjabloon", "bijlagen = [\"nota.pdf\"]\nsjabloon");
    room.office.workspace.write("uitgaand/2023/D2023-02-000002/bijlagen", "in de weg");
    room.run(&["issue", "letters/ander.md"]).exits(3);
    let id = "D2023-02-000002";
    assert_eq!(room.status(id), "gereserveerd");
    let scan = ["archive", "add", PDF, "--id", id, "--scan"];
    assert_eq!(room.refused(&scan), ["archive-not-standing"]);
    let sign = ["sign", id, "--p12", "sleutels/Jansen.p12", "--passphrase-file", "wachtwoord"];
    for verb in [&["archive", "show", id][..], &["archive", "get", id], &["archive", "export", id, "-o", "uit"], &sign]
    {
        assert_eq!(room.refused(verb), ["archive-letter-missing"], "{verb:?}");
    }
    std::fs::remove_file(room.office.workspace.path("uitgaand/2023/D2023-02-000002/bijlagen")).unwrap();
    assert_eq!(room.office.issue("letters/ander.md", &[])["kenmerk"], id);
    room.is_sound();
}

#[test]
fn anchors_that_can_not_be_read_are_named_at_their_place() {
    let Some(room) = issued(&["Jansen"]) else { return };
    let before = room.office.workspace.read("postkamer.toml");
    let wrong = [
        ("vertrouwen/weg.pem", "trust-missing"),
        ("vertrouwen/tekst.pem", "trust-none"),
        ("vertrouwen/stuk.pem", "trust-certificate"),
    ];
    room.office.workspace.write("vertrouwen/tekst.pem", "geen certificaat");
    room.office
        .workspace
        .write("vertrouwen/stuk.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for (path, code) in wrong {
        room.office.workspace.write("postkamer.toml", before.replace("vertrouwen/ca.pem", path));
        let line = before.lines().position(|line| line.starts_with("ankers")).unwrap() + 1;
        let sign = ["sign", ID, "--p12", "sleutels/Jansen.p12", "--passphrase-file", "wachtwoord"];
        for verb in [&sign[..], &["archive", "add", PDF], &["archive", "inspect", PDF]] {
            let said = room.run(verb).exits(1);
            let place = format!("postkamer.toml:{line}:11");
            assert!(said.err.contains(&format!("[{code}]")) && said.err.contains(&place), "{verb:?} {}", said.err);
        }
        // What needs no trust goes on: a certificate that is lost must not keep a letter from being read.
        room.run(&["archive", "list"]).exits(0);
        room.run(&["archive", "get", ID, "-o", "gehaald.pdf"]).exits(0);
        room.run(&["archive", "verify"]).exits(0);
    }
}

#[test]
fn nothing_is_written_into_the_archive_by_hand() {
    let Some(room) = issued(&["Jansen"]) else { return };
    let inside = files_below(&room.office.workspace.path("archief"));
    let inside = inside.iter().find(|file| file.ends_with("v1/content/brief.pdf")).unwrap().display().to_string();
    for verb in [&["archive", "get", ID, "-o", &inside][..], &["archive", "get", ID, "-o", "archief/nieuw.pdf"]] {
        assert_eq!(room.refused(verb), ["output-is-own"], "{verb:?}");
    }
    let sign = ["sign", ID, "--p12", "sleutels/Jansen.p12", "--passphrase-file", "wachtwoord", "-o", "archief/x.pdf"];
    assert_eq!(room.refused(&sign), ["output-is-own"]);
    assert_eq!(room.refused(&["render", LETTER, "-o", "archief/x.pdf"]), ["output-is-own"]);
    assert_eq!(room.refused(&["archive", "export", ID, "-o", "archief/uit"]), ["export-in-archive"]);
    room.is_sound();
}

#[test]
fn the_command_line_says_what_it_needs() {
    let Some(room) = issued(&[]) else { return };
    for wrong in [
        &["archive", "add"][..],
        &["archive", "add", PDF, "--scan"],
        &["archive", "export", ID],
        &["archive", "export", "-o", "uit"],
        &["sign", ID],
        &["archive", "show"],
    ] {
        room.run(wrong).exits(2);
    }
}

/// One register on a server, and two workspaces with an archive each.
#[test]
fn a_letter_of_another_workspace_is_not_said_to_be_lost() {
    let Some(database) = crate::support::postgres::database() else { return };
    let room = |url: &str| Room::at(Backend { name: "postgres", url: url.into() });
    let (ours, theirs) = (room(&database.url), room(&database.url));
    theirs.office.workspace.change("postkamer.toml", "ceb0974d-3caa", "ceb0974d-3cab");
    if !ours.key("Jansen") {
        return;
    }
    ours.office.issue(LETTER, &[]);
    theirs.office.issue(LETTER, &[]);
    ours.sign(PDF, "Jansen", &["-o", "getekend.pdf"]).exits(0);
    theirs.office.workspace.write("getekend.pdf", ours.office.bytes("getekend.pdf"));
    for _ in 0..2 {
        assert_eq!(theirs.refused(&["archive", "add", "getekend.pdf"]), ["archive-elsewhere"]);
        for verb in [&["archive", "show", ID][..], &["archive", "get", ID], &["archive", "verify", ID]] {
            assert_eq!(theirs.refused(verb), ["archive-elsewhere"], "{verb:?}");
        }
        ours.run(&["archive", "add", "getekend.pdf"]).exits(0);
    }
    let listed = theirs.json(&["archive", "list"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed:#}");
    ours.is_sound();
    theirs.is_sound();
}
