//! Accounts: who they are, their sealed tokens, and whether somebody must log in again.

use realms_seal::Place;
use realms_types::{CredentialId, NodeId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Value};
use serde::{Deserialize, Serialize};

use crate::{Reader, Store, StoreError, Tx, entity::oauth_account, sql};

/// Longest error kept.
const LONGEST_ERROR: usize = 500;

/// A credential that is an account at a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthAccountRecord {
    /// The credential.
    pub credential_id: CredentialId,
    /// Who it is, and its tokens.
    pub grant: AccountGrant,
    /// Moves with the tokens: the first set is 1.
    pub generation: i64,
    /// Whether it works.
    pub state: AccountState,
    /// Since when it is in that state.
    pub state_since: Timestamp,
    /// When its tokens are to be renewed.
    pub refresh_at: Timestamp,
    /// Who is renewing them.
    pub lease_owner: Option<NodeId>,
    /// Until when nobody else may.
    pub lease_until: Timestamp,
    /// The generation whose refresh token was sent last and not answered yet, and when.
    pub sent: Option<(i64, Timestamp)>,
    /// The generation whose refresh token was sent at least once without an answer that was seen: it
    /// may be used up.
    pub lost_generation: Option<i64>,
    /// When its tokens were renewed last.
    pub last_refreshed_at: Option<Timestamp>,
    /// Why that failed last, if it failed since.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When anything of it changed last.
    pub updated_at: Timestamp,
}

/// What a log-in or a refresh brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountGrant {
    /// What the vendor calls the account.
    pub account_id: String,
    /// Its address.
    pub email: Option<String>,
    /// What was bought.
    pub plan: Option<String>,
    /// Who it is there.
    pub user_id: Option<String>,
    /// Until when it is paid.
    pub subscription_until: Option<Timestamp>,
    /// What signs calls, and what renews that.
    pub tokens: AccountTokens,
}

/// Tokens, each sealed for its place and the purpose `Upstream`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountTokens {
    /// Signs calls; sealed for [`OauthAccountRecord::access_place`].
    pub sealed_access: String,
    /// Renews it, once; sealed for [`OauthAccountRecord::refresh_place`].
    pub sealed_refresh: String,
    /// Says who it is; sealed for [`OauthAccountRecord::id_token_place`].
    pub sealed_id_token: Option<String>,
    /// When the access token is good for nothing.
    pub expires_at: Timestamp,
}

/// Whether an account works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// It signs calls and renews itself.
    Active,
    /// Somebody must log in again. It takes no calls.
    NeedsLogin(LoginCause),
}

/// Why somebody must log in again. One word each, stable: it is stored and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginCause {
    /// The vendor refused the refresh token: revoked, expired, logged out elsewhere.
    Refused,
    /// The vendor says that the refresh token was used before: somebody else holds the account.
    Reused,
    /// The refresh token had been sent, its answer never arrived (a process was killed, a connection
    /// cut), and the vendor takes it no more: the new one is lost.
    AnswerLost,
    /// The vendor closed the account.
    Deactivated,
}

// === impl LoginCause ===

impl LoginCause {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Reused => "reused",
            Self::AnswerLost => "answer_lost",
            Self::Deactivated => "deactivated",
        }
    }
}

// === impl AccountState ===

impl AccountState {
    pub(super) const ACTIVE: &'static str = "active";
    pub(super) const NEEDS_LOGIN: &'static str = "needs_login";

    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => Self::ACTIVE,
            Self::NeedsLogin(_) => Self::NEEDS_LOGIN,
        }
    }

    /// Why somebody must log in again.
    pub const fn cause(self) -> Option<LoginCause> {
        match self {
            Self::Active => None,
            Self::NeedsLogin(cause) => Some(cause),
        }
    }

    pub(crate) fn read(row: &oauth_account::Model) -> Result<Self, StoreError> {
        const TABLE: &str = "oauth_accounts";
        match (row.state.as_str(), row.cause.as_deref()) {
            (Self::ACTIVE, _) => Ok(Self::Active),
            (Self::NEEDS_LOGIN, Some(cause)) => {
                Ok(Self::NeedsLogin(sql::word(TABLE, &row.credential_id, cause)?))
            }
            (state, _) => {
                let message = format!("`{state}` is no state of an account");
                Err(StoreError::corrupt(TABLE, &row.credential_id, &message))
            }
        }
    }
}

