//! What options make of bodies, headers and models.

mod answers;
mod params;
mod policy;
mod prompt;

use http::{HeaderMap, HeaderName, HeaderValue};
use realms_types::Secret;

use super::*;

const ALL: [DialectId; 4] = DialectId::ALL;

fn shape(options: &str) -> Shape {
    let options = ChannelOptions::parse(options).unwrap();
    Shape::compile(&options).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn scene(dialect: DialectId) -> Scene<'static> {
    Scene {
        dialect,
        prompted: true,
        path: "/v1/x",
        original_model: "asked",
        channel: ChannelId::new(7),
        kind: ChannelKind::Openai,
        test: false,
    }
}

/// What becomes of a body whose model is bound as `m`.
fn shaped(options: &str, dialect: DialectId, body: &str) -> String {
    shaped_as(options, dialect, "m", body).0
}

fn shaped_as(
    options: &str,
    dialect: DialectId,
    model: &str,
    body: &str,
) -> (String, Vec<&'static str>) {
    let shape = shape(options);
    let mut edits = Vec::new();
    let named = shape.model(model, &mut edits);
    let shaped = shape.body(&Bytes::from(body.to_owned()), &named, scene(dialect));
    edits.extend(shaped.edits);
    (String::from_utf8(shaped.body.to_vec()).unwrap(), edits)
}

