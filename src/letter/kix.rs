//! KIX, PostNL's code in bars under the address of bulk mail: postcode, house or box number, and suffix.

use super::address;
use super::addressee::Addressee;

/// The most symbols of a code.
const MAX_SYMBOLS: usize = 18;

/// The longest number of a house or a box.
const MAX_NUMBER: usize = 5;

/// Which two of the four bars of a symbol reach up, or down, for each sixth part of its value.
const PAIRS: [[usize; 2]; 6] = [[2, 3], [1, 3], [1, 2], [0, 3], [0, 2], [0, 1]];

/// A bar of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Neither up nor down.
    Tracker,
    /// Up.
    Ascender,
    /// Down.
    Descender,
    /// Up and down.
    Full,
}

impl Bar {
    /// The letter by which letterheads know it.
    pub fn letter(self) -> char {
        match self {
            Self::Tracker => 't',
            Self::Ascender => 'a',
            Self::Descender => 'd',
            Self::Full => 'f',
        }
    }
}

/// The code of an address such as `2500GG30250` or `1231FZ13XHS`; none when it is abroad, incomplete, or has a number that
/// the code can't hold.
pub fn code(to: &Addressee) -> Option<String> {
    if !to.is_domestic() || !address::has_address(to) {
        return None;
    }
    let postcode = address::postcode(&to.postcode).ok()?.replace(' ', "");
    let postbox = to.postbus.trim();
    let (number, suffix) = if postbox.is_empty() {
        parts(&to.huisnummer)?
    } else {
        // A box has a number only: `10078`, `Postbus 10078`, `Antwoordnummer 10`.
        let (number, suffix) = parts(postbox.trim_start_matches(|letter: char| !letter.is_ascii_digit()))?;
        (number, Some(suffix).filter(String::is_empty)?)
    };
    let code = if suffix.is_empty() { format!("{postcode}{number}") } else { format!("{postcode}{number}X{suffix}") };
    Some(code).filter(|code| code.len() <= MAX_SYMBOLS)
}

/// A house number in its number and its suffix: `13-hs` is 13 and HS.
fn parts(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let number = number.trim_start_matches('0');
    if number.is_empty() || number.len() > MAX_NUMBER {
        return None;
    }
    let letters: String = suffix.chars().filter(|letter| letter.is_alphanumeric()).collect();
    letters.is_ascii().then(|| (number.to_string(), letters.to_ascii_uppercase()))
}

/// The bars of a code, four a symbol.
pub fn bars(code: &str) -> Vec<Bar> {
    let value = |symbol: char| symbol.to_digit(36).map(|value| value as usize);
    code.chars().filter_map(value).flat_map(symbol).collect()
}

fn symbol(value: usize) -> [Bar; 4] {
    let (up, down) = (PAIRS[value / 6], PAIRS[value % 6]);
    std::array::from_fn(|at| match (up.contains(&at), down.contains(&at)) {
        (true, true) => Bar::Full,
        (true, false) => Bar::Ascender,
        (false, true) => Bar::Descender,
        (false, false) => Bar::Tracker,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: &str, postbox: &str) -> Option<String> {
        code(&Addressee {
            straat: if postbox.is_empty() { "Kade".into() } else { String::new() },
            huisnummer: number.into(),
            postbus: postbox.into(),
            postcode: "1231 fz".into(),
            plaats: "Loosdrecht".into(),
            ..Addressee::default()
        })
    }

    #[test]
    fn an_address_has_a_code() {
        for (number, expected) in [
            ("13hs", Some("1231FZ13XHS")),
            ("13-HS", Some("1231FZ13XHS")),
            ("13 A bis", Some("1231FZ13XABIS")),
            ("007", Some("1231FZ7")),
            ("12-14", Some("1231FZ12X14")),
            ("123456", None),
            ("t.o. 3", None),
            ("0", None),
            ("3 é", None),
            ("12345 abcdefg", None),
        ] {
            assert_eq!(at(number, "").as_deref(), expected, "{number}");
        }
        for postbox in ["10078", "Postbus 10078", "Antwoordnummer 10078"] {
            assert_eq!(at("", postbox).as_deref(), Some("1231FZ10078"), "{postbox}");
        }
        assert_eq!(at("", ""), None);
    }

    #[test]
    fn a_symbol_is_four_bars() {
        let letters = |code: &str| bars(code).into_iter().map(Bar::letter).collect::<String>();
        assert_eq!(letters("0"), "ttff");
        assert_eq!(letters("1"), "tdaf");
        assert_eq!(letters("Z"), "fftt");
        assert_eq!(letters("1231FZ13XHS").len(), 44);
    }
}
