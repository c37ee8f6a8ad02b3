//! Files that our reader takes and that are made to end or hold up the validator of PDF/A, which is another's program.

use crate::support::Workspace;

const ID: &str = "D2023-02-002694";

/// The letter with objects after it, each made of its own number, and with more in its catalog.
fn with_chain(letter: &[u8], count: usize, each: &dyn Fn(usize, bool) -> String, key: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(letter);
    let number = |from: &str, word: &str| -> usize {
        let rest = from.rsplit(word).next().unwrap().trim_start();
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    };
    let (root, prev) = (number(&text, "/Root "), number(&text, "startxref"));
    let start = text.split(&format!("\n{root} 0 obj")).nth(1).expect("the catalog");
    let catalog = start.split("endobj").next().unwrap().trim().strip_prefix("<<").expect("a dictionary");
    let (mut file, mut rows) = (letter.to_vec(), vec![(root, letter.len())]);
    file.extend(format!("{root} 0 obj\n<<{key}{catalog}\nendobj\n").bytes());
    for own in FIRST..FIRST + count {
        rows.push((own, file.len()));
        file.extend(format!("{own} 0 obj\n{}\nendobj\n", each(own, own + 1 == FIRST + count)).bytes());
    }
    let table = file.len();
    let rows: String = rows.iter().map(|(number, at)| format!("{number} 1\n{at:010} 00000 n \n")).collect();
    let trailer = format!("trailer\n<</Size {}/Root {root} 0 R/Prev {prev}>>", FIRST + count);
    file.extend(format!("xref\n{rows}{trailer}\nstartxref\n{table}\n%%EOF\n").bytes());
    file
}

const FIRST: usize = 10_000;

/// What an object holds, by its number and whether it is the last.
type Each = Box<dyn Fn(usize, bool) -> String>;

#[test]
fn long_ways_through_a_file_do_not_end_the_program() {
    let workspace = Workspace::new();
    workspace.run(&["issue", "letters/reactie-sociale-innovatie.md"]).exits(0);
    let letter = std::fs::read(workspace.path(&format!("uitgaand/2023/{ID}.pdf"))).unwrap();
    let next = |form: &'static str, end: &'static str| {
        move |own: usize, last: bool| {
            if last { end.to_string() } else { form.replace('@', &format!("{} 0 R", own + 1)) }
        }
    };
    let chains: [(usize, Each, &str); 5] = [
        (60_000, Box::new(next("<</S/URI/URI(a)/Next @>>", "<</S/URI/URI(a)>>")), "/OpenAction 10000 0 R"),
        (60_000, Box::new(next("<</Kids[@]>>", "<</Names[]>>")), "/Names<</EmbeddedFiles 10000 0 R>>"),
        (60_000, Box::new(next("[@]", "[]")), "/PieceInfo<</A 10000 0 R>>"),
        (
            4_000,
            Box::new(next("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[@]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "[]")),
            "/PieceInfo 10000 0 R",
        ),
        (300_000, Box::new(next("[@]", "[]")), "/PieceInfo<</A 10000 0 R>>"),
    ];
    for (count, each, key) in chains {
        workspace.write("diep.pdf", with_chain(&letter, count, &each, key));
        // Readable and without signatures, so that there is nothing to refuse; the validator's verdict is what it is.
        let seen = workspace.run(&["archive", "inspect", "diep.pdf", "--json"]).exits(0).json();
        assert_eq!((&seen["leesbaar"], &seen["handtekeningen"]), (&true.into(), &serde_json::json!([])), "{key}");
        if count > 250_000 {
            assert!(seen["norm"].to_string().contains("too many parts") && seen["pdfa"] == false, "{}", seen["norm"]);
        }
    }
}
