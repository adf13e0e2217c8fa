//! Log-ins that have begun at a vendor: known by the hash of their state, good for one use.

use realms_seal::Place;
use realms_types::{ChannelId, OauthLogInId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{Reader, Store, StoreError, Tx, api_keys::hex, entity::oauth_log_in, sql};

/// A log-in that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogInRecord {
    /// Its id.
    pub id: OauthLogInId,
    /// The keyed hash of the state that it was sent away with.
    pub state_hash: [u8; 32],
    /// The secret of PKCE, sealed for [`LogInRecord::verifier_place`] and the purpose `Upstream`.
    pub sealed_verifier: String,
    /// Who began it; nobody else may end it.
    pub actor: String,
    /// The channel that gets the account.
    pub channel_id: ChannelId,
    /// The credential that becomes it; empty: one named after the account.
    pub credential_name: String,
    /// When it began.
    pub created_at: Timestamp,
    /// From when on it is good for nothing.
    pub expires_at: Timestamp,
}

const TAKE: &str = "DELETE FROM oauth_log_ins WHERE id = ?";

// === impl LogInRecord ===

impl LogInRecord {
    /// What the verifier of a log-in is bound to when it is sealed.
    pub const fn verifier_place(id: OauthLogInId) -> Place {
        Place { table: "oauth_log_ins", column: "sealed_verifier", row: id.raw() }
    }

    fn read(row: oauth_log_in::Model, state_hash: [u8; 32]) -> Self {
        Self {
            id: row.id.into(),
            state_hash,
            sealed_verifier: row.sealed_verifier,
            actor: row.actor,
            channel_id: row.channel_id.into(),
            credential_name: row.credential_name,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        }
    }
}

impl From<&LogInRecord> for oauth_log_in::Model {
    fn from(record: &LogInRecord) -> Self {
        Self {
            id: record.id.raw(),
            state_hash: hex(&record.state_hash),
            sealed_verifier: record.sealed_verifier.clone(),
            actor: sql::bounded(&record.actor, 128),
            channel_id: record.channel_id.raw(),
            credential_name: sql::bounded(&record.credential_name, 128),
            created_at: record.created_at.as_micros(),
            expires_at: record.expires_at.as_micros(),
        }
    }
}

// === impl Store ===

impl Store {
    /// The log-in that was sent away with this state, however old it is.
    pub async fn find_oauth_log_in(
        &self,
        state_hash: &[u8; 32],
    ) -> Result<Option<LogInRecord>, StoreError> {
        let select = oauth_log_in::Entity::find()
            .filter(oauth_log_in::Column::StateHash.eq(hex(state_hash)));
        let row = select.one(&self.writers()).await?;
        Ok(row.map(|row| LogInRecord::read(row, *state_hash)))
    }

    /// Uses a log-in up. `false`: somebody else did.
    pub async fn take_oauth_log_in(&self, id: OauthLogInId) -> Result<bool, StoreError> {
        let values = vec![id.raw().into()];
        Ok(sql::execute(self.writers(), TAKE, values).await? == 1)
    }

    /// Forgets log-ins that never came back.
    pub async fn purge_oauth_log_ins(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM oauth_log_ins WHERE expires_at <= ?";
        let values = vec![now.as_micros().into()];
        Ok(sql::execute(self.writers(), sql, values).await?)
    }
}

// === impl Tx ===

impl Tx {
    /// Remembers a log-in, unless `most` are under way already. `false`: they are.
    pub async fn insert_oauth_log_in(
        &mut self,
        record: &LogInRecord,
        most: u64,
    ) -> Result<bool, StoreError> {
        let over = "DELETE FROM oauth_log_ins WHERE expires_at <= ?";
        self.execute(over, vec![record.created_at.as_micros().into()]).await?;
        let row = oauth_log_in::Model::from(record);
        self.insert(row, "this log-in".to_owned()).await?;
        Ok(self.read().count_oauth_log_ins().await? <= most)
    }
}

// === impl Reader ===

impl Reader<'_> {
    async fn count_oauth_log_ins(self) -> Result<u64, StoreError> {
        Ok(oauth_log_in::Entity::find().count(&self.link()).await?)
    }
}
