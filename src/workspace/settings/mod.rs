//! `postkamer.toml`: its typed values, and its contract.

mod contract;
mod keeping;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value as Json;

use super::numbers::{self, Numbers};
use super::terms::{self, Term};
use crate::contract::check::Checked;
use crate::error::{Finding, Findings};
pub use contract::{PDF_STANDARDS, contact_contract, contract, is_printed, organisation_contract};
pub use keeping::{Archive, Trust};

/// The settings of a workspace. Everything but the organisation's name has a default.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
    /// The numbers of outgoing letters.
    #[serde(skip)]
    pub kenmerk: Numbers,
    /// The numbers of cases.
    #[serde(skip)]
    pub zaaknummer: Numbers,
    /// The numbers of incoming letters. None of them can be a kenmerk.
    #[serde(skip)]
    pub inkomend: Numbers,
    /// The database of letters.
    pub register: Register,
    /// Where letters are kept, and how long.
    #[serde(skip)]
    pub archief: Archive,
    /// Which signatures are trusted.
    #[serde(skip)]
    pub vertrouwen: Trust,
    /// Within how long an incoming letter gets its answer, by kind.
    #[serde(skip)]
    pub termijnen: BTreeMap<String, Term>,
    /// Standards of the PDF.
    pub pdf: Pdf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            werkruimte: Identity::default(),
            organisatie: Organisation::default(),
            inlichtingen: BTreeMap::new(),
            ondertekening: BTreeMap::new(),
            kenmerk: Numbers::of_outgoing(),
            zaaknummer: Numbers::of_cases(),
            inkomend: Numbers::of_incoming(),
            register: Register::default(),
            archief: Archive::default(),
            vertrouwen: Trust::default(),
            termijnen: BTreeMap::new(),
            pdf: Pdf::default(),
        }
    }
}

impl Settings {
    /// The settings in a `postkamer.toml` that was held against its [`contract`], with a finding for each value whose
    /// text can't be what it stands for: they count only if none was found.
    pub(super) fn read(checked: &Checked, findings: &mut Findings) -> Self {
        let plain = serde_json::from_value(Json::Object(checked.values.clone()));
        let mut settings: Self = plain.unwrap_or_else(|cause| {
            findings.push(Finding::error("settings-unreadable").arg("message", cause).at(checked.place("")));
            Self::default()
        });
        settings.register.fill();
        settings.archief = Archive::read(checked, findings);
        settings.vertrouwen = Trust::read(checked, findings);
        settings.termijnen = terms::read(checked, findings);
        findings.extend(rsin_finding(&settings.organisatie.rsin).map(|finding| {
            let key = "organisatie.rsin";
            finding.key(key).at(checked.place(key))
        }));
        let mut numbers = |section, standard: &Numbers| Numbers::read(section, standard.clone(), checked, findings);
        let outgoing = numbers("kenmerk", &settings.kenmerk);
        let cases = numbers("zaaknummer", &settings.zaaknummer);
        let incoming = numbers("inkomend", &settings.inkomend);
        if let (Some(outgoing), Some(incoming)) = (&outgoing, &incoming) {
            findings.extend(numbers::shared(outgoing, incoming, checked));
        }
        Self {
            kenmerk: outgoing.unwrap_or(settings.kenmerk),
            zaaknummer: cases.unwrap_or(settings.zaaknummer),
            inkomend: incoming.unwrap_or(settings.inkomend),
            ..settings
        }
    }
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
    /// Number among legal persons and partnerships (Rechtspersonen en Samenwerkingsverbanden Informatienummer): nine
    /// digits that pass the elfproef, or nothing. In the ZGW APIs it is the `bronorganisatie`.
    pub rsin: String,
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

/// `[register]`: the database of letters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Register {
    /// `sqlite:` and a path relative to the workspace, or `postgres://…`.
    pub url: String,
    /// PEM file with the certificate authority of a PostgreSQL server, relative to the workspace; absent: those that the
    /// system trusts.
    pub ca: Option<PathBuf>,
}

impl Default for Register {
    fn default() -> Self {
        Self { url: "sqlite:register.db".into(), ca: None }
    }
}

