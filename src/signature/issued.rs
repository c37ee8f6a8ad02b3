//! Whether a signed letter is still the letter that was issued.

use std::collections::BTreeSet;

use crate::error::Finding;
use crate::signature::changes::changes;
use crate::signature::pdf::{Document, Id, signatures};

/// Holds a file against the bytes that were issued: it must begin with exactly those, and what follows may add signatures
/// only. Every signer saw the letter as issued: the revision of each signature is compared, not just the last one, or a
/// letter could be changed, signed, and changed back. The notes tell of changes that are allowed and worth knowing.
///
/// # Errors
/// What is not as issued, or why the file can't be read in one way only.
pub fn unchanged(file: &[u8], issued: &[u8]) -> Result<Vec<Finding>, Finding> {
    if !file.starts_with(issued) {
        return Err(Finding::error("not-as-issued"));
    }
    let document = Document::read(file)?;
    // Where the issued file lacked its last line end, the program that appended has added it.
    let ends = |end: usize| end.checked_sub(issued.len()).is_some_and(|more| more <= 2);
    let revisions = document.revisions();
    let first = revisions.iter().position(|revision| ends(revision.bytes.end));
    let first = first.ok_or_else(|| Finding::error("not-as-issued"))?;
    let last = revisions.len().saturating_sub(1);
    let mut compared: BTreeSet<usize> = signatures(&document)?.iter().map(|signature| signature.revision).collect();
    // After the last signature nothing comes but what proves it: a field that waits is for who is still to sign.
    let signed = compared.last().copied().unwrap_or(last);
    let known: BTreeSet<Id> = document.at(signed).fields()?.into_iter().map(|field| field.id).collect();
    if let Some(added) = document.last().fields()?.into_iter().find(|field| !known.contains(&field.id)) {
        return Err(Finding::error("change-field").arg("name", added.name));
    }
    compared.insert(last);
    let mut notes = document.notes().to_vec();
    for revision in compared.into_iter().filter(|revision| *revision > first) {
        for note in changes(&document, first, revision)? {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    Ok(notes)
}
