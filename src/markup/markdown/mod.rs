//! A letter's body: CommonMark with tables and footnotes, to Typst markup.
//!
//! [`to_typst`] reads the Markdown into a list of nodes (`events`), settles the levels of its headings (`headings`),
//! and writes them out: blocks by `blocks` and `table`, what stands in a line by `inline` and `text`. What came out as text
//! and was hardly meant so is found by `literal`.

mod blocks;
mod events;
mod headings;
mod inline;
mod links;
mod literal;
mod output;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use self::events::Nodes;
use self::output::Output;
use super::{Body, MarkupFinding, Surroundings, is_sentinel};
use crate::error::Finding;

/// More than anyone will read at once; a file can hold half a million.
const MAX_FINDINGS: usize = 200;

/// Turns a body into Typst markup, and finds all that is wrong with it.
///
/// Whatever the text holds, the markup is free of syntax errors, and its structure depends on the Markdown alone: other
/// values change nothing but the strings in it. Where a finding is an error, what it is about is missing from the markup.
pub fn to_typst(text: &str, around: &dyn Surroundings) -> Body {
    let markdown = Markdown { text, around };
    let mut findings = Vec::new();
    let nodes = events::read(&markdown, &mut findings);
    let levels = headings::levels(&nodes.list, &mut findings);
    let note_states = vec![NoteState::Unused; nodes.notes.len()];
    let mut writer = Writer {
        markdown: &markdown,
        nodes: &nodes,
        levels,
        out: Output::default(),
        findings,
        note_states,
        open_notes: 0,
        one_line: false,
        previous: None,
    };
    writer.blocks(0..nodes.list.len(), Spacing::Paragraphs);

    let Writer { mut out, mut findings, note_states, .. } = writer;
    if let Some(range) = out.too_long.take() {
        report(&mut findings, Finding::error("body-too-long"), &range);
    }
    if !out.typst.is_empty() {
        out.typst.push('\n');
    }
    for (note, _) in nodes.notes.iter().zip(note_states).filter(|(_, state)| *state == NoteState::Unused) {
        let finding = Finding::warning("footnote-unused").arg("label", &note.label);
        report(&mut findings, finding, &nodes.list[note.node].range);
    }
    Body { typst: out.typst, map: out.map, findings: in_order(findings) }
}

/// Each finding once, in the order of the text; errors go before warnings where not all are kept.
fn in_order(mut findings: Vec<MarkupFinding>) -> Vec<MarkupFinding> {
    let place = |found: &MarkupFinding| (found.range.start, found.range.end, found.finding.code);
    findings.sort_by_key(|found| (found.finding.severity, place(found)));
    findings.dedup();
    findings.truncate(MAX_FINDINGS);
    findings.sort_by_key(place);
    findings
}

/// The text, and what its sentinels stand for.
struct Markdown<'a> {
    text: &'a str,
    around: &'a dyn Surroundings,
}

impl Markdown<'_> {
    fn value(&self, c: char) -> Option<&str> {
        is_sentinel(c).then(|| self.around.value(c)).flatten()
    }

    /// A text with its values filled in, for positions that hold a string and not markup.
    fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.value(c) {
                Some(value) => out.push_str(value),
                None => out.push(c),
            }
        }
        out
    }

    /// Whether the character at an offset was written with a backslash before it.
    fn is_escaped(&self, at: usize) -> bool {
        self.text.as_bytes()[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
    }
}

/// What lies between two blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// A blank line, which makes paragraphs.
    Paragraphs,
    /// A line feed, as in the items of a tight list.
    Tight,
    /// A blank line, in a quote, where numbered paragraphs are recommendations.
    Quote,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum NoteState {
    Unused,
    /// Its definition is being written.
    Open,
    Written,
}

struct Writer<'w, 'a> {
    markdown: &'w Markdown<'a>,
    nodes: &'w Nodes<'a>,
    levels: HashMap<usize, usize>,
    out: Output,
    findings: Vec<MarkupFinding>,
    note_states: Vec<NoteState>,
    open_notes: usize,
    /// Whether a line feed would end what is being written, as it does a heading.
    one_line: bool,
    /// The character before, as the reader sees it: of a value, a letter stands for all.
    previous: Option<char>,
}

impl Writer<'_, '_> {
    fn report(&mut self, finding: Finding, range: &Range<usize>) {
        report(&mut self.findings, finding, range);
    }

    /// The text in some nodes without its markup, with values filled in.
    fn plain(&self, nodes: Range<usize>) -> String {
        let mut plain = String::new();
        for node in &self.nodes.list[nodes] {
            match &node.event {
                Event::Text(text) | Event::Code(text) => plain.push_str(text),
                Event::SoftBreak | Event::HardBreak => plain.push(' '),
                _ => {}
            }
        }
        self.markdown.fill(&plain)
    }

    /// Whether a reader would find nothing in some nodes.
    fn is_blank(&self, nodes: Range<usize>) -> bool {
        let has_image =
            self.nodes.list[nodes.clone()].iter().any(|node| matches!(node.event, Event::Start(Tag::Image { .. })));
        !has_image && self.plain(nodes).trim().is_empty()
    }
}

fn report(findings: &mut Vec<MarkupFinding>, finding: Finding, range: &Range<usize>) {
    findings.push(MarkupFinding { finding, range: range.clone() });
}
