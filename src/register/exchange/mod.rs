//! The register as a table: taken out whole, and a register's table taken in.
//!
//! What is taken out and taken in again, into an empty register, gives the same table, whichever database lies below.
//! A table carries what is known about each letter. It does not carry the letters themselves: neither the files that were
//! received or sent, nor the text that is searched, nor the path of a letter file, nor the events of the chain.
//!
//! [`facts`] is a letter as such a table has it, [`export`] writes all of them, [`import`] takes a table in, [`zgw`] is for systems that speak the ZGW
//! APIs.

pub mod export;
pub mod facts;
pub mod import;
pub mod zgw;

/// The columns of a table of letters, in the order in which they are written; also the names in its JSON.
pub const COLUMNS: [&str; 23] = [
    "id",
    "richting",
    "soort",
    "kenmerk",
    "zaaknummer",
    "datum",
    "ontvangen",
    "verzonden",
    "wijze",
    "onderwerp",
    "correspondent",
    "behandelaar",
    "status",
    "uw_kenmerk",
    "uw_brief",
    "termijn",
    "vertrouwelijkheid",
    "in_reactie_op",
    "beantwoord_door",
    "zelfde_zaak",
    "reden",
    "handmatig",
    "gereserveerd",
];
