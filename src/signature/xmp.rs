//! What a PDF declares of itself in its XMP metadata (ISO 16684-1): its level of PDF/A, and PDF/UA.

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};

/// The schema of ISO 19005-2, 6.6.4.
const PDFA: &str = "http://www.aiim.org/pdfa/ns/id/";

/// The schema of ISO 14289-1, 5.
const PDFUA: &str = "http://www.aiim.org/pdfua/ns/id/";

/// The properties of the two schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// Part and level of PDF/A, such as `2a`.
    pub pdfa: Option<String>,
    /// Whether it says that it is PDF/UA-1.
    pub pdfua: bool,
}

/// A property that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Property {
    Part,
    Level,
    Accessible,
}

impl Property {
    fn of(namespace: &ResolveResult, name: &str) -> Option<Self> {
        match (namespace, name) {
            (ResolveResult::Bound(Namespace(PDFA)), "part") => Some(Self::Part),
            (ResolveResult::Bound(Namespace(PDFA)), "conformance") => Some(Self::Level),
            (ResolveResult::Bound(Namespace(PDFUA)), "part") => Some(Self::Accessible),
            _ => None,
        }
    }
}

impl Declared {
    /// Reads metadata. What is no XML declares nothing from there on.
    pub fn read(xml: &[u8]) -> Self {
        let text = String::from_utf8_lossy(xml);
        let mut reader = NsReader::from_str(&text);
        let (mut part, mut level, mut pdfua) = (String::new(), String::new(), false);
        let mut keep = |property: Property, value: &str| match property {
            Property::Part => part = value.trim().to_string(),
            Property::Level => level = value.trim().to_lowercase(),
            Property::Accessible => pdfua = value.trim() == "1",
        };
        // A property is an attribute of its description, or an element with its value as text.
        let mut open = None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(element) | Event::Empty(element)) => {
                    let (namespace, name) = reader.resolver().resolve_element(element.name());
                    open = Property::of(&namespace, name.as_ref());
                    for attribute in element.attributes().flatten() {
                        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
                        if let Some(property) = Property::of(&namespace, name.as_ref()) {
                            keep(property, &attribute.value);
                        }
                    }
                }
                Ok(Event::Text(text)) => {
                    if let Some(property) = open.take() {
                        keep(property, &text);
                    }
                }
                Ok(Event::End(_)) => open = None,
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        let pdfa = (!part.is_empty()).then(|| format!("{part}{level}"));
        Self { pdfa, pdfua }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inner: &str) -> Declared {
        let names = "xmlns:a='http://www.aiim.org/pdfa/ns/id/' xmlns:u='http://www.aiim.org/pdfua/ns/id/'";
        Declared::read(format!("<x:xmpmeta xmlns:x='adobe:ns:meta/' {names}>{inner}</x:xmpmeta>").as_bytes())
    }

    #[test]
    fn a_property_is_an_element_or_an_attribute() {
        let both = Declared { pdfa: Some("2a".into()), pdfua: true };
        assert_eq!(read("<a:part>2</a:part><a:conformance>A</a:conformance><u:part> 1 </u:part>"), both);
        assert_eq!(read("<d a:part='2' a:conformance='A' u:part='1'/>"), both);
        assert_eq!(read("<a:part>4</a:part>").pdfa.as_deref(), Some("4"));
    }

    #[test]
    fn what_bears_another_name_declares_nothing() {
        assert_eq!(read("<part>2</part><u:part>2</u:part><a:rev>2</a:rev>"), Declared::default());
        assert_eq!(Declared::read(b"<a:part>2</a:part>"), Declared::default());
        assert_eq!(Declared::read(b"<\xff\x00<<&&"), Declared::default());
    }
}
