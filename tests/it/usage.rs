//! Help and wrong usage, in the language of the reader.

use crate::support::Workspace;

/// A text on one line: where clap breaks it depends on the longest option.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn help_is_in_the_readers_language() {
    let workspace = Workspace::new();
    let dutch = workspace.run(&["mail", "run", "--help"]).exits(0);
    assert_eq!(dutch.err, "");
    let begin = "Een brief aan elke rij van een tabel maken en vaststellen; opnieuw gestart gaat de mailing verder
waar ze was

Gebruik: postkamer mail run [OPTIES] --recipients <TABEL> --name <NAAM> <BRIEF>

Argumenten:
  <BRIEF>  Het briefbestand

Opties:
      --recipients <TABEL>  De tabel met ontvangers: .csv, .xlsx of .ods, een rij per ontvanger
";
    assert!(dutch.out.starts_with(begin), "{}", dutch.out);
    for part in ["[standaard:", "[mogelijk: tabel, postcode]", "--workspace <MAP>", "-h, --help "] {
        assert!(line(&dutch.out).contains(part), "{part} is not in\n{}", dutch.out);
    }
    for part in ["Usage", "Options", "OPTIONS", "Arguments", "default:", "possible", "Print help"] {
        assert!(!line(&dutch.out).contains(part), "{part} is in\n{}", dutch.out);
    }
    let english = workspace.run(&["mail", "run", "--help", "--taal", "en"]).exits(0);
    let begin = "Make and register a letter to every row of a table; run again, go on where it was

Usage: postkamer mail run [OPTIONS] --recipients <TABLE> --name <NAME> <LETTER>

Arguments:
  <LETTER>  The letter file

Options:
";
    assert!(english.out.starts_with(begin), "{}", english.out);
    assert!(line(&english.out).contains("[possible values: tabel, postcode]"), "{}", english.out);
}

#[test]
fn the_locale_decides_and_taal_overrides_it() {
    let workspace = Workspace::new();
    let usage = |arguments: &[&str], environment: &[(&str, &str)]| {
        let run = workspace.run_with(arguments, environment).exits(0);
        match (run.out.contains("\nGebruik: postkamer"), run.out.contains("\nUsage: postkamer")) {
            (true, false) => "nl",
            (false, true) => "en",
            _ => panic!("{}", run.out),
        }
    };
    assert_eq!(usage(&["--help"], &[]), "nl");
    assert_eq!(usage(&["--help"], &[("LANG", "en_GB.UTF-8")]), "en");
    assert_eq!(usage(&["--help"], &[("LC_ALL", "C")]), "en");
    assert_eq!(usage(&["--taal", "nl", "check", "--help"], &[("LANG", "C")]), "nl");
    assert_eq!(usage(&["check", "--taal=en", "-h"], &[]), "en");
    for arguments in [&["help"][..], &["help", "mail"], &["help", "register", "report"], &["help", "help"]] {
        assert_eq!(usage(arguments, &[]), "nl", "{arguments:?}");
    }
    let version = workspace.run(&["--version"]).exits(0);
    assert!(version.out.starts_with("postkamer "), "{}", version.out);
}

#[test]
fn values_are_described_in_dutch_too() {
    let workspace = Workspace::new();
    let long = workspace.run(&["user", "add", "--help"]).exits(0).out;
    assert!(long.contains("Mogelijk:\n") && long.contains("- lezen: Alles zien\n"), "{long}");
    let long = line(&long);
    assert!(long.contains("[standaard: schrijven]") && long.contains("Hulp tonen (korter met -h)"), "{long}");
    let short = line(&workspace.run(&["user", "add", "-h"]).exits(0).out);
    assert!(short.contains("[mogelijk: lezen, schrijven, beheren]"), "{short}");
    assert!(short.contains("Hulp tonen (meer met --help)"), "{short}");
}

