//! Previews at hand: processes of their own that lay out letters as they are written, so that whatever a letter does to its
//! process, the pages of others go on.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;

use super::answer::Failure;
use super::house::House;
use super::visit::Visit;
use crate::error::{Error, Finding};
use crate::preview::{Job, Sheets, told};

/// How long a letter may take.
const LIMIT: Duration = Duration::from_secs(10);

/// The most processes at once. More than there are processors: each visitor has no more than one, so that it takes as many
/// letters without end at the same time before somebody waits for them.
const MOST: usize = 8;

/// How long a process that nobody asks for anything stays.
const IDLE: Duration = Duration::from_secs(60);

/// The longest answer, in bytes.
const LONGEST: u64 = 128 << 20;

/// The most that is kept of pages, in bytes.
const KEPT: usize = 64 << 20;

/// The processes, and the pages that they made last.
pub(super) struct Previews {
    processes: Arc<Semaphore>,
    idle: Mutex<Vec<Worker>>,
    turns: Mutex<HashMap<String, Arc<Turn>>>,
    pages: Mutex<Pages>,
}

/// What a letter came to.
#[derive(Debug, Clone, Default)]
pub(super) struct Laid {
    /// The hashes of its pages; none if it is refused.
    pub pages: Vec<String>,
    /// What was found, as [`Sheets`] holds it.
    pub findings: Vec<Json>,
    /// Whether a newer job came before this one was begun: then there is nothing else.
    pub overtaken: bool,
}

impl Laid {
    /// Whether something refuses the letter.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding["ernst"] == "fout")
    }
}

/// The jobs of one visitor: one at a time, and of those of one letter that wait the newest.
#[derive(Default)]
struct Turn {
    one: tokio::sync::Mutex<()>,
    newest: Mutex<HashMap<String, u64>>,
    count: AtomicU64,
}

struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    letter: String,
    since: Instant,
    /// The hashes of the pages that it gave last.
    given: Vec<String>,
}

/// Pages by their hashes, each with when it was asked for last.
#[derive(Default)]
struct Pages {
    kept: HashMap<String, (Bytes, u64)>,
    size: usize,
    clock: u64,
}

impl Default for Previews {
    fn default() -> Self {
        Self {
            processes: Arc::new(Semaphore::new(MOST)),
            idle: Mutex::default(),
            turns: Mutex::default(),
            pages: Mutex::default(),
        }
    }
}

impl House {
    /// Lays a letter out for a visitor. It goes on when the visitor goes away: who types asks again in a moment, and a
    /// process that was ended for it would have to be warmed up.
    ///
    /// # Errors
    /// When no process can be started.
    pub(super) async fn lay_out(self: &Arc<Self>, visit: &Visit, mut job: Job) -> Result<Laid, Failure> {
        job.taal = visit.tongue().to_string();
        let (house, visitor, visit) = (self.clone(), visit.token().to_string(), visit.clone());
        let work = tokio::spawn(async move { house.in_turn(visitor, &visit, job).await });
        work.await.map_err(|cause| Failure::Error(Error::io("errand", self.root(), cause)))?
    }

    /// A page by its hash, as SVG, as long as it is kept.
    pub(super) fn sheet(&self, hash: &str) -> Option<Bytes> {
        lock(&self.previews().pages).get(hash)
    }

    async fn in_turn(self: Arc<Self>, visitor: String, visit: &Visit, mut job: Job) -> Result<Laid, Failure> {
        let room = self.previews();
        let turn = {
            let mut turns = lock(&room.turns);
            // Whoever has nothing under way is forgotten.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            turns.entry(visitor).or_default().clone()
        };
        let own = turn.count.fetch_add(1, Ordering::Relaxed);
        // The same letter for another row is another page.
        let letter = format!("{}\n{:?}\n{:?}", job.letter, job.table, job.row);
        lock(&turn.newest).insert(letter.clone(), own);
        let _one = turn.one.lock().await;
        if lock(&turn.newest).get(&letter).is_some_and(|newest| *newest != own) {
            return Ok(Laid { overtaken: true, ..Laid::default() });
        }
        let failed = |cause| Failure::Error(Error::io("errand", self.root(), cause));
        let permit = room.processes.acquire().await.map_err(|cause| failed(std::io::Error::other(cause)))?;
        let mut worker = match room.take(&job.letter) {
            Some(worker) => worker,
            None => self.hire().map_err(failed)?,
        };
        // Most of a letter stays what it was while somebody types in it.
        let given = std::mem::take(&mut worker.given).into_iter();
        // They are held until they are kept anew: others' letters may push them out in the meantime.
        let held: Vec<_> = given.filter_map(|hash| lock(&room.pages).get(&hash).map(|page| (hash, page))).collect();
        job.known = held.iter().map(|(hash, _)| hash.clone()).collect();
        let mut done = tokio::time::timeout(LIMIT, worker.lay_out(&job)).await;
        if matches!(done, Ok(Err(_))) && worker.since.elapsed() > LIMIT {
            // It may have ended while it was idle.
            worker = self.hire().map_err(failed)?;
            done = tokio::time::timeout(LIMIT, worker.lay_out(&job)).await;
        }
        let finding = match done {
            Ok(Ok((sheets, drawn))) => {
                worker.since = Instant::now();
                worker.letter = job.letter;
                worker.given = sheets.bladzijden.iter().map(|sheet| sheet.hash.clone()).collect();
                lock(&room.idle).push(worker);
                let house = self.clone();
                tokio::spawn(async move { house.send_home().await });
                drop(permit);
                let pages: Vec<_> = sheets.bladzijden.into_iter().map(|sheet| sheet.hash).collect();
                let mut kept = lock(&room.pages);
                let shown = held.into_iter().filter(|(hash, _)| pages.contains(hash));
                shown.chain(drawn).for_each(|(hash, picture)| kept.keep(hash, picture));
                return Ok(Laid { pages, findings: sheets.bevindingen, overtaken: false });
            }
            Ok(Err(cause)) => {
                tracing::error!(letter = job.letter, %cause, "a preview ended");
                Finding::error("press-died")
            }
            Err(_) => {
                tracing::error!(letter = job.letter, "a letter took too long and its preview was ended");
                Finding::error("press-slow").arg("seconds", LIMIT.as_secs())
            }
        };
        // The worker is ended before another takes its place.
        let _ = worker.child.kill().await;
        Ok(Laid { findings: vec![told(visit.messages(), &finding)], ..Laid::default() })
    }

