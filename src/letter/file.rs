//! A letter file: TOML between two `+++` lines, then a Markdown body.

use std::ops::Range;

use crate::error::Finding;
use crate::source::SourceFile;

/// The line that opens and closes the front matter.
pub const FENCE: &str = "+++";

/// Where the two parts of a letter file stand in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The front matter, without its fences.
    pub front: Range<usize>,
    /// The body.
    pub body: Range<usize>,
}

/// Finds the two parts.
///
/// # Errors
/// When the file is empty, has no front matter, or never closes it.
pub fn split(source: &SourceFile) -> Result<Parts, Finding> {
    let text = source.text();
    if text.trim().is_empty() {
        return Err(Finding::error("letter-empty").at(source.place(0..0)));
    }
    let mut lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let first = lines.find(|(_, line)| !line.trim().is_empty());
    let Some((open, line)) = first.filter(|(_, line)| line.trim_end() == FENCE) else {
        let (start, line) = first.unwrap_or((0, ""));
        return Err(Finding::error("front-matter-missing").at(source.place(start..start + line.trim_end().len())));
    };
    let front = open + line.len();
    match lines.find(|(_, line)| line.trim_end() == FENCE) {
        Some((close, line)) => Ok(Parts { front: front..close, body: close + line.len()..text.len() }),
        None => Err(Finding::error("front-matter-unclosed").at(source.place(open..open + FENCE.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(String, String), &'static str> {
        let source = SourceFile::new("x.md", text);
        let parts = split(&source).map_err(|finding| finding.code)?;
        Ok((text[parts.front].into(), text[parts.body].into()))
    }

    #[test]
    fn fences_part_front_matter_and_body() {
        assert_eq!(parts("+++\na = 1\n+++\n\nTekst\n"), Ok(("a = 1\n".into(), "\nTekst\n".into())));
        assert_eq!(parts("\n+++\n+++"), Ok((String::new(), String::new())));
        assert_eq!(parts("  \n"), Err("letter-empty"));
        assert_eq!(parts("Beste,\n"), Err("front-matter-missing"));
        assert_eq!(parts("+++\na = 1\n"), Err("front-matter-unclosed"));
    }
}
