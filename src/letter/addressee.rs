//! `[ontvanger]`: to whom a letter goes, and the names in it.

use serde::Deserialize;

use crate::contract::{Contract, Field, Kind};

/// The addressee, with empty texts where the letter has none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Addressee {
    /// Organisation.
    pub organisatie: String,
    /// Whom the letter is for the attention of, as written.
    pub ter_attentie_van: String,
    /// `mevrouw` or `heer`; empty or `none` when unknown.
    pub aanspreekvorm: String,
    /// Initials.
    pub voorletters: String,
    /// Prefix of the surname: van, de, in het.
    pub tussenvoegsel: String,
    /// Surname.
    pub achternaam: String,
    /// Academic title.
    pub titel: String,
    /// Office or position.
    pub functie: String,
    /// Street.
    pub straat: String,
    /// House number with its suffix.
    pub huisnummer: String,
    /// PO box: its number, or a line such as `Antwoordnummer 10`.
    pub postbus: String,
    /// Postcode.
    pub postcode: String,
    /// Town.
    pub plaats: String,
    /// Country, when abroad.
    pub land: String,
    /// E-mail address.
    pub email: String,
}

/// The keys of `[ontvanger]`.
pub fn contract() -> Contract {
    let text = |name: &str, help: &str| Field::optional(name, Kind::Text, help);
    [
        text("organisatie", "organisatie; zonder organisatie is achternaam nodig"),
        text("ter_attentie_van", "regel na t.a.v."),
        Field::optional("aanspreekvorm", Kind::choice(&["mevrouw", "heer", "none"]), "mevrouw of heer; none: onbekend"),
        text("voorletters", "voorletters, zoals O.P."),
        text("tussenvoegsel", "voorvoegsel van de achternaam, zoals van der"),
        text("achternaam", "achternaam zonder voorvoegsel"),
        text("titel", "titel, zoals drs."),
        text("functie", "functie"),
        text("straat", "straat"),
        text("huisnummer", "huisnummer met toevoeging"),
        text("postbus", "nummer van de postbus, of Antwoordnummer met nummer"),
        text("postcode", "postcode"),
        text("plaats", "plaats"),
        text("land", "land, alleen buiten Nederland"),
        text("email", "e-mailadres"),
    ]
    .into_iter()
    .collect()
}

impl Addressee {
    /// Prefix and surname as they stand inside a name: `van den Berg`.
    pub fn surname(&self) -> String {
        joined([self.tussenvoegsel.trim(), self.achternaam.trim()])
    }

    /// Prefix and surname where they come first, so that the prefix takes a capital: `Van den Berg`, `'t Hart`.
    pub fn surname_first(&self) -> String {
        let name = self.surname();
        // In Dutch, ij is one letter.
        if let Some(rest) = name.strip_prefix("ij") {
            return format!("IJ{rest}");
        }
        match name.char_indices().nth(1) {
            Some((second, _)) => capitals(&name[..second]) + &name[second..],
            None => capitals(&name),
        }
    }

    /// Title, initials and name as the address shows them: `drs. O.P. Wertheim-Davygora`.
    pub fn full_name(&self) -> String {
        if self.achternaam.trim().is_empty() {
            return String::new();
        }
        joined([self.titel.trim(), self.voorletters.trim(), &self.surname()])
    }

    /// Whether the letter stays in the Netherlands.
    pub fn is_domestic(&self) -> bool {
        let land = self.land.trim().to_lowercase();
        matches!(
            land.as_str(),
            "" | "nederland" | "nl" | "the netherlands" | "netherlands" | "niederlande" | "die niederlande"
        )
    }
}

/// A text in capitals. Georgian stays as it is: its capitals are for headlines, and fonts lack them.
pub(super) fn capitals(text: &str) -> String {
    let is_georgian = |letter| matches!(letter, '\u{10D0}'..='\u{10FF}');
    let capital = |letter: char| if is_georgian(letter) { letter.to_string() } else { letter.to_uppercase().collect() };
    text.chars().map(capital).collect()
}

/// The parts that are not empty, with a space between them; none after an apostrophe (`d'` and `Ancona`).
pub fn joined<const N: usize>(parts: [&str; N]) -> String {
    let mut text = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !text.is_empty() && !text.ends_with(['\'', '’']) {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}
