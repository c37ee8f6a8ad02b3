//! The digests of the archive: SHA-512, by which OCFL knows a file, and SHA-256, by which the register does.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256, SHA512};

/// Bytes that are hashed at a time: they stay in the processor's cache for the second digest.
const PIECE: usize = 64 << 10;

/// Both digests of a file, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// SHA-512, 128 digits.
    pub sha512: String,
    /// SHA-256, 64 digits.
    pub sha256: String,
}

impl Digests {
    /// Of bytes, in one pass over them.
    pub fn of(bytes: &[u8]) -> Self {
        let (mut long, mut short) = (Context::new(&SHA512), Context::new(&SHA256));
        for piece in bytes.chunks(PIECE) {
            long.update(piece);
            short.update(piece);
        }
        Self { sha512: hex(long.finish().as_ref()), sha256: hex(short.finish().as_ref()) }
    }
}

/// SHA-512 of bytes, in lower-case hexadecimal.
pub fn sha512(bytes: &[u8]) -> String {
    hex(aws_lc_rs::digest::digest(&SHA512, bytes).as_ref())
}

/// SHA-256 of bytes, in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(aws_lc_rs::digest::digest(&SHA256, bytes).as_ref())
}

/// SHA-512 of a file, in lower-case hexadecimal, read through a buffer that is used again.
pub(super) fn sha512_of_file(path: &Path, buffer: &mut [u8]) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut context = Context::new(&SHA512);
    loop {
        match file.read(buffer) {
            Ok(0) => return Ok(hex(context.finish().as_ref())),
            Ok(read) => context.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digits = bytes.iter().flat_map(|byte| [usize::from(byte >> 4), usize::from(byte & 15)]);
    digits.filter_map(|digit| DIGITS.get(digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of FIPS 180-4, and an empty file.
    #[test]
    fn the_digests_are_those_of_the_standard() {
        let abc = Digests::of(b"abc");
        assert_eq!(abc.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(abc.sha512.starts_with("ddaf35a193617abacc417349ae204131") && abc.sha512.ends_with("2a9ac94fa54ca49f"));
        assert_eq!(abc, Digests { sha512: sha512(b"abc"), sha256: sha256(b"abc") });
        assert!(sha512(b"").starts_with("cf83e1357eefb8bd"));
    }

    #[test]
    fn a_file_has_the_digest_of_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(sha512_of_file(&file, &mut [0; 999]).unwrap(), Digests::of(&bytes).sha512);
    }
}
