//! What a file holds, shared by all who keep it, with digests that are computed once.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{SHA256, SHA512, digest};

/// The bytes of a file. A copy shares them, and its digests: what lies with every letter of a mailing is held and hashed
/// once.
#[derive(Clone, Default)]
pub struct Bytes(Arc<Inner>);

#[derive(Default)]
struct Inner {
    bytes: Vec<u8>,
    sha256: OnceLock<String>,
    sha512: OnceLock<String>,
}

impl Bytes {
    /// SHA-256, 64 digits in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        self.0.sha256.get_or_init(|| sha256(self))
    }

    /// SHA-512, 128 digits in lower-case hexadecimal.
    pub fn sha512(&self) -> &str {
        self.0.sha512.get_or_init(|| sha512(self))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Inner { bytes, ..Inner::default() }))
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl<const N: usize> From<&[u8; N]> for Bytes {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.to_vec().into()
    }
}

impl From<&Self> for Bytes {
    fn from(bytes: &Self) -> Self {
        bytes.clone()
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl Eq for Bytes {}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

/// SHA-512 of bytes, in lower-case hexadecimal.
pub fn sha512(bytes: &[u8]) -> String {
    hex(digest(&SHA512, bytes).as_ref())
}

/// SHA-256 of bytes, in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(2 * bytes.len());
    let digits = bytes.iter().flat_map(|byte| [usize::from(byte >> 4), usize::from(byte & 15)]);
    text.extend(digits.filter_map(|digit| DIGITS.get(digit)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of FIPS 180-4, and an empty file.
    #[test]
    fn the_digests_are_those_of_the_standard() {
        let abc = Bytes::from(b"abc");
        assert_eq!(abc.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(
            abc.sha512().starts_with("ddaf35a193617abacc417349ae204131") && abc.sha512().ends_with("2a9ac94fa54ca49f")
        );
        assert!(sha512(b"").starts_with("cf83e1357eefb8bd"));
    }

    #[test]
    fn a_copy_shares_what_was_computed() {
        let one = Bytes::from(vec![7; 100]);
        let copy = one.clone();
        assert!(std::ptr::eq(one.sha512(), copy.sha512()) && std::ptr::eq(&*one, &*copy));
        assert_eq!(one, Bytes::from(vec![7; 100]));
        assert_ne!(one, Bytes::from(vec![7; 101]));
    }
}
