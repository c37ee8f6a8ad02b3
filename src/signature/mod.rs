//! Signatures in PDFs: whether they hold, whether the letter is still what was issued, and signing.
//!
//! [`pdf`] reads a file's revisions strictly and repairs nothing; [`changes`] says what a later revision changed;
//! [`verify`] gives the verdict on every signature; [`sign`] adds one.

pub mod changes;
pub mod issued;
pub mod pdf;
pub mod sign;

#[cfg(test)]
mod build;
#[cfg(test)]
mod mangled;
