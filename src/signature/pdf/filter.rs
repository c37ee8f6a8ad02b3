//! Decoding of cross-reference and object streams (ISO 32000-2, 7.4): none or Flate, with the predictors of PNG.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::limits::{Budget, refuse};
use super::object::{Dict, Object};
use crate::error::Finding;

/// Bytes in a row of a predictor: a cross-reference entry has at most 24.
const ROW: i64 = 1 << 16;

/// The decoded bytes of a stream; `offset` is where it stands, for what is said of it.
///
/// # Errors
/// When it is encoded another way, the data is damaged, or there is too much of it.
pub(super) fn decode(dict: &Dict, raw: &[u8], offset: usize, budget: &mut Budget) -> Result<Vec<u8>, Finding> {
    let damaged = || refuse("pdf-encoding", offset);
    let filter = single(dict.get(b"Filter")).map_err(|()| damaged())?;
    let parameters = single(dict.get(b"DecodeParms")).map_err(|()| damaged())?;
    match filter.map(Object::as_name) {
        None => {
            budget.decoded(raw.len());
            Ok(raw.to_vec())
        }
        Some(Some(b"FlateDecode")) => {
            let most = budget.decodable();
            let mut out = Vec::new();
            let mut decoder = ZlibDecoder::new(raw).take(most as u64 + 1);
            decoder.read_to_end(&mut out).map_err(|_| damaged())?;
            budget.decoded(out.len());
            super::limits::within("decoded", out.len(), most)?;
            match parameters.map(Object::as_dict) {
                None => Ok(out),
                Some(Some(parameters)) => predicted(parameters, out).ok_or_else(damaged),
                Some(None) => Err(damaged()),
            }
        }
        Some(_) => Err(damaged()),
    }
}

/// A value that may stand in an array of one.
fn single(value: Option<&Object>) -> Result<Option<&Object>, ()> {
    match value.map(|value| (value, value.as_array())) {
        None | Some((_, Some([]))) => Ok(None),
        Some((_, Some([Object::Null]))) => Ok(None),
        Some((_, Some([one]))) => Ok(Some(one)),
        Some((one, None)) => Ok(Some(one)),
        Some(_) => Err(()),
    }
}

/// Undoes a predictor (7.4.4.4).
fn predicted(parameters: &Dict, data: Vec<u8>) -> Option<Vec<u8>> {
    let number = |key: &[u8], usual: i64| match parameters.get(key) {
        None => Some(usual),
        Some(value) => value.as_integer(),
    };
    let predictor = number(b"Predictor", 1)?;
    if predictor == 1 {
        return Some(data);
    }
    let (colours, bits, columns) = (number(b"Colors", 1)?, number(b"BitsPerComponent", 8)?, number(b"Columns", 1)?);
    // What these streams hold are bytes, not pixels.
    if !(10..=15).contains(&predictor) || colours != 1 || bits != 8 || !(1..=ROW).contains(&columns) {
        return None;
    }
    let columns = usize::try_from(columns).ok()?;
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0u8; columns];
    for line in data.chunks(columns + 1) {
        let (kind, line) = line.split_first()?;
        if line.len() != columns {
            return None;
        }
        let mut row: Vec<u8> = Vec::with_capacity(columns);
        let (mut left, mut corner) = (0u8, 0u8);
        for (&byte, &up) in line.iter().zip(&above) {
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => return None,
            };
            left = byte.wrapping_add(guess);
            corner = up;
            row.push(left);
        }
        out.extend_from_slice(&row);
        above = row;
    }
    Some(out)
}

/// The Paeth predictor of PNG (W3C PNG, 9.4).
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let away = |byte: u8| (guess - i16::from(byte)).abs();
    if away(left) <= away(up) && away(left) <= away(corner) {
        left
    } else if away(up) <= away(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn flate(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn dict(predictor: i64) -> Dict {
        let parameters = Dict::new().with("Predictor", Object::Integer(predictor)).with("Columns", Object::Integer(3));
        Dict::new().with("Filter", Object::name("FlateDecode")).with("DecodeParms", Object::Dictionary(parameters))
    }

    #[test]
    fn the_predictors_of_png_are_undone() {
        // Every kind of row, worked out by hand from the PNG standard.
        let data = [[0, 10, 20, 30], [1, 1, 1, 1], [2, 1, 1, 1], [3, 4, 5, 6], [4, 1, 1, 1]];
        let got = decode(&dict(15), &flate(data.as_flattened()), 0, &mut Budget::default()).unwrap();
        assert_eq!(got, [10, 20, 30, 1, 2, 3, 2, 3, 4, 5, 9, 12, 6, 10, 13]);
    }

    #[test]
    fn what_is_not_known_or_damaged_is_refused() {
        let code = |dict: &Dict, data: &[u8]| decode(dict, data, 0, &mut Budget::default()).map_err(|found| found.code);
        assert_eq!(code(&dict(2), &flate(&[1, 2, 3])), Err("pdf-encoding"));
        assert_eq!(code(&dict(12), &flate(&[1, 2, 3])), Err("pdf-encoding"), "half a row");
        assert_eq!(code(&dict(1), &flate(&[1, 2, 3])[..6]), Err("pdf-encoding"), "cut off");
        let other = Dict::new().with("Filter", Object::name("LZWDecode"));
        assert_eq!(code(&other, &[]), Err("pdf-encoding"));
        let bomb = flate(&vec![0; super::super::limits::DECODED + 1]);
        assert_eq!(code(&dict(1), &bomb), Err("pdf-limit"));
    }
}
