//! The letters as the Documenten API of the ZGW standards (VNG Realisatie, version 1.5) names and measures things.
//!
//! Each file of the last version of a letter is an `EnkelvoudigInformatieObject`; a letter without files is one too. What
//! only the receiving system can know is not there: `informatieobjecttype`, the content, and links to other systems.
//! `verzending` holds what the resource `Verzending` would.
//!
//! - Reserved and void numbers are left out: there is no document. Withdrawn letters are there with `inhoudIsVervallen`.
//! - The `status` is `definitief`, also of what came in: the standard calls so what was established "or received", and
//!   allows neither `in_bewerking` nor `ter_vaststelling` beside an `ontvangstdatum`.
//! - A register does not know the language of a letter: `taal` is `dut` (ISO 639-2/B).
//! - What is longer than the standard allows is cut; a title then stands in full, or in as much as fits, in `beschrijving`.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use serde_json::{Value as Json, json};

use super::facts::Facts;
use crate::error::{Finding, Result};
use crate::register::db::Tx;
use crate::register::entry::{Direction, Entry, Status};
use crate::register::files::{FileRecord, Role, sha256};
use crate::workspace::settings::Organisation;
use crate::zone;

/// The longest `identificatie`, in characters.
const MAX_IDENTIFICATION: usize = 40;

/// The longest `titel`, `auteur` and `toelichting`.
const MAX_NAME: usize = 200;

/// The longest `bestandsnaam`.
const MAX_FILE_NAME: usize = 255;

/// The longest `beschrijving`.
const MAX_DESCRIPTION: usize = 1000;

/// Who wrote a letter whose sender nobody recorded: the standard wants an author.
const UNKNOWN: &str = "onbekend";

/// The documents, in the order of [`Facts::all`], each letter before its enclosures; and what was noticed.
///
/// # Errors
/// When the database fails.
pub fn documents(tx: &mut Tx, sender: &Organisation) -> Result<(Vec<Json>, Vec<Finding>)> {
    let mut files: HashMap<String, Vec<FileRecord>> = HashMap::new();
    for row in tx.rows("SELECT * FROM file ORDER BY entry, version, position", &[])? {
        files.entry(row.text("entry")).or_default().push(FileRecord::of_row(&row));
    }
    let recorded = days_of_recording(tx)?;
    let letters = Facts::all(tx)?.into_iter().map(|letter| letter.listed.entry);
    let mut documents = Vec::new();
    for letter in letters.filter(|letter| !matches!(letter.status, Status::Reserved | Status::Void)) {
        let mut files = files.remove(&letter.id).unwrap_or_default();
        let last = files.iter().map(|file| file.version).filter(|version| *version <= letter.version).max();
        files.retain(|file| Some(file.version) == last);
        let day = recorded.get(&letter.id).copied().or(letter.received).or(letter.reserved);
        let document = |file: Option<&FileRecord>| document(&letter, file, day, sender);
        if !files.iter().any(|file| file.role == Role::Letter) {
            documents.push(document(None));
        }
        documents.extend(files.iter().map(|file| document(Some(file))));
    }
    let nobody = sender.rsin.is_empty() && !documents.is_empty();
    Ok((documents, nobody.then(|| Finding::warning("zgw-rsin").key("organisatie.rsin")).into_iter().collect()))
}

