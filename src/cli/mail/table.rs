//! `postkamer mail table`: whether a table can be read, and how large it is. The workbench runs it before it reads a table
//! that somebody sent, so that a table without end ends this process and not the pages of others.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::super::context::Context;
use crate::error::Result;
use crate::preview::work;
use crate::table;

/// The most memory that reading a table takes, in bytes of the address space of this process.
const MEMORY: u64 = 5 << 28;

/// Arguments of `table`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The table
    file: PathBuf,
    /// The name that findings give it and that says its format, where its own doesn't
    #[arg(long)]
    name: Option<String>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        work::limit_memory(MEMORY);
        let shown = self.name.as_deref().map_or(self.file.as_path(), Path::new);
        let table = table::read(&context.path(&self.file), shown)?;
        context.answer_json(&json!({ "rijen": table.rows.len(), "kolommen": table.columns.len() }))?;
        Ok(0)
    }
}
