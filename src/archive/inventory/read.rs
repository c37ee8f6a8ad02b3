//! Reading an inventory, strictly: whatever breaks a rule of OCFL is refused, and nothing is guessed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::unique::Unique;
use super::{CONTENT, Inventory, MAX_INVENTORY, TYPE, User, Version};
use crate::archive::digest::sha512;
use crate::archive::paths;

/// Why an inventory is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The code of the rule, from OCFL's list of validation codes (<https://ocfl.io/1.1/spec/validation-codes.html>).
    pub rule: &'static str,
    /// The place of it: a line and column, a key, a path or a digest.
    pub at: String,
}

/// Reads an inventory.
///
/// # Errors
/// The first rule that it breaks.
pub fn read(bytes: &[u8]) -> Result<Inventory, Broken> {
    if bytes.len() as u64 > MAX_INVENTORY {
        return Err(broken("E034", "16 MiB"));
    }
    let raw: Raw = serde_json::from_slice(bytes).map_err(|error| {
        broken(if error.is_data() { "E033" } else { "E034" }, format!("{}:{}", error.line(), error.column()))
    })?;
    let head = whole(&raw)?;
    let mut manifest: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (digest, content) in raw.manifest.0 {
        let digest = hexadecimal(&digest, 128).ok_or_else(|| broken("E025", &digest))?;
        let all = content.len();
        let content: BTreeSet<_> = content.into_iter().collect();
        if content.is_empty() || content.len() < all {
            return Err(broken("E101", digest));
        }
        if let Some(path) = content.iter().find(|path| !is_content(path, head)) {
            return Err(broken("E099", path));
        }
        if manifest.contains_key(&digest) {
            return Err(broken("E096", digest));
        }
        manifest.insert(digest, content);
    }
    if paths::collide(manifest.values().flatten().map(String::as_str)) {
        return Err(broken("E101", "manifest"));
    }
    let versions = versions(raw.versions.0, head, &manifest)?;
    let used: HashSet<&str> = versions.iter().flat_map(|version| version.files.values().map(String::as_str)).collect();
    if let Some(unused) = manifest.keys().find(|digest| !used.contains(digest.as_str())) {
        return Err(broken("E107", unused));
    }
    let sha256 = fixity(raw.fixity.0, &manifest)?;
    Ok(Inventory { id: raw.id, versions, manifest, sha256, digest: sha512(bytes) })
}

/// Checks what an inventory says of itself; the number of its newest version.
fn whole(raw: &Raw) -> Result<u32, Broken> {
    if raw.id.is_empty() {
        return Err(broken("E037", "id"));
    }
    if raw.kind != TYPE {
        return Err(broken("E038", "type"));
    }
    if raw.digest_algorithm != "sha512" {
        return Err(broken("E025", "digestAlgorithm"));
    }
    // OCFL leaves this name free; this archive does not.
    if raw.content_directory.as_deref().is_some_and(|name| name != CONTENT) {
        return Err(broken("E017", "contentDirectory"));
    }
    let head = number(&raw.head).ok_or_else(|| broken("E040", "head"))?;
    if u32::try_from(raw.versions.0.len()) != Ok(head) {
        return Err(broken("E044", "versions"));
    }
    Ok(head)
}

