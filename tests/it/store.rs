//! The archive's store: what goes in comes out, other programs read it, nothing is lost half-way, and nothing changes
//! unnoticed.

mod killed;
mod mutated;
mod names;
mod tampered;
mod together;

use std::path::{Path, PathBuf};

use chrono::DateTime;
use postkamer::archive::digest::sha256;
use postkamer::archive::fixity::{self, Recorded, RecordedVersion};
use postkamer::archive::inventory::Facts;
use postkamer::archive::stage::Content;
use postkamer::archive::store::Store;
use postkamer::error::Error;
use tempfile::TempDir;

use crate::outside;
use crate::support::files_below;

/// An archive of its own, and what a register would know of it.
struct Shelf {
    folder: TempDir,
    store: Store,
    recorded: Vec<Recorded>,
}

impl Shelf {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("archief")).expect("the archive is made");
        Self { folder, store, recorded: Vec::new() }
    }

    /// A shelf with two versions of one letter and one of another.
    fn filled() -> Self {
        let mut shelf = Self::new();
        shelf.put("D2023-02-000001", &[("brief.pdf", "one"), ("bijlagen/plan.pdf", "plan")]);
        shelf.put("D2023-02-000002", &[("brief.pdf", "two"), ("brief.xml", "facts")]);
        shelf.put("D2023-02-000001", &[("brief.pdf", "one, signed"), ("bijlagen/plan.pdf", "plan")]);
        shelf
    }

    fn root(&self) -> &Path {
        self.store.root()
    }

    /// The path of a file or folder of an object.
    fn of(&self, id: &str, path: &str) -> PathBuf {
        self.store.folder(id).join(path)
    }

    /// Archives the next version of an object.
    fn put(&mut self, id: &str, files: &[(&str, &str)]) -> u32 {
        let recorded = put(&self.store, id, files);
        let version = recorded.version;
        match self.recorded.iter_mut().find(|object| object.id == id) {
            Some(object) => object.versions.push(recorded),
            None => self.recorded.push(Recorded { id: id.into(), versions: vec![recorded] }),
        }
        version
    }

    fn versions(&self, id: &str) -> &[RecordedVersion] {
        self.recorded.iter().find(|object| object.id == id).map_or(&[], |object| &object.versions)
    }

    /// Every fault as its code and the file it is about; they are the same with any number of threads.
    fn faults(&self) -> Vec<(&'static str, String)> {
        let found = [1, 3].map(|threads| fixity::check_all(&self.store, &self.recorded, threads, &|_| {}));
        assert_eq!(found[0], found[1]);
        let [found, _] = found;
        found.into_iter().map(|fault| (fault.finding.code, fault.file.unwrap_or_default())).collect()
    }

    fn read(&self, id: &str, path: &str, version: u32) -> String {
        let object = self.store.object(id).expect("it is read").expect("it is there");
        String::from_utf8(object.read(path, version).expect("the file is whole")).expect("text")
    }

    #[track_caller]
    fn is_whole(&self) {
        assert_eq!(self.faults(), []);
        assert_eq!(self.store.unsettled().expect("marks are read"), []);
    }

    /// Nothing is left beside the archive.
    #[track_caller]
    fn is_swept(&self) {
        assert_eq!(files_below(self.store.staging()), Vec::<PathBuf>::new());
        assert_eq!(std::fs::read_dir(self.store.staging()).unwrap().count(), 0);
    }
}

fn facts() -> Facts<'static> {
    let created = DateTime::from_timestamp(1_676_977_200, 0).expect("a moment");
    Facts { message: "vastgesteld", user: "M. Bom", address: Some("mailto:bom@example.nl"), created }
}

fn contents(files: &[(&str, &str)]) -> Vec<Content> {
    files.iter().map(|(path, text)| Content { path: path.to_string(), bytes: text.as_bytes().into() }).collect()
}

