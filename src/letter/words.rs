//! The fixed words of a letterhead and its dates, in the letter's language.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// The language of a letter: of its fixed words, its hyphenation and its PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
    /// German.
    De,
}

/// The codes of the languages (ISO 639-1).
pub const LANGUAGES: [&str; 3] = ["nl", "en", "de"];

/// The fixed words, under the names by which templates use them; those that only headings and closings need are skipped.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Words {
    onderwerp: &'static str,
    inlichtingen_bij: &'static str,
    telefoon: &'static str,
    fax: &'static str,
    kvk: &'static str,
    iban: &'static str,
    #[serde(skip)]
    datum: &'static str,
    kenmerk: &'static str,
    #[serde(skip)]
    zaaknummer: &'static str,
    pagina: &'static str,
    van: &'static str,
    bijlagen: &'static str,
    #[serde(skip)]
    uw_brief: &'static str,
    #[serde(skip)]
    uw_kenmerk: &'static str,
    per_email_aan: &'static str,
    #[serde(skip)]
    retour: &'static str,
    verzonden_aan: &'static str,
    kopie_aan: &'static str,
    concept: &'static str,
    #[serde(skip)]
    namens: &'static str,
    #[serde(skip)]
    slotgroet: &'static str,
}

impl Words {
    /// The heading of a column of the reference line.
    pub fn heading(&self, column: &str) -> &'static str {
        match column {
            "datum" => self.datum,
            "kenmerk" => self.kenmerk,
            "zaaknummer" => self.zaaknummer,
            "pagina" => self.pagina,
            "bijlagen" => self.bijlagen,
            "uw_brief" => self.uw_brief,
            "uw_kenmerk" => self.uw_kenmerk,
            _ => "",
        }
    }

    /// What stands before the address to which the post returns a letter.
    pub fn retour(&self) -> &'static str {
        self.retour
    }

    /// The complimentary close.
    pub fn closing(&self) -> &'static str {
        self.slotgroet
    }

    /// What stands before the one on whose behalf is signed.
    pub fn on_behalf_of(&self) -> &'static str {
        self.namens
    }

    /// What stands where a draft has no number yet.
    pub fn draft(&self) -> &'static str {
        self.concept
    }
}

impl Language {
    /// The language of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "nl" => Some(Self::Nl),
            "en" => Some(Self::En),
            "de" => Some(Self::De),
            _ => None,
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// Its fixed words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Nl => &NL,
            Self::En => &EN,
            Self::De => &DE,
        }
    }

    /// A day as running text writes it: `21 februari 2023`, `21 February 2023`, `21. Februar 2023`.
    pub fn long_date(self, day: NaiveDate) -> String {
        let month = self.months()[day.month0() as usize];
        let dot = if self == Self::De { "." } else { "" };
        format!("{}{dot} {month} {}", day.day(), day.year())
    }

    /// The months in full, as running text writes them.
    pub fn months(self) -> [&'static str; 12] {
        match self {
            Self::Nl => [
                "januari",
                "februari",
                "maart",
                "april",
                "mei",
                "juni",
                "juli",
                "augustus",
                "september",
                "oktober",
                "november",
                "december",
            ],
            Self::En => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
            Self::De => [
                "Januar",
                "Februar",
                "März",
                "April",
                "Mai",
                "Juni",
                "Juli",
                "August",
                "September",
                "Oktober",
                "November",
                "Dezember",
            ],
        }
    }
}

/// A day as the reference line writes it: `21.02.2023`.
pub fn short_date(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

static NL: Words = Words {
    onderwerp: "Onderwerp",
    inlichtingen_bij: "Inlichtingen bij",
    telefoon: "Telefoon",
    fax: "Fax",
    kvk: "KvK",
    iban: "IBAN",
    datum: "Datum",
    kenmerk: "Kenmerk",
    zaaknummer: "Zaaknummer",
    pagina: "Pagina",
    van: "van",
    bijlagen: "Bijlagen",
    uw_brief: "Uw brief",
    uw_kenmerk: "Uw kenmerk",
    per_email_aan: "Per e-mail aan",
    retour: "Retouradres",
    verzonden_aan: "Per mail verzonden aan",
    kopie_aan: "Kopie aan",
    concept: "CONCEPT",
    namens: "namens",
    slotgroet: "Met vriendelijke groet,",
};

static EN: Words = Words {
    onderwerp: "Subject",
    inlichtingen_bij: "Information from",
    telefoon: "Telephone",
    fax: "Fax",
    kvk: "CoC",
    iban: "IBAN",
    datum: "Date",
    kenmerk: "Our reference",
    zaaknummer: "Case number",
    pagina: "Page",
    van: "of",
    bijlagen: "Enclosures",
    uw_brief: "Your letter",
    uw_kenmerk: "Your reference",
    per_email_aan: "By e-mail to",
    retour: "Return address",
    verzonden_aan: "Sent by e-mail to",
    kopie_aan: "Copy to",
    concept: "DRAFT",
    namens: "on behalf of",
    slotgroet: "Yours sincerely,",
};

static DE: Words = Words {
    onderwerp: "Betreff",
    inlichtingen_bij: "Auskunft erteilt",
    telefoon: "Telefon",
    fax: "Fax",
    kvk: "KvK",
    iban: "IBAN",
    datum: "Datum",
    kenmerk: "Unser Zeichen",
    zaaknummer: "Aktenzeichen",
    pagina: "Seite",
    van: "von",
    bijlagen: "Anlagen",
    uw_brief: "Ihr Schreiben",
    uw_kenmerk: "Ihr Zeichen",
    per_email_aan: "Per E-Mail an",
    retour: "Absender",
    verzonden_aan: "Per E-Mail gesendet an",
    kopie_aan: "Kopie an",
    concept: "ENTWURF",
    namens: "im Namen von",
    slotgroet: "Mit freundlichen Grüßen",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_each_language_writes_them() {
        let day = NaiveDate::from_ymd_opt(2023, 3, 1).unwrap();
        assert_eq!(Language::Nl.long_date(day), "1 maart 2023");
        assert_eq!(Language::En.long_date(day), "1 March 2023");
        assert_eq!(Language::De.long_date(day), "1. März 2023");
        assert_eq!(short_date(day), "01.03.2023");
    }
}
