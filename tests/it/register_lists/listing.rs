//! Lists: filters, orders, tables and JSON.

use super::*;

#[test]
fn a_list_is_whole_and_the_newest_first() {
    let shelf = Shelf::filled();
    assert_eq!(shelf.ids(&["list"]), NEWEST);
    assert_eq!(shelf.ids(&["list", "--limit", "3"]), NEWEST[..3]);
    assert_eq!(shelf.ids(&["list", "--limit", "300"]), NEWEST);
    let empty = Shelf::new();
    assert_eq!(empty.run(&["list", "--json"]).exits(0).json(), json!([]));
    let people = empty.run(&["list"]).exits(0);
    assert_eq!((people.out.as_str(), people.err.as_str()), ("", "geen brieven gevonden\n"));
}

#[test]
fn filters_keep_what_meets_all_of_them() {
    for shelf in Shelf::each_filled() {
        for (arguments, expected) in [
            (
                &["--richting", "uit"][..],
                &["D2023-02-002695", "D2023-02-002694", "D2023-01-000007", "D2022-11-000099"][..],
            ),
            (&["--richting", "in", "--jaar", "2022"], &["I2022-000001"]),
            (&["--status", "afgedaan", "--status", "vervallen"], &["I2023-000005", "D2023-01-000007"]),
            (&["--jaar", "2022"], &["I2022-000001", "D2022-11-000099"]),
            (&["--jaar", "2021"], &["I2023-000004"]),
            (&["--van", "2022-12-02", "--tot", "2023-01-10"], &["I2023-000002", "I2023-000001", "I2022-000001"]),
            (&["--van", "2-12-2022", "--tot", "10-1-2023"], &["I2023-000002", "I2023-000001", "I2022-000001"]),
            (&["--van", "2022-12-03", "--tot", "2023-01-09"], &[]),
            (&["--tot", "2021-05-05"], &["I2023-000004"]),
            (&["--jaar", "2023", "--van", "2023-02-21"], &["D2023-02-002695", "D2023-02-002694"]),
            (&["--correspondent", "OVERIJSSEL"], &["D2023-02-002694", "I2022-000001"]),
            (&["--correspondent", "cooperatie een"], &["I2023-000001"]),
            (&["--correspondent", "TIE éÉN"], &["I2023-000001"]),
            (&["--correspondent", "Gemeente"], &["I2023-000003", "I2023-000002"]),
            (&["--correspondent", "100%_"], &["I2023-000005"]),
            (&["--correspondent", "%"], &["I2023-000005"]),
            (&["--correspondent", "' OR 1=1 --"], &[]),
            (&["--correspondent", "\"],[\"x"], &[]),
            (&["--behandelaar", "jan DE boer", "--richting", "uit"], &["D2023-02-002694"]),
            (&["--behandelaar", "eve"], &["I2023-000001"]),
            (&["--behandelaar", "jan"], &[]),
            (&["--soort", "bezwaar"], &["I2023-000002"]),
            (&["--zaaknummer", "2023-003015"], &["D2023-02-002694", "I2022-000001"]),
            (&["--zaaknummer", "2023"], &[]),
            (&["--openstaand"], &["I2023-000003", "I2023-000002", "I2023-000001", "I2023-000004"]),
            (&["--openstaand", "--status", "afgedaan"], &[]),
            (&["--openstaand", "--limit", "1", "--correspondent", "zwolle"], &["I2023-000003"]),
        ] {
            assert_eq!(shelf.ids(&[&["list"], arguments].concat()), expected, "{arguments:?}");
        }
    }
}

