//! What a year comes to: which letters were answered, and where every number went.

pub mod numbers;
pub mod year;
