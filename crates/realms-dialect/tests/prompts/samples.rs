//! The recorded requests, and where they are sent in tests.

use std::{fs, path::PathBuf, sync::OnceLock};

use realms_dialect::{Family, Losses, Prompt, Target, Untranslatable, encode_prompt};
use realms_types::DialectId;
use serde_json::Value;

/// A recorded request.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub dialect: DialectId,
    pub name: String,
    pub body: Value,
}

/// All of them, sorted.
pub(super) fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(read)
}

fn read() -> Vec<Sample> {
    let mut samples = Vec::new();
    for dialect in DialectId::ALL {
        let folder: PathBuf =
            [env!("CARGO_MANIFEST_DIR"), "../../fixtures/dialect", dialect.as_str()]
                .iter()
                .collect();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap();
            let name = file.strip_prefix("request_").and_then(|name| name.strip_suffix(".json"));
            if let Some(name) = name {
                let body = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                samples.push(Sample { dialect, name: name.to_owned(), body });
            }
        }
    }
    samples.sort_by(|a, b| (a.dialect, &a.name).cmp(&(b.dialect, &b.name)));
    samples
}

/// Where a prompt is sent in tests: a common model of each dialect.
pub(super) const fn target(dialect: DialectId) -> Target<'static> {
    let (model, family) = match dialect {
        DialectId::Responses => ("gpt-5.5", Family::Openai),
        DialectId::Chat => ("deepseek-v4", Family::Other),
        DialectId::Messages => ("claude-sonnet-4-5", Family::Anthropic),
        DialectId::Gemini => ("gemini-3.8-flash", Family::Google),
    };
    Target { dialect, model, family, max_output: None, at_home: true }
}

/// The body written, and what was lost.
pub(super) fn encoded(
    prompt: &Prompt,
    target: &Target<'_>,
) -> Result<(Value, Losses), Untranslatable> {
    let mut losses = Losses::default();
    let body = encode_prompt(prompt, target, &mut losses)?;
    Ok((serde_json::from_slice(&body).unwrap(), losses))
}
