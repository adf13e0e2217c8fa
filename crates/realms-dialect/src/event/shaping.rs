//! What becomes of events before a dialect writes them: what the client did not ask for is left out by
//! name, and tools have the names the client knows.

use std::collections::BTreeMap;

use realms_types::DialectId;

use super::{
    AnswerIntent, At, Citation, Delta, Event, Foreign, PartHead, ToolKind,
    custom_tool::{arguments_of, input_of},
    image::{image_for, images_in},
    names::stem,
};
use crate::Losses;

/// How much of the arguments of a tool that changes its kind is gathered, in bytes.
const MOST_GATHERED: usize = 8 << 20;

/// Reshapes the events of one answer.
#[derive(Debug, Default)]
pub(super) struct Shaping {
    /// Parts that are left out, whole or in part, and those that are gathered.
    parts: BTreeMap<At, Manner>,
    /// Sources without a range, until the text they belong to is whole.
    late: BTreeMap<At, Vec<Citation>>,
    held: usize,
}

/// What is done with the deltas of a part.
#[derive(Debug)]
enum Manner {
    /// Nothing of it is told.
    Gone,
    /// A thought: text and seal are told if they are wanted.
    Thought,
    /// The arguments of a tool that is of another kind for the client.
    Gathered { kind: ToolKind, text: String },
}

/// More is gathered than may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuchGathered;

// === impl Shaping ===

impl Shaping {
    /// Reshapes the next event; none, where it is not told.
    pub(super) fn push(
        &mut self,
        event: Event,
        client: DialectId,
        intent: &AnswerIntent,
        losses: &mut Losses,
    ) -> Result<Vec<Event>, TooMuchGathered> {
        let only_one = matches!(client, DialectId::Messages | DialectId::Responses);
        Ok(match event {
            Event::PartStart { at: At { choice: 1.., .. }, .. }
            | Event::Delta { at: At { choice: 1.., .. }, .. }
            | Event::PartEnd { at: At { choice: 1.., .. } }
            | Event::Stop { choice: 1.., .. }
                if only_one =>
            {
                losses.dropped("choices", "the client's dialect has one answer to a call");
                Vec::new()
            }
            Event::PartStart { at, head } => self.begin(at, head, client, intent, losses),
            Event::Delta { at, delta: Delta::Citation(citation) }
                if citation.range.is_none() && citation.dialect != client =>
            {
                self.hold(citation.size())?;
                self.late.entry(at).or_default().push(citation);
                Vec::new()
            }
            Event::Delta { at, delta } => self.delta(at, delta, intent, losses)?,
            Event::PartEnd { at } => self.end(at),
            other => vec![other],
        })
    }

    fn begin(
        &mut self,
        at: At,
        head: PartHead,
        client: DialectId,
        intent: &AnswerIntent,
        losses: &mut Losses,
    ) -> Vec<Event> {
        let head = match head {
            PartHead::ToolCall(call) => {
                let known = intent.tool(&call);
                if known.kind != call.kind {
                    let text = String::new();
                    self.parts.insert(at, Manner::Gathered { kind: known.kind, text });
                }
                PartHead::ToolCall(known)
            }
            PartHead::Foreign(foreign) if foreign.dialect != client => {
                if let Some(image) = picture(at, &foreign, client, intent) {
                    losses.emulated("content.image", "each dialect has its own place for pictures");
                    return image;
                }
                let path = format!("content.{}", foreign.kind);
                losses.dropped(path, "only the upstream's dialect can hold it");
                self.parts.insert(at, Manner::Gone);
                return Vec::new();
            }
            PartHead::Sealed if !intent.sealed || client == DialectId::Chat => {
                losses.dropped("thinking.sealed", "the client has no place to keep it");
                self.parts.insert(at, Manner::Gone);
                return Vec::new();
            }
            head @ PartHead::Thinking(_) => {
                self.parts.insert(at, Manner::Thought);
                head
            }
            head @ (PartHead::Text
            | PartHead::Refusal
            | PartHead::Sealed
            | PartHead::Foreign(_)) => head,
        };
        vec![Event::PartStart { at, head }]
    }

    fn delta(
        &mut self,
        at: At,
        delta: Delta,
        intent: &AnswerIntent,
        losses: &mut Losses,
    ) -> Result<Vec<Event>, TooMuchGathered> {
        match (self.parts.get_mut(&at), &delta) {
            (Some(Manner::Gone), _) => return Ok(Vec::new()),
            (Some(Manner::Thought), Delta::Text(_)) if !intent.thinking => {
                losses.dropped("thinking", "the client did not ask for it");
                return Ok(Vec::new());
            }
            (Some(Manner::Thought), Delta::Seal(_)) if !intent.sealed => {
                losses.dropped("thinking.signature", "the client does not send it back");
                return Ok(Vec::new());
            }
            (Some(Manner::Gathered { text, .. }), Delta::Text(more)) => {
                text.push_str(more);
                self.hold(more.len())?;
                return Ok(Vec::new());
            }
            (None | Some(Manner::Thought | Manner::Gathered { .. }), _) => {}
        }
        Ok(vec![Event::Delta { at, delta }])
    }

    fn hold(&mut self, bytes: usize) -> Result<(), TooMuchGathered> {
        self.held = self.held.saturating_add(bytes);
        if self.held > MOST_GATHERED { Err(TooMuchGathered) } else { Ok(()) }
    }

    fn end(&mut self, at: At) -> Vec<Event> {
        let late = self.late.remove(&at).unwrap_or_default().into_iter();
        let late = late.map(|citation| Event::Delta { at, delta: Delta::Citation(citation) });
        let mut events: Vec<Event> = late.collect();
        events.extend(self.end_part(at));
        events
    }

    fn end_part(&mut self, at: At) -> Vec<Event> {
        let end = Event::PartEnd { at };
        match self.parts.remove(&at) {
            Some(Manner::Gone) => Vec::new(),
            Some(Manner::Gathered { kind, text }) => {
                let text = match kind {
                    ToolKind::Custom => input_of(&text),
                    ToolKind::Function => arguments_of(&text),
                };
                vec![Event::Delta { at, delta: Delta::Text(text) }, end]
            }
            Some(Manner::Thought) | None => vec![end],
        }
    }
}

/// The same picture in the client's dialect; `None` where it is none.
fn picture(
    at: At,
    foreign: &Foreign,
    client: DialectId,
    intent: &AnswerIntent,
) -> Option<Vec<Event>> {
    let images = images_in(foreign);
    let [image] = images.as_slice() else { return None };
    let same = image_for(client, image, &stem(&intent.request_id), at.part)?;
    Some(vec![Event::PartStart { at, head: PartHead::Foreign(same) }])
}
