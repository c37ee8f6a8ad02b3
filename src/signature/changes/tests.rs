//! What a signature may change, and what it may not.

use crate::signature::build::{LETTER, SIGNATURE, letter, revised, with};
use crate::signature::issued::unchanged;
use crate::signature::pdf::Document;

use super::changes;

/// The verdict on the signed letter with some objects written otherwise.
fn verdict(others: &[(u32, &str)]) -> String {
    let file = revised(&with(&SIGNATURE, others)).bytes;
    match unchanged(&file, &letter().bytes) {
        Ok(notes) => notes.iter().fold("ok".to_string(), |all, note| format!("{all} {}", note.code)),
        Err(finding) => finding.code.to_string(),
    }
}

const WIDGET: &str = "/Type/Annot/Subtype/Widget/FT/Sig/T(Een)/V 22 0 R/P 3 0 R/F 132/StructParent 1";

#[test]
fn a_signature_and_what_says_the_same_is_allowed() {
    assert_eq!(verdict(&[]), "ok");
    let page =
        "<</Parent 2 0 R/Type/Page/Resources<</Font<</F 10 0 R>>>>/StructParents 0/Contents 4 0 R/Annots[21 0 R]>>";
    assert_eq!(verdict(&[(3, page)]), "ok", "in another order");
    assert_eq!(verdict(&[(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0.0 600.00 800]>>")]), "ok", "other zeros");
    assert_eq!(verdict(&[(10, LETTER[6].1)]), "ok", "written again");
    assert_eq!(verdict(&[(5, "<</Title(Anders)>>")]), "ok change-information");
    assert_eq!(verdict(&[(9, "<</Type/Metadata>>")]), "ok change-metadata");
    let visible = format!("<<{WIDGET}/Rect[400 20 580 80]/AP<</N 4 0 R>>>>");
    assert_eq!(verdict(&[(21, &visible)]), "ok change-visible");
    let catalog = "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/Metadata 9 0 R/AcroForm 20 0 R/Version/2.0\
                   /DSS<</Certs[]>>/Extensions<</ESIC<<>>>>/Perms<</DocMDP 22 0 R>>>>";
    assert_eq!(verdict(&[(1, catalog)]), "ok");
}

#[test]
fn everything_else_is_refused() {
    let catalog =
        |more: &str| format!("<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/Metadata 9 0 R/AcroForm 20 0 R{more}>>");
    for more in ["/OpenAction 30 0 R", "/Names<<>>", "/AA<<>>", "/OCProperties<<>>", "/Perms<</UR3 22 0 R>>"] {
        assert_eq!(verdict(&[(1, &catalog(more))]), "change-catalog", "{more}");
    }
    let page = |more: &str, annotations: &str| {
        format!(
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 10 0 R>>>>/StructParents 0{more}\
             /Annots[{annotations}]>>"
        )
    };
    assert_eq!(verdict(&[(3, &page("/Rotate 90", "21 0 R"))]), "change-page");
    assert_eq!(verdict(&[(3, &page("", "21 0 R 30 0 R")), (30, "<</Subtype/Square>>")]), "change-annotation");
    assert_eq!(verdict(&[(3, &page("", "21 0 R 21 0 R"))]), "change-annotation");
    assert_eq!(verdict(&[(10, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>")]), "change-page", "another font");
    assert_eq!(verdict(&[(4, "<<>>")]), "change-page", "other content");
    assert_eq!(verdict(&[(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 99 99]>>")]), "change-page");
    let more =
        [(2, "<</Type/Pages/Kids[3 0 R 30 0 R]/Count 2/MediaBox[0 0 600 800]>>"), (30, "<</Type/Page/Parent 2 0 R>>")];
    assert_eq!(verdict(&more), "change-pages");
    assert_eq!(verdict(&[(20, "<</Fields[21 0 R]/SigFlags 3/XFA[]>>")]), "change-form");
    assert_eq!(verdict(&[(20, "<</Fields[21 0 R]/NeedAppearances true>>")]), "change-form");
    let both = [(20, "<</Fields[21 0 R 30 0 R]/SigFlags 3>>"), (30, "<</FT/Tx/T(naam)/V(x)>>")];
    assert_eq!(verdict(&both), "change-field");
    for more in ["/A<</S/JavaScript>>", "/AA<<>>", "/OC 30 0 R"] {
        assert_eq!(verdict(&[(21, &format!("<<{WIDGET}/Rect[0 0 0 0]{more}>>"))]), "change-field", "{more}");
    }
    for place in ["0 0 600 800", "0 0 301 400", "590 0 610 9", "-9 0 9 9", "0 0 9", "0 0 9 (a)"] {
        assert_eq!(verdict(&[(21, &format!("<<{WIDGET}/Rect[{place}]>>"))]), "change-covers", "{place}");
    }
}

#[test]
fn the_structure_tree_gains_a_form_element_only() {
    let element = |body: &str| verdict(&[(23, body)]);
    assert_eq!(element("<</S/P/P 6 0 R/K<</Type/OBJR/Obj 21 0 R>>>>"), "change-structure");
    assert_eq!(element("<</S/Form/P 6 0 R/K<</Type/OBJR/Obj 4 0 R>>>>"), "change-structure");
    assert_eq!(element("<</S/Form/P 6 0 R/K<</Type/OBJR/Obj 21 0 R>>/ActualText(x)>>"), "change-structure");
    assert_eq!(verdict(&[(8, "<</Nums[0 [7 0 R 7 0 R] 1 23 0 R]>>")]), "change-structure");
    assert_eq!(verdict(&[(8, "<</Nums[0 [7 0 R] 1 7 0 R]>>")]), "change-structure");
    assert_eq!(verdict(&[(8, "<</Nums[1 23 0 R]>>")]), "change-structure");
    assert_eq!(verdict(&[(6, "<</Type/StructTreeRoot/K[23 0 R]/ParentTree 8 0 R>>")]), "change-structure");
    assert_eq!(
        verdict(&[(7, "<</Type/StructElem/S/Document/P 6 0 R/K 0/Pg 3 0 R/ActualText(x)>>")]),
        "change-structure"
    );
    // Below the document's own element, as well as beside it.
    let below = [
        (6, "<</Type/StructTreeRoot/K[7 0 R]/ParentTree 8 0 R/ParentTreeNextKey 2>>"),
        (7, "<</Type/StructElem/S/Document/P 6 0 R/K[0 23 0 R]/Pg 3 0 R>>"),
        (23, "<</Type/StructElem/S/Form/P 7 0 R/K<</Type/OBJR/Obj 21 0 R>>>>"),
    ];
    assert_eq!(verdict(&below), "ok");
}

#[test]
fn a_certification_and_a_lock_bind_who_comes_after() {
    let twice = |reference: &str| {
        let first = format!("<</Type/Sig/ByteRange[0 1 2 3]/Contents<30>/Reference[<<{reference}>>]>>");
        let mut build = revised(&with(&SIGNATURE, &[(22, &first)]));
        build.objects(&[
            (20, "<</Fields[21 0 R 31 0 R]/SigFlags 3>>"),
            (31, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Twee)/V 32 0 R/Rect[0 0 0 0]>>"),
            (32, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<30>>>"),
        ]);
        build.save("/Root 1 0 R/Info 5 0 R");
        unchanged(&build.bytes, &letter().bytes).map(|notes| notes.len()).map_err(|finding| finding.code)
    };
    assert_eq!(twice("/TransformMethod/DocMDP/TransformParams<</P 2>>"), Ok(0));
    assert_eq!(twice("/TransformMethod/DocMDP/TransformParams<</P 1>>"), Err("change-certified"));
    assert_eq!(twice("/TransformMethod/FieldMDP/TransformParams<</Action/All>>"), Err("change-certified"));
    let named = "/TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(Drie)]>>";
    assert_eq!(twice(named), Ok(0));
    assert_eq!(twice(&named.replace("Drie", "Twee")), Err("change-certified"));
    assert_eq!(twice(&named.replace("Include", "Exclude")), Err("change-certified"));
}

#[test]
fn an_empty_signature_field_may_be_filled_and_another_field_may_not() {
    let verdict = |kind: &str, after: &str| {
        let mut build = letter();
        let field = format!("<</Type/Annot/Subtype/Widget/FT/{kind}/T(Een)/P 3 0 R/Rect[0 0 0 0]>>");
        build.objects(&with(&SIGNATURE, &[(21, &field), (23, SIGNATURE[7].1)]));
        build.save("/Root 1 0 R");
        let issued = build.bytes.clone();
        build.objects(&[(21, &field.replace(">>", after)), (32, "<</ByteRange[0 1 2 3]/Contents<30>>>")]);
        build.save("/Root 1 0 R");
        unchanged(&build.bytes, &issued).map(|notes| notes.len()).map_err(|finding| finding.code)
    };
    assert_eq!(verdict("Sig", "/V 32 0 R>>"), Ok(0));
    assert_eq!(verdict("Sig", "/V 32 0 R/TU(x)>>"), Err("change-form"));
    assert_eq!(verdict("Sig", "/TU(x)>>"), Err("change-form"));
    assert_eq!(verdict("Tx", "/V(x)>>"), Err("change-annotation"));
}

#[test]
fn what_one_signer_saw_counts_though_it_was_changed_back() {
    let hidden = (10, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>");
    let mut build = revised(&with(&SIGNATURE, &[hidden]));
    build.objects(&LETTER[6..]);
    build.save("/Root 1 0 R/Info 5 0 R");
    let document = Document::read(&build.bytes).expect("it reads");
    assert!(changes(&document, 0, 2).is_ok());
    assert_eq!(unchanged(&build.bytes, &letter().bytes).map_err(|finding| finding.code), Err("change-page"));
    assert_eq!(unchanged(&build.bytes[1..], &letter().bytes).map_err(|finding| finding.code), Err("not-as-issued"));
    let freed = {
        let mut build = letter();
        build.entry(10, [0, 0, 1]);
        build.save("/Root 1 0 R/Info 5 0 R");
        build.bytes
    };
    assert_eq!(unchanged(&freed, &letter().bytes).map_err(|finding| finding.code), Err("change-page"));
}

#[test]
fn a_field_that_waits_for_its_signature_shows_nothing() {
    let waiting = WIDGET.replace("/V 22 0 R", "");
    for (shown, expected) in [
        ("/AP<</N 4 0 R>>", "change-field"),
        ("/AP<</N 4 0 R/D 4 0 R>>", "change-field"),
        ("/MK<</CA(Wij verlenen u een subsidie)>>", "change-field"),
        ("/AP<</N<</Aan 4 0 R>>>>", "change-field"),
        ("", "ok change-visible"),
    ] {
        assert_eq!(verdict(&[(21, &format!("<<{waiting}/Rect[400 20 580 80]{shown}>>"))]), expected, "{shown}");
    }
}
