//! The chain of revisions, from the last back to the first (ISO 32000-2, 7.5.5 and 7.5.6).

use std::ops::Range;

use super::limits::{Budget, FILE, REVISIONS, refuse, within};
use super::object::{Dict, Object};
use super::syntax::Reader;
use super::xref::Section;
use crate::error::Finding;

/// Bytes in which `startxref`, a number and `%%EOF` fit at the end of a file.
const TAIL: usize = 64;

/// A revision whose objects are not read yet.
#[derive(Debug)]
pub(super) struct Link {
    pub bytes: Range<usize>,
    /// What its `startxref` names.
    pub xref: usize,
    /// One section; two in a linearized file (annex F).
    pub sections: Vec<Section>,
    /// Its `startxref … %%EOF`, one for each section.
    pub tails: Vec<Range<usize>>,
}

/// The revisions of a file, oldest first.
pub(super) fn chain(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Link>, Finding> {
    within("file", bytes.len(), FILE)?;
    header(bytes)?;
    let mut links: Vec<Link> = Vec::new();
    let mut next = Some(last(bytes)?);
    while let Some(offset) = next {
        within("revisions", links.len() + 1, REVISIONS)?;
        // Each section stands before the one that names it, so that there is no circle and no byte is read twice.
        let limit =
            links.last().map_or(bytes.len(), |link| link.sections.iter().map(|it| it.span.start).min().unwrap_or(0));
        if offset >= limit {
            return Err(refuse("pdf-prev", offset));
        }
        let before = bytes.get(..limit).unwrap_or_default();
        let section = Section::read(before, offset, budget)?;
        let previous = section.previous()?;
        let link = match previous {
            Some(second) if second > offset => linearized(bytes, section, second, budget)?,
            _ => {
                let tail = tail(bytes, section.span.end, Some(offset))?;
                next = previous;
                Link { bytes: 0..tail.end, xref: offset, sections: vec![section], tails: vec![tail] }
            }
        };
        if link.sections.len() > 1 {
            next = None;
        }
        if link.bytes.end > limit {
            return Err(refuse("pdf-prev", offset));
        }
        if let Some(later) = links.last_mut() {
            later.bytes.start = link.bytes.end;
        } else if link.bytes.end != bytes.len() {
            return Err(refuse("pdf-tail", link.bytes.end));
        }
        links.push(link);
    }
    links.reverse();
    Ok(links)
}

/// `%PDF-1.x` or `%PDF-2.0` at the very start (7.5.2).
fn header(bytes: &[u8]) -> Result<(), Finding> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', b'1', b'.', b'0'..=b'7', b'\r' | b'\n', ..] => Ok(()),
        [b'%', b'P', b'D', b'F', b'-', b'2', b'.', b'0', b'\r' | b'\n', ..] => Ok(()),
        _ => Err(refuse("pdf-header", 0)),
    }
}

/// What the `startxref` at the end of the file names.
fn last(bytes: &[u8]) -> Result<usize, Finding> {
    let from = bytes.len().saturating_sub(TAIL);
    let window = bytes.get(from..).unwrap_or_default();
    let word = b"startxref";
    let at =
        window.windows(word.len()).rposition(|part| part == word).ok_or_else(|| refuse("pdf-tail", bytes.len()))?;
    let mut reader = Reader::new(bytes, from + at + word.len());
    reader.skip_space();
    let offset = reader.digits().and_then(|offset| usize::try_from(offset).ok());
    offset.ok_or_else(|| refuse("pdf-startxref", from + at))
}

/// Passes `startxref`, the offset that it must name, `%%EOF` and a line end; gives their place.
fn tail(bytes: &[u8], after: usize, named: Option<usize>) -> Result<Range<usize>, Finding> {
    let mut reader = Reader::new(bytes, after);
    reader.skip();
    let start = reader.at;
    let wrong = || refuse("pdf-startxref", start);
    if !reader.word(b"startxref") {
        return Err(wrong());
    }
    reader.skip_space();
    let offset = reader.digits().ok_or_else(wrong)?;
    if named.is_some_and(|named| u64::try_from(named) != Ok(offset)) {
        return Err(wrong());
    }
    reader.skip_space();
    if !reader.rest().starts_with(b"%%EOF") {
        return Err(wrong());
    }
    reader.at += 5;
    let line_end = reader.line_end();
    // A comment that only begins so would hide what follows on its line.
    if !line_end && reader.peek().is_some() {
        return Err(wrong());
    }
    Ok(start..reader.at)
}

/// A first revision that is linearized (annex F): the section that the file's `startxref` names stands near its beginning and
/// goes on in one at its end.
fn linearized(bytes: &[u8], first: Section, second: usize, budget: &mut Budget) -> Result<Link, Finding> {
    let offset = first.span.start;
    let wrong = || refuse("pdf-linearized", offset);
    // The number after the first `startxref` means nothing (F.3.4).
    let mut reader = Reader::new(bytes, first.span.end);
    reader.skip_space();
    // qpdf leaves it out where the section is a stream.
    let absent = first.id.is_some() && !reader.rest().starts_with(b"startxref");
    let inner = if absent { first.span.end..first.span.end } else { tail(bytes, first.span.end, None)? };
    if second < inner.end {
        return Err(wrong());
    }
    let rest = Section::read(bytes, second, budget)?;
    if rest.previous()?.is_some() {
        return Err(wrong());
    }
    if let Some(number) = rest.entries.keys().find(|number| first.entries.contains_key(number)) {
        return Err(refuse("pdf-double-entry", second).arg("number", number));
    }
    let outer = tail(bytes, rest.span.end, Some(offset))?;
    let length = linearization(bytes, budget).and_then(|dict| dict.get(b"L").and_then(Object::as_integer));
    let end = bytes.get(..outer.end).unwrap_or_default();
    let bare = end.strip_suffix(b"\r\n").or(end.strip_suffix(b"\n")).or(end.strip_suffix(b"\r")).unwrap_or(end).len();
    let fits = |length: i64| usize::try_from(length).is_ok_and(|length| length == outer.end || length == bare);
    if !length.is_some_and(fits) {
        return Err(wrong());
    }
    Ok(Link { bytes: 0..outer.end, xref: offset, sections: vec![first, rest], tails: vec![inner, outer] })
}

/// The linearization parameters, the first object of such a file (F.3.3).
fn linearization(bytes: &[u8], budget: &mut Budget) -> Option<Dict> {
    let mut reader = Reader::new(bytes, 0);
    reader.skip();
    reader.head()?;
    let object = reader.object(budget).ok()?;
    let dict = object.as_dict()?;
    dict.get(b"Linearized").is_some().then(|| dict.clone())
}
