//! Whole tables, from bytes and back.

use std::fs;
use std::io::{Cursor, Read, Write};

use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use rust_xlsxwriter::{Format as Look, Formula, Workbook, XlsxError};

use super::*;
use crate::messages::{Messages, Tongue};

fn created() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2023, 2, 21).and_then(|day| day.and_hms_opt(10, 0, 0)).expect("a moment")
}

fn parse_as(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Table> {
    let path = Path::new(name);
    parse(bytes.into(), Format::of(path)?, path)
}

/// The names of the columns and every row with its number.
fn seen(table: &Table) -> (Vec<&str>, Vec<(usize, Vec<&str>)>) {
    let names = table.columns.iter().map(|column| column.name.as_str()).collect();
    (names, table.rows.iter().map(|row| (row.number, row.cells().collect())).collect())
}

/// What is said of the findings, in Dutch.
fn said(result: Result<Table>) -> Vec<String> {
    let Err(Error::Refused(findings)) = result else { panic!("expected findings, got {result:?}") };
    let messages = Messages::new(Tongue::Nl);
    let said = findings.iter().map(|finding| {
        let words = messages.finding(finding);
        // What the catalogue has no value for stays between braces.
        assert!(words.help.is_some_and(|help| !help.contains("{$")), "{}", finding.code);
        assert!(!words.message.contains("{$"), "{}", finding.code);
        format!("{}: {}", finding.code, words.message)
    });
    said.collect()
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet) -> std::result::Result<(), XlsxError>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet()).expect("a sheet");
    workbook.save_to_buffer().expect("a workbook")
}

