//! The bookmarks (ISO 32000-1, 12.3.3): one a letter, in a list without levels.

use super::file::File;
use crate::error::Result;
use crate::signature::pdf::text::encoded;
use crate::signature::pdf::{Dict, Id, Object};

/// The bookmarks so far. Each names the next one, so the last waits until there is one.
pub(super) struct Bookmarks {
    root: Id,
    first: Option<Id>,
    last: Option<(Id, Dict)>,
    count: i64,
}

impl Bookmarks {
    /// None yet.
    ///
    /// # Errors
    /// When the file has no number left.
    pub fn begin(file: &mut File) -> Result<Self> {
        Ok(Self { root: file.reserve()?, first: None, last: None, count: 0 })
    }

    /// Adds one that leads to a page.
    ///
    /// # Errors
    /// When the one before it can't be written.
    pub fn add(&mut self, file: &mut File, title: &str, page: Id) -> Result<()> {
        let id = file.reserve()?;
        let mut dict = Dict::new()
            .with("Title", encoded(title))
            .with("Parent", Object::Reference(self.root))
            .with("Dest", Object::Array(vec![Object::Reference(page), Object::name("Fit")]));
        if let Some((before, mut dict_before)) = self.last.take() {
            dict.set(b"Prev", Object::Reference(before));
            dict_before.set(b"Next", Object::Reference(id));
            file.put_dict(before, &dict_before)?;
        }
        self.first.get_or_insert(id);
        self.last = Some((id, dict));
        self.count += 1;
        Ok(())
    }

    /// Writes the last one and the list, and gives the list.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn finish(self, file: &mut File) -> Result<Id> {
        let mut list = Dict::new().with("Type", Object::name("Outlines")).with("Count", Object::Integer(self.count));
        if let (Some(first), Some((last, dict))) = (self.first, self.last) {
            file.put_dict(last, &dict)?;
            list.set(b"First", Object::Reference(first));
            list.set(b"Last", Object::Reference(last));
        }
        file.put_dict(self.root, &list)?;
        Ok(self.root)
    }
}
