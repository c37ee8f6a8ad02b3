//! Cross-reference sections (ISO 32000-2, 7.5.4 and 7.5.8), tables and streams.

use std::collections::BTreeMap;
use std::ops::Range;

use super::filter::decode;
use super::limits::{Budget, NESTING, refuse};
use super::object::{Dict, Id, Object};
use super::syntax::Reader;
use crate::error::Finding;

/// Bytes of an entry of a table (7.5.4).
const ENTRY: usize = 20;
/// Bytes of a field of an entry of a stream: more than eight can't be an offset.
const WIDTH: i64 = 8;

/// What a section says of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    Free,
    At { offset: usize, generation: u16 },
    Within { container: u32, index: u32 },
}

/// A cross-reference section with its trailer.
#[derive(Debug)]
pub(super) struct Section {
    /// From `xref` to the end of the trailer, or the whole stream object.
    pub span: Range<usize>,
    pub entries: BTreeMap<u32, Entry>,
    pub trailer: Dict,
    /// The section's own object, if it is a stream.
    pub id: Option<Id>,
}

impl Section {
    /// Reads the section at an offset.
    ///
    /// # Errors
    /// What is not as the standard has it.
    pub fn read(bytes: &[u8], offset: usize, budget: &mut Budget) -> Result<Self, Finding> {
        let mut reader = Reader::new(bytes, offset);
        let section =
            if reader.word(b"xref") { table(&mut reader, offset, budget) } else { stream(&mut reader, budget) }?;
        section.check(offset)?;
        Ok(section)
    }

    fn check(&self, offset: usize) -> Result<(), Finding> {
        if self.trailer.get(b"Encrypt").is_some() {
            return Err(refuse("pdf-encrypted", offset));
        }
        // A table and a stream for the same revision: old programs read the one, new ones the other (7.5.8.4).
        if self.trailer.get(b"XRefStm").is_some() {
            return Err(refuse("pdf-hybrid", offset));
        }
        let size = self.trailer.get(b"Size").and_then(Object::as_integer);
        let last = self.entries.last_key_value().map_or(0, |(number, _)| *number);
        if size.is_none_or(|size| size <= i64::from(last)) {
            return Err(refuse("pdf-size", offset));
        }
        // Object 0 is the head of the list of free objects (7.5.4), never an object.
        if self.entries.get(&0).is_some_and(|entry| *entry != Entry::Free) {
            return Err(refuse("pdf-xref", offset));
        }
        Ok(())
    }

    /// Offset of the section before this one.
    ///
    /// # Errors
    /// `pdf-prev` when it is no offset.
    pub fn previous(&self) -> Result<Option<usize>, Finding> {
        let Some(previous) = self.trailer.get(b"Prev") else { return Ok(None) };
        let previous = previous.as_integer().and_then(|offset| usize::try_from(offset).ok());
        previous.map(Some).ok_or_else(|| refuse("pdf-prev", self.span.start))
    }
}

struct Entries<'a> {
    found: BTreeMap<u32, Entry>,
    offset: usize,
    budget: &'a mut Budget,
}

impl Entries<'_> {
    fn add(&mut self, number: u64, entry: Entry) -> Result<(), Finding> {
        self.budget.object()?;
        let number = u32::try_from(number).map_err(|_| refuse("pdf-xref", self.offset))?;
        if self.found.insert(number, entry).is_some() {
            return Err(refuse("pdf-double-entry", self.offset).arg("number", number));
        }
        Ok(())
    }
}

fn table(reader: &mut Reader, offset: usize, budget: &mut Budget) -> Result<Section, Finding> {
    let mut entries = Entries { found: BTreeMap::new(), offset, budget };
    loop {
        reader.skip_space();
        if reader.word(b"trailer") {
            break;
        }
        let first = reader.digits().ok_or_else(|| reader.refuse("pdf-xref"))?;
        reader.skip_space();
        let count = reader.digits().ok_or_else(|| reader.refuse("pdf-xref"))?;
        while reader.peek() == Some(b' ') {
            reader.at += 1;
        }
        if !reader.line_end() {
            return Err(reader.refuse("pdf-xref"));
        }
        for step in 0..count {
            let text = reader.rest().get(..ENTRY);
            let entry = text.and_then(table_entry).ok_or_else(|| reader.refuse("pdf-xref"))?;
            entries.add(first.saturating_add(step), entry)?;
            reader.at += ENTRY;
        }
    }
    reader.skip();
    if !reader.rest().starts_with(b"<<") {
        return Err(reader.refuse("pdf-xref"));
    }
    let (trailer, _) = reader.dict(NESTING, entries.budget)?;
    Ok(Section { span: offset..reader.at, entries: entries.found, trailer, id: None })
}

/// `nnnnnnnnnn ggggg n` and a line end of two characters.
fn table_entry(text: &[u8]) -> Option<Entry> {
    let number = |range: Range<usize>| {
        let digits = text.get(range).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        std::str::from_utf8(digits).ok()?.parse::<u64>().ok()
    };
    let (offset, generation) = (number(0..10)?, number(11..16)?);
    let spaces = text.get(10) == Some(&b' ') && text.get(16) == Some(&b' ');
    if !spaces || !matches!(text.get(18..), Some(b" \r" | b" \n" | b"\r\n")) {
        return None;
    }
    let generation = u16::try_from(generation).ok()?;
    match text.get(17)? {
        b'f' => Some(Entry::Free),
        b'n' => Some(Entry::At { offset: usize::try_from(offset).ok()?, generation }),
        _ => None,
    }
}

