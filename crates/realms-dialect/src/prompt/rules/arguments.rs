//! What a tool is called with: text of JSON (OpenAI), or an object (Anthropic, Gemini).
//!
//! A model may write text that is no JSON, or JSON that is no object; then the call in the history
//! is kept readable in an object of one key, since a call that vanished would orphan its result.

use serde_json::{Value, json};

use crate::{
    Losses,
    prompt::{Call, CallKind, tree},
};

/// What a call is called with, as an object.
pub(in crate::prompt) fn object(call: &Call, path: &str, losses: &mut Losses) -> Value {
    if call.kind == CallKind::Custom {
        losses.emulated(path.to_owned(), "free text is the `input` of a function");
        return json!({ "input": call.input });
    }
    if call.input.trim().is_empty() {
        return json!({});
    }
    tree::parse(call.input.as_bytes()).unwrap_or_else(|_| {
        losses.approximated(path.to_owned(), "what the tool was called with is no JSON object");
        json!({ "invalid_arguments": call.input })
    })
}

/// What a call is called with, as text. OpenAI's own models write `{}` for nothing.
pub(in crate::prompt) fn text(call: &Call, path: &str, losses: &mut Losses) -> String {
    match call.kind {
        CallKind::Custom => object(call, path, losses).to_string(),
        CallKind::Function if call.input.trim().is_empty() => "{}".to_owned(),
        CallKind::Function => call.input.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::depth::MOST_WITHIN;

    fn call(kind: CallKind, input: &str) -> Call {
        Call {
            id: "c".to_owned(),
            made_id: false,
            name: "n".to_owned(),
            namespace: None,
            kind,
            input: input.to_owned(),
            seal: None,
        }
    }

    #[test]
    fn objects_pass_and_all_else_is_kept_readable() {
        for (input, value, lost) in [
            (r#"{"a":[1,"x"]}"#, json!({"a":[1,"x"]}), false),
            ("", json!({}), false),
            (" \n", json!({}), false),
            ("{}", json!({}), false),
            (r#"{"a":"#, json!({"invalid_arguments": "{\"a\":"}), true),
            ("[1]", json!({"invalid_arguments": "[1]"}), true),
            (r#"{"a":1,"a":2}"#, json!({"invalid_arguments": "{\"a\":1,\"a\":2}"}), true),
        ] {
            let mut losses = Losses::default();
            assert_eq!(object(&call(CallKind::Function, input), "p", &mut losses), value);
            assert_eq!(!losses.is_empty(), lost, "{input}");
        }
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(MOST_WITHIN), "]".repeat(MOST_WITHIN));
        let kept = object(&call(CallKind::Function, &deep), "p", &mut Losses::default());
        assert_eq!(kept, json!({ "invalid_arguments": deep }), "around it parsers would give up");
    }

    #[test]
    fn free_text_is_an_input() {
        let mut losses = Losses::default();
        let custom = call(CallKind::Custom, "*** Begin Patch");
        assert_eq!(object(&custom, "p", &mut losses), json!({"input": "*** Begin Patch"}));
        assert_eq!(text(&custom, "p", &mut losses), r#"{"input":"*** Begin Patch"}"#);
        assert_eq!(text(&call(CallKind::Function, ""), "p", &mut losses), "{}");
        assert_eq!(text(&call(CallKind::Function, "{\"a\": 1"), "p", &mut losses), "{\"a\": 1");
    }
}
