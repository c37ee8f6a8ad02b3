//! `--merge`: all letters in one file for a printer, in the order that is asked for.

use super::*;
use crate::outside::{judge, run};

/// Rows whose postcodes go another way than their places in the table.
fn streets() -> Vec<String> {
    ["9711 AA", "8012 EE", "8012 EB", "1012 AB"]
        .iter()
        .zip(1..)
        .map(|(code, at)| row(at).replace("8012 EE", code))
        .collect()
}

/// For whom the letters are, by the pages on which they begin.
fn order(post: &Post, file: &str) -> Option<Vec<String>> {
    let path = post.office.workspace.path(file);
    if let Some((fits, said)) = judge("qpdf", &["--check", &path.display().to_string()]) {
        assert!(fits && !said.contains("WARNING"), "{said}");
    }
    let text = run("pdftotext", &["-raw", "-enc", "UTF-8"], &[path, "-".into()])?;
    let names = text.lines().filter(|line| line.starts_with("Bakker ") && line.len() == 8);
    Some(names.map(String::from).collect())
}

/// The titles of the bookmarks, in their order.
fn bookmarks(post: &Post, file: &str) -> Option<Vec<String>> {
    let json = run("qpdf", &["--json", "--json-key=outlines"], &[post.office.workspace.path(file)])?;
    let json: Json = serde_json::from_str(&json).expect("JSON");
    let outlines = json["outlines"].as_array().expect("bookmarks").iter();
    Some(outlines.map(|one| one["title"].as_str().expect("a title").to_string()).collect())
}

#[test]
fn letters_come_in_the_order_of_the_table_or_of_the_postcodes() {
    let post = Post::new();
    post.rows(&streets());
    let run = post.mail(&["--merge", "druk/tabel.pdf"]).exits(0);
    assert!(run.err.contains("druk/tabel.pdf") && run.err.contains("brieven: 4"), "{}", run.err);
    post.mail(&["--merge", "code.pdf", "--order", "postcode"]).exits(0);
    let names = |at: [usize; 4]| at.map(|at| format!("Bakker {at}")).to_vec();
    let titles = |at: [usize; 4]| at.map(|at| format!("{} – Bakker {at}", kenmerk(at))).to_vec();
    for (file, at) in [("druk/tabel.pdf", [1, 2, 3, 4]), ("code.pdf", [4, 3, 2, 1])] {
        if let Some(found) = order(&post, file) {
            assert_eq!(found, names(at), "{file}");
        }
        if let Some(found) = bookmarks(&post, file) {
            assert_eq!(found, titles(at), "{file}");
        }
    }
    let before = post.bytes("code.pdf");
    post.mail(&["--merge", "code.pdf", "--order", "postcode"]).exits(0);
    assert!(post.bytes("code.pdf") == before, "another file");
}

#[test]
fn what_was_withdrawn_is_not_printed() {
    for post in Post::all() {
        post.rows(&streets());
        post.mailed(0);
        post.run(&["register", "withdraw", &kenmerk(2), "--reden", "verhuisd"]).exits(0);
        let run = post.mail(&["--merge", "druk.pdf", "--order", "postcode", "--out", "post", "--json"]).exits(0);
        assert_eq!(counts(&run.json()), [4, 4, 0, 0]);
        if let Some(found) = bookmarks(&post, "druk.pdf") {
            assert_eq!(found, [4, 3, 1].map(|at| format!("{} – Bakker {at}", kenmerk(at))));
        }
        assert!(!post.office.workspace.path("post/D2023-02-000002 Bakker 2.pdf").exists());
        let people = post.mail(&["--merge", "druk.pdf"]).exits(0);
        assert!(people.err.contains(&kenmerk(2)) && people.err.contains("ingetrokken"), "{}", people.err);
        for at in [1, 3, 4] {
            post.run(&["register", "withdraw", &kenmerk(at), "--reden", "verhuisd"]).exits(0);
        }
        // Nothing is left to print; what was recorded is as it was, and the file of before is not taken for it.
        let run = post.mail(&["--merge", "leeg.pdf"]);
        assert!(!post.office.workspace.path("leeg.pdf").exists());
        assert!(run.err.contains("brie"), "{}", run.err);
        assert_eq!(run.code, Some(0), "{}", run.err);
    }
}
