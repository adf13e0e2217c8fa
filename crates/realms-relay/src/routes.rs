//! Paths of the data plane, and the probes its clients make.

use axum::{
    Extension, Json, Router,
    body::Body,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::{any, get, head, post},
};
use http::{Method, StatusCode};
use realms_dialect::{Fault, FaultKind, recognise};
use realms_store::ObjectKind;
use realms_types::{DialectId, RequestMeta};
use serde_json::json;

use crate::{
    GeminiAction, Operation, Relay, StoredAct,
    model_list::{
        list_gemini_models, list_models, list_openai_models, show_gemini_model, show_model,
    },
    operation::{PASS_THROUGH, object_dialect},
    serve::{fault_response, serve},
    stored_list::list_chat_completions,
    websocket,
};

/// Every path of the data plane. Expects a [`RequestMeta`] among the request's extensions.
pub fn router(relay: Relay) -> Router {
    let mut router = Router::new()
        .route("/v1/responses", fixed(Operation::Respond).get(websocket::open))
        .route("/v1/responses/input_tokens", fixed(Operation::CountResponseInput))
        .route("/v1/responses/compact", fixed(Operation::Compact))
        .route(
            "/v1/responses/{id}",
            stored(ObjectKind::Response, "", &[Method::GET, Method::DELETE]),
        )
        .route(
            "/v1/responses/{id}/cancel",
            stored(ObjectKind::Response, "/cancel", &[Method::POST]),
        )
        .route(
            "/v1/responses/{id}/input_items",
            stored(ObjectKind::Response, "/input_items", &[Method::GET]),
        )
        .route("/v1/chat/completions", fixed(Operation::Chat).get(list_chat_completions))
        .route(
            "/v1/chat/completions/{id}",
            stored(ObjectKind::ChatCompletion, "", &[Method::GET, Method::POST, Method::DELETE]),
        )
        .route(
            "/v1/chat/completions/{id}/messages",
            stored(ObjectKind::ChatCompletion, "/messages", &[Method::GET]),
        )
        .route("/v1/messages", fixed(Operation::Message))
        .route("/v1/messages/count_tokens", fixed(Operation::CountMessageTokens))
        .route("/v1/messages/batches", any(no_batches))
        .route("/v1/messages/batches/{*rest}", any(no_batches))
        .route("/v1/models", get(list_models))
        .route("/v1/models/{*name}", get(show_model).post(gemini_v1))
        .route("/v1beta/models", get(list_gemini_models))
        .route("/v1beta/models/{*name}", get(show_gemini_model).post(gemini_v1beta))
        .route("/v1beta/openai/models", get(list_openai_models))
        .route("/api/hello", head(hello).get(hello))
        .route("/api/event_logging/batch", post(swallow_events))
        .route("/v1/{*rest}", any(unknown))
        .route("/v1beta/{*rest}", any(unknown));
    for path in PASS_THROUGH {
        router = router.route(&format!("/v1{path}"), fixed(Operation::PassThrough(path)));
    }
    router.method_not_allowed_fallback(wrong_method).with_state(relay)
}

/// `POST` of one operation.
fn fixed(operation: Operation) -> axum::routing::MethodRouter<Relay> {
    post(
        move |State(relay): State<Relay>,
              Extension(meta): Extension<RequestMeta>,
              request: Request| {
            let (parts, body) = request.into_parts();
            serve(relay, operation, parts, body, meta)
        },
    )
}

/// Acts on one stored object.
fn stored(
    kind: ObjectKind,
    tail: &'static str,
    methods: &'static [Method],
) -> axum::routing::MethodRouter<Relay> {
    any(
        move |State(relay): State<Relay>,
              Path(id): Path<String>,
              Extension(meta): Extension<RequestMeta>,
              request: Request| async move {
            let (parts, body) = request.into_parts();
            if !methods.contains(&parts.method) {
                return method_fault(object_dialect(kind), &parts.method, &meta);
            }
            let act = StoredAct { kind, id, method: parts.method.clone(), tail };
            serve(relay, Operation::Stored(act), parts, body, meta).await
        },
    )
}

async fn gemini_v1(
    relay: State<Relay>,
    Path(name): Path<String>,
    meta: Extension<RequestMeta>,
    request: Request,
) -> Response {
    gemini(relay, "v1", &name, meta, request).await
}

async fn gemini_v1beta(
    relay: State<Relay>,
    Path(name): Path<String>,
    meta: Extension<RequestMeta>,
    request: Request,
) -> Response {
    gemini(relay, "v1beta", &name, meta, request).await
}

async fn gemini(
    State(relay): State<Relay>,
    version: &'static str,
    name: &str,
    Extension(meta): Extension<RequestMeta>,
    request: Request,
) -> Response {
    let parsed = name
        .rsplit_once(':')
        .and_then(|(model, action)| Some((model.to_owned(), GeminiAction::parse(action)?)));
    let Some((model, action)) = parsed else {
        let message = "expected /models/{model}:{action} with an action such as generateContent";
        let fault = Fault::new(FaultKind::NotFound, message);
        return fault_response(DialectId::Gemini, &fault, &meta.shown);
    };
    let (parts, body) = request.into_parts();
    serve(relay, Operation::Gemini { version, model, action }, parts, body, meta).await
}

/// What Claude Code asks for at its start.
async fn hello() -> Json<serde_json::Value> {
    Json(json!({ "message": "hello" }))
}

/// Telemetry of clients ends here: it is not ours to pass on, and a failure would be retried.
async fn swallow_events(request: Request) -> Response {
    drop(request);
    (StatusCode::OK, Json(json!({ "accepted_count": 0, "rejected_count": 0 }))).into_response()
}

/// A batch's usage comes with its results, a day later, from a file: until that can be metered, a batch
/// would be work that nobody pays for.
async fn no_batches(Extension(meta): Extension<RequestMeta>) -> Response {
    let message =
        "message batches are not served here: send the requests one by one with POST /v1/messages";
    let fault = Fault::new(FaultKind::NotImplemented, message);
    fault_response(Operation::Message.dialect(), &fault, &meta.shown)
}

async fn unknown(Extension(meta): Extension<RequestMeta>, request: Request<Body>) -> Response {
    let path: String = request.uri().path().chars().take(100).collect();
    let fault = Fault::new(
        FaultKind::NotFound,
        format!("there is no endpoint {} {path}", request.method()),
    );
    fault_response(recognise(request.uri().path(), request.headers()), &fault, &meta.shown)
}

async fn wrong_method(Extension(meta): Extension<RequestMeta>, request: Request<Body>) -> Response {
    let dialect = recognise(request.uri().path(), request.headers());
    method_fault(dialect, request.method(), &meta)
}

fn method_fault(dialect: DialectId, method: &Method, meta: &RequestMeta) -> Response {
    let fault =
        Fault::new(FaultKind::MethodNotAllowed, format!("{method} is not served on this path"));
    fault_response(dialect, &fault, &meta.shown)
}
