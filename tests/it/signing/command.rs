//! `postkamer sign` as it is typed.

use super::LETTER;
use super::authority::{Authority, PASSPHRASE};
use super::server::{Manner, start};
use crate::outside::run;
use crate::support::Workspace;

/// A workspace with a rendered letter and the key of a signatory; none without OpenSSL.
fn workspace(authority: &Authority) -> Option<Workspace> {
    let p12 = authority.p12("A.P. Heidema", "p256")?;
    let workspace = Workspace::new();
    workspace.write("sleutel.p12", p12);
    workspace.write("wachtwoord", format!("{PASSPHRASE}\n"));
    workspace.run(&["render", LETTER, "-o", "brief.pdf"]).exits(0);
    Some(workspace)
}

const SIGN: [&str; 4] = ["sign", "brief.pdf", "--p12", "sleutel.p12"];

#[test]
fn a_file_is_signed_beside_itself() {
    let authority = Authority::new();
    let Some(workspace) = workspace(&authority) else { return };
    let secret = [("POSTKAMER_P12_PASSPHRASE", PASSPHRASE)];
    let run_it = workspace.run_with(&SIGN, &secret).exits(0);
    assert_eq!(run_it.out, "");
    assert!(run_it.err.contains("brief-ondertekend.pdf"), "{}", run_it.err);
    let before = std::fs::read(workspace.path("brief.pdf")).unwrap();
    let signed = std::fs::read(workspace.path("brief-ondertekend.pdf")).unwrap();
    assert!(signed.starts_with(&before) && signed.len() > before.len());
    let said = run("pdfsig", &["-nocert"], &[workspace.path("brief-ondertekend.pdf")]);
    assert!(said.is_none_or(|said| said.contains("Signature is Valid.")));

    // A name that the user did not choose is not written over; one that was, is.
    assert!(workspace.run_with(&SIGN, &secret).exits(1).err.contains("bestaat al"));
    let url = start(&authority, Manner::Good).expect("OpenSSL was there");
    let more = ["--passphrase-file", "wachtwoord", "--tsa", &url, "-o", "brief-ondertekend.pdf"];
    workspace.run(&[&SIGN[..], &more].concat()).exits(0);
    let stamped = std::fs::read(workspace.path("brief-ondertekend.pdf")).unwrap();
    assert!(stamped.len() > signed.len() && stamped.starts_with(&before));
}

#[test]
fn mistakes_are_refused_and_nothing_is_written() {
    let authority = Authority::new();
    let Some(workspace) = workspace(&authority) else { return };
    workspace.write("regels", "een\ntwee\n");
    workspace.write("latin", b"geheim \xe9\n");
    workspace.write("tekst.pdf", "geen pdf");
    let file = ["--passphrase-file", "wachtwoord"];
    let sign = |arguments: &[&str]| workspace.run(arguments);
    for (arguments, words) in [
        (&SIGN[..], "wachtwoord van het bestand met de sleutel ontbreekt"),
        (&[&SIGN[..], &["--passphrase-file", "regels"]].concat(), "geen wachtwoord dat te lezen is"),
        (&[&SIGN[..], &["--passphrase-file", "latin"]].concat(), "geen wachtwoord dat te lezen is"),
        (&[&SIGN[..], &["--passphrase-file", "postkamer.toml"]].concat(), "geen wachtwoord dat te lezen is"),
        (&[&SIGN[..], &["--passphrase-file", "is-er-niet"]].concat(), "is-er-niet is er niet"),
        (&[&SIGN[..], &file, &["--tsa", "file:///etc/passwd"]].concat(), "geen adres van een tijdstempeldienst"),
        (&[&SIGN[..], &file, &["-o", "brief.pdf"]].concat(), "blijft zoals het is"),
        (&[&SIGN[..], &file, &["-o", "postkamer.toml"]].concat(), "postkamer.toml"),
        (&["sign", "weg.pdf", "--p12", "sleutel.p12"], "weg.pdf is er niet"),
        (&["sign", "brief.pdf", "--p12", "weg.p12"], "weg.p12 is er niet"),
        (
            &["sign", "brief.pdf", "--p12", "brief.pdf", "--passphrase-file", "wachtwoord"],
            "geen bestand met een sleutel",
        ),
        (&["sign", "tekst.pdf", "--p12", "sleutel.p12", "--passphrase-file", "wachtwoord"], "pdf"),
    ] {
        let said = sign(arguments).exits(1);
        assert!(said.err.contains(words) && said.out.is_empty(), "{arguments:?}: {}", said.err);
    }
    let wrong = workspace.run_with(&SIGN, &[("POSTKAMER_P12_PASSPHRASE", "fout")]).exits(1);
    assert!(wrong.err.contains("wachtwoord van het bestand met de sleutel klopt niet"), "{}", wrong.err);
    let url = start(&authority, Manner::Broken).expect("OpenSSL was there");
    let failed = sign(&[&SIGN[..], &file, &["--tsa", &url]].concat()).exits(3);
    assert!(failed.err.contains("HTTP 500"), "{}", failed.err);
    assert!(!workspace.path("brief-ondertekend.pdf").exists());
}

#[test]
fn the_key_and_its_passphrase_are_not_written_over() {
    let authority = Authority::new();
    let Some(workspace) = workspace(&authority) else { return };
    for secret in ["sleutel.p12", "wachtwoord"] {
        let before = std::fs::read(workspace.path(secret)).unwrap();
        let more = ["--passphrase-file", "wachtwoord", "-o", secret, "--json"];
        let run = workspace.run(&[&SIGN[..], &more].concat()).exits(1).json();
        assert_eq!(run["fouten"][0]["code"], "sign-over-key", "{secret}");
        assert_eq!(std::fs::read(workspace.path(secret)).unwrap(), before, "{secret}");
    }
}

#[test]
fn what_was_signed_is_told_as_json() {
    let authority = Authority::new();
    let Some(workspace) = workspace(&authority) else { return };
    let told = workspace.run(&[&SIGN[..], &["--passphrase-file", "wachtwoord", "--json"]].concat()).exits(0).json();
    assert_eq!((&told["id"], &told["ongewijzigd"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    let signature = &told["handtekeningen"][0];
    // Nobody is trusted in this workspace.
    assert_eq!(signature["ondertekenaar"], "A.P. Heidema");
    assert_eq!((&signature["geldig"], &signature["code"]), (&false.into(), &"signature-untrusted".into()));
    assert_eq!((&told["pdfa"], &told["pdfua"]), (&true.into(), &true.into()));
}
