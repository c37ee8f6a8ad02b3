//! Where things stand on the page, measured with MuPDF.

use postkamer::error::Error;
use serde_json::Value as Json;

use crate::conformance;
use crate::outside::{Pile, name_of, script};
use crate::paper::{Desk, KENMERK, given};
use crate::support::{Workspace, example_letters};
use crate::text_values::TEMPLATES;

/// A word and its box in millimetres; from the height of small letters to the baseline.
#[derive(Debug, Clone)]
struct Word {
    left: f64,
    top: f64,
    right: f64,
    base: f64,
    text: String,
}

type Page = Vec<Word>;

/// The pages of every PDF; none where MuPDF is missing.
fn measure(pile: &Pile) -> Option<Vec<Vec<Page>>> {
    let word = |word: &Json| {
        let edge = |at: usize| word[at].as_f64().expect("a number");
        let text = word[4].as_str().expect("a text").to_string();
        Word { left: edge(0), top: edge(1), right: edge(2), base: edge(3), text }
    };
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let read = script("words.py", &[], &pile.files)?;
    let pages = |letter: &Json| list(letter).iter().map(|page| list(page).iter().map(word).collect()).collect();
    Some(list(&read).iter().map(pages).collect())
}

/// The words by line, by their baselines.
fn lines(words: &[Word]) -> Vec<(f64, String)> {
    let mut words = words.to_vec();
    words.sort_by(|one, other| one.base.total_cmp(&other.base).then(one.left.total_cmp(&other.left)));
    let mut lines: Vec<(f64, Vec<Word>)> = Vec::new();
    for word in words {
        match lines.last_mut().filter(|(base, _)| (word.base - base).abs() < 0.6) {
            Some((_, line)) => line.push(word),
            None => lines.push((word.base, vec![word])),
        }
    }
    let text = |mut line: Vec<Word>| {
        line.sort_by(|one, other| one.left.total_cmp(&other.left));
        line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    lines.into_iter().map(|(base, line)| (base, text(line))).collect()
}

fn within(page: &[Word], left: f64, top: f64, right: f64, bottom: f64) -> Page {
    let inside = |word: &&Word| word.left >= left && word.right <= right && word.top >= top && word.base <= bottom;
    page.iter().filter(inside).cloned().collect()
}

/// Nothing stands on anything else or outside the margins, and later pages say which page they are.
fn check_pages(name: &str, pages: &[Page]) {
    for (at, page) in pages.iter().enumerate() {
        for word in page {
            let inside = word.left > 34.5 && word.right < 198.5 && word.top > 12.0 && word.base < 290.0;
            assert!(inside, "{name}, page {}: {word:?} stands in the margin", at + 1);
        }
        for (index, word) in page.iter().enumerate() {
            for other in &page[index + 1..] {
                let across = word.right.min(other.right) - word.left.max(other.left);
                let down = word.base.min(other.base) - word.top.max(other.top);
                assert!(across < 0.3 || down < 0.3, "{name}, page {}: {word:?} on {other:?}", at + 1);
            }
        }
        if at > 0 {
            let head = lines(&within(page, 0.0, 0.0, 210.0, 28.0));
            let numbers = ["van", "of", "von"].map(|of| format!(" {} {of} {}", at + 1, pages.len()));
            let line = head.last().map(|(_, line)| line.as_str()).unwrap_or_default();
            assert!(numbers.iter().any(|number| line.ends_with(number)), "{name}: {head:?}");
            let is_numbered = line.starts_with(&format!("Kenmerk {KENMERK} Pagina"));
            assert!(is_numbered || !name.starts_with("gs-brief-nl"), "{name}: {line}");
        }
    }
}

#[test]
fn example_letters_fit_the_window_and_the_reference_line() {
    let desk = Desk::new();
    let mut pile = Pile::new();
    for letter in example_letters() {
        pile.add(&letter.replace(['/', '.'], "-"), &desk.pdf_of(&letter, given()).expect("an example is in order"));
    }
    let Some(all) = measure(&pile) else { return };
    for (file, pages) in pile.files.iter().zip(all) {
        let name = name_of(file);
        check_pages(&name, &pages);
        let first = &pages[0];
        // The address: in the window of the envelope, centred on 63.5 mm, nothing else near it.
        let near = within(first, 30.0, 36.0, 124.0, 91.0);
        let (left, right) = (35.0, 105.0);
        assert!(near.iter().all(|word| word.left >= left - 0.2 && word.right <= right), "{name}: {near:?}");
        let address = lines(&near);
        assert!((3..=6).contains(&address.len()), "{name}: {address:?}");
        // A line is 12.5 pt high; its baseline lies 9.2 pt below its top.
        let line = 12.5 * 25.4 / 72.0;
        let middle = (address[0].0 + address[address.len() - 1].0) / 2.0 - 9.2 / 12.5 * line + line / 2.0;
        assert!((middle - 63.5).abs() < 0.5, "{name}: centred on {middle}: {address:?}");
        // The reference line: its headings at 98 mm, one row of values, then space.
        let reference = lines(&within(first, 0.0, 98.0, 210.0, 114.0));
        assert_eq!(reference.len(), 2, "{name}: {reference:?}");
        assert!((98.0..103.0).contains(&reference[0].0), "{name}: {reference:?}");
        assert!(within(first, 0.0, 92.0, 210.0, 98.0).is_empty(), "{name}");
    }
}

/// A letter whose body has that many lines, more or less, in paragraphs of several sizes.
fn letter(template: &str, lines: usize, shape: usize) -> String {
    let words = "Dit is een regel tekst die op de bladzijde ongeveer een hele regel vult, en niet veel meer. ";
    let mut body = String::new();
    let (mut left, mut turn) = (lines, shape);
    while left > 0 {
        let size = [3, 1, 6, 2][turn % 4].min(left);
        let start = match shape % 3 {
            1 if turn % 5 == 2 => "- ",
            2 if turn % 3 == 0 => "# Kop\n\n",
            _ => "",
        };
        body += &format!("{start}{}\n\n", words.repeat(size).trim_end());
        (left, turn) = (left - size, turn + 1);
    }
    let lists = if shape.is_multiple_of(2) { "verzonden_aan = ['a@example.nl', 'b@example.nl']\n" } else { "" };
    with_body(template, lists, &body)
}

fn with_body(template: &str, lists: &str, body: &str) -> String {
    let own = if template == "uitnodiging" {
        "bijeenkomst = 2023-03-01\naanvang = '10 uur'\nlocatie = 'Zwolle'\nondertekening = 'uitnodiging'\n"
    } else {
        "ondertekening = 'gs'\n"
    };
    format!(
        "+++\nsjabloon = '{template}'\nonderwerp = 'Proef'\nzaaknummer = '2023-1'\ninlichtingen_bij = 'bom'\n{own}{lists}\
         [ontvanger]\norganisatie = 'Gemeente Zwolle'\n+++\n\n{body}"
    )
}

/// A table of amounts with that many columns.
fn amounts(columns: usize) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let filled = |first: &str, cell: &dyn Fn(usize) -> String| {
        row(&std::iter::once(first.to_string()).chain((1..columns).map(cell)).collect::<Vec<_>>())
    };
    let mut table = filled("Programma", &|column| (2026 + column).to_string());
    table += &filled("---", &|_| "---:".into());
    (0..4).for_each(|_| table += &filled("Wegen en verkeer", &|_| "€ 1.250.000,00".into()));
    table
}

