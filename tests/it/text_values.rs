//! Values that are hard to keep text, and letters that hold a value wherever one can stand.

use crate::paper::toml;

/// What a letter can be read as something else than text by: Typst, handlebars, Markdown, HTML, PDF strings.
pub const NASTY: [&str; 61] = [
    "#sys",
    "#sys.inputs",
    "#let x = 1",
    "#\"",
    "#(",
    "#;",
    "$x$",
    "$",
    "*_",
    "*a*",
    "_a_",
    "`a`",
    "```",
    "\\",
    "\\u{41}",
    "\\#",
    "@a",
    "<b>",
    "<b",
    "</p>",
    "<!-- -->",
    "//",
    "https://x.nl//y",
    "/* */",
    "/*",
    "*/",
    "{{x}}",
    "{{{x}}}",
    "\\{{x}}",
    "{{",
    "}}",
    "{",
    "= =",
    "== a",
    "- a",
    "+ a",
    "1. a",
    "2) a",
    "> a",
    "# a",
    "\"",
    "'",
    "\"a\" 'b'",
    "~",
    "--",
    "---",
    "...",
    "-?",
    "]",
    ")",
    ";",
    "[[",
    "[a](b)",
    "![a](b)",
    "[^1]",
    "|",
    "(a) \\(b\\)",
    "&amp;",
    "&#65;",
    "% %PDF 50%",
    "a\u{A0}b",
];

/// Letters and signs that fonts join, decompose or set anew.
pub const LETTERS: [&str; 13] = [
    "ffi ffl fi fl ﬁ",
    "e\u{301} A\u{30A} o\u{308}",
    "Ọlọ́runtóbi Ẹ̀jẹ̀",
    "ė́ ā̀ g̃ x̌",
    "Đặng Thị Nguyễn",
    "Łukasz Żółć Šević",
    "Αθήνα Ελλάς",
    "Київ Їжак",
    "ქართული",
    "Հայաստան",
    "😀 ☎ ♥",
    "½ ² ‰ € № ™ ﬆ",
    "ĳ Ĳ ŉ ſ ß ẞ İ ı",
];

/// Texts in scripts that run from right to left.
pub const RIGHT_TO_LEFT: [&str; 4] = ["שלום עולם", "العربية", "Dhr. العربية lid 12", "לא 12 כן abc"];

/// Characters that are refused, with the code of the finding.
pub const REFUSED: [(char, &str); 20] = [
    ('\u{0}', "character-control"),
    ('\u{7}', "character-control"),
    ('\n', "character-control"),
    ('\t', "character-control"),
    ('\u{7F}', "character-control"),
    ('\u{85}', "character-control"),
    ('\u{202E}', "character-bidi"),
    ('\u{2066}', "character-bidi"),
    ('\u{200F}', "character-bidi"),
    ('\u{200B}', "character-invisible"),
    ('\u{200D}', "character-invisible"),
    ('\u{AD}', "character-invisible"),
    ('\u{2028}', "character-invisible"),
    ('\u{FEFF}', "character-invisible"),
    ('\u{FE0F}', "character-invisible"),
    ('\u{E0041}', "character-invisible"),
    ('\u{F0000}', "character-private"),
    ('\u{100001}', "character-private"),
    ('\u{E000}', "character-private"),
    ('漢', "character-without-font"),
];

/// The templates that are shipped, each with the fields of its own.
pub const TEMPLATES: [(&str, &[&str]); 4] =
    [("gs-brief", &[]), ("gs-brief-2022", &[]), ("ser-brief", &[]), ("uitnodiging", &["aanvang", "locatie"])];

/// To whom the letter goes, so that together every field of `[ontvanger]` is used.
#[derive(Debug, Clone, Copy)]
pub enum To {
    Organisation,
    Person,
    ByEmail,
}

impl To {
    pub const ALL: [Self; 3] = [Self::Organisation, Self::Person, Self::ByEmail];

    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Organisation => &["organisatie", "ter_attentie_van", "straat", "huisnummer", "plaats"],
            Self::Person => {
                &["titel", "voorletters", "tussenvoegsel", "achternaam", "straat", "postcode", "plaats", "land"]
            }
            Self::ByEmail => &["organisatie", "functie", "ter_attentie_van"],
        }
    }

    fn fixed(self) -> &'static str {
        match self {
            Self::Organisation => "postcode = '8012 EE'\n",
            Self::Person => "aanspreekvorm = 'mevrouw'\n",
            Self::ByEmail => "email = 'x@example.nl'\n",
        }
    }
}

/// The places where a value can stand in a body; `{}` is the value.
const BODY: &str = "\
# Kop {}

{} en *{}* of **{}**, `{}`, [{}](https://example.nl/) en noot[^1].

- {}
- a

1. {}

> {}

> 1.1 {}

| {} | b |
|---|---|
| {} | c |

![alt](figuren/koplopers-en-peloton.svg \"{}\")

Tot slot {} en nog wat meer, zodat deze alinea er een van meer dan een regel wordt en dat ook blijft, hoe kort ook.

[^1]: {}
";

/// A letter with a value in every text field and at every place of the body.
pub fn letter(template: &str, own: &[&str], to: To, value: &str) -> String {
    let value = toml(value);
    let mut front =
        format!("sjabloon = '{template}'\nondertekening = 'proef'\ndatum = 2023-02-21\nuw_brief = 2023-01-02\n");
    for field in ["onderwerp", "kenmerk", "zaaknummer", "uw_kenmerk", "aanhef"].iter().chain(own) {
        front += &format!("{field} = {value}\n");
    }
    if template == "uitnodiging" {
        front += "bijeenkomst = 2023-03-01\n";
    }
    front += &format!("kopie_aan = [{value}, 'x', {value}]\n");
    front += &format!("inlichtingen_bij = {{ naam = {value}, telefoon = {value} }}\n");
    if template == "ser-brief" {
        front += "[afzender]\n";
        for field in ["naam", "telefoon", "fax", "kvk", "iban"] {
            front += &format!("{field} = {value}\n");
        }
        front += &format!("bezoekadres = [{value}]\npostadres = [{value}, {value}]\n");
    }
    front += &format!("[ontvanger]\n{}", to.fixed());
    for field in to.fields() {
        front += &format!("{field} = {value}\n");
    }
    format!("+++\n{front}[rij]\nwaarde = {value}\n+++\n\n{}", BODY.replace("{}", "{{rij.waarde}}"))
}

/// Settings with a value in every text that letters show.
pub fn settings(value: &str) -> String {
    let value = toml(value);
    let closing = format!("[ondertekening.proef]\nnamens = {value}\nslotgroet = {value}\n");
    let signatories = format!("ondertekenaars = [{{ rol = {value}, naam = {value} }}, {{ naam = {value} }}]\n");
    let mut organisation = String::from("[organisatie]\n");
    for field in ["naam", "telefoon", "fax", "kvk", "iban"] {
        organisation += &format!("{field} = {value}\n");
    }
    format!("{organisation}bezoekadres = [{value}]\npostadres = [{value}, {value}]\n{closing}{signatories}")
}
