//! Taps: what each recorded answer is read as, frame by frame, and that nothing breaks one.
#![cfg(test)]

use std::fmt::Write;

use bytes::Bytes;
use proptest::prelude::*;
use realms_dialect::{
    Frame, Framer, JsonArrayFramer, Reading, Sight, SseFramer, Tap, estimate, tap,
};
use realms_types::{DialectId, Usage};

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../fixtures/dialect/", $path)).as_slice()
    };
}

fn frames(framer: Framer, stream: &[u8], mut each: impl FnMut(&Frame<'_>)) {
    let mut framer = framer;
    let batch = framer.push(Bytes::copy_from_slice(stream)).unwrap();
    batch.frames().for_each(|frame| each(&frame));
}

fn read(dialect: DialectId, stream: &[u8]) -> (Box<dyn Tap>, Vec<Sight>) {
    let mut tap = tap(dialect);
    let mut sights = Vec::new();
    frames(Framer::Sse(SseFramer::new()), stream, |frame| sights.push(tap.frame(frame)));
    (tap, sights)
}

fn read_body(dialect: DialectId, body: &[u8]) -> (Box<dyn Tap>, Sight) {
    let mut tap = tap(dialect);
    let sight = tap.body(body);
    (tap, sight)
}

/// The sights of a stream, equal ones in a row counted, and the reading in the end.
fn story(tap: &dyn Tap, sights: &[Sight]) -> String {
    let mut story = String::new();
    for run in sights.chunk_by(|a, b| a == b) {
        match &run[0] {
            Sight::Fault(fault) => writeln!(story, "{fault:#?}"),
            sight => writeln!(story, "{sight:?} x{}", run.len()),
        }
        .unwrap();
    }
    write!(story, "{:#?}", tap.reading()).unwrap();
    story
}

macro_rules! stories {
    ($($name:ident: $dialect:ident $path:literal;)+) => {$(
        #[test]
        fn $name() {
            let (tap, sights) = read(DialectId::$dialect, fixture!($path));
            insta::assert_snapshot!(story(&*tap, &sights));
        }
    )+};
}

macro_rules! body_stories {
    ($($name:ident: $dialect:ident $path:literal;)+) => {$(
        #[test]
        fn $name() {
            let (tap, sight) = read_body(DialectId::$dialect, fixture!($path));
            insta::assert_snapshot!(story(&*tap, &[sight]));
        }
    )+};
}

stories! {
    responses_text: Responses "responses/text.sse";
    responses_tool_call: Responses "responses/tool_call.sse";
    responses_codex_minimal: Responses "responses/codex_minimal.sse";
    responses_failed: Responses "responses/failed.sse";
    responses_error_midway: Responses "responses/error_midway.sse";
    responses_incomplete: Responses "responses/incomplete.sse";
    chat_text: Chat "chat/text.sse";
    chat_tool_call: Chat "chat/tool_call.sse";
    chat_two_choices: Chat "chat/two_choices.sse";
    chat_reasoning: Chat "chat/reasoning.sse";
    chat_error_first: Chat "chat/error_first.sse";
    chat_error_midway: Chat "chat/error_midway.sse";
    chat_images_stream: Chat "chat/images.sse";
    messages_text: Messages "messages/text.sse";
    messages_tool_use: Messages "messages/tool_use.sse";
    messages_error_first: Messages "messages/error_first.sse";
    messages_error_midway: Messages "messages/error_midway.sse";
    gemini_text: Gemini "gemini/text.sse";
    gemini_tool_call: Gemini "gemini/tool_call.sse";
    gemini_blocked: Gemini "gemini/blocked.sse";
    gemini_error_first: Gemini "gemini/error_first.sse";
    gemini_error_midway: Gemini "gemini/error_midway.sse";
}

body_stories! {
    responses_body: Responses "responses/body.json";
    responses_error_in_200: Responses "responses/error_in_200.json";
    chat_body: Chat "chat/body.json";
    embeddings_body: Chat "chat/embeddings.json";
    images_body: Chat "chat/images.json";
    transcription_body: Chat "chat/transcription.json";
    rerank_body: Chat "chat/rerank.json";
    messages_body: Messages "messages/body.json";
    messages_error_in_200: Messages "messages/error_in_200.json";
    gemini_body: Gemini "gemini/body.json";
    gemini_error_array: Gemini "gemini/error_array.json";
}

#[test]
fn an_array_reads_as_the_same_stream_of_events_does() {
    let (events, sights) = read(DialectId::Gemini, fixture!("gemini/text.sse"));
    let array = fixture!("gemini/array.json");
    let mut elements = tap(DialectId::Gemini);
    let mut seen = Vec::new();
    let framer = Framer::JsonArray(JsonArrayFramer::new());
    frames(framer, array, |frame| seen.push(elements.frame(frame)));
    assert_eq!((seen, elements.reading()), (sights, events.reading()));
    let (whole, sight) = read_body(DialectId::Gemini, array);
    assert_eq!((sight, whole.reading()), (Sight::End, events.reading()));
}

#[test]
fn what_is_no_json_is_no_answer() {
    for dialect in DialectId::ALL {
        for body in [&b""[..], b"<!DOCTYPE html><html>", b"upstream error", b"null", b"[1", b"7"] {
            let (tap, sight) = read_body(dialect, body);
            assert_eq!(sight, Sight::Noise, "{dialect}: {body:?}");
            assert!(!tap.reading().ended);
        }
    }
}

#[test]
fn an_empty_error_beside_an_answer_is_no_fault() {
    for error in ["null", "\"\"", "{}"] {
        let frame = format!(
            r#"data: {{"error":{error},"choices":[{{"index":0,"delta":{{"content":"x"}}}}]}}"#
        );
        assert_eq!(tap(DialectId::Chat).frame(&Frame::new(frame.as_bytes())), Sight::Meaningful);
    }
}

#[test]
fn a_frame_that_cannot_be_read_is_passed_over() {
    for dialect in DialectId::ALL {
        let mut tap = tap(dialect);
        for frame in
            ["data: {\"type\":", "data: \u{1}", ": ping", "event: x", "data: []", "data: {}"]
        {
            assert_eq!(tap.frame(&Frame::new(frame.as_bytes())), Sight::Noise, "{dialect} {frame}");
        }
        assert_eq!(tap.reading(), &Reading::default());
    }
}

#[test]
fn events_without_names_are_known_by_their_type_and_the_other_way_round() {
    let only_name = b"event: message_stop\ndata: {}";
    assert_eq!(tap(DialectId::Messages).frame(&Frame::new(only_name)), Sight::End);
    let only_type = br#"data: {"type":"response.output_text.delta","delta":"x"}"#;
    assert_eq!(tap(DialectId::Responses).frame(&Frame::new(only_type)), Sight::Meaningful);
}

#[test]
fn what_is_told_of_an_account_is_kept_and_is_no_content() {
    let event = |used: u8, name: &str| {
        format!(
            r#"{{"type":"codex.rate_limits","metered_limit_name":"{name}","rate_limits":{{"primary":{{"used_percent":{used}}}}}}}"#
        )
    };
    let told = [event(1, "codex"), event(2, "codex"), event(3, "codex_other")];
    let stream = format!("data: {}\n\n", told.join("\n\ndata: "));
    let (tap, sights) = read(DialectId::Responses, stream.as_bytes());
    assert_eq!(sights, [Sight::Noise, Sight::Noise, Sight::Noise]);
    assert_eq!(tap.account_limits(), Some(told[1].as_str()));
    assert_eq!(tap.reading(), &Reading::default());
    for (dialect, stream) in [
        (DialectId::Responses, fixture!("responses/text.sse")),
        (DialectId::Chat, stream.as_bytes()),
    ] {
        assert_eq!(read(dialect, stream).0.account_limits(), None, "{dialect}");
    }
}

#[test]
fn a_stream_cut_in_the_middle_has_not_ended() {
    let whole = [
        (DialectId::Responses, fixture!("responses/text.sse")),
        (DialectId::Chat, fixture!("chat/tool_call.sse")),
        (DialectId::Messages, fixture!("messages/text.sse")),
        (DialectId::Gemini, fixture!("gemini/text.sse")),
    ];
    for (dialect, stream) in whole {
        let (cut, sights) = read(dialect, &stream[..stream.len() * 2 / 3]);
        assert!(cut.reading().meaningful && !cut.reading().ended, "{dialect}");
        assert!(sights.iter().all(|sight| matches!(sight, Sight::Noise | Sight::Meaningful)));
    }
}

#[test]
fn an_estimate_keeps_what_was_reported_and_covers_what_was_seen() {
    let (tap, _) = read(DialectId::Messages, fixture!("messages/error_midway.sse"));
    let usage = estimate(10_000, tap.reading());
    assert_eq!((usage.total_input(), usage.output), (20_512, 2));
    let reading = Reading { output_chars: 7, ..Reading::default() };
    let expected = Usage { input: 2, output: 2, ..Usage::default() };
    assert_eq!(estimate(7, &reading), expected);
    assert_eq!(estimate(0, &Reading::default()), Usage::default());
}

proptest! {
    #[test]
    fn random_frames_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        json in r#"\{("(type|delta|usage|choices|error|message|item|response)":(\{\}|\[\]|null|1|"x"),?){0,5}\}"#,
    ) {
        for dialect in DialectId::ALL {
            let mut tap = tap(dialect);
            tap.frame(&Frame::new(&bytes));
            tap.frame(&Frame::element(&bytes));
            tap.frame(&Frame::element(json.as_bytes()));
            tap.body(&bytes);
            tap.body(json.as_bytes());
        }
    }

    #[test]
    fn broken_fixtures_never_panic(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        for (dialect, stream) in [
            (DialectId::Responses, fixture!("responses/tool_call.sse")),
            (DialectId::Chat, fixture!("chat/tool_call.sse")),
            (DialectId::Messages, fixture!("messages/tool_use.sse")),
            (DialectId::Gemini, fixture!("gemini/text.sse")),
        ] {
            let mut broken = stream.to_vec();
            broken[at.index(stream.len())] = with;
            read(dialect, &broken);
            tap(dialect).body(&broken);
        }
    }
}

