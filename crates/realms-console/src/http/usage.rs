//! Usage records: what was called, by whom, with which attempts.

mod buckets;

use axum::{
    Json,
    extract::{Path, State},
};
use realms_store::{
    AttemptRecord, NumberField, UsageFilter, UsageMark, UsageRecord, UsageTerm, WordField,
};
use realms_types::{ApiKeyId, ChannelId, Money, RecordId, RequestId, Timestamp, Usage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Console, body::Params, problem::Problems};
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
    items: Vec<UsageView>,
    /// What to send as `before` for the next page; left out at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// One relayed call. Durations are in microseconds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsageView {
    /// The record's id.
    id: String,
    /// The id of the call.
    request_id: String,
    /// The id the client gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_id: Option<String>,
    /// When the request was read.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// Who called.
    user_id: String,
    /// With which key.
    api_key_id: String,
    /// The client's dialect: `responses`, `chat`, `messages`, `gemini`.
    dialect: &'static str,
    /// What was asked for.
    operation: String,
    /// The model as the client named it.
    model: String,
    /// What the upstream was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_model: Option<String>,
    /// What the upstream said it used.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_model: Option<String>,
    /// The channel of the last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// Whether the client asked for a stream.
    stream: bool,
    /// The status sent to the client.
    status: u16,
    /// How it ended, in one word.
    outcome: String,
    /// Whose fault a failure was: `client`, `realms`, `upstream`, `storage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'static str>,
    /// Why it failed, in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    /// Until the first meaningful event.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_us: Option<i64>,
    /// Until the end.
    duration_us: i64,
    /// Bytes of the client's body.
    request_bytes: i64,
    /// Bytes sent to the client.
    response_bytes: i64,
    /// LLM tokens in disjoint buckets.
    #[schema(value_type = Object)]
    usage: Usage,
    /// How they came to be known: `measured`, `estimated`, `none`.
    certainty: &'static str,
    /// What it costs, in USD as a decimal string; left out where no price is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cost_usd: Option<Money>,
    /// Where the client connected from.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_address: Option<String>,
    /// What the client calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    /// Every try, in order.
    attempts: Vec<AttemptView>,
}

/// One try of one candidate. Durations are in microseconds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttemptView {
    /// The channel tried.
    channel: String,
    /// The endpoint tried.
    endpoint_id: String,
    /// The credential tried.
    credential_id: String,
    /// What the upstream was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_model: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// Until the response headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    headers_us: Option<i64>,
    /// Until its end.
    duration_us: i64,
    /// The upstream's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// `accepted`, `retried`, `failed` or `cancelled`.
    outcome: String,
    /// Why it failed, in one word: also why the next was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    /// What the failure puts to rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    /// The upstream's words, scrubbed.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Bytes read from the upstream.
    bytes: i64,
    /// The upstream's own id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_request_id: Option<String>,
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
    let items = page.records.into_iter().map(|record| console.usage_view(record)).collect();
    Ok(Json(UsageListing { items, next: page.next.map(cursor) }))
}

