//! An incremental update (ISO 32000-2, 7.5.6): new and changed objects behind a file of which no byte changes.

use std::collections::BTreeMap;
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::error::Finding;
use crate::signature::pdf::{Dict, Document, Id, Object, Revision, View};

/// The largest object number that readers take (ISO 32000-1, annex C, table C.1).
const MAX_NUMBER: u32 = 8_388_607;

/// The objects that an update writes.
pub(super) struct Increment<'a> {
    document: &'a Document<'a>,
    objects: BTreeMap<Id, Body>,
    next: u32,
}

/// What is written between `obj` and `endobj`.
enum Body {
    Object(Object),
    Stream(Dict, Vec<u8>),
}

/// A file with its update, and where in it objects stand.
pub(super) struct Updated {
    /// The whole file.
    pub bytes: Vec<u8>,
    spans: BTreeMap<Id, Range<usize>>,
}

impl<'a> Increment<'a> {
    /// An update without objects.
    pub fn new(document: &'a Document<'a>) -> Self {
        let named = document.revisions().iter().filter_map(|revision| revision.defined.keys().max()).max();
        let sizes = document.revisions().iter().filter_map(size).max();
        let next = named.map_or(1, |number| number.saturating_add(1)).max(sizes.unwrap_or(1));
        Self { document, objects: BTreeMap::new(), next }
    }

    /// The document as it was before this update.
    pub fn view(&self) -> View<'a> {
        self.document.last()
    }

    /// A number that no object has.
    ///
    /// # Errors
    /// When the file has used up the numbers that readers take.
    pub fn reserve(&mut self) -> Result<Id, Finding> {
        if self.next > MAX_NUMBER {
            return Err(Finding::error("sign-file-full"));
        }
        self.next += 1;
        Ok(Id::new(self.next - 1))
    }

    /// What an object holds in this update, else in the file; `null` where it is not there or a stream.
    pub fn current(&self, id: Id) -> Object {
        match self.objects.get(&id) {
            Some(Body::Object(object)) => object.clone(),
            Some(Body::Stream(..)) => Object::Null,
            None => self.view().get(id).and_then(|value| value.object()).cloned().unwrap_or(Object::Null),
        }
    }

    /// Writes an object under a number, instead of what it held.
    pub fn set(&mut self, id: Id, object: Object) {
        self.objects.insert(id, Body::Object(object));
    }

    /// Writes a stream under a number; the data are encoded as its dictionary says.
    pub fn set_stream(&mut self, id: Id, dict: Dict, data: Vec<u8>) {
        self.objects.insert(id, Body::Stream(dict, data));
    }

    /// Writes an object under a number of its own.
    ///
    /// # Errors
    /// As [`Increment::reserve`].
    pub fn add(&mut self, object: Object) -> Result<Id, Finding> {
        let id = self.reserve()?;
        self.set(id, object);
        Ok(id)
    }

    /// The file with the update behind it. The kind of its cross-reference section is that of the last one in the file
    /// (ISO 32000-2, 7.5.8.4, forbids to mix them).
    ///
    /// # Errors
    /// When the file is larger than can be addressed or its last revision is not there.
    pub fn finish(mut self) -> Result<Updated, Finding> {
        let last = self.document.revisions().last().ok_or_else(|| Finding::error("sign-file-full"))?;
        let mut out = self.document.bytes().to_vec();
        if !matches!(out.last(), Some(b'\n' | b'\r')) {
            out.push(b'\n');
        }
        let mut spans = BTreeMap::new();
        for (id, body) in &self.objects {
            let start = out.len();
            write(*id, body, &mut out);
            spans.insert(*id, start..out.len());
        }
        let place = out.len();
        // What the update holds decides, so that the same update has the same identifier.
        let hash = Sha256::digest(&out);
        let mut trailer = self.trailer(last, hash.get(..16).unwrap_or_default());
        if last.stream {
            let id = self.reserve()?;
            spans.insert(id, place..place);
            trailer.set(b"Size", Object::Integer(i64::from(self.next)));
            self.write_stream(id, trailer, &spans, &mut out);
        } else {
            write_table(&spans, &mut out)?;
            out.extend_from_slice(b"trailer\n");
            trailer.write(&mut out);
            out.push(b'\n');
        }
        out.extend_from_slice(format!("startxref\n{place}\n%%EOF\n").as_bytes());
        Ok(Updated { bytes: out, spans })
    }

    /// The trailer, but for what only a cross-reference stream has (7.5.5, table 15).
    fn trailer(&self, last: &Revision, hash: &[u8]) -> Dict {
        let old = &last.trailer;
        let mut trailer = Dict::new().with("Size", Object::Integer(i64::from(self.next)));
        for key in [&b"Root"[..], b"Info"] {
            if let Some(value) = old.get(key) {
                trailer.set(key, value.clone());
            }
        }
        let own = Object::String(hash.to_vec());
        let ids = old.get(b"ID").map(|ids| self.view().resolve(ids).clone());
        let first = ids.as_ref().and_then(|ids| ids.as_array()?.first()).cloned();
        trailer.set(b"ID", Object::Array(vec![first.unwrap_or_else(|| own.clone()), own]));
        trailer.set(b"Prev", Object::Integer(i64::try_from(last.xref).unwrap_or(i64::MAX)));
        trailer
    }

    /// A cross-reference stream (7.5.8), not compressed: it is small, and its bytes depend on nothing.
    fn write_stream(&self, id: Id, trailer: Dict, spans: &BTreeMap<Id, Range<usize>>, out: &mut Vec<u8>) {
        let (mut index, mut data) = (Vec::new(), Vec::new());
        for run in runs(spans) {
            index
                .extend([run.first().map_or(0, |(id, _)| i64::from(id.number)), run.len() as i64].map(Object::Integer));
            for (id, start) in run {
                data.push(1);
                data.extend_from_slice(&(start as u64).to_be_bytes());
                data.extend_from_slice(&id.generation.to_be_bytes());
            }
        }
        let widths = [1, 8, 2].map(Object::Integer).to_vec();
        let dict = Dict::new().with("Type", Object::name("XRef")).with("W", Object::Array(widths));
        let mut dict = dict.with("Index", Object::Array(index));
        for (key, value) in trailer.iter() {
            dict.set(key, value.clone());
        }
        write(id, &Body::Stream(dict, data), out);
    }
}

