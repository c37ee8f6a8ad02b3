//! What is found in prepared mailings: checked in the background by a process of its own, and kept until letter or table
//! change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::Work;
use super::reading::Reading;
use crate::error::Error;
use crate::web::answer::Failure;
use crate::web::errand::{self, Lanes};
use crate::web::house::House;
use crate::web::visit::Visit;

/// The longest that a check may take: what needs more is checked on the command line, where it holds up nobody.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// How many mailings are checked at once.
const AT_ONCE: usize = 2;

/// The most checks that are kept.
const MOST_KEPT: usize = 16;

/// How far the check of a mailing is.
#[derive(Clone)]
pub(super) enum Check {
    /// It is under way.
    Running,
    /// What was found.
    Done(Arc<Checked>),
    /// It was refused, or failed: its findings as a command tells them.
    Failed(Arc<Vec<Json>>),
}

/// What was found in a mailing.
pub(super) struct Checked {
    /// How many rows there are.
    pub total: u64,
    /// How many of them are in order.
    pub fine: u64,
    /// How many are refused.
    pub wrong: u64,
    /// The rows about which there is something to say, each with its findings.
    pub rows: Vec<(u64, Vec<Json>)>,
    /// The refused rows as a table to mend.
    pub refused: Vec<u8>,
}

impl Checked {
    /// What was found in a row.
    pub fn of(&self, row: usize) -> &[Json] {
        self.rows.iter().find(|(number, _)| *number == row as u64).map_or(&[], |(_, found)| found)
    }
}

/// Whether a finding refuses.
pub(super) fn is_error(finding: &Json) -> bool {
    finding["ernst"] == "fout"
}

/// The checks, by mailing and language.
#[derive(Clone)]
pub(super) struct Checks {
    kept: Arc<Mutex<HashMap<(String, &'static str), Kept>>>,
    turns: Arc<Semaphore>,
    /// One check of a mailing at a time, for readers of whichever language.
    mailings: Arc<Lanes>,
}

struct Kept {
    digest: String,
    check: Check,
    task: JoinHandle<()>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { kept: Arc::default(), turns: Arc::new(Semaphore::new(AT_ONCE)), mailings: Arc::default() }
    }
}

impl Work {
    /// How far the check of a mailing is as it is now; it is begun where it is not.
    pub fn check(&self, house: &Arc<House>, visit: &Visit, reading: &Reading) -> Check {
        self.checks.of(house, visit, reading)
    }

    /// Forgets what was found in a mailing.
    pub fn forget_check(&self, name: &str) {
        let mut kept = self.checks.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _), kept| {
            if known == name {
                kept.task.abort();
            }
            known != name
        });
    }
}

impl Checks {
    fn of(&self, house: &Arc<House>, visit: &Visit, reading: &Reading) -> Check {
        let key = (reading.prepared.name.clone(), visit.tongue());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(&key) {
            if known.digest == reading.digest {
                return known.check.clone();
            }
            // Letter or table changed since it began.
            known.task.abort();
        }
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, kept| matches!(kept.check, Check::Running));
        }
        let (own, house, visit) = (self.clone(), house.clone(), visit.clone());
        let (prepared, digest, place) = (reading.prepared.clone(), reading.digest.clone(), key.clone());
        let of = digest.clone();
        let task = tokio::spawn(async move {
            let _one = own.mailings.enter(&place.0).await;
            let Ok(_turn) = own.turns.acquire().await else { return };
            let check = match checked(&house, &visit, &prepared.letter, &prepared.table_path()).await {
                Ok(checked) => Check::Done(Arc::new(checked)),
                Err(failure) => Check::Failed(Arc::new(told(&visit, failure))),
            };
            let mut kept = own.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = kept.get_mut(&place).filter(|known| known.digest == of) {
                known.check = check;
            }
        });
        kept.insert(key, Kept { digest, check: Check::Running, task });
        Check::Running
    }
}

async fn checked(house: &House, visit: &Visit, letter: &str, table: &str) -> Result<Checked, Failure> {
    let folder = house.temporary_folder()?;
    let refused = folder.path().join("geweigerd.csv");
    let arguments = ["mail", "check", "--recipients", table, "--refused"].map(Into::into);
    let rest = [refused.clone().into_os_string(), "--".into(), letter.into()];
    let arguments: Vec<_> = arguments.into_iter().chain(rest).collect();
    let done = errand::run(house, visit, &arguments, LIMIT).await?;
    // What is not known is not nought: of no rows at all it would be said that they are fine.
    let number = |key: &str| done.answer[key].as_u64().ok_or_else(|| errand::unanswered(house, key));
    let rows = done.answer["rijen"].as_array().into_iter().flatten();
    let row = |row: &Json| {
        (row["rij"].as_u64().unwrap_or_default(), row["bevindingen"].as_array().cloned().unwrap_or_default())
    };
    Ok(Checked {
        total: number("totaal")?,
        fine: number("in_orde")?,
        wrong: number("fout")?,
        rows: rows.map(row).collect(),
        refused: house
            .apart(move || std::fs::read(&refused).map_err(|cause| Error::io("read", &refused, cause)))
            .await?,
    })
}

/// A failure as a command would tell it.
fn told(visit: &Visit, failure: Failure) -> Vec<Json> {
    let finding = |message: String| serde_json::json!({ "ernst": "fout", "melding": message });
    match failure {
        Failure::Told(findings) => findings,
        Failure::Error(Error::Refused(findings)) => {
            findings.iter().map(|found| finding(visit.messages().finding(found).message)).collect()
        }
        Failure::Error(error) => {
            let words = visit.messages().outside(&error);
            words.map(|words| finding(words.message)).into_iter().collect()
        }
        _ => vec![finding(visit.say("web-failed-outside"))],
    }
}
