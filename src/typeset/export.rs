//! A laid-out letter as PDF, PNG or SVG.

use std::path::Path;

use typst::foundations::Smart;
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::error::{Error, Finding};

/// The pixels per point of a PNG: 144 dots an inch.
const PIXELS_PER_POINT: f64 = 2.0;

/// What a PDF is made to conform to, and how it is identified.
pub struct PdfSettings {
    standards: PdfStandards,
    ident: String,
}

impl PdfSettings {
    /// Settings for these standards; `ident` is what tells this letter from any other, and goes into the PDF's `/ID`.
    ///
    /// # Errors
    /// When a standard is unknown or the standards exclude each other.
    pub fn new(standards: &[String], ident: String) -> Result<Self, Finding> {
        let list: Result<Vec<PdfStandard>, Finding> = standards
            .iter()
            .map(|name| {
                serde_json::from_value(name.as_str().into())
                    .map_err(|_| Finding::error("pdf-standard").key("pdf.standaard").arg("message", name))
            })
            .collect();
        let standards = PdfStandards::new(&list?)
            .map_err(|error| Finding::error("pdf-standard").key("pdf.standaard").arg("message", error.message()))?;
        Ok(Self { standards, ident })
    }
}

/// The PDF of a letter. It ends in a line feed, so that a signature can be appended on a line of its own.
///
/// # Errors
/// What keeps it from conforming to the standards asked for.
pub fn pdf(document: &PagedDocument, settings: &PdfSettings) -> typst::diag::SourceResult<Vec<u8>> {
    let options = PdfOptions {
        ident: Smart::Custom(settings.ident.clone()),
        creator: Smart::Custom(Some(format!("postkamer {}", env!("CARGO_PKG_VERSION")))),
        standards: settings.standards.clone(),
        ..PdfOptions::default()
    };
    let mut bytes = typst_pdf::pdf(document, &options)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The PDF of a page that becomes part of another PDF: untagged, and with nothing that PDF/A-2 forbids.
///
/// # Errors
/// What Typst can't export so.
pub fn part(document: &PagedDocument) -> typst::diag::SourceResult<Vec<u8>> {
    let options = PdfOptions {
        ident: Smart::Custom(String::new()),
        // PDF/A-2b asks for fonts in the file and colours that mean the same everywhere.
        standards: PdfStandards::new(&[PdfStandard::A_2b]).unwrap_or_default(),
        tagged: false,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options)
}

/// Every page as a PNG.
///
/// # Errors
/// [`Error::Outside`] when one can't be made: those after it would be taken for other pages.
pub fn png(document: &PagedDocument) -> Result<Vec<Vec<u8>>, Error> {
    let options =
        typst_render::RenderOptions { pixel_per_pt: PIXELS_PER_POINT.into(), ..typst_render::RenderOptions::default() };
    let encoded = |(number, page): (usize, &Page)| {
        let failed = |cause| Error::io("png", Path::new(&number.to_string()), cause);
        typst_render::render(page, &options).encode_png().map_err(failed)
    };
    (1..).zip(document.pages()).map(encoded).collect()
}

/// Every page as an SVG.
pub fn svg(document: &PagedDocument) -> Vec<Vec<u8>> {
    document.pages().iter().map(|page| svg_page(page).into_bytes()).collect()
}

/// A page as an SVG.
pub fn svg_page(page: &Page) -> String {
    typst_svg::svg(page, &typst_svg::SvgOptions::default())
}
