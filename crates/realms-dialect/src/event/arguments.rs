//! The arguments of a tool: a JSON text in OpenAI's dialects, a JSON object in the others.

use serde_json::value::RawValue;

use super::write::{compact, object_text};
use crate::{
    Losses,
    depth::{MOST_WITHIN, is_deeper_than},
};

/// Under which name text that is no JSON object is handed to a tool that takes an object. The tool
/// refuses it in its own words, and the model sees what it wrote.
const INVALID: &str = "invalid_arguments";

/// Arguments as a compact JSON object.
///
/// None at all, and `null`, are the empty object: models leave out what has no members. What is cut
/// off, broken, no object or nested too deep for parsers becomes one that holds it as text.
pub(super) fn as_object(arguments: &str, losses: &mut Losses) -> String {
    match arguments.trim() {
        "" | "null" => "{}".to_owned(),
        text if is_object(text) => compact(text),
        text => {
            losses.emulated("tool_call.arguments", "what is no JSON object is handed on as text");
            object_text(|json| {
                json.text(INVALID, text);
            })
        }
    }
}

/// The way back of [`as_object`]: arguments as the text they were.
pub(super) fn as_text(object: &str) -> String {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Invalid {
        invalid_arguments: String,
    }
    match serde_json::from_str::<Invalid>(object) {
        Ok(Invalid { invalid_arguments }) => invalid_arguments,
        Err(_) => compact(object),
    }
}

fn is_object(text: &str) -> bool {
    text.starts_with('{')
        && serde_json::from_str::<&RawValue>(text).is_ok()
        && !is_deeper_than(text.as_bytes(), MOST_WITHIN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn arguments_are_an_object_whatever_they_were() {
        for (arguments, object, told) in [
            ("", "{}", false),
            (" null ", "{}", false),
            (r#"{ "a": 12345678901234567890123 }"#, r#"{"a":12345678901234567890123}"#, false),
            (r#"{"a":"#, r#"{"invalid_arguments":"{\"a\":"}"#, true),
            ("[1]", r#"{"invalid_arguments":"[1]"}"#, true),
            ("ls", r#"{"invalid_arguments":"ls"}"#, true),
        ] {
            let mut losses = Losses::default();
            assert_eq!(as_object(arguments, &mut losses), object, "{arguments}");
            assert_eq!(!losses.is_empty(), told, "{arguments}");
        }
    }

    #[test]
    fn what_nests_too_deep_to_be_read_is_text() {
        for (depth, told) in [(MOST_WITHIN, false), (MOST_WITHIN + 1, true), (5_000, true)] {
            let lists = depth - 1;
            let arguments = format!(r#"{{"a":{}{}}}"#, "[".repeat(lists), "]".repeat(lists));
            let mut losses = Losses::default();
            let object = as_object(&arguments, &mut losses);
            assert_eq!(!losses.is_empty(), told, "{depth}");
            assert_eq!(as_text(&object), arguments);
        }
    }

    proptest! {
        #[test]
        fn text_that_is_no_object_comes_back_as_it_was(text in "[a-z\"{}\\[\\]:, ]{1,20}") {
            let trimmed = text.trim();
            prop_assume!(!trimmed.is_empty() && trimmed != "null");
            let object = as_object(&text, &mut Losses::default());
            prop_assert!(is_object(&object));
            let back = as_text(&object);
            let same = back == trimmed || (is_object(trimmed) && back == compact(trimmed));
            prop_assert!(same, "{text} {object} {back}");
        }
    }
}
