//! `postkamer register search QUESTION`: letters by their words.

use super::super::context::Context;
use super::letters;
use crate::error::Result;
use crate::register::query;

/// Arguments of `search`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// Words that a letter must hold, all of them, whatever their endings, accents and case; digi* is the beginning of
    /// a word
    #[arg(required = true, value_name = "QUESTION")]
    question: Vec<String>,
    /// At most so many, the newest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let (_, mut register) = super::open(context)?;
        let question = self.question.join(" ");
        let found = register.read(|tx| query::search(tx, &question, self.limit))?;
        letters::answer(context, &found)?;
        Ok(0)
    }
}
