//! The messages of the Time-Stamp Protocol (RFC 3161, 2.4): the question, and what of the answer shows that it is ours.

use der::asn1::{ContextSpecific, ObjectIdentifier, OctetString, Uint};
use der::{Any, AnyRef, Decode, Encode, Reader, Sequence, SliceReader};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::cms::SHA256;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// `MessageImprint`.
#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

/// `TimeStampReq`, without a policy and extensions.
#[derive(Sequence)]
struct Request {
    version: u8,
    imprint: Imprint,
    nonce: Uint,
    cert_req: bool,
}

/// Why an answer is no token of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The server gives none, and this is what it says of it.
    Rejected(String),
    /// It isn't what the protocol says that it is.
    Garbage(String),
    /// It is a token for another question; this is what differs.
    Other(&'static str),
}

impl From<der::Error> for Wrong {
    fn from(error: der::Error) -> Self {
        Self::Garbage(error.to_string())
    }
}

/// The question for a token over this SHA-256, with the server's certificate in it.
pub(super) fn request(digest: &[u8], nonce: u64) -> der::Result<Vec<u8>> {
    let algorithm = AlgorithmIdentifierOwned { oid: SHA256, parameters: Some(Any::null()) };
    let imprint = Imprint { algorithm, digest: OctetString::new(digest)? };
    Request { version: 1, imprint, nonce: Uint::new(&nonce.to_be_bytes())?, cert_req: true }.to_der()
}

/// The token of an answer, in DER, when it is one for this question.
pub(super) fn token(answer: &[u8], digest: &[u8], nonce: u64) -> Result<Vec<u8>, Wrong> {
    let mut reader = SliceReader::new(answer)?;
    let (status, token) = reader.sequence(|inner| {
        let status = inner.tlv_bytes()?;
        let token = if inner.is_finished() { None } else { Some(inner.tlv_bytes()?) };
        Ok::<_, der::Error>((status, token))
    })?;
    reader.finish()?;
    granted(status)?;
    let token = token.ok_or_else(|| Wrong::Garbage("no token".into()))?;
    let (imprint, echoed) = stamped(&content(token)?)?;
    if imprint.algorithm.oid != SHA256 || imprint.digest.as_bytes() != digest {
        return Err(Wrong::Other("messageImprint"));
    }
    if echoed.is_none_or(|echoed| echoed.as_bytes() != nonce_bytes(&nonce.to_be_bytes())) {
        return Err(Wrong::Other("nonce"));
    }
    Ok(token.to_vec())
}

/// Refuses unless `PKIStatusInfo` says granted, with or without modifications.
fn granted(status: &[u8]) -> Result<(), Wrong> {
    let mut reader = SliceReader::new(status)?;
    let (status, words) = reader.sequence(|inner| {
        let status = inner.decode::<u8>()?;
        let is_text = !inner.is_finished() && der::Tag::peek(inner)? == der::Tag::Sequence;
        let words: Vec<String> = if is_text { inner.decode()? } else { Vec::new() };
        inner.drain(inner.remaining_len())?;
        Ok::<_, der::Error>((status, words))
    })?;
    match status {
        0 | 1 => Ok(()),
        code if words.is_empty() => Err(Wrong::Rejected(format!("PKIStatus {code}"))),
        code => Err(Wrong::Rejected(format!("{} (PKIStatus {code})", words.join(" ")))),
    }
}

/// The `TSTInfo` that a token signs.
fn content(token: &[u8]) -> Result<Vec<u8>, Wrong> {
    let mut reader = SliceReader::new(token)?;
    let signed = reader.sequence(|inner| {
        let kind: ObjectIdentifier = inner.decode()?;
        let content: ContextSpecific<AnyRef<'_>> = inner.decode()?;
        Ok::<_, der::Error>((kind, content.value))
    })?;
    let (kind, signed) = signed;
    if kind != SIGNED_DATA {
        return Err(Wrong::Garbage(format!("contentType {kind}")));
    }
    let (kind, info) = signed.sequence(|inner| {
        let (_version, _algorithms) = (inner.decode::<u8>()?, inner.tlv_bytes()?);
        let content = inner.sequence(|inner| {
            let kind: ObjectIdentifier = inner.decode()?;
            let octets: ContextSpecific<OctetString> = inner.decode()?;
            Ok::<_, der::Error>((kind, octets.value))
        })?;
        inner.drain(inner.remaining_len())?;
        Ok::<_, der::Error>(content)
    })?;
    if kind != TST_INFO {
        return Err(Wrong::Garbage(format!("eContentType {kind}")));
    }
    Ok(info.as_bytes().to_vec())
}

/// The imprint and the nonce of a `TSTInfo`.
fn stamped(info: &[u8]) -> Result<(Imprint, Option<Uint>), Wrong> {
    let mut reader = SliceReader::new(info)?;
    let found = reader.sequence(|inner| {
        let (_version, _policy) = (inner.decode::<u8>()?, inner.decode::<ObjectIdentifier>()?);
        let imprint: Imprint = inner.decode()?;
        // Of what follows the serial number and the time, which may have fractions, only the nonce is an INTEGER.
        let (_serial, _time) = (inner.tlv_bytes()?, inner.tlv_bytes()?);
        let mut nonce = None;
        while !inner.is_finished() {
            let part = inner.tlv_bytes()?;
            if part.first() == Some(&0x02) && nonce.is_none() {
                nonce = Some(Uint::from_der(part)?);
            }
        }
        Ok::<_, der::Error>((imprint, nonce))
    })?;
    Ok(found)
}

/// The bytes of a number without leading zeros, as a DER integer has them.
fn nonce_bytes(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros.min(bytes.len() - 1)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_that_of_the_standard() {
        let question = request(&[7; 32], 0x80).unwrap();
        let hex: String = question.iter().map(|byte| format!("{byte:02x}")).collect();
        let expected =
            format!("30 3d 020101 3031 300d 0609608648016503040201 0500 0420{} 02020080 0101ff", "07".repeat(32));
        assert_eq!(hex, expected.replace(' ', ""));
    }

    #[test]
    fn a_rejection_is_told_in_the_words_of_the_server() {
        let text = "no".to_string();
        let status = [&[2u8, 1, 2][..], &vec![text].to_der().unwrap()].concat();
        let answer = [&[0x30, status.len() as u8 + 2, 0x30, status.len() as u8][..], &status].concat();
        assert_eq!(token(&answer, &[7; 32], 1), Err(Wrong::Rejected("no (PKIStatus 2)".into())));
    }

    #[test]
    fn anything_else_is_garbage() {
        for answer in [&b""[..], b"<html>", &[0x30, 0x03, 0x02, 0x01, 0x00], &[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0]] {
            assert!(matches!(token(answer, &[7; 32], 1), Err(Wrong::Garbage(_))), "{answer:?}");
        }
    }
}
