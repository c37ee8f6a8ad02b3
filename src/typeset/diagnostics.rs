//! Typst's own diagnostics as findings in the user's files.

use std::ops::Range;

use typst::diag::{Severity, SourceDiagnostic};
use typst::syntax::{DiagSpan, FileId};
use typst::{World, WorldExt};

use super::world::Sheet;
use crate::error::Finding;
use crate::markup::escape::typst_string;
use crate::source::Place;
use crate::template::splice::Assembled;

/// A finding for each diagnostic; places in generated text lead back to the letter or the template.
pub fn findings<'a>(
    sheet: &Sheet,
    assembled: &Assembled,
    diagnostics: impl IntoIterator<Item = &'a SourceDiagnostic>,
) -> Vec<Finding> {
    diagnostics.into_iter().map(|diagnostic| finding(sheet, assembled, diagnostic)).collect()
}

fn finding(sheet: &Sheet, assembled: &Assembled, diagnostic: &SourceDiagnostic) -> Finding {
    let finding = match diagnostic.severity {
        Severity::Error => Finding::error("typst"),
        Severity::Warning => Finding::warning("typst"),
    };
    let hints: Vec<&str> = diagnostic.hints.iter().map(|hint| hint.v.as_str()).collect();
    // What went wrong inside the shipped letterhead was called from a file of the user: show what they can change.
    let spans = std::iter::once(diagnostic.span).chain(diagnostic.trace.iter().map(|point| DiagSpan::from(point.span)));
    let places: Vec<Place> = spans.filter_map(|span| place(sheet, assembled, span)).collect();
    let letter = places.iter().find(|place| place.file.path().extension().is_some_and(|ext| ext == "md"));
    let own = places.iter().find(|place| sheet.press().is_own(place.file.path()));
    let best = letter.or(own).or(places.first()).cloned();
    finding.arg("message", &diagnostic.message).arg("hints", hints.join("; ")).at(best)
}

/// The place in a user's file that a Typst span leads back to.
pub fn place(sheet: &Sheet, assembled: &Assembled, span: impl Into<DiagSpan>) -> Option<Place> {
    let span = span.into();
    let range = sheet.range(span)?;
    located(sheet, assembled, span.id()?, range)
}

fn located(sheet: &Sheet, assembled: &Assembled, id: FileId, range: Range<usize>) -> Option<Place> {
    if id == sheet.main() {
        return assembled.place(range);
    }
    if id == sheet.body_id() {
        return assembled.body_file_place(range);
    }
    // An image that can't be read is shown where it is named.
    if !sheet.press().is_template(id) {
        let named = typst_string(&format!("/{}", id.get().vpath().get_without_slash()));
        if let Some(place) = assembled.place_in_body(&named) {
            return Some(place);
        }
    }
    Some(sheet.press().source_file(id)?.place(range))
}
