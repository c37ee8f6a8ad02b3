//! What a program and the processes that it starts cost, as Linux tells.

use std::fs;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// The clock ticks of a second in `/proc` (USER_HZ), which is 100 on every Linux that this runs on.
const TICKS: u64 = 100;

/// How often the memory of the processes is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What a run cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// Processor time, of the program and of all that it started and waited for.
    pub cpu: Duration,
    /// The most memory that one of the processes held that it started, in KiB (VmHWM).
    pub worker_peak: u64,
    /// The same of the program itself.
    pub own_peak: u64,
}

/// Runs a program to its end; `is_worker` tells from its arguments which of the processes below it is a worker.
pub fn run(command: &mut Command, is_worker: &dyn Fn(&str) -> bool) -> (ExitStatus, Cost) {
    let before = waited_for();
    let started = Instant::now();
    let mut child = command.spawn().expect("the program runs");
    let (mut worker_peak, mut own_peak) = (0, 0);
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        let (own, workers) = peaks(&child, is_worker);
        own_peak = own_peak.max(own);
        worker_peak = worker_peak.max(workers);
        std::thread::sleep(LOOK_EVERY);
    };
    // Not later than the next look.
    let wall = started.elapsed();
    (status, Cost { wall, cpu: waited_for() - before, worker_peak, own_peak })
}

/// The processor time of all processes that this one has waited for, with those that they have waited for.
fn waited_for() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux has it");
    // What stands in brackets is the name, which may hold anything; cutime and cstime are fields 16 and 17 (proc(5)).
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = fields[13..15].iter().map(|field| field.parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// The peaks of a process and of the largest worker among those that it started, in KiB.
fn peaks(child: &Child, is_worker: &dyn Fn(&str) -> bool) -> (u64, u64) {
    let own = number(&status(&child.id().to_string()), "VmHWM:");
    let processes = fs::read_dir("/proc").expect("Linux has it").flatten();
    let names = processes.filter_map(|entry| entry.file_name().into_string().ok());
    let workers = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).filter_map(|process| {
        let status = status(&process);
        let is_below = number(&status, "PPid:") == u64::from(child.id());
        let arguments = fs::read(format!("/proc/{process}/cmdline")).ok().filter(|_| is_below)?;
        let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
        is_worker(&arguments).then(|| number(&status, "VmHWM:"))
    });
    (own, workers.max().unwrap_or_default())
}

/// Empty for a process that has just ended.
fn status(process: &str) -> String {
    fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default()
}

fn number(status: &str, name: &str) -> u64 {
    let value = status.lines().find_map(|line| line.strip_prefix(name));
    value.and_then(|value| value.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
