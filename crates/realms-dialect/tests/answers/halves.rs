//! A character that is cut in two between deltas comes out whole, in whatever dialect it is asked for.

use proptest::prelude::*;
use realms_dialect::Event;
use realms_types::DialectId;

use super::support::{decode_body, decode_stream, fold};

/// A JSON string of these UTF-16 units, all of them escaped.
fn json(units: &[u16]) -> Vec<u8> {
    let escapes: Vec<String> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
    format!("\"{}\"", escapes.concat()).into_bytes()
}

/// A JSON string of these bytes, which need no escape.
fn plain(bytes: &[u8]) -> Vec<u8> {
    [&b"\""[..], bytes, b"\""].concat()
}

/// A streamed answer that says these JSON strings, one after the other.
fn stream(dialect: DialectId, pieces: &[Vec<u8>]) -> Vec<u8> {
    let (begin, before, after, end) = match dialect {
        DialectId::Chat => (
            "",
            r#"{"choices":[{"index":0,"delta":{"content":"#,
            "}}]}",
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        ),
        DialectId::Messages => (
            "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[]}}\n\n\
             data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"#,
            "}}",
            "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n\
             data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n\
             data: {\"type\":\"message_stop\"}\n\n",
        ),
        DialectId::Responses => (
            "data: {\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}\n\n",
            r#"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"#,
            "}",
            "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":[]}}\n\n",
        ),
        DialectId::Gemini => (
            "",
            r#"{"candidates":[{"index":0,"content":{"parts":[{"text":"#,
            "}]}}]}",
            "data: {\"candidates\":[{\"index\":0,\"content\":{\"parts\":[]},\"finishReason\":\"STOP\"}]}\n\n",
        ),
    };
    let mut stream = begin.as_bytes().to_vec();
    for piece in pieces {
        stream
            .extend([&b"data: "[..], before.as_bytes(), piece, after.as_bytes(), b"\n\n"].concat());
    }
    stream.extend_from_slice(end.as_bytes());
    stream
}

/// All that an answer says, which must be complete.
fn said(events: &[Event]) -> String {
    assert!(events.contains(&Event::Finish), "{events:?}");
    let answer = fold(events);
    answer.choices[0].parts.iter().map(|part| part.text.as_str()).collect()
}

fn streamed(dialect: DialectId, pieces: &[Vec<u8>]) -> String {
    said(&decode_stream(dialect, &stream(dialect, pieces), &[]))
}

#[test]
fn half_a_character_waits_for_the_other_half() {
    for dialect in DialectId::ALL {
        let cut = [json(&[0x61, 0xd83d]), json(&[0xde00, 0x62])];
        assert_eq!(streamed(dialect, &cut), "a😀b", "{dialect}");
        let cut = [plain(b"a\xf0"), plain(b"\x9f\x98"), plain(b"\x80b")];
        assert_eq!(streamed(dialect, &cut), "a😀b", "{dialect}");
    }
}

#[test]
fn half_a_character_that_stays_one_takes_nothing_with_it() {
    for dialect in DialectId::ALL {
        let cut = [json(&[0x61, 0xd83d]), json(&[0x62, 0xd83d])];
        assert_eq!(streamed(dialect, &cut), "a\u{fffd}b\u{fffd}", "{dialect}");
        let cut = [plain(b"a\xf0\x9f"), plain(b"b\x80")];
        assert_eq!(streamed(dialect, &cut), "a\u{fffd}b\u{fffd}", "{dialect}");
    }
}

#[test]
fn a_body_says_what_its_stream_says() {
    let text = [0x61, 0xd83d, 0x62, 0xde00];
    let body = [&br#"{"choices":[{"index":0,"message":{"content":"#[..], &json(&text), b"}}]}"];
    let whole = said(&decode_body(DialectId::Chat, &body.concat()));
    assert_eq!(whole, "a\u{fffd}b\u{fffd}");
    let pieces: Vec<Vec<u8>> = text.iter().map(|unit| json(&[*unit])).collect();
    assert_eq!(streamed(DialectId::Chat, &pieces), whole);
}

#[test]
fn arguments_of_a_call_may_be_cut_in_a_character_too() {
    let call = |arguments: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"index\":0,\
             \"function\":{{{arguments}}}}}]}}}}]}}\n\n"
        )
    };
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n\
               data: [DONE]\n\n";
    for named_first in [true, false] {
        let name = r#""name":"say""#;
        let (first, last) = if named_first { (name, "") } else { ("", name) };
        let stream = [
            call(first),
            call(r#""arguments":"{\"a\":\"\ud83d""#),
            call(last),
            call(r#""arguments":"\ude00\"}""#),
            end.to_owned(),
        ];
        let events = decode_stream(DialectId::Chat, stream.concat().as_bytes(), &[]);
        assert_eq!(said(&events), r#"{"a":"😀"}"#, "{named_first}");
    }
}

proptest! {
    #[test]
    fn deltas_say_what_the_whole_says(
        text in "[a-c é世😀👍🏽\u{fffd}]{0,12}",
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        in_bytes: bool,
        which in 0..4_usize,
    ) {
        let dialect = DialectId::ALL[which];
        let units: Vec<u16> = text.encode_utf16().collect();
        let most = if in_bytes { text.len() } else { units.len() };
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(most + 1)).collect();
        cuts.extend([0, most]);
        cuts.sort_unstable();
        let piece = |pair: &[usize]| {
            if in_bytes {
                plain(&text.as_bytes()[pair[0]..pair[1]])
            } else {
                json(&units[pair[0]..pair[1]])
            }
        };
        let pieces: Vec<Vec<u8>> = cuts.windows(2).map(piece).collect();
        prop_assert_eq!(streamed(dialect, &pieces), text);
    }
}
