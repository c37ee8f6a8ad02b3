//! The overview of a year: every letter received in it, and the letter that answered it.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::register::db::{Tx, values};
use crate::register::entry::{Entry, Status};

/// Everything received in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The letters, by the day they came in and their number.
    pub letters: Vec<Received>,
}

/// A letter that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The letter.
    pub entry: Entry,
    /// The earliest letter that answers it and stands.
    pub answer: Option<Answer>,
}

/// The letter that answered another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its kenmerk.
    pub id: String,
    /// The date on it.
    pub dated: Option<NaiveDate>,
}

impl Received {
    /// The day it counts from: that of receipt, or the date on the letter where receipt was not recorded.
    pub fn day(&self) -> Option<NaiveDate> {
        self.entry.received.or(self.entry.dated)
    }

    /// The days from then to the date of the answer.
    pub fn days(&self) -> Option<i64> {
        let answered = self.answer.as_ref()?.dated?;
        Some((answered - self.day()?).num_days())
    }

    /// Whether it is answered; an imported letter can be without its answer being known.
    pub fn is_answered(&self) -> bool {
        self.answer.is_some() || self.entry.status == Status::Answered
    }

    /// Whether its answer is dated after its term.
    pub fn is_late(&self) -> bool {
        let answered = self.answer.as_ref().and_then(|answer| answer.dated);
        answered.zip(self.entry.term).is_some_and(|(answered, term)| answered > term)
    }
}

impl Received {
    /// The object of `register report jaaroverzicht`.
    pub fn json(&self) -> Json {
        let answer = self.answer.as_ref();
        json!({
            "id": self.entry.id,
            "onderwerp": self.entry.subject,
            "correspondent": self.entry.correspondent,
            "ontvangen": self.entry.received.map(|day| day.to_string()),
            "beantwoord_door": answer.map(|answer| &answer.id),
            "beantwoord_op": answer.and_then(|answer| answer.dated).map(|day| day.to_string()),
            "dagen": self.days(),
        })
    }

    /// How long there is for an answer, in days.
    pub fn term_days(&self) -> Option<i64> {
        Some((self.entry.term? - self.day()?).num_days())
    }
}

/// How many answers took a number of weeks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Week {
    /// Dated on or before the last day of their term, or without one.
    pub in_time: usize,
    /// Dated after it.
    pub late: usize,
}

impl Overview {
    /// The answers by the weeks that they took: those within seven days first. All that took `most` weeks or more stand
    /// together, last; one that is dated before the letter it answers took none.
    pub fn weeks(&self, most: usize) -> Vec<Week> {
        let mut weeks = Vec::new();
        for letter in &self.letters {
            let Some(days) = letter.days() else { continue };
            // The seventh day is still of the first week.
            let week = usize::try_from((days - 1).max(0) / 7).unwrap_or(most).min(most);
            if weeks.len() <= week {
                weeks.resize(week + 1, Week::default());
            }
            let count = if letter.is_late() { &mut weeks[week].late } else { &mut weeks[week].in_time };
            *count += 1;
        }
        weeks
    }

    /// The terms that letters of the year had, in days from receipt, each once.
    pub fn terms(&self) -> BTreeSet<i64> {
        self.letters.iter().filter_map(Received::term_days).collect()
    }

    /// The overview of a year, from 0 to 9999.
    ///
    /// # Errors
    /// When the database fails, or another program wrote in it.
    pub fn read(tx: &mut Tx, year: i32) -> Result<Self> {
        const OF_YEAR: &str = "direction = 'in' AND (received BETWEEN $1 AND $2
             OR (received IS NULL AND dated BETWEEN $1 AND $2))";
        let (first, last) = (format!("{year:04}-01-01"), format!("{year:04}-12-31"));
        let mut answers: HashMap<String, Vec<Answer>> = HashMap::new();
        let sql = format!(
            "SELECT entry.*, link.target AS answered FROM link JOIN entry ON entry.id = link.source
             WHERE link.kind = 'beantwoordt' AND link.target IN (SELECT id FROM entry WHERE {OF_YEAR})"
        );
        for row in tx.rows(&sql, values![&first, &last])? {
            let letter = Entry::of_row(&row)?;
            if letter.status.stands() {
                let answer = Answer { id: letter.id, dated: letter.dated };
                answers.entry(row.text("answered")).or_default().push(answer);
            }
        }
        let mut letters = Vec::new();
        for row in tx.rows(&format!("SELECT * FROM entry WHERE {OF_YEAR}"), values![&first, &last])? {
            let entry = Entry::of_row(&row)?;
            let known = answers.remove(&entry.id).into_iter().flatten();
            let answer = known.min_by_key(|answer| (answer.dated.is_none(), answer.dated, answer.id.clone()));
            letters.push(Received { entry, answer });
        }
        letters.sort_by(|one, other| (one.day(), &one.entry.id).cmp(&(other.day(), &other.entry.id)));
        Ok(Self { letters })
    }

    /// How many letters are answered.
    pub fn answered(&self) -> usize {
        self.letters.iter().filter(|letter| letter.is_answered()).count()
    }

    /// How many letters were put away without an answer.
    pub fn handled(&self) -> usize {
        let handled = |letter: &&Received| !letter.is_answered() && letter.entry.status == Status::Handled;
        self.letters.iter().filter(handled).count()
    }

    /// How many letters wait for an answer.
    pub fn open(&self) -> usize {
        self.letters.len() - self.answered() - self.handled()
    }

    /// How many answers are dated after the term of the letter they answer.
    pub fn late(&self) -> usize {
        self.letters.iter().filter(|letter| letter.is_late()).count()
    }

    /// The average number of days to an answer, in tenths of a day; none without answers.
    pub fn average(&self) -> Option<i64> {
        let days = self.days();
        let count = i64::try_from(days.len()).ok().filter(|count| *count > 0)?;
        Some((days.iter().sum::<i64>() * 20 + count).div_euclid(2 * count))
    }

    /// The median number of days to an answer, in tenths of a day; none without answers.
    pub fn median(&self) -> Option<i64> {
        let mut days = self.days();
        days.sort_unstable();
        let upper = *days.get(days.len() / 2)?;
        let lower = if days.len().is_multiple_of(2) { days[days.len() / 2 - 1] } else { upper };
        Some((lower + upper) * 5)
    }

    fn days(&self) -> Vec<i64> {
        self.letters.iter().filter_map(Received::days).collect()
    }
}