/// Archives the next version of an object: what a register would record of it.
fn put(store: &Store, id: &str, files: &[(&str, &str)]) -> RecordedVersion {
    let base = store.object(id).expect("it is read");
    let base = base.as_ref().map(|object| object.inventory());
    let staged = store.stage(id, base, &contents(files), facts()).expect("it is staged");
    let recorded =
        RecordedVersion { version: staged.version(), inventory_sha512: staged.inventory_digest().to_string() };
    store.commit(staged).expect("it is moved in");
    store.settle(id).expect("it is settled");
    recorded
}

/// Two other programs call the archive valid, or both call it invalid.
#[track_caller]
pub fn judged(root: &Path, valid: bool) {
    let root = root.display().to_string();
    if let Some((is_valid, said)) = outside::judge("rocfl", &["-r", &root, "validate"]) {
        assert_eq!(is_valid, valid, "rocfl: {said}");
    }
    let arguments = ["validate", "--root", &root, "--validate-objects", "--check-digests"];
    if let Some((_, said)) = outside::judge("ocfl-root.py", &arguments) {
        // It exits with 0 whatever it finds.
        assert_eq!(said.contains("is VALID") && !said.contains("INVALID"), valid, "ocfl-py: {said}");
    }
}

fn code_of<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Refused(findings)) => findings[0].code,
        Err(other) => panic!("{other}"),
        Ok(_) => "",
    }
}

#[test]
fn versions_share_bytes_and_come_out_as_they_went_in() {
    let mut shelf = Shelf::new();
    let id = "D2023-02-002694";
    assert_eq!(shelf.put(id, &[("brief.pdf", "letter"), ("kopie.pdf", "letter"), ("bron/brief.md", "text")]), 1);
    assert_eq!(shelf.put(id, &[("brief.pdf", "signed"), ("onderteken/brief.pdf", "letter")]), 2);
    assert_eq!(shelf.put(id, &[("bron/brief.md", "text")]), 3);
    let folder = shelf.store.folder(id);
    let below = |folder: &Path| {
        let files = files_below(folder).into_iter();
        files.map(|file| file.strip_prefix(folder).unwrap().display().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(folder, shelf.root().join("4f5/810/936/D2023-02-002694"));
    assert_eq!(
        below(&folder),
        [
            "0=ocfl_object_1.1",
            "inventory.json",
            "inventory.json.sha512",
            "v1/content/brief.pdf",
            "v1/content/bron/brief.md",
            "v1/inventory.json",
            "v1/inventory.json.sha512",
            "v2/content/brief.pdf",
            "v2/inventory.json",
            "v2/inventory.json.sha512",
            "v3/inventory.json",
            "v3/inventory.json.sha512"
        ]
    );
    for (path, version, text) in [
        ("brief.pdf", 1, "letter"),
        ("kopie.pdf", 1, "letter"),
        ("brief.pdf", 2, "signed"),
        ("onderteken/brief.pdf", 2, "letter"),
        ("bron/brief.md", 3, "text"),
    ] {
        assert_eq!(shelf.read(id, path, version), text);
    }
    let object = shelf.store.object(id).unwrap().unwrap();
    assert_eq!(code_of(object.read("brief.pdf", 3)), "archive-no-such-file");
    assert_eq!(code_of(object.read("brief.pdf", 0)), "archive-no-such-file");
    let files = object.files(2).unwrap();
    let shown: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.content.as_str(), file.size)).collect();
    assert_eq!(shown, [("brief.pdf", "v2/content/brief.pdf", 6), ("onderteken/brief.pdf", "v1/content/brief.pdf", 6)]);
    assert_eq!(files[0].sha256, sha256(b"signed"));
    let version = object.inventory().version(1).unwrap();
    assert_eq!(version.message.as_deref(), Some("vastgesteld"));
    assert_eq!(version.user.as_ref().and_then(|user| user.address.as_deref()), Some("mailto:bom@example.nl"));
    assert_eq!(version.created, facts().created);
    shelf.is_whole();
    shelf.is_swept();
    judged(shelf.root(), true);
}

