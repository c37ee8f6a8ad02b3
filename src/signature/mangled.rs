//! Damaged and hostile files: whatever stands in one, the answer comes, and soon.

use std::time::{Duration, Instant};

use super::build::{LETTER, SIGNATURE, letter, revised};
use super::changes::changes;
use super::pdf::{Document, signatures};

/// Numbers from a fixed seed (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

fn mangle(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    let end = (at + numbers.below(60)).min(bytes.len());
    match numbers.below(7) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => drop(bytes.drain(at..end)),
        2 => bytes.truncate(at.max(1)),
        3 => {
            let part = bytes[at..end].to_vec();
            let to = numbers.below(bytes.len());
            bytes.splice(to..to, part);
        }
        4 => {
            let digits = bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(at, _)| at);
            let digits: Vec<usize> = digits.collect();
            let Some(&at) = digits.get(numbers.below(digits.len())) else { return };
            let huge = ["99999999999999999999", "4294967295", "9223372036854775807", "-1", "0", "65536"];
            bytes.splice(at..at + 1, huge[numbers.below(huge.len())].bytes());
        }
        5 => {
            let part = bytes[at..].to_vec();
            bytes.extend(part);
        }
        // A digit for another: a reference, a length or an offset that still parses.
        _ => {
            let digit = bytes.iter().skip(at).position(u8::is_ascii_digit).map(|more| at + more);
            if let Some(digit) = digit {
                bytes[digit] = b'0' + u8::try_from(numbers.below(10)).unwrap();
            }
        }
    }
}

#[test]
fn no_damage_is_too_much() {
    let rounds = std::env::var("POSTKAMER_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(6000);
    let mut packed = letter();
    packed.packed(40, &SIGNATURE[..6]);
    packed.objects(&SIGNATURE[6..]);
    packed.save_stream(41, "/Root 1 0 R/Info 5 0 R");
    let files = [letter().bytes, revised(&SIGNATURE).bytes, packed.bytes];
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut read, mut refused) = (0, 0);
    for round in 0..rounds {
        let mut file = files[round % files.len()].clone();
        for _ in 0..=numbers.below(3) {
            mangle(&mut file, &mut numbers);
        }
        let begin = Instant::now();
        match Document::read(&file) {
            Err(_) => refused += 1,
            Ok(document) => {
                read += 1;
                let last = document.revisions().len() - 1;
                let _ = signatures(&document);
                let _ = changes(&document, 0, last);
                let _ = (document.last().pages(), document.last().fields());
            }
        }
        assert!(begin.elapsed() < Duration::from_secs(5), "round {round}");
    }
    // Some damage is to words that nothing depends on; most is noticed.
    assert!(read > 0 && refused > read, "{read} read, {refused} refused");
}

/// What would take memory or time out of all proportion to its size.
#[test]
fn what_is_made_to_be_slow_is_not() {
    let begin = Instant::now();
    let mut deep = letter();
    deep.object(30, &"[".repeat(100_000));
    deep.save("/Root 1 0 R");
    assert_eq!(Document::read(&deep.bytes).err().map(|finding| finding.code), Some("pdf-nesting"));
    // Objects that begin within each other, each of them long.
    let mut inside = letter();
    let start = inside.bytes.len();
    for number in 0..5_000 {
        inside.entry(1000 + number, [1, start as u64 + u64::from(number) * 15, 0]);
        inside.text(&format!("{:>4} 0 obj [[  \n", 1000 + number));
    }
    inside.save("/Root 1 0 R");
    assert!(Document::read(&inside.bytes).is_err());
    // Many object streams, and many objects in one.
    let mut many = letter();
    let objects: Vec<(u32, String)> = (0..20_000).map(|number| (1000 + number, format!("[{number}]"))).collect();
    let objects: Vec<(u32, &str)> = objects.iter().map(|(number, body)| (*number, body.as_str())).collect();
    many.packed(50, &objects);
    for number in 0..200 {
        many.packed(60 + number, &[(100_000 + number, LETTER[0].1)]);
    }
    many.save_stream(51, "/Root 1 0 R");
    let document = Document::read(&many.bytes).expect("it reads");
    assert!(document.revisions()[1].defined.len() > 20_000);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}
