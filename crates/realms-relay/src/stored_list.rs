//! `GET /v1/chat/completions`: the completions a user stored.
//!
//! Vendors list what a key stored, and one key serves many users. So the list is made of Realms' own
//! references, each fetched from the credential that holds the object.

use axum::{Extension, extract::State, response::Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, Method, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};
use percent_encoding::percent_decode_str;
use realms_catalog::Catalog;
use realms_dialect::{Fault, to_json};
use realms_store::{ObjectKind, StoreError, StoredObject};
use realms_types::RequestMeta;
use realms_upstream::{Outgoing, UpstreamPath, encode_segment};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Relay,
    admit::admit,
    attempt::account_of,
    model_list::json,
    operation::object_dialect,
    serve::fault_response,
    storage_fault,
    stored::{Home, candidate},
};

/// What is listed.
const LISTED: ObjectKind = ObjectKind::ChatCompletion;
/// What OpenAI shows on a page unless asked.
const PAGE: u64 = 20;
/// The most a page shows.
const PAGE_MOST: u64 = 100;
/// Objects fetched at once.
const AT_ONCE: usize = 4;
/// The largest object that is shown in a list.
const LARGEST: usize = 4 << 20;

#[derive(Serialize)]
struct List<'a> {
    object: &'static str,
    data: &'a [Box<RawValue>],
    first_id: Option<&'a str>,
    last_id: Option<&'a str>,
    has_more: bool,
}

/// Answers the list.
pub(crate) async fn list_chat_completions(
    State(relay): State<Relay>,
    Extension(meta): Extension<RequestMeta>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    match list(&relay, &headers, &uri).await {
        Ok(body) => json(body),
        Err(fault) => fault_response(object_dialect(LISTED), &fault, &meta.shown),
    }
}

async fn list(relay: &Relay, headers: &HeaderMap, uri: &Uri) -> Result<Bytes, Fault> {
    let caller = admit(relay, headers, uri.query()).await?;
    let limit = query(uri, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(PAGE);
    let limit = limit.clamp(1, PAGE_MOST);
    let after = query(uri, "after");
    // What was stored a moment ago waits in the recorder; a list without it would be wrong.
    relay.recorder.flush().await;
    let found = relay.store.list_objects(LISTED, caller.user_id, after.as_deref(), limit + 1).await;
    let mut objects = found.map_err(|error| match error {
        StoreError::NotFound { .. } => {
            Fault::bad_request("`after` names no stored completion of yours")
        }
        error => {
            tracing::error!(%error, "cannot list stored objects");
            storage_fault("stored objects cannot be listed right now: try again shortly")
        }
    })?;
    let has_more = objects.len() as u64 > limit;
    objects.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let catalog = relay.catalog.snapshot();
    let fetches: Vec<_> = objects.iter().map(|object| fetch(relay, &catalog, object)).collect();
    let data: Vec<Option<Box<RawValue>>> = stream::iter(fetches).buffered(AT_ONCE).collect().await;
    let (first, last) = (objects.first(), objects.last());
    Ok(to_json(&List {
        object: "list",
        // What the vendor has dropped meanwhile is not shown.
        data: &data.into_iter().flatten().collect::<Vec<_>>(),
        first_id: first.map(|object| object.object_id.as_str()),
        last_id: last.map(|object| object.object_id.as_str()),
        has_more,
    }))
}

/// One object from where it lives; `None` when it is no longer there.
async fn fetch(relay: &Relay, catalog: &Catalog, object: &StoredObject) -> Option<Box<RawValue>> {
    let candidate = candidate(catalog, &Home::from(object.clone()), object.kind).ok()?;
    let id = encode_segment(&object.object_id);
    let reply = relay
        .upstream
        .send(Outgoing {
            method: Method::GET,
            kind: candidate.channel.kind,
            dialect: Some(object_dialect(object.kind)),
            base: candidate.endpoint.base_url.clone(),
            path: UpstreamPath::new(format!("/chat/completions/{id}")),
            query: None,
            changes: Vec::new(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            credential: candidate.credential.secret.clone(),
            proxy: candidate.proxy(),
            account: account_of(&candidate),
            stream: false,
        })
        .await
        .ok()
        .filter(|reply| reply.status == StatusCode::OK)?;
    let read = Limited::new(reply.body, LARGEST).collect();
    let body = tokio::time::timeout(relay.limits.stream.idle, read).await.ok()?.ok()?.to_bytes();
    serde_json::from_slice(&body).ok()
}

fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
    percent_decode_str(value).decode_utf8().ok().map(Into::into)
}
