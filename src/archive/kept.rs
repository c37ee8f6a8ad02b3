//! What the register doesn't know of a letter and its later versions need: its language, and how long it is kept.

use serde_json::{Value as Json, json};

use crate::workspace::retention::{Appraisal, Period, Retention};

/// Both as JSON, to go with the letter's entry.
pub(super) fn json(language: Option<&str>, retention: &Retention) -> Json {
    let appraisal = retention.waardering.map(|appraisal| match appraisal {
        Appraisal::Keep => "B",
        Appraisal::Destroy => "V",
    });
    json!({
        "taal": language,
        "selectielijst": retention.selectielijst,
        "bewaartermijn": retention.bewaartermijn.map(|period| period.to_string()),
        "waardering": appraisal,
    })
}

/// Both from a letter's entry as it was archived before.
pub(super) fn of(entry: &Json) -> (Option<String>, Retention) {
    let text = |key: &str| entry["bewaring"][key].as_str();
    let retention = Retention {
        selectielijst: text("selectielijst").map(String::from),
        bewaartermijn: text("bewaartermijn").and_then(|text| Period::parse(text).ok()),
        waardering: text("waardering").and_then(|text| Appraisal::parse(text).ok()),
    };
    (text("taal").map(String::from), retention)
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
        let entry = json!({ "bewaring": json(Some("nl"), &retention) });
        assert_eq!(of(&entry), (Some("nl".into()), retention));
        let nothing = json!({ "bewaring": json(None, &Retention::default()) });
        assert_eq!(of(&nothing), (None, Retention::default()));
    }
}
