//! Which letters belong together: said by hand, where no letter file says so.

use serde_json::{Value as Json, json};

use super::{Changed, changed, find, refuse};
use crate::error::{Finding, Result};
use crate::letter::answered;
use crate::register::chain::Journal;
use crate::register::db::Tx;
use crate::register::entry::{Entry, Status};
use crate::register::given;
use crate::register::links::{self, Kind};

/// Links a letter to another: it answers it, or belongs to the same case. True if the link is new.
///
/// # Errors
/// When both are the same letter, one of them is void, or the other one answers it.
pub fn link(journal: &mut Journal, id: &str, kind: Kind, other: &str) -> Result<(Changed, bool)> {
    let (source, target) = both(journal, id, other)?;
    if let Some(void) = [&source, &target].into_iter().find(|entry| entry.status == Status::Void) {
        return Err(refuse(void, "link").into());
    }
    let mut warnings = Vec::new();
    if kind == Kind::Answers {
        if links::answered_by(journal.tx, &target.id)?.contains(&source.id) {
            return Err(Finding::error("link-both-ways").arg("id", &source.id).arg("other", &target.id).into());
        }
        if source.direction == target.direction {
            let finding = Finding::warning("link-one-way").arg("id", &source.id).arg("other", &target.id);
            warnings.push(finding.arg("direction", source.direction.word()));
        }
    }
    // Of two letters of one case each belongs to that of the other: one link says it.
    let is_new = !(kind == Kind::SameCase && is_linked(journal, &target, kind, &source)?)
        && links::add(journal.tx, &source.id, kind, &target.id)?;
    if is_new {
        note(journal, "gekoppeld", [&source, &target], kind, None)?;
    }
    Ok((changed(journal, &source.id, warnings)?, is_new))
}

/// Refuses what a letter file can't answer: itself, a number that is void, or the letter that answers it.
///
/// # Errors
/// [`crate::error::Error::Refused`] with what is wrong, under the key of the letter file.
pub fn check_answer(tx: &mut Tx, id: Option<&str>, other: &str) -> Result<()> {
    let Some(target) = Entry::find(tx, other)? else { return Ok(()) };
    let own = id.unwrap_or_default();
    let finding = if target.id == own {
        Finding::error("link-itself").arg("id", own)
    } else if target.status == Status::Void {
        refuse(&target, "link")
    } else if links::answered_by(tx, &target.id)?.iter().any(|answer| answer == own) {
        Finding::error("link-both-ways").arg("id", own).arg("other", &target.id)
    } else {
        return Ok(());
    };
    Err(finding.key(answered::KEY).into())
}

/// Takes a link away. What is no longer answered by any letter is open again.
///
/// # Errors
/// When there is no reason or no such link.
pub fn unlink(journal: &mut Journal, id: &str, kind: Kind, other: &str, reason: &str) -> Result<Changed> {
    let reason = given::reason(reason)?;
    let (source, target) = both(journal, id, other)?;
    let ends = if links::remove(journal.tx, &source.id, kind, &target.id)? {
        [&source, &target]
    } else if kind == Kind::SameCase && links::remove(journal.tx, &target.id, kind, &source.id)? {
        [&target, &source]
    } else {
        let finding = Finding::error("link-missing").arg("id", &source.id).arg("other", &target.id);
        return Err(finding.arg("kind", kind.word()).into());
    };
    note(journal, "ontkoppeld", ends, kind, Some(&reason))?;
    changed(journal, &source.id, Vec::new())
}

fn both(journal: &mut Journal, id: &str, other: &str) -> Result<(Entry, Entry)> {
    let (source, target) = (find(journal, id)?, find(journal, other)?);
    if source.id == target.id {
        return Err(Finding::error("link-itself").arg("id", &source.id).into());
    }
    Ok((source, target))
}

fn is_linked(journal: &mut Journal, source: &Entry, kind: Kind, target: &Entry) -> Result<bool> {
    Ok(links::targets(journal.tx, &source.id, kind)?.contains(&target.id))
}

/// Notes on both ends what became of a link, and whether the target is answered now.
fn note(journal: &mut Journal, what: &str, ends: [&Entry; 2], kind: Kind, reason: Option<&str>) -> Result<()> {
    let [source, target] = ends;
    let said = |is: &str, other: &Entry| {
        let mut details = json!({ "als": is, "met": other.id });
        if let (Json::Object(details), Some(reason)) = (&mut details, reason) {
            details.insert("reden".into(), reason.into());
        }
        details
    };
    let seen_from_there = match kind {
        Kind::Answers => "beantwoord-door",
        Kind::SameCase => kind.word(),
    };
    journal.note(&source.id, what, &said(kind.word(), target))?;
    journal.note(&target.id, what, &said(seen_from_there, source))?;
    if kind == Kind::Answers {
        links::refresh_answered(journal, &target.id)?;
    }
    Ok(())
}