/// Shows the usage record of one call.
#[utoipa::path(
    get, path = "/api/admin/usage/{request_id}", tag = "usage",
    params(("request_id" = String, Path, description = "The id of the call")),
    responses((status = 200, body = UsageView), Problems)
)]
pub(super) async fn get_usage(
    State(console): State<Console>,
    Path(request_id): Path<String>,
) -> Result<Json<UsageView>, ConsoleError> {
    let missing = || ConsoleError::NotFound(format!("call `{request_id}`"));
    let id: RequestId = request_id.parse().map_err(|_| missing())?;
    let record = console.0.editor.store.find_usage(id).await?.ok_or_else(missing)?;
    Ok(Json(console.usage_view(record)))
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
        let channel: Option<ChannelId> = match params.channel {
            None => None,
            Some(name) => Some(match reader.find_channel_by_name(&name).await? {
                Some(channel) => channel.id,
                None => id("channel", &name)?,
            }),
        };
        let api_key = params.api_key.map(|key| id::<ApiKeyId>("api_key", &key)).transpose()?;
        let number = |field, id: i64| UsageTerm::Number { field, not: false, any_of: vec![id] };
        let model =
            |name| UsageTerm::Word { field: WordField::Model, not: false, any_of: vec![name] };
        let terms = [
            api_key.map(|id| number(NumberField::ApiKey, id.raw())),
            channel.map(|id| UsageTerm::Tried { not: false, any_of: vec![id] }),
            params.model.map(model),
        ];
        Ok(UsageFilter {
            user,
            terms: terms.into_iter().flatten().collect(),
            since: params.since,
            until: params.until,
            after: params.before.map(|text| mark(&text)).transpose()?,
            limit,
            ..UsageFilter::default()
        })
    }

    fn usage_view(&self, record: UsageRecord) -> UsageView {
        UsageView {
            id: record.id.to_string(),
            request_id: record.request_id.to_string(),
            client_request_id: record.client_request_id,
            started_at: record.started_at,
            user_id: record.user_id.to_string(),
            api_key_id: record.api_key_id.to_string(),
            dialect: record.dialect.as_str(),
            operation: record.operation,
            model: record.model,
            upstream_model: record.upstream_model,
            answered_model: record.answered_model,
            channel: record.channel_id.map(|id| self.channel_name(id)),
            stream: record.stream,
            status: record.status,
            outcome: record.outcome,
            origin: record.origin.map(realms_types::Origin::as_str),
            cause: record.cause.map(realms_types::Cause::as_str),
            first_event_us: record.first_event_us,
            duration_us: record.duration_us,
            request_bytes: record.request_bytes,
            response_bytes: record.response_bytes,
            usage: record.usage,
            certainty: record.certainty.as_str(),
            cost_usd: record.cost,
            client_address: record.client_address,
            user_agent: record.user_agent,
            attempts: record.attempts.into_iter().map(|one| self.attempt_view(one)).collect(),
        }
    }

    fn attempt_view(&self, attempt: AttemptRecord) -> AttemptView {
        AttemptView {
            channel: self.channel_name(attempt.channel_id),
            endpoint_id: attempt.endpoint_id.to_string(),
            credential_id: attempt.credential_id.to_string(),
            upstream_model: attempt.upstream_model,
            started_at: attempt.started_at,
            headers_us: attempt.headers_us,
            duration_us: attempt.duration_us,
            status: attempt.status,
            outcome: attempt.outcome,
            cause: attempt.cause.map(realms_types::Cause::as_str),
            scope: attempt.scope.map(realms_types::Scope::as_str),
            detail: attempt.detail,
            bytes: attempt.bytes,
            upstream_request_id: attempt.upstream_request_id,
        }
    }

    /// A channel that is gone is shown by its id.
    fn channel_name(&self, id: realms_types::ChannelId) -> String {
        let catalog = self.0.catalog.load();
        catalog.find_channel(id).map_or_else(|| id.to_string(), |channel| channel.name.clone())
    }
}

fn id<I: std::str::FromStr>(what: &str, text: &str) -> Result<I, ConsoleError> {
    text.parse().map_err(|_| ConsoleError::Malformed(format!("query: there is no {what} `{text}`")))
}

/// A place in a list as text.
fn cursor(mark: UsageMark) -> String {
    match mark {
        UsageMark::Record { started_at, id } => format!("t{}-{id}", started_at.as_micros()),
        UsageMark::Place(place) => format!("p{place}"),
    }
}

fn mark(cursor: &str) -> Result<UsageMark, ConsoleError> {
    let read = || {
        if let Some(place) = cursor.strip_prefix('p') {
            return place.parse().ok().map(UsageMark::Place);
        }
        let (time, id) = cursor.strip_prefix('t')?.split_once('-')?;
        let started_at = Timestamp::from_micros(time.parse().ok()?);
        Some(UsageMark::Record { started_at, id: id.parse::<RecordId>().ok()? })
    };
    read().ok_or_else(|| ConsoleError::Malformed("query: this is no `next` of a list".to_owned()))
}
