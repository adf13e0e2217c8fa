//! State that only its maker can read: sealed reasoning, and how an upstream says that it is not its own.

use memchr::memmem;
use realms_types::DialectId;

use crate::{UpstreamFault, event::SEAL_MARK};

/// Whether a call carries reasoning that its maker sealed: the `encrypted_content` of Responses. Only the
/// account that made it can open it. (The signatures of Messages and Gemini hold with every account of
/// their vendor; see `docs/adr/0024`.) What lies in an envelope is not its: see [`has_envelope`].
pub fn has_sealed_reasoning(dialect: DialectId, body: &[u8]) -> bool {
    if dialect != DialectId::Responses {
        return false;
    }
    // `include` names `reasoning.encrypted_content` in every call of Codex: only a value counts.
    memmem::find_iter(body, b"\"encrypted_content\"").any(|at| {
        // Inside a string the quotes are escaped, so this is a key.
        let rest = body[at + b"\"encrypted_content\"".len()..].trim_ascii_start();
        let value = rest.strip_prefix(b":").map(<[u8]>::trim_ascii_start);
        let sealed = value.and_then(|value| value.strip_prefix(b"\""));
        sealed.is_some_and(|sealed| !sealed.starts_with(SEAL_MARK.as_bytes()))
    })
}

/// Whether a call carries state that was sealed in another dialect: no upstream of its own may see that.
pub fn has_envelope(body: &[u8]) -> bool {
    memmem::find(body, SEAL_MARK.as_bytes()).is_some()
}

/// Whether an upstream refuses a call because of state that another account made.
pub fn is_foreign_state(fault: &UpstreamFault) -> bool {
    let is_code = |word: &Option<String>| word.as_deref() == Some("invalid_encrypted_content");
    if is_code(&fault.code) || is_code(&fault.kind) {
        return true;
    }
    let message = fault.message.to_ascii_lowercase();
    // Anthropic and Google have no code of their own for it.
    message.contains("invalid `signature` in `thinking` block")
        || message.contains("thought signature is not valid")
        || message.contains("invalid_encrypted_content")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_and_a_mention_does_not() {
        for (body, sealed) in [
            (r#"{"input":[{"type":"reasoning","encrypted_content":"gAAA"}]}"#, true),
            (r#"{"input":[{"encrypted_content" : "gAAA"}]}"#, true),
            (r#"{"input":[{"encrypted_content":null}]}"#, false),
            (r#"{"input":[{"encrypted_content":"cmVhbG1zOjE6bXQ6RXFRQg=="}]}"#, false),
            (r#"{"include":["reasoning.encrypted_content"]}"#, false),
            (r#"{"input":"say \"encrypted_content\": \"x\""}"#, false),
            ("{}", false),
        ] {
            assert_eq!(
                has_sealed_reasoning(DialectId::Responses, body.as_bytes()),
                sealed,
                "{body}"
            );
        }
        let other = br#"{"encrypted_content":"gAAA"}"#;
        assert!(!has_sealed_reasoning(DialectId::Messages, other));
        assert!(has_envelope(br#"[{"signature":"cmVhbG1zOjE6cnI6RXFRQg=="}]"#));
        assert!(!has_envelope(other));
    }

    #[test]
    fn refusals_of_foreign_state_are_known_by_code_or_words() {
        let of = |code: Option<&str>, message: &str| {
            let code = code.map(str::to_owned);
            is_foreign_state(&UpstreamFault { code, message: message.into(), ..Default::default() })
        };
        assert!(of(Some("invalid_encrypted_content"), "could not be verified"));
        assert!(of(None, "messages.1.content.0: Invalid `signature` in `thinking` block"));
        assert!(!of(Some("invalid_value"), "Invalid 'input[3].id'"));
    }
}
