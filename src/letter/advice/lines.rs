//! The lines of a letter of advice, as blocks: hard line breaks are taken out, whichever program put them there.

use super::marks::{follows, item, listed, lists, unmarked};

/// A block of the text.
pub(super) enum Block {
    /// A heading with its level.
    Heading(usize, String),
    /// An item of a list, with its number if it has one.
    Item(Option<String>, String),
    /// Running text.
    Paragraph {
        /// The text.
        text: String,
        /// Whether it stands farther from the edge, as what belongs to an item does.
        indented: bool,
    },
    /// The heading of an answer: what is recommended ends here.
    End,
}

/// What stands above an answer, in a text that leaves room for it or has it already.
const ANSWERS: [&str; 6] = ["onze reactie", "reactie", "reactie gs", "antwoord", "our response", "unsere antwort"];

/// What a letter ends with.
const CLOSINGS: [&str; 12] = [
    "met vriendelijke groet",
    "met hartelijke groet",
    "met hoogachting",
    "hoogachtend",
    "met de meeste hoogachting",
    "wij zien uw reactie",
    "we zien uw reactie",
    "graag lichten wij",
    "yours sincerely",
    "yours faithfully",
    "kind regards",
    "mit freundlichen grüßen",
];

/// Words that recommend, or the beginnings and ends of such.
const WORDS: [&str; 19] = [
    "aanbevel",
    "bevelen",
    "beveelt",
    "adviseer",
    "adviseren",
    "raden wij",
    "raden we",
    "wij raden",
    "we raden",
    "raadt",
    "roepen wij",
    "wij roepen",
    "roept",
    "pleit",
    "verzoeken",
    "stellen wij voor",
    "wij stellen voor",
    "recommend",
    "empfehl",
];

/// A line of so many characters may have been broken by a program.
const FULL: std::ops::RangeInclusive<usize> = 60..=120;

/// A line in bold letters that is longer than this is no heading.
const LONGEST_HEADING: usize = 120;

/// The blocks of a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let is_spaced = is_spaced(text);
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    let mut is_after_blank = false;
    let mut last = 0;
    let places = lists(text);
    for (at, raw) in text.lines().enumerate() {
        let line = raw.trim().trim_start_matches("> ").trim();
        let bare = line.trim_matches(['*', '_', ' ']);
        if line.is_empty() || line == ">" {
            is_after_blank = true;
            continue;
        }
        // The number of a page.
        if bare.bytes().all(|byte| byte.is_ascii_digit()) && !bare.is_empty() {
            continue;
        }
        let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
        let is_bold = line.starts_with("**")
            && line.ends_with("**")
            && !bare.contains("**")
            && bare.chars().count() <= LONGEST_HEADING;
        let length = raw.trim().chars().count();
        if bare.chars().all(|sign| matches!(sign, '-' | '>')) {
            // A rule.
            is_open = false;
        } else if ANSWERS
            .contains(&bare.trim_start_matches(['#', ' ']).trim_end_matches([':', '*', '_']).to_lowercase().as_str())
        {
            blocks.push(Block::End);
            is_open = false;
        } else if (is_bold && line.len() > 4) || ((1..=6).contains(&hashes) && line[hashes..].starts_with(' ')) {
            blocks.push(Block::Heading(hashes.max(1), unmarked(&line[hashes..])));
            is_open = false;
        } else if let Some((number, rest)) = places
            .contains(&at)
            .then(|| listed(line).map(|(mark, rest)| (Some(mark), rest)))
            .flatten()
            .or_else(|| item(line))
            .filter(|(number, rest)| {
                let is_open = is_open && !is_after_blank;
                !(is_open && number.as_ref().is_some_and(|number| is_amount(blocks.last(), number, rest)))
            })
        {
            blocks.push(Block::Item(number, rest));
            is_open = true;
        } else if let (true, Some(Block::Item(_, text) | Block::Paragraph { text, .. })) = (is_open, blocks.last_mut())
            && (!is_after_blank
                || FULL.contains(&last) && !ends_sentence(text) && (is_spaced || bare.starts_with(char::is_lowercase)))
        {
            // A word that was broken at its own hyphen.
            let is_broken = text.ends_with('-') && !text.ends_with(" -") && line.starts_with(char::is_lowercase);
            if !text.is_empty() && !is_broken {
                text.push(' ');
            }
            text.push_str(line);
        } else {
            let indented = raw.starts_with("  ") || raw.starts_with('\t');
            blocks.push(Block::Paragraph { text: line.to_string(), indented });
            is_open = true;
        }
        (is_after_blank, last) = (false, length);
    }
    for block in &mut blocks {
        if let Block::Item(_, text) | Block::Paragraph { text, .. } = block {
            *text = unmarked(text);
        }
    }
    blocks
}

/// Whether a number belongs to the sentence of the line before: "… groeit met" and "3.5 procent".
fn is_amount(last: Option<&Block>, number: &str, rest: &str) -> bool {
    let (before, text) = match last {
        Some(Block::Item(before, text)) => (before.as_deref(), text),
        Some(Block::Paragraph { text, .. }) => (None, text),
        _ => return false,
    };
    let is_next = before.is_some_and(|before| follows(before, number));
    number.contains('.') && rest.starts_with(char::is_lowercase) && !text.is_empty() && !ends_sentence(text) && !is_next
}

/// Whether a text has an empty line below each of its lines, as what is copied from a PDF may have: sentences go on over
/// them, again and again.
fn is_spaced(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let goes_on = |three: &&[&str]| {
        FULL.contains(&three[0].chars().count())
            && !ends_sentence(three[0])
            && three[1].is_empty()
            && three[2].starts_with(char::is_lowercase)
    };
    lines.windows(3).filter(goes_on).count() >= 10
}

pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '\'', '’', ')', '*', '_', ' ']).ends_with(['.', ':', ';', '!', '?'])
}

/// Whether a paragraph begins the end of a letter: below it are signatures.
pub(super) fn is_closing(text: &str) -> bool {
    let text = text.to_lowercase();
    CLOSINGS.iter().any(|closing| text.starts_with(closing))
}

/// Whether a paragraph is the salutation of a letter.
pub(super) fn is_salutation(text: &str) -> bool {
    let starts = ["Geachte ", "Geacht ", "Beste ", "Dear ", "Sehr geehrte"];
    text.ends_with(',') && text.chars().count() < 100 && starts.iter().any(|start| text.starts_with(start))
}

/// Whether a text says that it recommends something.
pub(super) fn recommends(text: &str) -> bool {
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether a heading stands above all recommendations: "Aanbevelingen", "Conclusies en aanbevelingen".
pub(super) fn is_title(text: &str) -> bool {
    let lower = text.to_lowercase();
    let names = ["aanbevelingen", "adviezen", "recommendations", "empfehlungen"];
    text.split_whitespace().count() <= 6 && names.iter().any(|name| lower.contains(name)) && !text.ends_with(['.', '?'])
}

/// Whether a paragraph can be a sentence, and not a name or a line of an address.
pub(super) fn is_sentence(text: &str) -> bool {
    ends_sentence(text) || text.chars().count() >= 40
}
