//! What those who run the site are told, and where.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    listing::Listing,
    notification_view::{
        HistoryQuery, NewNotificationTarget, NotificationPage, NotificationRuleChange,
        NotificationRuleView, NotificationTargetChange, NotificationTargetView, NotificationTest,
    },
    problem::Problems,
};
use crate::ConsoleError;

/// The routes of notifications for those who run the site.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(retry_notification))
        .routes(routes!(list_targets, create_target))
        .routes(routes!(put_target, delete_target))
        .routes(routes!(test_target))
        .routes(routes!(list_rules))
        .routes(routes!(put_rule))
}

/// Lists what those who run the site were told, the newest first. It is kept for 30 days.
#[utoipa::path(
    get, path = "/api/admin/notifications", tag = "notifications", params(HistoryQuery),
    responses((status = 200, body = NotificationPage), Problems)
)]
async fn list_notifications(
    State(console): State<Console>,
    Params(query): Params<HistoryQuery>,
) -> Result<Json<NotificationPage>, ConsoleError> {
    console.told(None, query).await
}

/// Has something that was given up sent again.
#[utoipa::path(
    post, path = "/api/admin/notifications/{id}/retry", tag = "notifications",
    params(("id" = String, Path, description = "Its id, `nf_….nt_…`")),
    responses((status = 204, description = "It is tried again"), Problems)
)]
async fn retry_notification(
    State(console): State<Console>,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    console.retry(None, &id).await
}

/// Lists the places where those who run the site are told things, by name.
#[utoipa::path(
    get, path = "/api/admin/notifications/targets", tag = "notifications",
    responses((status = 200, body = Listing<NotificationTargetView>), Problems)
)]
async fn list_targets(
    State(console): State<Console>,
) -> Result<Json<Listing<NotificationTargetView>>, ConsoleError> {
    console.targets(None).await
}

/// Adds a place where those who run the site are told things: at most 20.
#[utoipa::path(
    post, path = "/api/admin/notifications/targets", tag = "notifications",
    request_body = NewNotificationTarget,
    responses((status = 201, body = NotificationTargetView), Problems)
)]
async fn create_target(
    State(console): State<Console>,
    caller: Caller,
    Strict(new): Strict<NewNotificationTarget>,
) -> Result<(StatusCode, Json<NotificationTargetView>), ConsoleError> {
    console.add_target(&caller, None, new).await
}

/// Changes a place where those who run the site are told things.
#[utoipa::path(
    put, path = "/api/admin/notifications/targets/{id}", tag = "notifications",
    request_body = NotificationTargetChange,
    params(("id" = String, Path, description = "Its id, `nt_…`")),
    responses((status = 204, description = "It is done"), Problems)
)]
async fn put_target(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(change): Strict<NotificationTargetChange>,
) -> Result<StatusCode, ConsoleError> {
    console.change_target(&caller, None, &id, change).await
}

/// Removes a place where those who run the site are told things. What waits for it is not sent.
#[utoipa::path(
    delete, path = "/api/admin/notifications/targets/{id}", tag = "notifications",
    params(("id" = String, Path, description = "Its id, `nt_…`")),
    responses((status = 204, description = "It is gone"), Problems)
)]
async fn delete_target(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    console.remove_target(&caller, None, &id).await
}

/// Sends a test to a place where those who run the site are told things, and tells what the other side said.
#[utoipa::path(
    post, path = "/api/admin/notifications/targets/{id}/test", tag = "notifications",
    params(("id" = String, Path, description = "Its id, `nt_…`")),
    responses((status = 200, body = NotificationTest), Problems)
)]
async fn test_target(
    State(console): State<Console>,
    Path(id): Path<String>,
) -> Result<Json<NotificationTest>, ConsoleError> {
    console.test_target(None, &id).await
}

/// Lists what those who run the site can be told, and how that is set.
#[utoipa::path(
    get, path = "/api/admin/notifications/rules", tag = "notifications",
    responses((status = 200, body = Listing<NotificationRuleView>), Problems)
)]
async fn list_rules(
    State(console): State<Console>,
) -> Result<Json<Listing<NotificationRuleView>>, ConsoleError> {
    console.rules(None).await
}

/// Sets whether those who run the site are told something, from where on, and where.
#[utoipa::path(
    put, path = "/api/admin/notifications/rules/{event}", tag = "notifications",
    request_body = NotificationRuleChange,
    params(("event" = String, Path, description = "What it is about, such as `channel_resting`")),
    responses((status = 204, description = "It is done"), Problems)
)]
async fn put_rule(
    State(console): State<Console>,
    caller: Caller,
    Path(event): Path<String>,
    Strict(change): Strict<NotificationRuleChange>,
) -> Result<StatusCode, ConsoleError> {
    console.set_rule(&caller, None, &event, change).await
}
