//! Requests and answers as the vendors' clients and the vendors send them, in size and in shape.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::script::{Dialect, Script};

/// Text of the kind that fills prompts: code, with quotes, tabs and line ends to escape.
const PASSAGE: &str = "fn greet(name: &str) -> String {\n\tformat!(\"hello, {name}\")\n}\n\n\
     The handler above returns the greeting; the caller's tests compare it byte by byte. Read\n\
     the file first, then change only what the task names, and run the tests of this crate.\n";
/// How much text one turn of a long conversation holds.
const TURN_BYTES: usize = 2_000;
/// What an answer of a few hundred LLM tokens says.
const ANSWER_BYTES: usize = 900;

/// Everything the upstream can say in one dialect, built once.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The non-streaming body, about 1.5 kB, with usage.
    pub(crate) whole: Bytes,
    head: Vec<Bytes>,
    delta: Bytes,
    tail: Vec<Bytes>,
}

/// The answers of all dialects.
#[derive(Debug)]
pub(crate) struct Answers {
    responses: Answer,
    chat: Answer,
    messages: Answer,
}

// === impl Answers ===

impl Answers {
    /// Builds them.
    pub(crate) fn new() -> Self {
        Self { responses: responses(), chat: chat(), messages: messages() }
    }

    /// Those of one dialect.
    pub(crate) const fn of(&self, dialect: Dialect) -> &Answer {
        match dialect {
            Dialect::Responses => &self.responses,
            Dialect::Chat => &self.chat,
            Dialect::Messages => &self.messages,
        }
    }
}

// === impl Answer ===

impl Answer {
    /// A complete stream of `count` events, never fewer than its opening and its end need.
    pub(crate) fn stream(&self, count: usize) -> Vec<Bytes> {
        let deltas = count.saturating_sub(self.head.len() + self.tail.len());
        let text = std::iter::repeat_n(&self.delta, deltas);
        self.head.iter().chain(text).chain(&self.tail).cloned().collect()
    }

    /// A stream up to its first piece of text.
    pub(crate) fn opening(&self) -> Vec<Bytes> {
        self.head.iter().chain([&self.delta]).cloned().collect()
    }
}

/// A request body of about `bytes`, with the script as the model's name.
pub(crate) fn request(dialect: Dialect, script: Script, bytes: usize) -> Bytes {
    let turns = (bytes / TURN_BYTES).max(1);
    let around = body(dialect, script, turns, 0).len();
    // The escapes of the passage make it a sixteenth longer in JSON.
    let each = bytes.saturating_sub(around) / turns * 16 / 17;
    Bytes::from(body(dialect, script, turns, each))
}

fn body(dialect: Dialect, script: Script, turns: usize, each: usize) -> String {
    let turns: Vec<Value> = (0..turns).map(|turn| self::turn(dialect, turn, each)).collect();
    let (model, stream) = (script.to_string(), script.streams());
    let body = match dialect {
        Dialect::Responses => json!({
            "model": model, "instructions": "You are a careful engineer.", "input": turns,
            "stream": stream, "store": false, "reasoning": { "effort": "medium" },
            "parallel_tool_calls": true, "max_output_tokens": 4096,
        }),
        Dialect::Chat if stream => json!({
            "model": model, "messages": turns, "stream": stream, "temperature": 0.2,
            "stream_options": { "include_usage": true }, "max_completion_tokens": 4096,
        }),
        Dialect::Chat => json!({
            "model": model, "messages": turns, "stream": stream, "temperature": 0.2,
            "max_completion_tokens": 4096,
        }),
        Dialect::Messages => json!({
            "model": model, "max_tokens": 4096, "system": "You are a careful engineer.",
            "messages": turns, "stream": stream,
        }),
    };
    body.to_string()
}

fn turn(dialect: Dialect, turn: usize, bytes: usize) -> Value {
    let (role, part) =
        if turn.is_multiple_of(2) { ("user", "input_text") } else { ("assistant", "output_text") };
    let text = text(bytes);
    match dialect {
        Dialect::Responses => json!({
            "type": "message", "role": role, "content": [{ "type": part, "text": text }],
        }),
        Dialect::Chat => json!({ "role": role, "content": text }),
        Dialect::Messages => {
            json!({ "role": role, "content": [{ "type": "text", "text": text }] })
        }
    }
}

fn text(bytes: usize) -> String {
    PASSAGE.chars().cycle().take(bytes).collect()
}

fn event(value: &Value) -> Bytes {
    let name = value["type"].as_str().unwrap_or_default();
    Bytes::from(format!("event: {name}\ndata: {value}\n\n"))
}

fn data(value: &Value) -> Bytes {
    Bytes::from(format!("data: {value}\n\n"))
}

// === Responses ===

