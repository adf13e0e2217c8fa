//! A client of one dialect on an upstream of another: all twelve pairs.

mod answers;
mod asks;
mod charges;
mod faults;
mod kept;
mod policies;
mod requests;
mod side_calls;

use std::fmt::Write as _;

use http::StatusCode;
use realms_dialect::{
    Answer as Read, AnswerFold, Decoder, Frame, JsonArrayFramer, PartHead, Prompt, SseFramer,
    decode_prompt,
};
use realms_testkit::{FakeUpstream, Received};
use realms_types::DialectId;
use serde_json::Value;

use crate::support::{Answered, KEY, TestApp};

/// Every client on every upstream that speaks another dialect.
fn pairs() -> impl Iterator<Item = (DialectId, DialectId)> {
    let all = DialectId::ALL;
    all.into_iter().flat_map(move |client| {
        let others = all.into_iter().filter(move |upstream| *upstream != client);
        others.map(move |upstream| (client, upstream))
    })
}

/// What the operator reads traces with.
const ADMIN: &str = "admin-key-of-the-stories";

async fn start() -> TestApp {
    TestApp::start_with(&[("REALMS_ADMIN_API_KEY", ADMIN)]).await
}

/// One app whose channels speak one dialect each, the first at the highest priority.
async fn app_of(upstreams: &[(&FakeUpstream, &str)]) -> TestApp {
    let app = start().await;
    app.apply(&manifest(upstreams, "")).await;
    app
}

/// A manifest of such channels; `key` is what more is said of the key.
fn manifest(upstreams: &[(&FakeUpstream, &str)], key: &str) -> String {
    let mut manifest = String::from(
        "version = 1\n[settings]\nretry_max_tries = \"1\"\n[[model]]\nname = \"m\"\nowner = \"maker\"\ninput_usd_per_1m = \"1.25\"\n\
         output_usd_per_1m = \"10\"\ncache_read_usd_per_1m = \"0.125\"\n[[user]]\nusername = \"ana\"\n",
    );
    write!(manifest, "[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n{key}\n")
        .unwrap();
    for (number, (upstream, dialects)) in (0..).zip(upstreams) {
        let name = char::from(b'a' + number);
        write!(
            manifest,
            "[[channel]]\nname = \"{name}\"\nkind = \"openai\"\nbase_url = \"{}\"\n\
             dialects = [{dialects}]\npriority = {}\ngroups = [\"default\"]\n\
             credentials = [{{ name = \"k\", key = \"upstream-key-{name}\" }}]\n\
             models = [{{ name = \"m\", upstream = \"real-m\" }}]\n",
            upstream.url(),
            100 - number,
        )
        .unwrap();
    }
    manifest
}

/// The same for a single channel.
async fn app_on(upstream: &FakeUpstream, dialect: DialectId) -> TestApp {
    app_of(&[(upstream, &format!("\"{dialect}\""))]).await
}

/// A client's answer as its dialect is read, streamed or whole. Whatever a client could not read fails.
fn read(dialect: DialectId, answer: &Answered) -> Read {
    let (mut decoder, mut fold) = (Decoder::new(dialect), AnswerFold::default());
    let mut events = Vec::new();
    match answer.header("content-type") {
        "text/event-stream" => {
            let mut framer = SseFramer::new();
            let batch = framer.push(answer.body.clone()).unwrap();
            for frame in batch.frames() {
                events.extend(decoder.frame(&frame));
            }
            if let Some(rest) = framer.finish() {
                events.extend(decoder.frame(&Frame::new(&rest)));
            }
            events.extend(decoder.finish());
        }
        "application/json" if answer.body.starts_with(b"[") => {
            let batch = JsonArrayFramer::new().push(answer.body.clone()).unwrap();
            for frame in batch.frames() {
                events.extend(decoder.frame(&frame));
            }
            events.extend(decoder.finish());
        }
        "application/json" => events.extend(decoder.body(&answer.body)),
        other => panic!("{dialect}: an answer of type `{other}`: {}", answer.text()),
    }
    for event in events {
        fold.push(event).unwrap();
    }
    fold.finish()
}

/// The text of the first choice.
fn text(read: &Read) -> String {
    part(read, |head| *head == PartHead::Text)
}

/// What of its thoughts is shown.
fn thinking(read: &Read) -> String {
    part(read, |head| matches!(head, PartHead::Thinking(_)))
}

fn part(read: &Read, is_it: impl Fn(&PartHead) -> bool) -> String {
    let parts = read.choices.first().map(|choice| choice.parts.as_slice()).unwrap_or_default();
    parts.iter().filter(|part| is_it(&part.head)).map(|part| part.text.as_str()).collect()
}

/// The calls of tools: id, name and arguments.
fn calls(read: &Read) -> Vec<(Option<String>, String, Value)> {
    let parts = read.choices.first().map(|choice| choice.parts.as_slice()).unwrap_or_default();
    let call = |part: &realms_dialect::AnswerPart| match &part.head {
        PartHead::ToolCall(head) => {
            let arguments = serde_json::from_str(&part.text).unwrap_or(Value::Null);
            Some((head.id.clone(), head.name.clone(), arguments))
        }
        _ => None,
    };
    parts.iter().filter_map(call).collect()
}

/// What an upstream was asked, as its own dialect is read.
fn asked(received: &Received, dialect: DialectId) -> Prompt {
    assert_eq!(received.dialect(), dialect, "{}", received.path);
    decode_prompt(dialect, &received.body).unwrap_or_else(|error| {
        panic!("{dialect}: {error}: {}", String::from_utf8_lossy(&received.body))
    })
}

fn ok(answer: &Answered, which: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{which}: {}", answer.text());
    assert!(!answer.broke_off, "{which}");
}

/// Names a pair in what a failed test says.
fn on(client: DialectId, upstream: DialectId) -> String {
    format!("{client} on {upstream}")
}
