//! Writing MDTO: elements in the schema's order, texts that XML can hold.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Identification, Reference, Term};

const NAMESPACE: &str = "https://www.nationaalarchief.nl/mdto";
const SCHEMA: &str = "https://www.nationaalarchief.nl/mdto https://www.nationaalarchief.nl/mdto/MDTO-XML1.0.1.xsd";

/// A text as XML 1.0 can hold it: `U+FFFD` stands where a character is none that XML knows (XML 1.0, production 2).
pub fn text(text: &str) -> Cow<'_, str> {
    // A `char` is never a surrogate.
    let is_none = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    if text.contains(is_none) { text.replace(is_none, "\u{FFFD}").into() } else { text.into() }
}

/// A document that is being written.
pub(super) struct Document {
    writer: Writer<Vec<u8>>,
}

impl Document {
    /// An MDTO document with one object, whose elements `fill` writes.
    pub fn of(object: &str, fill: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut document = Self { writer: Writer::new_with_indent(Vec::new(), b' ', 2) };
        document.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let attributes = [
            ("xmlns", NAMESPACE),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", SCHEMA),
        ];
        document.event(Event::Start(BytesStart::new("MDTO").with_attributes(attributes)));
        document.group(object, fill);
        document.event(Event::End(BytesEnd::new("MDTO")));
        let mut bytes = document.writer.into_inner();
        bytes.push(b'\n');
        bytes
    }

    /// An element with elements.
    pub fn group(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        self.event(Event::Start(BytesStart::new(name)));
        fill(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.event(Event::Start(BytesStart::new(name)));
        self.event(Event::Text(BytesText::new(&text(value))));
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text, if there is one.
    pub fn optional(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.text(name, value.as_ref());
        }
    }

    /// `identificatieGegevens`.
    pub fn identification(&mut self, name: &str, value: &Identification) {
        self.group(name, |inner| {
            inner.text("identificatieKenmerk", &value.number);
            inner.text("identificatieBron", &value.source);
        });
    }

    /// `verwijzingGegevens`.
    pub fn reference(&mut self, name: &str, value: &Reference) {
        self.group(name, |inner| {
            inner.text("verwijzingNaam", &value.name);
            if let Some(identification) = &value.identification {
                inner.identification("verwijzingIdentificatie", identification);
            }
        });
    }

    /// `begripGegevens`.
    pub fn term(&mut self, name: &str, value: &Term) {
        self.group(name, |inner| {
            inner.text("begripLabel", &value.label);
            inner.optional("begripCode", value.code.as_ref());
            inner.group("begripBegrippenlijst", |list| list.text("verwijzingNaam", &value.list));
        });
    }

    fn event(&mut self, event: Event) {
        self.writer.write_event(event).expect("memory takes all");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;

    use super::*;

    /// The text of the one element with that name, as another program reads it.
    fn read(xml: &[u8], name: &str) -> String {
        let mut reader = Reader::from_reader(xml);
        let (mut inside, mut found) = (false, String::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => inside = start.name().as_ref() == name,
                Event::End(_) => inside = false,
                Event::Text(piece) if inside => found.push_str(&piece.into_inner()),
                Event::GeneralRef(piece) if inside => {
                    let reference = format!("&{};", &*piece.into_inner());
                    found.push_str(&quick_xml::escape::unescape(&reference).unwrap());
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn texts_stay_what_they_are() {
        for value in
            ["<a>&amp;]]>\"'", "\u{1F4EE} \u{5E9}\u{5DC}\u{202E}x", " a\r\nb\tc ", "&#60;", "", "\u{85}\u{FDD0}"]
        {
            let xml = Document::of("bestand", |document| document.text("naam", value));
            assert_eq!(read(&xml, "naam"), value, "{}", String::from_utf8_lossy(&xml));
        }
    }

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        assert_eq!(text("a\0b\u{1b}[2Jc\u{FFFF}\u{FFFE}"), "a\u{FFFD}b\u{FFFD}[2Jc\u{FFFD}\u{FFFD}");
        assert!(matches!(text("gewoon\t\n\r"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(value in any::<String>()) {
            let xml = Document::of("bestand", |document| document.text("naam", &value));
            prop_assert_eq!(read(&xml, "naam"), text(&value).into_owned());
        }

        #[test]
        fn only_what_is_no_xml_is_replaced(value in any::<String>()) {
            for (before, after) in value.chars().zip(text(&value).chars()) {
                let is_xml = matches!(before, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
                prop_assert_eq!(after, if is_xml { before } else { '\u{FFFD}' });
            }
        }
    }
}