#[test]
fn amounts_never_stand_on_each_other() {
    let desk = Desk::new();
    let text =
        |columns: usize, more: &str| with_body("gs-brief", "", &format!("Zie de tabel.\n\n{}{more}", amounts(columns)));
    let mut pile = Pile::new();
    for columns in 3..=8 {
        // In the middle of a letter, and tied to the signatures at its end.
        for (name, more) in [("midden", "\nTekst na de tabel.\n"), ("slot", "")] {
            let pdf = desk.pdf(&text(columns, more)).unwrap_or_else(|error| panic!("{columns} columns: {error:?}"));
            pile.add(&format!("bedragen-{name}-{columns}"), &pdf);
        }
    }
    // With more, nothing is small enough.
    for columns in [9, 12] {
        let letter = text(columns, "");
        let line = letter.lines().position(|line| line.starts_with("| Programma")).expect("a table") + 1;
        let Err(Error::Refused(found)) = desk.pdf(&letter) else { panic!("{columns} columns are not refused") };
        let found: Vec<_> = found.iter().map(|one| (one.code, one.place.as_ref().map(|place| place.line()))).collect();
        assert_eq!(found, [("table-too-wide", Some(line))], "{columns} columns");
    }
    let Some(all) = measure(&pile) else { return };
    for (file, pages) in pile.files.iter().zip(all) {
        check_pages(&name_of(file), &pages);
    }
}

