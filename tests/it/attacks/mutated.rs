//! Whatever is changed in a signed letter, it is refused, or it is the same signature of the same letter.

use chrono::{TimeZone, Utc};
use postkamer::signature::trust::Trust;
use postkamer::signature::verdict::Judgement;

use super::Office;

struct Letters {
    trust: Trust,
    issued: Vec<u8>,
    signed: Vec<Vec<u8>>,
}

impl Letters {
    fn new() -> Option<Self> {
        let office = Office::new()?;
        let trust = Trust::read_pem(&office.bytes("post/anchors.pem")).expect("anchors");
        let signed = ["good-plain", "good-stamped", "good-two"].map(|name| office.bytes(&format!("post/{name}.pdf")));
        let trust = Trust { anchors: trust, timestamp_required: false };
        Some(Self { trust, issued: office.issued(), signed: signed.to_vec() })
    }

    fn judge(&self, file: &[u8]) -> Judgement {
        let moment = Utc.with_ymd_and_hms(2023, 2, 21, 11, 0, 0).single().expect("a moment");
        Judgement::of(file, Some(&self.issued), &self.trust, moment)
    }
}

/// Where the digits of the signatures stand.
fn values(file: &[u8]) -> Vec<std::ops::Range<usize>> {
    let key = b"/Contents <";
    let starts = file.windows(key.len()).enumerate().filter(|(_, window)| window == key).map(|(at, _)| at + key.len());
    starts.map(|start| start..start + file[start..].iter().position(|byte| *byte == b'>').unwrap()).collect()
}

#[test]
fn every_bit_that_is_signed_counts() {
    let Some(letters) = Letters::new() else { return };
    let file = &letters.signed[0];
    assert_eq!(letters.judge(file).refusals(), []);
    let [value] = &values(file)[..] else { panic!("one signature") };
    for step in 0..200 {
        let at = file.len() * step / 200;
        if !value.contains(&at) {
            let mut bad = file.clone();
            bad[at] ^= 1 << (step % 8);
            assert_ne!(letters.judge(&bad).refusals(), [], "byte {at}");
        }
    }
    // The value itself: another digit makes another signature, but for what nothing hangs on, where the answer stays.
    let good = letters.judge(file).inspection;
    let used = file[value.clone()].iter().rposition(|byte| *byte != b'0').unwrap() + 1;
    let mut same = 0;
    for step in 0..150 {
        let at = value.start + used * step / 150;
        let mut bad = file.clone();
        bad[at] = if bad[at] == b'7' { b'8' } else { b'7' };
        let judged = letters.judge(&bad);
        if judged.refusals().is_empty() {
            same += 1;
            assert_eq!(judged.inspection, good, "digit {at}");
        }
    }
    // The certificates that come along: the anchor's is known already.
    assert!(same < 75, "{same}");
}

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn mutated(file: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = file.to_vec();
    // Half of them behind the letter that was issued, where the signature is.
    let at = if numbers.below(2) == 0 { numbers.below(bytes.len()) } else { bytes.len() - 1 - numbers.below(25_000) };
    let end = (at + 1 + numbers.below(80)).min(bytes.len());
    match numbers.below(6) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => bytes.truncate(at),
        2 => drop(bytes.drain(at..end)),
        3 => {
            let byte = [b' ', b'\n', b'0', b'%', 0, b'<'][numbers.below(6)];
            bytes.insert(at, byte);
        }
        4 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        _ => {
            let digit = bytes.iter().skip(at).position(u8::is_ascii_digit).map(|more| at + more);
            if let Some(digit) = digit {
                bytes[digit] = b'0' + numbers.below(10) as u8;
            }
        }
    }
    bytes
}

#[test]
fn no_single_change_passes() {
    let Some(letters) = Letters::new() else { return };
    let rounds = std::env::var("POSTKAMER_FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(300_usize);
    let good: Vec<_> = letters.signed.iter().map(|file| letters.judge(file)).collect();
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let mut refused = 0;
    for round in 0..rounds {
        let which = round % letters.signed.len();
        let file = &letters.signed[which];
        let bad = mutated(file, &mut numbers);
        let judged = letters.judge(&bad);
        if !judged.refusals().is_empty() {
            refused += 1;
            continue;
        }
        // A case or a copy of a digit in a value, which says the same: every byte outside the values is as it was.
        let rest = |bytes: &[u8]| {
            let mut rest = bytes.to_vec();
            values(bytes).into_iter().rev().for_each(|value| drop(rest.drain(value)));
            rest
        };
        assert_eq!((rest(&bad), judged.inspection), (rest(file), good[which].inspection.clone()), "round {round}");
    }
    assert!(refused * 10 > rounds * 8, "{refused} of {rounds}");
}