fn document(letter: &Entry, file: Option<&FileRecord>, day: Option<NaiveDate>, sender: &Organisation) -> Json {
    let enclosure = file.filter(|file| file.role == Role::Enclosure);
    let came_in = letter.direction == Direction::In;
    let name = file.map(|file| file.name.as_str()).unwrap_or_default();
    let (identification, title, description) = match enclosure {
        Some(file) => (
            format!("{}-B{}", letter.id, file.position),
            file.name.as_str(),
            format!("Bijlage bij {}: {}", letter.id, letter.subject),
        ),
        None => {
            let is_cut = letter.subject.chars().count() > MAX_NAME;
            (letter.id.clone(), letter.subject.as_str(), if is_cut { letter.subject.clone() } else { String::new() })
        }
    };
    let author = if came_in { letter.correspondent.as_deref().unwrap_or(UNKNOWN) } else { &sender.naam };
    let (received, sent) = if came_in { (letter.received, None) } else { (None, letter.sent) };
    let date = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    json!({
        "identificatie": identification_of(identification),
        "bronorganisatie": Some(&sender.rsin).filter(|rsin| !rsin.is_empty()),
        "creatiedatum": date(letter.dated.or(letter.received).or(letter.reserved)),
        "titel": cut(title, MAX_NAME),
        "vertrouwelijkheidaanduiding": letter.confidentiality.as_deref().unwrap_or_default(),
        "auteur": cut(author, MAX_NAME),
        "status": "definitief",
        "inhoudIsVervallen": letter.status == Status::Withdrawn,
        "formaat": file.map(|file| media_type(&file.name)).unwrap_or_default(),
        "taal": "dut",
        "bestandsnaam": cut(name, MAX_FILE_NAME),
        "inhoud": null,
        "bestandsomvang": file.map(|file| file.size),
        "beschrijving": cut(&description, MAX_DESCRIPTION),
        "ontvangstdatum": date(received),
        "verzenddatum": date(sent),
        "integriteit": file.and_then(|file| integrity(file, date(day))),
        "verzending": {
            "aardRelatie": if came_in { "afzender" } else { "geadresseerde" },
            "toelichting": cut(letter.correspondent.as_deref().unwrap_or_default(), MAX_NAME),
            "ontvangstdatum": date(received),
            "verzenddatum": date(sent),
        },
    })
}

/// The number, or as much of it as fits with eight digits of its digest: cut numbers must stay apart.
fn identification_of(number: String) -> String {
    if number.chars().count() <= MAX_IDENTIFICATION {
        return number;
    }
    let start: String = number.chars().take(MAX_IDENTIFICATION - 9).collect();
    format!("{start}-{}", &sha256(number.as_bytes())[..8])
}

/// The text, or its beginning with `…` where it is longer than that many characters.
fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_string();
    }
    let start: String = text.chars().take(limit - 1).collect();
    format!("{}…", start.trim_end())
}

/// The digest by the name that the standard has for its algorithm; none for an algorithm that it doesn't know.
fn integrity(file: &FileRecord, day: Option<String>) -> Option<Json> {
    let algorithm = match file.algorithm.as_str() {
        "sha256" => "sha_256",
        "sha512" => "sha_512",
        _ => return None,
    };
    Some(json!({ "algoritme": algorithm, "waarde": file.digest, "datum": day }))
}

/// The media type (IANA) that the extension of a file stands for.
fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "rtf" => "application/rtf",
        "txt" | "md" => "text/plain",
        "csv" => "text/csv",
        "htm" | "html" => "text/html",
        "xml" => "application/xml",
        "json" => "application/json",
        "eml" => "message/rfc822",
        "msg" => "application/vnd.ms-outlook",
        "zip" => "application/zip",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "tif" | "tiff" => "image/tiff",
        _ => "application/octet-stream",
    }
}

/// The day in the Netherlands on which the last files of each letter were recorded, and their digests made.
fn days_of_recording(tx: &mut Tx) -> Result<HashMap<String, NaiveDate>> {
    let sql = "SELECT entry, max(moment) AS moment FROM event
               WHERE what IN ('ontvangen', 'aangevuld', 'vastgesteld', 'nieuwe-versie') GROUP BY entry";
    let rows = tx.rows(sql, &[])?;
    let read = rows.iter().filter_map(|row| {
        let moment = DateTime::parse_from_rfc3339(&row.text("moment")).ok()?;
        Some((row.text("entry"), zone::day(&moment)))
    });
    Ok(read.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_and_stays_apart() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("éabc", 3), "éa…");
        assert_eq!(cut("a bcd", 3), "a…");
        let long = |last: &str| identification_of("D2023-02-".to_string() + &"0".repeat(40) + last);
        assert_eq!(long("1").chars().count(), MAX_IDENTIFICATION);
        assert_ne!(long("1"), long("2"));
        assert_eq!(identification_of("2021/0266135".into()), "2021/0266135");
    }

    #[test]
    fn a_digest_keeps_the_name_of_its_algorithm() {
        let file = |algorithm: &str| FileRecord {
            algorithm: algorithm.into(),
            ..FileRecord::of(b"x", 1, Role::Letter, 0, "x.PDF", "inkomend/x.pdf")
        };
        assert_eq!(integrity(&file("sha256"), None).unwrap()["algoritme"], "sha_256");
        assert_eq!(integrity(&file("blake3"), None), None);
        assert_eq!((media_type("x.PDF"), media_type("x")), ("application/pdf", "application/octet-stream"));
    }
}
