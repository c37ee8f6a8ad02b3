//! `postkamer register show ID`: one letter with its thread, its events and its files.

use super::super::context::Context;
use super::sheet;
use crate::error::Result;
use crate::register::archived::{Archived, Kind};
use crate::register::entry::Entry;
use crate::register::files::FileRecord;
use crate::register::history::Event;
use crate::register::listed::Listed;
use crate::register::thread::Thread;
use serde_json::{Value as Json, json};

/// So many letters of a thread are shown: thousands can be of one case.
const MOST: usize = 50;

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference of an outgoing letter or the number of an incoming one
    id: String,
}

/// All that is shown of a letter.
pub(super) struct Shown {
    pub listed: Listed,
    /// The answers to it that do not stand, with the word for what became of them.
    pub fallen: Vec<(String, &'static str)>,
    pub events: Vec<Event>,
    pub files: Vec<FileRecord>,
    /// What came back of it, signed or scanned; it is in the archive only.
    pub returned: Vec<Archived>,
    pub thread: Thread,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let (_, mut register) = super::open(context)?;
        let shown = register.read(|tx| {
            let entry = Entry::get(tx, &self.id)?;
            let events = Event::all(tx, &entry.id)?;
            let files = FileRecord::all(tx, &entry.id)?;
            let mut returned = Archived::all(tx, &entry.id)?;
            returned.retain(|archived| [Kind::Signed, Kind::Scanned].contains(&archived.kind));
            let thread = Thread::of(tx, &entry.id, MOST)?;
            let listed = Listed::one(tx, entry)?;
            let mut fallen = Vec::new();
            for id in &listed.answered_by {
                let answer = Entry::find(tx, id)?.filter(|answer| !answer.status.stands());
                fallen.extend(answer.map(|answer| (answer.id, answer.status.word())));
            }
            Ok(Shown { listed, fallen, events, files, returned, thread })
        })?;
        if context.json() {
            context.answer_json(&shown.json())?;
        } else {
            context.answer_styled(&sheet::sheet(context, &shown)?)?;
        }
        Ok(0)
    }
}

impl Shown {
    fn json(&self) -> Json {
        let file = |file: &FileRecord| {
            json!({
                "naam": file.name, "algoritme": file.algorithm, "digest": file.digest, "omvang": file.size,
                "pad": file.path, "versie": file.version, "soort": file.role.word(),
            })
        };
        let mut object = self.listed.json();
        object["gebeurtenissen"] = self.events.iter().map(Event::json).collect();
        let returned = |archived: &Archived| {
            json!({
                "naam": archived.path, "algoritme": archived.algorithm, "digest": archived.digest, "omvang": archived.size,
                "pad": null, "versie": archived.letter_version, "soort": archived.kind.word(),
            })
        };
        object["bestanden"] = self.files.iter().map(file).chain(self.returned.iter().map(returned)).collect();
        object
    }
}
