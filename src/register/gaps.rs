//! Numbers that a counter passed and no letter has: why, if that is known.
//!
//! An import raises a counter past the numbers that it brings, so those below them were never given out. The counter
//! also passes numbers that were taken when it came to them. Any other number below it should be there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::db::{Tx, values};
use super::numbering::{self, Kind, Origin};
use crate::error::Result;
use crate::workspace::numbers::Numbers;
use crate::workspace::settings::Settings;

/// How many rows are read at a time.
const PAGE: usize = 5_000;

/// Numbers in a row that nobody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What they would be the numbers of.
    pub kind: Kind,
    /// The counter.
    pub series: String,
    /// The first of them.
    pub first: i64,
    /// The last of them.
    pub last: i64,
    /// The year in whose account they stand: that of the next number of the counter. None where nothing tells.
    pub year: Option<i64>,
    /// The imported number that took the counter past them; without one, they should be there.
    pub imported: Option<String>,
}

/// A counter, and what was given out by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counter {
    /// Where it stands; none for numbers whose counter is not there.
    pub last: Option<i64>,
    /// The numbers that it gave out or was raised to.
    given: BTreeMap<i64, Given>,
    /// The numbers that it passes, because they were taken.
    taken: BTreeSet<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    year: i64,
    imported: Option<String>,
}

impl Gap {
    /// How many numbers it is.
    pub fn count(&self) -> i64 {
        (self.last - self.first).saturating_add(1)
    }

    /// The numbers, as wide as they usually are.
    pub fn shown(&self) -> String {
        match self.first == self.last {
            true => format!("{:06}", self.first),
            false => format!("{:06}–{:06}", self.first, self.last),
        }
    }
}

impl Counter {
    /// The highest number that it gave out or was raised to; 0 for none.
    pub fn highest(&self) -> i64 {
        self.given.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    fn gaps(&self, kind: Kind, series: &str) -> Vec<Gap> {
        let top = self.last.unwrap_or_default().max(self.highest());
        let gap = |first, last| Gap { kind, series: series.into(), first, last, year: None, imported: None };
        let (mut gaps, mut settled, mut next) = (Vec::new(), 0, 1);
        let seqs: BTreeSet<_> = self.given.keys().chain(&self.taken).copied().filter(|seq| *seq >= 1).collect();
        for seq in seqs.into_iter().take_while(|seq| *seq <= top) {
            if seq > next {
                gaps.push(gap(next, seq - 1));
            }
            next = seq.saturating_add(1);
            // What came next says why.
            if let Some(given) = self.given.get(&seq) {
                for gap in &mut gaps[settled..] {
                    (gap.year, gap.imported) = (Some(given.year), given.imported.clone());
                }
                settled = gaps.len();
            }
        }
        if next <= top {
            gaps.push(gap(next, top));
        }
        let year = period_year(series).or_else(|| Some(self.given.last_key_value()?.1.year));
        gaps[settled..].iter_mut().for_each(|gap| gap.year = year);
        gaps
    }
}

/// The year in the name of a counter, such as `inkomend 2023` or `kenmerk 2023-02`.
fn period_year(series: &str) -> Option<i64> {
    series.split_once(' ')?.1.get(..4)?.parse().ok()
}

/// Every counter by its name.
///
/// # Errors
/// When the database fails.
pub fn counters(tx: &mut Tx, settings: &Settings) -> Result<BTreeMap<String, Counter>> {
    let mut counters: BTreeMap<String, Counter> = BTreeMap::new();
    for row in tx.rows("SELECT name, last FROM series", &[])? {
        counters.entry(row.text("name")).or_default().last = Some(row.number("last").unwrap_or_default());
    }
    let (mut kind, mut number) = (String::new(), String::new());
    loop {
        let sql = format!(
            "SELECT kind, number, series, seq, year, origin FROM number WHERE (kind, number) > ($1, $2)
             ORDER BY kind, number LIMIT {PAGE}"
        );
        let page = tx.rows(&sql, values![&kind, &number])?;
        let Some(last) = page.last().map(|row| (row.text("kind"), row.text("number"))) else { break };
        if last == (kind, number) {
            // A value that SQLite keeps as bytes sorts behind every text.
            break;
        }
        (kind, number) = last;
        for row in page {
            let (year, text) = (row.number("year").unwrap_or_default(), row.text("number"));
            let own = row.optional("series").zip(row.number("seq"));
            if let Some((series, seq)) = &own {
                let counter = counters.entry(series.clone()).or_default();
                if row.text("origin") == Origin::ByHand.word() {
                    counter.taken.insert(*seq);
                } else {
                    let imported = (row.text("origin") == Origin::Imported.word()).then(|| text.clone());
                    counter.given.insert(*seq, Given { year, imported });
                }
            }
            for place in places(settings, &row.text("kind"), &text, year) {
                if own.as_ref() != Some(&place)
                    && let Some(counter) = counters.get_mut(&place.0)
                {
                    counter.taken.insert(place.1);
                }
            }
        }
    }
    Ok(counters)
}

/// The counters that pass a number because of its text, by the patterns of today, with their value when they do.
fn places(settings: &Settings, kind: &str, text: &str, year: i64) -> Vec<(String, i64)> {
    let kinds: &[Kind] = if kind == Kind::Case.word() { &[Kind::Case] } else { &[Kind::Reference, Kind::Incoming] };
    let day = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1)).unwrap_or_default();
    let chosen =
        kinds.iter().map(|kind| numbering::chosen(*kind, patterns(settings, *kind), text, day, Origin::ByHand));
    chosen.filter_map(|number| number.series.zip(number.seq)).collect()
}

