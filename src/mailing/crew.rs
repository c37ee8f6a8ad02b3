//! The workers of a mailing, as the program sees them that started them: processes of one thread each, replaced when they
//! end before the work is done.
//!
//! Nothing depends on this program either: workers stop when it is gone, and whoever starts the mailing again goes on.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::plan;
use super::told::Told;
use crate::archive::keep::Archive;
use crate::error::{Error, Finding, Result};
use crate::register::mailings::queue::{self, Desk, End};
use crate::register::mailings::{Counts, Mailing};
use crate::register::{Clerk, Register};

/// How often processes may end by themselves in the middle of one row.
const MOST_CRASHES: u64 = 2;

/// How often somebody else may end one in the middle of one row: somebody who stops a program doesn't mean the row, but a
/// system that runs out of memory ends programs too.
const MOST_KILLS: u64 = 8;

/// How many processes may end one after the other outside of any row, without one that recorded letters.
const MOST_IDLE_ENDS: u64 = 3;

/// A letter that takes longer than this is not made any more.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often it is looked how far all programs are together.
const LOOK: Duration = Duration::from_millis(500);

/// What workers are started with.
pub struct Crew<'a> {
    /// The mailing.
    pub mailing: &'a Mailing,
    /// How many work at once.
    pub jobs: usize,
    /// The command that starts a worker of a name.
    pub command: &'a dyn Fn(&str) -> Command,
    /// A name that nobody used before.
    pub name: &'a dyn Fn() -> String,
    /// Who makes changes, now.
    pub clerk: &'a dyn Fn() -> Result<Clerk<'a>>,
    /// A finding as the report of the mailing has it.
    pub tell: &'a dyn Fn(&Finding) -> Json,
    /// Is told how far the mailing is.
    pub progress: &'a dyn Fn(&Counts),
}

/// A process at work.
struct Worker {
    name: String,
    child: Child,
    /// The row that it is busy with, and for how long: time in which this program stood still too doesn't count.
    row: Option<(i64, Duration)>,
    /// Whether it was ended for being too slow.
    is_stuck: bool,
    has_recorded: bool,
}

/// What a thread that listens to a worker passes on.
enum Heard {
    Told(String, Told),
    Silent(String),
}

/// Puts the rows of a mailing back that processes had which are gone, with what they were bringing into the archive: they
/// are as free as any row without a letter.
///
/// # Errors
/// [`Error::Outside`] when the disk or the database fails.
pub fn put_back(register: &mut Register, archive: &Archive, clerk: &Clerk, name: &str) -> Result<()> {
    let workspace = register.workspace().to_string();
    let gone = queue::gone(register, &workspace, name)?;
    if gone.is_empty() {
        return Ok(());
    }
    register.write(clerk, |journal| {
        archive.recover_within(journal)?;
        queue::reclaim(journal, &workspace, name, &gone).map(drop)
    })
}

