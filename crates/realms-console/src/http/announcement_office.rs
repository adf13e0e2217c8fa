//! Announcements for those who write them.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_store::{AnnouncementRecord, AnnouncementSeverity, AuditChange};
use realms_support::AnnouncementState;
use realms_types::{AnnouncementId, Timestamp, UserGroupId};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    announcements::{Texts, parse},
    body::Strict,
    caller::Caller,
    group_names::GroupNames,
    listing::Listing,
    noting::{change, changed},
    problem::Problems,
};
use crate::{ConsoleError, words};

/// An announcement, for those who write it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AdminAnnouncementView {
    /// Its id.
    #[schema(value_type = String, example = "an_06a1b2c3d4e5f")]
    id: AnnouncementId,
    /// Where it stands.
    #[schema(value_type = words::AnnouncementState)]
    state: &'static str,
    /// How much it matters.
    #[schema(value_type = words::AnnouncementSeverity)]
    severity: AnnouncementSeverity,
    /// Whether it stands before those that are newer.
    pinned: bool,
    /// Whether each reader is asked to say that they have read it.
    must_acknowledge: bool,
    /// The names of the user groups it is for; none: everyone.
    user_groups: Vec<String>,
    /// What it says.
    texts: Texts,
    /// From when on it is shown; left out: it is a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    publish_at: Option<Timestamp>,
    /// From when on it is no longer shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// How many have read it.
    reads: u64,
    /// Who wrote it.
    created_by: String,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// An announcement as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnnouncementDraft {
    /// How much it matters. A critical one is put before whoever it is for until they have read it.
    #[schema(value_type = words::AnnouncementSeverity)]
    severity: AnnouncementSeverity,
    /// Whether it stands before those that are newer.
    #[serde(default)]
    pinned: bool,
    /// Whether each reader is asked to say that they have read it, before they go on.
    #[serde(default)]
    must_acknowledge: bool,
    /// The names of the user groups it is for; none: everyone.
    #[serde(default)]
    user_groups: Vec<String>,
    /// What it says.
    texts: Texts,
    /// From when on it is shown: a time, or `now` by the clock of the server; left out: it is a draft.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "now")]
    publish_at: Option<Moment>,
    /// From when on it is no longer shown: a time, or `now` by the clock of the server.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "2026-12-24T08:00:00Z")]
    expires_at: Option<Moment>,
}

/// When something begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// When this is read.
    Now,
    /// At a time.
    At(Timestamp),
}

/// The routes of announcements for those who write them.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list_announcements, create_announcement)).routes(routes!(
        get_announcement,
        put_announcement,
        delete_announcement
    ))
}

/// Lists all announcements, what changed last first. There are at most 500.
#[utoipa::path(
    get, path = "/api/admin/announcements", tag = "announcements",
    responses((status = 200, body = Listing<AdminAnnouncementView>), Problems)
)]
async fn list_announcements(
    State(console): State<Console>,
) -> Result<Json<Listing<AdminAnnouncementView>>, ConsoleError> {
    console.board()?;
    let records = console.0.editor.store.read().list_announcements().await?;
    Ok(Json(Listing { items: console.announcement_views(records).await? }))
}

/// Shows an announcement.
#[utoipa::path(
    get, path = "/api/admin/announcements/{id}", tag = "announcements",
    params(("id" = String, Path, description = "Its id, `an_…`")),
    responses((status = 200, body = AdminAnnouncementView), Problems)
)]
async fn get_announcement(
    State(console): State<Console>,
    Path(id): Path<String>,
) -> Result<Json<AdminAnnouncementView>, ConsoleError> {
    let found = console.announcement(&id).await?;
    console.announcement_view(found).await.map(Json)
}

/// Writes an announcement. It is shown from its time of publishing on.
#[utoipa::path(
    post, path = "/api/admin/announcements", tag = "announcements",
    request_body = AnnouncementDraft,
    responses((status = 201, body = AdminAnnouncementView), Problems)
)]
async fn create_announcement(
    State(console): State<Console>,
    caller: Caller,
    Strict(draft): Strict<AnnouncementDraft>,
) -> Result<(StatusCode, Json<AdminAnnouncementView>), ConsoleError> {
    let board = console.board()?;
    let now = console.now();
    let user_groups = console.group_ids(&draft.user_groups).await?;
    let record = AnnouncementRecord {
        id: console.0.editor.ids.next(),
        created_by: caller.actor().name,
        ..draft.into_record(user_groups, now)
    };
    let (names, id) = (console.group_names().await?, record.id.to_string());
    let changes = said_of(&record, &names).into_iter().filter(|(_, value)| !value.is_empty());
    let changes = changes.map(|(path, value)| change(path, value)).collect();
    let audit = console.act(&caller, "announcement.create", ("announcement", &id), changes);
    board.add(&record, &audit).await?;
    Ok((StatusCode::CREATED, Json(console.announcement_view(record).await?)))
}