fn responses() -> Answer {
    let id = "msg_0a1b2c3d4e5f60718293a4b5c6d7e8f90123456789ab";
    let part = |text: &str| json!({ "type": "output_text", "annotations": [], "text": text });
    let item = |status: &str, content: Value| json!({ "id": id, "type": "message", "status": status, "role": "assistant", "content": content });
    let said = text(ANSWER_BYTES);
    let done = response("completed", &json!([item("completed", json!([part(&said)]))]));
    let head = [
        json!({ "type": "response.created", "response": response("in_progress", &json!([])) }),
        json!({ "type": "response.in_progress", "response": response("in_progress", &json!([])) }),
        json!({ "type": "response.output_item.added", "output_index": 0, "item": item("in_progress", json!([])) }),
        json!({ "type": "response.content_part.added", "item_id": id, "output_index": 0, "content_index": 0, "part": part("") }),
    ];
    let delta = json!({
        "type": "response.output_text.delta", "sequence_number": 7, "item_id": id,
        "output_index": 0, "content_index": 0, "delta": " greeting", "logprobs": [],
    });
    let tail = [
        json!({ "type": "response.output_text.done", "item_id": id, "output_index": 0, "content_index": 0, "text": said }),
        json!({ "type": "response.content_part.done", "item_id": id, "output_index": 0, "content_index": 0, "part": part(&said) }),
        json!({ "type": "response.output_item.done", "output_index": 0, "item": item("completed", json!([part(&said)])) }),
        json!({ "type": "response.completed", "response": done }),
    ];
    Answer {
        whole: Bytes::from(done.to_string()),
        head: head.iter().map(event).collect(),
        delta: event(&delta),
        tail: tail.iter().map(event).collect(),
    }
}

fn response(status: &str, output: &Value) -> Value {
    let usage = (status == "completed").then(|| {
        json!({
            "input_tokens": 1200, "input_tokens_details": { "cached_tokens": 1024 },
            "output_tokens": 220, "output_tokens_details": { "reasoning_tokens": 64 },
            "total_tokens": 1420,
        })
    });
    json!({
        "id": "resp_0a1b2c3d4e5f60718293a4b5c6d7e8f90123456789ab", "object": "response",
        "created_at": 1_790_000_000, "status": status, "error": null, "model": "bench",
        "output": output, "parallel_tool_calls": true, "store": false, "usage": usage,
    })
}

// === Chat Completions ===

fn chat() -> Answer {
    let usage = json!({
        "prompt_tokens": 1200, "completion_tokens": 220, "total_tokens": 1420,
        "prompt_tokens_details": { "cached_tokens": 1024, "audio_tokens": 0 },
        "completion_tokens_details": { "reasoning_tokens": 64 },
    });
    let chunk = |choices: Value, usage: Value| {
        json!({
            "id": "chatcmpl-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "object": "chat.completion.chunk",
            "created": 1_790_000_000, "model": "bench", "system_fingerprint": "fp_0a1b2c3d4e",
            "choices": choices, "usage": usage,
        })
    };
    let choice = |delta: Value, end: Value| json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": end }]);
    let said = json!({ "role": "assistant", "content": text(ANSWER_BYTES) });
    let whole = json!({
        "id": "chatcmpl-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "object": "chat.completion",
        "created": 1_790_000_000, "model": "bench", "system_fingerprint": "fp_0a1b2c3d4e",
        "choices": [{ "index": 0, "message": said, "logprobs": null, "finish_reason": "stop" }],
        "usage": usage,
    });
    let opening = choice(json!({ "role": "assistant", "content": "" }), Value::Null);
    let end = choice(json!({}), json!("stop"));
    Answer {
        whole: Bytes::from(whole.to_string()),
        head: vec![data(&chunk(opening, Value::Null))],
        delta: data(&chunk(choice(json!({ "content": " greeting" }), Value::Null), Value::Null)),
        tail: vec![
            data(&chunk(end, Value::Null)),
            data(&chunk(json!([]), usage)),
            Bytes::from_static(b"data: [DONE]\n\n"),
        ],
    }
}

// === Messages ===

fn messages() -> Answer {
    let usage = json!({
        "input_tokens": 176, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 1024,
        "output_tokens": 220, "service_tier": "standard",
    });
    let message = |content: Value, end: Value, usage: &Value| {
        json!({
            "id": "msg_01ABCDEFGHJKMNPQRSTVWXYZ", "type": "message", "role": "assistant",
            "model": "bench", "content": content, "stop_reason": end, "stop_sequence": null,
            "usage": usage,
        })
    };
    let whole =
        message(json!([{ "type": "text", "text": text(ANSWER_BYTES) }]), json!("end_turn"), &usage);
    let head = [
        json!({ "type": "message_start", "message": message(json!([]), Value::Null, &usage) }),
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
    ];
    // The vendor's deltas carry a few words each.
    let delta = json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text(110) } });
    let tail = [
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn", "stop_sequence": null }, "usage": usage }),
        json!({ "type": "message_stop" }),
    ];
    Answer {
        whole: Bytes::from(whole.to_string()),
        head: head.iter().map(event).collect(),
        delta: event(&delta),
        tail: tail.iter().map(event).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Dialect; 3] = [Dialect::Responses, Dialect::Chat, Dialect::Messages];

    #[test]
    fn requests_have_about_the_size_asked_for() {
        for dialect in ALL {
            for bytes in [1_000, 100_000] {
                let body = request(dialect, Script::Whole, bytes);
                let off = body.len().abs_diff(bytes);
                assert!(off * 10 < bytes, "{dialect:?}: {} for {bytes}", body.len());
                assert_eq!(Script::in_body(&body).unwrap(), Script::Whole);
            }
        }
    }

    #[test]
    fn streams_have_as_many_events_as_asked_for() {
        let answers = Answers::new();
        for dialect in ALL {
            let answer = answers.of(dialect);
            assert_eq!(answer.stream(100).len(), 100);
            let size = answer.delta.len();
            assert!((180..300).contains(&size), "{dialect:?}: {size} bytes per event");
            let size = answer.whole.len();
            assert!((1_200..1_900).contains(&size), "{dialect:?}: {size} bytes per answer");
        }
    }
}
