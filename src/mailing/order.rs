//! The order of print files that the post likes best: by postcode.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::letter::address;
use crate::letter::addressee::Addressee;

/// Where a letter stands in the order of postcodes. Keys are equal for letters to the same door, which stay in the order of
/// their table when they are sorted with a stable sort.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// In the Netherlands: postcode (`1234 AB`), number of the house or the box.
    Domestic(String, Vec<Part>),
    /// In the Netherlands, with what is no postcode.
    Unsorted(String, Vec<Part>),
    /// Abroad: country, in capitals without accents.
    Abroad(String),
    /// Without an address: a letter by e-mail.
    NoAddress,
}

/// A part of a house number: digits together, or letters together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// How many digits, and the digits, without zeros in front: so 2 comes before 10.
    Number(usize, String),
    /// Letters, in capitals.
    Letters(String),
}

/// The place of an addressee in the order of postcodes.
///
/// First those in the Netherlands, by postcode (digits, then letters) and the number of the house or the box as people sort
/// them: 2, 2-a, 10. Then those abroad by country, in the alphabet without accents. Last those without an address.
pub fn postcode_key(to: &Addressee) -> Key {
    if !address::has_address(to) {
        return Key::NoAddress;
    }
    if !to.is_domestic() {
        return Key::Abroad(plain(&to.land));
    }
    let postbox = to.postbus.trim();
    // `10078`, `Postbus 10078`, `Antwoordnummer 10`.
    let number = if postbox.is_empty() {
        &to.huisnummer
    } else {
        postbox.trim_start_matches(|letter: char| !letter.is_ascii_digit())
    };
    match address::postcode(&to.postcode) {
        Ok(postcode) => Key::Domestic(postcode, parts(number)),
        Err(_) => Key::Unsorted(plain(&to.postcode), parts(number)),
    }
}

/// A house number in its parts, without what stands between them: `2a`, `2-a` and `2 A` are the same.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_alike = |letter: char| match first.is_ascii_digit() {
            true => letter.is_ascii_digit(),
            false => letter.is_alphanumeric() && !letter.is_ascii_digit(),
        };
        let end = rest.find(|letter| !is_alike(letter)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end.max(first.len_utf8()));
        rest = after;
        if first.is_ascii_digit() {
            let digits = part.trim_start_matches('0');
            parts.push(Part::Number(digits.len(), digits.into()));
        } else if first.is_alphanumeric() {
            parts.push(Part::Letters(plain(part)));
        }
    }
    parts
}

/// A text in capitals without accents and spaces around it.
fn plain(text: &str) -> String {
    text.trim().nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(postcode: &str, number: &str) -> Addressee {
        Addressee {
            straat: "Kade".into(),
            huisnummer: number.into(),
            postcode: postcode.into(),
            plaats: "Zwolle".into(),
            ..Addressee::default()
        }
    }

    fn abroad(land: &str) -> Addressee {
        Addressee { land: land.into(), ..at("1000", "1") }
    }

    /// Holds a list that is in order against the order that comes of it backwards.
    #[track_caller]
    fn assert_order(expected: &[Addressee]) {
        let mut sorted: Vec<&Addressee> = expected.iter().rev().collect();
        sorted.sort_by_key(|to| postcode_key(to));
        assert_eq!(sorted, expected.iter().collect::<Vec<_>>());
        let keys: Vec<Key> = expected.iter().map(postcode_key).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
    }

    #[test]
    fn addresses_are_in_the_order_of_the_post() {
        let by_email = Addressee { email: "a@example.nl".into(), ..Addressee::default() };
        assert_order(&[
            at("1000 ZZ", "9"),
            at("1001 AA", "1"),
            at("1001AB", "1"),
            at("8011 pk", "1"),
            at("8012 EE", "1"),
            at("8013", "1"),
            abroad("België"),
            abroad("Duitsland"),
            abroad("Oekraïne"),
            abroad("Österreich"),
            abroad("Zweden"),
            by_email,
        ]);
    }

    #[test]
    fn numbers_are_in_the_order_of_people() {
        let order =
            ["", "1", "2", "2-1", "2-10", "2-a", "2 B", "2bis", "3", "009", "10", "10a", "99999999999999999999999"];
        let order = order.map(|number| at("8012 EE", number));
        assert_order(&order);
        for same in ["2a", "2-A", " 2 a ", "02á"] {
            assert_eq!(postcode_key(&at("8012 EE", same)), postcode_key(&at("8012ee", "2 a")), "{same}");
        }
    }

    #[test]
    fn a_box_stands_by_its_number() {
        let postbox = |text: &str| Addressee { postbus: text.into(), straat: String::new(), ..at("8000 GB", "3") };
        assert_order(&[at("8000 GB", "5"), postbox("Postbus 9"), postbox("10"), postbox("Antwoordnummer 11")]);
        assert_eq!(postcode_key(&postbox("10")), postcode_key(&postbox("Postbus 10")));
    }

    #[test]
    fn the_netherlands_are_not_abroad() {
        assert_eq!(
            postcode_key(&Addressee { land: "Nederland".into(), ..at("8012 EE", "1") }),
            postcode_key(&at("8012 EE", "1"))
        );
        assert_eq!(postcode_key(&Addressee { plaats: String::new(), ..at("8012 EE", "1") }), Key::NoAddress);
    }
}
