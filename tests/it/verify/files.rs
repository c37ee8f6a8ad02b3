//! Files that are not what was recorded.

use postkamer::register::files::Role;
use serde_json::json;

use super::Scene;
use crate::filled::{file, write};

/// Something done to the files of a workspace.
type Deed = fn(&Scene);

const PATH: &str = "uitgaand/2023/D2023-02-000001.pdf";

#[test]
fn a_file_that_was_changed_or_removed_is_found() {
    let changed: [(&str, Deed); 4] = [
        ("verify-file-changed", |scene| scene.workspace.write(PATH, b"%PDF het ontwoord")),
        ("verify-file-changed", |scene| scene.workspace.write(PATH, b"")),
        ("verify-file-missing", |scene| std::fs::remove_file(scene.workspace.path(PATH)).unwrap()),
        ("verify-file-unreadable", |scene| {
            std::fs::remove_file(scene.workspace.path(PATH)).unwrap();
            std::fs::create_dir(scene.workspace.path(PATH)).unwrap();
        }),
    ];
    for (code, change) in changed {
        let mut scene = Scene::sqlite();
        change(&scene);
        assert_eq!(scene.found(), [(code.to_string(), "file".into(), "D2023-02-000001 1 0".into())]);
        let json = scene.workspace.run(&["register", "verify", "--json"]).exits(1).json();
        assert_eq!(json["fouten"][0]["id"], "D2023-02-000001");
        assert!(json["fouten"][0]["reden"].as_str().unwrap().contains(PATH), "{json}");
    }
}

#[test]
fn a_file_that_two_letters_claim_or_that_lies_outside_is_found() {
    for (path, code) in [(PATH, "verify-file-twice"), ("../elders.pdf", "verify-file-outside")] {
        let mut scene = Scene::sqlite();
        let mut record = file(&scene.workspace, b"%PDF het antwoord", 1, Role::Letter, 0, PATH);
        record.path = path.into();
        write(&mut scene.register, |journal| {
            record.insert(journal.tx, "D2023-02-000004")?;
            journal.note("D2023-02-000004", "gecorrigeerd", &json!({}))
        });
        assert_eq!(scene.found(), [(code.to_string(), "file".into(), "D2023-02-000004 1 0".into())]);
    }
}

#[test]
fn files_of_a_version_in_the_making_are_not_looked_for_and_those_of_another_id_are() {
    let mut scene = Scene::sqlite();
    let record = file(&scene.workspace, b"x", 1, Role::Letter, 0, "uitgaand/2023/D2023-02-000002.pdf");
    write(&mut scene.register, |journal| {
        record.insert(journal.tx, "D2023-02-000002")?;
        journal.note("D2023-02-000002", "gecorrigeerd", &json!({}))?;
        let mut entry = postkamer::register::entry::Entry::get(journal.tx, "D2023-02-000001")?;
        entry.workspace = "elders".into();
        entry.update(journal.tx)?;
        journal.note("D2023-02-000001", "gecorrigeerd", &json!({}))
    });
    for path in ["uitgaand/2023/D2023-02-000002.pdf", PATH] {
        std::fs::remove_file(scene.workspace.path(path)).unwrap();
    }
    // A register that is a file is that of one workspace, whatever id it had.
    assert_eq!(scene.found(), [("verify-file-missing".to_string(), "file".into(), "D2023-02-000001 1 0".into())]);
}

#[test]
fn a_digest_by_an_unknown_algorithm_is_no_digest_that_holds() {
    let mut scene = Scene::sqlite();
    let mut record = file(&scene.workspace, b"x", 1, Role::Letter, 0, "uitgaand/2023/D2023-02-000004.pdf");
    record.algorithm = "rot13".into();
    write(&mut scene.register, |journal| {
        record.insert(journal.tx, "D2023-02-000004")?;
        journal.note("D2023-02-000004", "gecorrigeerd", &json!({}))
    });
    assert_eq!(scene.found()[0].0, "verify-file-algorithm");
}
