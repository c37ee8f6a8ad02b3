//! `postkamer register send ID... --datum DATE --wijze TEXT`: marks issued letters as sent, such as those of a mailing.

use std::collections::HashSet;

use super::super::context::Context;
use crate::error::{Error, Findings, Result};
use crate::register::chain::Journal;
use crate::register::changes::{Changed, progress};
use crate::register::given;

/// Arguments of `send`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference of the letter; of several, all are marked or none
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// The day on which it was sent, such as 2023-02-21 or 21-2-2023
    #[arg(long, value_name = "DATE")]
    datum: String,
    /// How it was sent: by post, by e-mail
    #[arg(long, value_name = "TEXT")]
    wijze: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut ids: Vec<String> = Vec::with_capacity(self.ids.len());
        let mut known = HashSet::new();
        for id in &self.ids {
            // A letter that is named twice is sent once.
            let id = given::id(id)?;
            if known.insert(id.clone()) {
                ids.push(id);
            }
        }
        let first = ids.first().cloned().unwrap_or_default();
        let changed = super::change(context, &first, |journal, _| self.send(journal, &ids))?;
        if let [changed] = changed.as_slice() {
            return super::answer(context, changed, |id| context.say("entry-sent", &[("id", id)]));
        }
        changed.iter().for_each(|changed| context.show(&changed.warnings));
        if context.json() {
            context.answer_json_all(changed.iter().map(|changed| changed.listed.json()))?;
        } else {
            context.say("entries-sent", &[("count", &changed.len().to_string())]);
        }
        Ok(0)
    }

    /// Marks all of them as sent, or says everything that keeps any of them from it.
    fn send(&self, journal: &mut Journal, ids: &[String]) -> Result<Vec<Changed>> {
        let mut sent = Vec::with_capacity(ids.len());
        let mut found = Findings::default();
        for id in ids {
            match progress::send(journal, id, &self.datum, &self.wijze) {
                Ok(changed) => sent.push(changed),
                Err(Error::Refused(findings)) => {
                    // A day that is none is so for every letter.
                    let new: Vec<_> = findings.into_iter().filter(|finding| !found.0.contains(finding)).collect();
                    found.extend(new);
                }
                Err(outside) => return Err(outside),
            }
        }
        if found.0.is_empty() { Ok(sent) } else { Err(Error::Refused(found.0)) }
    }
}
