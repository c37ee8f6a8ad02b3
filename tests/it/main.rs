//! One integration binary, one module per feature.

mod mistakes;
mod support;
mod verbs;
