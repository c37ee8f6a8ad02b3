//! Whatever stands in a cell: it is refused with its row, or it is text.

use postkamer::draft::{Draft, MAIN};
use postkamer::issue::typeset::Typesetter;
use postkamer::mailing::check::check;
use postkamer::mailing::recipients::Recipients;
use postkamer::table::{Format, parse};
use postkamer::template::view::Numbering;
use proptest::prelude::*;

use super::{HEADER, LETTER, good, table};
use crate::paper::Desk;

/// Texts that something on the way could take for more than text.
fn hostile() -> impl Strategy<Value = String> {
    let known = [
        "=1+1",
        "#panic()",
        "{{ontvanger.email}}",
        "{{{rij}}}",
        "$ x $",
        "`code`",
        "[x](javascript:1)",
        "<b>x</b>",
        "\\",
        "\"",
        "a|b",
        "*",
        "+++",
        "'; DROP TABLE",
        "@root",
        "1. een",
        "- een",
        "# kop",
        "\u{feff}x",
        "e\u{301}",
        "\u{202e}x",
        "ﬁ",
        "ß",
        "Ĳssel",
    ];
    prop_oneof![prop::sample::select(known.to_vec()).prop_map(String::from), ".{0,40}", "[a-zé ;,\"\n\t]{0,60}"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn a_row_is_refused_or_its_values_are_text(
        cells in prop::collection::vec((0..HEADER.len(), hostile()), 12),
    ) {
        let desk = Desk::new();
        let path = desk.files.path(LETTER);
        let draft = Draft::read(&desk.workspace, &desk.press, &path, &|_| Ok(None)).expect("the letter");
        let mut rows: Vec<_> = (1..=12).map(good).collect();
        for (row, (column, text)) in rows.iter_mut().zip(&cells) {
            row[*column] = text.clone();
        }
        // The rows beside them are in order, whatever stands there.
        rows.push(good(13));
        let read = parse(table(&rows).into_bytes(), Format::Csv, "a.csv".as_ref());
        // Text that is no table at all is refused as a whole: a zero byte.
        let Ok(read) = read else { prop_assert!(cells.iter().any(|(_, text)| text.contains('\0'))); return Ok(()) };
        let recipients = Recipients::read("a.csv".as_ref(), read, &draft.letter).expect("there are rows");
        let day = "2023-02-21".parse().unwrap();
        let typesetter = Typesetter { workspace: &desk.workspace, press: &desk.press, draft: &draft, day };
        let report = check(&typesetter, &recipients, &|_, _| {}).expect("it is checked");
        prop_assert_eq!(report.rows.len(), 13);
        prop_assert!(!report.rows[12].is_refused(), "{:?}", report.rows[12].findings);
        for (outcome, recipient) in report.rows.iter().zip(&recipients.rows) {
            prop_assert_eq!(outcome.row, recipient.number());
            if outcome.is_refused() {
                // Named by its row, unless the letter itself is where it shows.
                prop_assert!(outcome.findings.iter().all(|one| one.place.is_some()), "{:?}", outcome.findings);
                continue;
            }
            // What was found in order can be made, with its values as they are.
            let (letter, _) = recipient.letter(&draft.letter);
            let composed = draft.compose(&desk.workspace, &letter, day, Numbering::Draft, MAIN).expect("it composes");
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let regio = plain(recipient.row.get("regio"));
            prop_assert!(plain(&composed.text).contains(&regio), "{regio:?} is not in {}", composed.text);
            composed.lay_out(&desk.press, MAIN).expect("it is laid out");
        }
    }
}
