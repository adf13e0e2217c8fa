//! What users let OAuth apps do.

use std::collections::HashMap;

use realms_types::{ApiKeyId, AppScopes, OauthAppId, OauthGrantId, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::scopes;
use crate::{Reader, StoreError, Tx, entity::oauth_grant, tx::set};

const TABLE: &str = "oauth_grants";

/// What of a grant changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OauthGrantPatch {
    /// Everything it was ever let.
    pub scopes: Option<AppScopes>,
    /// Whether the user need not be asked again for the same.
    pub remembered: Option<bool>,
    /// The API key that the app calls as, where it may call.
    pub api_key: Option<Option<ApiKeyId>>,
}

/// Grants of one user in a list: an app has one each.
const MOST: u64 = 200;

/// What a user lets an OAuth app do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthGrantRecord {
    /// Its id.
    pub id: OauthGrantId,
    /// The app.
    pub app: OauthAppId,
    /// The user.
    pub user: UserId,
    /// Everything it was ever let.
    pub scopes: AppScopes,
    /// Whether the user need not be asked again for the same.
    pub remembered: bool,
    /// The API key that the app calls as, where it may call.
    pub api_key: Option<ApiKeyId>,
    /// When the user let it in.
    pub created_at: Timestamp,
    /// When they last did.
    pub updated_at: Timestamp,
    /// When it last got a token.
    pub last_used_at: Option<Timestamp>,
}

// === impl OauthGrantRecord ===

impl TryFrom<oauth_grant::Model> for OauthGrantRecord {
    type Error = StoreError;

    fn try_from(row: oauth_grant::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            app: row.app_id.into(),
            user: row.user_id.into(),
            scopes: scopes(TABLE, &row.id, &row.scopes)?,
            remembered: row.remembered,
            api_key: row.api_key_id.map(ApiKeyId::new),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        })
    }
}