// === impl OauthAccountRecord ===

impl OauthAccountRecord {
    /// What stands in the secret of a credential that is an account: its tokens are elsewhere.
    pub const PLACEHOLDER: &'static str = "oauth-account";

    /// What the access token of a credential is bound to when it is sealed.
    pub const fn access_place(id: CredentialId) -> Place {
        Place { table: "oauth_accounts", column: "sealed_access", row: id.raw() }
    }

    /// What the refresh token of a credential is bound to when it is sealed.
    pub const fn refresh_place(id: CredentialId) -> Place {
        Place { table: "oauth_accounts", column: "sealed_refresh", row: id.raw() }
    }

    /// What the ID token of a credential is bound to when it is sealed.
    pub const fn id_token_place(id: CredentialId) -> Place {
        Place { table: "oauth_accounts", column: "sealed_id_token", row: id.raw() }
    }

    /// A new account, to be renewed from `refresh_at` on.
    pub const fn new(
        credential_id: CredentialId,
        grant: AccountGrant,
        refresh_at: Timestamp,
        now: Timestamp,
    ) -> Self {
        Self {
            credential_id,
            grant,
            generation: 1,
            state: AccountState::Active,
            state_since: now,
            refresh_at,
            lease_owner: None,
            lease_until: Timestamp::EPOCH,
            sent: None,
            lost_generation: None,
            last_refreshed_at: None,
            last_error: None,
            created_at: now,
            updated_at: now,
        }
    }
}

impl TryFrom<oauth_account::Model> for OauthAccountRecord {
    type Error = StoreError;

    fn try_from(row: oauth_account::Model) -> Result<Self, StoreError> {
        let time = Timestamp::from_micros;
        Ok(Self {
            credential_id: row.credential_id.into(),
            state: AccountState::read(&row)?,
            grant: AccountGrant {
                account_id: row.account_id,
                email: row.email,
                plan: row.plan,
                user_id: row.user_id,
                subscription_until: row.subscription_until.map(time),
                tokens: AccountTokens {
                    sealed_access: row.sealed_access,
                    sealed_refresh: row.sealed_refresh,
                    sealed_id_token: row.sealed_id_token,
                    expires_at: time(row.expires_at),
                },
            },
            generation: row.generation,
            state_since: time(row.state_since),
            refresh_at: time(row.refresh_at),
            lease_owner: row.lease_owner.map(NodeId::new),
            lease_until: time(row.lease_until),
            sent: row.sent_generation.zip(row.sent_at.map(time)),
            lost_generation: row.lost_generation,
            last_refreshed_at: row.last_refreshed_at.map(time),
            last_error: row.last_error,
            created_at: time(row.created_at),
            updated_at: time(row.updated_at),
        })
    }
}

