//! PostNL's KIX code: the right bars, of the right measures, and only where a template asks for them.

use postkamer::letter::addressee::Addressee;
use postkamer::letter::kix;

use crate::outside::{self, Pile};
use crate::paper::Desk;
use crate::support::Workspace;

const LETTER: &str = "letters/uitnodiging-netwerkpartners.md";
const TEMPLATE: &str = "templates/uitnodiging/sjabloon.toml";

/// A template of the workspace that asks for the code.
fn ask(workspace: &Workspace) {
    let shipped = crate::support::repository().join(TEMPLATE);
    let text = std::fs::read_to_string(shipped).expect("the template");
    let asking = text.replace("[venster]", "[venster]\nkix = true");
    assert_ne!(asking, text);
    workspace.write(TEMPLATE, asking);
}

/// Codes of many addresses: every symbol, every length.
fn codes() -> Vec<String> {
    let mut codes = Vec::new();
    for at in 0..60_u32 {
        let letter = |shift: u32| char::from(b'A' + ((at * 7 + shift) % 26) as u8);
        let to = Addressee {
            straat: "Kade".into(),
            huisnummer: format!("{}{}", 1 + at * 1663 % 99_999, ["", "a", " bis", "-HS", "0z", "k9"][at as usize % 6]),
            postcode: format!("{}{}{}", 1000 + at * 149 % 9000, letter(0), letter(3)),
            plaats: "Ergens".into(),
            ..Addressee::default()
        };
        // A number of six digits has none.
        codes.extend(kix::code(&to));
    }
    assert!(codes.len() > 50, "{codes:?}");
    codes
}

#[test]
fn the_bars_are_those_that_zint_draws() {
    for code in codes() {
        let Some(dump) = outside::run("zint", &["-b", "90", "--dump", "-d", &code], &[]) else { return };
        // Three rows of modules, in hexadecimal: what goes up, what is always there, what goes down; every other one is a gap.
        let rows: Vec<Vec<bool>> = dump
            .lines()
            .map(|line| {
                let digits = line.chars().filter_map(|digit| digit.to_digit(16));
                digits.flat_map(|digit| (0..4).rev().map(move |bit| digit >> bit & 1 == 1)).collect()
            })
            .collect();
        let bars = kix::bars(&code);
        let drawn = bars.iter().enumerate().map(|(at, _)| {
            assert!(rows[1][2 * at], "{code}: {dump}");
            match (rows[0][2 * at], rows[2][2 * at]) {
                (true, true) => kix::Bar::Full,
                (true, false) => kix::Bar::Ascender,
                (false, true) => kix::Bar::Descender,
                (false, false) => kix::Bar::Tracker,
            }
        });
        assert_eq!(drawn.collect::<Vec<_>>(), bars, "{code}");
    }
}

/// The numbers of an SVG path, by their commands.
fn path_of(svg: &str) -> Vec<(char, Vec<f64>)> {
    let start =
        svg.find("fill=\"#000000\" fill-rule=\"nonzero\" transform=\"translate(5.669").expect("the code is drawn");
    let path = svg[start..].split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut commands: Vec<(char, String)> = Vec::new();
    for letter in path.chars() {
        match commands.last_mut() {
            _ if letter.is_ascii_alphabetic() => commands.push((letter, String::new())),
            Some((_, numbers)) => numbers.push(letter),
            None => {}
        }
    }
    let numbers = |text: &str| text.split([' ', ',']).filter_map(|number| number.parse().ok()).collect();
    commands.iter().map(|(command, text)| (*command, numbers(text))).collect()
}

#[test]
fn the_code_on_paper_has_the_measures_of_postnl() {
    let workspace = Workspace::new();
    ask(&workspace);
    workspace.run(&["render", LETTER, "-o", "uit.svg"]).exits(0);
    let page = ["uit.svg", "uit-1.svg"].iter().find(|name| workspace.path(name).is_file()).expect("a page");
    // Each bar begins where a move ends, goes across, down and back.
    let (mut at, mut bars) = ((0.0, 0.0), Vec::new());
    let path = path_of(&workspace.read(page));
    let mm = |points: f64| points * 25.4 / 72.0;
    let mut corner = (0.0, 0.0);
    for (index, (command, numbers)) in path.iter().enumerate() {
        match (command, numbers.as_slice()) {
            ('M', [x, y]) => at = (*x, *y),
            ('m', [x, y]) => at = (at.0 + x, at.1 + y),
            ('h', [width]) if *width > 0.0 => {
                corner = at;
                let (_, down) = &path[index + 1];
                bars.push((mm(at.0), mm(at.1), mm(*width), mm(down[0])));
            }
            ('Z', _) => at = corner,
            _ => {}
        }
    }
    let expected = kix::bars("8099XX3");
    assert_eq!(bars.len(), expected.len(), "{bars:?}");
    let top = bars.iter().map(|bar| bar.1).fold(f64::MAX, f64::min);
    for ((left, up, width, height), bar) in bars.iter().zip(&expected) {
        assert!((0.4..=0.6).contains(width), "{bars:?}");
        let (is_up, is_down) = (up - top < 0.1, up + height - top > 4.1);
        let found = match (is_up, is_down) {
            (true, true) => kix::Bar::Full,
            (true, false) => kix::Bar::Ascender,
            (false, true) => kix::Bar::Descender,
            (false, false) => kix::Bar::Tracker,
        };
        assert_eq!(found, *bar, "at {left}");
        match bar {
            kix::Bar::Full => assert!((4.2..=5.8).contains(height), "{height}"),
            kix::Bar::Tracker => assert!((1.0..=1.6).contains(height), "{height}"),
            _ => {}
        }
    }
    for pair in bars.windows(2) {
        let gap = pair[1].0 - pair[0].0 - pair[0].2;
        assert!((0.4..=0.7).contains(&gap), "{gap}");
    }
}

#[test]
fn a_letter_with_the_code_still_conforms_and_says_nothing_more() {
    let asking = Desk::changed(ask);
    let plain = Desk::new();
    let mut pile = Pile::new();
    pile.add("met", &asking.pdf_of(LETTER, crate::paper::given()).expect("it is made"));
    pile.add("zonder", &plain.pdf_of(LETTER, crate::paper::given()).expect("it is made"));
    assert_ne!(std::fs::read(&pile.files[0]).unwrap(), std::fs::read(&pile.files[1]).unwrap());
    let (Some(with), Some(without)) = (pile.text(0), pile.text(1)) else { return };
    assert_eq!(with, without);
    let Some(said) = outside::run("verapdf", &["-f", "ua1", "--format", "text"], &pile.files) else { return };
    assert_eq!(said.lines().filter(|line| line.starts_with("PASS")).count(), 2, "{said}");
}

#[test]
fn a_letter_that_does_not_ask_has_no_code() {
    let workspace = Workspace::new();
    let filled = workspace.run(&["render", LETTER, "--format", "typ", "-o", "-"]).exits(0).out;
    assert!(!filled.contains("kix"), "{filled}");
    ask(&workspace);
    let filled = workspace.run(&["render", LETTER, "--format", "typ", "-o", "-"]).exits(0).out;
    assert!(filled.contains("\"kix\": \""), "{filled}");
    workspace.write(TEMPLATE, workspace.read(TEMPLATE).replace("kix = true", "kix = 'ja'"));
    let refused = workspace.run(&["check", LETTER, "--json"]).exits(1).json();
    assert_eq!(refused[0]["bevindingen"][0]["code"], "wrong-type");
}
