//! What is changed of answers: reasoning, and the rules about errors.

use super::*;

#[test]
fn reasoning_of_a_whole_answer_moves_into_its_content() {
    for (body, expected) in [
        (
            r#"{"choices":[{"message":{"role":"assistant","reasoning_content":"r","content":"c"}}],"usage":{}}"#,
            r#"{"choices":[{"message":{"role":"assistant","content":"<think>r</think>c"}}],"usage":{}}"#,
        ),
        (
            r#"{"choices":[{"message":{"content":null,"reasoning_content":"r","tool_calls":[]}}]}"#,
            r#"{"choices":[{"message":{"content":"<think>r</think>","tool_calls":[]}}]}"#,
        ),
        (
            r#"{"choices":[{"message":{"reasoning":"r\""}}]}"#,
            r#"{"choices":[{"message":{"content":"<think>r\"</think>"}}]}"#,
        ),
        (
            r#"{"choices":[{"message":{"content":"c","reasoning_content":""}}]}"#,
            r#"{"choices":[{"message":{"content":"c","reasoning_content":""}}]}"#,
        ),
        ("[1]", "[1]"),
        ("<html>", "<html>"),
    ] {
        assert_eq!(Think::whole(Bytes::from(body)), expected);
    }
}

const STREAM: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n: ping\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"r1\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"reasoning_content\":\"r2 é\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"c1\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"c2\"}}]}\n\ndata: {\"choices\":[{\"index\":1,\"delta\":{\"reasoning_content\":\"x\"}},{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"completion_tokens\":1}}\n\ndata: [DONE]\n\n";
const MOVED: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n: ping\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"<think>r1\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"r2 é\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"</think>c1\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"c2\"}}]}\n\ndata: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"<think>x\"}},{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"</think>\"},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"completion_tokens\":1}}\n\ndata: [DONE]\n\n";

#[test]
fn reasoning_of_a_stream_moves_however_the_network_cuts_it() {
    for size in [1, 2, 3, 7, 50, 10_000] {
        let mut framer =
            crate::Framer::Sse(crate::SseFramer::with_limits(crate::Limits::default()));
        let (mut think, mut out) = (Think::default(), Vec::new());
        for chunk in STREAM.as_bytes().chunks(size) {
            let batch = framer.push(Bytes::copy_from_slice(chunk)).unwrap();
            out.extend_from_slice(&think.frames(batch.bytes));
        }
        assert_eq!(str::from_utf8(&out).unwrap(), MOVED, "in pieces of {size}");
    }
}

#[test]
fn a_stream_without_reasoning_is_not_copied() {
    let bytes =
        Bytes::from_static(b"data: {\"choices\":[{\"delta\":{\"content\":\"c\"}}]}\r\n\r\n");
    assert_eq!(Think::default().frames(bytes.clone()).as_ptr(), bytes.as_ptr());
}

#[test]
fn the_first_rule_about_an_error_counts() {
    let rules: Vec<realms_types::ErrorRule> = serde_json::from_str(
        r#"[{"name":"off","enabled":false,"match":{"status":[400]},"then":{"hide":true}},
            {"name":"text","match":{"status":[400,422],"contains":"Too LONG"},"then":{"status":413}},
            {"name":"regex","match":{"regex":"quota\\s+\\d+","channels":["a"]},"then":{"message":"m"}},
            {"name":"rest","match":{"dialects":["messages"]},"then":{"skip_health":true}}]"#,
    )
    .unwrap();
    let rules = ErrorRules::compile(&rules).unwrap();
    for (status, body, channel, dialect, expected) in [
        (400, "prompt is too long", "x", Chat, Some("text")),
        (400, "other", "x", Chat, None),
        (429, "quota  12 left", "a", Chat, Some("regex")),
        (429, "quota  12 left", "b", Chat, None),
        (500, "", "b", Messages, Some("rest")),
    ] {
        let found = rules.find(status, body.as_bytes(), channel, dialect).map(|told| told.rule);
        assert_eq!(found, expected, "{status} {body}");
    }
    let far = format!("{}too long", "x".repeat(9000));
    assert!(rules.find(400, far.as_bytes(), "x", Chat).is_none());
    assert!(ErrorRules::default().find(400, b"", "x", Chat).is_none());
}
