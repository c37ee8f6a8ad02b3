//! A bar on the terminal for work that takes a while; nothing where there is none.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::context::Context;

/// How the bar looks: how far, how many, how fast, how long still.
const STYLE: &str = "{bar:30} {pos}/{len}  {per_sec}  {eta}";

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

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

/// Lines where there is no terminal for a bar: for a log, or a program that reads them.
pub(super) struct Lines<'a> {
    context: &'a Context,
    is_wanted: bool,
    /// When the work began, how much was done then, and when the last line was written.
    since: Cell<Option<(Instant, u64, Instant)>>,
}

impl<'a> Lines<'a> {
    pub fn new(context: &'a Context) -> Self {
        let is_wanted = !context.quiet() && !context.json() && !std::io::stderr().is_terminal();
        Self { context, is_wanted, since: Cell::default() }
    }

    pub fn at(&self, done: u64, all: u64) {
        let now = Instant::now();
        let (start, before, last) = self.since.get().unwrap_or((now, done, now));
        let is_due = now - last >= EVERY;
        self.since.set(Some((start, before, if is_due { now } else { last })));
        if !is_due || !self.is_wanted {
            return;
        }
        let rate = (done - before.min(done)) as f64 / (now - start).as_secs_f64();
        let left = if rate > 0.0 { ((all - done.min(all)) as f64 / rate).ceil() } else { 0.0 };
        let count = |number: u64| number.to_string();
        let args = [
            ("done", count(done)),
            ("all", count(all)),
            ("rate", format!("{rate:.0}")),
            ("left", format!("{left:.0}")),
        ];
        self.context.say("mail-progress", &args.each_ref().map(|(name, value)| (*name, value.as_str())));
    }
}
