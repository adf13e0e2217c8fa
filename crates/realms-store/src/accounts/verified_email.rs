//! Which address of a user was shown to be theirs.

use realms_types::{Secret, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{
    Reader, StoreError, Tx,
    entity::{user, verified_email},
    sql::{self, OnDuplicate},
};

const UPDATE: &str = "UPDATE verified_emails SET email = ?, verified_at = ? WHERE user_id = ?";

/// Only a hash that is still the one that was checked is replaced.
const REHASH: &str = "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?";

// === impl Reader ===

impl Reader<'_> {
    /// The address a user last showed to be theirs. It counts while it is still the user's address.
    pub async fn find_verified_email(self, user: UserId) -> Result<Option<String>, StoreError> {
        let row = verified_email::Entity::find_by_id(user.raw()).one(&self.link()).await?;
        Ok(row.map(|row| row.email))
    }

    /// The address of a user, if it is one that they showed to be theirs.
    pub async fn proved_address(self, user: UserId) -> Result<Option<String>, StoreError> {
        let Some(proved) = self.find_verified_email(user).await? else { return Ok(None) };
        let has = user::Entity::find_by_id(user.raw())
            .filter(user::Column::Email.eq(proved.as_str()))
            .count(&self.link())
            .await?;
        Ok((has > 0).then_some(proved))
    }
}

// === impl Tx ===

impl Tx {
    /// Notes that a user showed an address to be theirs.
    pub async fn put_verified_email(
        &mut self,
        user: UserId,
        email: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (email, at) = (email.to_owned(), now.as_micros());
        let row =
            verified_email::Model { user_id: user.raw(), email: email.clone(), verified_at: at };
        sql::insert_all(self.link(), vec![row], OnDuplicate::Keep)
            .await
            .map_err(StoreError::about("a verified address"))?;
        self.execute(UPDATE, vec![email.into(), at.into(), user.raw().into()]).await.map(drop)
    }

    /// Replaces a password hash by a better one of the same password. `false`: the password changed
    /// meanwhile.
    pub async fn upgrade_password_hash(
        &mut self,
        user: UserId,
        old: &Secret<String>,
        new: &Secret<String>,
    ) -> Result<bool, StoreError> {
        let values =
            vec![new.reveal().clone().into(), user.raw().into(), old.reveal().clone().into()];
        Ok(self.execute(REHASH, values).await? == 1)
    }
}
