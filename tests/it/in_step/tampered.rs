//! Every file of the archive altered, taken away or replaced: `archive verify` says which it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use postkamer::archive::digest::{sha256, sha512};
use postkamer::archive::layout::folder_of;

use super::{House, copy_folder, text};
use crate::support::files_below;
use crate::support::postgres::Backend;

/// A workspace with a letter of each kind in its archive.
struct Scene {
    house: House,
    /// Issued, signed, scanned, with two versions, received.
    ids: Vec<String>,
}

impl Scene {
    fn new() -> Option<Self> {
        let house = House::new(Backend { name: "sqlite", url: "sqlite:register.db".into() })?;
        let files = &house.office.workspace;
        files.write("letters/nota.txt", "een nota");
        house.office.letter("letters/met.md", "Met bijlage");
        files.change("letters/met.md", "sjabloon", "bijlagen = [\"nota.txt\"]\nsjabloon");
        let issued = text(&house.office.issue("letters/met.md", &[])["kenmerk"]);
        let signed = house.issue("getekend");
        house.sign_file(&signed, "getekend.pdf");
        house.run(&["archive", "add", "getekend.pdf"]).exits(0);
        let scanned = house.issue("gescand");
        files.write("scan.jpg", b"\xff\xd8\xff a scan");
        house.run(&["archive", "add", "scan.jpg", "--scan", "--id", &scanned]).exits(0);
        let twice = house.issue("tweemaal");
        files.change("letters/tweemaal.md", "uit.", "van harte uit.");
        house.office.issue("letters/tweemaal.md", &["--nieuwe-versie"]);
        files.write("advies.txt", "een advies");
        let received = house.receive("advies.txt").exits(0).out.trim().to_string();
        house.is_clean("before anything is touched");
        Some(Self { house, ids: vec![issued, signed, scanned, twice, received] })
    }

    fn folder(&self, id: &str) -> PathBuf {
        self.house.archive().join(folder_of(id))
    }

    /// The letter in whose folder a path lies.
    fn owner(&self, place: &str) -> Option<&String> {
        self.ids.iter().find(|id| place.starts_with(&folder_of(id)))
    }

    /// A path from the archive's folder.
    fn place(&self, path: &Path) -> String {
        path.strip_prefix(self.house.archive()).expect("it lies there").display().to_string()
    }

    /// Asserts that the archive's verify names a place, with its letter, and so does the verify of that letter alone.
    #[track_caller]
    fn names(&self, place: &str, what: &str) {
        let found = self.house.found(&["archive", "verify"]);
        let Some(id) = self.owner(place) else {
            let name = place.rsplit('/').next().unwrap_or_default();
            // Without the files of its root it is no archive that can be opened: that is said, with its folder.
            let is_named = |(_, file, words): &(_, String, String)| file.contains(name) || words.contains("archief");
            return assert!(found.iter().any(is_named), "{place} {what}: {found:?}");
        };
        let is_named = |(of, file, _): &(String, String, _)| of == id && file == place;
        assert!(found.iter().any(is_named), "{place} {what}: {found:?}");
        assert!(found.iter().all(|(of, ..)| of == id), "{place} {what}: {found:?}");
        let found = self.house.found(&["archive", "verify", id]);
        assert!(found.iter().any(is_named), "{place} {what}, of {id} alone: {found:?}");
        let other = self.ids.iter().find(|other| *other != id).expect("another");
        assert_eq!(self.house.found(&["archive", "verify", other]), [], "{place} {what}, of {other}");
    }
}

#[test]
fn no_file_can_be_touched_unseen() {
    let Some(scene) = Scene::new() else { return };
    let files = files_below(&scene.house.archive());
    assert!(files.len() > 100, "{}", files.len());
    let elsewhere = scene.house.path("elders");
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for path in &files {
        let place = scene.place(path);
        // The files that a letter is typeset from are many, and alike.
        if let Some((_, kind)) = place.split_once("/content/bron/templates/") {
            let seen = kinds.entry(kind.into()).or_default();
            *seen += 1;
            if *seen > 1 {
                continue;
            }
        }
        let bytes = std::fs::read(path).unwrap();
        let mut altered = bytes.clone();
        let middle = altered.len() / 2;
        altered[middle] ^= 1;
        std::fs::write(path, &altered).unwrap();
        scene.names(&place, "altered");
        std::fs::write(path, "").unwrap();
        scene.names(&place, "emptied");
        std::fs::remove_file(path).unwrap();
        scene.names(&place, "taken away");
        std::fs::write(&elsewhere, &bytes).unwrap();
        std::os::unix::fs::symlink(&elsewhere, path).unwrap();
        scene.names(&place, "replaced by a link to the same bytes");
        std::fs::remove_file(path).unwrap();
        std::fs::write(path, &bytes).unwrap();
    }
    scene.house.is_clean("all put back");
}

