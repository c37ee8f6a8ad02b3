//! The thousand rows, from a fixed seed: right ones with hard texts, and every mistake among them.

use std::collections::BTreeMap;

use super::mistakes::{Kind, MISTAKES};
use super::strings::{UNFIT, texts};
use super::table::{COLUMNS, Row, key};

/// How many rows there are.
pub const ROWS: usize = 1_000;

/// The columns that get the same text in one row, by the kind of recipient; together all that a letter shows.
const GROUPS: [(Kind, &[&str]); 7] = [
    (Kind::Organisation, &["organisatie", "regio", "uw_kenmerk"]),
    (Kind::Organisation, &["straat", "huisnummer", "netwerk", "opmerking"]),
    (Kind::Organisation, &["ter_attentie_van", "plaats", "thema", "aanhef"]),
    (Kind::Person, &["voorletters", "tussenvoegsel", "zaaknummer"]),
    (Kind::Person, &["titel", "achternaam", "postbus", "onderwerp"]),
    (Kind::Abroad, &["postcode", "land", "straat"]),
    (Kind::ByEmail, &["organisatie", "functie", "achternaam", "email"]),
];

/// How many rows repeat another.
const DOUBLES: usize = 4;

/// Days as tables have them, and as a letter writes them.
const DAYS: [(&str, &str); 6] = [
    ("2022-12-01", "1 december 2022"),
    ("1-12-2022", "1 december 2022"),
    ("01/12/2022", "1 december 2022"),
    ("1 dec. 2022", "1 december 2022"),
    ("3 Maart 2022", "3 maart 2022"),
    ("2022-03-03T10:30", "3 maart 2022"),
];

/// A small generator of numbers that look random, the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        (1..items.len()).rev().for_each(|at| items.swap(at, self.below(at + 1)));
    }
}

/// The lines below the header: the rows, with some empty lines between them.
pub fn lines() -> Vec<Option<Row>> {
    let mut dice = Dice(2023);
    let mut number = 0;
    let mut recipient = |kind: Kind| {
        number += 1;
        kind.recipient(number)
    };
    let mut rows = hard(&mut recipient);
    rows.extend(mistaken(&mut recipient));
    rows.extend(unfit(&mut recipient));
    rows.extend(pointed_out(&mut recipient));
    let plain = plain(&rows, &mut recipient);
    // What is left are recipients like any other.
    while rows.len() + plain.len() + DOUBLES < ROWS {
        let mut row = recipient(Kind::ALL[dice.below(4)]);
        let (day, shown) = DAYS[dice.below(DAYS.len())];
        row.put("uw_brief", day);
        row.shown.push(("uw_brief", shown.into()));
        rows.push(row);
    }
    dice.shuffle(&mut rows);
    rows.extend(plain);
    let mut lines: Vec<_> = rows.into_iter().map(Some).collect();
    for _ in 0..5 {
        lines.insert(dice.below(ROWS / 2), None);
    }
    lines.extend(doubles(&lines).map(Some));
    lines
}

/// Rows that are right, with every hard text in every column that a letter shows.
fn hard(recipient: &mut dyn FnMut(Kind) -> Row) -> Vec<Row> {
    let mut rows = Vec::new();
    for (text, (kind, columns)) in texts().flat_map(|text| GROUPS.iter().map(move |group| (text, group))) {
        let mut row = recipient(*kind);
        for column in *columns {
            match *column {
                "email" => row.put(column, &(email_name(text) + row.get(column))),
                _ => row.put(column, text),
            }
        }
        rows.push(with_code(row));
    }
    rows
}

/// Rows that repeat one above, more or less.
fn doubles(lines: &[Option<Row>]) -> [Row; DOUBLES] {
    let again = |is_like: &dyn Fn(&Row) -> bool, change: &dyn Fn(&mut Row), (code, column): (&str, &str)| {
        let mut fine = lines.iter().flatten().filter(|row| row.refused.is_empty() && row.warned.is_empty());
        let mut row = fine.find(|row| is_like(row)).expect("such a row").clone();
        change(&mut row);
        row.warned(code, column)
    };
    let by_post = |row: &Row| row.get("organisatie").starts_with("Netwerk") && row.get("land").is_empty();
    let by_email = |row: &Row| row.get("organisatie") == "IKT" && row.get("email").starts_with('a');
    let in_capitals = |row: &mut Row, column: &str| {
        let text = row.get(column).to_uppercase().replace(' ', " - ");
        row.put(column, &text);
    };
    let (same, email) = (("mail-double", ""), ("mail-double-email", "email"));
    [
        again(&by_post, &|_| {}, same),
        again(&by_post, &|row| in_capitals(row, "organisatie"), same),
        again(&by_email, &|row| in_capitals(row, "email"), email),
        again(&by_email, &|row| row.put("organisatie", "Anders"), email),
    ]
}

/// As much of a text as the name of an e-mail address can hold.
fn email_name(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"@<>(),;:\"[]\\".contains(*c)).collect()
}

/// The row, which goes without PostNL's code where there can't be one.
fn with_code(row: Row) -> Row {
    let column = if row.get("postbus").is_empty() { "huisnummer" } else { "postbus" };
    if has_code(&row) { row } else { row.warned("mail-no-kix", column) }
}

