//! A PDF that is written from its first byte to its last, of which no more is kept than where its objects begin.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::{Error, Finding, Result};
use crate::signature::pdf::{Dict, Id, Object};

/// The largest object number that readers take (ISO 32000-1, annex C, table C.1).
const MAX_NUMBER: u32 = 8_388_607;

/// Bytes that are gathered before they are written.
const BUFFER: usize = 256 << 10;

/// The version, and a comment that tells other programs that the file is not text (7.5.2).
const HEADER: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";

/// A file that grows.
pub(super) struct File<'w> {
    out: BufWriter<&'w mut dyn Write>,
    /// Bytes so far.
    at: u64,
    /// Where each object begins, from number 1; 0 for one that is not written yet.
    offsets: Vec<u64>,
    /// Of all bytes so far: what the file holds decides its identifier.
    digest: Context,
}

fn failed(cause: io::Error) -> Error {
    Error::io("print", Path::new(""), cause)
}

impl<'w> File<'w> {
    /// A file of which the header is written.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn begin(out: &'w mut dyn Write) -> Result<Self> {
        let out = BufWriter::with_capacity(BUFFER, out);
        let mut file = Self { out, at: 0, offsets: Vec::new(), digest: Context::new(&SHA256) };
        file.write(HEADER)?;
        Ok(file)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(failed)?;
        self.digest.update(bytes);
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// A number for an object that is written later.
    ///
    /// # Errors
    /// When the file has used up the numbers that readers take.
    pub fn reserve(&mut self) -> Result<Id> {
        match u32::try_from(self.offsets.len() + 1) {
            // One is left for the cross-reference stream.
            Ok(number) if number < MAX_NUMBER => {
                self.offsets.push(0);
                Ok(Id::new(number))
            }
            _ => Err(Finding::error("print-too-many-objects").arg("most", MAX_NUMBER).into()),
        }
    }

    /// Writes what stands between `obj` and `endobj`, given in parts.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put(&mut self, id: Id, parts: &[&[u8]]) -> Result<()> {
        let place = (id.number as usize).checked_sub(1).and_then(|index| self.offsets.get_mut(index));
        if let Some(place) = place {
            *place = self.at;
        }
        self.write(format!("{} 0 obj\n", id.number).as_bytes())?;
        for part in parts {
            self.write(part)?;
        }
        self.write(b"\nendobj\n")
    }

    /// Writes an object that is not a stream.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put_dict(&mut self, id: Id, dict: &Dict) -> Result<()> {
        let mut body = Vec::new();
        dict.write(&mut body);
        self.put(id, &[&body])
    }

    /// Ends the file with a cross-reference stream (7.5.8), which has no limit to where an object may stand.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(mut self, root: Id, info: Id) -> Result<()> {
        let start = self.at;
        let number = self.offsets.len() as u64 + 1;
        self.offsets.push(start);
        let bytes = start.to_be_bytes();
        let skipped = bytes.iter().take_while(|byte| **byte == 0).count().min(bytes.len() - 1);
        let entries = entries(&self.offsets, skipped).map_err(failed)?;
        let digest = self.digest.clone().finish();
        let ident = Object::String(digest.as_ref().iter().take(16).copied().collect());
        let widths = [1, (bytes.len() - skipped) as i64, 2];
        let dict = Dict::new()
            .with("Type", Object::name("XRef"))
            .with("Size", Object::Integer(number as i64 + 1))
            .with("W", Object::Array(widths.map(Object::Integer).to_vec()))
            .with("Root", Object::Reference(root))
            .with("Info", Object::Reference(info))
            .with("ID", Object::Array(vec![ident.clone(), ident]))
            .with("Filter", Object::name("FlateDecode"))
            .with("Length", Object::Integer(entries.len() as i64));
        let mut head = format!("{number} 0 obj\n").into_bytes();
        dict.write(&mut head);
        head.extend_from_slice(b"\nstream\n");
        self.write(&head)?;
        self.write(&entries)?;
        self.write(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
        self.out.flush().map_err(failed)
    }
}

/// The entries of the cross-reference stream, compressed: a kind of one byte, an offset without its first `skipped` bytes, a
/// generation of two.
fn entries(offsets: &[u64], skipped: usize) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut entry = |kind: u8, offset: u64, generation: u16| {
        encoder.write_all(&[kind])?;
        encoder.write_all(offset.to_be_bytes().get(skipped..).unwrap_or_default())?;
        encoder.write_all(&generation.to_be_bytes())
    };
    // Number 0 heads the list of free objects, and is alone in it.
    entry(0, 0, u16::MAX)?;
    for offset in offsets {
        entry(if *offset == 0 { 0 } else { 1 }, *offset, 0)?;
    }
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::pdf::Document;

    /// Counts what is written, and keeps the end.
    struct End(u64, Vec<u8>);

    impl Write for End {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len() as u64;
            self.1 = bytes.to_vec();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_file_leads_to_its_objects() {
        let mut out = Vec::new();
        let mut file = File::begin(&mut out).unwrap();
        let [root, pages, info] = std::array::from_fn(|_| file.reserve().unwrap());
        file.put_dict(info, &Dict::new().with("Title", Object::String(b"Proef".to_vec()))).unwrap();
        file.put(pages, &[b"<</Type/Pages/Kids[]", b"/Count 0>>"]).unwrap();
        let catalog = Dict::new().with("Type", Object::name("Catalog")).with("Pages", Object::Reference(pages));
        file.put_dict(root, &catalog).unwrap();
        file.finish(root, info).unwrap();
        let read = Document::read(&out).unwrap();
        assert_eq!(read.notes(), []);
        let view = read.last();
        assert_eq!(view.catalog(), (root, &catalog));
        let info = view.get(info).and_then(|info| info.dict()).unwrap();
        assert_eq!(info.get(b"Title"), Some(&Object::String(b"Proef".to_vec())));
    }

    /// A place beyond 4 GiB, for which four bytes are too few, without writing so much.
    #[test]
    fn a_place_has_as_many_bytes_as_it_needs() {
        let mut out = End(0, Vec::new());
        let mut file = File::begin(&mut out).unwrap();
        file.at = 0x0123_4567_89AB;
        let root = file.reserve().unwrap();
        file.put(root, &[b"<<>>"]).unwrap();
        let place = file.at;
        file.finish(root, root).unwrap();
        let text = String::from_utf8_lossy(&out.1).into_owned();
        assert!(text.contains("/W [1 6 2]"), "{text}");
        assert!(text.contains(&format!("startxref\n{place}\n")), "{text}");
        let start = out.1.windows(7).position(|part| part == b"stream\n").unwrap() + 7;
        let mut decoded = Vec::new();
        io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&out.1[start..]), &mut decoded).unwrap();
        assert_eq!(decoded[..9], [0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
        assert_eq!(decoded[9..18], [1, 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0, 0]);
    }

    #[test]
    fn numbers_have_an_end_and_a_full_disk_is_said() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut full = Full;
        let mut file = File::begin(&mut full).unwrap();
        file.offsets = vec![1; MAX_NUMBER as usize - 2];
        assert_eq!(file.reserve().unwrap().number, MAX_NUMBER - 1);
        let Err(Error::Refused(findings)) = file.reserve() else { panic!("there is no such number") };
        assert_eq!(findings[0].code, "print-too-many-objects");
        file.offsets.truncate(1);
        let error = file.finish(Id::new(1), Id::new(1)).unwrap_err();
        assert!(matches!(error, Error::Outside { action: "print", .. }), "{error}");
    }
}
