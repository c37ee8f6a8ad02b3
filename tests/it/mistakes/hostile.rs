//! Letters that were written to bring the program down.

use std::time::{Duration, Instant};

use super::{FRONT, errors, letter};
use crate::support::Workspace;

/// The longest that a letter of a megabyte may take on a slow and busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Checks a letter and gives the codes of its errors.
#[track_caller]
fn codes(workspace: &Workspace, text: &str) -> Vec<String> {
    assert!(text.len() <= 1 << 20, "{} bytes", text.len());
    workspace.write("letters/x.md", text);
    let started = Instant::now();
    let run = workspace.run(&["check", "--json", "letters/x.md"]);
    let start: String = text.chars().skip(FRONT.len()).take(60).collect();
    assert!(started.elapsed() < PATIENCE, "{start} took {:?}", started.elapsed());
    assert!(matches!(run.code, Some(0 | 1)), "{start}: {:?} {}", run.code, run.err);
    assert!(!run.err.contains("panicked"), "{start}: {}", run.err);
    errors(&run).into_iter().map(|found| found.code).collect()
}

#[test]
fn bodies_of_a_megabyte_are_refused_in_time() {
    let workspace = Workspace::new();
    let long = |part: &str| letter(&part.repeat(1_000_000 / part.len()));
    for part in
        ["[", "![a](", "[a][b] ", "*a **a ", "_a__b_", "`` ` ", "\\\\*", "&amp;", "<a>", "a\\\n", "a\n\n", "# a\n\n"]
    {
        assert!(!codes(&workspace, &long(part)).is_empty(), "{part:?} was accepted");
    }
    assert_eq!(codes(&workspace, &letter(&(">".repeat(1_000_000) + "a"))), ["nesting-too-deep"]);
    let table = format!("{}|\n{}|\n{}", "|a".repeat(2000), "|-".repeat(2000), "|a|\n".repeat(200_000));
    assert_eq!(codes(&workspace, &letter(&table)), ["body-too-long"]);
}

#[test]
fn braces_nested_deep_or_many_are_refused_in_time() {
    let workspace = Workspace::new();
    for (open, inner, close, times) in [
        ("{{#if datum}}", "x", "{{/if}}", 40_000),
        ("{{~#if datum}}", "x", "{{/if}}", 40_000),
        ("{{~ # if datum}}", "x", "{{/if}}", 40_000),
        ("{{#>a}}", "x", "{{/a}}", 40_000),
        ("{{#*a}}", "x", "{{/a}}", 40_000),
        ("{{#if datum}}", "", "{{else if datum}}b", 40_000),
        ("{{#if (eq \"{{\" ", "x", ")", 40_000),
        ("{{#if (eq \"}}\" (not (not ", "x", ")", 20_000),
        ("{{eq datum [", "", "]", 50_000),
        ("{{datum}}", "", "", 100_000),
        ("\\", "{{datum}}", "", 900_000),
    ] {
        let body = format!("{}{inner}{}", open.repeat(times), close.repeat(times));
        let body: String = body.chars().take((1 << 20) - FRONT.len() - 10).collect();
        assert_eq!(codes(&workspace, &letter(&body)).len(), 1, "{open}");
    }
    let arrays = format!("{{{{eq datum {}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(codes(&workspace, &letter(&arrays)), ["handlebars-syntax"]);
}

#[test]
fn loops_within_loops_fill_no_memory() {
    let workspace = Workspace::new();
    let front = FRONT.replace("verzonden_aan", &format!("kopie_aan = [{}]\nverzonden_aan", "\"a\", ".repeat(40)));
    let body = format!("{}x{{{{this}}}}{}", "{{#each @root.kopie_aan}}".repeat(20), "{{/each}}".repeat(20));
    assert_eq!(codes(&workspace, &format!("{front}+++\n\n{body}\n")), ["body-too-long"]);
    let front = FRONT.replace("Proef", &"Proef ".repeat(100_000));
    let body = "{{onderwerp}} ".repeat(4000);
    assert_eq!(codes(&workspace, &format!("{front}+++\n\n{body}\n")), ["body-too-long"]);
}

#[test]
fn front_matters_of_a_megabyte_are_refused_in_time() {
    let workspace = Workspace::new();
    let with = |text: String| FRONT.replace("\n[ontvanger]", &format!("{text}\n[ontvanger]")) + "+++\n\nTekst.\n";
    let keys: String = (0..90_000).map(|n| format!("k{n} = 1\n")).collect();
    for text in [
        keys,
        format!("kopie_aan = [{}]", "1,".repeat(500_000)),
        format!("kopie_aan = {}", "[".repeat(400_000)),
        format!("kopie_aan = {}", "{a=".repeat(300_000)),
        format!("a{} = 1", ".a".repeat(400_000)),
        format!("[a{}]", ".a".repeat(400_000)),
        "= \n".repeat(300_000),
        "\"\n".repeat(400_000),
    ] {
        let found = codes(&workspace, &with(text));
        assert!(!found.is_empty() && found.len() <= 400, "{}", found.len());
    }
}

#[test]
fn a_long_letter_is_no_attack() {
    let workspace = Workspace::new();
    let paragraph = format!("{}\n\n", "Dit is een zin van een lange brief. ".repeat(20));
    assert_eq!(codes(&workspace, &letter(&paragraph.repeat(1400))), Vec::<String>::new());
    let words = "*een* **twee** `drie` ".repeat(4000);
    assert_eq!(codes(&workspace, &letter(&words)), Vec::<String>::new());
}

#[test]
fn messages_carry_no_control_signs_to_the_terminal() {
    let workspace = Workspace::new();
    let text = letter("Tekst \u{1b}[2J.\n").replace("ser-brief", "\\u001b[2Jx").replace("Proef", "a\\u009bx");
    workspace.write("letters/x.md", text.replace("ondertekening = \"ser\"", "ondertekening = \"\\u001b]0;x\\u0007\""));
    for arguments in [&["check", "letters/x.md"][..], &["check", "--color", "always", "letters/x.md"]] {
        let run = workspace.run(arguments).exits(1);
        assert!(!run.err.contains("\u{1b}[2J") && !run.err.contains("\u{1b}]0"), "{:?}", run.err);
    }
}
