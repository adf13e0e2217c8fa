//! Starting, stopping, changing: what holds while the process lives and after.

use std::time::Duration;

use http::{Method, StatusCode};
use realms_testkit::{Answer, FakeUpstream, Gate, Reply};
use tokio::time::Instant;

use crate::{
    relaying::calls,
    support::{KEY, TestApp},
};

#[tokio::test]
async fn the_state_is_told_and_the_counters_count() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", true)[0].clone();
    app.client().post(&path, body).await;
    app.records().await;

    let health = app.client().get("/healthz").await.json();
    assert_eq!(
        (&health["ok"], &health["mode"], &health["setup"]),
        (&true.into(), &"self".into(), &"needed".into())
    );
    assert_eq!(
        (&health["database"]["state"], &health["database"]["kind"]),
        (&"ok".into(), &"sqlite".into())
    );
    assert!(health["database"]["latency_ms"].as_f64().unwrap() >= 0.0);
    assert_eq!((&health["models"], &health["catalog"]["defects"]), (&2.into(), &0.into()));
    assert_eq!(app.client().get("/readyz").await.status, StatusCode::OK);

    let metrics = app.client().get("/metrics").await.text();
    assert!(
        metrics.contains(r#"realms_calls_total{operation="responses",outcome="ok"} 1"#),
        "{metrics}"
    );
    assert!(metrics.contains(r#"realms_attempts_total{channel="a",cause="none"} 1"#), "{metrics}");
    assert!(!metrics.contains("upstream-key"), "{metrics}");
}

#[tokio::test]
async fn an_id_the_client_brings_comes_back_and_is_recorded() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[1].clone();
    let answer = app.client().header("x-request-id", "my-id-1").post(&path, body).await;
    assert_eq!(answer.header("x-request-id"), "my-id-1");
    assert_eq!(app.record().await.client_request_id.as_deref(), Some("my-id-1"));
}

#[tokio::test]
async fn a_stop_lets_streams_finish_and_writes_every_record() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream
        .replies(Reply::from(Answer::text("").in_deltas(["One ", "two."])).stalls_before(4, &gate));
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", true)[2].clone();
    let mut answer = app.client().open(Method::POST, &path, body).await;
    answer.next().await.unwrap();

    let stopping = tokio::spawn(app.stop());
    gate.open();
    let rest = answer.finish().await;
    assert!(rest.text().contains("message_stop") && !rest.broke_off, "{}", rest.text());
    let folder = stopping.await.unwrap();
    let app = TestApp::start_in(folder, &[]).await;
    assert_eq!(app.record().await.outcome, "ok");
}

/// The lines of all calls that are noted on disk.
fn noted(app: &TestApp) -> String {
    let entries = std::fs::read_dir(app.folder().join("calls")).unwrap();
    entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

#[tokio::test]
async fn a_call_is_noted_on_disk_before_its_upstream_is_asked_and_no_longer_than_it_runs() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream.replies(Reply::good().stalls_before_headers(&gate));
    let app = TestApp::serving(&[&upstream]).await;
    let client = app.client().header("x-request-id", "my-id-1");
    let (_, path, body) = calls("m", false)[1].clone();
    let call = tokio::spawn(async move { client.post(&path, body).await });
    upstream.wait_for(1).await;
    let line = noted(&app);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains("my-id-1") && line.contains("chat.completions"), "{line}");
    assert!(!line.contains(KEY), "{line}");
    gate.open();
    assert_eq!(call.await.unwrap().status, StatusCode::OK);
    assert_eq!(app.record().await.outcome, "ok");

    // In a quiet moment there is nothing of it.
    let deadline = Instant::now() + realms_testkit::DEADLINE;
    while !noted(&app).is_empty() {
        assert!(Instant::now() < deadline, "the line stays");
        tokio::task::yield_now().await;
    }
    // What uses nothing is not noted.
    let count = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    app.client().post("/v1/messages/count_tokens", count).await;
    assert_eq!(noted(&app), "");
    let folder = app.stop().await;
    assert_eq!(std::fs::read_dir(folder.path().join("calls")).unwrap().count(), 0);
}

