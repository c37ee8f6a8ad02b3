//! What other people made and `./test` fetches.

use std::path::PathBuf;
use std::process::Command;

/// The folder where `./test` puts them.
pub fn folder() -> PathBuf {
    match std::env::var_os("POSTKAMER_TOOLS") {
        Some(folder) => folder.into(),
        None => super::repository().join("target/tools"),
    }
}

/// The script of axe-core, which judges pages.
pub fn axe() -> String {
    let jar = folder().join("axe-core-4.11.0.jar");
    let unpacked = Command::new("unzip").arg("-p").arg(&jar).arg("axe.min.js").output().expect("unzip is there");
    let script = String::from_utf8(unpacked.stdout).expect("a script");
    assert!(script.starts_with("/*! axe v"), "no axe-core in {}: ./test fetches it", jar.display());
    script
}
