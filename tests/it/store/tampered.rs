//! What changes in the archive behind the register's back is found, and named.

use std::fs;
use std::path::Path;

use postkamer::archive::digest::sha512;
use postkamer::archive::fixity;

use super::{Shelf, code_of, judged};
use crate::support::files_below;

const ONE: &str = "D2023-02-000001";
const TWO: &str = "D2023-02-000002";

/// The faults after something was done to a filled shelf, files named from their object's folder; the first is asserted to
/// be found by a check of that object alone too.
fn after(change: &dyn Fn(&Shelf)) -> Vec<(&'static str, String)> {
    let shelf = Shelf::filled();
    shelf.is_whole();
    change(&shelf);
    let found = shelf.faults();
    for id in [ONE, TWO] {
        let alone: Vec<_> = fixity::check(&shelf.store, id, shelf.versions(id))
            .into_iter()
            .map(|fault| (fault.finding.code, fault.file.unwrap_or_default()))
            .collect();
        let place = shelf.store.folder(id).strip_prefix(shelf.root()).unwrap().display().to_string();
        for fault in found.iter().filter(|(code, file)| file.starts_with(&place) && *code != "archive-object-unknown") {
            assert!(alone.contains(fault), "{fault:?} is not in {alone:?}");
        }
    }
    let short = |file: String| {
        [ONE, TWO].iter().fold(file, |file, id| {
            let place = shelf.store.folder(id).strip_prefix(shelf.root()).unwrap().display().to_string();
            file.replace(&place, &id[14..])
        })
    };
    found.into_iter().map(|(code, file)| (code, short(file))).collect()
}

fn swap(one: &Path, other: &Path) {
    let between = one.with_extension("swapped");
    fs::rename(one, &between).unwrap();
    fs::rename(other, one).unwrap();
    fs::rename(between, other).unwrap();
}

#[test]
fn every_file_that_is_altered_cut_short_or_deleted_is_found() {
    let shelf = Shelf::filled();
    let files = files_below(shelf.root());
    assert_eq!(files.len(), 3 + 10 + 7);
    for file in files {
        let path = file.strip_prefix(shelf.root()).unwrap().display().to_string();
        let is_layout = path == "ocfl_layout.json" || path.starts_with("extensions");
        let bytes = fs::read(&file).unwrap();
        let mut altered = bytes.clone();
        altered[bytes.len() / 2] ^= 1;
        for changed in [altered, bytes[..bytes.len() - 1].to_vec(), [&bytes[..], b" "].concat(), Vec::new()] {
            // Of the layout's description and settings only the meaning counts.
            if is_layout && serde_json::from_slice::<serde_json::Value>(&changed).is_ok() {
                continue;
            }
            fs::write(&file, changed).unwrap();
            let found = shelf.faults();
            assert!(
                found.iter().any(|(code, at)| *at == path || is_layout && *code == "archive-other-layout"),
                "{path}: {found:?}"
            );
        }
        fs::remove_file(&file).unwrap();
        let found = shelf.faults();
        // Without one of these it is not known for an archive at all.
        let whole = ["archive-folder-taken", "archive-other-layout"];
        assert!(found.iter().any(|(code, at)| *at == path || whole.contains(code)), "{path}: {found:?}");
        fs::write(&file, bytes).unwrap();
        shelf.is_whole();
    }
}

#[test]
fn faults_are_named() {
    let found = after(&|shelf| fs::write(shelf.of(ONE, "v1/content/brief.pdf"), "forged").unwrap());
    assert_eq!(found, [("archive-file-changed", "1/v1/content/brief.pdf".into())]);
    let found = after(&|shelf| fs::remove_file(shelf.of(ONE, "v2/content/brief.pdf")).unwrap());
    assert_eq!(found[0].0, "archive-empty-folder");
    assert_eq!(found[1], ("archive-file-missing", "1/v2/content/brief.pdf".into()));
    for extra in ["x", "v1/x", "v1/content/x", "v2/content/bijlagen/x", "v3/inventory.json", "logs/x"] {
        let found = after(&|shelf| {
            let path = shelf.of(ONE, extra);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        });
        let top = if extra.starts_with("v3") || extra.starts_with("logs") {
            &extra[..extra.find('/').unwrap()]
        } else {
            extra
        };
        assert_eq!(found, [("archive-file-extra", format!("1/{top}"))]);
    }
    let found = after(&|shelf| swap(&shelf.of(ONE, "v1/content/brief.pdf"), &shelf.of(TWO, "v1/content/brief.pdf")));
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|(code, _)| *code == "archive-file-changed"));
    let found = after(&|shelf| fs::remove_dir_all(shelf.of(ONE, "v1/content")).unwrap());
    assert_eq!(found.iter().filter(|(code, _)| *code == "archive-file-missing").count(), 2, "{found:?}");
    let found = after(&|shelf| fs::remove_dir_all(shelf.of(ONE, "v2")).unwrap());
    assert_eq!(found[0], ("archive-file-missing", "1/v2".into()));
    let found = after(&|shelf| fs::create_dir(shelf.of(ONE, "v1/content/leeg")).unwrap());
    assert_eq!(found, [("archive-empty-folder", "1/v1/content/leeg".into())]);
}

