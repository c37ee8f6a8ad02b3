//! The objects of PDF (ISO 32000-2, 7.3), and how they are written.

use std::ops::Range;

/// What names an indirect object (7.3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// Object number, from 1.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

impl Id {
    /// An object's first generation, which is what every new object has.
    pub fn new(number: u32) -> Self {
        Self { number, generation: 0 }
    }
}

/// Any object but a stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, in the characters in which it was written, so that it is written back unchanged.
    Real(String),
    /// The bytes of a literal or hexadecimal string.
    String(Vec<u8>),
    /// A name without its solidus, `#xx` decoded.
    Name(Vec<u8>),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dictionary(Dict),
    /// A reference to an indirect object.
    Reference(Id),
}

/// A dictionary; its keys stay in the order in which they were written or set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dict(Vec<(Vec<u8>, Object)>);

/// A stream: its dictionary, and where in the file its bytes are, as they stand there (encoded).
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// The dictionary.
    pub dict: Dict,
    /// Offsets in the file of the data between `stream` and `endstream`.
    pub data: Range<usize>,
}

/// What an indirect object holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Any object but a stream.
    Object(Object),
    /// A stream.
    Stream(Stream),
}

impl Object {
    /// A name.
    pub fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// The number, when it is a whole one.
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// The number, whole or not.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            // Coordinates are far below the 2^53 from which whole numbers would be rounded.
            Self::Integer(number) => Some(*number as f64),
            Self::Real(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The name's bytes.
    pub fn as_name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// The string's bytes.
    pub fn as_string(&self) -> Option<&[u8]> {
        if let Self::String(bytes) = self { Some(bytes) } else { None }
    }

    /// The array's elements.
    pub fn as_array(&self) -> Option<&[Object]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The dictionary.
    pub fn as_dict(&self) -> Option<&Dict> {
        if let Self::Dictionary(dict) = self { Some(dict) } else { None }
    }

    /// What the reference names.
    pub fn as_reference(&self) -> Option<Id> {
        if let Self::Reference(id) = self { Some(*id) } else { None }
    }

    /// How many arrays and dictionaries it is and has in it.
    pub(super) fn containers(&self) -> usize {
        match self {
            Self::Array(items) => 1 + items.iter().map(Self::containers).sum::<usize>(),
            Self::Dictionary(dict) => dict.containers(),
            _ => 0,
        }
    }

    /// Appends the object in the syntax of PDF. The same object gives the same bytes; nesting is that of a value which
    /// was read, or built by hand, so it has a limit.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Self::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Self::Real(text) => out.extend_from_slice(text.as_bytes()),
            Self::String(bytes) => write_string(bytes, out),
            Self::Name(name) => write_name(name, out),
            Self::Array(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Dictionary(dict) => dict.write(out),
            Self::Reference(id) => out.extend_from_slice(format!("{} {} R", id.number, id.generation).as_bytes()),
        }
    }
}

impl Dict {
    /// An empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that lives for ever, for where there is none.
    pub(super) fn empty() -> &'static Self {
        static EMPTY: Dict = Dict(Vec::new());
        &EMPTY
    }

    /// The value of a key. A key with the value `null` counts as absent (7.3.7).
    pub fn get(&self, key: &[u8]) -> Option<&Object> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value).filter(|value| **value != Object::Null)
    }

    /// Gives a key a value: in its place when it is there, else at the end.
    pub fn set(&mut self, key: &[u8], value: Object) {
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, place)) => *place = value,
            None => self.0.push((key.to_vec(), value)),
        }
    }

    /// The same, for building one in a row.
    pub fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key.as_bytes(), value);
        self
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: &[u8]) -> Option<Object> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    /// Keys and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many arrays and dictionaries it is and has in it.
    pub(super) fn containers(&self) -> usize {
        1 + self.0.iter().map(|(_, value)| value.containers()).sum::<usize>()
    }

    /// A dictionary of pairs whose keys differ, which the reader of a file has made sure of.
    pub fn of_pairs(pairs: Vec<(Vec<u8>, Object)>) -> Self {
        Self(pairs)
    }

    /// Appends the dictionary in the syntax of PDF.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<<");
        for (key, value) in self.iter() {
            write_name(key, out);
            out.push(b' ');
            value.write(out);
        }
        out.extend_from_slice(b">>");
    }
}

impl Value {
    /// The object, unless it is a stream.
    pub fn object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The stream.
    pub fn stream(&self) -> Option<&Stream> {
        if let Self::Stream(stream) = self { Some(stream) } else { None }
    }

    /// The dictionary, a stream's too.
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Object(object) => object.as_dict(),
            Self::Stream(stream) => Some(&stream.dict),
        }
    }
}

/// A name with what is not a regular, printable character as `#xx` (7.3.5).
fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for &byte in name {
        if (b'!'..=b'~').contains(&byte) && !b"#()<>[]{}/%".contains(&byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

/// Printable ASCII as a literal string, everything else in hexadecimal, which no line end can change (7.3.4).
fn write_string(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        out.push(b'(');
        for &byte in bytes {
            if b"()\\".contains(&byte) {
                out.push(b'\\');
            }
            out.push(byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        for byte in bytes {
            out.extend_from_slice(format!("{byte:02X}").as_bytes());
        }
        out.push(b'>');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(object: &Object) -> String {
        let mut out = Vec::new();
        object.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn objects_are_written_in_the_syntax_of_pdf() {
        let dict = Dict::new()
            .with("Type", Object::name("Sig"))
            .with("A B#", Object::Array(vec![Object::Integer(-1), Object::Real("0.50".into()), Object::Null]))
            .with("S", Object::String(b"a(b)\\".to_vec()))
            .with("H", Object::String(vec![0xFE, 0xFF, 0x0A]))
            .with("R", Object::Reference(Id { number: 12, generation: 3 }))
            .with("T", Object::Bool(true));
        assert_eq!(
            written(&Object::Dictionary(dict)),
            r"<</Type /Sig/A#20B#23 [-1 0.50 null]/S (a\(b\)\\)/H <FEFF0A>/R 12 3 R/T true>>"
        );
    }

    #[test]
    fn a_dictionary_keeps_its_order_and_null_is_absent() {
        let mut dict = Dict::new().with("B", Object::Integer(1)).with("A", Object::Null);
        assert_eq!(dict.get(b"A"), None);
        dict.set(b"B", Object::Integer(2));
        dict.set(b"C", Object::Integer(3));
        assert_eq!(dict.remove(b"A"), Some(Object::Null));
        assert_eq!(written(&Object::Dictionary(dict)), "<</B 2/C 3>>");
    }
}
