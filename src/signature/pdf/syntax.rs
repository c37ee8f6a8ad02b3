//! The syntax of objects (ISO 32000-2, 7.2 and 7.3), read strictly.

use std::collections::HashSet;
use std::ops::Range;

use super::limits::{Budget, NESTING, refuse};
use super::object::{Dict, Id, Object};
use crate::error::Finding;

/// A place in the file, or in a decoded object stream, from which is read.
pub(super) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    /// The offset to report instead of the place: that of an object stream, whose decoded bytes have none.
    pub container: Option<usize>,
}

/// White space (7.2.3, table 1).
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

impl<'a> Reader<'a> {
    /// A reader that begins at an offset.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, container: None }
    }

    /// A finding about where it is, or about the object stream that it reads.
    pub fn refuse(&self, code: &'static str) -> Finding {
        refuse(code, self.container.unwrap_or(self.at))
    }

    /// The next byte; none at the end.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// All that is left.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes white space.
    pub fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Skips white space and comments.
    pub fn skip(&mut self) {
        loop {
            self.skip_space();
            if self.peek() != Some(b'%') {
                return;
            }
            while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                self.at += 1;
            }
        }
    }

    /// Passes a line end, if there is one here: CR LF, LF or CR.
    pub fn line_end(&mut self) -> bool {
        let length = match self.rest() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        self.at += length;
        length > 0
    }

    /// Passes a word, if it stands here whole.
    pub fn word(&mut self, word: &[u8]) -> bool {
        let rest = self.rest();
        let whole = rest.starts_with(word) && !rest.get(word.len()).copied().is_some_and(is_regular);
        if whole {
            self.at += word.len();
        }
        whole
    }

    fn token(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Passes digits only, as a number.
    pub fn digits(&mut self) -> Option<u64> {
        let start = self.at;
        let token = self.token();
        let plain = !token.is_empty() && token.iter().all(u8::is_ascii_digit);
        let number = plain.then(|| std::str::from_utf8(token).ok()?.parse().ok()).flatten();
        if number.is_none() {
            self.at = start;
        }
        number
    }

    /// Passes `n g obj`.
    pub fn head(&mut self) -> Option<Id> {
        let start = self.at;
        let id = self.numbers();
        self.skip();
        let id = id.filter(|_| self.word(b"obj"));
        if id.is_none() {
            self.at = start;
        }
        id
    }

    fn numbers(&mut self) -> Option<Id> {
        let number = u32::try_from(self.digits()?).ok()?;
        self.skip();
        let generation = u16::try_from(self.digits()?).ok()?;
        Some(Id { number, generation })
    }

    /// Reads an object that is not a stream.
    ///
    /// # Errors
    /// What is not as the standard has it, and what goes beyond the limits.
    pub fn object(&mut self, budget: &mut Budget) -> Result<Object, Finding> {
        self.nested(NESTING, budget)
    }

    fn nested(&mut self, levels: usize, budget: &mut Budget) -> Result<Object, Finding> {
        budget.value()?;
        self.skip();
        match self.rest() {
            [b'<', b'<', ..] | [b'[', ..] if levels == 0 => Err(self.refuse("pdf-nesting")),
            [b'<', b'<', ..] => Ok(Object::Dictionary(self.dict(levels - 1, budget)?.0)),
            [b'[', ..] => self.array(levels - 1, budget),
            [b'<', ..] => self.hexadecimal(),
            [b'(', ..] => self.literal(),
            [b'/', ..] => Ok(Object::Name(self.name()?)),
            _ => self.atom(),
        }
    }

    fn array(&mut self, levels: usize, budget: &mut Budget) -> Result<Object, Finding> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Object::Array(items));
            }
            items.push(self.nested(levels, budget)?);
        }
    }

    /// Reads a dictionary, and where its values stand.
    ///
    /// # Errors
    /// As [`Reader::object`]; also a key that stands twice.
    pub fn dict(&mut self, levels: usize, budget: &mut Budget) -> Result<(Dict, Vec<Range<usize>>), Finding> {
        self.at += 2;
        let (mut pairs, mut spans): (Vec<(Vec<u8>, Object)>, _) = (Vec::new(), Vec::new());
        loop {
            self.skip();
            match self.rest() {
                [b'>', b'>', ..] => break,
                [b'/', ..] => {}
                _ => return Err(self.refuse("pdf-syntax")),
            }
            let key = self.name()?;
            self.skip();
            let start = self.at;
            let value = self.nested(levels, budget)?;
            spans.push(start..self.at);
            pairs.push((key, value));
        }
        let mut seen = HashSet::with_capacity(pairs.len());
        if !pairs.iter().all(|(key, _)| seen.insert(key.as_slice())) {
            return Err(self.refuse("pdf-double-key"));
        }
        self.at += 2;
        Ok((Dict::of_pairs(pairs), spans))
    }

    fn name(&mut self) -> Result<Vec<u8>, Finding> {
        self.at += 1;
        let token = self.token();
        let mut name = Vec::with_capacity(token.len());
        let mut bytes = token.iter();
        while let Some(&byte) = bytes.next() {
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            match (bytes.next().copied().and_then(hex), bytes.next().copied().and_then(hex)) {
                // A name can't hold the character 0 (7.3.5).
                (Some(high), Some(low)) if high + low > 0 => name.push(high << 4 | low),
                _ => return Err(self.refuse("pdf-syntax")),
            }
        }
        Ok(name)
    }

    fn hexadecimal(&mut self) -> Result<Object, Finding> {
        self.at += 1;
        let (mut out, mut high) = (Vec::new(), None);
        loop {
            let byte = self.peek().ok_or_else(|| self.refuse("pdf-syntax"))?;
            if byte == b'>' {
                self.at += 1;
                break;
            }
            if !is_space(byte) {
                let digit = hex(byte).ok_or_else(|| self.refuse("pdf-syntax"))?;
                high = match high {
                    None => Some(digit),
                    Some(high) => {
                        out.push(high << 4 | digit);
                        None
                    }
                };
            }
            self.at += 1;
        }
        // A last digit without its second counts as followed by 0 (7.3.4.3).
        out.extend(high.map(|high| high << 4));
        Ok(Object::String(out))
    }

    fn literal(&mut self) -> Result<Object, Finding> {
        self.at += 1;
        let (mut out, mut open) = (Vec::new(), 0usize);
        loop {
            if self.line_end() {
                out.push(b'\n');
                continue;
            }
            let byte = self.peek().ok_or_else(|| self.refuse("pdf-syntax"))?;
            self.at += 1;
            match byte {
                b'\\' => self.escape(&mut out)?,
                b')' if open == 0 => return Ok(Object::String(out)),
                _ => {
                    open = match byte {
                        b'(' => open + 1,
                        b')' => open - 1,
                        _ => open,
                    };
                    out.push(byte);
                }
            }
        }
    }

    /// What follows a backslash (7.3.4.2, table 3).
    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Finding> {
        if self.line_end() {
            return Ok(());
        }
        let byte = self.peek().ok_or_else(|| self.refuse("pdf-syntax"))?;
        if (b'0'..=b'7').contains(&byte) {
            let mut number = 0u32;
            for _ in 0..3 {
                let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                number = number * 8 + u32::from(digit - b'0');
                self.at += 1;
            }
            // High-order overflow is ignored, says the standard.
            out.push((number & 0xFF) as u8);
            return Ok(());
        }
        self.at += 1;
        out.push(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 0x0C,
            other => other,
        });
        Ok(())
    }

    /// A number, a reference or a word.
    fn atom(&mut self) -> Result<Object, Finding> {
        let start = self.at;
        if let Some(id) = self.reference() {
            return Ok(Object::Reference(id));
        }
        self.at = start;
        match self.token() {
            b"null" => Ok(Object::Null),
            b"true" => Ok(Object::Bool(true)),
            b"false" => Ok(Object::Bool(false)),
            token => number(token).ok_or_else(|| {
                self.at = start;
                self.refuse("pdf-syntax")
            }),
        }
    }

    fn reference(&mut self) -> Option<Id> {
        let id = self.numbers()?;
        self.skip();
        self.word(b"R").then_some(id)
    }
}

