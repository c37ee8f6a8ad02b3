//! One integration binary, one module per feature.

mod house;
mod json_schema;
mod mistakes;
mod render;
mod scaffold;
mod snapshots;
mod support;
mod templates;
mod verbs;
mod watch;
