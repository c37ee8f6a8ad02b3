//! The whole archive, held against what the register recorded.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use super::folder::Check;
use super::{Fault, Recorded, fault, missing, stray, unknown, unreadable};
use crate::archive::disk::{self, Kind};
use crate::archive::inventory::{FILE, MAX_INVENTORY, read};
use crate::archive::layout::{self, EXTENSION, TUPLES};
use crate::archive::store::{DECLARATION, EXTENSIONS, LAYOUT, Store, config_path};
use crate::error::Finding;

/// What the threads share.
struct Walk<'a> {
    store: &'a Store,
    recorded: &'a [Recorded],
    /// Where in `recorded` the object of a folder stands.
    places: HashMap<String, usize>,
    seen: Vec<AtomicBool>,
    done: AtomicU64,
    progress: &'a (dyn Fn(u64) + Sync),
}

/// Holds the whole archive against what the register recorded: every object, and everything else that lies in its folder.
/// `threads` objects are read at once; `progress` hears how many objects are done. The faults are in the order of their
/// files, whatever the number of threads.
pub fn check_all(store: &Store, recorded: &[Recorded], threads: usize, progress: &(dyn Fn(u64) + Sync)) -> Vec<Fault> {
    let walk = Walk {
        store,
        recorded,
        places: recorded.iter().enumerate().map(|(at, object)| (layout::folder_of(&object.id), at)).collect(),
        seen: recorded.iter().map(|_| AtomicBool::new(false)).collect(),
        done: AtomicU64::new(0),
        progress,
    };
    let mut faults = Vec::new();
    let ways = walk.root(&mut faults);
    let found = Mutex::new(faults);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, 64) {
            scope.spawn(|| {
                let mut check = Check::new(store.root());
                let mut faults = Vec::new();
                while let Some(way) = ways.get(next.fetch_add(1, Ordering::Relaxed)) {
                    walk.way(way, &mut check, &mut faults);
                }
                found.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).append(&mut faults);
            });
        }
    });
    let mut faults = found.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    let unseen = recorded.iter().zip(&walk.seen).filter(|(object, seen)| {
        // What the register knows no version of need not be there.
        !seen.load(Ordering::Relaxed) && !object.versions.is_empty()
    });
    faults.extend(unseen.map(|(object, _)| missing(&object.id, &layout::folder_of(&object.id))));
    faults.sort_by(|one, other| (&one.file, one.finding.code).cmp(&(&other.file, other.finding.code)));
    faults
}

