//! What the benchmarks share: medians, ratios and how they are printed.

#![allow(dead_code, reason = "each benchmark uses its part")]

pub mod children;
pub mod letterhead;
pub mod peers;

use std::time::Duration;

/// The middle one.
pub fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

/// The middle one of the ratios of each pair.
pub fn ratio(times: impl Iterator<Item = (Duration, Duration)>) -> f64 {
    let mut ratios: Vec<f64> = times.map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// In milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
