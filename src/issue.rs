//! Issuing (vaststellen): a letter file becomes the final PDF under its own number, recorded in the register.
//!
//! Everything that can be refused is refused before a number is reserved: the letter is laid out and exported first with
//! a number of the same width. From the reservation on, an interruption leaves a reservation that the next `issue` of the
//! letter takes up again; the files are moved to their places in the transaction that records them.

mod deposit;
pub mod ready;
pub mod typeset;

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::Path;

use crate::archive::keep::Archive;
use crate::draft::Draft;
use crate::error::{Error, Finding, Result};
use crate::register::changes::linking;
use crate::register::entry::{Entry, Status};
use crate::register::files::{self, FileRecord, Role, sha256};
use crate::register::outgoing::{self, Claim, Made};
use crate::register::{Clerk, Register, antecedent};
use crate::typeset::world::Press;
use crate::workspace::Workspace;
use crate::workspace::staged;
use ready::{Ready, letter_key};
use typeset::{Typeset, Typesetter};

/// Where an issue is, for whoever watches it (or tries what an interruption leaves behind).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// All that can be refused was checked; nothing is changed yet.
    Checked,
    /// The version before this one has its file where it is kept.
    Kept,
    /// The number is reserved.
    Reserved,
    /// The final PDF is made, in memory.
    Typeset,
    /// Its files are written beside their places, those of the archive too.
    Staged,
    /// Its files are in their places and in the archive, and the transaction that records them is not yet committed.
    Placed,
    /// It is recorded.
    Recorded,
}

/// What letters are issued with.
pub struct Office<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// What typesets.
    pub press: &'a Press,
    /// The register.
    pub register: &'a mut Register,
    /// The archive.
    pub archive: &'a Archive,
    /// Who issues, and when.
    pub clerk: &'a Clerk<'a>,
    /// Told of every step.
    pub step: &'a dyn Fn(Step),
}

/// An issued letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    /// Its entry.
    pub entry: Entry,
    /// The record of its PDF.
    pub pdf: FileRecord,
    /// What was noticed and doesn't refuse.
    pub warnings: Vec<Finding>,
}

