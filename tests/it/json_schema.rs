//! The JSON Schema of each template, for editors: valid itself, and true of letters.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use crate::support::{Workspace, example_letters, repository};

/// The checker that `./test` installs; none where it has not run.
fn checker() -> Option<PathBuf> {
    let tools = std::env::var_os("POSTKAMER_TOOLS").map_or_else(|| repository().join("target/tools"), PathBuf::from);
    let found = tools.join("venv/bin/check-jsonschema");
    if !found.is_file() {
        eprintln!("check-jsonschema is not there, so schemas are not held against letters: run ./test");
        return None;
    }
    Some(found)
}

fn runs(checker: &Path, arguments: &[&str]) -> Result<(), String> {
    let run = Command::new(checker).args(arguments).output().expect("the checker runs");
    if run.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&run.stdout).into_owned()) }
}

/// A TOML value as an editor's plugin hands it to a schema.
fn json(value: &toml::Value) -> Json {
    match value {
        toml::Value::Datetime(day) => day.to_string().into(),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(fields) => fields.iter().map(|(name, field)| (name.clone(), json(field))).collect(),
        other => serde_json::to_value(other).expect("a value of JSON"),
    }
}

#[test]
fn every_schema_is_valid_and_every_example_letter_with_it() {
    let Some(checker) = checker() else { return };
    let workspace = Workspace::new();
    for letter in example_letters() {
        let text = workspace.read(&letter);
        let front: toml::Value = toml::from_str(text.split("+++").nth(1).unwrap()).unwrap();
        let template = front["sjabloon"].as_str().unwrap();
        let schema = format!("{template}.schema.json");
        workspace.write(&schema, workspace.run(&["template", "show", template, "--json-schema"]).exits(0).out);
        let schema = workspace.path(&schema).display().to_string();
        runs(&checker, &["--check-metaschema", &schema]).unwrap();
        let file = workspace.path("front.json").display().to_string();
        let front = json(&front);
        std::fs::write(&file, front.to_string()).unwrap();
        runs(&checker, &["--schemafile", &schema, &file]).unwrap_or_else(|said| panic!("{letter}: {said}"));
        for (pointer, wrong) in [
            ("/onderwerp", Json::from(1)),
            ("/onderwerp", "".into()),
            ("/ontvanger/plats", "x".into()),
            ("/taal", "fr".into()),
        ] {
            let mut changed = front.clone();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            changed.pointer_mut(parent).unwrap()[name] = wrong;
            std::fs::write(&file, changed.to_string()).unwrap();
            assert!(
                runs(&checker, &["--schemafile", &schema, &file]).is_err(),
                "{letter} passes with another {pointer}"
            );
        }
    }
}
