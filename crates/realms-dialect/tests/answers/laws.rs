//! Laws of translation, held against answers that nobody wrote.

use proptest::prelude::*;
use realms_dialect::{
    Answer, At, Decoder, Delivery, Delta, Event, Foreign, Frame, PartHead, Seal, SealKind, Start,
    Stop, ThinkingForm, ToolHead, ToolKind,
};
use realms_types::{DialectId, Usage};

use super::{
    goldens::{all, same_answer},
    strict::{self, End},
    support::{
        assert_order, canonical, decode_body, decode_fixture, decode_stream, encode, encode_stream,
        encode_whole, fold, intent, is_stream, same_json,
    },
};

/// A part in the making: what it is, its text in pieces, its seal.
#[derive(Debug, Clone)]
struct Made {
    head: PartHead,
    pieces: Vec<String>,
    seal: Option<Seal>,
}

fn pieces() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-z \u{2028}é\"\\\\\n]{1,6}", 0..4)
}

fn arguments() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        Just(vec!["{}".to_owned()]),
        Just(vec!["{\"a\":".to_owned(), "[1,2".to_owned(), "]}".to_owned()]),
        Just(vec!["{\"text\":\"\u{2028} \\\"q\\\" 世\"}".to_owned()]),
        Just(vec!["{\"cut\":\"off".to_owned()]),
        Just(vec!["not json".to_owned()]),
    ]
}

fn part(dialect: DialectId) -> impl Strategy<Value = Made> {
    let said = |head: PartHead| {
        pieces().prop_map(move |pieces| Made { head: head.clone(), pieces, seal: None })
    };
    let seal = move |kind| Seal { dialect, kind, value: "c2VhbGVk".to_owned() };
    let call = (arguments(), "[a-z]{1,8}", any::<bool>(), 0u32..1000).prop_map(
        move |(pieces, name, has_id, id)| Made {
            head: PartHead::ToolCall(ToolHead {
                id: has_id.then(|| format!("id_{id}")),
                name,
                namespace: None,
                kind: ToolKind::Function,
            }),
            pieces,
            seal: (dialect == DialectId::Gemini).then(|| seal(SealKind::Part)),
        },
    );
    let thought = (pieces(), any::<bool>()).prop_map(move |(pieces, sealed)| Made {
        head: PartHead::Thinking(ThinkingForm::Full),
        pieces,
        seal: sealed.then(|| seal(SealKind::Thinking)),
    });
    let sealed = Just(Made {
        head: PartHead::Sealed,
        pieces: Vec::new(),
        seal: Some(seal(SealKind::Redacted)),
    });
    let foreign = Just(Made {
        head: PartHead::Foreign(Foreign {
            dialect: DialectId::Gemini,
            kind: "executableCode".to_owned(),
            raw: r#"{"executableCode":{"code":"1"}}"#.to_owned(),
        }),
        pieces: Vec::new(),
        seal: None,
    });
    prop_oneof![
        3 => said(PartHead::Text),
        1 => said(PartHead::Refusal),
        3 => call,
        2 => thought,
        1 => sealed,
        1 => foreign,
    ]
}

fn stop() -> impl Strategy<Value = Option<Stop>> {
    prop_oneof![
        4 => Just(None),
        1 => Just(Some(Stop::MaxTokens)),
        1 => Just(Some(Stop::ContentFilter(None))),
        1 => Just(Some(Stop::StopSequence(Some("END".to_owned())))),
        1 => Just(Some(Stop::Pause)),
    ]
}

fn usage() -> impl Strategy<Value = Usage> {
    (0u64..9999, 0u64..9999, 0u64..999, 0u64..999, 0u64..9999, 0u64..999).prop_map(
        |(input, cache_read, cache_write_5m, cache_write_1h, said, reasoning)| Usage {
            input,
            cache_read,
            cache_write_5m,
            cache_write_1h,
            output: said + reasoning,
            reasoning,
            ..Usage::default()
        },
    )
}

/// Events of one choice in the order of a decoder; parts of calls overlap where `overlap` says so.
fn events(
    dialect: DialectId,
    made: &[Made],
    stop: Option<Stop>,
    usage: Usage,
    overlap: bool,
) -> Vec<Event> {
    let start = Start { dialect, id: Some("up_1".to_owned()), model: Some("m".to_owned()) };
    let mut events = vec![Event::Start(start)];
    let mut late = Vec::new();
    for (part, made) in (0..).zip(made) {
        let at = At { choice: 0, part };
        let is_call = matches!(made.head, PartHead::ToolCall(_));
        events.push(Event::PartStart { at, head: made.head.clone() });
        let seal = made.seal.clone().map(|seal| Event::Delta { at, delta: Delta::Seal(seal) });
        let mut rest: Vec<Event> = Vec::new();
        let text = made.pieces.iter().map(|piece| Delta::Text(piece.clone()));
        let text = text.map(|delta| Event::Delta { at, delta });
        if is_call {
            rest.extend(seal);
            rest.extend(text);
        } else {
            rest.extend(text);
            rest.extend(seal);
        }
        rest.push(Event::PartEnd { at });
        if overlap && is_call { late.push(rest) } else { events.extend(rest) }
    }
    // The calls that overlap, a step of each in turn.
    let longest = late.iter().map(Vec::len).max().unwrap_or(0);
    for step in 0..longest {
        events.extend(late.iter().filter_map(|rest| rest.get(step).cloned()));
    }
    let has = |is: fn(&PartHead) -> bool| made.iter().any(|made| is(&made.head));
    let natural = if has(|head| matches!(head, PartHead::ToolCall(_))) {
        Stop::ToolUse
    } else if has(|head| *head == PartHead::Refusal) {
        Stop::Refusal
    } else {
        Stop::EndTurn
    };
    events.push(Event::Stop { choice: 0, stop: stop.unwrap_or(natural) });
    events.push(Event::Usage(usage));
    events.push(Event::Finish);
    events
}

