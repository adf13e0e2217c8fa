//! Chat Completions: chunks without event names, `[DONE]` last.

use bytes::Bytes;
use realms_types::Usage;
use serde_json::{Value, json};

use super::{Answer, CREATED, Ending, ToolCall, Turn, data};

pub(super) fn frames(answer: &Answer, turn: &Turn) -> Vec<Bytes> {
    let chunk = |delta: Value, finish: Option<&str>| {
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish});
        data(&chunk_object(turn, &json!([choice]), None))
    };
    let mut frames = vec![chunk(json!({"role": "assistant", "content": ""}), None)];
    if let Some(thought) = &answer.reasoning {
        frames.push(chunk(json!({"reasoning_content": thought}), None));
    }
    frames.extend(answer.deltas.iter().map(|text| chunk(json!({"content": text}), None)));
    for (index, tool) in answer.tools.iter().enumerate() {
        let head = json!({"index": index, "id": turn.id("call", index), "type": "function",
            "function": {"name": tool.name, "arguments": ""}});
        frames.push(chunk(json!({"tool_calls": [head]}), None));
        for fragment in tool.fragments() {
            let piece = json!({"index": index, "function": {"arguments": fragment}});
            frames.push(chunk(json!({"tool_calls": [piece]}), None));
        }
    }
    frames.push(chunk(json!({}), Some(finish_reason(answer))));
    if let (true, Some(usage)) = (turn.include_usage, &answer.usage) {
        frames.push(data(&chunk_object(turn, &json!([]), Some(usage))));
    }
    frames.push(Bytes::from_static(b"data: [DONE]\n\n"));
    frames
}

pub(super) fn body(answer: &Answer, turn: &Turn) -> Value {
    let mut message = json!({"role": "assistant", "content": answer.whole_text(), "refusal": null});
    if let Some(thought) = &answer.reasoning {
        message["reasoning_content"] = json!(thought);
    }
    if !answer.tools.is_empty() {
        let calls = answer.tools.iter().enumerate();
        let calls: Vec<_> =
            calls.map(|(index, tool)| call(tool, &turn.id("call", index))).collect();
        message["tool_calls"] = json!(calls);
    }
    let choice = json!({"index": 0, "message": message, "logprobs": null,
        "finish_reason": finish_reason(answer)});
    let mut body = json!({
        "id": format!("chatcmpl_{}", turn.serial),
        "object": "chat.completion",
        "created": CREATED,
        "model": turn.model,
        "choices": [choice],
    });
    if let Some(usage) = &answer.usage {
        body["usage"] = usage_object(usage);
    }
    body
}

fn chunk_object(turn: &Turn, choices: &Value, usage: Option<&Usage>) -> Value {
    let mut chunk = json!({
        "id": format!("chatcmpl_{}", turn.serial),
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": turn.model,
        "choices": choices,
    });
    if turn.include_usage {
        chunk["usage"] = usage.map_or(Value::Null, usage_object);
    }
    chunk
}

/// `prompt_tokens` counts all input, `completion_tokens` the reasoning too.
fn usage_object(usage: &Usage) -> Value {
    json!({
        "prompt_tokens": usage.total_input(),
        "completion_tokens": usage.output,
        "total_tokens": usage.total(),
        "prompt_tokens_details": {
            "cached_tokens": usage.cache_read,
            "cache_write_tokens": usage.cache_write_5m + usage.cache_write_1h,
            "audio_tokens": usage.audio_input,
        },
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning,
            "audio_tokens": usage.audio_output,
        },
    })
}

fn call(tool: &ToolCall, id: &str) -> Value {
    let function = json!({"name": tool.name, "arguments": tool.arguments_text()});
    json!({"id": id, "type": "function", "function": function})
}

fn finish_reason(answer: &Answer) -> &'static str {
    match answer.ending {
        Ending::OutputLimit => "length",
        Ending::Complete if !answer.tools.is_empty() => "tool_calls",
        Ending::Complete | Ending::StopSequence(_) => "stop",
    }
}
