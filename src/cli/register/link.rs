//! `postkamer register link ID ANDER`: which letters belong together.

use clap::ValueEnum;

use super::super::context::Context;
use crate::error::Result;
use crate::register::changes::linking;
use crate::register::links::Kind;

/// Arguments of `link`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The letter that answers the other one, or belongs to its case
    id: String,
    /// The other letter
    ander: String,
    /// What the first letter is to the other one: its answer, or one of the same case
    #[arg(long, value_name = "KIND", default_value = "beantwoordt")]
    als: As,
    /// Take the link away
    #[arg(long, requires = "reden")]
    weg: bool,
    /// Why the link is taken away
    #[arg(long, value_name = "TEXT", requires = "weg")]
    reden: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    Beantwoordt,
    ZelfdeZaak,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let kind = match self.als {
            As::Beantwoordt => Kind::Answers,
            As::ZelfdeZaak => Kind::SameCase,
        };
        let (changed, is_new) = super::change(context, &self.id, |journal, _| match &self.reden {
            Some(reason) => Ok((linking::unlink(journal, &self.id, kind, &self.ander, reason)?, true)),
            None => linking::link(journal, &self.id, kind, &self.ander),
        })?;
        super::answer(context, &changed, |id| {
            let args = [("id", id), ("other", self.ander.trim()), ("kind", kind.word())];
            match (self.weg, is_new) {
                (true, _) => context.say("entry-unlinked", &args),
                (false, true) => context.say("entry-linked", &args),
                (false, false) => context.say("entry-linked-already", &args),
            }
        })
    }
}
