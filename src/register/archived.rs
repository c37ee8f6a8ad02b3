//! What the register knows of the archive: each version of an archived letter, with the digest of its inventory.
//!
//! The inventory holds the digests of all files of the object, so that this one row stands for every byte of them.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::Register;
use super::chain::hex;
use super::db::{Row, Tx, Value, values};
use super::files::ALGORITHM;
use crate::error::{Finding, Result};

/// How many digests or letters are looked for together.
const TOGETHER: usize = 200;

/// Why a version was archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A letter as it was issued (vastgesteld).
    Issued,
    /// A letter as its signatories signed it.
    Signed,
    /// The scan of a letter that was signed on paper.
    Scanned,
    /// A letter that came in.
    Received,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Issued, Self::Signed, Self::Scanned, Self::Received];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Issued => "vastgesteld",
            Self::Signed => "ondertekend",
            Self::Scanned => "gescand",
            Self::Received => "ontvangen",
        }
    }
}

/// A version of an archived letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// The version of the object, from 1.
    pub version: i64,
    /// Why there is one.
    pub kind: Kind,
    /// The version of the letter that it is of.
    pub letter_version: i64,
    /// The file that the version is about, within the object.
    pub path: String,
    /// The algorithm of its digest.
    pub algorithm: String,
    /// Its digest, in hexadecimal.
    pub digest: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-512 of the object's inventory of this version, in hexadecimal.
    pub inventory: String,
}

impl Archived {
    /// Records the version; the caller notes it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert(&self, tx: &mut Tx, entry: &str) -> Result<()> {
        let sql =
            "INSERT INTO archived (entry, version, kind, letter_version, path, algorithm, digest, size, inventory)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let row = values![
            entry,
            self.version,
            self.kind.word(),
            self.letter_version,
            &self.path,
            &self.algorithm,
            &self.digest,
            self.size,
            &self.inventory,
        ];
        tx.exec(sql, row).map(drop)
    }

    /// The archived versions of a letter, the oldest first.
    ///
    /// # Errors
    /// When the database fails, or another program put something else in a row than this one would.
    pub fn all(tx: &mut Tx, entry: &str) -> Result<Vec<Self>> {
        let sql = "SELECT * FROM archived WHERE entry = $1 ORDER BY version";
        tx.rows(sql, values![entry])?.iter().map(Self::of_row).collect()
    }

    /// The archived versions of all letters of a workspace, of all letters if none is named.
    ///
    /// # Errors
    /// As [`Archived::all`].
    pub fn of_workspace(tx: &mut Tx, workspace: Option<&str>) -> Result<BTreeMap<String, Vec<Self>>> {
        let rows = match workspace {
            Some(workspace) => {
                let sql = "SELECT archived.* FROM archived JOIN entry ON entry.id = archived.entry
                           WHERE entry.workspace = $1 ORDER BY archived.entry, archived.version";
                tx.rows(sql, values![workspace])?
            }
            None => tx.rows("SELECT * FROM archived ORDER BY entry, version", &[])?,
        };
        let mut found: BTreeMap<String, Vec<Self>> = BTreeMap::new();
        for row in rows {
            found.entry(row.text("entry")).or_default().push(Self::of_row(&row)?);
        }
        Ok(found)
    }

    fn of_row(row: &Row) -> Result<Self> {
        let broken = |column: &str| {
            let finding = Finding::error("row-broken").arg("id", row.text("entry"));
            finding.arg("column", column).arg("table", "archived")
        };
        let number = |column: &str| row.number(column).ok_or_else(|| broken(column));
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == row.text("kind"));
        Ok(Self {
            version: number("version")?,
            kind: kind.ok_or_else(|| broken("kind"))?,
            letter_version: number("letter_version")?,
            path: row.text("path"),
            algorithm: row.text("algorithm"),
            digest: row.text("digest"),
            size: number("size")?,
            inventory: row.text("inventory"),
        })
    }
}

/// The archived versions of all letters whose files lie in the register's own workspace, by the ID of the letter.
///
/// # Errors
/// As [`Archived::all`].
pub fn own(register: &mut Register) -> Result<BTreeMap<String, Vec<Archived>>> {
    let own = register.is_shared().then(|| register.workspace().to_string());
    register.read(|tx| Archived::of_workspace(tx, own.as_deref()))
}

