//! Letters of Dutch public bodies: filled from data, typeset to accessible PDF, numbered, signed, sent and archived.
//!
//! Data flows one way:
//!
//! ```text
//! letter file ─► letter ─► template ─► typeset ─► issue ─► register
//!                                                  └──► archive ◄─ signature
//! ```
//!
//! A letter file is TOML front matter and a Markdown body ([`letter`]). Its template ([`template`]) is a handlebars file
//! that yields Typst, with a data contract ([`contract`]) that both are held against. Typst lays the letter out
//! ([`typeset`]). [`draft`] is the whole way in one place:
//!
//! ```no_run
//! use std::path::Path;
//! use chrono::NaiveDate;
//! use postkamer::draft::{Draft, MAIN};
//! use postkamer::template::view::Numbering;
//! use postkamer::typeset::world::Press;
//! use postkamer::workspace::Workspace;
//!
//! # fn main() -> postkamer::error::Result<()> {
//! let root = Path::new("/srv/brieven");
//! let workspace = Workspace::open(root, &|_| None)?;
//! let press = Press::new(&workspace)?;
//! let draft = Draft::read(&workspace, &press, &root.join("letters/reactie.md"), &|_| Ok(None))?;
//! let day = NaiveDate::from_ymd_opt(2023, 2, 21).expect("a day of the calendar");
//! let composed = draft.compose(&workspace, &draft.letter, day, Numbering::Draft, MAIN)?;
//! let page = composed.lay_out(&press, MAIN)?;
//! let pdf = composed.pdf(&workspace, &press, &page)?;
//! # Ok(())
//! # }
//! ```
//!
//! [`issue`] goes on from there to a letter that is recorded and archived.
//!
//! The modules, each of which imports only from those above it:
//!
//! - [`zone`]: the day and the hour in the Netherlands;
//! - [`source`]: texts of the user, and places in them;
//! - [`error`] and [`messages`]: findings, and their words in Dutch and English;
//! - [`contract`]: the typed data contract that letters, templates and settings are held against;
//! - [`assets`] and [`workspace`]: what the binary carries, and an office's folder with its settings;
//! - [`table`]: tables of people's data, read and written;
//! - [`markup`]: text and Markdown to Typst;
//! - [`letter`]: the letter file and what it says;
//! - [`template`]: letterheads, filled;
//! - [`typeset`]: Typst's world, its diagnostics, and PDF, PNG and SVG;
//! - [`draft`]: from a letter file to a page;
//! - [`register`]: numbers, letters, links and the chain of events, in SQLite or PostgreSQL;
//! - [`signature`]: PDF signatures, verified and made;
//! - [`archive`]: the OCFL store, its metadata, and packages for an e-depot;
//! - [`issue`]: from a letter file to a letter with a number;
//! - [`mailing`]: one letter to every row of a table;
//! - [`preview`]: letters laid out while they are written;
//! - [`web`]: the workbench in the browser;
//! - [`cli`]: the command line.
//!
//! The library asks no clock what time it is, and reads no environment, no current directory and no terminal: the command
//! line ([`cli`]) hands these in, so that the same input gives the same bytes. It times only how long it waits, for a lock
//! or another process.

pub mod archive;
pub mod assets;
pub mod cli;
pub mod contract;
pub mod draft;
pub mod error;
pub mod issue;
pub mod letter;
pub mod mailing;
pub mod markup;
pub mod messages;
pub mod preview;
pub mod register;
pub mod signature;
pub mod source;
pub mod table;
pub mod template;
pub mod typeset;
pub mod web;
pub mod workspace;
pub mod zone;
