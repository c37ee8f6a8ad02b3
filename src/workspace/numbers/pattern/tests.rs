use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|finding| panic!("{text}: {finding:?}"))
}

fn code(text: &str) -> &'static str {
    Pattern::parse(text).map(|pattern| panic!("{text} is {pattern:?}")).unwrap_or_else(|finding| finding.code)
}

fn read(text: &str, number: &str) -> Option<(i64, Option<i32>, Option<u32>)> {
    pattern(text).sequence_of(number).map(|parsed| (parsed.sequence, parsed.year, parsed.month))
}

#[test]
fn a_number_holds_year_month_and_sequence_where_the_pattern_says() {
    let number = |text, sequence| pattern(text).number(day("2023-02-21"), sequence);
    assert_eq!(number("D{jaar}-{maand}-{volgnummer:6}", 2694), "D2023-02-002694");
    assert_eq!(number("{jaar}/{volgnummer:7}", 1), "2023/0000001");
    assert_eq!(number("{volgnummer}", 12), "12");
    assert_eq!(number("{volgnummer:2}", 12345), "12345");
    assert_eq!(number("{volgnummer:18}.{jaar}", i64::MAX), "9223372036854775807.2023");
    assert_eq!(number("é{maand}{jaar}{maand}{volgnummer:3}", 7), "é02202302007");
    assert_eq!(pattern("{volgnummer}").number(day("0023-11-01"), 3), "3");
    assert_eq!(pattern("{jaar}{volgnummer}").number(day("0023-11-01"), 3), "00233");
}

#[test]
fn a_specimen_is_as_wide_as_a_number() {
    assert_eq!(pattern("D{jaar}-{maand}-{volgnummer:6}").specimen(day("2023-02-21")), "D2023-02-888888");
    assert_eq!(pattern("{volgnummer}").specimen(day("2023-02-21")), "8");
    assert_eq!(pattern("{volgnummer:18}").specimen(day("2023-02-21")).len(), 18);
}

#[test]
fn a_number_is_read_back_to_the_last_zero() {
    let outgoing = "D{jaar}-{maand}-{volgnummer:6}";
    assert_eq!(read(outgoing, "D2023-02-002694"), Some((2694, Some(2023), Some(2))));
    assert_eq!(read(outgoing, "D2023-12-1002694"), Some((1_002_694, Some(2023), Some(12))));
    assert_eq!(read("{volgnummer}{jaar}", "12023"), Some((1, Some(2023), None)));
    assert_eq!(read("1{volgnummer}", "11"), Some((1, None, None)));
    assert_eq!(read("{jaar}{volgnummer:2}{jaar}", "2023072023"), Some((7, Some(2023), None)));
    assert_eq!(read("{volgnummer}é", "9223372036854775807é"), Some((i64::MAX, None, None)));
    for wrong in [
        "",
        "D",
        "D2023-02-2694",
        "D2023-02-0002694",
        "D2023-02-000000",
        "D2023-00-002694",
        "D2023-13-002694",
        "d2023-02-002694",
        "D2023-02-002694 ",
        "D2023-02-+02694",
        "D2023-02-٠٠٢٦٩٤",
        "D+023-02-002694",
        "D2023-02-00269é",
        "D2023-02-99999999999999999999",
        "D2023-02",
    ] {
        assert_eq!(read(outgoing, wrong), None, "{wrong}");
    }
    assert_eq!(read("{jaar}{volgnummer:2}{jaar}", "2023072024"), None);
    assert_eq!(read("{volgnummer}é", "é"), None);
    assert_eq!(read("{volgnummer}-", "1é"), None);
}

#[test]
fn a_pattern_is_written_as_it_was_read() {
    for text in ["D{jaar}-{maand}-{volgnummer:6}", "{volgnummer}", "é{volgnummer:18}{maand}/{jaar}z"] {
        assert_eq!(pattern(text).to_string(), text);
    }
    assert_eq!(pattern("{volgnummer:1}"), pattern("{volgnummer}"));
    assert_eq!(pattern("{volgnummer:06}"), pattern("{volgnummer:6}"));
}

#[test]
fn what_is_wrong_with_a_pattern_is_named() {
    for (text, expected) in [
        ("", "number-sequence"),
        ("D{jaar}", "number-sequence"),
        ("{volgnummer}{volgnummer}", "number-sequence"),
        ("{volgnummer", "number-braces"),
        ("{jaar{volgnummer}", "number-braces"),
        ("{volgnummer}}", "number-braces"),
        ("}{volgnummer}{", "number-braces"),
        ("{volgnummer:0}", "number-width"),
        ("{volgnummer:19}", "number-width"),
        ("{volgnummer:}", "number-width"),
        ("{volgnummer:+6}", "number-width"),
        ("{volgnummer:6:6}", "number-width"),
        ("{volgnummer:99999999999999999999}", "number-width"),
        ("{}{volgnummer}", "number-placeholder"),
        ("{jaar:4}{volgnummer}", "number-placeholder"),
        ("{dag}{volgnummer}", "number-placeholder"),
        (" {volgnummer}", "number-space"),
        ("{volgnummer}\u{A0}", "number-space"),
        ("D {volgnummer}", "number-space"),
        ("D\t{volgnummer}", "character-control"),
        ("{volgnummer}\n", "character-control"),
        ("\u{202E}{volgnummer}", "character-bidi"),
        ("\u{200B}{volgnummer}", "character-invisible"),
        ("\u{E000}{volgnummer}", "character-private"),
    ] {
        assert_eq!(code(text), expected, "{text:?}");
    }
    let filled = |length: usize| format!("{}{{jaar}}{{volgnummer:6}}", "é".repeat(length - 10));
    assert_eq!(pattern(&filled(MAX_LENGTH)).specimen(day("2023-02-21")).chars().count(), MAX_LENGTH);
    assert_eq!(code(&filled(MAX_LENGTH + 1)), "number-too-long");
}