impl Walk<'_> {
    /// Checks what lies in the root itself; the first folders on the way to objects.
    fn root(&self, faults: &mut Vec<Fault>) -> Vec<String> {
        // That it is gone is said by every object that is missing.
        if self.store.is_gone().unwrap_or_default() {
            let finding = Finding::error("archive-gone").arg("path", self.store.root().display());
            faults.push(Fault { id: None, file: None, finding });
            return Vec::new();
        }
        if let Err(error) = self.store.check() {
            faults.extend(Vec::<Fault>::from(error));
        }
        let mut ways = Vec::new();
        for (name, kind) in self.list("", faults) {
            match (name.as_str(), kind) {
                (_, Kind::Folder) if layout::is_tuple(&name) => ways.push(name),
                (EXTENSIONS, Kind::Folder) => {}
                (name, Kind::File) if name == LAYOUT => self.holds(name, &layout::layout_file(), faults),
                (name, Kind::File) if name == DECLARATION.0 => self.holds(name, DECLARATION.1, faults),
                _ => faults.push(stray(kind, None, &name)),
            }
        }
        let extension = format!("{EXTENSIONS}/{EXTENSION}");
        for (folder, expected) in
            [(EXTENSIONS, (EXTENSION, Kind::Folder)), (extension.as_str(), ("config.json", Kind::File))]
        {
            let names = self.list(folder, faults);
            let strays = names.into_iter().filter(|(name, kind)| (name.as_str(), *kind) != expected);
            faults.extend(strays.map(|(name, kind)| stray(kind, None, &format!("{folder}/{name}"))));
        }
        self.holds(&config_path().display().to_string(), &layout::config_file(), faults);
        ways
    }

    /// A file of the root holds just what it did when the archive was made; whether it is there is checked elsewhere.
    fn holds(&self, name: &str, expected: &str, faults: &mut Vec<Fault>) {
        let (path, mut bytes) = (self.store.root().join(name), Vec::new());
        if !matches!(disk::kind(&path), Ok(Some(Kind::File))) {
            return;
        }
        match disk::read_into(&path, expected.len() as u64, &mut bytes) {
            Ok(()) if bytes == expected.as_bytes() => {}
            Ok(()) => faults.push(fault("archive-file-changed", None, name)),
            Err(cause) => faults.push(unreadable(None, name, &cause)),
        }
    }

    /// Checks the objects in a folder on the way to them.
    fn way(&self, first: &str, check: &mut Check, faults: &mut Vec<Fault>) {
        let mut rest = vec![(first.to_string(), 1)];
        while let Some((folder, depth)) = rest.pop() {
            for (name, kind) in self.list(&folder, faults) {
                let place = format!("{folder}/{name}");
                match kind {
                    Kind::Folder if depth == TUPLES => self.object(&place, check, faults),
                    Kind::Folder if layout::is_tuple(&name) => rest.push((place, depth + 1)),
                    _ => faults.push(stray(kind, None, &place)),
                }
            }
        }
    }

    fn object(&self, place: &str, check: &mut Check, faults: &mut Vec<Fault>) {
        let known = self.places.get(place).and_then(|at| Some((self.recorded.get(*at)?, self.seen.get(*at)?)));
        match known {
            Some((object, seen)) if !object.versions.is_empty() => {
                seen.store(true, Ordering::Relaxed);
                faults.extend(check.object(&object.id, place, &object.versions));
                (self.progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1);
            }
            _ => faults.push(unknown(says(&self.store.root().join(place)).as_deref(), place)),
        }
    }

    /// A folder's names; none of one that is empty or can't be read, which is reported.
    fn list(&self, folder: &str, faults: &mut Vec<Fault>) -> Vec<(String, Kind)> {
        match disk::list(&self.store.root().join(folder)) {
            Ok(names) => {
                if names.is_empty() {
                    faults.push(fault("archive-empty-folder", None, folder));
                }
                names
            }
            Err(cause) => {
                faults.push(unreadable(None, folder, &cause));
                Vec::new()
            }
        }
    }
}

/// What is left, under the register's lock, of a fault that was found at a place without it: another process may have been
/// making the way to an object, or taking one out.
pub fn again(store: &Store, fault: &Fault) -> Again {
    let Some(place) = &fault.file else { return Again::Stands };
    let path = store.root().join(place);
    match (fault.finding.code, disk::list(&path)) {
        (_, Err(cause)) if cause.kind() == std::io::ErrorKind::NotFound => Again::Gone,
        ("archive-empty-folder", Ok(names)) if !names.is_empty() => Again::Gone,
        ("archive-object-unknown", _) => match says(&path).filter(|id| layout::folder_of(id) == *place) {
            Some(id) => Again::Object(id),
            None => Again::Stands,
        },
        _ => Again::Stands,
    }
}

/// What is left of a fault. See [`again`].
pub enum Again {
    /// It is there still.
    Stands,
    /// It is there no more.
    Gone,
    /// It is about this object, which is to be held against what the register recorded.
    Object(String),
}

/// Which object a folder says it is.
fn says(folder: &Path) -> Option<String> {
    let path = folder.join(FILE);
    if disk::kind(&path).ok()? != Some(Kind::File) {
        return None;
    }
    let mut bytes = Vec::new();
    disk::read_into(&path, MAX_INVENTORY, &mut bytes).ok()?;
    let id = read::read(&bytes).ok()?.id().to_string();
    layout::check_id(&id).is_ok().then_some(id)
}
