//! `docs/translation.md`: what becomes of each recorded request in each dialect, in a table.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use realms_dialect::{LossKind, decode_prompt};
use realms_types::DialectId;

use super::samples::{Sample, encoded, samples, target};

const HEAD: &str = "\
# What a translation keeps

A call in the dialect its upstream speaks passes through byte for byte. This page is about the others. Each row is a request as a
real client sends it (`fixtures/dialect/*/request_*.json`), each column a dialect it is written in; the bodies are beside the tests
(`crates/realms-dialect/tests/prompts/snapshots`). A field without a word here is kept.

- **refused**: the dialect has no word for it, and the answer would be a wrong one: nothing is sent.
- **emulated**: there by other means. **approximated**: near to what was asked. **dropped**: gone. Each is named in the trace of the call.

This file is made by the tests of `realms-dialect`, which also say when it is stale.
";

/// Fields without the places of their list, each once.
fn cell(sample: &Sample, dialect: DialectId) -> String {
    let prompt = decode_prompt(sample.dialect, sample.body.to_string().as_bytes()).unwrap();
    let losses = match encoded(&prompt, &target(dialect)) {
        Err(refused) => return format!("**refused**: {}", refused.feature),
        Ok((_, losses)) => losses,
    };
    let mut said = Vec::new();
    for kind in [LossKind::Emulated, LossKind::Approximated, LossKind::Dropped] {
        let of_kind = losses.named().iter().filter(|loss| loss.kind == kind);
        let fields: BTreeSet<String> =
            of_kind.map(|loss| format!("`{}`", placeless(&loss.path))).collect();
        if !fields.is_empty() {
            let fields: Vec<String> = fields.into_iter().collect();
            said.push(format!("**{}**: {}", kind.name(), fields.join(", ")));
        }
    }
    if said.is_empty() { "kept".to_owned() } else { said.join("<br>") }
}

fn placeless(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => {
                inside = true;
                out.push_str("[]");
            }
            ']' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let samples = samples();
    for origin in DialectId::ALL {
        let others: Vec<DialectId> =
            DialectId::ALL.into_iter().filter(|one| *one != origin).collect();
        let names: Vec<String> = others.iter().map(|one| format!("to {one}")).collect();
        write!(
            page,
            "\n## From {origin}\n\n| request | {} |\n|---|---|---|---|\n",
            names.join(" | ")
        )
        .unwrap();
        for sample in samples.iter().filter(|sample| sample.dialect == origin) {
            let cells: Vec<String> = others.iter().map(|one| cell(sample, *one)).collect();
            writeln!(page, "| {} | {} |", sample.name.replace('_', " "), cells.join(" | "))
                .unwrap();
        }
    }
    page
}

#[test]
fn the_page_says_what_is_so() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/translation.md");
    let page = page();
    if fs::read_to_string(&place).ok().as_deref() != Some(&page) {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("translation.md");
        fs::write(&fresh, page).unwrap();
        panic!("docs/translation.md is stale: cp {} docs/translation.md", fresh.display());
    }
}
