//! The page tree (ISO 32000-1, 7.7.3): a page is found in a few steps, however many there are.

use super::file::File;
use crate::error::Result;
use crate::signature::pdf::{Dict, Id, Object};

/// The most kids of a node.
const WIDTH: usize = 64;

/// The pages so far, and the nodes above them, which are written when all pages are.
#[derive(Default)]
pub(super) struct PageTree {
    pages: Vec<Id>,
    nodes: Vec<Id>,
}

impl PageTree {
    /// The node above the page that is added next.
    ///
    /// # Errors
    /// When the file has no number left for it.
    pub fn parent(&mut self, file: &mut File) -> Result<Id> {
        match self.nodes.last() {
            Some(node) if self.pages.len() < self.nodes.len() * WIDTH => Ok(*node),
            _ => {
                let node = file.reserve()?;
                self.nodes.push(node);
                Ok(node)
            }
        }
    }

    /// Adds a page, which names [`parent`](Self::parent) as its parent.
    pub fn add(&mut self, page: Id) {
        self.pages.push(page);
    }

    /// The number of pages.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Writes the nodes and gives their root.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn finish(self, file: &mut File) -> Result<Id> {
        let mut kids: Vec<(Id, usize)> = self.pages.into_iter().map(|page| (page, 1)).collect();
        let mut nodes = self.nodes;
        loop {
            let mut above = Vec::new();
            if nodes.len() > 1 {
                for _ in nodes.chunks(WIDTH) {
                    above.push(file.reserve()?);
                }
            }
            let mut counted = Vec::new();
            for (at, (node, kids)) in nodes.iter().zip(kids.chunks(WIDTH)).enumerate() {
                let count: usize = kids.iter().map(|(_, count)| count).sum();
                let listed = kids.iter().map(|(kid, _)| Object::Reference(*kid)).collect();
                let mut dict = Dict::new()
                    .with("Type", Object::name("Pages"))
                    .with("Count", Object::Integer(count as i64))
                    .with("Kids", Object::Array(listed));
                if let Some(parent) = above.get(at / WIDTH) {
                    dict.set(b"Parent", Object::Reference(*parent));
                }
                file.put_dict(*node, &dict)?;
                counted.push((*node, count));
            }
            match counted.as_slice() {
                [(root, _)] => return Ok(*root),
                // Without pages there is no tree; a document has one all the same.
                [] => {
                    let root = file.reserve()?;
                    file.put(root, &[b"<</Type/Pages/Count 0/Kids[]>>"])?;
                    return Ok(root);
                }
                _ => (kids, nodes) = (counted, above),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::pdf::{Document, View};

    /// The most kids of a node, and the nodes on the longest way to a page.
    fn measures(view: &View, node: &Dict) -> (usize, usize) {
        let Some(kids) = node.get(b"Kids").and_then(Object::as_array) else { return (0, 0) };
        let below = kids.iter().map(|kid| measures(view, view.dict(kid).unwrap()));
        let (wide, deep) = below.fold((0, 0), |most, one| (most.0.max(one.0), most.1.max(one.1)));
        (wide.max(kids.len()), deep + 1)
    }

    #[test]
    fn a_tree_is_balanced_and_keeps_the_order() {
        for (count, depth) in [(0, 1), (1, 1), (64, 1), (65, 2), (4096, 2), (4097, 3), (10_000, 3)] {
            let mut out = Vec::new();
            let mut file = File::begin(&mut out).unwrap();
            let mut tree = PageTree::default();
            let mut pages = Vec::new();
            for _ in 0..count {
                let parent = tree.parent(&mut file).unwrap();
                let page = file.reserve().unwrap();
                let dict = Dict::new().with("Type", Object::name("Page")).with("Parent", Object::Reference(parent));
                file.put_dict(page, &dict).unwrap();
                tree.add(page);
                pages.push(page);
            }
            assert_eq!(tree.len(), count);
            let (root, catalog) = (tree.finish(&mut file).unwrap(), file.reserve().unwrap());
            let dict = Dict::new().with("Type", Object::name("Catalog")).with("Pages", Object::Reference(root));
            file.put_dict(catalog, &dict).unwrap();
            file.finish(catalog, catalog).unwrap();
            let read = Document::read(&out).unwrap();
            let view = read.last();
            // The reader holds parents against kids and the count against the pages.
            let found = view.pages().unwrap().into_iter().map(|(page, _)| page);
            assert_eq!(found.collect::<Vec<_>>(), pages);
            let (wide, deep) = measures(&view, view.dict(&Object::Reference(root)).unwrap());
            assert!(wide <= WIDTH, "{wide}");
            assert_eq!(deep, depth, "{count}");
        }
    }
}
