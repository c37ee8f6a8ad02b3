//! What one archived version holds, and that the letter can be made from it again.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use postkamer::archive::contents::{FILE_ENDING, Letter, contents};
use postkamer::archive::mdto::letter::About;
use postkamer::archive::source::{self, Made};
use postkamer::archive::stage::Content;
use postkamer::draft::{Draft, MAIN};
use postkamer::error::Error;
use postkamer::letter::answered::Answered;
use postkamer::register::chain::Head;
use postkamer::template::view::Numbering;
use postkamer::workspace::bytes::Bytes;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{assert_conform, issued, moment, received};
use crate::paper::{Desk, KENMERK, day};
use crate::support::example_letters;

const CASE: &str = "2023-003015";

fn head() -> Head {
    Head { seq: 7, hash: "ab".repeat(32) }
}

/// What the register knows of the letter that is answered.
fn known() -> Answered {
    Answered { reference: Some("SER/7".into()), dated: Some(day()), ..Answered::default() }
}

/// A PDF, its enclosures, and what it was made from.
type Issued = (Bytes, Vec<(String, Bytes)>, Vec<Content>);

/// Issues a letter of the desk in memory: its PDF, and what that was made from.
fn made(desk: &Desk, letter: &str, answered: Option<Answered>) -> Issued {
    let lookup = |_: &str| Ok(answered.clone());
    let draft = Draft::read(&desk.workspace, &desk.press, &desk.files.path(letter), &lookup).expect("it is read");
    let numbering = Numbering::Given { reference: KENMERK, case: Some(CASE) };
    let composed = draft.compose(&desk.workspace, &draft.letter, day(), numbering, MAIN).expect("it is composed");
    let page = composed.lay_out(&desk.press, MAIN).expect("it is laid out");
    let pdf = composed.pdf(&desk.workspace, &desk.press, &page).expect("it is exported");
    let enclosed = draft.letter.enclosures().0.into_iter().map(|path| {
        let bytes = std::fs::read(draft.folder().join(path)).expect("the enclosure is there");
        (path.rsplit('/').next().unwrap_or(path).to_string(), bytes.into())
    });
    let enclosures: Vec<_> = enclosed.collect();
    let made = Made {
        workspace: &desk.workspace,
        draft: &draft,
        letter: &draft.letter,
        bundle: None,
        path: letter,
        files: &page.files,
        enclosures: &enclosures,
        reference: KENMERK,
        case: Some(CASE),
        day: day(),
    };
    let source = source::gather(&made, &lookup).expect("it is gathered");
    (pdf.into(), enclosures, source)
}

/// Writes contents to a folder of their own, and nothing else.
fn extracted(contents: &[Content]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for content in contents {
        let path = folder.path().join(&content.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, &content.bytes).expect("it is written");
    }
    folder
}

fn paths(contents: &[Content]) -> Vec<&str> {
    contents.iter().map(|content| content.path.as_str()).collect()
}

fn bytes<'a>(contents: &'a [Content], path: &str) -> &'a [u8] {
    &contents.iter().find(|content| content.path == path).unwrap_or_else(|| panic!("{path} is not there")).bytes
}

fn sidecars(folder: &Path, contents: &[Content]) -> Vec<PathBuf> {
    let named = contents.iter().filter(|content| content.path.ends_with(".MDTO.xml"));
    named.map(|content| folder.join(&content.path)).collect()
}

fn version<'a>(about: &'a About, bytes: impl Into<Bytes>, head: &'a Head) -> Letter<'a> {
    Letter {
        about,
        name: "advies SER #1.pdf",
        bytes: bytes.into(),
        enclosures: &[],
        scan: None,
        source: &[],
        places: &[],
        signatures: None,
        head,
        moment: moment(),
    }
}

/// The letter that is made again from what lies in a folder.
fn typeset(folder: &Path) -> Result<Vec<u8>, Error> {
    source::typeset(folder, &std::env::temp_dir())
}

