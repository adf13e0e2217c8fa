use realms_dialect::UpstreamFault;

use super::*;

const ASKED: Asked<'static> = Asked {
    dialect: DialectId::Messages,
    model: "claude-sonnet-4-5",
    stream: true,
    usage: false,
    tool: false,
    size: 200,
    limit: Some(16),
};

fn reading() -> Reading {
    Reading {
        usage: Some(Usage { input: 20, output: 4, ..Usage::default() }),
        output_chars: 12,
        meaningful: true,
        ended: true,
        model: Some("claude-sonnet-4-5-20250929".to_owned()),
        ..Reading::default()
    }
}

fn came(reading: &Reading) -> Came<'_> {
    Came {
        is_success: true,
        content_type: Some("text/event-stream; charset=utf-8"),
        framed: true,
        is_failure: false,
        reading,
        end: BodyEnd::Whole,
        pace: Pace::default(),
        tools: &[],
    }
}

fn call(arguments: &str) -> ToolCall {
    ToolCall { name: "book_trip".to_owned(), arguments: arguments.to_owned() }
}

#[test]
fn a_good_answer_has_no_findings() {
    let reading = reading();
    assert_eq!(judge(ASKED, came(&reading)), []);
    let whole = Came { framed: false, content_type: Some("application/json"), ..came(&reading) };
    assert_eq!(judge(Asked { stream: false, ..ASKED }, whole), []);
    let array = Came { content_type: Some("application/json"), ..came(&reading) };
    assert_eq!(judge(Asked { dialect: DialectId::Gemini, ..ASKED }, array), []);
}

#[test]
fn a_success_that_is_none_is_told_and_nothing_besides() {
    let nothing = Reading::default();
    let good = reading();
    for (came, expected) in [
        (Came { is_failure: true, ..came(&nothing) }, vec![Finding::FalseSuccess]),
        (came(&nothing), vec![Finding::FalseSuccess]),
        (Came { end: BodyEnd::Broken, ..came(&nothing) }, vec![]),
        (Came { end: BodyEnd::Late, ..came(&nothing) }, vec![]),
        (Came { is_success: false, is_failure: true, ..came(&nothing) }, vec![]),
        (Came { is_success: false, is_failure: true, ..came(&good) }, vec![]),
    ] {
        assert_eq!(judge(ASKED, came), expected, "{came:?}");
    }
    let fault = UpstreamFault { status: 500, ..UpstreamFault::default() };
    let broken = Reading { fault: Some(fault), usage: None, ended: false, ..reading() };
    assert_eq!(judge(ASKED, came(&broken)), [], "it told its trouble as it should");
}

#[test]
fn the_model_that_answers_is_the_one_that_was_asked() {
    for (answered, expected) in [
        (None, vec![]),
        (Some("claude-sonnet-4-5"), vec![]),
        (Some("anthropic/claude-sonnet-4.5"), vec![]),
        (Some("claude-haiku-4-5"), vec![Finding::OtherModel]),
        (Some("qwen-max"), vec![Finding::OtherModel]),
    ] {
        let reading = Reading { model: answered.map(str::to_owned), ..reading() };
        assert_eq!(judge(ASKED, came(&reading)), expected, "{answered:?}");
    }
}

#[test]
fn an_answer_has_the_form_that_was_asked_for() {
    for (stream, framed, kind, expected) in [
        (true, true, Some("text/plain"), vec![Finding::WrongContentType]),
        (true, true, None, vec![Finding::WrongContentType]),
        (true, true, Some("Text/Event-Stream"), vec![]),
        (true, false, Some("application/json"), vec![Finding::NotStreamed]),
        (false, true, Some("text/event-stream"), vec![Finding::NoWholeAnswer]),
        (false, false, Some("text/html"), vec![Finding::WrongContentType]),
        (false, false, Some("application/problem+json"), vec![]),
    ] {
        let reading = reading();
        let came = Came { framed, content_type: kind, ..came(&reading) };
        assert_eq!(judge(Asked { stream, ..ASKED }, came), expected, "{stream} {framed} {kind:?}");
    }
}

#[test]
fn a_stream_that_ends_in_good_order_has_its_last_event() {
    let reading = Reading { ended: false, usage: None, ..reading() };
    assert_eq!(judge(ASKED, came(&reading)), [Finding::NoEnd]);
    for end in [BodyEnd::Broken, BodyEnd::Late, BodyEnd::Cut] {
        assert_eq!(
            judge(ASKED, Came { end, ..came(&reading) }),
            [],
            "the failure tells of {end:?}"
        );
    }
}

