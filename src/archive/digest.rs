//! The digests of the archive: SHA-512, by which OCFL knows a file, and SHA-256, by which the register does.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA512};

use crate::workspace::bytes::hex;
pub use crate::workspace::bytes::{sha256, sha512};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_digest_of_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(sha512_of_file(&file, &mut [0; 999]).unwrap(), sha512(&bytes));
    }
}
