//! A worker: it takes some rows, makes their letters, and records them together, until there are none left.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::matter::Matter;
use super::recipients::{Layout, Recipient};
use super::told::Told;
use super::{plan, specimen, stored};
use crate::archive::contents::LETTER;
use crate::archive::issued::Issued;
use crate::archive::keep::{Archive, Standing, Version};
use crate::archive::together::Batch;
use crate::draft::MAIN;
use crate::error::{Error, Finding, Result, refuses};
use crate::issue::typeset::Typeset;
use crate::letter::Letter;
use crate::register::archived::Kind;
use crate::register::chain::{Head, Journal};
use crate::register::changes::progress;
use crate::register::entry::{Entry, Status};
use crate::register::files::{self, FileRecord, sha256};
use crate::register::history::Event;
use crate::register::listed::Listed;
use crate::register::mailings::queue::Desk;
use crate::register::mailings::{MailRow, Mailing, Progress};
use crate::register::outgoing::{self, Facts, Made};
use crate::register::{Clerk, Register, antecedent, links};
use crate::typeset;
use crate::workspace::Workspace;
use crate::workspace::durable::Manner;
use crate::workspace::together::Together;

/// The most rows that are taken at once. What Typst remembers is thrown away as often, so that memory stays flat.
const TOGETHER: usize = 32;

/// What a worker works with.
pub struct Worker<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The register.
    pub register: &'a mut Register,
    /// The archive.
    pub archive: &'a Archive,
    /// The mailing.
    pub mailing: &'a Mailing,
    /// Its letter.
    pub matter: &'a Matter<'a>,
    /// The name of this worker, used once.
    pub name: &'a str,
    /// Who makes the letters, now.
    pub clerk: &'a dyn Fn() -> Result<Clerk<'a>>,
    /// A finding as the report of the mailing has it.
    pub tell: &'a dyn Fn(&Finding) -> Json,
    /// Is told how the work goes.
    pub told: &'a dyn Fn(Told),
    /// Whether to stop.
    pub stops: &'a dyn Fn() -> bool,
}

/// What is written beside its places, and not yet recorded.
struct Shelf<'a> {
    batch: Batch<'a>,
    pdfs: Together,
    /// Where the register's chain ended before.
    head: Head,
    clerk: Clerk<'a>,
}

/// The letter of a row, made and not yet recorded.
struct RowLetter {
    /// The row.
    row: MailRow,
    /// What was made of it; none when it is refused.
    made: Option<Box<Done>>,
    /// What was found, as JSON.
    findings: Json,
}

/// A letter that is written beside its places.
struct Done {
    entry: Entry,
    facts: Facts,
    digest: String,
    pages: usize,
    text: Arc<str>,
    files: Vec<FileRecord>,
    /// The numbers of its files among those that are written beside their places.
    staged: Vec<usize>,
    /// Its place in the batch.
    at: usize,
}

/// A row with what the register knows of its letter.
struct Taken {
    row: MailRow,
    entry: Entry,
    events: Vec<Event>,
    answered_by: Vec<String>,
}

