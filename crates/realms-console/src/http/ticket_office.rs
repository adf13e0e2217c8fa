//! Tickets for those who run the site: the queue, answers and notes, who cares for what, answers given often.

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use realms_store::{CannedReplyRecord, Role, TicketFilter, TicketState};
use realms_support::{LONGEST_BODY, Said, Speaker};
use realms_types::{TicketFileId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    list::Page,
    listing::Listing,
    noting::change,
    problem::Problems,
    ticket_view::{TicketThreadView, TicketView},
    tickets::parse,
};
use crate::{ConsoleError, Refusal, refusal::check_name, words};

/// Which tickets are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueParams {
    /// Only those in this state.
    #[param(value_type = Option<words::TicketState>)]
    state: Option<TicketState>,
    /// Only those of this user: name or id.
    user: Option<String>,
    /// Only those this operator cares for: name or id.
    assignee: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// Something to be said to who asked, or among operators.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketAnswer)]
pub(super) struct Answer {
    /// The text, as Markdown.
    #[schema(max_length = 8000)]
    body: String,
    /// Files you sent before, at most 10.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 10)]
    files: Vec<TicketFileId>,
    /// Whether it is a note that only those who run the site see.
    #[serde(default)]
    internal: bool,
}

/// Who cares for a ticket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketAssignee)]
pub(super) struct Assignee {
    /// An operator: name or id; `null`: nobody.
    username: Option<String>,
}

/// An answer that is given often.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CannedReplyView {
    /// What it is found by.
    name: String,
    /// What it says, as Markdown.
    body: String,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// What an answer says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CannedReply {
    /// The text, as Markdown.
    #[schema(max_length = 8000)]
    body: String,
}

/// The routes of tickets for those who run the site.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets))
        .routes(routes!(get_ticket))
        .routes(routes!(answer_ticket))
        .routes(routes!(close_ticket))
        .routes(routes!(reopen_ticket))
        .routes(routes!(assign_ticket))
        .routes(routes!(get_file))
        .routes(routes!(list_canned_replies))
        .routes(routes!(put_canned_reply, delete_canned_reply))
}

/// Lists the tickets of everyone, those that moved last first.
#[utoipa::path(
    get, path = "/api/admin/tickets", tag = "tickets", params(QueueParams),
    responses((status = 200, body = Page<TicketView>), Problems)
)]
async fn list_tickets(
    State(console): State<Console>,
    Params(params): Params<QueueParams>,
) -> Result<Json<Page<TicketView>>, ConsoleError> {
    console.desk()?;
    let mut filter = TicketFilter { state: params.state, ..TicketFilter::default() };
    let read = console.0.editor.store.read();
    if let Some(name) = &params.user {
        filter.user = Some(console.named_user(read, name).await?.id);
    }
    if let Some(name) = &params.assignee {
        filter.assignee = Some(console.named_user(read, name).await?.id);
    }
    console.tickets(filter, params.cursor.as_deref(), params.limit, true).await.map(Json)
}

/// Shows a ticket with what was said in it, notes included.
#[utoipa::path(
    get, path = "/api/admin/tickets/{id}", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn get_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    console.thread(parse(&id)?, &as_staff(&caller)).await.map(Json)
}

/// Answers a ticket, of which who asked gets a letter, or adds a note.
#[utoipa::path(
    post, path = "/api/admin/tickets/{id}/messages", tag = "tickets", request_body = Answer,
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn answer_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(Answer { body, files, internal }): Strict<Answer>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    let (ticket, by) = (parse(&id)?, as_staff(&caller));
    let said = Said { body, files };
    console.desk()?.say(ticket, &by, &said, internal).await?;
    console.thread(ticket, &by).await.map(Json)
}

/// Closes a ticket.
#[utoipa::path(
    post, path = "/api/admin/tickets/{id}/close", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn close_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    let audit = console.act(&caller, "ticket.close", ("ticket", &id), Vec::new());
    console.close(&id, &as_staff(&caller), true, Some(&audit)).await
}

/// Opens a ticket again.
#[utoipa::path(
    post, path = "/api/admin/tickets/{id}/reopen", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn reopen_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    let audit = console.act(&caller, "ticket.reopen", ("ticket", &id), Vec::new());
    console.close(&id, &as_staff(&caller), false, Some(&audit)).await
}

