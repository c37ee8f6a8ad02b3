//! A row of a table as a letter, with everything that is wrong in its cells.

use std::path::Path;

use chrono::NaiveDate;

use crate::contract::characters::{printable, unfit};
use crate::contract::nearest;
use crate::error::{Finding, refuses};
use crate::letter::front::CONFIDENTIALITY;
use crate::register::entry::{Direction, Entry, Status};
use crate::register::exchange::COLUMNS;
use crate::register::given::calendar_day;
use crate::table::{Row, Spot, list};

/// The longest number of a letter or a case, in characters.
const MAX_NUMBER: usize = 100;

/// The longest other text.
const MAX_TEXT: usize = 2000;

/// How much of a value a finding shows.
const MAX_SHOWN: usize = 60;

/// A letter as a row says it is.
pub(super) struct Candidate {
    /// The row by the number that its spreadsheet shows.
    pub row: usize,
    /// What the entry would be. Its status counts once [`Candidate::status`] is settled.
    pub entry: Entry,
    /// The status that the row names.
    pub status: Option<Status>,
    /// The letters it answers (in_reactie_op).
    pub answers: Vec<String>,
    /// The letters that answer it (beantwoord_door).
    pub answered_by: Vec<String>,
    /// The letters of the same case (zelfde_zaak).
    pub same_case: Vec<String>,
    /// Why it is void, withdrawn or done with.
    pub reason: Option<String>,
    /// Whether its number was written by hand.
    pub by_hand: bool,
    /// What was found in the row.
    pub findings: Vec<Finding>,
}

impl Candidate {
    /// Reads a row; `shown` is the path of its table as findings name it.
    pub fn read(row: &Row, shown: &Path, workspace: &str, salt: String) -> Self {
        let mut cells = Cells { row, shown, findings: Vec::new() };
        cells.refuse_faults();
        let id = cells.id();
        cells.require("richting");
        let direction = cells.word("richting", &Direction::ALL.map(Direction::word), Direction::of_word);
        let status = cells.word("status", &Status::ALL.map(Status::word), Status::of_word);
        if let (Some(direction), Some(status)) = (direction, status)
            && status.direction() != direction
        {
            let fit = Status::ALL.into_iter().filter(|status| status.direction() == direction);
            let finding =
                Finding::error("import-status-direction").arg("value", status).arg("direction", direction.word());
            cells.refuse("status", finding.arg("choices", fit.map(Status::word).collect::<Vec<_>>().join(", ")));
        }
        // A number for which there is no letter has no date on it.
        if !matches!(status, Some(Status::Reserved | Status::Void)) {
            cells.require("datum");
        }
        cells.require("onderwerp");
        let subject = cells.text("onderwerp").unwrap_or_default();
        let mut entry = Entry::new(&id, status.unwrap_or(Status::Open), &subject, workspace, salt);
        entry.direction = direction.unwrap_or(Direction::In);
        entry.kind = cells.text("soort");
        entry.correspondent = cells.text("correspondent");
        entry.case_number = cells.limited("zaaknummer", MAX_NUMBER);
        entry.dated = cells.day("datum");
        entry.received = cells.day("ontvangen");
        entry.sent = cells.day("verzonden");
        entry.sent_by = cells.text("wijze");
        entry.handler = cells.text("behandelaar");
        entry.term = cells.day("termijn");
        entry.their_reference = cells.text("uw_kenmerk");
        entry.their_date = cells.day("uw_brief");
        let level = |word: &str| CONFIDENTIALITY.into_iter().find(|known| *known == word);
        entry.confidentiality = cells.word("vertrouwelijkheid", &CONFIDENTIALITY, level).map(String::from);
        entry.reserved = cells.day("gereserveerd");
        let yes = |word: &str| ["ja", "nee"].contains(&word).then_some(word == "ja");
        Self {
            row: row.number,
            status,
            answers: cells.list("in_reactie_op"),
            answered_by: cells.list("beantwoord_door"),
            same_case: cells.list("zelfde_zaak"),
            reason: cells.text("reden"),
            by_hand: cells.word("handmatig", &["ja", "nee"], yes).unwrap_or_default(),
            findings: cells.findings,
            entry,
        }
    }

    /// The letters that it names, with the columns that name them.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let lists = [
            ("in_reactie_op", &self.answers),
            ("beantwoord_door", &self.answered_by),
            ("zelfde_zaak", &self.same_case),
        ];
        lists.into_iter().flat_map(|(column, ids)| ids.iter().map(move |id| (column, id.as_str())))
    }

    /// Adds a finding about one of its columns.
    pub fn find(&mut self, shown: &Path, column: &str, finding: Finding) {
        self.findings.push(Spot { file: shown, row: self.row, column: Some(column) }.put(finding));
    }

    /// Whether something is wrong with it.
    pub fn is_refused(&self) -> bool {
        refuses(&self.findings)
    }
}

/// The text of a cell as a finding may show it.
pub(super) fn shown(text: &str) -> String {
    printable(text, MAX_SHOWN)
}