/// Changes an announcement: all of it. Who has read it is not asked again.
#[utoipa::path(
    put, path = "/api/admin/announcements/{id}", tag = "announcements",
    params(("id" = String, Path, description = "Its id, `an_…`")),
    request_body = AnnouncementDraft,
    responses((status = 200, body = AdminAnnouncementView), Problems)
)]
async fn put_announcement(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(draft): Strict<AnnouncementDraft>,
) -> Result<Json<AdminAnnouncementView>, ConsoleError> {
    let board = console.board()?;
    let before = console.announcement(&id).await?;
    let user_groups = console.group_ids(&draft.user_groups).await?;
    let record = AnnouncementRecord {
        id: before.id,
        created_by: before.created_by.clone(),
        created_at: before.created_at,
        ..draft.into_record(user_groups, console.now())
    };
    let changes = differences(&before, &record, &console.group_names().await?);
    let audit = console.act(&caller, "announcement.update", ("announcement", &id), changes);
    board.change(&record, &audit).await?;
    console.announcement_view(record).await.map(Json)
}

/// Deletes an announcement.
#[utoipa::path(
    delete, path = "/api/admin/announcements/{id}", tag = "announcements",
    params(("id" = String, Path, description = "Its id, `an_…`")),
    responses((status = 204, description = "It is gone"), Problems)
)]
async fn delete_announcement(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let found = console.announcement(&id).await?;
    let audit = console.act(&caller, "announcement.delete", ("announcement", &id), Vec::new());
    console.board()?.remove(found.id, &audit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the audit log tells of an announcement, by field.
fn said_of(record: &AnnouncementRecord, groups: &GroupNames) -> [(&'static str, String); 10] {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let text = |text: &Option<realms_store::AnnouncementText>| {
        text.clone().map(|text| (text.title, text.body)).unwrap_or_default()
    };
    let ((title_en, body_en), (title_zh, body_zh)) =
        (text(&record.texts.en), text(&record.texts.zh));
    [
        ("texts.en.title", title_en),
        ("texts.en.body", body_en),
        ("texts.zh.title", title_zh),
        ("texts.zh.body", body_zh),
        ("severity", record.severity.as_str().to_owned()),
        ("pinned", record.pinned.to_string()),
        ("must_acknowledge", record.must_acknowledge.to_string()),
        ("user_groups", groups.of(&record.user_groups).join(", ")),
        ("publish_at", time(record.publish_at)),
        ("expires_at", time(record.expires_at)),
    ]
}

fn differences(
    before: &AnnouncementRecord,
    after: &AnnouncementRecord,
    groups: &GroupNames,
) -> Vec<AuditChange> {
    let pairs = said_of(before, groups).into_iter().zip(said_of(after, groups));
    pairs.filter_map(|((path, was), (_, is))| changed(path, was, is)).collect()
}

// === impl Console ===

impl Console {
    async fn announcement(&self, id: &str) -> Result<AnnouncementRecord, ConsoleError> {
        self.board()?;
        let found = self.0.editor.store.read().find_announcement(parse(id)?).await?;
        found.ok_or_else(|| ConsoleError::NotFound(format!("announcement `{id}`")))
    }

    async fn announcement_view(
        &self,
        record: AnnouncementRecord,
    ) -> Result<AdminAnnouncementView, ConsoleError> {
        let id = record.id;
        let view = self.announcement_views(vec![record]).await?.pop();
        view.ok_or_else(|| ConsoleError::NotFound(format!("announcement `{id}`")))
    }

    async fn announcement_views(
        &self,
        records: Vec<AnnouncementRecord>,
    ) -> Result<Vec<AdminAnnouncementView>, ConsoleError> {
        let (now, groups) = (self.now(), self.group_names().await?);
        let reads = self.0.editor.store.read().count_announcement_reads().await?;
        let view = |record| AdminAnnouncementView::new(record, now, &groups, &reads);
        Ok(records.into_iter().map(view).collect())
    }
}

// === impl Moment ===

impl Moment {
    const fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Now => now,
            Self::At(time) => time,
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match &*String::deserialize(deserializer)? {
            "now" => Ok(Self::Now),
            time => time.parse().map(Self::At).map_err(D::Error::custom),
        }
    }
}

// === impl AnnouncementDraft ===

impl AnnouncementDraft {
    /// What is written now; the id and the author are those of nobody yet.
    fn into_record(self, user_groups: Vec<UserGroupId>, now: Timestamp) -> AnnouncementRecord {
        AnnouncementRecord {
            id: AnnouncementId::new(0),
            severity: self.severity,
            pinned: self.pinned,
            must_acknowledge: self.must_acknowledge,
            user_groups,
            texts: self.texts.into(),
            publish_at: self.publish_at.map(|moment| moment.at(now)),
            expires_at: self.expires_at.map(|moment| moment.at(now)),
            created_by: String::new(),
            created_at: now,
            updated_at: now,
        }
    }
}

// === impl AdminAnnouncementView ===

impl AdminAnnouncementView {
    fn new(
        record: AnnouncementRecord,
        now: Timestamp,
        groups: &GroupNames,
        reads: &HashMap<AnnouncementId, u64>,
    ) -> Self {
        Self {
            id: record.id,
            state: AnnouncementState::at(&record, now).as_str(),
            severity: record.severity,
            pinned: record.pinned,
            must_acknowledge: record.must_acknowledge,
            user_groups: groups.of(&record.user_groups),
            reads: reads.get(&record.id).copied().unwrap_or_default(),
            texts: record.texts.into(),
            publish_at: record.publish_at,
            expires_at: record.expires_at,
            created_by: record.created_by,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}
