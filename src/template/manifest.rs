//! `sjabloon.toml`: what a template is, which fields it needs, how its reference line and its window stand.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::contract::check;
use crate::contract::{Contract, Field, Kind};
use crate::error::{Finding, Findings};
use crate::letter::words::LANGUAGES;
use crate::source::SourceFile;
use crate::workspace::retention::{self, Retention};
use crate::workspace::settings::{Organisation, organisation_contract};

/// The columns that a reference line can have.
pub const COLUMNS: [&str; 7] = ["datum", "kenmerk", "zaaknummer", "pagina", "bijlagen", "uw_brief", "uw_kenmerk"];

/// The kinds of a field that a template adds.
const FIELD_TYPES: [&str; 8] = ["tekst", "datum", "aantal", "ja_nee", "keuze", "lijst", "organisatie", "tabel"];

/// A template's `sjabloon.toml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// What the template is for, in a line.
    pub omschrijving: String,
    /// The languages it is made for.
    pub talen: Vec<String>,
    /// The columns of its reference line, in order.
    pub kenmerkregel: Vec<String>,
    /// The window of the envelope.
    pub venster: Window,
    /// Fold marks, distances from the top.
    pub vouwmerken: Vec<String>,
    /// Whether the one on whose behalf is signed follows the word "namens".
    pub namens: bool,
    /// How its signatures look.
    pub ondertekening: Signatures,
    /// The sender, where that is not the workspace's organisation; a letter may name its own.
    pub afzender: Option<Organisation>,
    /// How long its letters are kept and why, where that is not as the settings say.
    #[serde(skip)]
    pub archief: Retention,
    /// The fields it adds or requires.
    pub velden: BTreeMap<String, OwnField>,
}

/// How the signatures under a letter look.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Signatures {
    /// Whether a digital signature is to be seen above the name of its signatory.
    pub zichtbaar: bool,
}

/// A window of an envelope, as lengths such as `63.5mm` on the sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct Window {
    /// The side on which it is, `links` or `rechts`: the sender stands on the other.
    pub kant: String,
    /// From the left edge to the address.
    pub links: String,
    /// Width of the address field.
    pub breedte: String,
    /// Vertical centre of the address, from the top.
    pub midden: String,
    /// Top of the reference line, from the top.
    pub kenmerkregel: String,
    /// Height of the window: the address of a mailing must be inside it, and nothing else may be.
    pub hoogte: String,
    /// Whether the KIX code stands under the address.
    pub kix: bool,
    /// Whether the address to which the post returns a letter stands on a small line at the top of the window.
    pub retour: bool,
}

impl Default for Window {
    /// The Dutch left window.
    fn default() -> Self {
        let mm = |length: &str| length.to_string();
        Self {
            kant: "links".into(),
            links: mm("35mm"),
            breedte: mm("70mm"),
            midden: mm("63.5mm"),
            kenmerkregel: mm("98mm"),
            hoogte: mm("44mm"),
            kix: false,
            retour: false,
        }
    }
}

/// One of `[velden.*]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct OwnField {
    /// Its kind; not given for a field that every letter may have.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it must be there.
    pub verplicht: bool,
    /// A line of help.
    pub hulp: String,
    /// What a new letter begins with, if the settings know it.
    pub standaard: String,
    /// The words of a `keuze`.
    pub keuzes: Vec<String>,
    /// The fields of a `tabel`.
    pub velden: BTreeMap<String, OwnField>,
}

fn contract() -> Contract {
    let length = |name: &str, help: &str| Field::optional(name, Kind::Text, help);
    let window = [
        Field::optional("kant", Kind::choice(&["links", "rechts"]), "kant van het venster"),
        length("links", "van de linkerrand tot het adres"),
        length("breedte", "breedte van het adresveld"),
        length("midden", "verticaal midden van het adres, vanaf de bovenrand"),
        length("kenmerkregel", "bovenkant van de kenmerkregel, vanaf de bovenrand"),
        length("hoogte", "hoogte van het venster, waarin bij een mailing alleen het adres te zien mag zijn"),
        Field::optional("kix", Kind::Boolean, "of de KIX-code van PostNL onder het adres staat"),
        Field::optional("retour", Kind::Boolean, "of het retouradres op een kleine regel bovenin het venster staat"),
    ];
    let signatures =
        [Field::optional("zichtbaar", Kind::Boolean, "of een digitale handtekening te zien is boven de naam")];
    let columns = Kind::List(Box::new(Kind::choice(&COLUMNS)));
    [
        Field::required("omschrijving", Kind::Text, "waarvoor het sjabloon is, in een regel"),
        Field::required("talen", Kind::List(Box::new(Kind::choice(&LANGUAGES))), "talen waarvoor het is gemaakt"),
        Field::optional("kenmerkregel", columns, "kolommen van de kenmerkregel"),
        Field::optional("venster", Kind::Table(window.into_iter().collect()), "venster van de envelop"),
        Field::optional("vouwmerken", Kind::texts(), "afstanden van de bovenrand"),
        Field::optional("namens", Kind::Boolean, "of \"namens\" voor de ondertekenende instantie staat"),
        Field::optional("ondertekening", Kind::Table(signatures.into_iter().collect()), "hoe handtekeningen eruitzien"),
        Field::optional("afzender", Kind::Table(organisation_contract()), "de afzender, als dat een ander is"),
        Field::optional("archief", Kind::Table(retention::fields().into_iter().collect()), "hoelang en waarom bewaard"),
        Field::optional("velden", Kind::Map(Box::new(own_field(1))), "eigen en verplichte velden"),
    ]
    .into_iter()
    .collect()
}

