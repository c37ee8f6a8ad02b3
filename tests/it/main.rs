//! One integration binary, one module per feature.

mod house;
mod support;
mod verbs;
