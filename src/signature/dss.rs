//! The document security store (ISO 32000-2, 12.8.4.3): what a file brings along so that its signatures can be checked
//! later. All of it is signed by others and proves itself; none of it is trusted for being here.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::crypto::cms::{MAX_BYTES, MAX_CERTIFICATES};
use super::crypto::revocation::Material;
use super::pdf::{Document, View};

/// The contents of a store.
#[derive(Debug, Default)]
pub struct Store {
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    ocsps: Vec<Vec<u8>>,
}

impl Store {
    /// Reads the store of a document as it is. What can't be read is left out, and so is what goes beyond 64 of a kind or
    /// 8 MiB in all.
    pub fn read(document: &Document) -> Self {
        let view = document.last();
        let mut room = MAX_BYTES;
        let mut list = |key: &str| list(&view, key, &mut room);
        Self { certificates: list("Certs"), crls: list("CRLs"), ocsps: list("OCSPs") }
    }

    /// The certificates in it.
    pub fn certificates(&self) -> Vec<&[u8]> {
        self.certificates.iter().map(Vec::as_slice).collect()
    }

    /// The proofs of revocation in it.
    pub fn material(&self) -> Material<'_> {
        Material {
            crls: self.crls.iter().map(Vec::as_slice).collect(),
            ocsps: self.ocsps.iter().map(Vec::as_slice).collect(),
        }
    }
}

fn list(view: &View, key: &str, room: &mut usize) -> Vec<Vec<u8>> {
    let (_, catalog) = view.catalog();
    let store = catalog.get(b"DSS").and_then(|object| view.dict(object));
    let array = store.and_then(|store| store.get(key.as_bytes())).and_then(|object| view.resolve(object).as_array());
    let mut found = Vec::new();
    for object in array.unwrap_or_default().iter().take(MAX_CERTIFICATES) {
        let Some(stream) = view.stream(object) else { continue };
        let Some(data) = view.document().bytes().get(stream.data.clone()) else { continue };
        let filter = stream.dict.get(b"Filter").map(|filter| view.resolve(filter));
        let name = filter.and_then(|filter| match filter.as_array() {
            Some([one]) => one.as_name(),
            _ => filter.as_name(),
        });
        let bytes = match (filter, name) {
            (None, _) => data.get(..data.len().min(*room)).map(<[u8]>::to_vec),
            (Some(_), Some(b"FlateDecode")) => inflate(data, *room),
            _ => None,
        };
        // Cut off where there was no more room, it is no longer DER and proves nothing.
        let Some(bytes) = bytes else { continue };
        *room -= bytes.len();
        found.push(bytes);
    }
    found
}

fn inflate(data: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(most).ok()?;
    ZlibDecoder::new(data).take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
