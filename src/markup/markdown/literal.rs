//! What looks like mark-up that a letter doesn't know, or that was never closed, and so is printed as it stands.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use super::Writer;
use super::text::{Glyph, push_glyphs};
use crate::error::Finding;
use crate::markup::is_sentinel;

impl Writer<'_, '_> {
    /// Points out what in these nodes, which stand in lines together, was hardly meant to be printed.
    pub(super) fn find_literal(&mut self, nodes: Range<usize>) {
        let glyphs = self.glyphs_of_lines(nodes.clone());
        let is_live = |at: usize| glyphs[at].verbatim && !self.markdown.is_escaped(glyphs[at].origin.start);
        let mut found: Vec<(&str, Range<usize>)> = Vec::new();
        if self.begins_item(nodes.start) && is_task(&glyphs) && is_live(0) {
            found.push(("task", 0..3));
        }
        let (mut strikes, mut stars) = (Vec::<Range<usize>>::new(), Vec::<Range<usize>>::new());
        let mut at = 0;
        while at < glyphs.len() {
            let sign = glyphs[at].c;
            let run = at..at + glyphs[at..].iter().take_while(|glyph| glyph.c == sign).count();
            let before = at.checked_sub(1).map(|before| glyphs[before].c);
            let after = glyphs.get(run.end).map(|glyph| glyph.c);
            match sign {
                '*' if (2..=3).contains(&run.len()) && is_live(at) => stars.push(run.clone()),
                '~' if run.len() == 2 && is_live(at) && !is_in_address(&glyphs, at) => strikes.push(run.clone()),
                '#' if run.len() <= 6 && before.is_none_or(|before| before == '\n') && is_live(at) => {
                    // In mid-paragraph, and before a digit, one sign may well be a tag or a number.
                    let is_heading = match after {
                        Some(after) if run.len() > 1 => after.is_alphanumeric(),
                        Some(after) => after.is_alphabetic() && before.is_none(),
                        None => false,
                    };
                    if is_heading {
                        found.push(("heading", run.clone()));
                    }
                }
                _ => {}
            }
            at = run.end;
        }
        found.extend(not_bold(&glyphs, &stars).into_iter().map(|run| ("bold", run)));
        // One by itself strikes nothing out.
        found.extend(strikes.chunks_exact(2).map(|pair| ("strike", pair[0].start..pair[1].end)));
        for (kind, at) in found {
            let range = glyphs[at.start].origin.start..glyphs[at.end - 1].origin.end;
            self.report(Finding::warning("markdown-literal").arg("kind", kind), &range);
        }
    }

    /// Finds a table that came out as text, with its pipes: no rule below its head, or one with more or fewer cells. Where
    /// no rule shows that a table was meant, it refuses nothing.
    pub(super) fn find_broken_table(&mut self, nodes: Range<usize>, origin: &Range<usize>) {
        let text = self.markdown.text;
        let Some(whole) = text.get(origin.clone()).filter(|whole| whole.contains('|')) else { return };
        let codes = self.nodes.list[nodes].iter().filter(|node| matches!(node.event, Event::Code(_)));
        let codes: Vec<&Range<usize>> = codes.map(|node| &node.range).collect();
        let is_code = |at: usize| {
            let next = codes.partition_point(|code| code.end <= at);
            codes.get(next).is_some_and(|code| code.start <= at)
        };
        let is_ruled = whole.lines().any(|line| is_rule(without_quote(line).trim_end()));
        // The line above, where it may be the head: its cells, and whether it is a row for certain.
        let mut above: Option<(usize, bool, Range<usize>)> = None;
        let mut start = origin.start;
        for line in whole.split_inclusive('\n') {
            let content = without_quote(line).trim_end();
            let from = start + line.len() - without_quote(line).len();
            let range = from..from + content.len();
            start += line.len();
            if is_grid(content) && !is_code(from) {
                return self.report(Finding::warning("table-broken"), &range);
            }
            if !content.contains('|') || is_code(from) {
                above = None;
                continue;
            }
            let (cells, row) = (cells(content), is_row(content));
            match above {
                Some((columns, head, _)) if is_rule(content) && columns != cells => {
                    let is_meant = content.contains("--") || (head && row);
                    let finding = if is_meant { Finding::error } else { Finding::warning };
                    let finding = finding("table-rule-cells").arg("cells", cells).arg("columns", columns);
                    return self.report(finding, &range);
                }
                _ if is_rule(content) && content.contains("--") => {
                    return self.report(Finding::error("table-broken"), &range);
                }
                _ if is_rule(content) && row => return self.report(Finding::warning("table-broken"), &range),
                // Hyphens for what is not there, as in `- | - | -`.
                _ if is_rule(content) => above = None,
                Some((_, true, first)) if row && !is_ruled => {
                    return self.report(Finding::warning("table-broken"), &first);
                }
                _ => above = Some((cells, row, range)),
            }
        }
    }

