//! What people and Typst get to read, word for word. After a change that is meant: `INSTA_UPDATE=always cargo test`.

use crate::support::{Workspace, example_letters};

#[test]
fn findings_read_like_a_compilers_in_both_languages() {
    let workspace = Workspace::new();
    let text = "+++
sjabloon = \"gs-brief\"
onderwerp = \"\"
datum = 2023-02-30
zaaknumer = \"2023-003015\"
inlichtingen_bij = \"bon\"
ondertekening = \"gs\"
verzonden_aan = [\"a@example.nl\", 1]

[ontvanger]
organisatie = \"SER Overijssel\"
straat = \"Luttenbergstraat\"
postcode = \"1234 SS\"
plaats = \"Zwolle\"
+++

Aan {{ontvanger.naam}} en {{#each onderwerp}}x{{/each}}.

### Een kop

![](figuren/niet.svg)
";
    workspace.write("letters/fouten.md", text);
    let arguments = ["check", "letters/fouten.md", "--color", "never"];
    insta::assert_snapshot!("findings_nl", workspace.run(&arguments).exits(1).err);
    insta::assert_snapshot!("findings_en", workspace.run(&[&arguments[..], &["--taal", "en"]].concat()).exits(1).err);
    insta::assert_snapshot!("findings_json", workspace.run(&["check", "letters/fouten.md", "--json"]).exits(1).out);
}

#[test]
fn the_filled_typst_of_every_example_letter() {
    let workspace = Workspace::new();
    for letter in example_letters() {
        let run = workspace.run(&["render", &letter, "--format", "typ", "-o", "-"]).exits(0);
        insta::assert_snapshot!(letter.trim_start_matches("letters/").trim_end_matches(".md"), run.out);
    }
}

#[test]
fn templates_as_people_see_them() {
    let workspace = Workspace::new();
    insta::assert_snapshot!("template_list", workspace.run(&["template", "list"]).exits(0).out);
    insta::assert_snapshot!("template_show", workspace.run(&["template", "show", "uitnodiging"]).exits(0).out);
}