/// Whether PostNL's code can be made of an address, or it has none anyway: what a house or box number begins with, or has
/// after words, is a number, of which a house may have a suffix.
fn has_code(row: &Row) -> bool {
    if !row.get("land").is_empty() || row.get("plaats").is_empty() {
        return true;
    }
    let (house, postbox) = (row.get("huisnummer"), row.get("postbus"));
    let text = if postbox.is_empty() { house } else { postbox.trim_start_matches(|c: char| !c.is_ascii_digit()) };
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let suffix: String = text[digits..].chars().filter(|c| c.is_alphanumeric()).collect();
    let is_number = text[..digits].parse::<u32>().is_ok_and(|number| (1..=99_999).contains(&number));
    is_number && suffix.is_ascii() && suffix.len() < 7 && (postbox.is_empty() || suffix.is_empty())
}

/// Every mistake, in a row that is right otherwise and in one with hard texts.
fn mistaken(recipient: &mut dyn FnMut(Kind) -> Row) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut hard = texts().filter(|text| text.len() < 20).cycle();
    for mistake in &MISTAKES {
        let mut plain = recipient(mistake.kind);
        mistake.cells.iter().for_each(|(column, text)| plain.put(column, text));
        let mut other = recipient(mistake.kind);
        ["regio", "netwerk", "thema", "onderwerp", "opmerking"]
            .iter()
            .for_each(|column| other.put(column, hard.next().expect("no end")));
        mistake.cells.iter().for_each(|(column, text)| other.put(column, text));
        for row in [plain, other] {
            rows.push(mistake.found.iter().fold(row, |row, (code, column)| row.refused(code, column)));
        }
    }
    rows
}

/// Every character that is refused, in the columns by turns.
fn unfit(recipient: &mut dyn FnMut(Kind) -> Row) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, (text, code)) in UNFIT.into_iter().enumerate() {
        for (kind, columns) in GROUPS.iter().skip(at % 3).step_by(3) {
            let column = columns[at % columns.len()];
            let mut row = recipient(*kind);
            row.put(column, text);
            row = row.refused(code, &key(column));
            rows.push(if column == "email" { row.refused("email-invalid", column) } else { row });
        }
    }
    rows
}

/// Rows that are right, and of which something is said all the same.
fn pointed_out(recipient: &mut dyn FnMut(Kind) -> Row) -> Vec<Row> {
    let mut changed = |kind: Kind, column: &str, text: &str, code: &str, key: &str| {
        let mut row = recipient(kind).warned(code, key);
        row.put(column, text);
        row
    };
    let long = "een netwerk met een heel lange omschrijving ".repeat(40);
    vec![
        changed(Kind::Person, "aanspreekvorm", "", "mail-form-unknown", "aanspreekvorm"),
        changed(Kind::Abroad, "aanspreekvorm", " ", "mail-form-unknown", "aanspreekvorm"),
        changed(Kind::Organisation, "huisnummer", "t.o. 3", "mail-no-kix", "huisnummer"),
        changed(Kind::Organisation, "huisnummer", "123456", "mail-no-kix", "huisnummer"),
        changed(Kind::Person, "postbus", "10078 a", "mail-no-kix", "postbus"),
        changed(Kind::Organisation, "netwerk", &long, "mail-more-pages", ""),
    ]
}

/// For each shape of the rows that are right, one that fills the same cells with words of its own.
fn plain(rows: &[Row], recipient: &mut dyn FnMut(Kind) -> Row) -> Vec<Row> {
    // The recipients that are still to come hold nothing but these.
    let mut others: Vec<Row> = Kind::ALL.into_iter().flat_map(|kind| [kind; 6].map(&mut *recipient)).collect();
    others.iter_mut().for_each(|row| row.put("uw_brief", DAYS[0].0));
    let all = rows.iter().chain(&others).filter(|row| row.refused.is_empty());
    let shapes: BTreeMap<Shape, &Row> = all.map(|row| (shape(row), row)).collect();
    shapes.into_values().enumerate().map(|(number, row)| stand_in(row, number)).collect()
}

/// A word that stands for the value of a column, in the row with this number among those that hold such words.
pub fn word(column: &str, number: usize) -> String {
    match column {
        "email" => format!("qemail{number}@example.nl"),
        "uw_brief" => "1 januari 2001".into(),
        _ => format!("q{}{number}z", column.replace('_', "")),
    }
}

/// A row of the same shape that holds such words.
fn stand_in(like: &Row, number: usize) -> Row {
    let mut row = Row::new(&[]);
    row.stands_in = Some(number);
    for column in COLUMNS {
        let domestic = column == "postcode" && like.get("land").is_empty();
        match column {
            "aanspreekvorm" => row.put(column, like.get(column)),
            "onderwerp" => row.put(column, &word(column, number)),
            _ if like.get(column).trim().is_empty() => {}
            // What stands there must be right.
            _ if domestic => row.put(column, &format!("7{number:03} QZ")),
            _ => row.put(column, &word(column, number)),
        }
    }
    let is_unsaid = row.get("aanspreekvorm").trim().is_empty() && !row.get("achternaam").is_empty();
    with_code(if is_unsaid { row.warned("mail-form-unknown", "aanspreekvorm") } else { row })
}

/// What rows have in common whose letters differ in their values only: the cells that are filled, the form of address,
/// and whether the letter goes abroad.
pub type Shape = (Vec<bool>, String, bool);

/// The shape of a row.
pub fn shape(row: &Row) -> Shape {
    // Nothing of these is to be seen.
    let is_seen = |column: &str| column != "opmerking" && column != "email" && column != "onderwerp";
    let filled = COLUMNS.iter().filter(|column| is_seen(column)).map(|column| !row.get(column).trim().is_empty());
    let form = row.get("aanspreekvorm").to_lowercase();
    let form = if form.starts_with('m') {
        "mevrouw"
    } else if form.contains('h') {
        "heer"
    } else {
        form.as_str()
    };
    (filled.collect(), form.to_string(), row.get("land").is_empty())
}
