//! The folder of the archive: made, recognised, and never taken for what it is not.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value as Json;

use crate::archive::disk::{self, Kind};
use crate::archive::hold::Hold;
use crate::archive::layout::{self, EXTENSION};
use crate::archive::marks::Named;
use crate::error::{Error, Finding, Result};

/// The file that names a storage root, and what it holds (OCFL 1.1, 4.1).
pub(super) const DECLARATION: (&str, &str) = ("0=ocfl_1.1", "ocfl_1.1\n");

/// The file that names the layout.
pub(super) const LAYOUT: &str = "ocfl_layout.json";

/// The folder of the extensions' settings.
pub(super) const EXTENSIONS: &str = "extensions";

/// Where a change of the archive is, for whoever tries what an interruption leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A file of the new version is written where it is staged.
    Written,
    /// It says beside the archive which versions are about to be moved in, or in a recovery which are left to put right.
    Marked,
    /// There is one more folder on the way to the object.
    Way,
    /// The whole object, with its first version, is in its place.
    ObjectIn,
    /// The folder of the new version is in its place.
    VersionIn,
    /// The object's inventory is the new one, or in a recovery the one before.
    Inventory,
    /// So is the inventory's digest.
    Sidecar,
    /// A version or a whole object is out of the archive again, not yet deleted.
    Out,
    /// An empty folder on the way to an object is gone.
    WayGone,
    /// It is certain what became of versions, and a mark still says that they are about to be moved in.
    Certain,
    /// That mark is gone.
    Unmarked,
}

/// The archive's folder, and the folder beside it where versions are written before they are moved in.
///
/// Nothing here keeps two processes from changing an object at the same time: [`Store::commit`] and [`Store::recover`] are
/// called under the register's write lock.
pub struct Store {
    root: PathBuf,
    staging: PathBuf,
    /// The versions that this store moved in and that are not yet settled, by the marks that name them.
    pub(super) own: Mutex<Vec<Vec<Named>>>,
    step: Box<dyn Fn(Step) + Send + Sync>,
}

impl Store {
    /// The archive in a folder, which is made if it isn't there or is empty.
    ///
    /// # Errors
    /// `archive-folder-taken` when the folder holds something else, `archive-other-ocfl` and `archive-other-layout` when it
    /// is an archive of another kind, `archive-other-disk` when the folder beside it is on another file system;
    /// [`Error::Outside`] when the system can't.
    pub fn open(root: &Path) -> Result<Self> {
        if let Some(store) = Self::open_existing(root)? {
            store.check_disk()?;
            return Ok(store);
        }
        let store = Self::at(root)?;
        let parent = store.root.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(|cause| Error::io("write", parent, cause))?;
        store.make()?;
        store.check()?;
        store.check_disk()?;
        Ok(store)
    }

