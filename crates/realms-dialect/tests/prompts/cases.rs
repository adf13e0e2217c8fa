//! Rules that need a whole prompt: a request, a target, and one place of what is written.

use base64::{Engine, engine::general_purpose::STANDARD};
use realms_dialect::{Family, Target, decode_prompt};
use realms_types::DialectId;
use serde_json::{Value, json};

use super::samples::{encoded, target};

const OPUS: Target<'static> = Target {
    dialect: DialectId::Messages,
    model: "claude-opus-4-8",
    family: Family::Anthropic,
    max_output: None,
    at_home: true,
};
const OLD_CLAUDE: Target<'static> = Target { model: "claude-3-5-haiku", ..OPUS };
const OPENAI_CHAT: Target<'static> = Target {
    dialect: DialectId::Chat,
    model: "gpt-5.5",
    family: Family::Openai,
    max_output: None,
    at_home: true,
};

/// What is written at a place (or why it was refused), and the paths of what was lost.
fn at(origin: DialectId, body: &Value, target: &Target<'_>, place: &str) -> (Value, Vec<String>) {
    let prompt = decode_prompt(origin, body.to_string().as_bytes()).unwrap();
    match encoded(&prompt, target) {
        Ok((written, losses)) => {
            let lost =
                losses.named().iter().map(|loss| format!("{} {}", loss.kind.name(), loss.path));
            (written.pointer(place).cloned().unwrap_or(Value::Null), lost.collect())
        }
        Err(refused) => (format!("refused {}", refused.path).into(), Vec::new()),
    }
}

/// Another maker's proof of thinking, as a client keeps it.
fn envelope(inner: &str) -> String {
    STANDARD.encode(format!("realms:1:{inner}"))
}

fn tools() -> Value {
    let tool = |name: &str| json!({"type":"function","function":{"name":name}});
    json!([tool("a"), tool("b")])
}

#[test]
fn what_nobody_knows_goes_back_to_where_it_was() {
    let responses = target(DialectId::Responses);
    let part = json!({"type":["odd"],"refusal":"I will not."});
    let said = json!({"type":"message","role":"assistant","content":[part]});
    let item = json!({"type":"odd_call","name":"a"});
    let body = json!({"model":"m","input":[{"role":"user","content":"Do it."}, said, item]});
    let (written, lost) = at(DialectId::Responses, &body, &responses, "/input");
    assert_eq!(written[1]["content"], json!([part]), "{written}");
    assert_eq!(written[2], item);
    assert_eq!(lost, [""; 0]);
}

#[test]
fn a_choice_of_tools_has_its_form_in_each_dialect() {
    let (responses, chat, messages, gemini) = (
        target(DialectId::Responses),
        target(DialectId::Chat),
        target(DialectId::Messages),
        target(DialectId::Gemini),
    );
    let named = json!({"type":"function","function":{"name":"a"}});
    let some = json!({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[named]}});
    for (choice, target, place, expected) in [
        (json!("auto"), responses, "/tool_choice", json!("auto")),
        (json!("none"), messages, "/tool_choice", json!({"type":"none"})),
        (json!("none"), gemini, "/toolConfig/functionCallingConfig", json!({"mode":"NONE"})),
        (json!("required"), messages, "/tool_choice", json!({"type":"any"})),
        (json!("required"), gemini, "/toolConfig/functionCallingConfig", json!({"mode":"ANY"})),
        (named.clone(), responses, "/tool_choice", json!({"type":"function","name":"a"})),
        (named.clone(), messages, "/tool_choice", json!({"type":"tool","name":"a"})),
        (
            named.clone(),
            gemini,
            "/toolConfig/functionCallingConfig",
            json!({"mode":"ANY","allowedFunctionNames":["a"]}),
        ),
        (
            some.clone(),
            responses,
            "/tool_choice",
            json!({"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"a"}]}),
        ),
        (some.clone(), messages, "/tools", json!([{"name":"a","input_schema":{"type":"object"}}])),
        (some.clone(), messages, "/tool_choice", json!({"type":"auto"})),
        (some.clone(), gemini, "/tools/0/functionDeclarations", json!([{"name":"a"}])),
        (
            some,
            chat,
            "/tool_choice",
            json!({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[named]}}),
        ),
    ] {
        let body = json!({"messages":[{"role":"user","content":"x"}],"tools":tools(),"tool_choice":choice});
        assert_eq!(at(DialectId::Chat, &body, &target, place).0, expected, "{choice}");
    }
}

