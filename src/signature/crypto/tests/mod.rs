//! Each rule, broken on purpose.

mod certificates;
mod keys;
mod pki;
mod signatures;
mod timestamps;