#[test]
fn an_unknown_placeholder_has_the_one_that_was_meant() {
    for (text, expected) in [
        ("{Jaar}", Some("jaar")),
        ("{jaar:4}", Some("jaar")),
        ("{volgnumer:6}", Some("volgnummer:6")),
        ("{Volgnummer:6}", Some("volgnummer:6")),
        ("{nr}", Some("volgnummer")),
        ("{mm}", Some("maand")),
        ("{afdeling}", None),
    ] {
        let finding = Pattern::parse(text).unwrap_err();
        let meant = finding.args.iter().find(|(name, _)| *name == "meant").map(|(_, meant)| meant.as_str());
        assert_eq!((finding.code, meant), ("number-placeholder", expected), "{text}");
    }
}

#[test]
fn patterns_meet_where_they_can_give_the_same_number() {
    let meet = |one: &str, two: &str| {
        let (one, two) = (pattern(one), pattern(two));
        assert_eq!(one.meets(&two), two.meets(&one));
        one.meets(&two)
    };
    assert!(meet("{jaar}-{volgnummer:6}", "{jaar}-{volgnummer:6}"));
    assert!(meet("{jaar}-{volgnummer:6}", "{jaar}-{volgnummer:7}"));
    assert!(meet("{jaar}-{volgnummer:6}", "2023-{volgnummer:2}"));
    assert!(meet("{jaar}{volgnummer}", "{volgnummer:7}"));
    assert!(meet("{jaar}-{maand}{volgnummer:4}", "{jaar}-{volgnummer:6}"));
    assert!(!meet("D{jaar}-{volgnummer:6}", "I{jaar}-{volgnummer:6}"));
    assert!(!meet("{jaar}-{volgnummer:6}", "{jaar}/{volgnummer:6}"));
    assert!(!meet("1{jaar}{volgnummer}", "2{jaar}{volgnummer}"));
    assert!(!meet("{jaar}{volgnummer}U", "{jaar}{volgnummer}I"));
    assert!(!meet("{jaar}-{volgnummer}", "{jaar}-{maand}-{volgnummer}"));
    assert!(!meet("D{jaar}-{maand}-{volgnummer:6}", "I{jaar}-{volgnummer:6}"));
}

/// Patterns of few characters, so that some of them meet.
fn patterns() -> impl Strategy<Value = Pattern> {
    let piece = || prop_oneof!["[0-2é-]{1,2}", Just("{jaar}".into()), Just("{maand}".into())];
    let side = || prop::collection::vec(piece(), 0..3).prop_map(|pieces| pieces.concat());
    (side(), 1..8_usize, side())
        .prop_map(|(before, width, after)| pattern(&format!("{before}{{volgnummer:{width}}}{after}")))
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (0..10_000, 1..=12_u32).prop_map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1).unwrap())
}

fn sequences() -> impl Strategy<Value = i64> {
    prop_oneof![1..200_i64, 1..=i64::MAX]
}

proptest! {
    #[test]
    fn what_is_written_is_read(pattern in patterns(), day in days(), sequence in sequences()) {
        let year = pattern.holds(&Piece::Year).then(|| day.year());
        let month = pattern.holds(&Piece::Month).then(|| day.month());
        let read = pattern.sequence_of(&pattern.number(day, sequence));
        prop_assert_eq!(read, Some(Parsed { sequence, year, month }));
    }

    #[test]
    fn what_is_read_is_written_the_same(
        pattern in patterns(), other in patterns(), day in days(), sequence in sequences(),
    ) {
        let text = other.number(day, sequence);
        if let Some(parsed) = pattern.sequence_of(&text) {
            let day = NaiveDate::from_ymd_opt(parsed.year.unwrap_or(1), parsed.month.unwrap_or(1), 1).unwrap();
            prop_assert_eq!(pattern.number(day, parsed.sequence), text);
            prop_assert!(pattern.meets(&other), "{} meets {}", pattern, other);
        }
    }

    #[test]
    fn any_text_is_read_or_not(pattern in patterns(), text in "[0-9é-]{0,12}|.{0,12}") {
        if let Some(parsed) = pattern.sequence_of(&text) {
            let day = NaiveDate::from_ymd_opt(parsed.year.unwrap_or(1), parsed.month.unwrap_or(1), 1).unwrap();
            prop_assert_eq!(pattern.number(day, parsed.sequence), text);
        }
    }

    #[test]
    fn any_text_is_a_pattern_or_refused(text in "[{}a-z:0-9 é]{0,40}|(\\{(jaar|maand|volgnummer(:[0-9]{1,2})?)\\}|.){0,9}") {
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert_eq!(Pattern::parse(&pattern.to_string()), Ok(pattern));
        }
    }
}
