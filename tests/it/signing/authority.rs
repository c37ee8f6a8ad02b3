//! A certificate authority for a test: signatories with their PKCS#12 files, and a time-stamping server's certificate.

use std::path::PathBuf;

use postkamer::signature::sign::Identity;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use tempfile::TempDir;

use crate::outside::run;

/// The passphrase of every file.
pub const PASSPHRASE: &str = "geheim é";

/// An authority with its files in a folder.
pub struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = named("Uitgever");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let this = Self { folder: TempDir::new().expect("a temporary folder"), issuer };
        std::fs::write(this.path("ca.pem"), this.issuer.pem()).expect("it is written");
        this
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The authority's own certificate.
    pub fn anchor(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// Makes a key and a certificate as `name.key` and `name.pem`.
    pub fn certify(&self, name: &str, key: &KeyPair, change: impl FnOnce(&mut CertificateParams)) {
        let mut params = named(name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        change(&mut params);
        let certificate = params.signed_by(key, &self.issuer).expect("a certificate");
        std::fs::write(self.path(&format!("{name}.key")), key.serialize_pem()).expect("it is written");
        std::fs::write(self.path(&format!("{name}.pem")), certificate.pem()).expect("it is written");
    }

    /// The certificate and the key of a time-stamping server, `tsa.pem` and `tsa.key` (RFC 3161, 2.3).
    pub fn certify_tsa(&self) {
        self.certify("tsa", &key("p256"), |params| {
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::TimeStamping];
            // Critical, which rcgen can't say otherwise.
            let content = vec![0x30, 0x0A, 0x06, 0x08, 0x2B, 6, 1, 5, 5, 7, 3, 8];
            let mut extension = rcgen::CustomExtension::from_oid_content(&[2, 5, 29, 37], content);
            extension.set_criticality(true);
            params.extended_key_usages = Vec::new();
            params.custom_extensions = vec![extension];
        });
    }

    /// A PKCS#12 file of a key and a certificate that are there; none without OpenSSL.
    pub fn pack(&self, key: &str, certificate: &str, options: &[&str]) -> Option<PathBuf> {
        let file = |name: String| self.path(&name).display().to_string();
        let [key, certificate] = [file(format!("{key}.key")), file(format!("{certificate}.pem"))];
        let (anchor, out, pass) = (file("ca.pem".into()), file("out.p12".into()), format!("pass:{PASSPHRASE}"));
        let mut arguments = vec!["pkcs12", "-export", "-in", &certificate, "-certfile", &anchor, "-passout", &pass];
        if !options.contains(&"-nokeys") {
            arguments.extend(["-inkey", &key]);
        }
        arguments.extend(options);
        arguments.extend(["-out", &out]);
        run("openssl", &arguments, &[])?;
        Some(self.path("out.p12"))
    }

    /// A signatory's PKCS#12 file; none without OpenSSL.
    pub fn p12(&self, name: &str, kind: &str) -> Option<Vec<u8>> {
        self.certify(name, &key(kind), |_| {});
        let path = self.pack(name, name, &[])?;
        Some(std::fs::read(path).expect("OpenSSL made it"))
    }

    /// A signatory; none without OpenSSL.
    pub fn identity(&self, name: &str, kind: &str) -> Option<Identity> {
        let read = Identity::read(&self.p12(name, kind)?, PASSPHRASE);
        Some(read.unwrap_or_else(|finding| panic!("{}", finding.code)))
    }
}

/// A new key.
pub fn key(kind: &str) -> KeyPair {
    match kind {
        "rsa" => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048),
        "p256" => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
        "p384" => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        other => panic!("{other}"),
    }
    .expect("a key")
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2049, 1, 1));
    params.use_authority_key_identifier_extension = true;
    params
}