impl Updated {
    /// Where an object of the update stands in the file.
    pub fn span(&self, id: Id) -> Range<usize> {
        self.spans.get(&id).cloned().unwrap_or_default()
    }
}

fn size(revision: &Revision) -> Option<u32> {
    u32::try_from(revision.trailer.get(b"Size")?.as_integer()?).ok()
}

fn write(id: Id, body: &Body, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{} {} obj\n", id.number, id.generation).as_bytes());
    match body {
        Body::Object(object) => object.write(out),
        Body::Stream(dict, data) => {
            let mut dict = dict.clone();
            dict.set(b"Length", Object::Integer(data.len() as i64));
            dict.write(out);
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(data);
            out.extend_from_slice(b"\nendstream");
        }
    }
    out.extend_from_slice(b"\nendobj\n");
}

/// A cross-reference table (7.5.4).
fn write_table(spans: &BTreeMap<Id, Range<usize>>, out: &mut Vec<u8>) -> Result<(), Finding> {
    out.extend_from_slice(b"xref\n");
    for run in runs(spans) {
        let first = run.first().map_or(0, |(id, _)| id.number);
        out.extend_from_slice(format!("{first} {}\n", run.len()).as_bytes());
        for (id, start) in run {
            if start > 9_999_999_999 {
                return Err(Finding::error("sign-file-full"));
            }
            out.extend_from_slice(format!("{start:010} {:05} n \n", id.generation).as_bytes());
        }
    }
    Ok(())
}

/// The objects with their offsets, in runs of consecutive numbers.
fn runs(spans: &BTreeMap<Id, Range<usize>>) -> Vec<Vec<(Id, usize)>> {
    let mut runs: Vec<Vec<(Id, usize)>> = Vec::new();
    for (id, span) in spans {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| last.number + 1 == id.number) => {
                run.push((*id, span.start))
            }
            _ => runs.push(vec![(*id, span.start)]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_a_run() {
        let spans = [(1, 10..12), (2, 20..22), (9, 30..32)].map(|(number, span)| (Id::new(number), span));
        let mut out = Vec::new();
        write_table(&spans.into_iter().collect(), &mut out).unwrap();
        let expected = "xref\n1 2\n0000000010 00000 n \n0000000020 00000 n \n9 1\n0000000030 00000 n \n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_stream_says_its_length() {
        let mut out = Vec::new();
        write(Id::new(3), &Body::Stream(Dict::new(), b"abc".to_vec()), &mut out);
        assert_eq!(out, b"3 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n");
    }
}
