//! How earlier tests of a channel went.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
};
use realms_store::{ChannelTestRecord, Counts};
use realms_types::{ChannelTestId, CredentialId, EndpointId, Finding, Timestamp, Usage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    ConsoleError,
    http::{Console, body::Params, list::Page, problem::Problems},
    words,
};

/// So many are shown unless more are asked for.
const USUAL: u64 = 50;

/// Which page of tests is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct TestsParams {
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// How a test of a channel went.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ChannelTestView {
    /// Its id.
    #[schema(value_type = String, example = "ct_06a1b2c3d4e5f")]
    id: ChannelTestId,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// What made it: `manual`, `schedule`, `probe`.
    #[schema(value_type = words::TestTrigger)]
    trigger: &'static str,
    /// How much was asked: `test`, `scan`.
    #[schema(value_type = words::TestDepth)]
    depth: &'static str,
    /// In which dialect.
    #[schema(value_type = words::Dialect)]
    dialect: &'static str,
    /// The model as clients name it.
    model: String,
    /// The model as the vendor names it.
    upstream_model: String,
    /// The model as the answer names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_model: Option<String>,
    /// The address it went to; left out: the channel does not have it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    /// The credential it was made with; left out: the channel does not have it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
    /// Whether a stream was asked for.
    streamed: bool,
    /// Until the first meaningful event.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_us: Option<i64>,
    /// Until the end.
    duration_us: i64,
    /// The upstream's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What it came to: `ok`, `flawed` (it answered, with something that breaks clients), `failed`.
    #[schema(value_type = words::TestOutcome)]
    outcome: &'static str,
    /// Why it failed, in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::FailureKind>)]
    cause: Option<String>,
    /// Why it failed, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What the upstream says was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_seen: Option<TestUsage>,
    /// What was counted here, by the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_counted: Option<TestUsage>,
    /// Whether its tool calls were in order; left out: not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    tools_ok: Option<bool>,
    /// What is wrong with it.
    findings: Vec<TestFinding>,
}

/// LLM tokens in and out.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TestUsage {
    /// Of the request, cached or not.
    input: u64,
    /// Of the answer.
    output: u64,
}

/// Something that an upstream gets wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TestFinding {
    /// In one word.
    #[schema(value_type = words::TestFindingKind)]
    code: &'static str,
    /// How much it matters: `error` (clients break on it, or what is charged is wrong) or `warning`.
    #[schema(value_type = words::TestFindingSeverity)]
    severity: &'static str,
}

/// What the parts of a channel are called.
struct Names {
    endpoints: HashMap<EndpointId, String>,
    credentials: HashMap<CredentialId, String>,
}

/// Lists how earlier tests of a channel went, newest first.
///
/// The newest 200 are kept for each trigger, for 30 days.
#[utoipa::path(
    get, path = "/api/admin/channels/{name}/tests", tag = "channels",
    params(("name" = String, Path, description = "Its name or its id"), TestsParams),
    responses((status = 200, body = Page<ChannelTestView>), Problems)
)]
pub(in crate::http) async fn list_channel_tests(
    State(console): State<Console>,
    Path(name): Path<String>,
    Params(params): Params<TestsParams>,
) -> Result<Json<Page<ChannelTestView>>, ConsoleError> {
    let (before, limit) = params.read()?;
    let channel = console.0.editor.find_channel(&name).await?.id;
    let reader = console.0.editor.store.read();
    let page = reader.list_channel_tests(channel, before, limit).await?;
    let (endpoints, credentials) = (
        reader.list_endpoints(Some(channel)).await?,
        reader.list_credentials(Some(channel)).await?,
    );
    let names = Names {
        endpoints: endpoints.into_iter().map(|one| (one.id, one.base_url)).collect(),
        credentials: credentials.into_iter().map(|one| (one.id, one.name)).collect(),
    };
    let items = page.records.into_iter().map(|record| names.view(record)).collect();
    Ok(Json(Page::new(items, page.next.map(|id| id.to_string()))))
}

// === impl TestsParams ===

impl TestsParams {
    fn read(self) -> Result<(Option<ChannelTestId>, u64), ConsoleError> {
        let malformed = |what: &str| ConsoleError::Malformed(format!("query: {what}"));
        let before = self.cursor.as_deref().map(str::parse).transpose();
        let before = before.map_err(|_| malformed("`cursor` is not `next`"))?;
        match self.limit.unwrap_or(USUAL) {
            limit @ 1..=200 => Ok((before, limit)),
            _ => Err(malformed("`limit` is 1 to 200")),
        }
    }
}

// === impl Names ===

impl Names {
    fn view(&self, record: ChannelTestRecord) -> ChannelTestView {
        let endpoint = record.endpoint_id.and_then(|id| self.endpoints.get(&id));
        let credential = record.credential_id.and_then(|id| self.credentials.get(&id));
        ChannelTestView {
            id: record.id,
            started_at: record.started_at,
            trigger: record.trigger.as_str(),
            depth: record.depth.as_str(),
            dialect: record.dialect.as_str(),
            model: record.model,
            upstream_model: record.upstream_model,
            answered_model: record.answered_model,
            endpoint: endpoint.cloned(),
            credential: credential.cloned(),
            streamed: record.streamed,
            first_event_us: record.first_event_us,
            duration_us: record.duration_us,
            status: record.status,
            outcome: record.outcome.as_str(),
            cause: record.cause,
            detail: record.detail,
            usage_seen: record.seen.map(TestUsage::from),
            usage_counted: record.counted.map(TestUsage::from),
            tools_ok: record.tools_ok,
            findings: record.findings.into_iter().map(TestFinding::from).collect(),
        }
    }
}

// === impl TestUsage ===

impl From<Counts> for TestUsage {
    fn from(Counts { input, output }: Counts) -> Self {
        Self { input, output }
    }
}

impl From<Usage> for TestUsage {
    fn from(usage: Usage) -> Self {
        Self { input: usage.total_input(), output: usage.output }
    }
}

// === impl TestFinding ===

impl From<Finding> for TestFinding {
    fn from(finding: Finding) -> Self {
        Self { code: finding.as_str(), severity: finding.severity().as_str() }
    }
}
