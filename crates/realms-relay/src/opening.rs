//! The start of an upstream's answer: read until it shows whether it is one.
//!
//! Nothing is sent to the client before this says so; until then another candidate may be asked.

mod fold;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use realms_dialect::{
    Fault, Frame, Framer, JsonArrayFramer, Losses, Sight, SseFramer, Tap, UpstreamFault, facts,
    fault_of, is_error_body, is_foreign_state, looks_like_html, read_fault, tap,
};
use realms_types::{Cause, DialectId, Scope, Timestamp, Verdict};
use realms_upstream::{Ailment, Reply, ReplyBody, classify};
use tokio::time::{Instant, timeout_at};

use self::fold::open_folded;
use crate::{lane::Interpreter, session::foreign_state};

/// A body up to this size is read whole before it is passed on, so that it can be judged.
const WHOLE_MOST: usize = 8 << 20;
/// An error body is read up to this size.
const ERROR_MOST: usize = 256 << 10;
/// A stream that says nothing within this many bytes is passed on as it is.
const HELD_MOST: usize = 256 << 10;
/// How long the body of an error may take.
const ERROR_TIME: Duration = Duration::from_secs(10);

/// What an answer turned out to be.
pub(crate) enum Opening {
    /// An answer: from here on it belongs to the client.
    Answer(Answer),
    /// No answer: a failure, or the upstream's word that the request is at fault.
    Refusal(Refusal),
}

/// An answer of which at least the start is known to be sound.
pub(crate) struct Answer {
    /// The upstream's status, 2xx.
    pub status: StatusCode,
    /// The upstream's headers, unfiltered.
    pub headers: HeaderMap,
    /// What there is of the body.
    pub content: Content,
    /// Has read all of `content` that is in hand.
    pub tap: Box<dyn Tap>,
    /// Says the frames in the client's dialect, where that is another one.
    pub interpreter: Option<Box<Interpreter>>,
    /// What a whole answer lost in translation.
    pub losses: Losses,
}

/// The body of an answer.
pub(crate) enum Content {
    /// All of it.
    Whole(Bytes),
    /// Frames: those held back so far, and the rest to come.
    Frames {
        /// Splits the rest.
        framer: Framer,
        /// Complete frames, already tapped.
        held: Vec<Bytes>,
        /// What the upstream has yet to send; `None` when it has ended.
        rest: Option<ReplyBody>,
    },
    /// Bytes without frames: audio, images, or a body too large to hold.
    Through {
        /// The start.
        held: Vec<Bytes>,
        /// What the upstream has yet to send.
        rest: ReplyBody,
    },
}

/// Why an answer is none.
pub(crate) struct Refusal {
    /// What follows from it.
    pub verdict: Verdict,
    /// What the client is told, where the request is at fault.
    pub words: Option<Words>,
    /// One line for the record, without secrets.
    pub detail: String,
    /// The status of the error with the start of its body, for the rules about errors.
    pub seen: Option<(StatusCode, Bytes)>,
    /// What it says about the account that signed the call.
    pub ailment: Option<Ailment>,
}

/// What an error is read by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ErrorScene {
    /// The dialect of the upstream.
    pub dialect: DialectId,
    /// Whether a stored object was asked for.
    pub object: bool,
    /// Whether the client speaks another dialect.
    pub foreign: bool,
}

/// What a client is told about a request that is at fault.
pub(crate) enum Words {
    /// The upstream's own error, in the client's dialect already.
    Theirs(StatusCode, HeaderMap, Bytes),
    /// What the upstream said, in an error of ours.
    Ours(Fault),
}

/// What the judge needs to know of the call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    /// The dialect of the answer.
    pub dialect: DialectId,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// The client's dialect: where it is another, no error can go to it as it came.
    pub client: DialectId,
    /// Whether a stored object was asked for: then 404 speaks of the object, not of the path.
    pub object: bool,
    /// By when the first meaningful event must have come.
    pub first_event: Instant,
    /// By when a body that is read whole must have ended.
    pub end: Instant,
    /// Whether a stream is to be read to its end: the client did not ask for one.
    pub fold: bool,
    /// The largest frame of a stream, in bytes.
    pub frame_bytes: usize,
    /// The longest silence within a body.
    pub idle: Duration,
}