#[test]
fn every_letter_is_made_again_from_the_archive_alone() {
    let desk = Desk::new();
    for letter in example_letters() {
        let (pdf, _, source) = made(&desk, &letter, Some(known()));
        let folder = extracted(&source);
        let again = typeset(&folder.path().join(source::FOLDER)).unwrap_or_else(|error| panic!("{letter}: {error}"));
        assert!(*again == *pdf, "{letter}: {} bytes and {}", again.len(), pdf.len());
    }
}

/// Everything that a letter can be made with, the workspace's own: template, style, font, logo, image, enclosure.
const OWN: &str = "+++
sjabloon = 'eigen'
onderwerp = 'Over \"eigen\" middelen'
ondertekening = 'ser'
inlichtingen_bij = 'bom'
in_reactie_op = 'I2022-000123'
zaaknummer = 'nieuw'
bijlagen = ['bijlagen/nota & meer.md', '../nota & meer.md']
[ontvanger]
organisatie = 'Gemeente Zwolle'
+++

Tekst van {{datum}} en {{uw_kenmerk}}.

![Twee groepen](figuren/eigen.svg)
";

const SVG: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\"/></svg>";

fn own() -> Desk {
    Desk::changed(|files| {
        files.write("letters/dep/eigen.md", OWN);
        files.write("letters/dep/figuren/eigen.svg", SVG);
        files.write("letters/dep/bijlagen/nota & meer.md", "# Een");
        files.write("letters/nota & meer.md", "# Twee");
        files.write("letters/geheim.md", "niet van deze brief");
        let shipped =
            |path: &str| String::from_utf8(postkamer::assets::template(path).expect("it is there").into_owned());
        for file in ["brief.typ.hbs", "stijl.typ"] {
            let text = shipped(&format!("ser-brief/{file}")).expect("a text");
            files.write(&format!("templates/eigen/{file}"), text.replace("ser-brief", "eigen"));
        }
        let manifest = shipped("ser-brief/sjabloon.toml").expect("a text");
        files.write("templates/eigen/sjabloon.toml", format!("{manifest}\n[archief]\nselectielijst = \"11.1\"\n"));
        let shared = shipped("gedeeld/stijl.typ").expect("a text");
        files.write("templates/gedeeld/stijl.typ", format!("{shared}\n// van hier\n"));
        let font = postkamer::assets::fonts().remove(0);
        files.write("fonts/Eigen.ttf", font);
        files.write("logo/ons.svg", SVG);
        let toml = files.read("postkamer.toml");
        let toml = toml.replace(
            "naam = \"Provincie Overijssel\"",
            "naam = \"Provincie\"\nlogo = \"logo/ons.svg\"\nlogo_alt = \"Ons logo\"\nrsin = \"123456782\"",
        );
        let toml = toml.replace("sqlite:register.db", "postgres://jan:geheim@db/register");
        files.write(
            "postkamer.toml",
            toml.replace("[inlichtingen.bom]", "[inlichtingen.\"x.y\"]\nnaam = \"Dhr. X\"\n\n[inlichtingen.bom]"),
        );
    })
}