impl Office<'_> {
    /// Issues the letter in a file. A letter that was issued already and is unchanged is answered as it was; a changed one
    /// is refused unless `new_version` says that a new version under the same number is meant.
    ///
    /// # Errors
    /// [`Error::Refused`] with all that is wrong, after which nothing is changed; [`Error::Outside`] when the disk or the
    /// database fails, after which issuing it again goes on where it was.
    pub fn issue(&mut self, letter: &Path, new_version: bool) -> Result<Issued> {
        self.issue_seen(letter, new_version, None)
    }

    /// The same for a letter of which somebody saw the text with this SHA-256, and no other.
    ///
    /// # Errors
    /// As [`Office::issue`]; [`Error::Refused`] when the letter has another text now.
    pub fn issue_seen(&mut self, letter: &Path, new_version: bool, seen: Option<&str>) -> Result<Issued> {
        let ready = self.prepare(letter)?;
        let source = &ready.draft.letter.source;
        if seen.is_some_and(|seen| seen != sha256(source.text().as_bytes())) {
            return Err(Finding::error("letter-unseen").at(source.place(0..0)).into());
        }
        let workspace = self.register.workspace().to_string();
        let place = |key: &str| ready.draft.letter.front.place(key);
        let known = self.register.read(|tx| {
            let known = outgoing::of_letter(tx, &workspace, &ready.path)?;
            let id = known.as_ref().map(|entry| entry.id.as_str());
            ready.answers.iter().try_for_each(|answer| linking::check_answer(tx, id, answer))?;
            Ok(known)
        });
        let entry = match known.map_err(|error| error.placed(&place))? {
            Some(entry) => entry,
            None => self.reserve(&ready)?,
        };
        let entry = match self.again(&ready, &entry, new_version)? {
            Some(issued) => {
                self.archive(&ready, &issued)?;
                return Ok(issued);
            }
            None => self.next_version(entry)?,
        };
        let entry = self.with_case(&ready, entry)?;
        (self.step)(Step::Reserved);
        let made = self.typeset(&ready.draft, Some(&entry))?;
        (self.step)(Step::Typeset);
        self.record(&ready, &entry, made)
    }

    fn read(&mut self, letter: &Path) -> Result<Draft> {
        let register = RefCell::new(&mut *self.register);
        let lookup = |id: &str| register.borrow_mut().read(|tx| antecedent::of(tx, id));
        Draft::read(self.workspace, self.press, letter, &lookup)
    }

    /// Finds everything that can be refused without a number of its own, and gathers what the letter is made of.
    fn prepare(&mut self, letter: &Path) -> Result<Ready> {
        let draft = self.read(letter)?;
        let path = letter_key(self.workspace, letter, &draft)?;
        if self.register.workspace().is_empty() && self.register.is_shared() {
            let place = self.workspace.checked().place("werkruimte.id");
            return Err(Finding::error("workspace-without-id").key("werkruimte.id").at(place).into());
        }
        // With its own findings first: a letter that is wrong is not asked for its enclosures.
        self.typeset(&draft, None)?;
        Ready::gather(self.workspace, draft, path)
    }

    /// What becomes of a letter that the register knows: its answer if it is issued as it is now, none if it is to be made.
    fn again(&mut self, ready: &Ready, entry: &Entry, new_version: bool) -> Result<Option<Issued>> {
        let front = &ready.draft.letter.front;
        let refuse =
            |code, key: &str| Error::from(Finding::error(code).key(key).arg("id", &entry.id).at(front.place(key)));
        // Which line it is about, nobody knows.
        let refuse_whole =
            |code| Error::from(Finding::error(code).arg("id", &entry.id).at(ready.draft.letter.source.whole()));
        if entry.status == Status::Withdrawn {
            return Err(refuse_whole("letter-withdrawn"));
        }
        if ready.draft.letter.reference().is_some_and(|number| number != entry.id) {
            return Err(refuse(if entry.version > 0 { "letter-renumbered" } else { "letter-reserved" }, "kenmerk"));
        }
        let is_same = entry.letter_digest.as_deref() == Some(&ready.digest);
        match (entry.pending, is_same) {
            // What interrupted the next version is undone: the version before it stands.
            (Some(_), true) => {
                let entry = self.register.write(self.clerk, |journal| outgoing::give_up_version(journal, &entry.id))?;
                self.as_it_was(ready, &entry).map(Some)
            }
            (None, true) => self.as_it_was(ready, entry).map(Some),
            (Some(_), false) if entry.version == 0 => Ok(None),
            (_, false) if new_version => Ok(None),
            (_, false) => Err(refuse_whole("letter-changed")),
        }
    }

    /// The answer for a letter that is issued. Files of it that are gone are put back, if that gives the same bytes; what
    /// was put in their place is kept beside them.
    fn as_it_was(&mut self, ready: &Ready, entry: &Entry) -> Result<Issued> {
        let recorded = self.register.read(|tx| FileRecord::all(tx, &entry.id))?;
        let current: Vec<_> = recorded.into_iter().filter(|file| file.version == entry.version).collect();
        let pdf = current.iter().find(|file| file.role == Role::Letter).cloned();
        let pdf = pdf.ok_or_else(|| Finding::error("row-broken").arg("id", &entry.id).arg("table", "file"))?;
        let root = self.workspace.root();
        let is_there =
            |file: &&FileRecord| std::fs::read(root.join(&file.path)).is_ok_and(|bytes| sha256(&bytes) == file.digest);
        let lost: Vec<_> = current.iter().filter(|file| !is_there(file)).collect();
        let mut warnings = Vec::new();
        for file in lost {
            let bytes = match file.role {
                Role::Letter => self.typeset(&ready.draft, Some(entry))?.pdf,
                Role::Enclosure => ready.enclosure(file).cloned().unwrap_or_default(),
            };
            if bytes.sha256() != file.digest {
                return Err(lost_file(&entry.id, &file.path));
            }
            let place = root.join(&file.path);
            let staged = staged::beside(&place, &bytes)?;
            // Under the lock, so that no newer version is written over.
            self.register.write(self.clerk, |journal| {
                if Entry::get(journal.tx, &entry.id)?.version != entry.version {
                    return Err(Finding::error("letter-overtaken").arg("id", &entry.id).into());
                }
                warnings.extend(files::set_aside(root, &file.path, &file.digest)?);
                staged::put(staged, root, &place)
            })?;
        }
        Ok(Issued { entry: entry.clone(), pdf, warnings })
    }

    fn current_pdf(&mut self, entry: &Entry) -> Result<FileRecord> {
        let files = self.register.read(|tx| FileRecord::all(tx, &entry.id))?;
        let current = files.into_iter().find(|file| file.version == entry.version && file.role == Role::Letter);
        current.ok_or_else(|| Finding::error("row-broken").arg("id", &entry.id).arg("table", "file").into())
    }

    fn reserve(&mut self, ready: &Ready) -> Result<Entry> {
        let by_hand = ready.draft.letter.reference();
        let place = |key: &str| ready.draft.letter.front.place(key);
        if let Some(number) = by_hand {
            self.register.read(|tx| outgoing::check_free(tx, number)).map_err(|error| error.placed(&place))?;
        }
        (self.step)(Step::Checked);
        let workspace = self.register.workspace().to_string();
        let (settings, root) = (self.workspace.settings(), self.workspace.root());
        let is_printed = |path: &str| root.join(path).exists();
        let claim = Claim { letter: &ready.path, by_hand, facts: &ready.facts, is_printed: &is_printed };
        let reserved =
            self.register.write(self.clerk, |journal| outgoing::reserve(journal, settings, &workspace, claim));
        reserved.map_err(|error| error.placed(&place))
    }

    /// The entry with a case number, if the letter asks for one.
    fn with_case(&mut self, ready: &Ready, entry: Entry) -> Result<Entry> {
        if !ready.facts.new_case {
            return Ok(entry);
        }
        let settings = self.workspace.settings();
        self.register.write(self.clerk, |journal| outgoing::ensure_case(journal, settings, &entry.id))
    }

    /// Makes room for the next version, unless that was done already.
    fn next_version(&mut self, entry: Entry) -> Result<Entry> {
        (self.step)(Step::Checked);
        if entry.pending.is_some() {
            return Ok(entry);
        }
        let pdf = self.current_pdf(&entry)?;
        let root = self.workspace.root();
        let current = root.join(&pdf.path);
        let bytes = match std::fs::read(&current) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Err(lost_file(&entry.id, &pdf.path)),
            read => read.map_err(|cause| Error::io("read", &current, cause))?,
        };
        if sha256(&bytes) != pdf.digest {
            // Another process put the next version there just now, or somebody touched the file.
            return Err(Finding::error("issued-file-changed").arg("id", &entry.id).arg("path", &pdf.path).into());
        }
        let kept = root.join(outgoing::kept_path(&entry, entry.version));
        staged::put(staged::beside(&kept, &bytes)?, root, &kept)?;
        (self.step)(Step::Kept);
        self.register.write(self.clerk, |journal| outgoing::begin_version(journal, &entry))
    }

    /// Lays the letter out and exports it: under its own numbers, or under some of the same width.
    fn typeset(&self, draft: &Draft, entry: Option<&Entry>) -> Result<Typeset> {
        let typesetter = Typesetter { workspace: self.workspace, press: self.press, draft, day: self.clerk.day };
        typesetter.typeset(&draft.letter, entry)
    }

    /// Puts the files in their places and records the version, in one transaction.
    fn record(&mut self, ready: &Ready, reserved: &Entry, made: Typeset) -> Result<Issued> {
        let (root, id) = (self.workspace.root(), reserved.id.as_str());
        let files = outgoing::file_records(reserved, &made.pdf, &ready.enclosures);
        let contents = std::iter::once(&made.pdf).chain(ready.enclosures.iter().map(|(_, bytes)| bytes));
        let mut staged = Vec::new();
        for (file, bytes) in files.iter().zip(contents) {
            let place = root.join(&file.path);
            staged::sweep(place.parent().unwrap_or(root));
            staged.push((file, staged::beside(&place, bytes)?));
        }
        let version = Made {
            facts: &ready.facts,
            digest: &ready.digest,
            pages: made.pages,
            files: &files,
            text: &made.text,
            answers: &ready.answers,
        };
        let recorded = outgoing::settled(reserved, &version);
        let deposit = self.stage(ready, &recorded, &made.pdf, &made)?;
        (self.step)(Step::Staged);
        let step = self.step;
        let mut warnings = made.warnings;
        if let (Status::Sent, Some(day)) = (reserved.status, reserved.sent) {
            warnings.push(Finding::warning("version-after-sending").arg("id", id).arg("day", day));
        }
        let done = self.register.write(self.clerk, |journal| {
            let entry = Entry::get(journal.tx, id)?;
            if entry.status == Status::Void {
                return Err(Finding::error("letter-voided").arg("id", id).into());
            }
            if entry.pending != reserved.pending || entry.status != reserved.status {
                // Another process was first: with the same letter, this is its answer.
                return if entry.letter_digest.as_deref() == Some(&ready.digest) && entry.pending.is_none() {
                    Ok(entry)
                } else {
                    Err(Finding::error("letter-overtaken").arg("id", id).into())
                };
            }
            for (file, written) in staged {
                // The current version was copied to where it is kept; anything else there is not ours to lose.
                if !(entry.version > 0 && file.role == Role::Letter) {
                    warnings.extend(files::set_aside(root, &file.path, &file.digest)?);
                }
                staged::put(written, root, &root.join(&file.path))?;
            }
            let archived = self.archive.place(journal, deposit)?;
            step(Step::Placed);
            outgoing::settle(journal, &entry, &version, archived.version)
        });
        let entry = self.archive.settled(id, self.register, self.clerk, done)?;
        (self.step)(Step::Recorded);
        let pdf =
            files.into_iter().next().ok_or_else(|| Finding::error("row-broken").arg("id", id).arg("table", "file"))?;
        Ok(Issued { entry, pdf, warnings })
    }
}

/// A file of an issued letter is gone, and can't be made the same.
fn lost_file(id: &str, path: &str) -> Error {
    Finding::error("issued-file-lost").arg("id", id).arg("path", path).into()
}
