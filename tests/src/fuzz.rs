//! Random changes to good and bad examples, for whatever reads what strangers write. No compiler but the pinned one
//! is needed: inputs are not led by coverage, so the examples in `fuzz/corpus` have to be good ones.
//!
//! A second each in every run of the tests, always the same ones; `FUZZ_SECONDS=60 cargo test --test it fuzz` looks
//! longer, and at others each time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Small, quick, and the same on every machine (Marsaglia's xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit.max(1)).expect("a size")).expect("a size")
    }

    fn of<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(self.below(things.len()))
    }

    /// A part of `length` bytes of something.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..start + self.below((length - start).min(64) + 1)
    }
}

const LARGEST: usize = 64 * 1024;
/// Examples and what became of them.
const POOL: usize = 512;

/// What breaks many readers.
const NASTY: &[&str] = &[
    "\0",
    "\r\n",
    "\n",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{301}",
    "é",
    "😀",
    "\u{10ffff}",
    "\u{fffd}",
    "%00",
    "../",
    "\\",
    "\"",
    "'",
    "<",
    "{",
    "}",
    "[",
    "]",
    "{{",
    "}}",
    "{%",
    "%}",
    ":",
    ",",
    "-1",
    "0",
    "1e999",
    "9223372036854775808",
    "null",
    "true",
    ".",
    "=",
    "@",
    "//",
];

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("an example")).collect()
}

fn changed(dice: &mut Dice, pool: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut input = dice.of(pool).cloned().unwrap_or_default();
    for _ in 0..=dice.below(6) {
        let at = dice.below(input.len() + 1);
        match dice.below(8) {
            0 if at < input.len() => input[at] ^= 1 << dice.below(8),
            1 if at < input.len() => input[at] = u8::try_from(dice.below(256)).expect("a byte"),
            2 => drop(input.drain(dice.range(input.len()))),
            3 => {
                let part = input[dice.range(input.len())].to_vec();
                let part = part.repeat(1 + dice.below(16));
                input.splice(at..at, part);
            }
            4 => {
                let other = dice.of(pool).cloned().unwrap_or_default();
                let part = other[dice.range(other.len())].to_vec();
                input.splice(at..at, part);
            }
            5 => {
                let word = dice.of(NASTY).copied().unwrap_or_default();
                input.splice(at..at, word.bytes());
            }
            _ => {
                let word = dice.of(words).copied().unwrap_or_default();
                input.splice(at..at, word.bytes());
            }
        }
    }
    input.truncate(LARGEST);
    input
}

/// Tries `check` with the examples of `target` and with what becomes of them; it panics when something is wrong.
/// How many were tried.
#[expect(clippy::print_stdout, reason = "what was tried is what the test is run for")]
pub fn run(target: &str, words: &[&str], check: impl Fn(&[u8])) -> u64 {
    let seconds: Option<u64> = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let seed = match seconds {
        Some(_) => u64::from(uuid::Uuid::new_v4().as_fields().0) | 1,
        None => 0x9e37_79b9,
    };
    let mut dice = Dice(seed);
    let mut pool = corpus(target);
    let tried = |input: &[u8]| {
        let done = catch_unwind(AssertUnwindSafe(|| check(input)));
        if let Err(cause) = done {
            println!("{target} fails with {:?}", String::from_utf8_lossy(input));
            println!("as bytes: {input:?}");
            resume_unwind(cause);
        }
    };
    pool.iter().for_each(|input| tried(input));
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(1));
    let mut count = 0;
    while Instant::now() < until {
        let input = changed(&mut dice, &pool, words);
        tried(&input);
        count += 1;
        if dice.below(8) == 0 {
            let at = dice.below(POOL);
            match pool.get_mut(at) {
                // The examples themselves stay as likely as what came of them.
                Some(old) if at > 64 => *old = input,
                Some(_) => {}
                None => pool.push(input),
            }
        }
    }
    println!("{target}: {count} inputs, seed {seed}");
    count
}