#[test]
fn the_same_versions_give_the_same_bytes() {
    let [one, other] = [Shelf::filled(), Shelf::filled()];
    let files = |shelf: &Shelf| {
        let root = shelf.root().to_path_buf();
        let all = files_below(&root).into_iter();
        all.map(|file| (file.strip_prefix(&root).unwrap().to_path_buf(), std::fs::read(&file).unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(files(&one), files(&other));
    assert_eq!(one.recorded, other.recorded);
}

#[test]
fn a_folder_that_is_no_archive_of_this_kind_is_refused() {
    let open = |prepare: &dyn Fn(&Path)| {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("archief");
        std::fs::create_dir(&root).unwrap();
        prepare(&root);
        let before = files_below(folder.path());
        let code = code_of(Store::open(&root));
        assert_eq!(code, code_of(Store::open_existing(&root)));
        assert!(code.is_empty() || files_below(folder.path()) == before, "something was changed");
        code
    };
    let write = |root: &Path, name: &str, text: &str| std::fs::write(root.join(name), text).unwrap();
    assert_eq!(open(&|_| {}), "");
    assert_eq!(open(&|root| write(root, "vakantie.jpg", "")), "archive-folder-taken");
    assert_eq!(
        open(&|root| {
            std::fs::remove_dir(root).unwrap();
            std::fs::write(root, "a file").unwrap();
        }),
        "archive-folder-taken"
    );
    for (version, code) in
        [("1.0", "archive-other-ocfl"), ("1.2", "archive-other-ocfl"), ("1.1", "archive-other-layout")]
    {
        assert_eq!(open(&|root| write(root, &format!("0=ocfl_{version}"), "")), code);
    }
    // An object is no archive.
    assert_eq!(open(&|root| write(root, "0=ocfl_object_1.1", "")), "archive-folder-taken");
    let made = |root: &Path| {
        std::fs::remove_dir(root).unwrap();
        drop(Store::open(root).unwrap());
    };
    assert_eq!(open(&made), "");
    assert_eq!(
        open(&|root| {
            made(root);
            let config = root.join("extensions/0003-hash-and-id-n-tuple-storage-layout/config.json");
            let text = std::fs::read_to_string(&config).unwrap();
            std::fs::write(config, text.replace("\"tupleSize\": 3", "\"tupleSize\": 2")).unwrap();
        }),
        "archive-other-layout"
    );
}

#[test]
fn an_archive_is_made_once_by_whoever_is_first() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("a/b/archief");
    assert!(Store::open_existing(&root).unwrap().is_none());
    assert!(!root.exists());
    std::thread::scope(|scope| {
        let openers: Vec<_> = (0..8).map(|_| scope.spawn(|| Store::open(&root).map(|_| ()))).collect();
        openers.into_iter().for_each(|opener| opener.join().unwrap().expect("every one of them has it"));
    });
    let store = Store::open_existing(&root).unwrap().expect("it is there");
    assert_eq!(std::fs::read_dir(store.staging()).unwrap().count(), 0);
    judged(&root, true);
}

#[test]
fn what_is_staged_is_gone_when_it_is_not_moved_in() {
    let mut shelf = Shelf::filled();
    let before = files_below(shelf.root());
    let staged = shelf.store.stage("D2023-02-000003", None, &contents(&[("a", "b")]), facts()).unwrap();
    assert!(!files_below(shelf.store.staging()).is_empty());
    // Another process sweeps.
    Store::open(shelf.root()).unwrap().sweep();
    let mut copies = vec![staged];
    copies.push(shelf.store.stage("D2023-02-000003", None, &contents(&[("a", "c")]), facts()).unwrap());
    assert_eq!(files_below(shelf.root()), before);
    shelf.store.commit(copies.remove(0)).expect("it was not swept");
    // The second was to be the first version too.
    assert_eq!(code_of(shelf.store.commit(copies.remove(0))), "archive-object-overtaken");
    shelf.store.recover("D2023-02-000003", 0).unwrap();
    shelf.is_whole();
    shelf.is_swept();
    shelf.put("D2023-02-000003", &[("a", "b")]);
    shelf.is_whole();
}

#[test]
fn a_version_follows_only_what_it_was_made_for() {
    let mut shelf = Shelf::filled();
    let id = "D2023-02-000001";
    let base = shelf.store.object(id).unwrap().unwrap();
    let late = shelf.store.stage(id, Some(base.inventory()), &contents(&[("a", "late")]), facts()).unwrap();
    shelf.put(id, &[("a", "in time")]);
    assert_eq!(code_of(shelf.store.commit(late)), "archive-object-overtaken");
    let other = shelf.store.stage("other", Some(base.inventory()), &contents(&[("a", "b")]), facts());
    assert_eq!(code_of(other), "archive-id-refused");
    assert_eq!(code_of(shelf.store.stage("empty", None, &[], facts())), "archive-version-empty");
    shelf.is_whole();
    shelf.is_swept();
}

/// A register that was put back from a backup knows less than the archive holds: that costs the archive nothing.
#[test]
fn only_what_was_not_settled_is_taken_out() {
    let shelf = Shelf::filled();
    let id = "D2023-02-000001";
    assert_eq!(code_of(shelf.store.recover(id, 1)), "archive-ahead");
    assert_eq!(code_of(shelf.store.recover(id, 0)), "archive-ahead");
    assert_eq!(code_of(shelf.store.recover(id, 3)), "archive-behind");
    assert_eq!(code_of(shelf.store.recover(id, 2)), "");
    let base = shelf.store.object(id).unwrap().unwrap();
    let third = shelf.store.stage(id, Some(base.inventory()), &contents(&[("a", "b")]), facts()).unwrap();
    shelf.store.commit(third).unwrap();
    assert_eq!(shelf.store.unsettled().unwrap(), [(id.to_string(), 3)]);
    assert_eq!(code_of(shelf.store.recover(id, 1)), "archive-ahead");
    assert_eq!(shelf.store.object(id).unwrap().unwrap().inventory().head(), 3);
    shelf.store.recover(id, 2).unwrap();
    shelf.is_whole();
    shelf.is_swept();
}

/// Another process recovers an object between the commit of the transaction and the word that it is settled, and begins
/// the next version: its mark stays.
#[test]
fn settling_takes_away_no_mark_of_another() {
    let shelf = Shelf::new();
    let (id, other) = ("D2023-02-000001", Store::open(shelf.root()).unwrap());
    let first = shelf.store.stage(id, None, &contents(&[("a", "b")]), facts()).unwrap();
    shelf.store.commit(first).unwrap();
    other.recover(id, 1).unwrap();
    let base = other.object(id).unwrap().unwrap();
    let second = other.stage(id, Some(base.inventory()), &contents(&[("a", "c")]), facts()).unwrap();
    other.commit(second).unwrap();
    shelf.store.settle(id).unwrap();
    assert_eq!(other.unsettled().unwrap(), [(id.to_string(), 2)]);
    other.settle(id).unwrap();
    assert_eq!(other.unsettled().unwrap(), []);
}

#[test]
fn objects_are_found_by_walking() {
    let shelf = Shelf::filled();
    std::fs::create_dir_all(shelf.root().join("xyz/000/000/a")).unwrap();
    std::fs::create_dir_all(shelf.root().join("000/000")).unwrap();
    std::fs::write(shelf.root().join("000/notes"), "").unwrap();
    let mut folders: Vec<_> = shelf.recorded.iter().map(|object| shelf.store.folder(&object.id)).collect();
    folders.sort();
    assert_eq!(shelf.store.objects().map(Result::unwrap).collect::<Vec<_>>(), folders);
}
