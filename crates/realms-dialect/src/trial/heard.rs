//! What an answer says, heard as it comes.

use realms_types::DialectId;
use serde_json::Value;

use super::words;

/// Of a longer text no more is kept.
const MOST_TEXT: usize = 1024;
/// So many calls of one answer are read.
const MOST_CALLS: usize = 16;
/// So much of the arguments of one call.
const LONGEST: usize = 64 << 10;

/// A call of a tool, as it was told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolCall {
    /// What is called.
    pub name: String,
    /// With what, as it was written.
    pub arguments: String,
}

/// An answer while it is heard: the start of its text, and the tools it calls.
#[derive(Debug, Default)]
pub struct Heard {
    text: String,
    /// Each with the place by which its pieces name it.
    calls: Vec<(u64, ToolCall)>,
    /// Whether calls were told piece by piece: what the end of the answer repeats is no other call.
    pieces: bool,
}

// === impl Heard ===

impl Heard {
    /// Takes what an event says, or a whole answer. What cannot be read says nothing.
    pub fn hear(&mut self, dialect: DialectId, data: &[u8]) {
        if let Ok(value) = serde_json::from_slice::<Value>(data) {
            (words(dialect).hear)(&value, self);
        }
    }

    /// The start of the text, and the calls in their order.
    pub fn finish(self) -> (String, Vec<ToolCall>) {
        (self.text, self.calls.into_iter().map(|(_, call)| call).collect())
    }

    pub(super) const fn has_pieces(&self) -> bool {
        self.pieces
    }

    /// More of the text, where it is one.
    pub(super) fn say(&mut self, said: &Value) {
        if self.text.len() < MOST_TEXT {
            self.text.push_str(text(said));
        }
    }

    /// A piece of the call at a place.
    pub(super) fn add(&mut self, place: u64, name: &str, arguments: &str) {
        self.pieces = true;
        let at = self.calls.iter().position(|(known, _)| *known == place);
        let at = match at {
            Some(at) => at,
            None if self.calls.len() < MOST_CALLS => {
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
    pub(super) fn whole(&mut self, name: &str, arguments: &Value) {
        if self.calls.len() < MOST_CALLS {
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

pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_is_heard_streamed_and_whole() {
        use DialectId::{Chat, Gemini, Messages, Responses};

        for (dialect, json) in [
            (Responses, r#"{"type":"response.output_text.delta","delta":"ok"}"#),
            (
                Responses,
                r#"{"object":"response","output":[{"type":"message","content":[{"type":"output_text","text":"ok"}]}]}"#,
            ),
            (Chat, r#"{"choices":[{"delta":{"role":"assistant","content":"ok"}}]}"#),
            (Chat, r#"{"choices":[{"message":{"content":"ok"}}]}"#),
            (
                Messages,
                r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"ok"}}"#,
            ),
            (Messages, r#"{"type":"message","content":[{"type":"text","text":"ok"}]}"#),
            (
                Gemini,
                r#"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"ok"}]}}]}"#,
            ),
        ] {
            let mut heard = Heard::default();
            heard.hear(dialect, json.as_bytes());
            assert_eq!(heard.finish(), ("ok".to_owned(), Vec::new()), "{json}");
        }
    }

    #[test]
    fn what_is_no_text_says_nothing() {
        let mut heard = Heard::default();
        for json in [
            "[DONE]",
            "{}",
            r#"{"choices":[{"delta":{"content":null}}]}"#,
            r#"{"type":"response.completed","response":{"output":[{"content":[{"text":"no"}]}]}}"#,
        ] {
            heard.hear(DialectId::Chat, json.as_bytes());
            heard.hear(DialectId::Responses, json.as_bytes());
        }
        assert_eq!(heard.finish(), (String::new(), Vec::new()));
    }

    #[test]
    fn calls_are_heard_as_they_were_written() {
        use DialectId::{Chat, Gemini, Messages, Responses};

        let args = r#"{"a":1}"#;
        for (dialect, events, arguments) in [
            (
                Responses,
                &[
                    r#"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","name":"t"}}"#,
                    r#"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"a\":"}"#,
                    r#"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"1}"}"#,
                    r#"{"type":"response.completed","response":{"output":[{"type":"function_call","name":"t","arguments":"{}"}]}}"#,
                ][..],
                args,
            ),
            (
                Responses,
                &[
                    r#"{"type":"response.completed","response":{"output":[{"type":"function_call","name":"t","arguments":"no"}]}}"#,
                ],
                "no",
            ),
            (
                Chat,
                &[
                    r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"t","arguments":""}}]}}]}"#,
                    r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]}}]}"#,
                ],
                args,
            ),
            (
                Chat,
                &[
                    r#"{"choices":[{"message":{"tool_calls":[{"function":{"name":"t","arguments":{"a":1}}}]}}]}"#,
                ],
                args,
            ),
            (
                Messages,
                &[
                    r#"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","name":"t"}}"#,
                    r#"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}"#,
                ],
                args,
            ),
            (
                Messages,
                &[
                    r#"{"type":"message","content":[{"type":"tool_use","name":"t","input":{"a":1}}]}"#,
                ],
                args,
            ),
            (
                Gemini,
                &[r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"t"}}]}}]}"#],
                "",
            ),
        ] {
            let mut heard = Heard::default();
            for event in events {
                heard.hear(dialect, event.as_bytes());
            }
            let call = ToolCall { name: "t".to_owned(), arguments: arguments.to_owned() };
            assert_eq!(heard.finish(), (String::new(), vec![call]), "{events:?}");
        }
    }
}
