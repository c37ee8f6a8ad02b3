//! Blocks: paragraphs, headings, lists, quotes, code.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::inline::is_inline;
use super::literal::is_row;
use super::text::{Glyph, push_glyphs};
use super::{Spacing, Writer};
use crate::error::Finding;
use crate::markup::escape::typst_string;

impl Writer<'_, '_> {
    /// Writes blocks one below the other; true if the last of them was running text.
    pub(super) fn blocks(&mut self, nodes: Range<usize>, spacing: Spacing) -> bool {
        let between = if spacing == Spacing::Tight { 1 } else { 2 };
        let mut ends_in_text = false;
        let mut at = nodes.start;
        while at < nodes.end {
            let before = self.out.typst.len();
            let (next, is_text) = self.block(at, nodes.end, spacing);
            if !self.out.is_still(before) {
                self.out.lines(between);
                ends_in_text = is_text;
            }
            at = next;
        }
        ends_in_text
    }

    /// Blocks in square brackets.
    pub(super) fn content(&mut self, nodes: Range<usize>, spacing: Spacing, origin: &Range<usize>) {
        let starts_in_text = spacing != Spacing::Quote
            && self.nodes.list[nodes.clone()]
                .first()
                .is_none_or(|node| is_inline(&node.event) || matches!(node.event, Event::Start(Tag::Paragraph)));
        self.out.structure("[", origin);
        self.out.indent();
        self.out.lines(usize::from(!starts_in_text));
        let ends_in_text = nodes.is_empty() || self.blocks(nodes, spacing);
        self.out.dedent();
        self.out.lines(usize::from(!(starts_in_text && ends_in_text)));
        self.out.structure("]", origin);
    }

    /// Writes the block that begins at a node; gives the index of the node behind it, and whether it was running text.
    fn block(&mut self, at: usize, to: usize, spacing: Spacing) -> (usize, bool) {
        let nodes = self.nodes;
        let node = &nodes.list[at];
        self.previous = None;
        let mut is_text = false;
        match &node.event {
            event if is_inline(event) => {
                let end = self.end_of_line(at, to);
                let origin = node.range.start..nodes.list[end - 1].range.end;
                self.find_broken_table(at..end, &origin);
                self.find_literal(at..end);
                self.inlines(at..end);
                return (end, true);
            }
            Event::Start(Tag::Paragraph) => is_text = self.paragraph(at + 1..node.end, &node.range, spacing),
            Event::Start(Tag::Heading { .. }) => self.heading(at),
            Event::Start(Tag::BlockQuote(_)) => {
                self.out.structure("#quote(block: true)", &node.range);
                self.content(at + 1..node.end, Spacing::Quote, &node.range);
            }
            Event::Start(Tag::List(Some(first))) if spacing == Spacing::Quote => self.recommendations(at, *first),
            Event::Start(Tag::List(first)) => self.list(at, *first),
            Event::Start(Tag::CodeBlock(_)) => self.code_block(at),
            Event::Start(Tag::Table(columns)) => self.table(at, columns),
            Event::Start(Tag::HtmlBlock) => {
                let html = self.nodes.list[at + 1..node.end].iter().find_map(|inner| match &inner.event {
                    Event::Html(html) | Event::Text(html) => Some(html.to_string()),
                    _ => None,
                });
                self.refuse_html(&html.unwrap_or_default(), &node.range);
            }
            Event::Rule => self.out.structure("#block(pdf.artifact(line(length: 100%, stroke: 0.5pt)))", &node.range),
            // Footnotes are written where they are referred to.
            _ => {}
        }
        (node.end + 1, is_text)
    }

    /// Where the inline nodes that begin here end.
    fn end_of_line(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        while at < to && is_inline(&self.nodes.list[at].event) {
            at = self.nodes.list[at].end + 1;
        }
        at
    }

    /// True unless it came out as a figure or a recommendation.
    fn paragraph(&mut self, content: Range<usize>, origin: &Range<usize>, spacing: Spacing) -> bool {
        let first = &self.nodes.list[content.start];
        if let Event::Start(Tag::Image { dest_url, title, .. }) = &first.event
            && first.end + 1 == content.end
        {
            self.figure(dest_url, title, content.start);
            return false;
        }
        self.find_broken_table(content.clone(), origin);
        self.find_literal(content.clone());
        if spacing == Spacing::Quote {
            let (glyphs, next) = self.glyphs(content.start, content.end);
            if let Some((number, length)) = recommendation(&glyphs, next < content.end) {
                self.out.structure(&format!("#aanbeveling({})[", typst_string(&number)), origin);
                self.out.indent();
                self.find_broken_links(&glyphs);
                self.text(&glyphs[length..]);
                self.inlines(next..content.end);
                self.out.dedent();
                self.out.structure("]", origin);
                return false;
            }
        }
        self.inlines(content);
        true
    }

