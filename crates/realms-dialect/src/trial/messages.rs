//! A trial in Messages.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Heard, Message, Trial, TrialTool, Words,
    heard::{items, text},
};
use crate::to_json;

/// A limit must be given, in a bare call too.
const BARE_LIMIT: u32 = 1024;

pub(super) const WORDS: Words = Words { body, hear };

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    messages: [Message<'a>; 1],
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<Value>,
}

fn body(trial: &Trial<'_>) -> Bytes {
    to_json(&Body {
        model: trial.model,
        max_tokens: trial.limit.unwrap_or(BARE_LIMIT),
        messages: trial.messages(),
        stream: trial.stream,
        tool_choice: trial.tool.map(|tool| json!({"type": "tool", "name": tool.name})),
        tools: trial.tool.map(declared),
    })
}

fn declared(tool: TrialTool<'_>) -> Value {
    json!([{"name": tool.name, "description": tool.about, "input_schema": tool.schema}])
}

fn hear(value: &Value, heard: &mut Heard) {
    let place = value["index"].as_u64().unwrap_or(0);
    match value["type"].as_str().unwrap_or_default() {
        "content_block_start" if value["content_block"]["type"] == "tool_use" => {
            heard.add(place, text(&value["content_block"]["name"]), "");
        }
        "content_block_delta" if value["delta"]["type"] == "input_json_delta" => {
            heard.add(place, "", text(&value["delta"]["partial_json"]));
        }
        _ => {
            heard.say(&value["delta"]["text"]);
            for block in items(&value["content"]) {
                heard.say(&block["text"]);
                if block["type"] == "tool_use" {
                    heard.whole(text(&block["name"]), &block["input"]);
                }
            }
        }
    }
}
