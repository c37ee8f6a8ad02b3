//! Full-text search: words are split and stemmed here, so that both databases find the same letters.
//!
//! A word is a run of letters and digits, without accents and in lower case; of its endings as Dutch has them (adviezen,
//! advies) the stem is kept, by the Snowball rules. All words asked for must be there; one that ends in `*` is the
//! beginning of a word.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::db::{Dialect, Tx, Value, values};
use super::entry::Entry;
use crate::error::Result;

/// The longest word that is told apart, in characters: what is longer is no word.
const LONGEST: usize = 60;

/// The words of a text: each once, sorted, separated by a space.
pub fn terms(texts: &[&str]) -> String {
    STEMS.with_borrow_mut(|known| {
        if known.len() > MOST_LINES {
            known.clear();
        }
        let lines = || texts.iter().flat_map(|text| text.lines());
        let stemmer = Stemmer::create(Algorithm::Dutch);
        for line in lines() {
            if !known.contains_key(line) {
                known.insert(line.into(), words(line).map(|word| stem(&stemmer, &word)).collect());
            }
        }
        let stems: BTreeSet<&str> = lines().filter_map(|line| known.get(line)).flatten().map(String::as_str).collect();
        stems.into_iter().collect::<Vec<_>>().join(" ")
    })
}

/// How many lines of text are kept at hand.
const MOST_LINES: usize = 2_000;

thread_local! {
    /// The words of lines that were met: most lines of a letter to thousands are the same.
    static STEMS: RefCell<HashMap<String, Vec<String>>> = RefCell::default();
}

/// What is indexed of an entry whose own text is `body`.
pub fn entry_terms(entry: &Entry, body: &str) -> String {
    let optional = [&entry.correspondent, &entry.case_number, &entry.their_reference, &entry.kind, &entry.handler];
    let mut texts = vec![entry.id.as_str(), &entry.subject, body];
    texts.extend(optional.into_iter().filter_map(|text| text.as_deref()));
    terms(&texts)
}

/// Records what can be found of an entry: its own words, and its letter's text, which `body` replaces if given.
///
/// # Errors
/// When the database fails.
pub fn index(tx: &mut Tx, entry: &Entry, body: Option<&str>) -> Result<()> {
    let kept = match body {
        Some(_) => None,
        None => tx.row("SELECT body FROM search WHERE entry = $1", values![&entry.id])?.map(|row| row.text("body")),
    };
    let body = body.map(String::from).or(kept).unwrap_or_default();
    let sql = "INSERT INTO search (entry, body, terms) VALUES ($1, $2, $3)
               ON CONFLICT (entry) DO UPDATE SET body = $2, terms = $3";
    tx.exec(sql, values![&entry.id, &body, entry_terms(entry, &body)]).map(drop)
}

/// The condition on `entry.id` that a question stands for, with its value as `$n`; none for a question without words.
pub fn condition(dialect: Dialect, question: &str, n: usize) -> Option<(String, Value)> {
    let asked = asked(question);
    if asked.is_empty() {
        return None;
    }
    // Words hold nothing but letters and digits, so that neither syntax can be broken out of.
    let (quote, prefix, or, and) = match dialect {
        Dialect::Sqlite => ('"', "*", " OR ", " AND "),
        Dialect::Postgres => ('\'', ":*", " | ", " & "),
    };
    let words = asked.iter().map(|word| {
        let stem = format!("{quote}{}{quote}", word.stem);
        let begins = word.begins.as_ref().map(|begins| format!("{quote}{begins}{quote}{prefix}"));
        begins.map_or(stem.clone(), |begins| format!("({begins}{or}{stem})"))
    });
    let question = words.collect::<Vec<_>>().join(and);
    let condition = match dialect {
        Dialect::Sqlite => format!(
            "id IN (SELECT entry FROM search WHERE search.id IN (SELECT rowid FROM search_index WHERE search_index MATCH ${n}))"
        ),
        // As an array the words are looked up first. Joined, PostgreSQL takes a word it has no count of for a frequent one
        // and reads all letters: half a second instead of one millisecond in 200,000.
        Dialect::Postgres => {
            format!("id = ANY (ARRAY(SELECT entry FROM search WHERE lexemes @@ CAST(CAST(${n} AS text) AS tsquery)))")
        }
    };
    Some((condition, question.into()))
}

/// A word of a question.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    stem: String,
    /// What a word may also begin with. A whole word with a `*` is longer than its stem, which is all that is kept.
    begins: Option<String>,
}

