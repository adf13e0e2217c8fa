//! Laws that hold for any bytes, held against what the fuzzer (`fuzz/`) found and what is known to be nasty.
#![cfg(test)]

#[path = "fuzz/targets.rs"]
mod targets;

use std::{fs, path::PathBuf};

/// A file and its bytes.
type Input = (PathBuf, Vec<u8>);

/// What lies in a folder of `fixtures/fuzz`; nothing where there is no such folder.
fn inputs(folder: &str) -> Vec<Input> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/fuzz");
    let Ok(entries) = fs::read_dir(PathBuf::from(root).join(folder)) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut inputs: Vec<Input> =
        paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    inputs.sort();
    inputs
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
fn every_folder_of_inputs_is_that_of_a_target() {
    let known: Vec<String> = targets::all().iter().map(targets::Target::name).collect();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/fuzz");
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "any" || known.contains(&name), "{name}: no target is called so");
    }
}
