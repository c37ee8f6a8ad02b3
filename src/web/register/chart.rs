//! How long answers took, as bars by weeks: drawn here, with the same numbers in a table beside it.

use maud::{Markup, html};

use super::super::visit::Visit;
use crate::register::reports::year::{Overview, Week};

/// Answers that took so many weeks or more stand together.
const MOST: usize = 52;

/// The size of the drawing and its margins, in its own units.
const WIDTH: usize = 640;
const HEIGHT: usize = 240;
const LEFT: usize = 34;
const RIGHT: usize = 10;
const TOP: usize = 26;
const BOTTOM: usize = 40;

/// Terms that are marked: more would hide the bars.
const TERMS: usize = 3;

/// Where things are in the drawing.
struct Scale {
    weeks: usize,
    highest: usize,
}

impl Scale {
    fn of(weeks: &[Week], terms: &[i64]) -> Self {
        let highest = weeks.iter().map(|week| week.in_time + week.late).max().unwrap_or_default();
        let last = terms.iter().map(|days| usize::try_from(days.div_euclid(7)).unwrap_or_default() + 1).max();
        Self { weeks: weeks.len().max(last.unwrap_or_default()).clamp(4, MOST + 1), highest: highest.max(2) }
    }

    /// The place of a number of tenths of weeks, from the left.
    fn x(&self, tenths: usize) -> usize {
        LEFT + (WIDTH - LEFT - RIGHT) * tenths.min(self.weeks * 10) / (self.weeks * 10)
    }

    /// The height of a number of answers.
    fn high(&self, count: usize) -> usize {
        (HEIGHT - TOP - BOTTOM) * count / self.highest
    }

    /// Every so many there is a line or a number, so that there are at most `most` of them.
    fn step(total: usize, most: usize) -> usize {
        [1, 2, 4, 5, 10, 20, 50, 100, 200, 500, 1_000].into_iter().find(|step| total / step <= most).unwrap_or(5_000)
    }
}

/// The answer times of a year; nothing where nothing was answered.
pub(super) fn chart(visit: &Visit, overview: &Overview) -> Markup {
    let weeks = overview.weeks(MOST);
    if weeks.is_empty() {
        return html! {};
    }
    let terms: Vec<i64> = overview.terms().into_iter().filter(|days| *days > 0).collect();
    html! {
        section.answer-times aria-labelledby="times" {
            h2 #times { (visit.say("web-register-times")) }
            div.beside {
                (drawing(visit, &weeks, &terms))
                (table(visit, &weeks))
            }
        }
    }
}

fn drawing(visit: &Visit, weeks: &[Week], terms: &[i64]) -> Markup {
    let scale = Scale::of(weeks, terms);
    let floor = HEIGHT - BOTTOM;
    let lines = (0..=scale.highest).step_by(Scale::step(scale.highest, 6));
    let labels = (1..=scale.weeks).step_by(Scale::step(scale.weeks, 14));
    html! {
        svg.chart xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img"
            aria-labelledby="chart-title chart-desc" {
            title id="chart-title" { (visit.say("web-register-times")) }
            desc id="chart-desc" { (visit.say("web-register-times-desc")) }
            @for count in lines {
                @let y = floor - scale.high(count);
                line class="grid-line" x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) {}
                text x=(LEFT - 6) y=(y + 4) text-anchor="end" { (count) }
            }
            @for (at, week) in weeks.iter().enumerate() {
                @let x = scale.x(at * 10 + 1);
                @let width = scale.x(at * 10 + 9).saturating_sub(x).max(2);
                @let (in_time, late) = (scale.high(week.in_time), scale.high(week.late));
                @if week.in_time > 0 {
                    rect class="in-time" x=(x) y=(floor - in_time) width=(width) height=(in_time) {}
                }
                @if week.late > 0 {
                    rect class="past-term" x=(x) y=(floor - in_time - late) width=(width) height=(late) {}
                }
            }
            @for week in labels {
                text x=(scale.x(week * 10 - 5)) y=(floor + 16) text-anchor="middle" { (week_words(week)) }
            }
            text x=((LEFT + WIDTH - RIGHT) / 2) y=(HEIGHT - 6) text-anchor="middle" { (visit.say("web-register-weeks")) }
            line class="axis" x1=(LEFT) x2=(WIDTH - RIGHT) y1=(floor) y2=(floor) {}
            @for days in terms.iter().take(TERMS) {
                @let x = scale.x(usize::try_from(*days).unwrap_or_default().saturating_mul(10) / 7);
                line class="term-line" x1=(x) x2=(x) y1=(TOP) y2=(floor) stroke-dasharray="6 4" {}
                @let words = visit.text("web-register-term-mark", &[("days", &super::days(visit, *days))]);
                // A mark in the right half has its words on its left.
                @let end = x > WIDTH / 2;
                text class="term-words" x=(if end { x - 5 } else { x + 5 }) y=(TOP - 8)
                    text-anchor=(if end { "end" } else { "start" }) { (words) }
            }
        }
    }
}

fn week_words(week: usize) -> String {
    if week > MOST { format!("{week}+") } else { week.to_string() }
}

fn table(visit: &Visit, weeks: &[Week]) -> Markup {
    let filled = weeks.iter().enumerate().filter(|(_, week)| week.in_time + week.late > 0);
    html! {
        table.report.small {
            caption { (visit.say("web-register-times-caption")) }
            thead {
                tr {
                    th scope="col" { (visit.say("web-register-week")) }
                    th.number scope="col" { span.key.in-time aria-hidden="true" {} (visit.say("web-register-in-time")) }
                    th.number scope="col" { span.key.past-term aria-hidden="true" {} (visit.say("web-register-past-term")) }
                }
            }
            tbody {
                @for (at, week) in filled {
                    tr {
                        th scope="row" { (week_words(at + 1)) }
                        td.number { (week.in_time) }
                        td.number { (week.late) }
                    }
                }
            }
        }
    }
}