fn own_field(deeper: usize) -> Kind {
    let mut fields: Contract = [
        Field::optional("type", Kind::choice(&FIELD_TYPES), "soort waarde"),
        Field::optional("verplicht", Kind::Boolean, "of het veld er moet zijn"),
        Field::optional("hulp", Kind::Text, "een regel hulp"),
        Field::optional("standaard", Kind::Text, "waarmee een nieuwe brief begint"),
        Field::optional("keuzes", Kind::texts(), "de woorden van een keuze"),
    ]
    .into_iter()
    .collect();
    if deeper > 0 {
        let inner = Kind::Map(Box::new(own_field(deeper - 1)));
        fields = fields.with([Field::optional("velden", inner, "de velden van een tabel")]);
    }
    Kind::Table(fields)
}

impl Manifest {
    /// Reads a `sjabloon.toml`; what is wrong in it is found with its line.
    pub fn parse(source: &SourceFile, letter: &Contract, findings: &mut Findings) -> Self {
        let checked = check::check(source, 0..source.text().len(), &contract(), findings);
        let values = serde_json::Value::Object(checked.values.clone());
        let mut manifest: Self = serde_json::from_value(values).unwrap_or_default();
        manifest.archief = Retention::read(&checked, findings);
        for (name, field) in &manifest.velden {
            let key = format!("velden.{name}");
            let is_known = letter.field(name).is_some();
            let wrong = match (is_known, field.kind.is_empty() && !checked.is_refused(&format!("{key}.type"))) {
                (true, false) => Some("template-field-redefined"),
                (false, true) => Some("template-field-untyped"),
                _ if name.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) => {
                    Some("template-field-name")
                }
                _ if ["brief", "inhoud", "bestand"].contains(&name.as_str()) => Some("template-field-name"),
                _ => None,
            };
            if let Some(code) = wrong {
                findings.push(Finding::error(code).key(&key).at(checked.key_place(&key)));
            }
        }
        let lengths = ["links", "breedte", "midden", "kenmerkregel", "hoogte"].map(|name| format!("venster.{name}"));
        let marks = (0..manifest.vouwmerken.len()).map(|at| format!("vouwmerken.{at}"));
        for key in lengths.into_iter().chain(marks) {
            if checked.text(&key).is_some_and(|text| millimetres(text).is_none()) {
                findings.push(Finding::error("length-invalid").key(&key).at(checked.place(&key)));
            }
        }
        manifest
    }

    /// What a new letter with this template begins with in a field.
    pub fn default_of(&self, field: &str) -> Option<&str> {
        self.velden.get(field).map(|own| own.standaard.as_str()).filter(|text| !text.is_empty())
    }

    /// The contract of a letter with this template.
    pub fn letter_contract(&self, letter: Contract) -> Contract {
        let fields: Vec<Field> = self
            .velden
            .iter()
            .map(|(name, own)| match letter.field(name) {
                Some(field) => Field {
                    required: field.required || own.verplicht,
                    help: if own.hulp.is_empty() { field.help.clone() } else { own.hulp.clone() },
                    ..field.clone()
                },
                None => own.field(name),
            })
            .collect();
        letter.with(fields)
    }
}

impl OwnField {
    fn field(&self, name: &str) -> Field {
        let kind = match self.kind.as_str() {
            "datum" => Kind::Date,
            "aantal" => Kind::Count,
            "ja_nee" => Kind::Boolean,
            "keuze" => Kind::Choice(self.keuzes.clone()),
            "lijst" => Kind::texts(),
            "organisatie" => Kind::Table(organisation_contract()),
            "tabel" => Kind::Table(self.velden.iter().map(|(name, field)| field.field(name)).collect()),
            _ => Kind::Text,
        };
        Field { name: name.into(), kind, required: self.verplicht, help: self.hulp.clone() }
    }
}

/// The millimetres of a length such as `63.5mm`, on a sheet of A4.
pub fn millimetres(length: &str) -> Option<f64> {
    let number = length.strip_suffix("mm")?.trim_end();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    number.parse().ok().filter(|mm| plain && (0.0..=297.0).contains(mm))
}
