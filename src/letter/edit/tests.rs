use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use similar::{Algorithm, capture_diff_slices};

use super::*;
use crate::letter::front;

/// What a form sends for a front matter: every value as it was shown, through a browser that ends lines its own way.
fn sent(front: &str) -> BTreeMap<String, String> {
    let slots = slots(front, &front::contract()).expect("TOML");
    slots.into_iter().map(|slot| (slot.key(), feeds(&slot.value).replace('\n', "\r\n"))).collect()
}

fn saved(raw: &str, changes: &[(&str, &str)]) -> String {
    let text = plain(raw);
    let (head, body) = parts(&text).expect("a letter");
    let front = &text[head.clone()];
    let mut fields = sent(front);
    fields.extend(changes.iter().map(|(key, value)| (key.to_string(), value.to_string())));
    let new = apply(front, front, &front::contract(), &|key| fields.get(key).map(String::as_str)).expect("TOML");
    let text = format!("{}{new}{}{}", &text[..head.start], &text[head.end..body.start], &text[body]);
    restore(raw, &text)
}

/// The lines that differ: those that went and those that came.
fn differing<'a>(one: &'a str, other: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let (old, new): (Vec<_>, Vec<_>) = (one.split_inclusive('\n').collect(), other.split_inclusive('\n').collect());
    let (mut went, mut came) = (Vec::new(), Vec::new());
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if !matches!(op, DiffOp::Equal { .. }) {
            went.extend(&old[op.old_range()]);
            came.extend(&new[op.new_range()]);
        }
    }
    (went, came)
}

const NASTY: [&str; 7] = [
    "+++\n# eerst\nsjabloon='gs-brief' # waarom\n\n\"onderwerp\"   =   \"\"\"Een\ntwee\"\"\"\ndatum = 2023-02-21\nvreemd = { a = 1,b=[ 1 ,2, ] }\nbijlagen = [\n  \"a.pdf\", # de eerste\n  'b.pdf',\n]\n[ontvanger]\nnaam.x = 1\nplaats = 'Zwolle'\n+++\nTekst",
    "\u{feff}+++\r\nonderwerp = \"x\"\r\nontvanger = { plaats = \"Zwolle\", postcode=\"8000 GB\" }\r\n+++\r\n\r\nTekst\r\n",
    "+++\nonderwerp = 'x'\r\n\nontvanger.plaats = \"Zwolle\"\nontvanger.land = 'x'\n+++\r\neen\ntwee\r\n",
    "\n\n+++ \naanhef = \"\"\nin_reactie_op = [\"I2022-000123\", \"I2022-000124\"]\ndatum = \"gisteren\"\nbijlagen = 3\n+++",
    "+++\n+++\n",
    "+++\nkopie_aan = [\" a\", \"\", \"b\\nc\"]\ninlichtingen_bij = { naam = \"x\" }\nuw_brief = 2023-02-21T10:00:00Z\ntaal = \"fr\"\n+++\n\n\n",
    "+++\nonderwerp = \"tab\\tteken \\u0041 \\\"\"\nrij = { \"een punt.\" = \"x\", y = \"z\" }\n[ontvanger] # aan wie\n\n# los\n+++\nx\ry\n",
];

fn letters() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("letters");
    let files = crate::workspace::files::letters(&folder).expect("letters");
    assert!(files.len() > 5);
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("a letter");
    files.iter().map(read).chain(NASTY.map(String::from)).collect()
}

#[test]
fn what_is_not_changed_stays_byte_for_byte() {
    for raw in letters() {
        assert_eq!(saved(&raw, &[]), raw);
    }
}

#[test]
fn one_field_changes_one_line() {
    for raw in letters().iter().take(6) {
        let changed = saved(raw, &[("onderwerp", "Iets \"anders\"")]);
        let (went, came) = differing(raw, &changed);
        assert_eq!((went.len(), came.len()), (1, 1), "{went:?} {came:?}");
        assert!(went[0].starts_with("onderwerp"), "{went:?}");
        let changed = saved(raw, &[("ontvanger.plaats", "Deventer")]);
        let (went, came) = differing(raw, &changed);
        assert!(went.len() <= 1 && came.len() == 1 && came[0].contains("Deventer"), "{went:?} {came:?}");
    }
}

