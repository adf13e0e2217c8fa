//! Faults: what each dialect's client receives, and what each upstream's words are read as.
#![cfg(test)]

use std::{fmt::Write, time::Duration};

use proptest::prelude::*;
use realms_dialect::{
    Fault, FaultKind, Frame, Framer, JsonArrayFramer, Sight, SseFramer, StreamShape, UpstreamFault,
    fault_of, is_error_body, looks_like_html, read_fault, render_fault, render_fault_frame, tap,
};
use realms_types::{DialectId, Origin};

const REQUEST: &str = "0199aa3e-4d55-7c11-8a7b-111111111111";

fn rendered(dialect: DialectId, fault: &Fault) -> String {
    let rendered = render_fault(dialect, fault, REQUEST);
    let mut text = format!("{}\n", rendered.status);
    let mut headers: Vec<_> = rendered.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
    }
    let body: serde_json::Value = serde_json::from_slice(&rendered.body).unwrap();
    text + &serde_json::to_string_pretty(&body).unwrap()
}

fn read(dialect: DialectId, status: u16, body: &str) -> UpstreamFault {
    read_fault(dialect, status, body.as_bytes())
}

#[test]
fn an_unknown_model_in_every_dialect() {
    let fault = Fault::unknown_model("no model `gpt-5`: did you mean `gpt-5.2`?");
    for dialect in DialectId::ALL {
        insta::assert_snapshot!(format!("unknown_model_{dialect}"), rendered(dialect, &fault));
    }
}

#[test]
fn a_rate_limit_in_every_dialect() {
    let fault = Fault::rate_limited("every upstream is at its limit: try again later")
        .with_origin(Origin::Upstream)
        .with_retry_after(Duration::from_millis(1_500));
    for dialect in DialectId::ALL {
        insta::assert_snapshot!(format!("rate_limited_{dialect}"), rendered(dialect, &fault));
    }
}

#[test]
fn whole_seconds_need_no_milliseconds() {
    let fault = Fault::unavailable("draining").with_retry_after(Duration::from_secs(7));
    let headers = render_fault(DialectId::Chat, &fault, REQUEST).headers;
    assert_eq!(headers["retry-after"], "7");
    assert!(!headers.contains_key("retry-after-ms") && !headers.contains_key("x-should-retry"));
}

#[test]
fn what_no_retry_mends_says_so() {
    for kind in FaultKind::ALL {
        let fault = Fault::new(kind, "x");
        let rendered = render_fault(DialectId::Messages, &fault, REQUEST);
        let told = rendered.headers.get("x-should-retry").is_some_and(|value| value == "false");
        let status = rendered.status.as_u16();
        let may_mend = matches!(status, 429 | 500 | 502 | 503 | 504);
        assert_eq!(told, !may_mend, "{kind:?}");
    }
    let fault = Fault::rate_limited("x").without_retry();
    let headers = render_fault(DialectId::Chat, &fault, REQUEST).headers;
    assert_eq!(headers["x-should-retry"], "false");
}

#[test]
fn every_kind_reads_back_with_its_status_and_message() {
    for kind in FaultKind::ALL {
        let fault = Fault::new(kind, "what happened");
        for dialect in DialectId::ALL {
            let rendered = render_fault(dialect, &fault, REQUEST);
            let read = read_fault(dialect, rendered.status.as_u16(), &rendered.body);
            assert_eq!(
                (read.status, read.message.as_str()),
                (kind.status().as_u16(), "what happened")
            );
            assert!(str::from_utf8(&rendered.body).unwrap().contains(REQUEST));
        }
    }
}

#[test]
fn a_fault_in_the_middle_of_a_stream() {
    let fault = Fault::bad_gateway("the upstream broke off\u{2028}");
    let shape = StreamShape {
        sequence: Some(41),
        object_id: Some("resp_1"),
        model: Some("gpt-5.2"),
        ..StreamShape::default()
    };
    for dialect in DialectId::ALL {
        let frame = render_fault_frame(dialect, &fault, REQUEST, shape);
        let text = String::from_utf8(frame.to_vec()).unwrap();
        assert!(!text.contains('\u{2028}'));
        insta::assert_snapshot!(format!("frame_{dialect}"), text);
    }
}

