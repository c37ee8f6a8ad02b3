//! A page: it may gain the widgets of signatures, which must not hide it.

use super::Comparison;
use super::form::{Fields, list};
use super::walk::{Area, Kept, differing, same};
use crate::error::Finding;
use crate::signature::pdf::limits::LEVELS;
use crate::signature::pdf::{Dict, Id, Object, Value, View};

/// What a page may gain: the tab order is asked for by PDF/UA-1 as soon as there is an annotation (7.18.3).
const PAGE: [&[u8]; 2] = [b"Annots", b"Tabs"];

/// The part of a page that all widgets that were added to it may take together. A visible mark has its place beside the
/// text; one that is larger could be laid over what was signed. A tenth leaves room for three marks of common size.
const PART: f64 = 0.1;

/// A page in both revisions.
pub(super) struct Page<'a> {
    /// Its number, from 1.
    pub number: usize,
    pub old: &'a Dict,
    pub new: &'a Dict,
}

impl<'a> Page<'a> {
    /// Compares them; gives what is worth knowing.
    pub fn compare(
        &self,
        comparison: &Comparison<'a>,
        kept: &mut Kept<'a>,
        fields: &Fields<'a>,
    ) -> Result<Vec<Finding>, Finding> {
        let area = |key: &[u8]| Area::Page(self.number, key.to_vec());
        if let Some(key) = differing(self.old, self.new, &PAGE) {
            return Err(area(key).refusal());
        }
        let tabs = self.old.get(b"Tabs");
        if tabs.is_some_and(|tabs| !self.new.get(b"Tabs").is_some_and(|now| same(tabs, now))) {
            return Err(area(b"Tabs").refusal());
        }
        for (key, value) in self.old.iter().filter(|(key, _)| *key != b"Annots") {
            kept.keep(value, &area(key))?;
        }
        let annotation = || Area::Annotation(self.number).refusal();
        let before = list(comparison.old, self.old.get(b"Annots"));
        let after = list(comparison.new, self.new.get(b"Annots"));
        for item in before {
            kept.keep(item, &Area::Annotation(self.number))?;
        }
        let gained = match after.get(before.len()..) {
            Some(gained) if before.iter().zip(after).all(|(old, new)| same(old, new)) => gained,
            _ => return Err(annotation()),
        };
        let mut widgets = Vec::new();
        for item in gained {
            let id = item.as_reference().filter(|id| fields.widgets.contains(id)).ok_or_else(annotation)?;
            if widgets.contains(&id) {
                return Err(annotation());
            }
            widgets.push(id);
        }
        // One that was empty until now gets an appearance.
        widgets.extend(before.iter().filter_map(Object::as_reference).filter(|id| fields.filled.contains(id)));
        self.hidden(comparison.new, &widgets)
    }

    /// Refuses widgets that lie off the page or take too much of it together.
    fn hidden(&self, view: View<'a>, widgets: &[Id]) -> Result<Vec<Finding>, Finding> {
        let covers = || Finding::error("change-covers").arg("page", self.number);
        let mut visible = Vec::new();
        for id in widgets {
            let dict = view.get(*id).and_then(Value::object).and_then(Object::as_dict).ok_or_else(covers)?;
            let widget = dict.get(b"Subtype").and_then(Object::as_name) == Some(b"Widget");
            let page = dict.get(b"P").is_none_or(|page| self.is(view, page));
            let area = dict.get(b"Rect").and_then(|area| rectangle(view, area)).filter(|_| widget && page);
            let area = area.ok_or_else(covers)?;
            if area.surface() > 0.0 {
                visible.push(area);
            }
        }
        if visible.is_empty() {
            return Ok(Vec::new());
        }
        let page = self.shown(view).ok_or_else(covers)?;
        let taken: f64 = visible.iter().map(Rectangle::surface).sum();
        if !visible.iter().all(|area| page.holds(area)) || taken > page.surface() * PART {
            return Err(covers());
        }
        Ok(vec![Finding::warning("change-visible").arg("page", self.number)])
    }

    fn is(&self, view: View<'a>, page: &Object) -> bool {
        view.dict(page).is_some_and(|dict| std::ptr::eq(dict, self.new))
    }

    /// What is shown of the page: its crop box, or its media box, its own or inherited (7.7.3.3, table 31).
    fn shown(&self, view: View<'a>) -> Option<Rectangle> {
        let inherited = |key: &[u8]| {
            let mut node = self.new;
            for _ in 0..LEVELS {
                if let Some(value) = node.get(key) {
                    return Some(value);
                }
                node = view.dict(node.get(b"Parent")?)?;
            }
            None
        };
        let media = rectangle(view, inherited(b"MediaBox")?)?;
        match inherited(b"CropBox") {
            None => Some(media),
            Some(crop) => Some(rectangle(view, crop)?.within(&media)),
        }
    }
}

/// A rectangle with its lower left corner first, in units of the page.
struct Rectangle {
    left: f64,
    bottom: f64,
    right: f64,
    top: f64,
}

impl Rectangle {
    fn surface(&self) -> f64 {
        (self.right - self.left).max(0.0) * (self.top - self.bottom).max(0.0)
    }

    fn holds(&self, other: &Self) -> bool {
        // Programs round what they write to a hundredth.
        const SLACK: f64 = 0.01;
        other.left >= self.left - SLACK
            && other.bottom >= self.bottom - SLACK
            && other.right <= self.right + SLACK
            && other.top <= self.top + SLACK
    }

    fn within(self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        }
    }
}

/// Four numbers, of two opposite corners (7.9.5).
fn rectangle(view: View, value: &Object) -> Option<Rectangle> {
    let numbers: Option<Vec<f64>> =
        view.resolve(value).as_array()?.iter().map(|item| view.resolve(item).as_number()).collect();
    let &[x, y, other_x, other_y] = numbers?.as_slice() else { return None };
    if ![x, y, other_x, other_y].iter().all(|number| number.is_finite()) {
        return None;
    }
    Some(Rectangle { left: x.min(other_x), bottom: y.min(other_y), right: x.max(other_x), top: y.max(other_y) })
}
