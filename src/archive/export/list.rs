//! The packing list: every file of a transfer, so that the receiver can check that all came over as it was.

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::Verdicts;
use crate::archive::contents::json_bytes;
use crate::archive::mdto::format::Format;
use crate::table::{self, Table};
use crate::workspace::bytes::Bytes;

/// The list for a spreadsheet.
pub const CSV: &str = "paklijst.csv";

/// The list for a program.
pub const JSON: &str = "paklijst.json";

/// The columns of [`CSV`], and the keys of a file in [`JSON`].
const COLUMNS: [&str; 9] = ["pad", "id", "omvang", "sha256", "sha512", "puid", "pdfa", "pdfua", "handtekeningen"];

/// A file of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its path in the transfer, with `/` between the parts.
    pub path: String,
    /// The letter that it belongs to; none for the metadata of a case.
    pub id: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
    /// SHA-512, in hexadecimal.
    pub sha512: String,
    /// Its format.
    pub format: Format,
    /// The verdicts on it.
    pub verdicts: Verdicts,
}

impl Line {
    /// The line of a file with these bytes.
    pub fn of(path: &str, id: Option<&str>, bytes: &Bytes, verdicts: Verdicts) -> Self {
        Self {
            path: path.into(),
            id: id.map(String::from),
            size: bytes.len() as u64,
            sha256: bytes.sha256().into(),
            sha512: bytes.sha512().into(),
            format: Format::of(path.rsplit('/').next().unwrap_or(path), bytes),
            verdicts,
        }
    }

    /// The object of [`JSON`]; absent values are null.
    pub fn json(&self) -> Json {
        json!({
            "pad": self.path,
            "id": self.id,
            "omvang": self.size,
            "sha256": self.sha256,
            "sha512": self.sha512,
            "puid": self.format.puid,
            "pdfa": self.verdicts.pdfa,
            "pdfua": self.verdicts.pdfua,
            "handtekeningen": self.verdicts.signatures,
        })
    }
}

/// The list as CSV, with `ja`, `nee` or nothing for a verdict.
pub(super) fn csv(lines: &[Line]) -> Vec<u8> {
    let mut table = Table::new(COLUMNS);
    for line in lines {
        let json = line.json();
        table.push(COLUMNS.map(|column| match &json[column] {
            Json::Null => String::new(),
            Json::Bool(verdict) => if *verdict { "ja" } else { "nee" }.to_string(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        }));
    }
    table::csv(&table)
}

/// The list as JSON.
pub fn json(lines: &[Line], moment: DateTime<Utc>) -> Vec<u8> {
    let files: Vec<_> = lines.iter().map(Line::json).collect();
    json_bytes(&json!({ "moment": moment.format("%Y-%m-%dT%H:%M:%SZ").to_string(), "bestanden": files }))
}
