//! An answer of an upstream, said frame by frame in the client's dialect.

use std::fmt;

use bytes::Bytes;
use realms_dialect::{
    AnswerIntent, Decoder, Delivery, Encoder, Event, Fault, Framer, Losses, Outcome, estimate,
};
use realms_types::DialectId;

use crate::opening::last_frame;

/// Takes the bytes of whole frames, as they pass the tap, and gives those that the client gets.
pub(crate) struct Interpreter {
    framer: Framer,
    decoder: Decoder,
    encoder: Encoder,
    delivery: Delivery,
    /// How much of the request is text, for an upstream that reports no usage.
    text_len: usize,
    is_finished: bool,
}

// === impl Interpreter ===

impl Interpreter {
    /// Between these dialects. `framer` splits what the upstream sends.
    pub(super) fn new(
        upstream: DialectId,
        client: DialectId,
        intent: AnswerIntent,
        framer: Framer,
        text_len: usize,
    ) -> Self {
        Self {
            framer,
            decoder: Decoder::new(upstream),
            delivery: intent.delivery,
            encoder: Encoder::new(client, intent),
            text_len,
            is_finished: false,
        }
    }

    /// What the client gets for these bytes; often nothing.
    pub(crate) fn push(&mut self, bytes: Bytes) -> Bytes {
        let mut out = Vec::new();
        if let Ok(batch) = self.framer.push(bytes) {
            for frame in batch.frames() {
                let events = self.decoder.frame(&frame);
                self.say(events, &mut out);
            }
        } else {
            // The bytes have passed a framer with the same bounds.
            let fault = Fault::bad_gateway("the upstream sent an event that is too large");
            self.encoder.fail(&fault, &mut out);
        }
        out.into()
    }

    /// The upstream has ended its answer: what the client gets for that, with an error where the answer is
    /// not whole.
    pub(crate) fn finish(&mut self) -> Bytes {
        let mut out = Vec::new();
        if !self.is_finished {
            self.is_finished = true;
            if let Some(rest) = self.framer.finish() {
                let events = self.decoder.frame(&last_frame(&self.framer, &rest));
                self.say(events, &mut out);
            }
            let events = self.decoder.finish();
            self.say(events, &mut out);
            self.encoder.finish(&mut out);
        }
        out.into()
    }

    /// A whole answer instead of its frames.
    pub(super) fn body(&mut self, body: &[u8]) -> (Bytes, Option<Failed>) {
        let mut out = Vec::new();
        let events = self.decoder.body(body);
        let failed = events.iter().find_map(Failed::of);
        self.say(events, &mut out);
        self.is_finished = true;
        self.encoder.finish(&mut out);
        let told = || Failed { detail: "it cannot be told whole".to_owned(), is_models: false };
        let failed = failed.or_else(|| (!self.is_complete()).then(told));
        (out.into(), failed)
    }

    /// Ends the answer with an error, unless it has ended.
    pub(crate) fn fail(&mut self, fault: &Fault) -> Bytes {
        let mut out = Vec::new();
        self.is_finished = true;
        self.encoder.fail(fault, &mut out);
        out.into()
    }

    /// Whether the client has the whole answer.
    pub(crate) fn is_complete(&self) -> bool {
        *self.encoder.outcome() == Outcome::Complete
    }

    /// Whether the client was told that the answer failed.
    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.encoder.outcome(), Outcome::Failed(_))
    }

    /// How the answer goes out.
    pub(crate) const fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// What the client is not told as it was said.
    pub(crate) fn losses(&self) -> &Losses {
        self.encoder.losses()
    }

    fn say(&mut self, events: Vec<Event>, out: &mut Vec<u8>) {
        for event in events {
            if event == Event::Finish && self.decoder.reading().usage.is_none() {
                let usage = estimate(self.text_len, self.decoder.reading());
                self.encoder.push(Event::Usage(usage), out);
            }
            self.encoder.push(event, out);
        }
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interpreter").field("encoder", &self.encoder).finish_non_exhaustive()
    }
}

/// Why a whole answer is none.
#[derive(Debug)]
pub(super) struct Failed {
    /// In a few words.
    pub detail: String,
    /// The model did wrong, and not whoever serves it.
    pub is_models: bool,
}

// === impl Failed ===

impl Failed {
    fn of(event: &Event) -> Option<Self> {
        let Event::Fault(fault) = event else { return None };
        let is_models = fault.kind.as_deref() == Some("given_up");
        Some(Self { detail: crate::opening::line(fault), is_models })
    }
}
