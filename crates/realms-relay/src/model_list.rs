//! The models a key may use, in the shape its client reads.

use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri, header};
use percent_encoding::percent_decode_str;
use realms_dialect::{Fault, ModelCard, ModelShape, Page, render_model, render_models};
use realms_types::RequestMeta;

use crate::{Relay, admit::admit, rules::check_whoever, serve::fault_response};

/// `GET /v1/models`: three clients ask this, and each means its own list.
pub(crate) async fn list_models(
    relay: State<Relay>,
    meta: Extension<RequestMeta>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    list(relay, meta, ModelShape::of(&headers), &headers, &uri).await
}

/// `GET /v1beta/models`.
pub(crate) async fn list_gemini_models(
    relay: State<Relay>,
    meta: Extension<RequestMeta>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    list(relay, meta, ModelShape::Gemini, &headers, &uri).await
}

/// `GET /v1beta/openai/models`.
pub(crate) async fn list_openai_models(
    relay: State<Relay>,
    meta: Extension<RequestMeta>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    list(relay, meta, ModelShape::Openai, &headers, &uri).await
}

/// `GET /v1/models/{name}`.
pub(crate) async fn show_model(
    relay: State<Relay>,
    meta: Extension<RequestMeta>,
    Path(name): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    show(relay, meta, ModelShape::of(&headers), &name, &headers, &uri).await
}

/// `GET /v1beta/models/{name}`.
pub(crate) async fn show_gemini_model(
    relay: State<Relay>,
    meta: Extension<RequestMeta>,
    Path(name): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    show(relay, meta, ModelShape::Gemini, &name, &headers, &uri).await
}

async fn list(
    State(relay): State<Relay>,
    Extension(meta): Extension<RequestMeta>,
    shape: ModelShape,
    headers: &HeaderMap,
    uri: &Uri,
) -> Response {
    let listed = match cards(&relay, &meta, headers, uri).await {
        Ok(cards) => render_models(shape, &cards, &page(uri)),
        Err(fault) => Err(fault),
    };
    answer(listed, shape, &meta)
}

async fn show(
    State(relay): State<Relay>,
    Extension(meta): Extension<RequestMeta>,
    shape: ModelShape,
    name: &str,
    headers: &HeaderMap,
    uri: &Uri,
) -> Response {
    let shown = cards(&relay, &meta, headers, uri).await.and_then(|cards| {
        cards.iter().find(|card| card.id == name).map(|card| render_model(shape, card)).ok_or_else(
            || {
                let name: String = name.chars().take(100).collect();
                Fault::unknown_model(format!("there is no model `{name}` for this API key"))
            },
        )
    });
    answer(shown, shape, &meta)
}

/// What the caller may use, by name.
async fn cards(
    relay: &Relay,
    meta: &RequestMeta,
    headers: &HeaderMap,
    uri: &Uri,
) -> Result<Vec<ModelCard>, Fault> {
    let caller = admit(relay, headers, uri.query()).await?;
    check_whoever(&caller, meta, headers, relay.clock.now())?;
    let catalog = relay.catalog.snapshot();
    let groups = catalog.allowed_groups(caller.user_group, &caller.channel_groups);
    let mut cards: Vec<ModelCard> = catalog
        .models()
        .filter(|model| caller.rules.allows_model(&model.name))
        .filter(|model| catalog.serves(model, &groups))
        .map(|model| ModelCard {
            id: model.name.clone(),
            owner: model.owner.clone(),
            created: model.created_at,
        })
        .collect();
    cards.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(cards)
}

fn page(uri: &Uri) -> Page {
    let value = |names: &[&str]| {
        let pairs =
            uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.into_iter().find(|(name, _)| names.contains(name))?;
        percent_decode_str(value).decode_utf8().ok().filter(|value| !value.is_empty())
    };
    Page {
        limit: value(&["limit", "pageSize", "page_size"]).and_then(|limit| limit.parse().ok()),
        before: value(&["before_id"]).map(Into::into),
        after: value(&["after_id", "pageToken", "page_token"]).map(Into::into),
    }
}

fn answer(body: Result<Bytes, Fault>, shape: ModelShape, meta: &RequestMeta) -> Response {
    match body {
        Ok(body) => json(body),
        Err(fault) => fault_response(shape.dialect(), &fault, &meta.shown),
    }
}

pub(crate) fn json(body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
