use proptest::prelude::*;
use typst::syntax::ast::{Escape, Str};
use typst::syntax::{LinkedNode, SyntaxKind, SyntaxNode, parse};

use super::to_typst;
use crate::error::{Finding, Severity};
use crate::markup::{Body, Surroundings};

struct World(Vec<String>);

impl Surroundings for World {
    fn value(&self, sentinel: char) -> Option<&str> {
        self.0.get(sentinel as usize - 0xF0000).map(String::as_str)
    }

    fn image(&self, path: &str) -> Result<String, Finding> {
        if path.contains("weg") {
            Err(Finding::error("image-missing").arg("image", path))
        } else {
            Ok(format!("/{path}"))
        }
    }
}

fn body(text: &str, values: &[&str]) -> Body {
    let body = to_typst(text, &World(values.iter().map(ToString::to_string).collect()));
    let root = parse(&body.typst);
    let (errors, warnings) = root.errors_and_warnings();
    assert!(!has_shorthand_markup(&root), "{text}\n{}", body.typst);
    assert!(errors.is_empty() && warnings.is_empty(), "{text}\n{}\n{errors:?}{warnings:?}", body.typst);
    body
}

fn typst(text: &str) -> String {
    let body = body(text, &["Jan"]);
    assert_eq!(body.findings, [], "{text}");
    body.typst.trim_end().to_owned()
}

/// Codes of the findings, each with the text that it marks.
fn findings(text: &str) -> Vec<(&'static str, &str)> {
    let body = body(text, &["javascript:x"]);
    body.findings.into_iter().map(|found| (found.finding.code, &text[found.range])).collect()
}

/// What a reader gets to see, white space aside: text and strings.
fn visible(node: &SyntaxNode) -> String {
    match node.kind() {
        SyntaxKind::Text | SyntaxKind::SmartQuote => node.leaf_text().split_whitespace().collect(),
        SyntaxKind::Escape => node.cast::<Escape>().unwrap().get().to_string(),
        SyntaxKind::Str => node.cast::<Str>().unwrap().get().to_string(),
        _ => node.children().map(visible).collect(),
    }
}

/// Whether literal text was read as markup: what is meant as markup is written as calls.
fn has_shorthand_markup(node: &SyntaxNode) -> bool {
    use SyntaxKind::*;
    let kinds = [ListItem, EnumItem, TermItem, Strong, Emph, Ref, Equation, Raw, Link, LineComment, BlockComment];
    kinds.contains(&node.kind())
        || (node.kind() == Shorthand && node.leaf_text() != "~")
        || node.children().any(has_shorthand_markup)
}

fn count(node: &SyntaxNode) -> usize {
    1 + node.children().map(count).sum::<usize>()
}

