//! Letters of Dutch public bodies: letterheads filled from data and typeset to accessible, archivable PDF.
//!
//! Data flows one way:
//!
//! ```text
//! letter file ─► letter ─► template ─► typeset ─► issue ─► register
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

/// The name of [`preview`] before; the benchmarks still use it.
#[doc(hidden)]
pub use preview as press;
