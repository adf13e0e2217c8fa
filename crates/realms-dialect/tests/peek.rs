//! Peeks: what each dialect's body is read as, what is refused, and that edits touch nothing else.
#![cfg(test)]

use bytes::Bytes;
use proptest::prelude::*;
use realms_dialect::{Edit, Fault, FaultKind, Field, Intent, PeekError, json_string, peek, splice};
use realms_types::DialectId::{self, Chat, Gemini, Messages, Responses};

fn intent(dialect: DialectId, body: &str) -> Intent {
    peek(dialect, body.as_bytes()).unwrap()
}

fn refusal(dialect: DialectId, body: &str) -> PeekError {
    peek(dialect, body.as_bytes()).unwrap_err()
}

fn duplicate(key: &str) -> PeekError {
    PeekError::Duplicate { key: key.to_owned() }
}

#[test]
fn responses_as_codex_sends_them() {
    let intent = intent(
        Responses,
        r#" {"model":"gpt-5.5","instructions":"…","input":[{"type":"message"}],"tools":[],
        "stream":true,"store":false,"include":["reasoning.encrypted_content"],"background":null,
        "prompt_cache_key":"0199a","max_output_tokens":4096,"previous_response_id":"resp_1",
        "service_tier":"priority","client_metadata":{"session_id":"other"}}"#,
    );
    assert_eq!(intent.model.unwrap().value, "gpt-5.5");
    assert!(intent.stream && !intent.background);
    assert_eq!((intent.store, intent.max_output), (Some(false), Some(4096)));
    assert_eq!(intent.session.as_deref(), Some("0199a"));
    assert_eq!(intent.previous_response.as_deref(), Some("resp_1"));
    assert_eq!(intent.service_tier.as_deref(), Some("priority"));
}

