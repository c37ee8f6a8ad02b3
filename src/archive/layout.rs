//! Where an object lies: OCFL's extension `0003-hash-and-id-n-tuple-storage-layout`, with its defaults.
//!
//! `D2023-02-002694` lies in `4f5/810/936/D2023-02-002694`: three times three digits of the SHA-256 of its identifier, and
//! then the identifier itself, percent-encoded.

use crate::archive::digest::sha256;
use crate::error::{Finding, Result};

/// The extension's name.
pub const EXTENSION: &str = "0003-hash-and-id-n-tuple-storage-layout";

/// Digits in the name of a folder on the way to an object.
pub const TUPLE: usize = 3;

/// Folders on the way to an object.
pub const TUPLES: usize = 3;

/// The longest name of an object's folder, in characters, before it is cut off and ends in a digest.
const LONGEST_NAME: usize = 100;

/// The longest identifier, in bytes.
const LONGEST_ID: usize = 4096;

/// The file that says which layout a storage root has (OCFL 1.1, 4.1).
pub fn layout_file() -> String {
    let description = "Objects in folders by three times three digits of the SHA-256 of their identifier, then by the \
                       percent-encoded identifier";
    format!("{{\n  \"extension\": \"{EXTENSION}\",\n  \"description\": \"{description}\"\n}}\n")
}

/// The file with the layout's settings, in the extension's folder.
pub fn config_file() -> String {
    format!(
        "{{\n  \"extensionName\": \"{EXTENSION}\",\n  \"digestAlgorithm\": \"sha256\",\n  \"tupleSize\": {TUPLE},\n  \
         \"numberOfTuples\": {TUPLES}\n}}\n"
    )
}

/// The folder of an object, from the root, with `/` between its parts.
pub fn folder_of(id: &str) -> String {
    let digest = sha256(id.as_bytes());
    let mut folder = String::new();
    for tuple in 0..TUPLES {
        folder.push_str(digest.get(tuple * TUPLE..(tuple + 1) * TUPLE).unwrap_or_default());
        folder.push('/');
    }
    folder + &folder_name(id, &digest)
}

/// Whether a name is one of a folder on the way to objects.
pub fn is_tuple(name: &str) -> bool {
    name.len() == TUPLE && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name of an object's own folder.
fn folder_name(id: &str, digest: &str) -> String {
    let mut name = String::new();
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    match name.get(..LONGEST_NAME) {
        Some(start) if name.len() > LONGEST_NAME => format!("{start}-{digest}"),
        _ => name,
    }
}

/// Refuses an identifier that no object can have.
///
/// # Errors
/// `archive-id-refused` for one that is empty, holds a control character or is longer than 4096 bytes.
pub fn check_id(id: &str) -> Result<()> {
    if id.is_empty() || id.len() > LONGEST_ID || id.chars().any(char::is_control) {
        let shown: String = id.chars().filter(|c| !c.is_control()).take(80).collect();
        return Err(Finding::error("archive-id-refused").arg("id", shown).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the extension's own text, section "Example 1".
    #[test]
    fn the_examples_of_the_extension() {
        assert_eq!(folder_of("object-01"), "3c0/ff4/240/object-01");
        assert_eq!(folder_of("..hor/rib:le-$id"), "487/326/d8c/%2e%2ehor%2frib%3ale-%24id");
        let long = "Wow".to_string() + &"0123456789".repeat(12);
        let digest = sha256(long.as_bytes());
        let name = folder_of(&long).rsplit('/').next().unwrap().to_string();
        assert_eq!(name, format!("{}-{digest}", &long[..100]));
        assert_eq!(folder_of("D2023-02-002694"), "4f5/810/936/D2023-02-002694");
    }

    #[test]
    fn a_name_of_a_hundred_characters_stays_whole() {
        let hundred = "a".repeat(100);
        assert!(folder_of(&hundred).ends_with(&format!("/{hundred}")));
        assert!(folder_of(&(hundred.clone() + "a")).contains(&format!("/{hundred}-")));
        // Cut off within the code of one character, as the extension has it.
        assert!(folder_of(&("a".repeat(99) + "é")).contains(&format!("/{}%-", "a".repeat(99))));
    }

    #[test]
    fn identifiers_that_no_object_can_have() {
        for id in ["", "a\nb", "a\u{85}", &"x".repeat(4097)] {
            assert!(check_id(id).is_err(), "{id:?}");
        }
        for id in ["CON", "..", "2021/0266135", "é%20\"", &"x".repeat(4096)] {
            assert!(check_id(id).is_ok(), "{id:?}");
        }
    }
}
