//! Requests: what is read of one is true, and what it is translated to can be read again.

use bytes::Bytes;
use realms_dialect::{
    AnswerIntent, CodexRequest, Edit, Family, Intent, Losses, Prompt, PromptError, Reading, Target,
    beginning, codex_compact_request, codex_request, decode_count, decode_embed, decode_prompt,
    encode_count, encode_embed, encode_prompt, estimate, go_on, has_envelope, has_sealed_reasoning,
    input_items, join_items, json_string, peek, splice, text_len,
};
use realms_types::DialectId;

use super::is_json;

/// Models on either side of the rules that depend on one.
const TARGETS: [Target<'static>; 7] = [
    target(DialectId::Responses, "gpt-5.5", Family::Openai, None),
    target(DialectId::Chat, "deepseek-v4", Family::Other, None),
    target(DialectId::Chat, "gpt-5.5", Family::Openai, Some(16_384)),
    target(DialectId::Messages, "claude-opus-4-8", Family::Anthropic, None),
    target(DialectId::Messages, "glm-5", Family::Other, Some(4_096)),
    target(DialectId::Gemini, "gemini-3.8-flash", Family::Google, None),
    target(DialectId::Gemini, "gemini-2.5-pro", Family::Google, None),
];

/// What a translation may grow to: so many times the body, and a little.
const MOST_TIMES: usize = 64;
const LEAST: usize = 64 << 10;

const fn target(
    dialect: DialectId,
    model: &'static str,
    family: Family,
    max_output: Option<u64>,
) -> Target<'static> {
    Target { dialect, model, family, max_output, at_home: true }
}

pub fn hold(dialect: DialectId, body: &[u8]) {
    measured(body);
    has_sealed_reasoning(dialect, body);
    has_envelope(body);
    // What cannot be peeked at goes nowhere.
    let Ok(intent) = peek(dialect, body) else { return };
    the_model_is_where_it_is_said(dialect, body, &intent);
    assert!(beginning(dialect, body).concat().len() <= body.len());
    if dialect == DialectId::Responses {
        codex_takes_it(body);
        goes_on(body);
    }
    if let Ok(prompt) = decode_prompt(dialect, body) {
        both_read_the_same(&prompt, &intent);
        let wants = AnswerIntent::of(&prompt, body);
        assert!(wants.tools.len() <= prompt.tools.len());
        for target in TARGETS {
            translated(&prompt, &target, body.len());
        }
    }
    if let Ok(prompt) = decode_count(dialect, body) {
        for target in TARGETS {
            counted(&prompt, &target);
        }
    }
    embedded(dialect, body);
}

/// What a hold is reckoned from is never more than was sent.
fn measured(body: &[u8]) {
    let len = usize::try_from(text_len(None, body)).unwrap();
    assert!(len <= body.len());
    let usage = estimate(len, &Reading::default());
    assert!(usage.check().is_ok() && usage.input <= body.len() as u64);
}

/// The span of the model is its literal; another in its place changes nothing else.
fn the_model_is_where_it_is_said(dialect: DialectId, body: &[u8], intent: &Intent) {
    const NAME: &str = "models/an \"other\" \u{2028}";
    let mut fields: Vec<_> = intent.model.iter().chain(&intent.more_models).collect();
    fields.sort_by_key(|field| field.span.start);
    let mut edits = Vec::new();
    for field in fields {
        let literal: String = serde_json::from_slice(&body[field.span.clone()]).unwrap();
        assert_eq!(literal, field.value);
        edits.push(Edit { span: field.span.clone(), with: json_string(NAME) });
    }
    let edited = splice(&Bytes::copy_from_slice(body), &edits).concat();
    let again = peek(dialect, &edited).unwrap();
    let models: Vec<_> = again.model.iter().chain(&again.more_models).collect();
    assert_eq!(models.len(), edits.len());
    assert!(models.iter().all(|field| field.value == NAME));
    let rest = |intent: &Intent| Intent { model: None, more_models: Vec::new(), ..intent.clone() };
    assert_eq!(rest(&again), rest(intent));
}

