//! What is wrong with a row before its letter is laid out.

use super::recipients::Recipient;
use crate::error::{Finding, Findings};
use crate::letter::addressee::Addressee;
use crate::letter::{Letter, characters, front};
use crate::typeset::fonts::Fonts;
use crate::workspace::settings::Settings;

/// Holds the letter of a row against what every letter must hold; each finding names its cell.
pub(super) fn check(
    recipient: &Recipient,
    letter: &Letter,
    to: &Addressee,
    settings: &Settings,
    fonts: &Fonts,
) -> Vec<Finding> {
    let mut findings = Findings::default();
    front::check(&letter.front, settings, &mut findings);
    // What the letter itself says was checked when it was read.
    let of_row = |key: &str| recipient.fills(key);
    characters::check_characters(&letter.front, &of_row, &|character| fonts.refused(character), &mut findings);
    let named = [("voorletters", &to.voorletters), ("tussenvoegsel", &to.tussenvoegsel), ("titel", &to.titel)];
    if to.achternaam.trim().is_empty()
        && let Some((key, _)) = named.into_iter().find(|(_, part)| !part.trim().is_empty())
    {
        findings.push(Finding::error("mail-name-incomplete").key("ontvanger.achternaam").arg("other", key));
    }
    // Where a table has no such column, nobody expects the salutation to know it.
    let is_unsaid = recipient.is_empty("ontvanger.aanspreekvorm") && letter.front.get("aanhef").is_none();
    if is_unsaid && !to.achternaam.trim().is_empty() {
        let salutation = crate::letter::salutation::salutation(to, letter.language());
        findings.push(Finding::warning("mail-form-unknown").key("ontvanger.aanspreekvorm").arg("value", salutation));
    }
    findings.0.into_iter().map(|finding| recipient.placed(finding)).collect()
}
