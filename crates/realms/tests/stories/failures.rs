//! What may go wrong with an upstream, row by row, in every dialect, streamed and whole. After a failure
//! before the first byte somebody else answers; where nobody else is, the client gets the status and the
//! envelope of its dialect; after the first byte there is no second upstream and no false end.

use std::fmt::Write as _;

use http::{Method, StatusCode};
use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply, Turn, error_body, error_frame};
use realms_types::{Certainty, DialectId};
use tokio::time::Instant;

use crate::{
    relaying::calls,
    streams::after_the_first_word,
    support::{Answered, KEY, TestApp, attempts},
};

/// A failure before the first byte.
struct Before {
    name: &'static str,
    reply: fn(DialectId, bool) -> Reply,
    /// What the attempt is told as.
    attempt: &'static str,
    /// What the client hears when nobody else is there.
    alone: u16,
    /// Timeouts that make the failure come soon.
    environment: &'static [(&'static str, &'static str)],
}

const QUICK_HEADERS: &[(&str, &str)] = &[
    ("REALMS_UPSTREAM_STREAM_HEADER_TIMEOUT", "150ms"),
    ("REALMS_UPSTREAM_WHOLE_HEADER_TIMEOUT", "150ms"),
];

fn error_inside(dialect: DialectId, stream: bool) -> Reply {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    if stream {
        Reply::frames([error_frame(dialect, status)])
    } else {
        Reply::json(&error_body(dialect, status))
    }
}

const BEFORE: &[Before] = &[
    Before {
        name: "F3 reset before the first byte",
        reply: |_, _| Reply::hangs_up(Cut::Reset),
        attempt: "- retried broken",
        alone: 502,
        environment: &[],
    },
    Before {
        name: "F3 closed before the first byte",
        reply: |_, _| Reply::hangs_up(Cut::Close),
        attempt: "- retried broken",
        alone: 502,
        environment: &[],
    },
    Before {
        name: "F5 no headers",
        reply: |_, _| Reply::never(),
        attempt: "- retried header_timeout",
        alone: 504,
        environment: QUICK_HEADERS,
    },
    Before {
        name: "F7 an error inside a 200",
        reply: error_inside,
        attempt: "200 retried server_error",
        alone: 502,
        environment: &[],
    },
    Before {
        name: "F9 a page instead of an answer",
        reply: |_, _| Reply::html(),
        attempt: "200 retried not_an_answer",
        alone: 502,
        environment: &[],
    },
    Before {
        name: "F9 nothing instead of an answer",
        reply: |_, _| Reply::empty(),
        attempt: "200 retried not_an_answer",
        alone: 502,
        environment: &[],
    },
    Before {
        name: "F14 the credential is not known",
        reply: |_, _| Reply::status(401),
        attempt: "401 retried unauthorized",
        alone: 502,
        environment: &[],
    },
    Before {
        name: "F14 the credential may not",
        reply: |_, _| Reply::status(403),
        attempt: "403 retried unauthorized",
        alone: 502,
        environment: &[],
    },
    Before {
        name: "F15 at its limit",
        reply: |_, _| Reply::status(429).header("retry-after", "600"),
        attempt: "429 retried rate_limited",
        alone: 429,
        environment: &[],
    },
    Before {
        name: "F15 overloaded",
        reply: |_, _| Reply::status(529),
        attempt: "529 retried overloaded",
        alone: 503,
        environment: &[],
    },
    Before {
        name: "server error",
        reply: |_, _| Reply::status(500),
        attempt: "500 retried server_error",
        alone: 502,
        environment: &[],
    },
];

/// A cell: a call for a model of its own, with the upstream that fails and, if wanted, a good one below it.
struct Cell {
    name: String,
    dialect: DialectId,
    path: String,
    body: String,
    bad: FakeUpstream,
    good: FakeUpstream,
}

