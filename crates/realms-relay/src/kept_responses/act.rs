//! Reading and deleting responses that are kept here.

use axum::response::Response;
use bytes::Bytes;
use http::Method;
use percent_encoding::percent_decode_str;
use realms_dialect::{Fault, FaultKind, ItemPage, to_json};
use realms_identity::Caller;
use realms_store::{KeptResponse, ObjectKind};
use serde::Serialize;

use super::{Content, find, shown};
use crate::{Operation, Relay, call::Call, model_list::json, storage_fault};

/// What OpenAI shows on a page unless asked.
const PAGE: usize = 20;
/// The most a page shows.
const PAGE_MOST: usize = 100;

#[derive(Serialize)]
struct Gone<'a> {
    id: &'a str,
    object: &'static str,
    deleted: bool,
}

/// Answers an act on a response that is kept here; `None` for all other calls.
///
/// The setting has no say: what is still kept is its owner's to read and to delete.
pub(crate) async fn act(
    relay: &Relay,
    caller: &Caller,
    call: &Call,
) -> Result<Option<Response>, Fault> {
    let Operation::Stored(act) = &call.operation else { return Ok(None) };
    if act.kind != ObjectKind::Response {
        return Ok(None);
    }
    let Some(kept) = find(relay, caller.user_id, &act.id).await? else { return Ok(None) };
    let query = call.query.as_deref().unwrap_or_default();
    let body = match (&act.method, act.tail) {
        (&Method::DELETE, "") => delete(relay, &kept).await?,
        (&Method::GET, "") => whole(relay, &kept, query)?,
        (&Method::GET, "/input_items") => items(relay, &kept, query)?,
        _ => return Err(not_running(&kept)),
    };
    Ok(Some(json(body)))
}

async fn delete(relay: &Relay, kept: &KeptResponse) -> Result<Bytes, Fault> {
    let id = kept.response_id.as_str();
    relay.store.delete_kept_response(kept.user_id, id).await.map_err(|error| {
        tracing::error!(%error, "cannot delete a response that is kept here");
        storage_fault("the response cannot be deleted right now: try again shortly")
    })?;
    Ok(to_json(&Gone { id, object: "response", deleted: true }))
}

fn whole(relay: &Relay, kept: &KeptResponse, query: &str) -> Result<Bytes, Fault> {
    if value(query, "stream").is_some_and(|stream| stream == "true") {
        let message = "this response ended and is kept whole: read it without `stream`";
        return Err(Fault::bad_request(message).with_param("stream"));
    }
    let content = open(relay, kept)?;
    Ok(Bytes::from(content.response.get().to_owned()))
}

fn items(relay: &Relay, kept: &KeptResponse, query: &str) -> Result<Bytes, Fault> {
    let limit = value(query, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(PAGE);
    let after = value(query, "after");
    let page = ItemPage {
        after: after.as_deref(),
        limit: limit.clamp(1, PAGE_MOST),
        ascending: value(query, "order").is_some_and(|order| order == "asc"),
    };
    let content = open(relay, kept)?;
    page.of(&kept.response_id, content.input.get()).ok_or_else(|| {
        Fault::bad_request("`after` names no input item of this response").with_param("after")
    })
}

fn open(relay: &Relay, kept: &KeptResponse) -> Result<Content, Fault> {
    Content::open(relay, kept)?.ok_or_else(|| {
        let id = shown(&kept.response_id);
        let message = format!(
            "response `{id}` is larger, with the conversation before it, than is kept here (setting \
             `responses_state_bytes`)"
        );
        Fault::new(FaultKind::NotFound, message)
    })
}

fn not_running(kept: &KeptResponse) -> Fault {
    let id = shown(&kept.response_id);
    let message = format!("response `{id}` ended: only one in the background can be cancelled");
    Fault::bad_request(message)
}

/// A value of a query.
fn value(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
    percent_decode_str(value).decode_utf8().ok().map(Into::into)
}
