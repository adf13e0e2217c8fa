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
fn a_system_prompt_is_put_in_where_there_is_none() {
    let inject = r#"{"system_prompt":{"text":"S"}}"#;
    check(&[
        (
            inject,
            Responses,
            r#"{ "model":"m" , "input":"i" }"#,
            r#"{ "model":"m" , "input":"i","instructions":"S" }"#,
        ),
        (
            inject,
            Responses,
            r#"{"instructions":"","input":"i"}"#,
            r#"{"instructions":"S","input":"i"}"#,
        ),
        (
            inject,
            Responses,
            r#"{"instructions":null,"input":"i"}"#,
            r#"{"instructions":"S","input":"i"}"#,
        ),
        (inject, Responses, r#"{"instructions":"own"}"#, r#"{"instructions":"own"}"#),
        (
            inject,
            Chat,
            r#"{"messages": [ {"role":"user","content":"u"}]}"#,
            r#"{"messages": [ {"role":"system","content":"S"},{"role":"user","content":"u"}]}"#,
        ),
        (inject, Chat, r#"{"messages":[]}"#, r#"{"messages":[{"role":"system","content":"S"}]}"#),
        (
            inject,
            Chat,
            r#"{"messages":[{"role":"developer","content":"d"}]}"#,
            r#"{"messages":[{"role":"developer","content":"d"}]}"#,
        ),
        (inject, Chat, r#"{"input":"no messages"}"#, r#"{"input":"no messages"}"#),
        (inject, Messages, r#"{"max_tokens":1}"#, r#"{"max_tokens":1,"system":"S"}"#),
        (inject, Messages, r#"{"system":[]}"#, r#"{"system":"S"}"#),
        (inject, Messages, r#"{"system":"own"}"#, r#"{"system":"own"}"#),
        (
            inject,
            Gemini,
            r#"{"contents":[]}"#,
            r#"{"contents":[],"systemInstruction":{"parts":[{"text":"S"}]}}"#,
        ),
        (
            inject,
            Gemini,
            r#"{"system_instruction":{"parts":[{"text":"own"}]}}"#,
            r#"{"system_instruction":{"parts":[{"text":"own"}]}}"#,
        ),
        (
            inject,
            Gemini,
            r#"{"system_instruction":null}"#,
            r#"{"system_instruction":{"parts":[{"text":"S"}]}}"#,
        ),
    ]);
}

#[test]
fn a_system_prompt_comes_before_the_clients() {
    let prepend = r#"{"system_prompt":{"text":"S\"\n","mode":"prepend"}}"#;
    check(&[
        (prepend, Responses, r#"{"instructions":"own"}"#, r#"{"instructions":"S\"\n\n\nown"}"#),
        (prepend, Responses, "{}", r#"{"instructions":"S\"\n"}"#),
        (
            prepend,
            Chat,
            r#"{"messages":[{"role":"user","content":"u"},{"content":"own","role":"system"}]}"#,
            r#"{"messages":[{"role":"user","content":"u"},{"content":"S\"\n\n\nown","role":"system"}]}"#,
        ),
        (
            prepend,
            Chat,
            r#"{"messages":[{"role":"system","content":[{"type":"text","text":"own"}]}]}"#,
            r#"{"messages":[{"role":"system","content":[{"type":"text","text":"S\"\n"},{"type":"text","text":"own"}]}]}"#,
        ),
        (prepend, Messages, r#"{"system":"own"}"#, r#"{"system":"S\"\n\n\nown"}"#),
        (
            prepend,
            Messages,
            r#"{"system": [ {"type":"text","text":"own","cache_control":{"type":"ephemeral"}}]}"#,
            r#"{"system": [ {"type":"text","text":"S\"\n"},{"type":"text","text":"own","cache_control":{"type":"ephemeral"}}]}"#,
        ),
        (
            prepend,
            Gemini,
            r#"{"systemInstruction":{"parts":[{"text":"own"}]}}"#,
            r#"{"systemInstruction":{"parts":[{"text":"S\"\n"},{"text":"own"}]}}"#,
        ),
        (
            prepend,
            Gemini,
            r#"{"systemInstruction":{"parts":{"text":"own"}}}"#,
            r#"{"systemInstruction":{"parts":[{"text":"S\"\n"},{"text":"own"}]}}"#,
        ),
    ]);
}

#[test]
fn what_has_no_prompt_gets_none() {
    let options = r#"{"system_prompt":{"text":"S"},"store":"force_false"}"#;
    let body = Bytes::from_static(br#"{"input":"embed me","messages":[]}"#);
    let bare = Scene { prompted: false, ..scene(Chat) };
    assert_eq!(shape(options).body(&body, &Named::plain("m"), bare).body, body);
}

#[test]
fn plain_values_are_merged_over_the_body() {
    let options = r#"{"params":{"overrides":{"temperature":0.20,"a.b":{"z":1,"y":[null]},"n":2}}}"#;
    check(&[
        (
            options,
            Chat,
            r#"{"temperature" : 1, "x":1.0}"#,
            r#"{"temperature" : 0.2, "x":1.0,"a.b":{"z":1,"y":[null]},"n":2}"#,
        ),
        (
            options,
            Chat,
            r#"{"n":{"deep":[1,2]}}"#,
            r#"{"n":2,"temperature":0.2,"a.b":{"z":1,"y":[null]}}"#,
        ),
        (options, Gemini, "{}", r#"{"temperature":0.2,"a.b":{"z":1,"y":[null]},"n":2}"#),
    ]);
}

fn operation(text: &str) -> String {
    format!(r#"{{"params":{{"operations":[{text}]}}}}"#)
}

#[test]
fn every_operation_does_what_it_is_called() {
    let body = r#"{"model":"m", "t":" Hello ", "l":[1, 2,3], "o":{"k":"v" ,"w":true}, "e":{}}"#;
    for (edit, before, after) in [
        (r#"{"mode":"delete","path":"t"}"#, r#" "t":" Hello ","#, ""),
        (r#"{"mode":"delete","path":"o.k"}"#, r#""k":"v" ,"#, ""),
        (r#"{"mode":"delete","path":"o.w"}"#, r#" ,"w":true"#, ""),
        (r#"{"mode":"delete","path":"l.1"}"#, ", 2", ""),
        (r#"{"mode":"delete","path":"l.*"}"#, "[1, 2,3]", "[]"),
        (r#"{"mode":"delete","path":"l.-1"}"#, ",3", ""),
        (r#"{"mode":"set","path":"o.k","value":[1,"a"]}"#, r#""v""#, r#"[1,"a"]"#),
        (
            r#"{"mode":"set","path":"o.n.d","value":null}"#,
            r#""w":true"#,
            r#""w":true,"n":{"d":null}"#,
        ),
        (r#"{"mode":"set","path":"e.x","value":1}"#, "{}", r#"{"x":1}"#),
        (r#"{"mode":"set","path":"l.-1","value":9}"#, "2,3", "2,9"),
        (
            r#"{"mode":"move","from":"o.k","to":"e.k"}"#,
            r#"{"k":"v" ,"w":true}, "e":{}"#,
            r#"{"w":true}, "e":{"k":"v"}"#,
        ),
        (r#"{"mode":"copy","from":"l","to":"e.l"}"#, r#""e":{}"#, r#""e":{"l":[1, 2,3]}"#),
        (r#"{"mode":"prepend","path":"t","value":"<"}"#, r#"" Hello ""#, r#""< Hello ""#),
        (r#"{"mode":"append","path":"t","value":">"}"#, r#"" Hello ""#, r#"" Hello >""#),
        (r#"{"mode":"prepend","path":"l","value":0}"#, "[1", "[0,1"),
        (r#"{"mode":"append","path":"l","value":{"a":1}}"#, "3]", r#"3,{"a":1}]"#),
        (r#"{"mode":"trim_prefix","path":"t","value":" He"}"#, r#"" Hello ""#, r#""llo ""#),
        (r#"{"mode":"trim_suffix","path":"t","value":"lo "}"#, r#"" Hello ""#, r#"" Hel""#),
        (r#"{"mode":"ensure_prefix","path":"t","value":" H"}"#, "", ""),
        (r#"{"mode":"ensure_prefix","path":"t","value":"x"}"#, r#"" Hello ""#, r#""x Hello ""#),
        (r#"{"mode":"ensure_suffix","path":"t","value":"!"}"#, r#"" Hello ""#, r#"" Hello !""#),
        (r#"{"mode":"trim_space","path":"t"}"#, r#"" Hello ""#, r#""Hello""#),
        (r#"{"mode":"to_lower","path":"t"}"#, r#"" Hello ""#, r#"" hello ""#),
        (r#"{"mode":"to_upper","path":"t"}"#, r#"" Hello ""#, r#"" HELLO ""#),
        (r#"{"mode":"replace","path":"t","from":"l","to":"L"}"#, r#"" Hello ""#, r#"" HeLLo ""#),
        (
            r#"{"mode":"regex_replace","path":"t","from":"(l+)","to":"<$1>"}"#,
            r#"" Hello ""#,
            r#"" He<ll>o ""#,
        ),
        // What is not there is left alone.
        (r#"{"mode":"delete","path":"no.such"}"#, "", ""),
        (r#"{"mode":"append","path":"no","value":"x"}"#, "", ""),
        (r#"{"mode":"move","from":"no","to":"t"}"#, "", ""),
        (r#"{"mode":"to_upper","path":"l"}"#, "", ""),
        (r#"{"mode":"set","path":"t.deeper","value":1}"#, "", ""),
        (r#"{"mode":"set","path":"l.7","value":1}"#, "", ""),
    ] {
        for dialect in ALL {
            let expected =
                if before.is_empty() { body.to_owned() } else { body.replacen(before, after, 1) };
            assert!(before.is_empty() || expected != body, "{edit}: the row is wrong");
            assert_eq!(shaped(&operation(edit), dialect, body), expected, "{edit}");
        }
    }
}

#[test]
fn names_with_dots_escapes_and_every_item_are_found() {
    check(&[
        (
            &operation(r#"{"mode":"delete","path":"a\\.b"}"#),
            Chat,
            r#"{"a.b":1,"a":{"b":2}}"#,
            r#"{"a":{"b":2}}"#,
        ),
        (
            &operation(r#"{"mode":"delete","path":"é"}"#),
            Chat,
            r#"{"\u00e9":1,"b":2}"#,
            r#"{"b":2}"#,
        ),
        (
            &operation(r#"{"mode":"to_upper","path":"messages.*.content"}"#),
            Chat,
            r#"{"messages":[{"content":"a"},{"content":[]},{"content":"b"}]}"#,
            r#"{"messages":[{"content":"A"},{"content":[]},{"content":"B"}]}"#,
        ),
        // Parsers differ on which of two counts: both go.
        (
            &operation(r#"{"mode":"delete","path":"o.k"}"#),
            Chat,
            r#"{"o":{"k":1,"z":0,"k":2}}"#,
            r#"{"o":{"z":0}}"#,
        ),
        (
            &operation(r#"{"mode":"delete","path":"o.*"}"#),
            Chat,
            r#"{"o":{ "k":1 , "z":"}\"]" }}"#,
            r#"{"o":{  }}"#,
        ),
    ]);
}

#[test]
fn an_operation_waits_for_its_conditions() {
    for (conditions, due) in [
        (r#"[{"path":"t","value":0.5}]"#, true),
        (r#"[{"path":"t","value":1}]"#, false),
        (r#"[{"path":"t","mode":"gt","value":0.4}]"#, true),
        (r#"[{"path":"t","mode":"gte","value":0.5}]"#, true),
        (r#"[{"path":"t","mode":"lt","value":0.5}]"#, false),
        (r#"[{"path":"t","mode":"lte","value":0.5}]"#, true),
        (r#"[{"path":"u","mode":"prefix","value":"ab"}]"#, true),
        (r#"[{"path":"u","mode":"suffix","value":"cd"}]"#, true),
        (r#"[{"path":"u","mode":"contains","value":"bc"}]"#, true),
        (r#"[{"path":"u","mode":"contains","value":"x"}]"#, false),
        (r#"[{"path":"l","mode":"contains","value":2}]"#, true),
        (r#"[{"path":"u","mode":"contains","value":"x","invert":true}]"#, true),
        (r#"[{"path":"no","value":1}]"#, false),
        (r#"[{"path":"no","value":1,"pass_missing_key":true}]"#, true),
        (r#"[{"path":"no","value":1,"invert":true}]"#, false),
        (r#"[{"path":"no","value":1},{"path":"t","value":0.5}]"#, true),
        (r#"[{"path":"no","value":1},{"path":"t","value":0.5}],"logic":"and""#, false),
        (
            r#"[{"path":"original_model","value":"asked"},{"path":"request_path","mode":"prefix","value":"/v1/"},{"path":"channel_kind","value":"openai"},{"path":"is_channel_test","value":false},{"path":"model","value":"m"},{"path":"upstream_model","value":"m"},{"path":"channel_id","mode":"prefix","value":"ch_"}],"logic":"and""#,
            true,
        ),
    ] {
        let edit = format!(r#"{{"mode":"delete","path":"gone","conditions":{conditions}}}"#);
        let body = r#"{"t":0.5,"u":"abcd","l":[1,2],"gone":1}"#;
        let expected = if due { r#"{"t":0.5,"u":"abcd","l":[1,2]}"# } else { body };
        assert_eq!(shaped(&operation(&edit), Chat, body), expected, "{conditions}");
    }
}

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
