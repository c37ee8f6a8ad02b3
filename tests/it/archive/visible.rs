//! Signatures that are to be seen.

use serde_json::Value as Json;

use super::{ID, Room};
use crate::issue::LETTER;
use crate::outside::run;
use crate::support::files_below;

/// A room whose template asks for visible signatures, with the first letter issued.
fn room(signatories: &[&str]) -> Option<Room> {
    let room = Room::new();
    if !signatories.iter().all(|name| room.key(name)) {
        return None;
    }
    room.run(&["template", "eject", "gs-brief-2022"]).exits(0);
    let manifest = "templates/gs-brief-2022/sjabloon.toml";
    let text = room.office.workspace.read(manifest);
    room.office.workspace.write(manifest, format!("{text}\n[ondertekening]\nzichtbaar = true\n"));
    room.office.issue(LETTER, &[]);
    Some(room)
}

fn signatories(answer: &Json) -> Vec<&str> {
    let signatures = answer["handtekeningen"].as_array().expect("a list").iter();
    signatures.map(|signature| signature["ondertekenaar"].as_str().expect("a name")).collect()
}

/// The text of the letter in the archive, as poppler reads it.
fn text(room: &Room) -> Option<String> {
    room.office.workspace.write("gehaald.pdf", room.got(ID));
    run("pdftotext", &["-layout", "-enc", "UTF-8"], &[room.office.workspace.path("gehaald.pdf"), "-".into()])
}

fn conforms(room: &Room) {
    room.office.workspace.write("gehaald.pdf", room.got(ID));
    for flavour in ["2a", "ua1"] {
        let arguments = ["--format", "text", "-v", "-f", flavour];
        if let Some(report) = run("verapdf", &arguments, &[room.office.workspace.path("gehaald.pdf")]) {
            assert!(report.contains("PASS "), "{flavour}: {report}");
        }
    }
}

#[test]
fn each_signs_beside_their_own_name() {
    for order in [["A.P. Heidema", "N. Versteeg"], ["N. Versteeg", "A.P. Heidema"]] {
        let Some(room) = room(&order) else { return };
        let once = room.sign(ID, order[0], &["--json"]).exits(0).json();
        let twice = room.sign(ID, order[1], &["--json"]).exits(0).json();
        assert_eq!((signatories(&once), signatories(&twice)), (vec![order[0]], order.to_vec()));
        for answer in [&once, &twice] {
            assert_eq!(
                (&answer["ongewijzigd"], &answer["pdfa"], &answer["pdfua"]),
                (&true.into(), &true.into(), &true.into())
            );
        }
        room.is_sound();
        let Some(text) = text(&room) else { return };
        let line = text.lines().find(|line| line.contains("A.P. Heidema") && line.contains("N. Versteeg"));
        assert_eq!(text.matches("Digitaal ondertekend op 21 februari 2023").count(), 2, "{text}");
        assert!(line.is_some(), "{text}");
        conforms(&room);
    }
}

#[test]
fn who_is_not_on_the_letter_takes_a_place_that_is_free() {
    let Some(room) = room(&["Plaatsvervanger", "N. Versteeg", "A.P. Heidema"]) else { return };
    // The second place is taken by the one whose name stands there.
    room.sign(ID, "N. Versteeg", &[]).exits(0);
    let answer = room.sign(ID, "Plaatsvervanger", &["--json"]).exits(0).json();
    assert_eq!(signatories(&answer), ["N. Versteeg", "Plaatsvervanger"]);
    let Some(seen) = text(&room) else { return };
    assert_eq!(seen.matches("Digitaal ondertekend").count(), 2, "{seen}");
    // There is no place left, for whom there was one either: the signature is set all the same.
    let said = room.sign(ID, "A.P. Heidema", &["--json"]).exits(0);
    assert!(said.err.contains("[sign-without-place]") && said.err.contains("A.P. Heidema"), "{}", said.err);
    let answer = said.json();
    assert_eq!(signatories(&answer).len(), 3);
    assert_eq!(answer["pdfa"], true, "{answer:#}");
    let seen = text(&room).expect("it was there");
    assert_eq!(seen.matches("Digitaal ondertekend").count(), 2, "{seen}");
    room.is_sound();
    conforms(&room);
}

#[test]
fn one_who_signs_twice_is_seen_once() {
    let Some(room) = room(&["N. Versteeg"]) else { return };
    room.sign(ID, "N. Versteeg", &[]).exits(0);
    let answer = room.sign(ID, "N. Versteeg", &["--json"]).exits(0).json();
    assert_eq!(signatories(&answer), ["N. Versteeg", "N. Versteeg"]);
    let Some(seen) = text(&room) else { return };
    assert_eq!(seen.matches("Digitaal ondertekend").count(), 1, "{seen}");
    room.is_sound();
}

#[test]
fn after_another_program_signed_it_no_place_can_be_made() {
    let Some(room) = room(&["A.P. Heidema", "Elders"]) else { return };
    if !room.sign_elsewhere(super::PDF, "getekend.pdf", "Elders", "Zegel") {
        return;
    }
    room.run(&["archive", "add", "getekend.pdf"]).exits(0);
    let answer = room.sign(ID, "A.P. Heidema", &["--json"]).exits(0).json();
    assert_eq!(signatories(&answer), ["Elders", "A.P. Heidema"]);
    room.is_sound();
    assert!(
        files_below(&room.office.workspace.path("archief")).iter().any(|file| file.ends_with("v3/content/brief.pdf"))
    );
}