#[test]
fn every_dialect_of_csv_gives_the_same_table() {
    let dutch = "Naam;Plaats\r\nZoë;\"a, €\r\nb\"\r\n\r\nJan;'s-Gravenhage\r\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(dutch.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(dutch.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let comma = "Naam,Plaats\nZoe\u{308},\"a, €\r\nb\"\n\n Jan ,'s-Gravenhage";
    let expected = (vec!["naam", "plaats"], vec![(2, vec!["Zoë", "a, €\r\nb"]), (4, vec!["Jan", "'s-Gravenhage"])]);
    for bytes in [
        dutch.as_bytes().to_vec(),
        format!("\u{feff}{dutch}").into_bytes(),
        format!("sep=;\r\n{dutch}").into_bytes(),
        encoding_rs::WINDOWS_1252.encode(dutch).0.into_owned(),
        utf16,
        big,
        comma.as_bytes().to_vec(),
        comma.replace(',', "\t").replace("a\t", "a,").into_bytes(),
    ] {
        let table = parse_as("personen.csv", bytes.clone()).expect("a table");
        assert_eq!(seen(&table), expected, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_table_of_one_column_needs_no_separator() {
    let table = parse_as("x.csv", "naam\nJansen, J.\n\"Vries; \"\"de\"\"\"\n").expect("a table");
    assert_eq!(seen(&table).1, [(2, vec!["Jansen, J."]), (3, vec!["Vries; \"de\""])]);
    let table = parse_as("x.tsv", "naam, voornaam\nJansen, J.\n").expect("a table");
    assert_eq!(seen(&table), (vec!["naam, voornaam"], vec![(2, vec!["Jansen, J."])]));
}

#[test]
fn rows_keep_the_numbers_of_the_spreadsheet() {
    let table = parse_as("x.csv", "\n;;\na;;b\r\n\r\n1;;2\n;;\n\n3;;\n\"4\n5\";;\n6\n").expect("a table");
    let (names, rows) = seen(&table);
    assert_eq!(names, ["a", "b"]);
    assert_eq!(table.columns[1].position, 2);
    assert_eq!(rows, [(5, vec!["1", "2"]), (8, vec!["3", ""]), (9, vec!["4\n5", ""]), (10, vec!["6", ""])]);
    assert_eq!((table.rows[0].get("b"), table.rows[0].get("c")), ("2", ""));
    assert!(table.has("a") && !table.has("c"));
}

#[test]
fn columns_and_rows_that_do_not_fit_are_refused_together() {
    assert_eq!(
        said(parse_as("x.csv", "naam;;Naam ;plaats\nJan;;;Ede;;\nPiet;x;y;Ede\nKees;z;;Ede;;1\n")),
        [
            "table-column-double: x.csv, rij 1: de kolommen A en C heten allebei ‘naam’",
            "table-column-unnamed: x.csv, rij 1: kolom B heeft geen naam, maar wel inhoud (rij 3)",
            "table-row-too-long: x.csv, rij 4: in kolom F staat iets, maar de laatste kolom met een naam is D",
        ]
    );
    assert_eq!(said(parse_as("x.csv", "\n;;\n")), ["table-empty: in x.csv staat niets"]);
    assert_eq!(letters(0) + &letters(25) + &letters(26) + &letters(16_383), "AZAAXFD");
}

#[test]
fn a_title_above_the_table_is_said_once() {
    let expected = |file: &str| {
        vec![format!(
            "table-title: {file}, rij 1: hier staat alleen ‘adressen 2027’, en daaronder staan meer kolommen; dat lijkt een titel"
        )]
    };
    assert_eq!(said(parse_as("x.csv", "Adressen 2027;;\n;;\nnaam;plaats;\nJan;Ede;\nPiet;Ede;\n")), expected("x.csv"));
    assert_eq!(said(parse_as("x.csv", ";Adressen 2027;\nnaam;plaats;land\nJan;Ede;\n")), expected("x.csv"));
    let bytes = workbook(|sheet| {
        let (title, plain) = (Look::new().set_bold(), Look::new());
        sheet.merge_range(0, 0, 0, 2, "Adressen 2027", &title)?;
        for (row, cells) in [["naam", "plaats"], ["Jan", "Ede"], ["Piet", "Ede"]].into_iter().enumerate() {
            for (at, text) in cells.into_iter().enumerate() {
                sheet.write_string_with_format(2 + row as u32, at as u16, text, &plain)?;
            }
        }
        Ok(())
    });
    assert_eq!(said(parse_as("x.xlsx", bytes)), expected("x.xlsx"));
    // A table of one column is one.
    assert_eq!(parse_as("x.csv", "Adressen 2027;;\nJan;;\n").expect("a table").rows.len(), 1);
}

#[test]
fn broken_text_is_refused_with_its_line() {
    assert_eq!(
        said(parse_as("x.csv", "a;b\n1;\"2\n3;4\n")),
        ["table-quote: x.csv, regel 2: het aanhalingsteken waarmee een cel begint, wordt nergens gesloten"]
    );
    assert_eq!(
        said(parse_as("x.csv", "sep=;\na;b\n1;\"2\n3;\"4\"\n")),
        ["table-quote: x.csv, regel 3: achter het sluitende aanhalingsteken van een cel staat nog tekst"]
    );
    let garbled = b"naam;plaats\nZo\xC3\xAB;Ede\nRen\xE9;Ede\n".to_vec();
    assert_eq!(
        said(parse_as("x.csv", garbled)),
        ["table-encoding: x.csv, regel 3: hier staan tekens die niet te lezen zijn"]
    );
    assert_eq!(said(parse_as("x.csv", b"naam\n\x81".to_vec())).len(), 1);
    assert_eq!(said(parse_as("x.csv", b"\xFF\xFEa\x00\x00\xD8".to_vec())).len(), 1);
    for binary in [&b"PK\x03\x04\xFF\x00"[..], b"n\0a\0"] {
        assert_eq!(said(parse_as("x.csv", binary)), ["table-binary: x.csv is geen tekstbestand"]);
    }
}

#[test]
fn a_workbook_reads_as_it_is_shown() {
    let bytes = workbook(|sheet| {
        let day = Look::new().set_num_format("dd-mm-yyyy");
        for (at, name) in ["Naam", "geboren", "gesprek", "bsn", "actief"].into_iter().enumerate() {
            sheet.write_string(2, 1 + at as u16, name)?;
        }
        sheet.write_string(3, 1, " Zoe\u{308}\n=1+1 ")?;
        sheet.write_number_with_format(3, 2, 29_281.0, &day)?;
        sheet.write_number_with_format(3, 3, 44_978.0 + 10.0 / 24.0, &day)?;
        sheet.write_number(3, 4, 123_456_782.0)?;
        sheet.write_boolean(3, 5, true)?;
        sheet.write_number(6, 4, 1.5)?;
        Ok(())
    });
    let table = parse_as("x.xlsx", bytes).expect("a table");
    let (names, rows) = seen(&table);
    assert_eq!(names, ["naam", "geboren", "gesprek", "bsn", "actief"]);
    assert_eq!(rows[0], (4, vec!["Zoë\n=1+1", "1980-03-01", "2023-02-21T10:00", "123456782", "ja"]));
    assert_eq!(rows[1..], [(7, vec!["", "", "", "1.5", ""])]);
    assert_eq!(table.rows[0].typed(), [(1, Typed::Day), (2, Typed::Day)]);
    assert_eq!(table.rows[1].typed(), [(3, Typed::Fraction)]);
}

#[test]
fn the_error_of_a_formula_is_found() {
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "naam")?.write_string(0, 1, "code")?.write_string(1, 0, "Jan")?;
        sheet.write_formula(1, 1, Formula::new("=NA()").set_result("#N/A"))?;
        Ok(())
    });
    let ods = include_bytes!("../../tests/fixtures/formulefout.ods").to_vec();
    for (name, bytes, value) in [("x.xlsx", bytes, "#N/A"), ("x.ods", ods, "#N/B")] {
        // It is of its row: the others are good.
        let table = parse_as(name, bytes).expect("a table");
        let index = table.columns.iter().position(|column| column.name == "code").expect("the column");
        let row = &table.rows[0];
        assert_eq!((row.number, row.cell(index), row.typed()), (2, value, &[(index, Typed::Fault)][..]), "{name}");
        assert!(row.is_fault(index) && !row.is_fault(0), "{name}");
    }
    let nameless = workbook(|sheet| {
        sheet.write_string(0, 0, "naam")?.write_string(1, 0, "Jan")?;
        sheet.write_formula(0, 1, Formula::new("=NA()").set_result("#N/A"))?;
        Ok(())
    });
    assert_eq!(
        said(parse_as("x.xlsx", nameless)),
        ["table-cell-error: x.xlsx, rij 1, kolom ‘B’: de formule geeft een fout (#N/A)"]
    );
}

