use super::*;

fn body(text: &str) -> String {
    answered(text, Language::Nl).body
}

/// The quotes of a text, without what stands between them.
fn quotes(text: &str) -> Vec<String> {
    let body = body(text);
    let quotes = body.split("\n\n").filter_map(|part| part.strip_prefix("> "));
    quotes.map(|quote| quote.trim_end().replace("\n>\n> ", " / ")).collect()
}

#[test]
fn the_mark_up_of_a_letter_of_advice_is_not_text() {
    let text = "**1. Maak een kaart**\n\n- 1.1 Breng in beeld.*\n- 1.2 *Maak iets.*\n\n---\n\nOnze reactie:\n\n### **2. Benut de kracht**\n\n- 2.1 *Help*";
    let expected = "# 1. Maak een kaart\n\n> 1.1 Breng in beeld.\n\nOnze reactie:\n\n> 1.2 Maak iets.\n\nOnze reactie:\n\n# 2. Benut de kracht\n\n> 2.1 Help\n\nOnze reactie:\n\n";
    assert_eq!(body(text), expected);
}

#[test]
fn recommendations_become_quotes_with_an_answer_below() {
    let text = "# 1. Maak een kaart\n\n- 1.1 Breng in beeld\n  wat er is.\n- 1.2 Maak *iets* {{x}}\n\nLosse toelichting,\nin twee regels.\n\n5 miljoen is genoeg.";
    let expected = "# 1. Maak een kaart\n\n> 1.1 Breng in beeld wat er is.\n\nOnze reactie:\n\n> 1.2 Maak \\*iets\\* \\{\\{x\\}\\}\n>\n> Losse toelichting, in twee regels.\n>\n> 5 miljoen is genoeg.\n\nOnze reactie:\n\n";
    assert_eq!(answered(text, Language::Nl), Advice { body: expected.into(), count: 2, left: Vec::new() });
    let expected = "> Losse aanbeveling, in twee regels.\n\nOnze reactie:\n\n> 2021\\. 5 miljoen is genoeg, bevelen wij aan.\n\nOnze reactie:\n\n";
    assert_eq!(body("Losse aanbeveling,\nin twee regels.\n\n2021. 5 miljoen is genoeg, bevelen wij aan."), expected);
}

#[test]
fn only_what_recommends_is_quoted() {
    assert_eq!(quotes("Wij bevelen aan:\n1. Doe dit.\n2. Doe dat."), ["1 Doe dit.", "2 Doe dat."]);
    assert_eq!(quotes("Wij bevelen aan:\n\n- Doe dit.\n- Doe dat.\n\nTot slot dank."), ["Doe dit.", "Doe dat."]);
    assert_eq!(quotes("Inleiding.\n\nWij adviseren u dit.\n\nSlot."), ["Wij adviseren u dit."]);
    assert_eq!(quotes("Maak een kaart.\n\nHelp bedrijven."), ["Maak een kaart.", "Help bedrijven."]);
    assert_eq!(quotes(&"Dit is een verslag van wat er was.\n\n".repeat(40)), [""; 0]);
    assert_eq!(
        quotes("Leden:\n\n- Jan\n- Piet\n\n## Aanbevelingen\n\n### Scholen\n\n- Doe dit.\n\n  Met zorg.\n- Doe dat.\n"),
        ["Doe dit. / Met zorg.", "Doe dat."]
    );
    assert_eq!(
        quotes("## 1. Maak een kaart\n\nDat helpt.\n\n## 2. Help\n\nAlle bedrijven."),
        ["1 Maak een kaart / Dat helpt.", "2 Help / Alle bedrijven."]
    );
    assert_eq!(quotes("Aanbeveling 1: Doe dit.\n\nAanbeveling 2: Doe dat."), ["1 Doe dit.", "2 Doe dat."]);
    assert_eq!(quotes("1. doe dit\n2. doe dat"), ["1. doe dit", "2. doe dat"]);
}

