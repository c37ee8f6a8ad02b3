//! Levels of headings: the first is 1, and none is skipped on the way down, as PDF/UA asks.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag};

use super::events::Node;
use super::report;
use crate::error::Finding;
use crate::markup::MarkupFinding;

/// The level in Typst of every heading, by the index of its node.
///
/// Bodies that begin at `##` throughout are shifted. After a finding the levels are still sound, so that what is
/// typeset in spite of it shows no second fault.
pub(super) fn levels(nodes: &[Node], findings: &mut Vec<MarkupFinding>) -> HashMap<usize, usize> {
    let headings: Vec<_> = nodes
        .iter()
        .enumerate()
        .filter_map(|(index, node)| match &node.event {
            Event::Start(Tag::Heading { level, .. }) => Some((index, *level as usize, &node.range)),
            _ => None,
        })
        .collect();
    let Some(top) = headings.iter().map(|&(_, level, _)| level).min() else { return HashMap::new() };

    let mut sound = HashMap::new();
    let (mut written, mut shown) = (top - 1, 0);
    for (index, level, range) in headings {
        if level > written + 1 {
            let finding = Finding::error("heading-skips-level").arg("level", level).arg("expected", written + 1);
            report(findings, finding, range);
        }
        written = level;
        shown = (level + 1 - top).min(shown + 1);
        sound.insert(index, shown);
    }
    sound
}