/// Content, manifest, fixity, both inventories and both digests agree with each other, and other programs call it valid:
/// only the register knows better.
#[test]
fn an_inventory_that_was_rewritten_consistently_is_found() {
    let forge = |shelf: &Shelf| {
        let (old, new) = (sha512(b"two"), sha512(b"TWO"));
        let sha = [b"two", b"TWO"].map(|text| postkamer::archive::digest::sha256(text));
        let text = fs::read_to_string(shelf.of(TWO, "inventory.json")).unwrap();
        let text = text.replace(&old, &new).replace(&sha[0], &sha[1]);
        fs::write(shelf.of(TWO, "v1/content/brief.pdf"), "TWO").unwrap();
        for folder in ["", "v1/"] {
            fs::write(shelf.of(TWO, &format!("{folder}inventory.json")), &text).unwrap();
            let sidecar = format!("{}  inventory.json\n", sha512(text.as_bytes()));
            fs::write(shelf.of(TWO, &format!("{folder}inventory.json.sha512")), sidecar).unwrap();
        }
        judged(shelf.root(), true);
        assert_eq!(shelf.read(TWO, "brief.pdf", 1), "TWO");
    };
    let found = after(&forge);
    assert!(found.contains(&("archive-inventory-changed", "2/inventory.json".into())), "{found:?}");
    assert!(found.contains(&("archive-inventory-changed", "2/v1/inventory.json".into())), "{found:?}");
}

/// A version put back to the one before, consistently, down to the inventory.
#[test]
fn a_version_that_was_taken_away_is_found() {
    let found = after(&|shelf| {
        fs::remove_dir_all(shelf.of(ONE, "v2")).unwrap();
        for name in ["inventory.json", "inventory.json.sha512"] {
            fs::copy(shelf.of(ONE, "v1").join(name), shelf.of(ONE, name)).unwrap();
        }
        judged(shelf.root(), true);
    });
    assert!(found.contains(&("archive-file-missing", "1/v2".into())), "{found:?}");
    assert!(found.contains(&("archive-inventory-changed", "1/inventory.json".into())), "{found:?}");
}

#[test]
fn objects_that_were_moved_removed_or_added_are_found() {
    let found = after(&|shelf| swap(&shelf.of(ONE, ""), &shelf.of(TWO, "")));
    assert!(found.contains(&("archive-inventory-changed", "1/v1/inventory.json".into())), "{found:?}");
    assert!(found.contains(&("archive-inventory-changed", "2/v1/inventory.json".into())), "{found:?}");
    let found = after(&|shelf| {
        fs::create_dir_all(shelf.root().join("000/111/222")).unwrap();
        fs::rename(shelf.of(ONE, ""), shelf.root().join("000/111/222/moved")).unwrap();
    });
    assert!(found.contains(&("archive-object-unknown", "000/111/222/moved".into())), "{found:?}");
    assert!(found.contains(&("archive-object-missing", "1".into())), "{found:?}");
    assert!(found.iter().any(|(code, _)| *code == "archive-empty-folder"), "{found:?}");
    for stray in ["x", "000", "000/x", "xyz/a", "extensions/x", "ocfl_1.1.md"] {
        let found = after(&|shelf| {
            let path = shelf.root().join(stray);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        });
        let top = if stray.starts_with("xyz") { "xyz" } else { stray };
        assert_eq!(found, [("archive-file-extra", top.to_string())]);
    }
    let mut shelf = Shelf::filled();
    shelf.recorded.pop();
    let found = fixity::check_all(&shelf.store, &shelf.recorded, 2, &|_| {});
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].finding.code, found[0].id.as_deref()), ("archive-object-unknown", Some(TWO)));
    assert_eq!(fixity::check(&shelf.store, TWO, &[]).len(), 1);
}

#[cfg(unix)]
#[test]
fn links_are_refused_and_not_followed() {
    use std::os::unix::fs::symlink;
    // Each leads to the very file or folder that was there.
    for path in
        ["inventory.json", "inventory.json.sha512", "v1/content/brief.pdf", "v1/inventory.json", "v1/content", "v1", ""]
    {
        let found = after(&|shelf| {
            let (place, away) = (shelf.of(ONE, path), shelf.folder.path().join("away"));
            let place = if path.is_empty() { shelf.store.folder(ONE) } else { place };
            fs::rename(&place, &away).unwrap();
            symlink(away, place).unwrap();
            if !path.is_empty() && !path.contains("v1") {
                assert_eq!(code_of(shelf.store.object(ONE)), "archive-link");
            }
            if path == "v1/content/brief.pdf" {
                let object = shelf.store.object(ONE).unwrap().unwrap();
                assert_eq!(code_of(object.read("brief.pdf", 1)), "archive-link");
            }
        });
        let place = if path.is_empty() { "1".to_string() } else { format!("1/{path}") };
        assert!(found.contains(&("archive-link", place)), "{path}: {found:?}");
    }
    let found = after(&|shelf| {
        let tuple = shelf.of(ONE, "").parent().unwrap().to_path_buf();
        fs::rename(&tuple, shelf.folder.path().join("away")).unwrap();
        symlink(shelf.folder.path().join("away"), tuple).unwrap();
    });
    assert!(found.iter().any(|(code, _)| *code == "archive-link"), "{found:?}");
    assert!(found.iter().any(|(code, _)| *code == "archive-object-missing"), "{found:?}");
}

/// A pipe would be waited for without end, if it were opened.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened() {
    for path in ["inventory.json", "v1/inventory.json", "v1/content/brief.pdf", "0=ocfl_object_1.1"] {
        let found = after(&|shelf| {
            fs::remove_file(shelf.of(ONE, path)).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(shelf.of(ONE, path)).status().unwrap().success());
            if path == "inventory.json" {
                assert_eq!(code_of(shelf.store.object(ONE)), "archive-link");
            }
        });
        assert!(found.contains(&("archive-file-extra", format!("1/{path}"))), "{found:?}");
    }
}
