//! One answer cut into the frames of a connection.

use std::borrow::Cow;

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use realms_dialect::{Batch, FrameTooLarge, SseFramer, turn_step};

use super::memory::Gathering;

/// Whether an answer is a stream of events that can be read.
pub(super) fn is_stream(status: StatusCode, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = matches!(text(header::CONTENT_ENCODING), "" | "identity");
    status.is_success() && plain && text(header::CONTENT_TYPE).starts_with("text/event-stream")
}

/// The data of each event in some bytes of a stream, in order and unchanged; what it means for the
/// next turn is gathered on the way.
pub(super) fn cut(
    framer: &mut SseFramer,
    gathering: &mut Gathering,
    chunk: Bytes,
) -> Result<Vec<Utf8Bytes>, FrameTooLarge> {
    Ok(texts(&framer.push(chunk)?, gathering))
}

fn texts(batch: &Batch, gathering: &mut Gathering) -> Vec<Utf8Bytes> {
    let mut texts = Vec::new();
    for frame in batch.frames().filter(|frame| !frame.is_comment()) {
        let data = frame.data();
        if !data.starts_with(b"{") {
            continue;
        }
        gathering.step(turn_step(frame.event(), &data));
        let data = match data {
            Cow::Borrowed(part) => batch.bytes.slice_ref(part),
            Cow::Owned(joined) => joined.into(),
        };
        if let Ok(text) = Utf8Bytes::try_from(data) {
            texts.push(text);
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_dialect::CreateEvent;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::websocket::memory::{Basis, Memory};

    #[test]
    fn events_become_frames_however_they_come() {
        let stream = "event: response.created\ndata: {\"type\":\"response.created\"}\n\n: keep-alive\n\n\
            data: {\"a\":\ndata: 1}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\"}}\n\ndata: [DONE]\n\n";
        let create = Bytes::from_static(br#"{"type":"response.create"}"#);
        for size in [1, 7, stream.len()] {
            let memory = Memory::new(100, Arc::new(Semaphore::new(100)));
            let create = CreateEvent::read(&create).unwrap();
            let mut gathering = memory.gather(&create, &Basis::Own);
            let mut framer = SseFramer::new();
            let mut texts = Vec::new();
            for piece in stream.as_bytes().chunks(size) {
                texts.extend(cut(&mut framer, &mut gathering, piece.to_vec().into()).unwrap());
            }
            let texts: Vec<&str> = texts.iter().map(Utf8Bytes::as_str).collect();
            let completed = r#"{"type":"response.completed","response":{"id":"r"}}"#;
            assert_eq!(texts, [r#"{"type":"response.created"}"#, "{\"a\":\n1}", completed]);
            assert!(gathering.ended());
        }
    }

    #[test]
    fn only_events_that_can_be_read_are_a_stream() {
        let headers = |kind: &'static str, coding: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            if let Some(coding) = coding {
                headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
            }
            headers
        };
        let events = "text/event-stream; charset=utf-8";
        assert!(is_stream(StatusCode::OK, &headers(events, None)));
        assert!(!is_stream(StatusCode::OK, &headers(events, Some("gzip"))));
        assert!(!is_stream(StatusCode::OK, &headers("application/json", None)));
        assert!(!is_stream(StatusCode::BAD_REQUEST, &headers(events, None)));
    }
}
