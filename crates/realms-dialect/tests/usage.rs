//! Usage: the buckets hold exactly what the upstream counted, and nothing that cannot be true.
#![cfg(test)]

use proptest::prelude::*;
use realms_dialect::{Frame, Reading, Sight, tap, usage_in_tail};
use realms_types::{DialectId, Usage};
use serde_json::{Value, json};

fn read(dialect: DialectId, frames: &[Value]) -> Reading {
    let mut tap = tap(dialect);
    for frame in frames {
        tap.frame(&Frame::new(format!("data: {frame}").as_bytes()));
    }
    tap.reading().clone()
}

fn chat(usage: &Value) -> Value {
    json!({"choices": [], "usage": usage})
}

fn completed(usage: &Value) -> Value {
    json!({"type": "response.completed", "response": {"usage": usage}})
}

fn message_start(usage: &Value) -> Value {
    json!({"type": "message_start", "message": {"id": "msg_1", "usage": usage}})
}

fn message_delta(usage: &Value) -> Value {
    json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage})
}

fn gemini(usage: &Value) -> Value {
    json!({"candidates": [], "usageMetadata": usage})
}

#[test]
fn numbers_that_cannot_be_true_are_flagged_and_not_used() {
    let odd = [
        json!(-1),
        json!(1.5),
        json!("12"),
        json!(true),
        json!([1]),
        json!(u64::MAX),
        json!(2_000_000_000_000_u64),
    ];
    for count in odd {
        for (dialect, frame) in [
            (DialectId::Chat, chat(&json!({"prompt_tokens": 5, "completion_tokens": count}))),
            (DialectId::Responses, completed(&json!({"input_tokens": count, "output_tokens": 5}))),
            (DialectId::Messages, message_delta(&json!({"output_tokens": count}))),
            (DialectId::Gemini, gemini(&json!({"promptTokenCount": count}))),
        ] {
            let reading = read(dialect, &[frame]);
            assert!(reading.implausible, "{dialect} {count}");
            assert_eq!(reading.usage, None, "{dialect} {count}");
        }
    }
}

#[test]
fn a_number_out_of_range_does_not_hide_the_frame() {
    let mut tap = tap(DialectId::Messages);
    let frame = br#"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1e999}}"#;
    assert_eq!(tap.frame(&Frame::new(frame)), Sight::End);
    assert!(tap.reading().implausible);
}

