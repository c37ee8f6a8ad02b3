//! The files of this workspace: there, whole, and each claimed once.

use std::collections::HashMap;
use std::path::Path;

use super::Fault;
use crate::error::Result;
use crate::register::Register;
use crate::register::files::{FileRecord, Wrong};

/// A file that should be there.
pub(super) struct Claim {
    /// The letter it belongs to.
    pub entry: String,
    /// What is recorded of it.
    pub record: FileRecord,
}

/// Reads the files.
pub(super) fn check(register: &mut Register, claims: Vec<Claim>, faults: &mut Vec<Fault>) -> Result<()> {
    let mut owners: HashMap<String, String> = HashMap::new();
    for claim in &claims {
        let owner = owners.entry(claim.record.path.clone()).or_insert_with(|| claim.entry.clone());
        if *owner != claim.entry {
            faults.push(claim.fault("verify-file-twice").arg("other", owner));
        }
    }
    for claim in claims {
        if claim.wrong(register.root()).is_none() {
            continue;
        }
        // A new version may have been recorded since the rows were read.
        let (version, position) = (claim.record.version, claim.record.position);
        let again = register.db.read(|tx| FileRecord::find(tx, &claim.entry, version, position))?;
        let Some(record) = again else { continue };
        let claim = Claim { record, ..claim };
        faults.extend(claim.wrong(register.root()));
    }
    Ok(())
}

impl Claim {
    fn fault(&self, code: &'static str) -> Fault {
        let Self { entry, record } = self;
        let row = format!("{entry} {} {}", record.version, record.position);
        Fault::new(code, "file", row).of(entry).arg("path", &record.path)
    }

    /// What is wrong with the file itself.
    fn wrong(&self, root: &Path) -> Option<Fault> {
        Some(match self.record.check(root).err()? {
            Wrong::Outside => self.fault("verify-file-outside"),
            Wrong::Algorithm => self.fault("verify-file-algorithm").arg("algorithm", &self.record.algorithm),
            Wrong::Changed => self.fault("verify-file-changed"),
            Wrong::Missing => self.fault("verify-file-missing"),
            Wrong::Unreadable(cause) => self.fault("verify-file-unreadable").arg("cause", cause),
        })
    }
}
