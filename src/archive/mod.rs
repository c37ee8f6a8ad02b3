//! The archive: what was sent, whole and provable, in plain folders that need no program to be read.
//!
//! At rest it is an OCFL 1.1 storage root: one object per letter, its versions never changed once they are there.
//! [`store`] opens it; [`stage`] writes a version beside it in full, [`commit`] moves it in, and [`recover`] brings an
//! object back to the version that the register has recorded, whatever interrupted that. [`inventory`] says what an object
//! holds, [`object`] reads from it, and [`fixity`] proves that it is still what the register recorded.
//!
//! [`contents`] is what a version of a letter holds, with [`source`], what it was made from, and [`mdto`], what is known
//! of it. [`keep`] keeps the archive and the register in step, [`together`] for many letters at once; [`accept`] takes in what comes back signed,
//! [`receive`] what comes in, and [`later`] the file of what came in before.

pub mod accept;
mod again;
mod arrival;
pub mod audit;
pub mod bundle;
pub mod commit;
pub mod contents;
pub mod digest;
mod disk;
pub mod export;
pub mod fixity;
mod hold;
pub mod inventory;
pub mod issued;
pub mod keep;
mod kept;
pub mod later;
pub mod layout;
mod marks;
pub mod mdto;
pub mod names;
pub mod object;
pub mod packing;
pub mod paths;
pub mod places;
pub mod receive;
pub mod recover;
pub mod shown;
pub mod source;
pub mod stage;
pub mod store;
pub mod together;