#[test]
fn an_order_is_by_bytes_then_number_with_what_lacks_a_value_last() {
    for shelf in Shelf::each_filled() {
        let first = |word: &str| shelf.ids(&["list", "--limit", "4", "--orde", word]);
        for (word, expected) in [
            ("id", ["D2022-11-000099", "D2023-01-000007", "D2023-02-002694", "D2023-02-002695"]),
            ("-id", ["I2023-000005", "I2023-000004", "I2023-000003", "I2023-000002"]),
            ("datum", ["I2023-000004", "D2022-11-000099", "I2022-000001", "I2023-000001"]),
            ("-datum", ["D2023-02-002694", "I2023-000001", "I2022-000001", "D2022-11-000099"]),
            ("ontvangen", ["I2022-000001", "I2023-000001", "I2023-000002", "I2023-000005"]),
            ("-ontvangen", ["I2023-000003", "I2023-000005", "I2023-000002", "I2023-000001"]),
            ("verzonden", ["D2023-02-002694", "D2022-11-000099", "D2023-01-000007", "D2023-02-002695"]),
            ("-verzonden", ["D2023-02-002694", "I2023-000005", "I2023-000004", "I2023-000003"]),
            ("termijn", ["I2023-000005", "I2023-000001", "I2023-000002", "I2022-000001"]),
            ("-termijn", ["I2023-000003", "I2022-000001", "I2023-000002", "I2023-000001"]),
            ("status", ["I2023-000005", "I2022-000001", "D2023-02-002695", "D2022-11-000099"]),
            ("-status", ["D2023-02-002694", "D2023-01-000007", "I2023-000004", "I2023-000003"]),
            ("onderwerp", ["D2022-11-000099", "I2023-000002", "I2022-000001", "I2023-000005"]),
            // É comes after every letter of ASCII, and a lower-case letter after every capital.
            ("-onderwerp", ["I2023-000004", "I2023-000003", "I2023-000001", "D2023-01-000007"]),
            ("correspondent", ["I2023-000001", "I2023-000002", "I2023-000005", "D2023-02-002694"]),
            ("-correspondent", ["I2023-000003", "I2022-000001", "D2023-02-002694", "I2023-000005"]),
        ] {
            assert_eq!(first(word), expected, "{word}");
            assert_eq!(shelf.ids(&["list", "--orde", word]).len(), 10);
        }
    }
}

#[test]
fn json_has_the_fields_of_the_contract() {
    for shelf in Shelf::each_filled() {
        let received = json!({
            "id": "I2022-000001", "richting": "in", "soort": "advies", "kenmerk": null, "zaaknummer": "2023-003015",
            "datum": "2022-12-01", "ontvangen": "2022-12-02", "verzonden": null,
            "onderwerp": "Briefadvies 'Meer aandacht voor sociale innovatie'", "correspondent": "SER Overijssel",
            "behandelaar": "Jan de Boer", "status": "beantwoord", "uw_kenmerk": "SER-22/114", "uw_brief": "2022-12-01",
            "termijn": "2023-02-23", "in_reactie_op": [], "beantwoord_door": ["D2023-02-002694"],
        });
        let case = ["list", "--zaaknummer", "2023-003015", "--orde", "-id", "--json"];
        let listed = shelf.run(&case).exits(0).json();
        assert_eq!(listed[0], received);
        let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&listed[0]), keys(&received));
        assert_eq!(
            (&listed[1]["kenmerk"], &listed[1]["in_reactie_op"], &listed[1]["beantwoord_door"]),
            (&json!("D2023-02-002694"), &json!(["I2022-000001"]), &json!([]))
        );
        assert_eq!(shelf.run(&["search", "SER-22/114", "--json"]).exits(0).json(), json!([received]));

        let mut shown = shelf.run(&["show", "I2022-000001", "--json"]).exits(0).json();
        let events = shelf.read(|tx| Event::all(tx, "I2022-000001"));
        let hash = |at: usize| events[at].hash.as_str();
        assert!(events.iter().all(|event| event.hash.len() == 64) && hash(0) != hash(1));
        let moment = "2023-02-21T11:00:00Z";
        let event = |what: &str, at: usize, details: Json| json!({ "tijdstip": moment, "wie": "Anna", "wat": what, "hash": hash(at), "bijzonderheden": details });
        assert_eq!(
            shown["gebeurtenissen"],
            json!([
                event("ontvangen", 0, json!({ "onderwerp": received["onderwerp"] })),
                event("beantwoord", 1, json!({ "was": "open", "door": "D2023-02-002694" })),
            ])
        );
        let digest = postkamer::register::files::sha256(b"%PDF-1.7");
        assert_eq!(
            shown["bestanden"],
            json!([{
                "naam": "advies één.pdf", "algoritme": "sha256", "digest": digest, "omvang": 8,
                "pad": "inkomend/2022/I2022-000001.pdf", "versie": 1, "soort": "brief",
            }])
        );
        for added in ["gebeurtenissen", "bestanden"] {
            shown.as_object_mut().unwrap().shift_remove(added);
        }
        assert_eq!(shown, received);
    }
}

