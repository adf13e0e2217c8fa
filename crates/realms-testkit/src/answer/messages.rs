//! Anthropic Messages: one content block open at a time, usage at both ends of the stream.

use bytes::Bytes;
use realms_types::Usage;
use serde_json::{Value, json};

use super::{Answer, Ending, Turn, fragments, named};

pub(super) fn frames(answer: &Answer, turn: &Turn) -> Vec<Bytes> {
    let mut events = vec![start(answer, turn), json!({"type": "ping"})];
    for (index, block) in blocks(answer, turn).into_iter().enumerate() {
        events.push(json!({"type": "content_block_start", "index": index,
            "content_block": emptied(&block)}));
        for delta in deltas(answer, &block) {
            events.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
        }
        events.push(json!({"type": "content_block_stop", "index": index}));
    }
    let mut end = json!({"type": "message_delta",
        "delta": {"stop_reason": stop_reason(answer), "stop_sequence": stop_sequence(answer)}});
    if let Some(usage) = &answer.usage {
        end["usage"] = usage_object(usage);
    }
    events.push(end);
    events.push(json!({"type": "message_stop"}));
    events.iter().map(named).collect()
}

pub(super) fn body(answer: &Answer, turn: &Turn) -> Value {
    let mut body = envelope(turn);
    body["content"] = json!(blocks(answer, turn));
    body["stop_reason"] = json!(stop_reason(answer));
    body["stop_sequence"] = json!(stop_sequence(answer));
    if let Some(usage) = &answer.usage {
        body["usage"] = usage_object(usage);
    }
    body
}

/// `message_start`: the input is counted, of the output one token is known.
fn start(answer: &Answer, turn: &Turn) -> Value {
    let mut message = envelope(turn);
    if let Some(usage) = answer.usage {
        message["usage"] = usage_object(&Usage { output: 1, reasoning: 0, ..usage });
    }
    json!({"type": "message_start", "message": message})
}

fn envelope(turn: &Turn) -> Value {
    json!({
        "id": format!("msg_{}", turn.serial),
        "type": "message",
        "role": "assistant",
        "model": turn.model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
    })
}

fn blocks(answer: &Answer, turn: &Turn) -> Vec<Value> {
    let mut blocks = Vec::new();
    if let Some(thought) = &answer.reasoning {
        blocks.push(json!({"type": "thinking", "thinking": thought, "signature": "c2lnbmVk"}));
    }
    let text = answer.whole_text();
    if !text.is_empty() {
        blocks.push(json!({"type": "text", "text": text}));
    }
    for (index, tool) in answer.tools.iter().enumerate() {
        blocks.push(json!({"type": "tool_use", "id": turn.id("toolu", index),
            "name": tool.name, "input": tool.arguments}));
    }
    blocks
}

/// The block as `content_block_start` shows it, before its deltas.
fn emptied(block: &Value) -> Value {
    let mut block = block.clone();
    match block["type"].as_str() {
        Some("thinking") => {
            block["thinking"] = json!("");
            block["signature"] = json!("");
        }
        Some("tool_use") => block["input"] = json!({}),
        _ => block["text"] = json!(""),
    }
    block
}

fn deltas(answer: &Answer, block: &Value) -> Vec<Value> {
    match block["type"].as_str() {
        Some("thinking") => vec![
            json!({"type": "thinking_delta", "thinking": block["thinking"]}),
            json!({"type": "signature_delta", "signature": block["signature"]}),
        ],
        // The vendor's first fragment is empty; clients have to bear it.
        Some("tool_use") => std::iter::once(String::new())
            .chain(fragments(&block["input"]))
            .map(|json| json!({"type": "input_json_delta", "partial_json": json}))
            .collect(),
        _ => answer.deltas.iter().map(|t| json!({"type": "text_delta", "text": t})).collect(),
    }
}

/// The three kinds of input are disjoint here; output counts the thinking too.
fn usage_object(usage: &Usage) -> Value {
    json!({
        "input_tokens": usage.input,
        "cache_creation_input_tokens": usage.cache_write_5m + usage.cache_write_1h,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_5m,
            "ephemeral_1h_input_tokens": usage.cache_write_1h,
        },
        "output_tokens": usage.output,
        "output_tokens_details": {"thinking_tokens": usage.reasoning},
        "service_tier": "standard",
    })
}

fn stop_reason(answer: &Answer) -> &'static str {
    match answer.ending {
        Ending::OutputLimit => "max_tokens",
        Ending::StopSequence(_) => "stop_sequence",
        Ending::Complete if !answer.tools.is_empty() => "tool_use",
        Ending::Complete => "end_turn",
    }
}

fn stop_sequence(answer: &Answer) -> Option<&'static str> {
    match answer.ending {
        Ending::StopSequence(sequence) => Some(sequence),
        Ending::Complete | Ending::OutputLimit => None,
    }
}
