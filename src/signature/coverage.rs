//! What a signature covers: all of its revision but its own value (ISO 32000-2, 12.8.1).

use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

use super::crypto::asn1::Nodes;
use super::crypto::cms;
use super::pdf::{Document, SignatureField};
use crate::error::Finding;

/// The two pieces of the file that a signature covers. They begin with the file, end with the revision that the signature
/// came with, and leave out the value of `/Contents` with its angle brackets and nothing else.
///
/// # Errors
/// `signature-range` when it is otherwise.
pub fn pieces<'a>(document: &Document<'a>, field: &SignatureField) -> Result<[&'a [u8]; 2], Finding> {
    let wrong = || Finding::error("signature-range");
    let [start, length, rest, rest_length] = field.byte_range.map(|number| usize::try_from(number).ok());
    let (start, length) = (start.ok_or_else(wrong)?, length.ok_or_else(wrong)?);
    let (rest, rest_length) = (rest.ok_or_else(wrong)?, rest_length.ok_or_else(wrong)?);
    let end = rest.checked_add(rest_length).ok_or_else(wrong)?;
    let revision = document.revisions().get(field.revision).ok_or_else(wrong)?;
    let bytes = document.bytes();
    // The end of the line after `%%EOF` may have come with the next revision.
    let tail = bytes.get(end..revision.bytes.end).ok_or_else(wrong)?;
    let is_whole = start == 0
        && length == field.contents.start
        && rest == field.contents.end
        && tail.len() <= 2
        && tail.iter().all(|byte| matches!(byte, b'\r' | b'\n'));
    match (is_whole, bytes.get(..length), bytes.get(rest..end)) {
        (true, Some(first), Some(second)) => Ok([first, second]),
        _ => Err(wrong()),
    }
}

/// The signature in `/Contents`: one value in DER, and zeros up to the end of the space that was kept for it.
///
/// # Errors
/// `signature-contents` when there is anything else, `cms-too-large`.
pub fn contents(bytes: &[u8], range: Range<usize>) -> Result<Vec<u8>, Finding> {
    let wrong = || Finding::error("signature-contents");
    let token = bytes.get(range).and_then(|token| token.strip_prefix(b"<")?.strip_suffix(b">")).ok_or_else(wrong)?;
    let (pairs, left) = token.as_chunks::<2>();
    if !left.is_empty() {
        return Err(wrong());
    }
    // Room that was kept and not used counts as well: nobody keeps this much.
    if pairs.len() > 2 * cms::MAX_BYTES {
        return Err(Finding::error("cms-too-large"));
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let decode = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    let mut value = pairs.iter().map(decode).collect::<Option<Vec<u8>>>().ok_or_else(wrong)?;
    let length = Nodes::new(&value, "ContentInfo").any().map_err(|_| wrong())?.whole.len();
    if value.iter().skip(length).any(|byte| *byte != 0) {
        return Err(wrong());
    }
    value.truncate(length);
    Ok(value)
}

/// A date as PDF writes it (ISO 32000-2, 7.9.4), such as `D:20230221120000+01'00'`; none when it is none. Without an offset
/// it is read as UTC.
pub fn date(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix("D:")?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count().min(14);
    let (digits, offset) = text.split_at_checked(digits)?;
    let part = |range: Range<usize>, default: u32| match digits.get(range) {
        Some(digits) => digits.parse().ok(),
        None => Some(default),
    };
    let day = NaiveDate::from_ymd_opt(digits.get(..4)?.parse().ok()?, part(4..6, 1)?, part(6..8, 1)?)?;
    let local = day.and_hms_opt(part(8..10, 0)?, part(10..12, 0)?, part(12..14, 0)?)?;
    let hours_minutes = |text: &str| -> Option<i32> {
        let (hours, minutes) = text.split_once('\'').unwrap_or((text, "0"));
        let minutes = minutes.strip_suffix('\'').unwrap_or(minutes);
        let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
        hours.parse::<i32>().ok()?.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)
    };
    let seconds = match offset.split_at_checked(1) {
        Some(("+", rest)) => hours_minutes(rest)?,
        Some(("-", rest)) => -hours_minutes(rest)?,
        _ => 0,
    };
    Some(local.and_local_timezone(FixedOffset::east_opt(seconds)?).single()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_one_value_and_zeros() {
        let read = |text: &str| contents(text.as_bytes(), 0..text.len()).map_err(|finding| finding.code);
        assert_eq!(read("<0401AA0000>"), Ok(vec![4, 1, 0xaa]));
        assert_eq!(read("<0401aa>"), Ok(vec![4, 1, 0xaa]));
        for wrong in ["<>", "<0401AA0001>", "<0401 AA00>", "<0401AA0>", "(0401AA)", "<0402AA>", "<0401AG>", "<000000>"]
        {
            assert_eq!(read(wrong), Err("signature-contents"), "{wrong}");
        }
        assert_eq!(contents(b"<0401AA>", 4..90), Err(Finding::error("signature-contents")));
    }

    #[test]
    fn dates_are_read_as_pdf_writes_them() {
        let read = |text: &str| date(text.as_bytes()).map(|time| time.to_rfc3339());
        assert_eq!(read("D:20230221120000+01'00'").as_deref(), Some("2023-02-21T11:00:00+00:00"));
        assert_eq!(read("D:20230221120000-01'30").as_deref(), Some("2023-02-21T13:30:00+00:00"));
        assert_eq!(read("D:20230221120000Z").as_deref(), Some("2023-02-21T12:00:00+00:00"));
        assert_eq!(read("D:2023").as_deref(), Some("2023-01-01T00:00:00+00:00"));
        for wrong in
            ["", "20230221", "D:20231321", "D:20230221120000+99'00'", "D:20230221120000+99999999999'00'", "D:é"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
