//! What came back from a test: read to its end within bounds, and told from what is no API.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use realms_dialect::{
    Frame, Framer, Heard, Reading, Sight, Tap, ToolCall, UpstreamFault, is_error_body,
    looks_like_html, read_fault, tap,
};
use realms_types::{Cause, DialectId};
use realms_upstream::{Reply, ReplyBody};
use tokio::time::{Duration, Instant};

use super::{Mask, judge::Pace};
use crate::opening::{last_frame, next};

/// How much of a body is read.
const MOST: usize = 1 << 20;
/// How much of it is kept to be shown; more than is shown, because secrets in it are replaced.
const KEPT: usize = 16 << 10;
/// How long the usage behind the end of an answer is waited for.
const TAIL: Duration = Duration::from_secs(2);
/// The headers that are shown.
const HEADERS: [&str; 8] = [
    "content-type",
    "content-length",
    "location",
    "openai-processing-ms",
    "request-id",
    "retry-after",
    "server",
    "x-request-id",
];

/// How the body came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyEnd {
    /// In good order.
    Whole,
    /// It was longer than is read.
    Cut,
    /// It broke off.
    Broken,
    /// The time was over.
    Late,
}

/// An answer, read.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The start of the body.
    pub(super) start: Vec<u8>,
    /// What the tap read.
    pub(super) reading: Reading,
    /// The text.
    pub(super) said: String,
    /// The error, where it is one.
    pub(super) fault: Option<UpstreamFault>,
    pub(super) end: BodyEnd,
    /// Whether it came as events.
    pub(super) framed: bool,
    /// When its content came, from the first byte that was read on.
    pub(super) pace: Pace,
    /// The tools that it calls.
    pub(super) tools: Vec<ToolCall>,
    dialect: DialectId,
}

/// The body on its way.
struct Body<'a> {
    dialect: DialectId,
    incoming: ReplyBody,
    deadline: Instant,
    start: Vec<u8>,
    size: usize,
    tap: Box<dyn Tap>,
    heard: Heard,
    fault: Option<UpstreamFault>,
    first: bool,
    framed: bool,
    begun: Instant,
    /// When the piece that is read now came.
    at: Duration,
    pace: Pace,
    note: &'a mut (dyn FnMut() + Send),
}

/// Reads the answer to what was asked at `begun`; `note` is told when its first meaningful event is there.
pub(super) async fn read(
    reply: Reply,
    dialect: DialectId,
    (begun, deadline): (Instant, Instant),
    note: &mut (dyn FnMut() + Send),
) -> Answer {
    let Reply { status, headers, body: incoming } = reply;
    let mut body = Body {
        dialect,
        incoming,
        deadline,
        start: Vec::new(),
        size: 0,
        tap: tap(dialect),
        heard: Heard::default(),
        fault: None,
        first: false,
        framed: false,
        begun,
        at: Duration::ZERO,
        pace: Pace::default(),
        note,
    };
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let framer = Framer::for_response(dialect, kind.unwrap_or_default());
    let end = match framer.filter(|_| status.is_success()) {
        Some(framer) => body.frames(framer).await,
        None => body.whole(status).await,
    };
    let (said, tools) = body.heard.finish();
    Answer {
        status,
        headers,
        start: body.start,
        reading: body.tap.reading().clone(),
        said,
        fault: body.fault,
        end,
        framed: body.framed,
        pace: body.pace,
        tools,
        dialect,
    }
}

// === impl Body ===