#[test]
fn a_fault_frame_is_whole_and_every_tap_takes_it_for_a_fault() {
    let fault = Fault::timeout("no event for 120 s");
    for dialect in DialectId::ALL {
        let bytes = render_fault_frame(dialect, &fault, REQUEST, StreamShape::default());
        let mut framer = SseFramer::new();
        let batch = framer.push(bytes).unwrap();
        assert!(framer.at_boundary());
        let first = batch.frames().next().unwrap();
        let Sight::Fault(read) = tap(dialect).frame(&first) else { panic!("{dialect}") };
        assert_eq!(read.message, "no event for 120 s");
    }
}

#[test]
fn an_array_is_closed_by_its_fault() {
    let fault = Fault::bad_gateway("broken");
    for (sent, started) in [("", false), ("[{\"candidates\":[]}", true)] {
        let shape = StreamShape { json_array: true, started, ..StreamShape::default() };
        let rest = render_fault_frame(DialectId::Gemini, &fault, REQUEST, shape);
        let body = [sent.as_bytes(), &rest].concat();
        let elements: Vec<serde_json::Value> = serde_json::from_slice(&body).unwrap();
        assert_eq!(elements.last().unwrap()["error"]["code"], 502);
        let mut framer = Framer::JsonArray(JsonArrayFramer::new());
        assert_eq!(framer.push(body.into()).unwrap().frames().count(), 1 + usize::from(started));
    }
}