impl Worker<'_> {
    /// Works until no row waits, or it is told to stop.
    ///
    /// # Errors
    /// [`Error::Refused`] when the letter is no longer the one that was planned; [`Error::Outside`] when the disk or the
    /// database fails. Rows that it had are put back.
    pub fn work(&mut self) -> Result<()> {
        if self.mailing.letter_digest != self.matter.digest() {
            let front = &self.matter.ready.draft.letter.front;
            let finding = Finding::error("mail-letter-differs").key("onderwerp").arg("name", &self.mailing.name);
            return Err(finding.at(front.place("onderwerp")).into());
        }
        let desk = Desk { workspace: &self.mailing.workspace, mailing: &self.mailing.name, worker: self.name };
        let _presence = desk.announce(self.register)?;
        let layout = stored::layout(&self.mailing.layout, &self.matter.ready.draft.letter);
        loop {
            if (self.stops)() {
                return Ok(());
            }
            let rows = desk.take(self.register, self.matter.digest(), TOGETHER)?;
            if rows.is_empty() {
                return Ok(());
            }
            let done = self.batch(&desk, &layout, rows);
            typeset::evict();
            if !matches!(done, Ok(true)) {
                // What failed says more than that the rows could not be put back: whoever comes next does that.
                let put_back = desk.release(self.register);
                done?;
                return put_back;
            }
        }
    }

    /// Makes and records the letters of some rows; whether all of them were made.
    fn batch(&mut self, desk: &Desk, layout: &Arc<Layout>, rows: Vec<MailRow>) -> Result<bool> {
        let clerk = (self.clerk)()?;
        let (taken, head) = self.known(rows)?;
        let pdfs = Together::new(self.workspace.root(), Manner::Together);
        let mut shelf = Shelf { batch: self.archive.batch()?, pdfs, head, clerk };
        let mut made = Vec::with_capacity(taken.len());
        for taken in taken {
            if (self.stops)() {
                return Ok(false);
            }
            (self.told)(Told::Begun(taken.row.seq));
            made.push(self.row(layout, taken, &mut shelf)?);
        }
        (self.told)(Told::Recording);
        self.record(desk, layout, made, shelf)?;
        Ok(true)
    }

    /// What the register knows of the letters of rows, as it is at one moment.
    fn known(&mut self, rows: Vec<MailRow>) -> Result<(Vec<Taken>, Head)> {
        self.register.read(|tx| {
            let mut all = Vec::with_capacity(rows.len());
            for row in rows {
                let id = row.entry.clone().unwrap_or_default();
                let (entry, events) = (Entry::get(tx, &id)?, Event::all(tx, &id)?);
                all.push(Taken { row, entry, events, answered_by: links::answers_to(tx, &id)? });
            }
            Ok((all, Head::read(tx)?))
        })
    }

    /// Makes the letter of one row.
    fn row(&mut self, layout: &Arc<Layout>, taken: Taken, shelf: &mut Shelf) -> Result<RowLetter> {
        let recipient = stored::recipient(&taken.row, layout);
        let before = taken.row.findings.as_array().cloned().unwrap_or_default();
        let done = if taken.entry.status == Status::Reserved {
            self.typeset(&recipient, &taken.entry)
        } else {
            Err(recipient.placed(Finding::error("mail-number-void").arg("id", &taken.entry.id)).into())
        };
        let (letter, facts, typeset, found) = match done {
            Ok(done) => done,
            Err(Error::Refused(found)) => {
                let found = specimen::told(found.into_iter().map(|it| specimen::in_cell(&recipient, it)).collect());
                let findings = found.iter().map(self.tell).collect();
                return Ok(RowLetter { row: taken.row, made: None, findings });
            }
            Err(outside) => return Err(outside),
        };
        let findings = before.into_iter().chain(found.iter().map(self.tell)).collect();
        let row = taken.row.clone();
        let done = self.stage(taken, letter, facts, typeset, shelf)?;
        Ok(RowLetter { row, made: Some(Box::new(done)), findings })
    }

    /// The PDF of a row, with what was noticed.
    fn typeset(&self, recipient: &Recipient, entry: &Entry) -> Result<(Letter, Facts, Typeset, Vec<Finding>)> {
        let typesetter = self.matter.typesetter();
        let filled = specimen::fill(&typesetter, recipient, Some(entry), &HashSet::new())?;
        let composed = filled.composed.as_ref().ok_or_else(|| Error::Refused(filled.findings.clone()))?;
        let page = composed.lay_out(typesetter.press, MAIN)?;
        let found = self.matter.model.look(&typesetter, recipient, &filled, &page);
        if refuses(&found) {
            return Err(Error::Refused(found));
        }
        let specimen::Filled { letter, facts, composed, findings, .. } = filled;
        let (Some(facts), Some(composed)) = (facts, composed) else { return Err(Error::Refused(findings)) };
        Ok((letter, facts, typesetter.export(composed, page)?, found))
    }

    /// Writes a letter beside its places.
    fn stage(
        &mut self,
        taken: Taken,
        letter: Letter,
        facts: Facts,
        typeset: Typeset,
        shelf: &mut Shelf,
    ) -> Result<Done> {
        let Shelf { batch, pdfs, head, clerk } = shelf;
        let (ready, entry) = (&self.matter.ready, taken.entry);
        let digest = json!({ "mailing": self.matter.digest(), "rij": taken.row.digest });
        let digest = sha256(digest.to_string().as_bytes());
        let files = outgoing::file_records(&entry, &typeset.pdf, &ready.enclosures);
        let contents = std::iter::once(&typeset.pdf).chain(ready.enclosures.iter().map(|(_, bytes)| bytes));
        let mut staged = Vec::with_capacity(files.len());
        for (file, bytes) in files.iter().zip(contents) {
            staged.push(pdfs.beside(&self.workspace.root().join(&file.path), bytes)?);
        }
        let version = Made {
            facts: &facts,
            digest: &digest,
            pages: typeset.pages,
            files: &files,
            text: &typeset.text,
            answers: &ready.answers,
        };
        let recorded = outgoing::settled(&entry, &version);
        let listed = Listed { entry: recorded, answers: ready.answers.clone(), answered_by: taken.answered_by };
        let issued = Issued {
            workspace: self.workspace,
            draft: &ready.draft,
            letter: &letter,
            bundle: Some(&self.matter.bundle),
            path: &ready.path,
            files: &typeset.files,
            enclosures: &ready.enclosures,
            places: &typeset.places,
            pdf: &typeset.pdf,
            listed,
            events: &taken.events,
            head,
            clerk,
        };
        let register = RefCell::new(&mut *self.register);
        let contents = issued.contents(&|id| register.borrow_mut().read(|tx| antecedent::of(tx, id)))?;
        let version = Version { entry: &entry.id, kind: Kind::Issued, letter_version: 1, path: LETTER, head };
        let at = batch.stage(version, &Standing::default(), &contents, clerk)?;
        Ok(Done { facts, digest, pages: typeset.pages, text: typeset.text, files, staged, at, entry })
    }

    /// Moves the letters to their places and records them, in one transaction.
    fn record(&mut self, desk: &Desk, layout: &Arc<Layout>, all: Vec<RowLetter>, shelf: Shelf) -> Result<()> {
        let Shelf { mut batch, mut pdfs, clerk, .. } = shelf;
        batch.sync()?;
        pdfs.sync()?;
        let (archive, root, tell) = (self.archive, self.workspace.root(), self.tell);
        let done = self.register.write(&clerk, |journal| {
            let mut kept = Vec::with_capacity(all.len());
            let held = desk.held(journal.tx)?;
            for letter in &all {
                // Another process may have made the letter of a row that was taken from this one: nothing of it is touched.
                if !held.contains(&letter.row.seq) {
                    if let Some(made) = &letter.made {
                        batch.leave_out(made.at);
                        made.staged.iter().for_each(|at| pdfs.leave_out(*at));
                    }
                    continue;
                }
                let mut findings = letter.findings.clone();
                let id = letter.row.entry.as_deref().unwrap_or_default();
                let is_reserved = Entry::get(journal.tx, id)?.status == Status::Reserved;
                if let (Json::Array(all), Some(_), false) = (&mut findings, &letter.made, is_reserved) {
                    let recipient = stored::recipient(&letter.row, layout);
                    all.push(tell(&recipient.placed(Finding::error("mail-number-void").arg("id", id))));
                }
                for file in letter.made.iter().filter(|_| is_reserved).flat_map(|made| &made.files) {
                    // What somebody put there is not ours to lose.
                    let aside = files::set_aside(root, &file.path, &file.digest)?;
                    if let (Json::Array(all), Some(aside)) = (&mut findings, aside) {
                        all.push(tell(&aside));
                    }
                }
                let is_kept = settle(desk, journal, letter, is_reserved, &findings)?;
                match &letter.made {
                    Some(made) if is_kept => kept.push(&**made),
                    Some(made) => {
                        batch.leave_out(made.at);
                        made.staged.iter().for_each(|at| pdfs.leave_out(*at));
                    }
                    None => {}
                }
            }
            let archived = archive.place_all(journal, &mut batch)?;
            kept.iter().flat_map(|made| &made.staged).try_for_each(|at| pdfs.put(*at))?;
            pdfs.sync()?;
            let mut letters = Vec::with_capacity(kept.len());
            for (made, archived) in kept.into_iter().zip(&archived) {
                letters.push((Entry::get(journal.tx, &made.entry.id)?, made, archived.version));
            }
            let answers = &self.matter.ready.answers;
            let letters: Vec<_> = letters.iter().map(|(entry, made, at)| (entry, made.version(answers), *at)).collect();
            outgoing::settle_all(journal, &letters)
        });
        archive.settled_all(batch, self.register, &clerk, done)?;
        (self.told)(Told::Recorded(all.len() as u64));
        Ok(())
    }
}

impl Done {
    fn version<'a>(&'a self, answers: &'a [String]) -> Made<'a> {
        Made {
            facts: &self.facts,
            digest: &self.digest,
            pages: self.pages,
            files: &self.files,
            text: &self.text,
            answers,
        }
    }
}

/// Says what came of a row; whether its letter is to be recorded.
fn settle(desk: &Desk, journal: &mut Journal, letter: &RowLetter, is_reserved: bool, findings: &Json) -> Result<bool> {
    if letter.made.is_some() && is_reserved {
        return desk.finish(journal, &letter.row, Progress::Done, findings);
    }
    let is_own = desk.finish(journal, &letter.row, Progress::Refused, findings)?;
    if is_own && is_reserved {
        let id = letter.row.entry.as_deref().unwrap_or_default();
        progress::void(journal, id, &plan::reason(findings))?;
    }
    Ok(false)
}
