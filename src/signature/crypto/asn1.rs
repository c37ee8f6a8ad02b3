//! DER as it stands in the file: every value with its bytes, nothing decoded and encoded again.
//!
//! What is hashed or held against a signature must be the bytes themselves; a structure that is decoded and encoded again
//! may differ from them. The `der` crate reads the headers, by the strict rules of DER (X.690, clause 10): definite and
//! shortest lengths only.

use chrono::{DateTime, NaiveDate, Utc};
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Reader, SliceReader, Tag, TagNumber, Tagged};

use crate::error::Finding;

/// Something that isn't the DER it should be: the name of the part in the standards' own terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl From<Malformed> for Finding {
    fn from(malformed: Malformed) -> Self {
        Self::error("cms-malformed").arg("part", malformed.0)
    }
}

/// One value with its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// Its tag.
    pub tag: Tag,
    /// All its bytes, header included.
    pub whole: &'a [u8],
    /// Its contents.
    pub value: &'a [u8],
}

/// The values that stand one after another in some bytes.
#[derive(Debug, Clone)]
pub struct Nodes<'a> {
    bytes: &'a [u8],
    reader: Option<SliceReader<'a>>,
    part: &'static str,
}

impl<'a> Nodes<'a> {
    /// Reads the values in `bytes`; `part` names them where something is wrong.
    pub fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self { bytes, reader: SliceReader::new(bytes).ok(), part }
    }

    /// The next value, or none at the end.
    ///
    /// # Errors
    /// When it is no DER.
    pub fn read(&mut self) -> Result<Option<Node<'a>>, Malformed> {
        let wrong = Malformed(self.part);
        let reader = self.reader.as_mut().ok_or(wrong)?;
        if reader.is_finished() {
            return Ok(None);
        }
        let at = |reader: &SliceReader| usize::try_from(reader.position()).map_err(|_| wrong);
        let start = at(reader)?;
        let any: AnyRef<'a> = reader.decode().map_err(|_: der::Error| wrong)?;
        let whole = self.bytes.get(start..at(reader)?).ok_or(wrong)?;
        Ok(Some(Node { tag: any.tag(), whole, value: any.value() }))
    }

    /// The next value, which must be there.
    ///
    /// # Errors
    /// When it isn't, or is no DER.
    pub fn any(&mut self) -> Result<Node<'a>, Malformed> {
        self.read()?.ok_or(Malformed(self.part))
    }

    /// The next value, which must have this tag.
    ///
    /// # Errors
    /// When it hasn't.
    pub fn expect(&mut self, tag: Tag) -> Result<Node<'a>, Malformed> {
        let node = self.any()?;
        if node.tag == tag { Ok(node) } else { Err(Malformed(self.part)) }
    }

    /// The next value if it has this tag.
    ///
    /// # Errors
    /// When what follows is no DER.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Node<'a>>, Malformed> {
        let mut ahead = self.clone();
        match ahead.read()? {
            Some(node) if node.tag == tag => {
                *self = ahead;
                Ok(Some(node))
            }
            _ => Ok(None),
        }
    }

    /// The bytes of what comes next, as an object identifier.
    ///
    /// # Errors
    /// When it is none.
    pub fn oid(&mut self) -> Result<ObjectIdentifier, Malformed> {
        self.expect(Tag::ObjectIdentifier)?.oid()
    }

    /// Whether anything is left.
    ///
    /// # Errors
    /// When something is.
    pub fn end(&self) -> Result<(), Malformed> {
        let is_finished = self.reader.as_ref().is_some_and(|reader| reader.is_finished());
        if is_finished { Ok(()) } else { Err(Malformed(self.part)) }
    }

    /// All values that are left, at most `most`.
    ///
    /// # Errors
    /// When they are no DER or more than that.
    pub fn all(mut self, most: usize) -> Result<Vec<Node<'a>>, Malformed> {
        let mut nodes = Vec::new();
        while let Some(node) = self.read()? {
            if nodes.len() == most {
                return Err(Malformed(self.part));
            }
            nodes.push(node);
        }
        Ok(nodes)
    }
}

impl<'a> Node<'a> {
    /// The one value that `bytes` hold.
    ///
    /// # Errors
    /// When they hold something else, or more.
    pub fn only(bytes: &'a [u8], part: &'static str) -> Result<Self, Malformed> {
        let mut nodes = Nodes::new(bytes, part);
        let node = nodes.any()?;
        nodes.end()?;
        Ok(node)
    }

