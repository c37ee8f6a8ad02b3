//! The objects of every revision, each in its own bytes and no byte unaccounted for.

use std::collections::BTreeMap;
use std::ops::Range;

use super::chain::Link;
use super::filter::decode;
use super::limits::{Budget, refuse};
use super::object::{Dict, Id, Object, Stream, Value};
use super::syntax::Reader;
use super::xref::Entry;
use super::{Defined, Revision};
use crate::error::Finding;

/// What an object was from a revision on.
#[derive(Debug)]
pub(super) struct Version {
    pub revision: usize,
    pub generation: u16,
    /// None when it was freed.
    pub value: Option<Value>,
}

/// The versions of every object by number, the oldest first.
pub(super) type History = BTreeMap<u32, Vec<Version>>;

/// An object in the file of which the part before `endobj` or `stream` was read.
struct Head {
    id: Id,
    object: Object,
    start: usize,
    /// Where to read on.
    after: usize,
}

/// A stream whose length is an object of its own.
struct Length {
    stream: u32,
    revision: usize,
    id: Id,
    length: i64,
}

pub(super) struct Loader<'a> {
    bytes: &'a [u8],
    budget: Budget,
    pub history: History,
    lengths: Vec<Length>,
    unlisted: usize,
}

impl<'a> Loader<'a> {
    pub fn new(bytes: &'a [u8], budget: Budget) -> Self {
        Self { bytes, budget, history: History::new(), lengths: Vec::new(), unlisted: 0 }
    }

    /// Reads the objects of the next revision.
    ///
    /// # Errors
    /// What is not as the standard has it, and what goes beyond the limits.
    pub fn revision(&mut self, link: Link, revision: usize) -> Result<Revision, Finding> {
        let mut defined = BTreeMap::new();
        let mut spans: Vec<Range<usize>> = link.tails.clone();
        let heads = self.heads(&link)?;
        let listed = |section: &Range<usize>| heads.iter().any(|head| head.start == section.start);
        spans.extend(link.sections.iter().map(|section| section.span.clone()).filter(|span| !listed(span)));
        let mut streams = Vec::new();
        for head in heads {
            let mut reader = Reader::new(self.bytes, head.after);
            reader.skip();
            if reader.rest().starts_with(b"stream") {
                streams.push(head);
                continue;
            }
            reader.end()?;
            let span = head.start..reader.at;
            spans.push(span.clone());
            defined.insert(head.id.number, Defined::Bytes { generation: head.id.generation, span });
            self.hold(revision, head.id, Some(Value::Object(head.object)));
        }
        // Object streams come first: what they hold may be the length of another stream.
        streams.sort_by_key(|head| !is_type(&head.object, b"ObjStm"));
        let mut packed = packed(&link);
        for head in streams {
            let (id, start, wanted) = (head.id, head.start, packed.remove(&head.id.number));
            let object_stream = is_type(&head.object, b"ObjStm");
            let (stream, span) = self.stream(head, revision)?;
            spans.push(span.clone());
            defined.insert(id.number, Defined::Bytes { generation: id.generation, span });
            if object_stream {
                self.object_stream(&stream, start, &wanted.unwrap_or_default(), (revision, id.number), &mut defined)?;
            } else if wanted.is_some() {
                return Err(refuse("pdf-object-stream", start));
            }
            self.hold(revision, id, Some(Value::Stream(stream)));
        }
        if let Some(number) = packed.keys().next() {
            return Err(refuse("pdf-object-stream", link.xref).arg("number", number));
        }
        for (number, _) in entries(&link).filter(|(number, entry)| *number > 0 && *entry == Entry::Free) {
            defined.insert(number, Defined::Free);
            if self.history.contains_key(&number) {
                self.hold(revision, Id::new(number), None);
            }
        }
        self.account(spans, &link.bytes, revision)?;
        let stream = link.sections.first().is_some_and(|section| section.id.is_some());
        let trailer = link.sections.into_iter().next().map(|section| section.trailer).unwrap_or_default();
        Ok(Revision { bytes: link.bytes, xref: link.xref, stream, trailer, defined })
    }

    fn hold(&mut self, revision: usize, id: Id, value: Option<Value>) {
        self.history.entry(id.number).or_default().push(Version { revision, generation: id.generation, value });
    }