fn versions(
    mut raw: BTreeMap<String, RawVersion>,
    head: u32,
    manifest: &BTreeMap<String, BTreeSet<String>>,
) -> Result<Vec<Version>, Broken> {
    let mut versions = Vec::new();
    for number in 1..=head {
        let name = format!("v{number}");
        let version = raw.remove(&name).ok_or_else(|| broken("E044", &name))?;
        let created = DateTime::parse_from_rfc3339(&version.created).map_err(|_| broken("E049", &name))?;
        let mut files = BTreeMap::new();
        let mut digests = HashSet::new();
        for (digest, logical) in version.state.0 {
            let digest = hexadecimal(&digest, 128).filter(|digest| manifest.contains_key(digest));
            let digest = digest.ok_or_else(|| broken("E050", &name))?;
            if logical.is_empty() || !digests.insert(digest.clone()) {
                return Err(broken("E050", &name));
            }
            for path in logical {
                if !paths::is_fine(&path) {
                    return Err(broken("E052", path));
                }
                if files.contains_key(&path) {
                    return Err(broken("E095", path));
                }
                files.insert(path, digest.clone());
            }
        }
        if paths::collide(files.keys().map(String::as_str)) {
            return Err(broken("E095", name));
        }
        let user = version.user.map(|user| User { name: user.name, address: user.address });
        if user.as_ref().is_some_and(|user| user.name.is_empty()) {
            return Err(broken("E054", name));
        }
        versions.push(Version { created: created.with_timezone(&Utc), message: version.message, user, files });
    }
    Ok(versions)
}

/// The SHA-256 of every path; digests by other algorithms are held against the rules and left out.
fn fixity(
    raw: BTreeMap<String, Unique<Vec<String>>>,
    manifest: &BTreeMap<String, BTreeSet<String>>,
) -> Result<BTreeMap<String, String>, Broken> {
    let known: HashSet<&str> = manifest.values().flatten().map(String::as_str).collect();
    let mut sha256 = BTreeMap::new();
    for (algorithm, digests) in raw {
        let length = if algorithm == "sha256" { 64 } else { 0 };
        let mut seen = HashSet::new();
        for (digest, paths) in digests.0 {
            let digest = hexadecimal(&digest, length).ok_or_else(|| broken("E057", &digest))?;
            for path in paths {
                if !known.contains(path.as_str()) || !seen.insert(path.clone()) {
                    return Err(broken("E057", path));
                }
                if algorithm == "sha256" {
                    sha256.insert(path, digest.clone());
                }
            }
        }
    }
    // OCFL asks for no SHA-256; the register knows files by it.
    match known.iter().filter(|path| !sha256.contains_key(**path)).min() {
        Some(path) => Err(broken("E056", *path)),
        None => Ok(sha256),
    }
}

/// The number of a version's name, without zeros before it (OCFL 1.1, 3.5.3, as this archive writes it).
pub fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('v')?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|number| is_plain && *number > 0)
}

/// Whether a path is that of a file of a version that there is.
fn is_content(path: &str, head: u32) -> bool {
    let mut parts = path.splitn(3, '/');
    let version = parts.next().and_then(number);
    version.is_some_and(|number| number <= head)
        && parts.next() == Some(CONTENT)
        && parts.next().is_some_and(paths::is_fine)
}

/// A digest in lower case, if it has so many digits; any number of them for a length of 0.
fn hexadecimal(digest: &str, length: usize) -> Option<String> {
    let is_right = !digest.is_empty() && (length == 0 || digest.len() == length);
    (is_right && digest.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| digest.to_ascii_lowercase())
}

/// The place is cut short and rid of control characters: it comes from the file.
fn broken(rule: &'static str, at: impl AsRef<str>) -> Broken {
    Broken { rule, at: at.as_ref().chars().filter(|c| !c.is_control()).take(100).collect() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Raw {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    digest_algorithm: String,
    head: String,
    #[serde(default, deserialize_with = "there")]
    content_directory: Option<String>,
    manifest: Unique<Vec<String>>,
    versions: Unique<RawVersion>,
    fixity: Unique<Unique<Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVersion {
    created: String,
    state: Unique<Vec<String>>,
    #[serde(default, deserialize_with = "there")]
    message: Option<String>,
    #[serde(default, deserialize_with = "there")]
    user: Option<RawUser>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUser {
    name: String,
    #[serde(default, deserialize_with = "there")]
    address: Option<String>,
}

/// What may be absent may still not be `null`.
fn there<'de, D: Deserializer<'de>, V: Deserialize<'de>>(deserializer: D) -> Result<Option<V>, D::Error> {
    V::deserialize(deserializer).map(Some)
}