/// All cells of a row in one app. Each has channels of its own: what rests in one rests in no other.
async fn cells(row: &Before, with_good: bool) -> (TestApp, Vec<Cell>) {
    let app = TestApp::start_with(row.environment).await;
    // What is asked again is asked at once, and not for long.
    let mut manifest = String::from(
        "version = 1\n[settings]\nretry_base_delay_ms = \"1\"\nretry_max_delay_ms = \"1\"\n\
         retry_max_tries = \"1\"\n",
    );
    let mut cells = Vec::new();
    for stream in [false, true] {
        for place in 0..4 {
            let model = format!("m{}", cells.len());
            let (dialect, path, body) = calls(&model, stream)[place].clone();
            let (bad, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
            bad.replies((row.reply)(dialect, stream));
            let pair = [("bad", &bad, 9), ("good", &good, 0)];
            for (name, upstream, priority) in pair.into_iter().take(1 + usize::from(with_good)) {
                write!(
                    manifest,
                    "[[channel]]\nname = \"{name}-{model}\"\nkind = \"openai\"\n\
                     base_url = \"{}\"\npriority = {priority}\ngroups = [\"default\"]\n\
                     dialects = [\"responses\", \"chat\", \"messages\", \"gemini\"]\n\
                     credentials = [{{ name = \"k\", key = \"upstream-key-{model}\" }}]\n\
                     models = [\"{model}\"]\n",
                    upstream.url()
                )
                .unwrap();
            }
            let name =
                format!("{} · {dialect} · {}", row.name, if stream { "stream" } else { "whole" });
            cells.push(Cell { name, dialect, path, body, bad, good });
        }
    }
    write!(
        manifest,
        "[[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n"
    )
    .unwrap();
    app.apply(&manifest).await;
    (app, cells)
}

/// An error in the dialect's own envelope, with the id of the request.
fn is_error_of(dialect: DialectId, answer: &Answered) -> bool {
    let json = answer.json();
    let own = match dialect {
        DialectId::Messages => json["type"] == "error",
        DialectId::Gemini => json["error"]["code"] == answer.status.as_u16(),
        DialectId::Responses | DialectId::Chat => json["error"]["type"].is_string(),
    };
    own && answer.text().contains(answer.header("x-request-id"))
}

#[tokio::test]
async fn before_the_first_byte_somebody_else_answers() {
    for row in BEFORE {
        let (app, cells) = cells(row, true).await;
        for (number, Cell { name, path, body, bad, good, .. }) in cells.iter().enumerate() {
            let answer = app.client().post(path, body.clone()).await;
            assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
            assert_eq!((bad.requests().len(), good.requests().len()), (1, 1), "{name}");
            let record = app.wait_for_records(number + 1).await.remove(number);
            let told = attempts(&record);
            assert_eq!(told, [row.attempt, "200 accepted -"], "{name}");
            assert_eq!(record.certainty, Certainty::Measured, "{name}: charged once");
        }
    }
}

#[tokio::test]
async fn before_the_first_byte_alone_the_client_hears_it_in_its_own_envelope() {
    for row in BEFORE {
        let (app, cells) = cells(row, false).await;
        for (number, Cell { name, dialect, path, body, .. }) in cells.iter().enumerate() {
            let answer = app.client().post(path, body.clone()).await;
            assert_eq!(answer.status.as_u16(), row.alone, "{name}: {}", answer.text());
            assert!(is_error_of(*dialect, &answer), "{name}: {}", answer.text());
            assert!(!answer.text().contains("upstream-key"), "{name}");
            assert!(!answer.text().contains("fake upstream"), "{name}: its words are not ours");
            let record = app.wait_for_records(number + 1).await.remove(number);
            assert!(record.usage.is_empty(), "{name}: nothing is charged");
            if row.alone == 429 {
                let wait: u64 = answer.header("retry-after").parse().unwrap();
                assert!((590..=600).contains(&wait), "{name}: {wait}");
            }
        }
    }
}

#[tokio::test]
async fn f1_who_leaves_before_an_upstream_accepts_is_charged_nothing() {
    for stream in [false, true] {
        for (dialect, path, body) in calls("m", stream) {
            let upstream = FakeUpstream::start().await;
            upstream.replies(Reply::never());
            let app = TestApp::serving(&[&upstream]).await;
            let client = app.client();
            let waiting = tokio::spawn(async move { client.post(&path, body).await });
            upstream.wait_for(1).await;
            let left = Instant::now();
            waiting.abort();
            let closed = upstream.wait_closed(0).await - left;
            assert!(closed.as_millis() < 1_000, "{dialect} {stream}: {closed:?}");
            let record = app.wait_for_records(1).await.remove(0);
            assert_eq!(record.outcome, "client_gone", "{dialect}");
            assert_eq!(record.certainty, Certainty::None, "{dialect}");
        }
    }
}

#[tokio::test]
async fn f2_who_leaves_a_whole_answer_is_charged_an_estimate() {
    for (dialect, path, body) in calls("m", false) {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        upstream.replies(Reply::good().stalls_before(0, &gate));
        let app = TestApp::serving(&[&upstream]).await;
        let client = app.client();
        let waiting = tokio::spawn(async move { client.post(&path, body).await });
        gate.reached(1).await;
        let left = Instant::now();
        waiting.abort();
        let closed = upstream.wait_closed(0).await - left;
        assert!(closed.as_millis() < 1_000, "{dialect}: {closed:?}");
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.outcome, "client_gone", "{dialect}");
        gate.open();
    }
}

