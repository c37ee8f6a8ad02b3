//! Reading from an object, and finding the objects that there are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::archive::digest::sha512;
use crate::archive::disk::{self, Kind};
use crate::archive::inventory::read::{self, Broken};
use crate::archive::inventory::{self, FILE, Inventory, MAX_INVENTORY, SIDECAR};
use crate::archive::layout;
use crate::archive::store::Store;
use crate::error::{Error, Finding, Result};

/// An object in the archive.
#[derive(Debug, Clone)]
pub struct Object {
    folder: PathBuf,
    inventory: Inventory,
}

/// A file of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its logical path.
    pub path: String,
    /// Where its bytes lie, from the object's folder.
    pub content: String,
    /// Its SHA-512, in lower-case hexadecimal.
    pub sha512: String,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

impl Store {
    /// An object by its identifier; none if the archive has no such object.
    ///
    /// # Errors
    /// `archive-inventory-broken` and `archive-inventory-changed` when what the object says of itself can't be relied
    /// on; [`Error::Outside`] when the system can't read it.
    pub fn object(&self, id: &str) -> Result<Option<Object>> {
        let folder = self.folder(id);
        match disk::kind(&folder)? {
            None => Ok(None),
            Some(Kind::Folder) => {
                let object = Object::open(&folder)?;
                let is_it = object.inventory.id() == id;
                if is_it { Ok(Some(object)) } else { Err(changed(&folder.join(FILE))) }
            }
            Some(_) => Err(Finding::error("archive-link").arg("path", folder.display()).into()),
        }
    }

    /// An object as it is at one of its versions, if a later one is there or on its way: the inventory of that version has
    /// this digest. None if there is no later one: what the object says of itself then is all there is.
    ///
    /// # Errors
    /// As [`Store::object`].
    pub fn object_at(&self, id: &str, version: i64, digest: &str) -> Result<Option<Object>> {
        let folder = self.folder(id);
        let later = folder.join(format!("v{}", version + 1));
        if disk::kind(&later)?.is_none() {
            return Ok(None);
        }
        let path = folder.join(format!("v{version}")).join(FILE);
        let inventory = read::read(&small(&path)?).map_err(|why| broken(&path, &why))?;
        let is_it = inventory.id() == id && inventory.digest() == digest;
        Ok(is_it.then_some(Object { folder, inventory }))
    }

    /// The folders of all objects, in the order of their names, found by walking; strange files and folders on the way are
    /// passed over, and links are not followed ([`crate::archive::fixity`] reports them).
    pub fn objects(&self) -> Objects {
        Objects { rest: vec![(self.root().to_path_buf(), 0)] }
    }
}

impl Object {
    /// The object in a folder.
    ///
    /// # Errors
    /// As [`Store::object`].
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let bytes = small(&path)?;
        let inventory = read::read(&bytes).map_err(|why| broken(&path, &why))?;
        let expected = inventory::sidecar(inventory.digest());
        // While the next version is moved in, the inventory is for a moment newer than the file with its digest.
        let own = folder.join(format!("v{}", inventory.head())).join(FILE);
        if small(&folder.join(SIDECAR))? != expected.as_bytes() && small(&own)? != bytes {
            return Err(changed(&path));
        }
        Ok(Self { folder: folder.to_path_buf(), inventory })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it holds.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The bytes of a file of a version, which are held against their digest.
    ///
    /// # Errors
    /// `archive-no-such-file` when the version has no such file, `archive-file-missing` or `archive-file-changed` when it
    /// is not what was archived; [`Error::Outside`] when the system can't read it.
    pub fn read(&self, logical: &str, version: u32) -> Result<Vec<u8>> {
        let digest = self.inventory.version(version).and_then(|it| it.files.get(logical));
        let place = digest.and_then(|digest| Some((digest, self.inventory.content(digest)?)));
        let (digest, content) = place.ok_or_else(|| {
            let missing = Finding::error("archive-no-such-file").arg("id", self.inventory.id());
            missing.arg("path", logical).arg("version", version)
        })?;
        let path = self.folder.join(content);
        self.size_of(content)?;
        let bytes = fs::read(&path).map_err(|cause| Error::io("read", &path, cause))?;
        if sha512(&bytes) != *digest {
            return Err(Finding::error("archive-file-changed").arg("path", path.display()).into());
        }
        Ok(bytes)
    }

    /// The files of a version, by their logical paths; none for a version that there isn't. Their bytes are not read.
    ///
    /// # Errors
    /// `archive-file-missing` when one is not there.
    pub fn files(&self, version: u32) -> Result<Vec<Stored>> {
        let files = self.inventory.version(version).into_iter().flat_map(|version| &version.files);
        let stored = files.map(|(path, sha512)| {
            let content = self.inventory.content(sha512).unwrap_or_default();
            Ok(Stored {
                path: path.clone(),
                content: content.to_string(),
                sha512: sha512.clone(),
                sha256: self.inventory.sha256(content).unwrap_or_default().to_string(),
                size: self.size_of(content)?,
            })
        });
        stored.collect()
    }

    /// The size of a file with bytes, which must be a file and no link to one.
    fn size_of(&self, content: &str) -> Result<u64> {
        let path = self.folder.join(content);
        let refuse = |code| Err(Finding::error(code).arg("path", path.display()).into());
        match disk::kind(&path)? {
            Some(Kind::File) => Ok(fs::symlink_metadata(&path).map_err(|cause| Error::io("read", &path, cause))?.len()),
            None => refuse("archive-file-missing"),
            Some(_) => refuse("archive-link"),
        }
    }
}

/// The folders of objects. See [`Store::objects`].
pub struct Objects {
    /// Folders still to be looked at, with their depth below the root; the next one last.
    rest: Vec<(PathBuf, usize)>,
}

impl Iterator for Objects {
    type Item = Result<PathBuf>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (folder, depth) = self.rest.pop()?;
            if depth > layout::TUPLES {
                return Some(Ok(folder));
            }
            let names = match disk::list(&folder) {
                Ok(names) => names,
                Err(cause) => return Some(Err(Error::io("read", &folder, cause))),
            };
            let is_way = |name: &str| depth == layout::TUPLES || layout::is_tuple(name);
            let below = names.iter().rev().filter(|(name, kind)| *kind == Kind::Folder && is_way(name));
            self.rest.extend(below.map(|(name, _)| (folder.join(name), depth + 1)));
        }
    }
}

/// A file that an object must have, which is never large.
pub(super) fn small(path: &Path) -> Result<Vec<u8>> {
    let refuse = |code| Err(Finding::error(code).arg("path", path.display()).into());
    match disk::kind(path)? {
        Some(Kind::File) => {}
        None => return refuse("archive-file-missing"),
        Some(_) => return refuse("archive-link"),
    }
    let mut bytes = Vec::new();
    disk::read_into(path, MAX_INVENTORY, &mut bytes).map_err(|cause| Error::io("read", path, cause))?;
    Ok(bytes)
}

/// The inventory at a path breaks a rule.
pub(super) fn broken(path: &Path, why: &Broken) -> Error {
    let finding = Finding::error("archive-inventory-broken").arg("path", path.display());
    finding.arg("rule", why.rule).arg("at", &why.at).into()
}

fn changed(path: &Path) -> Error {
    Finding::error("archive-inventory-changed").arg("path", path.display()).into()
}