#[test]
fn what_people_should_not_use_is_not_shown() {
    let workspace = Workspace::new();
    for arguments in [&["--help"][..], &["mail", "--help"], &["issue", "--help"], &["help", "help"]] {
        let help = workspace.run(arguments).exits(0).out;
        for hidden in ["  press", "  worker", "  print ", "  table", "--digest"] {
            assert!(!help.contains(hidden), "{arguments:?} shows {hidden}:\n{help}");
        }
    }
    // Nor is it advised.
    for arguments in [&["--taal", "nl"][..], &["pres"], &["mail", "--quiet"], &["mail", "workr"], &["issue", "--diges"]]
    {
        let said = workspace.run(arguments).exits(2).err;
        assert!(said.contains("\nVoor hulp: postkamer") || said.contains("\nOpdrachten:"), "{said}");
        for hidden in ["press", "worker", "‘--digest’"] {
            assert!(!said.contains(hidden), "{arguments:?} advises {hidden}:\n{said}");
        }
    }
}

#[test]
fn without_a_command_the_help_is_shown_as_an_error() {
    let workspace = Workspace::new();
    for (arguments, begin) in [
        (&[][..], "Brieven van Nederlandse overheden"),
        (&["mail"], "Mailings: "),
        (&["register", "report"], "Wat een jaar"),
    ] {
        let run = workspace.run(arguments).exits(2);
        assert_eq!(run.out, "");
        assert!(run.err.starts_with(begin) && run.err.contains("\nOpdrachten:\n"), "{}", run.err);
    }
}

