//! What the archive gets of a letter when it is issued.

use super::bundle::Bundle;
use super::contents::{self, LETTER};
use super::mdto::When;
use super::mdto::letter::{About, Happened, happened};
use super::mdto::lists::EventKind;
use super::source::{self, Made};
use super::stage::Content;
use crate::draft::Draft;
use crate::error::Result;
use crate::letter::Letter;
use crate::letter::answered::Lookup;
use crate::register::Clerk;
use crate::register::chain::Head;
use crate::register::entry::Entry;
use crate::register::history::Event;
use crate::register::listed::Listed;
use crate::typeset::places::SignaturePlace;
use crate::workspace::Workspace;
use crate::workspace::bytes::Bytes;

/// A letter that is typeset under its own number.
pub struct Issued<'a> {
    /// Its workspace.
    pub workspace: &'a Workspace,
    /// The letter file as it was read.
    pub draft: &'a Draft,
    /// The letter: the file's own, or what a row of a table made of it.
    pub letter: &'a Letter,
    /// What it shares with the other letters of its mailing; none for a letter by itself.
    pub bundle: Option<&'a Bundle>,
    /// Its path from the workspace.
    pub path: &'a str,
    /// The files that it was laid out with: those of [`crate::draft::Page`].
    pub files: &'a [String],
    /// The names of its enclosures with what they hold.
    pub enclosures: &'a [(String, Bytes)],
    /// Where its signatures are to be seen.
    pub places: &'a [SignaturePlace],
    /// The final PDF.
    pub pdf: &'a Bytes,
    /// Its entry once it is recorded, with what it answers.
    pub listed: Listed,
    /// What happened to it before.
    pub events: &'a [Event],
    /// Where the register's chain ends.
    pub head: &'a Head,
    /// Who issues it, and when.
    pub clerk: &'a Clerk<'a>,
}

impl Issued<'_> {
    /// Everything that the version holds; `lookup` answers as it did when the letter was read.
    ///
    /// # Errors
    /// [`crate::error::Error::Outside`] when a file that it was made from can't be read any more.
    pub fn contents(self, lookup: &Lookup) -> Result<Vec<Content>> {
        let Entry { id, case_number, reserved, version, .. } = self.listed.entry.clone();
        let made = Made {
            workspace: self.workspace,
            draft: self.draft,
            letter: self.letter,
            bundle: self.bundle,
            path: self.path,
            files: self.files,
            enclosures: self.enclosures,
            reference: &id,
            case: case_number.as_deref(),
            day: reserved.unwrap_or(self.clerk.day),
        };
        let source = source::gather(&made, lookup)?;
        let kind = if version == 1 { EventKind::Issued } else { EventKind::IssuedAgain };
        let mut events = happened(&self.listed.entry, self.events);
        // A letter that is archived after its issue was noted has that among its events.
        if events.iter().filter(|event| [EventKind::Issued, EventKind::IssuedAgain].contains(&event.kind)).count()
            < usize::try_from(version).unwrap_or(1)
        {
            let (when, who) = (Some(When::Moment(self.clerk.moment)), Some(self.clerk.name.to_string()));
            events.push(Happened { kind, when, who, result: None });
        }
        let about = About {
            organisation: self.workspace.settings().organisatie.naam.clone(),
            listed: self.listed,
            language: Some(self.letter.language().code().into()),
            retention: self.draft.template.manifest.archief.before(&self.workspace.settings().archief.retention),
            events,
        };
        contents::contents(&contents::Letter {
            about: &about,
            name: LETTER,
            bytes: self.pdf.clone(),
            enclosures: self.enclosures,
            scan: None,
            source: &source,
            places: self.places,
            signatures: None,
            head: self.head,
            moment: self.clerk.moment,
        })
    }
}
