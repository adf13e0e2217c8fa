//! A trial in Gemini. The model and whether to stream are said in the path.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Heard, Trial, TrialTool, Words,
    heard::{items, text},
};
use crate::to_json;

pub(super) const WORDS: Words = Words { body, hear };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    contents: [Content<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    generation_config: Option<GenerationConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<Value>,
}

#[derive(Serialize)]
struct Content<'a> {
    role: &'static str,
    parts: [Part<'a>; 1],
}

#[derive(Serialize)]
struct Part<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig {
    max_output_tokens: u32,
}

fn body(trial: &Trial<'_>) -> Bytes {
    let must_call = json!({"functionCallingConfig": {"mode": "ANY"}});
    to_json(&Body {
        contents: [Content { role: "user", parts: [Part { text: trial.prompt }] }],
        generation_config: trial
            .limit
            .map(|max_output_tokens| GenerationConfig { max_output_tokens }),
        tool_config: trial.tool.is_some().then_some(must_call),
        tools: trial.tool.map(declared),
    })
}

fn declared(tool: TrialTool<'_>) -> Value {
    let function = json!({"name": tool.name, "description": tool.about, "parameters": tool.schema});
    json!([{"functionDeclarations": [function]}])
}

fn hear(value: &Value, heard: &mut Heard) {
    for candidate in items(&value["candidates"]) {
        for part in items(&candidate["content"]["parts"]) {
            if part["thought"] != true {
                heard.say(&part["text"]);
            }
            let call = &part["functionCall"];
            if call.is_object() {
                heard.whole(text(&call["name"]), &call["args"]);
            }
        }
    }
}
