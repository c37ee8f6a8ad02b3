//! `[kenmerk]`, `[zaaknummer]` and `[inkomend]`: what numbers look like and when their counters start again.

pub mod pattern;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::contract::check::Checked;
use crate::error::{Finding, Findings};
pub use pattern::{Parsed, Pattern};

/// The words of [`Per`], as they stand in `postkamer.toml`.
pub const PERIODS: [&str; 3] = ["jaar", "maand", "nooit"];

/// What restarts a counter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// A new year.
    #[default]
    Jaar,
    /// A new month.
    Maand,
    /// Nothing: it counts on.
    Nooit,
}

impl Per {
    /// The period that a day is in: `2023`, `2023-02`, or nothing where a counter never restarts.
    ///
    /// Each period of a series has a counter of its own.
    pub fn period(self, day: NaiveDate) -> String {
        match self {
            Self::Jaar => format!("{:04}", day.year()),
            Self::Maand => format!("{:04}-{:02}", day.year(), day.month()),
            Self::Nooit => String::new(),
        }
    }

    /// The placeholders without which a number would come back in another period.
    fn needs(self) -> &'static [pattern::Piece] {
        match self {
            Self::Jaar => &[pattern::Piece::Year],
            Self::Maand => &[pattern::Piece::Year, pattern::Piece::Month],
            Self::Nooit => &[],
        }
    }
}

/// How the numbers of one series are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// What they look like. It tells the periods of `per` apart.
    pub patroon: Pattern,
    /// What restarts their counter.
    pub per: Per,
}

impl Numbers {
    /// Those of outgoing letters, unless `[kenmerk]` says otherwise: `D{jaar}-{maand}-{volgnummer:6}`.
    pub fn of_outgoing() -> Self {
        use pattern::Piece::{Literal, Month, Year};
        let dash = || Literal("-".into());
        Self::yearly(Pattern::new(vec![Literal("D".into()), Year, dash(), Month, dash()], 6))
    }

    /// Those of cases, unless `[zaaknummer]` says otherwise: `{jaar}-{volgnummer:6}`.
    pub fn of_cases() -> Self {
        use pattern::Piece::{Literal, Year};
        Self::yearly(Pattern::new(vec![Year, Literal("-".into())], 6))
    }

    /// Those of incoming letters, unless `[inkomend]` says otherwise: `I{jaar}-{volgnummer:6}`.
    pub fn of_incoming() -> Self {
        use pattern::Piece::{Literal, Year};
        Self::yearly(Pattern::new(vec![Literal("I".into()), Year, Literal("-".into())], 6))
    }

    fn yearly(patroon: Pattern) -> Self {
        Self { patroon, per: Per::Jaar }
    }

    /// The period that a day is in, which names its counter; see [`Per::period`].
    pub fn period(&self, day: NaiveDate) -> String {
        self.per.period(day)
    }

    /// The numbers that a section of `postkamer.toml` asks for, `standard` where it says nothing; none where it was
    /// refused.
    pub(super) fn read(section: &str, standard: Self, checked: &Checked, findings: &mut Findings) -> Option<Self> {
        let (pattern_key, per_key) = (format!("{section}.patroon"), format!("{section}.per"));
        if checked.is_refused(&pattern_key) || checked.is_refused(&per_key) {
            return None;
        }
        let given = checked.get(&pattern_key).and_then(|value| value.as_str());
        let per = checked.get(&per_key).and_then(|word| Per::deserialize(word).ok()).unwrap_or_default();
        let place = |key: &str| checked.place(key);
        let patroon = match given.map(Pattern::parse).transpose() {
            Ok(pattern) => pattern.unwrap_or(standard.patroon),
            Err(finding) => {
                findings.push(finding.key(&pattern_key).at(place(&pattern_key)));
                return None;
            }
        };
        let lacking: Vec<_> =
            per.needs().iter().filter(|piece| !patroon.holds(piece)).map(ToString::to_string).collect();
        if !lacking.is_empty() {
            let key = if given.is_some() { pattern_key } else { per_key };
            let word = PERIODS[per as usize];
            let finding = Finding::error("number-period").arg("missing", lacking.join(", ")).arg("per", word);
            findings.push(finding.at(place(&key)).key(key));
            return None;
        }
        Some(Self { patroon, per })
    }
}

/// What is wrong when outgoing and incoming letters could get the same number: a number alone names a letter in the
/// register, whichever way it went.
pub(super) fn shared(outgoing: &Numbers, incoming: &Numbers, checked: &Checked) -> Option<Finding> {
    let keys = ["inkomend.patroon", "kenmerk.patroon"];
    let key = keys.into_iter().find(|key| checked.get(key).is_some()).unwrap_or(keys[0]);
    outgoing.patroon.meets(&incoming.patroon).then(|| {
        let finding = Finding::error("number-shared").key(key).at(checked.place(key));
        finding.arg("outgoing", &outgoing.patroon).arg("incoming", &incoming.patroon)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_standard_is_what_is_documented() {
        let parse = |text| Numbers { patroon: Pattern::parse(text).unwrap(), per: Per::Jaar };
        assert_eq!(Numbers::of_outgoing(), parse("D{jaar}-{maand}-{volgnummer:6}"));
        assert_eq!(Numbers::of_cases(), parse("{jaar}-{volgnummer:6}"));
        assert_eq!(Numbers::of_incoming(), parse("I{jaar}-{volgnummer:6}"));
        assert_eq!(Numbers::of_outgoing().patroon.number(day("2023-02-21"), 2694), "D2023-02-002694");
    }

    #[test]
    fn a_period_is_a_year_a_month_or_all_time() {
        let first = day("2023-02-01");
        assert_eq!([Per::Jaar, Per::Maand, Per::Nooit].map(|per| per.period(first)), ["2023", "2023-02", ""]);
        assert_eq!(Per::Maand.period(day("0987-12-31")), "0987-12");
    }

    #[test]
    fn the_words_of_the_settings_are_those_of_the_type() {
        for (word, per) in PERIODS.into_iter().zip([Per::Jaar, Per::Maand, Per::Nooit]) {
            assert_eq!(Per::deserialize(&serde_json::Value::from(word)).unwrap(), per);
            assert_eq!(PERIODS[per as usize], word);
        }
    }
}