#[test]
fn an_open_document_reads_as_it_is_shown() {
    let table = parse_as("x.ods", include_bytes!("../../tests/fixtures/personen.ods")).expect("a table");
    let (names, rows) = seen(&table);
    assert_eq!(names, ["naam", "geboren", "gesprek", "tijd", "bsn", "actief"]);
    assert_eq!(rows[0], (4, vec!["Anouk\nJansén", "1980-03-01", "2023-02-21T10:00", "10:30", "123456782", "ja"]));
    assert_eq!(rows[1..], [(7, vec!["#1 op de lijst", "", "", "", "", "nee"])]);
}

#[test]
fn a_broken_workbook_is_refused() {
    let mut table = Table::new(["naam"]);
    table.push(["Jan"]);
    let whole = xlsx(&table, created(), Path::new("x.xlsx")).expect("a workbook");
    let ods = include_bytes!("../../tests/fixtures/personen.ods");
    for (name, bytes) in [("x.xlsx", whole.as_slice()), ("x.ods", ods)] {
        for length in (0..bytes.len()).step_by(97) {
            assert!(said(parse_as(name, &bytes[..length]))[0].starts_with("table-unreadable"), "{name} {length}");
        }
        for at in (0..bytes.len()).step_by(13) {
            let mut damaged = bytes.to_vec();
            damaged[at] ^= 0x55;
            // Damage may pass unseen, but never panics.
            let _ = parse_as(name, damaged);
        }
    }
    assert_eq!(said(parse_as("x.xlsx", *b"naam;plaats")), ["table-unreadable: x.xlsx is niet te lezen als XLSX"]);
}

