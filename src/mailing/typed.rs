//! Cells of a workbook that hold a number or a day and no text, as running text writes them: `1250,5`, `1 mei 2027`.
//!
//! A workbook says how a cell looks, but not in words that can be had here; what its reader may not expect, `columns.rs` says.

use chrono::NaiveDate;

use super::recipients::{Fills, Layout};
use crate::letter::Letter;
use crate::letter::words::Language;
use crate::table::{Row, Typed};

/// Helpers that compare what stands in a cell: it must stay what can be compared.
const COMPARING: [&str; 6] = ["eq", "ne", "gt", "gte", "lt", "lte"];

/// The columns whose cells are written as text: those that a letter shows, but for those that it compares.
pub(super) fn columns(layout: &Layout, letter: &Letter) -> Vec<bool> {
    let is_written = |fills: &Fills| match fills {
        Fills::Row(name) => !is_compared(letter, name),
        Fills::Own(name) => name == "onderwerp" || name == "aanhef",
        Fills::Addressee(_) => false,
    };
    layout.columns.iter().map(|(_, _, fills)| is_written(fills)).collect()
}

/// Writes the cells of a row in these columns as text.
pub(super) fn write(row: &mut Row, columns: &[bool], language: Language) {
    // Most rows hold nothing but text.
    if row.typed().is_empty() {
        return;
    }
    for (index, typed) in row.typed().to_vec() {
        if !columns.get(index).is_some_and(|is_written| *is_written) {
            continue;
        }
        let text = match typed {
            Typed::Fraction if language == Language::En => None,
            Typed::Fraction => Some(row.cell(index).replace('.', ",")),
            Typed::Day => written_day(row.cell(index), language),
            Typed::Fault => None,
        };
        if let Some(text) = text {
            row.put(index, text);
        }
    }
}

/// A column whose cells may look otherwise in the workbook, by its index, with the first of them as a letter has it: numbers
/// with decimals, which may be amounts or percentages, and days with a time.
pub(super) fn doubtful<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<(usize, &'r str)> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for row in rows {
        for (index, typed) in row.typed() {
            let cell = row.cell(*index);
            let is_doubtful = match typed {
                Typed::Fraction => true,
                Typed::Day => cell.contains(':'),
                Typed::Fault => false,
            };
            if is_doubtful && !found.iter().any(|(known, _)| known == index) {
                found.push((*index, cell));
            }
        }
    }
    found.sort_by_key(|(index, _)| *index);
    found
}

/// `2027-05-01` in words, with the time that may follow it.
fn written_day(text: &str, language: Language) -> Option<String> {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let day = language.long_date(day.parse::<NaiveDate>().ok()?);
    Some(if time.is_empty() { day } else { format!("{day} {time}") })
}

/// Whether a letter compares a column with something.
fn is_compared(letter: &Letter, name: &str) -> bool {
    let names = [format!("rij.{name}"), format!("rij.[{name}]")];
    letter.source.text().split('(').skip(1).any(|call| {
        let mut words = call.split(')').next().unwrap_or_default().split_whitespace();
        words.next().is_some_and(|helper| COMPARING.contains(&helper))
            && words.any(|word| names.iter().any(|name| word.ends_with(name.as_str())))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::table::Column;

    #[test]
    fn numbers_and_days_are_written_in_the_language_of_the_letter() {
        let columns: Arc<[Column]> =
            ["a", "b", "c", "d"].map(|name| Column { name: name.into(), position: 0 }).into_iter().collect();
        let cells = ["1250.5", "2027-05-01", "2027-05-01T13:30", "0.15"].map(String::from).to_vec();
        let row = Row::with_types(
            2,
            cells,
            columns,
            vec![(0, Typed::Fraction), (1, Typed::Day), (2, Typed::Day), (3, Typed::Fraction)],
        );
        let written = |language| {
            let mut row = row.clone();
            write(&mut row, &[true, true, true, false], language);
            row.cells().map(String::from).collect::<Vec<_>>()
        };
        assert_eq!(written(Language::Nl), ["1250,5", "1 mei 2027", "1 mei 2027 13:30", "0.15"]);
        assert_eq!(written(Language::En), ["1250.5", "1 May 2027", "1 May 2027 13:30", "0.15"]);
        let found: Vec<_> = doubtful([&row, &row].into_iter()).into_iter().map(|(index, _)| index).collect();
        assert_eq!(found, [0, 2, 3]);
    }
}
