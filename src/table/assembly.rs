//! A table from the rows of a sheet: which row is the header, and what does not fit under it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::{Column, Row, Spot, Table, Typed, column_name, letters, text};
use crate::error::{Finding, Findings, Result};

/// The most rows that are read: as many as a sheet of Excel holds.
const MAX_ROWS: usize = 1 << 20;

/// The most cells that are read. A row of one cell, far to the right, holds an empty text for each before it.
const MAX_CELLS: usize = 10_000_000;

/// What is found of cells that stand beside the columns with a name.
const BESIDE: [&str; 2] = ["table-row-too-long", "table-column-unnamed"];

/// What a cell of a sheet shows.
pub(super) enum Shown {
    /// Text, as yet untrimmed.
    Text(String),
    /// The text of what is no text.
    Typed(String, Typed),
}

/// A cell that holds something, with its position in the row.
pub(super) type Placed = (usize, Shown);

/// A table under construction.
pub(super) struct Assembly<'a> {
    shown: &'a Path,
    header: Option<Header>,
    rows: Vec<Line>,
    /// How many cells they hold, the empty ones among them.
    cells: usize,
    /// Whether there was no room for more rows.
    is_full: bool,
    findings: Findings,
}

/// A row whose columns are not settled yet.
struct Line {
    number: usize,
    cells: Vec<String>,
    typed: Vec<(usize, Typed)>,
}

struct Header {
    row: usize,
    columns: Vec<Column>,
    /// What is known of the column at each position of the sheet, up to the last with a name.
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// It stands there in `columns`.
    Named(usize),
    /// It has no name.
    Nameless,
    /// A finding says what is wrong with it.
    Refused,
}

impl<'a> Assembly<'a> {
    /// Nothing yet; `shown` is the path that findings name.
    pub(super) fn new(shown: &'a Path) -> Self {
        Self { shown, header: None, rows: Vec::new(), cells: 0, is_full: false, findings: Findings::default() }
    }

    /// Adds a row of a sheet by its number; the first that holds something is the header.
    pub(super) fn row(&mut self, number: usize, cells: impl IntoIterator<Item = Placed>) {
        let cells: Vec<_> = cells.into_iter().filter_map(|(at, cell)| Some((at, held(cell)?))).collect();
        if cells.is_empty() {
            return;
        }
        match self.header.take() {
            None => self.header = Some(self.read_header(number, cells)),
            Some(mut header) => {
                self.read_row(&mut header, number, cells);
                self.header = Some(header);
            }
        }
    }

    /// The table, or everything that is wrong with it.
    pub(super) fn finish(mut self) -> Result<Table> {
        let Some(header) = self.header else {
            self.findings.push(Finding::error("table-empty").arg("file", self.shown.display()));
            return self.findings.refuse_errors().map(|_| Table::new([""; 0]));
        };
        if header.columns.len() == 1 && self.findings.0.iter().any(|finding| BESIDE.contains(&finding.code)) {
            // One text above rows of more cells names none of them: said once, not of each.
            let spot = Spot { file: self.shown, row: header.row, column: None };
            let finding = Finding::error("table-title").arg("value", &header.columns[0].name);
            return Err(spot.put(finding).into());
        }
        self.findings.refuse_errors()?;
        let columns: Arc<[Column]> = header.columns.into();
        let rows =
            self.rows.into_iter().map(|line| Row::with_types(line.number, line.cells, columns.clone(), line.typed));
        Ok(Table { rows: rows.collect(), columns, header: header.row })
    }

    fn read_header(&mut self, row: usize, cells: Vec<Placed>) -> Header {
        let width = cells.iter().map(|(at, _)| at + 1).max().unwrap_or_default();
        let mut header = Header { row, columns: Vec::new(), places: vec![Place::Nameless; width] };
        let mut names = HashMap::new();
        for (position, cell) in cells {
            header.places[position] = Place::Refused;
            let name = match cell {
                // What a cell holds is of its row alone, but a column without a name leaves all rows in doubt.
                Shown::Typed(value, Typed::Fault) => {
                    self.refuse_fault(row, &letters(position), &value);
                    continue;
                }
                Shown::Text(name) | Shown::Typed(name, _) => column_name(&name),
            };
            if let Some(first) = names.insert(name.clone(), position) {
                let spot = Spot { file: self.shown, row, column: Some(&name) };
                let finding = Finding::error("table-column-double");
                self.findings.push(spot.put(finding.arg("first", letters(first)).arg("second", letters(position))));
                continue;
            }
            header.places[position] = Place::Named(header.columns.len());
            header.columns.push(Column { name, position });
        }
        header
    }

    fn read_row(&mut self, header: &mut Header, number: usize, cells: Vec<Placed>) {
        if self.is_full {
            return;
        }
        let (mut texts, mut typed) = (Vec::new(), Vec::new());
        for (position, cell) in cells {
            let Some(place) = header.places.get_mut(position) else {
                self.refuse_beyond(header, number, position);
                break;
            };
            if let (Place::Named(index), Shown::Typed(_, kind)) = (*place, &cell) {
                typed.push((index, *kind));
            }
            match (*place, cell) {
                (Place::Named(index), Shown::Text(text) | Shown::Typed(text, _)) => {
                    texts.resize(texts.len().max(index + 1), String::new());
                    texts[index] = text;
                }
                (Place::Nameless, _) => {
                    // Said once, however many rows hold something there.
                    *place = Place::Refused;
                    self.refuse_nameless(header.row, position, number);
                }
                (Place::Refused, _) => {}
            }
        }
        self.cells += texts.len();
        if self.rows.len() == MAX_ROWS || self.cells > MAX_CELLS {
            self.is_full = true;
            let finding = Finding::error("table-too-many-cells").arg("file", self.shown.display());
            self.findings.push(finding.arg("rows", MAX_ROWS).arg("cells", MAX_CELLS));
            return;
        }
        self.rows.push(Line { number, cells: texts, typed });
    }

    fn refuse_beyond(&mut self, header: &Header, row: usize, position: usize) {
        let spot = Spot { file: self.shown, row, column: None };
        let last = letters(header.places.len() - 1);
        self.findings
            .push(spot.put(Finding::error("table-row-too-long").arg("last", last).arg("found", letters(position))));
    }

    fn refuse_nameless(&mut self, row: usize, position: usize, found: usize) {
        let column = letters(position);
        let spot = Spot { file: self.shown, row, column: Some(&column) };
        self.findings.push(spot.put(Finding::error("table-column-unnamed").arg("found", found)));
    }

    fn refuse_fault(&mut self, row: usize, column: &str, value: &str) {
        let spot = Spot { file: self.shown, row, column: Some(column) };
        self.findings.push(spot.put(Finding::error("table-cell-error").arg("value", value)));
    }
}

/// The cell with its text trimmed; none if nothing is left of it.
fn held(cell: Shown) -> Option<Shown> {
    match cell {
        Shown::Text(raw) => Some(text(&raw)).filter(|text| !text.is_empty()).map(Shown::Text),
        typed => Some(typed),
    }
}
