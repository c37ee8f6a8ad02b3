//! Tables.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Tag};

use super::Writer;
use crate::error::Finding;

impl Writer<'_, '_> {
    pub(super) fn table(&mut self, at: usize, columns: &[Alignment]) {
        let node = &self.nodes.list[at];
        self.out.structure("#table(", &node.range);
        self.out.indent();
        self.out.lines(1);
        self.out.structure(&format!("columns: {},", columns.len()), &node.range);
        if columns.iter().any(|column| *column != Alignment::None) {
            self.out.lines(1);
            self.out.structure(&alignment(columns), &node.range);
        }
        let mut row = at + 1;
        while row < node.end {
            self.out.lines(1);
            self.row(row, columns.len());
            row = self.nodes.list[row].end + 1;
        }
        self.out.dedent();
        self.out.lines(1);
        self.out.structure(")", &node.range);
    }

    fn row(&mut self, row: usize, columns: usize) {
        let node = &self.nodes.list[row];
        let is_head = matches!(node.event, Event::Start(Tag::TableHead));
        if is_head {
            self.out.structure("table.header(", &node.range);
        }
        let mut cell = row + 1;
        let mut last = node.range.start..node.range.start;
        while cell < node.end {
            let Range { start, end } = cell..self.nodes.list[cell].end;
            last = self.nodes.list[cell].range.clone();
            self.out.structure(if start == row + 1 { "[" } else { " [" }, &last);
            self.previous = None;
            self.one_line = true;
            self.find_literal(start + 1..end);
            self.inlines(start + 1..end);
            self.one_line = false;
            self.out.structure(if is_head && end + 1 == node.end { "]" } else { "]," }, &last);
            cell = end + 1;
        }
        if is_head {
            self.out.structure("),", &node.range);
        }
        self.refuse_left_out(last.end..node.range.end, columns, &node.range);
    }

    /// The parser leaves out the cells of a row that has more of them than the header.
    fn refuse_left_out(&mut self, left_out: Range<usize>, columns: usize, row: &Range<usize>) {
        let Some(left_out) = self.markdown.text.get(left_out) else { return };
        let left_out = left_out.trim();
        let left_out = left_out.strip_prefix('|').unwrap_or(left_out);
        let left_out = left_out.strip_suffix('|').unwrap_or(left_out);
        if !left_out.trim().is_empty() {
            let cells = columns + left_out.split('|').count();
            let finding = Finding::error("table-row-cells").arg("cells", cells).arg("columns", columns);
            self.report(finding, row);
        }
    }
}

fn alignment(columns: &[Alignment]) -> String {
    let names = columns.iter().map(|column| match column {
        Alignment::None => "auto",
        Alignment::Left => "left",
        Alignment::Center => "center",
        Alignment::Right => "right",
    });
    let comma = if columns.len() == 1 { "," } else { "" };
    format!("align: ({}{comma}),", names.collect::<Vec<_>>().join(", "))
}
