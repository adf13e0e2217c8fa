//! Tickets of users, and the files they send along.

use std::convert::identity;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use realms_store::{AuditRecord, TicketCategory, TicketFileRecord, TicketFilter, TicketState};
use realms_support::{Desk, LARGEST, NewTicket, Said, Speaker};
use realms_types::{RequestId, TicketFileId, TicketId, Timestamp};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Raw, Strict},
    caller::Caller,
    list::{Page, Place},
    problem::Problems,
    ticket_view::{Mark, TicketFileView, TicketThreadView, TicketView},
};
use crate::{ConsoleError, Refusal, words};

/// Which tickets are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TicketParams {
    /// Only those in this state.
    #[param(value_type = Option<words::TicketState>)]
    state: Option<TicketState>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// A ticket to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketWish {
    /// What it is about, in one line.
    #[schema(max_length = 200)]
    subject: String,
    /// What kind of question it is.
    #[schema(value_type = words::TicketCategory)]
    category: TicketCategory,
    /// What is said, as Markdown.
    #[schema(max_length = 8000)]
    body: String,
    /// One of your calls that it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    request_id: Option<RequestId>,
    /// Files you sent before, at most 10.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 10)]
    files: Vec<TicketFileId>,
}

/// Something to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketMessage)]
pub(super) struct Message {
    /// The text, as Markdown.
    #[schema(max_length = 8000)]
    body: String,
    /// Files you sent before, at most 10.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 10)]
    files: Vec<TicketFileId>,
}

/// Up to when somebody has seen a ticket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketSeen {
    /// `moved_at` of the ticket as it was shown, to the letter: what came later stays unseen.
    #[schema(value_type = String, format = DateTime)]
    moved_at: Timestamp,
}

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FileParams {
    /// Its name, with an ending that says what it is.
    #[param(example = "screen.png")]
    name: String,
}

/// The routes of tickets.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_own_tickets, open_ticket))
        .routes(routes!(get_own_ticket))
        .routes(routes!(see_own_ticket))
        .routes(routes!(say_in_own_ticket))
        .routes(routes!(close_own_ticket))
        .routes(routes!(reopen_own_ticket))
        .routes(routes!(send_file))
        .routes(routes!(get_own_file))
}

/// Lists your tickets, those that moved last first.
#[utoipa::path(
    get, path = "/api/tickets", tag = "tickets", params(TicketParams),
    responses((status = 200, body = Page<TicketView>), Problems)
)]
async fn list_own_tickets(
    State(console): State<Console>,
    caller: Caller,
    Params(TicketParams { state, cursor, limit }): Params<TicketParams>,
) -> Result<Json<Page<TicketView>>, ConsoleError> {
    let user = Some(caller.user()?.user_id);
    let filter = TicketFilter { user, state, ..TicketFilter::default() };
    console.tickets(filter, cursor.as_deref(), limit, false).await.map(Json)
}

/// Opens a ticket. Twenty of yours may be open at a time.
#[utoipa::path(
    post, path = "/api/tickets", tag = "tickets", request_body = TicketWish,
    responses((status = 201, body = TicketView), Problems)
)]
async fn open_ticket(
    State(console): State<Console>,
    caller: Caller,
    Strict(wish): Strict<TicketWish>,
) -> Result<(StatusCode, Json<TicketView>), ConsoleError> {
    let desk = console.desk()?;
    let me = caller.user()?;
    console.0.ticket_words.begin(me.user_id).map(drop)?;
    if let Some(request) = wish.request_id {
        let found = console.0.editor.store.find_usage(request).await?;
        if found.is_none_or(|record| record.user_id != me.user_id) {
            let detail = "none of your calls has this id";
            return Err(Refusal::field("/request_id", "unknown", detail).into());
        }
    }
    let TicketWish { subject, category, body, request_id, files } = wish;
    let first = Said { body, files };
    let new = NewTicket { subject, category, request: request_id, first };
    let ticket = desk.open(me.user_id, &me.username, new).await?;
    Ok((StatusCode::CREATED, Json(TicketView::from(ticket))))
}

/// Shows a ticket of yours with what was said in it.
#[utoipa::path(
    get, path = "/api/tickets/{id}", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn get_own_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    let (ticket, by) = (parse(&id)?, as_user(&caller)?);
    console.thread(ticket, &by).await.map(Json)
}

