//! `postkamer init [DIR]`: settings and an example letter per template; never overwrites.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::context::Context;
use crate::error::Result;
use crate::workspace::init;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder [default: the current directory]
    folder: Option<PathBuf>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let shown = self.folder.unwrap_or_default();
        let done = init::init(&context.path(&shown), uuid::Uuid::new_v4())?;
        let path = |relative: &Path| shown.join(relative).display().to_string();
        for (relative, new) in &done {
            context.say(if *new { "written" } else { "kept" }, &[("path", &path(relative))]);
        }
        if context.json() {
            let new = done.iter().filter(|(_, new)| *new).map(|(relative, _)| path(relative));
            context.answer_json(&json!({ "bestanden": new.collect::<Vec<_>>() }))?;
        }
        Ok(0)
    }
}