#[test]
fn a_part_larger_than_its_whole_is_flagged() {
    let cached = json!({"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 6}});
    assert!(read(DialectId::Chat, &[chat(&cached)]).implausible);
    let cached = json!({"promptTokenCount": 5, "cachedContentTokenCount": 6});
    assert!(read(DialectId::Gemini, &[gemini(&cached)]).implausible);
    let thinking = json!({"output_tokens": 5, "output_tokens_details": {"thinking_tokens": 6}});
    assert!(read(DialectId::Messages, &[message_delta(&thinking)]).implausible);
}

#[test]
fn an_implausible_report_does_not_undo_a_good_one() {
    let start = message_start(&json!({"input_tokens": 7, "output_tokens": 1}));
    let delta = message_delta(&json!({"output_tokens": -3}));
    let reading = read(DialectId::Messages, &[start, delta]);
    assert_eq!(reading.usage, Some(Usage { input: 7, output: 1, ..Usage::default() }));
    assert!(reading.implausible);
}

#[test]
fn cache_writes_without_their_split_count_as_five_minutes() {
    let usage = json!({"input_tokens": 1, "cache_creation_input_tokens": 90, "output_tokens": 2});
    let reading = read(DialectId::Messages, &[message_start(&usage)]);
    let usage = reading.usage.unwrap();
    assert_eq!((usage.cache_write_5m, usage.cache_write_1h), (90, 0));
}

#[test]
fn zeros_late_in_a_stream_take_nothing_back() {
    let start = json!({"input_tokens": 7, "cache_read_input_tokens": 100, "output_tokens": 1});
    let delta = json!({"input_tokens": 0, "cache_read_input_tokens": null, "output_tokens": 20});
    let reading = read(DialectId::Messages, &[message_start(&start), message_delta(&delta)]);
    let expected = Usage { input: 7, cache_read: 100, output: 20, ..Usage::default() };
    assert_eq!(reading.usage, Some(expected));
}

#[test]
fn nothing_but_zeros_is_no_report() {
    let zeros = json!({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0});
    let reading = read(DialectId::Chat, &[chat(&zeros), chat(&Value::Null)]);
    assert_eq!((reading.usage, reading.implausible), (None, false));
}

#[test]
fn reasoning_left_out_of_the_completion_is_found_in_the_total() {
    let usage = json!({
        "prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135,
        "completion_tokens_details": {"reasoning_tokens": 94},
    });
    let usage = read(DialectId::Chat, &[chat(&usage)]).usage.unwrap();
    assert_eq!((usage.output, usage.reasoning, usage.total()), (103, 94, 135));
}

#[test]
fn images_are_parts_of_input_and_output() {
    let details = json!({"image_tokens": 300, "text_tokens": 50, "cached_tokens": 40});
    let made = json!({"image_tokens": 1_056, "text_tokens": 4});
    let modality = |name: &str, count: u64| json!({"modality": name, "tokenCount": count});
    for (dialect, frame) in [
        (
            DialectId::Responses,
            completed(&json!({
                "input_tokens": 350, "input_tokens_details": details,
                "output_tokens": 1_060, "output_tokens_details": made,
            })),
        ),
        (
            DialectId::Chat,
            chat(&json!({
                "prompt_tokens": 350, "prompt_tokens_details": details,
                "completion_tokens": 1_060, "completion_tokens_details": made,
            })),
        ),
        (
            DialectId::Gemini,
            gemini(&json!({
                "promptTokenCount": 350, "cachedContentTokenCount": 40, "candidatesTokenCount": 1_060,
                "promptTokensDetails": [modality("TEXT", 50), modality("IMAGE", 300)],
                "candidatesTokensDetails": [modality("IMAGE", 1_056), modality("TEXT", 4)],
            })),
        ),
    ] {
        let expected = Usage {
            input: 310,
            cache_read: 40,
            output: 1_060,
            image_input: 300,
            image_output: 1_056,
            ..Usage::default()
        };
        assert_eq!(read(dialect, &[frame]).usage, Some(expected), "{dialect}");
    }
    let odd = json!({
        "prompt_tokens": 9, "completion_tokens": 3, "completion_tokens_details": {"image_tokens": 4},
    });
    let reading = read(DialectId::Chat, &[chat(&odd)]);
    assert!(reading.implausible && reading.usage.is_none(), "a part above its whole");
}

#[test]
fn both_spellings_at_once_are_borne() {
    let usage = json!({
        "prompt_tokens": 9, "input_tokens": 9, "completion_tokens": 3, "output_tokens": 3,
        "total_tokens": 12,
    });
    let usage = read(DialectId::Chat, &[chat(&usage)]).usage.unwrap();
    assert_eq!((usage.input, usage.output), (9, 3));
}

#[test]
fn the_tail_of_a_large_body_is_enough() {
    let tail = br#"sage\":{\"input_tokens\":9}"}],"usage":{"input_tokens":100,"output_tokens":20,"input_tokens_details":{"cached_tokens":60}},"user":null,"metadata":{"note":"\"usage\": {}"}}"#;
    let usage = usage_in_tail(DialectId::Responses, tail).unwrap();
    assert_eq!((usage.input, usage.cache_read, usage.output), (40, 60, 20));
    let tail = b"\xFF\xFE\"usageMetadata\" : {\"promptTokenCount\": 5, \"totalTokenCount\": 5}\n}";
    assert_eq!(usage_in_tail(DialectId::Gemini, tail).unwrap().input, 5);
    for none in
        [&b""[..], b"\"usage\"", b"\"usage\":", b"\"usage\":{\"input_tokens\":", b"\"usage\":null"]
    {
        assert_eq!(usage_in_tail(DialectId::Messages, none), None);
    }
    let odd = br#""usage":{"input_tokens":-1}"#;
    assert_eq!(usage_in_tail(DialectId::Messages, odd), None);
}

prop_compose! {
    /// Six counts, each at most a million.
    fn counts()(counts in [0u64..1_000_000, 0..1_000_000, 0..1_000_000, 0..1_000_000, 0..1_000_000, 0..1_000_000]) -> [u64; 6] {
        counts
    }
}

proptest! {
    #[test]
    fn openai_buckets_sum_to_the_total([fresh, cached, written, said, reasoning, _] in counts()) {
        let (input, output) = (fresh + cached + written, said + reasoning);
        prop_assume!(input + output > 0);
        let expected = Usage {
            input: fresh, cache_read: cached, cache_write_5m: written, output, reasoning,
            ..Usage::default()
        };
        let details = json!({"cached_tokens": cached, "cache_write_tokens": written});
        let responses = json!({
            "input_tokens": input, "input_tokens_details": details, "output_tokens": output,
            "output_tokens_details": {"reasoning_tokens": reasoning}, "total_tokens": input + output,
        });
        let usage = read(DialectId::Responses, &[completed(&responses)]).usage.unwrap();
        prop_assert_eq!((usage, usage.total()), (expected, input + output));
        let completion = json!({
            "prompt_tokens": input, "prompt_tokens_details": details, "completion_tokens": output,
            "completion_tokens_details": {"reasoning_tokens": reasoning}, "total_tokens": input + output,
        });
        let frames = [chat(&completion), chat(&completion)];
        let usage = read(DialectId::Chat, &frames).usage.unwrap();
        prop_assert_eq!((usage, usage.total()), (expected, input + output));
    }

    #[test]
    fn anthropic_buckets_are_those_reported([fresh, read_back, short, long, said, thought] in counts()) {
        let output = said + thought;
        prop_assume!(fresh + read_back + short + long + output > 0);
        let start = json!({
            "input_tokens": fresh, "cache_read_input_tokens": read_back,
            "cache_creation_input_tokens": short + long,
            "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
            "output_tokens": output.min(1),
        });
        let early = json!({"output_tokens": said / 2});
        let late = json!({
            "input_tokens": fresh, "cache_creation_input_tokens": short + long,
            "output_tokens": output, "output_tokens_details": {"thinking_tokens": thought},
        });
        let frames = [message_start(&start), message_delta(&early), message_delta(&late)];
        let usage = read(DialectId::Messages, &frames).usage.unwrap();
        let expected = Usage {
            input: fresh, cache_read: read_back, cache_write_5m: short, cache_write_1h: long,
            output, reasoning: thought, ..Usage::default()
        };
        prop_assert_eq!(usage, expected);
    }

    #[test]
    fn gemini_buckets_sum_to_the_total([fresh, cached, tool, said, thought, _] in counts()) {
        let total = fresh + cached + tool + said + thought;
        prop_assume!(total > 0);
        let half = json!({"promptTokenCount": fresh + cached, "candidatesTokenCount": said / 2});
        let full = json!({
            "promptTokenCount": fresh + cached, "cachedContentTokenCount": cached,
            "toolUsePromptTokenCount": tool, "candidatesTokenCount": said,
            "thoughtsTokenCount": thought, "totalTokenCount": total,
        });
        let usage = read(DialectId::Gemini, &[gemini(&half), gemini(&full)]).usage.unwrap();
        let expected = Usage {
            input: fresh + tool, cache_read: cached, output: said + thought, reasoning: thought,
            ..Usage::default()
        };
        prop_assert_eq!((usage, usage.total()), (expected, total));
    }

    #[test]
    fn random_tails_never_panic(tail in proptest::collection::vec(any::<u8>(), 0..100)) {
        let tail = [b"\"usage\":", &tail[..]].concat();
        for dialect in DialectId::ALL {
            let _ = usage_in_tail(dialect, &tail);
        }
    }
}
