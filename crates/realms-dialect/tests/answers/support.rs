//! Runs answers through decoders and encoders.

use bytes::Bytes;
use realms_dialect::{
    Answer, AnswerFold, AnswerIntent, Decoder, Delivery, Encoder, Event, Frame, Framer,
    JsonArrayFramer, Losses, Outcome, PartHead, SseFramer,
};
use realms_types::DialectId;

pub const REQUEST: &str = "0199a2b4-6c1d-7e30-8f00-112233445566";

/// What came out of an encoder.
pub struct Encoded {
    pub bytes: Vec<u8>,
    pub losses: Losses,
    pub outcome: Outcome,
}

pub fn intent(delivery: Delivery) -> AnswerIntent {
    let intent = AnswerIntent::new(REQUEST, 1_795_190_400);
    AnswerIntent { delivery, include_usage: true, ..intent }
}

/// The events of a stream, cut where `cuts` say.
pub fn decode_stream(dialect: DialectId, stream: &[u8], cuts: &[usize]) -> Vec<Event> {
    let is_array = dialect == DialectId::Gemini && stream.starts_with(b"[");
    let mut framer = if is_array {
        Framer::JsonArray(JsonArrayFramer::new())
    } else {
        Framer::Sse(SseFramer::new())
    };
    let mut decoder = Decoder::new(dialect);
    let mut events = Vec::new();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (stream.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.push(stream.len());
    let mut from = 0;
    for to in cuts {
        let batch = framer.push(Bytes::copy_from_slice(&stream[from..to])).unwrap();
        from = to;
        for frame in batch.frames() {
            events.extend(decoder.frame(&frame));
        }
    }
    if let Some(rest) = framer.finish() {
        let frame = if is_array { Frame::element(&rest) } else { Frame::new(&rest) };
        events.extend(decoder.frame(&frame));
    }
    events.extend(decoder.finish());
    events
}

pub fn decode_body(dialect: DialectId, body: &[u8]) -> Vec<Event> {
    Decoder::new(dialect).body(body)
}

/// Whether a fixture is a stream, by its name.
pub fn is_stream(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "sse")
}

/// A fixture as a stream or as a body.
pub fn decode_fixture(dialect: DialectId, path: &str, bytes: &[u8]) -> Vec<Event> {
    if is_stream(path) { decode_stream(dialect, bytes, &[]) } else { decode_body(dialect, bytes) }
}

pub fn encode(client: DialectId, intent: AnswerIntent, events: &[Event]) -> Encoded {
    let mut encoder = Encoder::new(client, intent);
    let mut bytes = Vec::new();
    for event in events {
        encoder.push(event.clone(), &mut bytes);
    }
    encoder.finish(&mut bytes);
    Encoded { bytes, losses: encoder.losses().clone(), outcome: encoder.outcome().clone() }
}

pub fn encode_stream(client: DialectId, events: &[Event]) -> Encoded {
    encode(client, intent(Delivery::Events), events)
}

pub fn encode_whole(client: DialectId, events: &[Event]) -> Encoded {
    encode(client, intent(Delivery::Whole), events)
}

pub fn fold(events: &[Event]) -> Answer {
    let mut fold = AnswerFold::default();
    for event in events {
        fold.push(event.clone()).unwrap();
    }
    fold.finish()
}

/// JSON without its spaces; any other text as it is.
pub fn same_json(text: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(text);
    value.map_or_else(|_| text.to_owned(), |value| value.to_string())
}

/// An answer without what only tells it apart on its way: names, and parts with nothing in them.
pub fn canonical(mut answer: Answer, client: DialectId) -> Answer {
    answer.id = None;
    answer.model = None;
    for choice in &mut answer.choices {
        for part in &mut choice.parts {
            if matches!(part.head, PartHead::ToolCall(_)) {
                part.text = same_json(&part.text);
            }
        }
        choice.parts.retain(|part| {
            !part.text.is_empty()
                || part.seal.is_some()
                || matches!(part.head, PartHead::ToolCall(_) | PartHead::Foreign(_))
        });
        if client == DialectId::Chat {
            // A message of Chat has one text, one thought, one refusal.
            let order = |part: &realms_dialect::AnswerPart| match part.head {
                PartHead::Thinking(_) => 0,
                PartHead::Text => 1,
                PartHead::Refusal => 2,
                PartHead::Sealed | PartHead::Foreign(_) => 3,
                PartHead::ToolCall(_) => 4,
            };
            choice.parts.sort_by_key(order);
        }
        choice.parts.dedup_by(|next, last| {
            let same = std::mem::discriminant(&next.head) == std::mem::discriminant(&last.head);
            let is_said = matches!(next.head, PartHead::Text | PartHead::Refusal)
                || (matches!(next.head, PartHead::Thinking(_)) && client == DialectId::Chat);
            if !(same && is_said) {
                return false;
            }
            last.text.push_str(&next.text);
            last.citations.append(&mut next.citations);
            last.logprobs.append(&mut next.logprobs);
            last.seal = next.seal.take().or(last.seal.take());
            true
        });
    }
    answer
}

/// Holds events against the order every decoder keeps.
pub fn assert_order(events: &[Event]) {
    let mut open = std::collections::BTreeSet::new();
    let mut begun = std::collections::BTreeMap::<u32, u32>::new();
    let mut stopped = std::collections::BTreeSet::new();
    let (mut started, mut over) = (false, false);
    for event in events {
        assert!(!over, "{event:?} behind the end");
        match event {
            Event::Start(_) => assert!(!std::mem::replace(&mut started, true), "started twice"),
            Event::PartStart { at, .. } => {
                assert!(started, "{at:?} before the start");
                let next = begun.entry(at.choice).or_default();
                assert_eq!(at.part, *next, "parts count up");
                *next += 1;
                open.insert(*at);
            }
            Event::Delta { at, .. } => assert!(open.contains(at), "{at:?} is not open"),
            Event::PartEnd { at } => assert!(open.remove(at), "{at:?} was not open"),
            Event::Stop { choice, .. } => {
                assert!(open.is_empty() && stopped.insert(*choice), "stop of {choice}");
            }
            Event::Usage(usage) => assert!(started && usage.check().is_ok()),
            Event::Finish => {
                assert!(started && open.is_empty() && !stopped.is_empty());
                over = true;
            }
            Event::Fault(_) => over = true,
            Event::Ping => {}
        }
    }
    assert!(over, "neither finish nor fault");
}
