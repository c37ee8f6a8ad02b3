//! The signatures of a document: where each stands and what it says it covers.

use std::ops::Range;

use super::{Dict, Document, Id};
use crate::error::Finding;

/// A signature field that is signed (12.7.5.5).
#[derive(Debug, Clone)]
pub struct SignatureField {
    /// Fully qualified name of the field.
    pub name: String,
    /// The field's object.
    pub field: Id,
    /// The widgets that show it.
    pub widgets: Vec<Id>,
    /// The revision in which its signature dictionary was added, from 0.
    pub revision: usize,
    /// The signature dictionary's object.
    pub id: Id,
    /// The signature dictionary (12.8.1, table 255).
    pub dict: Dict,
    /// `/Type`: `Sig`, `DocTimeStamp` or absent.
    pub kind: Option<String>,
    /// `/Filter`.
    pub filter: Option<String>,
    /// `/SubFilter`, such as `ETSI.CAdES.detached`.
    pub sub_filter: Option<String>,
    /// `/ByteRange` as it is written, not checked.
    pub byte_range: [i64; 4],
    /// Where in the file `/Contents` stands, from `<` up to and including `>`.
    pub contents: Range<usize>,
    /// The level of a certification: what may be done after it (12.8.2.2, table 257: 1, 2 or 3). It counts only when the
    /// catalog's `/Perms` names this signature as `/DocMDP`.
    pub certifies: Option<u8>,
    /// The fields that it locks (12.8.2.4).
    pub lock: Option<Lock>,
}

/// Which fields may not change after a signature (12.8.2.4, table 259).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// All of them.
    All,
    /// Those named.
    Include(Vec<String>),
    /// All but those named.
    Exclude(Vec<String>),
}

/// The signed fields of a document as it is, in the order of the form.
///
/// # Errors
/// When a signature is not where or what it must be: its dictionary an object of its own in the file, written once, with
/// four numbers as `/ByteRange` and a hexadecimal string as `/Contents`.
pub fn signatures(document: &Document) -> Result<Vec<SignatureField>, Finding> {
    let _ = document;
    todo!()
}
