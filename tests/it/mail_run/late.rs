//! What shows only on the page: rows whose number is void because their address doesn't fit, and letters that grow.

use super::*;

/// A row with an address that no window holds.
fn wide(at: usize) -> String {
    let name = "Coöperatieve vereniging van bakkers en banketbakkers in de oostelijke buurten ".repeat(6);
    row(at).replace(&format!("Bakker {at}"), &format!("{name}{at}"))
}

#[test]
fn an_address_beside_the_window_makes_its_number_void() {
    for post in Post::all() {
        post.rows(&[row(1), wide(2), row(3)]);
        let report = post.mailed(4);
        assert_eq!(standing(&report), [done(2, 1), refused(3), done(4, 3)]);
        assert_eq!(counts(&report), [3, 2, 1, 0]);
        let why = said(&report, 3);
        assert!(why.contains("venster"), "{why}");
        let (_, status, reason) = post.numbers().into_iter().find(|one| one.0 == kenmerk(2)).expect("the number");
        assert_eq!(status, "vervallen");
        assert!(reason.as_deref().is_some_and(|reason| why.contains(reason.split(';').next().unwrap())), "{reason:?}");
        assert!(!post.office.workspace.path(&pdf(2)).exists());
        let entry = post.run(&["register", "show", &kenmerk(2), "--json"]).exits(0).json();
        assert_eq!((&entry["status"], &entry["bestanden"]), (&"vervallen".into(), &serde_json::json!([])));
        post.is_sound();
        // Once more it would be the same, so nothing is done.
        let before = post.kept();
        assert_eq!(post.mailed(4), report);
        assert!(post.kept() == before, "something has changed");
        // Mended, it gets another number; the void one stays.
        post.rows(&rows(1..=3));
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 4), done(4, 3)]);
        assert_eq!(post.numbers()[1].1, "vervallen");
        post.is_sound();
    }
}

#[test]
fn of_letters_none_of_which_fits_the_letter_may_still_be_changed() {
    let post = Post::new();
    post.rows(&rows([1, 2]));
    post.run(&["template", "eject", "gs-brief-2022"]).exits(0);
    let template = "templates/gs-brief-2022/brief.typ.hbs";
    let text = post.office.workspace.read(template);
    // Something else in the window.
    let placed = "#for dy in (30mm, -50mm) { place(top + left, dx: 30mm, dy: dy)[{{rij.thema}}] }\n{{inhoud}}";
    assert!(text.contains("{{inhoud}}"));
    post.write(template, text.replace("{{inhoud}}", placed));
    let report = post.mailed(4);
    assert_eq!(standing(&report), [refused(2), refused(3)]);
    assert!(said(&report, 2).contains("venster"), "{report}");
    assert_eq!(post.numbers().iter().filter(|one| one.1 == "vervallen").count(), 2);
    post.write(template, text);
    let report = post.mailed(0);
    assert_eq!(standing(&report), [done(2, 3), done(3, 4)]);
    assert_eq!(said(&report, 2), "");
    post.is_sound();
}

#[test]
fn a_letter_that_grows_is_made_and_pointed_out() {
    let post = Post::new();
    post.rows(&[row(1), row(2).replace("de stoep", &"de stoep en de goot en de weg ".repeat(300))]);
    let report = post.mailed(0);
    assert_eq!(standing(&report), [done(2, 1), done(3, 2)]);
    assert_eq!(said(&report, 2), "");
    assert!(said(&report, 3).contains("3 pagina’s"), "{report}");
    post.is_sound();
}
