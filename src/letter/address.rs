//! The address block as PostNL asks for it: three to six lines, `1234 AB  PLAATS`, the country last and in capitals.

use super::addressee::{Addressee, capitals, joined};
use super::words::Language;

/// The most lines an address may have (PostNL).
pub const MAX_LINES: usize = 6;

/// Why a text is not a Dutch postcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostcodeError {
    /// Not four digits and two letters.
    Form,
    /// Begins with 0.
    LeadingZero,
    /// SA, SD and SS are not given out.
    Letters,
}

/// A Dutch postcode in its written form, `1234 AB`.
///
/// # Errors
/// Says which rule of the postcode it breaks.
pub fn postcode(text: &str) -> Result<String, PostcodeError> {
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
    let bytes = compact.as_bytes();
    let form =
        bytes.len() == 6 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4..].iter().all(u8::is_ascii_uppercase);
    match (form, compact.get(4..)) {
        (false, _) | (_, None) => Err(PostcodeError::Form),
        _ if bytes[0] == b'0' => Err(PostcodeError::LeadingZero),
        (_, Some("SA" | "SD" | "SS")) => Err(PostcodeError::Letters),
        (_, Some(letters)) => Ok(format!("{} {letters}", &compact[..4])),
    }
}

/// The lines of the address, for the window of the envelope; without street or box the names only.
pub fn lines(to: &Addressee, language: Language) -> Vec<String> {
    let mut lines = names(to, language);
    if !has_address(to) {
        return lines;
    }
    lines.push(delivery_point(to));
    if to.is_domestic() {
        let code = postcode(&to.postcode).unwrap_or_else(|_| to.postcode.trim().to_string());
        lines.push(format!("{code}  {}", capitals(to.plaats.trim())));
    } else {
        lines.push(joined([to.postcode.trim(), &capitals(to.plaats.trim())]));
        lines.push(capitals(to.land.trim()));
    }
    lines
}

/// Whether the letter can go by post.
pub fn has_address(to: &Addressee) -> bool {
    let is = |part: &str| !part.trim().is_empty();
    (is(&to.straat) || is(&to.postbus)) && is(&to.plaats)
}

/// Whether the letter goes by e-mail, to the address of its addressee.
pub fn is_by_email(to: &Addressee) -> bool {
    !has_address(to) && !to.email.trim().is_empty()
}

