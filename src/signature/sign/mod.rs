//! Signing a PDF: PAdES B-B with the key of a PKCS#12 file, B-T with a time-stamping server (ETSI EN 319 142-1).

pub mod cms;
pub mod identity;
pub mod timestamp;
mod tsp;