#[test]
fn text_is_counted_whatever_a_report_says() {
    let body = |usage: &str| {
        format!(
            r#"{{"id":"resp_1","object":"response","status":"completed","output":[
                {{"type":"web_search_call","id":"ws_1"}},
                {{"type":"message","content":[{{"type":"output_text","text":"seven letters"}}]}}
            ]{usage}}}"#
        )
    };
    for usage in ["", r#","usage":null"#, r#","usage":{}"#, r#","usage":{"output_tokens":-1}"#] {
        let mut tap = tap(DialectId::Responses);
        assert_eq!(tap.body(body(usage).as_bytes()), Sight::End, "{usage}");
        assert_eq!((tap.reading().usage, tap.reading().output_chars), (None, 13), "{usage}");
        assert!(realms_dialect::estimate(100, tap.reading()).output > 0, "{usage}");
    }
    let mut tap = tap(DialectId::Responses);
    let told = r#","usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15}"#;
    tap.body(body(told).as_bytes());
    assert_eq!(tap.reading().output_chars, 13, "whether the report can be true is seen by it");
    let usage = tap.reading().usage.unwrap();
    assert_eq!((usage.output, usage.tool_calls), (5, 1), "what is billed by the piece is counted");
}

#[test]
fn images_are_counted_where_an_answer_shows_them() {
    let count = |dialect, body: &str| {
        let mut tap = tap(dialect);
        tap.body(body.as_bytes());
        tap.reading().images
    };
    let images =
        r#"{"created":1,"data":[{"b64_json":"aW0="},{"url":"https://a.example/1.png"},{}]}"#;
    assert_eq!(count(DialectId::Chat, images), 2, "without a usage too");
    let vectors = r#"{"object":"list","data":[{"object":"embedding","embedding":[0.5]}]}"#;
    assert_eq!(count(DialectId::Chat, vectors), 0);
    let calls = r#"{"id":"resp_1","status":"completed","output":[
        {"type":"image_generation_call","status":"completed","result":"aW0="},
        {"type":"image_generation_call","status":"failed","result":null},
        {"type":"message","content":[{"type":"output_text","text":"here"}]}]}"#;
    assert_eq!(count(DialectId::Responses, calls), 1, "one failed");
    let parts = r#"{"candidates":[{"finishReason":"STOP","content":{"parts":[
        {"inlineData":{"mimeType":"image/png","data":"aW0="},"thought":true},
        {"inlineData":{"mimeType":"image/png","data":"aW0="}},
        {"inlineData":{"mimeType":"audio/wav","data":"aW0="}}]}}]}"#;
    assert_eq!(count(DialectId::Gemini, parts), 1, "what it thought of is no answer");
}

#[test]
fn an_image_of_a_stream_is_counted_once() {
    let mut of_responses = tap(DialectId::Responses);
    let item = r#"{"type":"image_generation_call","status":"completed","result":"aW0="}"#;
    for event in [
        r#"{"type":"response.image_generation_call.partial_image","partial_image_b64":"aQ=="}"#
            .to_owned(),
        format!(r#"{{"type":"response.output_item.done","item":{item}}}"#),
        format!(r#"{{"type":"response.completed","response":{{"output":[{item}]}}}}"#),
    ] {
        of_responses.frame(&Frame::new(format!("data: {event}").as_bytes()));
    }
    assert_eq!(of_responses.reading().images, 1);
    let mut of_images = tap(DialectId::Chat);
    for event in ["image_generation.partial_image", "image_generation.completed"] {
        let data = format!(r#"data: {{"type":"{event}","b64_json":"aW0="}}"#);
        of_images.frame(&Frame::new(data.as_bytes()));
    }
    assert_eq!(of_images.reading().images, 1);
}
