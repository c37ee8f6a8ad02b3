//! The files of this workspace: there, whole, and each claimed once.

use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Fault;
use crate::error::Result;
use crate::register::Register;
use crate::register::chain::hex;
use crate::register::db::values;
use crate::register::files::{ALGORITHM, FileRecord};
use crate::workspace::inside;

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
        let sql = "SELECT * FROM file WHERE entry = $1 AND version = $2 AND position = $3";
        let key = values![&claim.entry, claim.record.version, claim.record.position];
        let Some(row) = register.db.read(|tx| tx.row(sql, key))? else { continue };
        let claim = Claim { record: FileRecord::of_row(&row), ..claim };
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
        let Some(path) = inside(root, &self.record.path) else { return Some(self.fault("verify-file-outside")) };
        if self.record.algorithm != ALGORITHM {
            return Some(self.fault("verify-file-algorithm").arg("algorithm", &self.record.algorithm));
        }
        match digest(&path) {
            Ok((size, digest)) if size == self.record.size && digest == self.record.digest => None,
            Ok(_) => Some(self.fault("verify-file-changed")),
            Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Some(self.fault("verify-file-missing"))
            }
            Err(cause) => Some(self.fault("verify-file-unreadable").arg("cause", cause)),
        }
    }
}

/// The size of a file in bytes, and its SHA-256 in hexadecimal.
fn digest(path: &Path) -> std::io::Result<(i64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((size, hex(&hash.finalize()))),
            read => {
                hash.update(&buffer[..read]);
                size += read as i64;
            }
        }
    }
}
