//! Packing letters for an e-depot.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use postkamer::archive::export::{Packed, PackedFile, Source, Transfer, Verdicts, export};
use postkamer::error::{Error, Finding, Result};
use postkamer::register::files::sha256;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{assert_conform, issued, moment, received};
use crate::support::files_below;

/// An archive in memory.
#[derive(Default)]
struct Shelf {
    files: BTreeMap<(String, String), Vec<u8>>,
    faults: Vec<&'static str>,
    invalid: Vec<&'static str>,
    not_pdfa: bool,
    fails: bool,
}

impl Source for Shelf {
    fn read(&self, id: &str, logical: &str) -> Result<Vec<u8>> {
        if self.fails {
            return Err(Error::io("read", Path::new(logical), "gone"));
        }
        let bytes = self.files.get(&(id.to_string(), logical.to_string())).cloned();
        bytes.ok_or_else(|| Finding::error("export-digest").arg("id", id).arg("path", logical).into())
    }

    fn faults(&self, id: &str) -> Result<Vec<Finding>> {
        let finding = || Finding::error("export-digest").arg("id", id).arg("path", "inventory.json");
        Ok(self.faults.iter().filter(|faulty| **faulty == id).map(|_| finding()).collect())
    }

    fn judge(&self, id: &str, _: &str, bytes: &[u8]) -> Result<Verdicts> {
        let is_pdf = bytes.starts_with(b"%PDF").then_some(!self.not_pdfa);
        let signatures = is_pdf.map(|_| !self.invalid.contains(&id));
        Ok(Verdicts { pdfa: is_pdf, pdfua: is_pdf, signatures })
    }
}

/// Letters with their files, on a shelf.
struct Bench {
    folder: TempDir,
    shelf: Shelf,
    letters: Vec<Packed>,
}

