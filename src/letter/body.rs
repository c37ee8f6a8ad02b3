//! Which public bodies are addressed by what they are, told from their names.
//!
//! "Geachte raad," above a letter to a shop called Huisraad is worse than a neutral salutation. So only a name that can
//! hardly be anything else counts, and only where a body's own name begins.

/// A body that has a salutation of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// Burgemeester en wethouders, Gedeputeerde Staten, a college van bestuur.
    College,
    /// Provinciale Staten.
    States,
    /// Gemeenteraad, Raad voor Cultuur, cliëntenraad.
    Council,
    /// A dagelijks bestuur, the bestuur of a foundation.
    Board,
}

/// What these names begin with, is the body.
const PHRASES: [(&[&str], Body); 10] = [
    (&["college", "van"], Body::College),
    (&["college", "voor"], Body::College),
    (&["gedeputeerde", "staten"], Body::College),
    (&["burgemeester", "en", "wethouders"], Body::College),
    (&["b", "en", "w"], Body::College),
    (&["dijkgraaf", "en", "heemraden"], Body::College),
    (&["dijkgraaf", "en", "hoogheemraden"], Body::College),
    (&["provinciale", "staten"], Body::States),
    (&["ser"], Body::Council),
    (&["sociaal", "economische", "raad"], Body::Council),
];

/// What stands before `raad` in the names of councils, as one word or two. Not every word on -raad is one: huisraad,
/// voorraad, draad.
const COUNCILS: [&str; 36] = [
    "advies",
    "algemene",
    "bestuurs",
    "bewoners",
    "burger",
    "cliënten",
    "deel",
    "deelnemers",
    "dorps",
    "eilands",
    "gemeente",
    "gezondheids",
    "hoge",
    "huurders",
    "jeugd",
    "jongeren",
    "kerken",
    "kies",
    "kinder",
    "leden",
    "leerlingen",
    "medezeggenschaps",
    "onderwijs",
    "ondernemings",
    "ouder",
    "ouderen",
    "participatie",
    "patiënten",
    "personeels",
    "senioren",
    "sport",
    "stads",
    "studenten",
    "welzijns",
    "wijk",
    "wmo",
];

/// What stands before `bestuur` in the names of boards, as one word or two.
const BOARDS: [&str; 14] = [
    "afdelings",
    "algemeen",
    "dagelijks",
    "district",
    "districts",
    "dorps",
    "gemeente",
    "hoofd",
    "kerk",
    "provincie",
    "school",
    "stichtings",
    "verenigings",
    "waterschaps",
];

/// Of whom a bestuur can be without `van`: "Bestuur Stichting Voorbeeld".
const OWNERS: [&str; 6] = ["stichting", "vereniging", "coöperatie", "waterschap", "van", "der"];

/// The authorities that may stand before the name of their body: "Gemeente Ommen gemeenteraad".
const AUTHORITIES: [&str; 5] = ["gemeente", "provincie", "waterschap", "hoogheemraadschap", "universiteit"];

/// Who works for a body, and isn't it.
const STAFF: [&str; 10] = [
    "afdeling",
    "bureau",
    "fractie",
    "griffie",
    "griffier",
    "kabinet",
    "lid",
    "secretariaat",
    "secretaris",
    "voorzitter",
];

/// The forms of a company, by which a name is a trade name.
const COMPANIES: [&str; 4] = ["bv", "nv", "vof", "cv"];

/// The body that a name is the name of.
pub(super) fn of_name(name: &str) -> Option<Body> {
    let name = name.to_lowercase().replace('&', " en ").replace(" - ", ",").replace("b.v.", "bv").replace("n.v.", "nv");
    // "Gemeente Ommen, college van b en w": any part may be the name.
    name.split([',', ';', ':', '(', ')', '/', '|', '–', '—']).find_map(of_part)
}

fn of_part(part: &str) -> Option<Body> {
    let words = part.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    if words.first().is_some_and(|first| AUTHORITIES.contains(first)) {
        let own = words.iter().position(|word| STAFF.contains(word)).unwrap_or(words.len());
        return (1..own).find_map(|at| beginning(&words[at..own]));
    }
    beginning(&words)
}