#[tokio::test]
async fn calls_go_on_where_they_cannot_be_noted() {
    let upstream = FakeUpstream::start().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calls"), "no folder").unwrap();
    let app = TestApp::start_in(folder, &[]).await;
    app.serve(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[1].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    assert_eq!(app.record().await.outcome, "ok");
    app.stop().await;
}

#[tokio::test]
async fn a_stream_that_outlasts_the_drain_is_told_so() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream
        .replies(Reply::from(Answer::text("").in_deltas(["One ", "two."])).stalls_before(4, &gate));
    let app = TestApp::start_with(&[("REALMS_DRAIN_TIMEOUT", "200ms")]).await;
    app.serve(&[&upstream]).await;
    let (_, path, body) = calls("m", true)[2].clone();
    let mut answer = app.client().open(Method::POST, &path, body).await;
    answer.next().await.unwrap();

    let stopping = tokio::spawn(app.stop());
    let rest = answer.finish().await;
    assert!(rest.text().contains("event: error"), "{}", rest.text());
    let app = TestApp::start_in(stopping.await.unwrap(), &[]).await;
    assert_eq!(app.record().await.outcome, "broken");
    gate.open();
}

#[tokio::test]
async fn a_revoked_key_is_refused_within_a_second_without_a_poke() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    assert_eq!(app.client().get("/v1/models").await.status, StatusCode::OK);
    let store = app.app().store();
    let user = store.read().find_user_by_name("ana").await.unwrap().unwrap();
    let key = store.read().find_api_key_by_name(user.id, "laptop").await.unwrap().unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.revoke_api_key(key.id, key.created_at).await.unwrap();
    tx.bump_identity().await.unwrap();
    tx.commit().await.unwrap();

    let revoked = Instant::now();
    loop {
        let answer = app.client().get("/v1/models").await;
        if answer.status == StatusCode::UNAUTHORIZED {
            assert!(answer.text().contains("revoked"), "{}", answer.text());
            break;
        }
        assert!(revoked.elapsed() < Duration::from_secs(1), "still served after a second");
    }
}

#[tokio::test]
async fn a_broken_row_keeps_the_configuration_before_it() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let store = app.app().store();
    let mut tx = store.begin().await.unwrap();
    tx.set_setting("retry_max_attempts", "many", None, realms_types::Timestamp::EPOCH)
        .await
        .unwrap();
    tx.bump_catalog().await.unwrap();
    tx.commit().await.unwrap();
    app.app().follow().await.unwrap();

    let health = app.client().get("/healthz").await.json();
    assert_eq!(health["catalog"]["defects"], 1, "{health}");
    let (_, path, body) = calls("m", false)[0].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn secrets_are_nowhere_to_be_read() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::status(401)).then(Reply::status(500)).then(Reply::good());
    let app = TestApp::serving(&[&upstream]).await;
    app.apply("version = 1\n[settings]\nretry_base_delay_ms = \"5\"\n").await;
    for (_, path, body) in calls("m", true) {
        app.client().post(&path, body).await;
    }
    app.records().await;
    let folder = app.stop().await;
    for file in std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let bytes = if file.is_file() { std::fs::read(&file).unwrap() } else { continue };
        for secret in ["upstream-key-a", KEY] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} stands in {}", file.display());
        }
    }
}

#[tokio::test]
async fn a_connection_that_says_nothing_or_too_little_is_closed() {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };
    let short = [("REALMS_FIRST_BYTE_TIMEOUT", "200ms"), ("REALMS_HEADER_TIMEOUT", "200ms")];
    let app = TestApp::start_with(&short).await;
    for start in ["", "GET / HT"] {
        let mut stream = TcpStream::connect(app.app().address()).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest));
        assert!(read.await.is_ok(), "{start:?} kept its place");
    }
}

