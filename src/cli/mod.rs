//! The command line: one file per verb, each with its arguments and its run.
//!
//! This is the only place, with the binary, that knows of the terminal, the current directory, the clock and the
//! environment; the library gets them handed.

mod archive;
mod check;
mod completions;
mod context;
mod init;
mod issue;
mod mail;
mod new;
mod press;
mod progress;
mod register;
mod render;
mod report;
mod serve;
mod sign;
mod table;
mod template;
mod usage;
mod user;
mod watch;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub use context::Surroundings;
use context::{Context, Style};

use crate::error::Result;

/// Letters of Dutch public bodies, from letter files to archivable, accessible PDF.
#[derive(Debug, Parser)]
#[command(name = "postkamer", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
struct Global {
    /// The workspace: a folder with postkamer.toml [default: the nearest one upwards]
    #[arg(long, global = true, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Write machine-readable JSON to standard output
    #[arg(long, global = true)]
    json: bool,
    /// Say nothing but what was asked for and what is wrong
    #[arg(long, short, global = true)]
    quiet: bool,
    /// When to colour messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Language of the messages [default: that of the locale]
    #[arg(long, global = true, value_name = "LANGUAGE")]
    taal: Option<Taal>,
    /// Say more; twice: everything
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Taal {
    Nl,
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a workspace: settings and an example letter per template; nothing is overwritten
    Init(init::Args),
    /// Start a letter from a template
    New(new::Args),
    /// Find everything that can be wrong in letters, without producing anything
    Check(check::Args),
    /// Lay out the letters that the workbench asks for
    #[command(hide = true)]
    Press(press::Args),
    /// Make a PDF (or PNG, SVG, Typst) of a letter, without side effects
    Render(render::Args),
    /// Render a letter again whenever it, its template or the settings change
    Watch(watch::Args),
    /// Make the final PDF under its own number and record it in the register
    Issue(issue::Args),
    /// Mailings: one letter to every row of a table
    #[command(subcommand)]
    Mail(mail::Args),
    /// The register of letters in and out
    #[command(subcommand)]
    Register(register::Args),
    /// The archive: what was sent and received, whole and provable
    #[command(subcommand)]
    Archive(archive::Args),
    /// The templates: list them, show one's fields, copy one out to change it
    #[command(subcommand)]
    Template(template::Args),
    /// Sign a PDF with the key in a PKCS#12 file
    Sign(sign::Args),
    /// The workbench in the browser: draft, register, mail and archive letters
    Serve(serve::Args),
    /// Who may use the workbench
    #[command(subcommand)]
    User(user::Args),
    /// Completions for a shell
    Completions(completions::Args),
}

/// Reads the command line. Help and wrong usage end the process, with exit code 0 or 2, in the reader's language.
pub fn parse() -> Arguments {
    usage::parse()
}

/// Runs a command and says what came of it; the result is the exit code.
pub fn run(arguments: Arguments, surroundings: Surroundings) -> u8 {
    let Arguments { command, global } = arguments;
    context::log(global.verbose, matches!(command, Command::Serve(_)));
    let style = Style { json: global.json, quiet: global.quiet, color: global.color, taal: global.taal };
    let context = Context::new(surroundings, global.workspace, style);
    let done = dispatch(command, &context);
    match done {
        Ok(code) => code,
        Err(error) => {
            context.report(&error);
            error.exit_code()
        }
    }
}

fn dispatch(command: Command, context: &Context) -> Result<u8> {
    match command {
        Command::Init(args) => args.run(context),
        Command::New(args) => args.run(context),
        Command::Check(args) => args.run(context),
        Command::Press(args) => args.run(context),
        Command::Render(args) => args.run(context),
        Command::Watch(args) => args.run(context),
        Command::Issue(args) => args.run(context),
        Command::Mail(args) => args.run(context),
        Command::Register(args) => args.run(context),
        Command::Archive(args) => args.run(context),
        Command::Template(args) => args.run(context),
        Command::Sign(args) => args.run(context),
        Command::Serve(args) => args.run(context),
        Command::User(args) => args.run(context),
        Command::Completions(args) => args.run(context),
    }
}
