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
use realms_identity::{Accounts, Lifetimes, Mailer, Sessions};
use realms_types::Secret;
use realms_upstream::{OutboundPolicy, Timeouts, Upstream};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::desk::Desk;

pub(crate) const ADMIN: &str = "admin-key-0123456789";

/// A desk with its HTTP face.
pub(crate) struct Face {
    pub(crate) desk: Desk,
    pub(crate) router: Router,
    pub(crate) sessions: Sessions,
    pub(crate) reloads: Arc<AtomicU32>,
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

    pub(crate) async fn with_key(key: Option<&str>) -> Self {
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
            catalog: live,
            sessions: sessions.clone(),
            accounts,
            upstream: Upstream::new(policy, Timeouts::default()).unwrap(),
            version: "1.2.3",
            self_mode: false,
            admin_api_key,
            reload,
        };
        Self { desk, router: Console::new(parts).router(), sessions, reloads }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
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
