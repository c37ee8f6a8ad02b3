//! The marks of a letter's text: put by button or key where the caret is, and taken away by the same.

use serde_json::json;

use crate::support::Workspace;
use crate::support::browser::Browser;
use crate::support::workbench::Workbench;

/// The keys of WebDriver: Control held, and all let go.
const CONTROL: &str = "\u{E009}";
const RELEASE: &str = "\u{E000}";

/// A text, from where to where it is selected, what is pressed, what is typed after that, and what comes of it.
type Case = (&'static str, (usize, usize), &'static [&'static str], &'static str, &'static str);

const CASES: [Case; 12] = [
    ("een", (3, 3), &["bullets"], "x", "- eenx"),
    ("een", (1, 1), &["bullets"], "x", "- exen"),
    ("", (0, 0), &["quote"], "x", "> x"),
    ("een\ntwee", (1, 5), &["numbers"], "", "1. een\n2. twee"),
    ("een\ntwee", (1, 5), &["numbers", "numbers"], "", "een\ntwee"),
    ("Kop", (3, 3), &["heading", "heading"], "x", "Kopx"),
    ("Regel", (0, 5), &["bold"], "", "**Regel**"),
    ("Regel", (0, 5), &["bold", "bold"], "x", "x"),
    ("Regel", (0, 5), &["bold", "italic"], "", "***Regel***"),
    ("Regel", (0, 5), &["bold", "italic", "bold"], "", "*Regel*"),
    ("zie hier", (4, 8), &["link"], "https://voorbeeld.example", "zie [hier](https://voorbeeld.example)"),
    ("", (0, 0), &["table"], "Naam", "\n| Naam | Kolom |\n|---|---|\n| tekst | tekst |\n"),
];

#[test]
fn marks_stand_where_they_are_asked_for() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    browser.go(&workbench.at("/letters/edit/letters/reactie-sociale-innovatie.md"));
    browser.wait("the toolbar", || browser.has("#toolbar:not([hidden])").then_some(()));
    let begin = "const body = document.querySelector('#body'); body.focus(); body.select();
                 document.execCommand(arguments[0] ? 'insertText' : 'delete', false, arguments[0]);
                 body.setSelectionRange(arguments[1], arguments[2]);";
    let text = || browser.script("return document.querySelector('#body').value", &[]);
    for (before, (from, to), tools, typed, after) in CASES {
        browser.script(begin, &[json!(before), json!(from), json!(to)]);
        for tool in tools {
            browser.click(&format!("#toolbar button[data-tool={tool}]"));
        }
        if !typed.is_empty() {
            browser.type_in("#body", typed);
        }
        assert_eq!(text(), json!(after), "{before:?} {tools:?}");
    }
    // The same by key, and undone as what was typed by hand.
    browser.script(begin, &[json!("Regel"), json!(0), json!(5)]);
    browser.type_in("#body", &format!("{CONTROL}b{RELEASE}"));
    assert_eq!(text(), json!("**Regel**"));
    browser.type_in("#body", &format!("{CONTROL}z{RELEASE}"));
    assert_eq!(text(), json!("Regel"));
}
