//! A mailing whose workbench ends, or which ends itself.
