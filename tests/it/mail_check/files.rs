//! Tables as office programs save them, and the list of refused rows.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{HEADER, LETTER, TABLE, check, check_text, errors, found, good, table, with};
use crate::support::Workspace;

#[test]
fn csv_is_read_in_every_dialect() {
    let workspace = Workspace::new();
    let rows = [with(good(1), &[("organisatie", "Café ’t Mûske"), ("netwerk", "een\r\nnetwerk")]), good(2)];
    let text = table(&rows);
    let other = |separator: &str| text.replace("\";\"", &format!("\"{separator}\""));
    let (latin, _, has_errors) = encoding_rs::WINDOWS_1252.encode(&text);
    assert!(!has_errors);
    let files = [
        text.clone().into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
        other(",").into_bytes(),
        other("\t").into_bytes(),
        latin.into_owned(),
    ];
    for (at, bytes) in files.into_iter().enumerate() {
        let report = check_text(&workspace, "a.csv", bytes).exits(0).json();
        assert_eq!((report["totaal"].as_u64(), found(&report)), (Some(2), vec![]), "file {at}");
    }
}

#[test]
fn a_workbook_has_numbers_and_days_in_its_cells() {
    let workspace = Workspace::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("d-m-yyyy");
    let names = HEADER.into_iter().chain(["uw_brief"]);
    for (at, name) in names.enumerate() {
        sheet.write(0, at as u16, name).unwrap();
    }
    let column = |name: &str| HEADER.iter().position(|other| *other == name).unwrap() as u16;
    for row in 1..=3_u32 {
        for (at, text) in good(row as usize).iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, at as u16, text).unwrap();
        }
        sheet.write(row, column("huisnummer"), 10 * row).unwrap();
        sheet.write_with_format(row, 14, ExcelDateTime::from_ymd(2022, 12, 1).unwrap(), &day).unwrap();
    }
    // A number for a postcode, a day for a house number, a text for a day.
    sheet.write(2, column("postcode"), 8099).unwrap();
    sheet.write_with_format(3, column("huisnummer"), ExcelDateTime::from_ymd(2023, 3, 1).unwrap(), &day).unwrap();
    sheet.write(3, 14, "gisteren").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let report = check_text(&workspace, "a.xlsx", bytes).exits(1).json();
    let expected =
        [(3, "postcode-invalid", "postcode"), (4, "mail-number-is-day", "huisnummer"), (4, "mail-day", "uw_brief")];
    assert_eq!(errors(&report), expected.map(|(row, code, column)| (row, code.into(), column.into())));
    let dutch = "organisatie;regio;netwerk;thema;uw_brief\nA;b;c;d;1 december 2022\nB;b;c;d;31-2-2022\n";
    assert_eq!(
        errors(&check_text(&workspace, "a.csv", dutch).exits(1).json()),
        [(3, "mail-day".into(), "uw_brief".into())]
    );
}

#[test]
fn the_error_of_a_formula_refuses_its_row_alone() {
    let workspace = Workspace::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, name) in HEADER.into_iter().enumerate() {
        sheet.write(0, at as u16, name).unwrap();
    }
    let column = |name: &str| HEADER.iter().position(|other| *other == name).unwrap() as u16;
    for row in 1..=4_u32 {
        for (at, text) in good(row as usize).iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, at as u16, text).unwrap();
        }
    }
    sheet.write_formula(2, column("thema"), Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(4, column("postcode"), "8099").unwrap();
    let report = check_text(&workspace, "a.xlsx", workbook.save_to_buffer().unwrap()).exits(1).json();
    assert_eq!((report["totaal"].as_u64(), report["fout"].as_u64()), (Some(4), Some(2)), "{report}");
    let expected = [(3, "mail-cell-error", "thema"), (5, "postcode-invalid", "postcode")];
    assert_eq!(errors(&report), expected.map(|(row, code, column)| (row, code.into(), column.into())));
    assert!(report.to_string().contains("#DIV/0!"), "{report}");
}

#[test]
fn the_error_of_a_formula_is_said_once_and_only_where_the_letter_uses_it() {
    let workspace = Workspace::new();
    let names: Vec<_> = HEADER.into_iter().chain(["kolom_erbij"]).collect();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, name) in names.iter().enumerate() {
        sheet.write(0, at as u16, *name).unwrap();
    }
    for row in 1..=3_u32 {
        for (at, text) in good(row as usize).iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, at as u16, text).unwrap();
        }
    }
    for (row, name) in [(1, "aanspreekvorm"), (2, "postcode"), (3, "kolom_erbij")] {
        let column = names.iter().position(|other| *other == name).unwrap() as u16;
        sheet.write_formula(row, column, Formula::new("=NA()").set_result("#N/A")).unwrap();
    }
    let report = check_text(&workspace, "a.xlsx", workbook.save_to_buffer().unwrap()).exits(1).json();
    let expected = [(2, "mail-cell-error", "aanspreekvorm"), (3, "mail-cell-error", "postcode")];
    assert_eq!(errors(&report), expected.map(|(row, code, column)| (row, code.into(), column.into())));
    let unused = (1, "waarschuwing".into(), "mail-column-unused".into(), "kolom_erbij".into());
    assert!(found(&report).contains(&unused), "{report}");
}

