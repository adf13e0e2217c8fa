//! Notifications for users: what each is told, and where.

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

/// The routes of notifications for users.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_my_notifications))
        .routes(routes!(retry_my_notification))
        .routes(routes!(list_my_targets, create_my_target))
        .routes(routes!(put_my_target, delete_my_target))
        .routes(routes!(test_my_target))
        .routes(routes!(list_my_rules))
        .routes(routes!(put_my_rule))
}

/// Lists what you were told, the newest first. It is kept for 30 days.
#[utoipa::path(
    get, path = "/api/me/notifications", tag = "notifications", params(HistoryQuery),
    responses((status = 200, body = NotificationPage), Problems)
)]
async fn list_my_notifications(
    State(console): State<Console>,
    caller: Caller,
    Params(query): Params<HistoryQuery>,
) -> Result<Json<NotificationPage>, ConsoleError> {
    console.told(Some(caller.user()?.user_id), query).await
}

/// Has something that was given up sent to you again.
#[utoipa::path(
    post, path = "/api/me/notifications/{id}/retry", tag = "notifications",
    params(("id" = String, Path, description = "Its id, `nf_….nt_…`")),
    responses((status = 204, description = "It is tried again"), Problems)
)]
async fn retry_my_notification(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    console.retry(Some(caller.user()?.user_id), &id).await
}

/// Lists the places where you are told things, by name.
#[utoipa::path(
    get, path = "/api/me/notifications/targets", tag = "notifications",
    responses((status = 200, body = Listing<NotificationTargetView>), Problems)
)]
async fn list_my_targets(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<NotificationTargetView>>, ConsoleError> {
    console.targets(Some(caller.user()?.user_id)).await
}

/// Adds a place where you are told things: at most 5.
#[utoipa::path(
    post, path = "/api/me/notifications/targets", tag = "notifications",
    request_body = NewNotificationTarget,
    responses((status = 201, body = NotificationTargetView), Problems)
)]
async fn create_my_target(
    State(console): State<Console>,
    caller: Caller,
    Strict(new): Strict<NewNotificationTarget>,
) -> Result<(StatusCode, Json<NotificationTargetView>), ConsoleError> {
    console.add_target(&caller, Some(caller.user()?.user_id), new).await
}

/// Changes a place where you are told things.
#[utoipa::path(
    put, path = "/api/me/notifications/targets/{id}", tag = "notifications",
    request_body = NotificationTargetChange,
    params(("id" = String, Path, description = "Its id, `nt_…`")),
    responses((status = 204, description = "It is done"), Problems)
)]
async fn put_my_target(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(change): Strict<NotificationTargetChange>,
) -> Result<StatusCode, ConsoleError> {
    console.change_target(&caller, Some(caller.user()?.user_id), &id, change).await
}

/// Removes a place where you are told things. What waits for it is not sent.
#[utoipa::path(
    delete, path = "/api/me/notifications/targets/{id}", tag = "notifications",
    params(("id" = String, Path, description = "Its id, `nt_…`")),
    responses((status = 204, description = "It is gone"), Problems)
)]
async fn delete_my_target(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    console.remove_target(&caller, Some(caller.user()?.user_id), &id).await
}

/// Sends a test to a place where you are told things, and tells what the other side said.
#[utoipa::path(
    post, path = "/api/me/notifications/targets/{id}/test", tag = "notifications",
    params(("id" = String, Path, description = "Its id, `nt_…`")),
    responses((status = 200, body = NotificationTest), Problems)
)]
async fn test_my_target(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<NotificationTest>, ConsoleError> {
    console.test_target(Some(caller.user()?.user_id), &id).await
}

/// Lists what you can be told, and how that is set.
#[utoipa::path(
    get, path = "/api/me/notifications/rules", tag = "notifications",
    responses((status = 200, body = Listing<NotificationRuleView>), Problems)
)]
async fn list_my_rules(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<NotificationRuleView>>, ConsoleError> {
    console.rules(Some(caller.user()?.user_id)).await
}

/// Sets whether you are told something, from where on, and where.
#[utoipa::path(
    put, path = "/api/me/notifications/rules/{event}", tag = "notifications",
    request_body = NotificationRuleChange,
    params(("event" = String, Path, description = "What it is about, such as `balance_low`")),
    responses((status = 204, description = "It is done"), Problems)
)]
async fn put_my_rule(
    State(console): State<Console>,
    caller: Caller,
    Path(event): Path<String>,
    Strict(change): Strict<NotificationRuleChange>,
) -> Result<StatusCode, ConsoleError> {
    console.set_rule(&caller, Some(caller.user()?.user_id), &event, change).await
}