    /// The objects that stand in the file itself, in its order.
    fn heads(&mut self, link: &Link) -> Result<Vec<Head>, Finding> {
        let mut places: Vec<(usize, Id)> = entries(link)
            .filter_map(|(number, entry)| match entry {
                Entry::At { offset, generation } => Some((offset, Id { number, generation })),
                _ => None,
            })
            .collect();
        places.sort_by_key(|(offset, _)| *offset);
        let mut heads = Vec::new();
        let mut free = link.bytes.start;
        for (offset, id) in places {
            if !link.bytes.contains(&offset) {
                return Err(refuse("pdf-object-elsewhere", offset).arg("number", id.number));
            }
            // Before it is read: objects within each other would be read again and again.
            if offset < free {
                return Err(refuse("pdf-overlap", offset));
            }
            let mut reader = Reader::new(self.bytes, offset);
            if reader.head() != Some(id) {
                return Err(refuse("pdf-object", offset).arg("number", id.number));
            }
            let object = reader.object(&mut self.budget)?;
            free = reader.at;
            heads.push(Head { id, object, start: offset, after: reader.at });
        }
        Ok(heads)
    }

    /// The stream that goes with a head, and its place from its number to its `endobj`.
    fn stream(&mut self, head: Head, revision: usize) -> Result<(Stream, Range<usize>), Finding> {
        let wrong = || refuse("pdf-stream-length", head.start);
        let Object::Dictionary(dict) = head.object else { return Err(refuse("pdf-object", head.start)) };
        // Data outside the file is no part of what is signed (7.3.8.2).
        if dict.get(b"F").is_some() {
            return Err(refuse("pdf-external", head.start));
        }
        let length = match dict.get(b"Length") {
            Some(Object::Integer(length)) => *length,
            Some(Object::Reference(id)) => {
                let length = self.integer(*id).ok_or_else(wrong)?;
                self.lengths.push(Length { stream: head.id.number, revision, id: *id, length });
                length
            }
            _ => return Err(wrong()),
        };
        let mut reader = Reader::new(self.bytes, head.after);
        let data = reader.data(length)?;
        Ok((Stream { dict, data }, head.start..reader.at))
    }

    fn integer(&self, id: Id) -> Option<i64> {
        let version = self.history.get(&id.number)?.last()?;
        integer_of(version, id)
    }

    /// The objects in an object stream (7.5.7). `wanted` has the number for each index that the revision lists.
    fn object_stream(
        &mut self,
        stream: &Stream,
        offset: usize,
        wanted: &BTreeMap<u32, u32>,
        (revision, container): (usize, u32),
        defined: &mut BTreeMap<u32, Defined>,
    ) -> Result<(), Finding> {
        let wrong = || refuse("pdf-object-stream", offset);
        let raw = self.bytes.get(stream.data.clone()).unwrap_or_default();
        let data = decode(&stream.dict, raw, offset, &mut self.budget)?;
        let number = |key: &[u8]| stream.dict.get(key).and_then(Object::as_integer);
        let count = number(b"N").and_then(|count| u32::try_from(count).ok()).ok_or_else(wrong)?;
        let first = number(b"First").and_then(|first| usize::try_from(first).ok()).ok_or_else(wrong)?;
        let mut places = Vec::new();
        let mut reader = Reader::new(data.get(..first).ok_or_else(wrong)?, 0);
        for _ in 0..count {
            reader.skip_space();
            let number = reader.digits().and_then(|number| u32::try_from(number).ok()).ok_or_else(wrong)?;
            reader.skip_space();
            let place = reader.digits().and_then(|place| usize::try_from(place).ok()).ok_or_else(wrong)?;
            places.push((number, first.checked_add(place).ok_or_else(wrong)?));
        }
        let mut listed = 0;
        for (index, (number, start)) in (0u32..).zip(&places) {
            let end = places.get(index as usize + 1).map_or(data.len(), |(_, next)| *next);
            let part = data.get(..end).filter(|_| *start <= end).ok_or_else(wrong)?;
            match wanted.get(&index) {
                Some(wanted) if wanted == number => listed += 1,
                Some(_) => return Err(wrong()),
                None if revision > 0 => return Err(refuse("pdf-stray-bytes", offset)),
                None => {
                    self.unlisted += 1;
                    continue;
                }
            }
            let mut reader = Reader { bytes: part, at: *start, container: Some(offset) };
            let object = reader.object(&mut self.budget)?;
            reader.skip();
            if reader.at != end {
                return Err(wrong());
            }
            defined.insert(*number, Defined::Compressed { container, index });
            self.hold(revision, Id::new(*number), Some(Value::Object(object)));
        }
        if listed == wanted.len() { Ok(()) } else { Err(wrong()) }
    }