/// The body whose name these words begin with.
fn beginning(words: &[&str]) -> Option<Body> {
    let words = match words {
        ["het" | "de", rest @ ..] => rest,
        words => words,
    };
    if let Some((_, body)) = PHRASES.iter().find(|(phrase, _)| words.starts_with(phrase)) {
        return Some(*body);
    }
    let is_company = words.iter().any(|word| COMPANIES.contains(word));
    match words {
        ["college"] => Some(Body::College),
        ["raad"] | ["raad", "van" | "voor" | "der", ..] => Some(Body::Council),
        ["bestuur"] => Some(Body::Board),
        ["bestuur", of, ..] if OWNERS.contains(of) => Some(Body::Board),
        _ if is_company => None,
        [kind, "raad", ..] if COUNCILS.contains(kind) => Some(Body::Council),
        [kind, "bestuur", ..] if BOARDS.contains(kind) => Some(Body::Board),
        [word, ..] if is_compound(word, "raad", &COUNCILS) => Some(Body::Council),
        [word, ..] if is_compound(word, "bestuur", &BOARDS) => Some(Body::Board),
        // "Nederlandse Sportraad", "Wetenschappelijke Raad voor het Regeringsbeleid": an adjective, then the council.
        [kind, word, rest @ ..] if is_adjective(kind) => {
            let is_council = match rest {
                [] => *word == "raad" || is_compound(word, "raad", &COUNCILS),
                [next, ..] => *word == "raad" && ["van", "voor", "der"].contains(next),
            };
            is_council.then_some(Body::Council)
        }
        _ => None,
    }
}

fn is_compound(word: &str, body: &str, kinds: &[&str]) -> bool {
    word.strip_suffix(body).is_some_and(|kind| kinds.contains(&kind))
}

/// About: what adjectives before a body's name end with, and names of shops don't begin with.
fn is_adjective(word: &str) -> bool {
    ["se", "ke", "le", "ele", "ische", "ige"].iter().any(|end| word.len() > end.len() + 2 && word.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_told_by_their_own_names() {
        let right = [
            ("College", Body::College),
            ("College van burgemeester en wethouders van Zwolle", Body::College),
            ("Het college van B&W van Ommen", Body::College),
            ("Burgemeester & Wethouders van Ommen", Body::College),
            ("Burgemeester en wethouders van Ommen", Body::College),
            ("B en W van Ommen", Body::College),
            ("Gemeente Ommen, college van b en w", Body::College),
            ("Gemeente Ommen t.a.v. het college van burgemeester en wethouders", Body::College),
            ("Gedeputeerde Staten van Overijssel", Body::College),
            ("Provincie Overijssel - Gedeputeerde Staten", Body::College),
            ("Stichting Voorbeeld, College van Bestuur", Body::College),
            ("College voor Voorbeelden", Body::College),
            ("Dijkgraaf en heemraden van het waterschap", Body::College),
            ("Provinciale Staten van Overijssel", Body::States),
            ("Provincie Overijssel, Provinciale Staten", Body::States),
            ("Gemeenteraad van Deventer", Body::Council),
            ("De gemeenteraad van Deventer", Body::Council),
            ("Gemeente Deventer gemeenteraad", Body::Council),
            ("SER", Body::Council),
            ("SER Overijssel", Body::Council),
            ("Sociaal-Economische Raad", Body::Council),
            ("Sociaal-Economische Raad Overijssel", Body::Council),
            ("Raad", Body::Council),
            ("Raad van State", Body::Council),
            ("Raad voor Cultuur", Body::Council),
            ("Raad van Toezicht Stichting Voorbeeld", Body::Council),
            ("Hoge Raad der Nederlanden", Body::Council),
            ("Wetenschappelijke Raad voor het Regeringsbeleid", Body::Council),
            ("Onderwijsraad", Body::Council),
            ("Nederlandse Sportraad", Body::Council),
            ("Cliëntenraad Voorbeeldhuis", Body::Council),
            ("Wmo-raad Ommen", Body::Council),
            ("Ondernemingsraad Voorbeeld", Body::Council),
            ("Dagelijks bestuur van het waterschap", Body::Board),
            ("Waterschap Voorbeeld, algemeen bestuur", Body::Board),
            ("Bestuur van de Nederlandse School voor Openbaar Bestuur", Body::Board),
            ("Bestuur Stichting Voorbeeld", Body::Board),
            ("Schoolbestuur De Regenboog", Body::Board),
        ];
        for (name, body) in right {
            assert_eq!(of_name(name), Some(body), "{name}");
        }
    }

    #[test]
    fn all_else_is_no_body() {
        let wrong = [
            "",
            "Carmel College Salland",
            "Stichting Carmelcollege",
            "Stichting De Rode Draad",
            "Huisraad Totaal",
            "Voorraad BV",
            "Voorraad",
            "Onderwijsraad Advies B.V.",
            "Serviceburo Raadgevers",
            "Raad & Daad Advies",
            "Bakkerij Raad",
            "Kantoor De Raad",
            "Nederlandse School voor Openbaar Bestuur",
            "Bestuur & Organisatie Advies",
            "Service Bakkerij",
            "Gemeente Ommen",
            "Gemeente Ommen, griffie van de gemeenteraad",
            "Gemeente Ommen griffie gemeenteraad",
            "Voorzitter van de gemeenteraad",
            "Provincie Overijssel",
            "Statenfractie Voorbeeld",
            "Bakkerij De Korenaar",
        ];
        for name in wrong {
            assert_eq!(of_name(name), None, "{name}");
        }
    }
}
