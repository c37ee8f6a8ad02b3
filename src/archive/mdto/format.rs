//! The format of a file, by its number in PRONOM (The National Archives, UK): from what it holds where that is simple,
//! else from its name, else unknown.

/// How far into a file the header of a PDF may stand (ISO 32000-1, annex H, note 13).
const PDF_HEADER: usize = 1024;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Its name.
    pub label: &'static str,
    /// Its PRONOM number (PUID); none where the format is not known.
    pub puid: Option<&'static str>,
}

/// A format that was not recognised.
pub const UNKNOWN: Format = Format { label: "onbekend", puid: None };

const fn known(label: &'static str, puid: &'static str) -> Format {
    Format { label, puid: Some(puid) }
}

/// PDF/A by part and level, as `pdfaid` in a file's own metadata gives them.
const PDF_A: [(&str, &str, Format); 11] = [
    ("1", "A", known("Acrobat PDF/A - Portable Document Format 1a", "fmt/95")),
    ("1", "B", known("Acrobat PDF/A - Portable Document Format 1b", "fmt/354")),
    ("2", "A", known("Acrobat PDF/A - Portable Document Format 2a", "fmt/476")),
    ("2", "B", known("Acrobat PDF/A - Portable Document Format 2b", "fmt/477")),
    ("2", "U", known("Acrobat PDF/A - Portable Document Format 2u", "fmt/478")),
    ("3", "A", known("Acrobat PDF/A - Portable Document Format 3a", "fmt/479")),
    ("3", "B", known("Acrobat PDF/A - Portable Document Format 3b", "fmt/480")),
    ("3", "U", known("Acrobat PDF/A - Portable Document Format 3u", "fmt/481")),
    ("4", "", known("Acrobat PDF/A - Portable Document Format 4", "fmt/1910")),
    ("4", "E", known("Acrobat PDF/A - Portable Document Format 4e", "fmt/1911")),
    ("4", "F", known("Acrobat PDF/A - Portable Document Format 4f", "fmt/1912")),
];

/// PDF by the version in its header.
const PDF: [(&[u8], Format); 9] = [
    (b"1.0", known("Acrobat PDF 1.0 - Portable Document Format", "fmt/14")),
    (b"1.1", known("Acrobat PDF 1.1 - Portable Document Format", "fmt/15")),
    (b"1.2", known("Acrobat PDF 1.2 - Portable Document Format", "fmt/16")),
    (b"1.3", known("Acrobat PDF 1.3 - Portable Document Format", "fmt/17")),
    (b"1.4", known("Acrobat PDF 1.4 - Portable Document Format", "fmt/18")),
    (b"1.5", known("Acrobat PDF 1.5 - Portable Document Format", "fmt/19")),
    (b"1.6", known("Acrobat PDF 1.6 - Portable Document Format", "fmt/20")),
    (b"1.7", known("Acrobat PDF 1.7 - Portable Document Format", "fmt/276")),
    (b"2.0", known("Acrobat PDF 2.0 - Portable Document Format", "fmt/1129")),
];

/// Formats whose files begin with these bytes.
const MAGIC: [(&[u8], Format); 4] = [
    (b"GIF87a", known("Graphics Interchange Format 87a", "fmt/3")),
    (b"GIF89a", known("Graphics Interchange Format 89a", "fmt/4")),
    (b"II*\0", known("Tagged Image File Format", "fmt/353")),
    (b"MM\0*", known("Tagged Image File Format", "fmt/353")),
];

/// Packages: they begin as a ZIP file does, and their name says the rest.
const ZIPPED: [(&str, Format); 7] = [
    ("docx", known("Microsoft Word for Windows", "fmt/412")),
    ("xlsx", known("Microsoft Excel for Windows", "fmt/214")),
    ("pptx", known("Microsoft Powerpoint for Windows", "fmt/215")),
    ("odt", known("OpenDocument Text", "fmt/291")),
    ("ods", known("OpenDocument Spreadsheet", "fmt/295")),
    ("odp", known("OpenDocument Presentation", "fmt/293")),
    ("zip", known("ZIP Format", "x-fmt/263")),
];