    fn heading(&mut self, at: usize) {
        let node = &self.nodes.list[at];
        let content = at + 1..node.end;
        if self.is_blank(content.clone()) {
            self.report(Finding::error("heading-empty"), &node.range);
            return;
        }
        // Hyphens below a line without pipes make a heading of it.
        let line = self.markdown.text.get(node.range.clone()).and_then(|text| text.lines().next());
        if line.is_some_and(|line| is_row(line.trim())) {
            self.report(Finding::warning("table-broken"), &node.range);
        }
        self.find_literal(content.clone());
        let marker = "=".repeat(self.levels.get(&at).copied().unwrap_or(1));
        self.out.structure(&format!("{marker} "), &node.range);
        self.one_line = true;
        self.inlines(content);
        self.one_line = false;
    }

    fn figure(&mut self, path: &str, title: &str, at: usize) {
        let origin = &self.nodes.list[at].range;
        let Some(image) = self.image(path, at) else { return };
        self.out.structure(&format!("#figure({image}"), origin);
        if !title.trim().is_empty() {
            self.out.structure(", caption: [", origin);
            let mut glyphs = Vec::new();
            push_glyphs(&mut glyphs, title.trim(), origin, self.markdown);
            self.text(&glyphs);
            self.out.structure("]", origin);
        }
        self.out.structure(")", origin);
    }

    fn list(&mut self, at: usize, first: Option<u64>) {
        let node = &self.nodes.list[at];
        let tight = self.is_tight(at);
        let mut call = String::from(if first.is_some() { "#enum(" } else { "#list(" });
        let mut options = Vec::new();
        if let Some(start) = first.filter(|&start| start != 1) {
            options.push(format!("start: {start}"));
        }
        if first.is_some() && self.is_numbered_by_parentheses(&node.range) {
            options.push(r#"numbering: "1)""#.to_owned());
        }
        if !tight {
            options.push("tight: false".to_owned());
        }
        call += &options.join(", ");
        if !options.is_empty() {
            call.push(',');
        }
        self.out.structure(&call, &node.range);
        self.out.indent();
        for item in self.items(at) {
            let origin = &self.nodes.list[item].range;
            self.out.lines(1);
            let spacing = if tight { Spacing::Tight } else { Spacing::Paragraphs };
            self.content(item + 1..self.nodes.list[item].end, spacing, origin);
            self.out.structure(",", origin);
        }
        self.out.dedent();
        self.out.lines(1);
        self.out.structure(")", &node.range);
    }

    /// A numbered list in a quote: what a council recommends, each item with its number.
    fn recommendations(&mut self, at: usize, first: u64) {
        let spacing = if self.is_tight(at) { Spacing::Tight } else { Spacing::Paragraphs };
        for (number, item) in (first..).zip(self.items(at)) {
            let node = &self.nodes.list[item];
            self.out.structure(&format!("#aanbeveling(\"{number}\")"), &node.range);
            self.content(item + 1..node.end, spacing, &node.range);
            self.out.lines(2);
        }
    }

    fn items(&self, list: usize) -> Vec<usize> {
        let mut items = Vec::new();
        let mut at = list + 1;
        while at < self.nodes.list[list].end {
            items.push(at);
            at = self.nodes.list[at].end + 1;
        }
        items
    }

    /// Only the items of a loose list hold paragraphs.
    fn is_tight(&self, list: usize) -> bool {
        !self.items(list).into_iter().any(|item| {
            let mut at = item + 1;
            while at < self.nodes.list[item].end {
                if matches!(self.nodes.list[at].event, Event::Start(Tag::Paragraph)) {
                    return true;
                }
                at = self.nodes.list[at].end + 1;
            }
            false
        })
    }

    fn is_numbered_by_parentheses(&self, range: &Range<usize>) -> bool {
        self.markdown.text[range.clone()].trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(')')
    }

    fn code_block(&mut self, at: usize) {
        let node = &self.nodes.list[at];
        let code = self.plain(at + 1..node.end);
        let code = typst_string(code.strip_suffix('\n').unwrap_or(&code));
        self.out.structure(&format!("#raw(block: true, {code})"), &node.range);
    }
}

/// The number of a recommendation at the start of a paragraph, and how much of the text it takes up.
///
/// `1.1 Stel …`, `3. Stel …` and `3 Stel …`, but not `3 jaar …`.
fn recommendation(glyphs: &[Glyph], more_follows: bool) -> Option<(String, usize)> {
    let word: String = glyphs.iter().map(|glyph| glyph.c).take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let rest = &glyphs[word.len()..];
    let spaces = rest.iter().take_while(|glyph| glyph.c.is_whitespace()).count();
    let next = rest.get(spaces).map(|glyph| glyph.c);
    let number = word.strip_suffix('.').unwrap_or(&word);
    let is_number = number.split('.').all(|part| (1..=3).contains(&part.len()));
    let is_marked = word.contains('.') || next.is_none_or(|c| !c.is_lowercase() && !c.is_ascii_digit());
    let is_followed = spaces > 0 && (next.is_some() || more_follows);
    (is_number && is_marked && is_followed).then(|| (number.to_owned(), word.len() + spaces))
}