/// A body that is taken apart asks for what it was seen to ask for: that decides its route and its price.
fn both_read_the_same(prompt: &Prompt, intent: &Intent) {
    let model = intent.model.as_ref().map(|field| field.value.as_str());
    if prompt.origin == DialectId::Gemini {
        let bare = model.map(|name| name.strip_prefix("models/").unwrap_or(name));
        assert_eq!(prompt.model.as_deref(), bare);
    } else {
        assert_eq!(prompt.model.as_deref(), model);
        assert_eq!(prompt.stream, intent.stream);
    }
    assert_eq!(prompt.max_output.as_ref().map(|at| at.value), intent.max_output);
    assert_eq!(prompt.candidates.as_ref().map(|at| at.value), intent.candidate_count);
    let previous = prompt.previous_response.as_ref().map(|at| &at.value);
    assert_eq!(previous, intent.previous_response.as_ref());
}

/// A call that goes on says what came before, then what it said, and names nothing any more.
fn goes_on(body: &[u8]) {
    const BEFORE: &str = r#"{"role":"user","content":"before"}"#;
    let body = Bytes::copy_from_slice(body);
    let Ok(items) = input_items(&body) else { return };
    let Ok(whole) = go_on(&body, BEFORE) else { return };
    let intent = peek(DialectId::Responses, &whole).unwrap();
    assert_eq!(intent.previous_response, None);
    assert_eq!(input_items(&whole).unwrap(), join_items([BEFORE, &*items]));
}

fn translated(prompt: &Prompt, target: &Target<'_>, len: usize) {
    let Ok(written) = encode_prompt(prompt, target, &mut Losses::default()) else { return };
    assert!(written.len() <= MOST_TIMES * len + LEAST, "{len} bytes became {}", written.len());
    let text = str::from_utf8(&written).unwrap();
    assert!(!text.contains(['\u{2028}', '\u{2029}', '\u{85}']), "{text}");
    let dialect = target.dialect;
    if dialect == prompt.origin {
        return; // it would pass through unread
    }
    let again = decode_prompt(dialect, &written);
    let is_read = matches!(again, Ok(_) | Err(PromptError::TooDeep)); // twice is not asked for
    assert!(is_read, "{} to {dialect}: {again:?}\n{text}", prompt.origin);
    let seen = peek(dialect, &written).unwrap_or_else(|error| panic!("{error}: {text}"));
    if dialect != DialectId::Gemini {
        assert_eq!(seen.model.unwrap().value, target.model);
        assert_eq!(seen.stream, prompt.stream);
    }
}

/// Of its own dialect a question passes through unread.
fn counted(prompt: &Prompt, target: &Target<'_>) {
    let Ok(written) = encode_count(prompt, target, &mut Losses::default()) else { return };
    let again = decode_count(target.dialect, &written);
    let is_read = matches!(again, Ok(_) | Err(PromptError::TooDeep));
    assert!(prompt.origin == target.dialect || is_read, "{again:?}: {}", shown(&written));
}

fn embedded(dialect: DialectId, body: &[u8]) {
    let Ok(prompt) = decode_embed(dialect, body) else { return };
    for target in TARGETS {
        let Ok(written) = encode_embed(&prompt, &target, &mut Losses::default()) else { continue };
        let again = decode_embed(target.dialect, &written).unwrap();
        let texts = |prompt: &realms_dialect::EmbedPrompt| -> Vec<String> {
            prompt.texts.iter().map(|at| at.value.clone()).collect()
        };
        assert_eq!(texts(&again), texts(&prompt));
        assert_eq!(again.dimensions, prompt.dimensions);
    }
}

/// What goes to Codex streams, is kept nowhere, and is reshaped once and for all.
fn codex_takes_it(body: &[u8]) {
    let joined = |asked: CodexRequest| Bytes::from(asked.body.concat());
    let asked = joined(codex_request(&Bytes::copy_from_slice(body)));
    let seen = peek(DialectId::Responses, &asked).unwrap();
    assert!(seen.stream && seen.store == Some(false) && seen.max_output.is_none());
    assert_eq!(joined(codex_request(&asked)), asked);
    let compact = joined(codex_compact_request(&Bytes::copy_from_slice(body)));
    assert!(is_json(&compact), "{}", shown(&compact));
    assert_eq!(joined(codex_compact_request(&compact)), compact);
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