/// An OpenDocument spreadsheet with this content.
fn ods(content: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn an_ods_is_read_and_one_that_is_cut_off_is_refused() {
    let workspace = Workspace::new();
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let number =
        "<table:table-cell office:value-type=\"float\" office:value=\"7\"><text:p>7</text:p></table:table-cell>";
    let row = |cells: String| format!("<table:table-row>{cells}</table:table-row>");
    let mut values: Vec<String> = good(1).iter().map(|text| cell(text)).collect();
    values[6] = number.into();
    let start = "<?xml version=\"1.0\"?><office:document-content \
        xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
        <office:body><office:spreadsheet><table:table table:name=\"Blad1\">";
    let end = "</table:table></office:spreadsheet></office:body></office:document-content>";
    let rows = row(HEADER.map(cell).concat()) + &row(values.concat());
    let report = check_text(&workspace, "a.ods", ods(&format!("{start}{rows}{end}"))).exits(0).json();
    assert_eq!((report["totaal"].as_u64(), found(&report)), (Some(1), vec![]));
    let whole = format!("{start}{rows}{end}");
    // Cut off within a cell, between rows, in the header, and before anything.
    for keep in [start.len() + rows.len() - 40, start.len() + rows.len(), start.len() + 90, start.len(), 30, 0] {
        let refused = check_text(&workspace, "a.ods", ods(&whole[..keep])).exits(1).json();
        assert_eq!(refused["fouten"][0]["code"], "table-unreadable", "cut at {keep}");
    }
}

#[test]
fn refused_rows_come_out_to_be_mended_and_fed_back() {
    let workspace = Workspace::new();
    let formula = with(good(2), &[("postcode", "0012 EE"), ("netwerk", "=1+1;\"x\"")]);
    workspace.write("a.csv", table(&[good(1), formula, with(good(3), &[("email", "@")])]));
    let arguments = ["mail", "check", LETTER, "--refused", "fout.csv", "--recipients"];
    workspace.run(&[&arguments[..], &["a.csv"]].concat()).exits(1);
    let text = workspace.read("fout.csv");
    let lines: Vec<_> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}organisatie;aanspreekvorm;") && lines[0].ends_with(";thema;reden"), "{text}");
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[1].contains(";\"'=1+1;\"\"x\"\"\";"), "{text}");
    assert!(lines[1].contains("postcode: ‘0012 EE’ is geen Nederlandse postcode"), "{text}");
    assert!(lines[2].contains("Netwerk 3;") && lines[2].contains("geen e-mailadres"), "{text}");
    // Fed back as it is, the same rows are refused, and the column of reasons doesn't grow.
    workspace.write("terug.csv", &text);
    let report = check(&workspace, "terug.csv").exits(1).json();
    assert_eq!(errors(&report).len(), 2);
    workspace.run(&[&arguments[..], &["terug.csv"]].concat()).exits(1);
    assert_eq!(workspace.read("fout.csv"), text);
    // Mended, nothing is left.
    workspace.write("terug.csv", text.replace("0012 EE", "8099 XX").replace(";'@;", ";x@example.nl;"));
    assert_eq!(found(&check(&workspace, "terug.csv").exits(0).json()), vec![]);
    workspace.run(&[&arguments[..], &["terug.csv"]].concat()).exits(0);
    assert_eq!(workspace.read("fout.csv").lines().count(), 1);
}

#[test]
fn the_list_of_refused_rows_writes_over_nothing_of_the_workspace() {
    let workspace = Workspace::new();
    for own in [TABLE, LETTER, "postkamer.toml"] {
        let before = workspace.read(own);
        let run = workspace.run(&["mail", "check", LETTER, "--recipients", TABLE, "--refused", own, "--json"]).exits(1);
        assert_eq!(run.json()["fouten"][0]["code"], "output-is-own", "{own}");
        assert_eq!(workspace.read(own), before);
    }
}

#[test]
fn numbers_with_decimals_are_pointed_out_once_a_column_and_days_are_written_out() {
    let workspace = Workspace::new();
    workspace.change(LETTER, "regio = ", "bedrag = \"€ 5\"\nafspraak = \"1 mei 2027\"\nregio = ");
    workspace.change(LETTER, "{{rij.regio}}", "{{rij.regio}} {{rij.bedrag}} {{rij.afspraak}}");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("d-m-yyyy");
    let money = Format::new().set_num_format("\"€\" #,##0.00");
    for (at, name) in HEADER.into_iter().chain(["bedrag", "afspraak"]).enumerate() {
        sheet.write(0, at as u16, name).unwrap();
    }
    for (row, amount) in [(1_u32, 1250.5), (2, 0.15), (3, 12.0)] {
        for (at, text) in good(row as usize).iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, at as u16, text).unwrap();
        }
        sheet.write_with_format(row, 14, amount, &money).unwrap();
        sheet.write_with_format(row, 15, ExcelDateTime::from_ymd(2027, 5, 1).unwrap(), &day).unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let report = check_text(&workspace, "a.xlsx", bytes.clone()).exits(0).json();
    assert_eq!(found(&report), [(1, "waarschuwing".into(), "mail-cell-number".into(), "bedrag".into())]);
    assert!(report.to_string().contains("in de brief: 1250,5"), "{report}");
    // What the letter doesn't show is nobody's concern.
    workspace.change(LETTER, " {{rij.bedrag}}", "");
    let report = check_text(&workspace, "a.xlsx", bytes).exits(0).json();
    assert_eq!(found(&report), [(1, "waarschuwing".into(), "mail-column-unused".into(), "bedrag".into())]);
}
