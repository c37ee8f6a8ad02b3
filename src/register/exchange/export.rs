//! All letters of the register in one file.

use std::path::Path;

use chrono::NaiveDate;

use super::{facts, zgw};
use crate::error::{Finding, Result};
use crate::register::db::Tx;
use crate::workspace::settings::Organisation;

/// What a register can be exported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, which import takes in again.
    Csv,
    /// An array of objects, which import takes in again.
    Json,
    /// An Excel workbook, which import takes in again.
    Xlsx,
    /// JSON in the terms of the ZGW Documenten API.
    Zgw,
}

/// All letters in one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// What the file holds.
    pub bytes: Vec<u8>,
    /// How many letters that is.
    pub total: usize,
    /// What its reader will miss.
    pub warnings: Vec<Finding>,
}

/// Exports all letters on a day; `shown` is the path that findings name.
///
/// # Errors
/// As [`facts::xlsx`], and when the database fails.
pub fn export(
    tx: &mut Tx,
    format: Format,
    organisation: &Organisation,
    day: NaiveDate,
    shown: &Path,
) -> Result<Export> {
    if format == Format::Zgw {
        let (documents, warnings) = zgw::documents(tx, organisation)?;
        let total = documents.len();
        return Ok(Export { bytes: text(&documents.into()), total, warnings });
    }
    let letters = facts::Facts::all(tx)?;
    let bytes = match format {
        Format::Csv => facts::csv(&letters),
        Format::Xlsx => facts::xlsx(&letters, day, shown)?,
        Format::Json | Format::Zgw => text(&facts::json(&letters)),
    };
    Ok(Export { bytes, total: letters.len(), warnings: Vec::new() })
}

fn text(json: &serde_json::Value) -> Vec<u8> {
    format!("{json:#}\n").into_bytes()
}
