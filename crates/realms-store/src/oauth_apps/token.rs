//! Codes and tokens of OAuth apps. Of each there is a keyed hash alone.
//!
//! What came of one code is a family: a code or a refresh token that comes a second time ends all of it.

use realms_types::{ApiKeyId, AppScopes, OauthAppId, OauthGrantId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::scopes;
use crate::{
    Reader, Store, StoreError, Tx,
    api_keys::hex,
    entity::{oauth_code, oauth_token},
    sql,
};

/// Families of one grant that are alive: so many devices may use an app, then the oldest is signed out.
const MOST_FAMILIES: u64 = 50;

/// What an OAuth app exchanges for tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthCodeRecord {
    /// The keyed hash.
    pub hash: [u8; 32],
    /// What it stands for.
    pub grant: OauthGrantId,
    /// What will come of it.
    pub family: i64,
    /// What its tokens are good for.
    pub scopes: AppScopes,
    /// Where the user was sent back to.
    pub redirect_uri: String,
    /// What the verifier must hash to, in base64url.
    pub challenge: Option<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What an OAuth app calls with, or gets another by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthTokenRecord {
    /// The keyed hash.
    pub hash: [u8; 32],
    /// What it stands for.
    pub grant: OauthGrantId,
    /// Which code it came of.
    pub family: i64,
    /// What it is for.
    pub kind: OauthTokenKind,
    /// What it is good for.
    pub scopes: AppScopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OauthTokenKind {
    /// To call with.
    Access,
    /// To get another access token by, once.
    Refresh,
}

/// What a code came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeTaken {
    /// It was good, and is used now.
    Now(OauthCodeRecord),
    /// It was used before; everything that came of it is gone.
    Before,
    /// There is none.
    Unknown,
}

/// What a refresh token came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshTaken {
    /// It was good, and is used now.
    Now(OauthTokenRecord),
    /// It was used before; its whole family is gone.
    Before,
    /// There is none.
    Unknown,
}

/// Who is behind an access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BehindToken {
    /// What it stands for.
    pub grant: OauthGrantId,
    /// The app.
    pub app: OauthAppId,
    /// Whether the app is let in.
    pub app_enabled: bool,
    /// The user.
    pub user: UserId,
    /// The API key that the app calls as.
    pub api_key: Option<ApiKeyId>,
    /// What the token is good for.
    pub scopes: AppScopes,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    grant_id: i64,
    app_id: i64,
    app_enabled: bool,
    user_id: i64,
    api_key_id: Option<i64>,
    scopes: String,
    expires_at: i64,
}

const FIND: &str = "\
SELECT t.grant_id, t.scopes, t.expires_at, g.app_id, g.user_id, g.api_key_id, a.enabled AS app_enabled \
FROM oauth_tokens t \
JOIN oauth_grants g ON g.id = t.grant_id \
JOIN oauth_apps a ON a.id = g.app_id \
WHERE t.hash = ? AND t.kind = 'access'";

/// As long as a family lives, its code is kept: whoever brings it once more ends all of it.
const FORGET: [&str; 2] = [
    "DELETE FROM oauth_tokens WHERE expires_at <= ?",
    "DELETE FROM oauth_codes WHERE expires_at <= ? AND NOT EXISTS \
     (SELECT 1 FROM oauth_tokens WHERE oauth_tokens.family = oauth_codes.family)",
];

// === impl OauthTokenKind ===

