//! The user's text and places in it: every finding points at a line somebody wrote.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A text file of the user, kept whole so that findings can quote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile(Arc<Contents>);

#[derive(Debug, PartialEq, Eq)]
struct Contents {
    path: PathBuf,
    text: String,
    /// Where in a table the text comes from.
    cell: Option<Cell>,
}

#[derive(Debug, PartialEq, Eq)]
struct Cell {
    row: usize,
    column: usize,
}

impl SourceFile {
    /// A file with the path under which its user knows it (relative to the workspace where it lies in one).
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self(Arc::new(Contents { path: path.into(), text: text.into(), cell: None }))
    }

    /// A line about a cell of a table, which is no text file: its places are the row and the column of the spreadsheet,
    /// both counted from 1.
    pub fn of_cell(path: impl Into<PathBuf>, row: usize, column: usize, line: impl Into<String>) -> Self {
        Self(Arc::new(Contents { path: path.into(), text: line.into(), cell: Some(Cell { row, column }) }))
    }

    /// Whether this is a line about a cell of a table.
    pub fn is_cell(&self) -> bool {
        self.0.cell.is_some()
    }

    /// The path as shown to the user.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The place of a byte range; a range past the end points at the end.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = self.text().floor_char_boundary(range.start);
        let end = self.text().floor_char_boundary(range.end).max(start);
        Place { file: self.clone(), range: start..end }
    }

    /// The file as a whole, of which no line is to be shown: what is wrong stands in none of them.
    pub fn whole(&self) -> Place {
        Self::new(self.path(), "").place(0..0)
    }
}

/// Where in the user's text something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: SourceFile,
    /// Byte range in its text.
    pub range: Range<usize>,
}

impl Place {
    /// Line, counted from 1.
    pub fn line(&self) -> usize {
        if let Some(cell) = &self.file.0.cell {
            return cell.row;
        }
        self.file.text()[..self.range.start].matches('\n').count() + 1
    }

    /// Column in characters, counted from 1.
    pub fn column(&self) -> usize {
        if let Some(cell) = &self.file.0.cell {
            return cell.column;
        }
        let before = &self.file.text()[..self.range.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        before[line_start..].chars().count() + 1
    }
}

/// Leads offsets in generated text back to the text it was made from.
///
/// A run of generated text either follows its origin byte for byte or, like a value that was filled in, points as a
/// whole at one range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    runs: Vec<Run>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    /// Where the run begins in the generated text.
    at: usize,
    origin: Range<usize>,
    verbatim: bool,
}

impl SourceMap {
    /// Records that generated text from `at` on copies the origin byte for byte from `origin` on.
    pub fn verbatim(&mut self, at: usize, origin: usize) {
        self.runs.push(Run { at, origin: origin..origin, verbatim: true });
    }

    /// Records that generated text from `at` on stands for the range `origin` as a whole.
    pub fn generated(&mut self, at: usize, origin: Range<usize>) {
        self.runs.push(Run { at, origin, verbatim: false });
    }

    /// Takes over what another map says of `range`, for text that is copied from there to `at`.
    pub fn copy(&mut self, other: &Self, range: Range<usize>, at: usize) {
        let first = other.runs.partition_point(|run| run.at <= range.start).saturating_sub(1);
        for run in other.runs[first..].iter().take_while(|run| run.at < range.end) {
            let skipped = range.start.saturating_sub(run.at);
            let mut run = Run { at: at + run.at.max(range.start) - range.start, ..run.clone() };
            if run.verbatim {
                run.origin = run.origin.start + skipped..run.origin.start + skipped;
            }
            self.runs.push(run);
        }
    }

    /// The range of the origin that a range of the generated text came from; none before the first run.
    pub fn trace(&self, range: Range<usize>) -> Option<Range<usize>> {
        let start = self.point(range.start)?;
        let end = if range.end > range.start { self.point(range.end - 1)?.end } else { start.end };
        Some(start.start..end.max(start.end))
    }

    fn point(&self, at: usize) -> Option<Range<usize>> {
        let run = &self.runs[..self.runs.partition_point(|run| run.at <= at)].last()?;
        Some(if run.verbatim {
            let origin = run.origin.start + (at - run.at);
            origin..origin + 1
        } else {
            run.origin.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let file = SourceFile::new("x", "eén\nzwëi drie\n");
        let place = file.place(11..15);
        assert_eq!((place.line(), place.column()), (2, 6));
        assert_eq!(file.place(2..400).range, 1..16);
    }

    #[test]
    fn a_map_leads_back_through_copies_and_values() {
        let mut map = SourceMap::default();
        map.verbatim(0, 10);
        map.generated(5, 40..50);
        map.verbatim(9, 50);
        assert_eq!(map.trace(2..4), Some(12..14));
        assert_eq!(map.trace(6..7), Some(40..50));
        assert_eq!(map.trace(10..10), Some(51..52));
        assert_eq!(SourceMap::default().trace(0..1), None);
        let mut copy = SourceMap::default();
        copy.copy(&map, 2..11, 100);
        assert_eq!(copy.trace(101..102), Some(13..14));
        assert_eq!(copy.trace(104..105), Some(40..50));
        assert_eq!(copy.trace(108..108), Some(51..52));
    }
}