#[test]
fn comments_dates_and_ends_of_lines_stay() {
    let raw = "+++\r\ndatum = 2023-02-21   # de dag\r\nbijlagen = [\r\n  \"a.pdf\", # een\r\n  \"b.pdf\"\r\n]\r\n+++\r\nx\r\n";
    let changed = saved(raw, &[("datum", "2024-01-02"), ("bijlagen", "a.pdf\r\nc.pdf\r\nd.pdf"), ("zaaknummer", " ")]);
    assert_eq!(
        changed,
        "+++\r\ndatum = 2024-01-02   # de dag\r\nbijlagen = [\r\n  \"a.pdf\", # een\r\n  \"c.pdf\",\r\n  \"d.pdf\"\r\n]\r\n+++\r\nx\r\n"
    );
    assert_eq!(saved(&changed, &[("datum", "")]), changed.replace("datum = 2024-01-02   # de dag\r\n", ""));
}

#[test]
fn a_table_that_is_missing_is_made_for_its_first_value() {
    let raw = "+++\nonderwerp = \"x\"\n+++\ny\n";
    assert_eq!(
        saved(raw, &[("ontvanger.plaats", "Zwolle"), ("taal", "en"), ("in_reactie_op", "I1")]),
        "+++\nonderwerp = \"x\"\nin_reactie_op = \"I1\"\ntaal = \"en\"\n\n[ontvanger]\nplaats = \"Zwolle\"\n+++\ny\n"
    );
}

#[test]
fn a_fence_in_a_value_does_not_end_the_front_matter() {
    let raw = "+++\nonderwerp = \"\"\"\nEen\ntwee\"\"\"\n+++\ny\n";
    assert_eq!(
        saved(raw, &[("onderwerp", "Regel \"1\"\r\n+++\r\n\\ 2")]),
        "+++\nonderwerp = \"Regel \\\"1\\\"\\n+++\\n\\\\ 2\"\n+++\ny\n"
    );
    assert_eq!(joined("a = 1", "b"), Some("+++\na = 1\n+++\nb".into()));
    assert_eq!(joined("", "+++\n"), Some("+++\n+++\n+++\n".into()));
    assert_eq!(joined("a = 1\n+++ \n", "b"), None);
}

#[test]
fn a_long_text_is_not_compared_for_ever() {
    let raw = format!("+++\r\n+++\neen\r\n{}", (0..30_000).map(|n| format!("oud {n}\n")).collect::<String>());
    let text = format!("+++\n+++\neen\n{}", (0..30_000).map(|n| format!("nieuw {n}\n")).collect::<String>());
    let started = Instant::now();
    let restored = restore(&raw, &text);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(restored.starts_with("+++\r\n+++\neen\r\nnieuw 0\r\n"), "{:?}", &restored[..30]);
    // However busy the machine is.
    assert_eq!(restore(&raw, &text), restored);
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let raw = "+++\n# over het geheel\nonderwerp = \"x\" # weg\n\n# onderaan\nkenmerk = \"y\"\n[ontvanger]\n# plaats\nplaats = 'Zwolle'\n+++\nz\n";
    assert_eq!(
        saved(raw, &[("onderwerp", ""), ("ontvanger.plaats", "")]),
        raw.replace("onderwerp = \"x\" # weg\n", "").replace("plaats = 'Zwolle'\n", "")
    );
    let inline = "+++\nontvanger = { plaats = \"Zwolle\", land = \"x\" }\n+++\nz\n";
    assert_eq!(saved(inline, &[("ontvanger.land", "")]), inline.replace(", land = \"x\" ", ""));
    let list = "+++\nbijlagen = [\n  \"a\", # over a\n  # boven b\n  \"b\", # over b\n  \"c\" # over c\n]\n+++\nz\n";
    let gone = saved(list, &[("bijlagen", "a\nc")]);
    assert_eq!(gone, list.replace("  \"b\", # over b\n", ""));
    let first = saved(list, &[("bijlagen", "b\nc")]);
    assert_eq!(first, list.replace("  \"a\", # over a\n", ""));
    let more = saved(list, &[("bijlagen", "a\nnieuw\nb\nc\nd")]);
    assert_eq!(
        more,
        list.replace("# over a\n", "# over a\n  \"nieuw\",\n")
            .replace("\"c\" # over c\n", "\"c\", # over c\n  \"d\"\n")
    );
}

proptest! {
    #[test]
    fn any_text_in_a_field_comes_back(subject in "[^\\p{Cc}]{1,40}", body in "(?s).{0,80}") {
        prop_assume!(!subject.trim().is_empty());
        let raw = format!("+++\nonderwerp = \"x\" # y\n+++\n{body}");
        prop_assert_eq!(&saved(&raw, &[]), &raw);
        let changed = saved(&raw, &[("onderwerp", &subject)]);
        let (went, came) = differing(&raw, &changed);
        prop_assert!(went.len() <= 1 && came.len() <= 1);
        prop_assert_eq!(sent(&plain(&changed)[4..changed.find("\n+++").unwrap() + 1])["onderwerp"].clone(), subject.trim());
    }
}
