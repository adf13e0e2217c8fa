//! My sessions: where I am logged in.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_store::SessionRecord;
use realms_types::{SessionId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Console, caller::Caller, listing::Listing, origin::Guest, problem::Problems};
use crate::ConsoleError;

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionView {
    #[schema(value_type = String, example = "se_06a1b2c3d4e5f")]
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Up to a minute late.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    /// When it ends if it is not used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Where it was opened from.
    address: String,
    /// What it was opened with.
    user_agent: String,
}

/// Lists my sessions, the newest first.
#[utoipa::path(
    get, path = "/api/me/sessions", tag = "me",
    responses((status = 200, body = Listing<SessionView>), Problems)
)]
pub(super) async fn list_sessions(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<SessionView>>, ConsoleError> {
    let me = caller.user()?;
    let sessions = console.0.sessions.list(me.user_id, me.role).await?;
    let view = |(record, end)| SessionView::new(record, end, Some(me.session_id));
    Ok(Json(Listing { items: sessions.into_iter().map(view).collect() }))
}

/// Ends one of my sessions.
#[utoipa::path(
    delete, path = "/api/me/sessions/{id}", tag = "me",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is over"), Problems)
)]
pub(super) async fn end_session(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let me = caller.user()?;
    let missing = || ConsoleError::NotFound(format!("session `{id}`"));
    let session = id.parse().map_err(|_| missing())?;
    if !console.accounts().end_session(me.user_id, session, &guest.origin).await? {
        return Err(missing());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all my sessions but this one.
#[utoipa::path(
    delete, path = "/api/me/sessions", tag = "me",
    responses((status = 204, description = "Only this one is left"), Problems)
)]
pub(super) async fn end_other_sessions(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
) -> Result<StatusCode, ConsoleError> {
    let me = caller.user()?;
    console.accounts().end_other_sessions((me.user_id, me.session_id), &guest.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

// === impl SessionView ===

impl SessionView {
    /// How a session looks to who asks with their `own`.
    pub(super) fn new(
        record: SessionRecord,
        expires_at: Timestamp,
        own: Option<SessionId>,
    ) -> Self {
        let SessionRecord { id, created_at, last_seen_at, address, user_agent, .. } = record;
        let current = Some(id) == own;
        Self { id, current, created_at, last_seen_at, expires_at, address, user_agent }
    }
}
