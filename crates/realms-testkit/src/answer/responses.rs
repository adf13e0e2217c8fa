//! OpenAI Responses: numbered events, items opened and closed, the whole object at the end.

use bytes::Bytes;
use realms_types::Usage;
use serde_json::{Value, json};

use super::{Answer, CREATED, Ending, ToolCall, Turn, named};

/// The events so far; each gets the next sequence number.
struct Events(Vec<Value>);

pub(super) fn frames(answer: &Answer, turn: &Turn) -> Vec<Bytes> {
    let mut events = Events(Vec::new());
    let opening = object(turn, "in_progress", &json!([]));
    events.push("response.created", json!({"response": opening}));
    events.push("response.in_progress", json!({"response": opening}));
    let mut index = 0;
    if let Some(thought) = &answer.reasoning {
        events.reasoning(index, thought, turn);
        index += 1;
    }
    if !answer.deltas.is_empty() {
        events.message(index, answer, turn);
        index += 1;
    }
    for (number, tool) in answer.tools.iter().enumerate() {
        events.tool(index + number, tool, &tool_item(tool, turn, number));
    }
    let last = match answer.ending {
        Ending::Complete | Ending::StopSequence(_) => "response.completed",
        Ending::OutputLimit => "response.incomplete",
    };
    events.push(last, json!({"response": body(answer, turn)}));
    events.0.iter().map(named).collect()
}

pub(super) fn body(answer: &Answer, turn: &Turn) -> Value {
    let mut items = Vec::new();
    if let Some(thought) = &answer.reasoning {
        items.push(reasoning_item(thought, turn));
    }
    if !answer.deltas.is_empty() {
        items.push(message_item(&answer.whole_text(), turn));
    }
    for (number, tool) in answer.tools.iter().enumerate() {
        items.push(tool_item(tool, turn, number));
    }
    let mut body = match answer.ending {
        Ending::Complete | Ending::StopSequence(_) => object(turn, "completed", &json!(items)),
        Ending::OutputLimit => object(turn, "incomplete", &json!(items)),
    };
    if answer.ending == Ending::OutputLimit {
        body["incomplete_details"] = json!({"reason": "max_output_tokens"});
    }
    if let Some(usage) = &answer.usage {
        body["usage"] = usage_object(usage);
    }
    body
}

// === impl Events ===

impl Events {
    fn push(&mut self, kind: &str, fields: Value) {
        let mut event = json!({"type": kind, "sequence_number": self.0.len()});
        if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), fields) {
            event.extend(fields);
        }
        self.0.push(event);
    }

    fn reasoning(&mut self, index: usize, thought: &str, turn: &Turn) {
        let done = reasoning_item(thought, turn);
        let at = |fields: Value| placed(&done["id"], index, "summary_index", fields);
        let mut opened = done.clone();
        opened["summary"] = json!([]);
        self.push("response.output_item.added", json!({"output_index": index, "item": opened}));
        let empty = json!({"type": "summary_text", "text": ""});
        self.push("response.reasoning_summary_part.added", at(json!({"part": empty})));
        self.push("response.reasoning_summary_text.delta", at(json!({"delta": thought})));
        self.push("response.reasoning_summary_text.done", at(json!({"text": thought})));
        let part = done["summary"][0].clone();
        self.push("response.reasoning_summary_part.done", at(json!({"part": part})));
        self.push("response.output_item.done", json!({"output_index": index, "item": done}));
    }

    fn message(&mut self, index: usize, answer: &Answer, turn: &Turn) {
        let text = answer.whole_text();
        let done = message_item(&text, turn);
        let at = |fields: Value| placed(&done["id"], index, "content_index", fields);
        let mut opened = done.clone();
        opened["status"] = json!("in_progress");
        opened["content"] = json!([]);
        self.push("response.output_item.added", json!({"output_index": index, "item": opened}));
        let empty = json!({"type": "output_text", "text": "", "annotations": []});
        self.push("response.content_part.added", at(json!({"part": empty})));
        for delta in &answer.deltas {
            let fields = json!({"delta": delta, "logprobs": []});
            self.push("response.output_text.delta", at(fields));
        }
        self.push("response.output_text.done", at(json!({"text": text, "logprobs": []})));
        let part = done["content"][0].clone();
        self.push("response.content_part.done", at(json!({"part": part})));
        self.push("response.output_item.done", json!({"output_index": index, "item": done}));
    }

    fn tool(&mut self, index: usize, tool: &ToolCall, done: &Value) {
        let (stem, field) = tool_words(tool);
        let mut opened = done.clone();
        opened["status"] = json!("in_progress");
        opened[field] = json!("");
        self.push("response.output_item.added", json!({"output_index": index, "item": opened}));
        for fragment in tool.fragments() {
            let fields = json!({"item_id": done["id"], "output_index": index, "delta": fragment});
            self.push(&format!("response.{stem}.delta"), fields);
        }
        let mut fields = json!({"item_id": done["id"], "output_index": index});
        fields[field] = done[field].clone();
        if !tool.custom {
            fields["name"] = json!(tool.name);
        }
        self.push(&format!("response.{stem}.done"), fields);
        self.push("response.output_item.done", json!({"output_index": index, "item": done}));
    }
}

/// The fields that say which part of which item an event is about, then its own.
fn placed(item: &Value, index: usize, part: &str, fields: Value) -> Value {
    let mut event = json!({"item_id": item, "output_index": index});
    event[part] = json!(0);
    if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), fields) {
        event.extend(fields);
    }
    event
}

/// What the tool's events are called, and the field that holds its input.
const fn tool_words(tool: &ToolCall) -> (&'static str, &'static str) {
    if tool.custom {
        ("custom_tool_call_input", "input")
    } else {
        ("function_call_arguments", "arguments")
    }
}

fn reasoning_item(thought: &str, turn: &Turn) -> Value {
    json!({
        "id": format!("rs_{}", turn.serial),
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": thought}],
        "encrypted_content": "c2VhbGVk",
    })
}

fn message_item(text: &str, turn: &Turn) -> Value {
    json!({
        "id": format!("msg_{}", turn.serial),
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}],
    })
}

fn tool_item(tool: &ToolCall, turn: &Turn, number: usize) -> Value {
    let (_, field) = tool_words(tool);
    let mut item = json!({
        "id": turn.id("fc", number),
        "type": if tool.custom { "custom_tool_call" } else { "function_call" },
        "status": "completed",
        "call_id": turn.id("call", number),
        "name": tool.name,
    });
    item[field] = json!(tool.arguments_text());
    item
}

fn object(turn: &Turn, status: &str, output: &Value) -> Value {
    json!({
        "id": format!("resp_{}", turn.serial),
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "error": null,
        "incomplete_details": null,
        "instructions": null,
        "max_output_tokens": null,
        "metadata": {},
        "model": turn.model,
        "output": output,
        "parallel_tool_calls": true,
        "previous_response_id": null,
        "reasoning": {"effort": null, "summary": null},
        "store": false,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": null,
    })
}

/// `input_tokens` counts all input, `output_tokens` the reasoning too.
fn usage_object(usage: &Usage) -> Value {
    json!({
        "input_tokens": usage.total_input(),
        "input_tokens_details": {
            "cached_tokens": usage.cache_read,
            "cache_write_tokens": usage.cache_write_5m + usage.cache_write_1h,
        },
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.total(),
    })
}