impl OauthTokenKind {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

// === impl OauthCodeRecord ===

impl From<&OauthCodeRecord> for oauth_code::Model {
    fn from(record: &OauthCodeRecord) -> Self {
        Self {
            hash: hex(&record.hash),
            grant_id: record.grant.raw(),
            family: record.family,
            scopes: record.scopes.to_string(),
            redirect_uri: record.redirect_uri.clone(),
            challenge: record.challenge.clone(),
            expires_at: record.expires_at.as_micros(),
            used_at: None,
        }
    }
}

impl OauthCodeRecord {
    fn read(hash: [u8; 32], row: oauth_code::Model) -> Result<Self, StoreError> {
        Ok(Self {
            scopes: scopes("oauth_codes", &row.grant_id, &row.scopes)?,
            hash,
            grant: row.grant_id.into(),
            family: row.family,
            redirect_uri: row.redirect_uri,
            challenge: row.challenge,
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

// === impl OauthTokenRecord ===

impl From<&OauthTokenRecord> for oauth_token::Model {
    fn from(record: &OauthTokenRecord) -> Self {
        Self {
            hash: hex(&record.hash),
            grant_id: record.grant.raw(),
            family: record.family,
            kind: record.kind.as_str().to_owned(),
            scopes: record.scopes.to_string(),
            created_at: record.created_at.as_micros(),
            expires_at: record.expires_at.as_micros(),
            used_at: None,
        }
    }
}

impl OauthTokenRecord {
    fn read(hash: [u8; 32], row: &oauth_token::Model) -> Result<Self, StoreError> {
        Ok(Self {
            kind: sql::word("oauth_tokens", &row.grant_id, &row.kind)?,
            scopes: scopes("oauth_tokens", &row.grant_id, &row.scopes)?,
            hash,
            grant: row.grant_id.into(),
            family: row.family,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

// === impl BehindToken ===

impl TryFrom<Row> for BehindToken {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            scopes: scopes("oauth_tokens", &row.grant_id, &row.scopes)?,
            grant: row.grant_id.into(),
            app: row.app_id.into(),
            app_enabled: row.app_enabled,
            user: row.user_id.into(),
            api_key: row.api_key_id.map(ApiKeyId::new),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

// === impl Store ===

impl Store {
    /// Who is behind an access token, whether or not it is still good.
    pub async fn find_behind_token(
        &self,
        hash: &[u8; 32],
    ) -> Result<Option<BehindToken>, StoreError> {
        let link = self.readers();
        let found = link.query_one_raw(sql::statement(link, FIND, vec![hex(hash).into()])).await?;
        let row = found.map(|row| Row::from_query_result(&row, "")).transpose()?;
        row.map(BehindToken::try_from).transpose()
    }

    /// Forgets tokens that are over, and codes that are, once nothing lives that came of them.
    pub async fn purge_oauth_tokens(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut rows = 0;
        for sql in FORGET {
            let values = vec![now.as_micros().into()];
            rows += sql::execute(self.writers(), sql, values).await?;
        }
        Ok(rows)
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The family of a token of an app, whatever it is for.
    pub async fn find_oauth_family(
        self,
        hash: &[u8; 32],
        app: OauthAppId,
    ) -> Result<Option<i64>, StoreError> {
        use crate::entity::oauth_grant;
        let Some(token) = oauth_token::Entity::find_by_id(hex(hash)).one(&self.link()).await?
        else {
            return Ok(None);
        };
        let of_app = oauth_grant::Entity::find_by_id(token.grant_id)
            .filter(oauth_grant::Column::AppId.eq(app.raw()));
        Ok(of_app.one(&self.link()).await?.map(|_| token.family))
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a code.
    pub async fn insert_oauth_code(&self, record: &OauthCodeRecord) -> Result<(), StoreError> {
        self.insert(oauth_code::Model::from(record), "an OAuth code".to_owned()).await
    }

    /// Uses a code, whatever comes of it: whoever comes second ends what came of it first.
    pub async fn take_oauth_code(
        &mut self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<CodeTaken, StoreError> {
        let sql = "UPDATE oauth_codes SET used_at = ? WHERE hash = ? AND used_at IS NULL";
        let taken = self.execute(sql, vec![now.as_micros().into(), hex(&hash).into()]).await?;
        let found = oauth_code::Entity::find_by_id(hex(&hash)).one(&self.link()).await?;
        let Some(row) = found else { return Ok(CodeTaken::Unknown) };
        if taken == 1 {
            return OauthCodeRecord::read(hash, row).map(CodeTaken::Now);
        }
        self.end_oauth_family(row.family).await?;
        Ok(CodeTaken::Before)
    }

    /// Adds a token.
    pub async fn insert_oauth_token(&self, record: &OauthTokenRecord) -> Result<(), StoreError> {
        self.insert(oauth_token::Model::from(record), "an OAuth token".to_owned()).await
    }

    /// Uses a refresh token: whoever comes second ends its whole family, for one of both is a thief.
    pub async fn take_refresh_token(
        &mut self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<RefreshTaken, StoreError> {
        let sql = "UPDATE oauth_tokens SET used_at = ? \
                   WHERE hash = ? AND kind = 'refresh' AND used_at IS NULL";
        let taken = self.execute(sql, vec![now.as_micros().into(), hex(&hash).into()]).await?;
        let found = oauth_token::Entity::find_by_id(hex(&hash))
            .filter(oauth_token::Column::Kind.eq(OauthTokenKind::Refresh.as_str()))
            .one(&self.link())
            .await?;
        let Some(row) = found else { return Ok(RefreshTaken::Unknown) };
        if taken == 1 {
            return OauthTokenRecord::read(hash, &row).map(RefreshTaken::Now);
        }
        self.end_oauth_family(row.family).await?;
        Ok(RefreshTaken::Before)
    }

    /// Ends every token that came of one code. Where there are any, callers are looked up again.
    pub async fn end_oauth_family(&mut self, family: i64) -> Result<(), StoreError> {
        let of_family = oauth_token::Entity::find().filter(oauth_token::Column::Family.eq(family));
        if of_family.one(&self.link()).await?.is_none() {
            return Ok(());
        }
        self.bump_identity().await?;
        let sql = "DELETE FROM oauth_tokens WHERE family = ?";
        // Whoever refreshes at this moment holds one of those that are seen, and has others when they are done: each
        // statement waits for them, and sees them the next time.
        while self.execute(sql, vec![family.into()]).await? > 0 {}
        Ok(())
    }

    /// Ends the oldest families of a grant where there are more than there may be.
    pub async fn trim_oauth_families(&mut self, grant: OauthGrantId) -> Result<(), StoreError> {
        use oauth_token::Column;
        let unused = oauth_token::Entity::find()
            .select_only()
            .column(Column::Family)
            .filter(Column::GrantId.eq(grant.raw()))
            .filter(Column::Kind.eq(OauthTokenKind::Refresh.as_str()))
            .filter(Column::UsedAt.is_null())
            .order_by_desc(Column::CreatedAt)
            .offset(MOST_FAMILIES)
            .limit(MOST_FAMILIES);
        let old: Vec<i64> = unused.into_tuple().all(&self.link()).await?;
        for family in old {
            self.end_oauth_family(family).await?;
        }
        Ok(())
    }
}
