//! What the register doesn't know of a letter and its later versions need: its language, how long it is kept, and where
//! its signatures are to be seen. It goes into the archive with the letter's entry.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::error::Finding;
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

#[derive(Serialize)]
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

    /// From the entry of the letter `id` as it was archived before; what is not there is not known.
    ///
    /// # Errors
    /// When something is there and can't be read: left out, it would be gone from the letter's next version.
    pub fn of(entry: &Json, id: &str) -> Result<Self, Finding> {
        let unreadable = |field: &str| Finding::error("archive-kept-unreadable").arg("id", id).arg("field", field);
        let kept = match entry.get(KEY) {
            None | Some(Json::Null) => return Ok(Self::default()),
            Some(Json::Object(kept)) => kept,
            Some(_) => return Err(unreadable(KEY)),
        };
        let field = |field: &'static str| match kept.get(field) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(unreadable(field)),
        };
        let period = |text: String| Period::parse(&text).map_err(|_| unreadable("bewaartermijn"));
        let appraisal = |text: String| Appraisal::parse(&text).map_err(|_| unreadable("waardering"));
        let places: Vec<WrittenPlace> = match kept.get("handtekeningen") {
            None | Some(Json::Null) => Vec::new(),
            Some(places) => Deserialize::deserialize(places).map_err(|_| unreadable("handtekeningen"))?,
        };
        let place = |place: WrittenPlace| SignaturePlace {
            name: place.naam,
            page: place.pagina,
            rect: place.plaats,
            fonts: place.lettertypen,
            ink: place.kleur,
        };
        Ok(Self {
            language: field("taal")?,
            retention: Retention {
                selectielijst: field("selectielijst")?,
                bewaartermijn: field("bewaartermijn")?.map(period).transpose()?,
                waardering: field("waardering")?.map(appraisal).transpose()?,
            },
            places: places.into_iter().map(place).collect(),
        })
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
        assert_eq!(Kept::of(&json!({ KEY: kept.json() }), "D1"), Ok(kept));
        assert_eq!(Kept::of(&json!({ KEY: Kept::default().json() }), "D1"), Ok(Kept::default()));
        for none in [json!({ "id": "I1" }), json!({ KEY: null }), json!({ KEY: {} })] {
            assert_eq!(Kept::of(&none, "I1"), Ok(Kept::default()), "{none}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_lost_without_a_word() {
        for (kept, field) in [
            (json!("x"), KEY),
            (json!({ "taal": 1 }), "taal"),
            (json!({ "taal": "nl", "selectielijst": 11.1 }), "selectielijst"),
            (json!({ "bewaartermijn": "P20Q" }), "bewaartermijn"),
            (json!({ "bewaartermijn": 20 }), "bewaartermijn"),
            (json!({ "waardering": "misschien" }), "waardering"),
            (json!({ "handtekeningen": [{ "naam": "A.P. Heidema" }] }), "handtekeningen"),
        ] {
            let finding = Kept::of(&json!({ KEY: kept }), "D1").unwrap_err();
            let expected = Finding::error("archive-kept-unreadable").arg("id", "D1").arg("field", field);
            assert_eq!(finding, expected, "{kept}");
        }
    }
}
