//! What lists and single objects look like.

use realms_store::ModelRecord;
use realms_types::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{Column, Uses};
use crate::{
    manifest::{Channel, ChannelGroup, ErrorRule, Model, Slot, User, UserGroup, hide},
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

/// An object whose list says of each what a manifest says of it.
pub(super) trait Listed: Known {
    /// What the list is filtered and sorted by.
    const COLUMNS: &'static [Column<View<Self>>];

    /// Every one there is.
    fn list(state: &State) -> Vec<View<Self>>;
}

/// An object that is known by its name.
pub(super) trait Known: Sized + 'static {
    /// The name of the one with this name or this id.
    fn find(state: &State, name_or_id: &str) -> Option<String>;

    /// The one with this name.
    fn get(state: &State, name: &str) -> Option<View<Self>>;
}

// === impl View ===

impl<T> View<T> {
    /// When it last changed.
    pub(super) const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
}

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

impl View<Model> {
    /// A model as it lies in the store.
    pub(super) fn of_model(record: &ModelRecord) -> Self {
        Self {
            id: record.id.to_string(),
            object: Model::from(record),
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}

/// The columns of a list: a name, what it is for, its values of one object.
macro_rules! columns {
    ($($name:literal $uses:ident |$object:ident| $values:expr;)+) => {
        &[
            $(Column { name: $name, uses: Uses::$uses, values: |view| {
                let $object = &view.object;
                $values
            } },)+
            Column { name: "id", uses: Uses::Search, values: |view| vec![view.id.clone()] },
            Column { name: "created_at", uses: Uses::Plain, values: |view| texts([view.created_at]) },
            Column { name: "updated_at", uses: Uses::Plain, values: |view| texts([view.updated_at]) },
        ]
    };
}

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

macro_rules! listed {
    ($($type:ty: $map:ident, $columns:expr;)+) => {$(
        impl Listed for $type {
            const COLUMNS: &'static [Column<View<Self>>] = $columns;

            fn list(state: &State) -> Vec<View<Self>> {
                state.$map.values().map(|held| View::new(held).without_secrets()).collect()
            }
        }
    )+};
}

macro_rules! known {
    ($($type:ty: $map:ident;)+) => {$(
        impl Known for $type {
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

listed! {
    Channel: channels, columns! {
        "name" Search |one| texts([&one.name]);
        "kind" Facet |one| texts(one.kind);
        "base_url" Search |one| texts(&one.base_url);
        "dialect" Facet |one| texts(one.dialects.iter().flatten());
        "priority" Plain |one| texts(one.priority);
        "weight" Plain |one| texts(one.weight);
        "enabled" Facet |one| texts(one.enabled);
        "group" Facet |one| texts(one.groups.iter().flatten());
        "model" Plain |one| texts(one.models.iter().flatten().map(|model| &model.name));
        "tag" Facet |one| texts(one.options.iter().flat_map(|options| &options.tags));
    };
    ChannelGroup: channel_groups, columns! {
        "name" Search |one| texts([&one.name]);
        "parent" Facet |one| texts(one.parent.as_ref().and_then(Slot::as_ref));
        "multiplier" Plain |one| texts(one.multiplier);
        "priority" Plain |one| texts(one.priority);
        "enabled" Facet |one| texts(one.enabled);
    };
    UserGroup: user_groups, columns! {
        "name" Search |one| texts([&one.name]);
        "channel_group" Facet |one| texts(one.channel_groups.iter().flatten());
    };
    ErrorRule: error_rules, columns! {
        "name" Search |one| texts([&one.name]);
        "priority" Plain |one| texts(one.priority);
        "enabled" Facet |one| texts(one.enabled);
    };
    User: users, columns! {
        "username" Search |one| texts([&one.username]);
        "email" Search |one| texts(one.email.as_ref().and_then(Slot::as_ref));
        "role" Facet |one| texts(one.role.map(realms_store::Role::as_str));
        "user_group" Facet |one| texts(&one.group);
        "enabled" Facet |one| texts(one.enabled);
    };
}

known! {
    Channel: channels;
    Model: models;
    ChannelGroup: channel_groups;
    UserGroup: user_groups;
    ErrorRule: error_rules;
    User: users;
}

/// Takes every secret out of what is shown.
trait Bare {
    fn without_secrets(self) -> Self;
}

impl Bare for View<Channel> {
    fn without_secrets(mut self) -> Self {
        self.object.credentials.iter_mut().flatten().for_each(|one| one.key = None);
        self.object.options.iter_mut().for_each(hide);
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

bare_already!(Model, ChannelGroup, ErrorRule, UserGroup, User);