#[test]
fn a_letter_that_is_not_there_is_refused_with_the_way_out() {
    for shelf in Shelf::each_filled() {
        let run = shelf.run(&["show", "I2099-000001"]).exits(1);
        assert!(run.err.contains("[id-unknown]") && run.err.contains("register search"), "{}", run.err);
        assert_eq!(shelf.run(&["show", "x' OR '1'='1", "--json"]).exits(1).json()["fouten"][0]["code"], "id-unknown");
    }
}

#[test]
fn people_get_a_table() {
    let shelf = Shelf::filled();
    let table = shelf.run(&["list"]).exits(0);
    insta::assert_snapshot!(table.out, @r"
    nummer           ontv./datum  in/uit  status        termijn     behandelaar  correspondent    onderwerp
    D2023-02-002695  2023-02-21   uit     gereserveerd                                            Uitnodiging
    D2023-02-002694  2023-02-21   uit     verzonden                 Jan de Boer  SER Overijssel   Reactie op briefadvies
    I2023-000003     2023-02-20   in      open          2023-03-03               gemeente zwolle  digitalisering
    I2023-000005     2023-02-01   in      afgedaan                               J. 100%_zeker    Dank
    D2023-01-000007  2023-01-31   uit     vervallen                                               Vergissing
    I2023-000002     2023-01-10   in      open          2023-02-21               Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000001     2023-01-10   in      open          2023-02-20  Ève          Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2022-000001     2022-12-02   in      beantwoord                Jan de Boer  SER Overijssel   Briefadvies 'Meer aandacht voor sociale innovatie'
    D2022-11-000099  2022-11-30   uit     ingetrokken                                             Aanbod
    I2023-000004     2021-05-05   in      open                                                    Éénmalige subsidie
    ");
    assert_eq!(table.err, "");
    insta::assert_snapshot!(shelf.run(&["list", "--taal", "en", "--richting", "uit"]).exits(0).out, @r"
    number           rec'd/dated  in/out  status        handler      correspondent   subject
    D2023-02-002695  2023-02-21   uit     gereserveerd                               Uitnodiging
    D2023-02-002694  2023-02-21   uit     verzonden     Jan de Boer  SER Overijssel  Reactie op briefadvies
    D2023-01-000007  2023-01-31   uit     vervallen                                  Vergissing
    D2022-11-000099  2022-11-30   uit     ingetrokken                                Aanbod
    ");
}

#[test]
fn people_get_colours_when_they_want_them() {
    let shelf = Shelf::filled();
    let plain = shelf.run(&["list"]).exits(0).out;
    assert!(!plain.contains('\u{1b}'));
    let coloured = shelf.run(&["list", "--color", "always"]).exits(0).out;
    insta::assert_snapshot!(coloured.replace('\u{1b}', "␛"), @r"
    ␛[1mnummer␛[0m           ␛[1montv./datum␛[0m  ␛[1min/uit␛[0m  ␛[1mstatus␛[0m        ␛[1mtermijn␛[0m     ␛[1mbehandelaar␛[0m  ␛[1mcorrespondent␛[0m    ␛[1monderwerp␛[0m
    D2023-02-002695  2023-02-21   uit     gereserveerd                                            Uitnodiging
    D2023-02-002694  2023-02-21   uit     ␛[32mverzonden␛[0m                 Jan de Boer  SER Overijssel   Reactie op briefadvies
    I2023-000003     2023-02-20   in      ␛[33mopen␛[0m          2023-03-03               gemeente zwolle  digitalisering
    I2023-000005     2023-02-01   in      afgedaan                               J. 100%_zeker    Dank
    D2023-01-000007  2023-01-31   uit     ␛[2mvervallen␛[0m                                               Vergissing
    I2023-000002     2023-01-10   in      ␛[33mopen␛[0m          2023-02-21               Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000001     2023-01-10   in      ␛[31mopen␛[0m          ␛[31m2023-02-20␛[0m  Ève          Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2022-000001     2022-12-02   in      ␛[32mbeantwoord␛[0m                Jan de Boer  SER Overijssel   Briefadvies 'Meer aandacht voor sociale innovatie'
    D2022-11-000099  2022-11-30   uit     ␛[2mingetrokken␛[0m                                             Aanbod
    I2023-000004     2021-05-05   in      ␛[33mopen␛[0m                                                    Éénmalige subsidie
    ");
    let asked = |arguments: &[&str], environment: &[(&str, &str)]| shelf.run_with(arguments, environment).exits(0).out;
    // What is asked for in so many words goes before the environment, as it does for messages.
    assert_eq!(asked(&["list", "--color", "always"], &[("NO_COLOR", "1")]), coloured);
    assert_eq!(asked(&["list", "--color", "never"], &[("CLICOLOR_FORCE", "1")]), plain);
    assert_eq!(asked(&["list"], &[("CLICOLOR_FORCE", "1")]), coloured);
    assert_eq!(asked(&["list"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
}

#[test]
fn what_is_due_is_listed_by_term() {
    let shelf = Shelf::filled();
    assert_eq!(shelf.ids(&["due"]), ["I2023-000001", "I2023-000002"]);
    assert_eq!(shelf.ids(&["due", "--within", "9"]), ["I2023-000001", "I2023-000002"]);
    assert_eq!(shelf.ids(&["due", "--within", "10"]), ["I2023-000001", "I2023-000002", "I2023-000003"]);
    insta::assert_snapshot!(shelf.run(&["due", "--within", "10"]).exits(0).out, @r"
    nummer        termijn     dagen      behandelaar  correspondent    onderwerp
    I2023-000001  2023-02-20  1 te laat  Ève          Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2023-000002  2023-02-21  vandaag                 Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000003  2023-03-03  nog 10                  gemeente zwolle  digitalisering
    ");
    let english = shelf.run(&["due", "--within", "10", "--taal", "en", "--color", "always"]).exits(0).out;
    insta::assert_snapshot!(english.replace('\u{1b}', "␛"), @r"
    ␛[1mnumber␛[0m        ␛[1mdeadline␛[0m    ␛[1mdays␛[0m     ␛[1mhandler␛[0m  ␛[1mcorrespondent␛[0m    ␛[1msubject␛[0m
    ␛[31mI2023-000001␛[0m  ␛[31m2023-02-20␛[0m  ␛[31m1 late␛[0m   Ève      Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2023-000002  2023-02-21  ␛[33mtoday␛[0m             Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000003  2023-03-03  10 left           gemeente zwolle  digitalisering
    ");
    // The day after the last term, all three are late; before the first, nothing is due.
    let on = |epoch: &str, within: &str| {
        let run = shelf.run_with(&["due", "--json", "--within", within], &[("SOURCE_DATE_EPOCH", epoch)]);
        run.exits(0).json().as_array().unwrap().len()
    };
    assert_eq!((on("1677870000", "0"), on("1674298800", "0"), on("1674298800", "36500")), (3, 0, 3));
}

#[test]
fn wrong_usage_and_a_backward_period_are_told_apart() {
    let shelf = Shelf::filled();
    for wrong in [
        &["list", "--status", "zoek"][..],
        &["list", "--richting", "op"],
        &["list", "--orde", "kleur"],
        &["list", "--orde", "--datum"],
        &["list", "--jaar", "nu"],
        &["list", "--jaar", "0"],
        &["list", "--jaar", "26"],
        &["list", "--van", "2023-02-30"],
        &["list", "--tot", "gisteren"],
        &["list", "--limit", "0"],
        &["list", "--limit", "-1"],
        &["due", "--within", "-1"],
        &["due", "--within", "36501"],
        &["search"],
        &["show"],
    ] {
        assert_eq!(shelf.run(wrong).exits(2).out, "", "{wrong:?}");
    }
    let run = shelf.run(&["list", "--van", "1 mei", "--tot", "31-2-2023"]).exits(2);
    for part in ["[day-form]", "‘--van’", "1 mei", "‘--tot’", "31-2-2023", "2026-12-23"] {
        assert!(run.err.contains(part), "{part} is not in {}", run.err);
    }
    let backward = ["list", "--van", "2023-02-02", "--tot", "2023-02-01"];
    let run = shelf.run(&backward).exits(1);
    assert!(run.err.contains("[list-period]") && run.err.contains("--tot"), "{}", run.err);
}