impl Register {
    /// Empty texts, such as those of variables that are set to nothing, count as absent.
    fn fill(&mut self) {
        if self.url.trim().is_empty() {
            self.url = Self::default().url;
        }
        self.ca.take_if(|path| path.as_os_str().is_empty());
    }
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

/// What is wrong with an RSIN: it has nine digits, and 9 times the first, 8 times the second and so on to 2 times the
/// eighth, less the ninth, is a multiple of 11 (the elfproef). Absent, nothing is wrong.
fn rsin_finding(rsin: &str) -> Option<Finding> {
    let digits: Vec<i32> = rsin.chars().filter_map(|digit| digit.to_digit(10)?.try_into().ok()).collect();
    let reason = if rsin.is_empty() {
        return None;
    } else if digits.len() != 9 || rsin.len() != 9 {
        "form"
    } else {
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
        let sum: i32 = weights.iter().zip(&digits).map(|(weight, digit)| weight * digit).sum();
        // Nine zeros pass, and are nobody's.
        if sum % 11 == 0 && digits != [0; 9] {
            return None;
        }
        "check"
    };
    Some(Finding::error("rsin-invalid").arg("value", rsin).arg("reason", reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::check::check;
    use crate::source::SourceFile;
    use crate::workspace::retention::Appraisal;

    fn read(text: &str) -> (Settings, Vec<Finding>) {
        let source = SourceFile::new("postkamer.toml", text);
        let mut findings = Findings::default();
        let checked = check(&source, 0..text.len(), &contract(), &mut findings);
        (Settings::read(&checked, &mut findings), findings.0)
    }

    #[test]
    fn everything_but_the_name_has_a_default() {
        let (settings, findings) = read("[organisatie]\nnaam = 'W'\n[register]\nurl = ' '\nca = ''\n");
        assert_eq!(findings, []);
        let organisatie = Organisation { naam: "W".into(), ..Organisation::default() };
        assert_eq!(settings, Settings { organisatie, ..Settings::default() });
        assert_eq!((settings.register.url.as_str(), settings.register.ca), ("sqlite:register.db", None));
    }

    #[test]
    fn what_is_given_takes_the_place_of_the_default() {
        let (settings, findings) = read(
            "[organisatie]\nnaam = 'W'\n[kenmerk]\nper = 'maand'\n[inkomend]\npatroon = 'IN{volgnummer}'\nper = 'nooit'\n\
             [register]\nurl = 'postgres://db/x'\nca = 'ca.pem'\n[termijnen]\nadvies = '12 weken'\n'een klacht' = '1 dag'\n",
        );
        assert_eq!(findings, []);
        let day = "2023-02-21".parse().unwrap();
        assert_eq!(
            (settings.kenmerk.period(day).as_str(), settings.kenmerk.patroon),
            ("2023-02", Numbers::of_outgoing().patroon)
        );
        assert_eq!(
            (settings.inkomend.period(day).as_str(), settings.inkomend.patroon.number(day, 9)),
            ("", "IN9".into())
        );
        assert_eq!(settings.register, Register { url: "postgres://db/x".into(), ca: Some("ca.pem".into()) });
        assert_eq!(settings.termijnen.get("een klacht").and_then(|term| term.from(day)), day.succ_opt());
    }

    #[test]
    fn the_archive_and_its_trust_have_their_settings() {
        let (settings, findings) = read(
            "[organisatie]\nnaam = 'W'\n[archief]\nurl = 'bewaard/brieven'\nbewaartermijn = 'P7Y'\nselectielijst = ' 11.1 '\n\
             waardering = 'te vernietigen'\n[vertrouwen]\nankers = ['vertrouwen/ca.pem']\ntijdstempel_vereist = true\n",
        );
        assert_eq!(findings, []);
        let archive = &settings.archief;
        assert_eq!(archive.url, "bewaard/brieven");
        assert_eq!(archive.retention.bewaartermijn.map(|term| term.to_string()).as_deref(), Some("P7Y"));
        assert_eq!(archive.retention.selectielijst.as_deref(), Some("11.1"));
        assert_eq!(archive.retention.waardering, Some(Appraisal::Destroy));
        assert_eq!(settings.vertrouwen, Trust { ankers: vec!["vertrouwen/ca.pem".into()], tijdstempel_vereist: true });
        let (settings, findings) = read("[organisatie]\nnaam = 'W'\n[archief]\nurl = ' '\nbewaartermijn = ''\n");
        assert_eq!((settings.archief, findings), (Archive::default(), vec![]));
    }

    #[test]
    fn a_number_of_a_legal_person_passes_the_elfproef() {
        let reason = |rsin| rsin_finding(rsin).and_then(|finding| Some(finding.args.get(1)?.1.clone()));
        for rsin in ["", "123456782", "001509962", "111222333"] {
            assert_eq!(reason(rsin), None, "{rsin}");
        }
        for rsin in ["123456789", "000000000", "213456782"] {
            assert_eq!(reason(rsin).as_deref(), Some("check"), "{rsin}");
        }
        for rsin in [" ", "12345678", "1234567822", "12345678a", "1234.56.782", "12345678٢"] {
            assert_eq!(reason(rsin).as_deref(), Some("form"), "{rsin}");
        }
    }
}
