//! A trial in Responses.

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
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<&'a str>,
    input: [Message<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    store: bool,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<Value>,
}

fn body(trial: &Trial<'_>) -> Bytes {
    to_json(&Body {
        model: trial.model,
        instructions: trial.instructions,
        input: trial.messages(),
        max_output_tokens: trial.limit,
        store: false,
        stream: trial.stream,
        tool_choice: trial.tool.map(|tool| json!({"type": "function", "name": tool.name})),
        tools: trial.tool.map(declared),
    })
}

fn declared(tool: TrialTool<'_>) -> Value {
    json!([{"type": "function", "name": tool.name, "description": tool.about,
        "parameters": tool.schema, "strict": false}])
}

fn hear(value: &Value, heard: &mut Heard) {
    let place = value["output_index"].as_u64().unwrap_or(0);
    match value["type"].as_str().unwrap_or_default() {
        "response.output_text.delta" => heard.say(&value["delta"]),
        "response.output_item.added" if value["item"]["type"] == "function_call" => {
            heard.add(place, text(&value["item"]["name"]), "");
        }
        "response.function_call_arguments.delta" => heard.add(place, "", text(&value["delta"])),
        "response.completed" | "response.incomplete" if heard.has_pieces() => {}
        "response.completed" | "response.incomplete" => calls(&value["response"], heard),
        _ => {
            let blocks = items(&value["output"]).iter().flat_map(|item| items(&item["content"]));
            blocks.for_each(|block| heard.say(&block["text"]));
            calls(value, heard);
        }
    }
}

fn calls(response: &Value, heard: &mut Heard) {
    for item in items(&response["output"]).iter().filter(|one| one["type"] == "function_call") {
        heard.whole(text(&item["name"]), &item["arguments"]);
    }
}
