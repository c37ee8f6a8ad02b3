//! The mistakes that a row can hold, each with what is found.

use super::table::Row;

/// A mistake.
pub struct Mistake {
    /// The kind of recipient that makes it.
    pub kind: Kind,
    /// The cells that make it.
    pub cells: &'static [(&'static str, &'static str)],
    /// What is found: codes with columns.
    pub found: &'static [(&'static str, &'static str)],
}

/// The kinds of recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An organisation in a street.
    Organisation,
    /// A person with a box.
    Person,
    /// A person at an organisation abroad.
    Abroad,
    /// A person at an organisation, without an address.
    ByEmail,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Organisation, Self::Person, Self::Abroad, Self::ByEmail];

    /// A recipient of this kind, other than all others by its number, which is at most 99,999.
    pub fn recipient(self, number: usize) -> Row {
        let n = number.to_string();
        let own = |start: &str| format!("{start}{n}");
        let letter = |shift: usize| char::from(b'E' + ((number / 9000 + shift) % 10) as u8);
        let postcode = format!("{} {}{}", 1000 + number % 9000, letter(0), letter(number % 7));
        let (organisation, email) = (own("Netwerk "), own("a") + "@example.nl");
        let mut row = match self {
            Self::Organisation => Row::new(&[
                ("organisatie", &organisation),
                ("ter_attentie_van", "de directie"),
                ("straat", "Spaanderpad"),
                ("huisnummer", &(number % 997 + 1).to_string()),
                ("postcode", &postcode),
                ("plaats", "Zwolle"),
            ]),
            Self::Person => Row::new(&[
                ("aanspreekvorm", ["mevrouw", "Mw.", "mevr", "heer", "dhr.", "De heer"][number % 6]),
                ("titel", "drs."),
                ("voorletters", "A.B."),
                ("tussenvoegsel", "van der"),
                ("achternaam", "Morgenster"),
                ("postbus", &(number % 99_991 + 1).to_string()),
                ("postcode", &postcode.replace(' ', "").to_lowercase()),
                ("plaats", "'s-Hertogenbosch"),
                ("email", &email),
            ]),
            Self::Abroad => Row::new(&[
                ("organisatie", &organisation),
                ("aanspreekvorm", "heer"),
                ("achternaam", "Vuurvlinder"),
                ("straat", &own("Domplatz ")),
                ("postcode", "48143"),
                ("plaats", "Münster"),
                ("land", "Duitsland"),
                ("email", &email),
            ]),
            Self::ByEmail => Row::new(&[
                ("organisatie", "IKT"),
                ("aanspreekvorm", "none"),
                ("achternaam", "Zandstuiver"),
                ("functie", "adviseur"),
                ("email", &email),
            ]),
        };
        for (column, text) in [("regio", "Twente"), ("netwerk", "een netwerk"), ("thema", "Werk dat past")] {
            row.put(column, text);
        }
        row
    }
}

/// A mistake of a kind of recipient.
const fn slip(
    kind: Kind,
    cells: &'static [(&'static str, &'static str)],
    found: &'static [(&'static str, &'static str)],
) -> Mistake {
    Mistake { kind, cells, found }
}

use Kind::{Abroad, ByEmail, Organisation, Person};

/// More than fits in the window of an envelope.
const LONG: &str = "de afdeling Innovatie, Economie, Onderwijs, Arbeidsmarkt, Bereikbaarheid, Landschap, Natuur, Water, Erfgoed, \
    Cultuur, Sport en Leefomgeving, en wie daar verder nog bij hoort";

