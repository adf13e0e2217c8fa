//! What may pass, effort, the account, the cache, the model.

use super::*;

#[test]
fn only_what_is_allowed_passes_and_what_is_denied_goes() {
    let allow =
        r#"{"body":{"allow":["model","stream","messages.*.role","messages.*.content","a.b"]}}"#;
    let body = r#"{"user":"u","model":"m","messages":[{"role":"user","name":"n","content":[{"x":1}]} , {"content":"b"}],"a":{"b":{"c":1},"d":2},"z":0}"#;
    check(&[
        (
            allow,
            Chat,
            body,
            r#"{"model":"m","messages":[{"role":"user","content":[{"x":1}]} , {"content":"b"}],"a":{"b":{"c":1}}}"#,
        ),
        (allow, Messages, r#"{"a":"plain","model":"m"}"#, r#"{"model":"m"}"#),
        (
            r#"{"body":{"deny":["user","messages.*.name","a","z"]}}"#,
            Chat,
            body,
            r#"{"model":"m","messages":[{"role":"user","content":[{"x":1}]} , {"content":"b"}]}"#,
        ),
        (
            r#"{"body":{"allow":["model","stream","a"],"deny":["a.b"]}}"#,
            Responses,
            body,
            r#"{"model":"m","a":{"d":2}}"#,
        ),
        (r#"{"body":{"deny":["nothing.like.this"]}}"#, Gemini, body, body),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_suffix_becomes_the_dialects_own_effort() {
    let on = r#"{"effort_suffix":{"keep":["kept-high"]}}"#;
    let budget = r#"{"effort_suffix":{"messages":"thinking_budget"}}"#;
    for (options, dialect, model, body, expected) in [
        (
            on,
            Responses,
            "gpt-5-high",
            r#"{"input":"i"}"#,
            r#"{"input":"i","reasoning":{"effort":"high"}}"#,
        ),
        (
            on,
            Responses,
            "gpt-5-none",
            r#"{"reasoning":{"summary":"auto"}}"#,
            r#"{"reasoning":{"summary":"auto","effort":"none"}}"#,
        ),
        (
            on,
            Responses,
            "gpt-5-low",
            r#"{"reasoning":{"effort":"medium"}}"#,
            r#"{"reasoning":{"effort":"medium"}}"#,
        ),
        (on, Chat, "o3-minimal", "{}", r#"{"reasoning_effort":"minimal"}"#),
        (on, Chat, "o3-xhigh", r#"{"reasoning_effort":null}"#, r#"{"reasoning_effort":"xhigh"}"#),
        (on, Messages, "claude-medium", "{}", r#"{"output_config":{"effort":"medium"}}"#),
        (on, Messages, "claude-minimal", "{}", r#"{"output_config":{"effort":"low"}}"#),
        (on, Messages, "claude-none", "{}", r#"{"thinking":{"type":"disabled"}}"#),
        (
            budget,
            Messages,
            "claude-high",
            r#"{"max_tokens":32000}"#,
            r#"{"max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":16384}}"#,
        ),
        (
            budget,
            Messages,
            "claude-high",
            r#"{"max_tokens":4000}"#,
            r#"{"max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":3999}}"#,
        ),
        (budget, Messages, "claude-high", r#"{"max_tokens":512}"#, r#"{"max_tokens":512}"#),
        (
            budget,
            Messages,
            "claude-high",
            r#"{"thinking":{"type":"disabled"}}"#,
            r#"{"thinking":{"type":"disabled"}}"#,
        ),
        (
            on,
            Gemini,
            "gemini-3-pro-high",
            "{}",
            r#"{"generationConfig":{"thinkingConfig":{"thinkingLevel":"high"}}}"#,
        ),
        (
            on,
            Gemini,
            "gemini-2.5-flash-medium",
            r#"{"generation_config":{"topK":1}}"#,
            r#"{"generation_config":{"topK":1,"thinkingConfig":{"thinkingBudget":8192}}}"#,
        ),
        (
            on,
            Gemini,
            "gemini-3-flash-none",
            "{}",
            r#"{"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}"#,
        ),
        (
            on,
            Gemini,
            "gemini-3-pro-low",
            r#"{"generationConfig":{"thinkingConfig":{"thinking_budget":1}}}"#,
            r#"{"generationConfig":{"thinkingConfig":{"thinking_budget":1}}}"#,
        ),
    ] {
        let (made, edits) = shaped_as(options, dialect, model, body);
        assert_eq!(
            (made.as_str(), edits.as_slice()),
            (expected, ["effort_suffix"].as_slice()),
            "{model}"
        );
        let named = shape(options).model(model, &mut Vec::new());
        assert_eq!(named.name, model.rsplit_once('-').unwrap().0);
    }
    for model in ["kept-high", "gpt-5", "-high", "gpt-highest"] {
        let (made, edits) = shaped_as(on, Chat, model, "{}");
        assert_eq!((made.as_str(), edits.len()), ("{}", 0), "{model}");
        assert_eq!(shape(on).model(model, &mut Vec::new()).name, model);
    }
    assert_eq!(shape("{}").model("gpt-5-high", &mut Vec::new()).name, "gpt-5-high");
}

#[test]
fn what_concerns_the_account_follows_its_policy() {
    let body = r#"{"store":true,"service_tier":"flex","safety_identifier":"x","model":"m"}"#;
    check(&[
        (
            r#"{"service_tier":"drop"}"#,
            Chat,
            body,
            r#"{"store":true,"safety_identifier":"x","model":"m"}"#,
        ),
        (r#"{"service_tier":"refuse"}"#, Chat, body, body),
        (r#"{"service_tier":"drop"}"#, Gemini, r#"{"serviceTier":"flex"}"#, "{}"),
        (
            r#"{"store":"drop"}"#,
            Responses,
            body,
            r#"{"service_tier":"flex","safety_identifier":"x","model":"m"}"#,
        ),
        (
            r#"{"store":"force_false"}"#,
            Responses,
            body,
            r#"{"store":false,"service_tier":"flex","safety_identifier":"x","model":"m"}"#,
        ),
        (r#"{"store":"force_false"}"#, Chat, "{}", r#"{"store":false}"#),
        (r#"{"store":"force_false"}"#, Messages, "{}", "{}"),
        (
            r#"{"safety_identifier":"drop"}"#,
            Responses,
            body,
            r#"{"store":true,"service_tier":"flex","model":"m"}"#,
        ),
    ]);
}

#[test]
fn marks_for_the_cache_get_their_time_and_nothing_else_does() {
    let body = r#"{"system":[{"text":"s","cache_control":{"type":"ephemeral"}}],"tools":[{"input_schema":{"cache_control":{"type":"ephemeral"}},"cache_control":{"type":"ephemeral","ttl":"5m"}}],"messages":[{"content":[{"type":"tool_use","input":{"cache_control":{"type":"ephemeral"}}},{"type":"tool_result","content":[{"text":"t","cache_control":{"type":"ephemeral"}}],"cache_control":{"type":"other"}}]},{"content":"plain"}]}"#;
    let hour = r#"{"system":[{"text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"tools":[{"input_schema":{"cache_control":{"type":"ephemeral"}},"cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"content":[{"type":"tool_use","input":{"cache_control":{"type":"ephemeral"}}},{"type":"tool_result","content":[{"text":"t","cache_control":{"type":"ephemeral","ttl":"1h"}}],"cache_control":{"type":"other"}}]},{"content":"plain"}]}"#;
    let top = r#"{"cache_control":{"ttl":"1h","type":"ephemeral"}}"#;
    check(&[
        (r#"{"cache_ttl":"1h"}"#, Messages, body, hour),
        (
            r#"{"cache_ttl":"5m"}"#,
            Messages,
            top,
            r#"{"cache_control":{"ttl":"5m","type":"ephemeral"}}"#,
        ),
        (r#"{"cache_ttl":"inherit"}"#, Messages, body, body),
        (r#"{"cache_ttl":"1h"}"#, Messages, r#"{"messages":[]}"#, r#"{"messages":[]}"#),
        (r#"{"cache_ttl":"5m"}"#, Chat, top, top),
    ]);
}

#[test]
fn the_first_rule_that_fits_redirects_the_model() {
    let rules = r#"{"model_rules":[
        {"match":"exact","pattern":"a","to":"b"},
        {"match":"prefix","pattern":"gpt-4","to":"gpt-5"},
        {"match":"suffix","pattern":"-mini","to":"small"},
        {"match":"regex","pattern":"claude-(\\w+)-(\\d+)","to":"anthropic/${1}.v$2"},
        {"match":"prefix","pattern":"gpt","to":"never"}]}"#;
    for (bound, expected) in [
        ("a", "b"),
        ("ab", "ab"),
        ("gpt-4o-mini", "gpt-5"),
        ("o4-mini", "small"),
        ("claude-opus-4", "anthropic/opus.v4"),
        ("x-claude-opus-4", "x-claude-opus-4"),
        ("A", "A"),
    ] {
        let mut edits = Vec::new();
        assert_eq!(shape(rules).model(bound, &mut edits).name, expected, "{bound}");
        assert_eq!(!edits.is_empty(), bound != expected);
    }
}
