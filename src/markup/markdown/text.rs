//! Running text: characters and where they come from, apostrophes, and links that came out as text.

use std::ops::Range;

use super::{Markdown, Writer};
use crate::error::Finding;
use crate::markup::escape::typst_markup;
use crate::markup::is_sentinel;

/// A character of running text.
pub(super) struct Glyph {
    pub c: char,
    /// Where it stands in the Markdown; for a character reference, the whole of that.
    pub origin: Range<usize>,
    /// Whether it stands there as it is.
    pub verbatim: bool,
}

/// How much of a broken link's address a finding marks at most.
const MAX_SHOWN: usize = 100;

/// Words that begin with an apostrophe, as in 's-Hertogenbosch.
const CLIPPED: [&str; 7] = ["s", "t", "n", "m", "k", "r", "ns"];

pub(super) fn push_glyphs(glyphs: &mut Vec<Glyph>, text: &str, range: &Range<usize>, markdown: &Markdown) {
    let verbatim = markdown.text.get(range.clone()) == Some(text);
    glyphs.extend(text.char_indices().map(|(at, c)| {
        let start = range.start + at;
        let origin = if verbatim { start..start + c.len_utf8() } else { range.clone() };
        Glyph { c, origin, verbatim }
    }));
}

impl Writer<'_, '_> {
    /// Writes a stretch of text that no markup interrupts.
    pub(super) fn text(&mut self, glyphs: &[Glyph]) {
        let last_closing = (1..glyphs.len()).rfind(|&at| closes_quote(glyphs, at)).unwrap_or(0);
        for (at, glyph) in glyphs.iter().enumerate() {
            let Glyph { c, origin, verbatim } = glyph;
            let rest = &glyphs[at + 1..];
            if let Some(value) = self.markdown.value(*c) {
                self.out.structure(&typst_markup(value), origin);
                self.previous = Some('a');
                continue;
            }
            let shown = if *c == '\'' && is_apostrophe(self.previous, rest, last_closing > at) { '’' } else { *c };
            if matches!(shown, ' ' | '\t' | '\n' | '\r') {
                self.out.space(origin.clone(), *verbatim && *c == ' ');
            } else {
                let copied = *verbatim && shown == *c;
                self.out.literal(shown, origin, copied, rest.first().map(|next| next.c));
            }
            self.previous = Some(shown);
        }
    }

    /// Finds what was meant as a link or a footnote and came out as text.
    pub(super) fn find_broken_links(&mut self, glyphs: &[Glyph]) {
        let is_live = |at: usize| glyphs[at].verbatim && !self.markdown.is_escaped(glyphs[at].origin.start);
        let mut found = Vec::new();
        let mut opened = None;
        for at in 0..glyphs.len() {
            match glyphs[at].c {
                '[' => opened = Some(at),
                ']' if is_live(at) => {
                    let from = opened.take();
                    if from.is_some_and(|from| !is_live(from)) {
                        continue;
                    }
                    let rest = &glyphs[at + 1..];
                    let word = |from: usize| {
                        let shown = rest.iter().skip(from).take(MAX_SHOWN);
                        at + from + shown.take_while(|next| !next.c.is_whitespace()).count()
                    };
                    if starts_with(rest, "(") {
                        found.push((Finding::error("link-broken"), from.unwrap_or(at)..word(0)));
                    } else if ["http:", "https:", "mailto:", "tel:", "www."]
                        .iter()
                        .any(|start| starts_with(rest, &format!(" ({start}")))
                    {
                        found.push((Finding::warning("link-broken"), from.unwrap_or(at)..word(1)));
                    } else if let Some(from) = from
                        && glyphs[from + 1].c == '^'
                        && at > from + 2
                    {
                        let label: String = glyphs[from + 2..at].iter().map(|glyph| glyph.c).collect();
                        let label = self.markdown.fill(&label);
                        found.push((Finding::error("footnote-undefined").arg("label", label), from..at));
                    }
                }
                _ => {}
            }
        }
        for (finding, at) in found {
            let range = glyphs[at.start].origin.start..glyphs[at.end].origin.end;
            self.report(finding, &range);
        }
    }
}

fn starts_with(glyphs: &[Glyph], start: &str) -> bool {
    start.chars().count() <= glyphs.len() && start.chars().zip(glyphs).all(|(c, glyph)| c == glyph.c)
}

/// Whether a straight single quote can only be an apostrophe: in a word (foto's), before a clipped one ('s middags) or
/// before a clipped year ('22). All others are Typst's to judge.
fn is_apostrophe(previous: Option<char>, rest: &[Glyph], is_closed: bool) -> bool {
    let starts_word = rest.first().is_some_and(|next| is_word(next.c));
    if previous.is_some_and(is_word) {
        return starts_word && !rest[0].c.is_numeric();
    }
    let word: String = rest.iter().map(|glyph| glyph.c).take_while(|&c| is_word(c)).take(4).collect();
    let quoted = rest.get(word.chars().count()).is_some_and(|next| matches!(next.c, '\'' | '’'));
    let is_year = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    // "'er" is rare, a quotation that begins with "er" is not.
    let is_er = word == "er" && !is_closed;
    !quoted && (is_year || is_er || CLIPPED.contains(&word.to_lowercase().as_str()))
}

fn closes_quote(glyphs: &[Glyph], at: usize) -> bool {
    glyphs[at].c == '\'' && !glyphs[at - 1].c.is_whitespace() && glyphs.get(at + 1).is_none_or(|next| !is_word(next.c))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_sentinel(c)
}
