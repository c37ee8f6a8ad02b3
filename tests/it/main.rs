//! One integration binary, one module per feature.

mod support;
mod verbs;
