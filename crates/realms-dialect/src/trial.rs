//! The plainest call of a dialect, and what an answer to it says: what channels are tested with.
//!
//! It is no translation. [`encode_prompt`](crate::encode_prompt) writes all that a call should say, while a
//! trial says only what every server takes that speaks the dialect at all. A [`Decoder`](crate::Decoder) mends
//! what it can, while a trial hears what was said as it was said: what an upstream gets wrong is what it is for.
//!
//! Each dialect has its file in `trial/`; a new one is one file more, and its line in [`words`].

mod chat;
mod gemini;
mod heard;
mod messages;
mod responses;

use bytes::Bytes;
use realms_types::DialectId;
use serde::Serialize;
use serde_json::Value;

pub use heard::{Heard, ToolCall};

/// One short question.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// The model as the upstream names it.
    pub model: &'a str,
    /// What the user says.
    pub prompt: &'a str,
    /// What the model is told before, for backends that refuse a call without; only Responses says it.
    pub instructions: Option<&'a str>,
    /// The most tokens of the answer. `None`: a bare call, without this and without all else that a server may
    /// not know.
    pub limit: Option<u32>,
    /// Whether the limit has the name that OpenAI's reasoning models want, where it has two.
    pub new_limit: bool,
    /// Whether the answer is to be streamed.
    pub stream: bool,
    /// What must be called, if anything must.
    pub tool: Option<TrialTool<'a>>,
}

/// A function that must be called.
#[derive(Debug, Clone, Copy)]
pub struct TrialTool<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it does.
    pub about: &'a str,
    /// JSON schema of what it takes.
    pub schema: &'a Value,
}

/// How a dialect puts a trial, and how its answers are heard.
struct Words {
    body: fn(&Trial<'_>) -> Bytes,
    hear: fn(&Value, &mut Heard),
}

/// What the user says, where a message is a text.
#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

const fn words(dialect: DialectId) -> Words {
    match dialect {
        DialectId::Responses => responses::WORDS,
        DialectId::Chat => chat::WORDS,
        DialectId::Messages => messages::WORDS,
        DialectId::Gemini => gemini::WORDS,
    }
}

// === impl Trial ===

impl<'a> Trial<'a> {
    /// The body of the call. Whether it is streamed, and of which model, some dialects say in the path.
    pub fn body(&self, dialect: DialectId) -> Bytes {
        (words(dialect).body)(self)
    }

    const fn messages(&self) -> [Message<'a>; 1] {
        [Message { role: "user", content: self.prompt }]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TRIAL: Trial<'static> = Trial {
        model: "m",
        prompt: "hi",
        instructions: None,
        limit: Some(16),
        new_limit: false,
        stream: true,
        tool: None,
    };

    fn body(trial: Trial<'_>, dialect: DialectId) -> String {
        String::from_utf8(trial.body(dialect).to_vec()).unwrap()
    }

    #[test]
    fn the_question_is_as_plain_as_it_can_be() {
        for (dialect, expected) in [
            (
                DialectId::Responses,
                r#"{"model":"m","input":[{"role":"user","content":"hi"}],"max_output_tokens":16,"store":false,"stream":true}"#,
            ),
            (
                DialectId::Chat,
                r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":16,"stream":true,"stream_options":{"include_usage":true}}"#,
            ),
            (
                DialectId::Messages,
                r#"{"model":"m","max_tokens":16,"messages":[{"role":"user","content":"hi"}],"stream":true}"#,
            ),
            (
                DialectId::Gemini,
                r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{"maxOutputTokens":16}}"#,
            ),
        ] {
            assert_eq!(body(TRIAL, dialect), expected);
        }
    }

    #[test]
    fn a_bare_question_says_nothing_that_may_not_be_known() {
        let bare = Trial { limit: None, ..TRIAL };
        for (dialect, expected) in [
            (
                DialectId::Responses,
                r#"{"model":"m","input":[{"role":"user","content":"hi"}],"store":false,"stream":true}"#,
            ),
            (
                DialectId::Chat,
                r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#,
            ),
            (
                DialectId::Messages,
                r#"{"model":"m","max_tokens":1024,"messages":[{"role":"user","content":"hi"}],"stream":true}"#,
            ),
            (DialectId::Gemini, r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#),
        ] {
            assert_eq!(body(bare, dialect), expected);
        }
    }

    #[test]
    fn what_openai_wants_has_its_own_words() {
        let asked = Trial { new_limit: true, stream: false, ..TRIAL };
        assert_eq!(
            body(asked, DialectId::Chat),
            r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":16,"stream":false}"#
        );
        let told = Trial { instructions: Some("Be brief."), limit: None, ..TRIAL };
        assert_eq!(
            body(told, DialectId::Responses),
            r#"{"model":"m","instructions":"Be brief.","input":[{"role":"user","content":"hi"}],"store":false,"stream":true}"#
        );
    }

    #[test]
    fn every_dialect_has_a_tool_called() {
        let schema = json!({ "type": "object" });
        let tool = TrialTool { name: "t", about: "Does.", schema: &schema };
        let asked = Trial { tool: Some(tool), ..TRIAL };
        for (dialect, expected) in [
            (
                DialectId::Responses,
                r#""tool_choice":{"type":"function","name":"t"},"tools":[{"type":"function","name":"t","description":"Does.","parameters":{"type":"object"},"strict":false}]}"#,
            ),
            (
                DialectId::Chat,
                r#""tool_choice":{"type":"function","function":{"name":"t"}},"tools":[{"type":"function","function":{"name":"t","description":"Does.","parameters":{"type":"object"}}}]}"#,
            ),
            (
                DialectId::Messages,
                r#""tool_choice":{"type":"tool","name":"t"},"tools":[{"name":"t","description":"Does.","input_schema":{"type":"object"}}]}"#,
            ),
            (
                DialectId::Gemini,
                r#""toolConfig":{"functionCallingConfig":{"mode":"ANY"}},"tools":[{"functionDeclarations":[{"name":"t","description":"Does.","parameters":{"type":"object"}}]}]}"#,
            ),
        ] {
            let body = body(asked, dialect);
            assert!(body.ends_with(expected), "{dialect}: {body}");
        }
    }
}
