//! A letter of advice as the body of its answer: each recommendation as a quote, with room for the answer below it.
//!
//! `lines` reads a text into blocks; here is decided which of them recommend.

mod chapters;
mod lines;
mod marks;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use self::lines::Block;
use super::words::Language;

/// More quotes than this are hardly all recommendations.
pub const MANY: usize = 24;

/// In a text without numbers or bullets, so many paragraphs may all be recommendations, even where no word says so.
const FEW: usize = 12;

/// More paragraphs than this below the last item of a list are the text that goes on, unless others of the list have some.
const OWN: usize = 3;

/// An item with more of its own than this is a chapter: its first line says enough.
const CHAPTER: usize = 12;

/// So many characters tell which text is meant.
const SHOWN: usize = 60;

/// The body of an answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// The Markdown.
    pub body: String,
    /// How many recommendations it quotes.
    pub count: usize,
    /// The beginnings of what it leaves out and may recommend too.
    pub left: Vec<String>,
}

/// What a letter of advice recommends, as quotes, each with "Onze reactie:" below it, under the headings of the letter.
///
/// Recommendations are the numbered items of the text with their own paragraphs, else its bullets, else its numbered
/// headings, else the paragraphs that say that they recommend; below a title "Aanbevelingen", what stands there. Whatever
/// signs the text holds, they are text: neither Markdown nor handlebars reads them.
pub fn answered(text: &str, language: Language) -> Advice {
    let answer = match language {
        Language::Nl => "Onze reactie:",
        Language::En => "Our response:",
        Language::De => "Unsere Antwort:",
    };
    let mut advice = Advice::default();
    let blocks = without_answers(lines::blocks(text), &mut advice.left);
    for part in under_headings(recommended(blocks, &mut advice.left)) {
        match part {
            Part::Heading(level, text) => {
                let _ = writeln!(advice.body, "{} {}\n", "#".repeat(level), escaped(&text));
            }
            Part::Recommendation(it) => {
                advice.count += 1;
                let _ = writeln!(advice.body, "> {}", it.first_line());
                for own in &it.own {
                    let _ = writeln!(advice.body, ">\n> {own}");
                }
                let _ = writeln!(advice.body, "\n{answer}\n");
            }
        }
    }
    advice
}

/// Leaves out what is no advice: answers that stand there already, salutation, closing and signatures.
fn without_answers(blocks: Vec<Block>, left: &mut Vec<String>) -> Vec<Block> {
    let mut kept = Vec::new();
    let mut last: Option<String> = None;
    // Below "Onze reactie:", and whether there is a text already.
    let mut answer: Option<bool> = None;
    let mut is_closed = false;
    let mut blocks = blocks.into_iter().peekable();
    while let Some(block) = blocks.next() {
        match &block {
            Block::Heading(..) => (answer, is_closed) = (None, false),
            Block::End => answer = Some(false),
            // The initials of who signs.
            Block::Item(Some(number), _) if is_closed && number.starts_with(char::is_uppercase) => continue,
            Block::Item(Some(number), _) => {
                let is_next = number.contains('.')
                    || last.as_ref().is_some_and(|last| !last.contains('.') && marks::follows(last, number));
                if answer == Some(true) && !is_next {
                    continue;
                }
                (answer, is_closed) = (None, false);
                last = Some(number.clone());
            }
            Block::Item(None, text) if is_closed || answer == Some(true) => {
                if is_closed {
                    doubt(text, left);
                }
                continue;
            }
            Block::Item(None, _) => answer = None,
            Block::Paragraph { text, .. } if lines::is_closing(text) => {
                is_closed = true;
                kept.push(Block::End);
                continue;
            }
            Block::Paragraph { text, .. } if is_closed || lines::is_salutation(text) => {
                if lines::recommends(text) {
                    doubt(text, left);
                }
                continue;
            }
            Block::Paragraph { .. } if answer.is_some() && !matches!(blocks.peek(), Some(Block::End)) => {
                answer = Some(true);
                continue;
            }
            Block::Paragraph { .. } => answer = None,
        }
        kept.push(block);
    }
    kept
}

/// Remembers what is left out, if it can be a recommendation.
fn doubt(text: &str, left: &mut Vec<String>) {
    if lines::is_sentence(text) && !text.ends_with(':') {
        doubt_item(text, left);
    }
}

/// The same of an item, which may be short.
fn doubt_item(text: &str, left: &mut Vec<String>) {
    left.push(text.chars().take(SHOWN).collect());
}

enum Part {
    Heading(usize, String),
    Recommendation(Recommendation),
}

