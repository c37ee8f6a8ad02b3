//! The Markdown as a list of nodes, of bounded depth, with its footnotes by name.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag};

use super::{Markdown, report};
use crate::error::Finding;
use crate::markup::MarkupFinding;

/// How deep quotes, lists, emphasis and links may lie in one another. Typst gives up at some sixteen quotes, and sooner
/// where a letterhead wraps each of them in something of its own.
const MAX_DEPTH: usize = 8;

/// How many events a body may hold: far more than a letter, far fewer than would keep Typst busy for minutes.
const MAX_EVENTS: usize = 100_000;

pub(super) struct Node<'a> {
    pub event: Event<'a>,
    pub range: Range<usize>,
    /// Index of the node that ends what this one starts; its own index where it starts nothing.
    pub end: usize,
}

/// A footnote's definition.
pub(super) struct Note {
    /// Its label, with values filled in.
    pub label: String,
    /// Index of the node that starts it.
    pub node: usize,
    pub references: usize,
}

pub(super) struct Nodes<'a> {
    pub list: Vec<Node<'a>>,
    pub notes: Vec<Note>,
    note_by_key: HashMap<String, usize>,
}

impl Nodes<'_> {
    pub fn note(&self, label: &str) -> Option<usize> {
        self.note_by_key.get(&note_key(label)).copied()
    }
}

pub(super) fn read<'a>(markdown: &Markdown<'a>, findings: &mut Vec<MarkupFinding>) -> Nodes<'a> {
    let undefined = RefCell::new(Vec::new());
    let mut on_undefined = |link: BrokenLink<'a>| -> Option<(CowStr<'a>, CowStr<'a>)> {
        // A lone `[sic]` is text; `[this][that]` can only have been meant as a link.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            undefined.borrow_mut().push((link.reference, link.span));
        }
        None
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let parser = Parser::new_with_broken_link_callback(markdown.text, options, Some(&mut on_undefined));
    let list = collect(parser.into_offset_iter(), findings);

    for (label, range) in undefined.into_inner() {
        report(findings, Finding::error("link-undefined").arg("label", markdown.fill(&label)), &range);
    }
    let mut nodes = Nodes { list, notes: Vec::new(), note_by_key: HashMap::new() };
    find_notes(&mut nodes, markdown, findings);
    nodes
}

/// Nodes that lie too deep are refused and left out, so that whoever walks the list may recurse.
fn collect<'a>(
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
    findings: &mut Vec<MarkupFinding>,
) -> Vec<Node<'a>> {
    let mut list: Vec<Node> = Vec::new();
    let mut open = Vec::new();
    let mut depth = 0;
    let mut skipping = 0_usize;
    for (event, range) in events {
        match &event {
            Event::Start(tag) if skipping > 0 || (nests(tag) && depth == MAX_DEPTH) => {
                if skipping == 0 {
                    report(findings, Finding::error("nesting-too-deep").arg("limit", MAX_DEPTH), &range);
                }
                skipping += 1;
                continue;
            }
            Event::End(_) if skipping > 0 => {
                skipping -= 1;
                continue;
            }
            _ if skipping > 0 => continue,
            Event::Start(tag) => {
                depth += usize::from(nests(tag));
                open.push(list.len());
            }
            Event::End(_) => {
                let start = open.pop().expect("the parser's events are balanced");
                list[start].end = list.len();
                depth -= usize::from(matches!(&list[start].event, Event::Start(tag) if nests(tag)));
            }
            _ => {}
        }
        let end = list.len();
        if end == MAX_EVENTS {
            report(findings, Finding::error("body-too-long"), &range);
            return Vec::new();
        }
        list.push(Node { event, range, end });
    }
    list
}

fn nests(tag: &Tag) -> bool {
    matches!(
        tag,
        Tag::BlockQuote(_) | Tag::List(_) | Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn find_notes(nodes: &mut Nodes, markdown: &Markdown, findings: &mut Vec<MarkupFinding>) {
    for (index, node) in nodes.list.iter().enumerate() {
        let Event::Start(Tag::FootnoteDefinition(label)) = &node.event else { continue };
        let next = nodes.notes.len();
        let is_first = *nodes.note_by_key.entry(note_key(label)).or_insert(next) == next;
        let label = markdown.fill(label);
        if is_first {
            nodes.notes.push(Note { label, node: index, references: 0 });
        } else {
            report(findings, Finding::error("footnote-duplicate").arg("label", label), &node.range);
        }
    }
    for node in &nodes.list {
        if let Event::FootnoteReference(label) = &node.event
            && let Some(note) = nodes.note_by_key.get(&note_key(label))
        {
            nodes.notes[*note].references += 1;
        }
    }
}

fn note_key(label: &str) -> String {
    label.to_lowercase()
}