/// The closing is on the page of the signatures with two lines of text above it, and no page but the last is nearly
/// empty.
fn check_closing(template: &str, name: &str, pages: &[Page]) {
    let place = |text: &str| {
        pages.iter().enumerate().find_map(|(at, page)| {
            let line = lines(page).into_iter().find(|(_, line)| line.starts_with(text))?;
            Some((at, line.0))
        })
    };
    let closing = place("Met vriendelijke").unwrap_or_else(|| panic!("{name}: no closing"));
    let role = if template == "uitnodiging" { "projectleider" } else { "voorzitter" };
    let signed = place(role).unwrap_or_else(|| panic!("{name}: no signature"));
    assert_eq!(closing.0, signed.0, "{name}: the closing is on another page");
    if closing.0 > 0 {
        let above = lines(&within(&pages[closing.0], 0.0, 28.0, 210.0, closing.1 - 1.0));
        assert!(above.len() >= 2, "{name}: the closing stands with {above:?}");
    }
    for (at, page) in pages.iter().enumerate().take(pages.len() - 1) {
        // The foot of a first page holds the sender in some letterheads.
        let lowest = page.iter().map(|word| word.base).filter(|base| *base < 268.0).fold(0.0, f64::max);
        assert!(lowest > 170.0, "{name}: page {} ends at {lowest} mm", at + 1);
    }
}

#[test]
fn signatures_never_stand_alone() {
    let desk = Desk::new();
    for (template, _) in TEMPLATES {
        let mut pile = Pile::new();
        for lines in (1..10).step_by(4).chain(10..30).chain((30..120).step_by(5)) {
            let pdf = desk.pdf(&letter(template, lines, lines)).unwrap_or_else(|error| panic!("{lines}: {error:?}"));
            pile.add(&format!("{template}-{lines:03}"), &pdf);
        }
        let Some(all) = measure(&pile) else { return };
        let mut pages_seen = 0;
        for (file, pages) in pile.files.iter().zip(all) {
            let name = name_of(file);
            check_pages(&name, &pages);
            pages_seen = pages_seen.max(pages.len());
            check_closing(template, &name, &pages);
        }
        assert!((3..=5).contains(&pages_seen), "{template}: {pages_seen} pages");
    }
}

#[test]
fn long_lists_below_the_signatures_do_not_take_the_closing_along() {
    let desk = Desk::new();
    let lists =
        "verzonden_aan = ['a@example.nl', 'b@example.nl', 'c@example.nl']\nkopie_aan = ['Gemeente A', 'Gemeente B']\n";
    let mut pile = Pile::new();
    for lines in 9..=14 {
        let body = format!("{}\n\n{}", LINE.repeat(3), LINE.repeat(lines - 3));
        let pdf = desk.pdf(&with_body("gs-brief", lists, &body)).unwrap_or_else(|error| panic!("{lines}: {error:?}"));
        pile.add(&format!("lijsten-{lines}"), &pdf);
    }
    let Some(all) = measure(&pile) else { return };
    for (file, pages) in pile.files.iter().zip(all) {
        let name = name_of(file);
        check_pages(&name, &pages);
        check_closing("gs-brief", &name, &pages);
        let first = lines(&pages[0]);
        assert!(first.iter().any(|(_, line)| line.starts_with("Met vriendelijke")), "{name}: {first:?}");
        let second = pages.get(1).map(|page| lines(page)).unwrap_or_default();
        assert!(second.iter().any(|(_, line)| line.starts_with("Gemeente B")), "{name}: {second:?}");
    }
}

