use super::*;

fn table(rows: &[[&str; 4]]) -> Table {
    let kinds = [Kind::Firm, Kind::Firm, Kind::Soft, Kind::Soft];
    let names = ["nummer", "status", "correspondent", "onderwerp"].map(String::from);
    let mut table = Table::new(names.into_iter().zip(kinds));
    for [id, status, correspondent, subject] in rows {
        let tone = if *status == "open" { Tone::Waiting } else { Tone::Plain };
        table.push(vec![(*id).into(), Cell::new(status, tone), (*correspondent).into(), (*subject).into()]);
    }
    table
}

/// The lines without their colours.
fn lines(table: Table, width: Option<u16>) -> Vec<String> {
    let text = anstream::adapter::strip_str(&table.render(width)).to_string();
    text.lines().map(String::from).collect()
}

const LETTERS: [[&str; 4]; 2] = [
    ["I2022-000001", "open", "Sociaal-Economische Raad Overijssel", "Advies over sociale innovatie in de regio"],
    ["D2023-02-002694", "verzonden", "SER", "Eén"],
];

#[test]
fn columns_are_aligned_and_whole_where_there_is_no_terminal() {
    assert_eq!(
        lines(table(&LETTERS), None),
        [
            "nummer           status     correspondent                        onderwerp",
            "I2022-000001     open       Sociaal-Economische Raad Overijssel  Advies over sociale innovatie in de regio",
            "D2023-02-002694  verzonden  SER                                  Eén",
        ]
    );
    assert_eq!(lines(table(&LETTERS), Some(200)), lines(table(&LETTERS), None));
}

#[test]
fn the_last_column_gives_way_first_and_numbers_never() {
    assert_eq!(
        lines(table(&LETTERS), Some(80)),
        [
            "nummer           status     correspondent             onderwerp",
            "I2022-000001     open       Sociaal-Economische Raa…  Advies over sociale innov…",
            "D2023-02-002694  verzonden  SER                       Eén",
        ]
    );
    assert_eq!(
        lines(table(&LETTERS), Some(60)),
        [
            "nummer           status     correspon…  onderwerp",
            "I2022-000001     open       Sociaal-E…  Advies over sociale…",
            "D2023-02-002694  verzonden  SER         Eén",
        ]
    );
}

#[test]
fn no_line_is_wider_than_the_terminal_or_wrapped() {
    use comfy_table::Table as Measure;
    let width = |line: &str| Measure::new().add_row(vec![line]).column_max_content_widths()[0];
    let letters = [
        LETTERS[0],
        [
            "I1",
            "open",
            "日本語の通信相手はとても長い名前です",
            "👩‍👩‍👧‍👦 gezin ﬁets ❤️ e\u{301}e\u{301}n 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
        ],
    ];
    for given in 20..160 {
        let lines = lines(table(&letters), Some(given));
        assert_eq!(lines.len(), 3, "at {given}");
        for line in lines {
            assert!(width(&line) <= given, "{line:?} at {given}");
        }
    }
    // Where nothing sensible fits, it is at least no failure.
    for given in 0..20 {
        assert_eq!(lines(table(&letters), Some(given)).len(), 3);
    }
}

#[test]
fn wide_characters_take_two_places() {
    let letters = [["漢字", "x", "ﬁets", "a"], ["e\u{301}e\u{301}n", "y", "👩‍👩‍👧‍👦", "b"]];
    assert_eq!(
        lines(table(&letters), None)[1..],
        ["漢字    x       ﬁets           a", "e\u{301}e\u{301}n     y       👩‍👩‍👧‍👦             b"]
    );
}

#[test]
fn columns_stay_aligned_over_thousands_of_rows() {
    let mut letters = vec![["I1", "open", "a", "b"]; 2_500];
    letters[2_400] = LETTERS[0];
    for width in [None, Some(60)] {
        let lines = lines(table(&letters), width);
        assert_eq!(lines.len(), 2_501);
        let starts: Vec<_> = lines[1..].iter().filter_map(|line| line.find(" b")).collect();
        assert_eq!((starts.len(), starts.iter().all(|at| *at == starts[0])), (2_499, true));
        assert_eq!(lines[0].find(" onderwerp"), Some(starts[0]));
    }
}

#[test]
fn what_steers_a_terminal_does_not_reach_it() {
    assert_eq!(shown("a\u{1b}[31mb\u{7}\u{9b}c"), "a�[31mb��c");
    assert_eq!(shown("één\r\ntwee\tdrie\u{2028}vier"), "één twee drie vier");
    assert_eq!(shown("\u{202E}omgekeerd\u{2066}\u{200B}\u{2063}\u{E000}"), "�omgekeerd����");
    assert_eq!(shown("👩‍👩‍👧‍👦 ❤️ é 漢"), "👩‍👩‍👧‍👦 ❤️ é 漢");
    let text = table(&[["\u{1b}]0;titel\u{7}", "op\u{2063}en", "\u{2061}", "a\nb"]]).render(None);
    assert_eq!(text.lines().last(), Some("�]0;titel�  op�en   �              a b"));
}

#[test]
fn tones_become_colours_that_end_where_they_should() {
    let text = table(&LETTERS).render(Some(60));
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("\u{1b}[1mnummer\u{1b}[0m"), "{:?}", lines[0]);
    assert!(lines[1].contains("  \u{1b}[33mopen\u{1b}[0m  "), "{:?}", lines[1]);
    assert!(!lines[2].contains('\u{1b}'), "{:?}", lines[2]);
    let mut cut = Table::new([("x".to_string(), Kind::Soft)]);
    cut.push(vec![Cell::new("een lange waarde", Tone::Late)]);
    assert_eq!(cut.render(Some(9)), "\u{1b}[1mx\u{1b}[0m\n\u{1b}[31meen lang…\u{1b}[0m\n");
}

#[test]
fn a_column_without_values_is_left_out() {
    let letters = [["I1", "", "", "a"], ["I2", "", "", ""]];
    assert_eq!(lines(table(&letters), None), ["nummer  onderwerp", "I1      a", "I2"]);
    assert_eq!(lines(table(&letters), Some(40)), ["nummer  onderwerp", "I1      a", "I2"]);
    assert_eq!(lines(table(&[]), None), ["onderwerp"]);
}
