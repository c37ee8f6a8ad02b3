//! A bar on the terminal for work that takes a while; nothing where there is none.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::context::Context;

/// How the bar looks: how far, how many, how fast, how long still.
const STYLE: &str = "{bar:30} {pos}/{len}  {per_sec}  {eta}";

/// A progress bar.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub fn new(context: &Context) -> Self {
        let quiet = context.quiet() || context.json();
        // Standard error, and only where that is a terminal.
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::with_draw_target(Some(0), target).with_style(style))
    }

    pub fn at(&self, done: u64, all: u64) {
        self.0.set_length(all);
        self.0.set_position(done);
    }

    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}
