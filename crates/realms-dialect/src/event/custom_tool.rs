//! Tools that take any text, in dialects whose tools take a JSON object.
//!
//! Such a tool is offered as a function with one member, `input`; its calls come back the same way.

use serde::Deserialize;

use super::write::object_text;

/// The one member.
pub(crate) const INPUT: &str = "input";

/// The text a custom tool is to be given, from the arguments of the function that stood in for it.
/// Where the model wrote something else, that is the text.
pub(super) fn input_of(arguments: &str) -> String {
    #[derive(Deserialize)]
    struct Input {
        input: String,
    }
    match serde_json::from_str::<Input>(arguments) {
        Ok(Input { input }) => input,
        Err(_) => arguments.to_owned(),
    }
}

/// The arguments of a function that stands in for a custom tool.
pub(super) fn arguments_of(input: &str) -> String {
    object_text(|json| {
        json.text(INPUT, input);
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_wrapped_is_the_text_itself() {
        for text in ["", "ls -la", r#"{"command":"ls"}"#, r#"{"input":7}"#, "[1]"] {
            assert_eq!(input_of(text), text);
        }
        assert_eq!(input_of(r#"{ "input": "a\nb" }"#), "a\nb");
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            prop_assert_eq!(input_of(&arguments_of(&text)), text);
        }
    }
}
