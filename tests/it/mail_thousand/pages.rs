//! The letters of the rows that are right: their text is that of a letter of the same shape, with the values of the row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::rows::{Shape, shape, word};
use super::table::{COLUMNS, Row};
use crate::outside;
use crate::text_values::RIGHT_TO_LEFT;

/// The subject where a row has none.
const SUBJECT: &str = "Uitnodiging voor uw netwerk";

/// The letter of a row.
pub struct Made<'a> {
    pub row: &'a Row,
    /// Its PDF.
    pub path: PathBuf,
    /// Its number.
    pub kenmerk: String,
}

/// Asserts that every letter shows the values of its row, and nothing else than the letters of its shape.
pub fn assert_shown(made: &[Made]) {
    let paths: Vec<&Path> = made.iter().map(|one| one.path.as_path()).collect();
    let Some(texts) = texts(&paths) else { return };
    let mut shapes: BTreeMap<Shape, (&Made, usize, &str)> = BTreeMap::new();
    for (one, text) in made.iter().zip(&texts) {
        if let Some(number) = one.row.stands_in {
            let lacking: Vec<_> = words(one.row, number).filter(|(_, word)| !is_shown(text, word)).collect();
            assert!(lacking.is_empty(), "{lacking:?} are not in {text}");
            shapes.insert(shape(one.row), (one, number, text));
        }
    }
    let mut wrong = Vec::new();
    for (one, text) in made.iter().zip(&texts) {
        let (plain, number, page) = shapes.get(&shape(one.row)).expect("a letter of the same shape");
        let wanted = expected(one, plain, *number, page);
        let is_same = if keeps_order(one.row) { wanted == *text } else { sorted(&wanted) == sorted(text) };
        if !is_same {
            wrong.push(format!("{:?}\nwanted {wanted}\nfound  {text}\n", one.row));
        }
    }
    assert!(wrong.is_empty(), "{} letters of {}:\n{}", wrong.len(), made.len(), wrong.join("\n"));
}

/// Whether the text of a letter stands in the order of its shape. Glyphs stand from left to right in the file, and each
/// reader restores the order of other scripts its own way; notes of a first page stand before the text of the second.
fn keeps_order(row: &Row) -> bool {
    let runs_left = COLUMNS.iter().any(|column| RIGHT_TO_LEFT.contains(&row.get(column)));
    !runs_left && row.warned.iter().all(|(code, _)| code != "mail-more-pages")
}

/// The words of a row that holds such words, by their columns, as far as a letter shows them.
fn words(row: &Row, number: usize) -> impl Iterator<Item = (&'static str, String)> {
    let by_post = !row.get("plaats").is_empty();
    let is_shown = move |column: &&&str| match **column {
        "aanspreekvorm" | "opmerking" => false,
        "email" => !by_post,
        _ => true,
    };
    let filled: Vec<_> = COLUMNS.iter().filter(is_shown).filter(|column| !row.get(column).is_empty()).collect();
    let domestic = row.get("land").is_empty();
    filled.into_iter().map(move |column| match *column {
        "postcode" if domestic => (*column, bare(&format!("7{number:03} QZ"))),
        _ => (*column, bare(&word(column, number))),
    })
}

/// Whether a text holds a word, or that in capitals.
fn is_shown(text: &str, word: &str) -> bool {
    text.contains(word) || text.contains(&word.to_uppercase()) || text.contains(&first_capital(word))
}

/// What the letter of a row must show: the text of the plain one, with the row's values for its words.
fn expected(one: &Made, plain: &Made, number: usize, page: &str) -> String {
    let mut text = page.replace(&plain.kenmerk, &one.kenmerk);
    for (column, word) in words(plain.row, number) {
        let value = value(one.row, column);
        text = text.replace(&word, &value);
        text = text.replace(&first_capital(&word), &first_capital(&value));
        text = text.replace(&capitals(&word), &capitals(&value));
    }
    text.nfc().collect()
}

/// What a column of a row shows.
fn value(row: &Row, column: &str) -> String {
    let shown = row.shown.iter().find(|(other, _)| *other == column).map(|(_, shown)| bare(shown));
    let cell = bare(row.get(column));
    match column {
        _ if shown.is_some() => shown.unwrap_or_default(),
        "postcode" if row.get("land").is_empty() => cell.to_uppercase(),
        "onderwerp" if cell.is_empty() => bare(SUBJECT),
        // What is no number is shown as it is.
        "postbus" if cell.starts_with(|first: char| first.is_ascii_digit()) => format!("Postbus{cell}"),
        _ => cell,
    }
}

/// As the name of a town is written; Georgian has capitals for headlines only.
fn capitals(text: &str) -> String {
    text.chars().map(|c| if is_georgian(c) { c.to_string() } else { c.to_uppercase().collect() }).collect()
}

/// As a surname begins.
fn first_capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| capitals(&first.to_string())).unwrap_or_default();
    first + letters.as_str()
}

fn is_georgian(c: char) -> bool {
    matches!(c, '\u{10D0}'..='\u{10FF}')
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

/// Text as it is compared: in NFC, without white space, and without the hyphens of words that are broken and the marks that
/// poppler puts around runs from right to left, which no cell can hold.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{AD}' | '\u{202A}'..='\u{202E}'));
    kept.nfc().collect()
}

/// The text of every PDF as poppler reads it, some at once; none where there is no poppler.
fn texts(paths: &[&Path]) -> Option<Vec<String>> {
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let text = |path: &Path| {
        let out = outside::run("pdftotext", &["-raw", "-enc", "UTF-8"], &[path.to_path_buf(), "-".into()])?;
        // What later pages repeat at their head stands before their text.
        let mut pages = out.split('\u{c}').map(bare);
        let first = pages.next().unwrap_or_default();
        let later = pages.map(|page| page.split_once("Pagina2van2").map_or(page.clone(), |(_, rest)| rest.to_string()));
        Some(first + &later.collect::<String>())
    };
    std::thread::scope(|scope| {
        let parts = paths.chunks(paths.len().div_ceil(at_once).max(1));
        let readers: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().map(|path| text(path)).collect::<Option<Vec<_>>>()))
            .collect();
        let read: Option<Vec<Vec<String>>> =
            readers.into_iter().map(|reader| reader.join().expect("it reads")).collect();
        read.map(|parts| parts.concat())
    })
}