struct Recommendation {
    number: Option<String>,
    text: String,
    /// What belongs to it besides, as Markdown.
    own: Vec<String>,
    /// Whether the last of that leads in something that follows.
    leads_in: bool,
}

impl Recommendation {
    fn new(number: Option<String>, text: String) -> Self {
        Self { number, text, own: Vec::new(), leads_in: false }
    }

    fn first_line(&self) -> String {
        let text = escaped(&self.text);
        match &self.number {
            None => at_start(text),
            // "1 jaar" would not be read as a number.
            Some(number)
                if text.starts_with(char::is_lowercase) && number.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                format!("{number}. {text}")
            }
            Some(number) => format!("{number} {text}"),
        }
    }
}

fn recommended(mut blocks: Vec<Block>, left: &mut Vec<String>) -> Vec<Part> {
    chapters::titled(&mut blocks);
    chapters::lettered(&mut blocks);
    let marks = chapters::announced(&blocks);
    let has = |numbered: bool, is_announced: bool| {
        blocks.iter().zip(&marks).any(|(block, mark)| {
            matches!(block, Block::Item(number, _) if number.is_some() == numbered) && (*mark || !is_announced)
        })
    };
    let is_below = |block: &Block| matches!(block, Block::Heading(_, text) if lines::is_title(text));
    let is_titled = blocks.iter().any(is_below);
    // Numbers elsewhere are no recommendations where a chapter has bullets for them.
    let is_bulleted = is_titled && has(false, true) && !has(true, true);
    let is_prose = is_titled && !has(false, true) && !has(true, true);
    let is_prose = is_prose && chapters::has_text_below(&blocks);
    if has(true, false) && !is_bulleted && !is_prose {
        if has(false, true) && !has(true, true) {
            chapters::bullets(&blocks, &marks).for_each(|text| doubt_item(text, left));
        }
        if is_titled && has(true, true) {
            blocks = only(blocks, &marks, left);
        }
        chapters::above_others(&mut blocks);
        return items(blocks, true, left);
    }
    if has(false, false) && !is_prose {
        if has(false, true) {
            blocks = only(blocks, &marks, left);
        } else {
            chapters::texts(&blocks).for_each(|text| doubt(text, left));
        }
        return items(blocks, false, left);
    }
    let numbered = blocks.iter().filter(|block| matches!(block, Block::Heading(_, text) if is_numbered(text)));
    let is_chapter = blocks
        .iter()
        .any(|block| matches!(block, Block::Heading(_, text) if is_numbered(text) && lines::is_title(text)));
    if numbered.count() > 1 && !is_chapter {
        for block in &mut blocks {
            if let Block::Heading(_, text) = block
                && let Some((number @ Some(_), rest)) = marks::item(text)
            {
                *block = Block::Item(number, rest);
            }
        }
        return items(blocks, true, left);
    }
    paragraphs(blocks, left)
}

fn is_numbered(heading: &str) -> bool {
    matches!(marks::item(heading), Some((Some(_), _)))
}

/// Only the items that are announced, and all that is no item.
fn only(blocks: Vec<Block>, marks: &[bool], left: &mut Vec<String>) -> Vec<Block> {
    let kept = blocks.into_iter().zip(marks).filter_map(|(block, mark)| match block {
        Block::Item(_, text) if !mark => {
            doubt_item(&text, left);
            None
        }
        _ => Some(block),
    });
    kept.collect()
}

/// The numbered items with all that belongs to them, or the bullets with what is indented below them.
fn items(blocks: Vec<Block>, numbered: bool, left: &mut Vec<String>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut is_open = false;
    for block in blocks {
        let open = match parts.last_mut() {
            Some(Part::Recommendation(open)) if is_open => Some(open),
            _ => None,
        };
        match (block, open) {
            (Block::Item(number, text), open) if number.is_some() == numbered => {
                if let Some(open) = open {
                    open.close(left);
                }
                parts.push(Part::Recommendation(Recommendation::new(number, text)));
                is_open = true;
            }
            (Block::Item(_, text), Some(open)) => {
                open.own.push(format!("- {}", at_start(escaped(&text))));
                open.leads_in = false;
            }
            (Block::Paragraph { text, indented }, Some(open)) if numbered || indented => {
                open.leads_in = text.ends_with(':');
                if open.text.is_empty() {
                    open.text = text;
                } else {
                    open.own.push(at_start(escaped(&text)));
                }
            }
            (Block::Heading(level, text), open) => {
                if let Some(open) = open {
                    open.close(left);
                }
                end_of_list(&mut parts, left);
                parts.push(Part::Heading(level, text));
                is_open = false;
            }
            (Block::End, open) => {
                if let Some(open) = open {
                    open.close(left);
                }
                end_of_list(&mut parts, left);
                is_open = false;
            }
            (Block::Item(_, text), _) => doubt_item(&text, left),
            (Block::Paragraph { text, .. }, _) if lines::recommends(&text) => doubt(&text, left),
            _ => {}
        }
    }
    if let Some(Part::Recommendation(open)) = parts.last_mut().filter(|_| is_open) {
        open.close(left);
    }
    end_of_list(&mut parts, left);
    parts
}

