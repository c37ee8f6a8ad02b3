//! Recipients that stand in a table twice, more or less.

use std::collections::HashMap;

use super::recipients::Recipient;
use crate::error::Finding;
use crate::letter::addressee::Addressee;

/// The codes of what is found here: findings that name another row by its number.
pub(super) const CODES: [&str; 2] = ["mail-double", "mail-double-email"];

/// The recipients so far.
#[derive(Default)]
pub(super) struct Doubles {
    addresses: HashMap<String, usize>,
    emails: HashMap<String, usize>,
}

impl Doubles {
    /// Adds a recipient; points out the row that has the same name and address, or else the same e-mail address.
    pub fn add(&mut self, recipient: &Recipient, to: &Addressee) -> Option<Finding> {
        let row = recipient.number();
        let name = [&to.organisatie, &to.ter_attentie_van, &to.voorletters, &to.tussenvoegsel, &to.achternaam];
        let place = [&to.straat, &to.huisnummer, &to.postbus, &to.postcode, &to.plaats];
        let parts = [plain(&name), plain(&place)];
        let same = match parts.iter().all(|part| !part.is_empty()) {
            true => first(&mut self.addresses, parts.join("\n"), row),
            false => None,
        };
        let email = to.email.trim().to_lowercase();
        let same_email = if email.is_empty() { None } else { first(&mut self.emails, email, row) };
        match (same, same_email) {
            (Some(other), _) => Some(recipient.placed(Finding::warning("mail-double").arg("other", other))),
            (None, Some(other)) => {
                let finding = Finding::warning("mail-double-email").key("ontvanger.email").arg("other", other);
                Some(recipient.placed(finding.arg("value", to.email.trim())))
            }
            _ => None,
        }
    }
}

/// The row that had a key before; this row, where none had.
fn first(known: &mut HashMap<String, usize>, key: String, row: usize) -> Option<usize> {
    let first = *known.entry(key).or_insert(row);
    (first != row).then_some(first)
}

/// The letters and digits of texts, without what two hands write differently.
fn plain(texts: &[&String]) -> String {
    let letters = texts.iter().flat_map(|text| text.chars()).filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