/// Every kind of mistake, and some together.
pub const MISTAKES: [Mistake; 67] = [
    // The postcode.
    slip(Organisation, &[("postcode", "0012 EE")], &[("postcode-invalid", "postcode")]),
    slip(Organisation, &[("postcode", "8012 SS")], &[("postcode-invalid", "postcode")]),
    slip(Person, &[("postcode", "8012sa")], &[("postcode-invalid", "postcode")]),
    slip(Organisation, &[("postcode", "8012")], &[("postcode-invalid", "postcode")]),
    slip(Organisation, &[("postcode", "8012 É")], &[("postcode-invalid", "postcode")]),
    slip(
        Organisation,
        &[("postcode", "８０１２ EE")],
        &[("postcode-invalid", "postcode"), ("character-without-font", "postcode")],
    ),
    slip(Organisation, &[("postcode", "'; DROP TABLE entry;--")], &[("postcode-invalid", "postcode")]),
    slip(Abroad, &[("land", "Nederland")], &[("address-incomplete", "huisnummer"), ("postcode-invalid", "postcode")]),
    // Parts of the address.
    slip(Organisation, &[("straat", "")], &[("address-incomplete", "straat")]),
    slip(Organisation, &[("huisnummer", "")], &[("address-incomplete", "huisnummer")]),
    slip(Organisation, &[("postcode", "")], &[("address-incomplete", "postcode")]),
    slip(Organisation, &[("plaats", "")], &[("address-incomplete", "plaats")]),
    slip(Organisation, &[("plaats", "\u{A0} ")], &[("address-incomplete", "plaats")]),
    slip(
        Organisation,
        &[("huisnummer", ""), ("postcode", "")],
        &[("address-incomplete", "huisnummer"), ("address-incomplete", "postcode")],
    ),
    slip(Person, &[("postbus", "")], &[("address-incomplete", "straat"), ("address-incomplete", "huisnummer")]),
    slip(Person, &[("postcode", "")], &[("address-incomplete", "postcode")]),
    slip(Abroad, &[("straat", "")], &[("address-incomplete", "straat")]),
    slip(Abroad, &[("plaats", "")], &[("address-incomplete", "plaats")]),
    slip(
        ByEmail,
        &[("plaats", "Zwolle")],
        &[("address-incomplete", "straat"), ("address-incomplete", "huisnummer"), ("address-incomplete", "postcode")],
    ),
    slip(Organisation, &[("postbus", "12")], &[("address-street-and-box", "postbus")]),
    slip(Person, &[("straat", "Kade")], &[("address-street-and-box", "postbus")]),
    slip(
        Abroad,
        &[("functie", "adviseur"), ("ter_attentie_van", "afdeling Post")],
        &[("address-too-long", "ontvanger")],
    ),
    slip(Organisation, &[("huisnummer", "2023-03-01")], &[("mail-number-is-day", "huisnummer")]),
    slip(Abroad, &[("huisnummer", "1-mrt")], &[("mail-number-is-day", "huisnummer")]),
    slip(Person, &[("postbus", "12.0")], &[("mail-number-decimal", "postbus")]),
    slip(ByEmail, &[("functie", "#N/B")], &[("mail-cell-error", "functie")]),
    // The name.
    slip(Organisation, &[("organisatie", "")], &[("addressee-nameless", "organisatie")]),
    slip(Organisation, &[("organisatie", " \u{A0}")], &[("addressee-nameless", "organisatie")]),
    slip(
        Person,
        &[("achternaam", "")],
        &[("addressee-nameless", "organisatie"), ("mail-name-incomplete", "achternaam")],
    ),
    slip(Organisation, &[("voorletters", "A.B.")], &[("mail-name-incomplete", "achternaam")]),
    slip(Organisation, &[("tussenvoegsel", "van")], &[("mail-name-incomplete", "achternaam")]),
    slip(Organisation, &[("titel", "ir.")], &[("mail-name-incomplete", "achternaam")]),
    slip(Person, &[("aanspreekvorm", "meneer")], &[("unknown-choice", "aanspreekvorm")]),
    slip(Person, &[("aanspreekvorm", "#sys")], &[("unknown-choice", "aanspreekvorm")]),
    slip(ByEmail, &[("aanspreekvorm", "heer/mevrouw")], &[("unknown-choice", "aanspreekvorm")]),
    // E-mail.
    slip(ByEmail, &[("email", "a@b")], &[("email-invalid", "email")]),
    slip(ByEmail, &[("email", "a.example.nl")], &[("email-invalid", "email")]),
    slip(Person, &[("email", "a@example.nl, b@example.nl")], &[("email-invalid", "email")]),
    slip(Person, &[("email", "<a@example.nl>")], &[("email-invalid", "email")]),
    slip(Abroad, &[("email", "a b@example.nl")], &[("email-invalid", "email")]),
    slip(Abroad, &[("email", "=HYPERLINK(\"mailto:a@example.nl\")")], &[("email-invalid", "email")]),
    // The day of a letter.
    slip(Organisation, &[("uw_brief", "31-2-2022")], &[("mail-day", "uw brief")]),
    slip(Organisation, &[("uw_brief", "gisteren")], &[("mail-day", "uw brief")]),
    slip(Person, &[("uw_brief", "44986")], &[("mail-day", "uw brief")]),
    slip(Person, &[("uw_brief", "3/21/2023")], &[("mail-day", "uw brief")]),
    // What the letter names, and the row doesn't have.
    slip(Organisation, &[("regio", "")], &[("mail-cell-empty", "regio")]),
    slip(Person, &[("netwerk", " ")], &[("mail-cell-empty", "netwerk")]),
    slip(Abroad, &[("thema", "\r\n")], &[("mail-cell-empty", "thema")]),
    slip(ByEmail, &[("regio", ""), ("thema", "")], &[("mail-cell-empty", "regio"), ("mail-cell-empty", "thema")]),
    slip(Organisation, &[("aanmelden", "ja")], &[("value-missing", "aanmelden_voor")]),
    // Links and images.
    slip(Organisation, &[("link", "javascript:alert(1)")], &[("link-scheme", "")]),
    slip(Person, &[("link", "file:///etc/passwd")], &[("link-scheme", "")]),
    slip(Abroad, &[("link", "www.example.nl")], &[("link-without-scheme", "")]),
    slip(ByEmail, &[("link", "../../etc/passwd")], &[("link-without-scheme", "")]),
    slip(Organisation, &[("foto", "../../../etc/passwd.png")], &[("path-outside", "")]),
    slip(Person, &[("foto", "/etc/passwd.png")], &[("path-outside", "")]),
    slip(Abroad, &[("foto", "figuren/weg.svg")], &[("image-missing", "")]),
    slip(ByEmail, &[("foto", "netwerkpartners.csv")], &[("image-format", "")]),
    // The window of the envelope.
    slip(Organisation, &[("stempel", "SPOED")], &[("mail-window-other", "")]),
    slip(Person, &[("vlak", "ja")], &[("mail-window-drawn", "")]),
    slip(Person, &[("stempel", "SPOED"), ("vlak", "ja")], &[("mail-window-other", ""), ("mail-window-drawn", "")]),
    slip(Organisation, &[("ter_attentie_van", LONG), ("straat", LONG)], &[("mail-window-address", "ontvanger")]),
    // More than one at once.
    slip(
        Organisation,
        &[("postcode", "9"), ("uw_brief", "x"), ("regio", "")],
        &[("postcode-invalid", "postcode"), ("mail-day", "uw brief"), ("mail-cell-empty", "regio")],
    ),
    slip(
        Person,
        &[("aanspreekvorm", "x"), ("postcode", "9"), ("email", "@"), ("netwerk", "\u{7}")],
        &[
            ("unknown-choice", "aanspreekvorm"),
            ("postcode-invalid", "postcode"),
            ("email-invalid", "email"),
            ("character-control", "netwerk"),
        ],
    ),
    slip(
        Organisation,
        &[("functie", "a\u{202E}b"), ("straat", "\u{E000}"), ("plaats", "漢")],
        &[("character-bidi", "functie"), ("character-private", "straat"), ("character-without-font", "plaats")],
    ),
    slip(
        Abroad,
        &[("organisatie", "a\u{200B}"), ("achternaam", ""), ("titel", "ir.")],
        &[("character-invisible", "organisatie"), ("mail-name-incomplete", "achternaam")],
    ),
    slip(
        ByEmail,
        &[("organisatie", ""), ("achternaam", ""), ("aanspreekvorm", "")],
        &[("addressee-nameless", "organisatie")],
    ),
];
