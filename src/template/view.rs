//! What a template is filled with: the letter's fields, and everything derived from them.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json, json};

use super::manifest::{Manifest, millimetres};
use crate::contract::{Contract, Field, Kind};
use crate::letter::addressee::Addressee;
use crate::letter::kix::{self, Bar};
use crate::letter::words::{Language, short_date};
use crate::letter::{Letter, address, front, salutation};
use crate::workspace::settings::{Closing, Contact, Organisation, Settings};

/// The number that a register would give, or has given, to a letter without one in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering<'a> {
    /// A draft: a letter without a number is marked as such.
    Draft,
    /// The numbers of this letter.
    Given {
        /// The kenmerk.
        reference: &'a str,
        /// The zaaknummer, where the letter asked for a new one.
        case: Option<&'a str>,
    },
}

/// The data of one letter for handlebars: its fields as running text has them, and `brief` for the letterhead.
pub fn data(
    letter: &Letter,
    contract: &Contract,
    manifest: &Manifest,
    settings: &Settings,
    day: NaiveDate,
    numbering: Numbering,
) -> Json {
    let language = letter.language();
    let words = language.words();
    let day = letter.front.date("datum").unwrap_or(day);
    let mut fields = readable_fields(&letter.front.values, contract, language);
    let reference = letter.reference().or(match numbering {
        Numbering::Draft => None,
        Numbering::Given { reference, .. } => Some(reference),
    });
    let case = match (letter.front.text("zaaknummer"), numbering) {
        (Some("nieuw"), Numbering::Given { case, .. }) => case,
        (Some("nieuw"), Numbering::Draft) => None,
        (case, _) => case,
    };
    let awaits_case = letter.front.text("zaaknummer").is_some() && case.is_none();
    let is_draft = reference.is_none() || awaits_case;
    let brief = letterhead(letter, manifest, settings, &Numbers { day, reference, case, is_draft });
    fields["datum"] = language.long_date(day).into();
    fields["kenmerk"] = reference.unwrap_or(words.draft()).into();
    if awaits_case || case.is_some() {
        fields["zaaknummer"] = case.unwrap_or(words.draft()).into();
    }
    fields["taal"] = language.code().into();
    fields["brief"] = brief;
    fields
}

/// The names that a letterhead may use besides those of the letter: `brief` and its parts.
pub fn letterhead_contract(letter: Contract) -> Contract {
    let text = |name: &str| Field::optional(name, Kind::Text, "");
    let list = |name: &str, kind: Kind| Field::optional(name, Kind::List(Box::new(kind)), "");
    let any = |name: &str| Field::optional(name, Kind::Map(Box::new(Kind::Text)), "");
    let brief: Contract = [
        text("taal"),
        any("woorden"),
        Field::optional("concept", Kind::Boolean, ""),
        any("afzender"),
        any("inlichtingen"),
        list("adres", Kind::Text),
        list("per_email", Kind::Text),
        text("email"),
        list("kenmerkregel", Kind::Map(Box::new(Kind::Text))),
        any("venster"),
        list("vouwmerken", Kind::Text),
        text("kenmerk"),
        text("zaaknummer"),
        text("onderwerp"),
        text("aanhef"),
        text("slotalinea"),
        text("slotgroet"),
        text("namens"),
        list("ondertekenaars", Kind::Map(Box::new(Kind::Text))),
        Field::optional("zichtbaar", Kind::Boolean, ""),
        text("kix"),
        text("retour"),
        list("verzonden_aan", Kind::Text),
        list("kopie_aan", Kind::Text),
        list("bijlagen", Kind::Text),
    ]
    .into_iter()
    .collect();
    letter.with([
        Field::optional("brief", Kind::Table(brief), ""),
        Field::optional("inhoud", Kind::Text, ""),
        Field::optional("bestand", Kind::Text, ""),
    ])
}

