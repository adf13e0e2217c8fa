//! Turns what an upstream sends into events.

use std::fmt;

use realms_types::{DialectId, Usage};

use super::{
    Event, decode_chat::ChatReader, decode_gemini::GeminiReader, decode_messages::MessagesReader,
    decode_responses::ResponsesReader, midway, said::mended, steps::Steps,
};
use crate::{Frame, JsonArrayFramer, Reading, Sight, Tap, tap};

/// Reads one answer of an upstream: either its frames in order, or its whole body.
///
/// Usage, names and errors are read by the dialect's tap, so what a client is told is what is charged.
/// A decoder never fails: what it cannot read it passes over, and an answer without its end is a fault.
pub struct Decoder {
    dialect: DialectId,
    tap: Box<dyn Tap>,
    reader: Box<dyn ReadAnswer>,
    steps: Steps,
    told: Option<Usage>,
}

/// The content of one dialect's answers.
pub(super) trait ReadAnswer: Send {
    /// Reads the next frame.
    fn frame(&mut self, frame: &Frame<'_>, steps: &mut Steps) -> Progress;

    /// Reads a whole body, which the tap found to be an answer.
    fn body(&mut self, body: &[u8], steps: &mut Steps) -> Progress;

    /// The stream ended: whether what was read is an answer with its end.
    fn is_whole(&self, steps: &Steps) -> bool;

    /// Ends what is still gathered, before the answer is finished.
    fn flush(&mut self, _steps: &mut Steps) {}
}

/// How far an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// More may come.
    Open,
    /// It is complete; nothing of interest follows.
    Over,
}

// === impl Decoder ===

impl Decoder {
    /// A decoder of this dialect's answers.
    pub fn new(dialect: DialectId) -> Self {
        let reader: Box<dyn ReadAnswer> = match dialect {
            DialectId::Responses => Box::<ResponsesReader>::default(),
            DialectId::Chat => Box::<ChatReader>::default(),
            DialectId::Messages => Box::<MessagesReader>::default(),
            DialectId::Gemini => Box::<GeminiReader>::default(),
        };
        Self { dialect, tap: tap(dialect), reader, steps: Steps::new(dialect), told: None }
    }

    /// Reads the next frame of a stream. A byte that is no UTF-8 hides nothing beside it: the rest of its
    /// character may be in the next frame.
    pub fn frame(&mut self, frame: &Frame<'_>) -> Vec<Event> {
        match mended(frame.raw()) {
            Some(raw) => self.read(&frame.with_raw(&raw)),
            None => self.read(frame),
        }
    }

    fn read(&mut self, frame: &Frame<'_>) -> Vec<Event> {
        let sight = self.tap.frame(frame);
        if self.steps.is_over() {
            return Vec::new();
        }
        let progress = if self.fault(&sight) {
            Progress::Open
        } else {
            self.begin(matches!(sight, Sight::Meaningful));
            self.reader.frame(frame, &mut self.steps)
        };
        self.proceed(progress)
    }

    /// Reads a whole body.
    pub fn body(&mut self, body: &[u8]) -> Vec<Event> {
        if self.dialect == DialectId::Gemini && body.trim_ascii_start().starts_with(b"[") {
            return self.array(body);
        }
        let sight = self.tap.body(body);
        if self.steps.is_over() {
            return Vec::new();
        }
        if self.fault(&sight) {
            return self.steps.take();
        }
        if sight == Sight::Noise {
            self.steps.fail(midway::unreadable());
            return self.steps.take();
        }
        self.begin(true);
        let progress = self.reader.body(body, &mut self.steps);
        let mut events = self.proceed(progress);
        events.extend(self.finish());
        events
    }

    /// The upstream has ended its stream. An answer without its end is a fault.
    pub fn finish(&mut self) -> Vec<Event> {
        if !self.steps.is_over() {
            if self.reader.is_whole(&self.steps) {
                self.begin(true);
                self.complete();
            } else {
                self.steps.fail(midway::cut());
            }
        }
        self.steps.take()
    }

    /// What the dialect's tap has read: usage, names, the end.
    pub fn reading(&self) -> &Reading {
        self.tap.reading()
    }

    /// A body of Gemini that is an array: the elements of a stream.
    fn array(&mut self, body: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        if let Ok(batch) = JsonArrayFramer::new().push(bytes::Bytes::copy_from_slice(body)) {
            for frame in batch.frames() {
                events.extend(self.frame(&frame));
            }
        }
        events.extend(self.finish());
        events
    }

    /// Ends the answer where the tap has seen a fault.
    fn fault(&mut self, sight: &Sight) -> bool {
        let fault = match sight {
            Sight::Fault(fault) => Some((**fault).clone()),
            Sight::Noise | Sight::Meaningful | Sight::End => self.tap.reading().fault.clone(),
        };
        let Some(fault) = fault else { return false };
        if self.steps.is_started() {
            self.report_usage();
        }
        self.steps.fail(fault);
        true
    }

    /// Begins the answer, once it has a name or content.
    fn begin(&mut self, has_content: bool) {
        let reading = self.tap.reading();
        if has_content || reading.object_id.is_some() {
            self.steps.start(reading.object_id.as_deref(), reading.model.as_deref());
            self.report_usage();
        }
    }

    fn proceed(&mut self, progress: Progress) -> Vec<Event> {
        if self.steps.is_started() {
            self.report_usage();
        }
        if progress == Progress::Over {
            self.begin(true);
            self.complete();
        }
        self.steps.take()
    }

    fn complete(&mut self) {
        self.reader.flush(&mut self.steps);
        self.report_usage();
        self.steps.finish();
    }

    fn report_usage(&mut self) {
        let usage = self.tap.reading().usage;
        if let (Some(usage), true) = (usage, usage != self.told) {
            self.steps.usage(usage);
            self.told = Some(usage);
        }
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}
