//! Typst: a filled letter is laid out and exported.

mod compile;
pub mod diagnostics;
pub mod export;
pub mod fonts;
mod glyphs;
pub mod places;
mod tables;
pub mod window;
pub mod world;

use chrono::{Datelike, NaiveDate};
use ecow::{EcoString, EcoVec};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;

use crate::contract::characters::character_finding;
use crate::error::{Error, Finding, Findings, Result};
use crate::template::splice::Assembled;
use world::{Press, Sheet};

/// The path of a text of the program's own; no file of a user is called so.
const OWN: &str = "/.postkamer/eigen.typ";

/// What the finished document says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// Title.
    pub title: String,
    /// Author: the sending organisation.
    pub author: String,
    /// The day of the letter.
    pub day: NaiveDate,
    /// Keywords: the numbers by which the letter is known.
    pub keywords: Vec<String>,
}

/// Lays a letter out. Warnings go to `findings`.
///
/// The metadata are set on the finished document, not in Typst: a `set document` with a value of this letter would become
/// part of every paragraph's style chain, and none would be found in the cache for the next letter.
///
/// # Errors
/// [`Error::Refused`] with Typst's errors, led back to the user's files, tables that are too wide, and characters that can't
/// be set.
pub fn lay_out(
    sheet: &Sheet,
    assembled: &Assembled,
    metadata: &Metadata,
    findings: &mut Findings,
) -> Result<PagedDocument> {
    let compiled = compile::compile(sheet, sheet.press().last_letter().as_deref());
    findings.extend(diagnostics::findings(sheet, assembled, &compiled.warnings));
    let document = compiled.output.map_err(|errors| refused(sheet, assembled, &errors))?;
    sheet.press().remember(document.introspector());
    let too_wide = tables::too_wide(sheet, assembled, &document);
    if !too_wide.is_empty() {
        return Err(Error::Refused(too_wide));
    }
    let mut document =
        if glyphs::are_ordinary(&document) { document } else { with_own_glyphs(sheet, assembled, document)? };
    let info = document.info_mut();
    info.title = Some(metadata.title.as_str().into());
    info.author = vec![EcoString::from(metadata.author.as_str())];
    info.keywords = metadata.keywords.iter().map(EcoString::from).collect();
    let day = metadata.day;
    let date = Datetime::from_ymd(day.year(), day.month() as u8, day.day() as u8);
    info.date = Smart::Custom(date);
    Ok(document)
}

/// Lays out a text of the program's own, such as what is to be seen of a signature; the day stands in its metadata.
///
/// # Errors
/// [`Error::Refused`] with what Typst refuses.
pub fn lay_out_own(press: &Press, text: String, day: NaiveDate) -> Result<PagedDocument> {
    let assembled = Assembled::plain(text);
    let sheet = Sheet::new(press, OWN, &assembled);
    let mut document = compile::compile(&sheet, None).output.map_err(|errors| refused(&sheet, &assembled, &errors))?;
    document.info_mut().date = Smart::Custom(Datetime::from_ymd(day.year(), day.month() as u8, day.day() as u8));
    Ok(document)
}

/// The document with every glyph standing for the text that is its own, and for every character a glyph.
fn with_own_glyphs(sheet: &Sheet, assembled: &Assembled, document: PagedDocument) -> Result<PagedDocument> {
    let place = |span| diagnostics::place(sheet, assembled, span);
    let mut missing = Findings::default();
    missing.extend(
        glyphs::missing(&document)
            .into_iter()
            .map(|(character, span)| character_finding("character-without-font", character).at(place(span))),
    );
    if !missing.0.is_empty() {
        return Err(Error::Refused(missing.0));
    }
    Ok(glyphs::divide(document).map_err(|(letter, span)| doubled_finding(&letter).at(place(span)))?)
}

fn doubled_finding(letter: &str) -> Finding {
    let points: Vec<String> = letter.chars().map(|character| format!("U+{:04X}", character as u32)).collect();
    Finding::error("character-doubled").arg("point", points.join(" ")).arg("character", letter)
}

/// Errors of Typst or of the PDF export as a refusal.
pub fn refused(sheet: &Sheet, assembled: &Assembled, errors: &EcoVec<SourceDiagnostic>) -> Error {
    let mut unique = Findings::default();
    unique.extend(diagnostics::findings(sheet, assembled, errors));
    Error::Refused(unique.0)
}

/// Frees what Typst's caches hold and no letter used since this was called last: once every few dozen letters is enough.
pub fn evict() {
    comemo::evict(1);
}
