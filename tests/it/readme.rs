//! What the README shows is what the program does.

use crate::signing::authority::{Authority, PASSPHRASE};
use crate::support::{Workspace, repository};

/// The fenced block that begins with a line.
fn block(first: &str) -> String {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("a README");
    let start = readme.find(&format!("```\n{first}")).expect("the block is there") + 4;
    let end = readme[start..].find("```").expect("the block is closed");
    readme[start..start + end].to_string()
}

#[test]
fn the_letter_in_the_readme_is_in_order() {
    let workspace = Workspace::new();
    workspace.write("letters/antwoord.md", block("+++"));
    workspace.run(&["check", "letters/antwoord.md"]).exits(0);
}

#[test]
fn the_mistake_in_the_readme_is_shown_as_it_says() {
    let workspace = Workspace::new();
    workspace.write("letters/antwoord.md", block("+++").replace("onderwerp =", "ondrewerp ="));
    let run = workspace.run(&["check", "letters/antwoord.md", "--quiet"]).exits(1);
    assert_eq!(run.err.trim_end(), block("fout[unknown-key]").trim_end());
}

/// The commands of a section, each with what it shows on standard output.
fn commands(heading: &str) -> Vec<(String, String)> {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("a README");
    let section = readme.split(heading).nth(1).expect("the section is there").split("\n## ").next().unwrap();
    let blocks = section.split("```").skip(1).step_by(2);
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in blocks.flat_map(|block| block.trim_matches('\n').lines()) {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_string(), String::new())),
            (None, Some((command, _))) if command.ends_with('\\') => {
                command.truncate(command.len() - 1);
                command.push_str(line.trim_start());
            }
            (None, Some((_, shown))) => shown.push_str(&format!("{line}\n")),
            (None, None) => panic!("{line:?} belongs to no command"),
        }
    }
    commands
}

#[test]
fn the_way_from_advice_to_archive_is_as_the_readme_tells_it() {
    let workspace = Workspace::new();
    workspace.write("advies.pdf", "%PDF-1.7 een advies");
    let authority = Authority::new();
    let key = authority.p12("A.P. Heidema", "rsa");
    std::fs::copy(authority.anchor(), workspace.path("ca.pem")).expect("it is copied");
    let settings = workspace.read("postkamer.toml");
    workspace.write("postkamer.toml", format!("{settings}\n[vertrouwen]\nankers = ['ca.pem']\n"));
    follow(&workspace, "## From advice to answer");
    // Without openssl there is no key to sign with.
    let Some(key) = key else { return };
    std::fs::write(workspace.path("heidema.p12"), key).expect("the key is written");
    follow(&workspace, "## Signed and archived");
    workspace.run(&["register", "verify"]).exits(0);
    workspace.run(&["archive", "verify"]).exits(0);
}

#[test]
fn the_mailing_in_the_readme_goes_as_it_says_in_a_new_workspace() {
    let workspace = Workspace::new();
    workspace.run(&["init"]).exits(0);
    follow(&workspace, "## One letter, many recipients");
    assert!(workspace.path("netwerken-print.pdf").is_file());
    assert_eq!(std::fs::read_dir(workspace.path("verzending")).expect("a folder").count(), 7 + 2);
    workspace.run(&["register", "verify"]).exits(0);
    workspace.run(&["archive", "verify"]).exits(0);
}

/// Runs the commands of a section: each shows what the README says.
fn follow(workspace: &Workspace, heading: &str) {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_postkamer")).parent().unwrap().display().to_string();
    let commands = commands(heading);
    assert!(commands.len() > 2);
    for (command, shown) in commands {
        let run = std::process::Command::new("sh")
            .args(["-c", &command])
            .current_dir(workspace.path(""))
            .env_clear()
            .env("PATH", format!("{program}:/usr/bin:/bin"))
            .env("LANG", "nl_NL.UTF-8")
            .env("SOURCE_DATE_EPOCH", crate::support::EPOCH)
            .env("POSTKAMER_P12_PASSPHRASE", PASSPHRASE)
            .output()
            .expect("a shell");
        let (out, said) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert!(run.status.success(), "{command}: {out}{said}");
        assert_eq!(out.trim_end(), shown.trim_end(), "{command}");
        if command.starts_with("postkamer new") {
            workspace.change("letters/reactie.md", "onderwerp = \"\"", "onderwerp = \"Reactie op uw advies\"");
            workspace.change("letters/reactie.md", "inlichtingen_bij = \"\"", "inlichtingen_bij = \"bom\"");
        }
    }
}
