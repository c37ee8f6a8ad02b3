//! Mailings: one letter to every row of a table.
//!
//! A table becomes recipients ([`recipients`]), each of which makes the letter its own: numbers and days of a workbook are
//! written as text (`typed.rs`), and what a spreadsheet broke is found (`damage.rs`). [`check`] finds everything that is
//! wrong with any of them before anything happens: in the columns (`columns.rs`), in a row (`row.rs`), between rows
//! (`doubles.rs`) and on the page (`window.rs`).
//!
//! A run is planned in the register ([`plan`]), made by workers ([`work`]) that one program watches ([`crew`]), and read back
//! ([`outcome`]); its letters are delivered from the archive ([`deliver`]). Before that, the workbench keeps it with its table
//! ([`prepared`]).
//! [`mod@print`] puts the letters in one file for a printer, in the order that the post likes best ([`order`]).

pub mod check;
pub mod columns;
pub mod crew;
mod damage;
mod day;
pub mod deliver;
mod doubles;
pub mod matter;
pub mod order;
pub mod outcome;
pub mod plan;
pub mod prepared;
pub mod print;
pub mod proof;
pub mod recipients;
pub mod refused;
mod row;
pub mod specimen;
mod stored;
pub mod told;
mod typed;
mod window;
pub mod work;