/// Says that you have seen a ticket of yours as it was shown to you.
#[utoipa::path(
    post, path = "/api/tickets/{id}/seen", tag = "tickets", request_body = TicketSeen,
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 204, description = "It is noted; what came later stays unseen"), Problems)
)]
async fn see_own_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(TicketSeen { moved_at }): Strict<TicketSeen>,
) -> Result<StatusCode, ConsoleError> {
    let (ticket, by) = (parse(&id)?, as_user(&caller)?);
    console.desk()?.see(ticket, &by, moved_at).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says something in a ticket of yours that is not closed.
#[utoipa::path(
    post, path = "/api/tickets/{id}/messages", tag = "tickets", request_body = Message,
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn say_in_own_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(Message { body, files }): Strict<Message>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    let (ticket, by) = (parse(&id)?, as_user(&caller)?);
    console.0.ticket_words.begin(caller.user()?.user_id).map(drop)?;
    console.desk()?.say(ticket, &by, &Said { body, files }, false).await?;
    console.thread(ticket, &by).await.map(Json)
}

/// Closes a ticket of yours.
#[utoipa::path(
    post, path = "/api/tickets/{id}/close", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn close_own_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    console.close(&id, &as_user(&caller)?, true, None).await
}

/// Opens a ticket of yours again.
#[utoipa::path(
    post, path = "/api/tickets/{id}/reopen", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn reopen_own_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    console.close(&id, &as_user(&caller)?, false, None).await
}

/// Sends a file for a message to come: a picture, a PDF or text, at most 10 MiB. What no message names within
/// an hour is gone; what belongs to one stays for seven days.
#[utoipa::path(
    post, path = "/api/ticket-files", tag = "tickets", params(FileParams),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = TicketFileView), Problems)
)]
async fn send_file(
    State(console): State<Console>,
    caller: Caller,
    Params(FileParams { name }): Params<FileParams>,
    Raw(bytes): Raw<LARGEST>,
) -> Result<(StatusCode, Json<TicketFileView>), ConsoleError> {
    let file = console.desk()?.take_file(caller.user()?.user_id, &name, &bytes).await?;
    Ok((StatusCode::CREATED, Json(file.into())))
}

/// A file of a ticket of yours, to be saved.
#[utoipa::path(
    get, path = "/api/ticket-files/{id}", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `tf_…`")),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>), Problems
    )
)]
async fn get_own_file(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ConsoleError> {
    console.file(&id, &as_user(&caller)?).await
}

fn as_user(caller: &Caller) -> Result<Speaker, ConsoleError> {
    let me = caller.user()?;
    Ok(Speaker::User { id: me.user_id, name: me.username.clone() })
}

/// The id of a ticket in a path.
pub(super) fn parse(id: &str) -> Result<TicketId, ConsoleError> {
    id.parse().map_err(|_| ConsoleError::NotFound(format!("ticket `{id}`")))
}

/// A file to be saved: whatever is in it, no browser runs it here.
fn download(file: &TicketFileRecord, bytes: Vec<u8>) -> Response {
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    let saved_as = format!("attachment; filename*=UTF-8''{name}");
    let mut response = Bytes::from(bytes).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, file.media_type.as_str()),
        (header::CONTENT_DISPOSITION, &saved_as),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::CACHE_CONTROL, "private, no-store"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

// === impl Console ===

impl Console {
    /// What keeps tickets; a refusal in self mode, where there are none.
    pub(super) fn desk(&self) -> Result<&Desk, ConsoleError> {
        self.0.desk.as_ref().ok_or_else(|| ConsoleError::NotFound("ticket in self mode".to_owned()))
    }

    /// Closes a ticket, or opens it again; shows it as it is then.
    pub(super) async fn close(
        &self,
        id: &str,
        by: &Speaker,
        closed: bool,
        audit: Option<&AuditRecord>,
    ) -> Result<Json<TicketThreadView>, ConsoleError> {
        let ticket = parse(id)?;
        self.desk()?.close(ticket, by, closed, audit).await?;
        self.thread(ticket, by).await.map(Json)
    }

    /// A page of tickets, those that moved last first.
    pub(super) async fn tickets(
        &self,
        filter: TicketFilter,
        cursor: Option<&str>,
        limit: Option<u64>,
        office: bool,
    ) -> Result<Page<TicketView>, ConsoleError> {
        self.desk()?;
        let place = Place::<Mark>::read(cursor, limit)?;
        let before = place.before.map(|Mark(moved_at, id)| (moved_at, id));
        let filter = TicketFilter { before, limit: place.fetched(), ..filter };
        let found = self.0.editor.store.read().list_tickets(filter).await?;
        let views = self.ticket_views(found, office).await?;
        Ok(place.page(views, |view| Mark(view.moved_at, view.id), identity))
    }

    /// A file of a message that this speaker may see.
    pub(super) async fn file(&self, id: &str, by: &Speaker) -> Result<Response, ConsoleError> {
        let missing = |_| ConsoleError::NotFound(format!("file `{id}`"));
        let parsed: TicketFileId = id.parse().map_err(missing)?;
        let (file, bytes) = self.desk()?.read_file(parsed, by).await?;
        Ok(download(&file, bytes))
    }
}
