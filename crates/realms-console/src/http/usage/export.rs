//! Calls as a file, streamed page by page.

use std::mem;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header};
use realms_store::{AuditChange, AuditRecord, UsageFilter, UsageRecord, UsageSums};
use realms_types::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{Reach, Zone, buckets::zoned, terms::Asked};
use crate::{
    ConsoleError,
    http::{
        Console,
        body::Params,
        call_view::{CallNames, CallView},
        caller::Caller,
        csv,
        problem::Problems,
    },
};

/// Calls in one file.
const MOST: u64 = 100_000;
/// Calls read at once.
const PAGE: u64 = 500;

/// Which calls go into the file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ExportParams {
    /// Words, as in the list.
    q: Option<String>,
    /// Terms, as in the list.
    filter: Option<String>,
    /// Started at or after this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Started before this moment (RFC 3339). Default: now.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// `csv` (default) or `jsonl`.
    #[param(inline)]
    #[serde(default)]
    format: Format,
    /// The time zone of the times in a table (IANA). Default: that of the site.
    tz: Option<String>,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// A table that every spreadsheet opens.
    #[default]
    Csv,
    /// One call a line, as in the list.
    Jsonl,
}

/// A file in the making.
struct Pages {
    console: Console,
    reach: Reach,
    /// What comes next; `None` at the end.
    next: Option<UsageFilter>,
    format: Format,
    zone: Zone,
    /// What goes out before the next page.
    head: String,
}

/// Exports everyone's calls, newest first.
#[utoipa::path(
    get, path = "/api/admin/usage/export", tag = "usage", params(ExportParams),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String), Problems)
)]
pub(in crate::http) async fn export_usage(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<ExportParams>,
) -> Result<Response, ConsoleError> {
    let (pages, calls) = console.export(Reach::EVERYONE, &params).await?;
    console.note_export(&caller, &params, calls).await?;
    Ok(pages.into_response())
}

/// Exports one's own calls, newest first.
#[utoipa::path(
    get, path = "/api/usage/export", tag = "usage", params(ExportParams),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String), Problems)
)]
pub(in crate::http) async fn export_own_usage(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<ExportParams>,
) -> Result<Response, ConsoleError> {
    let (pages, _) = console.export(console.own_reach(&caller)?, &params).await?;
    Ok(pages.into_response())
}

// === impl Console ===

impl Console {
    /// The pages of a file, and how many calls they hold. A range that holds too many is refused before
    /// anything goes out.
    async fn export(
        &self,
        reach: Reach,
        params: &ExportParams,
    ) -> Result<(Pages, u64), ConsoleError> {
        let zone = self.zone(params.tz.as_deref())?;
        let asked = Asked {
            q: params.q.clone(),
            filter: params.filter.clone(),
            since: params.since,
            until: Some(params.until.unwrap_or(zone.now)),
        };
        let filter = UsageFilter { limit: PAGE, ..self.usage_filter(reach, asked).await? };
        let UsageSums { calls, .. } = self.0.editor.store.sum_usage(&filter).await?;
        if calls > MOST {
            return Err(ConsoleError::TooMany(format!(
                "these are {calls} calls, and a file holds at most {MOST}: narrow the range or the filter"
            )));
        }
        let format = params.format;
        let mut head = String::new();
        if format == Format::Csv {
            head.push_str(csv::BYTE_ORDER_MARK);
            csv::row(&mut head, columns(reach).map(|(name, _)| name));
        }
        let console = self.clone();
        Ok((Pages { console, reach, next: Some(filter), format, zone, head }, calls))
    }

    /// Notes in the audit log that somebody took everyone's calls along.
    async fn note_export(
        &self,
        caller: &Caller,
        params: &ExportParams,
        calls: u64,
    ) -> Result<(), ConsoleError> {
        let editor = &self.0.editor;
        let said = |path: &str, text: Option<String>| {
            text.map(|text| AuditChange { path: path.to_owned(), before: None, after: Some(text) })
        };
        let changes = [
            said("calls", Some(calls.to_string())),
            said("q", params.q.clone()),
            said("filter", params.filter.clone()),
            said("since", params.since.map(|time| time.to_string())),
            said("until", params.until.map(|time| time.to_string())),
        ];
        let entry =
            AuditRecord::new(editor.ids.next(), editor.clock.now(), caller.actor(), "usage.export");
        let entry = AuditRecord { changes: changes.into_iter().flatten().collect(), ..entry };
        let mut tx = editor.store.begin().await?;
        tx.insert_audit(&entry).await?;
        Ok(tx.commit().await?)
    }
}

// === impl Pages ===

