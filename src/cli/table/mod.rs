//! Tables for people: aligned, coloured, and cut to the terminal.
//!
//! A row is one line. On a terminal the last column gives way first, with `…` where it was cut. Elsewhere (`| less`,
//! `| grep`, a file) the columns stay aligned and nothing is cut, so that what is looked for can be found; programs are
//! better served by `--json`.

use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table as Grid, Width, presets};

use crate::contract::characters::unfit;

#[cfg(test)]
mod tests;

/// So many rows are laid out at a time: a whole register is large enough without its layout.
const CHUNK: usize = 1_000;
/// Spaces between two columns.
const GAP: u16 = 2;
/// What the last column keeps, as long as the others can do with less.
const LAST: u16 = 20;
/// What a column that can be cut gets in any case, and what it gets where others want more.
const SOFT: (u16, u16) = (8, 24);

/// What a value looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tone {
    /// Like the rest.
    #[default]
    Plain,
    /// Done: green.
    Good,
    /// Waits for somebody: yellow.
    Waiting,
    /// Should have been done: red.
    Late,
    /// No longer counts: dim.
    Faded,
    /// A heading: bold.
    Strong,
}

/// A value.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    text: String,
    tone: Tone,
}

/// A table in the making. Its last column is the one that gives way.
pub(super) struct Table {
    headings: Vec<(String, Kind)>,
    rows: Vec<Vec<Cell>>,
}

/// How a column takes being too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is no use when cut: numbers, dates.
    Firm,
    /// It can be cut.
    Soft,
}