#[test]
fn json_agrees_with_csv() {
    let json = r#"[{"naam": "Jan", "nummer": 12, "actief": true},
        {"naam": null}, {"Nummer": 1.5, "talen": ["nl", "fy (west)"]}]"#;
    let csv = "naam,nummer,actief,talen\nJan,12,ja\n\n,1.5,,nl fy%20(west)\n";
    let (json, csv) = (parse_as("x.json", json).expect("a table"), parse_as("x.csv", csv).expect("a table"));
    assert_eq!(seen(&json), seen(&csv));
    assert_eq!(list::split(json.rows[1].get("talen")), ["nl", "fy (west)"]);
    assert_eq!(seen(&parse_as("x.json", "[]").expect("a table")), (vec![], vec![]));
}

#[test]
fn json_of_another_shape_is_refused_with_its_line() {
    for (text, expected) in [
        ("[{\"a\": 1,\n\"A \": 2}]", "x.json, regel 2: de kolom ‘a’ staat twee keer in dit object"),
        ("[{\"\": 1}]", "x.json, regel 1: een waarde heeft geen naam"),
        ("[{\"a\": 123456789012345678901}]", "x.json, regel 1: dit getal is te groot om precies te blijven"),
        ("[{\"a\":\n{}}]", "x.json, regel 2: dit past niet in een tabel"),
        ("[{\"a\": [[1]]}]", "x.json, regel 1: dit past niet in een tabel"),
        ("{}", "x.json, regel 1: dit past niet in een tabel"),
        ("[\n1]", "x.json, regel 2: dit past niet in een tabel"),
        ("[{}] []", "x.json, regel 1: dit is geen JSON"),
        ("[{}", "x.json, regel 1: dit is geen JSON"),
    ] {
        assert_eq!(said(parse_as("x.json", text)), [format!("table-json: {expected}")], "{text}");
    }
}

#[test]
fn a_workbook_does_not_unpack_without_end() {
    let mut whole =
        zip::ZipArchive::new(Cursor::new(include_bytes!("../../tests/fixtures/personen.ods"))).expect("a zip");
    let mut swollen = |size: usize| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..whole.len() {
            let mut file = whole.by_index(at).expect("a file");
            let (name, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
            file.read_to_end(&mut bytes).expect("it is read");
            if name == "META-INF/manifest.xml" {
                bytes.resize(size.max(bytes.len()), b' ');
            }
            writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("it begins");
            writer.write_all(&bytes).expect("it is written");
        }
        writer.finish().expect("a zip").into_inner()
    };
    assert!(parse_as("x.ods", swollen(1 << 20)).is_ok());
    let packed = swollen((8 << 20) + 1);
    assert!(packed.len() < 1 << 20, "{}", packed.len());
    let found = said(parse_as("x.ods", packed));
    assert!(found.len() == 1 && found[0].starts_with("table-unreadable: "), "{found:?}");
}

#[test]
fn files_are_read_by_their_extension() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("personen.CSV");
    fs::write(&path, "naam\nJan\n").expect("a file");
    assert_eq!(read(&path, Path::new("personen.CSV")).expect("a table").rows[0].get("naam"), "Jan");
    let refused = |name: &str| said(read(&folder.path().join(name), Path::new(name)));
    assert_eq!(refused("x.xls"), ["table-extension: x.xls is geen tabel die gelezen kan worden"]);
    assert_eq!(refused("x.csv"), ["file-missing: het bestand bestaat niet: x.csv"]);
    fs::create_dir(folder.path().join("y.csv")).expect("a folder");
    assert_eq!(refused("y.csv"), ["table-is-folder: y.csv is een map, geen tabel"]);
    let large = fs::File::create(folder.path().join("z.csv")).expect("a file");
    large.set_len(MAX_BYTES + 1).expect("a large file");
    assert_eq!(refused("z.csv"), ["table-too-large: z.csv is 101 MiB; meer dan 100 MiB wordt niet gelezen"]);
}