#[test]
fn every_envelope_is_understood() {
    let expected = |kind: Option<&str>, code: Option<&str>, message: &str| {
        (kind.map(str::to_owned), code.map(str::to_owned), message.to_owned())
    };
    let long = Some("invalid_request_error");
    for (body, kind, code, message) in [
        (
            r#"{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"c"}}"#,
            long,
            Some("c"),
            "m",
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"m"}}"#,
            long,
            None,
            "m",
        ),
        (
            r#"{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}"#,
            Some("INVALID_ARGUMENT"),
            Some("400"),
            "m",
        ),
        (
            r#"[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]"#,
            Some("INVALID_ARGUMENT"),
            Some("400"),
            "m",
        ),
        (r#"{"type":"error","code":"c","message":"m","param":null}"#, None, Some("c"), "m"),
        (r#"{"error":"m"}"#, None, None, "m"),
        (r#"{"error":"invalid_grant","error_description":"m"}"#, Some("invalid_grant"), None, "m"),
        (r#"{"detail":"m"}"#, None, None, "m"),
        (r#"{"detail":[{"loc":["body"]}]}"#, None, None, r#"[{"loc":["body"]}]"#),
        (r#"{"code":7,"msg":"m"}"#, None, Some("7"), "m"),
        (r#""m""#, None, None, "m"),
        (" upstream connect error\n", None, None, "upstream connect error"),
        ("<!DOCTYPE html><html>…", None, None, "the upstream answered with a web page"),
    ] {
        let fault = read(DialectId::Chat, 400, body);
        assert_eq!(
            (fault.kind, fault.code, fault.message),
            expected(kind, code, message),
            "{body}"
        );
        assert_eq!(fault.status, 400);
    }
    for empty in ["", "{}", "[]", "null", "7", "{\"error\":null}"] {
        assert!(read(DialectId::Chat, 500, empty).message.contains("without a message"), "{empty}");
    }
}

#[test]
fn hints_when_to_come_back_are_read() {
    let codex = r#"{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","plan_type":"plus","resets_at":1795197600,"resets_in_seconds":7200}}"#;
    let fault = read(DialectId::Responses, 429, codex);
    assert_eq!(fault.retry_after, Some(Duration::from_hours(2)));
    assert_eq!(fault.resets_at, Some(1_795_197_600));
    let hint = |message: &str| {
        let body = serde_json::json!({"error": {"message": message}}).to_string();
        read(DialectId::Chat, 429, &body).retry_after
    };
    assert_eq!(hint("Please try again in 20ms."), Some(Duration::from_millis(20)));
    assert_eq!(hint("Please try again in 6m1.5s. Visit"), Some(Duration::from_millis(361_500)));
    assert_eq!(hint("Please try again in 1h"), Some(Duration::from_hours(1)));
    for none in
        ["try again in a while", "try again in ", "try again in 5 parsecs", "try again in 9e9s"]
    {
        assert_eq!(hint(none), None, "{none}");
    }
    let google = |delay: &str| {
        let body = serde_json::json!({"error": {"details": [{}, {"retryDelay": delay}]}});
        read(DialectId::Gemini, 429, &body.to_string()).retry_after
    };
    assert_eq!(google("7s"), Some(Duration::from_secs(7)));
    assert_eq!((google("-1s"), google("soon"), google("1e400s")), (None, None, None));
}

#[test]
fn an_error_inside_a_200_gets_the_status_it_should_have_had() {
    for (body, status) in [
        (r#"{"error":{"code":503,"status":"UNAVAILABLE"}}"#, 503),
        (r#"{"error":{"type":"overloaded_error"}}"#, 529),
        (r#"{"error":{"type":"server_error","code":"rate_limit_exceeded"}}"#, 429),
        (r#"{"error":{"type":"authentication_error"}}"#, 401),
        (r#"{"type":"error","status":429,"error":{"message":"x"}}"#, 429),
        (r#"{"error":{"code":1301,"message":"x"}}"#, 502),
        (r#"{"error":"x"}"#, 502),
    ] {
        assert_eq!(read(DialectId::Chat, 200, body).status, status, "{body}");
    }
}

#[test]
fn a_message_is_bounded_at_a_character() {
    let body = serde_json::json!({"error": {"message": "é".repeat(5_000)}}).to_string();
    let message = read(DialectId::Chat, 400, &body).message;
    assert_eq!(message, "é".repeat(2_048));
    assert!(read(DialectId::Chat, 400, &"é".repeat(5_000)).message.len() <= 4_098);
}

#[test]
fn web_pages_are_recognised() {
    for html in ["<!doctype HTML>", "\u{feff}\n <HTML lang=en>", "<head>", "<!-- x -->"] {
        assert!(looks_like_html(html.as_bytes()), "{html}");
    }
    for other in ["", "<", "{}", "data: <html>", "<?xml version=\"1.0\"?>"] {
        assert!(!looks_like_html(other.as_bytes()), "{other}");
    }
}

/// What a client is told of an upstream's error: status, code, field, message.
fn told(status: u16, body: &str) -> (u16, Option<String>, Option<String>, String) {
    let fault = fault_of(&read(DialectId::Chat, status, body));
    assert!(fault.origin == Origin::Client && !fault.should_retry && fault.retry_after.is_none());
    (fault.status().as_u16(), fault.code, fault.param, fault.message)
}

#[test]
fn what_is_wrong_with_the_request_is_handed_on() {
    let is = |status, code: Option<&str>, param: Option<&str>, message: &str| {
        (status, code.map(str::to_owned), param.map(str::to_owned), message.to_owned())
    };
    let long = r#"{"error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"too long"}}"#;
    let expected = is(400, Some("context_length_exceeded"), None, "too long");
    assert_eq!(told(400, long), expected);
    assert_eq!(told(200, long), expected);
    let google = r#"[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}]"#;
    assert_eq!(told(400, google), is(400, None, None, "bad"));
    let prompt = r#"{"error":{"code":"invalid_prompt","message":"no"}}"#;
    assert_eq!(told(422, prompt), is(400, Some("invalid_prompt"), None, "no"));
    let model = r#"{"error":{"code":"model_not_found","message":"no `x`"}}"#;
    assert_eq!(told(404, model), is(404, Some("model_not_found"), Some("model"), "no `x`"));
    let large = r#"{"type":"error","error":{"type":"request_too_large","message":"over 32 MB"}}"#;
    assert_eq!(told(400, large), is(413, None, None, "over 32 MB"));
    let odd = r#"{"error":{"code":"see https://example.com","message":"gone"}}"#;
    assert_eq!(told(404, odd), is(404, None, None, "gone"));
    for (status, as_status) in
        [(405, 405), (409, 409), (410, 404), (413, 413), (415, 415), (418, 400)]
    {
        assert_eq!(told(status, "no").0, as_status);
    }
}

#[test]
fn what_is_handed_on_is_bounded_and_never_empty() {
    let fault = UpstreamFault {
        status: 400,
        message: "ä".repeat(10_000),
        code: Some("c".repeat(65)),
        retry_after: Some(Duration::from_secs(9)),
        ..UpstreamFault::default()
    };
    let told = fault_of(&fault);
    assert_eq!((told.message.len(), told.code, told.retry_after), (4096, None, None));
    let silent = fault_of(&UpstreamFault::default());
    assert!(silent.message.contains("did not say why") && silent.kind == FaultKind::BadRequest);
}

#[test]
fn error_bodies_are_known_by_their_dialect() {
    use DialectId::{Chat, Gemini, Messages, Responses};
    let is = |dialect, body: &str| is_error_body(dialect, body.as_bytes());
    let openai = r#" {"error":{"message":"no","type":"x","param":null,"code":null}} "#;
    let anthropic = r#"{"type":"error","error":{"type":"x","message":"no"},"request_id":"r"}"#;
    let google =
        r#"{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT","details":[]}}"#;
    assert!(is(Chat, openai) && is(Responses, openai));
    assert!(!is(Messages, openai) && !is(Gemini, openai));
    assert!(is(Messages, anthropic) && !is(Gemini, anthropic));
    assert!(is(Gemini, google) && is(Gemini, &format!("[{google}\n]")));
    assert!(is(Gemini, r#"{"error":{"code":404,"message":"no"}}"#));
    assert!(!is(Messages, google) && !is(Chat, &format!("[{google}]")));
    assert!(!is(Gemini, &format!("[{google},{google}]")));
    assert!(!is(Gemini, r#"{"error":{"code":"400","message":"no","status":"X"}}"#));
    for body in [
        "",
        "no",
        "null",
        "{}",
        "[]",
        "[[]]",
        "<html>",
        r#"{"detail":"no"}"#,
        r#"{"error":"no"}"#,
        r#"{"type":"error","error":null}"#,
        r#"{"type":"error","error":{ }}"#,
        r#"["error",{"code":1,"message":"no"}]"#,
        r#"{"type":"error","error":{"code":1,"message":"no"}} x"#,
        r#"{"type":"error","error":{"code":1,"message":"no"}"#,
    ] {
        assert!(DialectId::ALL.into_iter().all(|dialect| !is(dialect, body)), "{body}");
    }
}

#[test]
fn every_rendered_fault_is_an_error_body_of_its_dialect() {
    for kind in FaultKind::ALL {
        for dialect in DialectId::ALL {
            let rendered = render_fault(dialect, &Fault::new(kind, "x"), REQUEST);
            assert!(is_error_body(dialect, &rendered.body), "{kind:?} {dialect}");
        }
    }
}

proptest! {
    #[test]
    fn random_errors_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        message in ".{0,10}(try again in )?[0-9.]{0,30}(ms|s|m|h|é)?.{0,10}",
        number in any::<f64>(),
    ) {
        for dialect in DialectId::ALL {
            let _ = read_fault(dialect, 200, &bytes);
            let body = serde_json::json!({"error": {
                "message": message, "resets_in_seconds": number, "code": number, "resets_at": number,
            }});
            let fault = read_fault(dialect, 200, body.to_string().as_bytes());
            prop_assert!((400..600).contains(&fault.status));
            prop_assert!(!fault_of(&fault).message.is_empty());
            let _ = is_error_body(dialect, &bytes);
            let frame = Frame::new(&bytes);
            let _ = frame.data();
        }
    }
}
