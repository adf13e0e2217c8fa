//! What a vendor's backend wants beyond its dialect: shallow edits of the body and rules for headers.
//! Pure.
//!
//! What a client says of itself goes on as it is: no name of another client is put in its place, and no
//! instructions are added.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use realms_dialect::{CodexRequest, codex_compact_request, codex_request};
use realms_types::ChannelKind;

use crate::Operation;

/// A vendor's peculiarity, for one kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quirk {
    /// The backend of the Codex CLI: it stores nothing and always streams.
    Codex,
    /// Its compaction, which does not.
    CodexCompact,
}

// === impl Quirk ===

impl Quirk {
    /// The quirk of this kind of channel in this kind of call, if it has one.
    pub(crate) const fn of(kind: ChannelKind, operation: &Operation) -> Option<Self> {
        if !matches!(kind, ChannelKind::Codex) {
            return None;
        }
        match operation {
            Operation::Respond => Some(Self::Codex),
            Operation::Compact => Some(Self::CodexCompact),
            Operation::CountResponseInput
            | Operation::Chat
            | Operation::Message
            | Operation::CountMessageTokens
            | Operation::Gemini { .. }
            | Operation::PassThrough(_)
            | Operation::Stored(_) => None,
        }
    }

    /// The body as the vendor takes it, and what of it the vendor will not hear.
    pub(crate) fn body(self, pieces: &[Bytes]) -> CodexRequest {
        let body = match pieces {
            [only] => only.clone(),
            several => Bytes::from(several.concat()),
        };
        match self {
            Self::Codex => codex_request(&body),
            Self::CodexCompact => codex_compact_request(&body),
        }
    }

    /// The client's headers as the vendor takes them.
    pub(crate) fn headers(self, headers: &mut HeaderMap) {
        if self.streams() {
            headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        }
    }

    /// Whether the answer is a stream whatever was asked for.
    pub(crate) const fn streams(self) -> bool {
        matches!(self, Self::Codex)
    }
}

/// Whether channels of this kind keep no answer that could be asked for later.
pub(crate) const fn keeps_nothing(kind: ChannelKind) -> bool {
    matches!(kind, ChannelKind::Codex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codex_has_quirks_and_only_in_answers() {
        for (kind, operation, expected) in [
            (ChannelKind::Codex, Operation::Respond, Some(Quirk::Codex)),
            (ChannelKind::Codex, Operation::Compact, Some(Quirk::CodexCompact)),
            (ChannelKind::Codex, Operation::CountResponseInput, None),
            (ChannelKind::Openai, Operation::Respond, None),
            (ChannelKind::Openai, Operation::Compact, None),
        ] {
            assert_eq!(Quirk::of(kind, &operation), expected, "{kind} {operation:?}");
        }
    }

    #[test]
    fn what_a_client_says_of_itself_goes_on() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("accept", "application/json"),
            ("originator", "codex_exec"),
            ("user-agent", "mine/1"),
            ("session_id", "s"),
            ("conversation_id", "c"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let before = headers.clone();
        Quirk::CodexCompact.headers(&mut headers);
        assert_eq!(headers, before);
        Quirk::Codex.headers(&mut headers);
        assert_eq!(headers.remove("accept").unwrap(), "text/event-stream");
        for (name, value) in &headers {
            assert_eq!(before.get(name), Some(value), "{name}");
        }
        assert_eq!(headers.len(), before.len() - 1, "nothing was added");
    }

    #[test]
    fn a_body_in_pieces_is_reshaped_whole() {
        let pieces =
            [&br#"{"model":"#[..], br#""real""#, br#","input":[]}"#].map(Bytes::from_static);
        let asked = Quirk::Codex.body(&pieces);
        assert_eq!(
            asked.body.concat(),
            br#"{"model":"real","input":[],"store":false,"stream":true}"#
        );
    }
}
