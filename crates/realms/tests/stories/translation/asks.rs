//! The same questions in four dialects.

use bytes::Bytes;
use realms_types::DialectId;
use serde_json::{Value, json};

/// A picture of one dot.
pub const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A system prompt and a question.
    Plain,
    /// A conversation in which a tool was called, and may be again.
    Tools,
    /// A question about a picture.
    Image,
    /// An answer of this form.
    Schema,
    /// An answer that was thought over.
    Thinking,
}

impl What {
    pub const ALL: [Self; 5] =
        [Self::Plain, Self::Tools, Self::Image, Self::Schema, Self::Thinking];
}

/// Path and body of a question in a dialect.
pub fn ask(dialect: DialectId, what: What, stream: bool) -> (String, Bytes) {
    let (path, mut body) = match dialect {
        DialectId::Responses => ("/v1/responses", responses(what)),
        DialectId::Chat => ("/v1/chat/completions", chat(what)),
        DialectId::Messages => ("/v1/messages?beta=true", messages(what)),
        DialectId::Gemini => {
            let verb = if stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
            return (format!("/v1beta/models/m:{verb}"), gemini(what).to_string().into());
        }
    };
    body["model"] = "m".into();
    body["stream"] = stream.into();
    if dialect == DialectId::Chat && stream {
        body["stream_options"] = json!({ "include_usage": true });
    }
    (path.to_owned(), body.to_string().into())
}

fn schema() -> Value {
    json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
           "additionalProperties": false})
}

fn responses(what: What) -> Value {
    let text =
        |text: &str| json!({"role": "user", "content": [{"type": "input_text", "text": text}]});
    let mut body = json!({ "instructions": "Be brief.", "input": [text("What is the weather?")] });
    match what {
        What::Plain => {}
        What::Tools => {
            body["tools"] = json!([{"type": "function", "name": "weather", "description": "Tells it.",
                "parameters": schema()}]);
            body["input"] = json!([
                text("What is the weather?"),
                {"type": "function_call", "call_id": "call_1", "name": "weather",
                 "arguments": "{\"city\":\"Ulm\"}"},
                {"type": "function_call_output", "call_id": "call_1", "output": "rain"},
            ]);
        }
        What::Image => {
            body["input"][0]["content"].as_array_mut().unwrap().push(json!({
                "type": "input_image", "image_url": format!("data:image/png;base64,{DOT}") }));
        }
        What::Schema => {
            body["text"] = json!({"format": {"type": "json_schema", "name": "place",
                "schema": schema(), "strict": true}});
        }
        What::Thinking => body["reasoning"] = json!({"effort": "high", "summary": "auto"}),
    }
    body
}

fn chat(what: What) -> Value {
    let user = json!({"role": "user", "content": "What is the weather?"});
    let system = json!({"role": "system", "content": "Be brief."});
    let mut body = json!({ "messages": [system.clone(), user.clone()] });
    match what {
        What::Plain => {}
        What::Tools => {
            body["tools"] = json!([{"type": "function", "function": {"name": "weather",
                "description": "Tells it.", "parameters": schema()}}]);
            body["messages"] = json!([system, user,
                {"role": "assistant", "content": null, "tool_calls": [{"id": "call_1",
                 "type": "function", "function": {"name": "weather",
                 "arguments": "{\"city\":\"Ulm\"}"}}]},
                {"role": "tool", "tool_call_id": "call_1", "content": "rain"}]);
        }
        What::Image => {
            body["messages"][1]["content"] = json!([{"type": "text", "text": "What is the weather?"},
                {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{DOT}")}}]);
        }
        What::Schema => {
            body["response_format"] = json!({"type": "json_schema", "json_schema": {"name": "place",
                "schema": schema(), "strict": true}});
        }
        What::Thinking => body["reasoning_effort"] = "high".into(),
    }
    body
}

fn messages(what: What) -> Value {
    let user = json!({"role": "user", "content": "What is the weather?"});
    let mut body = json!({ "max_tokens": 8000, "system": "Be brief.", "messages": [user.clone()] });
    match what {
        What::Plain => {}
        What::Tools => {
            body["tools"] = json!([{"name": "weather", "description": "Tells it.",
                "input_schema": schema()}]);
            body["messages"] = json!([user,
                {"role": "assistant", "content": [{"type": "tool_use", "id": "call_1",
                 "name": "weather", "input": {"city": "Ulm"}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "call_1",
                 "content": "rain"}]}]);
        }
        What::Image => {
            body["messages"][0]["content"] = json!([{"type": "text", "text": "What is the weather?"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png",
                 "data": DOT}}]);
        }
        What::Schema => {
            body["output_config"] = json!({"format": {"type": "json_schema", "schema": schema()}});
        }
        What::Thinking => {
            body["thinking"] = json!({"type": "enabled", "budget_tokens": 4000});
        }
    }
    body
}

fn gemini(what: What) -> Value {
    let user = json!({"role": "user", "parts": [{"text": "What is the weather?"}]});
    let mut body = json!({ "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [user.clone()] });
    match what {
        What::Plain => {}
        What::Tools => {
            body["tools"] = json!([{"functionDeclarations": [{"name": "weather",
                "description": "Tells it.", "parametersJsonSchema": schema()}]}]);
            body["contents"] = json!([user,
                {"role": "model", "parts": [{"functionCall": {"id": "call_1", "name": "weather",
                 "args": {"city": "Ulm"}}}]},
                {"role": "user", "parts": [{"functionResponse": {"id": "call_1", "name": "weather",
                 "response": {"output": "rain"}}}]}]);
        }
        What::Image => {
            body["contents"][0]["parts"].as_array_mut().unwrap().push(json!({
                "inlineData": {"mimeType": "image/png", "data": DOT}}));
        }
        What::Schema => {
            body["generationConfig"] = json!({"responseMimeType": "application/json",
                "responseJsonSchema": schema()});
        }
        What::Thinking => {
            body["generationConfig"] =
                json!({"thinkingConfig": {"includeThoughts": true, "thinkingBudget": 4000}});
        }
    }
    body
}
