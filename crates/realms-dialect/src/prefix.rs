//! How a conversation begins: what all its turns share, and what vendors keep warm for the next one.

use realms_types::DialectId;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::members::Members;

/// Below this no vendor's cache keeps a prompt: 1,024 LLM tokens are about so many bytes.
const SHORTEST: usize = 4_096;
/// So many messages may come before the first of the user.
const MOST_MESSAGES: usize = 6;
/// So much of one piece tells it from others.
const MOST_BYTES: usize = 16 << 10;

/// Where instructions stand, and where the messages.
const RESPONSES: &[&str] = &["instructions", "input"];
const CHAT: &[&str] = &["messages"];
const MESSAGES: &[&str] = &["system", "messages"];
const GEMINI: &[&str] = &["systemInstruction", "system_instruction", "contents"];

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    role: Option<&'a str>,
}

/// The instructions of a call and its messages up to the first of the user, as they are written; empty
/// when the body is too short to be worth keeping warm, or is none of its dialect.
///
/// Two calls with the same beginning are taken for turns of one conversation where the client names
/// none. Of each piece at most the first 16 KiB are told.
pub fn beginning(dialect: DialectId, body: &[u8]) -> Vec<&str> {
    if body.len() < SHORTEST {
        return Vec::new();
    }
    let wanted = match dialect {
        DialectId::Responses => RESPONSES,
        DialectId::Chat => CHAT,
        DialectId::Messages => MESSAGES,
        DialectId::Gemini => GEMINI,
    };
    let read = str::from_utf8(body).ok().and_then(|text| Members::read(text, wanted).ok());
    let Some(members) = read else { return Vec::new() };
    let mut pieces = Vec::new();
    for raw in wanted.iter().filter_map(|key| members.raw(key)) {
        match raw.strip_prefix('[') {
            Some(items) => push_messages(items, &mut pieces),
            None => pieces.push(cut(raw)),
        }
    }
    pieces
}

/// The elements of an array up to the first that is of the user, or that has no role.
fn push_messages<'a>(mut items: &'a str, pieces: &mut Vec<&'a str>) {
    for _ in 0..MOST_MESSAGES {
        let mut values = serde_json::Deserializer::from_str(items).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else { return };
        let end = values.byte_offset();
        pieces.push(cut(value.get()));
        let role = serde_json::from_str::<Message<'_>>(value.get()).ok().and_then(|one| one.role);
        if !matches!(role, Some("system" | "developer")) {
            return;
        }
        match items[end..].trim_start().strip_prefix(',') {
            Some(rest) => items = rest,
            None => return,
        }
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long() -> String {
        "x".repeat(SHORTEST)
    }

    fn of(dialect: DialectId, body: &str) -> Vec<String> {
        let pieces = beginning(dialect, body.as_bytes());
        pieces.into_iter().map(|piece| piece.replace(&long(), "…")).collect()
    }

    #[test]
    fn it_ends_with_the_first_message_of_the_user() {
        let long = long();
        let user = r#"{"role":"user","content":"hi"}"#;
        let chat = format!(
            r#"{{"messages":[{{"role":"system","content":"{long}"}} , {user},{{"role":"assistant"}}]}}"#
        );
        assert_eq!(of(DialectId::Chat, &chat), [r#"{"role":"system","content":"…"}"#, user]);
        let messages = format!(
            r#"{{"system":[{{"type":"text","text":"{long}"}}],"messages":[{user},{user}]}}"#
        );
        assert_eq!(of(DialectId::Messages, &messages), [r#"{"type":"text","text":"…"}"#, user]);
        let responses = format!(r#"{{"input":"{long}","instructions":"be brief"}}"#);
        assert_eq!(of(DialectId::Responses, &responses), ["\"be brief\"", "\"…\""]);
        let gemini = format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"text":"{long}"}}]}},{{"role":"model"}}]}}"#
        );
        let first = r#"{"role":"user","parts":[{"text":"…"}]}"#;
        assert_eq!(of(DialectId::Gemini, &gemini), [first]);
    }

    #[test]
    fn what_is_short_or_strange_has_none() {
        let none: [&str; 0] = [];
        assert_eq!(of(DialectId::Chat, r#"{"messages":[{"role":"user"}]}"#), none);
        let long = long();
        for body in [
            format!("[{long}"),
            format!(r#"{{"pad":"{long}"}}"#),
            format!(r#"{{"pad":"{long}","messages":[]}}"#),
            format!(r#"{{"pad":"{long}","messages":[1,{{"role":"user"}}]}}"#),
        ] {
            assert!(of(DialectId::Chat, &body).iter().all(|piece| piece == "1"), "{body:.40}");
        }
        assert!(beginning(DialectId::Chat, &[0xff; 5_000]).is_empty());
    }

    #[test]
    fn a_piece_is_cut_between_two_characters() {
        let body = format!(r#"{{"instructions":"{}"}}"#, "é".repeat(MOST_BYTES));
        let pieces = beginning(DialectId::Responses, body.as_bytes());
        assert!(pieces[0].len() <= MOST_BYTES && pieces[0].len() >= MOST_BYTES - 1);
    }
}