    /// The archive in a folder, if there is one: none when the folder is absent or empty.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_existing(root: &Path) -> Result<Option<Self>> {
        let store = Self::at(root)?;
        if store.root.exists() && !store.root.is_dir() {
            return Err(store.refuse("archive-folder-taken").into());
        }
        if store.is_gone()? {
            return Ok(None);
        }
        store.check()?;
        Ok(Some(store))
    }

    /// The same store, which tells of every step of a change.
    pub fn watched(mut self, step: impl Fn(Step) + Send + Sync + 'static) -> Self {
        self.step = Box::new(step);
        self
    }

    /// Whether there is nothing where the archive should be.
    pub(super) fn is_gone(&self) -> Result<bool> {
        match fs::read_dir(&self.root).map(|mut entries| entries.next().is_none()) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(true),
            is_empty => is_empty.map_err(|cause| Error::io("read", &self.root, cause)),
        }
    }

    /// The archive's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder beside it, for what is not yet, or no longer, in the archive. It need not be there.
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// The folder of an object.
    pub fn folder(&self, id: &str) -> PathBuf {
        self.root.join(layout::folder_of(id))
    }

    pub(super) fn step(&self, step: Step) {
        (self.step)(step);
    }

    /// Deletes what ended processes left beside the archive, other than the marks that [`Store::unsettled`] lists.
    pub fn sweep(&self) {
        Hold::sweep(&self.staging);
    }

    /// The folder for what is being made, which is there after this.
    pub(super) fn staging_made(&self) -> Result<&Path> {
        disk::make_folder(&self.staging)?;
        Ok(&self.staging)
    }

    /// Nothing is read or made yet.
    pub(super) fn at(root: &Path) -> Result<Self> {
        let fail = |cause| Error::io("read", root, cause);
        // A link to the archive is followed, once: what is made beside it must be beside where it really is.
        let root = match root.canonicalize() {
            Ok(root) => root,
            Err(cause) if cause.kind() == ErrorKind::NotFound => std::path::absolute(root).map_err(fail)?,
            // A file stands where one of its folders should be.
            Err(cause) if cause.kind() == ErrorKind::NotADirectory => {
                return Err(Finding::error("archive-folder-taken").arg("path", root.display()).into());
            }
            Err(cause) => return Err(fail(cause)),
        };
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| Finding::error("archive-folder-taken").arg("path", root.display()))?;
        let staging = root.with_file_name(format!(".{name}-in-bewerking"));
        Ok(Self { root, staging, own: Mutex::default(), step: Box::new(|_| {}) })
    }

    /// Makes an empty archive beside its place and moves it there.
    fn make(&self) -> Result<()> {
        let hold = Hold::new(self.staging_made()?)?;
        let made = hold.folder().join("archive");
        let extension = made.join(EXTENSIONS).join(EXTENSION);
        for folder in [&made, &made.join(EXTENSIONS), &extension] {
            disk::make_folder(folder)?;
        }
        disk::write_new(&made.join(DECLARATION.0), DECLARATION.1.as_bytes())?;
        disk::write_new(&made.join(LAYOUT), layout::layout_file().as_bytes())?;
        disk::write_new(&extension.join("config.json"), layout::config_file().as_bytes())?;
        disk::sync(&extension)?;
        disk::sync(&made)?;
        // On Unix the move takes the place of an empty folder; elsewhere it has to be gone first.
        if !cfg!(unix) {
            let _ = fs::remove_dir(&self.root);
        }
        match disk::move_in(&made, &self.root) {
            // Another process was first, and what it made is checked like any other.
            Err(_) if self.root.join(DECLARATION.0).exists() => Ok(()),
            moved => moved,
        }
    }

    fn refuse(&self, code: &'static str) -> Finding {
        Finding::error(code).arg("path", self.root.display())
    }

    /// Refuses a folder that is not an archive of this kind.
    pub(super) fn check(&self) -> Result<()> {
        let fail = |cause| Error::io("read", &self.root, cause);
        let names = disk::list(&self.root).map_err(fail)?;
        let declared: Vec<&str> = names
            .iter()
            .filter_map(|(name, _)| name.strip_prefix("0=ocfl_"))
            .filter(|of| !of.starts_with("object"))
            .collect();
        match declared.as_slice() {
            ["1.1"] => {}
            [] => return Err(self.refuse("archive-folder-taken").into()),
            [other, ..] => {
                let shown: String = other.chars().filter(|c| !c.is_control()).take(20).collect();
                return Err(self.refuse("archive-other-ocfl").arg("version", shown).into());
            }
        }
        let (named, settings) = (self.json(Path::new(LAYOUT))?, self.json(&config_path())?);
        let is_ours = named.is_some_and(|named| named["extension"] == EXTENSION)
            && settings.is_some_and(|settings| {
                settings["digestAlgorithm"] == "sha256"
                    && settings["tupleSize"] == layout::TUPLE
                    && settings["numberOfTuples"] == layout::TUPLES
            });
        if is_ours { Ok(()) } else { Err(self.refuse("archive-other-layout").into()) }
    }

    /// A small JSON file of the root; none when it isn't there, is a link, or is no JSON.
    fn json(&self, path: &Path) -> Result<Option<Json>> {
        const MOST: u64 = 64 << 10;
        let path = self.root.join(path);
        if disk::kind(&path)? != Some(Kind::File) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        disk::read_into(&path, MOST, &mut bytes).map_err(|cause| Error::io("read", &path, cause))?;
        Ok(serde_json::from_slice(&bytes).ok())
    }

    /// Refuses an archive that nothing can be moved into in one step.
    fn check_disk(&self) -> Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let disk = |path: &Path| {
                fs::metadata(path).map(|there| there.dev()).map_err(|cause| Error::io("read", path, cause))
            };
            if disk(&self.root)? != disk(self.staging_made()?)? {
                return Err(self.refuse("archive-other-disk").arg("staging", self.staging.display()).into());
            }
        }
        Ok(())
    }
}

/// The layout's settings, from the root.
pub(super) fn config_path() -> PathBuf {
    [EXTENSIONS, EXTENSION, "config.json"].iter().collect()
}
