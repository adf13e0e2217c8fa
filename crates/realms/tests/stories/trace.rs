//! Why a call went where it went and cost what it cost, told afterwards, whatever became of it.

use http::{Method, StatusCode};
use realms_testkit::{Answer, Cut, FakeUpstream, Reply};
use realms_types::Money;
use serde_json::{Value, json};

use crate::{
    relaying::calls,
    support::{Person, TestApp},
};

const ADMIN: &str = "admin-key-of-the-stories";

/// An app in business mode with an operator's key and two users, one of whom has money.
async fn app(upstreams: &[&FakeUpstream]) -> TestApp {
    let environment = [("REALMS_SELF_MODE_ENABLE", "false"), ("REALMS_ADMIN_API_KEY", ADMIN)];
    let app = TestApp::start_with(&environment).await;
    app.serve(upstreams).await;
    app.apply("version = 1\n[[user]]\nusername = \"bob\"\n").await;
    app.pay("100").await;
    app
}

/// The trace of the only call, as an operator sees it.
async fn trace(app: &TestApp) -> Value {
    let id = app.wait_for_records(1).await[0].request_id;
    let client = app.client().bearer(ADMIN);
    let answer = client.get(&format!("/api/admin/usage/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn own_trace(app: &TestApp, person: &Person) -> Value {
    let id = app.wait_for_records(1).await[0].request_id;
    let answer = person.client.get(&format!("/api/usage/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// What was considered, one line each: letter, channel, place or reason.
fn considered(trace: &Value) -> Vec<String> {
    let line = |one: &Value| {
        let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
        let place = one["place"].as_u64().map_or(text("excluded"), |place| place.to_string());
        format!("{} {} {place}", text("label"), text("channel"))
    };
    trace["decision"]["considered"].as_array().unwrap().iter().map(line).collect()
}

/// Attempts, one line each: letter, status, outcome.
fn tried(trace: &Value) -> Vec<String> {
    let line = |one: &Value| {
        format!(
            "{} {} {}",
            one["label"].as_str().unwrap(),
            one["status"],
            one["outcome"].as_str().unwrap()
        )
    };
    trace["call"]["attempts"].as_array().unwrap().iter().map(line).collect()
}

fn phases(trace: &Value) -> Vec<&str> {
    let timings = trace["timings"].as_array().unwrap();
    let times: Vec<i64> = timings.iter().map(|one| one["at_us"].as_i64().unwrap()).collect();
    assert!(times.is_sorted(), "{timings:?}");
    timings.iter().map(|one| one["phase"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn of_a_success_tells_the_whole_way_and_every_cent() {
    for (dialect, path, body) in calls("m", true) {
        let (good, spare) = (FakeUpstream::start().await, FakeUpstream::start().await);
        let app = app(&[&good, &spare]).await;
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{dialect}");
        let trace = trace(&app).await;
        assert_eq!(considered(&trace), ["A a 0", "B b 1"], "{dialect}");
        assert_eq!(tried(&trace), ["A 200 accepted"], "{dialect}");
        assert_eq!(
            phases(&trace),
            ["received", "admitted", "read", "planned", "answered", "ended"],
            "{dialect}"
        );
        let decision = &trace["decision"];
        assert_eq!(decision["key_groups"], json!(["default"]));
        assert_eq!((&decision["user_group"], &decision["model"]), (&json!("default"), &json!("m")));
        assert_eq!(decision["seed"].as_str().unwrap().len(), 16);
        assert_eq!(decision["considered"][0]["probability"], 1.0);
        assert!(decision["considered"][0]["endpoint"].as_str().unwrap().starts_with("127.0.0.1:"));
        assert_eq!(trace["config_version"], decision["catalog_version"]);
        assert_eq!((&trace["lane"], &trace["losses"]), (&json!("same_dialect"), &json!([])));

        let sum: i64 = trace["cost"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["cost_usd"].as_str().unwrap().parse::<Money>().unwrap().nano())
            .sum();
        let cost = trace["call"]["cost_usd"].as_str().unwrap().parse::<Money>().unwrap();
        assert!(cost > Money::ZERO, "{dialect}");
        assert_eq!(Money::from_nano(sum), cost, "{dialect}");
        assert_eq!(trace["price"]["group_path"], json!([{ "name": "default", "multiplier": "1" }]));
    }
}

#[tokio::test]
async fn of_a_nested_group_names_every_multiplier_on_the_way() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    app.apply(
        "version = 1\n[[channel_group]]\nname = \"outer\"\nmultiplier = \"2\"\n\
         [[channel_group]]\nname = \"default\"\nparent = \"outer\"\nmultiplier = \"1.5\"\n\
         [[user_group]]\nname = \"default\"\nchannel_groups = [\"outer\"]\n",
    )
    .await;
    let (_, path, body) = calls("m", false)[1].clone();
    app.client().post(&path, body).await;
    let trace = trace(&app).await;
    assert_eq!(trace["price"]["multiplier"], "3");
    assert_eq!(
        trace["price"]["group_path"],
        json!([{ "name": "outer", "multiplier": "2" }, { "name": "default", "multiplier": "1.5" }])
    );
    assert_eq!(trace["call"]["channel_group"], "outer");
}

#[tokio::test]
async fn of_a_failover_and_of_what_rests_after_it() {
    let (limited, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
    limited.replies(Reply::status(429).header("retry-after", "70"));
    let app = app(&[&limited, &good]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    app.client().post(&path, body.clone()).await;
    let first = trace(&app).await;
    assert_eq!(considered(&first), ["A a 0", "B b 1"]);
    assert_eq!(tried(&first), ["A 429 retried", "B 200 accepted"]);

    app.client().post(&path, body).await;
    let id = app.wait_for_records(2).await[1].request_id;
    let client = app.client().bearer(ADMIN);
    let second = client.get(&format!("/api/admin/usage/{id}")).await.json();
    assert_eq!(tried(&second), ["A 200 accepted"], "letters go by first use in this call");
    assert_eq!(considered(&second), ["A b 0", "B a cooling_down"]);
    let resting = &second["decision"]["considered"][1];
    assert_eq!((&resting["cause"], &resting["credential"]), (&json!("rate_limited"), &json!("k")));
    assert!(resting["until"].is_string());
}

#[tokio::test]
async fn of_a_call_that_nobody_could_answer_tells_what_the_client_was_told() {
    let broken = FakeUpstream::start().await;
    broken.replies(Reply::status(401));
    let app = app(&[&broken]).await;
    let (_, path, body) = calls("m", false)[2].clone();
    let answer = app.client().post(&path, body).await;
    let trace = trace(&app).await;
    assert_eq!(trace["call"]["outcome"], "failed");
    assert_eq!(trace["refusal"]["code"], "upstream_error");
    assert_eq!(trace["refusal"]["detail"], answer.json()["error"]["message"]);
    assert_eq!(tried(&trace), ["A 401 retried"]);
}

#[tokio::test]
async fn of_a_call_refused_by_its_groups() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    app.apply(
        "version = 1\n[[channel_group]]\nname = \"empty\"\n\
         [[user_group]]\nname = \"default\"\nchannel_groups = [\"empty\"]\n",
    )
    .await;
    let (_, path, body) = calls("m", false)[0].clone();
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let full = trace(&app).await;
    assert_eq!(considered(&full), ["A a not_in_groups"]);
    assert_eq!(full["refusal"]["code"], "model_not_found");
    assert_eq!(full["refusal"]["detail"], answer.json()["error"]["message"]);
    assert_eq!(full["call"]["outcome"], "refused");
    assert_eq!(full.get("price"), None);

    // Whose key it was does not hear of channels that are not for it.
    let ana = app.sign_in("ana").await;
    let own = own_trace(&app, &ana).await;
    assert_eq!(own["decision"]["considered"], json!([]));
    assert!(!own.to_string().contains("not_in_groups"));
}

#[tokio::test]
async fn of_a_call_refused_by_its_dialect_and_of_what_is_switched_off() {
    let (upstream, off) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let app = app(&[&upstream, &off]).await;
    app.apply(
        "version = 1\n[[channel]]\nname = \"a\"\ndialects = [\"chat\"]\n\
         [[channel]]\nname = \"b\"\nenabled = false\n",
    )
    .await;
    // Nothing in another dialect is its counterpart.
    let (path, body) = ("/v1/responses/compact", r#"{"model":"m","input":[]}"#);
    let answer = app.client().post(path, body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let trace = trace(&app).await;
    assert_eq!(considered(&trace), ["A a dialect", "B b channel_disabled"]);
    assert_eq!(trace["decision"]["dialect"], "responses");
    assert!(upstream.requests().is_empty());
}

#[tokio::test]
async fn of_a_call_that_goes_on_with_a_state() {
    let (first, home) = (FakeUpstream::start().await, FakeUpstream::start().await);
    first.replies(Reply::status(500)).then(Answer::text("Elsewhere."));
    let app = app(&[&first, &home]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    let answer = app.client().post(&path, body).await;
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let next = json!({ "model": "m", "input": "go on", "previous_response_id": id }).to_string();
    assert_eq!(app.client().post(&path, next).await.status, StatusCode::OK);
    let request = app.wait_for_records(2).await[1].request_id;
    let client = app.client().bearer(ADMIN);
    let trace = client.get(&format!("/api/admin/usage/{request}")).await.json();
    assert_eq!(considered(&trace), ["A b 0", "B a not_home"]);
    assert_eq!(trace["decision"]["home"], "b");
    assert_eq!(first.requests().len(), 1);

    app.client().get(&format!("{path}/{id}")).await;
    let request = app.wait_for_records(3).await[2].request_id;
    let stored = client.get(&format!("/api/admin/usage/{request}")).await.json();
    assert_eq!(
        (considered(&stored), &stored["decision"]["home"]),
        (vec!["A b 0".to_owned()], &json!("b"))
    );
}

#[tokio::test]
async fn of_a_stream_that_broke_off() {
    let upstream = FakeUpstream::start().await;
    let long = Answer::text("").in_deltas(["One ", "two ", "three ", "four ", "five."]);
    upstream.replies(Reply::from(long).cut_after_frames(6, Cut::Reset));
    let app = app(&[&upstream]).await;
    let (_, path, body) = calls("m", true)[2].clone();
    app.client().post(&path, body).await;
    let trace = trace(&app).await;
    assert_eq!(trace["call"]["outcome"], "broken");
    assert_eq!(
        (tried(&trace), considered(&trace)),
        (vec!["A 200 failed".to_owned()], vec!["A a 0".to_owned()])
    );
    assert_eq!(trace.get("refusal"), None, "the upstream had answered");
    assert!(phases(&trace).contains(&"answered"));
}

#[tokio::test]
async fn of_a_client_that_left() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::never());
    let app = app(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    let client = app.client();
    let waiting = tokio::spawn(async move { client.post(&path, body).await });
    upstream.wait_for(1).await;
    waiting.abort();
    let trace = trace(&app).await;
    assert_eq!(trace["call"]["outcome"], "client_gone");
    assert_eq!(considered(&trace), ["A a 0"]);
    assert_eq!(phases(&trace), ["received", "admitted", "read", "planned", "ended"]);
}

#[tokio::test]
async fn shows_its_user_letters_for_channels_unless_channels_are_no_secret() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::status(429));
    let app = app(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    app.client().post(&path, body).await;
    let ana = app.sign_in("ana").await;
    let hidden = own_trace(&app, &ana).await;
    assert_eq!(considered(&hidden), ["A - 0"]);
    let text = hidden.to_string();
    for secret in ["endpoint", "credential_id", "\"credential\":", "127.0.0.1:", "\"k\""] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    for detail in ["channel", "detail", "upstream_request_id"] {
        assert_eq!(hidden["call"]["attempts"][0].get(detail), None);
    }
    assert_eq!(hidden["call"]["channel_group"], "default");

    app.apply("version = 1\n[settings]\nusers_see_channels = \"true\"\n").await;
    let shown = own_trace(&app, &ana).await;
    assert_eq!(considered(&shown), ["A a 0"]);
    assert_eq!(shown["call"]["attempts"][0]["credential"], "k");
}

#[tokio::test]
async fn of_somebody_else_is_none() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    app.client().post(&path, body).await;
    let own = app.wait_for_records(1).await[0].request_id.to_string();
    let unused = "0190a5d0-ac96-774b-8cce-b302099a8057";
    let bob = app.sign_in("bob").await;
    let look = |id: String| {
        let client = bob.client.clone();
        async move {
            let answer = client.get(&format!("/api/usage/{id}")).await;
            let mut body = answer.json();
            body["request_id"] = Value::Null;
            (answer.status, body.to_string().replace(&id, "…"))
        }
    };
    let theirs = look(own.clone()).await;
    assert_eq!(theirs.0, StatusCode::NOT_FOUND);
    assert_eq!(theirs, look(unused.to_owned()).await);
    let nobody = app.client().without("authorization");
    assert_eq!(nobody.get(&format!("/api/usage/{own}")).await.status, StatusCode::UNAUTHORIZED);
    let ana = app.sign_in("ana").await;
    let refused = ana.client.get(&format!("/api/admin/usage/{own}")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn of_a_crowd_of_channels_is_bounded() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    let mut manifest = String::from("version = 1\n");
    for number in 0..500 {
        use std::fmt::Write as _;
        write!(
            manifest,
            "[[channel]]\nname = \"crowd-{number}-{}\"\nkind = \"openai\"\nbase_url = \"{}\"\n\
             dialects = [\"chat\"]\ngroups = [\"default\"]\n\
             credentials = [{{ name = \"k\", key = \"upstream-key-{number}\" }}]\n\
             models = [{{ name = \"m\", upstream = \"{}\" }}]\n",
            "n".repeat(40),
            upstream.url(),
            "long-upstream-name-".repeat(6),
        )
        .unwrap();
    }
    app.apply(&manifest).await;
    let (_, path, body) = calls("m", false)[1].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let record = app.wait_for_records(1).await.remove(0);
    let stored = app.app().store().find_trace(record.id).await.unwrap().unwrap();
    assert!(serde_json::to_string(&stored).unwrap().len() <= realms_store::LONGEST_TRACE);
    let trace = trace(&app).await;
    let lines = considered(&trace);
    assert_eq!(trace["decision"]["truncated"], true);
    assert!((16..=64).contains(&lines.len()), "{}", lines.len());
    assert_eq!(lines[0], "A a 0");
}

#[tokio::test]
async fn comes_true_when_simulated() {
    let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let app = app(&[&first, &second]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    app.client().post(&path, body).await;
    let real = trace(&app).await;
    let client = app.client().bearer(ADMIN);
    let simulate = |body: Value| {
        let client = client.clone();
        async move { client.post("/api/admin/routing/simulate", body.to_string()).await }
    };
    let asked = json!({ "user": "ana", "model": "m", "dialect": "responses", "seed": real["decision"]["seed"] });
    let mut again = simulate(asked).await.json();
    for volatile in ["at", "catalog_version"] {
        again[volatile] = real["decision"][volatile].clone();
    }
    assert_eq!(again, real["decision"]);

    let key = app.records().await[0].api_key_id.to_string();
    let without =
        json!({ "api_key": key, "model": "m", "dialect": "chat", "without_channels": ["a"] });
    let what_if = json!({ "decision": simulate(without).await.json() });
    assert_eq!(considered(&what_if), ["A b 0", "B a channel_disabled"]);

    let nobody = json!({ "user_group": "default", "model": "m", "dialect": "chat", "without_channels": ["a", "b"] });
    assert_eq!(simulate(nobody).await.json()["refusal"]["code"], "unavailable");
    let absent = json!({ "user": "ana", "model": "mm", "dialect": "chat" });
    assert_eq!(simulate(absent).await.json()["refusal"]["code"], "model_not_found");
    for (wrong, pointer) in [
        (json!({ "model": "m", "dialect": "chat" }), "/user"),
        (json!({ "user": "eve", "model": "m", "dialect": "chat" }), "/user"),
        (json!({ "user": "bob", "api_key": key, "model": "m", "dialect": "chat" }), "/user"),
        (
            json!({ "user": "ana", "model": "m", "dialect": "chat", "without_channels": ["z"] }),
            "/without_channels",
        ),
        (json!({ "user": "ana", "model": "m", "dialect": "chat", "seed": "zz" }), "/seed"),
    ] {
        let answer = simulate(wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        assert_eq!(answer.json()["fields"][0]["pointer"], pointer);
    }
    assert_eq!(first.requests().len() + second.requests().len(), 1, "nothing was sent");
    let ana = app.sign_in("ana").await;
    let refused = ana.client.post("/api/admin/routing/simulate", "{}").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

/// Events of a stream, read as they come.
struct Events {
    stream: crate::support::Streaming,
    text: String,
}

impl Events {
    async fn open(person: &Person, topics: &str, last: Option<&str>) -> Self {
        let mut client = person.client.clone();
        if let Some(last) = last {
            client = client.header("last-event-id", last);
        }
        let path = format!("/api/stream?topics={topics}");
        let stream = client.open(Method::GET, &path, "").await;
        assert_eq!(stream.status, StatusCode::OK);
        Self { stream, text: String::new() }
    }

    /// The next event: its id, its name, its data. Heartbeats are passed over.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let mut lines = event.lines();
                    lines
                        .find_map(|line| line.strip_prefix(name))
                        .map(|text| text.trim().to_owned())
                };
                if let Some(data) = field("data:") {
                    let data = serde_json::from_str(&data).unwrap();
                    return Some((field("id:").unwrap(), field("event:").unwrap(), data));
                }
            }
            let bytes = self.stream.next().await?;
            self.text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

#[tokio::test]
async fn is_heard_of_as_it_happens_and_gone_on_with() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    let (ana, bob) = (app.sign_in("ana").await, app.sign_in("bob").await);
    let mut own = Events::open(&ana, "calls,config", None).await;
    let mut others = Events::open(&bob, "calls,config", None).await;
    app.client().post(&path, body.clone()).await;
    let (first, name, call) = own.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &call["model"], &call["user"]),
        ("call", &json!("m"), &json!("ana"))
    );
    assert_eq!((call.get("channel"), call["attempts"][0].get("detail")), (None, None));

    app.client().post(&path, body.clone()).await;
    let (second, ..) = own.next().await.unwrap();
    assert!(second.parse::<u64>().unwrap() > first.parse::<u64>().unwrap());
    drop(own);
    app.client().post(&path, body).await;
    app.apply("version = 1\n[settings]\nretry_max_tries = \"3\"\n").await;
    let mut again = Events::open(&ana, "calls,config", Some(&first)).await;
    assert_eq!(again.next().await.unwrap().0, second, "it goes on after the first");
    assert_eq!(again.next().await.unwrap().1, "call");
    let (_, name, config) = again.next().await.unwrap();
    assert_eq!(name, "config");
    assert!(config["version"].as_i64().unwrap() > 1);

    let mut lost = Events::open(&ana, "calls", Some("5")).await;
    assert_eq!(lost.next().await.unwrap().1, "lag");
    // Of all the calls bob hears nothing: the first he hears of is the configuration.
    assert_eq!(others.next().await.unwrap().1, "config");
}

#[tokio::test]
async fn streams_are_for_those_they_are_for_and_few() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    app.apply("version = 1\n[[user]]\nusername = \"bob\"\nrole = \"root\"\n").await;
    let (ana, bob) = (app.sign_in("ana").await, app.sign_in("bob").await);
    for (topics, status) in [("all_calls", 403), ("health", 403), ("", 400), ("nope", 400)] {
        let answer = ana.client.get(&format!("/api/stream?topics={topics}")).await;
        assert_eq!(answer.status.as_u16(), status, "{topics}");
    }
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(Events::open(&ana, "calls", None).await);
    }
    let fifth = ana.client.get("/api/stream?topics=calls").await;
    assert_eq!((fifth.status.as_u16(), &fifth.json()["code"]), (429, &json!("throttled")));

    let (_, path, body) = calls("m", false)[0].clone();
    let mut all = Events::open(&bob, "all_calls,health", None).await;
    app.client().post(&path, body.clone()).await;
    let (_, _, call) = all.next().await.unwrap();
    assert_eq!((&call["user"], &call["channel"]), (&json!("ana"), &json!("a")));
    upstream.replies(Reply::status(429).header("retry-after", "60"));
    app.client().post(&path, body).await;
    let mut health = None;
    while health.is_none() {
        let (_, name, data) = all.next().await.unwrap();
        health = (name == "health").then_some(data);
    }
    assert_eq!(health.unwrap()["channel"], "a");
}

#[tokio::test]
async fn streams_end_with_their_session_before_anything_more_is_told() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    let ana = app.sign_in("ana").await;
    let mut events = Events::open(&ana, "calls", None).await;
    ana.log_out().await;
    let (_, path, body) = calls("m", false)[0].clone();
    app.client().post(&path, body).await;
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn streams_end_when_the_process_does() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream]).await;
    let ana = app.sign_in("ana").await;
    let mut events = Events::open(&ana, "calls,config", None).await;
    let begun = tokio::time::Instant::now();
    app.stop().await;
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(events.next().await.is_none());
}
