//! Private-use characters that travel through handlebars and Markdown in place of what they stand for.
//!
//! A value goes in as one character that both take for a letter of a word, so that nothing in the value is ever read as
//! handlebars, Markdown or Typst. A second range marks where each piece of a template begins, so that every place in
//! the filled text leads back to the line its author wrote.

use crate::markup::FIRST_VALUE;

/// The first piece mark; the range reaches to the last private-use character.
const FIRST_PIECE: u32 = 0x0010_0000;

/// How many values, or pieces of template, one text can hold.
pub const CAPACITY: usize = 0xFFFE;

/// The character that stands for value `index`.
pub fn value(index: usize) -> Option<char> {
    (index < CAPACITY).then(|| char::from_u32(FIRST_VALUE as u32 + index as u32)).flatten()
}

/// The value that a character stands for.
pub fn value_index(mark: char) -> Option<usize> {
    index(mark, FIRST_VALUE as u32)
}

/// The character that marks piece `index`.
pub fn piece(index: usize) -> Option<char> {
    (index < CAPACITY).then(|| char::from_u32(FIRST_PIECE + index as u32)).flatten()
}

/// The piece that a character marks.
pub fn piece_index(mark: char) -> Option<usize> {
    index(mark, FIRST_PIECE)
}

/// Whether a character is taken for marks and so can't stand in a user's text.
pub fn is_mark(character: char) -> bool {
    value_index(character).is_some() || piece_index(character).is_some()
}

/// Whether a mark can begin with this byte; the characters of nearly all texts begin with others.
pub fn may_begin(byte: u8) -> bool {
    byte >= 0xF3
}

fn index(mark: char, first: u32) -> Option<usize> {
    let index = (mark as u32).checked_sub(first)? as usize;
    (index < CAPACITY).then_some(index)
}
