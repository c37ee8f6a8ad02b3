//! Names, tables and requests that no clerk makes.
