//! Feeds the laws of `crates/realms-dialect/tests/fuzz` what libFuzzer makes up.
//!
//! `--target=NAME` chooses one, `--list` tells them all, `--seeds=FOLDER` writes what one begins with; everything
//! else is libFuzzer's own. `scripts/fuzz` builds and runs it in the folder of the repository.
#![no_main]

#[path = "../../crates/realms-dialect/tests/fuzz/mutate.rs"]
mod mutate;
#[path = "../../crates/realms-dialect/tests/fuzz/seeds.rs"]
mod seeds;
#[path = "../../crates/realms-dialect/tests/fuzz/targets.rs"]
mod targets;

use std::{env, fs, path::Path, process, sync::OnceLock};

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

use self::{
    mutate::{Chance, changed},
    targets::Target,
};

/// What this process was told to do.
struct Run {
    target: Target,
    /// The words of the dictionary that are JSON strings, without their quotes.
    words: Vec<String>,
}

static RUN: OnceLock<Run> = OnceLock::new();

fuzz_target!(
    init: {
        RUN.get_or_init(Run::of_arguments);
    },
    |input: &[u8]| RUN.get_or_init(Run::of_arguments).target.hold(input)
);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut chance = Chance::new(seed);
    let words = RUN.get().map_or(&[][..], |run| &run.words);
    let better =
        if chance.below(2) == 0 { None } else { changed(&data[..size], words, &mut chance) };
    match better.filter(|better| better.len() <= max_size) {
        Some(better) => {
            data[..better.len()].copy_from_slice(&better);
            better.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});

// === impl Run ===

impl Run {
    fn of_arguments() -> Self {
        let all = targets::all();
        if env::args().any(|argument| argument == "--list") {
            for target in all {
                println!("{}", target.name());
            }
            process::exit(0);
        }
        let wanted = argument("--target=").unwrap_or_default();
        let Some(target) = all.into_iter().find(|target| target.name() == wanted) else {
            eprintln!("no target is called `{wanted}`: --list tells those that there are");
            process::exit(2);
        };
        if let Some(folder) = argument("--seeds=") {
            process::exit(i32::from(!write_seeds(&wanted, &folder)));
        }
        Self { target, words: argument("-dict=").map(|path| words(&path)).unwrap_or_default() }
    }
}

/// Whether all of them could be written.
fn write_seeds(target: &str, folder: &str) -> bool {
    let seeds = seeds::of(target, Path::new("fixtures/dialect"));
    seeds.iter().all(|(name, bytes)| fs::write(Path::new(folder).join(name), bytes).is_ok())
}

fn argument(name: &str) -> Option<String> {
    env::args().find_map(|argument| argument.strip_prefix(name).map(str::to_owned))
}

fn words(path: &str) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let word = |line: &str| Some(line.strip_prefix(r#""\""#)?.strip_suffix(r#"\"""#)?.to_owned());
    text.lines().filter_map(word).collect()
}
