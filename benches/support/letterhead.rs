//! The letter that the peers make: the letterhead of `gs-brief` as a web page and as a flat OpenDocument text, with the same
//! lines in the same places and the same fonts.

use std::path::Path;

/// What stands on the letter.
pub struct Sheet {
    /// The lines in the window.
    pub address: Vec<String>,
    /// The number.
    pub kenmerk: String,
    /// The line above the text.
    pub salutation: String,
    /// The text.
    pub paragraphs: Vec<String>,
}

const TITLE: &str = "Reactie op briefadvies";
const SENDER: &str = "Provincie Overijssel";
const PARTICULARS: [&str; 8] = [
    "Luttenbergstraat 2",
    "Postbus 10078",
    "8000 GB Zwolle",
    "Telefoon 038 499 88 99",
    "www.overijssel.nl",
    "postbus@overijssel.nl",
    "KvK 51048329",
    "IBAN NL45 RABO 0397 3411 21",
];
const INFORMATION: [&str; 3] = ["Mevr. M. Bom", "Telefoon 06 1046 2095", "M.Bom@overijssel.nl"];
const SIGNATORIES: [[&str; 2]; 2] = [["A.P. Heidema,", "voorzitter"], ["N. Versteeg,", "secretaris"]];
const CLOSING: [&str; 2] = ["Met vriendelijke groet,", "Gedeputeerde Staten van Overijssel,"];

impl Sheet {
    fn reference(&self) -> [[&str; 2]; 4] {
        [["Datum", "21.02.2023"], ["Kenmerk", &self.kenmerk], ["Zaaknummer", "2023-003015"], ["Pagina", "1 van 2"]]
    }

