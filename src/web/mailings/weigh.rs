//! Tables that somebody sent are read by a process of its own before this one reads them: a file of a few kilobytes can
//! hold a table that no memory holds.

use std::path::Path;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::{Error, Finding};
use crate::mailing::recipients::MAX_ROWS;
use crate::table::Format;
use crate::web::answer::Failure;
use crate::web::errand;
use crate::web::house::House;
use crate::web::posted::SentFile;
use crate::web::visit::Visit;

/// The largest table that is taken in, in bytes: one of a hundred thousand people is smaller.
pub(super) const MOST_BYTES: u64 = 25 << 20;

/// The most cells of a table that this process reads.
const MOST_CELLS: u64 = 5_000_000;

/// How long reading it may take.
const LIMIT: Duration = Duration::from_secs(30);

/// One table is read at a time: each may take as much memory as the process that weighed it was given.
static READING: Semaphore = Semaphore::const_new(1);

/// The turn to read a table, held for as long as that lasts.
pub(super) type Turn = SemaphorePermit<'static>;

/// Waits for the turn to read a table.
pub(super) async fn turn(house: &House) -> Result<Turn, Error> {
    READING.acquire().await.map_err(|cause| Error::io("request", house.root(), cause))
}

/// Has a table that was sent read elsewhere; the turn to read it here.
///
/// # Errors
/// What is wrong with its name or size, or that it is too large to be read. What else is wrong with it, reading it tells.
pub(super) async fn weighed(house: &House, visit: &Visit, file: &SentFile) -> Result<Turn, Failure> {
    let name = Path::new(&file.name);
    Format::of(name).map_err(Failure::Error)?;
    if file.size > MOST_BYTES {
        let finding = Finding::error("table-too-large").arg("file", &file.name);
        let finding = finding.arg("size", file.size.div_ceil(1 << 20)).arg("limit", MOST_BYTES >> 20);
        return Err(Error::from(finding).into());
    }
    // What it is called where it came from is no argument for a command.
    let extension = name.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let mut arguments = vec!["mail".into(), "table".into(), format!("--name=tabel.{extension}").into(), "--".into()];
    arguments.push(file.file.path().as_os_str().to_os_string());
    let heavy = || Error::from(Finding::error("mail-table-heavy").arg("file", &file.name));
    let done = match errand::tried(house, visit, &arguments, LIMIT).await {
        Err(Failure::Error(Error::Outside { action: "errand-slow", .. })) => return Err(heavy().into()),
        done => done?,
    };
    match done.code {
        Some(0) => {
            let [rows, columns] = ["rijen", "kolommen"].map(|key| done.answer[key].as_u64().unwrap_or(u64::MAX));
            if rows > MAX_ROWS as u64 {
                let finding = Finding::error("mail-too-many-rows").arg("rows", rows).arg("limit", MAX_ROWS);
                return Err(Error::from(finding).into());
            }
            if rows.saturating_mul(columns) > MOST_CELLS {
                return Err(heavy().into());
            }
        }
        // What refuses it is told in the words of the reader who reads it here.
        Some(1) => {}
        Some(3) => return errand::judged(house, done).and(Err(heavy().into())),
        _ => return Err(heavy().into()),
    }
    Ok(turn(house).await?)
}