fn dialect() -> impl Strategy<Value = DialectId> {
    proptest::sample::select(DialectId::ALL.to_vec())
}

fn answers() -> impl Strategy<Value = Vec<Event>> {
    dialect().prop_flat_map(|dialect| {
        (proptest::collection::vec(part(dialect), 0..6), stop(), usage(), any::<bool>()).prop_map(
            move |(made, stop, usage, overlap)| events(dialect, &made, stop, usage, overlap),
        )
    })
}

/// All text of one kind, joined.
fn said(answer: &Answer, is: fn(&PartHead) -> bool) -> String {
    let parts = answer.choices.iter().flat_map(|choice| &choice.parts);
    parts.filter(|part| is(&part.head)).map(|part| part.text.as_str()).collect()
}

fn calls(answer: &Answer) -> Vec<(String, String)> {
    let parts = answer.choices.iter().flat_map(|choice| &choice.parts);
    let call = |part: &realms_dialect::AnswerPart| match &part.head {
        PartHead::ToolCall(call) => Some((call.name.clone(), same_json(&part.text))),
        _ => None,
    };
    parts.filter_map(call).collect()
}

fn lost(losses: &realms_dialect::Losses, path: &str) -> bool {
    losses.named().iter().any(|loss| loss.path == path)
}

proptest! {
    #[test]
    fn every_stream_is_valid_and_adds_up_to_its_body(events in answers(), client in dialect()) {
        let (stream, whole) = (encode_stream(client, &events), encode_whole(client, &events));
        prop_assert_eq!(strict::check(client, &stream.bytes), End::Complete);
        same_answer(client, &stream, &whole);
        if client == DialectId::Gemini {
            let array = encode(client, intent(Delivery::Array), &events);
            prop_assert_eq!(strict::check_array(&array.bytes), End::Complete);
            let folded = |bytes: &[u8]| fold(&decode_stream(client, bytes, &[]));
            prop_assert_eq!(folded(&array.bytes), folded(&stream.bytes));
        }
    }

    #[test]
    fn wherever_a_stream_is_cut_it_ends_with_an_error(
        events in answers(), client in dialect(), at in any::<prop::sample::Index>(),
    ) {
        let cut = &events[..at.index(events.len() - 1)];
        let stream = encode_stream(client, cut);
        prop_assert_eq!(strict::check(client, &stream.bytes), End::Error);
        let whole = encode_whole(client, cut);
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&whole.bytes).is_ok());
    }

    #[test]
    fn through_another_dialect_and_back_nothing_is_lost_in_silence(
        events in answers(), a in dialect(), b in dialect(),
    ) {
        let first = encode_stream(a, &events);
        let in_a = decode_stream(a, &first.bytes, &[]);
        let there = encode_stream(b, &in_a);
        let in_b = decode_stream(b, &there.bytes, &[]);
        let back = encode_stream(a, &in_b);
        let again = decode_stream(a, &back.bytes, &[]);
        assert_order(&in_b);
        let (was, now) = (fold(&in_a), fold(&again));
        prop_assert_eq!(calls(&was), calls(&now));
        let thought: fn(&PartHead) -> bool = |head| matches!(head, PartHead::Thinking(_));
        prop_assert_eq!(
            said(&was, thought).replace("\n\n", ""),
            said(&now, thought).replace("\n\n", "")
        );
        let is_said: fn(&PartHead) -> bool = |head| matches!(head, PartHead::Text | PartHead::Refusal);
        let is_text: fn(&PartHead) -> bool = |head| *head == PartHead::Text;
        if b == DialectId::Chat {
            // Its one text comes before its one refusal.
            prop_assert_eq!(said(&was, is_said).len(), said(&now, is_said).len());
        } else {
            prop_assert_eq!(said(&was, is_said), said(&now, is_said));
        }
        if !lost(&there.losses, "refusal") && !lost(&back.losses, "refusal") {
            prop_assert_eq!(said(&was, is_text), said(&now, is_text));
        }
        let seals = |answer: &Answer| {
            let parts = answer.choices.iter().flat_map(|choice| &choice.parts);
            parts.filter_map(|part| part.seal.as_ref().map(|seal| seal.value.clone())).count()
        };
        let sealed_lost = ["thinking.signature", "thinking.sealed", "signature"];
        if !sealed_lost.iter().any(|path| lost(&there.losses, path) || lost(&back.losses, path)) {
            prop_assert_eq!(seals(&was), seals(&now));
        }
        let stops = |answer: &Answer| answer.choices[0].stop.clone();
        let stop_lost = ["stop_reason", "stop_sequence", "refusal"];
        if !stop_lost.iter().any(|path| lost(&there.losses, path) || lost(&back.losses, path)) {
            prop_assert_eq!(stops(&was), stops(&now));
        }
    }

    #[test]
    fn an_answer_of_a_dialect_comes_back_as_it_was(events in answers(), own in dialect()) {
        // What the dialect can hold is what it reads of its own writing.
        let first = decode_stream(own, &encode_stream(own, &events).bytes, &[]);
        let again = encode_stream(own, &first);
        prop_assert!(
            again.losses.named().iter().all(|loss| loss.path.starts_with("usage")
                || loss.path == "stop_reason" || loss.path == "tool_call.arguments"),
            "{:?}", again.losses
        );
        let again = decode_stream(own, &again.bytes, &[]);
        prop_assert_eq!(canonical(fold(&first), own), canonical(fold(&again), own));
    }

    #[test]
    fn usage_survives_any_pair(usage in usage(), a in dialect(), b in dialect()) {
        let events = events(a, &[], None, usage, false);
        let in_a = fold(&decode_stream(a, &encode_stream(a, &events).bytes, &[])).usage;
        let in_a = in_a.unwrap_or_default();
        prop_assert_eq!(
            (in_a.total_input(), in_a.output, in_a.reasoning, in_a.cache_read),
            (usage.total_input(), usage.output, usage.reasoning, usage.cache_read)
        );
        let through = events_with(b, in_a);
        let there = encode_whole(b, &through);
        let in_b = fold(&decode_body(b, &there.bytes)).usage.unwrap_or_default();
        prop_assert_eq!(
            (in_b.total_input(), in_b.output, in_b.reasoning, in_b.cache_read),
            (usage.total_input(), usage.output, usage.reasoning, usage.cache_read)
        );
        if there.losses.is_empty() {
            prop_assert_eq!(in_a, in_b);
        }
    }

    #[test]
    fn frames_do_not_depend_on_how_bytes_are_cut(
        which in any::<prop::sample::Index>(), cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let fixtures = all();
        let (dialect, path, bytes) = fixtures[which.index(fixtures.len())];
        if is_stream(path) {
            prop_assert_eq!(decode_stream(dialect, bytes, &cuts), decode_stream(dialect, bytes, &[]));
        }
    }

    #[test]
    fn broken_fixtures_never_panic_and_keep_the_order(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(),
        with in any::<u8>(), client in dialect(),
    ) {
        let fixtures = all();
        let (dialect, path, bytes) = fixtures[which.index(fixtures.len())];
        let mut broken = bytes.to_vec();
        let at = at.index(broken.len());
        broken[at] = with;
        let events = decode_fixture(dialect, path, &broken);
        assert_order(&events);
        let stream = encode_stream(client, &events);
        strict::check(client, &stream.bytes);
        encode_whole(client, &events);
    }

    #[test]
    fn arbitrary_frames_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
        frames in proptest::collection::vec(
            r#"\{("(type|delta|choices|candidates|content|parts|item|output_index|index|message|tool_calls|finish_reason|finishReason|content_block|response|output|status)":(\{\}|\[\]|\[\{\}\]|null|1|-1|"x"|"text"|"response.completed"|"content_block_start"|"content_block_delta"|"response.output_item.done"|\{"type":"tool_use"\}|\{"type":"function_call"\}|\[\{"index":99999999999\}\]|\[\{"delta":\{"content":"a","tool_calls":\[\{\}\]\}\}\]|\{"parts":\[\{"text":"a"\},\{"functionCall":\{\}\}\]\}),?){0,5}\}"#,
            0..8,
        ),
        client in dialect(),
    ) {
        for dialect in DialectId::ALL {
            let mut decoder = Decoder::new(dialect);
            let mut events = decoder.frame(&Frame::new(&bytes));
            for frame in &frames {
                events.extend(decoder.frame(&Frame::element(frame.as_bytes())));
            }
            events.extend(decoder.finish());
            assert_order(&events);
            strict::check(client, &encode_stream(client, &events).bytes);
            decode_body(dialect, &bytes);
            for frame in &frames {
                assert_order(&decode_body(dialect, frame.as_bytes()));
            }
        }
    }
}

fn events_with(dialect: DialectId, usage: Usage) -> Vec<Event> {
    events(dialect, &[], None, usage, false)
}