impl Recommendation {
    /// What leads in the next one is not this one's, nor is the text of a chapter.
    fn close(&mut self, left: &mut Vec<String>) {
        if self.leads_in {
            self.own.pop();
        }
        if self.own.len() > CHAPTER {
            self.own.drain(..).for_each(|own| doubt_item(&own, left));
        }
    }
}

/// Takes the text that goes on below a list from the last of its items.
fn end_of_list(parts: &mut [Part], left: &mut Vec<String>) {
    let list = parts.iter_mut().rev().map_while(|part| match part {
        Part::Recommendation(it) => Some(it),
        Part::Heading(..) => None,
    });
    let mut list: Vec<&mut Recommendation> = list.collect();
    if let Some((last, before)) = list.split_first_mut()
        && !before.is_empty()
        && last.own.len() > OWN
        && before.iter().all(|it| it.own.is_empty())
    {
        last.own.drain(..).for_each(|own| doubt_item(&own, left));
    }
}

/// The paragraphs that recommend or stand below a title that says so; where none does, all of a short text.
fn paragraphs(blocks: Vec<Block>, left: &mut Vec<String>) -> Vec<Part> {
    let is_lead_in = |text: &str| text.ends_with(':');
    let texts = || {
        blocks.iter().filter_map(|block| match block {
            Block::Paragraph { text, .. } if !is_lead_in(text) => Some(text.as_str()),
            _ => None,
        })
    };
    let is_announcing = |block: &Block| match block {
        Block::Heading(_, text) => lines::recommends(text),
        Block::Paragraph { text, .. } => lines::recommends(text),
        Block::Item(..) | Block::End => false,
    };
    let is_said = blocks.iter().any(is_announcing);
    let are_all = !is_said && texts().count() <= FEW;
    let mut is_announced = false;
    let mut above: Option<usize> = None;
    let mut parts = Vec::new();
    for block in blocks {
        match block {
            Block::Heading(level, text) => {
                let is_below = above.filter(|above| level > *above);
                above = is_below.or(lines::recommends(&text).then_some(level));
                is_announced = above.is_some();
                parts.push(Part::Heading(level, text));
            }
            Block::Paragraph { text, .. } if is_lead_in(&text) || !lines::is_sentence(&text) => {
                is_announced |= lines::recommends(&text);
            }
            Block::Paragraph { text, .. } if are_all || is_announced || lines::recommends(&text) => {
                parts.push(Part::Recommendation(Recommendation::new(None, text)));
            }
            Block::Paragraph { text, .. } | Block::Item(_, text) => doubt(&text, left),
            Block::End => is_announced = false,
        }
    }
    parts
}

/// Leaves out headings without a recommendation below them; the others begin at level 1 and leave no gaps, whatever levels
/// the text has (PDF/UA-1).
fn under_headings(mut parts: Vec<Part>) -> Vec<Part> {
    let headings = parts.iter_mut().filter_map(|part| match part {
        Part::Heading(level, text) => Some((level, text.clone())),
        Part::Recommendation(_) => None,
    });
    chapters::ranked(headings.collect());
    let mut kept = Vec::new();
    // Walked from the end: the lowest level of heading that what follows still needs one of.
    let mut wanted = 0;
    for part in parts.into_iter().rev() {
        match &part {
            Part::Recommendation(_) => wanted = usize::MAX,
            Part::Heading(level, _) if *level < wanted => wanted = *level,
            Part::Heading(..) => continue,
        }
        kept.push(part);
    }
    kept.reverse();
    let level = |part: &Part| match part {
        Part::Heading(level, _) => Some(*level),
        Part::Recommendation(_) => None,
    };
    let highest = kept.iter().filter_map(level).min().unwrap_or(1);
    let mut before = 0;
    for part in &mut kept {
        if let Part::Heading(level, _) = part {
            *level = (*level - highest + 1).min(before + 1);
            before = *level;
        }
    }
    kept
}

/// Text in which every sign that Markdown or handlebars could read is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&' | '~')
        {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// The same where it begins a paragraph, and could begin a list.
fn at_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = text[digits..].chars().next();
    if digits > 0 && matches!(sign, Some('.' | ')')) || digits == 0 && matches!(sign, Some('-' | '+' | '=')) {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    text
}
