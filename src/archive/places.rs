//! Where in a letter of the archive a signature is to be seen.

use super::contents::REGISTER;
use super::kept::Kept;
use super::shown::Held;
use crate::error::{Finding, Result};
use crate::letter::words::Language;
use crate::signature::pdf::{Document, signatures};
use crate::typeset::places::SignaturePlace;

/// The place of the next signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    /// The signatory's own place.
    pub own: SignaturePlace,
    /// The places of those who sign later; none once somebody has signed.
    pub to_come: Vec<SignaturePlace>,
    /// The language of the letter.
    pub language: Language,
}

/// Where the next signature of a letter is to be seen: at the place with the name in the signatory's certificate, else at
/// the next one that is free. None when the letter's template asks for no visible signatures.
///
/// # Errors
/// When the archive holds something else than was recorded, or the letter can't be read strictly.
pub fn next(held: &Held, letter: &[u8], signatory: &str) -> Result<Option<Next>> {
    let broken = || Finding::error("archive-object-changed").arg("id", &held.entry.id);
    let kept = Kept::of(&held.recorded(REGISTER)?.ok_or_else(broken)?);
    let language = kept.language.as_deref().and_then(Language::from_code).unwrap_or_default();
    let mut places = kept.places;
    let signed = signatures(&Document::read(letter)?)?.len();
    let same = |place: &SignaturePlace| place.name.trim().to_lowercase() == signatory.trim().to_lowercase();
    let Some(at) = places.iter().position(same).or((signed < places.len()).then_some(signed)) else { return Ok(None) };
    let own = places.remove(at);
    Ok(Some(Next { own, to_come: if signed == 0 { places } else { Vec::new() }, language }))
}
