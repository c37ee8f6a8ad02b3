//! `postkamer mail worker`: a process that `mail run` starts, which makes letters until there are none left to make.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::super::context::Context;
use crate::archive::keep::Archive;
use crate::error::Result;
use crate::mailing::matter::Matter;
use crate::mailing::outcome::Outcome;
use crate::mailing::work::Worker;
use crate::preview::work;
use crate::register::lazy::LazyRegister;
use crate::typeset::world::Press;

/// The most memory of a worker, in bytes of its address space. A letter that needs more ends the worker, not the machine.
const MEMORY: u64 = 6 << 30;

/// How long a worker goes on without the program that started it: no letter that is any good takes longer.
const GRACE: Duration = Duration::from_secs(10);

/// Arguments of `worker`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The name of the mailing
    name: String,
    /// The name of this worker
    #[arg(long)]
    who: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        work::limit_memory(MEMORY);
        work::stay_on_one_thread();
        let stops = stop_with_the_program();
        let workspace = context.workspace(None)?;
        let press = Press::new(&workspace)?;
        let mut register = context.register(&workspace)?;
        let clerk = context.clerk_now()?;
        let archive = Archive::open(&workspace, &mut register, &clerk)?;
        let mailing = Outcome::mailing(&mut register, &self.name)?;
        let lazy = LazyRegister::new(&workspace);
        let letter = workspace.root().join(&mailing.letter);
        let matter = Matter::read(&workspace, &press, &letter, context.day()?, &|id| lazy.find(id))?;
        let mut worker = Worker {
            workspace: &workspace,
            register: &mut register,
            archive: &archive,
            mailing: &mailing,
            matter: &matter,
            name: &self.who,
            clerk: &|| context.clerk_now(),
            tell: &|finding| context.finding_json(finding),
            told: &|told| {
                let mut out = std::io::stdout().lock();
                if writeln!(out, "{told}").and_then(|()| out.flush()).is_err() {
                    // Nobody listens any more.
                    stops.store(true, Ordering::Relaxed);
                }
            },
            stops: &|| stops.load(Ordering::Relaxed),
        };
        worker.work()?;
        Ok(0)
    }
}

/// Says when the program that started this one is gone: its end of standard input closes with it.
fn stop_with_the_program() -> Arc<AtomicBool> {
    let stops = Arc::new(AtomicBool::new(false));
    let own = stops.clone();
    std::thread::spawn(move || {
        // It never writes anything.
        let _ = std::io::stdin().read(&mut [0]);
        own.store(true, Ordering::Relaxed);
        // Nobody is left to end a letter that is never done. What is not recorded by now is made again.
        std::thread::sleep(GRACE);
        std::process::exit(0);
    });
    stops
}