#[test]
fn what_is_the_workspaces_own_goes_along_and_nothing_else() {
    let desk = own();
    let (pdf, enclosures, source) = made(&desk, "letters/dep/eigen.md", Some(known()));
    let folder = extracted(&source);
    let again = typeset(&folder.path().join(source::FOLDER)).expect("it is made again");
    assert!(*again == *pdf, "{} bytes and {}", again.len(), pdf.len());
    let found = paths(&source);
    for there in [
        "letters/dep/eigen.md",
        "letters/dep/figuren/eigen.svg",
        "letters/dep/bijlagen/nota & meer.md",
        "letters/nota & meer.md",
        "templates/eigen/brief.typ.hbs",
        "templates/eigen/sjabloon.toml",
        "templates/eigen/stijl.typ",
        "templates/gedeeld/stijl.typ",
        "templates/gedeeld/brief.typ",
        "fonts/Eigen.ttf",
        "logo/ons.svg",
        "postkamer.toml",
        "gegevens.json",
    ] {
        assert!(found.contains(&format!("bron/{there}").as_str()), "{there}: {found:?}");
    }
    assert!(!found.iter().any(|path| path.contains("geheim") || path.contains("gs-brief")), "{found:?}");
    assert!(bytes(&source, "bron/templates/gedeeld/stijl.typ").ends_with(b"// van hier\n"));
    let settings = std::str::from_utf8(bytes(&source, "bron/postkamer.toml")).expect("a text");
    for hidden in
        ["geheim", "register", "postgres", "archief", "123456782", "Kuijper", "Dhr. X", "voorzitter\"\nnaam = \"A.P."]
    {
        assert!(!settings.contains(hidden), "{hidden}: {settings}");
    }
    assert!(settings.contains("M. Bom") && settings.contains("H. Webers"), "{settings}");
    let facts: Json = serde_json::from_slice(bytes(&source, "bron/gegevens.json")).expect("JSON");
    assert_eq!(
        (&facts["kenmerk"], &facts["zaaknummer"], &facts["dag"]),
        (&json!(KENMERK), &json!(CASE), &json!("2023-02-21"))
    );
    assert_eq!(facts["in_reactie_op"]["I2022-000123"]["uw_kenmerk"], "SER/7");
    assert_eq!(facts["lettertypen"]["DejaVuSans.ttf"].as_str().map(str::len), Some(64));
    // The same again, byte for byte, also after another letter was on the press.
    made(&desk, "letters/reactie-kennisvalorisatie.md", None);
    assert_eq!(made(&desk, "letters/dep/eigen.md", Some(known())), (pdf, enclosures, source));
}

#[test]
fn a_template_cannot_take_the_settings_or_the_register_along() {
    let desk = Desk::changed(|files| {
        files.write("register.db", "geheim register");
        let text = postkamer::assets::template("ser-brief/brief.typ.hbs").expect("it is there").into_owned();
        let text = String::from_utf8(text).expect("a text");
        let spy = "#let _ = read(\"/postkamer.toml\") + read(\"/register.db\") + read(\"/gewoon.txt\")\n";
        files.write("templates/ser-brief/brief.typ.hbs", format!("{spy}{text}"));
        files.write("gewoon.txt", "gewoon");
        let toml = files.read("postkamer.toml");
        files.write("postkamer.toml", format!("{toml}\n[vertrouwen]\nankers = [\"geheim.pem\"]\n"));
    });
    let letter = example_letters().into_iter().find(|letter| desk.files.read(letter).contains("ser-brief"));
    let (_, _, source) = made(&desk, &letter.expect("a letter with that template"), None);
    assert_eq!(bytes(&source, "bron/gewoon.txt"), b"gewoon");
    assert!(source.iter().all(|content| !content.path.contains("register.db")));
    assert!(!String::from_utf8_lossy(bytes(&source, "bron/postkamer.toml")).contains("geheim"));
}

#[test]
fn what_lies_there_and_is_no_source_is_refused() {
    let desk = Desk::new();
    let (_, _, source) = made(&desk, &example_letters()[0], None);
    let asked = Cell::new(0);
    for wrong in ["", "{}", "{\"formaat\": \"anders\"}", "nul"] {
        let folder = extracted(&source);
        let bron = folder.path().join(source::FOLDER);
        std::fs::write(bron.join("gegevens.json"), wrong).expect("it is written");
        let error = typeset(&bron).expect_err("it is refused");
        assert_eq!(error.exit_code(), 1, "{wrong}: {error}");
        asked.set(asked.get() + 1);
    }
    let folder = extracted(&source);
    let bron = folder.path().join(source::FOLDER);
    let facts = std::fs::read_to_string(bron.join("gegevens.json")).expect("it is there");
    std::fs::write(bron.join("gegevens.json"), facts.replace(&example_letters()[0], "../../etc/passwd"))
        .expect("written");
    assert_eq!(typeset(&bron).expect_err("it is refused").exit_code(), 1);
    assert_eq!(asked.get(), 4);
}

