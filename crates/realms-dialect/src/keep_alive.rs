//! What can be written into a silent stream without a client taking it for content.

use bytes::Bytes;
use realms_types::DialectId;

/// Bytes to write at a frame boundary while the upstream is silent.
///
/// Comments, which OpenAI's and all JavaScript clients pass over; `ping` events for Messages, as
/// Anthropic sends them. `None` for Gemini, whose Python SDK cannot parse a comment, and inside a JSON
/// array.
pub fn keep_alive(dialect: DialectId, json_array: bool) -> Option<Bytes> {
    let bytes: &'static [u8] = match dialect {
        _ if json_array => return None,
        DialectId::Responses | DialectId::Chat => b": keep-alive\n\n",
        DialectId::Messages => b"event: ping\ndata: {\"type\": \"ping\"}\n\n",
        DialectId::Gemini => return None,
    };
    Some(Bytes::from_static(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sight, SseFramer, tap};

    #[test]
    fn keep_alives_are_whole_frames_and_no_content() {
        for dialect in [DialectId::Responses, DialectId::Chat, DialectId::Messages] {
            let bytes = keep_alive(dialect, false).unwrap();
            let mut framer = SseFramer::new();
            let batch = framer.push(bytes).unwrap();
            assert!(framer.at_boundary());
            let mut tap = tap(dialect);
            assert!(batch.frames().all(|frame| tap.frame(&frame) == Sight::Noise));
        }
        assert_eq!(keep_alive(DialectId::Gemini, false), None);
        assert_eq!(keep_alive(DialectId::Gemini, true), None);
    }
}
