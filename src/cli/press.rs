//! `postkamer press`: a process that the workbench starts, which lays letters out for as long as it is asked to.

use std::io::{BufRead, Read};

use super::context::Context;
use crate::error::{Error, Result};
use crate::preview::{Job, Shop, work};
use crate::zone;

/// The most memory of a press, in bytes of its address space. A letter that needs more ends the press, not the machine.
const MEMORY: u64 = 4 << 30;

/// The longest line that is read, in bytes: a letter of a mebibyte, escaped.
const LONGEST: u64 = 8 << 20;

/// Arguments of `press`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        work::limit_memory(MEMORY);
        work::stay_on_one_thread();
        let root = context.workspace(None)?.root().to_path_buf();
        let environment = context.environment();
        let clock = context.clock()?;
        let mut shop = Shop::new(&root, &*environment);
        let mut lines = std::io::stdin().lock();
        loop {
            let mut line = String::new();
            let read = lines.by_ref().take(LONGEST).read_line(&mut line);
            if read.map_err(|cause| Error::io("read", std::path::Path::new("-"), cause))? == 0 {
                return Ok(0);
            }
            // Whoever asks for what is no job is not the workbench.
            let Ok(job) = serde_json::from_str::<Job>(&line) else { return Ok(2) };
            let day = zone::day(&clock());
            if shop.lay_out(&job, day).write(std::io::stdout().lock()).is_err() {
                return Ok(0);
            }
        }
    }
}
