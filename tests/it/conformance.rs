//! Every PDF conforms to PDF/A-2a and PDF/UA-1, says what it is, and has the structure of a letter.

use postkamer::template::view::Numbering;
use serde_json::Value as Json;

use crate::outside::{Pile, name_of, run, script};
use crate::paper::{Desk, given};
use crate::support::example_letters;

/// Everything that Markdown can say in a body.
const EVERYTHING: &str = "\
Een alinea met *nadruk*, **vet**, `code`, [een koppeling](https://example.nl/a?b=c) en een noot.[^1] Nog een verwijzing.[^1]

# Eerste kop

> 1.1 Doe iets.
>
> Gewoon citaat.

## Tweede kop

1. een
   1. een een

      met een alinea
2. twee
   - punt
     - dieper

### Derde kop

| Links | Rechts |
|:------|-------:|
| a | 1 |
| b[^2] | |

#### Vierde kop

![Twee groepen](figuren/koplopers-en-peloton.svg \"Bijschrift\")

Tekst met ![een plaatje](figuren/koplopers-en-peloton.svg) erin.

```
code
  in een blok
```

---

# Laatste kop

Slot.

[^1]: Noot met *nadruk* en [koppeling](mailto:a@example.nl).
[^2]: Noot in een tabel.
";

fn letter(template: &str, more: &str, addressee: &str) -> String {
    let front = format!("sjabloon = '{template}'\nonderwerp = 'Alles wat kan'\nzaaknummer = '2023-000001'\n{more}");
    let front = front + "inlichtingen_bij = 'bom'\nverzonden_aan = ['a@example.nl']\nkopie_aan = ['b']\n";
    format!("+++\n{front}[ontvanger]\norganisatie = 'Gemeente Zwolle'\n{addressee}+++\n\n{EVERYTHING}")
}

const ADDRESS: &str = "straat = 'Grote Kerkplein'\nhuisnummer = '15'\npostcode = '8011 PK'\nplaats = 'Zwolle'\n";

const FOUR: &str = "
[ondertekening.vier]
namens = 'Gedeputeerde Staten'
ondertekenaars = [{ naam = 'A' }, { rol = 'secretaris', naam = 'B' }, { naam = 'C' }, { rol = 'lid', naam = 'D' }]
";

/// The example letters, and letters that are as different as letters can be.
pub fn pile() -> Pile {
    let mut pile = Pile::new();
    let desk = Desk::changed(|files| {
        files.write("postkamer.toml", files.read("postkamer.toml") + FOUR);
        let manifest = include_str!("../../templates/gs-brief/sjabloon.toml");
        let right = manifest.replace("kant = \"links\"", "kant = \"rechts\"").replace("\"35mm\"", "\"120mm\"");
        assert_ne!(manifest, right);
        files.write("templates/rechts/sjabloon.toml", right);
        let template = include_str!("../../templates/gs-brief/brief.typ.hbs");
        files.write("templates/rechts/brief.typ.hbs", template);
    });
    for letter in example_letters() {
        let name = letter.replace(['/', '.'], "-");
        pile.add(&name, &desk.pdf_of(&letter, given()).expect("an example is in order"));
    }
    pile.add("concept", &desk.pdf_of("letters/reactie-sociale-innovatie.md", Numbering::Draft).expect("a draft"));
    for taal in ["nl", "en", "de"] {
        for template in ["gs-brief", "gs-brief-2022", "ser-brief"] {
            let more = format!("taal = '{taal}'\nondertekening = 'gs'\n");
            let pdf = desk.pdf(&letter(template, &more, ADDRESS)).expect("a letter in order");
            pile.add(&format!("{template}-{taal}"), &pdf);
        }
    }
    for (name, template, closing, addressee) in [
        ("right", "rechts", "gs", ADDRESS),
        ("four", "gs-brief", "vier", ADDRESS),
        ("without-address", "gs-brief", "gs", ""),
        ("by-email", "gs-brief-2022", "gs-2022", "email = 'x@example.nl'\nachternaam = 'Jansen'\n"),
    ] {
        let text = letter(template, &format!("ondertekening = '{closing}'\n"), addressee);
        pile.add(name, &desk.pdf(&text).unwrap_or_else(|error| panic!("{name}: {error:?}")));
    }
    pile
}

#[test]
fn pdfs_conform_and_have_the_structure_of_a_letter() {
    let pile = pile();
    for file in &pile.files {
        let bytes = std::fs::read(file).expect("it is there");
        assert!(bytes.ends_with(b"%%EOF\n"), "{}", name_of(file));
        run("qpdf", &["--check", "--no-warn"], std::slice::from_ref(file));
    }
    for flavour in ["2a", "ua1"] {
        if let Some(report) = run("verapdf", &["--format", "text", "-v", "-f", flavour], &pile.files) {
            let passed = report.lines().filter(|line| line.starts_with("PASS ")).count();
            assert_eq!(passed, pile.files.len(), "{flavour}: {report}");
        }
    }
    for file in &pile.files {
        let Some(read) = run("pdfinfo", &["-struct-text"], std::slice::from_ref(file)) else { break };
        // What stands above every page is no part of the letter.
        assert!(read.contains("Alles wat kan") || name_of(file) == "concept" || name_of(file).starts_with("letters"));
        for artifact in ["Pagina 2", "Page 2", "Seite 2", "\"CONCEPT\"\n \"CONCEPT\""] {
            assert!(!read.contains(artifact), "{}: {artifact} in {read}", name_of(file));
        }
    }
    let Some(reports) = script("accessible.py", &[], &pile.files) else { return };
    for (file, report) in pile.files.iter().zip(reports.as_array().expect("a list")) {
        check_structure(&name_of(file), report);
    }
}

fn check_structure(name: &str, report: &Json) {
    for standard in ["ua1", "a2a"] {
        assert_eq!(report[standard], Json::Array(Vec::new()), "{name}: {standard}");
    }
    let text = |value: &Json| value.as_str().unwrap_or_default().to_string();
    let language = ["en", "de"].into_iter().find(|language| name.ends_with(&format!("-{language}"))).unwrap_or("nl");
    let language = if name.contains("invitation") { "en" } else { language };
    assert_eq!(report["language"], language, "{name}");
    assert_eq!(report["shows_title"], "true", "{name}");
    let (info, xmp) = (&report["info"], text(&report["xmp"]));
    for (key, tag) in [("title", "dc:title"), ("author", "dc:creator")] {
        let value = text(&info[key]);
        assert!(!value.is_empty() && xmp.contains(tag) && xmp.contains(&value), "{name}: {key} {value}\n{xmp}");
    }
    assert!(xmp.contains(&format!("<rdf:li>{language}</rdf:li>")), "{name}: {xmp}");
    let day = text(&info["creationDate"]);
    let day = format!("{}-{}-{}", &day[2..6], &day[6..8], &day[8..10]);
    assert!(xmp.contains(&format!("<xmp:CreateDate>{day}T")), "{name}: {day} {xmp}");

    let elements = report["elements"].as_array().expect("a list");
    let roles: Vec<&str> = elements.iter().filter_map(|element| element["role"].as_str()).collect();
    assert_eq!(roles[0], "Document", "{name}");
    let levels = roles.iter().filter_map(|role| role.strip_prefix('H').and_then(|level| level.parse::<usize>().ok()));
    let mut last = 0;
    for level in levels.clone() {
        assert!(level <= last + 1, "{name}: H{level} after H{last}");
        last = level;
    }
    assert_eq!(report["outline"].as_array().map(Vec::len), Some(levels.count()), "{name}: {}", report["outline"]);
    let tables = roles.iter().filter(|role| **role == "Table").count();
    assert!(
        roles.iter().filter(|role| **role == "THead").count() == tables && roles.contains(&"TH") == (tables > 0),
        "{name}: {roles:?}"
    );
    for figure in elements.iter().filter(|element| element["role"] == "Figure") {
        assert!(figure["alt"].as_str().is_some_and(|alt| alt.len() > 5), "{name}: a figure without alternative text");
    }
    if !name.starts_with("letters") && name != "concept" {
        let expected =
            ["H4", "TH", "TD", "BlockQuote", "L", "LI", "Lbl", "LBody", "Note", "Link", "Figure", "Caption", "Code"];
        for role in expected {
            assert!(roles.contains(&role), "{name}: no {role} in {roles:?}");
        }
    }
}

#[test]
fn what_is_not_on_the_page_is_text_as_well() {
    let desk = Desk::new();
    let nasty = "#sys (a) \\) <b> &amp; ] é שלום \"' *_`$@~";
    let body = format!(
        "[x](https://example.nl/{{{{rij.v}}}})\n\n# Kop {{{{rij.v}}}}\n\n![over {{{{rij.v}}}}]({})\n",
        "figuren/koplopers-en-peloton.svg"
    );
    let text = letter("ser-brief", "ondertekening = 'ser'\n", ADDRESS).replace("Alles wat kan", "XX");
    let text = text.replace("'XX'", &crate::paper::toml(nasty)).replace(EVERYTHING, &body);
    let text = text.replace("\n+++\n\n", &format!("\n[rij]\nv = {}\n+++\n\n", crate::paper::toml(nasty)));
    let mut pile = Pile::new();
    pile.add("nasty", &desk.pdf(&text).expect("it is set"));
    let Some(report) = script("accessible.py", &[], &pile.files) else { return };
    let report = &report[0];
    assert_eq!(report["info"]["title"], nasty);
    assert_eq!(report["outline"][0][1], format!("Kop {nasty}"));
    let figure = report["elements"].as_array().and_then(|all| all.iter().find(|element| element["role"] == "Figure"));
    assert_eq!(figure.map(|figure| &figure["alt"]), Some(&Json::from(format!("over {nasty}"))));
    let link =
        report["links"].as_array().and_then(|all| all.iter().find_map(|link| link.as_str()?.split_once("example.nl/")));
    let encoded = "#sys%20(a)%20%5C)%20%3Cb%3E%20&amp;%20]%20%C3%A9%20%D7%A9%D7%9C%D7%95%D7%9D%20%22'%20*_%60$@~";
    assert_eq!(link.map(|link| link.1), Some(encoded));
}
