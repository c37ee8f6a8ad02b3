//! Tables whose columns run into each other, however small they are set.

use typst::foundations::{Content, Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use super::diagnostics;
use super::world::Sheet;
use crate::error::Finding;
use crate::template::splice::Assembled;

/// The label by which the letterheads mark such a table, see `templates/gedeeld/tabel.typ`.
const LABEL: &str = "postkamer-tabel-te-breed";

/// A finding for each table that the letterhead marked, at its header.
pub fn too_wide(sheet: &Sheet, assembled: &Assembled, document: &PagedDocument) -> Vec<Finding> {
    let Some(label) = Label::new(PicoStr::intern(LABEL)) else { return Vec::new() };
    let marks = document.introspector().query(&Selector::Label(label));
    let finding = |mark: &Content| {
        let place = match mark.to_packed::<MetadataElem>().map(|mark| &mark.value) {
            Some(Value::Content(header)) => diagnostics::place(sheet, assembled, header.span()),
            _ => None,
        };
        Finding::error("table-too-wide").at(place)
    };
    marks.iter().map(finding).collect()
}
