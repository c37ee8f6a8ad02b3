//! The archive: what was sent, whole and provable, in plain folders that need no program to be read.

pub mod contents;
pub mod export;
pub mod mdto;
pub mod names;
pub mod source;
