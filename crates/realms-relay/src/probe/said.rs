//! The text of an answer, as far as a test shows it.

use std::borrow::Cow;

use realms_types::DialectId;
use serde::Deserialize;

/// More than is ever shown is not gathered.
const MOST: usize = 1024;

/// What is read of an event, or of a whole answer, of any dialect.
#[derive(Deserialize)]
#[serde(bound = "'de: 'a")]
struct Said<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    delta: Option<Delta<'a>>,
    #[serde(borrow, default = "Vec::new")]
    choices: Vec<Choice<'a>>,
    #[serde(borrow, default = "Vec::new")]
    output: Vec<Item<'a>>,
    #[serde(borrow, default = "Vec::new")]
    content: Vec<Block<'a>>,
    #[serde(borrow, default = "Vec::new")]
    candidates: Vec<Candidate<'a>>,
}

/// `delta` is a text in Responses and an object in Messages.
#[derive(Deserialize)]
#[serde(untagged, bound = "'de: 'a")]
enum Delta<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Block(#[serde(borrow)] Block<'a>),
}

#[derive(Deserialize)]
#[serde(bound = "'de: 'a")]
struct Choice<'a> {
    #[serde(borrow, default)]
    delta: Option<Turn<'a>>,
    #[serde(borrow, default)]
    message: Option<Turn<'a>>,
}

#[derive(Deserialize)]
#[serde(bound = "'de: 'a")]
struct Turn<'a> {
    #[serde(borrow, default)]
    content: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(bound = "'de: 'a")]
struct Item<'a> {
    #[serde(borrow, default = "Vec::new")]
    content: Vec<Block<'a>>,
}

#[derive(Deserialize)]
#[serde(bound = "'de: 'a")]
struct Candidate<'a> {
    #[serde(borrow, default)]
    content: Option<Parts<'a>>,
}

#[derive(Deserialize)]
#[serde(bound = "'de: 'a")]
struct Parts<'a> {
    #[serde(borrow, default = "Vec::new")]
    parts: Vec<Block<'a>>,
}

#[derive(Deserialize)]
#[serde(bound = "'de: 'a")]
struct Block<'a> {
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
    #[serde(default)]
    thought: bool,
}

/// Adds what an event, or a whole answer, says to the text. What cannot be read says nothing.
pub(super) fn listen(dialect: DialectId, json: &[u8], text: &mut String) {
    let Ok(said) = serde_json::from_slice::<Said<'_>>(json) else { return };
    let kind = said.kind.as_deref().unwrap_or_default();
    let mut add = |piece: Option<&str>| {
        if text.len() < MOST {
            text.push_str(piece.unwrap_or_default());
        }
    };
    match dialect {
        DialectId::Responses if kind == "response.output_text.delta" => {
            if let Some(Delta::Text(piece)) = &said.delta {
                add(Some(piece));
            }
        }
        DialectId::Responses => {
            let blocks = said.output.iter().flat_map(|item| &item.content);
            blocks.for_each(|block| add(block.text.as_deref()));
        }
        DialectId::Chat => {
            for choice in &said.choices {
                let turn = choice.delta.as_ref().or(choice.message.as_ref());
                add(turn.and_then(|turn| turn.content.as_deref()));
            }
        }
        DialectId::Messages => {
            if let Some(Delta::Block(block)) = &said.delta {
                add(block.text.as_deref());
            }
            said.content.iter().for_each(|block| add(block.text.as_deref()));
        }
        DialectId::Gemini => {
            let contents = said.candidates.iter().filter_map(|one| one.content.as_ref());
            let parts = contents.flat_map(|content| &content.parts).filter(|part| !part.thought);
            parts.for_each(|part| add(part.text.as_deref()));
        }
    }
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
            let mut text = String::new();
            listen(dialect, json.as_bytes(), &mut text);
            assert_eq!(text, "ok", "{json}");
        }
    }

    #[test]
    fn what_is_no_text_says_nothing() {
        let mut text = String::new();
        for json in [
            "[DONE]",
            "{}",
            r#"{"choices":[{"delta":{"content":null}}]}"#,
            r#"{"type":"response.completed","response":{"output":[{"content":[{"text":"no"}]}]}}"#,
        ] {
            listen(DialectId::Chat, json.as_bytes(), &mut text);
            listen(DialectId::Responses, json.as_bytes(), &mut text);
        }
        assert_eq!(text, "");
    }
}
