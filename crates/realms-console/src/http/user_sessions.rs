//! Where a user is logged in, for those who look after users.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_store::AuditRecord;

use super::{
    Console, caller::Caller, listing::Listing, problem::Problems, sessions::SessionView,
    user_acts::must_be_below,
};
use crate::ConsoleError;

/// Lists the sessions of a user, the newest first.
#[utoipa::path(
    get, path = "/api/admin/users/{name}/sessions", tag = "users",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 200, body = Listing<SessionView>), Problems)
)]
pub(super) async fn list_user_sessions(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Listing<SessionView>>, ConsoleError> {
    let user = console.named_user(console.0.editor.store.read(), &name).await?;
    let sessions = console.0.sessions.list(user.id, user.role).await?;
    let own = caller.user().ok().map(|me| me.session_id);
    let view = |(record, end)| SessionView::new(record, end, own);
    Ok(Json(Listing { items: sessions.into_iter().map(view).collect() }))
}

/// Ends one session of a user.
#[utoipa::path(
    delete, path = "/api/admin/users/{name}/sessions/{id}", tag = "users",
    params(
        ("name" = String, Path, description = "The user's name or id"),
        ("id" = String, Path, description = "The session's id, `se_…`"),
    ),
    responses((status = 204, description = "It is over"), Problems)
)]
pub(super) async fn end_user_session(
    State(console): State<Console>,
    caller: Caller,
    Path((name, id)): Path<(String, String)>,
) -> Result<StatusCode, ConsoleError> {
    let editor = &console.0.editor;
    let mut tx = editor.store.begin().await?;
    let user = console.named_user(tx.read(), &name).await?;
    must_be_below(&user, &caller)?;
    let missing = || ConsoleError::NotFound(format!("session `{id}`"));
    let session = id.parse().map_err(|_| missing())?;
    if !tx.delete_session(user.id, session).await? {
        return Err(missing());
    }
    let entry =
        AuditRecord::new(editor.ids.next(), editor.clock.now(), caller.actor(), "session.end");
    tx.insert_audit(&entry.about("user", user.username)).await?;
    tx.commit().await?;
    console.0.sessions.forget_all();
    Ok(StatusCode::NO_CONTENT)
}
