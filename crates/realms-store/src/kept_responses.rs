//! Responses that are kept here because their upstreams keep none: for their owner, until they expire.

use realms_types::{ApiKeyId, KeptResponseId, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Reader, Store, StoreError, Tx,
    entity::kept_response,
    sql::{self, OnDuplicate},
};

/// The longest id of a response that is kept, in bytes.
pub const LONGEST_RESPONSE_ID: usize = 128;

/// A response that its owner can go on from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptResponse {
    /// Its id here.
    pub id: KeptResponseId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its id as the client knows it, no longer than [`LONGEST_RESPONSE_ID`].
    pub response_id: String,
    /// The API key it was made with.
    pub api_key_id: ApiKeyId,
    /// The conversation up to and with it, sealed. `None`: it was larger than is kept.
    pub content: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is forgotten.
    pub expires_at: Timestamp,
}

const OLDER: &str = "DELETE FROM kept_responses WHERE user_id = ? AND response_id = ? AND id < ?";

const OLDEST: &str = "DELETE FROM kept_responses WHERE api_key_id = ? AND id <= ?";

// === impl KeptResponse ===

impl TryFrom<kept_response::Model> for KeptResponse {
    type Error = StoreError;

    fn try_from(row: kept_response::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            response_id: row.response_id,
            api_key_id: row.api_key_id.into(),
            content: row.content,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

impl From<&KeptResponse> for kept_response::Model {
    fn from(kept: &KeptResponse) -> Self {
        Self {
            id: kept.id.raw(),
            user_id: kept.user_id.raw(),
            response_id: kept.response_id.clone(),
            api_key_id: kept.api_key_id.raw(),
            content: kept.content.clone(),
            created_at: kept.created_at.as_micros(),
            expires_at: kept.expires_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// A response that is still kept, for its owner only.
    pub async fn find_kept_response(
        self,
        user: UserId,
        response_id: &str,
        now: Timestamp,
    ) -> Result<Option<KeptResponse>, StoreError> {
        // No database has such an id, and PostgreSQL would not be asked for one.
        if response_id.len() > LONGEST_RESPONSE_ID || response_id.contains('\0') {
            return Ok(None);
        }
        let select = kept_response::Entity::find()
            .filter(kept_response::Column::UserId.eq(user.raw()))
            .filter(kept_response::Column::ResponseId.eq(response_id))
            .filter(kept_response::Column::ExpiresAt.gt(now.as_micros()));
        self.one(select).await
    }
}

// === impl Store ===

impl Store {
    /// Keeps a response, and of those made with its API key only the newest `most`. It takes the place of
    /// an older one of its owner that has the same id, since clients can have a say in ids. This can be
    /// tried again; an id that is too long is not kept.
    pub async fn keep_response(&self, kept: &KeptResponse, most: u64) -> Result<(), StoreError> {
        if kept.response_id.len() > LONGEST_RESPONSE_ID || kept.response_id.contains('\0') {
            return Ok(());
        }
        let (user, id) = (kept.user_id.raw(), kept.id.raw());
        let values = vec![user.into(), kept.response_id.clone().into(), id.into()];
        sql::execute(self.writers(), OLDER, values).await?;
        let rows = vec![kept_response::Model::from(kept)];
        sql::insert_all(self.writers(), rows, OnDuplicate::Keep).await?;
        self.forget_oldest_responses(kept.api_key_id, most).await
    }

    /// Forgets a response of this owner. `false`: there was none.
    pub async fn delete_kept_response(
        &self,
        user: UserId,
        response_id: &str,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM kept_responses WHERE user_id = ? AND response_id = ?";
        let values = vec![user.raw().into(), response_id.into()];
        Ok(sql::execute(self.writers(), sql, values).await? == 1)
    }

    /// Forgets responses that expired; says how many.
    pub async fn purge_kept_responses(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM kept_responses WHERE expires_at <= ?";
        let values = vec![now.as_micros().into()];
        Ok(sql::execute(self.writers(), sql, values).await?)
    }

    async fn forget_oldest_responses(
        &self,
        api_key: ApiKeyId,
        most: u64,
    ) -> Result<(), StoreError> {
        let newest_to_go = kept_response::Entity::find()
            .select_only()
            .column(kept_response::Column::Id)
            .filter(kept_response::Column::ApiKeyId.eq(api_key.raw()))
            .order_by_desc(kept_response::Column::Id)
            .offset(most)
            .limit(1);
        let Some(last) = newest_to_go.into_tuple::<i64>().one(&self.readers()).await? else {
            return Ok(());
        };
        let values = vec![api_key.raw().into(), last.into()];
        sql::execute(self.writers(), OLDEST, values).await?;
        Ok(())
    }
}

// === impl Tx ===

impl Tx {
    /// Forgets what is kept of a user who is deleted.
    pub(crate) async fn forget_responses_of_user(&self, user: UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM kept_responses WHERE user_id = ?";
        self.execute(sql, vec![user.raw().into()]).await.map(drop)
    }

    /// Forgets what was made with an API key that is deleted.
    pub(crate) async fn forget_responses_of_key(&self, key: ApiKeyId) -> Result<(), StoreError> {
        let sql = "DELETE FROM kept_responses WHERE api_key_id = ?";
        self.execute(sql, vec![key.raw().into()]).await.map(drop)
    }
}
