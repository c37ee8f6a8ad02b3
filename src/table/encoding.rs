//! Bytes of a text file to text, in the encodings in which office programs in the Netherlands save CSV.

use std::path::Path;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{Finding, Result};

/// Bytes that Windows-1252 gives no character.
const UNUSED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// The text of a file: UTF-8 with or without byte order mark, UTF-16 with one, or else Windows-1252.
///
/// # Errors
/// [`Error::Refused`](crate::error::Error::Refused) when the bytes are in none of these, or no text at all. A file that
/// holds proper UTF-8 before the first byte that isn't is damaged UTF-8: read as Windows-1252, its names would come out
/// garbled.
pub(super) fn decode(bytes: Vec<u8>, shown: &Path) -> Result<String> {
    let text = match Encoding::for_bom(&bytes) {
        Some((utf16, _)) if utf16 == UTF_16LE || utf16 == UTF_16BE => {
            let (text, has_errors) = utf16.decode_with_bom_removal(&bytes);
            if has_errors {
                let at = text.find('\u{fffd}').unwrap_or(text.len());
                return Err(undecodable(shown, &text.as_bytes()[..at]));
            }
            text.into_owned()
        }
        bom => {
            let is_marked = bom.is_some();
            String::from_utf8(bytes)
                .or_else(|error| windows_1252(error.as_bytes(), error.utf8_error().valid_up_to(), is_marked, shown))?
        }
    };
    if text.contains('\0') {
        return Err(Finding::error("table-binary").arg("file", shown.display()).into());
    }
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    })
}

fn windows_1252(bytes: &[u8], valid: usize, is_marked: bool, shown: &Path) -> Result<String> {
    if bytes.contains(&0) {
        return Err(Finding::error("table-binary").arg("file", shown.display()).into());
    }
    if is_marked || !bytes[..valid].is_ascii() {
        return Err(undecodable(shown, &bytes[..valid]));
    }
    if let Some(at) = bytes.iter().position(|byte| UNUSED.contains(byte)) {
        return Err(undecodable(shown, &bytes[..at]));
    }
    Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned())
}

fn undecodable(shown: &Path, before: &[u8]) -> crate::error::Error {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Finding::error("table-encoding").arg("file", shown.display()).arg("line", line).into()
}