fn patterns(settings: &Settings, kind: Kind) -> &Numbers {
    match kind {
        Kind::Reference => &settings.kenmerk,
        Kind::Incoming => &settings.inkomend,
        Kind::Case => &settings.zaaknummer,
    }
}

/// Every gap of these counters, by counter.
pub fn gaps(counters: &BTreeMap<String, Counter>) -> Vec<Gap> {
    let with_kind = counters.iter().filter_map(|(series, counter)| {
        let word = series.split(' ').next().unwrap_or_default();
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word)?;
        Some(counter.gaps(kind, series))
    });
    with_kind.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(last: i64, given: &[(i64, bool)], taken: &[i64]) -> Counter {
        let given = given.iter().map(|(seq, imported)| {
            (*seq, Given { year: 2023, imported: imported.then(|| format!("D2023-02-{seq:06}")) })
        });
        Counter { last: Some(last), given: given.collect(), taken: taken.iter().copied().collect() }
    }

    fn found(counter: &Counter) -> Vec<(i64, i64, bool)> {
        let gaps = counter.gaps(Kind::Reference, "kenmerk 2023").into_iter();
        gaps.map(|gap| {
            assert_eq!(gap.year, Some(2023));
            (gap.first, gap.last, gap.imported.is_some())
        })
        .collect()
    }

    #[test]
    fn what_an_import_passed_is_known_and_what_else_is_missing_is_not() {
        assert_eq!(found(&counter(3, &[(1, false), (2, false), (3, false)], &[])), []);
        assert_eq!(found(&counter(3, &[(1, false), (3, false)], &[2])), []);
        assert_eq!(found(&counter(3, &[(1, false), (3, false)], &[])), [(2, 2, false)]);
        assert_eq!(found(&counter(11, &[(1, false), (10, true), (11, false)], &[])), [(2, 9, true)]);
        // A number written by hand within what an import passed.
        let around = [(1, 3, true), (5, 9, true)];
        assert_eq!(found(&counter(10, &[(10, true)], &[4, 12])), around);
        // The newest ones are gone.
        assert_eq!(found(&counter(4, &[(1, false), (2, true)], &[])), [(3, 4, false)]);
        assert_eq!(found(&counter(i64::MAX, &[(1, false)], &[])), [(2, i64::MAX, false)]);
    }
}
