//! Mistakes with braces in a body.

use super::{BODY, Batch, letter};

#[test]
fn names_and_braces_are_checked_wherever_they_stand() {
    let mut batch = Batch::new();
    let cases = [
        ("Aan {{onderwrp}}.\n", "unknown-name", 0, 5),
        ("Aan {{ontvanger.naam}}.\n", "unknown-name", 0, 5),
        ("Aan\n{{#if ontvnger}}x{{/if}}\n", "unknown-name", 1, 1),
        ("{{#if datum}}\n\n{{#unless ontvanger.plats}}x{{/unless}}\n\n{{/if}}\n", "unknown-name", 2, 1),
        ("{{#if datum}}a{{else}}\n\n{{typo}}\n\n{{/if}}\n", "unknown-name", 2, 1),
        ("{{#if datum}}a{{else if typo}}b{{/if}}\n", "unknown-name", 0, 1),
        ("{{#each verzonden_aan}}\n\n{{naam}}\n\n{{/each}}\n", "unknown-name", 2, 1),
        ("{{#each verzonden_aam}}{{this}}{{/each}}\n", "unknown-name", 0, 1),
        ("{{#each verzonden_aan}}{{../typo}}{{/each}}\n", "unknown-name", 0, 24),
        ("{{#each verzonden_aan as |mail|}}{{mial}}{{/each}}\n", "unknown-name", 0, 34),
        ("{{#with ontvanger}}{{plats}}{{/with}}\n", "unknown-name", 0, 20),
        ("{{#if (eq tal \"nl\")}}x{{/if}}\n", "unknown-name", 0, 1),
        ("{{#if (and datum (not typo))}}x{{/if}}\n", "unknown-name", 0, 1),
        ("{{#if datum includeZero=typo}}x{{/if}}\n", "unknown-name", 0, 1),
        ("{{@root.typo}}\n", "unknown-name", 0, 1),
        ("{{rij.regio}}\n", "unknown-name", 0, 1),
        ("{{brief.kenmerk}}\n", "unknown-name", 0, 1),
        ("{{../onderwerp}}\n", "unknown-name", 0, 1),
        ("{{ontvanger}}\n", "not-printable", 0, 1),
        ("{{verzonden_aan}}\n", "not-printable", 0, 1),
        ("{{#each onderwerp}}x{{/each}}\n", "not-a-list", 0, 1),
        ("Tekst {{{onderwerp}}}.\n", "raw-output", 0, 7),
        ("Tekst {{&onderwerp}}.\n", "raw-output", 0, 7),
        ("Tekst {{> briefhoofd}}.\n", "partial-not-allowed", 0, 7),
        ("{{#> blok}}x{{/blok}}\n", "partial-not-allowed", 0, 1),
        ("{{* inline}}\n", "partial-not-allowed", 0, 1),
        ("{{hoofdletters onderwerp}}\n", "unknown-helper", 0, 1),
        ("{{#iff datum}}x{{/iff}}\n", "unknown-helper", 0, 1),
        ("{{lookup ontvanger \"plaats\"}}\n", "unknown-helper", 0, 1),
        ("{{log onderwerp}}\n", "unknown-helper", 0, 1),
        ("{{typst onderwerp}}\n", "unknown-helper", 0, 1),
        ("Hier: {{uw_kenmerk}}.\n", "value-missing", 0, 7),
        ("{{#if datum}}\n\nHier: {{ontvanger.email}}.\n\n{{/if}}\n", "value-missing", 2, 7),
        ("{{#each verzonden_aan}}\n\nx {{../uw_kenmerk}}\n\n{{/each}}\n", "value-missing", 2, 3),
        ("[{{uw_kenmerk}}]({{ontvanger.email}})\n\n![{{ontvanger.email}}](x)\n", "value-missing", 0, 0),
    ];
    for (body, code, line, column) in cases {
        if column == 0 {
            batch.judged(body, letter(body), move |found| {
                let all = found.len() > 1 && found.iter().all(|one| one.code == code);
                if all { Ok(()) } else { Err(format!("only {code}")) }
            });
        } else {
            batch.one_at(body, letter(body), code, (BODY + line, column));
        }
    }
    // What there is to choose from is named: all helpers where one is called, blocks where one is opened.
    let all = "eq, ne, gt, gte, lt, lte, and, or, not, len, #if, #unless, #each, #with";
    let blocks = "; kies uit: #if, #unless, #each, #with";
    for (body, choices) in [("{{hoofdletters onderwerp}}\n", all), ("{{#zolang datum}}x{{/zolang}}\n", blocks)] {
        batch.judged(body, letter(body), move |found| match found {
            [one] if one.code == "unknown-helper" && one.message.ends_with(choices) => Ok(()),
            _ => Err(format!("{choices:?} at the end")),
        });
    }
    batch.check();
}

/// What braces can be found to lack.
const SLIPS: [&str; 4] = ["tag-unclosed", "block-unclosed", "block-unopened", "handlebars-syntax"];

#[test]
fn braces_that_do_not_close_are_found_near_their_line() {
    let mut batch = Batch::new();
    for (body, lines) in [
        ("{{#if datum}}x\n", BODY..=BODY),
        ("x\n\n{{/if}}\n", BODY + 2..=BODY + 2),
        ("{{onderwerp\n", BODY..=BODY),
        ("{{onderwerp}\n", BODY..=BODY),
        ("{{}}\n", BODY..=BODY),
        ("{{#if}}x{{/if}}\n", BODY..=BODY),
        ("{{#if datum}}x{{/each}}\n", BODY..=BODY),
        ("x\n\n{{else}}\n", BODY + 2..=BODY + 2),
        ("{{#each}}x{{/each}}\n", BODY..=BODY),
        ("{{eq datum}}\n", BODY..=BODY),
        ("{{!-- nooit\n", BODY..=BODY + 1),
        ("{{onderwerp..}}\n", BODY..=BODY),
    ] {
        batch.judged(body, letter(body), move |found| match found {
            [one] if SLIPS.contains(&one.code.as_str()) && lines.contains(&one.line) => Ok(()),
            _ => Err(format!("one of {SLIPS:?} on lines {lines:?}")),
        });
    }
    batch.check();
}

#[test]
fn what_is_right_is_left_alone() {
    let mut batch = Batch::new();
    for body in [
        "{{onderwerp}} {{@root.onderwerp}} {{ontvanger.plaats}} {{datum}} {{kenmerk}} {{taal}}\n",
        "{{#if uw_kenmerk}}{{uw_kenmerk}}{{/if}}\n",
        "{{#each verzonden_aan}}{{@index}} {{this}} {{../onderwerp}} {{@root.datum}}{{#unless @last}}, {{/unless}}{{/each}}\n",
        "{{#each verzonden_aan as |mail nummer|}}{{nummer}}: {{mail}}; {{/each}}\n",
        "{{#with ontvanger}}{{plaats}}{{/with}} {{#with ontvanger as |wie|}}{{wie.plaats}}{{/with}}\n",
        "{{#if (eq taal \"nl\")}}ja{{else if (eq taal \"en\")}}yes{{else}}?{{/if}} {{len verzonden_aan}}\n",
        "{{~#if datum~}} x {{~/if~}}\n",
        "{{#each kopie_aan}}{{this}}{{else}}niemand{{/each}}\n",
    ] {
        batch.none(body, letter(body));
    }
    batch.check();
}
