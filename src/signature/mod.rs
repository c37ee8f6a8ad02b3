//! Signatures in PDFs: whether they hold, whether the letter is still what was issued, and signing.
//!
//! [`pdf`] reads a file's revisions strictly and repairs nothing; [`changes`] says what a later revision changed, and
//! [`issued`] whether a file is still the letter that was issued. [`verify`] gives the verdict on every signature in a file,
//! with the help of [`crypto`]; [`verdict`] puts all answers together and [`lines`] tells
//! them to people. [`sign`] adds a signature.

#[cfg(test)]
pub(crate) mod build;
pub mod changes;
pub mod conformance;
pub mod coverage;
pub mod crypto;
pub mod dss;
pub mod issued;
pub mod lines;
pub mod pdf;
pub mod sign;
pub mod trust;
pub mod verdict;
pub mod verify;
mod xmp;