/// Reads the start of an answer and judges it.
pub(crate) async fn open(reply: Reply, expected: Expected, now: Timestamp) -> Opening {
    if !reply.status.is_success() {
        return Opening::Refusal(refusal(reply, expected, now).await);
    }
    match shape(&reply.headers, expected) {
        Shape::Frames(framer) if expected.fold => {
            Box::pin(open_folded(reply, framer, expected, now)).await
        }
        Shape::Frames(framer) => open_frames(reply, framer, expected, now).await,
        Shape::Whole => open_whole(reply, expected, now).await,
        Shape::Through => open_through(reply, expected).await,
        Shape::Html => refused(Cause::NotAnAnswer, "answered 200 with an HTML page".to_owned()),
    }
}

enum Shape {
    Frames(Framer),
    Whole,
    Through,
    Html,
}

fn shape(headers: &HeaderMap, expected: Expected) -> Shape {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let encoded = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let limits = realms_dialect::Limits { line: expected.frame_bytes, frame: expected.frame_bytes };
    match kind.as_str() {
        // We asked for no coding. What is coded all the same passes unread, and is estimated.
        _ if encoded => Shape::Through,
        "text/event-stream" => Shape::Frames(Framer::Sse(SseFramer::with_limits(limits))),
        // Some upstreams stream under another label, or under none.
        "text/plain" | "application/octet-stream" | "" if expected.stream => {
            Shape::Frames(Framer::Sse(SseFramer::with_limits(limits)))
        }
        "text/html" => Shape::Html,
        "application/json" if expected.stream && facts(expected.dialect).streams_arrays() => {
            Shape::Frames(Framer::JsonArray(JsonArrayFramer::with_limits(limits)))
        }
        "application/json" | "text/plain" | "" => Shape::Whole,
        other if other.ends_with("+json") => Shape::Whole,
        _ => Shape::Through,
    }
}

/// A stream of which nothing meaningful has come yet.
struct Prelude {
    status: StatusCode,
    headers: HeaderMap,
    framer: Framer,
    tap: Box<dyn Tap>,
    /// Complete frames, held back until one means something.
    held: Vec<Bytes>,
    size: usize,
}

async fn open_frames(reply: Reply, framer: Framer, expected: Expected, now: Timestamp) -> Opening {
    let Reply { status, headers, mut body } = reply;
    let tap = tap(expected.dialect);
    let mut prelude = Prelude { status, headers, framer, tap, held: Vec::new(), size: 0 };
    loop {
        let chunk = match next(&mut body, expected.first_event).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return prelude.end(expected, now),
            Err(cause) => return silent(status, first(cause), "before the first event"),
        };
        match prelude.listen(chunk, expected, now) {
            Ok(false) => {}
            Ok(true) => return prelude.answer(Some(body)),
            Err(refusal) => return Opening::Refusal(*refusal),
        }
    }
}

async fn open_whole(reply: Reply, expected: Expected, now: Timestamp) -> Opening {
    let Reply { status, headers, mut body } = reply;
    let mut whole = Gathered::default();
    let mut deadline = expected.first_event;
    loop {
        match next(&mut body, deadline).await {
            Ok(Some(chunk)) => whole.push(chunk),
            Ok(None) => return judge_whole(status, headers, whole.join(), expected, now),
            Err(cause) => return silent(status, cause, "while its body was read"),
        }
        if whole.size > WHOLE_MOST {
            let content = Content::Through { held: whole.pieces, rest: body };
            let tap = tap(expected.dialect);
            return Opening::Answer(Answer::new(status, headers, content, tap));
        }
        deadline = expected.end.min(Instant::now() + expected.idle);
    }
}

fn judge_whole(
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    expected: Expected,
    now: Timestamp,
) -> Opening {
    if body.is_empty() && status != StatusCode::NO_CONTENT {
        return silent(status, Cause::NotAnAnswer, "with an empty body");
    }
    if looks_like_html(&body) {
        return silent(status, Cause::NotAnAnswer, "with an HTML page");
    }
    let mut tap = tap(expected.dialect);
    match tap.body(&body) {
        // A stored object that failed long ago is read all right.
        Sight::Fault(fault) if !expected.object => {
            Opening::Refusal(error_inside(status, &fault, now))
        }
        _ => Opening::Answer(Answer::new(status, headers, Content::Whole(body), tap)),
    }
}