/// A number (7.3.3): a sign, digits, and at most one full stop.
fn number(token: &[u8]) -> Option<Object> {
    let digits = token.strip_prefix(b"+").or(token.strip_prefix(b"-")).unwrap_or(token);
    let points = digits.iter().filter(|byte| **byte == b'.').count();
    let plain = digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !plain || points > 1 || digits.len() == points {
        return None;
    }
    let text = std::str::from_utf8(token).ok()?;
    if points == 1 { Some(Object::Real(text.to_string())) } else { text.parse().ok().map(Object::Integer) }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Object, &'static str> {
        let mut reader = Reader::new(text, 0);
        reader.object(&mut Budget::default()).map_err(|finding| finding.code)
    }

    #[test]
    fn what_is_read_is_written_back() {
        let text = b"<</A [1 -2 0.50 +.5 4. 12 0 R 13]/B (a\\(b\\))/C <0A>/D <</E true/F null>>/#23 /x>>";
        let object = read(text).unwrap();
        let mut out = Vec::new();
        object.write(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(text));
    }

    #[test]
    fn strings_are_decoded() {
        assert_eq!(read(b"(a\\\r\nb\r\nc\\053\\0053\\n(x)\\q)"), Ok(Object::String(b"ab\nc+\x053\n(x)q".to_vec())));
        assert_eq!(read(b"< 4 1 42 5>"), Ok(Object::String(b"ABP".to_vec())));
        assert_eq!(read(b"% remark\n/A#42C"), Ok(Object::name("ABC")));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for text in ["<</A 1/A 2>>", "<</A 1/#41 2>>"] {
            assert_eq!(read(text.as_bytes()), Err("pdf-double-key"), "{text}");
        }
        for text in [
            "",
            "(a",
            "<4",
            "<4g>",
            "[1",
            "<</A>>",
            "<</A 1",
            "<<1 2>>",
            "nul",
            "1.2.3",
            "--1",
            ".",
            "1e5",
            "/#0",
            "/#00",
            "99999999999999999999",
            ")",
            "}",
        ] {
            assert_eq!(read(text.as_bytes()), Err("pdf-syntax"), "{text}");
        }
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |levels: usize| [vec![b'['; levels], vec![b']'; levels]].concat();
        assert!(read(&nested(NESTING)).is_ok());
        assert_eq!(read(&nested(NESTING + 1)), Err("pdf-nesting"));
    }
}
