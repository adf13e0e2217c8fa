//! Gemini: whole responses as chunks, CRLF between lines, cumulative usage in each.

use bytes::Bytes;
use realms_types::Usage;
use serde_json::{Value, json};

use super::{Answer, Ending, Turn};

pub(super) fn frames(answer: &Answer, turn: &Turn) -> Vec<Bytes> {
    chunks(answer, turn).iter().map(|chunk| format!("data: {chunk}\r\n\r\n").into()).collect()
}

pub(super) fn array_pieces(answer: &Answer, turn: &Turn) -> Vec<Bytes> {
    let mut pieces = Vec::new();
    for chunk in chunks(answer, turn) {
        let before = if pieces.is_empty() { "[" } else { ",\r\n" };
        pieces.push(format!("{before}{chunk}").into());
    }
    pieces.push(Bytes::from_static(b"\r\n]"));
    pieces
}

pub(super) fn body(answer: &Answer, turn: &Turn) -> Value {
    let mut parts = Vec::new();
    if let Some(thought) = &answer.reasoning {
        parts.push(thought_part(thought));
    }
    if !answer.deltas.is_empty() {
        parts.push(json!({"text": answer.whole_text()}));
    }
    parts.extend(tool_parts(answer));
    chunk(turn, &json!(parts), answer.usage.as_ref(), Some(finish_reason(answer)))
}

fn chunks(answer: &Answer, turn: &Turn) -> Vec<Value> {
    let mut parts = Vec::new();
    if let Some(thought) = &answer.reasoning {
        parts.push(thought_part(thought));
    }
    parts.extend(answer.deltas.iter().map(|text| json!({"text": text})));
    parts.extend(tool_parts(answer));
    if parts.is_empty() {
        parts.push(json!({"text": ""}));
    }
    let last = parts.len().saturating_sub(1);
    parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let (usage, finish) = if index == last {
                (answer.usage, Some(finish_reason(answer)))
            } else {
                (answer.usage.map(so_far), None)
            };
            chunk(turn, &json!([part]), usage.as_ref(), finish)
        })
        .collect()
}

/// What a chunk before the last counts: the input and one token of output.
fn so_far(usage: Usage) -> Usage {
    Usage { output: 1, reasoning: 0, ..usage }
}

fn chunk(turn: &Turn, parts: &Value, usage: Option<&Usage>, finish: Option<&str>) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    let mut chunk = json!({"candidates": [candidate]});
    if let Some(usage) = usage {
        chunk["usageMetadata"] = usage_object(usage);
    }
    chunk["modelVersion"] = json!(turn.model);
    chunk["responseId"] = json!(format!("gem_{}", turn.serial));
    chunk
}

fn thought_part(thought: &str) -> Value {
    json!({"text": thought, "thought": true})
}

/// Of calls at the same time only the first is signed.
fn tool_parts(answer: &Answer) -> Vec<Value> {
    let calls = answer.tools.iter().map(|tool| {
        let call = json!({"name": tool.name, "args": tool.arguments});
        json!({ "functionCall": call })
    });
    let mut parts: Vec<Value> = calls.collect();
    if let Some(first) = parts.first_mut() {
        first["thoughtSignature"] = json!("c2lnbmVk");
    }
    parts
}

/// The prompt counts what came from the cache; the candidates do not count the thoughts.
fn usage_object(usage: &Usage) -> Value {
    json!({
        "promptTokenCount": usage.total_input(),
        "cachedContentTokenCount": usage.cache_read,
        "candidatesTokenCount": usage.output - usage.reasoning,
        "thoughtsTokenCount": usage.reasoning,
        "totalTokenCount": usage.total(),
    })
}

/// `STOP` also when a tool is to be called.
fn finish_reason(answer: &Answer) -> &'static str {
    match answer.ending {
        Ending::OutputLimit => "MAX_TOKENS",
        Ending::Complete | Ending::StopSequence(_) => "STOP",
    }
}
