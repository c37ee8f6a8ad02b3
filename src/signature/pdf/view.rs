//! A document as it was after one of its revisions.

use std::ops::Range;

use super::filter;
use super::limits::{Budget, NESTING};
use super::syntax::Reader;
use super::{Defined, Dict, Document, Id, Object, Revision, Stream, Value};

/// A document as it was after one of its revisions.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    document: &'a Document<'a>,
    revision: usize,
}

impl<'a> View<'a> {
    pub(super) fn new(document: &'a Document<'a>, revision: usize) -> Self {
        Self { document, revision: revision.min(document.revisions().len().saturating_sub(1)) }
    }

    /// The document it is of.
    pub fn document(&self) -> &'a Document<'a> {
        self.document
    }

    /// The number of its revision, from 0.
    pub fn revision(&self) -> usize {
        self.revision
    }

    fn save(&self) -> Option<&'a Revision> {
        self.document.revisions.get(self.revision)
    }

    /// The trailer of the revision.
    pub fn trailer(&self) -> &'a Dict {
        self.save().map_or(Dict::empty(), |revision| &revision.trailer)
    }

    /// What an indirect object holds; none when it is not defined, freed, or of another generation, which all mean `null`
    /// (7.3.10).
    pub fn get(&self, id: Id) -> Option<&'a Value> {
        let versions = self.document.history.get(&id.number)?;
        let known = versions.partition_point(|version| version.revision <= self.revision);
        let version = versions.get(known.checked_sub(1)?)?;
        version.value.as_ref().filter(|_| version.generation == id.generation)
    }

    /// The dictionary that an indirect object is; none when it is something else.
    pub fn dict_at(&self, id: Id) -> Option<&'a Dict> {
        self.get(id).and_then(Value::object).and_then(Object::as_dict)
    }

    /// The object that a reference leads to, or the object itself. A stream, what is not there, or a reference that leads
    /// to another reference gives `null`.
    pub fn resolve<'b>(&self, object: &'b Object) -> &'b Object
    where
        'a: 'b,
    {
        match object {
            Object::Reference(id) => match self.get(*id) {
                Some(Value::Object(Object::Reference(_)) | Value::Stream(_)) | None => &Object::Null,
                Some(Value::Object(object)) => object,
            },
            direct => direct,
        }
    }

    /// The dictionary that an object is or leads to, a stream's too.
    pub fn dict<'b>(&self, object: &'b Object) -> Option<&'b Dict>
    where
        'a: 'b,
    {
        match object {
            Object::Reference(id) => self.get(*id)?.dict(),
            direct => direct.as_dict(),
        }
    }

    /// The stream that an object leads to.
    pub fn stream(&self, object: &Object) -> Option<&'a Stream> {
        self.get(object.as_reference()?)?.stream()
    }

    /// The number and the dictionary of the catalog, which the reader has made sure of.
    pub fn catalog(&self) -> (Id, &'a Dict) {
        let id = self.trailer().get(b"Root").and_then(Object::as_reference).unwrap_or(Id::new(0));
        (id, self.get(id).and_then(Value::object).and_then(Object::as_dict).unwrap_or(Dict::empty()))
    }

    /// What a stream holds, decoded; none when it is encoded in a way that only contents of pages are, damaged, or too
    /// much.
    pub fn decoded(&self, stream: &Stream) -> Option<Vec<u8>> {
        let raw = self.document.bytes().get(stream.data.clone())?;
        filter::decode(&stream.dict, raw, stream.data.start, &mut Budget::default()).ok()
    }

    /// The bytes of an object from its number to its `endobj`; none when it is in an object stream or not there.
    pub fn span(&self, id: Id) -> Option<Range<usize>> {
        let revisions = self.document.revisions.get(..=self.revision)?;
        match revisions.iter().rev().find_map(|revision| revision.defined.get(&id.number))? {
            Defined::Bytes { generation, span } if *generation == id.generation => Some(span.clone()),
            _ => None,
        }
    }

    /// Where in the file the value of `/Contents` stands in a signature dictionary: from `<` up to and including `>`. None
    /// unless the dictionary is an object in the file itself and the value a hexadecimal string in it.
    pub fn contents_span(&self, id: Id) -> Option<Range<usize>> {
        let bytes = self.document.bytes;
        let mut reader = Reader::new(bytes, self.span(id)?.start);
        reader.head()?;
        reader.skip();
        if !reader.rest().starts_with(b"<<") {
            return None;
        }
        let (dict, spans) = reader.dict(NESTING, &mut Budget::default()).ok()?;
        let (_, span) = dict.iter().zip(spans).find(|((key, _), _)| *key == b"Contents")?;
        match bytes.get(span.clone())? {
            [b'<', b'<', ..] => None,
            [b'<', .., b'>'] => Some(span),
            _ => None,
        }
    }
}
