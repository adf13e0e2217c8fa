//! Strict readers of the four dialects: what the official SDKs take for granted, held against a stream.

use bytes::Bytes;
use realms_dialect::{JsonArrayFramer, SseFramer};
use realms_types::DialectId;
use serde_json::Value;

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Complete,
    Error,
}

/// The name and the data of an event.
type Sent = (Option<String>, String);

/// Panics where a client would stumble.
pub fn check(client: DialectId, stream: &[u8]) -> End {
    let sent = frames(stream);
    for (_, data) in &sent {
        assert!(!data.contains(['\u{2028}', '\u{2029}', '\u{85}']), "{data}");
    }
    match client {
        DialectId::Responses => responses(&sent),
        DialectId::Chat => chat(&sent),
        DialectId::Messages => messages(&sent),
        DialectId::Gemini => gemini(&sent),
    }
}

/// A JSON array of chunks.
pub fn check_array(body: &[u8]) -> End {
    assert!(
        serde_json::from_slice::<Vec<Value>>(body).is_ok(),
        "{}",
        String::from_utf8_lossy(body)
    );
    let mut framer = JsonArrayFramer::new();
    let batch = framer.push(Bytes::copy_from_slice(body)).unwrap();
    let sent: Vec<Sent> = batch
        .frames()
        .map(|frame| (None, String::from_utf8(frame.data().into_owned()).unwrap()))
        .collect();
    gemini(&sent)
}

fn frames(stream: &[u8]) -> Vec<Sent> {
    let mut framer = SseFramer::new();
    let batch = framer.push(Bytes::copy_from_slice(stream)).unwrap();
    assert!(framer.finish().is_none(), "a frame without its end");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    batch
        .frames()
        .filter(|frame| !frame.is_comment())
        .map(|frame| (frame.event().map(text), text(&frame.data())))
        .collect()
}

fn json(data: &str) -> Value {
    serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {data}"))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {value}"))
}

fn count(value: &Value, key: &str) -> usize {
    let count = value[key].as_u64().unwrap_or_else(|| panic!("no number `{key}` in {value}"));
    usize::try_from(count).unwrap()
}

// --- Messages ---

