//! The contract of `postkamer.toml`: its keys, and which of them end up on the page.

use crate::contract::{Contract, Field, Kind};
use crate::workspace::numbers::PERIODS;
use crate::workspace::retention;

/// The PDF standards that can be asked for: PDF versions, PDF/A parts and levels, PDF/UA-1.
pub const PDF_STANDARDS: [&str; 17] = [
    "1.4", "1.5", "1.6", "1.7", "2.0", "a-1b", "a-1a", "a-2b", "a-2u", "a-2a", "a-3b", "a-3u", "a-3a", "a-4", "a-4f",
    "a-4e", "ua-1",
];

/// Whether the setting under a dotted key ends up on the page.
pub fn is_printed(key: &str) -> bool {
    let sections = ["organisatie.", "inlichtingen.", "ondertekening."];
    // Letters show the numbers that are made by these.
    let patterns = ["kenmerk.patroon", "zaaknummer.patroon"];
    let unseen = ["organisatie.logo", "organisatie.rsin"];
    patterns.contains(&key) || !unseen.contains(&key) && sections.iter().any(|section| key.starts_with(section))
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
            Field::optional("per", Kind::choice(&PERIODS), "wat de teller opnieuw laat beginnen"),
        ])
    };
    let standards = Kind::List(Box::new(Kind::choice(&PDF_STANDARDS)));
    // A letter's own sender has no registration of its own: letters are registered under the workspace's.
    let rsin = Field::optional("rsin", Kind::Text, "nummer van de rechtspersoon (RSIN), negen cijfers");
    let organisation = Kind::Table(organisation_contract().with([rsin]));
    vec![
        Field::optional("werkruimte", table(vec![text("id", "door init geschreven")]), ""),
        Field::required("organisatie", organisation, "de afzender, met ten minste naam"),
        Field::optional("inlichtingen", by_key(Kind::Table(contact_contract())), "contactpersonen"),
        Field::optional("ondertekening", by_key(closing), "ondertekeningen"),
        Field::optional("kenmerk", numbers(), "de nummers van uitgaande brieven"),
        Field::optional("zaaknummer", numbers(), "de nummers van zaken"),
        Field::optional("inkomend", numbers(), "de nummers van inkomende brieven"),
        Field::optional(
            "register",
            table(vec![
                text("url", "sqlite:register.db of postgres://…"),
                text("ca", "pad van het certificaat (PEM) waarop dat van een PostgreSQL-server steunt"),
            ]),
            "",
        ),
        Field::optional(
            "archief",
            table([vec![text("url", "een map waarin alleen het archief staat")], retention::fields()].concat()),
            "",
        ),
        Field::optional("termijnen", by_key(Kind::Text), "termijn per soort inkomende brief, zoals 12 weken"),
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
