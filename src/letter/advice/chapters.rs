//! The chapters of a letter of advice, and which of its list items recommend.

use super::lines::{self, Block};
use super::marks;

/// Where numbered items are the titles of chapters, one of which is "Aanbevelingen", they become headings.
pub(super) fn titled(blocks: &mut [Block]) {
    let depth = |number: &str| number.split('.').count();
    let title = blocks.iter().find_map(|block| match block {
        Block::Item(Some(number), text) if lines::is_title(text) => Some(depth(number)),
        _ => None,
    });
    let Some(level) = title else { return };
    let mut last: Option<String> = None;
    for block in blocks {
        let Block::Item(Some(number), text) = block else { continue };
        if depth(number) != level {
            continue;
        }
        let is_next = last.as_ref().is_none_or(|last| marks::follows(last, number));
        if lines::is_title(text) || is_next && !lines::ends_sentence(text) {
            last = Some(number.clone());
            *block = Block::Heading(level, text.clone());
        }
    }
}

/// Letters among numbers: those directly above the first number of a list are headings, others belong to what is above.
pub(super) fn lettered(blocks: &mut [Block]) {
    let is_digits = |number: &str| number.starts_with(|sign: char| sign.is_ascii_digit());
    let has = |digits: bool| {
        blocks.iter().any(|block| matches!(block, Block::Item(Some(number), _) if is_digits(number) == digits))
    };
    if !(has(true) && has(false)) {
        return;
    }
    let mut is_above = false;
    for block in blocks.iter_mut().rev() {
        let Block::Item(Some(number), text) = block else { continue };
        if is_digits(number) {
            is_above = true;
            continue;
        }
        let text = format!("{number} {text}");
        let is_heading = is_above && number.starts_with(char::is_uppercase) && !lines::ends_sentence(&text);
        *block = if is_heading { Block::Heading(1, text) } else { Block::Item(None, text) };
        is_above = false;
    }
}

/// An item that is directly followed by the first of its own, 1 by 1.1, is a heading above them.
pub(super) fn above_others(blocks: &mut [Block]) {
    let mut next: Option<String> = None;
    for block in blocks.iter_mut().rev() {
        let Block::Item(Some(number), text) = block else { continue };
        let number = number.clone();
        if next.as_ref().is_some_and(|next| next.strip_prefix(&number).is_some_and(|rest| rest.starts_with('.'))) {
            let stop = if number.contains('.') { "" } else { "." };
            *block = Block::Heading(1 + number.split('.').count(), format!("{number}{stop} {text}"));
        }
        next = Some(number);
    }
}

/// For each block whether it stands below words that recommend.
pub(super) fn announced(blocks: &[Block]) -> Vec<bool> {
    let mut is_announced = false;
    // The level of the heading that announces them: those below it, and what they lead in, belong to it.
    let mut above: Option<usize> = None;
    let marks = blocks.iter().map(|block| {
        match block {
            Block::Heading(level, text) => {
                above = if lines::recommends(text) { Some(*level) } else { above.filter(|above| level > above) };
                is_announced = above.is_some();
            }
            Block::Paragraph { text, .. } if text.ends_with(':') => {
                is_announced = above.is_some() || lines::recommends(text);
            }
            Block::Paragraph { text, .. } => is_announced |= lines::recommends(text),
            Block::Item(..) | Block::End => {}
        }
        is_announced
    });
    marks.collect()
}

/// Whether a paragraph stands below the title of the recommendations.
pub(super) fn has_text_below(blocks: &[Block]) -> bool {
    let mut is_below = false;
    blocks.iter().any(|block| {
        if let Block::Heading(_, text) = block {
            is_below = lines::is_title(text);
        }
        is_below && matches!(block, Block::Paragraph { text, .. } if lines::is_sentence(text))
    })
}

/// The items that are announced.
pub(super) fn bullets<'a>(blocks: &'a [Block], marks: &'a [bool]) -> impl Iterator<Item = &'a str> {
    blocks.iter().zip(marks).filter_map(|(block, mark)| match block {
        Block::Item(_, text) if *mark => Some(text.as_str()),
        _ => None,
    })
}

/// The paragraphs beside a list that nothing announces: they may recommend as much as the list, though no word says so.
pub(super) fn texts(blocks: &[Block]) -> impl Iterator<Item = &str> {
    blocks.iter().filter_map(|block| match block {
        Block::Paragraph { text, indented: false } if !lines::recommends(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Headings that are numbered alike get one level: the highest that one of them has.
pub(super) fn ranked(mut headings: Vec<(&mut usize, String)>) {
    let depth = |text: &str| {
        let number = marks::item(text)?.0?;
        Some(number.split('.').count())
    };
    let mut levels: Vec<(usize, usize)> = Vec::new();
    for (level, text) in &headings {
        let Some(depth) = depth(text) else { continue };
        match levels.iter_mut().find(|(known, _)| *known == depth) {
            Some((_, highest)) => *highest = (*highest).min(**level),
            None => levels.push((depth, **level)),
        }
    }
    for (level, text) in &mut headings {
        if let Some((_, highest)) = depth(text).and_then(|depth| levels.iter().find(|(known, _)| *known == depth)) {
            **level = *highest;
        }
    }
}
