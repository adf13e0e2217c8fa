//! Codes on paper that stand in for a lost authenticator, each for one use.

use realms_types::{Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{Reader, Store, StoreError, Tx, api_keys::hex, entity::recovery_code, sql};

const TAKE: &str = "\
UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND hash = ? AND used_at IS NULL";

// === impl Reader ===

impl Reader<'_> {
    /// How many codes a user has left.
    pub async fn count_recovery_codes(self, user: UserId) -> Result<u64, StoreError> {
        let left = recovery_code::Entity::find()
            .filter(recovery_code::Column::UserId.eq(user.raw()))
            .filter(recovery_code::Column::UsedAt.is_null());
        Ok(left.count(&self.link()).await?)
    }
}

// === impl Store ===

impl Store {
    /// Uses a code up, by its keyed hash. `false`: there is no such code, or it was used.
    pub async fn take_recovery_code(
        &self,
        user: UserId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![now.as_micros().into(), user.raw().into(), hex(hash).into()];
        Ok(sql::execute(self.writers(), TAKE, values).await? == 1)
    }
}

// === impl Tx ===

impl Tx {
    /// Replaces all codes of a user by these, given by their keyed hashes.
    pub async fn put_recovery_codes(
        &mut self,
        user: UserId,
        hashes: &[[u8; 32]],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.execute("DELETE FROM recovery_codes WHERE user_id = ?", vec![user.raw().into()])
            .await?;
        let rows = hashes.iter().map(|hash| recovery_code::Model {
            user_id: user.raw(),
            hash: hex(hash),
            created_at: now.as_micros(),
            used_at: None,
        });
        self.insert_all(rows.collect(), "a recovery code".to_owned()).await
    }
}
