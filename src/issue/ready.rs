//! What a letter is made of, gathered before anything is changed.

use std::path::Path;

use serde_json::json;

use crate::draft::Draft;
use crate::error::{Error, Finding, Findings, Result};
use crate::letter::{Letter, answered, front};
use crate::register::files::{FileRecord, sha256};
use crate::register::given;
use crate::register::outgoing::Facts;
use crate::workspace::Workspace;
use crate::workspace::bytes::Bytes;

/// A letter that was read, and everything that it is made of.
pub struct Ready {
    /// The letter.
    pub draft: Draft,
    /// Its path from the workspace, by which the register knows it.
    pub path: String,
    /// SHA-256 of what the author made: the letter file, its enclosures and its images.
    pub digest: String,
    /// What the register keeps of it.
    pub facts: Facts,
    /// The letters that it answers, sorted.
    pub answers: Vec<String>,
    /// The names of its enclosures with what they hold.
    pub enclosures: Vec<(String, Bytes)>,
}

impl Ready {
    /// What the letter itself says; it was composed once, so that its images are known.
    ///
    /// # Errors
    /// When a text is longer than the register keeps, or an enclosure can't be read.
    pub fn gather(workspace: &Workspace, draft: Draft, path: String) -> Result<Self> {
        let facts = facts(&draft.letter)?;
        let enclosures = enclosures(workspace, &draft)?;
        let digest = digest(workspace, &draft, &enclosures)?;
        let mut answers: Vec<_> =
            answered::ids(&draft.letter.front).into_iter().map(|(_, id)| id.trim().to_string()).collect();
        answers.sort();
        answers.dedup();
        Ok(Self { draft, path, digest, facts, answers, enclosures })
    }

    /// What the enclosure of a record of the register holds; none when the letter has no such enclosure any more.
    pub fn enclosure(&self, record: &FileRecord) -> Option<&Bytes> {
        // Positions are counted from 1.
        let at = usize::try_from(record.position).ok()?.checked_sub(1)?;
        self.enclosures.get(at).map(|(_, bytes)| bytes)
    }
}

/// The path by which the register knows a letter.
pub(crate) fn letter_key(workspace: &Workspace, letter: &Path, draft: &Draft) -> Result<String> {
    let start = || draft.letter.source.place(0..0);
    if !letter.starts_with(workspace.root()) {
        return Err(Finding::error("letter-outside").arg("path", letter.display()).at(start()).into());
    }
    let shown = workspace.shown(letter);
    let parts: Option<Vec<_>> = shown.iter().map(|part| part.to_str()).collect();
    let key = parts.map(|parts| parts.join("/")).filter(|key| !key.contains(char::is_control));
    // Two names that can't be told apart would be one letter.
    key.ok_or_else(|| Finding::error("letter-name").arg("value", shown.to_string_lossy()).at(start()).into())
}

/// What the register keeps of a letter. That has limits, so that what is written in a table can be read from it again.
///
/// # Errors
/// [`Error::Refused`] for a text that is longer.
pub fn facts(letter: &Letter) -> Result<Facts> {
    let facts = said(letter);
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let texts = [
        ("kenmerk", letter.reference().unwrap_or_default().to_string(), given::REFERENCE),
        ("zaaknummer", optional(&facts.case_number), given::REFERENCE),
        ("uw_kenmerk", optional(&facts.their_reference), given::REFERENCE),
        ("onderwerp", facts.subject.clone(), given::SUBJECT),
        ("ontvanger", optional(&facts.correspondent), given::SUBJECT),
    ];
    let mut findings = Findings::default();
    for (key, text, limit) in texts {
        let length = text.chars().count();
        if length > limit {
            let finding = Finding::error("text-too-long").key(key).arg("length", length).arg("limit", limit);
            findings.push(finding.at(letter.front.place(key)));
        }
    }
    findings.refuse_errors()?;
    Ok(facts)
}

fn enclosures(workspace: &Workspace, draft: &Draft) -> Result<Vec<(String, Bytes)>> {
    let (paths, _) = draft.letter.enclosures();
    let mut files = Vec::new();
    for (at, path) in paths.into_iter().enumerate() {
        let refuse = |code| {
            let key = format!("bijlagen.{at}");
            Finding::error(code).key(&key).arg("path", path).at(draft.letter.front.place(&key))
        };
        let file = workspace.file_beside(draft.folder(), path).ok_or_else(|| refuse("path-outside"))?;
        // A register that is enclosed in a letter changes with every letter.
        if workspace.is_own(&file) {
            return Err(refuse("enclosure-own").into());
        }
        let bytes = std::fs::read(&file).map_err(|cause| Error::io("read", &file, cause))?;
        let name = path.rsplit('/').next().unwrap_or(path);
        files.push((name.to_string(), bytes.into()));
    }
    Ok(files)
}

fn digest(workspace: &Workspace, draft: &Draft, enclosures: &[(String, Bytes)]) -> Result<String> {
    let mut images = Vec::new();
    for path in draft.images() {
        let bytes = std::fs::read(&path).map_err(|cause| Error::io("read", &path, cause))?;
        images.push((workspace.shown(&path), sha256(&bytes)));
    }
    let enclosures: Vec<_> = enclosures.iter().map(|(name, bytes)| (name, bytes.sha256())).collect();
    let whole = json!({ "brief": draft.letter.source.text(), "bijlagen": enclosures, "beelden": images });
    Ok(sha256(whole.to_string().as_bytes()))
}

fn said(letter: &Letter) -> Facts {
    let front = &letter.front;
    let text = |key: &str| front.text(key).map(|text| text.trim().to_string());
    let to = front::addressee_of(front).unwrap_or_default();
    let names = [to.organisatie.trim().to_string(), to.full_name()];
    Facts {
        subject: text("onderwerp").unwrap_or_default(),
        correspondent: names.into_iter().find(|name| !name.is_empty()),
        new_case: letter.asks_for_case(),
        case_number: text("zaaknummer").filter(|_| !letter.asks_for_case()),
        dated: front.date("datum"),
        their_reference: text("uw_kenmerk"),
        their_date: front.date("uw_brief"),
        confidentiality: text("vertrouwelijkheid"),
    }
}