fn operation(text: &str) -> String {
    format!(r#"{{"params":{{"operations":[{text}]}}}}"#)
}

/// Rows of options, dialect, body and what becomes of it.
fn check(rows: &[(&str, DialectId, &str, &str)]) {
    for (options, dialect, body, expected) in rows {
        assert_eq!(shaped(options, *dialect, body), *expected, "{options} {dialect} {body}");
    }
}

use DialectId::{Chat, Gemini, Messages, Responses};

#[test]
fn options_that_say_nothing_of_a_body_leave_the_very_same_bytes() {
    let body = Bytes::from_static(b" { \"model\" : \"m\",\n\"x\":1e2, \"y\":\"\\u00e9\" } ");
    for options in
        ["{}", r#"{"remark":"r","headers":{"set":{"x-a":"1"}}}"#, r#"{"pass_through_body":true}"#]
    {
        for dialect in ALL {
            let shaped = shape(options).body(&body, &Named::plain("m"), scene(dialect));
            assert_eq!(shaped.body.as_ptr(), body.as_ptr(), "{options} was copied");
            assert_eq!((shaped.body.len(), shaped.edits), (body.len(), vec![]));
        }
    }
}

#[test]
fn a_form_is_never_edited() {
    let form =
        Bytes::from_static(b"--x\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nm\r\n");
    let options = r#"{"params":{"overrides":{"a":1}},"store":"force_false"}"#;
    assert_eq!(shape(options).body(&form, &Named::plain("m"), scene(Chat)).body, form);
}

#[test]
fn edits_come_in_their_order_and_are_told_by_name() {
    let options = r#"{"model_rules":[{"match":"exact","pattern":"m","to":"x-high"}],"effort_suffix":{},
        "system_prompt":{"text":"S"},"store":"drop","body":{"deny":["user"]},
        "params":{"operations":[{"mode":"append","path":"instructions","value":"!"},{"mode":"set","path":"reasoning.effort","value":"low"}]}}"#;
    let (body, edits) =
        shaped_as(options, Responses, "m", r#"{"store":true,"user":"u","input":"i"}"#);
    assert_eq!(body, r#"{"input":"i","instructions":"S!","reasoning":{"effort":"low"}}"#);
    assert_eq!(edits, ["model_rules", "effort_suffix", "system_prompt", "store", "body", "params"]);
}

fn header_map(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn rendered(
    options: &str,
    dialect: DialectId,
    client: &[(&str, &str)],
) -> (HeaderMap, Vec<&'static str>) {
    let client = header_map(client);
    let key = Secret::from("canary-key");
    let facts =
        HeaderFacts { dialect, api_key: &key, request_id: "req-1", user: "ana", client: &client };
    let (mut headers, mut edits) = (client.clone(), Vec::new());
    let changes = shape(options).headers(facts, &mut edits);
    assert!(!format!("{changes:?}{facts:?}").contains("canary"));
    for change in changes {
        change.make(&mut headers);
    }
    (headers, edits)
}

#[test]
fn headers_are_set_removed_and_filled_in() {
    let options = r#"{"headers":{"set":{"X-Key":"k={api_key}","x-who":"{user}/{request_id}","x-trace":"{client_header:Traceparent}","x-no":"{client_header:x-missing}","x-brace":"{{a}}"},"remove":["X-App","x-who"]},"organization":"org-1","project":"p-1"}"#;
    let (headers, edits) = rendered(
        options,
        Chat,
        &[("x-app", "cli"), ("traceparent", "00-1"), ("x-stays", "1"), ("x-who", "old")],
    );
    let expected = header_map(&[
        ("traceparent", "00-1"),
        ("x-stays", "1"),
        ("x-key", "k=canary-key"),
        ("x-who", "ana/req-1"),
        ("x-trace", "00-1"),
        ("x-brace", "{a}"),
        ("openai-organization", "org-1"),
        ("openai-project", "p-1"),
    ]);
    assert_eq!(headers, expected);
    assert!(headers["x-key"].is_sensitive() && !headers["x-who"].is_sensitive());
    assert_eq!(edits, ["organization", "project", "headers"]);
}

#[test]
fn an_hour_in_the_cache_needs_its_beta_once() {
    let hour = r#"{"cache_ttl":"1h"}"#;
    let beta = "extended-cache-ttl-2025-04-11";
    for (dialect, client, expected) in [
        (Messages, vec![], vec![beta]),
        (Messages, vec![("anthropic-beta", "a,b")], vec!["a,b", beta]),
        (
            Messages,
            vec![("anthropic-beta", "a"), ("anthropic-beta", "b, extended-cache-ttl-2025-04-11")],
            vec!["a", "b, extended-cache-ttl-2025-04-11"],
        ),
        (Chat, vec![], vec![]),
    ] {
        let (headers, _) = rendered(hour, dialect, &client);
        let values: Vec<_> = headers.get_all("anthropic-beta").iter().collect();
        assert_eq!(values, expected, "{client:?}");
    }
}

#[test]
fn a_status_is_mapped_or_stays() {
    let shape = shape(r#"{"status_codes":{"400":422,"404":500}}"#);
    assert_eq!([400, 404, 429].map(|status| shape.status(status)), [422, 500, 429]);
}

#[test]
fn what_a_call_asks_for_is_read_in_every_dialect() {
    for (dialect, body, fast, tier) in [
        (Responses, r#"{"service_tier":"priority"}"#, true, true),
        (Chat, r#"{"service_tier":"fast"}"#, true, true),
        (Chat, r#"{"service_tier":"flex"}"#, false, true),
        (Chat, r#"{"service_tier":"default"}"#, false, false),
        (Messages, r#"{"service_tier":"standard_only"}"#, false, false),
        (Messages, r#"{"speed":"fast"}"#, true, false),
        (Messages, r#"{"speed":"standard"}"#, false, false),
        (Gemini, r#"{"serviceTier":"PRIORITY"}"#, true, true),
        (Gemini, "{}", false, false),
    ] {
        let intent = crate::peek(dialect, body.as_bytes()).unwrap();
        assert_eq!(intent.asks(), Asks { fast, tier }, "{body}");
        let no_fast = ChannelOptions { fast_mode: Some(false), ..ChannelOptions::default() };
        assert_eq!(fits(&intent, &no_fast, None, Timestamp::EPOCH).is_err(), fast, "{body}");
    }
}

mod bytes_stay {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::*;

    fn json(depth: u32) -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-z\"\\\\{}\\[\\],: é]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(depth, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-d\"]{1,2}", inner), 0..4)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    fn object() -> impl Strategy<Value = Value> {
        prop::collection::vec(("[a-d]{1,2}", json(3)), 0..5)
            .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>()))
    }

    fn spelled(value: &Value, pretty: bool) -> String {
        if pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() }
    }

    proptest! {
        #[test]
        fn what_is_deleted_is_gone_and_the_rest_reads_the_same(value in object(), pretty: bool, key in "[a-d]{1,2}") {
            let options = operation(&format!(r#"{{"mode":"delete","path":"{key}"}}"#));
            let made = shaped(&options, Chat, &spelled(&value, pretty));
            let mut expected = value.clone();
            expected.as_object_mut().unwrap().shift_remove(&key);
            prop_assert_eq!(serde_json::from_str::<Value>(&made).unwrap(), expected);
        }

        #[test]
        fn what_is_set_is_there_and_the_rest_keeps_every_byte(value in object(), pretty: bool, key in "[a-d]{1,2}") {
            let options = operation(&format!(r#"{{"mode":"set","path":"{key}","value":[1]}}"#));
            let body = spelled(&value, pretty);
            let made = shaped(&options, Chat, &body);
            let mut expected = value.clone();
            expected.as_object_mut().unwrap().insert(key.clone(), serde_json::json!([1]));
            prop_assert_eq!(serde_json::from_str::<Value>(&made).unwrap(), expected);
            // Setting what is there already changes nothing at all.
            prop_assert_eq!(shaped(&options, Chat, &made), made);
        }

        #[test]
        fn nothing_unknown_to_the_lists_gets_lost(value in object(), pretty: bool) {
            let body = spelled(&value, pretty);
            let allow_all = r#"{"body":{"allow":["model","stream","*"]}}"#;
            prop_assert_eq!(shaped(allow_all, Chat, &body), body);
        }
    }
}