// === impl Answer ===

impl Answer {
    /// An answer in the client's own dialect.
    pub(crate) fn new(
        status: StatusCode,
        headers: HeaderMap,
        content: Content,
        tap: Box<dyn Tap>,
    ) -> Self {
        Self { status, headers, content, tap, interpreter: None, losses: Losses::default() }
    }
}

// === impl Prelude ===

impl Prelude {
    /// Takes the next bytes; true once they hold something meaningful, or too much to hold back.
    fn listen(
        &mut self,
        chunk: Bytes,
        expected: Expected,
        now: Timestamp,
    ) -> Result<bool, Box<Refusal>> {
        let Ok(batch) = self.framer.push(chunk) else {
            let when = "with a frame that is too large";
            return Err(went_silent(self.status, Cause::TooLarge, when).into());
        };
        let mut meaningful = false;
        for frame in batch.frames() {
            match self.tap.frame(&frame) {
                Sight::Meaningful | Sight::End => meaningful = true,
                Sight::Fault(fault) if !meaningful && !expected.object => {
                    return Err(error_inside(self.status, &fault, now).into());
                }
                Sight::Noise | Sight::Fault(_) => {}
            }
        }
        self.size += batch.bytes.len();
        self.held.push(batch.bytes);
        Ok(meaningful || self.size > HELD_MOST)
    }

    fn answer(self, rest: Option<ReplyBody>) -> Opening {
        let Self { status, headers, framer, tap, held, .. } = self;
        let content = Content::Frames { framer, held, rest };
        Opening::Answer(Answer::new(status, headers, content, tap))
    }

    /// The stream ended before anything meaningful: an answer only if what is left completes it.
    fn end(mut self, expected: Expected, now: Timestamp) -> Opening {
        if let Some(rest) = self.framer.finish() {
            // A stream was asked for and a plain JSON body came without saying so.
            if self.held.is_empty() && rest.first() == Some(&b'{') {
                return judge_whole(self.status, self.headers, rest, expected, now);
            }
            if let Sight::Fault(fault) = self.tap.frame(&last_frame(&self.framer, &rest)) {
                return Opening::Refusal(error_inside(self.status, &fault, now));
            }
            self.held.push(rest);
        }
        if self.tap.reading().ended {
            return self.answer(None);
        }
        silent(self.status, Cause::NotAnAnswer, "and ended without an answer")
    }
}

async fn open_through(reply: Reply, expected: Expected) -> Opening {
    let Reply { status, headers, mut body } = reply;
    match next(&mut body, expected.first_event).await {
        Ok(Some(first)) => {
            let content = Content::Through { held: vec![first], rest: body };
            let tap = tap(expected.dialect);
            Opening::Answer(Answer::new(status, headers, content, tap))
        }
        Ok(None) => silent(status, Cause::NotAnAnswer, "with an empty body"),
        Err(cause) => silent(status, first(cause), "before the first byte"),
    }
}

async fn refusal(reply: Reply, expected: Expected, now: Timestamp) -> Refusal {
    let Reply { status, headers, mut body } = reply;
    let deadline = Instant::now() + ERROR_TIME;
    let mut whole = Gathered::default();
    // What cannot be read of an error body changes nothing about the error.
    while let Ok(Some(chunk)) = next(&mut body, deadline).await {
        whole.push(chunk);
        if whole.size > ERROR_MOST {
            break;
        }
    }
    let Expected { dialect, client, object, .. } = expected;
    let foreign = client != dialect;
    judge_error(status, headers, whole.join(), ErrorScene { dialect, object, foreign }, now)
}

