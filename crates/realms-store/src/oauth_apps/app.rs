//! Programs of others that users let in.

use realms_types::{AppScopes, OauthAppId, Timestamp};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel as _, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::scopes;
use crate::{Reader, StoreError, Tx, entity::oauth_app, json, sql};

const TABLE: &str = "oauth_apps";

/// Apps in a list; there are no more.
const MOST: u64 = 200;

/// A program of somebody else that users let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthAppRecord {
    /// Its id, and its `client_id`.
    pub id: OauthAppId,
    /// Unique name.
    pub name: String,
    /// Who is behind it; may be empty.
    pub publisher: String,
    /// Where more is said about it.
    pub homepage: Option<String>,
    /// Where users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: AppScopes,
    /// What it shows itself by; `None`: it can keep no secret.
    pub secret: Option<AppSecret>,
    /// How long its access tokens are good, in seconds.
    pub access_token_s: u32,
    /// Whether it is let in.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What an app shows itself by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSecret {
    /// The keyed hash, in hexadecimal.
    pub hash: String,
    /// Its last 4 characters.
    pub hint: String,
    /// The secret before, as long as it is good too.
    pub old: Option<OldAppSecret>,
}

/// A secret that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldAppSecret {
    /// The keyed hash, in hexadecimal.
    pub hash: String,
    /// Until when it is good.
    pub until: Timestamp,
}

// === impl OauthAppRecord ===

impl TryFrom<oauth_app::Model> for OauthAppRecord {
    type Error = StoreError;

    fn try_from(row: oauth_app::Model) -> Result<Self, StoreError> {
        let old = row.old_secret_hash.zip(row.old_secret_until);
        let old =
            old.map(|(hash, until)| OldAppSecret { hash, until: Timestamp::from_micros(until) });
        let secret = row.secret_hash.zip(row.secret_hint);
        Ok(Self {
            id: row.id.into(),
            redirect_uris: json::read(TABLE, &row.id, row.redirect_uris.as_deref())?,
            scopes: scopes(TABLE, &row.id, &row.scopes)?,
            access_token_s: u32::try_from(row.access_token_s)
                .map_err(|cause| StoreError::corrupt(TABLE, &row.id, &cause))?,
            name: row.name,
            publisher: row.publisher,
            homepage: row.homepage,
            secret: secret.map(|(hash, hint)| AppSecret { hash, hint, old }),
            enabled: row.enabled,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&OauthAppRecord> for oauth_app::Model {
    fn from(record: &OauthAppRecord) -> Self {
        let secret = record.secret.as_ref();
        let old = secret.and_then(|secret| secret.old.as_ref());
        Self {
            id: record.id.raw(),
            name: sql::text(&record.name),
            publisher: sql::text(&record.publisher),
            homepage: record.homepage.clone(),
            redirect_uris: json::text(&record.redirect_uris),
            scopes: record.scopes.to_string(),
            secret_hash: secret.map(|secret| secret.hash.clone()),
            secret_hint: secret.map(|secret| secret.hint.clone()),
            old_secret_hash: old.map(|old| old.hash.clone()),
            old_secret_until: old.map(|old| old.until.as_micros()),
            access_token_s: record.access_token_s.into(),
            enabled: record.enabled,
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All OAuth apps, by name.
    pub async fn list_oauth_apps(self) -> Result<Vec<OauthAppRecord>, StoreError> {
        let by_name = oauth_app::Entity::find().order_by_asc(oauth_app::Column::Name);
        self.all(by_name.limit(MOST)).await
    }

    /// An OAuth app by id.
    pub async fn find_oauth_app(
        self,
        id: OauthAppId,
    ) -> Result<Option<OauthAppRecord>, StoreError> {
        self.one(oauth_app::Entity::find_by_id(id.raw())).await
    }

    /// How many OAuth apps there are.
    pub async fn count_oauth_apps(self) -> Result<u64, StoreError> {
        Ok(oauth_app::Entity::find().count(&self.link()).await?)
    }
}

// === impl Tx ===

impl Tx {
    /// Adds an OAuth app.
    pub async fn insert_oauth_app(&self, record: &OauthAppRecord) -> Result<(), StoreError> {
        let what = format!("OAuth app `{}`", record.name);
        self.insert(oauth_app::Model::from(record), what).await
    }

    /// An OAuth app as it is now; nobody else writes it until this transaction is over.
    pub async fn lock_oauth_app(
        &mut self,
        id: OauthAppId,
    ) -> Result<Option<OauthAppRecord>, StoreError> {
        self.bump_identity().await?;
        self.read().find_oauth_app(id).await
    }

    /// Writes an OAuth app in the place of the one with its id. Callers are looked up again: it may be off now.
    pub async fn update_oauth_app(&mut self, record: &OauthAppRecord) -> Result<(), StoreError> {
        self.bump_identity().await?;
        let row = oauth_app::Model::from(record).into_active_model().reset_all();
        let by_id = oauth_app::Column::Id.eq(record.id.raw());
        let update = oauth_app::Entity::update_many().set(row).filter(by_id);
        self.update(update, format!("OAuth app `{}`", record.name)).await
    }

    /// Deletes an OAuth app, with what users let it do and every token.
    pub async fn delete_oauth_app(
        &mut self,
        id: OauthAppId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.end_oauth_grants(id, now).await?;
        let by_id = oauth_app::Column::Id.eq(id.raw());
        let delete = oauth_app::Entity::delete_many().filter(by_id);
        self.delete(delete, format!("OAuth app {id}")).await
    }
}
