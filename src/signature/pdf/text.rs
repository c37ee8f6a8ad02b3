//! Text strings (ISO 32000-2, 7.9.2.2).

use encoding_rs::UTF_16BE;

use super::Object;

/// A text as a string: ASCII as it is, else UTF-16 with a byte order mark.
pub fn encoded(text: &str) -> Object {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Object::String(text.as_bytes().to_vec());
    }
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    Object::String([0xFE, 0xFF].into_iter().chain(units).collect())
}

/// The text of a string: UTF-16 or UTF-8 where a byte order mark says so, else PDFDocEncoding. What can't be decoded
/// becomes U+FFFD; control characters are left in.
pub fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| character(*byte)).collect(),
    }
}

/// A character of PDFDocEncoding (annex D.2), which is Latin 1 but for two ranges.
fn character(byte: u8) -> char {
    const ACCENTS: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const SIGNS: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ', 'Ł',
        'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
    ];
    match byte {
        0x18..=0x1F => ACCENTS.get(usize::from(byte - 0x18)).copied().unwrap_or('\u{FFFD}'),
        0x80..=0xA0 => SIGNS.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{FFFD}'),
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ascii_or_utf_16() {
        assert_eq!(encoded("A.P. Heidema"), Object::String(b"A.P. Heidema".to_vec()));
        assert_eq!(encoded("é"), Object::String(vec![0xFE, 0xFF, 0, 0xE9]));
    }

    #[test]
    fn the_three_encodings_are_read() {
        assert_eq!(decoded(b"\xFE\xFF\x00J\x20\xAC"), "J€");
        assert_eq!(decoded(b"\xEF\xBB\xBF\xE2\x82\xAC"), "€");
        assert_eq!(decoded(b"Handtekening \xA0 \x84 \xE9"), "Handtekening € — é");
    }
}