#[test]
fn wrong_usage_is_told_in_dutch() {
    let workspace = Workspace::new();
    let usage = "Gebruik: postkamer mail run --recipients <TABEL> --name <NAAM> <BRIEF>";
    let run_help = "Voor hulp: postkamer mail run --help";
    let cases: [(&[&str], String); 17] = [
        (
            &["register", "list", "--jaar", "nu"],
            "fout: ‘nu’ kan niet bij ‘--jaar <JAAR>’: geef een heel getal\n\n\
             Voor hulp: postkamer register list --help\n"
                .into(),
        ),
        (
            &["register", "--jaar", "2023", "list"],
            "fout: ‘--jaar’ is hier geen optie\n\n  hulp: ‘list --jaar’ is er wel\n\n\
             Gebruik: postkamer register [OPTIES] <OPDRACHT>\n\nVoor hulp: postkamer register list --help\n"
                .into(),
        ),
        (
            &["mail", "run", "x"],
            format!("fout: hier ontbreekt nog:\n  --recipients <TABEL>\n  --name <NAAM>\n\n{usage}\n\n{run_help}\n"),
        ),
        (
            &["mail", "run", "x", "--recipient", "y"],
            format!(
                "fout: ‘--recipient’ is hier geen optie\n\n  hulp: bedoelde u ‘--recipients’?\n\n{usage}\n\n{run_help}\n"
            ),
        ),
        (
            &["regster"],
            "fout: er is hier geen opdracht ‘regster’\n\n  hulp: bedoelde u ‘render’ of ‘register’?\n\n\
             Gebruik: postkamer [OPTIES] <OPDRACHT>\n\nVoor hulp: postkamer --help\n"
                .into(),
        ),
        (
            &["render", "a", "--format", "pdg"],
            "fout: ‘pdg’ kan niet bij ‘--format <VORM>’\n  [mogelijk: pdf, png, svg, typ]\n\n  \
             hulp: bedoelde u ‘png’?\n\nVoor hulp: postkamer render --help\n"
                .into(),
        ),
        (
            &["mail", "run", "x", "--jobs", "900"],
            format!("fout: ‘900’ kan niet bij ‘--jobs <AANTAL>’: geef een getal van 1 tot en met 256\n\n{run_help}\n"),
        ),
        (
            &["mail", "run", "x", "--jobs", "veel"],
            format!("fout: ‘veel’ kan niet bij ‘--jobs <AANTAL>’: geef een heel getal\n\n{run_help}\n"),
        ),
        (
            &["register", "list", "--limit", "0"],
            "fout: ‘0’ kan niet bij ‘--limit <AANTAL>’: geef een getal vanaf 1\n\n\
             Voor hulp: postkamer register list --help\n"
                .into(),
        ),
        (
            &["serve", "--listen", "hier"],
            "fout: ‘hier’ kan niet bij ‘--listen <ADRES>’: geef een IP-adres en een poort, zoals 127.0.0.1:7878\n\n\
             Voor hulp: postkamer serve --help\n"
                .into(),
        ),
        (
            &["render", "a", "b"],
            "fout: ‘b’ hoort hier niet\n\nGebruik: postkamer render [OPTIES] <BRIEF>\n\n\
             Voor hulp: postkamer render --help\n"
                .into(),
        ),
        (
            &["check", "--taal"],
            "fout: bij ‘--taal <TAAL>’ hoort een waarde\n  [mogelijk: nl, en]\n\nVoor hulp: postkamer check --help\n"
                .into(),
        ),
        (
            &["check", "--taal", "nl", "--taal", "nl"],
            "fout: ‘--taal <TAAL>’ kan maar één keer\n\nGebruik: postkamer check [OPTIES] [BRIEVEN]...\n\n\
             Voor hulp: postkamer check --help\n"
                .into(),
        ),
        (
            &["render", "--json=x", "a"],
            "fout: bij ‘--json’ hoort geen waarde, zoals ‘x’\n\nGebruik: postkamer render --json <BRIEF>\n\n\
             Voor hulp: postkamer render --help\n"
                .into(),
        ),
        (
            &["template", "--", "list"],
            "fout: ‘list’ hoort hier niet\n\n  hulp: er is wel een opdracht ‘list’; haal de -- ervoor weg\n\n\
             Gebruik: postkamer template [OPTIES] <OPDRACHT>\n\nVoor hulp: postkamer template --help\n"
                .into(),
        ),
        (
            &["check", "--onzin"],
            "fout: ‘--onzin’ is hier geen optie\n\n  hulp: is ‘--onzin’ geen optie, schrijf dan ‘-- --onzin’\n\n\
             Gebruik: postkamer check [OPTIES] [BRIEVEN]...\n\nVoor hulp: postkamer check --help\n"
                .into(),
        ),
        (
            &["help", "onzin"],
            "fout: er is hier geen opdracht ‘onzin’\n\nGebruik: postkamer [OPTIES] <OPDRACHT>\n\n\
             Voor hulp: postkamer --help\n"
                .into(),
        ),
    ];
    for (arguments, said) in cases {
        let run = workspace.run(arguments).exits(2);
        assert_eq!((run.out.as_str(), run.err), ("", said), "{arguments:?}");
    }
}

#[test]
fn wrong_usage_is_told_in_english_to_who_reads_that() {
    let workspace = Workspace::new();
    let run = workspace.run(&["mail", "run", "x", "--recipient", "y", "--taal", "en"]).exits(2);
    assert_eq!(run.out, "");
    assert!(run.err.starts_with("error: unexpected argument '--recipient' found\n"), "{}", run.err);
    assert!(run.err.contains("a similar argument exists: '--recipients'"), "{}", run.err);
    let run = workspace.run_with(&["mail", "run", "x"], &[("LANG", "C.UTF-8")]).exits(2);
    assert!(run.err.starts_with("error: the following required arguments were not provided:\n"), "{}", run.err);
}

#[test]
fn what_is_wrong_with_a_line_cannot_steer_a_terminal() {
    let workspace = Workspace::new();
    let run = workspace.run_with(&["on\u{1b}]0;zin"], &[("CLICOLOR_FORCE", "1")]).exits(2);
    assert!(!run.err.contains("\u{1b}]") && run.err.contains("on]0;zin"), "{:?}", run.err);
    assert!(run.err.contains("\u{1b}[33m"), "{:?}", run.err);
}
