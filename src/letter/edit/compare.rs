//! Two lists compared: what stayed, and what became of the rest.

use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// How many pairs of lines are looked at, between the first and the last that differ: a comparison of twice as many lines
/// takes four times as long. What is longer is taken to differ wholly. It is no time that decides, so that the same texts
/// always compare alike.
const MOST_PAIRS: usize = 4_000 * 4_000;

/// What makes the one list the other.
pub fn compared<T: Hash + Ord>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let same = |(one, other): &(&T, &T)| one == other;
    let before = old.iter().zip(new).take_while(same).count();
    let (rest, other) = (&old[before..], &new[before..]);
    let after = rest.iter().rev().zip(other.iter().rev()).take_while(same).count();
    let (went, came) = (rest.len() - after, other.len() - after);
    if went.saturating_mul(came) <= MOST_PAIRS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let mut ops = vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: before },
        DiffOp::Replace { old_index: before, old_len: went, new_index: before, new_len: came },
        DiffOp::Equal { old_index: before + went, new_index: before + came, len: after },
    ];
    ops.retain(|op| !matches!(op, DiffOp::Equal { len: 0, .. }));
    ops
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_compared_as_far_as_it_is_alike_at_its_ends() {
        let lines = |word: &str, count: usize| (0..count).map(|at| format!("{word} {at}")).collect::<Vec<_>>();
        let around = |middle: &[String]| [&lines("voor", 3), middle, &lines("na", 2)].concat();
        let (old, new) = (around(&lines("oud", 5_000)), around(&lines("nieuw", 4_000)));
        let expected = [
            DiffOp::Equal { old_index: 0, new_index: 0, len: 3 },
            DiffOp::Replace { old_index: 3, old_len: 5_000, new_index: 3, new_len: 4_000 },
            DiffOp::Equal { old_index: 5_003, new_index: 4_003, len: 2 },
        ];
        assert_eq!(compared(&old, &new), expected);
        // A long text with little that differs is compared as any other.
        let (long, short) = (lines("regel", 100_000), lines("regel", 99_999));
        let expected = [
            DiffOp::Equal { old_index: 0, new_index: 0, len: 99_999 },
            DiffOp::Delete { old_index: 99_999, old_len: 1, new_index: 99_999 },
        ];
        assert_eq!(compared(&long, &short), expected);
        assert_eq!(compared::<String>(&[], &[]), []);
    }

    #[test]
    fn what_is_short_is_compared_line_by_line() {
        let expected = [
            DiffOp::Equal { old_index: 0, new_index: 0, len: 1 },
            DiffOp::Delete { old_index: 1, old_len: 1, new_index: 1 },
            DiffOp::Equal { old_index: 2, new_index: 1, len: 1 },
            DiffOp::Insert { old_index: 3, new_index: 2, new_len: 1 },
        ];
        assert_eq!(compared(&["a", "b", "c"], &["a", "c", "d"]), expected);
    }
}
