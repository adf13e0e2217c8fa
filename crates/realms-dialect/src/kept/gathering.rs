//! A response put together from the events of its stream, on its way to the client.

use std::fmt;

use bytes::Bytes;

use crate::{Frame, Limits, ResponseFold, SseFramer, scan::pick, socket::matters};

/// Takes the bytes of a stream of Responses as the client gets them, and has the whole response at its end.
pub struct ResponseGathering {
    framer: SseFramer,
    /// `None` once it is too large.
    fold: Option<ResponseFold>,
    id: Option<String>,
    most: usize,
}

// === impl ResponseGathering ===

impl ResponseGathering {
    /// Of a response with at most so many bytes, in frames of these limits.
    pub fn new(most: usize, limits: Limits) -> Self {
        let framer = SseFramer::with_limits(limits);
        Self { framer, fold: Some(ResponseFold::default()), id: None, most }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: Bytes) {
        let Ok(batch) = self.framer.push(bytes) else {
            self.fold = None;
            return;
        };
        for frame in batch.frames() {
            self.frame(&frame);
        }
    }

    /// The id of the response, once it is told.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// How many bytes are held.
    pub fn size(&self) -> usize {
        self.fold.as_ref().map_or(0, ResponseFold::size)
    }

    /// Lets go of what is held; the response then counts as too large.
    pub fn let_go(&mut self) {
        self.fold = None;
    }

    /// The response, whose stream has come to its good end; only once. `None`: it was too large, or is not
    /// whole.
    pub fn finish(&mut self) -> Option<Bytes> {
        if let Some(rest) = self.framer.finish() {
            self.frame(&Frame::new(&rest));
        }
        self.fold.take()?.finish()
    }

    fn frame(&mut self, frame: &Frame<'_>) {
        let name = frame.event();
        if self.id.is_none() && name.is_none_or(|name| name.starts_with(b"response.")) {
            self.id = str::from_utf8(&frame.data()).ok().and_then(id_in_event);
        }
        if name.is_some_and(|name| !matters(name)) {
            return;
        }
        let Some(fold) = &mut self.fold else { return };
        if fold.push(frame).is_err() || fold.size() > self.most {
            self.fold = None;
        }
    }
}

impl fmt::Debug for ResponseGathering {
    /// Without what is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseGathering").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The id of a whole response that has come to its end, be it cut short or not.
pub fn finished_id(body: &[u8]) -> Option<String> {
    let [status, id] = pick(str::from_utf8(body).ok()?, ["status", "id"])?;
    let ended = matches!(status?, r#""completed""# | r#""incomplete""#);
    ended.then_some(id).flatten().and_then(text)
}

fn id_in_event(event: &str) -> Option<String> {
    let [response] = pick(event, ["response"])?;
    let [id] = pick(response?, ["id"])?;
    id.and_then(text)
}

fn text(literal: &str) -> Option<String> {
    serde_json::from_str(literal).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r1\",\"output\":[]}}\n\n\
        event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"message\"}}\n\n\
        event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r1\",\"output\":[]}}\n\n";

    fn gather(stream: &str, piece: usize, most: usize) -> ResponseGathering {
        let mut gathering = ResponseGathering::new(most, Limits::default());
        for bytes in stream.as_bytes().chunks(piece) {
            gathering.push(Bytes::copy_from_slice(bytes));
        }
        gathering
    }

    #[test]
    fn a_response_is_whole_however_it_came() {
        for piece in [1, 7, STREAM.len()] {
            let mut gathering = gather(STREAM, piece, 1_000);
            assert_eq!(gathering.id(), Some("r1"));
            let whole = gathering.finish().unwrap();
            assert_eq!(whole, r#"{"id":"r1","output":[{"type":"message"}]}"#);
        }
    }

    #[test]
    fn what_is_too_large_or_breaks_off_is_not_whole() {
        let mut large = gather(STREAM, 7, 20);
        assert_eq!((large.id(), large.size()), (Some("r1"), 0));
        assert_eq!(large.finish(), None);
        let end = STREAM.find("event: response.completed").unwrap();
        let mut broken = gather(&STREAM[..end], 7, 1_000);
        assert_eq!(broken.id(), Some("r1"));
        assert_eq!(broken.finish(), None);
        let failed = STREAM.replace("response.completed", "response.failed");
        assert_eq!(gather(&failed, 7, 1_000).finish(), None);
    }

    #[test]
    fn only_a_response_that_ended_has_an_id_to_go_on_from() {
        for (body, id) in [
            (r#"{"id":"r1","status":"completed"}"#, Some("r1")),
            (r#"{"id":"r1","status":"incomplete"}"#, Some("r1")),
            (r#"{"id":"r1","status":"queued"}"#, None),
            (r#"{"id":"r1"}"#, None),
            (r#"{"status":"completed"}"#, None),
            ("no JSON", None),
        ] {
            assert_eq!(finished_id(body.as_bytes()).as_deref(), id, "{body}");
        }
    }
}