/// The person as a letter by e-mail names them, below "Per e-mail aan"; one without an organisation stands above it already.
pub fn email_lines(to: &Addressee, language: Language) -> Vec<String> {
    if to.organisatie.trim().is_empty() {
        return Vec::new();
    }
    let lines = [to.functie.trim().to_string(), person(to, language, false)];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// Organisation, for whose attention, the person and their position: whatever of these the letter names.
fn names(to: &Addressee, language: Language) -> Vec<String> {
    let organisation = to.organisatie.trim();
    let for_attention = match language {
        Language::Nl => "t.a.v.",
        Language::En => "Attn.",
        Language::De => "z. Hd.",
    };
    let alone = organisation.is_empty();
    let attention = to.ter_attentie_van.trim();
    let person = person(to, language, alone);
    let mut lines = vec![organisation.to_string()];
    let mut marked = alone;
    if !alone && !attention.is_empty() {
        lines.push(format!("{for_attention} {attention}"));
        marked = true;
    }
    // Of a letter by e-mail the person stands below "Per e-mail aan"; of any other, only here.
    if !alone && is_by_email(to) {
        return lines;
    }
    for name in [person.as_str(), to.functie.trim()].into_iter().filter(|name| !name.is_empty()) {
        lines.push(if marked { name.to_string() } else { format!("{for_attention} {name}") });
        marked = true;
    }
    if alone && !attention.is_empty() {
        lines.push(format!("{for_attention} {attention}"));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

fn person(to: &Addressee, language: Language, first: bool) -> String {
    let name = to.full_name();
    if name.is_empty() {
        return name;
    }
    let form = match (language, to.aanspreekvorm.as_str()) {
        (Language::Nl, "mevrouw") if first => "Mevrouw",
        (Language::Nl, "mevrouw") => "mevrouw",
        (Language::Nl, "heer") if first => "De heer",
        (Language::Nl, "heer") => "de heer",
        (Language::En, "mevrouw") => "Ms",
        (Language::En, "heer") => "Mr",
        (Language::De, "mevrouw") => "Frau",
        (Language::De, "heer") => "Herrn",
        _ => "",
    };
    joined([form, &name])
}

fn delivery_point(to: &Addressee) -> String {
    let postbox = to.postbus.trim();
    if postbox.is_empty() {
        return joined([to.straat.trim(), to.huisnummer.trim()]);
    }
    if postbox.starts_with(|first: char| first.is_ascii_digit()) {
        format!("Postbus {postbox}")
    } else {
        postbox.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ser() -> Addressee {
        Addressee {
            organisatie: "SER Overijssel".into(),
            straat: "Luttenbergstraat".into(),
            huisnummer: "2".into(),
            postcode: "8012ee".into(),
            plaats: "Zwolle".into(),
            ..Addressee::default()
        }
    }

    #[test]
    fn postcodes_are_normalised_and_checked() {
        assert_eq!(postcode("8012ee").as_deref(), Ok("8012 EE"));
        assert_eq!(postcode(" 8012  EE ").as_deref(), Ok("8012 EE"));
        assert_eq!(postcode("0012 EE"), Err(PostcodeError::LeadingZero));
        assert_eq!(postcode("1234 SS"), Err(PostcodeError::Letters));
        for wrong in ["", "8012", "8012 E", "801 EEE", "ÉÉ12 AB", "8012 ÉÉ", "8012 EEE"] {
            assert_eq!(postcode(wrong), Err(PostcodeError::Form), "{wrong}");
        }
    }

    #[test]
    fn an_organisation_has_three_lines_and_two_spaces_before_the_town() {
        assert_eq!(lines(&ser(), Language::Nl), ["SER Overijssel", "Luttenbergstraat 2", "8012 EE  ZWOLLE"]);
    }

    #[test]
    fn a_person_at_an_organisation_is_for_the_attention_of() {
        let to = Addressee {
            aanspreekvorm: "mevrouw".into(),
            titel: "drs.".into(),
            voorletters: "O.P.".into(),
            achternaam: "Wertheim-Davygora".into(),
            functie: "secretaris-directeur".into(),
            ..ser()
        };
        let expected = [
            "SER Overijssel",
            "t.a.v. mevrouw drs. O.P. Wertheim-Davygora",
            "secretaris-directeur",
            "Luttenbergstraat 2",
            "8012 EE  ZWOLLE",
        ];
        assert_eq!(lines(&to, Language::Nl), expected);
        let to = Addressee { ter_attentie_van: "afdeling Post".into(), ..to };
        let expected =
            ["SER Overijssel", "t.a.v. afdeling Post", "mevrouw drs. O.P. Wertheim-Davygora", "secretaris-directeur"];
        assert_eq!(lines(&to, Language::Nl)[..4], expected);
        assert_eq!(lines(&to, Language::Nl).len(), MAX_LINES);
        let home = Addressee { organisatie: String::new(), ..to };
        let expected = [
            "Mevrouw drs. O.P. Wertheim-Davygora",
            "secretaris-directeur",
            "t.a.v. afdeling Post",
            "Luttenbergstraat 2",
        ];
        assert_eq!(lines(&home, Language::Nl)[..4], expected);
    }

    #[test]
    fn a_person_alone_a_box_and_a_free_post_number() {
        let to = Addressee {
            aanspreekvorm: "heer".into(),
            voorletters: "J.".into(),
            tussenvoegsel: "van den".into(),
            achternaam: "Berg".into(),
            postbus: "10078".into(),
            postcode: "8000 GB".into(),
            plaats: "IJmuiden".into(),
            ..Addressee::default()
        };
        assert_eq!(lines(&to, Language::Nl), ["De heer J. van den Berg", "Postbus 10078", "8000 GB  IJMUIDEN"]);
        let to = Addressee { postbus: "Antwoordnummer 10".into(), ..to };
        assert_eq!(lines(&to, Language::Nl)[1], "Antwoordnummer 10");
    }

    #[test]
    fn abroad_the_country_comes_last_in_capitals() {
        let to = Addressee { postcode: "48143".into(), plaats: "Münster".into(), land: "Duitsland".into(), ..ser() };
        assert_eq!(lines(&to, Language::En)[2..], ["48143 MÜNSTER", "DUITSLAND"]);
        let to = Addressee { plaats: "თბილისი".into(), land: "Georgië".into(), ..to };
        assert_eq!(lines(&to, Language::Nl)[2..], ["48143 თბილისი", "GEORGIË"]);
        let home = Addressee { land: "Nederland".into(), ..ser() };
        assert_eq!(lines(&home, Language::Nl).last().map(String::as_str), Some("8012 EE  ZWOLLE"));
    }

    #[test]
    fn without_an_address_the_person_goes_below_per_email() {
        let to = Addressee {
            organisatie: "SER Overijssel".into(),
            aanspreekvorm: "mevrouw".into(),
            achternaam: "Wertheim-Davygora".into(),
            functie: "secretaris-directeur".into(),
            email: "x@example.nl".into(),
            ..Addressee::default()
        };
        assert_eq!(lines(&to, Language::Nl), ["SER Overijssel"]);
        assert_eq!(email_lines(&to, Language::Nl), ["secretaris-directeur", "mevrouw Wertheim-Davygora"]);
        // As by post, whom it is for comes first.
        let team = Addressee { ter_attentie_van: "team Advies".into(), ..to.clone() };
        assert_eq!(lines(&team, Language::Nl), ["SER Overijssel", "t.a.v. team Advies"]);
        assert_eq!(email_lines(&team, Language::Nl), email_lines(&to, Language::Nl));
        let home = Addressee { organisatie: String::new(), ..team };
        let expected = ["Mevrouw Wertheim-Davygora", "secretaris-directeur", "t.a.v. team Advies"];
        assert_eq!(lines(&home, Language::Nl), expected);
        assert_eq!(email_lines(&home, Language::Nl), [""; 0]);
    }

    #[test]
    fn without_any_address_the_person_stays_with_the_organisation() {
        let to = Addressee {
            organisatie: "Gemeente Deventer".into(),
            aanspreekvorm: "heer".into(),
            voorletters: "J.".into(),
            achternaam: "Dam".into(),
            functie: "wethouder".into(),
            ter_attentie_van: "team Ruimte".into(),
            ..Addressee::default()
        };
        let expected = ["Gemeente Deventer", "t.a.v. team Ruimte", "de heer J. Dam", "wethouder"];
        assert_eq!(lines(&to, Language::Nl), expected);
        assert!(!is_by_email(&to));
        let body = Addressee { organisatie: "Gemeente Deventer".into(), ..Addressee::default() };
        assert_eq!(lines(&body, Language::Nl), ["Gemeente Deventer"]);
    }
}
