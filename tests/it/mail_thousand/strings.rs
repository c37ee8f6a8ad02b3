//! What stands in cells and is nothing but text, however it looks; and what is no text.

use crate::text_values::{LETTERS, NASTY, RIGHT_TO_LEFT};

/// Texts that a table, a database, a file system or a PDF could take for more, beside those of every letter.
const MORE: [&str; 31] = [
    "=HYPERLINK(\"https://example.nl\";\"klik\")",
    "=1+1",
    "+31 38 499 88 99",
    "-1",
    "@SUM(A1:A9)",
    "'=1",
    "''s-Gravenhage",
    "'t Hart",
    "'; DROP TABLE entry;--",
    "../../etc/passwd",
    "C:\\Users\\griffie",
    "%PDF-1.7",
    "endstream endobj",
    "{{ontvanger.email}}",
    "{{#if rij}}",
    "{{/if}}",
    "{{!-- weg --}}",
    "{{{{raw}}}}",
    "+++",
    "a;b\"c;d",
    "een\r\ntwee",
    "een\ttwee",
    "#N/A erbij",
    "007",
    "1E5",
    "WAAR",
    "_x0041_",
    "Cafe\u{301} Mu\u{302}ske",
    "a\u{323}\u{302} c\u{327}",
    "Ĳsselmeer",
    "Hottentottententententoonstellingsbouwterrein",
];

/// All texts that must come out as they went in.
pub fn texts() -> impl Iterator<Item = &'static str> + Clone {
    NASTY.into_iter().chain(LETTERS).chain(RIGHT_TO_LEFT).chain(MORE)
}

/// Texts with a character that no letter may hold, or that no font has, and the code of the finding.
pub const UNFIT: [(&str, &str); 22] = [
    ("a\u{1}b", "character-control"),
    ("a\u{7}b", "character-control"),
    ("a\u{8}b", "character-control"),
    ("a\u{1B}[31mb", "character-control"),
    ("a\u{7F}b", "character-control"),
    ("a\u{85}b", "character-control"),
    ("a\u{9F}b", "character-control"),
    ("a\u{202E}b", "character-bidi"),
    ("a\u{202A}b\u{202C}", "character-bidi"),
    ("a\u{2066}b\u{2069}", "character-bidi"),
    ("a\u{200F}b", "character-bidi"),
    ("a\u{200B}b", "character-invisible"),
    ("a\u{200D}b", "character-invisible"),
    ("a\u{AD}b", "character-invisible"),
    ("a\u{2028}b", "character-invisible"),
    ("a\u{FEFF}b", "character-invisible"),
    ("\u{2764}\u{FE0F}b", "character-invisible"),
    ("a\u{E000}b", "character-private"),
    ("a\u{100001}b", "character-private"),
    ("漢", "character-without-font"),
    ("\u{1F984}", "character-without-font"),
    ("\u{13000}", "character-without-font"),
];
