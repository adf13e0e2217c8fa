//! How tests are told, as JSON.

use std::time::Duration;

use realms_relay::{Failure, Report, Subject};
use realms_store::AuditChange;
use realms_types::{DialectId, Money, Usage, is_same_model};
use serde::Serialize;
use utoipa::ToSchema;

use super::kept::{TestFinding, TestUsage};
use crate::{http::call_view::UsageShape, words};

/// `event: phase`: a step of a test that is done.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TestPhase {
    /// The model that is tested.
    pub(super) model: String,
    /// The credential it is tested with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential: Option<String>,
    /// `dns`, `connect`, `tls`, `headers`, `first_event` or `end`.
    #[schema(value_type = words::TestStep)]
    pub(super) phase: &'static str,
    /// When, from the start of the test.
    pub(super) at_us: i64,
}

/// `event: result`: how a test went. No part of it holds the key.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TestResult {
    /// The model as clients name it.
    pub(super) model: String,
    /// The model as the vendor names it.
    pub(super) upstream_model: String,
    /// The dialect it was asked in.
    #[schema(value_type = words::Dialect)]
    pub(super) dialect: &'static str,
    /// The credential it was asked with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential: Option<String>,
    /// Whether it answered to the end.
    pub(super) ok: bool,
    /// The upstream's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// Until the first meaningful event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_event_us: Option<i64>,
    /// Until the end.
    pub(super) duration_us: i64,
    /// The model as the answer names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered_model: Option<String>,
    /// Whether that is another model.
    pub(super) model_mismatch: bool,
    /// The start of what it said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    /// LLM tokens in disjoint buckets.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<UsageShape>)]
    pub(super) usage: Option<Usage>,
    /// What that costs at the model's price, before any multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) cost_usd: Option<Money>,
    /// What was counted here, by the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) usage_counted: Option<TestUsage>,
    /// Whether its tool calls are in order; left out: not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tools_ok: Option<bool>,
    /// What is wrong with the answer, the worst first.
    pub(super) findings: Vec<TestFinding>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<TestFailure>,
    /// The request as it was sent, at most 4 KiB, the key masked.
    pub(super) request: String,
    /// The answer as it came, at most 4 KiB, the key masked.
    pub(super) response: String,
    /// The request as a shell command, with `$API_KEY` for the key.
    pub(super) curl: String,
}

/// Why a test failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Failure)]
pub(in crate::http) struct TestFailure {
    /// In one word: `dns`, `connect`, `tls`, `timeout`, `unauthorized`, `forbidden`, `not_found`,
    /// `model_not_found`, `rate_limited`, `no_money`, `blocked_address`, `bad_request`,
    /// `server_error`, `not_an_api`, `proxy` or `other`.
    #[schema(value_type = words::FailureKind)]
    code: &'static str,
    /// In one sentence.
    detail: String,
    /// What mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<TestFix>,
}

/// What mends a failure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FailureFix)]
pub(in crate::http) struct TestFix {
    /// The base URL that would answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    /// The network to add to `setting`.
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_private: Option<String>,
    /// The variable of the server to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    setting: Option<String>,
}

/// `event: done`: the end.
#[derive(Debug, Default, Clone, Copy, Serialize, ToSchema)]
pub(in crate::http) struct TestsDone {
    /// How many tests there were.
    pub(super) tested: u32,
    /// How many went well.
    pub(super) ok: u32,
    /// How many did not.
    pub(super) failed: u32,
}

// === impl TestsDone ===

impl TestsDone {
    /// What the audit log says of it.
    pub(super) fn changes(self) -> Vec<AuditChange> {
        let said = [("ok", self.ok), ("failed", self.failed)];
        said.map(|(path, count)| AuditChange {
            path: path.to_owned(),
            before: None,
            after: Some(count.to_string()),
        })
        .into()
    }
}

// === impl TestResult ===

impl TestResult {
    pub(super) fn new(
        model: String,
        credential: Option<String>,
        subject: &Subject,
        report: Report,
    ) -> Self {
        let answered = report.answered_model.as_deref();
        let mismatch = answered.is_some_and(|name| !is_same_model(&subject.upstream_model, name));
        Self {
            model,
            upstream_model: subject.upstream_model.clone(),
            dialect: subject.dialect.as_str(),
            credential,
            ok: report.failure.is_none(),
            status: report.status,
            first_event_us: report.first_event.map(micros),
            duration_us: micros(report.duration),
            answered_model: report.answered_model,
            model_mismatch: mismatch,
            text: report.text,
            usage: report.usage,
            cost_usd: report.cost,
            usage_counted: report.counted.map(TestUsage::from),
            tools_ok: report.tools_ok,
            findings: report.findings.into_iter().map(TestFinding::from).collect(),
            failure: report.failure.map(TestFailure::from),
            request: report.request,
            response: report.response,
            curl: report.curl,
        }
    }

    /// It could not even be found out what to ask.
    pub(super) fn without_a_model(dialect: DialectId, failure: Failure) -> Self {
        Self {
            model: String::new(),
            upstream_model: String::new(),
            dialect: dialect.as_str(),
            credential: None,
            ok: false,
            status: None,
            first_event_us: None,
            duration_us: 0,
            answered_model: None,
            model_mismatch: false,
            text: None,
            usage: None,
            cost_usd: None,
            usage_counted: None,
            tools_ok: None,
            findings: Vec::new(),
            failure: Some(failure.into()),
            request: String::new(),
            response: String::new(),
            curl: String::new(),
        }
    }
}

// === impl TestFailure ===

impl From<Failure> for TestFailure {
    fn from(Failure { code, detail, fix }: Failure) -> Self {
        let fix = fix.map(|fix| TestFix {
            base_url: fix.base_url,
            allow_private: fix.allow_private,
            setting: fix.setting,
        });
        Self { code: code.as_str(), detail, fix }
    }
}

pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
