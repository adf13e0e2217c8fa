//! Many objects changed at once: shown first, done as shown, taken back for a while.
//!
//! A batch is a set of objects with a part of a manifest for each. It becomes a plan like any other,
//! so it is checked, refused by field, written and audited like any other. What is different: an
//! object that cannot be changed is left out and told of, and the others go on.

mod change;
mod draft;
mod mark;

use std::collections::BTreeSet;

use realms_types::{BatchId, Limits, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use change::{BatchChange, limits_of};
pub(crate) use draft::Draft;
pub(crate) use mark::Mark;

use crate::{
    FieldChange, Kind,
    manifest::{ApiKey, Channel, Model, User},
};

/// Objects of one batch.
pub(crate) const MOST_ITEMS: usize = 500;

/// What kind of objects a batch is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BatchKind {
    /// Routes to vendors.
    Channel,
    /// What clients name.
    Model,
    /// Accounts.
    User,
    /// Clients' secrets.
    ApiKey,
}

/// What is to be looked at.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// What kind of objects.
    pub kind: BatchKind,
    /// Their names or ids.
    pub names: BTreeSet<String>,
    /// What is to become of each.
    pub change: BatchChange,
}

/// Whose batch it is, and which objects it can be about.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// Who looks, does and takes back.
    pub owner: String,
    /// What they can reach.
    pub reach: Reach,
}

/// Which objects a batch can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All, within the author's permissions.
    Everything,
    /// The API keys of one person, who needs no permission for them.
    Own(UserId),
}

/// What is kept of a batch until it is done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    /// What kind of objects.
    pub kind: BatchKind,
    /// What becomes of each.
    pub items: Vec<Item>,
}

/// One object of a batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Its id.
    pub id: String,
    /// Its name, as a plan says it.
    pub name: String,
    /// What it looked like; `None`: it was not there.
    pub mark: Option<Mark>,
    /// What becomes of it.
    pub deed: Deed,
    /// Its limits from then on; `None`: they stay. They are not in the deed, because the form of an object is silent
    /// of limits that limit nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

/// What becomes of one object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Deed {
    /// The fields that are said change.
    Channel(Box<Channel>),
    /// The fields that are said change, or it is made again.
    Model(Box<Model>),
    /// The fields that are said change.
    User(Box<User>),
    /// The fields that are said change.
    ApiKey(Box<ApiKey>),
    /// It lets nobody in any more, for good.
    Revoke,
    /// It goes away.
    Delete,
}

/// Why an object is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BatchMiss)]
pub(crate) enum Miss {
    /// It is already as it is to be.
    Unchanged,
    /// There is no such object.
    NotFound,
    /// Somebody changed it since it was looked at.
    Changed,
    /// It is not for whoever asks; `detail` says which field.
    Forbidden,
    /// It cannot be; `detail` says why.
    Refused,
    /// It is the account of whoever asks.
    Yourself,
}

/// What a batch would do. Nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchPreview {
    /// What to send to have it done; left out when there is nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "ba_06a1b2c3d4e5f")]
    pub token: Option<BatchId>,
    /// Until when it can be done.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// Whether it can be taken back for some minutes.
    pub undoable: bool,
    /// Every object that was asked for, by name.
    pub items: Vec<PreviewItem>,
}

/// What would become of one object.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BatchPreviewItem)]
pub(crate) struct PreviewItem {
    /// Its id; of one that is not there, what was asked for.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its fields before and after; none when it is left out, deleted or revoked.
    pub changes: Vec<FieldChange>,
    /// Why it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<Miss>,
    /// More about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What a batch did.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct BatchOutcome {
    /// How many objects it changed.
    pub done: usize,
    /// Every object that it was about.
    pub items: Vec<OutcomeItem>,
    /// How to take it back; left out when it cannot be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<BatchUndo>,
}

/// What became of one object.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = BatchOutcomeItem)]
pub(crate) struct OutcomeItem {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Why nothing became of it; left out: it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Miss>,
    /// More about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How to take a batch back.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(crate) struct BatchUndo {
    /// What to send.
    #[schema(value_type = String, example = "ba_06a1b2c3d4e5f")]
    pub token: BatchId,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

// === impl BatchKind ===

impl BatchKind {
    /// The kind in plans.
    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::Channel => Kind::Channel,
            Self::Model => Kind::Model,
            Self::User => Kind::User,
            Self::ApiKey => Kind::ApiKey,
        }
    }
}

// === impl OutcomeItem ===

impl OutcomeItem {
    pub(crate) fn new(item: &Item, miss: Option<(Miss, Option<String>)>) -> Self {
        let (failed, detail) = miss.unzip();
        Self { id: item.id.clone(), name: item.name.clone(), failed, detail: detail.flatten() }
    }
}
