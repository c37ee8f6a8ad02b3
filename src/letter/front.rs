//! The front matter: its contract, and what must hold between its fields.

use crate::contract::check::Checked;
use crate::contract::{Contract, Field, Kind, nearest};
use crate::error::{Finding, Findings};
use crate::workspace::settings::{Settings, contact_contract};

use super::address::{self, PostcodeError};
use super::addressee::{self, Addressee};
use super::doubts;
use super::words::{LANGUAGES, Language};

/// The levels of the ZGW list `vertrouwelijkheidaanduiding`.
pub const CONFIDENTIALITY: [&str; 8] = [
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
];

/// The keys that every letter may have; a template adds its own.
pub fn contract() -> Contract {
    let text = |name: &str, help: &str| Field::optional(name, Kind::Text, help);
    let contact = Kind::Either(vec![Kind::Text, Kind::Table(contact_contract())]);
    [
        Field::required("sjabloon", Kind::Text, "naam van het sjabloon"),
        Field::required("onderwerp", Kind::Text, "waar de brief over gaat"),
        Field::optional("datum", Kind::Date, "dag van de brief; weggelaten: de dag van vaststellen"),
        text("kenmerk", "ons kenmerk; weggelaten: het register geeft er een"),
        text("zaaknummer", "nummer van de zaak; \"nieuw\" vraagt er een aan"),
        Field::optional("uw_brief", Kind::Date, "dag van de brief waarop dit een antwoord is"),
        text("uw_kenmerk", "kenmerk van die brief"),
        Field::optional(
            "in_reactie_op",
            Kind::Either(vec![Kind::Text, Kind::texts()]),
            "nummer in het register van de brief waarop dit een antwoord is",
        ),
        Field::optional("bijlagen", Kind::Either(vec![Kind::texts(), Kind::Count]), "bestanden, of hun aantal"),
        Field::optional("inlichtingen_bij", contact, "sleutel van [inlichtingen.*], of een tabel"),
        text("aanhef", "weggelaten: afgeleid van de ontvanger; \"\": geen"),
        text("ondertekening", "sleutel van [ondertekening.*]"),
        Field::optional("verzonden_aan", Kind::texts(), "e-mailadressen waaraan de brief is verzonden"),
        Field::optional("kopie_aan", Kind::texts(), "wie een kopie krijgen"),
        Field::optional("taal", Kind::choice(&LANGUAGES), "taal van de vaste woorden en de pdf"),
        Field::optional("vertrouwelijkheid", Kind::choice(&CONFIDENTIALITY), "volgens de ZGW-lijst"),
        Field::required("ontvanger", Kind::Table(addressee::contract()), "aan wie de brief gaat"),
        Field::optional("rij", Kind::Map(Box::new(Kind::Text)), "voorbeeldrij van een mailing"),
    ]
    .into_iter()
    .collect()
}

/// What no contract of keys and kinds can say: what belongs together, what must exist, what a value may hold.
pub fn check(front: &Checked, settings: &Settings, findings: &mut Findings) {
    known_key(front, "inlichtingen_bij", settings.inlichtingen.keys(), findings);
    known_key(front, "ondertekening", settings.ondertekening.keys(), findings);
    let lists = ["verzonden_aan"].into_iter().flat_map(|list| {
        let count = front.get(list).and_then(|value| value.as_array()).map_or(0, Vec::len);
        (0..count).map(move |at| format!("{list}.{at}"))
    });
    for list in ["verzonden_aan", "kopie_aan"] {
        let items = front.get(list).and_then(|value| value.as_array()).map_or(&[][..], Vec::as_slice);
        for (at, _) in
            items.iter().enumerate().filter(|(_, item)| item.as_str().is_some_and(|text| text.trim().is_empty()))
        {
            let key = format!("{list}.{at}");
            findings.push(Finding::error("list-item-empty").key(list).at(front.place(&key)));
        }
    }
    let single = ["ontvanger.email", "inlichtingen_bij.email"].map(String::from);
    for key in single.into_iter().chain(lists) {
        if front.text(&key).is_some_and(|email| !is_email(email)) {
            let finding = Finding::error("email-invalid").key(&key).arg("value", front.text(&key).unwrap_or_default());
            findings.push(finding.at(front.place(&key)));
        }
    }
    if let Some(addressee) = addressee_of(front) {
        check_addressee(front, &addressee, findings);
        doubts::check_reach(front, &addressee, findings);
        let language = front.text("taal").and_then(Language::from_code).unwrap_or_default();
        let lines = address::lines(&addressee, language).len();
        if lines > address::MAX_LINES {
            let finding = Finding::error("address-too-long").key("ontvanger").arg("lines", lines);
            findings.push(finding.arg("limit", address::MAX_LINES).at(front.key_place("ontvanger")));
        }
    }
}