#[tokio::test]
async fn f4_a_whole_answer_that_is_cut_is_asked_for_elsewhere() {
    for cut in [Cut::Reset, Cut::Close] {
        for (dialect, path, body) in calls("m", false) {
            let (bad, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
            bad.replies(Reply::good().cut_after_bytes(20, cut));
            let app = TestApp::serving(&[&bad, &good]).await;
            let answer = app.client().post(&path, body).await;
            assert_eq!(answer.status, StatusCode::OK, "{dialect}: {}", answer.text());
            assert_eq!(good.requests().len(), 1, "{dialect}");
            assert_eq!(app.record().await.certainty, Certainty::Measured, "{dialect}");
        }
    }
}

#[tokio::test]
async fn f8_json_where_a_stream_was_asked_for_is_an_answer_with_its_usage() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let whole = Answer::text("All at once.").body(dialect, &Turn::of("m"));
        upstream.replies(Reply::json(&whole));
        let app = TestApp::serving(&[&upstream]).await;
        let answer = app.client().post(&path, body).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, whole), "{dialect}");
        assert_eq!(app.record().await.certainty, Certainty::Measured, "{dialect}");
    }
}

#[tokio::test]
async fn f10_what_nobody_can_read_goes_by_and_the_rest_is_metered() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let mut frames = Answer::text("Sound.").frames(dialect, &Turn::of("m"));
        let end = if dialect == DialectId::Gemini { "\r\n\r\n" } else { "\n\n" };
        let place = frames.len() / 2;
        frames.insert(place, format!("data: {{\"half\": {end}").into());
        let sent = frames.concat();
        upstream.replies(Reply::frames(frames));
        let app = TestApp::serving(&[&upstream]).await;
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.body, sent, "{dialect}");
        assert_eq!(app.record().await.outcome, "ok", "{dialect}");
    }
}

#[tokio::test]
async fn f11_the_bytes_are_the_same_however_they_are_cut() {
    for pieces in [1, 2, 3, 7] {
        for (dialect, path, body) in calls("m", true) {
            let upstream = FakeUpstream::start().await;
            let frames = Answer::text("Grüße, 世界 🦀.").frames(dialect, &Turn::of("m"));
            let sent = frames.concat();
            upstream.replies(Reply::frames(frames).in_pieces_of(pieces));
            let app = TestApp::serving(&[&upstream]).await;
            let answer = app.client().post(&path, body).await;
            assert_eq!(answer.body, sent, "{dialect} in pieces of {pieces}");
            assert_eq!(app.record().await.certainty, Certainty::Measured, "{dialect}");
        }
    }
}

#[tokio::test]
async fn f16_a_credential_that_is_taken_away_finishes_what_it_began_and_begins_nothing() {
    for (dialect, path, body) in calls("m", true) {
        let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
        let gate = Gate::new();
        let long = Answer::text("").in_deltas(["One ", "two ", "three."]);
        first.replies(Reply::from(long).stalls_before(after_the_first_word(dialect), &gate));
        let app = TestApp::serving(&[&first, &second]).await;
        let answer = app.client().open(Method::POST, &path, body.clone()).await;
        gate.reached(1).await;
        app.apply(
            "version = 1\n[[channel]]\nname = \"a\"\n\
             credentials = [{ name = \"other\", key = \"another-key\", enabled = false }]\n",
        )
        .await;
        let next = app.client().post(&path, body).await;
        assert_eq!(next.status, StatusCode::OK, "{dialect}");
        assert_eq!((first.requests().len(), second.requests().len()), (1, 1), "{dialect}");
        gate.open();
        let whole = answer.finish().await;
        assert!(!whole.broke_off && whole.text().contains("three"), "{dialect}: {}", whole.text());
        let records = app.wait_for_records(2).await;
        assert!(records.iter().all(|record| record.outcome == "ok"), "{dialect}");
    }
}