fn stream(reader: &mut Reader, budget: &mut Budget) -> Result<Section, Finding> {
    let offset = reader.at;
    let wrong = || refuse("pdf-xref", offset);
    let id = reader.head().ok_or_else(|| refuse("pdf-startxref", offset))?;
    let object = reader.object(budget)?;
    let dict = object.as_dict().ok_or_else(wrong)?;
    if dict.get(b"Type").and_then(Object::as_name) != Some(b"XRef") {
        return Err(wrong());
    }
    // Objects can't be found yet, so the length must stand here (7.5.8.2).
    let length = dict.get(b"Length").and_then(Object::as_integer).ok_or_else(wrong)?;
    let data = reader.data(length)?;
    let span = offset..reader.at;
    let raw = reader.bytes.get(data).unwrap_or_default();
    let decoded = decode(dict, raw, offset, budget)?;
    let entries = stream_entries(dict, &decoded, offset, budget)?;
    Ok(Section { span, entries, trailer: dict.clone(), id: Some(id) })
}

/// The entries of a stream (7.5.8.2 and 7.5.8.3).
fn stream_entries(
    dict: &Dict,
    data: &[u8],
    offset: usize,
    budget: &mut Budget,
) -> Result<BTreeMap<u32, Entry>, Finding> {
    let wrong = || refuse("pdf-xref", offset);
    let numbers = |key: &[u8]| -> Option<Vec<i64>> {
        dict.get(key)?.as_array()?.iter().map(|item| item.as_integer().filter(|number| *number >= 0)).collect()
    };
    let widths = numbers(b"W").ok_or_else(wrong)?;
    let &[kind, second, third] = widths.as_slice() else { return Err(wrong()) };
    if [kind, second, third].iter().any(|width| *width > WIDTH) || kind + second + third == 0 {
        return Err(wrong());
    }
    let [kind, second, third] = [kind, second, third].map(|width| usize::try_from(width).unwrap_or_default());
    let size = dict.get(b"Size").and_then(Object::as_integer).ok_or_else(wrong)?;
    let index = if dict.get(b"Index").is_some() { numbers(b"Index").ok_or_else(wrong)? } else { vec![0, size] };
    if index.len() % 2 != 0 {
        return Err(wrong());
    }
    let mut rows = data.chunks_exact(kind + second + third);
    let mut entries = Entries { found: BTreeMap::new(), offset, budget };
    for pair in index.chunks_exact(2) {
        let &[first, count] = pair else { return Err(wrong()) };
        for step in 0..count {
            let row = rows.next().ok_or_else(wrong)?;
            let (kind, rest) = row.split_at(kind);
            let (second, third) = rest.split_at(second);
            let kind = if kind.is_empty() { 1 } else { big_endian(kind) };
            let entry = stream_entry(kind, big_endian(second), big_endian(third)).ok_or_else(wrong)?;
            let number = u64::try_from(first).map_err(|_| wrong())?.saturating_add(step.unsigned_abs());
            entries.add(number, entry)?;
        }
    }
    let whole = rows.next().is_none() && rows.remainder().is_empty();
    if whole { Ok(entries.found) } else { Err(wrong()) }
}

fn stream_entry(kind: u64, second: u64, third: u64) -> Option<Entry> {
    match kind {
        0 => Some(Entry::Free),
        1 => Some(Entry::At { offset: usize::try_from(second).ok()?, generation: u16::try_from(third).ok()? }),
        2 => Some(Entry::Within { container: u32::try_from(second).ok()?, index: u32::try_from(third).ok()? }),
        _ => None,
    }
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl Reader<'_> {
    /// Passes the data of a stream of a known length, from `stream` to `endobj` (7.3.8.1); gives where the data is.
    ///
    /// # Errors
    /// `pdf-stream-length` when the stream doesn't end there, and what else is not as the standard has it.
    pub fn data(&mut self, length: i64) -> Result<Range<usize>, Finding> {
        let start = self.stream_start()?;
        let wrong = || refuse("pdf-stream-length", start);
        let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length)).ok_or_else(wrong)?;
        if end > self.bytes.len() {
            return Err(wrong());
        }
        self.at = end;
        self.line_end();
        if !self.word(b"endstream") {
            return Err(wrong());
        }
        self.end()?;
        Ok(start..end)
    }

    /// Passes `stream` and its line end, which can't be a carriage return alone.
    fn stream_start(&mut self) -> Result<usize, Finding> {
        self.skip();
        let keyword = self.rest().starts_with(b"stream");
        let line_end = self.rest().get(6..8).map_or(0, |next| match next {
            b"\r\n" => 2,
            [b'\n', _] => 1,
            _ => 0,
        });
        if !keyword || line_end == 0 {
            return Err(self.refuse("pdf-object"));
        }
        self.at += 6 + line_end;
        Ok(self.at)
    }

    /// Passes `endobj`.
    ///
    /// # Errors
    /// `pdf-object` when something else stands there.
    pub fn end(&mut self) -> Result<(), Finding> {
        self.skip();
        if self.word(b"endobj") { Ok(()) } else { Err(self.refuse("pdf-object")) }
    }
}