/// The addressee of a front matter.
pub fn addressee_of(front: &Checked) -> Option<Addressee> {
    serde_json::from_value(front.get("ontvanger")?.clone()).ok()
}

fn known_key<'a>(front: &Checked, key: &str, known: impl Iterator<Item = &'a String> + Clone, findings: &mut Findings) {
    let Some(name) = front.text(key) else { return };
    if known.clone().any(|known| known == name) {
        return;
    }
    let choices = known.clone().cloned().collect::<Vec<_>>().join(", ");
    let mut finding = Finding::error("unknown-setting").key(key).arg("value", name).arg("choices", choices);
    if let Some(meant) = nearest(name, known.map(String::as_str)) {
        finding = finding.arg("meant", meant);
    }
    findings.push(finding.at(front.place(key)));
}

fn check_addressee(front: &Checked, to: &Addressee, findings: &mut Findings) {
    let mut refuse = |code, key: &str, place: &str| {
        findings
            .push(Finding::error(code).key(format!("ontvanger.{key}")).at(front.place(&format!("ontvanger.{place}"))));
    };
    let is_refused = |key: &str| front.is_refused(&format!("ontvanger.{key}"));
    let named = [("organisatie", &to.organisatie), ("achternaam", &to.achternaam)];
    // What was refused for its kind is not missing as well.
    if named.iter().all(|(key, name)| name.trim().is_empty() && !is_refused(key)) {
        refuse("addressee-nameless", "organisatie", "organisatie");
    }
    let is = |text: &str| !text.trim().is_empty();
    if is(&to.straat) && is(&to.postbus) {
        refuse("address-street-and-box", "postbus", "postbus");
    }
    // Address parts come together or not at all.
    let parts = [("huisnummer", &to.huisnummer), ("postcode", &to.postcode), ("plaats", &to.plaats)];
    let some = is(&to.straat) || is(&to.postbus) || parts.iter().any(|(_, part)| is(part));
    if some {
        if !is(&to.straat) && !is(&to.postbus) && !is_refused("straat") && !is_refused("postbus") {
            refuse("address-incomplete", "straat", "straat");
        }
        let box_only = is(&to.postbus) || is_refused("postbus");
        for (key, part) in parts {
            // Abroad, a house number may be part of the street and not every country has postcodes.
            let optional =
                (key == "huisnummer" && (box_only || !to.is_domestic())) || (key == "postcode" && !to.is_domestic());
            if !is(part) && !optional && !is_refused(key) {
                refuse("address-incomplete", key, key);
            }
        }
    }
    if is(&to.postcode)
        && to.is_domestic()
        && !is_refused("land")
        && let Err(reason) = address::postcode(&to.postcode)
    {
        let reason = match reason {
            PostcodeError::Form => "form",
            PostcodeError::LeadingZero => "leading-zero",
            PostcodeError::Letters => "letters",
        };
        let finding = Finding::error("postcode-invalid").key("ontvanger.postcode").arg("value", &to.postcode);
        findings.push(finding.arg("reason", reason).at(front.place("ontvanger.postcode")));
    }
}

/// Whether a text can be an e-mail address: one `@` between a name and a domain with a dot, no white space.
fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>(),;:\"[]\\".contains(c));
    let labels = domain.split('.');
    plain(name) && plain(domain) && domain.contains('.') && labels.into_iter().all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn email_addresses_are_told_from_slips() {
        for right in ["a@b.nl", "OP.Wertheim-Davygora@overijssel.nl", "j.o'neil+x@sub.example.org"] {
            assert!(is_email(right), "{right}");
        }
        for wrong in ["", "a", "a@b", "a b@c.nl", "a@b..nl", "a@@b.nl", "a@b.nl,c@d.nl", "<a@b.nl>"] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }
}
