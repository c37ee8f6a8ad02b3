//! One integration binary, one module per feature.

mod conformance;
mod layout;
mod outside;
mod paper;
mod same_bytes;
mod splice;
mod support;
mod text_is_text;
mod text_values;
mod verbs;