impl Crew<'_> {
    /// Has the work done, until every row of the mailing has its letter or is refused.
    ///
    /// # Errors
    /// [`Error::Outside`] when the disk or the database fails, or workers can't be started; the mailing can be gone on with.
    pub fn work(&self, register: &mut Register, archive: &Archive) -> Result<Counts> {
        let (heard, hears) = channel();
        let mut workers: Vec<Worker> = Vec::new();
        let done = self.watch(register, archive, &mut workers, &heard, &hears);
        // Whatever happened: nobody works on without this program.
        for worker in &mut workers {
            drop(worker.child.stdin.take());
        }
        for worker in &mut workers {
            // A worker that is told to stop finishes the letter that it is busy with.
            let _ = worker.child.wait();
        }
        let counts = done?;
        // What workers left that were ended after their last letter, here or in another program that is gone.
        archive.tidy(register, &(self.clerk)()?)?;
        queue::clear_gone(register);
        Ok(counts)
    }

    fn watch(
        &self,
        register: &mut Register,
        archive: &Archive,
        workers: &mut Vec<Worker>,
        heard: &Sender<Heard>,
        hears: &Receiver<Heard>,
    ) -> Result<Counts> {
        let mut idle_ends = 0;
        loop {
            let counts = self.counts(register)?;
            (self.progress)(&counts);
            if counts.waiting == 0 && workers.is_empty() {
                if counts.busy == 0 {
                    return Ok(counts);
                }
                // Others are at work; should they end, their rows are done here.
                thread::sleep(LOOK);
                put_back(register, archive, &(self.clerk)()?, &self.mailing.name)?;
                continue;
            }
            let wanted = self.jobs.min(usize::try_from(counts.waiting).unwrap_or(self.jobs));
            while workers.len() < wanted {
                workers.push(self.start(heard)?);
            }
            let began = Instant::now();
            let until = began + LOOK;
            while let Some(left) = until.checked_duration_since(Instant::now()) {
                match hears.recv_timeout(left) {
                    Ok(Heard::Told(name, told)) => note(workers, &name, told),
                    Ok(Heard::Silent(name)) => {
                        let at = workers.iter().position(|worker| worker.name == name);
                        let Some(mut worker) = at.map(|at| workers.swap_remove(at)) else { continue };
                        let status =
                            worker.child.wait().map_err(|cause| Error::io("mail-worker", name.as_ref(), cause))?;
                        let is_fine = worker.has_recorded || worker.row.is_some() || status.success();
                        idle_ends = if is_fine { 0 } else { idle_ends + 1 };
                        self.ended(register, archive, &worker, status, idle_ends)?;
                        break;
                    }
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
                }
            }
            let passed = began.elapsed().min(2 * LOOK);
            for worker in workers.iter_mut().filter(|worker| !worker.is_stuck) {
                let Some((_, busy)) = &mut worker.row else { continue };
                *busy += passed;
                if *busy > PATIENCE {
                    worker.is_stuck = true;
                    // It may have ended by itself just now.
                    let _ = worker.child.kill();
                }
            }
        }
    }

    fn counts(&self, register: &mut Register) -> Result<Counts> {
        register.read(|tx| Counts::read(tx, &self.mailing.workspace, &self.mailing.name))
    }

    fn start(&self, heard: &Sender<Heard>) -> Result<Worker> {
        let name = (self.name)();
        let mut command = (self.command)(&name);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|cause| Error::io("mail-worker", name.as_ref(), cause))?;
        if let Some(out) = child.stdout.take() {
            let (heard, own) = (heard.clone(), name.clone());
            thread::spawn(move || {
                for line in BufReader::new(out).lines().map_while(std::result::Result::ok) {
                    if let Ok(told) = line.parse()
                        && heard.send(Heard::Told(own.clone(), told)).is_err()
                    {
                        return;
                    }
                }
                let _ = heard.send(Heard::Silent(own));
            });
        }
        Ok(Worker { name, child, row: None, is_stuck: false, has_recorded: false })
    }

    /// A worker is gone: its rows are put back, and if it ended in the middle of one, that counts against the row.
    fn ended(
        &self,
        register: &mut Register,
        archive: &Archive,
        worker: &Worker,
        status: ExitStatus,
        idle_ends: u64,
    ) -> Result<()> {
        let refused = match (status.code(), worker.row) {
            (Some(0), _) => None,
            // It said itself what is wrong.
            (Some(1 | 3), _) => return Err(stopped(status)),
            (_, Some((seq, _))) => {
                let end = if worker.is_stuck || is_crash(status) { End::Crash } else { End::Kill };
                let ends = queue::ended(register, &self.mailing.workspace, &self.mailing.name, seq, end)?;
                let most = if end == End::Crash { MOST_CRASHES } else { MOST_KILLS };
                Some(seq).filter(|_| ends >= most)
            }
            (_, None) => {
                let most = if is_crash(status) { MOST_IDLE_ENDS } else { MOST_KILLS };
                if idle_ends >= most {
                    return Err(stopped(status));
                }
                None
            }
        };
        self.reclaim(register, archive, worker, refused)
    }

    /// As [`put_back`], with the rows of a worker that is known to be gone; refuses the row in which workers ended too often.
    fn reclaim(&self, register: &mut Register, archive: &Archive, worker: &Worker, refused: Option<i64>) -> Result<()> {
        let (workspace, name) = (self.mailing.workspace.as_str(), self.mailing.name.as_str());
        let mut gone = queue::gone(register, workspace, name)?;
        gone.insert(worker.name.clone());
        let clerk = (self.clerk)()?;
        register.write(&clerk, |journal| {
            archive.recover_within(journal)?;
            if let Some(seq) = refused {
                let code = if worker.is_stuck { "mail-row-slow" } else { "mail-row-fatal" };
                let finding = Finding::error(code).arg("name", name).arg("seconds", PATIENCE.as_secs());
                let findings = json!([(self.tell)(&finding)]);
                let desk = Desk { workspace, mailing: name, worker: &worker.name };
                desk.refuse(journal, seq, &findings, &plan::reason(&findings))?;
            }
            queue::reclaim(journal, workspace, name, &gone).map(drop)
        })
    }
}

/// What becomes known of a worker.
fn note(workers: &mut [Worker], name: &str, told: Told) {
    let Some(worker) = workers.iter_mut().find(|worker| worker.name == name) else { return };
    worker.has_recorded |= matches!(told, Told::Recorded(_));
    worker.row = match told {
        Told::Begun(seq) => Some((seq, Duration::ZERO)),
        Told::Recording | Told::Recorded(_) => None,
    };
}

/// Whether a process ended by what it did itself, rather than by what somebody did to it.
fn is_crash(status: ExitStatus) -> bool {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        // SIGHUP, SIGINT, SIGQUIT, SIGKILL and SIGTERM come from others (POSIX.1-2017, signal.h).
        return ![1, 2, 3, 9, 15].contains(&signal);
    }
    !status.success()
}

fn stopped(status: ExitStatus) -> Error {
    Error::io("mail-worker", "mail worker".as_ref(), status)
}
