//! A strict reader of PDF revisions (ISO 32000-2, 7.5): what the file says, or why it can't be trusted to say it.