impl From<&OauthAccountRecord> for oauth_account::Model {
    fn from(record: &OauthAccountRecord) -> Self {
        let (grant, tokens) = (&record.grant, &record.grant.tokens);
        Self {
            credential_id: record.credential_id.raw(),
            account_id: sql::bounded(&grant.account_id, 128),
            email: grant.email.as_deref().map(|text| sql::bounded(text, 255)),
            plan: grant.plan.as_deref().map(|text| sql::bounded(text, 64)),
            user_id: grant.user_id.as_deref().map(|text| sql::bounded(text, 128)),
            subscription_until: grant.subscription_until.map(Timestamp::as_micros),
            sealed_access: tokens.sealed_access.clone(),
            sealed_refresh: tokens.sealed_refresh.clone(),
            sealed_id_token: tokens.sealed_id_token.clone(),
            expires_at: tokens.expires_at.as_micros(),
            generation: record.generation,
            state: record.state.as_str().to_owned(),
            cause: record.state.cause().map(|cause| cause.as_str().to_owned()),
            state_since: record.state_since.as_micros(),
            refresh_at: record.refresh_at.as_micros(),
            lease_owner: record.lease_owner.map(NodeId::raw),
            lease_until: record.lease_until.as_micros(),
            sent_generation: record.sent.map(|(generation, _)| generation),
            sent_at: record.sent.map(|(_, at)| at.as_micros()),
            lost_generation: record.lost_generation,
            last_refreshed_at: record.last_refreshed_at.map(Timestamp::as_micros),
            last_error: record.last_error.as_deref().map(bounded_error),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

/// An error as it is kept.
pub(super) fn bounded_error(error: &str) -> String {
    sql::bounded(error, LONGEST_ERROR)
}

// === impl Reader ===

impl Reader<'_> {
    /// The account that a credential is, if it is one.
    pub async fn find_oauth_account(
        self,
        credential: CredentialId,
    ) -> Result<Option<OauthAccountRecord>, StoreError> {
        self.one(oauth_account::Entity::find_by_id(credential.raw())).await
    }

    /// Every account, by age. There are as many as people logged in.
    pub async fn list_oauth_accounts(self) -> Result<Vec<OauthAccountRecord>, StoreError> {
        self.all(oauth_account::Entity::find().order_by_asc(oauth_account::Column::CredentialId))
            .await
    }
}

// === impl Store ===

impl Store {
    /// The active accounts whose time has come, the most urgent first, at most so many.
    pub async fn list_due_oauth_accounts(
        &self,
        now: Timestamp,
        most: u64,
    ) -> Result<Vec<OauthAccountRecord>, StoreError> {
        use sea_orm::QuerySelect as _;

        let select = oauth_account::Entity::find()
            .filter(oauth_account::Column::State.eq(AccountState::ACTIVE))
            .filter(oauth_account::Column::RefreshAt.lte(now.as_micros()))
            .order_by_asc(oauth_account::Column::RefreshAt)
            .limit(most);
        // Read where it is written: another connection may lag behind.
        Reader::new(self.writers()).all(select).await
    }
}

const RENEW: &str = "\
UPDATE oauth_accounts SET account_id = ?, email = ?, plan = ?, user_id = ?, \
subscription_until = ?, sealed_access = ?, sealed_refresh = ?, sealed_id_token = ?, \
expires_at = ?, generation = generation + 1, state = 'active', cause = NULL, state_since = ?, \
refresh_at = ?, lease_owner = NULL, lease_until = 0, sent_generation = NULL, sent_at = NULL, \
lost_generation = NULL, last_refreshed_at = NULL, last_error = NULL, updated_at = ? \
WHERE credential_id = ?";

/// What both statements that renew an account begin with: everything granted, since when it is so, and
/// when it is to be renewed again.
pub(super) fn renewed(
    credential: CredentialId,
    grant: &AccountGrant,
    refresh_at: Timestamp,
    now: Timestamp,
) -> Vec<Value> {
    let record = OauthAccountRecord::new(credential, grant.clone(), refresh_at, now);
    let row = oauth_account::Model::from(&record);
    vec![
        row.account_id.into(),
        row.email.into(),
        row.plan.into(),
        row.user_id.into(),
        row.subscription_until.into(),
        row.sealed_access.into(),
        row.sealed_refresh.into(),
        row.sealed_id_token.into(),
        row.expires_at.into(),
        now.as_micros().into(),
        row.refresh_at.into(),
    ]
}

// === impl Tx ===

impl Tx {
    /// Makes a credential an account.
    pub async fn insert_oauth_account(
        &mut self,
        record: &OauthAccountRecord,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = format!("an account behind credential {}", record.credential_id);
        self.insert(oauth_account::Model::from(record), what).await
    }

    /// Puts what a new log-in brought in place of what an account had, whatever its state. Whoever is
    /// renewing the old tokens finds that they are of another generation.
    pub async fn log_oauth_account_in(
        &mut self,
        credential: CredentialId,
        grant: &AccountGrant,
        refresh_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.bump_catalog().await?;
        let mut values = renewed(credential, grant, refresh_at, now);
        values.extend([now.as_micros().into(), credential.raw().into()]);
        Ok(self.execute(RENEW, values).await? == 1)
    }

    /// Forgets the account behind a credential: a secret given by hand takes its place.
    pub(crate) async fn forget_oauth_account(
        &self,
        credential: CredentialId,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM oauth_accounts WHERE credential_id = ?";
        self.execute(sql, vec![credential.raw().into()]).await?;
        Ok(())
    }
}
