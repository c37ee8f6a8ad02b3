//! Signing a PDF: PAdES B-B with the key of a PKCS#12 file, B-T with a time-stamping server (ETSI EN 319 142-1).
//!
//! The signature is an incremental update: the file's own bytes stay what they are, and PDF/A-2a and PDF/UA-1 hold on to what
//! they held before.

pub mod appearance;
pub mod cms;
mod field;
mod form;
pub mod identity;
mod increment;
mod structure;
pub mod timestamp;
mod tsp;

use chrono::{DateTime, Utc};

pub use cms::Timestamper;
use field::{Parts, Shown};
pub use identity::Identity;
use increment::Increment;

use super::pdf::text::encoded;
use super::pdf::{Dict, Document, Id, Object, signatures};
use crate::error::{Finding, Result};
use crate::typeset::places::SignaturePlace;

/// The digits of the numbers of a `/ByteRange`, spaces included.
const WIDTH: usize = 12;
/// How often a signature is made anew because the message turned out larger than the room for it.
const ATTEMPTS: usize = 3;

/// A signature to be set.
pub struct Signing<'a> {
    /// Who signs.
    pub identity: &'a Identity,
    /// When, as the signatory's system has it; it stands in the file as `/M`.
    pub moment: DateTime<Utc>,
    /// Gives a time stamp for a signature value; none for a signature without one.
    pub timestamper: Option<Timestamper<'a>>,
    /// What is to be seen of the signature; none for one that can't be seen.
    pub appearance: Option<Appearance>,
    /// The places of visible signatures that others will set later. The first signature makes the fields that they go in:
    /// a field and its place in the structure of a tagged document can't be added once it is signed.
    pub to_come: &'a [SignaturePlace],
    /// Why, in words for people.
    pub reason: Option<String>,
}

/// What is to be seen of a signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Appearance {
    /// The page, from 0.
    pub page: usize,
    /// Left, bottom, right and top, in points from the lower left corner of the page.
    pub rect: [f64; 4],
    /// An untagged PDF of one page, which is shown in that place, stretched to fit.
    pub pdf: Vec<u8>,
}

/// Signs a file: the result begins with its bytes. With an RSA key and no time stamp the same signing gives the same bytes.
///
/// # Errors
/// [`Error::Refused`](crate::error::Error::Refused) when the file can't be read as strictly as a signature asks, has been closed for further signatures, or
/// the identity's certificate does not hold at the moment; what goes wrong at the time-stamping server.
pub fn sign(file: &[u8], signing: &Signing) -> Result<Vec<u8>> {
    signing.identity.check(signing.moment)?;
    let document = Document::read(file)?;
    refuse_closed(&document)?;
    let mut room = cms::expected_size(signing.identity, signing.timestamper.is_some());
    for _ in 0..ATTEMPTS {
        let (mut bytes, contents) = prepared(&document, signing, room)?;
        let (before, after) = (bytes.get(..contents.start), bytes.get(contents.end..));
        let parts = [before.unwrap_or_default(), after.unwrap_or_default()];
        let digest = cms::digest_of(signing.identity, &parts);
        let message = cms::message(signing.identity, &digest, signing.timestamper)?;
        if message.len() <= room {
            let hex = message.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
            if let Some(place) = bytes.get_mut(contents.start + 1..contents.start + 1 + hex.len()) {
                place.copy_from_slice(hex.as_bytes());
                return Ok(bytes);
            }
        }
        room = message.len() + 1024;
    }
    Err(Finding::error("sign-message-grows").into())
}

/// Whether a field waits for a signature in a place: the first signature makes one for each of those to come.
///
/// # Errors
/// When the document has no such page, or its form can't be read.
pub fn waits(document: &Document, place: &SignaturePlace) -> Result<bool> {
    let page = page_id(document, place.page)?;
    Ok(field::waiting(&Increment::new(document), page, place.rect)?.is_some())
}

/// Refuses when a certification says that nothing may change after it (ISO 32000-2, 12.8.2.2, table 257).
fn refuse_closed(document: &Document) -> Result<()> {
    let (_, catalog) = document.last().catalog();
    let permissions = catalog.get(b"Perms").and_then(|permissions| document.last().dict(permissions));
    let certification = permissions.and_then(|permissions| permissions.get(b"DocMDP")?.as_reference());
    let found = signatures(document)?;
    match found.iter().find(|signature| Some(signature.id) == certification && signature.certifies == Some(1)) {
        Some(signature) => Err(Finding::error("sign-closed").arg("field", visible(&signature.name)).into()),
        None => Ok(()),
    }
}

