//! Processes of mailings killed at random: workers, programs, and programs with their workers.
//!
//! `POSTKAMER_KILLS` says how many are killed in all, `POSTKAMER_KILL_ROWS` how many rows each mailing has. Mailings follow
//! each other until all those are killed.

use std::time::Duration;

use rustix::process::Signal;

use super::Site;
use super::program::{Group, Program};
use super::rest::Rest;
use crate::support::postgres;

/// How many tests share the kills.
const STORMS: usize = 4;

/// How long a worker may go on without its program, in seconds: what it waits for by itself, and what a machine that is busy
/// with other tests takes to start one.
const ALONE: u64 = 40;

/// Numbers that look random, the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn pause(&mut self, most: u64) {
        std::thread::sleep(Duration::from_millis(self.below(most)));
    }
}

struct Storm<'a> {
    sites: &'a [Site],
    dice: Dice,
    /// How many are still to be killed.
    left: usize,
    /// Programs that were killed, whose workers may live.
    alone: Vec<Group>,
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect("a number"))
}

/// Has mailings made by `programs` at once while they are killed, each in the next of the sites.
fn rages(sites: &[Site], programs: usize, seed: u64) {
    let (kills, rows) = (number("POSTKAMER_KILLS", 200).div_ceil(STORMS), number("POSTKAMER_KILL_ROWS", 400));
    let mut storm = Storm { sites, dice: Dice(seed), left: kills, alone: Vec::new() };
    let mut before = 0;
    for at in 1.. {
        let name = format!("partij-{at}");
        sites.iter().for_each(|site| site.table(&name, rows));
        storm.mailing(&name, programs);
        Rest { sites, name: &name, rows, before }.is_whole();
        before += rows;
        if storm.left == 0 {
            return;
        }
    }
}

impl Storm<'_> {
    /// Has one mailing made.
    fn mailing(&mut self, name: &str, programs: usize) {
        let sites = self.sites;
        let site = |at: usize| &sites[at % sites.len()];
        let mut running: Vec<Option<Program>> = (0..programs).map(|at| Some(site(at).start(name))).collect();
        while running.iter().any(Option::is_some) {
            self.dice.pause(if self.left > 0 { 2500 } else { 50 });
            for slot in &mut running {
                let Some(program) = slot else { continue };
                if let Some(status) = program.ended() {
                    assert!(status.success(), "{name} ends with {status}: {}", program.said());
                    *slot = None;
                }
            }
            self.alone.retain(|group| group.is_left(ALONE));
            let alive: Vec<usize> = (0..programs).filter(|at| running[*at].is_some()).collect();
            if alive.is_empty() || self.left == 0 {
                continue;
            }
            let at = alive[self.dice.below(alive.len() as u64) as usize];
            if let Some(program) = &mut running[at]
                && self.strike(program)
            {
                self.dice.pause(300);
                running[at] = Some(site(at).start(name));
            }
        }
        self.alone.drain(..).for_each(|group| group.is_gone_within(ALONE));
    }

    /// Kills something of a program; whether it is to be started again.
    fn strike(&mut self, program: &mut Program) -> bool {
        let kind = self.dice.below(4);
        if kind < 2 {
            let is_killed = program.kill_worker(|workers| self.dice.below(workers as u64) as usize);
            self.left -= usize::from(is_killed);
            return false;
        }
        if program.ended().is_some() {
            return false;
        }
        self.left -= 1;
        let group = program.group();
        if kind == 2 {
            program.signal(Signal::KILL)
        } else {
            program.signal_all(Signal::KILL)
        }
        program.ends_within(10);
        self.alone.push(group);
        true
    }
}

#[test]
fn one_program_on_sqlite() {
    rages(&[Site::new("sqlite:register.db")], 1, 1);
}

#[test]
fn two_programs_on_sqlite() {
    rages(&[Site::new("sqlite:register.db")], 2, 2);
}

#[test]
fn two_programs_on_postgres() {
    let Some(database) = postgres::database() else { return };
    rages(&[Site::new(&database.url)], 2, 3);
}

#[test]
fn two_copies_of_a_workspace_on_postgres() {
    let Some(database) = postgres::database() else { return };
    let site = Site::new(&database.url);
    let copy = site.copy();
    rages(&[site, copy], 2, 4);
}
