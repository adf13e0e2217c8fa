//! The tool that a scan has called, and the calls of it in an answer of any dialect.

use realms_types::DialectId;
use serde_json::{Value, json};

/// What the tool is called.
pub(super) const TOOL: &str = "book_trip";
/// What asks for it to be called.
pub(super) const TOOL_PROMPT: &str = "Book a trip to Paris for 3 days.";
/// So many calls of one answer are read.
const MOST: usize = 16;
/// So much of the arguments of one call.
const LONGEST: usize = 64 << 10;

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ToolCall {
    /// What is called.
    pub(super) name: String,
    /// With what, as it was written.
    pub(super) arguments: String,
}

/// The calls of an answer while it is read.
#[derive(Debug, Default)]
pub(super) struct ToolCalls {
    /// Each with the place by which its pieces name it.
    calls: Vec<(u64, ToolCall)>,
    /// Whether calls were told piece by piece: what the end of the answer repeats is no other call.
    streamed: bool,
}

/// The tool as a request declares it, and what makes the model call it.
pub(super) fn tool_fields(dialect: DialectId) -> Vec<(&'static str, Value)> {
    let about = "Books a trip.";
    let schema = json!({
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    });
    let function = json!({"name": TOOL, "description": about, "parameters": schema});
    match dialect {
        DialectId::Chat => vec![
            ("tools", json!([{"type": "function", "function": function}])),
            ("tool_choice", json!({"type": "function", "function": {"name": TOOL}})),
        ],
        DialectId::Responses => vec![
            (
                "tools",
                json!([{"type": "function", "name": TOOL, "description": about,
                    "parameters": schema, "strict": false}]),
            ),
            ("tool_choice", json!({"type": "function", "name": TOOL})),
        ],
        DialectId::Messages => vec![
            ("tools", json!([{"name": TOOL, "description": about, "input_schema": schema}])),
            ("tool_choice", json!({"type": "tool", "name": TOOL})),
        ],
        DialectId::Gemini => vec![
            ("tools", json!([{"functionDeclarations": [function]}])),
            ("toolConfig", json!({"functionCallingConfig": {"mode": "ANY"}})),
        ],
    }
}

// === impl ToolCalls ===

impl ToolCalls {
    /// Takes what an event, or a whole answer, has of calls. What cannot be read has none.
    pub(super) fn hear(&mut self, dialect: DialectId, data: &[u8]) {
        let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
        match dialect {
            DialectId::Chat => self.chat(&value),
            DialectId::Responses => self.responses(&value),
            DialectId::Messages => self.messages(&value),
            DialectId::Gemini => self.gemini(&value),
        }
    }

    /// The calls, in their order.
    pub(super) fn into_calls(self) -> Vec<ToolCall> {
        self.calls.into_iter().map(|(_, call)| call).collect()
    }

    fn chat(&mut self, value: &Value) {
        for choice in items(&value["choices"]) {
            for (at, call) in (0..).zip(items(&choice["delta"]["tool_calls"])) {
                let place = call["index"].as_u64().unwrap_or(at);
                let function = &call["function"];
                self.add(place, text(&function["name"]), text(&function["arguments"]));
            }
            for call in items(&choice["message"]["tool_calls"]) {
                self.whole(text(&call["function"]["name"]), &call["function"]["arguments"]);
            }
        }
    }

    fn responses(&mut self, value: &Value) {
        let place = value["output_index"].as_u64().unwrap_or(0);
        match value["type"].as_str().unwrap_or_default() {
            "response.output_item.added" if value["item"]["type"] == "function_call" => {
                self.add(place, text(&value["item"]["name"]), "");
            }
            "response.function_call_arguments.delta" => self.add(place, "", text(&value["delta"])),
            "response.completed" | "response.incomplete" if self.streamed => {}
            "response.completed" | "response.incomplete" => self.response(&value["response"]),
            _ => self.response(value),
        }
    }

    fn response(&mut self, response: &Value) {
        for item in items(&response["output"]).iter().filter(|one| one["type"] == "function_call") {
            self.whole(text(&item["name"]), &item["arguments"]);
        }
    }

    fn messages(&mut self, value: &Value) {
        let place = value["index"].as_u64().unwrap_or(0);
        match value["type"].as_str().unwrap_or_default() {
            "content_block_start" if value["content_block"]["type"] == "tool_use" => {
                self.add(place, text(&value["content_block"]["name"]), "");
            }
            "content_block_delta" if value["delta"]["type"] == "input_json_delta" => {
                self.add(place, "", text(&value["delta"]["partial_json"]));
            }
            _ => {
                let uses = items(&value["content"]).iter().filter(|one| one["type"] == "tool_use");
                uses.for_each(|block| self.whole(text(&block["name"]), &block["input"]));
            }
        }
    }

    fn gemini(&mut self, value: &Value) {
        for candidate in items(&value["candidates"]) {
            for part in items(&candidate["content"]["parts"]) {
                let call = &part["functionCall"];
                if call.is_object() {
                    self.whole(text(&call["name"]), &call["args"]);
                }
            }
        }
    }

    /// A piece of the call at a place.
    fn add(&mut self, place: u64, name: &str, arguments: &str) {
        self.streamed = true;
        let at = self.calls.iter().position(|(known, _)| *known == place);
        let at = match at {
            Some(at) => at,
            None if self.calls.len() < MOST => {
                self.calls.push((place, ToolCall::default()));
                self.calls.len() - 1
            }
            None => return,
        };
        let call = &mut self.calls[at].1;
        if call.arguments.len() + arguments.len() <= LONGEST && call.name.len() < LONGEST {
            call.name.push_str(name);
            call.arguments.push_str(arguments);
        }
    }

    /// A call as a whole. Arguments that should be a text, and those that should be an object, are
    /// both taken as they are.
    fn whole(&mut self, name: &str, arguments: &Value) {
        if self.calls.len() < MOST {
            let arguments = match arguments {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            let place = self.calls.len() as u64;
            self.calls.push((place, ToolCall { name: name.to_owned(), arguments }));
        }
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