    /// Every byte of a revision belongs to one thing, or to none and is white space.
    fn account(&mut self, mut spans: Vec<Range<usize>>, whole: &Range<usize>, revision: usize) -> Result<(), Finding> {
        spans.sort_by_key(|span| span.start);
        let mut at = whole.start;
        for span in spans {
            if span.start < at {
                return Err(refuse("pdf-overlap", span.start));
            }
            self.gap(at..span.start, revision)?;
            at = span.end;
        }
        self.gap(at..whole.end, revision)
    }

    /// Bytes between objects. Many writers leave objects that they have dropped in the first revision, and remarks; what is
    /// appended afterwards has no reason to.
    fn gap(&mut self, gap: Range<usize>, revision: usize) -> Result<(), Finding> {
        let mut reader = Reader::new(self.bytes.get(..gap.end).unwrap_or_default(), gap.start);
        loop {
            reader.skip_space();
            let stray = refuse("pdf-stray-bytes", reader.at);
            match reader.peek() {
                None => return Ok(()),
                Some(b'%') if revision == 0 || reader.rest().starts_with(b"%%EOF") => {
                    let line = reader.rest().iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    // A remark without an end would have the object after it as its last words.
                    let line = line.filter(|length| revision == 0 || *length == 5).ok_or(stray)?;
                    reader.at += line;
                }
                Some(_) if revision == 0 => {
                    let start = reader.at;
                    reader.head().ok_or(stray)?;
                    let object = reader.object(&mut self.budget)?;
                    let after = reader.at;
                    reader.skip();
                    if reader.rest().starts_with(b"stream") {
                        let length = object.as_dict().and_then(|dict| match dict.get(b"Length")? {
                            Object::Reference(id) => self.integer(*id),
                            other => other.as_integer(),
                        });
                        reader.at = after;
                        reader.data(length.ok_or_else(|| refuse("pdf-stream-length", start))?)?;
                    } else {
                        reader.end()?;
                    }
                    self.unlisted += 1;
                }
                Some(_) => return Err(stray),
            }
        }
    }

    /// What concerns all revisions together: a stream's length that is an object of its own must stay what it was for as
    /// long as the stream does, or the stream ends elsewhere in a later revision.
    ///
    /// # Errors
    /// The first stream whose length doesn't.
    pub fn finish(self) -> Result<(History, Vec<Finding>), Finding> {
        for length in &self.lengths {
            let versions = self.history.get(&length.stream).map(Vec::as_slice).unwrap_or_default();
            let replaced = versions.iter().find(|version| version.revision > length.revision);
            let until = replaced.map_or(usize::MAX, |version| version.revision);
            let meant = self.history.get(&length.id.number).map(Vec::as_slice).unwrap_or_default();
            let mut later = meant.iter().filter(|it| it.revision > length.revision && it.revision < until);
            if later.any(|version| integer_of(version, length.id) != Some(length.length)) {
                return Err(Finding::error("pdf-length-changed").arg("number", length.stream));
            }
        }
        let mut notes = Vec::new();
        if self.unlisted > 0 {
            notes.push(Finding::warning("pdf-unlisted").arg("count", self.unlisted));
        }
        Ok((self.history, notes))
    }
}

fn integer_of(version: &Version, id: Id) -> Option<i64> {
    let value = version.value.as_ref().filter(|_| version.generation == id.generation)?;
    value.object()?.as_integer()
}

fn is_type(object: &Object, kind: &[u8]) -> bool {
    object.as_dict().and_then(|dict: &Dict| dict.get(b"Type")).and_then(Object::as_name) == Some(kind)
}

fn entries(link: &Link) -> impl Iterator<Item = (u32, Entry)> {
    link.sections.iter().flat_map(|section| section.entries.iter().map(|(number, entry)| (*number, *entry)))
}

/// For each object stream the object at each index.
fn packed(link: &Link) -> BTreeMap<u32, BTreeMap<u32, u32>> {
    let mut packed: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
    for (number, entry) in entries(link) {
        if let Entry::Within { container, index } = entry {
            packed.entry(container).or_default().insert(index, number);
        }
    }
    packed
}
