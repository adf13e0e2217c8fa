//! A trial in Chat Completions.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Heard, Message, Trial, TrialTool, Words,
    heard::{items, text},
};
use crate::to_json;

pub(super) const WORDS: Words = Words { body, hear };

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: [Message<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<Value>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

fn body(trial: &Trial<'_>) -> Bytes {
    let asks_usage = trial.stream && trial.limit.is_some();
    to_json(&Body {
        model: trial.model,
        messages: trial.messages(),
        max_tokens: trial.limit.filter(|_| !trial.new_limit),
        max_completion_tokens: trial.limit.filter(|_| trial.new_limit),
        stream: trial.stream,
        stream_options: asks_usage.then_some(StreamOptions { include_usage: true }),
        tool_choice: trial
            .tool
            .map(|tool| json!({"type": "function", "function": {"name": tool.name}})),
        tools: trial.tool.map(declared),
    })
}

fn declared(tool: TrialTool<'_>) -> Value {
    let function = json!({"name": tool.name, "description": tool.about, "parameters": tool.schema});
    json!([{"type": "function", "function": function}])
}

fn hear(value: &Value, heard: &mut Heard) {
    for choice in items(&value["choices"]) {
        let (delta, message) = (&choice["delta"], &choice["message"]);
        let turn = if delta.is_null() { message } else { delta };
        heard.say(&turn["content"]);
        for (at, call) in (0..).zip(items(&delta["tool_calls"])) {
            let place = call["index"].as_u64().unwrap_or(at);
            let function = &call["function"];
            heard.add(place, text(&function["name"]), text(&function["arguments"]));
        }
        for call in items(&message["tool_calls"]) {
            heard.whole(text(&call["function"]["name"]), &call["function"]["arguments"]);
        }
    }
}
