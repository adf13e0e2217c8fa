//! The checker: every leaf of a request is in what was written, or a loss names it.

use realms_dialect::Losses;
use serde_json::Value;

/// Keys whose values are words of a dialect: what became of them is checked by the laws of prompts.
const WORDS: [&str; 36] = [
    "type",
    "role",
    "model",
    "status",
    "mode",
    "tool_choice",
    "function_call",
    "effort",
    "reasoning_effort",
    "summary",
    "display",
    "thinkingLevel",
    "service_tier",
    "serviceTier",
    "stream",
    "include_usage",
    "strict",
    "parallel_tool_calls",
    "disable_parallel_tool_use",
    "store",
    "thought",
    "includeThoughts",
    "include_thoughts",
    "is_error",
    "logprobs",
    "responseLogprobs",
    "nullable",
    "include",
    "format",
    "responseMimeType",
    "budget_tokens",
    "thinkingBudget",
    "thinking_budget",
    "mimeType",
    "mime_type",
    "media_type",
];
/// Keys of schemas that say nothing of a value.
const ANNOTATIONS: [&str; 2] = ["$schema", "$ref"];

/// A scalar somewhere in a body.
#[derive(Debug)]
pub(super) struct Leaf<'a> {
    pub path: String,
    pub key: String,
    pub value: &'a Value,
}

/// The leaves of a request that are neither in the body written nor named.
pub(super) fn unaccounted(request: &Value, written: &Value, losses: &Losses) -> Vec<String> {
    if losses.unnamed() > 0 {
        return Vec::new();
    }
    let there: Vec<Leaf<'_>> = leaves(written);
    let mut missing = Vec::new();
    for leaf in leaves(request) {
        let is_word =
            WORDS.contains(&leaf.key.as_str()) || ANNOTATIONS.contains(&leaf.key.as_str());
        // Ids of items name what the vendor stored, and the order of calls is that of the list.
        let is_place = matches!(leaf.key.as_str(), "id" | "index") && !leaf.path.contains("tool");
        // What happens anyhow, and how one dialect calls the tool of its vendor.
        let is_given = (leaf.value == 1
            && matches!(leaf.key.as_str(), "n" | "candidateCount" | "candidate_count"))
            || leaf.value == "web_search";
        let is_found = |one: &Leaf<'_>| holds(one.value, leaf.value);
        if !is_given
            && !is_word
            && !is_place
            && !covered(&leaf.path, losses)
            && !there.iter().any(is_found)
            && !pieces_found(leaf.value, &there)
        {
            missing.push(format!("{} = {}", leaf.path, leaf.value));
        }
    }
    missing
}

/// Every scalar of a value, and where it is.
pub(super) fn leaves(value: &Value) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    walk(value, String::new(), "", &mut found);
    found
}

fn walk<'a>(value: &'a Value, path: String, key: &str, found: &mut Vec<Leaf<'a>>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                walk(value, path, key, found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                walk(value, format!("{path}[{index}]"), key, found);
            }
        }
        Value::Null => {}
        Value::String(text) if text.trim().is_empty() => {}
        scalar => found.push(Leaf { path, key: key.to_owned(), value: scalar }),
    }
}

/// Whether a loss names this field, or something it is in.
pub(super) fn covered(path: &str, losses: &Losses) -> bool {
    losses.named().iter().any(|loss| match loss.path.split_once("..") {
        Some((above, keyword)) => {
            let below = within(path, above);
            below.is_some_and(|below| below.split(['.', '[']).any(|key| key == keyword))
        }
        None => within(path, &loss.path).is_some(),
    })
}

/// What follows a path, when it is this one or lies within it.
fn within<'a>(path: &'a str, above: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(above)?;
    (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
}

/// Whether a scalar that was written holds one that was sent.
fn holds(there: &Value, sent: &Value) -> bool {
    match (there, sent) {
        (Value::String(there), Value::String(sent)) => {
            let sent = sent.trim();
            let escaped = serde_json::to_string(sent).unwrap();
            let payload = sent.strip_prefix("data:").and_then(|url| url.split_once(','));
            there.contains(sent)
                || there.eq_ignore_ascii_case(sent)
                || there.contains(escaped.trim_matches('"'))
                || payload.is_some_and(|(_, data)| there == data)
        }
        (Value::Number(there), Value::Number(sent)) => there.as_f64() == sent.as_f64(),
        (Value::String(there), scalar) => there.contains(&scalar.to_string()),
        (there, sent) => there == sent,
    }
}

/// Text of JSON whose leaves are all there.
fn pieces_found(sent: &Value, there: &[Leaf<'_>]) -> bool {
    let Some(inner) = sent.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok())
    else {
        return false;
    };
    inner.is_object()
        && leaves(&inner).iter().all(|leaf| there.iter().any(|one| holds(one.value, leaf.value)))
}
