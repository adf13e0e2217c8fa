//! What people set for themselves, as a JSON object that only the web app reads.

use realms_types::{Timestamp, UserId};
use sea_orm::EntityTrait;

use crate::{
    Reader, StoreError, Tx,
    entity::preference,
    sql::{self, OnDuplicate},
};

const UPDATE: &str = "UPDATE preferences SET value = ?, updated_at = ? WHERE user_id = ?";

// === impl Reader ===

impl Reader<'_> {
    /// What a user set, as JSON.
    pub async fn find_preferences(self, user: UserId) -> Result<Option<String>, StoreError> {
        let row = preference::Entity::find_by_id(user.raw()).one(&self.link()).await?;
        Ok(row.map(|row| row.value))
    }
}

// === impl Tx ===

impl Tx {
    /// Replaces what a user set. The last of two at once stays.
    pub async fn put_preferences(
        &mut self,
        user: UserId,
        json: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (value, at) = (json.to_owned(), now.as_micros());
        let row = preference::Model { user_id: user.raw(), value: value.clone(), updated_at: at };
        sql::insert_all(self.link(), vec![row], OnDuplicate::Keep)
            .await
            .map_err(StoreError::about("preferences"))?;
        self.execute(UPDATE, vec![value.into(), at.into(), user.raw().into()]).await.map(drop)
    }
}
