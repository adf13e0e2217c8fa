//! Announcements as those they are for see them.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_catalog::Feature;
use realms_identity::SignedIn;
use realms_store::{AnnouncementSeverity, AnnouncementText, AnnouncementTexts, UserRecord};
use realms_support::{Board, Posted};
use realms_types::{AnnouncementId, Timestamp, UserGroupId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Console, caller::Caller, listing::Listing, problem::Problems};
use crate::{ConsoleError, words};

/// An announcement that is for you.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnnouncementView {
    /// Its id.
    #[schema(value_type = String, example = "an_06a1b2c3d4e5f")]
    id: AnnouncementId,
    /// How much it matters.
    #[schema(value_type = words::AnnouncementSeverity)]
    severity: AnnouncementSeverity,
    /// Whether it stands before those that are newer.
    pinned: bool,
    /// Whether you are asked to say that you have read it.
    must_acknowledge: bool,
    /// From when on it is shown.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
    /// From when on it is no longer shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Whether you have read it.
    read: bool,
    /// What it says.
    texts: Texts,
}

/// What an announcement says: in one language at least.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnnouncementTexts)]
pub(super) struct Texts {
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    en: Option<Text>,
    /// In Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zh: Option<Text>,
}

/// What an announcement says in one language.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnnouncementText)]
pub(super) struct Text {
    /// In one line.
    #[schema(max_length = 200)]
    title: String,
    /// All of it, as Markdown.
    #[schema(max_length = 8000)]
    body: String,
}

/// What of the announcements you have not read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyAnnouncements {
    /// How many you have not read.
    unread: usize,
    /// The newest of them that is critical or must be acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    urgent: Option<AnnouncementView>,
}

/// The routes of announcements.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_shown))
        .routes(routes!(read_all))
        .routes(routes!(read_one))
}

/// Lists what is announced to you, pinned ones first, then the newest.
#[utoipa::path(
    get, path = "/api/announcements", tag = "announcements",
    responses((status = 200, body = Listing<AnnouncementView>), Problems)
)]
async fn list_shown(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<AnnouncementView>>, ConsoleError> {
    let me = caller.user()?;
    let group = console.group_of(me).await?;
    let shown = console.board()?.shown_to(me.user_id, group).await?;
    Ok(Json(Listing { items: shown.into_iter().map(AnnouncementView::from).collect() }))
}

/// Notes that you have read all that is announced to you.
#[utoipa::path(
    post, path = "/api/announcements/read", tag = "announcements",
    responses((status = 204, description = "It is noted"), Problems)
)]
async fn read_all(
    State(console): State<Console>,
    caller: Caller,
) -> Result<StatusCode, ConsoleError> {
    console.have_read(&caller, None).await
}

/// Notes that you have read an announcement.
#[utoipa::path(
    post, path = "/api/announcements/{id}/read", tag = "announcements",
    params(("id" = String, Path, description = "Its id, `an_…`")),
    responses((status = 204, description = "It is noted"), Problems)
)]
async fn read_one(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    console.have_read(&caller, Some(parse(&id)?)).await
}

/// The id of an announcement in a path.
pub(super) fn parse(id: &str) -> Result<AnnouncementId, ConsoleError> {
    id.parse().map_err(|_| ConsoleError::NotFound(format!("announcement `{id}`")))
}

// === impl Console ===

impl Console {
    /// What keeps announcements; a refusal in self mode, where there are none.
    pub(super) fn board(&self) -> Result<Board, ConsoleError> {
        if self.0.self_mode {
            return Err(ConsoleError::NotFound("announcement in self mode".to_owned()));
        }
        let editor = &self.0.editor;
        Ok(Board::new(editor.store.clone(), editor.clock.clone()))
    }

    /// What of the announcements a user has not read; nothing where there are none.
    pub(super) async fn announcements_of(
        &self,
        user: &UserRecord,
    ) -> Result<Option<MyAnnouncements>, ConsoleError> {
        if !self.is_on(Feature::Announcements) {
            return Ok(None);
        }
        let shown = self.board()?.shown_to(user.id, user.group_id).await?;
        let unread = shown.iter().filter(|one| !one.read).count();
        let urgent = shown.into_iter().filter(Posted::is_urgent);
        let urgent = urgent.max_by_key(|one| one.published_at).map(AnnouncementView::from);
        Ok(Some(MyAnnouncements { unread, urgent }))
    }

    async fn have_read(
        &self,
        caller: &Caller,
        which: Option<AnnouncementId>,
    ) -> Result<StatusCode, ConsoleError> {
        let me = caller.user()?;
        let group = self.group_of(me).await?;
        self.board()?.read(me.user_id, group, which).await?;
        Ok(StatusCode::NO_CONTENT)
    }

    async fn group_of(&self, me: &SignedIn) -> Result<UserGroupId, ConsoleError> {
        let found = self.0.editor.store.read().find_user(me.user_id).await?;
        found.map(|user| user.group_id).ok_or_else(|| ConsoleError::NotFound("user".to_owned()))
    }
}

// === impl AnnouncementView ===

impl From<Posted> for AnnouncementView {
    fn from(Posted { record, published_at, read }: Posted) -> Self {
        Self {
            id: record.id,
            severity: record.severity,
            pinned: record.pinned,
            must_acknowledge: record.must_acknowledge,
            published_at,
            expires_at: record.expires_at,
            read,
            texts: record.texts.into(),
        }
    }
}

// === impl Texts ===

impl From<AnnouncementTexts> for Texts {
    fn from(AnnouncementTexts { en, zh }: AnnouncementTexts) -> Self {
        Self { en: en.map(Text::from), zh: zh.map(Text::from) }
    }
}

impl From<Texts> for AnnouncementTexts {
    fn from(Texts { en, zh }: Texts) -> Self {
        Self { en: en.map(AnnouncementText::from), zh: zh.map(AnnouncementText::from) }
    }
}

// === impl Text ===

impl From<AnnouncementText> for Text {
    fn from(AnnouncementText { title, body }: AnnouncementText) -> Self {
        Self { title, body }
    }
}

impl From<Text> for AnnouncementText {
    fn from(Text { title, body }: Text) -> Self {
        Self { title, body }
    }
}
