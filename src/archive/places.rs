//! Where in a letter of the archive a signature is to be seen.

use super::contents::REGISTER;
use super::kept::Kept;
use super::shown::Held;
use crate::error::{Finding, Result};
use crate::letter::words::Language;
use crate::signature::pdf::{Document, signatures};
use crate::signature::sign;
use crate::typeset::places::SignaturePlace;

/// Where the next signature is to be seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// The letter's template asks for no visible signatures.
    Unasked,
    /// The signatory's place is taken, or nobody made one before the first signature.
    Taken,
    /// A place that is free.
    Next {
        /// The signatory's own place.
        own: SignaturePlace,
        /// The places of those who sign later; none once somebody has signed.
        to_come: Vec<SignaturePlace>,
        /// The language of the letter.
        language: Language,
    },
}

/// Where the next signature of a letter is to be seen: at the place with the name in the signatory's certificate; for a name
/// that isn't on the letter, at the first place that is free.
///
/// # Errors
/// When the archive holds something else than was recorded, or the letter can't be read strictly.
pub fn next(held: &Held, letter: &[u8], signatory: &str) -> Result<Place> {
    let broken = || Finding::error("archive-object-changed").arg("id", &held.entry.id);
    let kept = Kept::of(&held.recorded(REGISTER)?.ok_or_else(broken)?, &held.entry.id)?;
    let language = kept.language.as_deref().and_then(Language::from_code).unwrap_or_default();
    let mut places = kept.places;
    if places.is_empty() {
        return Ok(Place::Unasked);
    }
    let document = Document::read(letter)?;
    let is_first = signatures(&document)?.is_empty();
    // Once somebody has signed, only the fields that the first signature made can be filled in.
    let free: Vec<bool> =
        places.iter().map(|place| Ok(is_first || sign::waits(&document, place)?)).collect::<Result<_>>()?;
    let same = |place: &SignaturePlace| place.name.trim().to_lowercase() == signatory.trim().to_lowercase();
    let is_named = places.iter().any(same);
    let fits = |at: &usize| free.get(*at) == Some(&true) && (!is_named || places.get(*at).is_some_and(same));
    let Some(at) = (0..places.len()).find(fits) else { return Ok(Place::Taken) };
    let own = places.remove(at);
    Ok(Place::Next { own, to_come: if is_first { places } else { Vec::new() }, language })
}