struct Numbers<'a> {
    day: NaiveDate,
    reference: Option<&'a str>,
    case: Option<&'a str>,
    /// Whether a number is still to come.
    is_draft: bool,
}

fn letterhead(letter: &Letter, manifest: &Manifest, settings: &Settings, numbers: &Numbers) -> Json {
    let front = &letter.front;
    let language = letter.language();
    let words = language.words();
    let to = front::addressee_of(front).unwrap_or_default();
    let sender = &sender(letter, manifest, settings);
    let closing =
        front.text("ondertekening").and_then(|key| settings.ondertekening.get(key)).cloned().unwrap_or_default();
    let by_email = address::is_by_email(&to);
    let (names, _) = letter.enclosures();
    let file_name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_string();
    let mut head = json!({
        "taal": language.code(),
        "woorden": words,
        "concept": numbers.is_draft,
        "afzender": sender_block(sender),
        "inlichtingen": contact(letter, settings).map(|contact| json!({
            "naam": contact.naam, "telefoon": text(&contact.telefoon), "email": text(&contact.email),
        })),
        "adres": address::lines(&to, language),
        "per_email": by_email.then(|| address::email_lines(&to, language)),
        "email": by_email.then_some(to.email.trim()),
        "kenmerkregel": reference_line(letter, manifest, numbers),
        "venster": {
            "kant": manifest.venster.kant,
            "links": millimetres(&manifest.venster.links), "breedte": millimetres(&manifest.venster.breedte),
            "midden": millimetres(&manifest.venster.midden), "kenmerkregel": millimetres(&manifest.venster.kenmerkregel),
        },
        "vouwmerken": manifest.vouwmerken.iter().map(|mark| millimetres(mark)).collect::<Vec<_>>(),
        "kenmerk": numbers.reference,
        "zaaknummer": numbers.case,
        "onderwerp": front.text("onderwerp").unwrap_or_default(),
        "aanhef": opening(letter, &to, language),
        "slotalinea": null,
        "slotgroet": closing.slotgroet.as_deref().unwrap_or(words.closing()),
        "namens": on_behalf_of(&closing, manifest, language),
        "ondertekenaars": closing.ondertekenaars.iter()
            .map(|signatory| json!({ "rol": text(&signatory.rol), "naam": signatory.naam })).collect::<Vec<_>>(),
        "verzonden_aan": list(front.get("verzonden_aan")),
        "kopie_aan": list(front.get("kopie_aan")),
        "bijlagen": names.into_iter().map(file_name).collect::<Vec<_>>(),
    });
    // Where a template doesn't ask for it, its data stay what they were.
    if manifest.venster.kix {
        head["kix"] =
            kix::code(&to).map(|code| kix::bars(&code).into_iter().map(Bar::letter).collect::<String>()).into();
    }
    if let Some(line) = return_line(letter, manifest, settings) {
        head["retour"] = line.into();
    }
    if manifest.ondertekening.zichtbaar {
        head["zichtbaar"] = true.into();
    }
    head
}

fn sender<'a>(letter: &Letter, manifest: &'a Manifest, settings: &'a Settings) -> Cow<'a, Organisation> {
    let own = letter.front.get("afzender").and_then(|sender| serde_json::from_value(sender.clone()).ok());
    own.map_or_else(|| Cow::Borrowed(manifest.afzender.as_ref().unwrap_or(&settings.organisatie)), Cow::Owned)
}

/// Where the post returns a letter to, on one line; none where the template doesn't ask for it, or there is no address.
pub fn return_line(letter: &Letter, manifest: &Manifest, settings: &Settings) -> Option<String> {
    let sender = manifest.venster.retour.then(|| sender(letter, manifest, settings))?;
    let address = [&sender.postadres, &sender.bezoekadres].map(|lines| written(lines));
    let address = address.into_iter().find(|lines| !lines.is_empty())?;
    Some(format!("{}: {}", letter.language().words().retour(), address.join(", ")))
}

