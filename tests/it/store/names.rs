//! Identifiers and names of files: whatever they are, they stay within their object.

use std::path::Component;

use postkamer::archive::{layout, paths};
use proptest::prelude::*;

use super::{Shelf, code_of, contents, facts, judged};

fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,40}",
        "[./%~ A-Za-z0-9_-]{1,30}",
        "[a-z%/é]{90,300}",
        Just("CON".to_string()),
        Just("..".to_string()),
        Just("2021/0266135".to_string()),
        Just(".".to_string()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,30}",
        "([a-c.]{1,3}/){0,3}[a-c.]{0,3}",
        "[a-z /\\\\.]{1,20}",
        "[a-zé]{120,300}",
        any::<String>(),
        Just("../../inventory.json".to_string()),
        Just("/etc/passwd".to_string()),
        Just("NUL".to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_object_lies_four_folders_deep(id in id(), other in id()) {
        let folder = layout::folder_of(&id);
        let parts: Vec<_> = std::path::Path::new(&folder).components().collect();
        prop_assert_eq!(parts.len(), 4);
        prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))));
        prop_assert!(folder.is_ascii() && folder.split('/').all(|part| part.len() <= 165));
        prop_assert_eq!(folder == layout::folder_of(&other), id == other);
    }

    #[test]
    fn a_fine_path_stays_below_its_folder(path in path()) {
        let normal = std::path::Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
        if paths::is_fine(&path) {
            prop_assert!(normal && !path.ends_with('/') && !path.contains('\\'));
        } else {
            prop_assert!(paths::check(std::iter::once(path.as_str())).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_it_is_called_it_comes_out_again(
        ids in proptest::collection::btree_set(id(), 1..6),
        names in proptest::collection::vec(path(), 1..6),
    ) {
        let mut shelf = Shelf::new();
        // rocfl can't read an identifier with an escape in its JSON.
        let ids: Vec<_> = ids.iter().filter(|id| !id.contains(['"', '\\']) && layout::check_id(id).is_ok()).collect();
        let fine: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
        let is_fine = paths::check(fine.iter().map(|(name, _)| *name)).is_ok();
        for id in ids {
            shelf.put(id, &[("brief.pdf", id)]);
            if is_fine {
                shelf.put(id, &fine);
                for (name, text) in &fine {
                    prop_assert_eq!(shelf.read(id, name, 2), *text);
                }
            } else {
                let refused = shelf.store.stage("new", None, &contents(&fine), facts());
                prop_assert!(["archive-path-refused", "archive-path-twice"].contains(&code_of(refused)));
            }
            prop_assert_eq!(shelf.read(id, "brief.pdf", 1), id.as_str());
        }
        shelf.is_whole();
        shelf.is_swept();
        // Nor a path with one: the inventory is valid all the same.
        if !names.iter().any(|name| name.contains('"')) {
            judged(shelf.root(), true);
        }
    }
}
