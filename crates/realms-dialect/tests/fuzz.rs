//! Laws that hold for any bytes, held against what the fuzzer (`fuzz/`) found, what is known to be nasty,
//! and what a short run makes up: always the same, so that nothing turns red by chance.
#![cfg(test)]

#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/seeds.rs"]
mod seeds;
#[path = "fuzz/targets.rs"]
mod targets;

use std::{
    collections::BTreeSet,
    fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
};

use self::mutate::{Chance, changed};

/// A file and its bytes.
type Input = (PathBuf, Vec<u8>);

/// How many inputs are made up for each target.
const MADE_UP: u32 = 2_000;
/// No input grows beyond this.
const LONGEST: usize = 16 << 10;
/// Bytes that mean something to one reader or another.
const TELLING: &[u8] = b"\"\\{}[],:\n\r \0-0e9\x80\xc3\xed\xf0\xff";

/// A test for each target: they run beside one another, and each is counted.
macro_rules! short_runs {
    ($($test:ident: $target:literal,)*) => {
        const TESTED: &[&str] = &[$($target),*];

        $(
            #[test]
            fn $test() {
                hold_for_what_is_made_up($target);
            }
        )*
    };
}

short_runs! {
    requests_of_chat_hold_when_they_are_changed: "chat-request",
    streams_of_chat_hold_when_they_are_changed: "chat-stream",
    answers_of_chat_hold_when_they_are_changed: "chat-body",
    errors_of_chat_hold_when_they_are_changed: "chat-fault",
    requests_of_gemini_hold_when_they_are_changed: "gemini-request",
    streams_of_gemini_hold_when_they_are_changed: "gemini-stream",
    answers_of_gemini_hold_when_they_are_changed: "gemini-body",
    errors_of_gemini_hold_when_they_are_changed: "gemini-fault",
    requests_of_messages_hold_when_they_are_changed: "messages-request",
    streams_of_messages_hold_when_they_are_changed: "messages-stream",
    answers_of_messages_hold_when_they_are_changed: "messages-body",
    errors_of_messages_hold_when_they_are_changed: "messages-fault",
    requests_of_responses_hold_when_they_are_changed: "responses-request",
    streams_of_responses_hold_when_they_are_changed: "responses-stream",
    answers_of_responses_hold_when_they_are_changed: "responses-body",
    errors_of_responses_hold_when_they_are_changed: "responses-fault",
    framing_holds_when_it_is_changed: "framing",
    forms_hold_when_they_are_changed: "form",
    frames_of_a_socket_hold_when_they_are_changed: "socket",
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// What lies in a folder of `fixtures/fuzz`; nothing where there is no such folder.
fn inputs(folder: &str) -> Vec<Input> {
    let Ok(entries) = fs::read_dir(fixtures().join("fuzz").join(folder)) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut inputs: Vec<Input> =
        paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    inputs.sort();
    inputs
}

/// Of a failure it keeps the input, and says how to keep it for good.
fn hold_for_what_is_made_up(name: &str) {
    let target = targets::all().into_iter().find(|target| target.name() == name).unwrap();
    let recorded: Vec<Vec<u8>> =
        seeds::of(name, &fixtures().join("dialect")).into_iter().map(|(_, bytes)| bytes).collect();
    let found: Vec<Vec<u8>> =
        inputs("any").into_iter().chain(inputs(name)).map(|(_, bytes)| bytes).collect();
    let words = words(&recorded);
    for seed in 0..MADE_UP {
        let input = made_up(&recorded, &found, &words, &mut Chance::new(seed));
        let held = panic::catch_unwind(AssertUnwindSafe(|| target.hold(&input)));
        if let Err(broken) = held {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}-{seed}"));
            fs::write(&path, &input).unwrap();
            println!("again: mkdir -p fixtures/fuzz/{name} && cp {} $_/NAME", path.display());
            panic::resume_unwind(broken);
        }
    }
}

/// Two of three are recordings that were changed; there are more of the nasty ones, and they are nasty already.
fn made_up(
    recorded: &[Vec<u8>],
    found: &[Vec<u8>],
    words: &[String],
    chance: &mut Chance,
) -> Vec<u8> {
    let from = if recorded.is_empty() || chance.below(3) == 0 { found } else { recorded };
    let mut input = from[chance.below(from.len())].clone();
    for _ in 0..=chance.below(4) {
        let better = if chance.below(2) == 0 { None } else { changed(&input, words, chance) };
        input = better.unwrap_or_else(|| disturbed(input, chance));
        input.truncate(LONGEST);
    }
    input
}

/// Bytes that were changed without a thought for what they mean.
fn disturbed(mut bytes: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let (one, other) = (chance.below(bytes.len() + 1), chance.below(bytes.len() + 1));
    let part = one.min(other)..one.max(other);
    match chance.below(6) {
        0 => bytes.truncate(one),
        1 => drop(bytes.drain(part)),
        2 => {
            let again = bytes[part].to_vec();
            drop(bytes.splice(one..one, again));
        }
        3 | 4 => bytes.insert(one, TELLING[chance.below(TELLING.len())]),
        _ => {
            if let Some(byte) = bytes.get_mut(one) {
                *byte ^= 1_u8 << chance.below(8);
            }
        }
    }
    bytes
}

/// What stands between quotes in these inputs and looks like a name.
fn words(inputs: &[Vec<u8>]) -> Vec<String> {
    let in_a_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$-".contains(byte);
    let mut words = BTreeSet::new();
    for part in inputs.iter().flat_map(|input| input.split(|byte| *byte == b'"')) {
        if (2..=40).contains(&part.len()) && part.iter().all(in_a_name) {
            words.insert(String::from_utf8(part.to_vec()).unwrap());
        }
    }
    words.into_iter().collect()
}

#[test]
fn what_was_found_once_stays_mended() {
    let nasty = inputs("any");
    assert!(!nasty.is_empty(), "fixtures/fuzz/any is missing");
    for target in targets::all() {
        let name = target.name();
        for (path, bytes) in nasty.iter().chain(&inputs(&name)) {
            // Of a failure this is the line that says where it comes from.
            println!("{name}: {}", path.display());
            target.hold(bytes);
        }
    }
}

#[test]
fn every_target_has_a_short_run_and_inputs_to_begin_with() {
    let known: BTreeSet<String> = targets::all().iter().map(targets::Target::name).collect();
    let tested: BTreeSet<String> = TESTED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(known, tested);
    for name in known.iter().filter(|name| *name != "form") {
        assert!(!seeds::of(name, &fixtures().join("dialect")).is_empty(), "{name}");
    }
    assert!(!inputs("form").is_empty());
}

#[test]
fn what_is_made_up_is_always_the_same_and_differs() {
    let recorded = [br#"data: {"type":"a","text":"b"}"#.to_vec(), b"[1,2]".to_vec()];
    let found = vec![b"nasty".to_vec()];
    let words = words(&recorded);
    let run = || -> Vec<Vec<u8>> {
        let one = |seed| made_up(&recorded, &found, &words, &mut Chance::new(seed));
        (0..200).map(one).collect()
    };
    let first = run();
    assert_eq!(run(), first);
    let different: BTreeSet<&Vec<u8>> = first.iter().collect();
    assert!(different.len() > 50, "{}", different.len());
}

#[test]
fn every_folder_of_inputs_is_that_of_a_target() {
    let known: Vec<String> = targets::all().iter().map(targets::Target::name).collect();
    for entry in fs::read_dir(fixtures().join("fuzz")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "any" || known.contains(&name), "{name}: no target is called so");
    }
}
