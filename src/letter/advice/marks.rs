//! What a line of a list begins with: its number, letter or bullet.

use std::collections::HashSet;

/// The names that a recommendation may have before its number.
const NAMES: [&str; 4] = ["aanbeveling ", "recommendation ", "empfehlung ", "advies "];

/// What stands behind a number or a letter.
const STOPS: [char; 7] = ['.', ')', ':', '°', 'º', '*', '_'];

/// The number and the text of a line that begins a list item: `1.1 Breng`, `2) Maak`, `- Stimuleer`, `Aanbeveling 3: Doe`.
pub(super) fn item(line: &str) -> Option<(Option<String>, String)> {
    let mut signs = line.chars();
    if signs.next().is_some_and(|sign| "-*+•–▪◦‣".contains(sign)) && signs.as_str().starts_with([' ', '\t']) {
        let rest = signs.as_str().trim_start();
        return item(rest).or_else(|| Some((None, rest.to_string())));
    }
    let (emphasis, token, rest) = parted(line);
    let (name, token, rest) = match name(line) {
        Some((name, line)) => {
            let (_, token, rest) = parted(line);
            (name, token, rest)
        }
        None => ("", token, rest),
    };
    let number = token.trim_end_matches(STOPS);
    let is_stopped = token.trim_end_matches(['*', '_']) != number;
    let parts: Vec<&str> = number.split('.').collect();
    let is_number =
        parts.iter().all(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let is_marked = match name {
        // "5 miljoen" is no number of a recommendation; "5." and "1.1" are.
        "" => !rest.is_empty() && (parts.len() > 1 || is_stopped) && is_number,
        "advies " => is_stopped && is_number,
        _ => is_number || is_stopped && !ordinals(number).is_empty(),
    };
    // Emphasis that goes on behind the number.
    let emphasis = if token.ends_with(['*', '_']) { "" } else { emphasis };
    is_marked.then(|| (Some(number.to_string()), format!("{emphasis}{rest}")))
}

/// The emphasis that a line begins with, its first word, and what follows.
fn parted(line: &str) -> (&str, &str, &str) {
    let text = line.trim_start_matches(['*', '_']);
    let (token, rest) = text.split_at(text.find([' ', '\t']).unwrap_or(text.len()));
    (&line[..line.len() - text.len()], token, rest.trim_start())
}

/// The name that a line begins with, and what follows.
fn name(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_start_matches(['*', '_']);
    NAMES.into_iter().find_map(|name| {
        let start = line.get(..name.len())?;
        let is_name = start.starts_with(char::is_uppercase) && start.to_lowercase() == name;
        is_name.then(|| (name, line[name.len()..].trim_start()))
    })
}

/// The mark and the text of a line that is an item only among its like: `a) Zet`, `II. Maak`, `1 Meet`, `1.1` alone.
pub(super) fn listed(line: &str) -> Option<(String, String)> {
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (emphasis, token, rest) = parted(line);
    let token = token.trim_end_matches(['*', '_']);
    let number = token.trim_start_matches('(').trim_end_matches(STOPS);
    let is_digits = number.starts_with(|sign: char| sign.is_ascii_digit());
    if ordinals(number).is_empty() && !is_dotted(number) {
        return None;
    }
    let is_listed = match (is_digits, rest.is_empty()) {
        (true, true) => is_dotted(number) || token != number,
        (true, false) => token == number && rest.starts_with(char::is_uppercase),
        (false, _) => token.ends_with(['.', ')']) && token.len() <= number.len() + 2,
    };
    is_listed.then(|| (if is_digits { number } else { token }.to_string(), format!("{emphasis}{rest}")))
}

fn is_dotted(number: &str) -> bool {
    number.contains('.')
        && number.split('.').all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The places in the text of the lines that `listed` knows and that follow each other: a, b, c or I, II, III.
pub(super) fn lists(text: &str) -> HashSet<usize> {
    let mut runs: Vec<(String, Vec<(usize, u32)>)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches("> ").trim();
        let Some((mark, rest)) = listed(line) else { continue };
        let bare = mark.trim_matches(['(', '.', ')']);
        let stop = &mark[mark.trim_end_matches(['.', ')']).len()..];
        let found = if is_dotted(bare) { vec![("dotted", 0)] } else { ordinals(bare) };
        for (kind, ordinal) in found {
            let key =
                format!("{kind}{stop}{}{}", mark.starts_with('('), bare.len() * usize::from(rest.is_empty()).min(1));
            match runs.iter_mut().find(|(known, _)| *known == key) {
                Some((_, run)) => run.push((at, ordinal)),
                None => runs.push((key, vec![(at, ordinal)])),
            }
        }
    }
    let mut places = HashSet::new();
    for (_, run) in runs {
        let mut open: Vec<(usize, u32)> = Vec::new();
        for one in run.into_iter().chain([(usize::MAX, u32::MAX)]) {
            let goes_on = open.last().is_some_and(|last| one.1 == last.1 + 1 || one.1 == 0);
            if !goes_on {
                if open.len() > 1 {
                    places.extend(open.iter().map(|(at, _)| *at));
                }
                open.clear();
            }
            if goes_on || one.1 <= 1 {
                open.push(one);
            }
        }
    }
    places
}

/// What a number or a letter may count: `i` is the ninth letter and the first Roman number.
pub(super) fn ordinals(mark: &str) -> Vec<(&'static str, u32)> {
    let mark = mark.trim_matches(['(', '.', ')']);
    if let (true, Ok(number)) = (mark.len() <= 3, mark.parse::<u32>()) {
        return vec![("1", number)];
    }
    let is_lower = mark.bytes().all(|byte| byte.is_ascii_lowercase());
    if mark.is_empty() || !(is_lower || mark.bytes().all(|byte| byte.is_ascii_uppercase())) {
        return Vec::new();
    }
    let mark = mark.to_ascii_lowercase();
    let mut found = Vec::new();
    if let [letter] = mark.as_bytes() {
        found.push((if is_lower { "a" } else { "A" }, u32::from(letter - b'a') + 1));
    }
    let roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"];
    if let Some(number) = (1..).zip(roman).find_map(|(number, roman)| (roman == mark).then_some(number)) {
        found.push((if is_lower { "i" } else { "I" }, number));
    }
    found
}

/// Whether a number comes right after another: 2 after 1, b after a, 1.3 after 1.2, 2.1 after 1.4, 1.1 after 1.
pub(super) fn follows(last: &str, number: &str) -> bool {
    let ordinals_follow = ordinals(number)
        .iter()
        .any(|(kind, number)| ordinals(last).iter().any(|(other, last)| kind == other && last + 1 == *number));
    let parts = |number: &str| number.split('.').map(str::parse::<u32>).collect::<Result<Vec<_>, _>>();
    let (Ok(last), Ok(number)) = (parts(last), parts(number)) else { return ordinals_follow };
    let Some((end, above)) = number.split_last() else { return false };
    match last.iter().zip(&number).position(|(last, number)| last != number) {
        Some(at) => number[at] == last[at] + 1 && number[at + 1..].iter().all(|&part| part == 1),
        None => above == last.as_slice() && *end == 1,
    }
}

/// Takes the emphasis from the beginning and the end of a text: pairs of which one stands there, and one that was lost.
pub(super) fn unmarked(text: &str) -> String {
    let mut text = text.trim().to_string();
    for _ in 0..8 {
        let Some((start, end)) = edge(&text) else { break };
        for range in [end, start].into_iter().flatten() {
            text.replace_range(range, "");
        }
        text = text.trim().to_string();
    }
    text
}

type Run = std::ops::Range<usize>;

/// The emphasis at an edge of a text, with its other half if it has one.
fn edge(text: &str) -> Option<(Option<Run>, Option<Run>)> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, sign) in text.char_indices().filter(|(_, sign)| matches!(sign, '*' | '_')) {
        match runs.last_mut() {
            Some(run) if run.end == at && text[run.clone()].ends_with(sign) => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    let (first, last) = (runs.first()?.clone(), runs.last()?.clone());
    let is_same = |one: &Run, other: &Run| text[one.clone()] == text[other.clone()];
    if first.start == 0 {
        let closes = |run: &&Run| is_same(run, &first) && !text[..run.start].ends_with(char::is_whitespace);
        let end = runs.iter().skip(1).find(closes).cloned();
        return Some((Some(first), end));
    }
    if last.end == text.len() {
        let opens = |run: &&Run| is_same(run, &last) && !text[run.end..].starts_with(char::is_whitespace);
        // Those before may be pairs of their own.
        let before: Vec<&Run> = runs[..runs.len() - 1].iter().filter(opens).collect();
        let start = before.last().filter(|_| before.len() % 2 == 1).map(|run| (*run).clone());
        return Some((start, Some(last)));
    }
    None
}
