//! Answers to a call that only counts tokens.

use bytes::Bytes;
use realms_types::DialectId;

use super::{object::Object, write::object_text};

/// The count in an answer of `count_tokens` (Messages), `countTokens` (Gemini) or
/// `responses/input_tokens`. `None` where there is none that can be true, and for Chat, which has no
/// such call.
pub fn read_token_count(dialect: DialectId, body: &[u8]) -> Option<u64> {
    let key = key(dialect)?;
    Object::of_bytes(body)?.get(key)?.count().ok()
}

/// The answer with this count. `None` for Chat.
pub fn render_token_count(dialect: DialectId, tokens: u64) -> Option<Bytes> {
    let key = key(dialect)?;
    let body = object_text(|json| {
        if dialect == DialectId::Responses {
            json.text("object", "response.input_tokens");
        }
        json.number(key, tokens);
    });
    Some(body.into())
}

fn key(dialect: DialectId) -> Option<&'static str> {
    match dialect {
        DialectId::Responses | DialectId::Messages => Some("input_tokens"),
        DialectId::Gemini => Some("totalTokens"),
        DialectId::Chat => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_goes_from_any_dialect_to_any() {
        for dialect in [DialectId::Responses, DialectId::Messages, DialectId::Gemini] {
            let body = render_token_count(dialect, 2095).unwrap();
            assert_eq!(read_token_count(dialect, &body), Some(2095), "{dialect}");
        }
        assert_eq!(render_token_count(DialectId::Chat, 1), None);
    }

    #[test]
    fn what_is_no_count_is_none() {
        for body in ["", "{}", r#"{"input_tokens":-1}"#, r#"{"input_tokens":"7"}"#, "[]"] {
            assert_eq!(read_token_count(DialectId::Messages, body.as_bytes()), None, "{body}");
        }
        let gemini = br#"{"totalTokens":31,"promptTokensDetails":[]}"#;
        assert_eq!(read_token_count(DialectId::Gemini, gemini), Some(31));
    }
}
