//! The inventory of an object: which versions it has, which files each holds, and which bytes those are.
//!
//! It is written once for every version and never changed after. The register records its digest, so that everything the
//! inventory says, and with it every file of the object, is proven by that one digest.

pub mod read;
mod unique;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::archive::digest::sha512;
use crate::archive::stage::Content;

/// The largest inventory that is read, in bytes.
pub const MAX_INVENTORY: u64 = 16 << 20;

/// The file of an inventory.
pub const FILE: &str = "inventory.json";

/// The file with its digest.
pub const SIDECAR: &str = "inventory.json.sha512";

/// The folder of a version's files, in the version's folder.
pub const CONTENT: &str = "content";

/// What `type` says (OCFL 1.1, 3.5.1).
const TYPE: &str = "https://ocfl.io/1.1/spec/#inventory";

/// An inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    id: String,
    versions: Vec<Version>,
    /// Every path with bytes of its own, from the object's folder, by the SHA-512 of its bytes.
    manifest: BTreeMap<String, BTreeSet<String>>,
    /// The SHA-256 of every path of the manifest.
    sha256: BTreeMap<String, String>,
    digest: String,
}

/// A version of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it was made.
    pub created: DateTime<Utc>,
    /// What it is.
    pub message: Option<String>,
    /// Who made it.
    pub user: Option<User>,
    /// The SHA-512 of every file, by its logical path.
    pub files: BTreeMap<String, String>,
}

/// Who made a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// A name.
    pub name: String,
    /// An address, as a URI.
    pub address: Option<String>,
}

/// What a version's metadata says.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What the version is, such as `vastgesteld`.
    pub message: &'a str,
    /// The name of whoever made it.
    pub user: &'a str,
    /// Their address, as a URI such as `mailto:…`.
    pub address: Option<&'a str>,
    /// When it was made; kept to the second.
    pub created: DateTime<Utc>,
}

impl Inventory {
    /// The identifier of the object.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The number of the newest version, from 1.
    pub fn head(&self) -> u32 {
        u32::try_from(self.versions.len()).unwrap_or(u32::MAX)
    }

    /// A version by its number, from 1.
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The versions from the first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// SHA-512 of the inventory's own bytes.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// A path, from the object's folder, that holds the bytes with this SHA-512.
    pub fn content(&self, sha512: &str) -> Option<&str> {
        self.manifest.get(sha512)?.iter().next().map(String::as_str)
    }

    /// Every path with bytes of its own, from the object's folder, with the SHA-512 of its bytes.
    pub fn contents(&self) -> impl Iterator<Item = (&str, &str)> {
        let paths = |(digest, paths)| {
            let (digest, paths): (&String, &BTreeSet<String>) = (digest, paths);
            paths.iter().map(|path| (path.as_str(), digest.as_str()))
        };
        self.manifest.iter().flat_map(paths)
    }

    /// The SHA-256 of a path of the manifest.
    pub fn sha256(&self, content: &str) -> Option<&str> {
        self.sha256.get(content).map(String::as_str)
    }

    /// The inventory with one more version, and its bytes. `contents` are all files of the new version; those whose
    /// bytes the object does not hold yet are to be written where [`Inventory::content`] says.
    pub(super) fn next(id: &str, base: Option<&Self>, contents: &[Content], facts: Facts) -> (Self, String) {
        let empty = Self {
            id: id.into(),
            versions: vec![],
            manifest: <_>::default(),
            sha256: <_>::default(),
            digest: <_>::default(),
        };
        let mut next = base.cloned().unwrap_or(empty);
        let number = next.head().saturating_add(1);
        for Content { path, bytes } in contents {
            if !next.manifest.contains_key(bytes.sha512()) {
                let content = format!("v{number}/{CONTENT}/{path}");
                next.sha256.insert(content.clone(), bytes.sha256().into());
                next.manifest.insert(bytes.sha512().into(), BTreeSet::from([content]));
            }
        }
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_string());
        next.versions.push(Version {
            created: DateTime::from_timestamp(facts.created.timestamp(), 0).unwrap_or(facts.created),
            message: optional(facts.message),
            user: optional(facts.user).map(|name| User { name, address: facts.address.and_then(optional) }),
            files: contents.iter().map(|content| (content.path.clone(), content.bytes.sha512().into())).collect(),
        });
        let text = next.text();
        next.digest = sha512(text.as_bytes());
        (next, text)
    }

    /// What the inventory's file holds: the same for the same inventory.
    fn text(&self) -> String {
        let mut fixity: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, digest) in &self.sha256 {
            fixity.entry(digest).or_default().push(path);
        }
        let versions = (1..).zip(&self.versions).map(|(number, version)| {
            let mut state: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (path, digest) in &version.files {
                state.entry(digest).or_default().push(path);
            }
            let user = version.user.as_ref();
            let user = user.map(|user| UserOut { name: &user.name, address: user.address.as_deref() });
            let created = version.created.to_rfc3339_opts(SecondsFormat::Secs, true);
            (Number(number), VersionOut { created, message: version.message.as_deref(), user, state })
        });
        let out = Out {
            id: &self.id,
            kind: TYPE,
            digest_algorithm: "sha512",
            head: format!("v{}", self.head()),
            content_directory: CONTENT,
            manifest: &self.manifest,
            versions: versions.collect(),
            fixity: BTreeMap::from([("sha256", fixity)]),
        };
        // Texts, lists and maps by text: there is nothing in it that JSON can't hold.
        serde_json::to_string_pretty(&out).unwrap_or_default() + "\n"
    }
}

/// What the file beside an inventory holds (OCFL 1.1, 3.7).
pub fn sidecar(digest: &str) -> String {
    format!("{digest}  {FILE}\n")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Out<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    digest_algorithm: &'a str,
    head: String,
    content_directory: &'a str,
    manifest: &'a BTreeMap<String, BTreeSet<String>>,
    /// In the order of their numbers, which is not that of their names.
    versions: BTreeMap<Number, VersionOut<'a>>,
    fixity: BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a str>>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Number(u32);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("v{}", self.0))
    }
}

#[derive(Serialize)]
struct VersionOut<'a> {
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserOut<'a>>,
    state: BTreeMap<&'a str, Vec<&'a str>>,
}

#[derive(Serialize)]
struct UserOut<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
}
