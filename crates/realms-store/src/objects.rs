//! Objects that live at an upstream, such as stored responses, and who may see them.

use realms_types::{ApiKeyId, ChannelId, CredentialId, EndpointId, Timestamp, UserId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError, entity::stored_object, link::Link, sql, sql::OnDuplicate};

/// What kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// Of `POST /v1/responses`.
    Response,
    /// Of `POST /v1/chat/completions` with `store`.
    ChatCompletion,
}

/// Where an object lies and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredObject {
    /// What kind.
    pub kind: ObjectKind,
    /// The upstream's id, such as `resp_…`.
    pub object_id: String,
    /// Its owner.
    pub user_id: UserId,
    /// The API key it was made with.
    pub api_key_id: ApiKeyId,
    /// The channel that has it.
    pub channel_id: ChannelId,
    /// The endpoint that has it.
    pub endpoint_id: EndpointId,
    /// The credential that can reach it.
    pub credential_id: CredentialId,
    /// What the upstream calls its model.
    pub upstream_model: String,
    /// What the client called its model.
    pub model: String,
    /// When it was made.
    pub created_at: Timestamp,
}

// === impl ObjectKind ===

impl ObjectKind {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::ChatCompletion => "chat_completion",
        }
    }
}

// === impl StoredObject ===

impl TryFrom<stored_object::Model> for StoredObject {
    type Error = StoreError;

    fn try_from(row: stored_object::Model) -> Result<Self, StoreError> {
        Ok(Self {
            kind: sql::word("stored_objects", &row.object_id, &row.kind)?,
            object_id: row.object_id,
            user_id: row.user_id.into(),
            api_key_id: row.api_key_id.into(),
            channel_id: row.channel_id.into(),
            endpoint_id: row.endpoint_id.into(),
            credential_id: row.credential_id.into(),
            upstream_model: row.upstream_model,
            model: row.model,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<&StoredObject> for stored_object::Model {
    fn from(object: &StoredObject) -> Self {
        Self {
            kind: object.kind.as_str().to_owned(),
            object_id: object.object_id.clone(),
            user_id: object.user_id.raw(),
            api_key_id: object.api_key_id.raw(),
            channel_id: object.channel_id.raw(),
            endpoint_id: object.endpoint_id.raw(),
            credential_id: object.credential_id.raw(),
            upstream_model: sql::bounded(&object.upstream_model, 255),
            model: sql::bounded(&object.model, 255),
            created_at: object.created_at.as_micros(),
        }
    }
}

/// Remembers objects; those known already stay as they are. An id longer than the column could
/// never be found again, so it is left out.
pub(crate) async fn insert_objects(
    link: Link<'_>,
    objects: impl Iterator<Item = &StoredObject>,
) -> Result<(), StoreError> {
    let rows = objects
        .filter(|object| object.object_id.len() <= 255 && !object.object_id.contains('\0'))
        .map(stored_object::Model::from);
    sql::insert_all(link, rows.collect(), OnDuplicate::Keep).await?;
    Ok(())
}

// === impl Store ===

impl Store {
    /// Remembers an object at once, for a client that may ask for it before the usage record of
    /// its call is written.
    pub async fn insert_object(&self, object: &StoredObject) -> Result<(), StoreError> {
        insert_objects(self.writers(), std::iter::once(object)).await
    }

    /// An object, for its owner only.
    pub async fn find_object(
        &self,
        kind: ObjectKind,
        object_id: &str,
        user: UserId,
    ) -> Result<Option<StoredObject>, StoreError> {
        let select = objects_of(kind, user).filter(stored_object::Column::ObjectId.eq(object_id));
        self.read().one(select).await
    }

    /// Objects of a user, oldest first, from behind `after` on; `limit` is at most 200.
    pub async fn list_objects(
        &self,
        kind: ObjectKind,
        user: UserId,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<StoredObject>, StoreError> {
        let mut select = objects_of(kind, user);
        if let Some(after) = after {
            let Some(last) = self.find_object(kind, after, user).await? else {
                return Err(StoreError::not_found(format!("object `{after}`")));
            };
            let created_at = last.created_at.as_micros();
            let same_moment = Condition::all()
                .add(stored_object::Column::CreatedAt.eq(created_at))
                .add(stored_object::Column::ObjectId.gt(last.object_id));
            let later = stored_object::Column::CreatedAt.gt(created_at);
            select = select.filter(Condition::any().add(later).add(same_moment));
        }
        let select = select
            .order_by_asc(stored_object::Column::CreatedAt)
            .order_by_asc(stored_object::Column::ObjectId);
        self.read().all(select.limit(limit.min(200))).await
    }

    /// Forgets an object of this owner. `false`: there was none.
    pub async fn delete_object(
        &self,
        kind: ObjectKind,
        object_id: &str,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM stored_objects WHERE kind = ? AND object_id = ? AND user_id = ?";
        let values = vec![kind.as_str().into(), object_id.into(), user.raw().into()];
        Ok(sql::execute(self.writers(), sql, values).await? == 1)
    }
}

fn objects_of(kind: ObjectKind, user: UserId) -> Select<stored_object::Entity> {
    stored_object::Entity::find()
        .filter(stored_object::Column::Kind.eq(kind.as_str()))
        .filter(stored_object::Column::UserId.eq(user.raw()))
}
