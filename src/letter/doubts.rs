//! What is hardly meant, and can be: it is pointed out, and refuses nothing.

use serde_json::Value as Json;

use super::addressee::Addressee;
use super::answered::Answered;
use super::{Letter, address};
use crate::contract::check::Checked;
use crate::error::{Finding, Findings};

/// A letter without a text, such as one whose author forgot to save it.
pub fn check_body(letter: &Letter, findings: &mut Findings) {
    let body = letter.body.clone();
    if letter.source.text().get(body.clone()).is_some_and(|text| text.trim().is_empty()) {
        findings.push(Finding::warning("body-empty").at(letter.source.place(body.start..body.start)));
    }
}

/// What a template of its own asks for, and neither its letterhead nor the text of the letter shows, by its name or written
/// out: an invitation without its time and place.
pub fn check_used(letter: &Letter, own: &[&str], letterhead: &str, findings: &mut Findings) {
    let body = letter.source.text().get(letter.body.clone()).unwrap_or_default();
    if body.trim().is_empty() {
        // Said already.
        return;
    }
    let is_filled = |name: &&&str| letter.front.get(name).is_some_and(|value| value.as_str() != Some(""));
    let text = words(body);
    for name in own.iter().filter(is_filled) {
        if !is_named(body, name) && !is_named(letterhead, name) && !is_written(letter, name, &text) {
            findings.push(Finding::warning("field-unused").key(*name).at(letter.front.key_place(name)));
        }
    }
}

/// Whether the words of a text hold the value of a field, written out.
fn is_written(letter: &Letter, field: &str, text: &str) -> bool {
    let value = match (letter.front.date(field), letter.front.get(field)) {
        (Some(day), _) => words(&letter.language().long_date(day)),
        (None, Some(Json::String(value))) => words(value),
        (None, Some(Json::Number(number))) => words(&number.to_string()),
        _ => return false,
    };
    // The spaces at its ends keep `2` from being found in `2027`.
    value.len() > 2 && text.contains(&value)
}

