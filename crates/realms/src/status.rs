//! `/healthz`, `/readyz`, `/metrics`: how this process is, for people, load balancers and Prometheus.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use prometheus_client::{encoding::text::encode, registry::Registry};
use realms_catalog::Live;
use realms_ledger::Recorder;
use realms_seal::same;
use realms_store::Store;
use realms_types::{RequestMeta, Secret};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::version::{VERSION, build_date};

/// What the status is read from.
#[derive(Clone)]
pub(crate) struct Status {
    pub store: Store,
    pub catalog: Arc<Live>,
    pub recorder: Recorder,
    pub registry: Arc<Registry>,
    pub self_mode: bool,
    /// The address of this site by bootstrap configuration; the setting in the database wins.
    pub public_base_url: Option<Url>,
    pub admin_api_key: Option<Secret<String>>,
    /// Fires when the process begins to stop.
    pub stopping: CancellationToken,
}

/// The state of this process.
#[derive(Debug, Serialize)]
struct Health {
    ok: bool,
    version: &'static str,
    build_date: String,
    mode: &'static str,
    database: Database,
    setup: &'static str,
    catalog: CatalogHealth,
    models: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    records: Records,
}

#[derive(Debug, Serialize)]
struct Database {
    state: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<f64>,
}

#[derive(Debug, Serialize)]
struct CatalogHealth {
    version: i64,
    defects: usize,
}

#[derive(Debug, Serialize)]
struct Records {
    waiting: u64,
    spooled: u64,
    lost: u64,
}

/// The paths of the status.
pub(crate) fn router(status: Status) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(status)
}

/// Always 200: whoever asks wants to read what is wrong.
async fn healthz(State(status): State<Status>) -> Response {
    let ping = status.store.ping().await;
    let has_root = status.store.has_root().await.unwrap_or(true);
    let catalog = status.catalog.load();
    let records = status.recorder.status();
    let base_url = catalog.settings().site_base_url.as_ref().or(status.public_base_url.as_ref());
    let health = Health {
        ok: ping.is_ok(),
        version: VERSION,
        build_date: build_date(),
        mode: if status.self_mode { "self" } else { "business" },
        database: Database {
            state: if ping.is_ok() { "ok" } else { "unavailable" },
            kind: status.store.kind().as_str(),
            latency_ms: ping.ok().map(|latency| latency.as_secs_f64() * 1000.0),
        },
        setup: if has_root { "done" } else { "needed" },
        catalog: CatalogHealth {
            version: catalog.version(),
            defects: status.catalog.defects().len(),
        },
        base_url: base_url.map(|url| url.as_str().trim_end_matches('/').to_owned()),
        models: catalog.models().filter(|model| model.enabled).count(),
        records: Records { waiting: records.waiting, spooled: records.spooled, lost: records.lost },
    };
    (no_store(), Json(health)).into_response()
}

/// 503 while this process should get no new calls.
async fn readyz(State(status): State<Status>) -> Response {
    let reason = if status.stopping.is_cancelled() {
        Some("stopping")
    } else if status.store.ping().await.is_err() {
        Some("the database does not answer")
    } else {
        None
    };
    let code = if reason.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "ready": reason.is_none(), "reason": reason });
    (code, no_store(), Json(body)).into_response()
}

/// Counters name channels, so they are for this machine, or for who has the admin key.
async fn metrics(
    State(status): State<Status>,
    meta: axum::Extension<RequestMeta>,
    headers: HeaderMap,
) -> Response {
    // Behind a proxy on this machine everyone comes from here.
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    if (forwarded || !meta.client.is_loopback()) && !has_admin_key(&status, &headers) {
        let message =
            "metrics are served to this machine, or with the admin API key as a bearer token\n";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    let mut text = String::new();
    if encode(&mut text, &status.registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind =
        HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn has_admin_key(status: &Status, headers: &HeaderMap) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match (&status.admin_api_key, given) {
        (Some(key), Some(given)) => same(key.reveal().as_bytes(), given.as_bytes()),
        _ => false,
    }
}

fn no_store() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}
