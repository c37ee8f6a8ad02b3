//! Where in a laid-out letter a digital signature is to be seen.

use typst::foundations::{Dict, Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

/// The label by which the letterheads mark the places, see `templates/gedeeld/slot.typ`.
const LABEL: &str = "postkamer-handtekening";

/// Room for a signature that is to be seen, above the name of its signatory.
#[derive(Debug, Clone, PartialEq)]
pub struct SignaturePlace {
    /// The signatory's name, as the letter has it.
    pub name: String,
    /// The page, from 0.
    pub page: usize,
    /// Left, bottom, right and top, in points from the lower left corner of the page, as PDF has them.
    pub rect: [f64; 4],
    /// The letter's fonts, the best first.
    pub fonts: Vec<String>,
    /// The colour of its ink, `#rrggbb`.
    pub ink: String,
}

/// The places of a letter, in the order of its signatories; none unless its template asks for visible signatures.
pub fn signature_places(document: &PagedDocument) -> Vec<SignaturePlace> {
    let Some(label) = Label::new(PicoStr::intern(LABEL)) else { return Vec::new() };
    let introspector = document.introspector();
    let marks = introspector.query(&Selector::Label(label));
    let places = marks.iter().filter_map(|mark| {
        let position = introspector.position(mark.location()?)?;
        let page = position.page.get() - 1;
        let height = document.pages().get(page)?.frame.height().to_pt();
        let Value::Dict(told) = &mark.to_packed::<MetadataElem>()?.value else { return None };
        let (left, top) = (position.point.x.to_pt(), height - position.point.y.to_pt());
        let rect = [left, top - number(told, "hoogte")?, left + number(told, "breedte")?, top];
        let fonts = match told.get("lettertype").ok()? {
            Value::Array(fonts) => fonts.iter().filter_map(text).collect(),
            font => text(font).into_iter().collect(),
        };
        let name = told.get("naam").ok().and_then(text)?;
        Some(SignaturePlace { name, page, rect, fonts, ink: told.get("inkt").ok().and_then(text)? })
    });
    places.collect()
}

fn number(told: &Dict, key: &str) -> Option<f64> {
    match told.get(key).ok()? {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    if let Value::Str(text) = value { Some(text.to_string()) } else { None }
}
