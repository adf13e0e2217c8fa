//! What is handed out and must come back within minutes, once: the second step of a log-in, the
//! challenge of a passkey.

use realms_types::{Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{Store, StoreError, api_keys::hex, entity::challenge, sql};

/// A challenge, known by its hash only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeRecord {
    /// The keyed hash of what was handed out.
    pub hash: [u8; 32],
    /// What it is for.
    pub kind: String,
    /// Whom it was handed to, if that is known.
    pub user_id: Option<UserId>,
    /// What must be remembered until it comes back; at most 255 characters.
    pub note: String,
    /// From when on it is good for nothing.
    pub expires_at: Timestamp,
}

const COUNT: &str = "\
UPDATE challenges SET tries = tries + 1 \
WHERE hash = ? AND kind = ? AND tries < ? AND expires_at > ?";

const TAKE: &str = "DELETE FROM challenges WHERE hash = ? AND kind = ? AND expires_at > ?";

// === impl ChallengeRecord ===

impl ChallengeRecord {
    fn read(row: challenge::Model, hash: [u8; 32]) -> Self {
        Self {
            hash,
            kind: row.kind,
            user_id: row.user_id.map(UserId::new),
            note: row.note,
            expires_at: Timestamp::from_micros(row.expires_at),
        }
    }
}

impl From<&ChallengeRecord> for challenge::Model {
    fn from(record: &ChallengeRecord) -> Self {
        Self {
            hash: hex(&record.hash),
            kind: record.kind.clone(),
            user_id: record.user_id.map(UserId::raw),
            note: sql::bounded(&record.note, 255),
            tries: 0,
            expires_at: record.expires_at.as_micros(),
        }
    }
}

// === impl Store ===

impl Store {
    /// Remembers a challenge.
    pub async fn insert_challenge(&self, record: &ChallengeRecord) -> Result<(), StoreError> {
        let rows = vec![challenge::Model::from(record)];
        let done = sql::insert_all(self.writers(), rows, sql::OnDuplicate::Fail).await;
        done.map(drop).map_err(StoreError::about("this challenge"))
    }

    /// Counts a try at a challenge and shows it; it stays. `None`: there is none, it is too old, or
    /// it was tried too often.
    pub async fn try_challenge(
        &self,
        hash: &[u8; 32],
        kind: &str,
        most_tries: i64,
        now: Timestamp,
    ) -> Result<Option<ChallengeRecord>, StoreError> {
        let values = vec![hex(hash).into(), kind.into(), most_tries.into(), now.as_micros().into()];
        let counted = sql::execute(self.writers(), COUNT, values).await? == 1;
        if counted { self.challenge(hash).await } else { Ok(None) }
    }

    /// Uses a challenge up and shows it. `None`: there is none, it is too old, or somebody else used
    /// it.
    pub async fn take_challenge(
        &self,
        hash: &[u8; 32],
        kind: &str,
        now: Timestamp,
    ) -> Result<Option<ChallengeRecord>, StoreError> {
        let Some(found) = self.challenge(hash).await? else {
            return Ok(None);
        };
        let values = vec![hex(hash).into(), kind.into(), now.as_micros().into()];
        let taken = sql::execute(self.writers(), TAKE, values).await? == 1;
        Ok(taken.then_some(found))
    }

    async fn challenge(&self, hash: &[u8; 32]) -> Result<Option<ChallengeRecord>, StoreError> {
        let select = challenge::Entity::find().filter(challenge::Column::Hash.eq(hex(hash)));
        let row = select.one(&self.writers()).await?;
        Ok(row.map(|row| ChallengeRecord::read(row, *hash)))
    }
}