    /// The text of lines with the mark-up in it left out, as one: what one sign opens, another node may close.
    fn glyphs_of_lines(&self, nodes: Range<usize>) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        let mut from = nodes.start;
        while from < nodes.end {
            let node = &self.nodes.list[from];
            from += 1;
            match &node.event {
                // An address that stands for itself is no text to be marked up.
                Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                    glyphs.push(Glyph { c: 'a', origin: node.range.clone(), verbatim: false });
                    from = node.end + 1;
                }
                Event::Text(text) => push_glyphs(&mut glyphs, text, &node.range, self.markdown),
                Event::SoftBreak | Event::HardBreak => {
                    glyphs.push(Glyph { c: '\n', origin: node.range.clone(), verbatim: false });
                }
                // Something stands there.
                Event::Code(_) => glyphs.push(Glyph { c: 'a', origin: node.range.clone(), verbatim: false }),
                _ => {}
            }
        }
        glyphs
    }

    /// Whether these are the first nodes of an item of a list.
    fn begins_item(&self, first: usize) -> bool {
        let before = |at: usize| at.checked_sub(1).map(|before| &self.nodes.list[before].event);
        match before(first) {
            Some(Event::Start(Tag::Item)) => true,
            Some(Event::Start(Tag::Paragraph)) => matches!(before(first - 1), Some(Event::Start(Tag::Item))),
            _ => false,
        }
    }
}

/// The asterisks among these runs that were meant to make something bold: two about a text, or one before it. What follows a
/// word or a number by itself is the mark of a note, or of a hotel.
fn not_bold(glyphs: &[Glyph], runs: &[Range<usize>]) -> Vec<Range<usize>> {
    let before = |run: &Range<usize>| run.start.checked_sub(1).map(|at| glyphs[at].c).filter(|c| !c.is_whitespace());
    let after = |run: &Range<usize>| glyphs.get(run.end).map(|glyph| glyph.c).filter(|c| !c.is_whitespace());
    let is_word = |c: char| c.is_alphanumeric() || is_sentinel(c);
    let opens =
        |run: &Range<usize>| after(run).is_some_and(|c| before(run).is_none() || is_word(c) || "“‘„«([".contains(c));
    let is_apart = |run: &Range<usize>| before(run).is_none() && after(run).is_none();
    let mut found = Vec::new();
    let mut rest = runs;
    while let [run, more @ ..] = rest {
        rest = more;
        let last = more.first().filter(|last| {
            let has_word =
                glyphs[run.end..last.start].iter().any(|glyph| glyph.c.is_alphabetic() || is_sentinel(glyph.c));
            has_word && (opens(run) || is_apart(run)) && (before(last).is_some() || is_apart(last))
        });
        if let Some(last) = last {
            found.push(run.start..last.end);
            rest = &more[1..];
        } else if opens(run) {
            found.push(run.clone());
        }
    }
    found
}

/// Whether a character stands in an address of the web.
fn is_in_address(glyphs: &[Glyph], at: usize) -> bool {
    let start = glyphs[..at].iter().rposition(|glyph| glyph.c.is_whitespace()).map_or(0, |space| space + 1);
    let word: String = glyphs[start..at].iter().map(|glyph| glyph.c).collect();
    word.contains("://") || word.contains("www.")
}

/// Whether a text begins as an item of a list of tasks: `[ ] ` or `[x] `.
fn is_task(glyphs: &[Glyph]) -> bool {
    let start: Vec<char> = glyphs.iter().take(4).map(|glyph| glyph.c).collect();
    matches!(start[..], ['[', ' ' | 'x' | 'X', ']', after] if after.is_whitespace())
}

/// A line without what puts it in a quote, or farther from the edge.
fn without_quote(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t'])
}

/// Whether a line is the rule below the head of a table: `|---|:--|`.
fn is_rule(line: &str) -> bool {
    let is_cell = |cell: &str| {
        let dashes = cell.trim();
        let dashes = dashes.strip_prefix(':').unwrap_or(dashes);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    };
    line.contains('|') && inner(line).split('|').all(is_cell)
}

/// Whether a line is the border of a table that is drawn: `+---+---+`.
fn is_grid(line: &str) -> bool {
    line.len() > 3
        && line.starts_with('+')
        && line.ends_with('+')
        && (line.contains("--") || line.contains("=="))
        && line.bytes().all(|byte| b"+-=: ".contains(&byte))
}

/// Whether a line begins and ends as the row of a table.
pub(super) fn is_row(line: &str) -> bool {
    line.len() > 2 && line.starts_with('|') && line.ends_with('|') && !line.ends_with("\\|")
}

/// How many cells a line would have as the row of a table.
fn cells(line: &str) -> usize {
    let mut cells = 1;
    let mut is_escaped = false;
    for byte in inner(line).bytes() {
        cells += usize::from(byte == b'|' && !is_escaped);
        is_escaped = byte == b'\\' && !is_escaped;
    }
    cells
}

/// A line without the pipes at its ends.
fn inner(line: &str) -> &str {
    let line = line.strip_prefix('|').unwrap_or(line);
    if line.ends_with("\\|") { line } else { line.strip_suffix('|').unwrap_or(line) }
}
