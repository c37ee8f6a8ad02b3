//! What stands in a part of a page, such as the window of an envelope.

use typst::layout::{Abs, Frame, FrameItem, Point, Size, Transform};
use typst::text::TextItem;
use typst_layout::PagedDocument;

/// A rectangle on a sheet, in millimetres from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// How far ink may reach over an edge, in millimetres: the side of a letter, or less than anyone sees.
const SLACK: f64 = 0.5;

/// How far the ink of a text can be from its line and ends, in times its size: far more than any letter of its fonts.
const REACH: f64 = 3.0;

impl Area {
    /// Whether another one lies within this one, but for a hair.
    pub fn holds(&self, other: &Self) -> bool {
        other.left >= self.left - SLACK
            && other.right <= self.right + SLACK
            && other.top >= self.top - SLACK
            && other.bottom <= self.bottom + SLACK
    }

    /// Whether they overlap, by more than a hair.
    pub fn meets(&self, other: &Self) -> bool {
        other.left < self.right - SLACK
            && other.right > self.left + SLACK
            && other.top < self.bottom - SLACK
            && other.bottom > self.top + SLACK
    }
}

/// Something that can be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Where its ink is.
    pub area: Area,
    /// What it is.
    pub what: Ink,
}

/// The kinds of things that can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ink {
    /// A piece of text.
    Text(String),
    /// A line, a rectangle or a curve.
    Shape,
    /// An image.
    Image,
}

/// What is to be seen of the first page in an area, in the order in which it is drawn.
pub fn seen_in(document: &PagedDocument, area: &Area) -> Vec<Seen> {
    let mut seen = Vec::new();
    if let Some(page) = document.pages().first() {
        look(&page.frame, Transform::identity(), area, &mut seen);
    }
    seen
}

fn look(frame: &Frame, above: Transform, within: &Area, seen: &mut Vec<Seen>) {
    for (position, item) in frame.items() {
        let here = above.pre_concat(Transform::translate(position.x, position.y));
        let mut add = |min: Point, max: Point, what: Ink| {
            let area = area(here, min, max);
            if area.meets(within) {
                seen.push(Seen { area, what });
            }
        };
        match item {
            FrameItem::Group(group) => look(&group.frame, here.pre_concat(group.transform), within, seen),
            FrameItem::Text(text) if !text.text.trim().is_empty() => {
                // Where its ink is takes a look at every letter: most texts are far from the window.
                let (reach, width) = (text.size * REACH, text.width());
                let far = area(here, Point::new(-reach, -reach), Point::new(width + reach, reach));
                if !far.meets(within) {
                    continue;
                }
                let ink = text.bbox();
                add(ink.min, ink.max, Ink::Text(own_text(text).into()));
            }
            FrameItem::Shape(shape, _) if shape.fill.is_some() || shape.stroke.is_some() => {
                let ink = shape.bbox(true);
                add(ink.min, ink.max, Ink::Shape);
            }
            FrameItem::Image(_, Size { x, y }, _) => add(Point::zero(), Point::new(*x, *y), Ink::Image),
            _ => {}
        }
    }
}

/// What the glyphs of a text stand for: a part of it, where a letter is set in pieces.
fn own_text(text: &TextItem) -> &str {
    let start = text.glyphs.iter().map(|glyph| glyph.range().start).min();
    let end = text.glyphs.iter().map(|glyph| glyph.range().end).max();
    let range = start.unwrap_or_default()..end.unwrap_or_default();
    text.text.get(range).unwrap_or(&text.text)
}

/// The upright rectangle around a rectangle that was moved, turned or scaled.
fn area(transform: Transform, min: Point, max: Point) -> Area {
    let corners =
        [min, Point::new(max.x, min.y), max, Point::new(min.x, max.y)].map(|corner| corner.transform(transform));
    let edge = |of: fn(&Point) -> Abs, pick: fn(f64, f64) -> f64| {
        corners.iter().map(|corner| of(corner).to_mm()).reduce(pick).unwrap_or_default()
    };
    Area {
        left: edge(|corner| corner.x, f64::min),
        top: edge(|corner| corner.y, f64::min),
        right: edge(|corner| corner.x, f64::max),
        bottom: edge(|corner| corner.y, f64::max),
    }
}
