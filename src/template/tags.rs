//! The tags of a handlebars text, before its parser sees them: what that can't take, and what it explains badly.

use std::ops::Range;

use crate::error::Finding;

/// The deepest nesting of blocks, `{{else if}}` included: handlebars' parser is recursive.
const MAX_DEPTH: usize = 24;

/// The most tags of a template: for each, handlebars' parser counts the lines before it.
const MAX_TAGS: usize = 5000;

/// The longest run of backslashes: at each of them, handlebars' parser looks for the end of the run.
const MAX_BACKSLASHES: usize = 1000;

/// The byte offset of a line and column, both counted from 1.
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

/// From an offset to the end of the tag that begins there, or to the end of the line.
pub fn tag_range(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..];
    let line = rest.find('\n').unwrap_or(rest.len());
    let end = rest[..line].find("}}").map_or(line, |end| end + 2);
    at..at + end
}

/// Holds a template against what handlebars' parser can take.
///
/// # Errors
/// The first thing that it can't take, with its place.
pub fn bounds(text: &str) -> Result<(), (Finding, usize)> {
    let bytes = text.as_bytes();
    // For each open block, how many branches lie in one another.
    let mut branches: Vec<usize> = Vec::new();
    let (mut tags, mut backslashes, mut at) = (0, 0, 0);
    while at < bytes.len() {
        backslashes = if bytes[at] == b'\\' { backslashes + 1 } else { 0 };
        if backslashes > MAX_BACKSLASHES {
            return Err((Finding::error("nesting-too-deep").arg("limit", MAX_BACKSLASHES), at));
        }
        if !bytes[at..].starts_with(b"{{") {
            at += 1;
            continue;
        }
        tags += 1;
        let tag = text[at + 2..].trim_start_matches(|c: char| c == '~' || c.is_ascii_whitespace());
        let is_chained = |rest: &str| !rest.trim_start_matches('~').trim_start().starts_with("}}");
        match tag.as_bytes().first() {
            Some(b'#') => branches.push(1),
            Some(b'/') => drop(branches.pop()),
            _ if tag.strip_prefix('^').or(tag.strip_prefix("else")).is_some_and(is_chained) => {
                branches.iter_mut().last().into_iter().for_each(|open| *open += 1);
            }
            _ => {}
        }
        if branches.len() > MAX_DEPTH || branches.iter().sum::<usize>() > 2 * MAX_DEPTH {
            return Err((Finding::error("nesting-too-deep").arg("limit", MAX_DEPTH), at));
        }
        if tags > MAX_TAGS {
            return Err((Finding::error("too-many-values").arg("limit", MAX_TAGS), at));
        }
        at += 2;
    }
    Ok(())
}

/// The tag that a text which doesn't parse fails on, if it is one of the usual slips: not closed, or a block without its
/// other half.
pub fn slip(text: &str) -> Option<(Finding, Range<usize>)> {
    let mut open: Vec<(Range<usize>, &str)> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        if text[..start].ends_with('\\') {
            at = start + 2;
            continue;
        }
        let rest = &text[start..];
        let end = if rest.starts_with("{{!--") {
            rest.find("--}}").map(|end| end + 4)
        } else {
            rest.find("}}").map(|end| end + 2)
        };
        let next = rest[2..].find("{{").map_or(rest.len(), |next| next + 2);
        let Some(end) = end.filter(|&end| end <= next || rest.starts_with("{{!")) else {
            let line = rest.find('\n').unwrap_or(rest.len());
            return Some((Finding::error("tag-unclosed"), start..start + line));
        };
        let range = start..start + end;
        let tag = rest[2..end - 2].trim_matches(['~', ' ', '\n', '\t']);
        if let Some(block) = tag.strip_prefix('#') {
            open.push((range, name_of(block)));
        } else if let Some(block) = tag.strip_prefix('/') {
            match open.pop() {
                Some((_, name)) if name == name_of(block) => {}
                Some((opener, name)) => return Some((Finding::error("block-unclosed").key(name), opener)),
                None => return Some((Finding::error("block-unopened").key(name_of(block)), range)),
            }
        }
        at = start + end;
    }
    open.pop().map(|(range, name)| (Finding::error("block-unclosed").key(name), range))
}

fn name_of(block: &str) -> &str {
    block.split(|c: char| c.is_whitespace() || c == '~').find(|part| !part.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::slip;

    #[test]
    fn the_usual_slips_are_named_where_they_are() {
        let found = |text: &str| slip(text).map(|(finding, range)| (finding.code, text[range].to_string()));
        assert_eq!(found("a\n{{#if x}}b\n"), Some(("block-unclosed", "{{#if x}}".into())));
        assert_eq!(found("{{#if x}}{{#each y}}{{/if}}"), Some(("block-unclosed", "{{#each y}}".into())));
        assert_eq!(found("b{{/if}}"), Some(("block-unopened", "{{/if}}".into())));
        assert_eq!(found("a {{x b\n{{y}}"), Some(("tag-unclosed", "{{x b".into())));
        assert_eq!(found("{{#if x}}a{{else}}b{{/if}} \\{{niet {{!-- {{ --}}"), None);
    }
}