/// Texts, by their names: they are UTF-8, or no bytes that a text doesn't have.
const TEXTS: [(&str, Format); 11] = [
    ("md", known("Markdown", "fmt/1149")),
    ("json", known("JSON Data Interchange Format", "fmt/817")),
    ("xml", known("Extensible Markup Language", "fmt/101")),
    ("csv", known("Comma Separated Values", "x-fmt/18")),
    ("svg", known("Scalable Vector Graphics", "fmt/92")),
    ("eml", known("Internet e-mail message format", "fmt/278")),
    ("txt", known("Plain Text File", "x-fmt/111")),
    ("toml", known("Plain Text File", "x-fmt/111")),
    ("typ", known("Plain Text File", "x-fmt/111")),
    ("hbs", known("Plain Text File", "x-fmt/111")),
    ("pem", known("Plain Text File", "x-fmt/111")),
];

impl Format {
    /// The format of a file with that name and those bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let by_content = [pdf, png, jpeg, magic].into_iter().find_map(|recognise| recognise(bytes));
        by_content.or_else(|| by_name(name, bytes)).unwrap_or(UNKNOWN)
    }
}

fn pdf(bytes: &[u8]) -> Option<Format> {
    let head = &bytes[..bytes.len().min(PDF_HEADER)];
    let at = find(head, b"%PDF-")? + 5;
    if let Some(part) = claimed(bytes, b"pdfaid:part") {
        let level = claimed(bytes, b"pdfaid:conformance").unwrap_or_default();
        let level = level.to_uppercase();
        if let Some((_, _, format)) = PDF_A.iter().find(|(a_part, a_level, _)| *a_part == part && *a_level == level) {
            return Some(*format);
        }
    }
    PDF.iter().find(|(version, _)| head[at..].starts_with(version)).map(|(_, format)| *format)
}

/// The value that a PDF's metadata, which stand in it as plain text, give a property: `<p>2</p>` or `p="2"`. The last one
/// counts: later revisions of a file come after earlier ones.
fn claimed(bytes: &[u8], property: &[u8]) -> Option<String> {
    let is_value = |byte: &u8| byte.is_ascii_alphanumeric();
    let mut found = None;
    let mut rest = bytes;
    while let Some(at) = find(rest, property) {
        rest = &rest[at + property.len()..];
        let after = match rest {
            [b'>', value @ ..] => Some(value),
            [b'=', b'"' | b'\'', value @ ..] => Some(value),
            _ => None,
        };
        let Some(after) = after else { continue };
        let value: Vec<u8> = after.iter().copied().take_while(is_value).take(2).collect();
        // The closing tag has the property's name too, and no value.
        if !value.is_empty() {
            found = String::from_utf8(value).ok();
        }
    }
    found
}

/// PNG by its newest chunk, as PRONOM tells its versions apart: `iTXt` came with 1.2, colour profiles with 1.1.
fn png(bytes: &[u8]) -> Option<Format> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut format = known("Portable Network Graphics 1.0", "fmt/11");
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let kind = after.get(..4).unwrap_or_default();
        match kind {
            b"iTXt" => return Some(known("Portable Network Graphics 1.2", "fmt/13")),
            b"iCCP" | b"sRGB" | b"sPLT" => format = known("Portable Network Graphics 1.1", "fmt/12"),
            _ => {}
        }
        // Kind, data and checksum.
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX).saturating_add(8);
        rest = after.get(length..).unwrap_or_default();
    }
    Some(format)
}

/// JPEG with a JFIF header: its version is the one that is simple to tell.
fn jpeg(bytes: &[u8]) -> Option<Format> {
    let header = bytes.strip_prefix(b"\xFF\xD8\xFF\xE0")?.get(2..)?.strip_prefix(b"JFIF\0")?;
    match header {
        [1, 0, ..] => Some(known("JPEG File Interchange Format 1.00", "fmt/42")),
        [1, 1, ..] => Some(known("JPEG File Interchange Format 1.01", "fmt/43")),
        [1, 2, ..] => Some(known("JPEG File Interchange Format 1.02", "fmt/44")),
        _ => None,
    }
}

