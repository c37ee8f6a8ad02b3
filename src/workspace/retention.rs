//! How long letters are kept and why: category of the selection list, appraisal and term.
//!
//! They stand under `[archief]` in `postkamer.toml`, and in a template's `sjabloon.toml` for the letters made with it.

use std::fmt;

use chrono::{Days, Months, NaiveDate};

use crate::contract::check::Checked;
use crate::contract::{Field, Kind, nearest};
use crate::error::{Finding, Findings};

/// The largest number of years, months or days in a term: more is a slip.
const MAX_COUNT: u32 = 9999;

/// What becomes of a letter according to the selection list (waardering).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appraisal {
    /// B: kept for good, and transferred.
    Keep,
    /// V: destroyed once its term is over.
    Destroy,
}

impl Appraisal {
    /// Every way to write one.
    const WORDS: [(&str, Self); 5] = [
        ("blijvend te bewaren", Self::Keep),
        ("te vernietigen", Self::Destroy),
        ("tijdelijk te bewaren", Self::Destroy),
        ("B", Self::Keep),
        ("V", Self::Destroy),
    ];

    /// Reads `blijvend te bewaren` or `B`, `te vernietigen` (in MDTO: tijdelijk te bewaren) or `V`.
    ///
    /// # Errors
    /// What is wrong with it, for the caller to say where it stands.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let known = Self::WORDS.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(text.trim()));
        known.map(|(_, appraisal)| appraisal).ok_or_else(|| {
            let finding = Finding::error("appraisal-unknown").arg("value", text);
            let words = Self::WORDS.iter().map(|(word, _)| *word).filter(|word| word.len() > 1);
            match nearest(&text.trim().to_lowercase(), words) {
                Some(meant) => finding.arg("meant", meant),
                None => finding,
            }
        })
    }
}

/// How long something is kept: a duration of whole years, months and days (ISO 8601-1, 5.5.2.2), such as `P20Y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    years: u32,
    months: u32,
    days: u32,
}

impl Period {
    /// Reads `P`, then a number with `Y`, `M` and `D` in that order, each at most once; or a number with `W` alone.
    ///
    /// Hours and smaller are no retention period, and a period of nothing is none.
    ///
    /// # Errors
    /// What is wrong with it, for the caller to say where it stands.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        Self::read(text.trim()).ok_or_else(|| Finding::error("retention-invalid").arg("value", text))
    }

    fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('P')?;
        let mut period = Self { years: 0, months: 0, days: 0 };
        let mut allowed = "YMWD";
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let count = rest[..digits].parse().ok().filter(|count| *count <= MAX_COUNT)?;
            let unit = rest[digits..].chars().next()?;
            let at = allowed.find(unit)?;
            match unit {
                'Y' => period.years = count,
                'M' => period.months = count,
                // Weeks stand alone, and `xsd:duration` doesn't know them: they are kept as days.
                'W' if text.len() == digits + 2 => period.days = 7 * count,
                'D' => period.days = count,
                _ => return None,
            }
            allowed = &allowed[at + 1..];
            rest = &rest[digits + 1..];
        }
        (period.years + period.months + period.days > 0).then_some(period)
    }

    /// The day on which a period ends that begins on `day`: the same day of a later month, its last one where it has no
    /// such day, and then that many days later. None past the last day of the calendar.
    pub fn from(&self, day: NaiveDate) -> Option<NaiveDate> {
        let months = Months::new(12 * self.years + self.months);
        day.checked_add_months(months)?.checked_add_days(Days::new(self.days.into()))
    }
}

impl fmt::Display for Period {
    /// As `xsd:duration`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        let parts = [(self.years, 'Y'), (self.months, 'M'), (self.days, 'D')];
        parts.iter().filter(|(count, _)| *count > 0).try_for_each(|(count, unit)| write!(f, "{count}{unit}"))
    }
}

/// How long letters are kept, and why. What is not known yet is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retention {
    /// The category of the selection list, as the organisation names it.
    pub selectielijst: Option<String>,
    /// How long a letter is kept from its date.
    pub bewaartermijn: Option<Period>,
    /// What becomes of it.
    pub waardering: Option<Appraisal>,
}

/// The keys of a [`Retention`].
pub fn fields() -> Vec<Field> {
    vec![
        Field::optional("bewaartermijn", Kind::Text, "duur volgens ISO 8601, zoals P20Y"),
        Field::optional("selectielijst", Kind::Text, "categorie van de selectielijst"),
        Field::optional("waardering", Kind::Text, "blijvend te bewaren (B) of te vernietigen (V)"),
    ]
}