struct Cells<'a> {
    row: &'a Row,
    shown: &'a Path,
    findings: Vec<Finding>,
}

impl Cells<'_> {
    fn refuse(&mut self, column: &str, finding: Finding) {
        self.findings.push(Spot { file: self.shown, row: self.row.number, column: Some(column) }.put(finding));
    }

    /// Refuses the cells that show the error of a formula. A column that no letter has is passed over.
    fn refuse_faults(&mut self) {
        for column in COLUMNS.into_iter().filter(|column| self.row.is_fault_in(column)) {
            self.refuse(column, Finding::error("table-cell-error").arg("value", shown(self.row.get(column))));
        }
    }

    /// The text of a cell, of which there is none where it shows an error: that has its finding.
    fn cell(&self, column: &str) -> &str {
        if self.row.is_fault_in(column) { "" } else { self.row.get(column) }
    }

    fn require(&mut self, column: &str) {
        if self.row.get(column).is_empty() {
            self.refuse(column, Finding::error("import-cell-empty"));
        }
    }

    /// The number of the letter, from whichever of its two columns has it.
    fn id(&mut self) -> String {
        let (id, reference) = (self.limited("id", MAX_NUMBER), self.limited("kenmerk", MAX_NUMBER));
        match (id, reference) {
            (Some(id), Some(reference)) => {
                if id != reference {
                    let finding = Finding::error("import-number-differs").arg("id", shown(&id));
                    self.refuse("kenmerk", finding.arg("value", shown(&reference)));
                }
                id
            }
            (Some(id), None) | (None, Some(id)) => id,
            (None, None) => {
                // A cell that was refused has its finding.
                if ["id", "kenmerk"].iter().all(|column| self.row.get(column).is_empty()) {
                    self.refuse("id", Finding::error("import-cell-empty"));
                }
                String::new()
            }
        }
    }

    fn text(&mut self, column: &str) -> Option<String> {
        self.limited(column, MAX_TEXT)
    }

    fn limited(&mut self, column: &str, limit: usize) -> Option<String> {
        let text = self.cell(column);
        if text.chars().count() > limit {
            self.refuse(column, Finding::error("import-text-too-long").arg("limit", limit));
            return None;
        }
        if let Some((character, kind)) = text.chars().find_map(|character| Some((character, unfit(character)?))) {
            let point = format!("U+{:04X}", u32::from(character));
            self.refuse(column, Finding::error("import-character").arg("kind", kind).arg("point", point));
            return None;
        }
        Some(text.to_string()).filter(|text| !text.is_empty())
    }

    fn day(&mut self, column: &str) -> Option<NaiveDate> {
        let text = self.cell(column);
        let day = day(text);
        if day.is_none() && !text.is_empty() {
            self.refuse(column, Finding::error("import-day").arg("value", shown(text)));
        }
        day
    }

    fn word<T>(&mut self, column: &str, words: &[&str], of_word: impl Fn(&str) -> Option<T>) -> Option<T> {
        let given = self.cell(column);
        let found = of_word(&given.to_lowercase());
        if found.is_none() && !given.is_empty() {
            let finding = Finding::error("import-word").arg("value", shown(given)).arg("choices", words.join(", "));
            let meant = nearest(given, words.iter().copied()).unwrap_or_default();
            self.refuse(column, finding.arg("meant", meant));
        }
        found
    }

    fn list(&mut self, column: &str) -> Vec<String> {
        let mut items = list::split(self.cell(column));
        items.sort();
        items.dedup();
        items
    }
}

/// The day that a cell holds, written as whoever registers a letter may write it. What spreadsheets add where a cell has a
/// time, `T10:30`, is left out: a register knows days.
fn day(text: &str) -> Option<NaiveDate> {
    calendar_day(text.split('T').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::given;

    #[test]
    fn days_are_iso_or_dutch() {
        for text in ["2023-02-21", "21-2-2023", "21-02-2023", "2023-02-21T10:30"] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), Some("2023-02-21"), "{text}");
        }
        for text in [
            "",
            "2023",
            "2023-2-21",
            "2/21/2023",
            "31-02-2023",
            "21-2-23",
            "21-2-0023",
            "0000-02-21",
            "0023-02-21",
            "+1-2-2023",
            "1-2-3-2023",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_one_in_a_table_where_it_is_one_when_a_letter_is_registered() {
        for text in [
            "2023-02-21",
            "21-2-2023",
            "21-02-2023",
            "1-1-1000",
            "1000-01-01",
            "0999-12-31",
            "31-12-0999",
            "0023-02-21",
            "21-2-0023",
            "2023-2-21",
            "21-2-23",
            "31-2-2023",
            "29-2-2024",
            "29-2-2023",
            "21/2/2023",
            "12023-02-21",
        ] {
            assert_eq!(day(text), given::day("datum", text).ok(), "{text}");
        }
    }

    #[test]
    fn what_is_shown_of_a_value_steers_no_terminal() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}\nc"), "a\u{fffd}[31mb\u{fffd} c");
        assert_eq!(shown(&"x".repeat(61)).chars().count(), 61);
    }
}