#[test]
fn nothing_can_be_put_in_unseen() {
    let Some(scene) = Scene::new() else { return };
    let archive = scene.house.archive();
    let mut folders: Vec<PathBuf> = Vec::new();
    for file in files_below(&archive) {
        let ways = file.ancestors().skip(1).take_while(|way| way.starts_with(&archive));
        folders.extend(ways.map(Path::to_path_buf));
    }
    folders.sort();
    folders.dedup();
    for folder in folders {
        for name in ["Thumbs.db", ".verborgen", "nieuw.pdf"] {
            let path = folder.join(name);
            std::fs::write(&path, "x").unwrap();
            let place = scene.place(&path);
            let found = scene.house.found(&["archive", "verify"]);
            assert!(found.iter().any(|(_, file, _)| *file == place), "{place}: {found:?}");
            std::fs::remove_file(&path).unwrap();
        }
        let path = folder.join("leeg");
        std::fs::create_dir(&path).unwrap();
        let place = scene.place(&path);
        let found = scene.house.found(&["archive", "verify"]);
        assert!(found.iter().any(|(_, file, _)| *file == place), "{place}: {found:?}");
        std::fs::remove_dir(&path).unwrap();
    }
    scene.house.is_clean("all taken away");
}

#[test]
fn nothing_can_be_swapped_unseen() {
    let Some(scene) = Scene::new() else { return };
    let [issued, signed, _, twice, _] = &scene.ids[..] else { panic!() };
    let away = scene.house.path("elders");
    let swap = |one: &Path, other: &Path| {
        std::fs::rename(one, &away).unwrap();
        std::fs::rename(other, one).unwrap();
        std::fs::rename(&away, other).unwrap();
    };
    let (first, second) = (scene.folder(issued), scene.folder(signed));
    for file in ["v1/content/brief.pdf", "v1/inventory.json", "inventory.json.sha512", "v1", ""] {
        let (one, other) = (first.join(file), second.join(file));
        swap(&one, &other);
        let found = scene.house.found(&["archive", "verify"]);
        for (id, path) in [(issued, &one), (signed, &other)] {
            let place = scene.place(path).trim_end_matches('/').to_string();
            let is_named = |(of, at, _): &(String, String, _)| of == id && at.starts_with(&place);
            assert!(found.iter().any(is_named), "{place}: {found:?}");
        }
        swap(&one, &other);
        scene.house.is_clean("swapped back");
    }
    // Two versions of one letter.
    let folder = scene.folder(twice);
    swap(&folder.join("v1"), &folder.join("v2"));
    let found = scene.house.found(&["archive", "verify", twice]);
    for version in ["v1/inventory.json", "v2/inventory.json"] {
        assert!(found.iter().any(|(_, file, _)| file.ends_with(version)), "{found:?}");
    }
    swap(&folder.join("v1"), &folder.join("v2"));
    scene.house.is_clean("swapped back");
}

#[test]
fn a_copy_under_another_name_is_found() {
    let Some(scene) = Scene::new() else { return };
    let [issued, ..] = &scene.ids[..] else { panic!() };
    for other in ["D2023-02-999999", "iets anders"] {
        let copy = scene.folder(other);
        copy_folder(&scene.folder(issued), &copy);
        let found = scene.house.found(&["archive", "verify"]);
        assert!(found.iter().any(|(_, file, _)| *file == folder_of(other)), "{other}: {found:?}");
        std::fs::remove_dir_all(scene.house.archive().join(folder_of(other).split('/').next().unwrap())).unwrap();
    }
    // In a folder that no name gives.
    let copy = scene.house.archive().join("abc/def/012/X");
    copy_folder(&scene.folder(issued), &copy);
    let found = scene.house.found(&["archive", "verify"]);
    assert!(found.iter().any(|(_, file, _)| file == "abc/def/012/X"), "{found:?}");
    std::fs::remove_dir_all(scene.house.archive().join("abc")).unwrap();
    scene.house.is_clean("copies taken away");
}