#[test]
fn an_item_keeps_what_belongs_to_it_and_no_more() {
    let text = "Geachte heer Dam,\n\n1. Doe dit.\n\nDat helpt.\n\nVerder:\n\n2. Doe dat:\n\n- eerst\n- dan\n\nHoogachtend,\n\nvoorzitter\nA. Jansen";
    assert_eq!(quotes(text), ["1 Doe dit. / Dat helpt.", "2 Doe dat: / - eerst / - dan"]);
    // A letter that is answered already: neither answers nor lists in them.
    let text = "1.1 Doe dit.\n\nOnze reactie:\n\nWij zien drie soorten:\n\n1. een\n2. twee\n\n1.2 Doe dat.\n\nOnze reactie:\n\nGoed.\n\n# Conclusie\n\nWij gaan door.";
    assert_eq!(body(text), "> 1.1 Doe dit.\n\nOnze reactie:\n\n> 1.2 Doe dat.\n\nOnze reactie:\n\n");
    let text = "1. Doe dit.\n2. Doe dat.\n\nEen.\n\nTwee.\n\nDrie.\n\nVier.";
    assert_eq!(quotes(text), ["1 Doe dit.", "2 Doe dat."]);
    assert_eq!(body("1. Kaart\n1.1 Maak die."), "# 1. Kaart\n\n> 1.1 Maak die.\n\nOnze reactie:\n\n");
}

#[test]
fn lines_that_a_program_broke_are_joined() {
    let line = "Wij adviseren u om de middelen die er voor het mkb zijn te verdelen over de";
    let text = format!("{line}\n\nregio’s van de provincie, en daarbij de SER-\nbriefadviezen te volgen.\n\nDank u.");
    let expected = format!("{line} regio’s van de provincie, en daarbij de SER-briefadviezen te volgen.");
    assert_eq!(quotes(&text), [expected]);
    let text = format!("{line}\n3.5 procent.");
    assert_eq!(quotes(&text), [format!("{line}\n3.5 procent.").replace('\n', " ")]);
    // With an empty line below each line, sentences go on before a capital too.
    let text = format!("{}{line}\n\nProvincie.\n\n8\n\n1. Doe dit.", format!("{line}\n\nregio.\n\n").repeat(10));
    assert_eq!(quotes(&text), ["1 Doe dit."]);
    let without = text.replace("1. Doe dit.", "");
    assert_eq!(quotes(&without).last().map(String::as_str), Some(format!("{line} Provincie.").as_str()));
}

#[test]
fn emphasis_goes_in_pairs() {
    assert_eq!(quotes("1. **Zet in op scholing.** Doe dat."), ["1 Zet in op scholing. Doe dat."]);
    assert_eq!(quotes("**1. Zet in op\nscholing.** Doe dat."), ["1 Zet in op scholing. Doe dat."]);
    assert_eq!(quotes("**1**. Doe dat."), ["1 Doe dat."]);
    assert_eq!(quotes("- *Bedrijven* zijn x"), ["Bedrijven zijn x"]);
    assert_eq!(
        body("## Aanbeveling **drie**\n\nMaak een kaart."),
        "# Aanbeveling drie\n\n> Maak een kaart.\n\nOnze reactie:\n\n"
    );
}

#[test]
fn letters_names_and_bare_numbers_count_where_they_follow_each_other() {
    for (text, expected) in [
        ("Aanbevelingen\n\na) Zet voort.\nb) Maak.\nc) Betrek.", &["a) Zet voort.", "b) Maak.", "c) Betrek."][..]),
        ("De SER adviseert stappen.\n\n1° Doe dit.\n2° Doe dat.", &["1 Doe dit.", "2 Doe dat."]),
        ("I. Doe dit.\nII. Doe dat.", &["I. Doe dit.", "II. Doe dat."]),
        ("Aanbeveling A: Doe dit.\nAanbeveling B: Doe dat.", &["A Doe dit.", "B Doe dat."]),
        ("Recommendation 1: Do this.\nRecommendation 2: Do that.", &["1 Do this.", "2 Do that."]),
        ("Empfehlung 1: Dies.\nEmpfehlung 2: Das.", &["1 Dies.", "2 Das."]),
        ("Aanbevelingen\n1 Zet in\n2 Betrek\n3 Meet", &["1 Zet in", "2 Betrek", "3 Meet"]),
        ("1.1\nBreng in beeld.\n1.2\nMaak iets.", &["1.1 Breng in beeld.", "1.2 Maak iets."]),
        ("1. Doe dit:\n\na) eerst\n\nb) dan", &["1 Doe dit: / - a) eerst / - b) dan"]),
        ("A. Jansen adviseert u dit.", &["A. Jansen adviseert u dit."]),
        ("Aanbevelingen\n\nMaak een kaart.\n\nHelp bedrijven.", &["Maak een kaart.", "Help bedrijven."]),
    ] {
        assert_eq!(quotes(text), expected, "{text}");
    }
}

