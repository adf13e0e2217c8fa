//! What a client hears of an upstream that speaks another dialect.

use http::{Method, StatusCode};
use realms_dialect::Stop;
use realms_testkit::{Answer, FakeUpstream, Gate, Reply, ToolCall, frames_of};
use realms_types::{Certainty, DialectId, Usage};
use serde_json::json;

use super::{
    app_on,
    asks::{What, ask},
    calls, ok, on, pairs, read, text, thinking,
};

/// What of the fake's usage a dialect can tell.
fn told(client: DialectId, usage: Usage) -> Usage {
    let reasoning = if client == DialectId::Messages { 0 } else { usage.reasoning };
    Usage { reasoning, ..usage }
}

#[tokio::test]
async fn a_text_comes_in_the_clients_dialect_with_its_usage() {
    for (client, upstream_dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        upstream.says("Grüße, 世界. It rains.");
        let app = app_on(&upstream, upstream_dialect).await;
        for (number, stream) in [(1, false), (2, true)] {
            let which = format!("{} {stream}", on(client, upstream_dialect));
            let (path, body) = ask(client, What::Plain, stream);
            let answer = app.client().post(&path, body).await;
            ok(&answer, &which);
            let kind = if stream { "text/event-stream" } else { "application/json" };
            assert_eq!(answer.header("content-type"), kind, "{which}");
            let read = read(client, &answer);
            assert_eq!(text(&read), "Grüße, 世界. It rains.", "{which}: {}", answer.text());
            assert!(read.complete && read.fault.is_none(), "{which}: {}", answer.text());
            assert_eq!(read.choices[0].stop, Some(Stop::EndTurn), "{which}");
            assert_eq!(read.model.as_deref(), Some("m"), "{which}: the client's name of the model");
            let record = app.wait_for_records(number).await.remove(number - 1);
            assert_eq!((record.outcome.as_str(), record.certainty), ("ok", Certainty::Measured));
            assert_eq!(record.dialect, client, "{which}");
            // Messages does not tell how much of the output was thinking.
            assert_eq!(
                told(client, read.usage.unwrap()).output,
                record.usage.output,
                "{which}: {}",
                answer.text()
            );
            assert_eq!(read.usage.unwrap().total_input(), record.usage.total_input(), "{which}");
            assert_eq!((record.usage.input, record.usage.output), (21, 17), "{which}");
            assert!(record.cost.is_some(), "{which}");
        }
    }
}

#[tokio::test]
async fn a_tool_is_called_and_its_result_goes_back() {
    for (client, upstream_dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let tool = ToolCall::function("weather", json!({"city": "Köln", "days": [1, 2]}));
        upstream.replies(Answer::text("Let me look. ").with_tool(tool));
        let app = app_on(&upstream, upstream_dialect).await;
        for stream in [false, true] {
            let which = format!("{} {stream}", on(client, upstream_dialect));
            let (path, body) = ask(client, What::Tools, stream);
            let answer = app.client().post(&path, body).await;
            ok(&answer, &which);
            let read = read(client, &answer);
            assert!(read.complete, "{which}: {}", answer.text());
            assert_eq!(text(&read), "Let me look. ", "{which}");
            let calls = calls(&read);
            assert_eq!(calls.len(), 1, "{which}: {}", answer.text());
            let (id, name, arguments) = &calls[0];
            assert_eq!(name, "weather", "{which}");
            assert_eq!(*arguments, json!({"city": "Köln", "days": [1, 2]}), "{which}");
            assert!(id.as_ref().is_some_and(|id| !id.is_empty()), "{which}: results go by the id");
            assert_eq!(read.choices[0].stop, Some(Stop::ToolUse), "{which}");
        }
    }
}