#[test]
fn rows_without_end_are_refused() {
    let text = "naam\n".repeat((1 << 20) + 2);
    let expected = "table-too-many-cells: x.csv heeft meer dan 1048576 rijen of 10000000 cellen; zo’n tabel wordt niet \
                    gelezen";
    assert_eq!(said(parse_as("x.csv", text)), [expected]);
}

#[test]
fn csv_is_written_without_formulas() {
    let mut table = Table::new(["naam", "telefoon"]);
    table.push(["Jansen, J.", "+31 6 12345678"]);
    table.push(["'s-Gravenhage", "=1+1"]);
    let text = "naam,telefoon\n\"Jansen, J.\",'+31 6 12345678\n's-Gravenhage,'=1+1\n";
    assert_eq!(String::from_utf8_lossy(&csv(&table)), text);
}

#[test]
fn the_same_workbook_has_the_same_bytes_and_its_limits() {
    let path = Path::new("x.xlsx");
    let mut table = Table::new(["naam"]);
    table.push(["Jan"]);
    assert_eq!(xlsx(&table, created(), path).expect("bytes"), xlsx(&table, created(), path).expect("bytes"));
    assert!(xlsx(&Table::new([""; 0]), created(), path).is_ok());
    assert!(xlsx(&table, NaiveDateTime::MAX, path).is_ok());
    table.push(["é".repeat(32_767)]);
    assert!(xlsx(&table, created(), path).is_ok());
    table.push(["é".repeat(32_768)]);
    let refused = xlsx(&table, created(), path).map(|_| table);
    let words = "x.xlsx, rij 4, kolom ‘naam’: de tekst is langer dan de 32767 tekens van een cel";
    assert_eq!(said(refused), [format!("table-text-too-long: {words}")]);
}

/// Texts of what has a meaning somewhere on the way, and of anything else.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[=+@'\"\t\r\n;, %_xA0-9D&<é-]{0,8}", "(_x[0-9A-F]{4}_){0,2}", "\\PC{0,8}", ".{0,6}"]
        .prop_map(|raw| text(&raw.replace('\0', "")))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(names in prop::collection::vec(any_text(), 1..4),
                               cells in prop::collection::vec(prop::collection::vec(any_text(), 4), 0..5)) {
        let mut names: Vec<_> = names.iter().map(|name| column_name(name)).filter(|name| !name.is_empty()).collect();
        names.sort();
        names.dedup();
        if names.is_empty() {
            names.push("naam".to_string());
        }
        let mut table = Table::new(&names);
        for row in &cells {
            if row[..names.len()].iter().any(|cell| !cell.is_empty()) {
                table.push(&row[..names.len()]);
            }
        }
        let bytes = csv(&table);
        let read = parse_as("x.csv", bytes.clone()).expect("a table");
        prop_assert_eq!(seen(&read), seen(&table), "{}", String::from_utf8_lossy(&bytes));
        let bytes = xlsx(&table, created(), Path::new("x.xlsx")).expect("a workbook");
        let read = parse_as("x.xlsx", bytes).expect("a table");
        prop_assert_eq!(seen(&read), seen(&table));
    }

    #[test]
    fn any_bytes_are_a_table_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), text in any_text()) {
        for name in ["x.csv", "x.tsv", "x.xlsx", "x.ods", "x.json"] {
            let _ = parse_as(name, bytes.clone());
            let _ = parse_as(name, text.clone());
        }
    }
}