/// An attacker who knows OCFL changes a letter and all that the archive says of it.
#[test]
fn an_object_that_is_rewritten_consistently_is_found() {
    let Some(scene) = Scene::new() else { return };
    for id in &scene.ids[..2] {
        let folder = scene.folder(id);
        let (kept, head) = (scene.house.path("kept"), if *id == scene.ids[0] { "v1" } else { "v2" });
        copy_folder(&folder, &kept);
        let letter = folder.join(head).join("content/brief.pdf");
        let before = std::fs::read(&letter).unwrap();
        let after = [&before[..], b"\n"].concat();
        std::fs::write(&letter, &after).unwrap();
        let inventory = std::fs::read_to_string(folder.join("inventory.json")).unwrap();
        assert!(inventory.contains(&sha512(&before)) && inventory.contains(&sha256(&before)));
        let inventory = inventory.replace(&sha512(&before), &sha512(&after)).replace(&sha256(&before), &sha256(&after));
        for place in [folder.clone(), folder.join(head)] {
            std::fs::write(place.join("inventory.json"), &inventory).unwrap();
            let sidecar = format!("{} inventory.json\n", sha512(inventory.as_bytes()));
            std::fs::write(place.join("inventory.json.sha512"), sidecar).unwrap();
        }
        // By the rules of OCFL it is sound.
        crate::store::judged(&scene.house.archive(), true);
        let found = scene.house.found(&["archive", "verify"]);
        assert!(found.iter().any(|(of, file, _)| of == id && file.ends_with("/inventory.json")), "{found:?}");
        assert!(!scene.house.found(&["archive", "verify", id]).is_empty());
        for refused in [&["archive", "show", id.as_str()][..], &["archive", "get", id, "-o", "uit.pdf"]] {
            assert_eq!(scene.house.office.refusal(refused), "archive-object-changed");
        }
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::rename(&kept, &folder).unwrap();
    }
    scene.house.is_clean("put back");
}

#[test]
fn an_older_copy_of_the_archive_is_found() {
    let Some(scene) = Scene::new() else { return };
    let (archive, backup) = (scene.house.archive(), scene.house.path("reservekopie"));
    copy_folder(&archive, &backup);
    // A new letter, and a new version of an old one.
    let later = scene.house.issue("later");
    scene.house.run(&["archive", "add", "scan.jpg", "--scan", "--id", &scene.ids[0]]).exits(0);
    let newest = scene.house.path("nieuwste");
    std::fs::rename(&archive, &newest).unwrap();
    std::fs::rename(&backup, &archive).unwrap();
    let found = scene.house.found(&["archive", "verify"]);
    for id in [&later, &scene.ids[0]] {
        assert!(found.iter().any(|(of, ..)| of == id), "{id}: {found:?}");
    }
    assert!(found.iter().all(|(of, ..)| [&later, &scene.ids[0]].contains(&of)), "{found:?}");
    assert_eq!(scene.house.found(&["register", "verify"]), []);
    std::fs::remove_dir_all(&archive).unwrap();
    std::fs::rename(&newest, &archive).unwrap();
    scene.house.is_clean("put back");
}

#[test]
fn files_that_people_use_are_held_against_the_register() {
    let Some(scene) = Scene::new() else { return };
    let folders = ["uitgaand", "inkomend"].map(|folder| scene.house.path(folder));
    let files: Vec<_> = folders.iter().flat_map(|folder| files_below(folder)).collect();
    assert!(files.len() >= 7, "{files:?}");
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&bytes[..], b"x"].concat()).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = scene.house.found(&["register", "verify"]);
        assert!(found.iter().any(|(_, _, words)| words.contains(&name)), "{name}: {found:?}");
        assert_eq!(scene.house.found(&["archive", "verify"]), [], "the archive is whole");
        std::fs::write(&path, bytes).unwrap();
    }
    scene.house.is_clean("put back");
}