#[tokio::test]
async fn a_thought_is_shown_to_whoever_asked_for_it() {
    for (client, upstream_dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        upstream.replies(Answer::text("It rains.").with_reasoning("Clouds are near."));
        let app = app_on(&upstream, upstream_dialect).await;
        for stream in [false, true] {
            let which = format!("{} {stream}", on(client, upstream_dialect));
            let (path, body) = ask(client, What::Thinking, stream);
            let answer = app.client().post(&path, body).await;
            ok(&answer, &which);
            let whole = read(client, &answer);
            assert_eq!(text(&whole), "It rains.", "{which}: {}", answer.text());
            assert_eq!(thinking(&whole), "Clouds are near.", "{which}: {}", answer.text());
            // Who did not ask for it is not told; Chat has no word for asking.
            let (path, body) = ask(client, What::Plain, stream);
            let answer = app.client().post(&path, body).await;
            ok(&answer, &which);
            let shown = thinking(&read(client, &answer));
            let expected = if client == DialectId::Chat { "Clouds are near." } else { "" };
            assert_eq!(shown, expected, "{which}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_stream_comes_as_it_is_made_however_it_is_cut() {
    for (client, upstream_dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        let reply = Reply::from(Answer::text("One two three four five six."));
        // Behind some words and before the end: what came until then is already with the client.
        upstream.replies(reply.in_pieces_of(7).stalls_before(1_000_000, &gate));
        let app = app_on(&upstream, upstream_dialect).await;
        let (path, body) = ask(client, What::Plain, true);
        let which = on(client, upstream_dialect);
        let mut answer = app.client().open(Method::POST, &path, body).await;
        assert_eq!(answer.headers["x-accel-buffering"], "no", "{which}");
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("five") {
            let bytes = answer.next().await.unwrap_or_else(|| panic!("{which}: ended early"));
            assert_eq!(frames_of(&bytes).concat(), bytes, "{which}: whole frames only");
            seen.extend_from_slice(&bytes);
        }
        gate.open();
        let rest = answer.finish().await;
        assert_eq!(rest.status, StatusCode::OK);
        seen.extend_from_slice(&rest.body);
        let mut whole = rest;
        whole.body = seen.into();
        let read = read(client, &whole);
        assert!(read.complete, "{which}: {}", whole.text());
        assert_eq!(text(&read), "One two three four five six.", "{which}");
    }
}

#[tokio::test]
async fn an_array_is_streamed_to_a_client_of_gemini_that_wants_one() {
    for upstream_dialect in [DialectId::Responses, DialectId::Chat, DialectId::Messages] {
        let upstream = FakeUpstream::start().await;
        upstream.says("One two three.");
        let app = app_on(&upstream, upstream_dialect).await;
        let body = r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#;
        let answer = app.client().post("/v1beta/models/m:streamGenerateContent", body).await;
        ok(&answer, upstream_dialect.as_str());
        assert!(answer.json().is_array(), "{}", answer.text());
        assert_eq!(text(&read(DialectId::Gemini, &answer)), "One two three.");
    }
}

#[tokio::test]
async fn usage_that_an_upstream_does_not_report_is_estimated_for_both() {
    for (client, upstream_dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        upstream.replies(Answer::text("It rains, and it will rain.").without_usage());
        let app = app_on(&upstream, upstream_dialect).await;
        for (number, stream) in [(1, false), (2, true)] {
            let which = format!("{} {stream}", on(client, upstream_dialect));
            let (path, body) = ask(client, What::Plain, stream);
            let answer = app.client().post(&path, body).await;
            ok(&answer, &which);
            let record = app.wait_for_records(number).await.remove(number - 1);
            assert_eq!(record.certainty, Certainty::Estimated, "{which}");
            let usage = read(client, &answer).usage.unwrap_or_default();
            assert_eq!(
                (usage.total_input(), usage.output),
                (record.usage.total_input(), record.usage.output),
                "{which}: {}",
                answer.text()
            );
            assert!(record.usage.input > 0 && record.usage.output > 0, "{which}");
        }
    }
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_call_upstream() {
    for (client, upstream_dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        let long = Answer::text("One two three four five six seven eight nine ten.");
        upstream.replies(Reply::from(long).stalls_before(5, &gate));
        let app = app_on(&upstream, upstream_dialect).await;
        let (path, body) = ask(client, What::Plain, true);
        let mut answer = app.client().open(Method::POST, &path, body).await;
        answer.next().await.unwrap();
        drop(answer);
        let record = app.wait_for_records(1).await.remove(0);
        let which = on(client, upstream_dialect);
        assert_eq!(record.outcome, "client_gone", "{which}");
        assert_eq!(record.certainty, Certainty::Estimated, "{which}");
        gate.open();
    }
}
