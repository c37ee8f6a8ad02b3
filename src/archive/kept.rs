//! What the register doesn't know of a letter and its later versions need: its language, how long it is kept, and where
//! its signatures are to be seen. It goes into the archive with the letter's entry.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::typeset::places::SignaturePlace;
use crate::workspace::retention::{Appraisal, Period, Retention};

/// The key in the letter's entry.
pub(super) const KEY: &str = "bewaring";

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kept {
    /// The letter's language.
    pub language: Option<String>,
    /// How long it is kept, and why.
    pub retention: Retention,
    /// Where its signatures are to be seen.
    pub places: Vec<SignaturePlace>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    taal: Option<String>,
    selectielijst: Option<String>,
    bewaartermijn: Option<String>,
    waardering: Option<String>,
    handtekeningen: Vec<WrittenPlace>,
}

/// In the terms of PDF: pages from 0, points from the lower left corner.
#[derive(Serialize, Deserialize)]
struct WrittenPlace {
    naam: String,
    pagina: usize,
    plaats: [f64; 4],
    lettertypen: Vec<String>,
    kleur: String,
}

impl Kept {
    /// As JSON.
    pub fn json(&self) -> Json {
        let appraisal = self.retention.waardering.map(|appraisal| match appraisal {
            Appraisal::Keep => "B",
            Appraisal::Destroy => "V",
        });
        let place = |place: &SignaturePlace| WrittenPlace {
            naam: place.name.clone(),
            pagina: place.page,
            plaats: place.rect,
            lettertypen: place.fonts.clone(),
            kleur: place.ink.clone(),
        };
        json!(Written {
            taal: self.language.clone(),
            selectielijst: self.retention.selectielijst.clone(),
            bewaartermijn: self.retention.bewaartermijn.map(|period| period.to_string()),
            waardering: appraisal.map(String::from),
            handtekeningen: self.places.iter().map(place).collect(),
        })
    }

    /// From a letter's entry as it was archived before; what is not there is not known.
    pub fn of(entry: &Json) -> Self {
        let written: Written = entry.get(KEY).and_then(|kept| Deserialize::deserialize(kept).ok()).unwrap_or_default();
        let place = |place: WrittenPlace| SignaturePlace {
            name: place.naam,
            page: place.pagina,
            rect: place.plaats,
            fonts: place.lettertypen,
            ink: place.kleur,
        };
        Self {
            language: written.taal,
            retention: Retention {
                selectielijst: written.selectielijst,
                bewaartermijn: written.bewaartermijn.and_then(|text| Period::parse(&text).ok()),
                waardering: written.waardering.and_then(|text| Appraisal::parse(&text).ok()),
            },
            places: written.handtekeningen.into_iter().map(place).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again() {
        let retention = Retention {
            selectielijst: Some("11.1".into()),
            bewaartermijn: Period::parse("P20Y6M").ok(),
            waardering: Some(Appraisal::Destroy),
        };
        let place = SignaturePlace {
            name: "A.P. Heidema".into(),
            page: 1,
            rect: [70.5, 100.25, 200.0, 130.0],
            fonts: vec!["Source Sans 3".into()],
            ink: "#1a1a1a".into(),
        };
        let kept = Kept { language: Some("nl".into()), retention, places: vec![place] };
        assert_eq!(Kept::of(&json!({ KEY: kept.json() })), kept);
        assert_eq!(Kept::of(&json!({ KEY: Kept::default().json() })), Kept::default());
        assert_eq!(Kept::of(&json!({ "id": "I1" })), Kept::default());
    }
}