    /// The values within it.
    pub fn inner(&self, part: &'static str) -> Nodes<'a> {
        Nodes::new(self.value, part)
    }

    /// The values within it, if it has this tag.
    ///
    /// # Errors
    /// When it hasn't.
    pub fn within(&self, tag: Tag, part: &'static str) -> Result<Nodes<'a>, Malformed> {
        if self.tag == tag { Ok(self.inner(part)) } else { Err(Malformed(part)) }
    }

    /// Its value as an object identifier.
    ///
    /// # Errors
    /// When it is none.
    pub fn oid(&self) -> Result<ObjectIdentifier, Malformed> {
        let wrong = Malformed("OBJECT IDENTIFIER");
        if self.tag != Tag::ObjectIdentifier {
            return Err(wrong);
        }
        ObjectIdentifier::from_bytes(self.value).map_err(|_| wrong)
    }

    /// The bytes of a BIT STRING of whole bytes.
    ///
    /// # Errors
    /// When it is none.
    pub fn bits(&self) -> Result<&'a [u8], Malformed> {
        match (self.tag, self.value.split_first()) {
            (Tag::BitString, Some((0, bits))) => Ok(bits),
            _ => Err(Malformed("BIT STRING")),
        }
    }

    /// A small INTEGER that isn't negative.
    ///
    /// # Errors
    /// When it is none or over 2³¹.
    pub fn small(&self) -> Result<u32, Malformed> {
        let wrong = Malformed("INTEGER");
        let is_shortest = match self.value {
            [] => false,
            [0, second, ..] => *second >= 0x80,
            [first, ..] => *first < 0x80,
        };
        if !matches!(self.tag, Tag::Integer | Tag::Enumerated | Tag::ContextSpecific { .. })
            || !is_shortest
            || self.value.len() > 4
        {
            return Err(wrong);
        }
        Ok(self.value.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
    }

    /// A UTCTime or GeneralizedTime, in UTC and with seconds (RFC 5280, 4.1.2.5). Fractions of a second, which RFC 3161
    /// allows and RFC 5280 doesn't, are read too.
    ///
    /// # Errors
    /// When it is none.
    pub fn time(&self) -> Result<DateTime<Utc>, Malformed> {
        let wrong = Malformed("Time");
        let text = std::str::from_utf8(self.value).map_err(|_| wrong)?;
        let text = text.strip_suffix('Z').ok_or(wrong)?;
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() && self.tag == Tag::GeneralizedTime => (whole, fraction),
            Some(_) => return Err(wrong),
            None => (text, ""),
        };
        // X.690, 11.7: no trailing zeros.
        if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) || fraction.ends_with('0') {
            return Err(wrong);
        }
        let number = |range: std::ops::Range<usize>| -> Result<u32, Malformed> {
            whole.get(range).and_then(|digits| digits.parse().ok()).ok_or(wrong)
        };
        let (year, rest) = match (self.tag, whole.len()) {
            (Tag::UtcTime, 12) => {
                let short = number(0..2)?;
                (if short < 50 { 2000 + short } else { 1900 + short }, 2)
            }
            (Tag::GeneralizedTime, 14) => (number(0..4)?, 4),
            _ => return Err(wrong),
        };
        let part = |index: usize| number(rest + 2 * index..rest + 2 * index + 2);
        let nanos = format!("{fraction:0<9}").get(..9).and_then(|digits| digits.parse().ok()).ok_or(wrong)?;
        let day = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, part(0).ok()?, part(1).ok()?));
        let time = day.ok_or(wrong)?.and_hms_nano_opt(part(2)?, part(3)?, part(4)?, nanos);
        time.map(|time| time.and_utc()).ok_or(wrong)
    }
}

/// The tag `[n]` of a constructed value.
pub const fn tagged(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// The tag `[n]` of a primitive value.
pub const fn plain(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: false, number: TagNumber(number) }
}

/// An AlgorithmIdentifier (RFC 5280, 4.1.1.2).
#[derive(Debug, Clone, Copy)]
pub struct Algorithm<'a> {
    /// All its bytes.
    pub whole: &'a [u8],
    /// What it is.
    pub oid: ObjectIdentifier,
    /// Its parameters, if there are any.
    pub parameters: Option<Node<'a>>,
}

impl<'a> Algorithm<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(node: Node<'a>) -> Result<Self, Malformed> {
        let mut nodes = node.within(Tag::Sequence, "AlgorithmIdentifier")?;
        let (oid, parameters) = (nodes.oid()?, nodes.read()?);
        nodes.end()?;
        Ok(Self { whole: node.whole, oid, parameters })
    }

    /// Whether its parameters are absent or NULL, which stand for the same with most algorithms (RFC 5754, 2).
    pub fn is_bare(&self) -> bool {
        self.parameters.is_none_or(|node| node.tag == Tag::Null && node.value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(tag: u8, text: &str) -> Option<String> {
        let bytes = [&[tag, text.len() as u8][..], text.as_bytes()].concat();
        Node::only(&bytes, "x").unwrap().time().ok().map(|time| time.to_rfc3339())
    }

    #[test]
    fn times_may_have_fractions_where_the_standard_lets_them() {
        assert_eq!(time(0x18, "20230221110000.5Z").as_deref(), Some("2023-02-21T11:00:00.500+00:00"));
        assert_eq!(time(0x18, "20230221110000Z").as_deref(), Some("2023-02-21T11:00:00+00:00"));
        assert_eq!(time(0x17, "500221110000Z").as_deref(), Some("1950-02-21T11:00:00+00:00"));
        for wrong in ["20230221110000.50Z", "20230221110000.Z", "202302211100Z", "20230230110000Z", "+0230221110000Z"] {
            assert_eq!(time(0x18, wrong), None, "{wrong}");
        }
        assert_eq!(time(0x17, "230221110000.5Z"), None);
        assert_eq!(time(0x18, "20230221110000+0100"), None);
    }

    #[test]
    fn only_the_shortest_and_definite_lengths_are_read() {
        assert!(Node::only(&[0x04, 0x01, 0x00], "x").is_ok());
        for wrong in [&[0x04, 0x81, 0x01, 0x00][..], &[0x30, 0x80, 0x00, 0x00], &[0x04, 0x02, 0x00], &[4, 0, 0]] {
            assert!(Node::only(wrong, "x").is_err(), "{wrong:?}");
        }
    }
}
