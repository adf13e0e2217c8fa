//! How people are shown to others in the ranking.

use std::collections::HashMap;

use realms_types::{RankingName, Timestamp, UserId};
use sea_orm::EntityTrait;

use crate::{
    Reader, StoreError, Tx,
    entity::ranking_choice,
    sql::{self, OnDuplicate},
};

const UPDATE: &str = "UPDATE ranking_choices SET shown = ?, updated_at = ? WHERE user_id = ?";

// === impl Reader ===

impl Reader<'_> {
    /// How those who chose are shown. Only they are in the table, one small row each.
    pub async fn ranking_choices(self) -> Result<HashMap<UserId, RankingName>, StoreError> {
        let rows = ranking_choice::Entity::find().all(&self.link()).await?;
        let read = |row: ranking_choice::Model| {
            let shown = sql::word("ranking_choices", &row.user_id, &row.shown)?;
            Ok((row.user_id.into(), shown))
        };
        rows.into_iter().map(read).collect()
    }

    /// How one is shown.
    pub async fn ranking_choice(self, user: UserId) -> Result<RankingName, StoreError> {
        let row = ranking_choice::Entity::find_by_id(user.raw()).one(&self.link()).await?;
        row.map_or(Ok(RankingName::default()), |row| {
            sql::word("ranking_choices", &row.user_id, &row.shown)
        })
    }
}

// === impl Tx ===

impl Tx {
    /// Sets how one is shown. The last of two at once stays.
    pub async fn put_ranking_choice(
        &mut self,
        user: UserId,
        shown: RankingName,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (word, at) = (shown.as_str(), now.as_micros());
        let row =
            ranking_choice::Model { user_id: user.raw(), shown: word.to_owned(), updated_at: at };
        sql::insert_all(self.link(), vec![row], OnDuplicate::Keep)
            .await
            .map_err(StoreError::about("ranking choice"))?;
        self.execute(UPDATE, vec![word.into(), at.into(), user.raw().into()]).await.map(drop)
    }
}
