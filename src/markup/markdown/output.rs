//! Typst markup under construction: lines, indentation, and where every stretch came from.

use std::ops::Range;

use crate::markup::escape::push_literal;
use crate::source::SourceMap;

/// How many pieces (calls, escaped signs, lines) the markup may have: Typst makes an element of each.
const MAX_PIECES: usize = 30_000;

#[derive(Default)]
pub(super) struct Output {
    pub typst: String,
    pub map: SourceMap,
    /// Where in the Markdown the markup became too long.
    pub too_long: Option<Range<usize>>,
    pieces: usize,
    run: Option<Run>,
    indent: usize,
    /// Line feeds and a space owed before whatever comes next, so that no line ends in white space.
    line_feeds: usize,
    space: Option<(Range<usize>, bool)>,
    at_line_start: bool,
    /// See [`push_literal`].
    before: Option<char>,
}

/// The run of the source map that is being written.
#[derive(PartialEq)]
enum Run {
    /// Byte for byte, with what is to be added to an offset in the output to get the one in the Markdown.
    Verbatim(isize),
    Generated(Range<usize>),
}

impl Output {
    /// Whether nothing was written since the output had this length.
    pub fn is_still(&self, length: usize) -> bool {
        self.typst.len() == length
    }

    pub fn indent(&mut self) {
        self.indent += 1;
    }

    pub fn dedent(&mut self) {
        self.indent -= 1;
    }

    /// So many line feeds before what comes next, instead of any that were owed.
    pub fn lines(&mut self, line_feeds: usize) {
        self.line_feeds = line_feeds;
        self.space = None;
    }

    /// A line break in a paragraph, a Typst backslash; `same_line` where the line of the source has to go on.
    pub fn hard_break(&mut self, origin: &Range<usize>, same_line: bool) {
        self.space = None;
        self.structure(" \\", origin);
        // At once: a backslash must not come to stand before anything but white space.
        self.typst.push(if same_line { ' ' } else { '\n' });
        self.at_line_start = !same_line;
        self.before = Some('\n');
    }

    /// Markup and expressions.
    pub fn structure(&mut self, markup: &str, origin: &Range<usize>) {
        self.settle();
        self.count(origin);
        self.begin(Run::Generated(origin.clone()));
        self.typst.push_str(markup);
        self.before = match markup.chars().next_back() {
            Some('[') => Some('\n'),
            last => last.filter(|&last| last == ';'),
        };
    }

    /// A space between words; several make one.
    pub fn space(&mut self, origin: Range<usize>, verbatim: bool) {
        self.space.get_or_insert((origin, verbatim));
    }

    /// A literal character of running text.
    pub fn literal(&mut self, c: char, origin: &Range<usize>, verbatim: bool, after: Option<char>) {
        self.settle();
        let start = self.typst.len();
        push_literal(&mut self.typst, c, self.before, after);
        let copied = verbatim && self.typst.len() - start == c.len_utf8() && self.typst[start..].starts_with(c);
        if !copied {
            self.count(origin);
        }
        self.begin_at(start, if copied { verbatim_run(start, origin) } else { Run::Generated(origin.clone()) });
        self.before = Some(c);
    }

    fn count(&mut self, origin: &Range<usize>) {
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            self.too_long.get_or_insert_with(|| origin.clone());
        }
    }

    fn settle(&mut self) {
        let line_feeds = std::mem::take(&mut self.line_feeds);
        if line_feeds > 0 && !self.typst.is_empty() {
            self.pieces += 1;
            self.typst.extend(std::iter::repeat_n('\n', line_feeds));
            self.at_line_start = true;
        }
        if std::mem::take(&mut self.at_line_start) {
            self.typst.extend(std::iter::repeat_n("  ", self.indent));
            self.space = None;
            self.before = Some('\n');
        }
        if let Some((origin, verbatim)) = self.space.take() {
            let start = self.typst.len();
            self.typst.push(' ');
            self.begin_at(start, if verbatim { verbatim_run(start, &origin) } else { Run::Generated(origin) });
            self.before = Some(' ');
        }
    }

    fn begin(&mut self, run: Run) {
        self.begin_at(self.typst.len(), run);
    }

    fn begin_at(&mut self, at: usize, run: Run) {
        if self.run.as_ref() == Some(&run) {
            return;
        }
        match &run {
            Run::Verbatim(shift) => self.map.verbatim(at, at.strict_add_signed(*shift)),
            Run::Generated(origin) => self.map.generated(at, origin.clone()),
        }
        self.run = Some(run);
    }
}

fn verbatim_run(at: usize, origin: &Range<usize>) -> Run {
    Run::Verbatim(origin.start as isize - at as isize)
}
