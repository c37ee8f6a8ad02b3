//! Values put into the Typst of a letterhead, whatever the template and whatever the value: the Typst stays what the
//! template's author wrote, and its strings are the values.

use postkamer::contract::{Contract, Field, Kind};
use postkamer::error::{Findings, Severity};
use postkamer::source::SourceFile;
use postkamer::template::fill::{Dialect, Filler};
use postkamer::template::splice::{self, BodyIn, TypstBody};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use typst::syntax::{SyntaxKind, SyntaxNode, ast};

/// What stands for a value in the letterhead that others are held against.
const PLAIN: &str = "Wxyz";

/// Pieces of a letterhead, each sound by itself, with values in markup, code, strings and comments.
const PIECES: [&str; 24] = [
    "Tekst {{a}} en {{b}}.\n",
    "{{a}}\n",
    "{{a}}{{b}}(c).d;[e]\n",
    "*{{a}}* _{{b}}_\n",
    "= {{a}}\n\n",
    "- {{a}}\n+ {{b}}\n/ c: {{a}}\n",
    "#let x = \"voor {{a}} na\"\n",
    "#let x = \"{{a}}\" + \"\\\"{{b}}\\\\\"\n",
    "#let x = {{a}}\n",
    "#let x = ({{a}}, {{typst b}})\n#let y = (c: {{a}}, {{b}}: 1)\n",
    "#let x = {{typst l}}\n",
    "#let x = {{typst d}}\n",
    "#{ let y = {{a}}; [y {{b}} z] }\n",
    "#text(size: 1em)[a {{a}} b]\n",
    "#text(\"{{a}}\", fill: red) {{b}}\n",
    "// {{a}} \"{{b}}\n",
    "/* {{a}} /* {{b}} */ */\n",
    "{{!-- {{a}} --}}\n",
    "{{#if a}}Ja {{a}}{{else}}nee{{/if}}\n",
    "{{#each l}}\n#let z = {{this}}\n- {{this}}\n{{/each}}\n",
    "#let f(x) = [#x {{a}}]\n#f({{b}})\n",
    "#link(\"https://x.nl/{{a}}\")[{{b}}]\n",
    "{{typst a}} {{typst l}}\n",
    "#[#show: it => it; {{a}}]\n",
];

fn contract() -> Contract {
    let list = Kind::List(Box::new(Kind::Text));
    let table = Kind::Map(Box::new(Kind::Text));
    [
        Field::optional("a", Kind::Text, ""),
        Field::optional("b", Kind::Text, ""),
        Field::optional("l", list, ""),
        Field::optional("d", table, ""),
    ]
    .into_iter()
    .collect()
}

fn data(a: &str, b: &str) -> Json {
    json!({ "a": a, "b": b, "l": [a, "x", b], "d": { "sleutel": a, "tweede": b } })
}

/// The Typst of a letterhead filled with data.
fn filled(template: &str, data: &Json) -> Result<String, TestCaseError> {
    let source = SourceFile::new("brief.typ.hbs", template);
    let mut findings = Findings::default();
    let filler = Filler::parse(&source, 0..template.len(), &contract(), Dialect::Letterhead, &mut findings);
    let filler = filler.ok_or_else(|| TestCaseError::fail(format!("{template}: {findings:?}")))?;
    let filled = filler.fill(data, &mut findings);
    let letter = SourceFile::new("x.md", "");
    let assembled = splice::assemble(&filled, &source, &letter, TypstBody::default(), BodyIn::Text, &mut findings);
    prop_assert!(findings.0.is_empty(), "{}: {:?}", template, findings);
    Ok(assembled.text)
}

/// The kinds of all nodes but for those inside comments, and what the strings stand for.
fn outline(node: &SyntaxNode, kinds: &mut Vec<SyntaxKind>, strings: &mut Vec<String>) {
    kinds.push(node.kind());
    if let Some(string) = node.cast::<ast::Str>() {
        strings.push(string.get().to_string());
    }
    node.children().for_each(|child| outline(child, kinds, strings));
}

fn check(template: &str, a: &str, b: &str) -> Result<(), TestCaseError> {
    let (plain_a, plain_b) = (format!("{PLAIN}a"), format!("{PLAIN}b"));
    let plain = filled(template, &data(&plain_a, &plain_b))?;
    let text = filled(template, &data(a, b))?;
    let outlines = [&plain, &text].map(|typst| {
        let (mut kinds, mut strings) = (Vec::new(), Vec::new());
        outline(&typst::syntax::parse(typst), &mut kinds, &mut strings);
        (kinds, strings)
    });
    let [(kinds, strings), (found_kinds, found)] = outlines;
    prop_assert!(!found_kinds.contains(&SyntaxKind::Error), "{}", text);
    prop_assert_eq!(kinds, found_kinds, "{}\n{}", plain, text);
    let expected: Vec<String> = strings.iter().map(|string| replaced(string, &plain_a, a, &plain_b, b)).collect();
    prop_assert_eq!(found, expected, "{}", text);
    Ok(())
}

/// Both at once, so that a value that holds the other's name is left alone.
fn replaced(text: &str, plain_a: &str, a: &str, plain_b: &str, b: &str) -> String {
    let parts: Vec<String> = text.split(plain_a).map(|part| part.replace(plain_b, b)).collect();
    parts.join(a)
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-\\[\\]()#*_`$\\\\\"'<>|.;:=+/@~!&{}%\n\ta1 ]{1,12}",
        prop::sample::select(vec![
            "*/",
            "//",
            "\"",
            "\\",
            "\\u{41}",
            "#sys",
            "{{b}}",
            "{{{b}}}",
            "]",
            ";",
            "\n",
            "\u{100000}"
        ])
        .prop_map(String::from),
    ]
    // What these stand for on their way is refused in values.
    .prop_map(|value| value.replace(|c: char| c >= '\u{F0000}', "?"))
    .prop_filter("an empty value is absent to handlebars", |value| !value.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_strings_wherever_they_stand(
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..8),
        a in value(),
        b in value(),
    ) {
        check(&pieces.concat(), &a, &b)?;
    }
}

#[test]
fn every_piece_holds_every_kind_of_value() {
    for piece in PIECES {
        for value in ["x", "*/", "\"", "\\", "\n", "]", "#sys", "a\"b\\", "{{b}}", "//"] {
            check(piece, value, "'").unwrap_or_else(|error| panic!("{piece} with {value:?}: {error}"));
        }
    }
}

/// Where no text can stand, the template is refused at the place of the value.
#[test]
fn a_value_where_no_text_can_stand_is_refused() {
    for (template, column) in
        [("`{{a}}`", 2), ("```\n{{a}}\n```", 1), ("$ {{a}} $", 3), ("#let x = \"{{typst l}}\"", 11)]
    {
        let source = SourceFile::new("brief.typ.hbs", template);
        let mut findings = Findings::default();
        let filler = Filler::parse(&source, 0..template.len(), &contract(), Dialect::Letterhead, &mut findings);
        let filled = filler.expect("it is sound handlebars").fill(&data("1", "2"), &mut findings);
        let letter = SourceFile::new("x.md", "");
        let assembled = splice::assemble(&filled, &source, &letter, TypstBody::default(), BodyIn::Text, &mut findings);
        let refused = findings.0.iter().any(|finding| {
            let place = finding.place.as_ref();
            finding.severity == Severity::Error && place.is_some_and(|place| place.column() == column)
        });
        assert!(refused, "{template} became {}", assembled.text);
    }
}
