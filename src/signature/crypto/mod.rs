//! What a signature in a file is made of, and the checks on it that know nothing of PDF.

pub mod algorithms;
pub mod asn1;
pub mod attributes;
pub mod certificate;
pub mod cms;
pub mod path;
mod pss;
pub mod revocation;
pub mod timestamp;

#[cfg(test)]
mod tests;
