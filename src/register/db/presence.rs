//! Who is at work: a process says so for as long as it lives, and is known to be gone the moment it ends, however it ends.
//!
//! On PostgreSQL it is an advisory lock of its session; beside an SQLite file a lock on a file of its own. It saves waiting
//! only: that nobody does another's work is seen to within the transactions that record it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Backend, Db, Value};
use crate::error::{Error, Result};
use crate::workspace::staged;

/// What the name of the folder beside an SQLite file has after the file's own.
const FOLDER: &str = "-bezig";

/// How often the folder is made anew before it is given up.
const ATTEMPTS: usize = 20;

/// The sign that a process is at work. Dropped, it is gone.
#[derive(Debug)]
pub struct Presence {
    /// On PostgreSQL the session holds it.
    file: Option<(File, PathBuf)>,
}

impl Db {
    /// Says that a process is at work; `who` is a name of its own, of letters, digits and `-`.
    ///
    /// # Errors
    /// [`Error::Outside`] when the database or the disk fails.
    pub fn announce(&mut self, who: &str) -> Result<Presence> {
        if let Backend::Postgres(_) = self.backend {
            self.read(|tx| tx.row("SELECT pg_advisory_lock($1) IS NULL AS done", &[key(who)]))?;
            return Ok(Presence { file: None });
        }
        let folder = self.folder();
        let path = folder.join(who);
        let fail = |cause: std::io::Error| Error::io("write", &path, cause);
        let make = || {
            let file = fs::create_dir_all(&folder).and_then(|()| File::create(&path))?;
            file.lock()?;
            // Before it was locked, it may have been cleared away as a leftover.
            if staged::is_at(&file, &path) { Ok(file) } else { Err(ErrorKind::NotFound.into()) }
        };
        // The last of others who leave takes the folder away.
        let made = (0..ATTEMPTS).find_map(|_| make().ok());
        let file = made.map_or_else(make, Ok).map_err(fail)?;
        Ok(Presence { file: Some((file, path)) })
    }

    /// Whether a process that said it was at work still is.
    ///
    /// # Errors
    /// As [`Db::announce`].
    pub fn is_present(&mut self, who: &str) -> Result<bool> {
        if let Backend::Postgres(_) = self.backend {
            let key = [key(who)];
            return self.read(|tx| {
                let got = tx.row("SELECT pg_try_advisory_lock($1) AS got", &key)?.and_then(|row| row.number("got"));
                if got == Some(1) {
                    tx.row("SELECT pg_advisory_unlock($1) AS done", &key)?;
                }
                Ok(got != Some(1))
            });
        }
        let path = self.folder().join(who);
        let Ok(file) = File::open(&path) else { return Ok(false) };
        if file.try_lock().is_err() {
            return Ok(true);
        }
        // What an ended process left. It can't come back: names are used once.
        let _ = fs::remove_file(path);
        Ok(false)
    }

    /// Clears away what processes left beside an SQLite file that ended without a word.
    pub fn clear_gone(&self) {
        if let Backend::Postgres(_) = self.backend {
            return;
        }
        let folder = self.folder();
        for left in fs::read_dir(&folder).into_iter().flatten().flatten() {
            // Held until it is gone, so that whoever has just made it sees that.
            let Ok(file) = File::open(left.path()) else { continue };
            if file.try_lock().is_ok() {
                // What can't be removed is taken for what it is: unlocked.
                let _ = fs::remove_file(left.path());
            }
        }
        // It stays as long as somebody is at work.
        let _ = fs::remove_dir(folder);
    }

    /// Where those beside an SQLite file say that they are at work.
    fn folder(&self) -> PathBuf {
        let mut name = self.shown.as_os_str().to_os_string();
        name.push(FOLDER);
        PathBuf::from(name)
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        if let Some((_, path)) = &self.file {
            // What can't be removed is taken for what it is: unlocked.
            let _ = fs::remove_file(path);
            let _ = path.parent().map(fs::remove_dir);
        }
    }
}

/// The number of an advisory lock.
fn key(who: &str) -> Value {
    let digest = Sha256::digest(format!("postkamer {who}"));
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    Value::Int(i64::from_be_bytes(bytes))
}
