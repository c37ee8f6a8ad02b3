//! A running program of the tests' own, in a process group of its own, and how it and its workers are ended.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, PidfdFlags, Signal, kill_process, kill_process_group, pidfd_open, pidfd_send_signal, test_kill_process_group,
};
use tempfile::TempDir;

use super::Site;
use crate::support::EPOCH;

/// A program that runs. Dropped, it is ended with all its workers.
pub struct Program {
    child: Child,
    /// What it says: in files, as workers that outlive it would keep a pipe open.
    said: TempDir,
}

impl Program {
    pub fn start(site: &Site, arguments: &[String]) -> Self {
        let said = TempDir::new().expect("a temporary folder");
        let file = |name: &str| File::create(said.path().join(name)).expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
        command.args(arguments).current_dir(site.workspace.path("")).env_clear().process_group(0);
        command.env("LANG", "nl_NL.UTF-8").env("SOURCE_DATE_EPOCH", EPOCH).env("POSTKAMER_REGISTER_URL", &site.url);
        let child = command.stdout(file("out")).stderr(file("err")).spawn().expect("postkamer runs");
        Self { child, said }
    }

    /// What it said.
    pub fn said(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.said.path().join(name)).unwrap_or_default();
        read("out") + &read("err")
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it is a child of this process")
    }

    /// How it ends; it must within some seconds.
    #[track_caller]
    pub fn ends_within(&mut self, seconds: u64) -> ExitStatus {
        let since = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(since.elapsed() < Duration::from_secs(seconds), "it goes on after {seconds} s: {}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends a signal to the program alone, as long as it is not waited for.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).expect("the program is there, ended or not");
    }

    /// Sends a signal to the program and all its workers, as long as it is not waited for.
    pub fn signal_all(&self, signal: Signal) {
        kill_process_group(self.id(), signal).expect("the program is there, ended or not");
    }

    /// Kills one of its workers; whether there was one.
    pub fn kill_worker(&self, choose: impl FnOnce(usize) -> usize) -> bool {
        let workers = self.workers();
        if workers.is_empty() {
            return false;
        }
        let worker = workers[choose(workers.len())];
        // A number may be another's by now; an open process is who it was when it was looked at.
        let Ok(open) = pidfd_open(worker, PidfdFlags::empty()) else { return false };
        parent(worker) == Some(self.id()) && pidfd_send_signal(open, Signal::KILL).is_ok()
    }

    /// Its workers.
    pub fn workers(&self) -> Vec<Pid> {
        let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = all.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?));
        numbers.filter(|pid| parent(*pid) == Some(self.id())).collect()
    }

    /// The group of the program and its workers.
    pub fn group(&self) -> Group {
        Group { id: self.id(), since: Instant::now() }
    }

    fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process_group(self.id(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// The processes of a program that ended.
pub struct Group {
    id: Pid,
    since: Instant,
}

impl Group {
    /// Whether one of them is still there; none may be for longer than some seconds.
    #[track_caller]
    pub fn is_left(&self, seconds: u64) -> bool {
        let is_left = test_kill_process_group(self.id).is_ok();
        let limit = Duration::from_secs(seconds);
        assert!(!is_left || self.since.elapsed() < limit, "a worker goes on without its program after {seconds} s");
        is_left
    }

    /// Waits until none of them is there.
    #[track_caller]
    pub fn is_gone_within(&self, seconds: u64) {
        while self.is_left(seconds) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The process that started one.
fn parent(pid: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_pid())).ok()?;
    // The name before it is in brackets, and may hold any character.
    let (_, rest) = stat.rsplit_once(')')?;
    Pid::from_raw(rest.split_whitespace().nth(1)?.parse().ok()?)
}