impl Bench {
    /// Two letters of a case, one of a case with an awkward number, one that came in without a case.
    fn new() -> Self {
        let mut bench = Self { folder: TempDir::new().expect("a folder"), shelf: Shelf::default(), letters: vec![] };
        let abouts = [
            issued("D2023-02-000002", Some("2023-003015")),
            issued("D2023-02-000001", Some("2023-003015")),
            issued("2021/0266135", Some("Z/1: \"a & b\" #2")),
            received("I2022-000123"),
        ];
        for about in abouts {
            let id = about.listed.entry.id.clone();
            let files = [
                ("v1/brief.pdf", "brief.pdf", format!("%PDF-1.7 {id}")),
                ("v1/bijlagen/nota.md", "nota & meer.md", "# Nota".into()),
            ];
            let packed = files.map(|(logical, name, text)| {
                bench.shelf.files.insert((id.clone(), logical.into()), text.clone().into_bytes());
                PackedFile { logical: logical.into(), name: name.into(), sha256: Some(sha256(text.as_bytes())) }
            });
            bench.letters.push(Packed { about, files: packed.to_vec() });
        }
        bench
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn export(&self, to: &str) -> Result<Vec<postkamer::archive::export::list::Line>> {
        let archive = self.path("archief");
        let organisation = "Provincie Overijssel";
        let transfer = Transfer { organisation, letters: &self.letters, moment: moment(), archive: &archive };
        export(&transfer, &self.shelf, &self.path(to))
    }

    /// What is in the folder of the test, so that a refusal can be seen to leave nothing.
    fn all(&self) -> Vec<PathBuf> {
        files_below(self.folder.path())
    }

    #[track_caller]
    fn refused(&self, to: &str) -> Vec<String> {
        let before = self.all();
        let folders = std::fs::read_dir(self.folder.path()).expect("it is there").count();
        let error = self.export(to).expect_err("it is refused");
        assert_eq!(self.all(), before);
        assert_eq!(std::fs::read_dir(self.folder.path()).expect("it is there").count(), folders);
        let Error::Refused(findings) = error else { panic!("{error}") };
        findings
            .into_iter()
            .map(|finding| format!("{} {}", finding.code, finding.args.first().map_or("", |arg| &arg.1)))
            .collect()
    }
}

#[test]
fn a_transfer_has_a_folder_per_case_and_letter_with_metadata_beside() {
    let bench = Bench::new();
    let lines = bench.export("uit/hier").expect("it is packed");
    let root = bench.path("uit/hier");
    let found: Vec<_> =
        files_below(&root).iter().map(|path| path.strip_prefix(&root).unwrap().display().to_string()).collect();
    let letter = |folder: &str, name: &str| {
        ["brief.pdf", "brief.pdf.bestand.MDTO.xml", "nota---meer.md", "nota---meer.md.bestand.MDTO.xml"]
            .map(String::from)
            .into_iter()
            .chain([format!("{name}.MDTO.xml")])
            .map(|file| format!("{folder}/{name}/{file}"))
            .collect::<Vec<_>>()
    };
    let awkward = "Z-1---a---b---2";
    let mut expected = [
        vec!["paklijst.csv".to_string(), "paklijst.json".into()],
        vec!["2023-003015/2023-003015.MDTO.xml".into(), format!("{awkward}/{awkward}.MDTO.xml")],
        vec!["zonder-zaaknummer/zonder-zaaknummer.MDTO.xml".into()],
        letter("2023-003015", "D2023-02-000001"),
        letter("2023-003015", "D2023-02-000002"),
        letter(awkward, "2021-0266135"),
        letter("zonder-zaaknummer", "I2022-000123"),
    ]
    .concat();
    expected.sort();
    let mut sorted = found.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
    for path in found.iter().flat_map(|path| path.split('/')) {
        assert!(path.len() <= 255 && !path.contains(|c| "<>:\"/\\|?*#& ".contains(c)), "{path}");
    }
    let sidecars: Vec<_> =
        files_below(&root).into_iter().filter(|path| path.extension().is_some_and(|end| end == "xml")).collect();
    assert_eq!(sidecars.len(), 3 + 4 * 3);
    assert_conform(&sidecars);
    assert_eq!(lines.len(), found.len() - 2);
    let case = std::fs::read_to_string(root.join("2023-003015/2023-003015.MDTO.xml")).expect("it is there");
    assert!(
        case.contains(">Dossier<") && case.contains(">D2023-02-000001<") && case.contains(">D2023-02-000002<"),
        "{case}"
    );
    let part = std::fs::read_to_string(root.join("zonder-zaaknummer/I2022-000123/I2022-000123.MDTO.xml"))
        .expect("it is there");
    assert!(part.contains("<isOnderdeelVan>") && part.contains(">Brieven zonder zaaknummer<"), "{part}");
    assert_eq!(
        std::fs::read(root.join("2023-003015/D2023-02-000001/brief.pdf")).expect("it is there"),
        b"%PDF-1.7 D2023-02-000001"
    );
}

#[test]
fn the_packing_list_names_every_file_with_its_digests_and_verdicts() {
    let mut bench = Bench::new();
    bench.shelf.not_pdfa = true;
    bench.export("uit").expect("what is no PDF/A goes all the same");
    let root = bench.path("uit");
    let list: Json =
        serde_json::from_slice(&std::fs::read(root.join("paklijst.json")).expect("it is there")).expect("JSON");
    assert_eq!(list["moment"], "2023-02-21T11:00:00Z");
    let files = list["bestanden"].as_array().expect("a list");
    for file in files {
        let bytes = std::fs::read(root.join(file["pad"].as_str().expect("a path"))).expect("it is there");
        assert_eq!((&file["omvang"], &file["sha256"]), (&json!(bytes.len()), &json!(sha256(&bytes))), "{file}");
        assert_eq!(file["sha512"].as_str().map(str::len), Some(128));
    }
    let letter =
        files.iter().find(|file| file["pad"] == "2023-003015/D2023-02-000001/brief.pdf").expect("it is listed");
    assert_eq!(
        (&letter["puid"], &letter["pdfa"], &letter["handtekeningen"]),
        (&json!("fmt/276"), &json!(false), &json!(true))
    );
    let nota =
        files.iter().find(|file| file["pad"] == "2023-003015/D2023-02-000001/nota---meer.md").expect("it is listed");
    assert_eq!(
        (&nota["puid"], &nota["pdfa"], &nota["id"]),
        (&json!("fmt/1149"), &Json::Null, &json!("D2023-02-000001"))
    );
    let csv = std::fs::read_to_string(root.join("paklijst.csv")).expect("it is there");
    let mut rows = csv.lines();
    assert_eq!(rows.next(), Some("pad,id,omvang,sha256,sha512,puid,pdfa,pdfua,handtekeningen"));
    assert_eq!(rows.count(), files.len());
    assert!(
        csv.lines().any(|row| row.contains("D2023-02-000001/brief.pdf,") && row.ends_with(",fmt/276,nee,nee,ja")),
        "{csv}"
    );
    let other = Bench { folder: TempDir::new().expect("a folder"), ..bench };
    other.export("uit").expect("it is packed again");
    let same = |path: &Path| std::fs::read(path).expect("it is there");
    assert_eq!(same(&other.path("uit/paklijst.json")), format!("{list:#}\n").into_bytes());
}

#[test]
fn everything_that_keeps_a_letter_back_is_said_at_once_and_nothing_is_written() {
    let mut bench = Bench::new();
    bench.shelf.faults = vec!["D2023-02-000001"];
    bench.shelf.invalid = vec!["D2023-02-000002"];
    bench.shelf.files.insert(("2021/0266135".into(), "v1/brief.pdf".into()), b"%PDF-1.7 anders".to_vec());
    bench.shelf.files.remove(&("I2022-000123".into(), "v1/bijlagen/nota.md".into()));
    bench.letters[3].about.listed.entry.subject = String::new();
    assert_eq!(
        bench.refused("uit/hier"),
        [
            "export-digest D2023-02-000001",
            "export-signature D2023-02-000002",
            "export-digest 2021/0266135",
            "export-digest I2022-000123",
            "mdto-missing I2022-000123",
        ],
    );
    let mut bench = Bench::new();
    bench.letters[0].files.clear();
    assert_eq!(bench.refused("uit"), ["export-without-files D2023-02-000002"]);
    bench.letters.clear();
    assert_eq!(bench.refused("uit"), ["export-nothing "]);
}

#[test]
fn a_failure_outside_leaves_nothing() {
    let mut bench = Bench::new();
    bench.shelf.fails = true;
    let error = bench.export("uit").expect_err("it fails");
    assert_eq!(error.exit_code(), 3);
    assert_eq!(std::fs::read_dir(bench.folder.path()).expect("it is there").count(), 0);
}

#[test]
fn the_folder_is_new_or_empty_and_outside_the_archive() {
    let bench = Bench::new();
    let is = |code: &str| vec![format!("{code} ")];
    std::fs::create_dir_all(bench.path("archief/a")).expect("it is made");
    std::fs::create_dir_all(bench.path("leeg")).expect("it is made");
    std::fs::write(bench.path("bestand"), "x").expect("it is written");
    let refused = |to: &str| {
        bench.refused(to).into_iter().map(|text| format!("{} ", text.split(' ').next().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(refused("archief"), is("export-folder-taken"));
    for inside in ["archief/a", "archief/uit", "archief/a/b/c"] {
        assert_eq!(refused(inside), is("export-in-archive"), "{inside}");
    }
    assert_eq!((refused("bestand"), refused("bestand/x")), (is("export-folder-taken"), is("export-folder-taken")));
    bench.export("leeg").expect("an empty folder is filled");
    assert!(bench.path("leeg/paklijst.csv").is_file());
    assert_eq!(refused("leeg"), is("export-folder-taken"));
    assert!(!bench.all().iter().any(|path| path.display().to_string().contains(".postkamer-")));
}

#[test]
fn a_letter_named_twice_goes_once_and_names_stay_apart() {
    let mut bench = Bench::new();
    bench.letters.push(bench.letters[0].clone());
    let again = PackedFile { name: "BRIEF.pdf".into(), ..bench.letters[0].files[0].clone() };
    bench.letters[0].files.push(again.clone());
    bench.letters[4].files.push(again);
    // Two cases whose numbers are one in a file name.
    for (at, case) in [(2, "a b"), (3, "A/B")] {
        bench.letters[at].about.listed.entry.case_number = Some(case.into());
    }
    // As long as a number can be, and longer than a name.
    let long = "€".repeat(90);
    let mut packed = bench.letters[1].clone();
    packed.about.listed.entry.id = long.clone();
    packed.about.listed.entry.case_number = Some(long.clone());
    for file in &packed.files {
        let text = bench.shelf.files[&("D2023-02-000001".to_string(), file.logical.clone())].clone();
        bench.shelf.files.insert((long.clone(), file.logical.clone()), text);
    }
    bench.letters.push(packed);
    bench.export("uit").expect("it is packed");
    let cut = "€".repeat(66);
    assert!(bench.path("uit").join(format!("{cut}/{cut}/{cut}.MDTO.xml")).is_file(), "{:?}", bench.all());
    for there in ["2023-003015/D2023-02-000002/BRIEF-2.pdf", "A-B/A-B.MDTO.xml", "a-b-2/a-b-2.MDTO.xml"] {
        assert!(bench.path("uit").join(there).is_file(), "{there}: {:?}", bench.all());
    }
}
