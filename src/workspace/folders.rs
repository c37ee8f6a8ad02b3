//! The folders of a workspace that are for something: in none of them lies an archive or anything else of a user's choice.

/// The letter files.
pub const LETTERS: &str = "letters";

/// Templates that override what is shipped.
pub const TEMPLATES: &str = "templates";

/// Fonts besides those that are shipped.
pub const FONTS: &str = "fonts";

/// What was issued; below it one folder a year.
pub const ISSUED: &str = "uitgaand";

/// What came in; below it one folder a year.
pub const RECEIVED: &str = "inkomend";

/// Mailings that are prepared; each has a folder with its table.
pub const MAILINGS: &str = "mailings";

/// All of them.
pub const ALL: [&str; 6] = [LETTERS, TEMPLATES, FONTS, ISSUED, RECEIVED, MAILINGS];
