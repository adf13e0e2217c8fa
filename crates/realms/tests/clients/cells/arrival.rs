//! What of a question must be found again in the request that the upstream got.

use realms_dialect::{
    Call, Format, Part, Prompt, Role, Source, ToolForm, ToolResult, decode_prompt,
};
use realms_testkit::Received;
use realms_types::DialectId;
use serde_json::Value;

use super::{
    cell::{Cell, Trial},
    upstream::{BOUND, stops},
};

/// A picture of one dot.
pub(super) const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Something that has not arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    /// What it is.
    pub(super) what: &'static str,
    /// What the path of a loss holds that names it, one of these.
    pub(super) paths: &'static [&'static str],
}

/// Nothing names a loss of these: without them the call is another.
const NEVER: &[&str] = &[];
const PICTURE: &[&str] = &["content", "parts"];
const FORMAT: &[&str] = &["format", "response", "schema"];
const LIMIT: &[&str] = &["max", "Max"];
const SEQUENCE: &[&str] = &["stop"];
const WISH: &[&str] = &["reasoning", "thinking", "effort"];
const PROOF: &[&str] = &["signature", "Signature", "encrypted", "content", "parts", "input["];

/// What is missing from the request of this number, from 1.
pub(super) fn missing(cell: Cell, number: usize, request: &Received) -> Vec<Missing> {
    let Ok(prompt) = decode_prompt(cell.upstream, &request.body) else {
        return vec![Missing { what: "a request that its dialect can read", paths: NEVER }];
    };
    let mut checks = vec![
        (request.dialect() == cell.upstream, "the upstream's dialect", NEVER),
        (asks(&prompt), "the question", NEVER),
    ];
    checks.extend(own(cell, number, request, &prompt));
    let lost = checks.into_iter().filter(|(is_there, ..)| !is_there);
    lost.map(|(_, what, paths)| Missing { what, paths }).collect()
}

type Check = (bool, &'static str, &'static [&'static str]);

/// What the cell is about.
fn own(cell: Cell, number: usize, request: &Received, prompt: &Prompt) -> Vec<Check> {
    match cell.trial {
        Trial::Plain | Trial::Stream | Trial::Usage => {
            vec![(is_told(prompt, "Be brief."), "the system prompt", NEVER)]
        }
        Trial::Tools => tools(number, prompt),
        Trial::Image => vec![(shows(prompt), "the picture", PICTURE)],
        Trial::Schema => vec![(is_held(prompt), "the schema", FORMAT)],
        Trial::Thinking => thinking(cell, number, request, prompt),
        Trial::Length => {
            let bound = prompt.max_output.as_ref().map(|at| at.value);
            vec![(bound == Some(BOUND), "the bound of the answer", LIMIT)]
        }
        Trial::Stop => vec![(stops(prompt), "the stop sequence", SEQUENCE)],
        Trial::Limited | Trial::Broken => Vec::new(),
    }
}

fn parts(prompt: &Prompt) -> impl Iterator<Item = &Part> {
    prompt.turns.iter().flat_map(|turn| &turn.pieces).map(|piece| &piece.part)
}

fn asks(prompt: &Prompt) -> bool {
    parts(prompt).any(|part| part.as_text() == Some("What is the weather?"))
}

/// Whether the system says it, wherever the dialect has it speak.
fn is_told(prompt: &Prompt, text: &str) -> bool {
    let first = prompt.system.iter().flat_map(|system| &system.pieces);
    let is_system = |role| matches!(role, Role::System | Role::Developer);
    let within = prompt.turns.iter().filter(|turn| is_system(turn.role));
    let mut pieces = first.chain(within.flat_map(|turn| &turn.pieces));
    pieces.any(|piece| piece.part.as_text().is_some_and(|said| said.contains(text)))
}

fn shows(prompt: &Prompt) -> bool {
    parts(prompt).any(|part| match part {
        Part::Image(image) => image.source == Source::Data(DOT.to_owned()),
        _ => false,
    })
}

fn is_held(prompt: &Prompt) -> bool {
    match prompt.format.as_ref().map(|at| &at.value) {
        Some(Format::JsonSchema(schema)) => {
            schema.schema.as_ref().is_some_and(|at| at.value["required"][0] == "city")
        }
        _ => is_told(prompt, "Answer with JSON of this schema"),
    }
}

// === tools ===

fn tools(number: usize, prompt: &Prompt) -> Vec<Check> {
    let expected: &[(&str, &str)] = match number {
        1 => &[],
        2 => &[("Zürich", "rain"), ("Ulm", "sun")],
        _ => &[("Zürich", "rain"), ("Ulm", "sun"), ("umbrella", "two things")],
    };
    let answered = expected.iter().all(|(asked, told)| is_answered(prompt, asked, told));
    vec![
        (is_offered(prompt, "weather") && is_offered(prompt, "pack"), "the tools", NEVER),
        (answered && results(prompt).count() == expected.len(), "the results of the calls", NEVER),
    ]
}

fn is_offered(prompt: &Prompt, name: &str) -> bool {
    prompt.tools.iter().any(|tool| match &tool.kind {
        ToolForm::Function(one) => one.name == name && one.parameters.is_some(),
        _ => false,
    })
}

/// Whether the call with this in its arguments has the result with this in its text.
fn is_answered(prompt: &Prompt, asked: &str, told: &str) -> bool {
    let is_meant = |call: &&Call| {
        let input: Value = serde_json::from_str(&call.input).unwrap_or_default();
        input.to_string().contains(asked)
    };
    let Some(call) = calls(prompt).find(is_meant) else { return false };
    results(prompt).any(|result| result.call == call.id && says(result, told))
}

fn calls(prompt: &Prompt) -> impl Iterator<Item = &Call> {
    parts(prompt).filter_map(|part| match part {
        Part::Call(call) => Some(call),
        _ => None,
    })
}

fn results(prompt: &Prompt) -> impl Iterator<Item = &ToolResult> {
    parts(prompt).filter_map(|part| match part {
        Part::Result(result) => Some(result),
        _ => None,
    })
}

fn says(result: &ToolResult, text: &str) -> bool {
    let mut texts = result.pieces.iter().filter_map(|piece| piece.part.as_text());
    texts.any(|said| said.contains(text))
}

// === thinking ===

/// In each call that the model is to think; in the second what proves the thoughts of the first, for the
/// maker of the proof to read.
fn thinking(cell: Cell, number: usize, request: &Received, prompt: &Prompt) -> Vec<Check> {
    let asked = prompt.reasoning.effort.is_some() || prompt.reasoning.budget.is_some();
    let mut checks: Vec<Check> = vec![(asked, "that it is to think", WISH)];
    if number > 1 {
        let went_on = parts(prompt).any(|part| part.as_text() == Some("It rains."));
        checks.push((went_on, "the answer before", NEVER));
        if let Some(proof) = proof_of(cell) {
            checks.push((request.holds(proof), "the proof of its thoughts", PROOF));
        }
    }
    checks
}

/// What the fake upstream proves thoughts with. Clients of Chat have no place to keep it, and Chat has none
/// to make it; Gemini signs no thought that nothing was called for.
const fn proof_of(cell: Cell) -> Option<&'static str> {
    match (cell.client, cell.upstream) {
        (DialectId::Chat, _) | (_, DialectId::Chat | DialectId::Gemini) => None,
        (_, DialectId::Messages) => Some("c2lnbmVk"),
        (_, DialectId::Responses) => Some("c2VhbGVk"),
    }
}
