//! A document as it was after one of its revisions.

use std::ops::Range;

use super::{Dict, Document, Id, Object, Stream, Value};
use crate::error::Finding;

/// A document as it was after one of its revisions.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    document: &'a Document<'a>,
    revision: usize,
}

/// A terminal field of the document's form (12.7.4) with what it inherits.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// The field's object.
    pub id: Id,
    /// Its fully qualified name, the partial names joined by full stops.
    pub name: String,
    /// `/FT`, its own or inherited.
    pub kind: Option<&'a [u8]>,
    /// `/V`, its own or inherited, not resolved.
    pub value: Option<&'a Object>,
    /// Its dictionary.
    pub dict: &'a Dict,
    /// The widget annotations that show it: the field itself when they are one object.
    pub widgets: Vec<Id>,
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

    /// The trailer of the revision.
    pub fn trailer(&self) -> &'a Dict {
        todo!()
    }

    /// What an indirect object holds; none when it is not defined, freed, or of another generation, which all mean `null`
    /// (7.3.10).
    pub fn get(&self, id: Id) -> Option<&'a Value> {
        let _ = id;
        todo!()
    }

    /// The object that a reference leads to, or the object itself. A stream, or what is not there, gives `null`.
    pub fn resolve<'b>(&self, object: &'b Object) -> &'b Object
    where
        'a: 'b,
    {
        let _ = object;
        todo!()
    }

    /// The dictionary that an object is or leads to, a stream's too.
    pub fn dict<'b>(&self, object: &'b Object) -> Option<&'b Dict>
    where
        'a: 'b,
    {
        let _ = object;
        todo!()
    }

    /// The stream that an object leads to.
    pub fn stream(&self, object: &Object) -> Option<&'a Stream> {
        let _ = object;
        todo!()
    }

    /// The number and the dictionary of the catalog, which the reader has made sure of.
    pub fn catalog(&self) -> (Id, &'a Dict) {
        todo!()
    }

    /// The pages in their order.
    ///
    /// # Errors
    /// When the page tree is not a tree, or its nodes are not what they should be.
    pub fn pages(&self) -> Result<Vec<(Id, &'a Dict)>, Finding> {
        todo!()
    }

    /// The terminal fields of the form, in the form's order; none when there is no form.
    ///
    /// # Errors
    /// When the tree of fields is not a tree, or two fields have the same name.
    pub fn fields(&self) -> Result<Vec<Field<'a>>, Finding> {
        todo!()
    }

    /// What a stream holds, decoded; none when it is encoded in a way that only contents of pages are, damaged, or too
    /// much.
    pub fn decoded(&self, stream: &Stream) -> Option<Vec<u8>> {
        let raw = self.document.bytes().get(stream.data.clone())?;
        filter::decode(&stream.dict, raw, stream.data.start, &mut Budget::default()).ok()
    }

    /// The bytes of an object from its number to its `endobj`; none when it is in an object stream or not there.
    pub fn span(&self, id: Id) -> Option<Range<usize>> {
        let _ = id;
        todo!()
    }

    /// Where in the file the value of `/Contents` stands in a signature dictionary: from `<` up to and including `>`. None
    /// unless the dictionary is an object in the file itself and the value a hexadecimal string in it.
    pub fn contents_span(&self, id: Id) -> Option<Range<usize>> {
        let _ = id;
        todo!()
    }
}
