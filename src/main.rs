//! The `postkamer` command: parse, run, exit.

use std::process::ExitCode;

use postkamer::cli;

// Typst allocates much and briefly: with the system's allocator a quarter of a letter's time goes there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::parse();
    let surroundings = cli::Surroundings::of_process();
    ExitCode::from(cli::run(arguments, surroundings))
}
