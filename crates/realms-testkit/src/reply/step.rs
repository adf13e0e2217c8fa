//! A reply taken apart into what the connection does, one step after another.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use super::{Cut, Place, Reply};
use crate::Gate;

/// One thing the connection does.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Write(Bytes),
    Wait(Gate),
    /// Ends the connection.
    Cut(Cut),
    Never,
}

/// Status and body of a reply, before it is bent.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) status: StatusCode,
    pub(crate) media_type: &'static str,
    pub(crate) frames: Vec<Bytes>,
    /// Sent frame by frame in chunks; otherwise with a content-length.
    pub(crate) streamed: bool,
}

// === impl Content ===

impl Content {
    pub(crate) fn json(body: &Value) -> Self {
        Self::whole("application/json", body.to_string())
    }

    pub(crate) fn whole(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let frames = vec![body.into()];
        Self { status: StatusCode::OK, media_type, frames, streamed: false }
    }

    pub(crate) fn stream(frames: Vec<Bytes>) -> Self {
        Self { status: StatusCode::OK, media_type: "text/event-stream", frames, streamed: true }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    fn length(&self) -> usize {
        self.frames.iter().map(Bytes::len).sum()
    }
}

// === impl Reply ===

impl Reply {
    /// The steps that send this content, bent as the reply says.
    pub(crate) fn steps(&self, content: &Content, head_only: bool) -> Vec<Step> {
        let mut steps: Vec<_> = self.hold.iter().cloned().map(Step::Wait).collect();
        steps.push(Step::Write(self.head(content)));
        if !head_only {
            self.body_steps(content, &mut steps);
        }
        if self.closes {
            steps.push(Step::Cut(Cut::Close));
        }
        steps
    }

    fn head(&self, content: &Content) -> Bytes {
        let status = self.status.unwrap_or(content.status);
        let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::new();
        if content.length() > 0 {
            headers.push((header::CONTENT_TYPE, HeaderValue::from_static(content.media_type)));
        }
        if self.is_chunked(content) {
            headers.push((header::TRANSFER_ENCODING, HeaderValue::from_static("chunked")));
        } else if status != StatusCode::NO_CONTENT {
            let length = self.length.unwrap_or_else(|| self.sent_length(content));
            headers.push((header::CONTENT_LENGTH, length.into()));
        }
        headers.retain(|(name, _)| !self.headers.iter().any(|(own, _)| own == name));
        headers.extend(self.headers.iter().cloned());
        let mut head = format!("HTTP/1.1 {} Fake\r\n", status.as_u16()).into_bytes();
        for (name, value) in &headers {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head.into()
    }

    fn body_steps(&self, content: &Content, steps: &mut Vec<Step>) {
        let chunked = self.is_chunked(content);
        let mut left = self.limit(content);
        let mut reached = 0;
        for frame in &content.frames {
            if left == 0 {
                break;
            }
            self.stall_at(|number| number == reached, steps);
            let frame = frame.slice(..frame.len().min(left));
            left -= frame.len();
            for piece in frame.chunks(self.piece.unwrap_or(usize::MAX)) {
                let piece = frame.slice_ref(piece);
                steps.push(Step::Write(if chunked { chunk(&piece) } else { piece }));
            }
            reached += 1;
        }
        self.stall_at(|number| number >= reached, steps);
        match self.cut {
            Some((_, cut @ (Cut::Close | Cut::Reset))) => steps.push(Step::Cut(cut)),
            _ if chunked => steps.push(Step::Write(Bytes::from_static(b"0\r\n\r\n"))),
            _ => {}
        }
    }

    fn stall_at(&self, due: impl Fn(usize) -> bool, steps: &mut Vec<Step>) {
        let due = self.stalls.iter().filter(|(number, _)| due(*number));
        steps.extend(due.map(|(_, gate)| Step::Wait(gate.clone())));
    }

    fn is_chunked(&self, content: &Content) -> bool {
        content.streamed && self.length.is_none()
    }

    /// How many bytes of the body are sent.
    fn limit(&self, content: &Content) -> usize {
        match self.cut {
            None => usize::MAX,
            Some((Place::Bytes(bytes), _)) => bytes,
            Some((Place::Frames(frames), _)) => {
                content.frames.iter().take(frames).map(Bytes::len).sum()
            }
        }
    }

    /// The honest content-length: what is sent when HTTP ends properly, what should have been sent
    /// when the connection is cut.
    fn sent_length(&self, content: &Content) -> usize {
        match self.cut {
            Some((_, Cut::Finish)) => self.limit(content).min(content.length()),
            _ => content.length(),
        }
    }
}

fn chunk(piece: &[u8]) -> Bytes {
    let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
    chunk.extend_from_slice(piece);
    chunk.extend_from_slice(b"\r\n");
    chunk.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes written, gates as `|`, cuts as `!`.
    fn script(reply: &Reply, content: &Content) -> String {
        let steps = reply.steps(content, false).into_iter().map(|step| match step {
            Step::Write(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            Step::Wait(_) => "|".to_owned(),
            Step::Cut(_) | Step::Never => "!".to_owned(),
        });
        steps.collect::<String>().split_once("\r\n\r\n").unwrap().1.replace("\r\n", ".")
    }

    fn stream() -> Content {
        Content::stream(vec![Bytes::from_static(b"aaa"), Bytes::from_static(b"bb")])
    }

    #[test]
    fn a_stream_goes_out_frame_by_frame() {
        assert_eq!(script(&Reply::good(), &stream()), "3.aaa.2.bb.0..");
        assert_eq!(script(&Reply::good().in_pieces_of(2), &stream()), "2.aa.1.a.2.bb.0..");
    }

    #[test]
    fn a_cut_ends_the_body_where_it_says() {
        let cut = |cut| Reply::good().cut_after_bytes(4, cut);
        assert_eq!(script(&cut(Cut::Reset), &stream()), "3.aaa.1.b.!");
        assert_eq!(script(&cut(Cut::Finish), &stream()), "3.aaa.1.b.0..");
        assert_eq!(script(&Reply::good().cut_after_frames(0, Cut::Close), &stream()), "!");
        assert_eq!(script(&Reply::good().cut_after_frames(1, Cut::Close), &stream()), "3.aaa.!");
    }

    #[test]
    fn gates_stand_before_their_frames() {
        let gate = Gate::new();
        let reply = Reply::good().stalls_before(1, &gate).stalls_before(9, &gate);
        assert_eq!(script(&reply, &stream()), "3.aaa.|2.bb.|0..");
    }

    #[test]
    fn the_announced_length_is_honest_unless_told_to_lie() {
        let head = |reply: Reply| {
            let head = reply.head(&Content::json(&serde_json::json!({})));
            String::from_utf8(head.to_vec()).unwrap()
        };
        assert!(head(Reply::good()).contains("content-length: 2\r\n"));
        assert!(head(Reply::good().content_length(9)).contains("content-length: 9\r\n"));
        let typed = head(Reply::good().header("content-type", "text/plain"));
        assert!(typed.contains("content-type: text/plain\r\n") && !typed.contains("json"));
    }
}