#[test]
fn sessions_are_found_where_clients_put_them() {
    let session = |dialect, body: &str| intent(dialect, body).session;
    for (dialect, body) in [
        (Responses, r#"{"client_metadata":{"session_id":"s"}}"#),
        (Responses, r#"{"metadata":{"session_id":"s"}}"#),
        (Chat, r#"{"prompt_cache_key":"s","metadata":{"session_id":"t"}}"#),
        (Chat, r#"{"conversation_id":"s"}"#),
        (Messages, r#"{"metadata":{"user_id":"{\"device_id\":\"d\",\"session_id\":\"s\"}"}}"#),
        (Messages, r#"{"metadata":{"user_id":"user_1_account_2_session_s"}}"#),
        (Gemini, r#"{"cachedContent":"s"}"#),
        (Gemini, r#"{"cached_content":"s"}"#),
    ] {
        assert_eq!(session(dialect, body).as_deref(), Some("s"), "{body}");
    }
    for (dialect, body) in [
        (Responses, r#"{"prompt_cache_key":7,"metadata":"x"}"#),
        (Chat, r#"{"prompt_cache_key":" ","metadata":[]}"#),
        (Chat, r#"{"prompt_cache_key":"a\u0000b"}"#),
        (Messages, r#"{"metadata":{"user_id":"customer-7"}}"#),
        (Messages, r#"{"prompt_cache_key":"s"}"#),
    ] {
        assert_eq!(session(dialect, body), None, "{body}");
    }
}

#[test]
fn limits_of_the_answer_are_read() {
    let limit = |dialect, body| intent(dialect, body).max_output;
    assert_eq!(limit(Messages, r#"{"max_tokens":32000}"#), Some(32000));
    assert_eq!(limit(Chat, r#"{"max_tokens":5,"max_completion_tokens":7}"#), Some(7));
    assert_eq!(limit(Chat, r#"{"max_tokens":5.0}"#), Some(5));
    assert_eq!(limit(Chat, r#"{"max_tokens":-1}"#), None);
    assert_eq!(limit(Chat, r#"{"max_tokens":null}"#), None);
    assert_eq!(intent(Chat, r#"{"n":3}"#).candidate_count, Some(3));
    let body = r#"{"generationConfig":{"maxOutputTokens":9,"candidate_count":2,"topP":0.1}}"#;
    assert_eq!(limit(Gemini, body), Some(9));
    assert_eq!(intent(Gemini, body).candidate_count, Some(2));
    assert_eq!(limit(Gemini, r#"{"generation_config":{"max_output_tokens":9}}"#), Some(9));
}

#[test]
fn keys_that_repeat_are_refused() {
    assert_eq!(refusal(Chat, r#"{"model":"a","model":"b"}"#), duplicate("model"));
    assert_eq!(refusal(Chat, r#"{"model":"a","mod\u0065l":"b"}"#), duplicate("model"));
    assert_eq!(refusal(Messages, r#"{"x":1,"model":"a","x":2}"#), duplicate("x"));
    assert_eq!(
        refusal(Messages, r#"{"metadata":{"user_id":"a","user_id":"b"}}"#),
        duplicate("user_id")
    );
    let both = r#"{"generationConfig":{},"generation_config":{}}"#;
    assert_eq!(refusal(Gemini, both), duplicate("generationConfig"));
    assert_eq!(intent(Chat, r#"{"mod\u0065l":"a"}"#).model.unwrap().value, "a");
}

#[test]
fn keys_that_some_upstreams_would_confuse_are_refused() {
    for key in ["Model", "MODEL", "\u{17f}tream", "max_to\u{212a}ens"] {
        let body = format!(r#"{{"{key}":1}}"#);
        assert!(matches!(refusal(Chat, &body), PeekError::Lookalike { .. }), "{key}");
    }
}

#[test]
fn metadata_is_free_form_but_no_key_repeats() {
    for (dialect, key) in [
        (Responses, "metadata"),
        (Responses, "client_metadata"),
        (Chat, "metadata"),
        (Messages, "metadata"),
    ] {
        let body = |inner| format!(r#"{{"{key}":{{{inner}}}}}"#);
        intent(dialect, &body(r#""Session_ID":"a","USER_ID":"b","env":"c","Env":"d""#));
        let twice = body(r#""Env":"c","Env":"d""#);
        assert_eq!(refusal(dialect, &twice), duplicate("Env"), "{twice}");
    }
    let both = r#"{"metadata":{"SESSION_ID":"other","session_id":"s"}}"#;
    assert_eq!(intent(Chat, both).session.as_deref(), Some("s"));
    let config = refusal(Gemini, r#"{"generationConfig":{"MaxOutputTokens":1}}"#);
    assert!(matches!(config, PeekError::Lookalike { like: "maxOutputTokens", .. }));
}

/// What the spans of the further models cover.
fn more_models(dialect: DialectId, body: &str) -> Vec<&str> {
    let written = |field: Field| {
        let literal = &body[field.span];
        assert_eq!(serde_json::from_str::<String>(literal).unwrap(), field.value);
        literal
    };
    intent(dialect, body).more_models.into_iter().map(written).collect()
}

#[test]
fn models_inside_gemini_bodies_are_found() {
    let batch = r#" {"requests" : [ {"content":{"model":"no"},"model" : "models/a"}, 7, {},
        {"model":null},{"mod\u0065l":"models\/b","taskType":"X"}]}"#;
    assert_eq!(more_models(Gemini, batch), [r#""models/a""#, r#""models\/b""#]);
    for key in ["generateContentRequest", "generate_content_request"] {
        let count = format!(r#"{{"{key}":{{"contents":[],"model":"models/a"}}}}"#);
        assert_eq!(more_models(Gemini, &count), [r#""models/a""#]);
    }
    let mixed =
        r#"{"generateContentRequest":{"model":"c"},"model":"m","requests":[{"model":"a"}]}"#;
    assert_eq!(more_models(Gemini, mixed), [r#""c""#, r#""a""#]);
    for none in [
        "{}",
        r#"{"model":"m"}"#,
        r#"{"requests":{"model":"a"},"generateContentRequest":[{"model":"a"}]}"#,
        r#"{"requests":null,"generateContentRequest":"a"}"#,
    ] {
        assert!(more_models(Gemini, none).is_empty(), "{none}");
    }
    for dialect in [Responses, Chat, Messages] {
        assert!(more_models(dialect, mixed).is_empty());
    }
}

#[test]
fn models_inside_gemini_bodies_are_as_strict_as_the_one_outside() {
    let twice = r#"{"requests":[{},{"model":"a","model":"b"}]}"#;
    assert_eq!(refusal(Gemini, twice), duplicate("model"));
    let both = r#"{"generateContentRequest":{},"generate_content_request":{}}"#;
    assert_eq!(refusal(Gemini, both), duplicate("generateContentRequest"));
    for (body, like) in [
        (r#"{"requests":[{"Model":"a"}]}"#, "model"),
        (r#"{"Requests":[{"model":"a"}]}"#, "requests"),
    ] {
        assert!(matches!(refusal(Gemini, body), PeekError::Lookalike { like: l, .. } if l == like));
    }
    let number = refusal(Gemini, r#"{"generateContentRequest":{"model":7}}"#);
    assert!(matches!(number, PeekError::WrongType { field: "model", .. }));
}

#[test]
fn wrong_types_are_refused_by_name() {
    for (dialect, body, field) in [
        (Chat, r#"{"model":7}"#, "model"),
        (Messages, r#"{"model":["a"]}"#, "model"),
        (Responses, r#"{"stream":"true"}"#, "stream"),
        (Responses, r#"{"store":1}"#, "store"),
        (Responses, r#"{"background":"no"}"#, "background"),
        (Responses, r#"{"previous_response_id":{}}"#, "previous_response_id"),
        (Chat, r#"{"n":"2"}"#, "n"),
        (Chat, r#"{"max_tokens":1.5}"#, "max_tokens"),
        (Messages, r#"{"max_tokens":1e3}"#, "max_tokens"),
        (Messages, r#"{"service_tier":false}"#, "service_tier"),
        (Gemini, r#"{"generationConfig":{"maxOutputTokens":"9"}}"#, "maxOutputTokens"),
    ] {
        match refusal(dialect, body) {
            PeekError::WrongType { field: named, .. } => assert_eq!(named, field, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn what_is_not_one_json_object_is_refused() {
    assert_eq!(refusal(Chat, ""), PeekError::Empty);
    for body in ["[]", "\"x\"", "null", "hello", " ", "\u{feff}{}"] {
        assert_eq!(refusal(Chat, body), PeekError::NotAnObject, "{body:?}");
    }
    for body in
        ["{", "{}x", "{} {}", "{\"a\":}", "{\"a\":1,}", "{'a':1}", "{\"a\":\"\n\"}", "{\"a\":01}"]
    {
        assert!(matches!(refusal(Chat, body), PeekError::NotJson { .. }), "{body:?}");
    }
    assert_eq!(peek(Chat, b"{\"a\":\"\xFF\"}"), Err(PeekError::NotUtf8 { at: 6 }));
}

#[test]
fn depth_is_bounded_and_brackets_in_strings_are_none() {
    let nested = |depth: usize| format!(r#"{{"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    intent(Chat, &nested(127));
    assert_eq!(refusal(Chat, &nested(128)), PeekError::TooDeep);
    assert_eq!(refusal(Chat, &nested(500_000)), PeekError::TooDeep);
    intent(Chat, &format!(r#"{{"x":"{}\"[[\\","y":[]}}"#, "[{".repeat(200)));
    intent(Chat, &format!(r#"{{"x":[{}[]]}}"#, "[],".repeat(200)));
}

#[test]
fn what_is_not_asked_for_passes_unread() {
    intent(
        Messages,
        r#"{"temperature":1e999,"big":123456789012345678901234567890,"s":"\ud800","messages":
        [{"role":"system","content":[{"a":1,"a":2}]}],"thinking":{"type":"adaptive"},"x":[null]}"#,
    );
}

#[test]
fn a_refusal_becomes_a_400_that_names_the_field() {
    let fault = Fault::from(refusal(Chat, r#"{"stream":1}"#));
    assert_eq!(fault.kind, FaultKind::BadRequest);
    assert_eq!(fault.param.as_deref(), Some("stream"));
    assert_eq!(fault.message, "`stream` must be true or false");
    assert!(!fault.should_retry);
}

proptest! {
    #[test]
    fn replacing_the_model_leaves_all_other_bytes(
        before in "[ \n\t]{0,3}",
        text in any::<String>(),
        model in any::<String>(),
        other in any::<String>(),
    ) {
        let field = json_string(&text);
        let field = str::from_utf8(&field).unwrap();
        let body = |model: &str| {
            format!("{before}{{\"a\" : {field},\"model\" :{before}{model}{before},\"z\":[{field}]}}\n")
        };
        let literal = serde_json::to_string(&model).unwrap();
        let original = Bytes::from(body(&literal));
        for dialect in DialectId::ALL {
            let found = peek(dialect, &original).unwrap().model.unwrap();
            prop_assert_eq!(&found.value, &model);
            prop_assert_eq!(&original[found.span.clone()], literal.as_bytes());
            let edit = Edit { span: found.span, with: json_string(&other) };
            let edited = splice(&original, &[edit]).concat();
            let with = json_string(&other);
            prop_assert_eq!(edited, body(str::from_utf8(&with).unwrap()).into_bytes());
        }
    }

    #[test]
    fn random_bodies_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        json in r#"\{("(model|n|stream|metadata|generationConfig|requests)":(\{\}|\[\]|\[\{"model":"x"\},1\]|null|1|"x"|-0.0),?){0,4}\}"#,
    ) {
        for dialect in DialectId::ALL {
            let _ = peek(dialect, &bytes);
            let read = peek(dialect, json.as_bytes());
            for field in read.into_iter().flat_map(|intent| intent.more_models) {
                prop_assert_eq!(&json[field.span], "\"x\"");
            }
        }
    }

    #[test]
    fn any_json_object_of_other_keys_passes(
        members in proptest::collection::btree_map("x[a-z]{0,5}", ".{0,20}", 0..40),
    ) {
        let body = serde_json::to_vec(&members).unwrap();
        for dialect in DialectId::ALL {
            prop_assert_eq!(peek(dialect, &body), Ok(Intent::default()));
        }
    }
}
