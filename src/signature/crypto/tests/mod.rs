//! Each rule, broken on purpose.

mod certificates;
mod pki;
mod signatures;
mod timestamps;
