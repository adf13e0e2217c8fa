//! Turns events into what a client expects.

use std::{collections::BTreeMap, fmt};

use realms_types::{DialectId, Usage};

use super::{
    AnswerFold, AnswerIntent, At, Delivery, Delta, Event, PartHead, Start, Stop,
    encode_chat::ChatWriter,
    encode_gemini::GeminiWriter,
    encode_messages::MessagesWriter,
    encode_responses::ResponsesWriter,
    midway,
    names::stem,
    sequence::{PartStep, Sequence},
    shaping::Shaping,
    stop::Held,
};
use crate::{Fault, Losses, StreamShape, render_fault, render_fault_frame};

/// Writes one answer in a client's dialect: frame by frame, or in one piece at its end.
///
/// The same machine does both, so a body is what its stream adds up to. Nothing is written before the
/// answer has content or its end.
pub struct Encoder {
    client: DialectId,
    intent: AnswerIntent,
    writer: Box<dyn WriteAnswer>,
    shaping: Shaping,
    /// The order of parts within each choice. Empty for Chat, which tells calls apart by their index.
    sequences: BTreeMap<u32, Sequence>,
    held: BTreeMap<u32, Held>,
    losses: Losses,
    size: usize,
    outcome: Outcome,
}

/// How an answer ended towards its client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It has not.
    #[default]
    Open,
    /// It is complete.
    Complete,
    /// The client was told of a fault. Of an answer in one piece nothing else was written.
    Failed(Box<Fault>),
}

/// What a writer writes with.
pub(super) struct Pen<'p> {
    pub(super) out: &'p mut Vec<u8>,
    pub(super) losses: &'p mut Losses,
    pub(super) intent: &'p AnswerIntent,
    /// The characters of the request's id that go into names.
    pub(super) stem: String,
    size: &'p mut usize,
}

