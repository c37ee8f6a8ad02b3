//! The complete contents of one archived version of a letter: what was sent or received, what it was made from, and what
//! is known of it.
//!
//! ```text
//! brief.pdf                      brief.pdf.bestand.MDTO.xml       an outgoing letter; incoming: the file, under its name
//! bijlagen/<name>                bijlagen/<name>.bestand.MDTO.xml
//! scan.<ext>                     scan.<ext>.bestand.MDTO.xml      of the letter signed by hand
//! <kenmerk>.MDTO.xml                                              the letter
//! register.json                                                   its entry, and where the register's chain ended
//! handtekeningen.json                                             the verdict on its signatures
//! bron/                                                           see `source`
//! ```

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::kept::{self, Kept};
use super::mdto::Reference;
use super::mdto::file::File;
use super::mdto::letter::About;
use super::names::Names;
use super::source;
use super::stage::Content;
use crate::error::{Error, Result};
use crate::register::chain::Head;
use crate::register::entry::Direction;
use crate::typeset::places::SignaturePlace;
use crate::workspace::bytes::Bytes;

/// The letter itself, where it is our own.
pub const LETTER: &str = "brief.pdf";

/// The folder of its enclosures.
pub const ENCLOSURES: &str = "bijlagen";

/// Its entry in the register.
pub const REGISTER: &str = "register.json";

/// The verdict on its signatures.
pub const SIGNATURES: &str = "handtekeningen.json";

/// What the name of the metadata of a file adds to the file's.
pub const FILE_ENDING: &str = ".bestand.MDTO.xml";

/// What the name of the metadata of a letter or case adds to its own.
pub const ENDING: &str = ".MDTO.xml";

/// A version of a letter that is to be archived.
#[derive(Clone)]
pub struct Letter<'a> {
    /// What is known of it.
    pub about: &'a About,
    /// The name that the file of an incoming letter had; an outgoing one is always [`LETTER`].
    pub name: &'a str,
    /// The letter: as issued, as signed, or as received.
    pub bytes: Bytes,
    /// Its enclosures: their names and what they hold.
    pub enclosures: &'a [(String, Bytes)],
    /// A scan of it, signed by hand: the extension of its file, and what it holds.
    pub scan: Option<(&'a str, Bytes)>,
    /// What it was typeset from: [`source::gather`]; nothing for an incoming one.
    pub source: &'a [Content],
    /// Where its signatures are to be seen.
    pub places: &'a [SignaturePlace],
    /// The verdict on its signatures, as JSON.
    pub signatures: Option<&'a Json>,
    /// Where the register's chain ended.
    pub head: &'a Head,
    /// The moment of archiving, when the digests are computed.
    pub moment: DateTime<Utc>,
}

/// Everything that the version holds, sorted by path.
///
/// # Errors
/// [`Error::Refused`] when MDTO requires what is not known of the letter.
pub fn contents(letter: &Letter) -> Result<Vec<Content>> {
    let about = letter.about;
    // Names that neither a letter that came in can take, nor a kenmerk such as `brief.pdf.bestand`.
    let described = format!("{LETTER}{FILE_ENDING}");
    let mut names = Names::taken([LETTER, &described, REGISTER, SIGNATURES, ENCLOSURES, source::FOLDER]);
    let main = match about.listed.entry.direction {
        Direction::Out => LETTER.to_string(),
        Direction::In => names.give(letter.name, &[FILE_ENDING]),
    };
    let mut sent = vec![(main, &letter.bytes)];
    let mut inner = Names::default();
    for (name, bytes) in letter.enclosures {
        sent.push((format!("{ENCLOSURES}/{}", inner.give(name, &[FILE_ENDING])), bytes));
    }
    if let Some((extension, bytes)) = &letter.scan {
        sent.push((names.give(&format!("scan.{extension}"), &[FILE_ENDING]), bytes));
    }
    let mut contents = letter.source.to_vec();
    let mut references = Vec::new();
    for (path, bytes) in sent {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let file = File::of(bytes, name, about.file_identification(&path), about.reference(), letter.moment);
        references.push(file.reference());
        contents.push(Content { path: format!("{path}{FILE_ENDING}"), bytes: file.xml().into() });
        contents.push(Content { path, bytes: bytes.clone() });
    }
    let mut additional = vec![REGISTER];
    contents.push(Content { path: REGISTER.into(), bytes: json_bytes(&entry(letter)).into() });
    if let Some(verdict) = letter.signatures {
        additional.push(SIGNATURES);
        contents.push(Content { path: SIGNATURES.into(), bytes: json_bytes(verdict).into() });
    }
    let additional = additional.into_iter().map(|name| Reference::numbered(name, about.file_identification(name)));
    let information = about.information(references, additional.collect());
    let missing = information.missing();
    if !missing.is_empty() {
        return Err(Error::Refused(missing));
    }
    let name = format!("{}{ENDING}", names.give(&about.listed.entry.id, &[ENDING]));
    contents.push(Content { path: name, bytes: information.xml().into() });
    contents.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(contents)
}

/// The entry of the register, with where the chain of its events ended.
fn entry(letter: &Letter) -> Json {
    let (about, head) = (letter.about, letter.head);
    let mut entry = about.listed.json();
    entry["vertrouwelijkheid"] = json!(about.listed.entry.confidentiality);
    entry["wijze"] = json!(about.listed.entry.sent_by);
    let kept =
        Kept { language: about.language.clone(), retention: about.retention.clone(), places: letter.places.to_vec() };
    entry[kept::KEY] = kept.json();
    entry["keten"] = json!({ "nummer": head.seq, "hash": head.hash });
    entry
}

/// A JSON document as people can read it, with a line feed at its end.
pub(super) fn json_bytes(value: &Json) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}
