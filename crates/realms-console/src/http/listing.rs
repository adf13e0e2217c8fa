//! What lists and single objects look like.

use realms_types::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    manifest::{Channel, ChannelGroup, Model, User, UserGroup},
    plan::{Held, State},
};

/// A list of objects.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Listing<T> {
    /// The objects.
    pub(super) items: Vec<T>,
}

/// An object with what a manifest does not say.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct View<T> {
    /// Its id.
    #[schema(example = "ch_06a1b2c3d4e5f")]
    id: String,
    /// The object, in the form in which it is written; without its secrets.
    #[serde(flatten)]
    object: T,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// An object that is known by its name.
pub(super) trait Listed: Sized {
    /// Every one there is.
    fn list(state: &State) -> Vec<View<Self>>;

    /// The name of the one with this name or this id.
    fn find(state: &State, name_or_id: &str) -> Option<String>;

    /// The one with this name.
    fn get(state: &State, name: &str) -> Option<View<Self>>;
}

// === impl View ===

impl<T: Clone> View<T> {
    fn new<I: ToString, F>(held: &Held<I, T, F>) -> Self {
        Self {
            id: held.id.to_string(),
            object: held.object.clone(),
            created_at: held.created_at,
            updated_at: held.updated_at,
        }
    }
}

macro_rules! listed {
    ($($type:ty: $map:ident),+) => {$(
        impl Listed for $type {
            fn list(state: &State) -> Vec<View<Self>> {
                state.$map.values().map(|held| View::new(held).without_secrets()).collect()
            }

            fn find(state: &State, name_or_id: &str) -> Option<String> {
                let by_id = || state.$map.iter().find(|(_, held)| held.id.to_string() == name_or_id);
                let by_name = state.$map.get_key_value(name_or_id);
                by_name.or_else(by_id).map(|(name, _)| name.clone())
            }

            fn get(state: &State, name: &str) -> Option<View<Self>> {
                state.$map.get(name).map(|held| View::new(held).without_secrets())
            }
        }
    )+};
}

listed!(
    Channel: channels,
    Model: models,
    ChannelGroup: channel_groups,
    UserGroup: user_groups,
    User: users
);

/// Takes every secret out of what is shown.
trait Bare {
    fn without_secrets(self) -> Self;
}

impl Bare for View<Channel> {
    fn without_secrets(mut self) -> Self {
        self.object.credentials.iter_mut().flatten().for_each(|one| one.key = None);
        self
    }
}

macro_rules! bare_already {
    ($($type:ty),+) => {$(
        impl Bare for View<$type> {
            fn without_secrets(self) -> Self {
                self
            }
        }
    )+};
}

bare_already!(Model, ChannelGroup, UserGroup, User);
