//! Versions that are brought in together.
use super::keep::{Archive, Deposit, Standing, Version};
use super::stage::Content;
use crate::error::Result;
use crate::register::archived::Archived;
use crate::register::chain::Journal;
use crate::register::{Clerk, Register};
/// A batch.
pub struct Batch<'a> {
    archive: &'a Archive,
    all: Vec<Option<Deposit>>,
    ids: Vec<String>,
}
impl Archive {
    /// Part of a batch.
    pub fn batch(&self) -> Result<Batch<'_>> {
        Ok(Batch { archive: self, all: Vec::new(), ids: Vec::new() })
    }
    /// Part of a batch.
    pub fn place_all(&self, journal: &mut Journal, batch: &mut Batch) -> Result<Vec<Archived>> {
        batch.all.iter_mut().filter_map(Option::take).map(|deposit| self.place(journal, deposit)).collect()
    }
    /// Part of a batch.
    pub fn settled_all<T>(&self, batch: Batch, register: &mut Register, clerk: &Clerk, done: Result<T>) -> Result<T> {
        let ok = done.is_ok();
        for id in &batch.ids {
            let _ = if ok { self.store().settle(id) } else { self.recover(register, clerk) };
        }
        done
    }
}
impl Batch<'_> {
    /// Part of a batch.
    pub fn stage(
        &mut self,
        version: Version,
        standing: &Standing,
        contents: &[Content],
        clerk: &Clerk,
    ) -> Result<usize> {
        self.ids.push(version.entry.into());
        self.all.push(Some(self.archive.stage(version, standing, contents, clerk)?));
        Ok(self.all.len() - 1)
    }
    /// Part of a batch.
    pub fn leave_out(&mut self, at: usize) {
        self.all[at] = None;
    }
    /// Part of a batch.
    pub fn sync(&mut self) -> Result<()> {
        Ok(())
    }
}
