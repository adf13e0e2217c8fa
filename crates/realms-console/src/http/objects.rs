//! The objects that are known by name: channels, models, groups, users.

use std::sync::Arc;

use axum::{Json, extract::Path, extract::State};
use http::StatusCode;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    etag::{IfMatch, Tagged},
    list::{self, Page},
    listing::{Known, Listed, View},
    problem::Problems,
    query::ListParams,
};
use crate::{
    Condition, ConsoleError, Edit, Kind,
    manifest::{Channel, ChannelGroup, ErrorRule, Manifest, Model, User, UserGroup},
    plan::State as Present,
};

/// The lists of objects of which no more is told than a manifest says.
macro_rules! lists {
    ($($type:ident, $tag:tt, $what:tt, $all:tt, $list_fn:ident;)+) => {
        $(
            #[utoipa::path(
                get, path = $all, tag = $tag,
                summary = concat!("Lists every ", $what, "."),
                params(ListParams),
                responses((status = 200, body = Page<View<$type>>), Problems)
            )]
            async fn $list_fn(
                State(console): State<Console>,
                Params(params): Params<ListParams>,
            ) -> Result<Json<Page<View<$type>>>, ConsoleError> {
                let query = params.read(&list::fields(&list::names(<$type>::COLUMNS)))?;
                let state = console.0.editor.state().await?;
                list::page(<$type>::list(&state), &query, <$type>::COLUMNS).map(Json)
            }
        )+

        fn list_routes() -> OpenApiRouter<Console> {
            OpenApiRouter::new()$(.routes(routes!($list_fn)))+
        }
    };
}

/// The three acts on one object.
macro_rules! objects {
    ($(
        $type:ident in $list:ident: $kind:expr, $key:ident, $tag:tt, $what:tt, $one:tt,
        $get_fn:ident, $put_fn:ident, $delete_fn:ident;
    )+) => {
        $(
            #[utoipa::path(
                get, path = $one, tag = $tag,
                summary = concat!("Shows one ", $what, "."),
                params(("name" = String, Path, description = "Its name or its id")),
                responses((status = 200, body = View<$type>), Problems)
            )]
            async fn $get_fn(
                State(console): State<Console>,
                Path(name): Path<String>,
            ) -> Result<Tagged<View<$type>>, ConsoleError> {
                console.tagged(console.show::<$type>($kind, &name).await?)
            }

            /// A field left out keeps its value, or takes its default when the object is created; a
            /// list that is given is the whole list.
            #[utoipa::path(
                put, path = $one, tag = $tag,
                summary = concat!("Creates or changes one ", $what, "."),
                params(("name" = String, Path, description = "Its name, the same as in the body, or its id")),
                request_body = $type,
                responses(
                    (status = 200, description = "It was there", body = View<$type>),
                    (status = 201, description = "It is new", body = View<$type>),
                    Problems
                )
            )]
            async fn $put_fn(
                State(console): State<Console>,
                caller: Caller,
                Path(name): Path<String>,
                if_match: IfMatch,
                Strict(object): Strict<$type>,
            ) -> Result<(StatusCode, Tagged<View<$type>>), ConsoleError> {
                let own = object.$key.to_string();
                let state = console.0.editor.state().await?;
                let known = <$type>::find(&state, &name);
                if known.as_ref().unwrap_or(&name) != &own {
                    return Err(ConsoleError::Malformed(format!(
                        "the path says `{name}`, the body `{own}`: names cannot be changed"
                    )));
                }
                let edit = Edit::manifest(Manifest { $list: vec![object], ..Manifest::empty() });
                let condition = Some(console.unchanged_object::<$type>(if_match, &own));
                console.edit(&caller, Edit { condition, ..edit }).await?;
                let status = if known.is_some() { StatusCode::OK } else { StatusCode::CREATED };
                Ok((status, console.tagged(console.show::<$type>($kind, &own).await?)?))
            }

            #[utoipa::path(
                delete, path = $one, tag = $tag,
                summary = concat!("Deletes one ", $what, ". What is still in use is refused."),
                params(("name" = String, Path, description = "Its name or its id")),
                responses((status = 204, description = "It is gone"), Problems)
            )]
            async fn $delete_fn(
                State(console): State<Console>,
                caller: Caller,
                Path(name): Path<String>,
                if_match: IfMatch,
            ) -> Result<StatusCode, ConsoleError> {
                let state = console.0.editor.state().await?;
                let name = <$type>::find(&state, &name).unwrap_or(name);
                let condition = Some(console.unchanged_object::<$type>(if_match, &name));
                console.edit(&caller, Edit { condition, ..Edit::delete($kind, name) }).await?;
                Ok(StatusCode::NO_CONTENT)
            }
        )+

        /// The routes of all of them.
        pub(super) fn routes() -> OpenApiRouter<Console> {
            list_routes()$(.routes(routes!($get_fn, $put_fn, $delete_fn)))+
        }
    };
}

lists! {
    Channel, "channels", "channel", "/api/admin/channels", list_channels;
    ChannelGroup, "groups", "channel group", "/api/admin/channel-groups", list_channel_groups;
    UserGroup, "groups", "user group", "/api/admin/user-groups", list_user_groups;
    User, "users", "user", "/api/admin/users", list_users;
    ErrorRule, "errors", "rule about errors", "/api/admin/error-rules", list_error_rules;
}

objects! {
    Channel in channels: Kind::Channel, name, "channels", "channel",
        "/api/admin/channels/{name}", get_channel, put_channel, delete_channel;
    Model in models: Kind::Model, name, "models", "model",
        "/api/admin/models/{name}", get_model, put_model, delete_model;
    ChannelGroup in channel_groups: Kind::ChannelGroup, name, "groups", "channel group",
        "/api/admin/channel-groups/{name}",
        get_channel_group, put_channel_group, delete_channel_group;
    UserGroup in user_groups: Kind::UserGroup, name, "groups", "user group",
        "/api/admin/user-groups/{name}", get_user_group, put_user_group, delete_user_group;
    ErrorRule in error_rules: Kind::ErrorRule, name, "errors", "rule about errors",
        "/api/admin/error-rules/{name}", get_error_rule, put_error_rule, delete_error_rule;
    User in users: Kind::User, username, "users", "user",
        "/api/admin/users/{name}", get_user, put_user, delete_user;
}

// === impl Console ===

impl Console {
    /// That an object still is what somebody read.
    pub(super) fn unchanged_object<T: Known + Serialize + Clone>(
        &self,
        if_match: IfMatch,
        name: &str,
    ) -> Condition
    where
        View<T>: Serialize,
    {
        let (keyring, name) = (self.0.editor.keyring.clone(), name.to_owned());
        Condition(Arc::new(move |state| {
            let view = T::get(state, &name);
            if_match.check(&keyring, view.as_ref(), view.as_ref().map(View::updated_at))
        }))
    }

    /// The name of the object with this name or this id.
    pub(super) fn must_find<T: Known>(
        state: &Present,
        kind: Kind,
        name: &str,
    ) -> Result<String, ConsoleError> {
        let missing = || ConsoleError::NotFound(format!("{} `{name}`", kind.as_str()));
        T::find(state, name).ok_or_else(missing)
    }

    async fn show<T: Known>(&self, kind: Kind, name: &str) -> Result<View<T>, ConsoleError> {
        let state = self.0.editor.state().await?;
        let found = T::find(&state, name).and_then(|name| T::get(&state, &name));
        found.ok_or_else(|| ConsoleError::NotFound(format!("{} `{name}`", kind.as_str())))
    }
}
