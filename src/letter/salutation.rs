//! The salutation, derived from the addressee as Dutch (Taaladvies), English and German letters have it.

use super::addressee::Addressee;
use super::body::{self, Body};
use super::words::Language;

/// The salutation of a letter to this addressee.
///
/// No initials and no titles such as drs.; a surname's prefix takes a capital where it comes first; a council or board is
/// addressed as such; an unknown form names both.
pub fn salutation(addressee: &Addressee, language: Language) -> String {
    if addressee.achternaam.trim().is_empty() {
        return to_body(addressee, language).to_string();
    }
    let name = addressee.surname_first();
    match (language, addressee.aanspreekvorm.as_str()) {
        (Language::Nl, "mevrouw") => format!("Geachte mevrouw {name},"),
        (Language::Nl, "heer") => format!("Geachte heer {name},"),
        (Language::Nl, _) => format!("Geachte heer/mevrouw {name},"),
        (Language::En, "mevrouw") => format!("Dear Ms {name},"),
        (Language::En, "heer") => format!("Dear Mr {name},"),
        (Language::En, _) => "Dear Sir or Madam,".into(),
        // German prefixes such as von keep their small letter.
        (Language::De, "mevrouw") => format!("Sehr geehrte Frau {},", addressee.surname()),
        (Language::De, "heer") => format!("Sehr geehrter Herr {},", addressee.surname()),
        (Language::De, _) => "Sehr geehrte Damen und Herren,".into(),
    }
}

fn to_body(addressee: &Addressee, language: Language) -> &'static str {
    match language {
        Language::Nl => {}
        Language::En => return "Dear Sir or Madam,",
        Language::De => return "Sehr geehrte Damen und Herren,",
    }
    match body::of_name(&addressee.organisatie) {
        Some(Body::College) => "Geacht college,",
        Some(Body::States) => "Geachte Staten,",
        Some(Body::Council) => "Geachte raad,",
        Some(Body::Board) => "Geacht bestuur,",
        None => "Geachte heer/mevrouw,",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(form: &str, prefix: &str, name: &str) -> Addressee {
        Addressee {
            aanspreekvorm: form.into(),
            titel: "drs.".into(),
            voorletters: "O.P.".into(),
            tussenvoegsel: prefix.into(),
            achternaam: name.into(),
            organisatie: "SER Overijssel".into(),
            ..Addressee::default()
        }
    }

    fn body(name: &str) -> String {
        salutation(&Addressee { organisatie: name.into(), ..Addressee::default() }, Language::Nl)
    }

    #[test]
    fn persons_are_addressed_without_initials_and_titles() {
        let dutch = |form, prefix, name| salutation(&person(form, prefix, name), Language::Nl);
        assert_eq!(dutch("mevrouw", "", "Wertheim-Davygora"), "Geachte mevrouw Wertheim-Davygora,");
        assert_eq!(dutch("heer", "in het", "Veld"), "Geachte heer In het Veld,");
        assert_eq!(dutch("heer", "van 't", "Hoff"), "Geachte heer Van 't Hoff,");
        assert_eq!(dutch("heer", "'t", "Hart"), "Geachte heer 't Hart,");
        assert_eq!(dutch("mevrouw", "d'", "Ancona"), "Geachte mevrouw D'Ancona,");
        assert_eq!(dutch("", "van den", "Berg"), "Geachte heer/mevrouw Van den Berg,");
        assert_eq!(dutch("none", "", "Berg"), "Geachte heer/mevrouw Berg,");
        // Capitals in Georgian are for headlines.
        assert_eq!(dutch("heer", "", "ქართული"), "Geachte heer ქართული,");
    }

    #[test]
    fn a_surname_begins_with_the_capital_of_dutch() {
        let dutch = |prefix, name| salutation(&person("heer", prefix, name), Language::Nl);
        assert_eq!(dutch("", "ijzerman"), "Geachte heer IJzerman,");
        assert_eq!(dutch("", "IJzerman"), "Geachte heer IJzerman,");
        assert_eq!(dutch("", "ĳzerman"), "Geachte heer Ĳzerman,");
        assert_eq!(dutch("van", "IJzeren"), "Geachte heer Van IJzeren,");
        // A name that its writer began with a capital stays as it is: not every Ij is Dutch.
        assert_eq!(dutch("", "Ijaz"), "Geachte heer Ijaz,");
        assert_eq!(dutch("", "i"), "Geachte heer I,");
    }

    #[test]
    fn bodies_are_addressed_as_what_they_are() {
        assert_eq!(body("College van burgemeester en wethouders van Zwolle"), "Geacht college,");
        assert_eq!(body("Gedeputeerde Staten van Overijssel"), "Geacht college,");
        assert_eq!(body("Provinciale Staten van Overijssel"), "Geachte Staten,");
        assert_eq!(body("Gemeenteraad van Deventer"), "Geachte raad,");
        assert_eq!(body("Dagelijks bestuur van het waterschap"), "Geacht bestuur,");
        assert_eq!(body("Bakkerij De Korenaar"), "Geachte heer/mevrouw,");
        assert_eq!(body("Carmel College Salland"), "Geachte heer/mevrouw,");
    }

    #[test]
    fn other_languages_have_their_own_forms() {
        assert_eq!(salutation(&person("heer", "van", "Dijk"), Language::En), "Dear Mr Van Dijk,");
        assert_eq!(salutation(&person("", "", "Dijk"), Language::En), "Dear Sir or Madam,");
        assert_eq!(salutation(&person("heer", "von", "Humboldt"), Language::De), "Sehr geehrter Herr von Humboldt,");
        assert_eq!(salutation(&person("none", "", "Humboldt"), Language::De), "Sehr geehrte Damen und Herren,");
    }
}
