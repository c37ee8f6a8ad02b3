//! The window of the envelope: the address is in it, and nothing else.

use std::collections::HashMap;

use crate::error::Finding;
use crate::template::manifest::{Window, millimetres};
use crate::typeset::window::{Area, Ink, Seen};

/// How much of what else is seen a finding shows, in characters.
const MAX_SHOWN: usize = 60;

/// Where a window is on the sheet; none when its lengths are none.
pub(super) fn area(window: &Window) -> Option<Area> {
    let (left, middle) = (millimetres(&window.links)?, millimetres(&window.midden)?);
    let (width, height) = (millimetres(&window.breedte)?, millimetres(&window.hoogte)?);
    Some(Area { left, top: middle - height / 2.0, right: left + width, bottom: middle + height / 2.0 })
}

/// Holds what is seen in a window against the lines of the address; `has_code` says whether there is a KIX code below it.
///
/// Lines break and words are set in pieces, so the letters are counted: one too few is an address that isn't whole, one too
/// many something else.
pub(super) fn check(window: &Area, seen: &[Seen], address: &[String], has_code: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut wanted: HashMap<char, isize> = HashMap::new();
    letters(address.iter().map(String::as_str)).for_each(|letter| *wanted.entry(letter).or_default() += 1);
    let (whole, cut): (Vec<&Seen>, Vec<&Seen>) = seen.iter().partition(|seen| window.holds(&seen.area));
    letters(whole.iter().copied().filter_map(text)).for_each(|letter| *wanted.entry(letter).or_default() -= 1);
    let shapes = whole.iter().filter(|seen| seen.what == Ink::Shape).count();
    let lacks_code = has_code && shapes == 0;
    if wanted.values().any(|count| *count > 0) || lacks_code {
        findings.push(Finding::error("mail-window-address").key("ontvanger"));
    }
    let is_address = |text: &str| {
        let plain: String = letters([text].into_iter()).collect();
        address.iter().any(|line| letters([line.as_str()].into_iter()).collect::<String>().contains(&plain))
    };
    let is_other = wanted.values().any(|count| *count < 0);
    let other_text = |seen: &&&Seen| text(seen).is_some_and(|text| !is_address(text));
    let mut others: Vec<String> = whole
        .iter()
        .filter(|_| is_other)
        .chain(&cut)
        .filter(other_text)
        .filter_map(|seen| text(seen))
        .map(String::from)
        .collect();
    if is_other && others.is_empty() {
        // A part of the address that stands there twice.
        others.extend(whole.iter().filter_map(|seen| text(seen)).map(String::from));
    }
    if !others.is_empty() {
        let mut shown = others.join(" ");
        if shown.chars().count() > MAX_SHOWN {
            shown = shown.chars().take(MAX_SHOWN).chain(['…']).collect();
        }
        findings.push(Finding::error("mail-window-other").arg("value", shown));
    }
    let drawn = seen.iter().filter(|seen| text(seen).is_none()).count();
    if drawn > usize::from(has_code) {
        findings.push(Finding::error("mail-window-drawn"));
    }
    findings
}

fn text(seen: &Seen) -> Option<&str> {
    if let Ink::Text(text) = &seen.what { Some(text) } else { None }
}

fn letters<'a>(texts: impl Iterator<Item = &'a str>) -> impl Iterator<Item = char> {
    texts.flat_map(str::chars).filter(|letter| !letter.is_whitespace())
}
