//! Letters that belong together.

use serde_json::json;

use postkamer::register::entry::Status;

use super::{dump, last_event, outgoing, read, received, refused, register, shown};
use crate::support::Workspace;

#[test]
fn letters_are_linked_and_both_ends_see_it() {
    let workspace = Workspace::new();
    let (one, two) = (received(&workspace, &[]), received(&workspace, &[]));
    outgoing(&workspace, "D1", Status::Issued, &[]);
    outgoing(&workspace, "D2", Status::Reserved, &[]);
    let run = register(&workspace, &["link", "D1", &one]).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", "D1 is gekoppeld aan I2023-000001 (beantwoordt)\n"));
    assert_eq!(shown(&workspace, "D1")["in_reactie_op"], json!([one]));
    let answered = shown(&workspace, &one);
    assert_eq!((&answered["status"], &answered["beantwoord_door"]), (&"beantwoord".into(), &json!(["D1"])));
    assert_eq!(last_event(&workspace, "D1"), ("gekoppeld".into(), json!({ "als": "beantwoordt", "met": one })));
    assert_eq!(last_event(&workspace, &one).0, "beantwoord");
    let before = dump(&workspace);
    let again = register(&workspace, &["link", "D1", &one]).exits(0);
    assert!(again.err.contains("was al gekoppeld") && dump(&workspace) == before, "{}", again.err);
    // A reserved letter answers nothing yet.
    let entry = register(&workspace, &["link", "D2", &two, "--als", "beantwoordt", "--json"]).exits(0).json();
    assert_eq!((&entry["in_reactie_op"], &shown(&workspace, &two)["status"]), (&json!([two]), &"open".into()));

    for (arguments, code) in [
        (vec!["link", "D1", "D1"], "link-itself"),
        (vec!["link", &one, "D1"], "link-both-ways"),
        (vec!["link", "D1", "D9"], "id-unknown"),
        (vec!["link", "D9", "D1"], "id-unknown"),
        (vec!["link", "D1", &two, "--weg", "--reden", "x"], "link-missing"),
        (vec!["link", "D1", &one, "--weg", "--reden", " "], "empty-value"),
        (vec!["link", "D1", &one, "--als", "zelfde-zaak", "--weg", "--reden", "x"], "link-missing"),
    ] {
        assert_eq!(refused(&workspace, &arguments).0, code, "{arguments:?}");
    }
    register(&workspace, &["link", "D1", &one, "--weg"]).exits(2);
    register(&workspace, &["link", "D1", &one, "--als", "iets"]).exits(2);
    outgoing(&workspace, "D3", Status::Void, &[]);
    assert_eq!(refused(&workspace, &["link", "D3", &two]).0, "status-refuses");
    assert_eq!(refused(&workspace, &["link", "D1", "D3", "--als", "zelfde-zaak"]).0, "status-refuses");

    let run = register(&workspace, &["link", "D1", &one, "--weg", "--reden", "Andere brief", "--taal", "en"]).exits(0);
    assert_eq!(run.err, "D1 is no longer linked to I2023-000001 (beantwoordt)\n");
    assert_eq!(last_event(&workspace, "D1").1, json!({ "als": "beantwoordt", "met": one, "reden": "Andere brief" }));
    let open = shown(&workspace, &one);
    assert_eq!((&open["status"], &open["beantwoord_door"]), (&"open".into(), &json!([])));
    assert_eq!(last_event(&workspace, &one).0, "heropend");
}

#[test]
fn letters_of_one_case_are_linked_once_whoever_is_named_first() {
    let workspace = Workspace::new();
    let (one, two) = (received(&workspace, &[]), received(&workspace, &[]));
    let case = |from: &str, to: &str, more: &[&str]| {
        register(&workspace, &[&["link", from, to, "--als", "zelfde-zaak"], more].concat()).exits(0)
    };
    case(&one, &two, &[]);
    assert_eq!(last_event(&workspace, &two), ("gekoppeld".into(), json!({ "als": "zelfde-zaak", "met": one })));
    assert!(case(&two, &one, &[]).err.contains("was al gekoppeld"));
    case(&two, &one, &["--weg", "--reden", "Vergissing"]);
    for (id, other) in [(&one, &two), (&two, &one)] {
        let gone = json!({ "als": "zelfde-zaak", "met": other, "reden": "Vergissing" });
        assert_eq!(last_event(&workspace, id), ("ontkoppeld".into(), gone));
    }
    let links = read(&workspace, |tx| tx.rows("SELECT * FROM link", &[]));
    assert_eq!(links.len(), 0);
    // Two incoming letters: one can't be the other's answer, but it is for a person to say what they are.
    let odd = register(&workspace, &["link", &one, &two]).exits(0);
    assert!(odd.err.contains("[link-one-way]") && odd.err.contains("allebei inkomend"), "{}", odd.err);
    assert_eq!(shown(&workspace, &two)["status"], "open");
}