/// Why a server with this configuration does not start.
async fn refusal(environment: &[(&str, &str)]) -> String {
    use realms::{
        App, AppOptions,
        config::{Config, Sources},
    };
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let sources =
        Sources { environment: environment.iter().map(own).collect(), ..Sources::default() };
    let config = Config::load(&sources).unwrap();
    format!("{:#}", App::start(AppOptions::new(config)).await.unwrap_err())
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused() {
    let app = TestApp::start().await;
    let folder = app.folder().display().to_string();
    let why = refusal(&[("REALMS_ADDR", "127.0.0.1:0"), ("REALMS_DATA_DIR", &folder)]).await;
    assert!(why.contains("in use by") && why.contains("realms.db"), "{why}");
}

#[tokio::test]
async fn another_master_key_is_refused_and_a_lost_one_is_not_replaced() {
    let folder = TestApp::start().await.stop().await;
    let (key, data) = (folder.path().join("master.key"), folder.path().display().to_string());
    let environment = [("REALMS_ADDR", "127.0.0.1:0"), ("REALMS_DATA_DIR", data.as_str())];
    let original = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let why = refusal(&environment).await;
    assert!(why.contains("there is no master key at"), "{why}");
    assert!(!key.exists(), "a key that opens nothing was left behind");

    let other = TestApp::start().await.stop().await;
    std::fs::copy(other.path().join("master.key"), &key).unwrap();
    let why = refusal(&environment).await;
    assert!(why.contains("not the master key"), "{why}");

    std::fs::write(&key, original).unwrap();
    TestApp::start_in(folder, &[]).await;
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let app = TestApp::start().await;
    let (folder, address) = (tempfile::tempdir().unwrap(), app.app().address().to_string());
    let data = folder.path().display().to_string();
    let why = refusal(&[("REALMS_ADDR", &address), ("REALMS_DATA_DIR", &data)]).await;
    assert!(why.contains(&format!("cannot listen on {address}")), "{why}");
}

#[tokio::test]
async fn a_change_over_http_is_in_force_when_its_answer_arrives() {
    let upstream = FakeUpstream::start().await;
    let admin = "admin-key-of-the-tests-0000";
    let app = TestApp::start_with(&[("REALMS_ADMIN_API_KEY", admin)]).await;
    app.serve(&[&upstream]).await;
    let operator = app.client().bearer(admin);
    let model = r#"{"name":"m","owner":"maker","enabled":false}"#;
    let put = operator.call(Method::PUT, "/api/admin/models/m", model.into()).await;
    assert!(put.status.is_success(), "{}", put.text());
    let (_, path, body) = calls("m", false)[0].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::NOT_FOUND);

    let outsider = app.client().get("/api/admin/channels").await;
    assert_eq!(outsider.status, StatusCode::UNAUTHORIZED);
    assert_eq!(outsider.header("content-type"), "application/problem+json");
    let channels = operator.get("/api/admin/channels").await;
    assert!(!channels.text().contains("upstream-key"), "{}", channels.text());
    let document = app.client().get("/api/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."), "{document}");
}

#[tokio::test]
async fn the_set_up_code_makes_the_first_root_user_once() {
    let app = TestApp::start().await;
    let code = app.app().setup_code().unwrap().to_owned();
    let body =
        format!(r#"{{"code":"{code}","username":"root","password":"correct horse battery"}}"#);
    let bare = app.client().without("authorization");
    let made = bare.post("/api/setup", body.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert!(!bare.post("/api/setup", body).await.status.is_success());
    assert_eq!(bare.get("/healthz").await.json()["setup"], "done");
    let app = TestApp::start_in(app.stop().await, &[]).await;
    assert_eq!(app.app().setup_code(), None);
}

#[tokio::test]
async fn a_call_without_an_answer_yet_is_recorded_at_a_stop() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::never());
    let app = TestApp::start_with(&[("REALMS_DRAIN_TIMEOUT", "200ms")]).await;
    app.serve(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    let client = app.client();
    let waiting = tokio::spawn(async move { client.post(&path, body).await });
    upstream.wait_for(1).await;
    let folder = app.stop().await;
    let answer = waiting.await.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    let app = TestApp::start_in(folder, &[]).await;
    let record = app.record().await;
    assert_eq!((record.status, record.cause), (503, Some(realms_types::Cause::Shutdown)));
}

#[tokio::test]
async fn a_background_response_is_refused_where_its_usage_would_not_be_paid() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::start_with(&[("REALMS_SELF_MODE_ENABLE", "false")]).await;
    app.serve(&[&upstream]).await;
    let body = r#"{"model":"m","input":"hi","background":true}"#;
    let refused = app.client().post("/v1/responses", body).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
    assert!(upstream.requests().is_empty());
}
