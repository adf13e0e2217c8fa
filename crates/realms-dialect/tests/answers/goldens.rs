//! What every recorded answer becomes for a client of every dialect.

use std::fmt::Write;

use realms_dialect::{Event, Losses};
use realms_types::DialectId;

use super::{
    strict::{self, End},
    support::{
        Encoded, assert_order, canonical, decode_body, decode_fixture, decode_stream,
        encode_stream, encode_whole, fold,
    },
};

macro_rules! answers {
    ($($name:ident: $dialect:ident $path:literal;)+) => {
        /// Every recorded answer.
        pub fn all() -> Vec<(DialectId, &'static str, &'static [u8])> {
            vec![$((DialectId::$dialect, $path, fixture!($path)),)+]
        }

        $(
            #[test]
            fn $name() {
                story(stringify!($name), DialectId::$dialect, $path, fixture!($path));
            }
        )+
    };
}

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../../fixtures/dialect/", $path)).as_slice()
    };
}

answers! {
    chat_body: Chat "chat/body.json";
    chat_citations: Chat "chat/citations.json";
    chat_custom_tool: Chat "chat/custom_tool.json";
    chat_cut: Chat "chat/cut.sse";
    chat_error_first: Chat "chat/error_first.sse";
    chat_error_midway: Chat "chat/error_midway.sse";
    chat_max_tokens: Chat "chat/max_tokens.sse";
    chat_parallel_tools: Chat "chat/parallel_tools.sse";
    chat_reasoning: Chat "chat/reasoning.sse";
    chat_refusal: Chat "chat/refusal.sse";
    chat_text: Chat "chat/text.sse";
    chat_tool_call: Chat "chat/tool_call.sse";
    chat_two_choices: Chat "chat/two_choices.sse";
    chat_whole_calls: Chat "chat/whole_calls.sse";
    gemini_array: Gemini "gemini/array.json";
    gemini_blocked: Gemini "gemini/blocked.sse";
    gemini_body: Gemini "gemini/body.json";
    gemini_cut: Gemini "gemini/cut.sse";
    gemini_error_array: Gemini "gemini/error_array.json";
    gemini_error_first: Gemini "gemini/error_first.sse";
    gemini_error_midway: Gemini "gemini/error_midway.sse";
    gemini_grounded: Gemini "gemini/grounded.json";
    gemini_malformed_call: Gemini "gemini/malformed_call.sse";
    gemini_max_tokens: Gemini "gemini/max_tokens.sse";
    gemini_parallel_tools: Gemini "gemini/parallel_tools.sse";
    gemini_text: Gemini "gemini/text.sse";
    gemini_thinking_tools: Gemini "gemini/thinking_tools.sse";
    gemini_tool_call: Gemini "gemini/tool_call.sse";
    gemini_two_candidates: Gemini "gemini/two_candidates.json";
    messages_body: Messages "messages/body.json";
    messages_citations: Messages "messages/citations.sse";
    messages_cut: Messages "messages/cut.sse";
    messages_error_first: Messages "messages/error_first.sse";
    messages_error_in_200: Messages "messages/error_in_200.json";
    messages_error_midway: Messages "messages/error_midway.sse";
    messages_max_tokens: Messages "messages/max_tokens.sse";
    messages_parallel_tools: Messages "messages/parallel_tools.sse";
    messages_refusal: Messages "messages/refusal.sse";
    messages_stop_sequence: Messages "messages/stop_sequence.json";
    messages_text: Messages "messages/text.sse";
    messages_thinking_tools: Messages "messages/thinking_tools.sse";
    messages_tool_use: Messages "messages/tool_use.sse";
    responses_body: Responses "responses/body.json";
    responses_citations: Responses "responses/citations.json";
    responses_codex_minimal: Responses "responses/codex_minimal.sse";
    responses_custom_tool: Responses "responses/custom_tool.sse";
    responses_cut: Responses "responses/cut.sse";
    responses_error_in_200: Responses "responses/error_in_200.json";
    responses_error_midway: Responses "responses/error_midway.sse";
    responses_failed: Responses "responses/failed.sse";
    responses_incomplete: Responses "responses/incomplete.sse";
    responses_parallel_tools: Responses "responses/parallel_tools.sse";
    responses_refusal: Responses "responses/refusal.sse";
    responses_text: Responses "responses/text.sse";
    responses_tool_call: Responses "responses/tool_call.sse";
}

/// One snapshot of the events, and one for each client: losses, frames, body.
fn story(name: &str, dialect: DialectId, path: &str, bytes: &[u8]) {
    let events = decode_fixture(dialect, path, bytes);
    assert_order(&events);
    let mut told = String::new();
    for event in &events {
        writeln!(told, "{event:?}").unwrap();
    }
    insta::assert_snapshot!(format!("{name}__events"), told);
    for client in DialectId::ALL {
        let (stream, whole) = (encode_stream(client, &events), encode_whole(client, &events));
        let end = strict::check(client, &stream.bytes);
        assert_eq!(end == End::Complete, events.contains(&Event::Finish), "{client}");
        if end == End::Complete {
            same_answer(client, &stream, &whole);
        }
        let story = format!(
            "{:?}\n{}--- frames\n{}--- body\n{}",
            stream.outcome,
            losses(&stream.losses),
            String::from_utf8(stream.bytes).unwrap().replace("\r\n", "\n"),
            String::from_utf8(whole.bytes).unwrap(),
        );
        insta::assert_snapshot!(format!("{name}__{client}"), story);
    }
}

/// The stream adds up to the body, and both lost the same.
pub fn same_answer(client: DialectId, stream: &Encoded, whole: &Encoded) {
    let streamed = fold(&decode_stream(client, &stream.bytes, &[]));
    let at_once = fold(&decode_body(client, &whole.bytes));
    assert_eq!(canonical(streamed, client), canonical(at_once, client), "{client}");
    let sorted = |losses: &Losses| {
        let mut named: Vec<_> = losses.named().to_vec();
        named.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
        named
    };
    assert_eq!(sorted(&stream.losses), sorted(&whole.losses), "{client}");
}

fn losses(losses: &Losses) -> String {
    let mut told = String::new();
    for loss in losses.named() {
        writeln!(told, "{} {}: {}", loss.kind.name(), loss.path, loss.why).unwrap();
    }
    told
}
