//! What the fake answers to a request: a good answer, a fault, or bytes that no server should send.

mod step;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

pub(crate) use self::step::{Content, Step};
use crate::{Answer, Gate, Received, ToolCall, fixture, frames_of};

/// One scripted reply. Start from a kind (`Reply::status`, `Reply::sse`, …), then bend it
/// (`header`, `stalls_before`, `cut_after_bytes`, …).
#[derive(Debug, Clone)]
pub struct Reply {
    pub(crate) source: Source,
    status: Option<StatusCode>,
    headers: Vec<(HeaderName, HeaderValue)>,
    length: Option<usize>,
    hold: Option<Gate>,
    stalls: Vec<(usize, Gate)>,
    cut: Option<(Place, Cut)>,
    piece: Option<usize>,
    closes: bool,
}

/// How a reply breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The connection is closed in good order (FIN), in the middle of the HTTP body.
    Close,
    /// The connection is reset (RST).
    Reset,
    /// HTTP ends properly; only what the body should still have said is missing.
    Finish,
}

/// Where in the body a reply breaks off.
#[derive(Debug, Clone, Copy)]
enum Place {
    Bytes(usize),
    Frames(usize),
}

/// Where the bytes of a reply come from.
#[derive(Clone)]
pub(crate) enum Source {
    /// This answer in the dialect of the path; a path that asks for no answer gets what is good there.
    Answer(Answer),
    /// The vendor's error envelope for the status; below 400 an empty body.
    Fault(StatusCode),
    /// So many frames of a good answer, then the vendor's error event.
    ErrorEvent { frames: usize, status: StatusCode },
    /// Signs of life only.
    Pings(usize),
    /// A body as given.
    Body { media_type: &'static str, frames: Vec<Bytes>, streamed: bool },
    /// These bytes in place of an HTTP response; then the connection closes.
    Raw(Bytes),
    /// No byte, ever.
    Never,
    /// No byte, and the connection goes.
    HangUp(Cut),
    /// Decided when the request is there.
    By(Arc<dyn Fn(&Received) -> Reply + Send + Sync>),
}

// === impl Reply ===

impl Reply {
    /// A good answer to whatever is asked.
    pub fn good() -> Self {
        Answer::default().into()
    }

    /// A status with the error envelope of the path's dialect; below 400 an empty body.
    pub fn status(status: u16) -> Self {
        Source::Fault(status_code(status)).into()
    }

    /// A stream that brings so many frames of a good answer, and then the error event that stands
    /// for this status in the path's dialect.
    pub fn error_event_after(frames: usize, status: u16) -> Self {
        Source::ErrorEvent { frames, status: status_code(status) }.into()
    }

    /// 200 with this JSON.
    pub fn json(body: &Value) -> Self {
        Self::body("application/json", body.to_string())
    }

    /// 200 with this body; see [`Reply::with_status`] for another status.
    pub fn body(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let frames = vec![body.into()];
        Source::Body { media_type, frames, streamed: false }.into()
    }

    /// 200 with a page of HTML, as a captive portal or a broken proxy sends it.
    pub fn html() -> Self {
        Self::body("text/html", "<!doctype html><title>502</title><h1>Bad gateway</h1>")
    }

    /// 200 with nothing in it.
    pub fn empty() -> Self {
        Self::body("application/json", Bytes::new())
    }

    /// An event stream, sent event by event.
    pub fn sse(stream: impl Into<Bytes>) -> Self {
        Self::frames(frames_of(&stream.into()))
    }

    /// An event stream in these pieces, each its own write.
    pub fn frames(frames: impl IntoIterator<Item = Bytes>) -> Self {
        let frames = frames.into_iter().collect();
        Source::Body { media_type: "text/event-stream", frames, streamed: true }.into()
    }

    /// `fixtures/dialect/{name}`: a `.sse` file as an event stream, any other as JSON.
    pub fn fixture(name: &str) -> Self {
        let is_stream = name.rsplit_once('.').is_some_and(|(_, extension)| extension == "sse");
        let bytes = fixture(name);
        if is_stream { Self::sse(bytes) } else { Self::body("application/json", bytes) }
    }