#[test]
fn running_text() {
    assert_eq!(typst("Een *a*b, **c**(d) en `e \"f\"`."), r#"Een #emph[a]b, #strong[c]\(d) en #raw("e \"f\"")."#);
    assert_eq!(typst("een\ntwee  \ndrie\\\nvier"), "een\ntwee \\\ndrie \\\nvier");
    assert_eq!(typst("een\n\n\n\ntwee"), "een\n\ntwee");
    assert_eq!(typst("1\\. a &amp; b&nbsp;c #x $y$ =z"), "1\\. a & b~c \\#x \\$y\\$ \\=z");
    assert_eq!(typst("aan \u{F0000}.x \u{F0000}(y) *\u{F0000}*.x"), r##"aan #"Jan";.x #"Jan";(y) #emph[#"Jan";]\.x"##);
    assert_eq!(typst("\u{F0001}"), "\u{F0001}");
    assert_eq!(typst("a\n\n***\n\nb"), "a\n\n#block(pdf.artifact(line(length: 100%, stroke: 0.5pt)))\n\nb");
    assert_eq!(typst("~~~ rust\na \"b\"\n  c\n~~~"), r#"#raw(block: true, "a \"b\"\n  c")"#);
}

#[test]
fn apostrophes_are_told_from_quotes() {
    for (text, expected) in [
        ("'s-Hertogenbosch, 's middags, 't", "’s-Hertogenbosch, ’s middags, ’t"),
        ("van 't Hart in 'n huis; 'T", "van ’t Hart in ’n huis; ’T"),
        ("de letter 'n' en 'n 'quoted n'", "de letter 'n' en ’n 'quoted n'"),
        ("'Er is meer' en zag 'er", "'Er is meer' en zag ’er"),
        ("'er is meer', \"zo\"", "'er is meer', \"zo\""),
        ("foto's D'Ancona '22 '22' 'sinds'", "foto’s D’Ancona ’22 '22' 'sinds'"),
        ("*s*'s \u{F0000}'s '\u{F0000}'", "#emph[s]’s #\"Jan\";’s '#\"Jan\";'"),
    ] {
        assert_eq!(typst(text), expected);
    }
}

#[test]
fn headings_start_at_one() {
    assert_eq!(typst("## A\n\n### B\n\n## C"), "= A\n\n== B\n\n= C");
    assert_eq!(typst("A\nb\n---"), "= A b");
    assert_eq!(typst("# 1. A[^a] b[^a]\n\n[^a]: x\n\n    y").lines().next(), Some("= 1. A#[#footnote[x"));
    assert_eq!(findings("## A\n# B\n### C"), [("heading-skips-level", "## A\n"), ("heading-skips-level", "### C")]);
    assert_eq!(findings("# A\n\n#\n"), [("heading-empty", "#\n")]);
}

#[test]
fn lists() {
    assert_eq!(typst("- a\n- b"), "#list(\n  [a],\n  [b],\n)");
    assert_eq!(typst("3. a\n\n4. b"), "#enum(start: 3, tight: false,\n  [a],\n  [b],\n)");
    assert_eq!(typst("1) a"), "#enum(numbering: \"1)\",\n  [a],\n)");
    assert_eq!(
        typst("1. a\n   - b\n     c\n\n     d\n2."),
        [
            "#enum(",
            "  [a",
            "    #list(tight: false,",
            "      [b",
            "        c",
            "",
            "        d],",
            "    )",
            "  ],",
            "  [],",
            ")"
        ]
        .join("\n")
    );
}

#[test]
fn quotes_hold_recommendations() {
    assert_eq!(typst("> Tekst."), "#quote(block: true)[\n  Tekst.\n]");
    assert_eq!(
        typst("> 1.1 Stel *iets*\n> in.\n>\n> 3 jaar geleden\n>\n> 3 Geef\n>\n> 4. Doe\n> 5. Laat"),
        [
            "#quote(block: true)[",
            "  #aanbeveling(\"1.1\")[Stel #emph[iets]",
            "    in.]",
            "",
            "  3 jaar geleden",
            "",
            "  #aanbeveling(\"3\")[Geef]",
            "",
            "  #aanbeveling(\"4\")[Doe]",
            "",
            "  #aanbeveling(\"5\")[Laat]",
            "]"
        ]
        .join("\n")
    );
    for text in ["1.1 Geen citaat", "> 1.1", "> 2023 Jaar", "> 1..1 X", "> 1.1Stel", "> 10,5 Procent"] {
        assert!(!typst(text).contains("#aanbeveling"), "{text}");
    }
}

#[test]
fn tables() {
    assert_eq!(
        typst("| A | B |\n|---|--:|\n| `x` | \u{F0000} |\n| c |"),
        "#table(\n  columns: 2,\n  align: (auto, right),\n  table.header([A], [B]),\n  [#raw(\"x\")], [#\"Jan\";],\n  [c], [],\n)"
    );
    assert_eq!(typst("|A|\n|:-|\n|b|"), "#table(\n  columns: 1,\n  align: (left,),\n  table.header([A]),\n  [b],\n)");
    let found = findings("|A|B|\n|-|-|\n| 1 | 2 | 3 |\n| 1 | 2 | |\n| 1 | 2\n");
    assert_eq!(found, [("table-row-cells", "| 1 | 2 | 3 |\n")]);
    assert_eq!(findings("> |A|B|\n> |-|-|\n> 1|2|3|4"), [("table-row-cells", "1|2|3|4")]);
}

#[test]
fn a_table_that_is_none_is_found() {
    assert_eq!(findings("| A | B | C |\n|---|---|\n| 1 | 2 | 3 |"), [("table-rule-cells", "|---|---|")]);
    assert_eq!(findings("> A | B\n> -|-|-"), [("table-rule-cells", "-|-|-")]);
    assert_eq!(findings("- |A|B|\n  |-|-|-|"), [("table-rule-cells", "|-|-|-|")]);
    assert_eq!(findings("|a|b|\n|1|2|"), [("table-broken", "|a|b|")]);
    assert_eq!(findings("|a|b|\n\n|-|-|\n|1|2|"), [("table-broken", "|-|-|")]);
    assert_eq!(findings("|a|b|\n---")[0].0, "table-broken");
    assert_eq!(findings("+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n+---+---+"), [("table-broken", "+---+---+")]);
    for text in [
        "a | b",
        "|a| en |b",
        "|a|\n\n|b|",
        "`|a|`\n`|-|-|`",
        "\\|a\\|\n\\|b\\|",
        "- | - | -",
        "-|-",
        "a\n\n-|-|-",
        "+--+",
        "`+--+`\n|a|",
    ] {
        assert_eq!(findings(text), [], "{text}");
    }
}

#[test]
fn a_table_refuses_a_letter_only_where_its_rule_shows_that_it_was_meant() {
    let severity = |text: &str| body(text, &[]).findings[0].finding.severity;
    for text in ["| A | B | C |\n|---|---|", "|A|B|\n|-|-|-|", "|a|b|\n\n|--|--|\n|1|2|"] {
        assert_eq!(severity(text), Severity::Error, "{text}");
    }
    for text in [
        "|x| + |y| = |z|\n|a| + |b| = |c|",
        "|a|b|\n|1|2|",
        "|a|b|\n\n|-|-|\n|1|2|",
        "|a|b|\n---",
        "A | B\n-|-|-",
        "+---+---+\n| a | b |\n+---+---+",
    ] {
        assert_eq!(severity(text), Severity::Warning, "{text}");
    }
}

#[test]
fn mark_up_that_comes_out_as_text_is_pointed_out() {
    for (text, marked) in [
        ("a ~~weg~~ b", "~~weg~~"),
        ("a ~~*weg*~~ b", "~~*weg*~~"),
        ("- [ ] taak", "[ ]"),
        ("1. een\n\n2. [x] taak", "[x]"),
        ("#Inleiding\n\na", "#"),
        ("a\n##2. Kop", "##"),
        ("a **vet b", "**"),
        ("**Let op:**dit", "**Let op:**"),
        ("a **“vet”**en b", "**“vet”**"),
        ("dit**“vet”** b", "**“vet”**"),
        ("Dit is ** vet ** en", "** vet **"),
        ("Dit is ** vet** en", "** vet**"),
        ("Dit is **vet ** en", "**vet **"),
        ("**\u{F0000}:**en", "**\u{F0000}:**"),
        ("|A|\n|-|\n|**b|", "**"),
    ] {
        assert_eq!(findings(text), [("markdown-literal", marked)], "{text}");
        assert_eq!(body(text, &[]).findings[0].finding.severity, Severity::Warning);
    }
    for text in [
        "\\~~a\\~~ ~~ b",
        "a [ ] b",
        "a #b\n#c #1 #",
        "Kijk op\n#Overijssel",
        "10 euro** en 12 euro**, (of 13**).",
        "10 euro**\n** zonder btw",
        "Hotel*** en Hotel ***",
        "a *b* c** d",
        "2 ** 3 ** 4",
        "<https://x.nl/~~a/~~b> en https://x.nl/~~a/~~b",
        "#1 b",
        "\\#Kop",
        "2 ** 3",
        "**a** ***b***",
        "\\*\\*a",
        "`**` `~~a~~`",
        "*****a",
    ] {
        assert_eq!(findings(text), [], "{text}");
    }
}

#[test]
fn images() {
    assert_eq!(
        typst("![Een *x*](a.svg \"Bij 'x'\")"),
        "#figure(image(\"/a.svg\", alt: \"Een x\"), caption: [Bij 'x'])"
    );
    assert_eq!(typst("![x](a.svg)"), "#figure(image(\"/a.svg\", alt: \"x\"))");
    assert_eq!(typst("zie ![x](a.svg)."), "zie #box(image(\"/a.svg\", alt: \"x\")).");
    assert_eq!(findings("![ ](a.svg)"), [("image-without-alt", "![ ](a.svg)")]);
    assert_eq!(findings("a ![x](weg.svg)"), [("image-missing", "![x](weg.svg)")]);
    assert_eq!(findings("a ![x](a.svg \"t\")"), [("image-caption-unused", "![x](a.svg \"t\")")]);
}

#[test]
fn footnotes() {
    assert_eq!(
        typst("a[^1] b[^x].\n\n[^x]: X\n[^1]: Een[^x]"),
        ["a#footnote[Een#[#footnote[X]<voetnoot-1>]] b#footnote(<voetnoot-1>).",].join("\n")
    );
    assert_eq!(findings("a[^1]\n\n[^1]: b[^1]"), [("footnote-cycle", "[^1]")]);
    assert_eq!(findings("a[^1] \\[^2] `[^3]`"), [("footnote-undefined", "[^1]")]);
    assert_eq!(findings("[^1]: a"), [("footnote-unused", "[^1]: a")]);
    assert_eq!(findings("a[^1]\n\n[^1]: a\n\n[^1]: b"), [("footnote-duplicate", "[^1]: b")]);
    assert_eq!(findings("a[^1]\n\n[^1]:"), [("footnote-empty", "[^1]:")]);
    assert_eq!(findings("[^1]\n\n[^1]: [^2]\n[^2]: [^3]\n[^3]: x[^4]\n[^4]: y")[0], ("nesting-too-deep", "[^4]"));
}

#[test]
fn links() {
    assert_eq!(typst("[a *b*](https://x.nl)"), "#link(\"https://x.nl\")[a #emph[b]]");
    assert_eq!(
        typst("<https://x.nl>, <a@b.nl>"),
        concat!("#link(\"https://x.nl\")[https:\\/\\/x.nl], ", "#link(\"mailto:a@b.nl\")[a\\@b.nl]")
    );
    assert_eq!(typst("[a] [sic]\n\n[a]: tel:112"), "#link(\"tel:112\")[a] \\[sic\\]");
    for (text, expected) in [
        ("x [a]() y", ("link-empty", "[a]()")),
        ("x [a](www.x.nl)", ("link-without-scheme", "[a](www.x.nl)")),
        ("x [a](\u{F0000})", ("link-scheme", "[a](\u{F0000})")),
        ("x [](https://x.nl)", ("link-without-text", "[](https://x.nl)")),
        ("x [a][b] y", ("link-undefined", "[a][b]")),
        ("x [a](https://x.nl y", ("link-broken", "[a](https://x.nl")),
        ("x [*a*](https://x.nl y", ("link-broken", "](https://x.nl")),
        ("x [a](b c.pdf)", ("link-broken", "[a](b")),
        ("x [a] (https://x.nl) y", ("link-broken", "[a] (https://x.nl)")),
    ] {
        assert_eq!(findings(text), [expected]);
    }
    let severity = |text| body(text, &[]).findings[0].finding.severity;
    assert_eq!(severity("[a](https://x.nl"), Severity::Error);
    assert_eq!(severity("[a] (https://x.nl)"), Severity::Warning);
    assert_eq!(findings("\\[a](x) `[a](x` [a] (b)"), []);
}

#[test]
fn html_is_refused() {
    assert_eq!(findings("a <b>c</b>"), [("html-in-body", "<b>"), ("html-in-body", "</b>")]);
    assert_eq!(findings("<div>\nx\n</div>\n\na"), [("html-in-body", "<div>\nx\n</div>\n")]);
    assert_eq!(findings("a\\\n<br>"), [("html-in-body", "<br>")]);
}

#[test]
fn depth_is_bounded() {
    let fits = format!("{} a *b **c***", ">".repeat(6));
    assert_eq!(findings(&fits), []);
    for text in [">".repeat(100_000) + "a", "*".repeat(50_000) + "a" + &"*".repeat(50_000), "- ".repeat(40) + "a"] {
        assert_eq!(findings(&text).iter().filter(|(code, _)| *code == "nesting-too-deep").count(), 1);
    }
    for text in ["[", "![", "[a](", "[^a]", "]("] {
        body(&text.repeat(100_000), &[]);
    }
    let deep = |list: &str| format!("{}a", list.repeat(8));
    let note = |n| format!("\n\n[^{n}]: {}[^{}]", deep("- "), n + 1);
    body(&format!("{}[^1]{}{}{}", deep("> "), note(1), note(2), note(3)), &[]);
}

#[test]
fn the_map_leads_back() {
    let text = "# Kop\n\n> Een *twee*\n> [drie](https://x.nl) \u{F0000} &amp; *vier*";
    let Body { typst, map, .. } = body(text, &["Jan"]);
    for word in ["Kop", "Een", "twee", "drie", "vier"] {
        let at = typst.find(word).unwrap();
        assert_eq!(&text[map.trace(at..at + word.len()).unwrap()], word);
    }
    let traced = |part: &str| &text[map.trace(typst.find(part).map(|at| at..at + part.len()).unwrap()).unwrap()];
    assert_eq!(traced("#\"Jan\";"), "\u{F0000}");
    assert_eq!(traced("& "), "&amp; ");
    assert_eq!(traced("#link("), "[drie](https://x.nl)");
}

const EVERYWHERE: &str = "# Kop \u{F0000}\n\n\u{F0000} *\u{F0000}* **a\u{F0000}**(x) '\u{F0000}' `\u{F0000}`[^1]\\\n\
    \u{F0000}. [\u{F0000}](https://x.nl/\u{F0000}) <https://x.nl/\u{F0000}>\n\n1. \u{F0000}\n\n| \u{F0000} |\n|--|\n\
    | \u{F0000} |\n\n![a \u{F0000}](x.svg \"\u{F0000}\")\n\n> 1.1 \u{F0000}\n>\n> \u{F0000} 1 A\n\n```\n\u{F0000}\n```\n\n\
    - [^1]\n\n[^1]: Noot \u{F0000}";

fn value() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[-\\[\\]()#*_`$\\\\\"'<>|.;:=+/@~!&{}\n\ta1 \u{F0001}]{0,12}"]
}

fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "*", "**", "_", "`", "```\n", "[", "]", "(", ")", "](", "![", "[^1]", "[^1]: ", "> ", "- ", "1. ", "2) ", "# ",
            "### ", "\n", "\n\n", "    ", " ", "  \n", "\\\n", "\\", "| a ", "|\n", "|--|--|\n", "<b>", "<!--", "<https://x.nl>",
            "https://x.nl", "&amp;", "&#32;", "&nbsp;", "'", "\"", "'s ", "---\n", "***\n", "===\n", "[a]: /x\n", "[a][b]",
            "\u{F0000}", "\u{F0001}", ".", "..", "-", "--", "1.1 ", "//", "/*", "#", "$", "@a", "~", "=", "+", ";", "woord", "é", "\r\n",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn values_are_text_wherever_they_stand(value in value()) {
        let with = body(EVERYWHERE, &[&value]);
        let without = body(EVERYWHERE, &["x"]);
        prop_assert_eq!(without.findings, []);
        prop_assert_eq!(count(&parse(&with.typst)), count(&parse(&without.typst)));
        // In the addresses of links it is encoded.
        let written = visible(&parse(&with.typst)).matches(&value).count();
        prop_assert!(value.is_empty() || written >= EVERYWHERE.matches('\u{F0000}').count() - 2, "{}", with.typst);
    }

    #[test]
    fn literal_text_is_what_went_in(text in "[A-Za-z][a-z0-9 .,;:()!?%^{}|$#@~=+/é\"-]{0,40}") {
        let expected: String = text.split_whitespace().collect();
        prop_assert_eq!(visible(&parse(&body(&text, &[]).typst)), expected);
    }

    #[test]
    fn any_markdown_gives_sound_typst(text in prop_oneof![markdown(), any::<String>()], value in value()) {
        let one = body(&text, &["x", "y"]);
        let lines_end_in_text = one.typst.lines().all(|line| line.ends_with("\\ ") || line.trim_end() == line);
        prop_assert!(lines_end_in_text, "{:?}", one.typst);
        for found in &one.findings {
            prop_assert!(text.get(found.range.clone()).is_some());
        }
        let root = parse(&one.typst);
        check_copies(&LinkedNode::new(&root), &text, &one)?;
        let other = body(&text, &[&value, "z"]);
        if one.findings.is_empty() && other.findings.is_empty() {
            prop_assert_eq!(count(&root), count(&parse(&other.typst)));
        }
    }
}

/// Where the map gives a single byte for a letter or digit of the text, it is that byte.
fn check_copies(node: &LinkedNode, text: &str, body: &Body) -> Result<(), TestCaseError> {
    if node.kind() == SyntaxKind::Text {
        for at in node.range().filter(|&at| body.typst.as_bytes()[at].is_ascii_alphanumeric()) {
            let origin = body.map.trace(at..at + 1).expect("all text has an origin");
            prop_assert!(origin.len() > 1 || text.as_bytes()[origin.start] == body.typst.as_bytes()[at]);
        }
    }
    node.children().try_for_each(|child| check_copies(&child, text, body))
}