/// The words of a question.
fn asked(question: &str) -> BTreeSet<Asked> {
    let stemmer = Stemmer::create(Algorithm::Dutch);
    let mut asked = BTreeSet::new();
    for part in question.split_whitespace() {
        let mut found: Vec<_> = words(part).collect();
        let last = if part.ends_with('*') { found.pop() } else { None };
        asked.extend(found.iter().map(|word| Asked { stem: stem(&stemmer, word), begins: None }));
        asked.extend(last.map(|word| Asked { stem: stem(&stemmer, &word), begins: Some(word) }));
    }
    asked
}

/// A text without accents and in lower case, by which texts are compared alike on both databases.
pub fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<_> = plain(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect::<String>())
        .collect();
    words.into_iter()
}

/// The stem of a word, by the Snowball rules for Dutch and what those leave: they take one ending at a time (molens, molen,
/// mol); spelling doubles a consonant after a short vowel (bruggen, brug) and writes v and z within a word where it ends in f
/// and s (brieven, brief; adviezen, advies); and the plural of a word in -ie is taken for one in -ies (reacties, reactie),
/// which loses its s here whatever it was. What holds a digit is a number and stays whole.
fn stem(stemmer: &Stemmer, word: &str) -> String {
    let mut stemmed = word.to_string();
    if word.contains(|character: char| character.is_ascii_digit()) {
        return stemmed;
    }
    loop {
        let shorter = stemmer.stem(&stemmed);
        if shorter.is_empty() || shorter.len() >= stemmed.len() {
            break;
        }
        stemmed = shorter.into_owned();
    }
    let mut last = stemmed.chars().rev();
    let is_doubled =
        matches!((last.next(), last.next()), (Some(one), Some(other)) if one == other && !"aeiou".contains(one));
    if is_doubled && stemmed.len() > 2 {
        stemmed.pop();
    }
    if stemmed.len() > 2 && stemmed.ends_with(['v', 'z']) {
        let last = if stemmed.ends_with('v') { 'f' } else { 's' };
        stemmed.pop();
        stemmed.push(last);
    }
    if stemmed.len() > 4 && stemmed.ends_with("ies") {
        stemmed.pop();
    }
    stemmed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_meet_whatever_their_ending_accents_and_case() {
        let found = |text: &str, question: &str| {
            let terms = terms(&[text]);
            let known: BTreeSet<_> = terms.split(' ').collect();
            asked(question).iter().all(|word| {
                let begins = |term: &&str| word.begins.as_deref().is_some_and(|begins| term.starts_with(begins));
                known.contains(word.stem.as_str()) || known.iter().any(begins)
            })
        };
        assert!(found("Reactie op de Adviezen", "advies reacties"));
        assert!(found("Eén coöperatie", "EEN cooperaties"));
        assert!(found("D2023-02-002694", "D2023-02-002694"));
        for question in ["digi*", "digitalisering*", "digitaliseringen*"] {
            assert!(found("digitalisering", question), "{question}");
        }
        assert!(found("adviezen", "adviez*") && !found("digitalisering", "digitaal*"));
        assert!(!found("digitalisering", "wonen"));
        assert!(asked("* -- \"'&|!").is_empty());
    }

    #[test]
    fn one_and_many_meet() {
        let stemmer = Stemmer::create(Algorithm::Dutch);
        for pair in "brief brieven, advies adviezen, reactie reacties, subsidie subsidies, brug bruggen, weg wegen, school scholen, \
                     proces processen, bedrijf bedrijven, gemeente gemeenten, commissie commissies, huis huizen, besluit besluiten, \
                     vergunning vergunningen, plan plannen, raad raden, netwerk netwerken, woning woningen, straat straten, \
                     beleidskader beleidskaders, provincie provincies, aanbeveling aanbevelingen, windmolen windmolens, \
                     notitie notities, verlies verliezen, aanvraag aanvragen, kans kansen, mens mensen"
            .split(", ")
        {
            let (one, many) = pair.trim().split_once(' ').unwrap();
            assert_eq!(stem(&stemmer, one), stem(&stemmer, many), "{pair}");
        }
        assert_ne!(stem(&stemmer, "brug"), stem(&stemmer, "brief"));
    }

    #[test]
    fn each_word_is_kept_once() {
        assert_eq!(terms(&["brief brieven", "Brief 2023"]), "2023 brief");
    }
}
