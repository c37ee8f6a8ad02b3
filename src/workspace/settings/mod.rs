//! `postkamer.toml`: its contract and its typed values.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::contract::{Contract, Field, Kind};

/// The settings of a workspace. Everything but the organisation's name has a default.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Identity of the workspace.
    pub werkruimte: Identity,
    /// The sender of the letters.
    pub organisatie: Organisation,
    /// Contacts by key, for "Inlichtingen bij".
    pub inlichtingen: BTreeMap<String, Contact>,
    /// Closings with their signatories by key.
    pub ondertekening: BTreeMap<String, Closing>,
    /// Standards of the PDF.
    pub pdf: Pdf,
}

/// `[werkruimte]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Letters are known to a register by this and their path.
    pub id: String,
}

/// `[organisatie]`: what the sender block shows.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Organisation {
    /// The name.
    pub naam: String,
    /// Lines of the visiting address.
    pub bezoekadres: Vec<String>,
    /// Lines of the postal address.
    pub postadres: Vec<String>,
    /// Telephone number.
    pub telefoon: String,
    /// Fax number.
    pub fax: String,
    /// Web site without scheme.
    pub website: String,
    /// E-mail address.
    pub email: String,
    /// Number in the trade register (Kamer van Koophandel).
    pub kvk: String,
    /// Bank account (ISO 13616).
    pub iban: String,
    /// Path of a logo, relative to the workspace.
    pub logo: String,
    /// What the logo shows, for those who can't see it.
    pub logo_alt: String,
}

/// `[inlichtingen.*]`: who answers questions about a letter.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The name as it is printed.
    pub naam: String,
    /// Telephone number.
    pub telefoon: String,
    /// E-mail address.
    pub email: String,
}

/// `[ondertekening.*]`: how letters end and who signs them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Closing {
    /// On whose behalf is signed.
    pub namens: String,
    /// The complimentary close; absent: that of the letter's language.
    pub slotgroet: Option<String>,
    /// The signatories, side by side.
    pub ondertekenaars: Vec<Signatory>,
}

/// One signatory.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Signatory {
    /// The office held.
    pub rol: String,
    /// The name as it is printed.
    pub naam: String,
}

/// `[pdf]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct Pdf {
    /// The standards that every PDF conforms to.
    pub standaard: Vec<String>,
}

impl Default for Pdf {
    fn default() -> Self {
        Self { standaard: vec!["a-2a".into(), "ua-1".into()] }
    }
}

/// The PDF standards that can be asked for: PDF versions, PDF/A parts and levels, PDF/UA-1.
pub const PDF_STANDARDS: [&str; 17] = [
    "1.4", "1.5", "1.6", "1.7", "2.0", "a-1b", "a-1a", "a-2b", "a-2u", "a-2a", "a-3b", "a-3u", "a-3a", "a-4", "a-4f",
    "a-4e", "ua-1",
];

/// Whether the setting under a dotted key ends up on the page.
pub fn is_printed(key: &str) -> bool {
    let sections = ["organisatie.", "inlichtingen.", "ondertekening."];
    key != "organisatie.logo" && sections.iter().any(|section| key.starts_with(section))
}

/// The keys of `[organisatie]`, also those of a letter's own sender.
pub fn organisation_contract() -> Contract {
    [
        Field::required("naam", Kind::Text, "naam van de organisatie, zoals die in het briefhoofd staat"),
        Field::optional("bezoekadres", Kind::texts(), "regels van het bezoekadres"),
        Field::optional("postadres", Kind::texts(), "regels van het postadres"),
        Field::optional("telefoon", Kind::Text, "telefoonnummer"),
        Field::optional("fax", Kind::Text, "faxnummer"),
        Field::optional("website", Kind::Text, "website, zonder https://"),
        Field::optional("email", Kind::Text, "e-mailadres"),
        Field::optional("kvk", Kind::Text, "nummer in het handelsregister"),
        Field::optional("iban", Kind::Text, "rekeningnummer"),
        Field::optional("logo", Kind::Text, "pad van het logo, vanuit de werkruimte"),
        Field::optional("logo_alt", Kind::Text, "wat het logo toont, voor wie het niet ziet"),
    ]
    .into_iter()
    .collect()
}

/// The keys of a contact, in `[inlichtingen.*]` and in a letter.
pub fn contact_contract() -> Contract {
    [
        Field::required("naam", Kind::Text, "wie inlichtingen geeft"),
        Field::optional("telefoon", Kind::Text, "telefoonnummer"),
        Field::optional("email", Kind::Text, "e-mailadres"),
    ]
    .into_iter()
    .collect()
}

/// The contract of `postkamer.toml`.
pub fn contract() -> Contract {
    let table = |fields: Vec<Field>| Kind::Table(fields.into_iter().collect());
    let by_key = |kind: Kind| Kind::Map(Box::new(kind));
    let text = |name: &str, help: &str| Field::optional(name, Kind::Text, help);
    let signatory =
        table(vec![text("rol", "functie waarin wordt ondertekend"), Field::required("naam", Kind::Text, "naam")]);
    let closing = table(vec![
        text("namens", "namens wie wordt ondertekend"),
        text("slotgroet", "slotgroet; weggelaten: die van de taal van de brief"),
        Field::optional("ondertekenaars", Kind::List(Box::new(signatory)), "wie ondertekenen, naast elkaar"),
    ]);
    let numbers = || {
        table(vec![
            text("patroon", "zoals D{jaar}-{maand}-{volgnummer:6}"),
            Field::optional("per", Kind::choice(&["jaar", "maand", "nooit"]), "wat de teller opnieuw laat beginnen"),
        ])
    };
    let standards = Kind::List(Box::new(Kind::choice(&PDF_STANDARDS)));
    let organisation = Kind::Table(organisation_contract());
    vec![
        Field::optional("werkruimte", table(vec![text("id", "door init geschreven")]), ""),
        Field::required("organisatie", organisation, "de afzender, met ten minste naam"),
        Field::optional("inlichtingen", by_key(Kind::Table(contact_contract())), "contactpersonen"),
        Field::optional("ondertekening", by_key(closing), "ondertekeningen"),
        Field::optional("kenmerk", numbers(), "de nummers van uitgaande brieven"),
        Field::optional("zaaknummer", numbers(), "de nummers van zaken"),
        Field::optional("inkomend", numbers(), "de nummers van inkomende brieven"),
        Field::optional("register", table(vec![text("url", "sqlite:register.db of postgres://…")]), ""),
        Field::optional(
            "archief",
            table(vec![
                text("url", "een map"),
                text("bewaartermijn", "duur volgens ISO 8601, zoals P20Y"),
                text("selectielijst", "categorie van de selectielijst"),
                text("waardering", "blijvend te bewaren of te vernietigen"),
            ]),
            "",
        ),
        Field::optional("termijnen", by_key(Kind::Text), "dagen of weken per soort inkomende brief"),
        Field::optional("pdf", table(vec![Field::optional("standaard", standards, "normen van de pdf")]), ""),
        Field::optional(
            "vertrouwen",
            table(vec![
                Field::optional("ankers", Kind::texts(), "certificaten waarop handtekeningen moeten steunen"),
                Field::optional("tijdstempel_vereist", Kind::Boolean, "of een tijdstempel verplicht is"),
            ]),
            "",
        ),
    ]
    .into_iter()
    .collect()
}