/// What a letter can end in, besides a paragraph: a name, and that many items of it.
type Ending = (&'static str, fn(usize) -> String);

const ENDINGS: [Ending; 7] = [
    ("list", |count| each(count, |at| format!("- Punt {at} van de lijst\n"))),
    ("long list", |count| each(count, |at| format!("- Punt {at}: {LINE}\n"))),
    ("numbers", |count| each(count, |at| format!("{at}. Punt {at}{}\n\n", [", kort", LINE, ""][at % 3]))),
    ("nested", |count| each(count, |at| format!("{}- Punt {at}\n", if at % 4 == 1 { "" } else { "  " }))),
    ("quote", |count| each(count, |at| format!("> 1.{at} {}\n>\n", LINE.repeat(1 + at % 3)))),
    ("table", |count| "| Nr | Bedrag |\n|--|--:|\n".to_string() + &each(count, |at| format!("| {at} | € 12 |\n"))),
    ("code", |count| format!("~~~\n{}~~~\n", each(count, |at| format!("regel {at}\n")))),
];

const LINE: &str = "dit is een regel tekst die op de bladzijde ongeveer een hele regel vult, en niet veel meer. ";

fn each(count: usize, item: impl Fn(usize) -> String) -> String {
    (1..=count).map(item).collect()
}

#[test]
fn a_last_list_or_table_flows_over_the_pages() {
    let desk = Desk::new();
    for (turn, (template, _)) in TEMPLATES.iter().enumerate() {
        let mut pile = Pile::new();
        for (shape, (ending, items)) in ENDINGS.iter().enumerate() {
            for count in (1..=60).skip((2 * turn + shape) % 7).step_by(7) {
                let body = format!("Wij bevelen u het volgende aan:\n\n{}", items(count));
                let pdf = desk.pdf(&with_body(template, "", &body));
                pile.add(
                    &format!("{template}-{ending}-{count}"),
                    &pdf.unwrap_or_else(|error| panic!("{ending}: {error:?}")),
                );
            }
        }
        let Some(all) = measure(&pile) else { return };
        for (file, pages) in pile.files.iter().zip(all) {
            check_pages(&name_of(file), &pages);
            check_closing(template, &name_of(file), &pages);
        }
    }
}

/// Settings in which the sender, a contact and a signatory have that name.
fn long_settings(files: &Workspace, name: &str) -> String {
    let text = files.read("postkamer.toml").replace("\"Provincie Overijssel\"", &format!("\"{name}\""));
    let text = text.replace("postbus@overijssel.nl", &format!("{}@example.nl", "postbus".repeat(4)));
    text.replace("M. Bom", &format!("M. {name}")).replace("A.P. Heidema", name)
}

#[test]
fn long_values_stay_in_their_places() {
    let organisation = "Gemeenschappelijke Regeling Samenwerkingsverband Belastingen Noord-Oost Overijssel ";
    let organisation = organisation.repeat(2)[..80].trim().to_string();
    let word = "Arbeidsongeschiktheidsverzekeringsmaatschappij".repeat(2)[..80].to_string();
    let subject = "Reactie op uw brief over de samenwerking in de regio ".repeat(6)[..300].trim().to_string();
    let long = "D2023/02/002694-AFD.RUIMTE-EN-ECONOMIE";
    let mut pile = Pile::new();
    for (kind, name) in [("words", organisation.as_str()), ("word", &word)] {
        let desk = Desk::changed(|files| files.write("postkamer.toml", long_settings(files, name)));
        for (template, _) in TEMPLATES {
            let sent = (0..10).map(|at| format!("'naam{at}@{}example.nl'", "sub.".repeat(at * 3))).collect::<Vec<_>>();
            let text = letter(template, 30, 0)
                .replace("'Proef'", &format!("'{subject}'"))
                .replace("'2023-1'", &format!("'{long}'"));
            let text = text.replace("'Gemeente Zwolle'", &format!("'{name}'\nter_attentie_van = '{name}'\nstraat = 'Grote Kerkplein'\nhuisnummer = '1'\npostcode = '8000 GB'\nplaats = 'Zwolle'"));
            let text = text.replace("['a@example.nl', 'b@example.nl']", &format!("[{}]", sent.join(", ")));
            let text = text.replace(
                "zaaknummer",
                &format!("kenmerk = '{long}'\nuw_kenmerk = '{long}'\nuw_brief = 2023-01-02\nbijlagen = 12\nzaaknummer"),
            );
            let pdf = desk.pdf(&text).unwrap_or_else(|error| panic!("{template} {kind}: {error:?}"));
            pile.add(&format!("{template}-{kind}"), &pdf);
        }
    }
    let Some(all) = measure(&pile) else { return };
    for (file, pages) in pile.files.iter().zip(all) {
        check_pages(&name_of(file), &pages);
    }
}

#[test]
fn a_word_wider_than_its_column_breaks() {
    let word = "Aansprakelijkheidswaardevaststellingsveranderingen".repeat(2);
    let code = "d41d8cd98f00b204e9800998ecf8427e".repeat(3);
    let nothing = "a".repeat(120);
    let body = format!(
        "- {word}\n  - {word}\n\n> {word}\n\n# {word}\n\nTekst en {word}, {code} en {nothing}[^1].\n\n\
         | Een | Twee | {word} |\n|---|---|---|\n| {code} | {nothing} | jan@organisatie.afdeling.example.nl |\n\n\
         ~~~\n{code}\n~~~\n\n1. {nothing}\n\n[^1]: {word}\n"
    );
    let desk = Desk::new();
    let mut pile = Pile::new();
    for (template, _) in TEMPLATES {
        let text = with_body(template, "", &body).replace("'Proef'", &format!("'{word} en {code}'"));
        pile.add(template, &desk.pdf(&text).unwrap_or_else(|error| panic!("{template}: {error:?}")));
    }
    let Some(all) = measure(&pile) else { return };
    for (file, pages) in pile.files.iter().zip(all) {
        check_pages(&name_of(file), &pages);
        for word in pages.iter().flatten().filter(|word| word.top > 115.0 && word.base < 268.0) {
            assert!(word.right < 181.0, "{}: {word:?}", name_of(file));
        }
    }
}

#[test]
fn in_a_full_reference_line_only_the_longest_value_wraps() {
    let desk = Desk::new();
    let mut pile = Pile::new();
    let own = "uw_kenmerk = 'Z23-45678/UIT-2023-1234'\nuw_brief = 2023-01-02\nbijlagen = 12\n";
    for (template, _) in TEMPLATES {
        let text = with_body(template, own, "- Punt").replace("'2023-1'", "'2023-003015'");
        pile.add(template, &desk.pdf(&text).unwrap_or_else(|error| panic!("{template}: {error:?}")));
    }
    let Some(all) = measure(&pile) else { return };
    for (file, pages) in pile.files.iter().zip(all) {
        let name = name_of(file);
        check_pages(&name, &pages);
        let reference = within(&pages[0], 0.0, 98.0, 210.0, 118.0);
        for value in ["21.02.2023", "02.01.2023", KENMERK, "2023-003015"] {
            let part = |word: &&Word| word.text.len() > 2 && value.starts_with(&word.text) && word.text != value;
            let broken: Vec<_> = reference.iter().filter(part).collect();
            assert!(broken.is_empty(), "{name}: {broken:?}");
        }
        // A list that comes first keeps its distance from the salutation.
        let place =
            |text: &str| lines(&pages[0]).into_iter().find(|(_, line)| line.contains(text)).map(|(base, _)| base);
        let (salutation, item) = (place("Geachte").expect("a salutation"), place("Punt").expect("an item"));
        assert!((item - salutation - 2.0 * 13.0 * 25.4 / 72.0).abs() < 0.5, "{name}: {salutation} and {item}");
    }
}

#[test]
fn letters_of_all_kinds_have_a_place_for_everything() {
    let pile = conformance::pile();
    let Some(all) = measure(&pile) else { return };
    for (file, pages) in pile.files.iter().zip(all) {
        check_pages(&name_of(file), &pages);
    }
}