impl Retention {
    /// What stands under `[archief]`; what can't be read is found and left out.
    pub fn read(checked: &Checked, findings: &mut Findings) -> Self {
        let term = value(checked, "archief.bewaartermijn", Period::parse, findings);
        let appraisal = value(checked, "archief.waardering", Appraisal::parse, findings);
        if let (Some(Appraisal::Keep), Some(term)) = (appraisal, term) {
            let key = "archief.bewaartermijn";
            findings.push(Finding::error("retention-of-kept").key(key).arg("term", term).at(checked.place(key)));
        }
        let category = checked.text("archief.selectielijst").map(|text| text.trim().to_string());
        Self { selectielijst: category.filter(|text| !text.is_empty()), bewaartermijn: term, waardering: appraisal }
    }

    /// This retention, with what it leaves open from another: a template's before that of the settings.
    ///
    /// Where one of them says that a letter is kept for good, a term of the other says nothing.
    pub fn before(&self, other: &Self) -> Self {
        let waardering = match (self.waardering, self.bewaartermijn) {
            // A template with a term of its own doesn't mean letters that are kept for good.
            (None, Some(_)) => other.waardering.filter(|appraisal| *appraisal == Appraisal::Destroy),
            (own, _) => own.or(other.waardering),
        };
        let term = self.bewaartermijn.or(other.bewaartermijn);
        Self {
            selectielijst: self.selectielijst.clone().or_else(|| other.selectielijst.clone()),
            bewaartermijn: term.filter(|_| waardering != Some(Appraisal::Keep)),
            waardering,
        }
    }
}

/// The value under a key; blank texts, such as those of variables that are set to nothing, count as absent.
fn value<T>(
    checked: &Checked,
    key: &str,
    parse: impl Fn(&str) -> Result<T, Finding>,
    findings: &mut Findings,
) -> Option<T> {
    let text = checked.text(key).filter(|text| !text.trim().is_empty())?;
    match parse(text) {
        Ok(value) => Some(value),
        Err(finding) => {
            findings.push(finding.key(key).at(checked.place(key)));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written() {
        let of = |text| Period::parse(text).ok().map(|period| period.to_string());
        for same in ["P20Y", "P1Y6M", "P7D", "P10Y11M12D", "P18M"] {
            assert_eq!(of(same).as_deref(), Some(same));
        }
        assert_eq!((of(" P2W "), of("P0Y3M")), (Some("P14D".into()), Some("P3M".into())));
        for wrong in [
            "",
            "P",
            "20Y",
            "P20",
            "PY",
            "P0Y",
            "P20J",
            "P1M1Y",
            "P1Y1Y",
            "P1Y2W",
            "P2W1D",
            "PT5H",
            "P1YT5H",
            "P1.5Y",
            "-P1Y",
            "p20y",
            "P20 Y",
            "P10000Y",
            "P99999999999Y",
            "P٢Y",
            "20 jaar",
            "P2é",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_period_ends_on_a_day_of_the_calendar() {
        let end = |text, day: &str| Some(Period::parse(text).ok()?.from(day.parse().ok()?)?.to_string());
        assert_eq!(end("P20Y", "2023-02-21").as_deref(), Some("2043-02-21"));
        assert_eq!(end("P1Y", "2024-02-29").as_deref(), Some("2025-02-28"));
        assert_eq!(end("P1M1D", "2023-01-31").as_deref(), Some("2023-03-01"));
        assert_eq!(end("P9999Y", "+262000-01-01"), None);
    }

    #[test]
    fn appraisals_have_words_and_codes() {
        for word in ["blijvend te bewaren", "Blijvend te bewaren", "B", "b"] {
            assert_eq!(Appraisal::parse(word).ok(), Some(Appraisal::Keep), "{word}");
        }
        for word in ["te vernietigen", "tijdelijk te bewaren", "V", " v "] {
            assert_eq!(Appraisal::parse(word).ok(), Some(Appraisal::Destroy), "{word}");
        }
        let meant = Appraisal::parse("te vernietige").unwrap_err();
        assert!(meant.args.contains(&("meant", "te vernietigen".into())), "{meant:?}");
        assert!(Appraisal::parse("N").is_err());
    }

    #[test]
    fn what_a_template_says_goes_before_the_settings() {
        let of = |category: &str, term: &str, appraisal| Retention {
            selectielijst: Some(category.to_string()).filter(|text| !text.is_empty()),
            bewaartermijn: Period::parse(term).ok(),
            waardering: appraisal,
        };
        let settings = of("11.1", "P20Y", Some(Appraisal::Destroy));
        assert_eq!(Retention::default().before(&settings), settings);
        assert_eq!(of("12", "P5Y", None).before(&settings), of("12", "P5Y", Some(Appraisal::Destroy)));
        // What is kept for good has no term, also not that of the settings.
        assert_eq!(of("", "", Some(Appraisal::Keep)).before(&settings), of("11.1", "", Some(Appraisal::Keep)));
        let kept = of("11.1", "", Some(Appraisal::Keep));
        assert_eq!(of("", "P5Y", None).before(&kept), of("11.1", "P5Y", None));
    }
}
