//! Where the archive can be, and where it can't.

use std::fs;

use super::{ID, PDF, Room, is_valid_ocfl};
use crate::issue::LETTER;

/// Names another folder under [archief].
fn point(room: &Room, url: &str) {
    let settings = room.office.workspace.read("postkamer.toml");
    let changed: Vec<_> = settings
        .lines()
        .map(|line| {
            if line.starts_with("url = \"archief") || line.contains("# hier") {
                format!("url = {url} # hier")
            } else {
                line.into()
            }
        })
        .collect();
    room.office.workspace.write("postkamer.toml", changed.join("\n"));
}

fn line(room: &Room) -> usize {
    room.office.workspace.read("postkamer.toml").lines().position(|line| line.contains("# hier")).expect("the line") + 1
}

#[test]
fn a_folder_elsewhere_holds_the_archive() {
    let elsewhere = tempfile::tempdir().unwrap();
    for url in
        [elsewhere.path().join("a/b").display().to_string(), "../archief van ons".into(), "diep/in/ons/archief".into()]
    {
        let room = Room::new();
        point(&room, &format!("{url:?}"));
        room.office.issue(LETTER, &[]);
        let root = room.office.workspace.path(&url);
        is_valid_ocfl(&root);
        assert!(!room.office.workspace.path("archief").exists());
        assert_eq!(room.got(ID), room.office.bytes(PDF));
        room.run(&["archive", "verify"]).exits(0);
        fs::remove_dir_all(root).unwrap();
    }
    // The environment has the last word.
    let (room, url) = (Room::new(), elsewhere.path().join("omgeving").display().to_string());
    room.office.workspace.run_with(&["issue", LETTER], &[("POSTKAMER_ARCHIEF_URL", &url)]).exits(0);
    is_valid_ocfl(&elsewhere.path().join("omgeving"));
}

#[test]
fn a_folder_that_can_not_be_one_is_refused_at_its_line_and_no_number_is_lost() {
    let room = Room::new();
    room.office.workspace.write("map/iets.txt", "van iemand anders");
    room.office.workspace.write("bestand", "geen map");
    fs::create_dir_all(room.office.workspace.path("leeg")).unwrap();
    for (url, code) in [
        ("\"letters\"", "archive-folder"),
        ("\"letters/archief\"", "archive-folder"),
        ("\"mailings\"", "archive-folder"),
        ("\"./Letters/archief\"", "archive-folder"),
        ("\"map/../letters\"", "archive-folder"),
        ("\"map/../letters/archief\"", "archive-folder"),
        ("\".\"", "archive-folder"),
        ("\"map/..\"", "archive-folder"),
        ("\"s3://emmer\"", "archive-folder"),
        ("\"map\"", "archive-folder-taken"),
        ("\"bestand\"", "archive-folder-taken"),
        ("\"bestand/archief\"", "archive-folder-taken"),
    ] {
        point(&room, url);
        for verb in [&["issue", LETTER][..], &["archive", "list"]] {
            let run = room.run(verb).exits(1);
            let place = format!("postkamer.toml:{}:", line(&room));
            assert!(run.err.contains(&format!("[{code}]")) && run.err.contains(&place), "{url} {verb:?}: {}", run.err);
        }
        assert!(!room.office.workspace.path("uitgaand").exists(), "{url}");
    }
    let root = room.office.workspace.path("").canonicalize().unwrap();
    for path in [root.clone(), root.join("letters"), root.parent().unwrap().to_path_buf()] {
        point(&room, &format!("{:?}", path.display().to_string()));
        let run = room.run(&["issue", LETTER]).exits(1);
        assert!(run.err.contains("[archive-folder"), "{path:?}: {}", run.err);
    }
    point(&room, "\"leeg\"");
    assert_eq!(room.office.issue(LETTER, &[])["kenmerk"], ID);
    is_valid_ocfl(&room.office.workspace.path("leeg"));
}

#[test]
fn an_archive_that_can_not_be_written_is_a_failure_outside_and_no_number_is_lost() {
    let room = Room::new();
    room.office.issue(LETTER, &[]);
    room.office.letter("letters/ander.md", "Een andere brief");
    // Rights keep no administrator out, as which tests may run; a file in the way does.
    let beside = room.office.workspace.path(".archief-in-bewerking");
    fs::remove_dir_all(&beside).expect("versions are made beside the archive");
    fs::write(&beside, "in de weg").unwrap();
    let run = room.run(&["issue", "letters/ander.md"]).exits(3);
    assert!(run.err.contains(".archief-in-bewerking"), "{}", run.err);
    fs::remove_file(&beside).unwrap();
    assert_eq!(room.office.issue("letters/ander.md", &[])["kenmerk"], "D2023-02-000002");
    room.is_sound();
}