#[test]
fn a_number_within_a_sentence_begins_nothing() {
    let text = "1. Doe dit.\n2. Verhoog het budget naar\n   1.5 miljoen euro per jaar.";
    assert_eq!(quotes(text), ["1 Doe dit.", "2 Verhoog het budget naar 1.5 miljoen euro per jaar."]);
    assert_eq!(quotes("- Volg paragraaf\n3.1 van het rapport."), ["Volg paragraaf 3.1 van het rapport."]);
    assert_eq!(
        quotes("1.1 breng in beeld\n1.2 maak iets\n2.1 help"),
        ["1.1 breng in beeld", "1.2 maak iets", "2.1 help"]
    );
}

#[test]
fn of_chapters_only_that_with_recommendations_counts() {
    for list in ["- Doe A\n- Doe B", "1. Doe A.\n2. Doe B.", "Doe A.\n\nDoe B."] {
        let text = format!(
            "1. Inleiding\n\nTekst.\n\n2. Werkwijze\n\nTekst.\n\n3. Aanbevelingen\n\n{list}\n\n4. Slot\n\nTot ziens."
        );
        let found = quotes(&text);
        assert!(found.len() == 2 && found[0].contains("Doe A") && found[1].contains("Doe B"), "{found:?}");
        assert!(body(&text).starts_with("# Aanbevelingen\n"), "{text}");
    }
}

#[test]
fn what_is_left_out_and_may_recommend_is_told() {
    let left = |text: &str| answered(text, Language::Nl).left;
    assert_eq!(left("Wij bevelen aan:\n\n1. Doe dit.\n2. Doe dat."), [""; 0]);
    assert_eq!(left("Wij raden u scholing aan.\n\n1. Doe dit.\n2. Doe dat."), ["Wij raden u scholing aan."]);
    assert_eq!(left("Wij adviseren u dit.\n\nZorg ook voor dat."), ["Zorg ook voor dat."]);
    assert_eq!(left("1. Doe dit.\n2. Doe dat.\n\nEen.\n\nTwee.\n\nDrie.\n\nVier.").len(), 4);
    assert_eq!(left("Leden:\n\n- Jan\n- Piet\n\nMaak een kaart."), ["Maak een kaart."]);
    assert_eq!(left("1. Een jaar.\n2. Nog een.\n\nWij bevelen aan:\n\n- Doe A.\n- Doe B"), ["Doe A.", "Doe B"]);
}

#[test]
fn numbers_below_the_title_of_recommendations_stay_recommendations() {
    let text =
        "1. Inleiding\n\n1.1 Aanleiding\n\nTekst.\n\n2. Aanbevelingen\n\n2.1 Maak een kaart\n\n2.2 Help\n\n3. Slot";
    assert_eq!(quotes(text), ["2.1 Maak een kaart", "2.2 Help"]);
    let text = "# Aanbevelingen\n\n## 1. Maak een kaart\n\nDat helpt.\n\n## 2. Help\n\nAlle bedrijven.";
    assert_eq!(quotes(text), ["1 Maak een kaart / Dat helpt.", "2 Help / Alle bedrijven."]);
    // The initials of who signs are no letters of a list.
    let text = "a) Zet voort.\nb) Maak.\n\nHoogachtend,\n\nA. Jansen\nB. Pieters";
    assert_eq!(quotes(text), ["a) Zet voort.", "b) Maak."]);
}