/// As [`own`], of so many letters from one on, the last ID first.
///
/// # Errors
/// As [`Archived::all`].
pub fn last(register: &mut Register, most: i64, from: i64) -> Result<Vec<(String, Vec<Archived>)>> {
    let own = register.is_shared().then(|| register.workspace().to_string());
    let of_own = if own.is_some() { " JOIN entry ON entry.id = archived.entry WHERE entry.workspace = $3" } else { "" };
    let sql =
        format!("SELECT DISTINCT archived.entry FROM archived{of_own} ORDER BY archived.entry DESC LIMIT $1 OFFSET $2");
    register.read(|tx| {
        let rows = match &own {
            Some(own) => tx.rows(&sql, values![most, from, own])?,
            None => tx.rows(&sql, values![most, from])?,
        };
        let ids = rows.iter().map(|row| row.text("entry"));
        ids.map(|id| Archived::all(tx, &id).map(|versions| (id, versions))).collect()
    })
}

/// How many letters of the register's workspace are in the archive.
///
/// # Errors
/// When the database fails.
pub fn letters(register: &mut Register) -> Result<i64> {
    // Other workspaces keep their letters in archives of their own.
    let own = register.is_shared().then(|| register.workspace().to_string());
    let sql = "SELECT CAST(count(DISTINCT archived.entry) AS BIGINT) AS n FROM archived";
    let row = register.read(|tx| match &own {
        Some(own) => {
            let sql = format!("{sql} JOIN entry ON entry.id = archived.entry WHERE entry.workspace = $1");
            tx.row(&sql, values![own])
        }
        None => tx.row(sql, &[]),
    })?;
    Ok(row.and_then(|row| row.number("n")).unwrap_or_default())
}

/// The newest archived versions of letters, of those that have any.
///
/// # Errors
/// When the database fails.
pub fn newest(tx: &mut Tx, entries: &BTreeSet<&str>) -> Result<BTreeMap<String, i64>> {
    let entries: Vec<_> = entries.iter().map(|entry| Value::from(*entry)).collect();
    let mut found = BTreeMap::new();
    for some in entries.chunks(TOGETHER) {
        let places: Vec<_> = (1..=some.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT entry, max(version) AS version FROM archived WHERE entry IN ({}) GROUP BY entry",
            places.join(", ")
        );
        let rows = tx.rows(&sql, some)?;
        found.extend(rows.iter().map(|row| (row.text("entry"), row.number("version").unwrap_or_default())));
    }
    Ok(found)
}

/// An issued letter that a file begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// The letter.
    pub entry: String,
    /// The version of the letter.
    pub version: i64,
    /// The size of the letter as it was issued, in bytes.
    pub size: i64,
}

/// The issued letters that a file begins with, byte by byte: those whose digest is that of as many of its first bytes as
/// the letter has. The longest comes first.
///
/// # Errors
/// When the database fails.
pub fn beginning_with(tx: &mut Tx, file: &[u8]) -> Result<Vec<Beginning>> {
    let sql = "SELECT DISTINCT size FROM file WHERE role = 'brief' AND algorithm = $1 AND size > 0 AND size <= $2 ORDER BY size";
    let sizes = tx.rows(sql, values![ALGORITHM, file.len() as i64])?;
    // One pass over the file serves all sizes.
    let (mut hash, mut done, mut digests) = (Sha256::new(), 0, Vec::new());
    for end in sizes.iter().filter_map(|row| usize::try_from(row.number("size")?).ok()) {
        hash.update(file.get(done..end).unwrap_or_default());
        done = end;
        digests.push(hex(&hash.clone().finalize()));
    }
    let mut found = Vec::new();
    for some in digests.chunks(TOGETHER) {
        let places: Vec<_> = (1..=some.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT file.entry AS entry, file.version AS version, file.size AS size
             FROM file JOIN entry ON entry.id = file.entry
             WHERE file.digest IN ({}) AND file.role = 'brief' AND entry.direction = 'uit'
             ORDER BY file.size, file.entry, file.version",
            places.join(", ")
        );
        let values: Vec<Value> = some.iter().map(|digest| Value::from(digest.as_str())).collect();
        found.extend(tx.rows(&sql, &values)?.iter().map(|row| Beginning {
            entry: row.text("entry"),
            version: row.number("version").unwrap_or_default(),
            size: row.number("size").unwrap_or_default(),
        }));
    }
    found.reverse();
    Ok(found)
}

/// The versions in the archive that hold a file with this digest.
///
/// # Errors
/// When the database fails.
pub fn with_digest(tx: &mut Tx, digest: &str) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT entry, version FROM archived WHERE digest = $1 AND algorithm = $2 ORDER BY entry, version";
    let rows = tx.rows(sql, values![digest, ALGORITHM])?;
    Ok(rows.iter().map(|row| (row.text("entry"), row.number("version").unwrap_or_default())).collect())
}
