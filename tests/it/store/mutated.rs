//! Inventories that someone made up: never a panic, a hang or memory without bound, and never taken for what was recorded.

use std::fs;
use std::time::{Duration, Instant};

use postkamer::archive::fixity;
use postkamer::archive::inventory::read;
use postkamer::archive::store::Store;

use super::{Shelf, code_of};

const ID: &str = "D2023-02-000001";

/// Numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

fn mutate(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let tokens: [&[u8]; 14] = [
        b"\"",
        b"{",
        b"}",
        b"[",
        b"null",
        b"../",
        b"v0",
        b"v01",
        b"v4294967296",
        b"\\u0000",
        b"/",
        b"99999999999",
        b",",
        b"\xff",
    ];
    let mut text = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        let (at, end) = (dice.below(text.len()), dice.below(text.len()));
        let (from, to) = (at.min(end), at.max(end).min(at.min(end) + 200));
        match dice.below(5) {
            0 => text[at] ^= 1 << dice.below(8),
            1 => drop(text.drain(from..to)),
            2 => {
                let piece = text[from..to].to_vec();
                text.splice(at..at, piece);
            }
            3 => drop(text.splice(at..at, tokens[dice.below(tokens.len())].iter().copied())),
            _ => text.truncate(at.max(1)),
        }
        if text.is_empty() {
            text.push(b'{');
        }
    }
    text
}

#[test]
fn a_mutated_inventory_is_read_strictly_and_never_believed() {
    let rounds = std::env::var("POSTKAMER_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(4000);
    let shelf = Shelf::filled();
    let (own, top) = (shelf.of(ID, "v2/inventory.json"), shelf.of(ID, "inventory.json"));
    let whole = fs::read(&top).unwrap();
    let mut dice = Dice(0x5eed_5eed_5eed);
    let mut accepted = 0;
    for round in 0..rounds {
        let text = mutate(&whole, &mut dice);
        let started = Instant::now();
        if let Ok(inventory) = read::read(&text) {
            accepted += 1;
            // What is accepted can be read back in full.
            assert!(
                inventory.head() >= 1
                    && inventory.versions().iter().all(|version| {
                        version
                            .files
                            .values()
                            .all(|digest| inventory.content(digest).is_some_and(|it| inventory.sha256(it).is_some()))
                    })
            );
        }
        assert!(started.elapsed() < Duration::from_secs(2));
        if round % 8 == 0 && text != whole {
            fs::write(&own, &text).unwrap();
            fs::write(&top, &text).unwrap();
            let found = fixity::check(&shelf.store, ID, shelf.versions(ID));
            let changed = found.iter().filter(|fault| fault.finding.code == "archive-inventory-changed").count();
            assert_eq!(changed, 2, "{found:?}");
            if let Ok(Some(object)) = shelf.store.object(ID) {
                let _ = object.read("brief.pdf", 1);
                let _ = object.files(object.inventory().head());
            }
        }
    }
    // White space and texts may change; nearly nothing else may.
    assert!(accepted < rounds / 4, "{accepted} of {rounds}");
}

#[test]
fn what_breaks_a_rule_is_refused_by_that_rule() {
    let shelf = Shelf::filled();
    let text = fs::read_to_string(shelf.of(ID, "inventory.json")).unwrap();
    let inventory = read::read(text.as_bytes()).unwrap();
    let digest = |path: &str, version: u32| inventory.version(version).unwrap().files[path].clone();
    let (one, two) = (digest("brief.pdf", 1), digest("brief.pdf", 2));
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        read::read(text.replace(from, to).as_bytes()).map(|_| ()).map_err(|why| why.rule)
    };
    for (from, to, rule) in [
        ("\"id\": \"D2023-02-000001\"", "\"id\": \"\"", "E037"),
        ("\"id\": \"D2023-02-000001\"", "\"id\": \"a\", \"id\": \"b\"", "E033"),
        ("\"id\": \"D2023-02-000001\"", "\"id\": 1", "E033"),
        ("\"id\": \"D2023-02-000001\"", "\"id\": \"a\", \"extra\": 1", "E033"),
        ("1.1/spec", "1.0/spec", "E038"),
        ("\"digestAlgorithm\": \"sha512\"", "\"digestAlgorithm\": \"sha256\"", "E025"),
        ("\"contentDirectory\": \"content\"", "\"contentDirectory\": \"data\"", "E017"),
        ("\"contentDirectory\": \"content\"", "\"contentDirectory\": null", "E033"),
        ("\"head\": \"v2\"", "\"head\": \"v02\"", "E040"),
        ("\"head\": \"v2\"", "\"head\": \"v3\"", "E044"),
        ("\"v2\": {", "\"v3\": {", "E044"),
        ("\"v2\": {", "\"v1\": {", "E033"),
        ("2023-02-21T", "21-02-2023T", "E049"),
        ("v1/content/brief.pdf", "v1/content/../../brief.pdf", "E099"),
        ("v1/content/brief.pdf", "v3/content/brief.pdf", "E099"),
        ("v1/content/brief.pdf", "v1/brief.pdf", "E099"),
        ("v1/content/brief.pdf", "v1/content/bijlagen", "E101"),
        ("v1/content/brief.pdf", "v1/content/bijlagen/plan.pdf", "E101"),
        ("\"name\": \"M. Bom\"", "\"name\": \"\"", "E054"),
        (&one, &one.to_uppercase()[1..], "E025"),
        (&one, &two, "E033"),
        ("          \"bijlagen/plan.pdf\"", "          \"../plan.pdf\"", "E052"),
        ("          \"bijlagen/plan.pdf\"", "          \"brief.pdf\"", "E095"),
        ("          \"bijlagen/plan.pdf\"", "          \"brief.pdf/plan.pdf\"", "E095"),
        ("\"sha256\"", "\"md5\"", "E056"),
    ] {
        assert_eq!(refused(from, to), Err(rule), "{from} to {to}");
    }
    let unused =
        text.replacen("\"manifest\": {", &format!("\"manifest\": {{ \"{}\": [\"v1/content/x\"],", "a".repeat(128)), 1);
    assert_eq!(read::read(unused.as_bytes()).unwrap_err().rule, "E107");
    let unknown = text.replace("\"state\": {", &format!("\"state\": {{ \"{}\": [\"x\"],", "a".repeat(128)));
    assert_eq!(read::read(unknown.as_bytes()).unwrap_err().rule, "E050");
}

