//! Frames of a Responses WebSocket: the body made of one says just what the frame said.

use bytes::Bytes;
use realms_dialect::{CreateEvent, TurnStep, join_items, peek, turn_step};
use realms_types::DialectId;
use serde_json::{Map, Value, json};

use super::is_json;

/// What came before the frame in its conversation.
const BEFORE: &str = r#"{"role":"user","content":"before"}"#;

pub fn hold(frame: &[u8]) {
    if let TurnStep::Item { item, .. } = turn_step(None, frame) {
        assert!(is_json(item.as_bytes()));
    }
    let text = Bytes::copy_from_slice(frame);
    let Ok(create) = CreateEvent::read(&text) else { return };
    // A number that no float holds passes through; only the comparison below cannot bear it.
    let Ok(said) = serde_json::from_slice::<Map<String, Value>>(frame) else { return };
    let mut expected = said.clone();
    for gone in ["type", "generate"] {
        expected.shift_remove(gone);
    }
    expected.insert("stream".to_owned(), true.into());
    assert_eq!(read(&create.body(None)), expected);

    let items: Vec<Value> = serde_json::from_str(&format!("[{}]", create.items())).unwrap();
    match said.get("input") {
        Some(Value::Array(list)) => assert_eq!(items, *list),
        Some(Value::String(text)) => assert_eq!(items, [json!({"role":"user","content":text})]),
        _ => assert!(items.is_empty()),
    }
    let whole = join_items([BEFORE, create.items()]);
    let mut all = vec![serde_json::from_str(BEFORE).unwrap()];
    all.extend(items);
    expected.insert("input".to_owned(), all.into());
    expected.shift_remove("previous_response_id");
    assert_eq!(read(&create.body(Some(&whole))), expected);
}

fn read(body: &[Bytes]) -> Map<String, Value> {
    let body = body.concat();
    if let Ok(intent) = peek(DialectId::Responses, &body) {
        assert!(intent.stream);
    }
    serde_json::from_slice(&body)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&body)))
}
