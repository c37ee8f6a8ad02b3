//! Findings as a compiler shows them: what is wrong, where, the line itself, what to do about it.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::error::{Error, Finding, Severity};
use crate::messages::Messages;

/// A finding as text with colours, ending in an empty line.
pub fn finding(messages: &Messages, finding: &Finding) -> String {
    let words = messages.finding(finding);
    let name = |id| messages.text(id, &[]);
    let (error, warning, help) = (name("label-error"), name("label-warning"), name("label-help"));
    let level = match finding.severity {
        Severity::Error => Level::ERROR.with_name(error.as_str()),
        Severity::Warning => Level::WARNING.with_name(warning.as_str()),
    };
    let path = finding.place.as_ref().map(|place| place.file.path().display().to_string()).unwrap_or_default();
    let title = level.primary_title(words.message.as_str()).id(finding.code);
    let mut group = Group::with_title(title);
    if let Some(place) = &finding.place {
        let text = place.file.text();
        // A finding about a long stretch points at its first line.
        let start = text[..place.range.start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].split('\n').next().unwrap_or_default();
        let span = place.range.start - start
            ..place.range.end.saturating_sub(start).clamp(place.range.start - start, line.len());
        if place.file.is_cell() {
            // A table is known by its rows, and the line names the column.
            group = group.element(Origin::path(path.as_str()).line(place.line()));
            group = group.elements((!line.trim().is_empty()).then(|| Level::NOTE.no_name().message(line)));
        } else if text.contains('\0') || text.is_empty() {
            // Nothing to show: the file is empty, not there, or no text.
            group = group.element(Origin::path(path.as_str()).line(place.line()).char_column(place.column()));
        } else {
            let line = if line.is_empty() { " " } else { line };
            let snippet = Snippet::source(without_password(line)).line_start(place.line()).path(path.as_str());
            group = group.element(snippet.annotation(AnnotationKind::Primary.span(span)));
        }
    }
    if let Some(text) = &words.help {
        group = group.element(Level::HELP.with_name(help.as_str()).message(text.as_str()));
    }
    format!("{}\n\n", Renderer::styled().render(&[group]))
}

/// A line without the password of a URL in it: what is shown on a terminal ends up in logs and on screens of others.
/// Each byte of it becomes an asterisk, so that the columns stay what they are.
fn without_password(line: &str) -> Cow<'_, str> {
    let hidden = |from: usize, to: usize| {
        let stars = "*".repeat(to - from);
        Cow::from(format!("{}{stars}{}", &line[..from], &line[to..]))
    };
    if !line.contains("url") && !line.contains("postgres") {
        return line.into();
    }
    if let Some(from) = line.find("password=").map(|at| at + "password=".len()) {
        return hidden(from, line.len());
    }
    // After the scheme and the user, up to the host; where that is missing, to the end of the URL.
    let user = line.find("://").map(|at| at + "://".len());
    let Some(from) = user.and_then(|user| Some(user + line[user..].find(':')? + 1)) else { return line.into() };
    let secret = match line[from..].rfind('@') {
        Some(at) => at,
        None => line[from..].find(['/', '"', '\'', ' ']).unwrap_or(line.len() - from),
    };
    // That was the port of a host.
    let is_port = line[from..from + secret].bytes().all(|byte| byte.is_ascii_digit());
    if is_port && !line[from..].contains('@') { line.into() } else { hidden(from, from + secret) }
}

/// A failure outside as text with colours.
pub fn outside(messages: &Messages, error: &Error) -> String {
    let Some(words) = messages.outside(error) else { return String::new() };
    let (name, help) = (messages.text("label-error", &[]), messages.text("label-help", &[]));
    let mut group = Group::with_title(Level::ERROR.with_name(name.as_str()).primary_title(words.message.as_str()));
    if let Some(text) = &words.help {
        group = group.element(Level::HELP.with_name(help.as_str()).message(text.as_str()));
    }
    format!("{}\n\n", Renderer::styled().render(&[group]))
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_line_is_quoted_without_the_password_in_it() {
        for (line, shown) in [
            ("url = \"postgres://jan:geheim@db/x\"", "url = \"postgres://jan:******@db/x\""),
            ("url = 'postgres://jan:ge@h:/m@db:1/x'", "url = 'postgres://jan:*******@db:1/x'"),
            ("url = \"postgres://jan:geheim\"", "url = \"postgres://jan:******\""),
            ("url = \"postgres://jan:1234@db/x\"", "url = \"postgres://jan:****@db/x\""),
            ("url = \"host=db password=geheim\"", "url = \"host=db password=*******"),
            ("url = \"postgres://jan@db:5433/x\"", "url = \"postgres://jan@db:5433/x\""),
            ("website = \"https://www.example.nl\"", "website = \"https://www.example.nl\""),
            ("url = \"postgres://db:5433/x\"", "url = \"postgres://db:5433/x\""),
            ("Zie https://x: vraag het jan@example.nl", "Zie https://x: vraag het jan@example.nl"),
        ] {
            assert_eq!(without_password(line), shown);
        }
    }
}
