//! `postkamer register export`: all letters of the register as a table.

use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::super::context::Context;
use crate::error::{Finding, Result};
use crate::register::exchange::export::{self, export};
use crate::workspace::files;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// What to write [default: by the output's extension, else csv; with --json json]
    #[arg(long)]
    format: Option<Format>,
    /// Where to write; `-` is standard output [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What a register can be exported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values, which import takes in again
    Csv,
    /// An array of objects, which import takes in again
    Json,
    /// An Excel workbook, which import takes in again
    Xlsx,
    /// JSON in the terms of the ZGW Documenten API
    Zgw,
}

impl Format {
    fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let file = self.output.as_deref().filter(|path| *path != Path::new("-"));
        let fallback = if context.json() && file.is_none() { Format::Json } else { Format::Csv };
        let format = self.format.or_else(|| Format::of_path(file?)).unwrap_or(fallback);
        if format == Format::Xlsx && file.is_none() && stdout().is_terminal() {
            return Err(Finding::error("export-to-terminal").into());
        }
        let shown = file.unwrap_or(Path::new("-"));
        let (workspace, mut register) = super::open(context)?;
        let day = context.day()?;
        let organisation = &workspace.settings().organisatie;
        let exported = register.read(|tx| export(tx, format.into(), organisation, day, shown))?;
        context.show(&exported.warnings);
        let (bytes, total) = (exported.bytes, exported.total);
        let Some(file) = file else {
            context.answer_bytes(&bytes)?;
            return Ok(0);
        };
        context.spare(&workspace, file)?;
        files::write_whole(&context.path(file), &bytes)?;
        if context.json() {
            context.answer_json(&json!({ "bestand": file, "totaal": total }))?;
        }
        context.say("written", &[("path", &file.display().to_string())]);
        Ok(0)
    }
}

impl From<Format> for export::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Json => Self::Json,
            Format::Xlsx => Self::Xlsx,
            Format::Zgw => Self::Zgw,
        }
    }
}
