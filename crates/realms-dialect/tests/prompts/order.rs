//! Conversations in any order come out in one that the target takes.

use proptest::prelude::*;
use realms_dialect::decode_prompt;
use realms_types::DialectId;
use serde_json::{Value, json};

use super::samples::{encoded, target};

/// A message of a Chat conversation; calls and results by number, so that some match.
fn message() -> impl Strategy<Value = Value> {
    let text = prop_oneof![Just(""), Just(" \n"), Just("a"), Just("b")];
    prop_oneof![
        (prop::sample::select(vec!["user", "system", "developer", "assistant"]), text.clone())
            .prop_map(|(role, text)| json!({"role": role, "content": text})),
        (prop::collection::vec(0..4u8, 1..3), text.clone()).prop_map(|(calls, text)| {
            let call = |id: &u8| json!({"id": format!("c{id}"), "type": "function",
                "function": {"name": format!("f{id}"), "arguments": if *id == 3 { "[" } else { "" }}});
            let calls: Vec<Value> = calls.iter().map(call).collect();
            json!({"role": "assistant", "content": text, "tool_calls": calls})
        }),
        (0..4u8, text).prop_map(|(id, text)| {
            json!({"role": "tool", "tool_call_id": format!("c{id}"), "content": text})
        }),
        Just(json!({"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]})),
    ]
}

fn roles<'a>(turns: &'a Value, key: &str) -> Vec<(&'a str, &'a Value)> {
    let turns = turns.as_array().unwrap();
    turns.iter().map(|turn| (turn["role"].as_str().unwrap(), &turn[key])).collect()
}

proptest! {

    #[test]
    fn user_and_model_take_turns(messages in prop::collection::vec(message(), 0..12)) {
        let body = json!({ "messages": messages }).to_string();
        let prompt = decode_prompt(DialectId::Chat, body.as_bytes()).unwrap();
        for (dialect, turns, parts) in
            [(DialectId::Messages, "messages", "content"), (DialectId::Gemini, "contents", "parts")]
        {
            let (written, _) = encoded(&prompt, &target(dialect)).unwrap();
            let turns = roles(&written[turns], parts);
            for (index, (role, content)) in turns.iter().enumerate() {
                let expected = if index % 2 == 0 { "user" } else if dialect == DialectId::Messages { "assistant" } else { "model" };
                prop_assert_eq!(*role, expected, "{}", written);
                prop_assert!(content.as_array().is_none_or(|blocks| !blocks.is_empty()));
                prop_assert!(content.as_str().is_none_or(|text| !text.trim().is_empty()));
                for block in content.as_array().into_iter().flatten() {
                    prop_assert!(block["text"].as_str().is_none_or(|text| !text.trim().is_empty()));
                }
                let results: Vec<bool> = content.as_array().into_iter().flatten()
                    .map(|block| block["type"] == "tool_result" || block.get("functionResponse").is_some())
                    .collect();
                prop_assert!(results.is_sorted_by_key(|is_result| !is_result));
            }
        }
    }

    #[test]
    fn the_calls_of_a_round_are_in_one_message(messages in prop::collection::vec(message(), 0..12)) {
        let body = json!({ "messages": messages }).to_string();
        let prompt = decode_prompt(DialectId::Chat, body.as_bytes()).unwrap();
        let (responses, _) = encoded(&prompt, &target(DialectId::Responses)).unwrap();
        let prompt = decode_prompt(DialectId::Responses, responses.to_string().as_bytes()).unwrap();
        let (chat, _) = encoded(&prompt, &target(DialectId::Chat)).unwrap();
        let roles: Vec<&str> = roles(&chat["messages"], "content").into_iter().map(|(role, _)| role).collect();
        prop_assert!(!roles.windows(2).any(|pair| pair == ["assistant", "assistant"]), "{:?}", roles);
    }
}