#[test]
fn usage_is_told_where_it_must_be() {
    use DialectId::{Chat, Gemini, Messages, Responses};
    for (dialect, stream, asked_for, expected) in [
        (Chat, true, true, Some(Finding::IncludeUsageIgnored)),
        (Chat, true, false, None),
        (Chat, false, false, Some(Finding::NoUsage)),
        (Messages, true, false, Some(Finding::NoStreamUsage)),
        (Gemini, true, false, Some(Finding::NoStreamUsage)),
        (Responses, true, false, Some(Finding::NoStreamUsage)),
        (Responses, false, false, Some(Finding::NoUsage)),
    ] {
        let reading = Reading { usage: None, ..reading() };
        let asked = Asked { dialect, stream, usage: asked_for, ..ASKED };
        let kind = if stream { "text/event-stream" } else { "application/json" };
        let came = Came { framed: stream, content_type: Some(kind), ..came(&reading) };
        assert_eq!(judge(asked, came), Vec::from_iter(expected), "{dialect} {stream}");
    }
}

#[test]
fn usage_is_measured_against_what_was_seen() {
    let usage = |input, output, reasoning| Usage { input, output, reasoning, ..Usage::default() };
    for (usage, chars, is_plausible) in [
        (usage(20, 4, 0), 12, true),
        (usage(1_224, 4, 0), 12, true),
        (usage(1_225, 4, 0), 12, false),
        (Usage { cache_read: 9_000, ..usage(20, 4, 0) }, 12, false),
        (usage(0, 4, 0), 12, false),
        (usage(20, 0, 0), 12, false),
        (usage(20, 4, 0), 97, false),
        (usage(20, 268, 0), 12, true),
        (usage(20, 269, 0), 12, false),
        (usage(20, 5_269, 5_001), 12, true),
        (usage(20, u64::MAX, 0), u64::MAX, true),
    ] {
        let reading = Reading { usage: Some(usage), output_chars: chars, ..reading() };
        let expected = if is_plausible { vec![] } else { vec![Finding::ImplausibleUsage] };
        assert_eq!(judge(ASKED, came(&reading)), expected, "{usage:?} of {chars}");
    }
    let absurd = Reading { implausible: true, usage: None, ..reading() };
    assert_eq!(judge(ASKED, came(&absurd)), [Finding::ImplausibleUsage]);
}

#[test]
fn a_tool_is_called_with_what_its_schema_says() {
    let asked = Asked { tool: true, ..ASKED };
    for (arguments, expected) in [
        (r#"{"city":"Paris","days":3}"#, None),
        (r#"{"city":"Paris","days":3.0,"more":null}"#, None),
        (r#"{"city":"Paris","days":3.5}"#, Some(Finding::ToolArgumentsOffSchema)),
        (r#"{"city":"Paris","days":"3"}"#, Some(Finding::ToolArgumentsOffSchema)),
        (r#"{"city":"Paris"}"#, Some(Finding::ToolArgumentsOffSchema)),
        ("{}", Some(Finding::ToolArgumentsOffSchema)),
        (r#"{"city":"Pa"#, Some(Finding::ToolArgumentsCut)),
        ("", Some(Finding::ToolArgumentsNotObject)),
        ("[1]", Some(Finding::ToolArgumentsNotObject)),
        (r#""{\"city\":\"Paris\",\"days\":3}""#, Some(Finding::ToolArgumentsNotObject)),
        (r#"{"city":"Paris","days":3}{}"#, Some(Finding::ToolArgumentsNotObject)),
        ("Paris", Some(Finding::ToolArgumentsNotObject)),
    ] {
        let (reading, calls) = (reading(), [call(arguments)]);
        let came = Came { tools: &calls, ..came(&reading) };
        assert_eq!(judge(asked, came), Vec::from_iter(expected), "{arguments}");
    }
    let (good, none) = (reading(), Vec::new());
    assert_eq!(judge(asked, Came { tools: &none, ..came(&good) }), [Finding::NoToolCall]);
    let stopped = Reading { stop: Some("max_tokens".to_owned()), ..reading() };
    assert_eq!(judge(asked, came(&stopped)), [], "our own limit is no fault of the upstream");
    let cut = [call("{\"ci")];
    assert_eq!(judge(asked, Came { tools: &cut, ..came(&stopped) }), []);
}

#[test]
fn a_burst_is_many_pieces_at_once_after_a_wait() {
    let millis = Duration::from_millis;
    for (pieces, first, last, is_burst) in [
        (8, 300, 300, true),
        (80, 2_000, 2_019, true),
        (80, 2_000, 2_021, false),
        (7, 300, 300, false),
        (80, 299, 299, false),
        (80, 400, 1_900, false),
    ] {
        let pace = Pace { pieces, first: millis(first), last: millis(last) };
        let reading = reading();
        let expected = if is_burst { vec![Finding::Burst] } else { vec![] };
        assert_eq!(judge(ASKED, Came { pace, ..came(&reading) }), expected, "{pace:?}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_the_worst_first() {
    let reading = Reading { model: Some("other".to_owned()), usage: None, ..reading() };
    let pace = Pace { pieces: 9, first: Duration::from_secs(1), last: Duration::from_secs(1) };
    let came = Came { content_type: None, pace, ..came(&reading) };
    assert_eq!(
        judge(Asked { tool: true, ..ASKED }, came),
        [
            Finding::OtherModel,
            Finding::NoToolCall,
            Finding::NoStreamUsage,
            Finding::WrongContentType,
            Finding::Burst
        ]
    );
}
