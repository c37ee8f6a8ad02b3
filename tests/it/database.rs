//! The register's database: reached, brought up to date, and failing in all the ways databases do.

use crate::support::Workspace;
use crate::support::postgres::backends;

#[test]
fn a_register_is_made_where_there_is_none() {
    for backend in backends() {
        let run = Workspace::new()
            .run_with(&["register", "show", "D2023-02-000001", "--json"], &[("POSTKAMER_REGISTER_URL", &backend.url)]);
        assert_eq!(run.exits(1).json()["fouten"][0]["code"], "id-unknown", "{}", backend.name);
    }
}
