//! `[termijnen]`: within how long a letter of some kind gets its answer.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

use crate::contract::check::Checked;
use crate::contract::nearest;
use crate::error::{Finding, Findings};

/// The most days, weeks, months or years that a term lasts.
const MAX_COUNT: u32 = 999;

/// The words for units of time, with what they mean.
const UNITS: [(&str, Unit); 8] = [
    ("dag", Unit::Days),
    ("dagen", Unit::Days),
    ("week", Unit::Weeks),
    ("weken", Unit::Weeks),
    ("maand", Unit::Months),
    ("maanden", Unit::Months),
    ("jaar", Unit::Years),
    ("jaren", Unit::Years),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Days,
    Weeks,
    Months,
    Years,
}

/// How long an answer may take, such as `12 weken`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    count: u32,
    unit: Unit,
}

impl Term {
    /// Reads a number from 1 to 999 and `dag`, `dagen`, `week`, `weken`, `maand`, `maanden`, `jaar` or
    /// `jaren`.
    ///
    /// # Errors
    /// What is wrong with it, for the caller to say where it stands.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let finding = || Finding::error("term-invalid").arg("value", text).arg("limit", MAX_COUNT);
        let mut words = text.split_whitespace();
        let (Some(count), Some(word), None) = (words.next(), words.next(), words.next()) else {
            return Err(finding());
        };
        let is_number = count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|count| is_number && (1..=MAX_COUNT).contains(count));
        let unit = UNITS.into_iter().find(|(known, _)| *known == word);
        match (count, unit) {
            (Some(count), Some((_, unit))) => Ok(Self { count, unit }),
            (Some(count), None) => match nearest(word, UNITS.map(|(known, _)| known)) {
                Some(meant) => Err(finding().arg("meant", format!("{count} {meant}"))),
                None => Err(finding()),
            },
            _ => Err(finding()),
        }
    }

    /// The last day of the term of a letter that came in on `day`: that many days or weeks later; or the same day of a
    /// later month, its last one where it has no such day. None past the last day of the calendar.
    ///
    /// A term that ends in a weekend or on a holiday ends there. The Algemene termijnenwet extends terms that a law sets
    /// (article 1); these are set by the organisation itself, for its own use.
    pub fn from(&self, day: NaiveDate) -> Option<NaiveDate> {
        match self.unit {
            Unit::Days => day.checked_add_days(Days::new(self.count.into())),
            Unit::Weeks => day.checked_add_days(Days::new(7 * u64::from(self.count))),
            Unit::Months => day.checked_add_months(Months::new(self.count)),
            Unit::Years => day.checked_add_months(Months::new(12 * self.count)),
        }
    }
}

/// The terms by kind of letter; those that can't be read are found and left out.
pub(super) fn read(checked: &Checked, findings: &mut Findings) -> BTreeMap<String, Term> {
    let given = checked.get("termijnen").and_then(|table| table.as_object());
    let texts = given.into_iter().flatten().filter_map(|(kind, term)| Some((kind, term.as_str()?)));
    let read = texts.filter_map(|(kind, text)| match Term::parse(text) {
        Ok(term) => Some((kind.clone(), term)),
        Err(finding) => {
            let key = format!("termijnen.{kind}");
            findings.push(finding.at(checked.place(&key)).key(key));
            None
        }
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_day(term: &str, day: &str) -> Option<String> {
        let term = Term::parse(term).unwrap_or_else(|finding| panic!("{finding:?}"));
        term.from(day.parse().unwrap()).map(|day| day.to_string())
    }

    #[test]
    fn a_term_ends_so_many_days_weeks_months_or_years_later() {
        for (term, day, last) in [
            ("1 dag", "2023-12-31", "2024-01-01"),
            ("14 dagen", "2023-02-21", "2023-03-07"),
            ("1 week", "2023-02-21", "2023-02-28"),
            ("12 weken", "2022-12-01", "2023-02-23"),
            ("1 maand", "2023-01-31", "2023-02-28"),
            ("1 maand", "2024-01-31", "2024-02-29"),
            ("1 maand", "2023-02-28", "2023-03-28"),
            ("3 maanden", "2023-11-30", "2024-02-29"),
            ("1 jaar", "2024-02-29", "2025-02-28"),
            ("999 jaar", "2023-02-21", "3022-02-21"),
            ("2 jaren", "2023-02-21", "2025-02-21"),
            // Days on which nobody works: a Sunday, Christmas.
            ("5 dagen", "2023-02-21", "2023-02-26"),
            ("1 week", "2023-12-18", "2023-12-25"),
            ("  2   weken ", "2023-02-21", "2023-03-07"),
        ] {
            assert_eq!(last_day(term, day).as_deref(), Some(last), "{term} from {day}");
        }
        assert_eq!(Term::parse("999 dagen").unwrap().from(NaiveDate::MAX), None);
        assert_eq!(Term::parse("1 maand").unwrap().from(NaiveDate::MAX), None);
    }

    #[test]
    fn what_is_no_term_is_refused_with_what_was_meant() {
        for (text, meant) in [
            ("", None),
            ("weken", None),
            ("12", None),
            ("12weken", None),
            ("0 weken", None),
            ("1000 dagen", None),
            ("-1 week", None),
            ("+1 week", None),
            ("1,5 week", None),
            ("twaalf weken", None),
            ("12 weken en 2 dagen", None),
            ("99999999999 dagen", None),
            ("12 weeks", Some("12 week")),
            ("12 Weken", Some("12 weken")),
            ("6 maande", Some("6 maand")),
            ("2 jaaren", Some("2 jaren")),
            ("6 kwartalen", None),
        ] {
            let finding = Term::parse(text).unwrap_err();
            let found = finding.args.iter().find(|(name, _)| *name == "meant").map(|(_, meant)| meant.as_str());
            assert_eq!((finding.code, found), ("term-invalid", meant), "{text}");
        }
    }
}
