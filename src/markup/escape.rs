//! Escaping for each position that text can have in Typst.

use std::fmt::Write;

/// A complete Typst string literal, quotes included, in which every character survives.
///
/// ```
/// # use postkamer::markup::escape::typst_string;
/// assert_eq!(typst_string(r#"a "b" \ c"#), r#""a \"b\" \\ c""#);
/// ```
pub fn typst_string(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if is_invisible(c) => push_code_point(&mut out, c),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An expression that puts a value in markup as plain text.
///
/// It ends in a semicolon, so that what follows is not read as a field access or a call.
///
/// ```
/// # use postkamer::markup::escape::typst_markup;
/// assert_eq!(typst_markup("#let"), r##"#"#let";"##);
/// ```
pub fn typst_markup(value: &str) -> String {
    format!("#{};", typst_string(value))
}

/// Appends a literal character of running text to markup.
///
/// Quotes stay as they are, for Typst to make typographic. `before` is the character just before in the same text, a
/// line feed at the start of a line and none behind an expression, where `(`, `.` and `;` would be part of it.
/// `after` is the next character of the same text.
pub(super) fn push_literal(out: &mut String, c: char, before: Option<char>, after: Option<char>) {
    let needs_backslash = match c {
        '\\' | '#' | '[' | ']' | '*' | '_' | '$' | '<' | '@' | '~' | '`' | '=' | '+' | '/' => true,
        '(' | ';' => before.is_none(),
        '-' => !before.is_some_and(char::is_alphanumeric) || matches!(after, Some('-' | '?')),
        '.' => match before {
            Some(_) => after == Some('.') || begins_list(out),
            None => after.is_some_and(|next| !next.is_whitespace()),
        },
        _ => false,
    };
    match c {
        _ if needs_backslash => out.extend(['\\', c]),
        '\u{A0}' => out.push('~'),
        c if is_invisible(c) => push_code_point(out, c),
        c => out.push(c),
    }
}

/// Whether a full stop after this would make a number at the start of a line that of a list.
fn begins_list(out: &str) -> bool {
    let before_number = out.trim_end_matches(|c: char| c.is_ascii_digit());
    before_number.len() < out.len()
        && matches!(before_number.trim_end_matches(' ').chars().next_back(), None | Some('\n' | '['))
}

/// Characters that Typst would take for a space or a line break, or that nobody would see in its source.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn push_code_point(out: &mut String, c: char) {
    write!(out, "\\u{{{:x}}}", c as u32).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use typst::syntax::ast::{Expr, Markup};
    use typst::syntax::{SyntaxKind, parse};

    use super::*;

    fn literal(text: &str) -> String {
        let mut out = String::new();
        let (mut before, mut chars) = (Some('\n'), text.chars().peekable());
        while let Some(c) = chars.next() {
            push_literal(&mut out, c, before, chars.peek().copied());
            before = Some(c);
        }
        out
    }

    #[test]
    fn everyday_text_stays_readable() {
        let text = "In 2023. Op 21-02-2023 (art. 3.4, lid 2; zie D2023-02 in mkb- en) gaf u 50% & \"meer\": foto's!";
        assert_eq!(literal(text), text);
    }

    #[test]
    fn what_typst_would_read_is_escaped() {
        assert_eq!(literal("= a"), "\\= a");
        assert_eq!(literal("- a -- b -1"), "\\- a \\-\\- b \\-1");
        assert_eq!(literal("1. a... b x--1"), "1\\. a\\.\\.. b x\\-\\-1");
        assert_eq!(literal("a@b http://x /* #x"), "a\\@b http:\\/\\/x \\/\\* \\#x");
        assert_eq!(literal("a\u{A0}b\u{AD}c\u{2028}"), "a~b\\u{ad}c\\u{2028}");
    }

    proptest! {
        #[test]
        fn a_string_gives_back_its_value(value in any::<String>()) {
            let source = typst_markup(&value);
            let root = parse(&source);
            prop_assert!(root.errors_and_warnings().0.is_empty());
            let markup: Markup = root.cast().unwrap();
            let expressions: Vec<_> = markup.exprs().collect();
            let [Expr::Str(string)] = expressions[..] else { panic!("{source}") };
            let read: String = string.get().into();
            prop_assert_eq!(read, value);
            prop_assert_eq!(root.children().count(), 3);
        }

        #[test]
        fn literal_text_is_text(text in "[ -~é\u{A0}\u{AD}\u{2028}]{0,40}") {
            let source = literal(&text);
            let root = parse(&source);
            prop_assert!(root.errors_and_warnings().0.is_empty());
            for node in root.children() {
                prop_assert!(
                    matches!(node.kind(), SyntaxKind::Text | SyntaxKind::Space | SyntaxKind::Escape | SyntaxKind::SmartQuote)
                        || node.full_text() == "~",
                    "{:?} in {}", node, source
                );
            }
        }
    }
}
