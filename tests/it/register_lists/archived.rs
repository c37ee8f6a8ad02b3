//! What the register says of the archive, a page at a time.

use postkamer::register::archived::{self, Archived, Kind};
use postkamer::register::db::Value;

use super::*;

#[test]
fn archived_letters_come_by_pages_and_the_last_first() {
    for shelf in Shelf::each_filled() {
        let ids = ["I2022-000001", "D2023-02-002694", "D2023-02-002700"].map(String::from);
        let known: Vec<_> = letters().into_iter().map(|entry| entry.id).filter(|id| ids.contains(id)).collect();
        assert!(known.len() >= 2, "{known:?}");
        let own = shelf.register().workspace().to_string();
        shelf.write(|journal| {
            // In a register that is shared, only those of this workspace are its own.
            journal.tx.exec("UPDATE entry SET workspace = $1", &[Value::from(own.as_str())]).unwrap();
            for id in &known {
                for version in [1, 2] {
                    let archived = Archived {
                        version,
                        kind: Kind::Issued,
                        letter_version: 1,
                        path: "brief.pdf".into(),
                        algorithm: "sha256".into(),
                        digest: format!("{id} {version}"),
                        size: version,
                        inventory: "0".into(),
                    };
                    archived.insert(journal.tx, id).unwrap();
                }
            }
        });
        let mut register = shelf.register();
        let mut all: Vec<_> = archived::own(&mut register).unwrap().into_iter().collect();
        all.reverse();
        assert_eq!(all.len(), known.len());
        assert_eq!(archived::last(&mut register, 10, 0).unwrap(), all);
        for (at, letter) in all.iter().enumerate() {
            assert_eq!(archived::last(&mut register, 1, at as i64).unwrap(), std::slice::from_ref(letter));
        }
        assert!(archived::last(&mut register, 10, all.len() as i64).unwrap().is_empty());
    }
}