    /// A web page for print.
    pub fn html(&self, fonts: &Path) -> String {
        let lines = |lines: &mut dyn Iterator<Item = &str>| lines.map(escaped).collect::<Vec<_>>().join("<br>");
        let cells = |row: usize, tag: &str| {
            self.reference().map(|column| format!("<{tag}>{}</{tag}>", escaped(column[row]))).concat()
        };
        let faces = [("Regular", 400), ("Bold", 700)].map(|(name, weight)| {
            let file = fonts.join(format!("OpenSans-{name}.ttf"));
            format!(
                "@font-face {{ font-family: 'Open Sans'; font-weight: {weight}; src: url('file://{}') }}",
                file.display()
            )
        });
        let later = format!("'Kenmerk {}   Pagina ' counter(page) ' van ' counter(pages)", self.kenmerk);
        let style = format!(
            "{} @page {{ size: A4; margin: 30mm 30mm 25mm 35mm; @top-left {{ content: {later}; font: 9pt 'Open Sans' }} }}
            @page :first {{ margin-top: 17mm; @top-left {{ content: none }} }}
            body {{ font: 10pt/12.5pt 'Open Sans'; hyphens: auto; margin: 0 }}
            p {{ margin: 0 0 12.5pt; orphans: 2; widows: 2 }} h1 {{ font-size: 10pt; margin: 0 0 12.5pt }}
            .naam {{ font: bold 17pt 'Open Sans'; color: #0b4a82; position: absolute; top: 0 }}
            .afzender, .inlichtingen {{ font-size: 8pt; line-height: 10pt; position: absolute; left: 90mm; top: 0 }}
            .inlichtingen {{ top: 61mm }} address {{ font-style: normal; padding-top: 36mm; height: 50mm }}
            table {{ border-spacing: 0; margin-bottom: 12.5pt }} th {{ font: 7.5pt 'Open Sans'; text-align: left }}
            td, th {{ padding: 0 8mm 0 0 }}",
            faces.concat()
        );
        let paragraphs: String = self.paragraphs.iter().map(|text| format!("<p>{}</p>", escaped(text))).collect();
        let signatories = SIGNATORIES.map(|lines| format!("<td>{}<br>{}</td>", lines[0], lines[1])).concat();
        format!(
            "<!doctype html><html lang=nl><meta charset=utf-8><title>{TITLE}</title><style>{style}</style>\
             <div class=naam>{SENDER}</div><div class=afzender>{}</div><div class=inlichtingen><b>Inlichtingen bij</b><br>{}</div>\
             <address>{}</address><table><tr>{}</tr><tr>{}</tr></table><h1>Onderwerp: {TITLE}</h1><p>{}</p>{paragraphs}\
             <p>{}</p><p style='margin-bottom: 40pt'>{}</p><table><tr>{signatories}</tr></table>",
            lines(&mut PARTICULARS.into_iter()),
            lines(&mut INFORMATION.into_iter()),
            lines(&mut self.address.iter().map(String::as_str)),
            cells(0, "th"),
            cells(1, "td"),
            escaped(&self.salutation),
            CLOSING[0],
            CLOSING[1],
        )
    }

    /// A flat OpenDocument text (OpenDocument 1.3).
    pub fn fodt(&self) -> String {
        let paragraph = |style: &str, text: &str| format!("<text:p text:style-name=\"{style}\">{text}</text:p>");
        let all = |style: &str, lines: &mut dyn Iterator<Item = &str>| {
            lines.map(|line| paragraph(style, &escaped(line))).collect::<String>()
        };
        let frame = |top: &str, left: &str, content: &str| {
            format!(
                "<draw:frame draw:style-name=\"vak\" text:anchor-type=\"page\" text:anchor-page-number=\"1\" svg:x=\"{left}\" \
                 svg:y=\"{top}\" svg:width=\"80mm\" svg:height=\"20mm\"><draw:text-box fo:min-height=\"20mm\">{content}\
                 </draw:text-box></draw:frame>"
            )
        };
        let table = |name: &str, rows: &[String], columns: usize| {
            let rows: String = rows.iter().map(|row| format!("<table:table-row>{row}</table:table-row>")).collect();
            format!(
                "<table:table table:name=\"{name}\"><table:table-column table:number-columns-repeated=\"{columns}\"/>{rows}\
                 </table:table>"
            )
        };
        let cell =
            |content: String| format!("<table:table-cell office:value-type=\"string\">{content}</table:table-cell>");
        let row = |at: usize, style: &str| {
            self.reference().map(|column| cell(paragraph(style, &escaped(column[at])))).concat()
        };
        let signatories = SIGNATORIES.map(|lines| cell(all("tekst", &mut lines.into_iter()))).concat();
        let information = paragraph("kop", "Inlichtingen bij") + &all("klein", &mut INFORMATION.into_iter());
        let body = [
            frame("14mm", "35mm", &paragraph("naam", SENDER)),
            frame("14mm", "125mm", &all("klein", &mut PARTICULARS.into_iter())),
            frame("75mm", "125mm", &information),
            frame("50mm", "35mm", &all("adres", &mut self.address.iter().map(String::as_str))),
            paragraph("eerste", ""),
            table("Kenmerken", &[row(0, "klein"), row(1, "adres")], 4),
            format!("<text:h text:style-name=\"onderwerp\" text:outline-level=\"1\">Onderwerp: {TITLE}</text:h>"),
            all("tekst", &mut [self.salutation.as_str()].into_iter()),
            all("tekst", &mut self.paragraphs.iter().map(String::as_str)),
            all("tekst", &mut CLOSING.into_iter()),
            table("Ondertekening", &[signatories], 2),
        ];
        let later = format!("Kenmerk {}   Pagina <text:page-number/> van <text:page-count/>", escaped(&self.kenmerk));
        FODT.replace("@header@", &paragraph("klein", &later))
            .replace("@title@", TITLE)
            .replace("@body@", &body.concat())
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The styles and the pages; what stands between `@` is filled in.
const FODT: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<office:document office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0">
<office:meta><dc:title>@title@</dc:title><dc:language>nl-NL</dc:language></office:meta>
<office:font-face-decls><style:font-face style:name="Open Sans" svg:font-family="'Open Sans'"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2"/>
<style:text-properties style:font-name="Open Sans" fo:font-size="10pt" fo:language="nl" fo:country="NL" fo:hyphenate="true"
 fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"/></style:default-style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1"/>
</office:styles>
<office:automatic-styles>
<style:style style:name="tekst" style:family="paragraph"><style:paragraph-properties fo:line-height="12.5pt" fo:margin-bottom="12.5pt"/></style:style>
<style:style style:name="adres" style:family="paragraph"><style:paragraph-properties fo:line-height="12.5pt"/></style:style>
<style:style style:name="eerste" style:family="paragraph" style:master-page-name="Eerste"><style:paragraph-properties fo:margin-top="80mm"/></style:style>
<style:style style:name="onderwerp" style:family="paragraph" style:parent-style-name="Heading_20_1"><style:paragraph-properties fo:margin-top="12.5pt" fo:margin-bottom="12.5pt"/><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="klein" style:family="paragraph"><style:paragraph-properties fo:line-height="10pt"/><style:text-properties fo:font-size="8pt"/></style:style>
<style:style style:name="kop" style:family="paragraph" style:parent-style-name="klein"><style:text-properties fo:font-size="8pt" fo:font-weight="bold" fo:color="#0b4a82"/></style:style>
<style:style style:name="naam" style:family="paragraph"><style:text-properties fo:font-size="17pt" fo:font-weight="bold" fo:color="#0b4a82"/></style:style>
<style:style style:name="vak" style:family="graphic"><style:graphic-properties draw:stroke="none" draw:fill="none" fo:border="none" fo:padding="0mm"
 style:wrap="run-through" style:horizontal-pos="from-left" style:horizontal-rel="page" style:vertical-pos="from-top" style:vertical-rel="page"/></style:style>
<style:page-layout style:name="blad"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" fo:margin-top="17mm" fo:margin-bottom="25mm" fo:margin-left="35mm" fo:margin-right="30mm"/>
<style:header-style><style:header-footer-properties fo:min-height="10mm" fo:margin-bottom="5mm"/></style:header-style></style:page-layout>
<style:page-layout style:name="eerste-blad"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" fo:margin-top="17mm" fo:margin-bottom="25mm" fo:margin-left="35mm" fo:margin-right="30mm"/></style:page-layout>
</office:automatic-styles>
<office:master-styles>
<style:master-page style:name="Eerste" style:page-layout-name="eerste-blad" style:next-style-name="Vervolg"/>
<style:master-page style:name="Vervolg" style:page-layout-name="blad"><style:header>@header@</style:header></style:master-page>
</office:master-styles>
<office:body><office:text>@body@</office:text></office:body></office:document>
"##;
