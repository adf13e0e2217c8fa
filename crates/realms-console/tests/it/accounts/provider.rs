//! Another site that people log in with: OpenID Connect on a socket.

use std::{net::SocketAddr, sync::Arc};

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// A site, and how it misbehaves.
#[derive(Clone)]
pub(crate) struct Provider(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    key: EcdsaKeyPair,
    other: EcdsaKeyPair,
    manners: Mutex<Manners>,
    exchanges: Mutex<Vec<Exchange>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// What the next token is like.
#[derive(Debug, Clone)]
pub(crate) struct Manners {
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    /// What the browser was sent away with.
    pub(crate) nonce: String,
    pub(crate) challenge: String,
    /// Replaces claims.
    pub(crate) claims: Value,
    /// Replaces the header.
    pub(crate) header: Value,
    /// Signed by another key than the published one.
    pub(crate) forged: bool,
    pub(crate) now: i64,
}

/// What came to the token endpoint.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Exchange {
    pub(crate) grant_type: String,
    pub(crate) code: String,
    pub(crate) redirect_uri: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) code_verifier: String,
}

// === impl Provider ===

impl Provider {
    pub(crate) async fn start(now: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let new_key = || EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let manners = Manners {
            subject: "u-1".to_owned(),
            name: Some("ana".to_owned()),
            nonce: String::new(),
            challenge: String::new(),
            claims: json!({}),
            header: json!({ "alg": "ES256", "kid": "a" }),
            forged: false,
            now,
        };
        let provider = Self(Arc::new(Inner {
            address: listener.local_addr().unwrap(),
            key: new_key(),
            other: new_key(),
            manners: Mutex::new(manners),
            exchanges: Mutex::default(),
            task: Mutex::default(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        let task = tokio::spawn(async move {
            axum_serve(listener, router).await;
        });
        *provider.0.task.lock() = Some(task);
        provider
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.0.address)
    }

    pub(crate) fn behave(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.0.manners.lock());
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.lock().clone()
    }

    fn id_token(&self) -> String {
        let manners = self.0.manners.lock().clone();
        let mut claims = json!({
            "iss": self.issuer(), "sub": manners.subject, "aud": "realms", "nonce": manners.nonce,
            "iat": manners.now, "exp": manners.now + 300, "email": "ana@example.org",
            "email_verified": true, "preferred_username": manners.name,
        });
        for (name, value) in manners.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", text(&manners.header), text(&claims));
        if manners.header["alg"] == "none" {
            return format!("{message}.");
        }
        let key = if manners.forged { &self.0.other } else { &self.0.key };
        let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn axum_serve(listener: TcpListener, router: Router) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let io = hyper_util::rt::TokioIo::new(stream);
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
        });
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let issuer = provider.issuer();
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let point = provider.0.key.public_key().as_ref();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "kid": "a", "use": "sig", "alg": "ES256",
        "x": text(&point[1..33]), "y": text(&point[33..]),
    }]}))
}

/// Gives a token to whoever knows the secret of the browser's challenge.
async fn token(State(provider): State<Provider>, form: String) -> Result<Json<Value>, StatusCode> {
    let form: serde_json::Map<String, Value> = url::form_urlencoded::parse(form.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
        .collect();
    let exchange: Exchange = serde_json::from_value(form.into()).unwrap();
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, exchange.code_verifier.as_bytes()));
    let asked = provider.0.manners.lock().challenge.clone();
    provider.0.exchanges.lock().push(exchange);
    if challenge != asked {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(Json(
        json!({ "token_type": "Bearer", "access_token": "x", "id_token": provider.id_token() }),
    ))
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().take() {
            task.abort();
        }
    }
}
