//! What becomes of each recorded request in each dialect.

use std::fmt::Write;

use realms_dialect::decode_prompt;
use realms_types::DialectId;

use super::samples::{Sample, encoded, samples, target};

fn story(sample: &Sample) -> String {
    let prompt = decode_prompt(sample.dialect, sample.body.to_string().as_bytes()).unwrap();
    let mut story = String::new();
    for dialect in DialectId::ALL {
        writeln!(story, "== {dialect}").unwrap();
        match encoded(&prompt, &target(dialect)) {
            Err(refused) => writeln!(story, "refused: {refused}").unwrap(),
            Ok((body, losses)) => {
                for loss in losses.named() {
                    writeln!(story, "{} {}: {}", loss.kind.name(), loss.path, loss.why).unwrap();
                }
                writeln!(story, "{body:#}").unwrap();
            }
        }
    }
    story
}

#[test]
fn requests_of_real_clients() {
    for sample in samples() {
        let name = format!("{}_{}", sample.dialect, sample.name);
        insta::assert_snapshot!(name, story(sample));
    }
}
