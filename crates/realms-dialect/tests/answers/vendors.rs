//! What vendors do beyond the specifications, and how it is read.

use realms_dialect::{
    AnswerIntent, Decoder, Delivery, Encoder, Event, Outcome, PartHead, Seal, SealKind, Stop,
    ToolAlias, ToolKind,
};
use realms_types::{DialectId, Usage};

use super::{
    strict,
    support::{
        assert_order, decode_body, decode_stream, encode, encode_stream, encode_whole, fold, intent,
    },
};

/// A stream of these data lines.
fn sse(lines: &[&str]) -> Vec<u8> {
    lines.iter().flat_map(|line| format!("data: {line}\n\n").into_bytes()).collect()
}

/// The parts of the first choice as `kind:text`, and its stop.
fn read(dialect: DialectId, stream: &[u8]) -> (Vec<String>, Option<Stop>) {
    let events = decode_stream(dialect, stream, &[]);
    assert_order(&events);
    let answer = fold(&events);
    let Some(choice) = answer.choices.first() else {
        return (Vec::new(), None);
    };
    let word = |part: &realms_dialect::AnswerPart| match &part.head {
        PartHead::Text => format!("text:{}", part.text),
        PartHead::Thinking(_) => format!("thinking:{}", part.text),
        PartHead::Sealed => "sealed".to_owned(),
        PartHead::Refusal => format!("refusal:{}", part.text),
        PartHead::ToolCall(call) => {
            format!("{}={}:{}", call.name, call.id.as_deref().unwrap_or("-"), part.text)
        }
        PartHead::Foreign(foreign) => foreign.kind.clone(),
    };
    (choice.parts.iter().map(word).collect(), choice.stop.clone())
}