#[test]
fn large_and_deep_inventories_are_refused_soon() {
    let shelf = Shelf::filled();
    let deep = "[".repeat(2_000_000);
    let many = format!("{{\"manifest\": {{{}", "\"a\": [\"b\"],".repeat(1_000_000));
    let slashes = format!("{{\"id\": \"{}\"", "a/".repeat(4_000_000));
    let large = " ".repeat(17 << 20);
    for text in [deep, many, slashes, large] {
        let started = Instant::now();
        assert!(read::read(text.as_bytes()).is_err());
        fs::write(shelf.of(ID, "inventory.json"), &text).unwrap();
        assert_eq!(code_of(shelf.store.object(ID)), "archive-inventory-broken");
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
}

/// A mark that was touched is said to be; nothing is guessed from it.
#[test]
fn a_mark_that_was_touched_is_refused() {
    let shelf = Shelf::filled();
    let many = "{\"versions\": [{\"id\": \"a\", \"version\": 1}]}";
    let none = "{\"versions\": []}";
    for text in ["", "{}", "{\"id\": \"a\", \"version\": 1}", "{\"id\": \"a\", \"version\": -1}", many, none] {
        let mark = shelf.store.staging().join("open-00-v1.json");
        fs::write(&mark, text).unwrap();
        assert_eq!(code_of(shelf.store.unsettled()), "archive-mark-broken");
        assert_eq!(code_of(Store::open(shelf.root()).unwrap().recover(ID, 2)), "archive-mark-broken");
        fs::remove_file(mark).unwrap();
    }
}