/// Who answers questions about the letter: a key of the settings, or a contact of its own.
fn contact(letter: &Letter, settings: &Settings) -> Option<Contact> {
    match letter.front.get("inlichtingen_bij")? {
        Json::String(key) => settings.inlichtingen.get(key).cloned(),
        own => serde_json::from_value(own.clone()).ok(),
    }
}

fn opening(letter: &Letter, to: &Addressee, language: Language) -> Option<String> {
    match letter.front.get("aanhef").and_then(Json::as_str) {
        Some(written) => Some(written.to_string()).filter(|written| !written.trim().is_empty()),
        None => Some(salutation::salutation(to, language)),
    }
}

fn on_behalf_of(closing: &Closing, manifest: &Manifest, language: Language) -> Option<String> {
    let name = text(&closing.namens)?;
    let name = name.trim_end_matches(',');
    Some(if manifest.namens { format!("{} {name},", language.words().on_behalf_of()) } else { format!("{name},") })
}

fn sender_block(sender: &Organisation) -> Json {
    json!({
        "naam": sender.naam,
        "bezoekadres": written(&sender.bezoekadres),
        "postadres": written(&sender.postadres),
        "telefoon": text(&sender.telefoon),
        "fax": text(&sender.fax),
        "website": text(&sender.website),
        "email": text(&sender.email),
        "kvk": text(&sender.kvk),
        "iban": text(&sender.iban),
        "logo": text(&sender.logo).map(|path| format!("/{path}")),
        "logo_alt": text(&sender.logo_alt),
    })
}

fn reference_line(letter: &Letter, manifest: &Manifest, numbers: &Numbers) -> Vec<Json> {
    let words = letter.language().words();
    let (_, enclosures) = letter.enclosures();
    let value = |column: &str| match column {
        "datum" => short_date(numbers.day),
        "kenmerk" => numbers.reference.unwrap_or_default().to_string(),
        "zaaknummer" => numbers.case.unwrap_or_default().to_string(),
        "bijlagen" if enclosures > 0 => enclosures.to_string(),
        "uw_brief" => letter.front.date("uw_brief").map(short_date).unwrap_or_default(),
        "uw_kenmerk" => letter.front.text("uw_kenmerk").unwrap_or_default().to_string(),
        _ => String::new(),
    };
    let columns = manifest.kenmerkregel.iter();
    columns
        .map(|column| json!({ "kop": words.heading(column), "waarde": value(column), "pagina": column == "pagina" }))
        .collect()
}

/// The fields as running text has them: dates written out, lists always there, absent fields left out.
fn readable(value: &Json, kind: &Kind, language: Language) -> Json {
    match (value, kind) {
        (Json::String(day), Kind::Date) => {
            day.parse().map_or_else(|_| value.clone(), |day| language.long_date(day).into())
        }
        (Json::Object(fields), Kind::Table(contract)) => readable_fields(fields, contract, language),
        (Json::Object(fields), Kind::Map(kind)) => {
            Json::Object(fields.iter().map(|(name, field)| (name.clone(), readable(field, kind, language))).collect())
        }
        (Json::Array(items), Kind::List(kind)) => items.iter().map(|item| readable(item, kind, language)).collect(),
        _ => value.clone(),
    }
}

fn readable_fields(fields: &Map<String, Json>, contract: &Contract, language: Language) -> Json {
    let mut filled: Map<String, Json> = fields
        .iter()
        .filter_map(|(name, field)| Some((name.clone(), readable(field, &contract.field(name)?.kind, language))))
        .collect();
    for field in &contract.fields {
        if matches!(field.kind, Kind::List(_)) && !filled.contains_key(&field.name) {
            filled.insert(field.name.clone(), json!([]));
        }
    }
    Json::Object(filled)
}

fn list(value: Option<&Json>) -> Json {
    value.cloned().unwrap_or_else(|| json!([]))
}

/// The lines that are not empty.
fn written(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect()
}

/// The text, unless it is empty.
fn text(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
