//! Responses that are kept here because their upstreams keep none: what a call that goes on from one
//! says instead, and what is shown of one.
//!
//! Instructions of the response before are not carried over, as they are not by the API itself.

mod gathering;
mod note;
mod page;

use std::borrow::Cow;

use bytes::Bytes;

pub use self::{
    gathering::{ResponseGathering, finished_id},
    note::StateNote,
    page::ItemPage,
};
use crate::{
    PeekError, join_items,
    reshape::{Become, elements, reshape, value_of},
    socket::is_bare_reasoning,
};

/// The input of a request as its items, with the commas between them. A text is the message it stands for.
pub fn input_items(body: &[u8]) -> Result<Cow<'_, str>, PeekError> {
    let text =
        str::from_utf8(body).map_err(|error| PeekError::NotUtf8 { at: error.valid_up_to() })?;
    let Some(input) = value_of(text, "input").filter(|input| *input != "null") else {
        return Ok(Cow::Borrowed(""));
    };
    if let Some(inner) = input.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Ok(Cow::Borrowed(inner.trim_matches([' ', '\n', '\r', '\t'])));
    }
    if input.starts_with('"') {
        let message = r#"{"type":"message","role":"user","content":[{"type":"input_text","text":"#;
        return Ok(Cow::Owned(format!("{message}{input}}}]}}")));
    }
    Err(PeekError::WrongType { field: "input", wanted: "a text or a list of items" })
}

/// The output of a response as items of the next input, with the commas between them.
///
/// Their ids name what a vendor stored, and nobody stored these. A thought without its encrypted content is
/// left out: only whoever stored it could make sense of it.
pub fn output_items(response: &str) -> String {
    let output = value_of(response, "output").and_then(elements).unwrap_or_default();
    let items: Vec<Cow<'_, str>> =
        output.into_iter().filter(|item| !is_bare_reasoning(item)).map(without_id).collect();
    join_items(items.iter().map(|item| &**item))
}

/// A request with these items before its input, and nothing that it goes on from. Every other value keeps
/// its bytes.
pub fn go_on(body: &Bytes, before: &str) -> Result<Bytes, PeekError> {
    let own = input_items(body)?;
    let input = format!("[{}]", join_items([before, &*own]));
    let changes = [("input", Become::Value(input.into())), ("previous_response_id", Become::Gone)];
    let body = reshape(body, &changes).ok_or(PeekError::TooDeep)?;
    Ok(Bytes::from(body.concat()))
}

fn without_id(item: &str) -> Cow<'_, str> {
    if value_of(item, "id").is_none() {
        return Cow::Borrowed(item);
    }
    let whole = Bytes::copy_from_slice(item.as_bytes());
    let stripped = reshape(&whole, &[("id", Become::Gone)]);
    let stripped = stripped.and_then(|parts| String::from_utf8(parts.concat()).ok());
    stripped.map_or(Cow::Borrowed(item), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use realms_types::DialectId;
    use serde_json::{Value, json};

    use super::*;
    use crate::{decode_prompt, peek};

    fn gone_on(body: &str, before: &str) -> String {
        let whole = go_on(&Bytes::copy_from_slice(body.as_bytes()), before).unwrap();
        String::from_utf8(whole.to_vec()).unwrap()
    }

    #[test]
    fn what_was_said_before_comes_before_the_input() {
        for (body, before, expected) in [
            (
                r#"{"model":"m","input":[ 2 ],"previous_response_id":"r","x":1.0}"#,
                "1",
                r#"{"model":"m","input":[1,2],"x":1.0}"#,
            ),
            (
                r#"{"previous_response_id":"r","input":"say \"hi\""}"#,
                "1",
                r#"{"input":[1,{"type":"message","role":"user","content":[{"type":"input_text","text":"say \"hi\""}]}]}"#,
            ),
            (r#"{"previous_response_id":"r"}"#, "1", r#"{"input":[1]}"#),
            (r#"{"input":null,"previous_response_id":"r"}"#, "1,2", r#"{"input":[1,2]}"#),
            (r#"{"previous_response_\u0069d":"r","input":[]}"#, "", r#"{"input":[]}"#),
        ] {
            assert_eq!(gone_on(body, before), expected, "{body}");
        }
    }

    #[test]
    fn an_input_that_is_none_is_refused() {
        let refused = go_on(&Bytes::from_static(br#"{"input":7}"#), "1").unwrap_err();
        assert!(matches!(refused, PeekError::WrongType { field: "input", .. }));
        let deep = format!(r#"{{"input":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert!(go_on(&Bytes::from(deep), "1").is_err());
    }

    #[test]
    fn output_becomes_input_without_what_only_a_keeper_understands() {
        let response = json!({"id": "resp_1", "output": [
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "gAAA"},
            {"type": "message", "id": "msg_1", "role": "assistant",
             "content": [{"type": "output_text", "text": "a", "annotations": []}]},
            {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": "{}"},
        ]});
        let items: Vec<Value> =
            serde_json::from_str(&format!("[{}]", output_items(&response.to_string()))).unwrap();
        let kinds: Vec<_> = items.iter().map(|item| item["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["reasoning", "message", "function_call"]);
        assert!(items.iter().all(|item| item.get("id").is_none()));
        assert_eq!(items[2]["call_id"], "call_1", "results are told apart by it");
        assert_eq!(output_items(r#"{"output":null}"#), "");
        assert_eq!(output_items("no JSON"), "");
    }

    #[test]
    fn three_turns_are_one_conversation() {
        let answer = |id: &str, text: &str| {
            json!({"id": id, "output": [{"type": "message", "id": "msg", "role": "assistant",
                "content": [{"type": "output_text", "text": text}]}]})
            .to_string()
        };
        let first = r#"{"model":"m","input":"one"}"#;
        let before = input_items(first.as_bytes()).unwrap();
        let before = join_items([&*before, output_items(&answer("r1", "two")).as_str()]);
        let second =
            gone_on(r#"{"model":"m","input":"three","previous_response_id":"r1"}"#, &before);
        let before = input_items(second.as_bytes()).unwrap();
        let before = join_items([&*before, output_items(&answer("r2", "four")).as_str()]);
        let third = gone_on(r#"{"model":"m","input":"five","previous_response_id":"r2"}"#, &before);
        let prompt = decode_prompt(DialectId::Responses, third.as_bytes()).unwrap();
        assert_eq!(prompt.turns.len(), 5);
        assert!(prompt.previous_response.is_none());
    }

    proptest! {
        /// What is put before an input changes nothing else of the request.
        #[test]
        fn nothing_else_changes(text in any::<String>(), model in any::<String>(), count in 0_usize..4) {
            let before: Vec<Value> = (0..count).map(|at| json!({"role": "user", "content": at.to_string()})).collect();
            let joined: Vec<String> = before.iter().map(Value::to_string).collect();
            let body = json!({"model": model, "input": [text], "previous_response_id": "r", "stream": true});
            let made = gone_on(&body.to_string(), &joined.join(","));
            let read: Value = serde_json::from_str(&made).unwrap();
            let mut input = before;
            input.push(json!(text));
            prop_assert_eq!(&read["input"], &Value::Array(input));
            let intent = peek(DialectId::Responses, made.as_bytes()).unwrap();
            prop_assert_eq!(intent.previous_response, None);
            prop_assert_eq!(intent.model.unwrap().value, model);
            prop_assert!(intent.stream);
        }
    }
}