/// Gives a ticket into the care of an operator, or of nobody.
#[utoipa::path(
    put, path = "/api/admin/tickets/{id}/assignee", tag = "tickets", request_body = Assignee,
    params(("id" = String, Path, description = "Its id, `ti_…`")),
    responses((status = 200, body = TicketThreadView), Problems)
)]
async fn assign_ticket(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(Assignee { username }): Strict<Assignee>,
) -> Result<Json<TicketThreadView>, ConsoleError> {
    let (ticket, desk) = (parse(&id)?, console.desk()?);
    let assignee = match username {
        None => None,
        Some(name) => {
            let found = console.named_user(console.0.editor.store.read(), &name).await?;
            if found.role == Role::User {
                let detail = "tickets are cared for by those who run the site";
                return Err(Refusal::field("/username", "invalid", detail).into());
            }
            Some(found)
        }
    };
    let (assignee, name) = assignee.map(|found| (found.id, found.username)).unzip();
    let changes = vec![change("assignee", name.unwrap_or_default())];
    let audit = console.act(&caller, "ticket.assign", ("ticket", &id), changes);
    desk.assign(ticket, assignee, &audit).await?;
    console.thread(ticket, &as_staff(&caller)).await.map(Json)
}

/// A file of a ticket, to be saved.
#[utoipa::path(
    get, path = "/api/admin/ticket-files/{id}", tag = "tickets",
    params(("id" = String, Path, description = "Its id, `tf_…`")),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>), Problems
    )
)]
async fn get_file(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ConsoleError> {
    console.file(&id, &as_staff(&caller)).await
}

/// Lists the answers that are given often, by name.
#[utoipa::path(
    get, path = "/api/admin/canned-replies", tag = "tickets",
    responses((status = 200, body = Listing<CannedReplyView>), Problems)
)]
async fn list_canned_replies(
    State(console): State<Console>,
) -> Result<Json<Listing<CannedReplyView>>, ConsoleError> {
    console.desk()?;
    let replies = console.0.editor.store.read().list_canned_replies().await?;
    Ok(Json(Listing { items: replies.into_iter().map(CannedReplyView::from).collect() }))
}

/// Writes an answer that is given often, in the place of what has its name.
#[utoipa::path(
    put, path = "/api/admin/canned-replies/{name}", tag = "tickets", request_body = CannedReply,
    params(("name" = String, Path, description = "What it is found by")),
    responses((status = 204, description = "It is done"), Problems)
)]
async fn put_canned_reply(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
    Strict(CannedReply { body }): Strict<CannedReply>,
) -> Result<StatusCode, ConsoleError> {
    console.desk()?;
    check_name("/name", &name)?;
    if body.trim().is_empty() || body.chars().count() > LONGEST_BODY {
        let detail = format!("1 to {LONGEST_BODY} characters");
        return Err(Refusal::field("/body", "invalid", detail).into());
    }
    let changes = vec![change("body", body.clone())];
    let audit = console.act(&caller, "canned_reply.update", ("canned_reply", &name), changes);
    let mut tx = console.0.editor.store.begin().await?;
    tx.put_canned_reply(&CannedReplyRecord { name, body, updated_at: console.now() }).await?;
    tx.insert_audit(&audit).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes an answer that was given often.
#[utoipa::path(
    delete, path = "/api/admin/canned-replies/{name}", tag = "tickets",
    params(("name" = String, Path, description = "What it is found by")),
    responses((status = 204, description = "It is done"), Problems)
)]
async fn delete_canned_reply(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    console.desk()?;
    let audit = console.act(&caller, "canned_reply.delete", ("canned_reply", &name), Vec::new());
    let mut tx = console.0.editor.store.begin().await?;
    if !tx.delete_canned_reply(&name).await? {
        return Err(ConsoleError::NotFound(format!("canned reply `{name}`")));
    }
    tx.insert_audit(&audit).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn as_staff(caller: &Caller) -> Speaker {
    let id = caller.user().ok().map(|signed_in| signed_in.user_id);
    Speaker::Staff { id, name: caller.actor().name }
}

// === impl CannedReplyView ===

impl From<CannedReplyRecord> for CannedReplyView {
    fn from(record: CannedReplyRecord) -> Self {
        let CannedReplyRecord { name, body, updated_at } = record;
        Self { name, body, updated_at }
    }
}