#[test]
fn an_issued_letter_has_its_files_each_with_metadata() {
    let (pdf, enclosures, source) = made(&own(), "letters/dep/eigen.md", Some(known()));
    assert_eq!(enclosures.len(), 2);
    let about = issued("2021/0266135", Some(CASE));
    let head = head();
    let whole = Letter { enclosures: &enclosures, source: &source, ..version(&about, &pdf, &head) };
    let found = contents(&whole).expect("it is complete");
    assert_eq!(bytes(&found, "brief.pdf"), &*pdf);
    assert!(paths(&found).is_sorted());
    assert_eq!(paths(&found).iter().filter(|path| path.starts_with("bron/")).count(), source.len());
    let register: Json = serde_json::from_slice(bytes(&found, "register.json")).expect("JSON");
    assert_eq!((&register["id"], &register["keten"]["nummer"]), (&json!("2021/0266135"), &json!(7)));
    assert_eq!(register["vertrouwelijkheid"], "openbaar");
    let folder = extracted(&found);
    let sidecars = sidecars(folder.path(), &found);
    assert_eq!(sidecars.len(), 2 + enclosures.len());
    assert!(sidecars.contains(&folder.path().join("2021-0266135.MDTO.xml")));
    assert_conform(&sidecars);
    let metadata = String::from_utf8_lossy(bytes(&found, "brief.pdf.bestand.MDTO.xml")).into_owned();
    assert!(metadata.contains(">fmt/476<") && metadata.contains(">2021/0266135/brief.pdf<"), "{metadata}");
    assert_eq!(found, contents(&whole).expect("the same again"));
}

#[test]
fn a_signed_version_has_its_verdict_and_a_scan_lies_beside() {
    let (about, head) = (issued(KENMERK, None), head());
    let verdict = json!([{ "ondertekenaar": "A.P. Heidema", "geldig": true }]);
    let signed = Letter { signatures: Some(&verdict), ..version(&about, b"%PDF-1.7 signed", &head) };
    let found = contents(&signed).expect("it is complete");
    assert_eq!(serde_json::from_slice::<Json>(bytes(&found, "handtekeningen.json")).expect("JSON"), verdict);
    let letter = String::from_utf8_lossy(bytes(&found, &format!("{KENMERK}.MDTO.xml"))).into_owned();
    assert!(letter.contains(">handtekeningen.json<") && letter.contains(">Ondertekening<"), "{letter}");
    let scanned = Letter { scan: Some(("png", b"\x89PNG\r\n\x1a\n".into())), ..version(&about, b"%PDF-1.7", &head) };
    let found = contents(&scanned).expect("it is complete");
    assert_eq!((bytes(&found, "brief.pdf"), bytes(&found, "scan.png")), (&b"%PDF-1.7"[..], &b"\x89PNG\r\n\x1a\n"[..]));
    let folder = extracted(&found);
    assert_conform(&sidecars(folder.path(), &found));
    assert!(String::from_utf8_lossy(bytes(&found, &format!("{KENMERK}.MDTO.xml"))).contains(">scan.png<"));
}

