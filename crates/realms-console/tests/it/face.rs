//! The admin API of a desk, asked without a socket.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{Router, body::Body};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use realms_catalog::Live;
use realms_console::{Console, ConsoleParts, Reload};
use realms_identity::{Accounts, Lifetimes, Mailer, NewSession, Sessions};
use realms_relay::Relay;
use realms_scheduler::Candidate;
use realms_types::{ChannelGroupId, Ppm, Secret};
use realms_upstream::{OutboundPolicy, Timeouts, Upstream};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::{desk::Desk, document, plant};

pub(crate) const ADMIN: &str = "admin-key-0123456789";

/// A desk with its HTTP face.
pub(crate) struct Face {
    pub(crate) desk: Desk,
    pub(crate) router: Router,
    pub(crate) sessions: Sessions,
    pub(crate) reloads: Arc<AtomicU32>,
    pub(crate) live: Arc<Live>,
    pub(crate) relay: Relay,
}

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) cookie: String,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Face {
    pub(crate) async fn open() -> Self {
        Self::with_key(Some(ADMIN)).await
    }

    /// One whose calls are paid for.
    pub(crate) async fn in_business() -> Self {
        Self::with(Some(ADMIN), false).await
    }

    pub(crate) async fn with_key(key: Option<&str>) -> Self {
        Self::with(key, true).await
    }

    async fn with(key: Option<&str>, calls_are_free: bool) -> Self {
        let desk = Desk::open().await;
        let (live, reloads) = (Arc::new(Live::default()), Arc::new(AtomicU32::new(0)));
        let reload: Reload = {
            let (live, reloads, editor) = (live.clone(), reloads.clone(), desk.editor.clone());
            Arc::new(move || {
                let (live, reloads, editor) = (live.clone(), reloads.clone(), editor.clone());
                Box::pin(async move {
                    reloads.fetch_add(1, Ordering::SeqCst);
                    live.offer(&editor.store.load_catalog(&editor.keyring).await.unwrap());
                })
            })
        };
        let (editor, admin_api_key) = (desk.editor.clone(), key.map(Secret::from));
        let sessions = Sessions::new(
            editor.store.clone(),
            editor.keyring.clone(),
            editor.clock.clone(),
            editor.ids.clone(),
            Lifetimes::SELF_MODE,
        );
        let relay = plant::relay(&editor, &live, desk.folder(), calls_are_free).await;
        let (mailer, _) = Mailer::new(Arc::new(|| None), editor.ids.clone());
        let accounts = Accounts::new(
            editor.store.clone(),
            editor.keyring.clone(),
            (editor.clock.clone(), editor.ids.clone()),
            editor.passwords.clone(),
            sessions.clone(),
            mailer,
        );
        let policy = OutboundPolicy::default();
        let parts = ConsoleParts {
            editor,
            catalog: live.clone(),
            sessions: sessions.clone(),
            accounts,
            upstream: Upstream::new(policy, Timeouts::default()).unwrap(),
            version: "1.2.3",
            self_mode: false,
            admin_api_key,
            reload,
            config: Vec::new(),
            relay: relay.clone(),
            commerce: None,
            desk: None,
            notifier: None,
            loopback: realms_console::Loopback::default(),
            stopping: CancellationToken::new(),
        };
        Self { desk, router: Console::new(parts).router(), sessions, reloads, live, relay }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, uri) = (request.method().clone(), request.uri().to_string());
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        document::hold(&method, &uri, parts.status, &text);
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Asks as the admin; a body that begins with a brace is JSON.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: &str) -> Answer {
        let kind = if body.starts_with('{') { "application/json" } else { "application/toml" };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {ADMIN}"))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, "").await
    }

    pub(crate) async fn put(&self, path: &str, body: &str) -> Answer {
        self.ask(Method::PUT, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask(Method::POST, path, body).await
    }

    /// The head of an answer as the admin; its body is still to come.
    pub(crate) async fn begin(&self, path: &str, body: &str) -> Response<Body> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {ADMIN}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Signs a user in, who is made if need be.
    pub(crate) async fn sign_in(&self, name: &str) -> Person {
        let body = serde_json::json!({ "username": name }).to_string();
        self.put(&format!("/api/admin/users/{name}"), &body).await;
        let id = self.desk.editor.state().await.unwrap().users[name].id;
        let new = NewSession {
            user_id: id,
            address: "127.0.0.1".to_owned(),
            user_agent: "test".to_owned(),
            proved: true,
        };
        let opened = self.sessions.open(new).await.unwrap();
        Person { id: id.to_string(), cookie: format!("realms_session={}", opened.token.reveal()) }
    }

    /// Signs somebody in with this role.
    pub(crate) async fn sign_in_as(&self, name: &str, role: &str) -> Person {
        let body = serde_json::json!({ "username": name, "role": role }).to_string();
        let made = self.put(&format!("/api/admin/users/{name}"), &body).await;
        assert!(made.status.is_success(), "{}", made.text);
        self.sign_in(name).await
    }

    /// Asks as somebody who is signed in.
    pub(crate) async fn ask_as(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        body: &str,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &person.cookie)
            .header("realms-user", &person.id)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// The way to a model over the first channel, with this credential.
    pub(crate) fn candidate(&self, model: &str, credential: &str) -> Candidate {
        let catalog = self.live.snapshot();
        let binding = catalog.find_model(model).unwrap().bindings[0].clone();
        let channel = binding.channel;
        let found = channel.credentials.iter().find(|one| one.name == credential).unwrap();
        Candidate {
            dialect: channel.dialects[0],
            endpoint: channel.endpoints[0].clone(),
            credential: found.clone(),
            binding: binding.id,
            upstream_model: binding.upstream_model,
            group: ChannelGroupId::new(0),
            multiplier: Ppm::ONE,
            channel,
        }
    }

    pub(crate) fn reloads(&self) -> u32 {
        self.reloads.load(Ordering::SeqCst)
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The code of a problem, after checking that it is one.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        let json = self.json();
        assert_eq!(json["status"], status);
        let code = json["code"].as_str().unwrap().to_owned();
        assert_eq!(json["type"], format!("urn:realms:problem:{code}"));
        code
    }

    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }
}
