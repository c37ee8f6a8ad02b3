//! `bestand`: a file as MDTO describes it.

use chrono::{DateTime, Utc};

use super::format::Format;
use super::xml::Document;
use super::{Identification, Reference, lists, xsd_moment};
use crate::workspace::bytes::Bytes;

/// A file (bestand).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its number.
    pub identification: Identification,
    /// Its name where it lies.
    pub name: String,
    /// Its size in bytes (omvang).
    pub size: u64,
    /// Its format.
    pub format: Format,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// When that was computed.
    pub computed: DateTime<Utc>,
    /// The information object that it represents.
    pub represents: Reference,
}

impl File {
    /// The file with these bytes.
    pub fn of(
        bytes: impl Into<Bytes>,
        name: &str,
        identification: Identification,
        represents: Reference,
        computed: DateTime<Utc>,
    ) -> Self {
        let bytes = bytes.into();
        Self {
            identification,
            name: name.into(),
            size: bytes.len() as u64,
            format: Format::of(name, &bytes),
            sha256: bytes.sha256().into(),
            computed,
            represents,
        }
    }

    /// How the information object names it.
    pub fn reference(&self) -> Reference {
        Reference::numbered(&self.name, self.identification.clone())
    }

    /// The MDTO document, with the elements of `bestandType` in their order.
    pub fn xml(&self) -> Vec<u8> {
        Document::of("bestand", |document| {
            document.identification("identificatie", &self.identification);
            document.text("naam", &self.name);
            document.text("omvang", &self.size.to_string());
            document.term("bestandsformaat", &lists::format(self.format.label, self.format.puid));
            document.group("checksum", |checksum| {
                checksum.term("checksumAlgoritme", &lists::sha256());
                checksum.text("checksumWaarde", &self.sha256);
                // Required; no clock shows a moment before year 1.
                checksum.text("checksumDatum", &xsd_moment(self.computed).unwrap_or("0001-01-01T00:00:00Z".into()));
            });
            document.reference("isRepresentatieVan", &self.represents);
        })
    }
}
