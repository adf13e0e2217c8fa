//! Calls go through the proxy they are to go through, or to the next candidate; never straight.

use std::fmt::Write as _;

use http::StatusCode;
use realms_testkit::{FakeProxy, FakeUpstream, Reply};
use realms_types::{Cause, Scope};

use crate::support::{KEY, TestApp, attempts};

const BODY: &str = r#"{"model":"m","input":"hi"}"#;
const LOGIN: &str = "user:canary-8f3a@";

/// Two channels, `a` first; `proxy` is what a manifest says of `a` and of its credential.
async fn serving(a: &FakeUpstream, b: &FakeUpstream, proxy: [Option<&str>; 2]) -> TestApp {
    let app = TestApp::start().await;
    let mut manifest = String::from("version = 1\n");
    for (name, upstream, priority, proxies) in [("a", a, 2, proxy), ("b", b, 1, [None, None])] {
        let [channel, credential] = proxies;
        let channel = channel.map(|url| format!("proxy = \"{url}\"\n")).unwrap_or_default();
        let credential = credential.map(|url| format!(", proxy = \"{url}\"")).unwrap_or_default();
        write!(
            manifest,
            "[[channel]]\nname = \"{name}\"\nkind = \"openai\"\nbase_url = \"{}\"\npriority = \
             {priority}\n{channel}credentials = [{{ name = \"k\", key = \"key-{name}\"{credential} \
             }}]\nmodels = [\"m\"]\n",
            upstream.url(),
        )
        .unwrap();
    }
    write!(
        manifest,
        "[[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n"
    )
    .unwrap();
    app.apply(&manifest).await;
    app
}

#[tokio::test]
async fn a_call_goes_through_the_proxy_of_its_credential_before_that_of_its_channel() {
    let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let (of_channel, of_credential) = (FakeProxy::start().await, FakeProxy::start().await);
    let goal = a.url().trim_start_matches("http://").trim_end_matches("/v1").to_owned();
    a.says("through");

    let app = serving(&a, &b, [Some(&of_channel.url(LOGIN)), None]).await;
    for _ in 0..2 {
        let answer = app.client().post("/v1/responses", BODY).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    // One tunnel serves both calls.
    let tunnels = of_channel.tunnels();
    assert_eq!(tunnels.len(), 1, "{tunnels:?}");
    assert!(goal.starts_with(&tunnels[0].goal), "{goal} {tunnels:?}");
    assert_eq!(tunnels[0].login.as_deref(), Some("Basic dXNlcjpjYW5hcnktOGYzYQ=="));
    assert_eq!(a.requests().len(), 2);

    let own = of_credential.url("");
    let change = format!(
        "version = 1\n[[channel]]\nname = \"a\"\ncredentials = [{{ name = \"k\", proxy = \"{own}\" }}]\n"
    );
    app.apply(&change).await;
    let answer = app.client().post("/v1/responses", BODY).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!((of_channel.tunnels().len(), of_credential.tunnels().len()), (1, 1));
    assert_eq!(of_credential.tunnels()[0].login, None);
    assert_eq!((a.requests().len(), b.requests().len()), (3, 0));
}

#[tokio::test]
async fn when_the_proxy_is_down_or_refuses_the_next_candidate_is_asked() {
    for of_credential in [false, true] {
        for refuses in [false, true] {
            let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
            let proxy = FakeProxy::start().await;
            let url = proxy.url(LOGIN);
            a.says("straight");
            b.says("the next");
            let way = if of_credential { [None, Some(&*url)] } else { [Some(&*url), None] };
            let app = serving(&a, &b, way).await;
            let kept = if refuses {
                proxy.refuses(407);
                Some(proxy)
            } else {
                proxy.stop().await;
                None
            };

            let answer = app.client().post("/v1/responses", BODY).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            assert!(answer.text().contains("the next"), "{}", answer.text());
            assert_eq!(a.requests().len(), 0, "the call went straight");
            let record = app.record().await;
            assert_eq!(attempts(&record), ["- retried connect", "200 accepted -"]);
            let failed = &record.attempts[0];
            let owner = if of_credential { Scope::Credential } else { Scope::Channel };
            assert_eq!((failed.cause, failed.scope), (Some(Cause::Connect), Some(owner)));
            let detail = failed.detail.as_deref().unwrap();
            assert!(detail.starts_with("the proxy `http://***@127.0.0.1:"), "{detail}");
            assert!(!format!("{record:?}").contains("canary"), "{record:?}");
            drop(kept);
        }
    }
}

#[tokio::test]
async fn with_nobody_else_to_ask_the_call_fails_and_names_no_proxy() {
    let (a, proxy) = (FakeUpstream::start().await, FakeProxy::start().await);
    a.says("straight");
    let url = proxy.url(LOGIN);
    let app = serving(&a, &a, [Some(&url), None]).await;
    app.apply("version = 1\n[[channel]]\nname = \"b\"\nenabled = false\n").await;
    proxy.stop().await;
    let answer = app.client().post("/v1/responses", BODY).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{}", answer.text());
    assert!(!answer.text().contains("127.0.0.1"), "{}", answer.text());
    assert_eq!(a.requests().len(), 0, "the call went straight");
}

#[tokio::test]
async fn a_channel_of_azure_is_called_as_azure_wants_it() {
    let azure = FakeUpstream::start().await;
    // Where the call goes is the story; what comes back must rest nothing.
    azure.replies(Reply::status(400));
    let app = serving(&azure, &azure, [None, None]).await;
    let root = azure.url().trim_end_matches("/v1").to_owned();
    let change = |version: &str| {
        format!(
            "version = 1\n[[channel]]\nname = \"a\"\nkind = \"azure\"\nbase_url = \"{root}\"\n\
             api_version = \"{version}\"\nmodels = [{{ name = \"m\", upstream = \"my-gpt\" }}]\n"
        )
    };
    let chat = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    for (version, path, body, expected) in [
        ("", "/v1/responses", BODY, "/openai/v1/responses"),
        ("", "/v1/chat/completions", chat, "/openai/v1/chat/completions"),
        (
            "2025-04-01-preview",
            "/v1/responses",
            BODY,
            "/openai/responses?api-version=2025-04-01-preview",
        ),
        (
            "2024-10-21",
            "/v1/chat/completions",
            chat,
            "/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21",
        ),
    ] {
        app.apply(&change(version)).await;
        let seen = azure.requests().len();
        app.client().post(path, body).await;
        let request = azure.requests().remove(seen);
        let (path, query) = expected.split_once('?').unwrap_or((expected, ""));
        assert_eq!((request.path.as_str(), request.query.as_str()), (path, query));
        assert_eq!(request.header("api-key"), "key-a");
        assert_eq!(request.header("authorization"), "");
        assert_eq!(request.json()["model"], "my-gpt");
    }
}
