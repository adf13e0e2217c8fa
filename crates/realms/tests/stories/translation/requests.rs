//! What an upstream is asked by a client of another dialect.

use http::StatusCode;
use realms_dialect::{Format, Part, Prompt, Role, Source, ToolForm};
use realms_testkit::FakeUpstream;
use realms_types::DialectId;
use serde_json::Value;

use super::{
    app_of, app_on, asked,
    asks::{DOT, What, ask},
    ok, on, pairs,
};
use crate::support::KEY;

fn said(prompt: &Prompt) -> Vec<&Part> {
    prompt.turns.iter().flat_map(|turn| &turn.pieces).map(|piece| &piece.part).collect()
}

/// What is special about a question, found again in what the upstream was asked.
fn arrived(prompt: &Prompt, what: What) -> bool {
    let parts = said(prompt);
    match what {
        What::Plain => true,
        What::Tools => {
            let offered = prompt.tools.iter().any(|tool| match &tool.kind {
                ToolForm::Function(one) => {
                    let parameters = one.parameters.as_ref().map(|at| &at.value);
                    one.name == "weather"
                        && parameters.is_some_and(|it| it["properties"]["city"]["type"] == "string")
                }
                _ => false,
            });
            let call = parts.iter().find_map(|part| match part {
                Part::Call(call) if call.name == "weather" => Some(call),
                _ => None,
            });
            let result = parts.iter().find_map(|part| match part {
                Part::Result(result) => Some(result),
                _ => None,
            });
            let (Some(call), Some(result)) = (call, result) else { return false };
            let input: Value = serde_json::from_str(&call.input).unwrap();
            let rain = result.pieces.iter().any(|piece| piece.part.as_text().is_some_and(|text| text.contains("rain")));
            offered && input["city"] == "Ulm" && result.call == call.id && rain
        }
        What::Image => parts.iter().any(|part| {
            matches!(part, Part::Image(media) if media.source == Source::Data(DOT.to_owned()))
        }),
        What::Schema => match prompt.format.as_ref().map(|at| &at.value) {
            Some(Format::JsonSchema(schema)) => {
                schema.schema.as_ref().is_some_and(|at| at.value["required"][0] == "city")
            }
            // Models that do not hold themselves to a schema are told it.
            _ => format!("{:?}", prompt.system).contains("Answer with JSON of this schema"),
        },
        What::Thinking => prompt.reasoning.effort.is_some() || prompt.reasoning.budget.is_some(),
    }
}

#[tokio::test]
async fn every_question_arrives_in_the_upstreams_dialect() {
    for (client, dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let app = app_on(&upstream, dialect).await;
        for what in What::ALL {
            for stream in [false, true] {
                let which = format!("{} {what:?} {stream}", on(client, dialect));
                let (path, body) = ask(client, what, stream);
                let answer = app.client().post(&path, body).await;
                ok(&answer, &which);
                let received = upstream.last();
                let prompt = asked(&received, dialect);
                assert_eq!(received.model().as_deref(), Some("real-m"), "{which}");
                assert_eq!(received.wants_stream(), stream, "{which}");
                let system: String = prompt
                    .system
                    .iter()
                    .flat_map(|system| &system.pieces)
                    .chain(
                        prompt
                            .turns
                            .iter()
                            .filter(|turn| {
                                turn.role == Role::System || turn.role == Role::Developer
                            })
                            .flat_map(|turn| &turn.pieces),
                    )
                    .filter_map(|piece| piece.part.as_text())
                    .collect();
                assert!(system.contains("Be brief."), "{which}: {prompt:#?}");
                let asks =
                    said(&prompt).iter().any(|part| part.as_text() == Some("What is the weather?"));
                assert!(asks, "{which}: {prompt:#?}");
                assert!(arrived(&prompt, what), "{which}: {prompt:#?}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_of_the_clients_dialect_goes_along() {
    for (client, dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let app = app_on(&upstream, dialect).await;
        let (path, body) = ask(client, What::Plain, true);
        let caller = app
            .client()
            .header("user-agent", "mine/1")
            .header("x-team", "a")
            .header("anthropic-beta", "some-beta")
            .header("anthropic-version", "2022-01-01")
            .header("openai-beta", "some-beta")
            .header("x-stainless-lang", "js")
            .header("x-goog-api-client", "genai/1")
            .header("originator", "codex_exec");
        let answer = caller.post(&path, body).await;
        let which = on(client, dialect);
        ok(&answer, &which);
        let received = upstream.last();
        for gone in
            ["anthropic-beta", "openai-beta", "x-stainless-lang", "x-goog-api-client", "originator"]
        {
            assert_eq!(received.header(gone), "", "{which}: {gone}");
        }
        let version = if dialect == DialectId::Messages { "2023-06-01" } else { "" };
        assert_eq!(received.header("anthropic-version"), version, "{which}");
        assert_eq!((received.header("user-agent"), received.header("x-team")), ("mine/1", "a"));
        assert_eq!(received.header("accept"), "text/event-stream", "{which}");
        assert_eq!(received.key(), "upstream-key-a", "{which}");
        let query = if dialect == DialectId::Gemini { "alt=sse" } else { "" };
        assert_eq!(received.query, query, "{which}");
        assert!(!received.holds(KEY), "{which}: the client's key went upstream");
    }
}

#[tokio::test]
async fn who_speaks_the_clients_dialect_is_asked_first_among_equals() {
    for (client, dialect) in pairs() {
        let (other, own) = (FakeUpstream::start().await, FakeUpstream::start().await);
        let app =
            app_of(&[(&other, &format!("\"{dialect}\"")), (&own, &format!("\"{client}\""))]).await;
        let (path, body) = ask(client, What::Plain, false);
        let which = on(client, dialect);
        // A higher priority is a decision of the operator, and stands.
        ok(&app.client().post(&path, body.clone()).await, &which);
        assert_eq!((other.requests().len(), own.requests().len()), (1, 0), "{which}");
        let manifest = super::manifest(
            &[(&other, &format!("\"{dialect}\"")), (&own, &format!("\"{client}\""))],
            "",
        );
        app.apply(&manifest.replace("priority = 99", "priority = 100")).await;
        for _ in 0..3 {
            let answer = app.client().post(&path, body.clone()).await;
            ok(&answer, &which);
            assert_eq!(answer.header("x-realms-losses"), "", "{which}");
        }
        assert_eq!((other.requests().len(), own.requests().len()), (1, 3), "{which}");
        // It is also who takes over.
        own.replies(realms_testkit::Reply::status(500));
        ok(&app.client().post(&path, body).await, &which);
        assert_eq!(other.requests().len(), 2, "{which}");
    }
}

#[tokio::test]
async fn the_options_of_a_channel_work_on_what_is_sent() {
    let upstream = FakeUpstream::start().await;
    let app = app_on(&upstream, DialectId::Messages).await;
    let options = r#"options = { system_prompt = { text = "Speak plainly.", mode = "prepend" }, params = [ { top_k = 7 } ], headers = { set = { x-mine = "yes" } } }"#;
    let manifest = super::manifest(&[(&upstream, "\"messages\"")], "");
    app.apply(&manifest.replace("priority = 100", &format!("priority = 100\n{options}"))).await;
    let (path, body) = ask(DialectId::Chat, What::Plain, false);
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let received = upstream.last();
    let sent = received.json();
    assert_eq!(received.header("x-mine"), "yes");
    assert_eq!(sent["top_k"], 7, "{sent:#}");
    assert!(sent["system"].to_string().contains("Speak plainly."), "{sent:#}");
    assert!(sent["system"].to_string().contains("Be brief."), "{sent:#}");
}