fn magic(bytes: &[u8]) -> Option<Format> {
    MAGIC.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, format)| *format)
}

fn by_name(name: &str, bytes: &[u8]) -> Option<Format> {
    let (_, extension) = name.rsplit_once('.')?;
    let of = |formats: &[(&str, Format)]| {
        let known = formats.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known));
        known.map(|(_, format)| *format)
    };
    if bytes.starts_with(b"PK\x03\x04") {
        return of(&ZIPPED);
    }
    if bytes.contains(&0) { None } else { of(&TEXTS) }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn puid(name: &str, bytes: &[u8]) -> &'static str {
        Format::of(name, bytes).puid.unwrap_or("onbekend")
    }

    #[test]
    fn a_pdf_says_itself_what_it_is() {
        let xmp = |part: &str, level: &str| {
            format!("%PDF-1.7\nx <pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>")
        };
        assert_eq!(puid("a.pdf", xmp("2", "A").as_bytes()), "fmt/476");
        assert_eq!(puid("a.txt", xmp("2", "B").as_bytes()), "fmt/477");
        assert_eq!(puid("a", xmp("3", "u").as_bytes()), "fmt/481");
        assert_eq!(puid("a", b"%PDF-2.0 pdfaid:part=\"4\" x"), "fmt/1910");
        assert_eq!(puid("a", b"%PDF-1.4 pdfaid:part='1' pdfaid:conformance='B'"), "fmt/354");
        // A later revision counts.
        assert_eq!(puid("a", format!("{}{}", xmp("1", "A"), xmp("2", "U")).as_bytes()), "fmt/478");
        // What no part has is no PDF/A.
        assert_eq!(puid("a", xmp("7", "A").as_bytes()), "fmt/276");
        assert_eq!((puid("a", b"%PDF-1.4"), puid("a.pdf", b"%PDF-9.9")), ("fmt/18", "onbekend"));
        assert_eq!((puid("a.pdf", b"no pdf"), puid("a", b"%PDF-")), ("onbekend", "onbekend"));
    }

    #[test]
    fn pictures_are_known_by_what_they_hold() {
        let png = |kinds: &[&str]| {
            let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
            for kind in kinds {
                bytes.extend([0, 0, 0, 1]);
                bytes.extend(kind.as_bytes());
                bytes.extend([0; 5]);
            }
            bytes
        };
        assert_eq!(puid("a", &png(&["IHDR", "IDAT", "IEND"])), "fmt/11");
        assert_eq!(puid("a", &png(&["IHDR", "sRGB", "IEND"])), "fmt/12");
        assert_eq!(puid("a", &png(&["IHDR", "iCCP", "iTXt", "IEND"])), "fmt/13");
        assert_eq!(puid("a.png", b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFIDAT"), "fmt/11");
        assert_eq!(puid("a", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01"), "fmt/43");
        assert_eq!(puid("a.jpg", b"\xFF\xD8\xFF\xE1\0\x10Exif\0"), "onbekend");
        assert_eq!(puid("a", b"GIF89a"), "fmt/4");
    }

    #[test]
    fn names_tell_where_contents_do_not_contradict_them() {
        assert_eq!(puid("a.DOCX", b"PK\x03\x04x"), "fmt/412");
        assert_eq!((puid("a.docx", b"MZ"), puid("a.md", b"PK\x03\x04x")), ("onbekend", "onbekend"));
        assert_eq!(
            (puid("a.md", b"# x"), puid("a.toml", b""), puid("a.json", b"{}")),
            ("fmt/1149", "x-fmt/111", "fmt/817")
        );
        assert_eq!((puid("a.txt", b"a\0b"), puid("a", b"x"), puid(".md", b"x")), ("onbekend", "onbekend", "fmt/1149"));
    }
}