    fn hire(&self) -> std::io::Result<Worker> {
        let mut command = Command::new(self.program());
        command.arg("--workspace").arg(self.root()).arg("press").current_dir(self.root());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let missing = || std::io::Error::other("no pipe");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        Ok(Worker { child, input, output, letter: String::new(), since: Instant::now(), given: Vec::new() })
    }

    /// Ends the processes that nobody asked for anything since.
    async fn send_home(&self) {
        tokio::time::sleep(IDLE).await;
        lock(&self.previews().idle).retain(|worker| worker.since.elapsed() < IDLE);
    }
}

impl Previews {
    /// An idle worker: the one that had this letter, else the one that worked last.
    fn take(&self, letter: &str) -> Option<Worker> {
        let mut idle = lock(&self.idle);
        let at = idle.iter().rposition(|worker| worker.letter == letter).or(idle.len().checked_sub(1))?;
        Some(idle.remove(at))
    }
}

impl Worker {
    /// What became of a job, with the pictures that came with it by their hashes.
    async fn lay_out(&mut self, job: &Job) -> std::io::Result<(Sheets, Vec<(String, Bytes)>)> {
        let mut line = serde_json::to_vec(job)?;
        line.push(b'\n');
        self.input.write_all(&line).await?;
        self.input.flush().await?;
        let mut answer = Vec::new();
        (&mut self.output).take(LONGEST).read_until(b'\n', &mut answer).await?;
        if answer.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let sheets: Sheets = serde_json::from_slice(&answer)?;
        if sheets.bladzijden.iter().map(|sheet| sheet.bytes as u64).sum::<u64>() > LONGEST {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let mut drawn = Vec::new();
        for sheet in sheets.bladzijden.iter().filter(|sheet| sheet.bytes > 0) {
            let mut picture = vec![0; sheet.bytes];
            self.output.read_exact(&mut picture).await?;
            drawn.push((sheet.hash.clone(), picture.into()));
        }
        Ok((sheets, drawn))
    }
}

impl Pages {
    fn get(&mut self, hash: &str) -> Option<Bytes> {
        self.clock += 1;
        let (page, used) = self.kept.get_mut(hash)?;
        *used = self.clock;
        Some(page.clone())
    }

    fn keep(&mut self, hash: String, page: Bytes) {
        self.clock += 1;
        self.size += page.len();
        if let Some((before, _)) = self.kept.insert(hash, (page, self.clock)) {
            self.size -= before.len();
        }
        while self.size > KEPT && self.kept.len() > 1 {
            let oldest = self.kept.iter().min_by_key(|(_, (_, used))| *used).map(|(hash, _)| hash.clone());
            let Some((page, _)) = oldest.and_then(|hash| self.kept.remove(&hash)) else { return };
            self.size -= page.len();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{Bytes, KEPT, Pages};

    #[test]
    fn the_pages_that_were_asked_for_last_are_kept() {
        let mut pages = Pages::default();
        let page = Bytes::from(vec![b'x'; KEPT / 4]);
        for at in 0..4 {
            pages.keep(at.to_string(), page.clone());
        }
        assert!(pages.get("0").is_some());
        pages.keep("4".into(), page);
        assert!(pages.get("1").is_none());
        assert!(["0", "2", "3", "4"].iter().all(|hash| pages.get(hash).is_some()));
        assert!(pages.size <= KEPT);
    }
}
