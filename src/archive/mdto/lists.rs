//! The lists that terms come from. The names are those of the official examples; what those lists are not known to
//! hold comes from lists that this program names as its own, as MDTO allows.

use super::Term;
use crate::workspace::retention::Appraisal;

/// The list of this program's own terms.
const OWN: &str = "Begrippenlijst postkamer";

/// The list of the ZGW Documenten API.
const CONFIDENTIALITY: &str = "ZGW Documenten API: vertrouwelijkheidaanduiding";

/// A whole that other information objects are part of: a case.
pub fn file_level() -> Term {
    Term::new("Dossier", "Begrippenlijst Aggregatieniveaus MDTO")
}

/// A single piece: a letter with its enclosures.
pub fn piece_level() -> Term {
    Term::new("Archiefstuk", "Begrippenlijst Aggregatieniveaus MDTO")
}

/// What becomes of something; what was not decided yet is code N, as in the official example of a series.
pub fn appraisal(appraisal: Option<Appraisal>) -> Term {
    let (label, code) = match appraisal {
        Some(Appraisal::Keep) => ("Blijvend te bewaren", "B"),
        Some(Appraisal::Destroy) => ("Tijdelijk te bewaren", "V"),
        None => ("Nader te bepalen", "N"),
    };
    Term::new(label, "Begrippenlijst Waarderingen MDTO").code(code)
}

/// What can happen to a letter that is worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// It was issued.
    Issued,
    /// It was issued again under the same number.
    IssuedAgain,
    /// It was signed.
    Signed,
    /// It was sent.
    Sent,
    /// It was received.
    Received,
    /// A file was added to it after it was received.
    Added,
    /// It was withdrawn.
    Withdrawn,
}

/// The term of an event. Only "Creatie" is known from the official examples.
pub fn event(kind: EventKind) -> Term {
    match kind {
        EventKind::Issued => Term::new("Creatie", "Begrippenlijst EventTypeLijst MDTO"),
        EventKind::IssuedAgain => Term::new("Nieuwe versie", OWN),
        EventKind::Signed => Term::new("Ondertekening", OWN),
        EventKind::Sent => Term::new("Verzending", OWN),
        EventKind::Received => Term::new("Ontvangst", OWN),
        EventKind::Added => Term::new("Aanvulling", OWN),
        EventKind::Withdrawn => Term::new("Intrekking", OWN),
    }
}

/// The restriction that a level of confidentiality stands for.
///
/// `openbaar` is "Geen beperking" as in the official example of a series; MDTO has at least one, so where nothing was
/// said, that is what it says.
pub fn restriction(confidentiality: Option<&str>) -> Term {
    match confidentiality.map(str::trim).filter(|level| !level.is_empty()) {
        Some("openbaar") => Term::new("Geen beperking", "Begrippenlijst Beperkingen MDTO"),
        Some(level) => Term::new(level.replace('_', " "), CONFIDENTIALITY).code(level),
        None => Term::new("Nader te bepalen", OWN),
    }
}

/// What a person or organisation has to do with a letter: the one to whom it goes, or from whom it came.
pub fn involvement(is_sender: bool) -> Term {
    Term::new(if is_sender { "Afzender" } else { "Geadresseerde" }, OWN)
}

/// The kind of relation: this letter answers the other, or is answered by it.
pub fn relation(answers: bool) -> Term {
    Term::new(if answers { "Is antwoord op" } else { "Wordt beantwoord door" }, OWN)
}

/// A kind of letter (soort).
pub fn kind(kind: &str) -> Term {
    Term::new(kind, OWN)
}

/// A category of the organisation's selection list.
pub fn category(category: &str, organisation: &str) -> Term {
    Term::new(category, format!("Selectielijst {organisation}"))
}

/// A format by its number in PRONOM.
pub fn format(label: &str, puid: Option<&str>) -> Term {
    let term = Term::new(label, "PRONOM-register");
    match puid {
        Some(puid) => term.code(puid),
        None => term,
    }
}

/// SHA-256.
pub fn sha256() -> Term {
    Term::new("SHA-256", "Begrippenlijst ChecksumAlgoritme MDTO")
}
