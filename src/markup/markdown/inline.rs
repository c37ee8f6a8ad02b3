//! What stands in a line: text, emphasis, code, links, images and footnotes.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use super::links;
use super::text::{Glyph, push_glyphs};
use super::{NoteState, Spacing, Writer};
use crate::error::Finding;
use crate::markup::escape::typst_string;

/// How deep footnotes may lie in footnotes.
const MAX_OPEN_NOTES: usize = 3;

/// Whether an event belongs in a line, and not among blocks.
pub(super) fn is_inline(event: &Event) -> bool {
    match event {
        Event::Start(tag) => matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }),
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak => true,
        _ => false,
    }
}

impl Writer<'_, '_> {
    pub(super) fn inlines(&mut self, nodes: Range<usize>) {
        let mut at = nodes.start;
        while at < nodes.end {
            at = self.inline(at, nodes.end);
        }
    }

    /// The text that a node begins, up to the first node that is not text, and the index of that.
    pub(super) fn glyphs(&self, from: usize, to: usize) -> (Vec<Glyph>, usize) {
        let mut glyphs = Vec::new();
        for at in from..to {
            let node = &self.nodes.list[at];
            let Event::Text(text) = &node.event else { return (glyphs, at) };
            push_glyphs(&mut glyphs, text, &node.range, self.markdown);
        }
        (glyphs, to)
    }

    /// Writes the element that begins at a node, and gives the index of the node behind it.
    fn inline(&mut self, at: usize, to: usize) -> usize {
        let nodes = self.nodes;
        let node = &nodes.list[at];
        match &node.event {
            Event::Text(_) => {
                let (glyphs, next) = self.glyphs(at, to);
                self.find_broken_links(&glyphs);
                self.text(&glyphs);
                return next;
            }
            Event::Code(code) => {
                let code = typst_string(&self.markdown.fill(code));
                self.out.structure(&format!("#raw({code})"), &node.range);
                self.previous = Some('a');
            }
            Event::SoftBreak => self.soft_break(&node.range),
            Event::HardBreak => {
                self.out.hard_break(&node.range, self.one_line);
                self.previous = Some(' ');
            }
            Event::InlineHtml(html) => self.refuse_html(html, &node.range),
            Event::FootnoteReference(label) => self.footnote(label, &node.range),
            Event::Start(Tag::Emphasis) => self.wrapped("#emph[", at),
            Event::Start(Tag::Strong) => self.wrapped("#strong[", at),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.link(*link_type, dest_url, at),
            Event::Start(Tag::Image { dest_url, title, .. }) => self.inline_image(dest_url, title, at),
            _ => {}
        }
        node.end + 1
    }

    fn wrapped(&mut self, start: &str, at: usize) {
        let node = &self.nodes.list[at];
        self.out.structure(start, &node.range);
        self.inlines(at + 1..node.end);
        self.out.structure("]", &node.range);
    }

    fn soft_break(&mut self, range: &Range<usize>) {
        if self.one_line {
            self.out.space(range.clone(), false);
        } else {
            self.out.lines(1);
        }
        self.previous = Some(' ');
    }

    pub(super) fn refuse_html(&mut self, html: &str, range: &Range<usize>) {
        let html = self.markdown.fill(html.lines().next().unwrap_or_default());
        self.report(Finding::error("html-in-body").arg("html", links::shortened(html.trim())), range);
    }

    fn link(&mut self, link_type: LinkType, url: &str, at: usize) {
        let node = &self.nodes.list[at];
        let content = at + 1..node.end;
        let url = self.markdown.fill(url);
        let url = if link_type == LinkType::Email { format!("mailto:{url}") } else { url };
        if self.is_blank(content.clone()) {
            self.report(Finding::error("link-without-text").arg("url", links::shortened(&url)), &node.range);
        }
        match links::target(&url) {
            Ok(url) => self.wrapped(&format!("#link({})[", typst_string(&url)), at),
            Err(finding) => {
                self.report(finding, &node.range);
                self.inlines(content);
            }
        }
    }

    fn inline_image(&mut self, path: &str, title: &str, at: usize) {
        let range = &self.nodes.list[at].range;
        if !title.trim().is_empty() {
            let finding = Finding::warning("image-caption-unused").arg("image", self.markdown.fill(path));
            self.report(finding, range);
        }
        if let Some(image) = self.image(path, at) {
            self.out.structure(&format!("#box({image})"), range);
        }
        self.previous = Some('a');
    }

    /// The call of Typst's `image`, unless the image is refused.
    pub(super) fn image(&mut self, path: &str, at: usize) -> Option<String> {
        let node = &self.nodes.list[at];
        let path = self.markdown.fill(path);
        let alt = self.plain(at + 1..node.end);
        if alt.trim().is_empty() {
            self.report(Finding::error("image-without-alt").arg("image", &path), &node.range);
        }
        match self.markdown.around.image(&path) {
            Ok(found) => Some(format!("image({}, alt: {})", typst_string(&found), typst_string(&alt))),
            Err(finding) => {
                self.report(finding, &node.range);
                None
            }
        }
    }

    fn footnote(&mut self, label: &str, range: &Range<usize>) {
        let note = self.nodes.note(label);
        let label = self.markdown.fill(label);
        let Some(number) = note else {
            return self.report(Finding::error("footnote-undefined").arg("label", label), range);
        };
        let name = format!("<voetnoot-{}>", number + 1);
        match self.note_states[number] {
            NoteState::Open => self.report(Finding::error("footnote-cycle").arg("label", label), range),
            NoteState::Written => self.out.structure(&format!("#footnote({name})"), range),
            NoteState::Unused => {
                if self.open_notes == MAX_OPEN_NOTES {
                    self.report(Finding::error("nesting-too-deep").arg("limit", MAX_OPEN_NOTES), range);
                    self.note_states[number] = NoteState::Written;
                    return;
                }
                self.first_footnote(number, &name, range);
            }
        }
    }

    fn first_footnote(&mut self, number: usize, name: &str, range: &Range<usize>) {
        let note = &self.nodes.notes[number];
        let definition = note.node + 1..self.nodes.list[note.node].end;
        if definition.is_empty() {
            let finding = Finding::error("footnote-empty").arg("label", &note.label);
            self.report(finding, &self.nodes.list[note.node].range);
        }
        let outside = (self.one_line, self.previous);
        self.note_states[number] = NoteState::Open;
        self.open_notes += 1;
        (self.one_line, self.previous) = (false, None);

        let repeated = note.references > 1;
        // A label in a heading would end the heading and become its label, hence the extra brackets.
        self.out.structure(if repeated { "#[#footnote" } else { "#footnote" }, range);
        self.content(definition, Spacing::Paragraphs, range);
        if repeated {
            self.out.structure(&format!("{name}]"), range);
        }

        (self.one_line, self.previous) = outside;
        self.open_notes -= 1;
        self.note_states[number] = NoteState::Written;
    }
}