fn chat(deltas: &[&str], end: &[&str]) -> (Vec<String>, Option<Stop>) {
    let chunk = |delta: &&str| format!(r#"{{"id":"c","choices":[{{"delta":{delta}}}]}}"#);
    let mut lines: Vec<String> = deltas.iter().map(chunk).collect();
    lines.extend(end.iter().map(|line| (*line).to_owned()));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    read(DialectId::Chat, &sse(&lines))
}

const STOP: &str = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
const DONE: &str = "[DONE]";

/// Why, the deltas, and the parts they are.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

fn calls_of_chat(cases: &[Case]) {
    for (why, deltas, parts) in cases {
        let (read, stop) = chat(deltas, &[STOP, DONE]);
        assert_eq!(read, *parts, "{why}");
        assert_eq!(stop, Some(Stop::ToolUse), "{why}");
    }
}

#[test]
fn calls_of_chat_are_told_apart_whatever_their_index() {
    calls_of_chat(&[
        (
            "no index: by id",
            &[
                r#"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\""}}]}"#,
                r#"{"tool_calls":[{"id":"a","function":{"arguments":":1}"}}]}"#,
                r#"{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"{}"}}]}"#,
            ],
            &[r#"f=a:{"x":1}"#, "g=b:{}"],
        ),
        (
            "no index, no id in what follows: the last one",
            &[
                r#"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":""}}]}"#,
                r#"{"tool_calls":[{"function":{"arguments":"{}"}}]}"#,
            ],
            &["f=a:{}"],
        ),
        (
            "the same index for all: by id",
            &[
                r#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}"#,
                r#"{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]}"#,
            ],
            &["f=a:{}", "f=b:{}"],
        ),
        (
            "the same id in every fragment",
            &[
                r#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}"#,
                r#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}]}"#,
            ],
            &["f=a:{}"],
        ),
        (
            "neither index nor id: a name behind whole arguments",
            &[
                r#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]}"#,
                r#"{"tool_calls":[{"index":0,"function":{"name":"g","arguments":"{}"}}]}"#,
            ],
            &["f=-:{}", "g=-:{}"],
        ),
    ]);
}

#[test]
fn names_and_arguments_of_calls_of_chat_are_read_in_every_form() {
    calls_of_chat(&[
        (
            "the name comes late",
            &[
                r#"{"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{\"x\""}}]}"#,
                r#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":":1}"}}]}"#,
            ],
            &[r#"f=a:{"x":1}"#],
        ),
        (
            "arguments as an object, as null, as nothing",
            &[
                r#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":{"x": 1}}}]}"#,
                r#"{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"null"}}]}"#,
                r#"{"tool_calls":[{"index":2,"id":"c","function":{"name":"h"}}]}"#,
            ],
            &[r#"f=a:{"x":1}"#, "g=b:{}", "h=c:{}"],
        ),
        (
            "the call of old",
            &[
                r#"{"function_call":{"name":"f","arguments":"{\"x\""}}"#,
                r#"{"function_call":{"arguments":":1}"}}"#,
            ],
            &[r#"f=-:{"x":1}"#],
        ),
    ]);
}

#[test]
fn thinking_of_chat_is_read_under_its_names() {
    for delta in [
        r#"{"reasoning_content":"hm","content":null}"#,
        r#"{"reasoning":"hm","content":""}"#,
        r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}"#,
    ] {
        let (parts, _) = chat(&[delta, r#"{"content":"yes"}"#], &[STOP]);
        assert_eq!(parts, ["thinking:hm", "text:yes"], "{delta}");
    }
}

#[test]
fn a_stream_of_chat_is_whole_by_its_reason_or_by_done() {
    let text = r#"{"content":"a"}"#;
    for (end, whole) in [
        (&[STOP][..], true),
        (&[DONE], true),
        (&[STOP, r#"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#], true),
        (&[], false),
    ] {
        let (parts, stop) = chat(&[text], end);
        assert_eq!(parts, ["text:a"]);
        assert_eq!(stop.is_some(), whole, "{end:?}");
    }
    // Done behind nothing is no answer.
    let events = decode_stream(DialectId::Chat, &sse(&[DONE]), &[]);
    assert!(matches!(events.as_slice(), [Event::Fault(_)]), "{events:?}");
}

#[test]
fn bodies_that_are_no_answers_are_faults() {
    for dialect in DialectId::ALL {
        for body in ["", "<html>", "{}", r#"{"object":"list","data":[]}"#, "null"] {
            let events = decode_body(dialect, body.as_bytes());
            assert!(matches!(events.last(), Some(Event::Fault(_))), "{dialect} {body}: {events:?}");
            for client in DialectId::ALL {
                let encoded = encode_whole(client, &events);
                assert!(matches!(encoded.outcome, Outcome::Failed(_)));
                assert!(serde_json::from_slice::<serde_json::Value>(&encoded.bytes).is_ok());
            }
        }
    }
}

#[test]
fn blocks_of_messages_without_their_starts_are_read() {
    let stream = sse(&[
        r#"{"type":"message_start","message":{"id":"m"}}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
        r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}}"#,
        r#"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"x": 1}}}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#,
    ]);
    let (parts, stop) = read(DialectId::Messages, &stream);
    assert_eq!(parts, ["thinking:hm", "text:a", r#"f=t:{"x":1}"#]);
    assert_eq!(stop, Some(Stop::ToolUse));
}

#[test]
fn calls_of_gemini_get_stable_names_that_clients_can_send_back() {
    let body = br#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}},{"functionCall":{"name":"f"}}]},"finishReason":"STOP"}]}"#;
    let events = decode_body(DialectId::Gemini, body);
    for (client, prefix) in [
        (DialectId::Messages, "toolu_"),
        (DialectId::Chat, "call_"),
        (DialectId::Responses, "call_"),
    ] {
        let ids = |bytes: &[u8]| {
            let answer = fold(&decode_stream(client, bytes, &[]));
            let parts = answer.choices.into_iter().flat_map(|choice| choice.parts);
            let id = |part: realms_dialect::AnswerPart| match part.head {
                PartHead::ToolCall(call) => call.id,
                _ => None,
            };
            parts.filter_map(id).collect::<Vec<_>>()
        };
        let (first, again) = (encode_stream(client, &events), encode_stream(client, &events));
        let ids = (ids(&first.bytes), ids(&again.bytes));
        assert_eq!(ids.0, ids.1);
        assert_eq!(ids.0.len(), 2);
        assert!(ids.0.iter().all(|id| id.starts_with(prefix)) && ids.0[0] != ids.0[1], "{ids:?}");
    }
}

#[test]
fn a_seal_goes_through_a_client_of_another_dialect_and_comes_back() {
    let gemini = br#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"U2ln"}]},"finishReason":"STOP"}]}"#;
    let events = decode_body(DialectId::Gemini, gemini);
    let sealed = |kind| Seal { dialect: DialectId::Gemini, kind, value: "U2ln".to_owned() };
    for client in [DialectId::Messages, DialectId::Responses] {
        for encoded in [encode_stream(client, &events), encode_whole(client, &events)] {
            assert!(encoded.losses.is_empty(), "{:?}", encoded.losses);
            let text = String::from_utf8(encoded.bytes).unwrap();
            let at = text.find(realms_dialect::SEAL_MARK).unwrap();
            let envelope: String = text[at..].chars().take_while(|c| *c != '"').collect();
            assert_eq!(Seal::open(&envelope), Some(sealed(SealKind::Part)));
            // The thought that carries it comes before the call it belongs to.
            assert!(at < text.find("\"name\":\"f\"").unwrap());
        }
    }
    let chat = encode_stream(DialectId::Chat, &events);
    assert!(chat.losses.is_empty());
    let text = String::from_utf8(chat.bytes).unwrap();
    assert!(text.contains(r#""extra_content":{"google":{"thought_signature":"U2ln"}}"#), "{text}");
}

#[test]
fn what_a_client_did_not_ask_for_is_a_loss_by_name() {
    let body = br#"{"type":"message","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"a"}],"stop_reason":"end_turn"}"#;
    let events = decode_body(DialectId::Messages, body);
    for client in DialectId::ALL {
        for delivery in [Delivery::Whole, Delivery::Events] {
            let quiet = AnswerIntent { thinking: false, sealed: false, ..intent(delivery) };
            let encoded = encode(client, quiet, &events);
            let text = String::from_utf8(encoded.bytes).unwrap();
            assert!(!text.contains("hm"), "{client}: {text}");
            let lost: Vec<&str> =
                encoded.losses.named().iter().map(|loss| loss.path.as_ref()).collect();
            assert_eq!(lost, ["thinking", "thinking.signature", "thinking.sealed"], "{client}");
        }
    }
}

#[test]
fn a_custom_tool_that_went_out_as_a_function_comes_back_as_itself() {
    let body = br#"{"type":"message","content":[{"type":"tool_use","id":"t","name":"functions_exec","input":{"input":"ls()\n"}}],"stop_reason":"tool_use"}"#;
    let events = decode_body(DialectId::Messages, body);
    let alias = ToolAlias {
        sent: "functions_exec".into(),
        name: "exec".into(),
        namespace: Some("functions".into()),
        kind: ToolKind::Custom,
    };
    for delivery in [Delivery::Whole, Delivery::Events] {
        let known = AnswerIntent { tools: vec![alias.clone()], ..intent(delivery) };
        let encoded = encode(DialectId::Responses, known, &events);
        if delivery == Delivery::Events {
            strict::check(DialectId::Responses, &encoded.bytes);
        }
        let text = String::from_utf8(encoded.bytes).unwrap();
        let item = r#""type":"custom_tool_call","status":"completed","call_id":"t","name":"exec","namespace":"functions","input":"ls()\n""#;
        assert!(text.contains(item), "{text}");
    }
}

#[test]
fn the_same_call_of_a_custom_tool_is_one_member_where_tools_take_objects() {
    let body = br#"{"id":"c","choices":[{"message":{"tool_calls":[{"id":"x","type":"custom","custom":{"name":"exec","input":"a \"b\""}}]},"finish_reason":"tool_calls"}]}"#;
    let events = decode_body(DialectId::Chat, body);
    for client in [DialectId::Messages, DialectId::Gemini] {
        let encoded = encode_whole(client, &events);
        let text = String::from_utf8(encoded.bytes).unwrap();
        assert!(text.contains(r#"{"input":"a \"b\""}"#), "{text}");
        assert_eq!(encoded.losses.named()[0].path, "tool_call.custom");
    }
}

#[test]
fn a_cut_stream_is_never_told_as_a_finish() {
    for dialect in DialectId::ALL {
        let stream = match dialect {
            DialectId::Responses => sse(&[r#"{"type":"response.output_text.delta","delta":"a"}"#]),
            DialectId::Chat => sse(&[r#"{"choices":[{"delta":{"content":"a"}}]}"#]),
            DialectId::Messages => sse(&[
                r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#,
            ]),
            DialectId::Gemini => sse(&[r#"{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"#]),
        };
        let events = decode_stream(dialect, &stream, &[]);
        assert_order(&events);
        let Some(Event::Fault(fault)) = events.last() else { panic!("{events:?}") };
        assert_eq!(fault.code.as_deref(), Some("stream_cut"));
        for client in DialectId::ALL {
            let told = encode_stream(client, &events).bytes;
            assert_eq!(strict::check(client, &told), strict::End::Error);
            // Also where the decoder is left alone in the middle.
            let mut encoder = Encoder::new(client, intent(Delivery::Events));
            let mut out = Vec::new();
            for event in &events[..events.len() - 1] {
                encoder.push(event.clone(), &mut out);
            }
            encoder.finish(&mut out);
            assert_eq!(strict::check(client, &out), strict::End::Error);
            assert!(matches!(encoder.outcome(), Outcome::Failed(_)));
        }
        let array = encode(DialectId::Gemini, intent(Delivery::Array), &events);
        assert_eq!(strict::check_array(&array.bytes), strict::End::Error);
    }
}

#[test]
fn an_empty_answer_is_a_whole_answer() {
    let body = br#"{"id":"c","choices":[{"message":{"content":""},"finish_reason":"stop"}]}"#;
    let events = decode_body(DialectId::Chat, body);
    assert_order(&events);
    for client in DialectId::ALL {
        let stream = encode_stream(client, &events);
        assert_eq!(strict::check(client, &stream.bytes), strict::End::Complete);
        super::goldens::same_answer(client, &stream, &encode_whole(client, &events));
    }
    let array = encode(DialectId::Gemini, intent(Delivery::Array), &events);
    assert_eq!(strict::check_array(&array.bytes), strict::End::Complete);
}

#[test]
fn usage_ends_a_stream_of_chat_only_where_it_was_asked_for() {
    let body = br#"{"id":"c","choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#;
    let events = decode_body(DialectId::Chat, body);
    for asked in [true, false] {
        let wanted = AnswerIntent { include_usage: asked, ..intent(Delivery::Events) };
        let encoded = encode(DialectId::Chat, wanted, &events);
        let text = String::from_utf8(encoded.bytes).unwrap();
        assert_eq!(text.contains("usage"), asked, "{text}");
        assert!(text.ends_with("data: [DONE]\n\n"));
    }
}

#[test]
fn messages_opens_with_the_estimate_and_closes_with_what_was_used() {
    let stream = sse(&[
        r#"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#,
        r#"{"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":2}}"#,
        DONE,
    ]);
    let events = decode_stream(DialectId::Chat, &stream, &[]);
    let known = AnswerIntent { estimated_input: 28, ..intent(Delivery::Events) };
    let encoded = encode(DialectId::Messages, known, &events);
    let text = String::from_utf8(encoded.bytes).unwrap();
    let counts: Vec<&str> = text.matches(r#""input_tokens":28"#).collect();
    assert_eq!(counts.len(), 1);
    assert!(text.contains(r#""usage":{"input_tokens":30,"#), "{text}");
}

#[test]
fn the_clients_name_of_the_model_is_shown() {
    let body = br#"{"id":"c","model":"upstream-1","choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#;
    let events = decode_body(DialectId::Chat, body);
    for client in DialectId::ALL {
        for delivery in [Delivery::Whole, Delivery::Events] {
            let named = AnswerIntent { model: Some("mine".into()), ..intent(delivery) };
            let text = String::from_utf8(encode(client, named, &events).bytes).unwrap();
            assert!(text.contains("\"mine\"") && !text.contains("upstream-1"), "{client}: {text}");
        }
    }
}

#[test]
fn a_long_answer_in_one_piece_is_bounded() {
    let mut encoder = Encoder::new(DialectId::Chat, intent(Delivery::Whole));
    let mut out = Vec::new();
    let mut decoder = Decoder::new(DialectId::Chat);
    let piece = "x".repeat(1 << 20);
    let chunk = format!(r#"data: {{"choices":[{{"delta":{{"content":"{piece}"}}}}]}}"#);
    for _ in 0..40 {
        for event in decoder.frame(&realms_dialect::Frame::new(chunk.as_bytes())) {
            encoder.push(event, &mut out);
        }
    }
    let Outcome::Failed(fault) = encoder.outcome() else { panic!("it was not bounded") };
    assert!(fault.message.contains("too large"));
    assert!(out.len() < 1024);
}

#[test]
fn usage_is_what_the_tap_reads() {
    let body = br#"{"type":"message","content":[],"stop_reason":"end_turn","usage":{"input_tokens":1,"cache_read_input_tokens":2,"cache_creation_input_tokens":3,"output_tokens":4}}"#;
    let mut decoder = Decoder::new(DialectId::Messages);
    let events = decoder.body(body);
    let usage = Usage { input: 1, cache_read: 2, cache_write_5m: 3, output: 4, ..Usage::default() };
    assert_eq!(decoder.reading().usage, Some(usage));
    assert!(events.contains(&Event::Usage(usage)));
}

#[test]
fn a_picture_of_gemini_is_one_for_clients_that_have_a_place_for_it() {
    let body = br#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0K"}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},"finishReason":"STOP"}]}"#;
    let events = decode_body(DialectId::Gemini, body);
    for (client, told) in [
        (DialectId::Chat, r#""url":"data:image/png;base64,iVBORw0K""#),
        (DialectId::Responses, r#""type":"image_generation_call","status":"completed""#),
        (DialectId::Gemini, r#""inlineData":{"mimeType":"image/png","data":"AAAA"}"#),
    ] {
        let (stream, whole) = (encode_stream(client, &events), encode_whole(client, &events));
        strict::check(client, &stream.bytes);
        super::goldens::same_answer(client, &stream, &whole);
        let text = String::from_utf8(whole.bytes).unwrap();
        assert!(text.contains(told), "{text}");
        assert_eq!(fold(&decode_body(client, text.as_bytes())).choices[0].parts.len(), 2);
    }
    let lost = encode_whole(DialectId::Messages, &events).losses;
    assert_eq!(lost.named()[0].path, "content.inlineData");
}

#[test]
fn a_source_is_told_for_the_text_it_belongs_to_though_it_comes_first() {
    let stream = include_bytes!("../../../../fixtures/dialect/messages/citations.sse");
    let events = decode_stream(DialectId::Messages, stream, &[]);
    for client in [DialectId::Responses, DialectId::Chat] {
        let text = String::from_utf8(encode_stream(client, &events).bytes).unwrap();
        assert!(text.contains(r#""start_index":0,"end_index":10"#), "{text}");
    }
}

#[test]
fn what_was_cut_off_is_told_as_incomplete_to_clients_of_responses() {
    let stream = include_bytes!("../../../../fixtures/dialect/messages/max_tokens.sse");
    let events = decode_stream(DialectId::Messages, stream, &[]);
    for encoded in
        [encode_stream(DialectId::Responses, &events), encode_whole(DialectId::Responses, &events)]
    {
        let text = String::from_utf8(encoded.bytes).unwrap();
        let item = r#""type":"function_call","status":"incomplete","call_id":"toolu_a""#;
        assert!(text.contains(item), "{text}");
    }
}

#[test]
fn calls_keep_their_order_whichever_ends_first() {
    let stream = include_bytes!("../../../../fixtures/dialect/responses/parallel_tools.sse");
    let events = decode_stream(DialectId::Responses, stream, &[]);
    for client in DialectId::ALL {
        for encoded in [encode_stream(client, &events), encode_whole(client, &events)] {
            let text = String::from_utf8(encoded.bytes).unwrap();
            assert!(
                text.find("a.rs").unwrap() < text.find("b.rs").unwrap()
                    || client == DialectId::Chat
            );
            let (a, b) = (text.find("call_a").unwrap(), text.find("call_b").unwrap());
            assert!(a < b, "{client}: {text}");
        }
    }
}
