//! System prompts, put in and put before.

use super::*;

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
