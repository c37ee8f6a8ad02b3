//! The thread of a letter: what it answers, what answers it, and what else belongs to its case.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::db::{Tx, values};
use super::entry::Entry;
use super::listed::Listed;
use super::query::day;
use crate::error::Result;

/// A letter and the letters that it hangs together with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// All of them by day and number, the letter itself among them.
    pub steps: Vec<Step>,
    /// Whether there are more of them than were asked for.
    pub more: bool,
}

/// A letter within a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The letter.
    pub listed: Listed,
    /// How far it is from a first letter: 0 for one that answers none before it, else one more than the first letter
    /// it answers.
    pub depth: usize,
}

impl Thread {
    /// The thread of a letter: whatever can be reached from it by links, either way, and by case numbers, however many
    /// steps away. The nearest `most` letters are read: thousands can be of one case.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(tx: &mut Tx, id: &str, most: usize) -> Result<Self> {
        let (mut seen, mut cases) = (BTreeSet::from([id.to_string()]), BTreeSet::new());
        let mut waiting = VecDeque::from([id.to_string()]);
        let mut found = Vec::new();
        while let Some(entry) = waiting.pop_front().map(|id| Entry::find(tx, &id)).transpose()? {
            // A link always has both its ends, by a foreign key.
            let Some(entry) = entry else { continue };
            if found.len() == most {
                return Ok(Self { steps: Self::order(tx, found)?, more: true });
            }
            let mut near = linked(tx, &entry.id)?;
            if let Some(case) = entry.case_number.as_deref().filter(|case| cases.insert(case.to_string())) {
                near.extend(same_case(tx, case, most + 1)?);
            }
            waiting.extend(near.into_iter().filter(|id| seen.insert(id.clone())));
            found.push(entry);
        }
        Ok(Self { steps: Self::order(tx, found)?, more: false })
    }

    fn order(tx: &mut Tx, mut found: Vec<Entry>) -> Result<Vec<Step>> {
        // Letters without any day come last.
        found.sort_by_key(|entry| (day(entry).is_none(), day(entry), entry.id.clone()));
        let mut depths: BTreeMap<String, usize> = BTreeMap::new();
        let mut steps = Vec::new();
        for listed in Listed::all(tx, found)? {
            // Only what stands above it counts, so that letters that answer each other have an end.
            let depth = listed.answers.iter().filter_map(|id| depths.get(id)).min().map_or(0, |depth| depth + 1);
            depths.insert(listed.entry.id.clone(), depth);
            steps.push(Step { listed, depth });
        }
        Ok(steps)
    }
}

/// The letters at the other end of the links of a letter, sorted.
fn linked(tx: &mut Tx, id: &str) -> Result<Vec<String>> {
    let sql = "SELECT target AS id FROM link WHERE source = $1 UNION SELECT source AS id FROM link WHERE target = $1
               ORDER BY id";
    Ok(tx.rows(sql, values![id])?.iter().map(|row| row.text("id")).collect())
}

fn same_case(tx: &mut Tx, number: &str, most: usize) -> Result<Vec<String>> {
    let sql = "SELECT id FROM entry WHERE case_number = $1 ORDER BY id LIMIT $2";
    Ok(tx.rows(sql, values![number, most as i64])?.iter().map(|row| row.text("id")).collect())
}
