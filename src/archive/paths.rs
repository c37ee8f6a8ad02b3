//! The names of files in an object: relative, with `/` between their parts, and sayable on every file system.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Finding, Result};

/// The longest name of a file or folder, in bytes, that file systems hold.
const LONGEST_PART: usize = 255;

/// The longest path in an object, in bytes.
const LONGEST_PATH: usize = 1024;

/// Whether a path can name a file in an object (OCFL 1.1, 3.5.3.1: no empty parts, no `.` and `..`, not absolute); stricter
/// than OCFL in that backslashes, control characters and what no file system holds are no part of a name.
pub fn is_fine(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && !path.chars().any(|c| c.is_control() || c == '\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= LONGEST_PART)
}

/// Whether one of the paths is also a folder on the way to another, which no file system can hold (OCFL 1.1, E095 and
/// E101).
pub fn collide<'a>(paths: impl Iterator<Item = &'a str>) -> bool {
    // With `/` before every other character, what lies in a folder comes right after its name.
    let key = |path: &'a str| path.bytes().map(|byte| if byte == b'/' { 0 } else { byte });
    let mut sorted: Vec<&str> = paths.collect();
    sorted.sort_unstable_by(|one, other| key(one).cmp(key(other)));
    let mut next = sorted.iter().skip(1);
    sorted.iter().any(|path| {
        next.next()
            .and_then(|next| next.strip_prefix(path))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Refuses paths of a version that no archive can hold, or not beside each other.
///
/// # Errors
/// `archive-path-refused` and `archive-path-twice`: names that differ in case or in how their accents are written are the
/// same file on some file systems.
pub fn check<'a>(paths: impl Iterator<Item = &'a str> + Clone) -> Result<()> {
    let mut findings = Vec::new();
    let mut folded = BTreeSet::new();
    for path in paths {
        if !is_fine(path) {
            let shown: String = path.chars().filter(|c| !c.is_control()).take(200).collect();
            findings.push(Finding::error("archive-path-refused").arg("path", shown));
        } else if !folded.insert(fold(path)) {
            findings.push(Finding::error("archive-path-twice").arg("path", path));
        }
    }
    let in_way = folded.iter().find(|path| {
        let folder = format!("{path}/");
        folded.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
    });
    findings.extend(in_way.map(|path| Finding::error("archive-path-twice").arg("path", path)));
    if findings.is_empty() { Ok(()) } else { Err(Error::Refused(findings)) }
}

/// What two names have in common that some file systems take for the same.
fn fold(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_and_plain() {
        for path in ["brief.pdf", "bijlagen/1 a.pdf", "a/b/c", "é", "...", "CON", "a.", "%2e"] {
            assert!(is_fine(path), "{path}");
        }
        let long = "x".repeat(256);
        for path in ["", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\nb", "a\0", &long] {
            assert!(!is_fine(path), "{path}");
        }
    }

    #[test]
    fn a_file_is_not_a_folder_too() {
        assert!(collide(["a", "b", "a/b"].into_iter()));
        assert!(collide(["a", "a!", "a/b/c", "a-b"].into_iter()));
        assert!(collide(["a", "a"].into_iter()));
        assert!(!collide(["a!", "a-b", "a/b", "a/c", "ab"].into_iter()));
    }

    #[test]
    fn names_that_some_file_system_takes_for_the_same_are_refused() {
        for two in [["a.pdf", "A.PDF"], ["\u{e9}", "e\u{301}"], ["A", "a/b"], ["x", "x"]] {
            assert!(check(two.into_iter()).is_err(), "{two:?}");
        }
        assert!(check(["a", "b/a", "b/c"].into_iter()).is_ok());
    }
}