#[test]
fn a_letter_that_came_in_keeps_its_bytes_and_a_safe_name() {
    let (about, head) = (received("I2022-000123"), head());
    let found = contents(&version(&about, b"%PDF-1.4 x", &head)).expect("it is complete");
    assert_eq!(
        paths(&found),
        ["I2022-000123.MDTO.xml", "advies-SER--1.pdf", "advies-SER--1.pdf.bestand.MDTO.xml", "register.json"],
    );
    assert_eq!(bytes(&found, "advies-SER--1.pdf"), b"%PDF-1.4 x");
    for taken in
        ["register.json", "BRON", "Handtekeningen.JSON", "bijlagen", "I2022-000123.MDTO.xml", "..", "", "a/../b"]
    {
        let found = contents(&Letter { name: taken, ..version(&about, b"x", &head) }).expect("it is complete");
        let lower: std::collections::BTreeSet<_> = found.iter().map(|content| content.path.to_lowercase()).collect();
        assert_eq!((found.len(), lower.len()), (4, 4), "{taken}: {:?}", paths(&found));
        assert!(found.iter().any(|content| *content.bytes == *b"x"));
        assert!(found.iter().all(|content| !content.path.contains('/')), "{taken}: {:?}", paths(&found));
        let own = paths(&found).iter().filter(|path| path.ends_with(FILE_ENDING)).count();
        assert_eq!(own, 1, "{taken}");
    }
}

#[test]
fn enclosures_of_one_name_stay_apart() {
    let (about, head) = (issued(KENMERK, None), head());
    let enclosures = [
        ("Nota.pdf".to_string(), Bytes::from(b"1")),
        ("nota.pdf".into(), b"2".into()),
        ("nota.pdf.bestand.MDTO.xml".into(), b"3".into()),
    ];
    let found = contents(&Letter { enclosures: &enclosures, ..version(&about, b"x", &head) }).expect("it is complete");
    for (path, expected) in
        [("bijlagen/Nota.pdf", b"1"), ("bijlagen/nota-2.pdf", b"2"), ("bijlagen/nota.pdf.bestand.MDTO-2.xml", b"3")]
    {
        assert_eq!(bytes(&found, path), expected, "{path}");
    }
}

#[test]
fn no_number_is_taken_for_a_file() {
    let head = head();
    for id in ["brief.pdf.bestand", "brief.pdf", "register.json", &"é".repeat(150)] {
        let about = issued(id, None);
        let found = contents(&version(&about, b"x", &head)).expect("it is complete");
        let lower: std::collections::BTreeSet<_> = found.iter().map(|content| content.path.to_lowercase()).collect();
        assert_eq!((found.len(), lower.len()), (4, 4), "{id}: {:?}", paths(&found));
        assert!(found.iter().all(|content| content.path.len() <= 255));
    }
}

#[test]
fn what_is_known_of_a_letter_comes_from_template_settings_and_clerk() {
    use postkamer::archive::mdto::letter::Happened;
    use postkamer::archive::mdto::lists::EventKind;
    use postkamer::register::Clerk;
    use postkamer::workspace::retention::{Period, Retention};
    let desk = own();
    let draft = Draft::read(&desk.workspace, &desk.press, &desk.files.path("letters/dep/eigen.md"), &|_| Ok(None));
    let draft = draft.expect("it is read");
    let listed = issued(KENMERK, None).listed;
    let of = |own: &Retention| About::new(desk.workspace.settings(), own, listed.clone(), Some("nl"));
    // The settings of the workspace say P20Y, the template only its category.
    let about = of(&draft.template.manifest.archief);
    assert_eq!((about.organisation.as_str(), about.retention.bewaartermijn), ("Provincie", Period::parse("P20Y").ok()));
    assert_eq!(about.retention.selectielijst.as_deref(), Some("11.1"));
    let own = Retention { bewaartermijn: Period::parse("P5Y").ok(), ..Retention::default() };
    assert_eq!(of(&own).retention.bewaartermijn, Period::parse("P5Y").ok());
    let clerk = Clerk { name: "M. Bom", moment: moment(), day: day(), random: &|| [0; 16] };
    let happened = Happened::by(&clerk, EventKind::Issued);
    assert_eq!((happened.who.as_deref(), happened.kind), (Some("M. Bom"), EventKind::Issued));
}

#[test]
fn what_mdto_requires_is_required() {
    let mut about = issued(KENMERK, None);
    about.listed.entry.subject = " ".into();
    let error = contents(&version(&about, b"x", &head())).expect_err("it is refused");
    assert_eq!((error.exit_code(), error.to_string().as_str()), (1, "refused: mdto-missing"));
}
