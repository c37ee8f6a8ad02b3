//! The rules of the house that a compiler doesn't check.

use std::path::Path;
use std::process::Command;

use crate::support::{files_below, repository};

/// The modules in the order in which they may import each other.
const ORDER: [&str; 21] = [
    "zone",
    "source",
    "error",
    "messages",
    "contract",
    "assets",
    "workspace",
    "table",
    "markup",
    "letter",
    "template",
    "typeset",
    "draft",
    "register",
    "signature",
    "archive",
    "issue",
    "mailing",
    "preview",
    "web",
    "cli",
];

fn sources() -> Vec<(String, String)> {
    let root = repository().join("src");
    let files = files_below(&root).into_iter();
    let read = |path: &Path| std::fs::read_to_string(path).expect("a source file");
    files.map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), read(&path))).collect()
}

#[test]
fn imports_run_one_way() {
    let rank = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| path != "lib.rs" && path != "main.rs") {
        let module = path.split('/').next().unwrap().trim_end_matches(".rs");
        let own = rank(module).unwrap_or_else(|| panic!("{module} has no place in the order"));
        // Written so, it would not be seen what is used.
        assert!(!text.contains("use crate::{"), "{path}");
        for named in text.split("crate::").skip(1) {
            let name: String = named.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if rank(&name).is_some_and(|other| other > own) {
                wrong.push(format!("{path} uses crate::{name}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_file_stays_one_idea() {
    let long = sources().into_iter().filter(|(_, text)| text.lines().count() > 420);
    assert_eq!(long.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<String>::new());
}

/// Whether a file names a module.
fn names(file: &std::path::Path, module: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| text.contains(&format!("mod {module};")))
}

#[test]
fn no_test_file_is_forgotten() {
    let root = repository().join("tests/it");
    let files = files_below(&root).into_iter();
    let forgotten = files.filter(|file| file.extension().is_some_and(|ext| ext == "rs")).filter(|file| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = file.parent().unwrap();
        let above = match name.as_str() {
            "main" => return folder != root,
            // A module that is a folder.
            "mod" => return !names(&folder.with_file_name("main.rs"), &folder.file_name().unwrap().to_string_lossy()),
            _ if folder == root => root.join("main.rs"),
            _ => Some(folder.join("mod.rs")).filter(|file| file.is_file()).unwrap_or(folder.with_extension("rs")),
        };
        !names(&above, &name)
    });
    assert_eq!(forgotten.collect::<Vec<_>>(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn dependencies_come_from_the_registry_and_each_has_a_version() {
    let read = |file: &str| -> toml::Table {
        toml::from_str(&std::fs::read_to_string(repository().join(file)).unwrap()).expect("TOML")
    };
    let lock = read("Cargo.lock");
    let packages = lock["package"].as_array().expect("packages");
    let foreign = packages.iter().filter(|package| {
        let source = package.get("source").and_then(|source| source.as_str());
        // Our own crate has none.
        source != Some("registry+https://github.com/rust-lang/crates.io-index")
            && package["name"].as_str() != Some("postkamer")
    });
    assert_eq!(foreign.collect::<Vec<_>>(), Vec::<&toml::Value>::new());
    let manifest = read("Cargo.toml");
    let mut all = vec![&manifest["dependencies"], &manifest["dev-dependencies"]];
    let targets = manifest["target"].as_table().expect("targets");
    all.extend(targets.values().filter_map(|target| target.get("dependencies")));
    let all = all.into_iter().filter_map(|table| table.as_table()).flatten();
    let loose = all.filter(|(_, asked)| {
        let version = asked.as_str().or_else(|| asked.get("version").and_then(|version| version.as_str()));
        version.is_none_or(|version| version.contains('*'))
    });
    assert_eq!(loose.map(|(name, _)| name).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn dependencies_have_allowed_licences_and_comemo_is_one() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).expect("cargo's metadata");
    let deny: toml::Table =
        toml::from_str(&std::fs::read_to_string(repository().join("deny.toml")).unwrap()).expect("deny.toml");
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().filter_map(|it| it.as_str()).collect();
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 100);
    let mut refused = Vec::new();
    for package in packages {
        let expression = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        // Every part that is joined by AND needs an allowed alternative.
        let fits = expression.split(" AND ").all(|part| {
            let alternatives = part.trim_matches(['(', ')', ' ']).split(" OR ");
            alternatives.map(|name| name.trim_matches(['(', ')', ' '])).any(|name| allowed.contains(&name))
        });
        if !fits {
            refused.push(format!("{} {expression}", package["name"]));
        }
    }
    assert_eq!(refused, Vec::<String>::new());
    for single in ["comemo", "typst", "typst-library", "krilla"] {
        assert_eq!(packages.iter().filter(|package| package["name"] == single).count(), 1, "{single}");
    }
}