/// One dialect's answers. Parts come in an order the dialect can hold; those that it cannot hold at
/// all do not come.
pub(super) trait WriteAnswer: Send {
    fn start(&mut self, start: &Start, pen: &mut Pen<'_>);
    fn part_start(&mut self, at: At, head: &PartHead, pen: &mut Pen<'_>);
    fn delta(&mut self, at: At, delta: &Delta, pen: &mut Pen<'_>);
    fn part_end(&mut self, at: At, pen: &mut Pen<'_>);
    fn usage(&mut self, usage: Usage);
    fn stop(&mut self, choice: u32, stop: &Stop, held: Held, pen: &mut Pen<'_>);
    fn finish(&mut self, pen: &mut Pen<'_>);
    fn ping(&mut self, _pen: &mut Pen<'_>) {}
    /// What an error event must fit to.
    fn shape(&self) -> StreamShape<'_>;
}

// === impl Encoder ===

impl Encoder {
    /// An encoder for a client of this dialect.
    pub fn new(client: DialectId, intent: AnswerIntent) -> Self {
        let writer: Box<dyn WriteAnswer> = match client {
            DialectId::Responses => Box::<ResponsesWriter>::default(),
            DialectId::Chat => Box::<ChatWriter>::default(),
            DialectId::Messages => Box::<MessagesWriter>::default(),
            DialectId::Gemini => Box::<GeminiWriter>::default(),
        };
        Self {
            client,
            intent,
            writer,
            shaping: Shaping::default(),
            sequences: BTreeMap::new(),
            held: BTreeMap::new(),
            losses: Losses::default(),
            size: 0,
            outcome: Outcome::Open,
        }
    }

    /// Takes the next event; what is due for the client is written behind `out`.
    pub fn push(&mut self, event: Event, out: &mut Vec<u8>) {
        if self.outcome != Outcome::Open {
            return;
        }
        let shaped = self.shaping.push(event, self.client, &self.intent, &mut self.losses);
        let Ok(events) = shaped else {
            return self.fail(&midway::too_large(), out);
        };
        for event in events {
            self.take(event, out);
        }
    }

    /// The upstream is done. An answer that is not complete ends with an error of the client's dialect.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.fail(&midway::told(&midway::cut()), out);
    }

    /// Ends the answer with an error of the client's dialect, unless it has ended.
    pub fn fail(&mut self, fault: &Fault, out: &mut Vec<u8>) {
        if self.outcome != Outcome::Open {
            return;
        }
        let id = &self.intent.request_id;
        let bytes = match self.intent.delivery {
            Delivery::Whole => render_fault(self.client, fault, id).body,
            Delivery::Events | Delivery::Array => {
                let json_array = self.intent.delivery == Delivery::Array;
                let shape = StreamShape { json_array, ..self.writer.shape() };
                render_fault_frame(self.client, fault, id, shape)
            }
        };
        out.extend_from_slice(&bytes);
        self.outcome = Outcome::Failed(Box::new(fault.clone()));
    }

    /// What the client's dialect, or the client itself, could not be told.
    pub fn losses(&self) -> &Losses {
        &self.losses
    }

    /// How the answer ended.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    fn take(&mut self, event: Event, out: &mut Vec<u8>) {
        match event {
            Event::PartStart { at, head } => {
                let held = self.held.entry(at.choice).or_default();
                held.tool_calls |= matches!(head, PartHead::ToolCall(_));
                held.refusal |= head == PartHead::Refusal;
                self.step(at, PartStep::Start(head), out);
            }
            Event::Delta { at, delta } => self.step(at, PartStep::Delta(delta), out),
            Event::PartEnd { at } => self.step(at, PartStep::End, out),
            Event::Fault(fault) => self.fail(&midway::told(&fault), out),
            Event::Start(start) => self.write(out, |writer, pen| writer.start(&start, pen)),
            Event::Usage(usage) => self.writer.usage(usage),
            Event::Stop { choice, stop } => {
                let held = self.held.get(&choice).copied().unwrap_or_default();
                self.write(out, |writer, pen| writer.stop(choice, &stop, held, pen));
            }
            Event::Finish => {
                self.write(out, |writer, pen| writer.finish(pen));
                if self.outcome == Outcome::Open {
                    self.outcome = Outcome::Complete;
                }
            }
            Event::Ping => self.write(out, |writer, pen| writer.ping(pen)),
        }
    }

    fn step(&mut self, at: At, step: PartStep, out: &mut Vec<u8>) {
        let due = match self.client {
            DialectId::Chat => Ok(vec![(at, step)]),
            DialectId::Responses | DialectId::Messages | DialectId::Gemini => {
                self.sequences.entry(at.choice).or_default().push(at, step)
            }
        };
        let Ok(due) = due else {
            return self.fail(&midway::too_large(), out);
        };
        for (at, step) in due {
            self.write(out, |writer, pen| match &step {
                PartStep::Start(head) => writer.part_start(at, head, pen),
                PartStep::Delta(delta) => writer.delta(at, delta, pen),
                PartStep::End => writer.part_end(at, pen),
            });
        }
    }

    fn write(&mut self, out: &mut Vec<u8>, write: impl FnOnce(&mut dyn WriteAnswer, &mut Pen<'_>)) {
        if self.outcome != Outcome::Open {
            return;
        }
        let mut pen = Pen {
            out,
            losses: &mut self.losses,
            intent: &self.intent,
            stem: stem(&self.intent.request_id),
            size: &mut self.size,
        };
        write(&mut *self.writer, &mut pen);
        if self.size > AnswerFold::MOST {
            self.fail(&midway::too_large(), out);
        }
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("client", &self.client)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

// === impl Pen ===

impl Pen<'_> {
    /// Whether the answer goes out in one piece.
    pub(super) fn is_whole(&self) -> bool {
        self.intent.delivery == Delivery::Whole
    }

    /// Counts what a writer keeps; beyond the bound the answer fails.
    pub(super) fn hold(&mut self, bytes: usize) {
        *self.size = self.size.saturating_add(bytes);
    }

    /// Writes an event with a name.
    pub(super) fn event(&mut self, name: &str, data: &str) {
        for piece in ["event: ", name, "\ndata: ", data, "\n\n"] {
            self.out.extend_from_slice(piece.as_bytes());
        }
    }

    /// Writes an event without a name.
    pub(super) fn data(&mut self, data: &str) {
        for piece in ["data: ", data, "\n\n"] {
            self.out.extend_from_slice(piece.as_bytes());
        }
    }
}