fn messages(sent: &[Sent]) -> End {
    let mut next = 0;
    let mut open: Option<(Value, String)> = None;
    let mut stage = 0;
    for (at, (name, data)) in sent.iter().enumerate() {
        let is_last = at + 1 == sent.len();
        let event = json(data);
        let kind = text(&event, "type");
        assert_eq!(name.as_deref(), Some(kind));
        match (stage, kind) {
            (_, "error") => {
                text(&event["error"], "message");
                assert!(is_last, "the error comes last");
                return End::Error;
            }
            (1, "ping") => {}
            (0, "message_start") => {
                let message = &event["message"];
                assert_eq!(text(message, "role"), "assistant");
                assert!(!text(message, "id").is_empty());
                assert_eq!(message["content"], json("[]"));
                assert!(message["stop_reason"].is_null());
                count(&message["usage"], "input_tokens");
                count(&message["usage"], "output_tokens");
                stage = 1;
            }
            (1, "content_block_start") => {
                assert!(open.is_none(), "two blocks are open");
                assert_eq!(count(&event, "index"), next);
                let block = event["content_block"].clone();
                if text(&block, "type") == "tool_use" {
                    assert_eq!(block["input"], json("{}"));
                    assert!(!text(&block, "id").is_empty());
                    text(&block, "name");
                }
                open = Some((block, String::new()));
            }
            (1, "content_block_delta") => {
                let (block, input) = open.as_mut().expect("a delta outside a block");
                assert_eq!(count(&event, "index"), next);
                let delta = &event["delta"];
                match (text(block, "type"), text(delta, "type")) {
                    ("text", "text_delta") => assert!(!text(delta, "text").is_empty()),
                    ("text", "citations_delta") => assert!(delta["citation"].is_object()),
                    ("thinking", "thinking_delta") => {
                        text(delta, "thinking");
                    }
                    ("thinking", "signature_delta") => {
                        text(delta, "signature");
                    }
                    ("tool_use", "input_json_delta") => {
                        input.push_str(text(delta, "partial_json"));
                    }
                    other => panic!("{other:?}"),
                }
            }
            (1, "content_block_stop") => {
                assert_eq!(count(&event, "index"), next);
                open.take().expect("no block is open");
                next += 1;
            }
            (1, "message_delta") => {
                assert!(open.is_none());
                text(&event["delta"], "stop_reason");
                count(&event["usage"], "output_tokens");
                stage = 2;
            }
            (2, "message_stop") => stage = 3,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(stage, 3, "no message_stop");
    End::Complete
}

// --- Chat ---

fn chat(sent: &[Sent]) -> End {
    let mut fixed: Option<[Value; 3]> = None;
    let mut choices = std::collections::BTreeMap::<usize, (usize, bool)>::new();
    let mut saw_usage = false;
    for (at, (name, data)) in sent.iter().enumerate() {
        let is_last = at + 1 == sent.len();
        assert_eq!(*name, None);
        if data == "[DONE]" {
            assert!(is_last && saw_usage && !choices.is_empty());
            assert!(choices.values().all(|(_, finished)| *finished), "an open choice");
            return End::Complete;
        }
        let chunk = json(data);
        if !chunk["error"].is_null() {
            text(&chunk["error"], "message");
            assert!(is_last);
            return End::Error;
        }
        assert!(!saw_usage, "usage is not last");
        assert_eq!(text(&chunk, "object"), "chat.completion.chunk");
        let own = ["id", "created", "model"].map(|key| chunk[key].clone());
        assert_eq!(*fixed.get_or_insert_with(|| own.clone()), own);
        let list = chunk["choices"].as_array().unwrap();
        if list.is_empty() {
            count(&chunk["usage"], "total_tokens");
            saw_usage = true;
        } else {
            assert!(chunk["usage"].is_null());
        }
        for choice in list {
            let index = count(choice, "index");
            let delta = choice["delta"].as_object().unwrap();
            let is_new = !choices.contains_key(&index);
            assert_eq!(is_new, delta.contains_key("role"), "the role comes first and once");
            let (calls, finished) = choices.entry(index).or_default();
            assert!(!*finished, "content behind the finish");
            for call in delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
                let place = count(call, "index");
                assert!(place <= *calls, "calls count up");
                if place == *calls {
                    *calls += 1;
                    assert!(!text(call, "id").is_empty());
                    let kind = text(call, "type");
                    text(&call[kind], "name");
                }
            }
            if let Some(reason) = choice["finish_reason"].as_str() {
                let known = ["stop", "length", "tool_calls", "content_filter"];
                assert!(known.contains(&reason));
                assert!(reason != "tool_calls" || *calls > 0, "a call is promised");
                *finished = true;
            }
        }
    }
    panic!("neither [DONE] nor an error");
}

// --- Gemini ---

fn gemini(sent: &[Sent]) -> End {
    for (at, (name, data)) in sent.iter().enumerate() {
        let is_last = at + 1 == sent.len();
        assert_eq!(*name, None);
        let chunk = json(data);
        if !chunk["error"].is_null() {
            count(&chunk["error"], "code");
            text(&chunk["error"], "status");
            assert!(is_last);
            return End::Error;
        }
        text(&chunk, "responseId");
        text(&chunk, "modelVersion");
        let candidates = chunk["candidates"].as_array().unwrap();
        assert!(!candidates.is_empty());
        assert_eq!(is_last, chunk["usageMetadata"].is_object(), "usage is in the last chunk");
        for candidate in candidates {
            count(candidate, "index");
            assert_eq!(is_last, candidate["finishReason"].is_string());
            assert_eq!(text(&candidate["content"], "role"), "model");
            let parts = candidate["content"]["parts"].as_array().unwrap();
            assert!(!parts.is_empty());
            for part in parts {
                if let Some(call) = part.get("functionCall") {
                    text(call, "name");
                    assert!(call["args"].is_object());
                }
                if let Some(thought) = part.get("thought") {
                    assert_eq!(*thought, Value::Bool(true));
                }
            }
        }
    }
    End::Complete
}

// --- Responses ---

/// What an item was told to be so far.
struct Item {
    id: String,
    kind: String,
    told: std::collections::BTreeMap<(String, usize), String>,
}

fn responses(sent: &[Sent]) -> End {
    let mut done: Vec<Value> = Vec::new();
    let mut open: Option<Item> = None;
    for (at, (name, data)) in sent.iter().enumerate() {
        let event = json(data);
        let kind = text(&event, "type");
        assert_eq!(name.as_deref(), Some(kind));
        assert_eq!(count(&event, "sequence_number"), at);
        let is_last = at + 1 == sent.len();
        match (at, kind) {
            (_, "error") => {
                text(&event, "message");
                assert_eq!(sent.len(), at + 2);
            }
            (_, "response.failed") => {
                assert!(is_last);
                text(&event["response"]["error"], "message");
                return End::Error;
            }
            (0, "response.created") | (1, "response.in_progress") => {
                assert_eq!(text(&event["response"], "status"), "in_progress");
                assert_eq!(event["response"]["output"], json("[]"));
            }
            (2.., "response.completed" | "response.incomplete") => {
                assert!(is_last && open.is_none());
                let response = &event["response"];
                assert_eq!(format!("response.{}", text(response, "status")), kind);
                assert_eq!(response["output"].as_array().unwrap(), &done);
                assert_eq!(response["id"], json(&sent[0].1)["response"]["id"]);
                return End::Complete;
            }
            (2.., _) => item_event(kind, &event, &mut open, &mut done),
            other => panic!("{other:?}"),
        }
    }
    panic!("no terminal event");
}

fn item_event(kind: &str, event: &Value, open: &mut Option<Item>, done: &mut Vec<Value>) {
    assert_eq!(count(event, "output_index"), done.len());
    if kind == "response.output_item.added" {
        assert!(open.is_none(), "two items are open");
        let item = &event["item"];
        let kind = text(item, "type").to_owned();
        // Items that came in this dialect are as they came.
        let is_own =
            !["message", "reasoning", "function_call", "custom_tool_call"].contains(&&*kind);
        let id = if is_own { item_id(item) } else { text(item, "id") }.to_owned();
        *open = Some(Item { id, kind, told: std::collections::BTreeMap::new() });
        return;
    }
    let item = open.as_mut().expect("an event outside an item");
    if kind == "response.output_item.done" {
        let whole = &event["item"];
        assert_eq!((item_id(whole), text(whole, "type")), (item.id.as_str(), item.kind.as_str()));
        item_is_what_was_told(item, whole);
        done.push(whole.clone());
        *open = None;
        return;
    }
    assert_eq!(text(event, "item_id"), item.id);
    let index = ["content_index", "summary_index"].iter().find_map(|key| event[key].as_u64());
    let index = usize::try_from(index.unwrap_or(0)).unwrap();
    let (what, step) = kind.trim_start_matches("response.").rsplit_once('.').unwrap();
    let fitting = match item.kind.as_str() {
        "message" => {
            ["content_part", "output_text", "refusal", "output_text.annotation"].as_slice()
        }
        "reasoning" => &["reasoning_summary_part", "reasoning_summary_text"],
        "function_call" => &["function_call_arguments"],
        "custom_tool_call" => &["custom_tool_call_input"],
        other => panic!("{kind} in {other}"),
    };
    assert!(fitting.contains(&what), "{kind} in {}", item.kind);
    let key = (what.to_owned(), index);
    match (what, step) {
        ("content_part" | "reasoning_summary_part", "added") => {
            assert!(item.told.insert(key, String::new()).is_none());
        }
        ("output_text" | "refusal" | "reasoning_summary_text", "delta") => {
            let part =
                if item.kind == "message" { "content_part" } else { "reasoning_summary_part" };
            assert!(item.told.contains_key(&(part.to_owned(), index)), "no part was added");
            item.told.entry(key).or_default().push_str(text(event, "delta"));
        }
        ("function_call_arguments" | "custom_tool_call_input", "delta") => {
            item.told.entry(key).or_default().push_str(text(event, "delta"));
        }
        ("output_text.annotation", "added") => assert!(event["annotation"].is_object()),
        ("content_part" | "reasoning_summary_part", "done") => {
            assert!(item.told.contains_key(&key));
        }
        (_, "done") => {
            let field = ["text", "refusal", "arguments", "input"];
            let whole = field.iter().find_map(|key| event[key].as_str()).expect("the whole text");
            assert_eq!(item.told.get(&key).map_or("", String::as_str), whole);
        }
        other => panic!("{other:?}"),
    }
}

fn item_id(item: &Value) -> &str {
    item["id"].as_str().unwrap_or_default()
}

fn item_is_what_was_told(item: &Item, whole: &Value) {
    let told = |what: &str, index: usize| {
        item.told.get(&(what.to_owned(), index)).map_or("", String::as_str)
    };
    match item.kind.as_str() {
        "message" => {
            for (index, part) in whole["content"].as_array().unwrap().iter().enumerate() {
                let (what, key) = match text(part, "type") {
                    "refusal" => ("refusal", "refusal"),
                    _ => ("output_text", "text"),
                };
                assert_eq!(told(what, index), text(part, key));
            }
        }
        "reasoning" => {
            for (index, part) in whole["summary"].as_array().unwrap().iter().enumerate() {
                assert_eq!(told("reasoning_summary_text", index), text(part, "text"));
            }
        }
        "function_call" => {
            assert_eq!(told("function_call_arguments", 0), text(whole, "arguments"));
            assert!(!text(whole, "call_id").is_empty());
        }
        "custom_tool_call" => {
            assert_eq!(told("custom_tool_call_input", 0), text(whole, "input"));
        }
        _ => {}
    }
}