#[test]
fn an_answer_that_the_client_began() {
    let body =
        json!({"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"Here: "}]});
    let begun = json!({"role":"assistant","content":"Here:"});
    let (turn, lost) = at(DialectId::Chat, &body, &OLD_CLAUDE, "/messages/1");
    assert_eq!(turn, begun);
    assert_eq!(lost, ["emulated max_completion_tokens", "approximated messages[1].content"]);
    let (turn, lost) = at(DialectId::Chat, &body, &OPUS, "/messages/2/role");
    assert_eq!(turn, "user");
    assert_eq!(lost, ["emulated max_completion_tokens", "emulated messages[1].content"]);
}

#[test]
fn claude_before_4_6_does_not_think_within_a_round_begun_without() {
    let thought = |proof: &str| {
        json!({"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[
            {"role":"user","content":"x"},
            {"role":"assistant","content":[
                {"type":"thinking","thinking":"t","signature":proof},
                {"type":"tool_use","id":"t1","name":"a","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"1"}]}]})
    };
    let thinks = json!({"type":"enabled","budget_tokens":2000});
    assert_eq!(
        at(DialectId::Messages, &thought("SIG"), &OLD_CLAUDE, "/thinking"),
        (thinks, vec![])
    );
    let (thinking, lost) =
        at(DialectId::Messages, &thought(&envelope("gt:SIG")), &OLD_CLAUDE, "/thinking");
    assert_eq!(thinking, Value::Null);
    assert!(lost.contains(&"dropped thinking.budget_tokens".to_owned()), "{lost:?}");
    let (thinking, _) = at(DialectId::Messages, &thought(&envelope("gt:SIG")), &OPUS, "/thinking");
    assert_eq!(thinking, json!({"type":"adaptive"}));
}

#[test]
fn proofs_of_thinking_go_back_to_their_maker_from_any_dialect() {
    // A Responses client keeps what a Claude model thought as sealed reasoning.
    let sealed = |proof: &str| {
        json!({"input":[{"role":"user","content":"x"},
            {"type":"reasoning","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":proof},
            {"role":"assistant","content":"y"},{"role":"user","content":"z"}]})
    };
    let claude = sealed(&envelope("mt:SIG"));
    let block =
        json!([{"type":"thinking","thinking":"t","signature":"SIG"},{"type":"text","text":"y"}]);
    assert_eq!(at(DialectId::Responses, &claude, &OPUS, "/messages/1/content").0, block);
    let (content, lost) = at(DialectId::Responses, &sealed("gAAAA"), &OPUS, "/messages/1/content");
    assert_eq!(content, "y");
    assert!(lost.contains(&"dropped input[1].encrypted_content".to_owned()), "{lost:?}");
    let (items, _) =
        at(DialectId::Responses, &claude, &target(DialectId::Responses), "/input/1/type");
    assert_eq!(items, "message");
    // Google's, kept by a Messages client, belongs to the call behind it.
    let gemini = json!({"max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[
        {"type":"redacted_thinking","data":envelope("gp:SIG")},
        {"type":"tool_use","id":"t1","name":"a","input":{}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]}]});
    let to = target(DialectId::Gemini);
    let (proof, lost) =
        at(DialectId::Messages, &gemini, &to, "/contents/1/parts/0/thoughtSignature");
    assert_eq!((proof, lost), (json!("SIG"), vec![]));
}

#[test]
fn a_chat_client_gives_googles_proofs_back_as_google_says() {
    let body = json!({"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[
        {"id":"c","type":"function","function":{"name":"a","arguments":"{}"},
         "extra_content":{"google":{"thought_signature":"SIG"}}}]},
        {"role":"tool","tool_call_id":"c","content":"1"}]});
    let to = target(DialectId::Gemini);
    let (proof, lost) = at(DialectId::Chat, &body, &to, "/contents/1/parts/0/thoughtSignature");
    assert_eq!((proof, lost), (json!("SIG"), vec![]));
    let old = Target { model: "gemini-2.5-pro", ..to };
    let without = json!({"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[
        {"id":"c","type":"function","function":{"name":"a","arguments":"{}"}}]}]});
    let place = "/contents/1/parts/0/thoughtSignature";
    assert_eq!(at(DialectId::Chat, &without, &old, place), (Value::Null, vec![]));
    let (proof, lost) = at(DialectId::Chat, &without, &to, place);
    assert_eq!(proof, "skip_thought_signature_validator");
    assert_eq!(lost, ["emulated messages[1].tool_calls[0]"]);
}

