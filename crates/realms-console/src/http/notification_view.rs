//! Notifications as they are shown and asked for: the same for a user and for those who run the site.

use realms_notify::TargetSettings;
use realms_store::{
    DeliveryRecord, DeliveryState, NotificationLanguage, NotificationRuleRecord,
    NotificationTargetRecord, TargetKind,
};
use realms_types::{NotificationTargetId, OccurrenceKind, Threshold, ThresholdUnit, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words;

/// A place that notifications go to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationTargetView {
    /// Its id.
    #[schema(value_type = String, example = "nt_06a1b2c3d4e5f")]
    id: NotificationTargetId,
    /// Its name.
    name: String,
    /// What kind of place it is.
    #[schema(value_type = words::NotificationKind)]
    kind: TargetKind,
    /// Where it is, without what is secret of it.
    hint: String,
    /// The language of what is written there.
    #[schema(value_type = words::NotificationLanguage)]
    language: NotificationLanguage,
    /// Whether anything goes there.
    enabled: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// What became of the newest notification to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<LastDelivery>,
}

/// What became of a notification.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LastDelivery {
    /// Whether it is there.
    #[schema(value_type = words::DeliveryState)]
    state: DeliveryState,
    /// When it was there or given up; when it happened, while it waits.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A new place for notifications.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNotificationTarget {
    /// Its name: unique, at most 64 characters.
    pub(super) name: String,
    /// The language of what is written there.
    #[schema(value_type = words::NotificationLanguage)]
    pub(super) language: NotificationLanguage,
    /// Whether anything goes there. Default: it does.
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    /// Where it is, and what opens it.
    #[schema(value_type = TargetSettings)]
    pub(super) settings: TargetSettings,
}

/// A place for notifications as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotificationTargetChange {
    /// Its name: unique, at most 64 characters.
    pub(super) name: String,
    /// The language of what is written there.
    #[schema(value_type = words::NotificationLanguage)]
    pub(super) language: NotificationLanguage,
    /// Whether anything goes there.
    pub(super) enabled: bool,
    /// Where it is, and what opens it. Left out: as before. The two change together: a secret never goes to another
    /// address than it was entered for.
    #[serde(default)]
    #[schema(value_type = Option<TargetSettings>)]
    pub(super) settings: Option<TargetSettings>,
}

/// What came of a test.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationTest {
    /// Whether the other side took it.
    pub(super) ok: bool,
    /// What it said, or what is wrong.
    pub(super) detail: String,
}

/// Whether something is told, from where on, and where.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationRuleView {
    /// What it is about.
    #[schema(value_type = words::NotificationEvent)]
    event: OccurrenceKind,
    /// Whether it is told.
    enabled: bool,
    /// Whether it goes to the user's proved e-mail address. Left out for the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<bool>,
    /// The targets it goes to, by id. Until a rule is set: every one.
    #[schema(value_type = Vec<String>)]
    targets: Vec<NotificationTargetId>,
    /// From where on it is told. Left out: whenever it happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<ThresholdView>,
}

/// From where on something is told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ThresholdView {
    /// As it is.
    value: i64,
    /// What it is counted in.
    #[schema(value_type = words::ThresholdUnit)]
    unit: ThresholdUnit,
    /// The least that may be set.
    min: i64,
    /// The most.
    max: i64,
    /// What counts where nothing is set.
    default: i64,
}

/// A rule as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotificationRuleChange {
    /// Whether it is told.
    pub(super) enabled: bool,
    /// Whether it goes to the user's proved e-mail address. The site has none.
    #[serde(default)]
    pub(super) email: bool,
    /// The targets it goes to, by id.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(super) targets: Vec<NotificationTargetId>,
    /// From where on it is told. Left out: as where nothing is set.
    #[serde(default)]
    pub(super) threshold: Option<i64>,
}

/// A notification and what became of it at one place.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationView {
    /// Its id and its place.
    #[schema(example = "nf_06a1b2c3d4e5f.nt_06a1b2c3d4e5f")]
    id: String,
    /// What it is about.
    #[schema(value_type = words::NotificationEvent)]
    event: OccurrenceKind,
    /// It in one line, in the language of its place.
    title: String,
    /// All of it.
    text: String,
    /// Where it goes.
    target: NotificationPlace,
    /// Whether it is there.
    #[schema(value_type = words::DeliveryState)]
    state: DeliveryState,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried next, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
}

/// Where a notification goes. Without an id: the user's proved address. Without a name: a target that is gone.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationPlace {
    /// The target.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    id: Option<NotificationTargetId>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What kind of place it is; left out for one that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::NotificationKind>)]
    kind: Option<TargetKind>,
}

/// A page of what was told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationPage {
    /// What was told, the newest first.
    pub(super) items: Vec<NotificationView>,
    /// What asks for the next page; left out on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// Which page of what was told.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// How many, 1 to 200. Default: 50.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<u64>,
    /// What the page before said of the next.
    pub(super) cursor: Option<String>,
}

const fn yes() -> bool {
    true
}

// === impl NotificationTargetView ===

impl NotificationTargetView {
    pub(super) fn new(record: NotificationTargetRecord, last: Option<DeliveryRecord>) -> Self {
        let last = last.map(|last| LastDelivery {
            state: last.state,
            at: last.done_at.unwrap_or(last.created_at),
            error: last.error,
        });
        Self {
            id: record.id,
            name: record.name,
            kind: record.kind,
            hint: record.hint,
            language: record.language,
            enabled: record.enabled,
            created_at: record.created_at,
            last,
        }
    }
}

// === impl NotificationRuleView ===

impl NotificationRuleView {
    pub(super) fn new(rule: &NotificationRuleRecord, all: &[NotificationTargetId]) -> Self {
        let named = |id: &&NotificationTargetId| {
            rule.targets.as_ref().is_none_or(|targets| targets.contains(id))
        };
        let threshold = rule.kind.threshold();
        Self {
            event: rule.kind,
            enabled: rule.enabled,
            email: rule.owner.map(|_| rule.email),
            targets: all.iter().filter(named).copied().collect(),
            threshold: threshold.map(|Threshold { unit, min, max, default }| ThresholdView {
                value: rule.threshold(),
                unit,
                min,
                max,
                default,
            }),
        }
    }
}

// === impl NotificationView ===

impl NotificationView {
    pub(super) fn new(
        record: DeliveryRecord,
        target: Option<&NotificationTargetRecord>,
        (title, text): (String, String),
    ) -> Self {
        let own = record.id.target.is_none().then_some(TargetKind::Email);
        Self {
            id: record.id.to_string(),
            event: record.occurrence.kind(),
            title,
            text,
            target: NotificationPlace {
                id: record.id.target,
                name: target.map(|target| target.name.clone()),
                kind: target.map(|target| target.kind).or(own),
            },
            state: record.state,
            attempts: record.attempts,
            next_at: (record.state == DeliveryState::Waiting).then_some(record.next_at),
            error: record.error,
            created_at: record.created_at,
            sent_at: record.done_at.filter(|_| record.state == DeliveryState::Sent),
        }
    }
}