impl From<&OauthGrantRecord> for oauth_grant::Model {
    fn from(record: &OauthGrantRecord) -> Self {
        Self {
            id: record.id.raw(),
            app_id: record.app.raw(),
            user_id: record.user.raw(),
            scopes: record.scopes.to_string(),
            remembered: record.remembered,
            api_key_id: record.api_key.map(ApiKeyId::raw),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            last_used_at: record.last_used_at.map(Timestamp::as_micros),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What a user lets an app do.
    pub async fn find_oauth_grant(
        self,
        app: OauthAppId,
        user: UserId,
    ) -> Result<Option<OauthGrantRecord>, StoreError> {
        use oauth_grant::Column;
        let of_both = oauth_grant::Entity::find()
            .filter(Column::AppId.eq(app.raw()))
            .filter(Column::UserId.eq(user.raw()));
        self.one(of_both).await
    }

    /// A grant by id.
    pub async fn find_oauth_grant_by_id(
        self,
        id: OauthGrantId,
    ) -> Result<Option<OauthGrantRecord>, StoreError> {
        self.one(oauth_grant::Entity::find_by_id(id.raw())).await
    }

    /// What a user lets apps do, the newest first.
    pub async fn list_oauth_grants(
        self,
        user: UserId,
    ) -> Result<Vec<OauthGrantRecord>, StoreError> {
        use oauth_grant::Column;
        let of_user = oauth_grant::Entity::find()
            .filter(Column::UserId.eq(user.raw()))
            .order_by_desc(Column::Id);
        self.all(of_user.limit(MOST)).await
    }

    /// By how many users each app was let in, and when one of them last got it a token; none where it is left out.
    pub async fn count_oauth_grants(
        self,
    ) -> Result<HashMap<OauthAppId, (u64, Option<Timestamp>)>, StoreError> {
        use oauth_grant::Column;
        let by_app = oauth_grant::Entity::find()
            .select_only()
            .column(Column::AppId)
            .column_as(Column::Id.count(), "grants")
            .column_as(Column::LastUsedAt.max(), "last_used_at")
            .group_by(Column::AppId);
        let counted: Vec<(i64, i64, Option<i64>)> = by_app.into_tuple().all(&self.link()).await?;
        let each = counted.into_iter().map(|(app, grants, last)| {
            (app.into(), (grants.unsigned_abs(), last.map(Timestamp::from_micros)))
        });
        Ok(each.collect())
    }
}

// === impl Tx ===

impl Tx {
    /// Adds what a user lets an app do.
    pub async fn insert_oauth_grant(&self, record: &OauthGrantRecord) -> Result<(), StoreError> {
        let what = "what this user lets this app do".to_owned();
        self.insert(oauth_grant::Model::from(record), what).await
    }

    /// Changes what the patch names.
    pub async fn update_oauth_grant(
        &self,
        id: OauthGrantId,
        patch: OauthGrantPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let values = oauth_grant::ActiveModel {
            scopes: set(patch.scopes.map(|scopes| scopes.to_string())),
            remembered: set(patch.remembered),
            api_key_id: set(patch.api_key.map(|key| key.map(ApiKeyId::raw))),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = oauth_grant::Entity::update_many().set(values);
        let by_id = oauth_grant::Column::Id.eq(id.raw());
        self.update(update.filter(by_id), format!("grant {id}")).await
    }

    /// Notes that an app got a token.
    pub async fn touch_oauth_grant(
        &self,
        id: OauthGrantId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE oauth_grants SET last_used_at = ? WHERE id = ?";
        self.execute(sql, vec![now.as_micros().into(), id.raw().into()]).await?;
        Ok(())
    }

    /// Ends what a user lets an app do: every token, and the API key it calls as, which stays with what it used.
    /// `false`: there was no such thing.
    pub async fn end_oauth_grant(
        &mut self,
        id: OauthGrantId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.revoke_keys_of_grants("id", id.raw(), now).await?;
        self.end_tokens_of_grants("id", id.raw()).await?;
        let sql = "DELETE FROM oauth_grants WHERE id = ?";
        Ok(self.execute(sql, vec![id.raw().into()]).await? == 1)
    }

    /// Ends what all users let an app do, and says of how many.
    pub async fn end_oauth_grants(
        &mut self,
        app: OauthAppId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.revoke_keys_of_grants("app_id", app.raw(), now).await?;
        self.end_tokens_of_grants("app_id", app.raw()).await?;
        let sql = "DELETE FROM oauth_grants WHERE app_id = ?";
        self.execute(sql, vec![app.raw().into()]).await
    }

    /// Ends every token and code of a grant, which stays: none of those that are out is good for what it is next.
    pub async fn end_oauth_tokens(&mut self, grant: OauthGrantId) -> Result<(), StoreError> {
        self.bump_identity().await?;
        self.end_tokens_of_grants("id", grant.raw()).await?;
        let sql = "DELETE FROM oauth_codes WHERE grant_id = ?";
        self.execute(sql, vec![grant.raw().into()]).await?;
        Ok(())
    }

    /// Whoever refreshes holds a token first and needs the grant then, so tokens go before their grants.
    async fn end_tokens_of_grants(
        &mut self,
        column: &'static str,
        value: i64,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "DELETE FROM oauth_tokens WHERE grant_id IN \
             (SELECT id FROM oauth_grants WHERE {column} = ?)"
        );
        while self.execute(&sql, vec![value.into()]).await? > 0 {}
        Ok(())
    }

    async fn revoke_keys_of_grants(
        &mut self,
        column: &'static str,
        value: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_identity().await?;
        let sql = format!(
            "UPDATE api_keys SET revoked_at = ?, sealed_copy = NULL, updated_at = ? \
             WHERE revoked_at IS NULL AND id IN \
             (SELECT api_key_id FROM oauth_grants WHERE {column} = ? AND api_key_id IS NOT NULL)"
        );
        let now = now.as_micros();
        self.execute(&sql, vec![now.into(), now.into(), value.into()]).await?;
        Ok(())
    }
}
