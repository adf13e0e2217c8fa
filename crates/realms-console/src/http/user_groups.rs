//! What is done to user groups besides changing them: two become one.

use axum::{
    Json,
    extract::{Path, State},
};
use realms_types::{GroupName, Username};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Strict, caller::Caller, etag::IfMatch, problem::Problems};
use crate::{
    ConsoleError, Edit, Kind,
    manifest::{Manifest, User, UserGroup},
};

/// Where the users of a group go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeInto {
    /// The name of another user group.
    #[schema(value_type = String)]
    into: GroupName,
}

/// What became of the users of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Merged {
    /// How many users are in the other group now.
    moved: usize,
}

/// Moves every user of a group into another one and deletes the group: both, or nothing.
#[utoipa::path(
    post, path = "/api/admin/user-groups/{name}/merge", tag = "groups",
    params(("name" = String, Path, description = "The name of the group that goes, or its id")),
    request_body = MergeInto,
    responses((status = 200, body = Merged), Problems)
)]
pub(super) async fn merge_user_group(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
    if_match: IfMatch,
    Strict(MergeInto { into }): Strict<MergeInto>,
) -> Result<Json<Merged>, ConsoleError> {
    let state = console.0.editor.state().await?;
    let name = Console::must_find::<UserGroup>(&state, Kind::UserGroup, &name)?;
    Console::must_find::<UserGroup>(&state, Kind::UserGroup, into.as_str())?;
    if into.as_str() == name {
        let mistake = format!("user_group `{name}`: its users are in it, name another group");
        return Err(ConsoleError::Invalid(vec![mistake]));
    }
    let in_it = state.users.values().map(|held| &held.object);
    let in_it = in_it.filter(|user| user.group.as_ref().is_some_and(|own| own.as_str() == name));
    let moved = |username: Username| User { group: Some(into.clone()), ..User::named(username) };
    let users: Vec<User> = in_it.map(|user| moved(user.username.clone())).collect();
    let count = users.len();
    // Who joins the group in the meantime keeps it, and with it everyone where they are.
    let edit = Edit {
        delete: vec![(Kind::UserGroup, name.clone())],
        condition: Some(console.unchanged_object::<UserGroup>(if_match, &name)),
        ..Edit::manifest(Manifest { users, ..Manifest::empty() })
    };
    console.edit(&caller, edit).await?;
    Ok(Json(Merged { moved: count }))
}