    /// A stream with `count` signs of life and nothing else: `ping` events for Messages, comments
    /// for the others.
    pub fn pings(count: usize) -> Self {
        Source::Pings(count).into()
    }

    /// These bytes in place of an HTTP response, then the end of the connection.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Source::Raw(bytes.into()).into()
    }

    /// No answer at all; the connection stays open until the peer gives up.
    pub fn never() -> Self {
        Source::Never.into()
    }

    /// The connection ends without a byte of an answer; `Cut::Finish` is `Cut::Close` here.
    pub fn hangs_up(cut: Cut) -> Self {
        Source::HangUp(cut).into()
    }

    /// A reply decided from the request.
    pub fn by(decide: impl Fn(&Received) -> Self + Send + Sync + 'static) -> Self {
        Source::By(Arc::new(decide)).into()
    }

    /// A tool-call turn: asks for the tool, and says the text once the request brings its result.
    pub fn tool_turn(tool: ToolCall, text: &str) -> Self {
        let last = Answer::text(text);
        Self::by(move |received| {
            if received.has_tool_result() {
                last.clone().into()
            } else {
                Answer::calls(tool.clone()).into()
            }
        })
    }

    /// Sets the status, the body staying as it is: `Reply::status(429).with_status(200)` is a 200 that
    /// carries an error.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status: Some(status_code(status)), ..self }
    }

    /// Adds a header; one of the same name that the fake would send itself is replaced.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = value.parse().expect("a header's value");
        self.headers.push((HeaderName::from_static(name), value));
        self
    }

    /// Announces this `content-length`, whatever the body has.
    #[must_use]
    pub fn content_length(self, length: usize) -> Self {
        Self { length: Some(length), ..self }
    }

    /// Waits at the gate before the status line.
    #[must_use]
    pub fn stalls_before_headers(self, gate: &Gate) -> Self {
        Self { hold: Some(gate.clone()), ..self }
    }

    /// Waits at the gate before the frame of this number, from 0; a number behind the last frame
    /// waits before the end of the body.
    #[must_use]
    pub fn stalls_before(mut self, frame: usize, gate: &Gate) -> Self {
        self.stalls.push((frame, gate.clone()));
        self
    }

    /// Breaks off behind this many bytes of the body.
    #[must_use]
    pub fn cut_after_bytes(self, bytes: usize, cut: Cut) -> Self {
        Self { cut: Some((Place::Bytes(bytes), cut)), ..self }
    }

    /// Breaks off behind this many frames of the body.
    #[must_use]
    pub fn cut_after_frames(self, frames: usize, cut: Cut) -> Self {
        Self { cut: Some((Place::Frames(frames), cut)), ..self }
    }

    /// Sends the body in pieces of at most this many bytes, each its own chunk and write.
    #[must_use]
    pub fn in_pieces_of(self, bytes: usize) -> Self {
        Self { piece: Some(bytes.max(1)), ..self }
    }

    /// Closes the connection behind the whole reply without having said so: a stale connection in
    /// the peer's pool.
    #[must_use]
    pub fn then_closes(self) -> Self {
        Self { closes: true, ..self }
    }
}

impl From<Source> for Reply {
    fn from(source: Source) -> Self {
        Self {
            source,
            status: None,
            headers: Vec::new(),
            length: None,
            hold: None,
            stalls: Vec::new(),
            cut: None,
            piece: None,
            closes: false,
        }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Source::Answer(answer).into()
    }
}

impl From<u16> for Reply {
    fn from(status: u16) -> Self {
        Self::status(status)
    }
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a status is 100 to 999")
}

// === impl Source ===

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer(_) => "Answer",
            Self::Fault(_) => "Fault",
            Self::ErrorEvent { .. } => "ErrorEvent",
            Self::Pings(_) => "Pings",
            Self::Body { .. } => "Body",
            Self::Raw(_) => "Raw",
            Self::Never => "Never",
            Self::HangUp(_) => "HangUp",
            Self::By(_) => "By",
        })
    }
}