/// What follows from an error of an upstream.
pub(crate) fn judge_error(
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    scene: ErrorScene,
    now: Timestamp,
) -> Refusal {
    let ErrorScene { dialect, object, foreign } = scene;
    let fault = read_fault(dialect, status.as_u16(), &body);
    let verdict = match classify(status, &headers, &fault, now) {
        Verdict::Retry { cause: cause @ (Cause::NoSuchPath | Cause::NoSuchModel), .. }
            if object =>
        {
            Verdict::Fail { cause }
        }
        verdict => verdict,
    };
    let whole = !body.is_empty() && body.len() <= ERROR_MOST;
    let start = body.clone();
    let words = matches!(verdict, Verdict::Fail { .. }).then(|| {
        if is_foreign_state(&fault) {
            Words::Ours(foreign_state())
        } else if whole && !foreign && is_error_body(dialect, &body) {
            Words::Theirs(status, headers, body)
        } else {
            Words::Ours(fault_of(&fault))
        }
    });
    let ailment = Ailment::of(status, &fault);
    Refusal { verdict, words, detail: line(&fault), seen: Some((status, start)), ailment }
}

/// A 200 that carries an error: nobody has seen the 200 yet, so the error counts.
fn error_inside(status: StatusCode, fault: &UpstreamFault, now: Timestamp) -> Refusal {
    let verdict = classify(status, &HeaderMap::new(), fault, now);
    let words = matches!(verdict, Verdict::Fail { .. }).then(|| {
        Words::Ours(if is_foreign_state(fault) { foreign_state() } else { fault_of(fault) })
    });
    let detail = format!("answered {status} with an error inside: {}", line(fault));
    let ailment = Ailment::of(status, fault);
    // The body is not at hand whole: the rules read the error itself.
    let status = StatusCode::from_u16(fault.status).unwrap_or(status);
    Refusal { verdict, words, detail, seen: Some((status, line(fault).into())), ailment }
}

fn refused(cause: Cause, detail: String) -> Opening {
    let verdict = Verdict::Retry { scope: Scope::Endpoint, cause, until: None };
    let (words, seen, ailment) = (None, None, None);
    Opening::Refusal(Refusal { verdict, words, detail, seen, ailment })
}

fn silent(status: StatusCode, cause: Cause, when: &str) -> Opening {
    Opening::Refusal(went_silent(status, cause, when))
}

fn went_silent(status: StatusCode, cause: Cause, when: &str) -> Refusal {
    let what = match cause {
        Cause::FirstEventTimeout | Cause::IdleTimeout => "fell silent",
        Cause::Broken => "broke off",
        _ => "came",
    };
    let detail = format!("answered {status} and {what} {when}");
    let verdict = Verdict::Retry { scope: Scope::Endpoint, cause, until: None };
    Refusal { verdict, words: None, detail, seen: None, ailment: None }
}

fn first(cause: Cause) -> Cause {
    if cause == Cause::IdleTimeout { Cause::FirstEventTimeout } else { cause }
}

/// An upstream's error in one line.
pub(crate) fn line(fault: &UpstreamFault) -> String {
    let code = fault.code.as_deref().or(fault.kind.as_deref());
    let message: String = fault.message.chars().take(500).collect();
    code.map_or_else(|| message.clone(), |code| format!("{code}: {message}"))
}

/// The next piece of a body, `None` at its end.
pub(crate) async fn next(body: &mut ReplyBody, deadline: Instant) -> Result<Option<Bytes>, Cause> {
    loop {
        match timeout_at(deadline, body.frame()).await {
            Err(_) => return Err(Cause::IdleTimeout),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(Cause::Broken),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// Pieces of a body; joined without a copy when there is only one.
#[derive(Default)]
struct Gathered {
    pieces: Vec<Bytes>,
    size: usize,
}

impl Gathered {
    fn push(&mut self, piece: Bytes) {
        self.size += piece.len();
        self.pieces.push(piece);
    }

    fn join(mut self) -> Bytes {
        if self.pieces.len() == 1 {
            return self.pieces.remove(0);
        }
        let mut whole = BytesMut::with_capacity(self.size);
        self.pieces.iter().for_each(|piece| whole.extend_from_slice(piece));
        whole.freeze()
    }
}

/// What is left of a stream at its end, read as the frame it would have become.
pub(crate) fn last_frame<'a>(framer: &Framer, rest: &'a [u8]) -> Frame<'a> {
    if framer.is_json_array() { Frame::element(rest) } else { Frame::new(rest) }
}
