//! The archive: what was sent, whole and provable, in plain folders that need no program to be read.
