//! What is to be seen of a signature: the signatory's name and the day, in the letter's language and font.

use chrono::{DateTime, Utc};

use super::Appearance;
use crate::error::{Error, Finding, Result};
use crate::letter::words::Language;
use crate::markup::escape::typst_string;
use crate::typeset::places::SignaturePlace;
use crate::typeset::world::Press;
use crate::typeset::{self, export};
use crate::zone;

/// The largest size of the text, in points.
const SIZE: f64 = 9.0;
/// The space that is left free below it, in points.
const GAP: f64 = 4.0;
/// The most characters of a name that are shown.
const MAX_NAME: usize = 120;

/// Makes what is to be seen in a place of a letter, for the day in the Netherlands at the moment of signing.
///
/// `name` is that of the certificate, which is who signs, whatever the letter says.
///
/// # Errors
/// [`Error::Refused`] when it can't be set, such as in a place without room.
pub fn appearance(
    press: &Press,
    place: &SignaturePlace,
    name: &str,
    moment: DateTime<Utc>,
    language: Language,
) -> Result<Appearance> {
    let unfit = || Error::from(Finding::error("sign-appearance"));
    let [left, bottom, right, top] = place.rect;
    let (width, height) = (right - left, top - bottom);
    if !(width.is_finite() && height.is_finite() && width >= 20.0 && height >= 2.0 * SIZE + GAP) {
        return Err(unfit());
    }
    let day = zone::day(&moment);
    let signed = match language {
        Language::Nl => "Digitaal ondertekend op",
        Language::En => "Digitally signed on",
        Language::De => "Digital signiert am",
    };
    // A certificate may hold what the letter's fonts can't show.
    let name = name.chars().take(MAX_NAME);
    let name: String = name.map(|letter| if press.fonts().refused(letter).is_some() { '?' } else { letter }).collect();
    let fonts: String = place.fonts.iter().map(|font| typst_string(font) + ",").collect();
    let source = format!(
        "#set page(width: {width:.3}pt, height: {height:.3}pt, margin: 0pt, fill: none)\n\
         #set text(font: ({fonts}), size: {SIZE}pt, fill: rgb({}), lang: {}, hyphenate: false)\n\
         #set par(leading: 0.45em)\n\
         #place(bottom + left, dy: -{GAP}pt, block(width: 100%, {{ {}; linebreak(); {} }}))\n",
        typst_string(&place.ink),
        typst_string(language.code()),
        typst_string(&name),
        typst_string(&format!("{signed} {}", language.long_date(day))),
    );
    let document = typeset::lay_out_own(press, source, day)?;
    let pdf = export::part(&document).map_err(|_| unfit())?;
    Ok(Appearance { page: place.page, rect: place.rect, pdf })
}