/// The file with a signature to be filled in, and where the value of its `/Contents` stands, `<` and `>` included.
fn prepared(document: &Document, signing: &Signing, room: usize) -> Result<(Vec<u8>, std::ops::Range<usize>)> {
    let mut increment = Increment::new(document);
    let name = signing.identity.name();
    let signature = increment.add(Object::Dictionary(signature_dict(signing, &name, room)))?;
    let mut names = field::free_names(&increment, 1 + signing.to_come.len())?.into_iter();
    let description = format!("Handtekening van {name}");
    let is_first = signatures(document)?.is_empty();
    match &signing.appearance {
        None => {
            let page = page_id(document, 0)?;
            let widget = increment.reserve()?;
            let name = names.next().unwrap_or_default();
            field::add(
                &mut increment,
                widget,
                page,
                Parts { name, description, signature: Some(signature), shown: None },
            )?;
        }
        Some(appearance) => {
            let page = page_id(document, appearance.page)?;
            let form = form::import(&mut increment, &appearance.pdf)?;
            match field::waiting(&increment, page, appearance.rect)? {
                Some(field) => field::fill(&mut increment, field, signature, form),
                None if !is_first && is_tagged(document) => return Err(Finding::error("sign-visible-later").into()),
                None => {
                    let name = names.next().unwrap_or_default();
                    add_visible(&mut increment, page, appearance.rect, form, (name, description, Some(signature)))?;
                }
            }
        }
    }
    for place in signing.to_come.iter().filter(|_| is_first) {
        let page = page_id(document, place.page)?;
        if field::waiting(&increment, page, place.rect)?.is_none() {
            let form = form::empty(&mut increment, place.rect)?;
            let name = names.next().unwrap_or_default();
            let description = format!("Handtekening van {}", visible(&place.name));
            add_visible(&mut increment, page, place.rect, form, (name, description, None))?;
        }
    }
    let updated = increment.finish()?;
    let contents = filled_in(updated, signature, room).ok_or_else(|| Finding::error("sign-file-full"))?;
    Ok(contents)
}

/// Adds a field that shows something; its name, its description, and its signature unless that is still to come.
fn add_visible(
    increment: &mut Increment,
    page: Id,
    rect: [f64; 4],
    form: Id,
    (name, description, signature): (String, String, Option<Id>),
) -> Result<()> {
    let [left, bottom, right, top] = rect;
    if !(rect.iter().all(|value| value.is_finite()) && left < right && bottom < top) {
        return Err(Finding::error("sign-appearance").into());
    }
    let widget = increment.reserve()?;
    let struct_parent = structure::add(increment, widget, page)?;
    let shown = Some(Shown { rect, form, struct_parent });
    Ok(field::add(increment, widget, page, Parts { name, description, signature, shown })?)
}

/// A page by its place, from 0.
fn page_id(document: &Document, at: usize) -> Result<Id> {
    let pages = document.last().pages()?;
    let missing = || Finding::error("sign-page").arg("page", at.saturating_add(1)).arg("total", pages.len());
    Ok(pages.get(at).map(|(id, _)| *id).ok_or_else(missing)?)
}

fn is_tagged(document: &Document) -> bool {
    document.last().catalog().1.get(b"StructTreeRoot").is_some()
}

/// The signature dictionary (12.8.1, table 255; ETSI EN 319 142-1, 6.3). What is filled in later comes before what others
/// named, so that it is found without reading those.
fn signature_dict(signing: &Signing, name: &str, room: usize) -> Dict {
    let number = || Object::Real(" ".repeat(WIDTH - 1) + "0");
    let moment = signing.moment.format("D:%Y%m%d%H%M%S+00'00'").to_string();
    let mut dict = Dict::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with("ByteRange", Object::Array(vec![Object::Integer(0), number(), number(), number()]))
        .with("Contents", Object::String(vec![0; room.max(1)]))
        .with("M", encoded(&moment))
        .with("Name", encoded(name));
    if let Some(reason) = &signing.reason {
        dict.set(b"Reason", encoded(&visible(reason)));
    }
    dict
}

/// Fills in the byte range: all of the file but the value of `/Contents`.
fn filled_in(updated: increment::Updated, id: Id, room: usize) -> Option<(Vec<u8>, std::ops::Range<usize>)> {
    let span = updated.span(id);
    let mut bytes = updated.bytes;
    let find = |bytes: &[u8], what: &[u8]| {
        let at = bytes.get(span.clone())?.windows(what.len()).position(|window| window == what)?;
        Some(span.start + at + what.len())
    };
    let range = find(&bytes, b"/ByteRange [0 ")?;
    let start = find(&bytes, b"/Contents ")?;
    let end = start + 2 * room.max(1) + 2;
    let numbers = [start, end, bytes.len().checked_sub(end)?].map(|number| format!("{number:>WIDTH$}"));
    let written = numbers.join(" ");
    bytes.get_mut(range..range + written.len())?.copy_from_slice(written.as_bytes());
    Some((bytes, start..end))
}

/// A text without control characters.
fn visible(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
