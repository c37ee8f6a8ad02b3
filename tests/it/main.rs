//! One integration binary, one module per feature.

mod conformance;
mod database;
mod exchange;
mod filled;
mod house;
mod issue;
mod json_schema;
mod layout;
mod mistakes;
mod outside;
mod paper;
mod readme;
mod register_changes;
mod render;
mod reports;
mod same_bytes;
mod scaffold;
mod snapshots;
mod splice;
mod support;
mod templates;
mod text_is_text;
mod text_values;
mod verbs;
mod verify;
mod watch;
