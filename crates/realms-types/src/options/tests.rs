use super::*;

fn options(text: &str) -> ChannelOptions {
    ChannelOptions::parse(text).unwrap()
}

fn mistakes(text: &str) -> Vec<String> {
    options(text).check().iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_said_is_nothing_written() {
    assert_eq!(ChannelOptions::default().to_text(), "{}");
    assert!(options("").is_empty() && options("{}").is_empty());
    assert_eq!(mistakes("{}"), [""; 0]);
}

#[test]
fn what_is_written_reads_back_the_same() {
    let text = r#"{"system_prompt":{"text":"Be brief.","mode":"prepend"},"params":{"overrides":{"temperature":0.2},"operations":[{"mode":"set","path":"a.b","value":1,"conditions":[{"path":"original_model","mode":"prefix","value":"gpt-"}],"logic":"and"}]},"body":{"allow":["model","stream"],"deny":["user"]},"effort_suffix":{"keep":["x-high"]},"service_tier":"drop","fast_mode":false,"store":"force_false","safety_identifier":"drop","organization":"org-1","project":"p","cache_ttl":"1h","thinking_to_content":true,"status_codes":{"400":422},"headers":{"set":{"x-a":"{user}"},"remove":["x-b"]},"model_rules":[{"match":"regex","pattern":"gpt-(.*)","to":"o-$1"}],"hours":{"zone":"Asia/Shanghai","windows":[{"days":["mon"],"from":"22:00","to":"06:00"}]},"websocket":true,"on_disconnect":"drain","auto_disable":{"after":3,"causes":["exhausted"]},"test_model":"m","test_every_minutes":30,"probe_every_seconds":60,"tags":["a"],"remark":"n"}"#;
    assert_eq!(options(text).to_text(), text);
    assert_eq!(mistakes(text), [""; 0]);
}

#[test]
fn tests_and_probes_come_in_sensible_times() {
    for (text, expected) in [
        (r#"{"test_every_minutes":0}"#, "test_every_minutes: must be 1 to 10080"),
        (r#"{"test_every_minutes":10081}"#, "test_every_minutes: must be 1 to 10080"),
        (r#"{"probe_every_seconds":9}"#, "probe_every_seconds: must be 10 to 3600"),
        (r#"{"probe_every_seconds":3601}"#, "probe_every_seconds: must be 10 to 3600"),
    ] {
        assert!(mistakes(text)[0].starts_with(expected), "{text}");
    }
    let longest = r#"{"test_every_minutes":10080,"probe_every_seconds":3600}"#;
    assert_eq!(mistakes(longest), [""; 0]);
    assert_eq!(options(longest).test_every(), Some(Duration::from_hours(7 * 24)));
    assert_eq!(options(longest).probe_every(), Some(Duration::from_hours(1)));
}

#[test]
fn every_mistake_names_its_field_and_what_is_allowed() {
    for (text, expected) in [
        (r#"{"system_prompt":{"text":" "}}"#, "system_prompt.text: is empty"),
        (r#"{"params":{"overrides":{"model":"x"}}}"#, "params.overrides.model: would change"),
        (
            r#"{"params":{"operations":[{"mode":"set","path":"a..b","value":1}]}}"#,
            "params.operations.0.path: `a..b` is no path",
        ),
        (
            r#"{"params":{"operations":[{"mode":"set","path":"a[0]","value":1}]}}"#,
            "write items.0.name",
        ),
        (
            r#"{"params":{"operations":[{"mode":"set","path":"a"}]}}"#,
            "operations.0.value: is missing",
        ),
        (
            r#"{"params":{"operations":[{"mode":"regex_replace","path":"a","from":"(","to":""}]}}"#,
            "operations.0.from: is no regular expression",
        ),
        (
            r#"{"params":{"operations":[{"mode":"delete","path":"stream"}]}}"#,
            "would change or drop `stream`",
        ),
        (
            r#"{"params":{"operations":[{"mode":"move","from":"a"}]}}"#,
            "operations.0.to: `` is no path",
        ),
        (
            r#"{"params":{"operations":[{"mode":"trim_prefix","path":"a","value":1}]}}"#,
            "value: must be a text",
        ),
        (
            r#"{"params":{"operations":[{"mode":"to_lower","path":"a","value":1}]}}"#,
            "means nothing for this mode",
        ),
        (
            r#"{"params":{"operations":[{"mode":"delete","path":"a","conditions":[{"path":"b","mode":"gt","value":"1"}]}]}}"#,
            "conditions.0.value: must be a number",
        ),
        (r#"{"body":{"allow":["messages"]}}"#, "body.allow: must have `model`"),
        (r#"{"body":{"deny":["model"]}}"#, "body.deny.0: would change or drop `model`"),
        (r#"{"body":{"deny":["*"]}}"#, "body.deny.0: would change or drop `model`"),
        (r#"{"organization":"a b"}"#, "organization: must have"),
        (r#"{"status_codes":{"200":500}}"#, "status_codes.200: is no status of an error"),
        (r#"{"status_codes":{"400":200}}"#, "200 is no status of an error"),
        (r#"{"pass_through_body":true,"store":"drop"}"#, "pass_through_body: excludes `store`"),
        (r#"{"headers":{"set":{"Host":"x"}}}"#, "headers.set.Host: belongs to the connection"),
        (r#"{"headers":{"set":{"Authorization":"x"}}}"#, "headers.set.Authorization: belongs to"),
        (r#"{"headers":{"remove":["content-length"]}}"#, "headers.remove.0: belongs to"),
        (r#"{"headers":{"set":{"a b":"x"}}}"#, "is no name of a header"),
        (r#"{"headers":{"set":{"x-a":"{key}"}}}"#, "headers.set.x-a: has an unknown placeholder"),
        (r#"{"headers":{"set":{"x-a":"{client_header:Authorization}"}}}"#, "never passed on"),
        (r#"{"headers":{"set":{"x-a":"a\nb"}}}"#, "control character"),
        (r#"{"headers":{"set":{"x-a":"1","X-A":"2"}}}"#, "is given twice"),
        (
            r#"{"model_rules":[{"match":"regex","pattern":"[","to":"x"}]}"#,
            "model_rules.0.pattern: is no regular",
        ),
        (
            r#"{"model_rules":[{"match":"exact","pattern":"a","to":""}]}"#,
            "model_rules.0.to: must be",
        ),
        (
            r#"{"hours":{"zone":"Mars/Olympus","windows":[]}}"#,
            "hours.zone: `Mars/Olympus` is no time zone",
        ),
        (r#"{"hours":{"zone":"UTC","windows":[]}}"#, "hours.windows: needs at least one"),
        (
            r#"{"hours":{"zone":"UTC","windows":[{"from":"7:00","to":"08:00"}]}}"#,
            "hours.windows.0.from: `7:00`",
        ),
        (r#"{"auto_disable":{"after":0}}"#, "auto_disable.after: must be 1 to 1000"),
        (
            r#"{"auto_disable":{"after":1,"causes":["rate_limited"]}}"#,
            "`rate_limited` goes away by waiting",
        ),
    ] {
        let found = mistakes(text);
        assert!(found.iter().any(|one| one.contains(expected)), "{text}\n{found:#?}");
    }
}

#[test]
fn what_is_not_known_is_refused() {
    for text in [r#"{"sytem_prompt":{}}"#, r#"{"store":"never"}"#, r#"{"body":{"alow":[]}}"#, "7"] {
        assert!(ChannelOptions::parse(text).is_err(), "{text}");
    }
}

#[test]
fn hours_follow_the_clock_of_their_zone() {
    let at = |text: &str| {
        let instant: jiff::Timestamp = text.parse().unwrap();
        Timestamp::from_micros(instant.as_microsecond())
    };
    let hours = |windows: &str| {
        let text = format!(r#"{{"hours":{{"zone":"Asia/Shanghai","windows":{windows}}}}}"#);
        options(&text).hours.unwrap().compile().unwrap()
    };
    // 2026-11-27 is a Friday. Shanghai is 8 hours ahead.
    let night = hours(r#"[{"days":["fri"],"from":"22:00","to":"06:00"}]"#);
    for (time, open) in [
        ("2026-11-27T13:59:00Z", false),
        ("2026-11-27T14:00:00Z", true),
        ("2026-11-27T21:59:00Z", true),
        ("2026-11-27T22:00:00Z", false),
        ("2026-11-28T14:30:00Z", false),
        ("2026-11-26T21:00:00Z", false),
    ] {
        assert_eq!(night.is_open(at(time)), open, "{time}");
    }
    let all_day = hours(r#"[{"days":["sun"],"from":"00:00","to":"24:00"}]"#);
    assert!(all_day.is_open(at("2026-11-28T16:00:00Z")));
    assert!(all_day.is_open(at("2026-11-29T15:59:59Z")));
    assert!(!all_day.is_open(at("2026-11-29T16:00:00Z")));
    let always = hours(r#"[{"from":"08:00","to":"08:00"}]"#);
    assert!(
        always.is_open(at("2026-11-29T00:00:00Z")) && always.is_open(at("2026-11-28T23:59:00Z"))
    );
}

#[test]
fn a_channel_is_no_candidate_for_what_it_refuses() {
    let now = Timestamp::EPOCH;
    let (fast, tier, plain) =
        (Asks { fast: true, tier: true }, Asks { fast: false, tier: true }, Asks::default());
    for (text, asks, expected) in [
        ("{}", fast, Ok(())),
        (r#"{"service_tier":"refuse"}"#, tier, Err(Exclusion::ServiceTier)),
        (r#"{"service_tier":"refuse"}"#, plain, Ok(())),
        (r#"{"service_tier":"drop"}"#, tier, Ok(())),
        (r#"{"fast_mode":false}"#, fast, Err(Exclusion::FastMode)),
        (r#"{"fast_mode":false}"#, tier, Ok(())),
        (r#"{"fast_mode":true}"#, fast, Ok(())),
    ] {
        assert_eq!(options(text).fits(asks, None, now), expected, "{text}");
    }
    let closed = options(r#"{"hours":{"zone":"UTC","windows":[{"from":"08:00","to":"09:00"}]}}"#);
    let hours = closed.hours.as_ref().unwrap().compile().unwrap();
    assert_eq!(closed.fits(plain, Some(&hours), now), Err(Exclusion::OutOfHours));
}

#[test]
fn values_of_headers_are_in_no_debug_and_no_part() {
    let options = options(r#"{"headers":{"set":{"x-a":"canary-0123 {api_key}"}},"remark":"r"}"#);
    assert!(!format!("{options:?}").contains("canary"));
    assert_eq!(options.parts(), [("remark".to_owned(), "r".to_owned())]);
    let template = HeaderTemplate::parse("canary {{x}} {api_key}").unwrap();
    assert!(template.is_secret() && !format!("{template:?}").contains("canary"));
    assert_eq!(template.pieces()[0], Piece::Text("canary {x} ".to_owned()));
}

#[test]
fn an_error_rule_says_when_and_what() {
    let rule = |text: &str| {
        let rule: ErrorRule = serde_json::from_str(text).unwrap();
        rule.check().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(rule(r#"{"name":"a","match":{"status":[400]},"then":{"hide":true}}"#), "");
    for (text, expected) in [
        (r#"{"name":"a","match":{},"then":{"hide":true}}"#, "match: says nothing"),
        (r#"{"name":"a","match":{"status":[400]},"then":{}}"#, "then: does nothing"),
        (r#"{"name":"","match":{"status":[200]},"then":{"status":200}}"#, "match.status: 200"),
        (
            r#"{"name":"a","match":{"regex":"("},"then":{"hide":true}}"#,
            "match.regex: is no regular",
        ),
        (r#"{"name":"a","match":{"status":[400]},"then":{"hide":true,"message":"m"}}"#, "exclude"),
    ] {
        assert!(rule(text).contains(expected), "{text}: {}", rule(text));
    }
}
