//! A letter that came in gets a file after it was registered: its first, as if it had come with it, or a further one that
//! takes the place of a wrong one. Older versions stay in the archive.

use super::accept::Counter;
use super::arrival::Arrival;
use super::contents::REGISTER;
use super::keep::{self, Version, check_own};
use super::kept::Kept;
use super::mdto::letter::{About, Happened, happened};
use super::mdto::lists::EventKind;
use crate::error::{Finding, Result};
use crate::register::Register;
use crate::register::addition::{Part, Standing};
use crate::register::archived::{Archived, Kind};
use crate::register::attachment::Staged;
use crate::register::chain::Head;
use crate::register::history::Event;
use crate::register::listed::Listed;
use crate::workspace::retention::Retention;
use serde_json::Value as Json;

/// The letter that came in under an ID; none if there is none, or it goes out.
///
/// # Errors
/// [`crate::error::Error::Refused`] when its files are kept in another workspace; [`crate::error::Error::Outside`] when the
/// database fails.
pub fn incoming(register: &mut Register, id: &str) -> Result<Option<Standing>> {
    let letter = register.read(|tx| Standing::find(tx, id))?;
    if let Some(letter) = &letter {
        check_own(register, &letter.entry)?;
    }
    Ok(letter)
}

impl Counter<'_> {
    /// Adds a file to a letter that came in, in the register and in the archive: all of it or nothing. Gives what its
    /// clerk had better look at. The file that the letter has already changes nothing.
    ///
    /// As when a letter is received, any file is taken, and a signature that doesn't hold is recorded and warned of.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when the letter was changed meanwhile, or the archive holds something else of it
    /// than was recorded; [`crate::error::Error::Outside`] when the disk or the database fails. Nothing is changed then.
    pub fn add_later(&mut self, letter: &Standing, file: Staged) -> Result<Vec<Finding>> {
        let id = letter.entry.id.as_str();
        let (listed, events, head) = self
            .register
            .read(|tx| Ok((Listed::one(tx, letter.entry.clone())?, Event::all(tx, id)?, Head::read(tx)?)))?;
        let standing = self.archive.standing(self.register, self.clerk, id)?;
        let part = letter.part(file.digest());
        let is_last = |version| standing.archived.last().is_some_and(|last| last.letter_version == version);
        if matches!(part, Part::Known(version) if is_last(version)) {
            return Ok(Vec::new());
        }
        let arrival = Arrival::read(&file, self.trust, self.clerk)?;
        let mut about = self.about(listed, &events, &standing)?;
        if matches!(part, Part::Next(_)) {
            // The register notes it once it is done; the description of the file says it already.
            about.events.push(Happened::by(self.clerk, EventKind::Added));
        }
        let (contents, main) = arrival.contents(&about, &head, self.clerk)?;
        let letter_version = part.version();
        let version = Version { entry: id, kind: Kind::Received, letter_version, path: &main, head: &head };
        let deposit = self.archive.stage(version, &standing, &contents, self.clerk)?;
        let root = self.register.root().to_path_buf();
        let done = self.register.write(self.clerk, |journal| {
            letter.check(journal)?;
            let Archived { version, .. } = self.archive.place(journal, deposit)?;
            letter.add(journal, &root, file, version)
        });
        let aside = self.archive.settled(id, self.register, self.clerk, done)?;
        Ok(aside.into_iter().chain(arrival.warnings()).collect())
    }

    /// What is known of the letter; how long it is kept was decided with its first file.
    fn about(&self, listed: Listed, events: &[Event], standing: &keep::Standing) -> Result<About> {
        let happened = happened(&listed.entry, events);
        let mut about = About::new(self.workspace.settings(), &Retention::default(), listed, None);
        about.events = happened;
        if let Some(object) = &standing.object {
            let broken = |_| Finding::error("archive-object-changed").arg("id", &about.listed.entry.id);
            let record: Json =
                serde_json::from_slice(&object.read(REGISTER, object.inventory().head())?).map_err(broken)?;
            about.retention = Kept::of(&record, &about.listed.entry.id)?.retention;
        }
        Ok(about)
    }
}