impl Tone {
    /// Tones that cells are marked with on their way through the layout: characters that take no place and that
    /// [`shown`] lets nobody else write.
    const MARKS: [(Self, char); 5] = [
        (Self::Good, '\u{2061}'),
        (Self::Waiting, '\u{2062}'),
        (Self::Late, '\u{2063}'),
        (Self::Faded, '\u{2064}'),
        (Self::Strong, '\u{206F}'),
    ];
    const END: char = '\u{200B}';

    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Good => colour(AnsiColor::Green),
            Self::Waiting => colour(AnsiColor::Yellow),
            Self::Late => colour(AnsiColor::Red),
            Self::Faded => Style::new().dimmed(),
            Self::Strong => Style::new().bold(),
        }
    }

    /// A text in this tone.
    pub fn paint(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

impl Cell {
    /// A value in a tone; what can't be shown is replaced.
    pub fn new(text: &str, tone: Tone) -> Self {
        Self { text: shown(text), tone }
    }

    fn marked(&self) -> String {
        match Tone::MARKS.iter().find(|(tone, _)| *tone == self.tone) {
            Some((_, mark)) if !self.text.is_empty() => format!("{mark}{}{}", self.text, Tone::END),
            _ => self.text.clone(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        Self::from(text.unwrap_or_default())
    }
}

impl From<Option<chrono::NaiveDate>> for Cell {
    fn from(day: Option<chrono::NaiveDate>) -> Self {
        Self { text: day.map(|day| day.to_string()).unwrap_or_default(), tone: Tone::Plain }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(headings: impl IntoIterator<Item = (String, Kind)>) -> Self {
        Self { headings: headings.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row with a cell for each heading.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// The lines, the headings first, within a width if one is given. A column without any value is left out.
    pub fn render(mut self, width: Option<u16>) -> String {
        self.drop_empty();
        let heading = |text: &String| Cell::new(text, Tone::Strong);
        let first = self.headings.iter().map(|(text, _)| heading(text)).collect();
        self.rows.insert(0, first);
        let natural = natural(&self.rows, self.headings.len());
        let kinds: Vec<_> = self.headings.iter().map(|(_, kind)| *kind).collect();
        let mut text = String::new();
        for rows in self.rows.chunks(CHUNK) {
            match width {
                Some(width) => {
                    let mut grid = grid(rows, self.headings.len(), share(&natural, &kinds, width).as_deref());
                    grid.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
                    grid.lines().for_each(|line| add(&mut text, &line));
                }
                None => {
                    // The last column is as long as it is: the others need not be filled up to it.
                    let columns = self.headings.len() - 1;
                    let mut grid = grid(rows, columns, Some(&natural[..columns]));
                    grid.set_content_arrangement(ContentArrangement::Disabled);
                    let gap = if columns == 0 { "" } else { "  " };
                    let starts = grid.lines().chain(std::iter::repeat(String::new()));
                    let lasts = rows.iter().map(|row| row.last().map(Cell::marked).unwrap_or_default());
                    starts.zip(lasts).for_each(|(start, last)| add(&mut text, &format!("{start}{gap}{last}")));
                }
            }
        }
        text
    }

    fn drop_empty(&mut self) {
        let filled = |at: usize| self.rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.text.is_empty()));
        let last = self.headings.len().saturating_sub(1);
        let keep: Vec<_> = (0..self.headings.len()).map(|at| at == last || filled(at)).collect();
        let mut kept = keep.iter();
        self.headings.retain(|_| *kept.next().unwrap_or(&false));
        for row in &mut self.rows {
            let mut kept = keep.iter();
            row.retain(|_| *kept.next().unwrap_or(&false));
        }
    }
}

/// Adds a line with its marks made into colours.
fn add(text: &mut String, line: &str) {
    text.push_str(&painted(line.trim_end()));
    text.push('\n');
}

/// How wide the columns are by themselves.
fn natural(rows: &[Vec<Cell>], columns: usize) -> Vec<u16> {
    let mut widths = vec![0; columns];
    for rows in rows.chunks(CHUNK) {
        for (width, wanted) in widths.iter_mut().zip(grid(rows, columns, None).column_max_content_widths()) {
            *width = wanted.max(*width);
        }
    }
    widths
}

/// The first columns of rows as a grid without lines, with columns as wide as they are told to be.
fn grid(rows: &[Vec<Cell>], columns: usize, widths: Option<&[u16]>) -> Grid {
    let mut grid = Grid::new();
    // Where a text is cut does not depend on its spaces: no text holds this character.
    grid.force_no_tty().load_style(presets::NOTHING).set_delimiter('\0');
    for row in rows {
        let mut line = Row::from(row.iter().take(columns).map(Cell::marked).collect::<Vec<_>>());
        line.max_height(1);
        grid.add_row(line);
    }
    for (at, column) in grid.column_iter_mut().enumerate() {
        column.set_padding((if at == 0 { 0 } else { GAP }, 0));
        if let Some(width) = widths.and_then(|widths| widths.get(at)) {
            let width = width.saturating_add(column.padding_width());
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
    }
    grid
}

/// How wide the columns become; none where there isn't even room for what can't be cut.
fn share(natural: &[u16], kinds: &[Kind], width: u16) -> Option<Vec<u16>> {
    let (last, others) = natural.split_last()?;
    let gaps = GAP * others.len() as u16;
    let sum =
        |kind: Kind| others.iter().zip(kinds).filter(move |(_, of)| **of == kind).map(|(width, _)| u32::from(*width));
    let firm = u16::try_from(sum(Kind::Firm).sum::<u32>()).ok()?;
    let room = width.checked_sub(gaps)?.checked_sub(firm)?;
    let soft = sum(Kind::Soft).count() as u16;
    // A soft column gets what the last one leaves, and is cut where the last one needs the room more.
    let each = match soft {
        0 => 0,
        _ if sum(Kind::Soft).sum::<u32>() + u32::from(*last) <= u32::from(room) => u16::MAX,
        soft => (room.saturating_sub(*last) / soft).max((room.saturating_sub(LAST) / soft).clamp(SOFT.0, SOFT.1)),
    };
    let cut = |(width, kind): (&u16, &Kind)| if *kind == Kind::Firm { *width } else { each.min(*width) };
    let mut widths: Vec<_> = others.iter().zip(kinds).map(cut).collect();
    let left = room.checked_sub(widths.iter().sum::<u16>() - firm).filter(|left| *left >= SOFT.0.min(*last))?;
    widths.push(left.min(*last));
    Some(widths)
}

/// A line with its marks made into colours; a tone whose end was cut off ends with the line.
fn painted(line: &str) -> String {
    let (mut out, mut tone) = (String::with_capacity(line.len()), None);
    for c in line.chars() {
        match Tone::MARKS.iter().find(|(_, mark)| *mark == c) {
            Some((begins, _)) => {
                out.push_str(&begins.style().to_string());
                tone = Some(begins);
            }
            None if c == Tone::END => {
                tone.take().into_iter().for_each(|tone| out.push_str(&format!("{:#}", tone.style())))
            }
            None => out.push(c),
        }
    }
    if let Some(tone) = tone {
        out.push_str(&format!("{:#}", tone.style()));
    }
    out
}

/// A text as a terminal may have it, on one line: line breaks and tabs become spaces; what steers a terminal or the
/// direction of the text, and what shows nothing, becomes `�`. What emoji are joined and varied with stays.
pub(super) fn shown(text: &str) -> String {
    let fit = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' => c,
        c if unfit(c).is_some() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(fit).collect()
}