/// A text as its words, in small letters, with a space before and after each: what emphasises, ends or breaks a line makes no
/// difference, nor whether a time is written with a point or a colon.
fn words(text: &str) -> String {
    let mut words = String::from(" ");
    for sign in text.chars().flat_map(char::to_lowercase) {
        if sign.is_alphanumeric() {
            words.push(sign);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Whether a handlebars tag of a text names a field.
fn is_named(text: &str, field: &str) -> bool {
    let tags = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    let mut paths = tags.flat_map(|tag| tag.split(|sign: char| !sign.is_alphanumeric() && !"_-.@/".contains(sign)));
    // `@root.locatie` and `../locatie` are the letter's own, `rij.locatie` is not.
    paths.any(|path| path.split(['.', '/']).find(|part| !["", "@root", "this"].contains(part)) == Some(field))
}

/// An addressee whom neither the post nor an e-mail can reach. Part of an address is refused elsewhere.
pub fn check_reach(front: &Checked, to: &Addressee, findings: &mut Findings) {
    let parts = ["straat", "huisnummer", "postbus", "postcode", "plaats", "email"];
    let is_said = |part: &&str| {
        let key = format!("ontvanger.{part}");
        front.is_refused(&key) || front.text(&key).is_some_and(|text| !text.trim().is_empty())
    };
    let is_sent = front.is_refused("verzonden_aan")
        || front.get("verzonden_aan").and_then(|value| value.as_array()).is_some_and(|list| !list.is_empty());
    if !address::has_address(to) && !is_sent && !parts.iter().any(is_said) {
        let finding = Finding::warning("addressee-unreachable").key("ontvanger");
        findings.push(finding.at(front.key_place("ontvanger")));
    }
}

/// A letter that is older than one that it answers.
pub fn check_answered(front: &Checked, id: &str, answered: &Answered, findings: &mut Findings) {
    if let (Some(day), Some(since)) = (front.date("datum"), answered.since)
        && day < since
    {
        let finding = Finding::warning("date-before-answered").key("datum").arg("id", id.trim());
        findings.push(finding.arg("day", day).arg("since", since).at(front.place("datum")));
    }
}

/// A letter that is older than the one that it names as the addressee's.
pub fn check_theirs(front: &Checked, findings: &mut Findings) {
    if let (Some(day), Some(theirs)) = (front.date("datum"), front.date("uw_brief"))
        && day < theirs
        // The register said so already.
        && !findings.0.iter().any(|finding| finding.code == "date-before-answered")
    {
        let finding = Finding::warning("date-before-theirs").key("datum").arg("day", day).arg("since", theirs);
        findings.push(finding.at(front.place("datum")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::check;
    use crate::letter::{file, front};
    use crate::source::SourceFile;
    use crate::workspace::settings::Settings;

    fn letter(text: &str) -> Letter {
        let source = SourceFile::new("x.md", text);
        let parts = file::split(&source).expect("a letter");
        let front = check::check(&source, parts.front.clone(), &front::contract(), &mut Findings::default());
        Letter { source, front, body: parts.body }
    }

    /// The codes that a letter gives, with their lines.
    fn found(text: &str, since: Option<&str>) -> Vec<(&'static str, usize)> {
        let letter = letter(text);
        let mut findings = Findings::default();
        if let Some(since) = since {
            let answered = Answered { since: Some(since.parse().expect("a day")), ..Answered::default() };
            check_answered(&letter.front, "I1", &answered, &mut findings);
        }
        check_theirs(&letter.front, &mut findings);
        check_body(&letter, &mut findings);
        if let Some(to) = front::addressee_of(&letter.front) {
            check_reach(&letter.front, &to, &mut findings);
        }
        findings.0.into_iter().map(|one| (one.code, one.place.map_or(0, |place| place.line()))).collect()
    }

    #[test]
    fn a_letter_without_text_is_pointed_out_on_the_line_after_its_front_matter() {
        let front = "+++\n[ontvanger]\nemail = 'a@example.nl'\n+++\n";
        assert_eq!(found(front, None), [("body-empty", 5)]);
        assert_eq!(found(&format!("{front}\n \n"), None), [("body-empty", 5)]);
        assert_eq!(found(&format!("{front}\nTekst.\n"), None), []);
    }

    #[test]
    fn what_a_template_asks_for_is_shown_somewhere() {
        let unused = |body: &str, letterhead: &str| {
            let mut letter = letter(&format!("+++\nsjabloon = 'x'\nlocatie = 'Zwolle'\n+++\n{body}\n"));
            letter.front.values.insert("locatie".into(), "Zwolle".into());
            let mut findings = Findings::default();
            check_used(&letter, &["locatie", "aanvang"], letterhead, &mut findings);
            findings.0.into_iter().map(|one| (one.code, one.key.unwrap_or_default())).collect::<Vec<_>>()
        };
        assert_eq!(unused("Kom op tijd.", "{{inhoud}}"), [("field-unused", "locatie".to_string())]);
        assert_eq!(unused("Kom naar de locatie {{rij.locatie}}.", "").len(), 1);
        assert_eq!(unused("De Zwollenaren komen.", "").len(), 1);
        assert_eq!(unused("Kom naar **Zwolle**.", ""), []);
        for (body, letterhead) in
            [("In {{locatie}}.", ""), ("{{#if @root.locatie}}x{{/if}}", ""), ("Kom.", "{{typst locatie}}"), ("", "")]
        {
            assert_eq!(unused(body, letterhead), [], "{body} {letterhead}");
        }
    }

    #[test]
    fn what_a_template_asks_for_may_be_written_out() {
        let mut letter = letter(
            "+++\nsjabloon = 'x'\n+++\nKom op donderdag 18 maart\n2027, om 13:30 uur, naar het Provinciehuis \
             Overijssel,\nLuttenbergstraat 2 in **Zwolle**, met 12 gasten.\n",
        );
        let own = ["bijeenkomst", "aanvang", "locatie", "gasten", "zaal"];
        let values: [Json; 5] = [
            "2027-03-18".into(),
            "13.30 uur".into(),
            "Provinciehuis Overijssel, Luttenbergstraat 2 in Zwolle".into(),
            12.into(),
            1.into(),
        ];
        for (name, value) in own.into_iter().zip(values) {
            letter.front.values.insert(name.into(), value);
        }
        let mut findings = Findings::default();
        check_used(&letter, &own, "", &mut findings);
        assert_eq!(findings.0.iter().filter_map(|one| one.key.as_deref()).collect::<Vec<_>>(), ["zaal"]);
    }

    #[test]
    fn an_addressee_is_reached_by_post_or_by_email() {
        let with = |more: &str, to: &str| {
            found(&format!("+++\n{more}\n[ontvanger]\norganisatie = 'A'\n{to}\n+++\nTekst.\n"), None)
        };
        assert_eq!(with("", ""), [("addressee-unreachable", 3)]);
        assert_eq!(with("verzonden_aan = []", "functie = 'lid'\nemail = ' '"), [("addressee-unreachable", 3)]);
        assert_eq!(with("verzonden_aan = ['a@example.nl']", ""), []);
        assert_eq!(with("", "email = 'a@example.nl'"), []);
        assert_eq!(with("", "straat = 'Weg'\nplaats = 'Münster'\nland = 'Duitsland'"), []);
        // What was refused, or is refused as part of an address, is no second mistake.
        assert_eq!(with("", "email = 1"), []);
        assert_eq!(with("", "plaats = 'Zwolle'"), []);
    }

    #[test]
    fn an_answer_is_not_older_than_what_it_answers() {
        let to = "[ontvanger]\nemail = 'a@example.nl'\n+++\nTekst.\n";
        let day = format!("+++\ndatum = 2025-01-06\n{to}");
        assert_eq!(found(&day, Some("2027-01-07")), [("date-before-answered", 2)]);
        assert_eq!(found(&day, Some("2025-01-06")), []);
        let theirs = format!("+++\ndatum = 2025-01-06\nuw_brief = 2025-01-07\n{to}");
        assert_eq!(found(&theirs, None), [("date-before-theirs", 2)]);
        assert_eq!(found(&theirs, Some("2025-01-08")), [("date-before-answered", 2)]);
        assert_eq!(found(&theirs.replace("01-07", "01-06"), None), []);
        assert_eq!(found(&format!("+++\nuw_brief = 2025-01-07\n{to}"), Some("2027-01-07")), []);
    }

    #[test]
    fn what_holds_between_fields_includes_the_reach() {
        let letter = letter("+++\n[ontvanger]\norganisatie = 'A'\n+++\nTekst.\n");
        let mut findings = Findings::default();
        front::check(&letter.front, &Settings::default(), &mut findings);
        assert_eq!(findings.0.iter().map(|one| one.code).collect::<Vec<_>>(), ["addressee-unreachable"]);
    }
}
