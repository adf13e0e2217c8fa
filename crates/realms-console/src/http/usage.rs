//! Usage records: what was called, by whom, with which attempts.

use axum::{Json, extract::State};
use realms_store::UsageFilter;
use realms_types::{RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Console, body::Params, call_view::CallView, problem::Problems};
use crate::ConsoleError;

/// Which records are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UsageParams {
    /// Of this user: name or id.
    user: Option<String>,
    /// Made with this API key: its id.
    api_key: Option<String>,
    /// Asking for this model.
    model: Option<String>,
    /// With an attempt on this channel: name or id.
    channel: Option<String>,
    /// Started at or after this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Started before this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Older than this record: `next` of the page before.
    before: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// A page of records, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsageListing {
    /// The records.
    items: Vec<CallView>,
    /// What to send as `before` for the next page; left out at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next: Option<RecordId>,
}

/// Lists usage records, newest first.
#[utoipa::path(
    get, path = "/api/admin/usage", tag = "usage", params(UsageParams),
    responses((status = 200, body = UsageListing), Problems)
)]
pub(super) async fn list_usage(
    State(console): State<Console>,
    Params(params): Params<UsageParams>,
) -> Result<Json<UsageListing>, ConsoleError> {
    let filter = console.usage_filter(params).await?;
    let page = console.0.editor.store.list_usage(&filter).await?;
    let names = console.call_names(&page.records, true).await?;
    let items = page.records.into_iter().map(|call| names.view(call)).collect();
    Ok(Json(UsageListing { items, next: page.next }))
}

// === impl Console ===

impl Console {
    async fn usage_filter(&self, params: UsageParams) -> Result<UsageFilter, ConsoleError> {
        let limit = params.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(ConsoleError::Malformed("query: `limit` is 1 to 200".to_owned()));
        }
        let reader = self.0.editor.store.read();
        let user = match params.user {
            None => None,
            Some(name) => Some(match reader.find_user_by_name(&name).await? {
                Some(user) => user.id,
                None => id("user", &name)?,
            }),
        };
        let channel = match params.channel {
            None => None,
            Some(name) => Some(match reader.find_channel_by_name(&name).await? {
                Some(channel) => channel.id,
                None => id("channel", &name)?,
            }),
        };
        Ok(UsageFilter {
            user,
            api_key: params.api_key.map(|key| id("api_key", &key)).transpose()?,
            model: params.model,
            channel,
            since: params.since,
            until: params.until,
            before: params.before.map(|record| id("before", &record)).transpose()?,
            limit,
        })
    }
}

fn id<I: std::str::FromStr>(what: &str, text: &str) -> Result<I, ConsoleError> {
    text.parse().map_err(|_| ConsoleError::Malformed(format!("query: there is no {what} `{text}`")))
}