impl Pages {
    fn into_response(self) -> Response {
        let (kind, ending) = match self.format {
            Format::Csv => ("text/csv; charset=utf-8", "csv"),
            Format::Jsonl => ("application/jsonl; charset=utf-8", "jsonl"),
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        let name = format!("attachment; filename=\"usage-{}.{ending}\"", self.zone.now.as_secs());
        if let Ok(name) = HeaderValue::from_str(&name) {
            headers.insert(header::CONTENT_DISPOSITION, name);
        }
        let pages = stream::try_unfold(self, |mut pages| async move {
            let piece = pages.piece().await.inspect_err(|error| {
                // The client sees that the file breaks off; why is for the log.
                tracing::error!(%error, "an export broke off");
            })?;
            Ok::<_, ConsoleError>(piece.map(|piece| (piece, pages)))
        });
        (headers, Body::from_stream(pages)).into_response()
    }

    /// The next piece of the file; `None` at its end.
    async fn piece(&mut self) -> Result<Option<Bytes>, ConsoleError> {
        let Some(filter) = self.next.take() else {
            let left = mem::take(&mut self.head);
            return Ok((!left.is_empty()).then(|| left.into()));
        };
        let page = self.console.0.editor.store.list_usage(&filter).await?;
        self.next = page.next.map(|after| UsageFilter { after: Some(after), ..filter });
        let names = self.console.call_names(&page.records, self.reach.channels).await?;
        let mut text = mem::take(&mut self.head);
        for record in page.records {
            self.write(&mut text, record, &names)?;
        }
        Ok(Some(text.into()))
    }

    fn write(
        &self,
        text: &mut String,
        record: UsageRecord,
        names: &CallNames,
    ) -> Result<(), ConsoleError> {
        if self.format == Format::Jsonl {
            let view = names.view(record);
            let line = serde_json::to_string(&view)
                .map_err(|error| ConsoleError::Internal(format!("a call is no JSON: {error}")))?;
            text.push_str(&line);
            text.push('\n');
            return Ok(());
        }
        let begun = zoned(record.started_at, &self.zone.zone)?;
        let begun = begun.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
        let row = Row {
            begun,
            saved: record.cache_saved.map(|saved| saved.to_string()).unwrap_or_default(),
            session: record.session.clone().unwrap_or_default(),
            upstream_cost: record.upstream_cost.map(|paid| paid.to_string()).unwrap_or_default(),
            view: names.view(record),
        };
        let cells: Vec<String> = columns(self.reach).map(|(_, cell)| cell(&row)).collect();
        csv::row(text, cells.iter().map(String::as_str));
        Ok(())
    }
}

/// A row of the table.
struct Row {
    begun: String,
    saved: String,
    session: String,
    upstream_cost: String,
    view: CallView,
}

type Column = (&'static str, fn(&Row) -> String);

/// The columns that a reader sees.
fn columns(reach: Reach) -> impl Iterator<Item = Column> {
    COLUMNS.iter().copied().filter(move |(name, _)| match *name {
        "channel" => reach.channels,
        // What calls cost us is for who runs the service.
        "upstream_cost_usd" => reach.user.is_none(),
        _ => true,
    })
}

const COLUMNS: &[Column] = &[
    ("request_id", |row| row.view.request_id.clone()),
    ("started_at", |row| row.begun.clone()),
    ("user", |row| or_id(row.view.user.as_ref(), &row.view.user_id)),
    ("api_key", |row| or_id(row.view.api_key.as_ref(), &row.view.api_key_id)),
    ("client", |row| text(row.view.client.as_ref())),
    ("dialect", |row| row.view.dialect.to_owned()),
    ("operation", |row| row.view.operation.clone()),
    ("model", |row| row.view.model.clone()),
    ("upstream_model", |row| text(row.view.upstream_model.as_ref())),
    ("answered_model", |row| text(row.view.answered_model.as_ref())),
    ("channel", |row| text(row.view.channel.as_ref())),
    ("channel_group", |row| text(row.view.channel_group.as_ref())),
    ("attempts", |row| row.view.attempts.len().to_string()),
    ("stream", |row| row.view.stream.to_string()),
    ("status", |row| row.view.status.to_string()),
    ("outcome", |row| row.view.outcome.clone()),
    ("origin", |row| row.view.origin.unwrap_or_default().to_owned()),
    ("cause", |row| row.view.cause.unwrap_or_default().to_owned()),
    ("first_event_us", |row| text(row.view.first_event_us.as_ref())),
    ("duration_us", |row| row.view.duration_us.to_string()),
    ("request_bytes", |row| row.view.request_bytes.to_string()),
    ("response_bytes", |row| row.view.response_bytes.to_string()),
    ("input_tokens", |row| row.view.usage.input.to_string()),
    ("cache_read_tokens", |row| row.view.usage.cache_read.to_string()),
    ("cache_write_5m_tokens", |row| row.view.usage.cache_write_5m.to_string()),
    ("cache_write_1h_tokens", |row| row.view.usage.cache_write_1h.to_string()),
    ("output_tokens", |row| row.view.usage.output.to_string()),
    ("reasoning_tokens", |row| row.view.usage.reasoning.to_string()),
    ("image_input_tokens", |row| row.view.usage.image_input.to_string()),
    ("image_output_tokens", |row| row.view.usage.image_output.to_string()),
    ("images", |row| row.view.usage.images.to_string()),
    ("certainty", |row| row.view.certainty.to_owned()),
    ("billing", |row| row.view.billing.unwrap_or_default().to_owned()),
    ("cost_usd", |row| text(row.view.cost_usd.as_ref())),
    ("cache_saved_usd", |row| row.saved.clone()),
    ("upstream_cost_usd", |row| row.upstream_cost.clone()),
    ("session", |row| row.session.clone()),
    ("client_request_id", |row| text(row.view.client_request_id.as_ref())),
    ("client_address", |row| text(row.view.client_address.as_ref())),
    ("user_agent", |row| text(row.view.user_agent.as_ref())),
];

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn or_id(name: Option<&String>, id: &str) -> String {
    name.map_or_else(|| id.to_owned(), Clone::clone)
}
