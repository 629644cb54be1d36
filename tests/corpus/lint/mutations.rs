//! Lint on anything at all: it never panics, it ends, its places lie between letters, and its fixes break nothing.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use dbctl::lint::{Fix, Input, example, fix, lint, parse_all, rules};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError};

use super::{everything, histories, loose, misplaced};
use crate::support::corpora;

/// Far more than any of these texts takes: what runs longer hangs.
const TOO_LONG: Duration = Duration::from_secs(20);

/// What is put between and in place of the words of real SQL.
const SPLINTERS: &[&str] = &[
    "'",
    "\"",
    "$$",
    "$a$",
    "E'",
    "U&\"",
    "/*",
    "*/",
    "--",
    "\n",
    ";",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "::",
    ":=",
    "\\",
    "\\i x",
    "é",
    "😀",
    "\u{feff}",
    "\u{0}",
    "\r\n",
    "create",
    "table",
    "alter",
    "if exists",
    "begin",
    "end",
    "do",
    "as",
    "select",
    "into",
    "execute",
    "language plpgsql",
    "concurrently",
    "not null",
    "references",
    "null",
    "1e9",
    "commit",
    "exception",
    "when",
    "others",
    "then",
    "loop",
    "-- then",
    "-- dbctl:ignore all: x",
    "-- dbctl: no-transaction",
    "union all",
    "with x as",
];

/// The chains that are shaken: the last file of each is.
static CHAINS: LazyLock<Vec<Vec<Input>>> = LazyLock::new(|| {
    let examples = rules::RULES.iter().flat_map(|rule| rule.bad.iter().chain(rule.good));
    let mut chains: Vec<_> = examples.map(|text| example::inputs(text)).collect();
    let real = corpora().map(|corpora| histories(&corpora)).unwrap_or_default();
    let texts = real.into_iter().flat_map(|history| history.inputs).filter(|input| input.text.len() < 6_000);
    chains.extend(texts.map(|input| vec![input]));
    chains
});

fn config(cases: u32) -> Config {
    // `PROPTEST_CASES=100000` for a night's run.
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    // A gate says the same of the same code each time; another seed is another night's run.
    let seed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_240_101);
    Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    }
}

/// One change of a text: what is done, at which word, and with which.
type Change = (u8, u32, u32);

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn survives_shaken_words_of_examples_and_histories(
        chain in any::<prop::sample::Index>(),
        changes in prop::collection::vec(any::<Change>(), 1..6),
    ) {
        let mut inputs = CHAINS[chain.index(CHAINS.len())].clone();
        let last = inputs.last_mut().unwrap();
        last.text = shaken(&last.text, &changes).into();
        stands(&inputs)?;
    }

    #[test]
    fn survives_any_text(text in "(\\PC|\\s){0,300}") {
        stands(&[loose("20240101000000_any.sql", text)])?;
    }

    #[test]
    fn survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        stands(&[loose("20240101000000_any.sql", String::from_utf8_lossy(&bytes).into_owned())])?;
    }

    #[test]
    fn survives_words_in_any_order(words in prop::collection::vec(prop::sample::select(SPLINTERS), 0..40)) {
        stands(&[loose("20240101000000_any.sql", words.join(" "))])?;
    }
}

/// The text with its words taken out, doubled, swapped and replaced.
fn shaken(text: &str, changes: &[Change]) -> String {
    let mut words = words(text);
    for &(kind, at, other) in changes {
        if words.is_empty() {
            break;
        }
        let (at, other) = (at as usize % words.len(), other as usize);
        match kind % 7 {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[at]),
            2 => {
                let other = other % words.len();
                words.swap(at, other);
            }
            3 => words[at] = SPLINTERS[other % SPLINTERS.len()],
            4 => words.insert(at, SPLINTERS[other % SPLINTERS.len()]),
            5 => words.truncate(at),
            _ => words[at] = words[other % words.len()],
        }
    }
    words.concat()
}

/// Runs of letters, runs of blanks, and every other sign by itself.
fn words(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        '_' => 1,
        c if c.is_alphanumeric() => 1,
        c if c.is_whitespace() => 2,
        _ => 0,
    };
    let mut words = Vec::new();
    let mut start = 0;
    for (at, pair) in text.char_indices().zip(text.chars().skip(1)).map(|((at, a), b)| (at + a.len_utf8(), (a, b))) {
        if kind(pair.0) == 0 || kind(pair.0) != kind(pair.1) {
            words.push(&text[start..at]);
            start = at;
        }
    }
    words.push(&text[start..]);
    words
}

fn stands(inputs: &[Input]) -> Result<(), TestCaseError> {
    let begun = Instant::now();
    let files = parse_all(inputs.to_vec());
    let report = lint(&files, &everything());
    for finding in report.findings.iter().chain(&report.silenced) {
        if let Some(wrong) = misplaced(&files, finding) {
            return Err(TestCaseError::fail(wrong));
        }
    }
    let last = files.len() - 1;
    let flat = files[last].text().to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    if !files[last].errors.is_empty() {
        // Where a broken statement ends is anybody's guess, and with an edit another one.
        return Ok(());
    }
    let in_last = report.findings.iter().filter(|finding| finding.place.file == Some(last));
    let mends: Vec<(&str, &Fix)> =
        in_last.filter_map(|finding| Some((finding.rule.id, finding.fix.as_ref()?))).collect();
    for chosen in mends.iter().map(std::slice::from_ref).chain([mends.as_slice()]) {
        let edits: Vec<&Fix> = chosen.iter().map(|(_, fix)| *fix).collect();
        let fixed = fix::apply(files[last].text(), &edits).text;
        let again = parse_all(vec![Input { text: fixed.as_str().into(), ..inputs[last].clone() }]);
        let ids: Vec<_> = chosen.iter().map(|(id, _)| *id).collect();
        // A key word that cannot name a table is taken for one by the parser until `if not exists` stands before it.
        let misnamed =
            ["table concurrently", "index concurrently concurrently"].iter().any(|words| flat.contains(words));
        prop_assert!(misnamed || again[0].errors.is_empty(), "{ids:?} break it: {:?} in\n{fixed}", again[0].errors);
    }
    prop_assert!(begun.elapsed() < TOO_LONG, "took {:?}", begun.elapsed());
    Ok(())
}
