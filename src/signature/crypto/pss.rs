//! Certificates signed with RSASSA-PSS.
//!
//! webpki compares an algorithm identifier byte by byte, parameters and all, and knows one salt length for each hash. Other
//! salts are lawful (RFC 4055, 3.1) and common, the longest that fits above all; so those are listed here.

use std::sync::LazyLock;

use aws_lc_rs::signature::{self as aws, RsaPssSaltLength, VerificationAlgorithm};
use rustls::pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

use super::algorithms::Hash;

/// One combination of key, hash and salt.
#[derive(Debug)]
struct Pss {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    hash: Hash,
    salt: u16,
}

impl SignatureVerificationAlgorithm for Pss {
    fn verify_signature(&self, key: &[u8], message: &[u8], value: &[u8]) -> Result<(), InvalidSignature> {
        let parameters = match self.hash {
            Hash::Sha256 => aws::RSA_PSS_2048_8192_SHA256,
            Hash::Sha384 => aws::RSA_PSS_2048_8192_SHA384,
            Hash::Sha512 => aws::RSA_PSS_2048_8192_SHA512,
        };
        let algorithm = parameters.with_pss_salt_length(RsaPssSaltLength::Custom(self.salt));
        algorithm.verify_sig(key, message, value).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

static ALL: LazyLock<Vec<Pss>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let length = u16::try_from(hash.length()).unwrap_or_default();
        // Salts: as long as the hash, the default, and the longest for keys of 2048, 3072 and 4096 bits.
        for salt in [length, 20, 256 - 2 - length, 384 - 2 - length, 512 - 2 - length] {
            // The identifiers live as long as the program; there are some sixty, made once.
            let signature = AlgorithmIdentifier::from_slice(Vec::leak(identifier(hash, salt)));
            let bare = AlgorithmIdentifier::from_slice(&ID_PSS);
            for key in [alg_id::RSA_ENCRYPTION, bare, signature] {
                all.push(Pss { key, signature, hash, salt });
            }
        }
    }
    all
});

/// id-RSASSA-PSS with its header.
const ID_PSS: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];

/// The combinations known.
pub fn all() -> impl Iterator<Item = &'static dyn SignatureVerificationAlgorithm> {
    ALL.iter().map(|one| one as &dyn SignatureVerificationAlgorithm)
}

/// The contents of an AlgorithmIdentifier with RSASSA-PSS-params (RFC 4055, 3.1).
fn identifier(hash: Hash, salt: u16) -> Vec<u8> {
    let which = match hash {
        Hash::Sha256 => 1,
        Hash::Sha384 => 2,
        Hash::Sha512 => 3,
    };
    let hash = wrap(0x30, &[&[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, which, 0x05, 0x00]]);
    let mgf1 = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];
    let mut digits: Vec<u8> = salt.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    let mut fields = wrap(0xa0, &[&hash]);
    fields.extend(wrap(0xa1, &[&wrap(0x30, &[&mgf1, &hash])]));
    // DER leaves a default out.
    if salt != 20 {
        fields.extend(wrap(0xa2, &[&wrap(0x02, &[&digits])]));
    }
    [ID_PSS.to_vec(), wrap(0x30, &[&fields])].concat()
}

/// A value of fewer than 128 bytes with its header.
fn wrap(tag: u8, pieces: &[&[u8]]) -> Vec<u8> {
    let contents = pieces.concat();
    let length = u8::try_from(contents.len()).unwrap_or_default();
    [&[tag, length], contents.as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_written_as_webpki_knows_them() {
        for (hash, salt, known) in [
            (Hash::Sha256, 32, alg_id::RSA_PSS_SHA256),
            (Hash::Sha384, 48, alg_id::RSA_PSS_SHA384),
            (Hash::Sha512, 64, alg_id::RSA_PSS_SHA512),
        ] {
            assert_eq!(identifier(hash, salt), known.as_ref());
        }
        assert_eq!(all().count(), 45);
    }
}