#[test]
fn what_no_other_dialect_can_do_is_refused() {
    for (origin, body, path) in [
        (DialectId::Responses, json!({"input":"x","background":true}), "background"),
        (DialectId::Responses, json!({"input":"x","conversation":"c"}), "conversation"),
        (
            DialectId::Responses,
            json!({"input":"x","previous_response_id":"r"}),
            "previous_response_id",
        ),
        (DialectId::Responses, json!({"input":[{"type":"item_reference","id":"i"}]}), "input[0]"),
        (DialectId::Responses, json!({"input":"x","tools":[{"type":"mcp"}]}), "tools[0]"),
        (DialectId::Chat, json!({"messages":[],"modalities":["text","audio"]}), "modalities"),
        (DialectId::Chat, json!({"messages":[{"role":"user","content":"x"}],"n":2}), "n"),
        (DialectId::Gemini, json!({"contents":[],"cachedContent":"c"}), "cachedContent"),
    ] {
        let refused: Value = format!("refused {path}").into();
        assert_eq!(at(origin, &body, &target(DialectId::Messages), "").0, refused, "{body}");
    }
    let container = json!({"max_tokens":1,"messages":[],"container":"c"});
    assert_eq!(
        at(DialectId::Messages, &container, &target(DialectId::Chat), "").0,
        "refused container"
    );
    // To say no is to say nothing.
    let no = json!({"input":"x","background":false});
    assert_eq!(
        at(DialectId::Responses, &no, &target(DialectId::Chat), "/messages/0/content").0,
        "x"
    );
}

#[test]
fn caches_are_told_in_the_targets_way() {
    let user = r#"{"device_id":"d","account_uuid":"","session_id":"s-1"}"#;
    let body = json!({"max_tokens":9,"metadata":{"user_id":user},"messages":[{"role":"user","content":[
        {"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]}]});
    let mark = "/messages/0/content/0/cache_control";
    assert_eq!(at(DialectId::Messages, &body, &OPUS, mark).0, json!({"type":"ephemeral"}));
    let (key, lost) = at(DialectId::Messages, &body, &OPENAI_CHAT, "/prompt_cache_key");
    assert_eq!(key, "s-1");
    assert_eq!(lost, ["dropped messages[0].content[0].cache_control"]);
    let (key, _) = at(DialectId::Messages, &body, &target(DialectId::Chat), "/prompt_cache_key");
    assert_eq!(key, Value::Null);
}

#[test]
fn the_limit_has_the_name_that_the_model_knows() {
    let body = json!({"max_tokens":9,"messages":[{"role":"user","content":"x"}]});
    assert_eq!(at(DialectId::Messages, &body, &OPENAI_CHAT, "/max_completion_tokens").0, 9);
    assert_eq!(at(DialectId::Messages, &body, &target(DialectId::Chat), "/max_tokens").0, 9);
    let (limit, lost) =
        at(DialectId::Messages, &body, &target(DialectId::Responses), "/max_output_tokens");
    assert_eq!((limit, lost), (json!(16), vec!["approximated max_tokens".to_owned()]));
}

#[test]
fn bad_requests_say_what_to_send() {
    for (dialect, body, why) in [
        (DialectId::Chat, "{}", "`messages` is missing"),
        (
            DialectId::Chat,
            r#"{"messages":[{"role":"robot"}]}"#,
            "`messages[0].role` must be system, developer, user, assistant or tool",
        ),
        (DialectId::Chat, r#"{"messages":[],"n":"x"}"#, "`n` must be a whole number"),
        (
            DialectId::Chat,
            r#"{"messages":[],"reasoning_effort":"huge"}"#,
            "`reasoning_effort` must be none, minimal",
        ),
        (
            DialectId::Messages,
            r#"{"messages":[{"role":"user","content":[{"type":"image"}]}]}"#,
            "`messages[0].content[0].source` is missing",
        ),
        (DialectId::Responses, r#"{"input":7}"#, "`input` must be text or a list of items"),
        (
            DialectId::Gemini,
            r#"{"contents":[],"generationConfig":{"topK":1,"top_k":2}}"#,
            "`topK` is given more than once",
        ),
        (
            DialectId::Gemini,
            r#"{"contents":[{"role":"robot"}]}"#,
            "`contents[0].role` must be user or model",
        ),
        (DialectId::Gemini, "[]", "must be a JSON object"),
    ] {
        let error = decode_prompt(dialect, body.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(why), "{body}: {error}");
    }
}
