//! One object's folder, held against what the register recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Fault, RecordedVersion, fault, stray, unreadable};
use crate::archive::digest::{sha512, sha512_of_file};
use crate::archive::disk::{self, Kind};
use crate::archive::inventory::{self, CONTENT, FILE, Inventory, MAX_INVENTORY, SIDECAR, read};
use crate::archive::stage::DECLARATION;

/// Bytes that are read from a file at a time.
const PIECE: usize = 256 << 10;

/// What checks objects one after another, with the same buffers.
pub(super) struct Check<'a> {
    root: &'a Path,
    buffer: Vec<u8>,
    /// The inventory of a version, and the one beside the versions.
    texts: [Vec<u8>; 2],
    faults: Vec<Fault>,
    /// Names in the object that are not what they must be, such as links: they are never opened.
    barred: BTreeSet<String>,
}

/// The object that is being checked.
struct Subject<'a> {
    id: &'a str,
    /// Its folder, from the root.
    place: &'a str,
    folder: PathBuf,
}

impl Subject<'_> {
    fn place(&self, path: &str) -> String {
        format!("{}/{path}", self.place)
    }
}

impl<'a> Check<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, buffer: vec![0; PIECE], texts: Default::default(), faults: Vec::new(), barred: BTreeSet::new() }
    }

    /// Checks the object `id` in the folder `place`, which is there; `recorded` has at least one version.
    pub(super) fn object(&mut self, id: &str, place: &str, recorded: &[RecordedVersion]) -> Vec<Fault> {
        let subject = Subject { id, place, folder: self.root.join(place) };
        self.barred.clear();
        let mut recorded: Vec<&RecordedVersion> = recorded.iter().collect();
        recorded.sort_by_key(|version| version.version);
        self.shape(&subject, &recorded);
        self.small(&subject, DECLARATION.0, DECLARATION.1.as_bytes());
        let mut trusted = None;
        for version in &recorded {
            let is_head = recorded.last().is_some_and(|head| head.version == version.version);
            trusted = self.version(&subject, version, is_head).or(trusted);
        }
        self.contents(&subject, &recorded, trusted.as_ref());
        let mut faults = std::mem::take(&mut self.faults);
        faults.sort_by(|one, other| one.file.cmp(&other.file));
        faults
    }

    fn report(&mut self, code: &'static str, subject: &Subject, path: &str) {
        self.faults.push(fault(code, Some(subject.id), &subject.place(path)));
    }

    fn unreadable(&mut self, subject: &Subject, path: &str, cause: &std::io::Error) {
        // What is not there is reported where the folder is listed, or its version is.
        if cause.kind() != std::io::ErrorKind::NotFound {
            self.faults.push(unreadable(Some(subject.id), &subject.place(path), cause));
        }
    }

    /// Lists a folder, and reports what may not or must be in it; the names that may and are.
    fn names(&mut self, subject: &Subject, path: &str, expected: &[(&str, Kind)], must: usize) -> Vec<String> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let names = match disk::list(&subject.folder.join(path)) {
            Ok(names) => names,
            Err(cause) => {
                self.unreadable(subject, path, &cause);
                return Vec::new();
            }
        };
        for (name, _) in expected.iter().take(must) {
            if !names.iter().any(|(found, _)| found == name) {
                self.report("archive-file-missing", subject, &format!("{prefix}{name}"));
            }
        }
        let mut found = Vec::new();
        for (name, kind) in names {
            if expected.contains(&(name.as_str(), kind)) {
                found.push(name);
            } else {
                let path = format!("{prefix}{name}");
                self.faults.push(stray(kind, Some(subject.id), &subject.place(&path)));
                self.barred.insert(path);
            }
        }
        found
    }

    /// The object's folder and those of its versions hold what they must, and nothing else (OCFL 1.1, 3.1 and 3.4).
    fn shape(&mut self, subject: &Subject, recorded: &[&RecordedVersion]) {
        let versions: Vec<String> = recorded.iter().map(|version| format!("v{}", version.version)).collect();
        let own = [DECLARATION.0, FILE, SIDECAR].map(|name| (name, Kind::File));
        let expected: Vec<_> =
            own.into_iter().chain(versions.iter().map(|name| (name.as_str(), Kind::Folder))).collect();
        let found = self.names(subject, "", &expected, expected.len());
        let in_version = [(FILE, Kind::File), (SIDECAR, Kind::File), (CONTENT, Kind::Folder)];
        for version in versions.iter().filter(|version| found.contains(version)) {
            self.names(subject, version, &in_version, 2);
        }
    }

    /// Whether a path is barred, or a folder on the way to it.
    fn is_barred(&self, path: &str) -> bool {
        let ways = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ways.filter_map(|end| path.get(..end)).any(|way| self.barred.contains(way))
    }

    /// Reads a small file into one of the buffers.
    fn read(&mut self, subject: &Subject, path: &str, at: usize) -> bool {
        let is_barred = self.is_barred(path);
        let Some(text) = self.texts.get_mut(at).filter(|_| !is_barred) else { return false };
        match disk::read_into(&subject.folder.join(path), MAX_INVENTORY, text) {
            Ok(()) => true,
            Err(cause) => {
                self.unreadable(subject, path, &cause);
                false
            }
        }
    }

    /// A small file holds just this.
    fn small(&mut self, subject: &Subject, path: &str, expected: &[u8]) {
        if self.read(subject, path, 1) && self.texts[1] != expected {
            self.report("archive-file-changed", subject, path);
        }
    }

    /// The inventory of a version is the recorded one. The one beside the versions is that of the newest; either proves
    /// the object's files.
    fn version(&mut self, subject: &Subject, recorded: &RecordedVersion, is_head: bool) -> Option<Inventory> {
        let folder = format!("v{}", recorded.version);
        let path = format!("{folder}/{FILE}");
        let digest = recorded.inventory_sha512.to_ascii_lowercase();
        let is_read = self.read(subject, &path, 0);
        let is_recorded = is_read && sha512(&self.texts[0]) == digest;
        if is_read && !is_recorded {
            self.report("archive-inventory-changed", subject, &path);
        }
        let sidecar = inventory::sidecar(&digest);
        self.small(subject, &format!("{folder}/{SIDECAR}"), sidecar.as_bytes());
        if !is_head {
            return if is_recorded { self.parse(subject, &path, 0, recorded.version) } else { None };
        }
        self.small(subject, SIDECAR, sidecar.as_bytes());
        let is_read = self.read(subject, FILE, 1);
        let is_same =
            is_read && if is_recorded { self.texts[0] == self.texts[1] } else { sha512(&self.texts[1]) == digest };
        if is_read && !is_same {
            self.report("archive-inventory-changed", subject, FILE);
        }
        match (is_recorded, is_same) {
            (true, _) => self.parse(subject, &path, 0, recorded.version),
            (false, true) => self.parse(subject, FILE, 1, recorded.version),
            (false, false) => None,
        }
    }

    fn parse(&mut self, subject: &Subject, path: &str, at: usize, version: u32) -> Option<Inventory> {
        match read::read(self.texts.get(at)?) {
            Ok(read) if read.id() == subject.id && read.head() == version => Some(read),
            Ok(_) => {
                self.report("archive-inventory-changed", subject, path);
                None
            }
            Err(why) => {
                let mut broken = fault("archive-inventory-broken", Some(subject.id), &subject.place(path));
                broken.finding = broken.finding.arg("rule", why.rule).arg("at", why.at);
                self.faults.push(broken);
                None
            }
        }
    }

    /// Every file is one that the inventory lists and has its digest, and every one that it lists is there.
    fn contents(&mut self, subject: &Subject, recorded: &[&RecordedVersion], trusted: Option<&Inventory>) {
        // Without an inventory that can be trusted, nothing can be said of the files.
        let Some(inventory) = trusted else { return };
        let mut expected: BTreeMap<&str, &str> = inventory.contents().collect();
        for version in recorded.iter().take_while(|version| version.version <= inventory.head()) {
            let top = format!("v{}/{CONTENT}", version.version);
            if self.is_barred(&top) {
                // Reported already; its files are missing for as much as that is worth saying.
                expected.retain(|path, _| !path.starts_with(&format!("{top}/")));
                continue;
            }
            let mut folders = vec![top.clone()];
            while let Some(folder) = folders.pop() {
                let names = match disk::list(&subject.folder.join(&folder)) {
                    Ok(names) => names,
                    Err(cause) => {
                        self.unreadable(subject, &folder, &cause);
                        continue;
                    }
                };
                if names.is_empty() {
                    self.report("archive-empty-folder", subject, &folder);
                }
                for (name, kind) in names {
                    let path = format!("{folder}/{name}");
                    match kind {
                        Kind::Folder => folders.push(path),
                        Kind::File => match expected.remove(path.as_str()) {
                            Some(digest) => self.content(subject, &path, digest),
                            None => self.report("archive-file-extra", subject, &path),
                        },
                        Kind::Link | Kind::Other => {
                            expected.remove(path.as_str());
                            self.faults.push(stray(kind, Some(subject.id), &subject.place(&path)));
                        }
                    }
                }
            }
        }
        for path in expected.into_keys() {
            self.report("archive-file-missing", subject, path);
        }
    }

    fn content(&mut self, subject: &Subject, path: &str, digest: &str) {
        match sha512_of_file(&subject.folder.join(path), &mut self.buffer) {
            Ok(found) if found == digest => {}
            Ok(_) => self.report("archive-file-changed", subject, path),
            Err(cause) => self.faults.push(unreadable(Some(subject.id), &subject.place(path), &cause)),
        }
    }
}