impl Body<'_> {
    async fn frames(&mut self, mut framer: Framer) -> BodyEnd {
        let end = loop {
            let chunk = match self.chunk().await {
                Ok(chunk) => chunk,
                Err(end) => break end,
            };
            let Ok(batch) = framer.push(chunk) else { break BodyEnd::Cut };
            for frame in batch.frames() {
                self.hear(&frame);
            }
            if self.tap.reading().ended {
                self.deadline = self.deadline.min(Instant::now() + TAIL);
            }
        };
        match framer.finish() {
            // A stream was asked for and a plain JSON body came without saying so.
            Some(rest) if rest.first() == Some(&b'{') && !self.first => self.judge_whole(&rest),
            Some(rest) => self.hear(&last_frame(&framer, &rest)),
            None => {}
        }
        // One object by itself is a whole answer, although it comes by the same framer as an array of them.
        if matches!(framer, Framer::JsonArray(_))
            && self.start.trim_ascii_start().first() == Some(&b'{')
        {
            self.framed = false;
        }
        // Whatever happens behind the end of an answer changes nothing about it.
        if self.tap.reading().ended { BodyEnd::Whole } else { end }
    }

    async fn whole(&mut self, status: StatusCode) -> BodyEnd {
        let mut whole = Vec::new();
        let end = loop {
            match self.chunk().await {
                Ok(chunk) => whole.extend_from_slice(&chunk),
                Err(end) => break end,
            }
        };
        if status.is_success() {
            self.judge_whole(&whole);
        } else {
            self.fault = Some(read_fault(self.dialect, status.as_u16(), &whole));
        }
        end
    }

    fn judge_whole(&mut self, body: &[u8]) {
        if looks_like_html(body) {
            return;
        }
        match self.tap.body(body) {
            Sight::Fault(fault) => self.fault = Some(*fault),
            Sight::End | Sight::Meaningful => {
                self.heard.hear(self.dialect, body);
                self.begin();
            }
            Sight::Noise => {}
        }
    }

    fn hear(&mut self, frame: &Frame<'_>) {
        let sight = self.tap.frame(frame);
        let data = frame.data();
        self.heard.hear(self.dialect, &data);
        self.framed |= !data.is_empty();
        if sight == Sight::Meaningful {
            self.pace.note(self.at);
        }
        match sight {
            Sight::Meaningful | Sight::End => self.begin(),
            Sight::Fault(fault) => self.fault = Some(*fault),
            Sight::Noise => {}
        }
    }

    fn begin(&mut self) {
        if !self.first {
            self.first = true;
            (self.note)();
        }
    }

    async fn chunk(&mut self) -> Result<Bytes, BodyEnd> {
        if self.size > MOST {
            return Err(BodyEnd::Cut);
        }
        match next(&mut self.incoming, self.deadline).await {
            Ok(Some(chunk)) => {
                self.at = self.begun.elapsed();
                self.size += chunk.len();
                let room = KEPT.saturating_sub(self.start.len()).min(chunk.len());
                self.start.extend_from_slice(&chunk[..room]);
                Ok(chunk)
            }
            Ok(None) => Err(BodyEnd::Whole),
            Err(Cause::Broken) => Err(BodyEnd::Broken),
            Err(_) => Err(BodyEnd::Late),
        }
    }
}

// === impl Answer ===

impl Answer {
    /// Whether it is a web page.
    pub(super) fn is_html(&self) -> bool {
        let kind = self.headers.get(header::CONTENT_TYPE).map(http::HeaderValue::as_bytes);
        let labelled = kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with(b"text/html"));
        labelled || looks_like_html(&self.start)
    }

    /// Whether whoever gave it speaks this API, even if only to refuse.
    pub(super) fn comes_from_an_api(&self) -> bool {
        if self.is_html() {
            return false;
        }
        match self.status.as_u16() {
            200..=299 => self.reading.ended || self.reading.meaningful,
            404 | 405 => false,
            400.. => is_error_body(self.dialect, &self.start),
            _ => false,
        }
    }

    /// Whether a vendor refuses a field of ours that it does not know, and not what was asked.
    pub(super) fn refuses_the_form(&self) -> bool {
        const OURS: [&str; 7] = [
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "maxoutputtokens",
            "stream_options",
            "include_usage",
            "store",
        ];
        let Some(fault) = self.fault.as_ref().filter(|fault| matches!(fault.status, 400 | 422))
        else {
            return false;
        };
        let message = fault.message.to_lowercase();
        OURS.iter().any(|field| message.contains(field))
    }

    /// The answer as it came, without the secret.
    pub(super) fn show(&self, mask: &Mask) -> String {
        let mut shown = format!("HTTP/1.1 {}\n", self.status);
        for name in HEADERS {
            if let Some(value) = self.headers.get(name).and_then(|value| value.to_str().ok()) {
                shown.extend([name, ": ", value, "\n"]);
            }
        }
        shown.push('\n');
        shown.push_str(&String::from_utf8_lossy(&self.start));
        mask.show(&shown)
    }
}
