//! Sessions: who is signed in to the console, by the hash of a token.
//!
//! A session counts as long as its epoch is its user's. What makes a user another person (a new
//! password, another role, being switched off) moves the user's epoch, so no session survives it,
//! not even one that is opened at the same moment.

use realms_types::{SessionId, Timestamp, UserGroupId, UserId};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::{Reader, Role, Store, StoreError, Tx, UserRecord, api_keys::hex, sql};

/// A session of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When it was last used, up to a minute late.
    pub last_seen_at: Timestamp,
    /// When the user last proved who they are: by signing in, or again later.
    pub reauthenticated_at: Option<Timestamp>,
    /// Where it was opened from.
    pub address: String,
    /// What it was opened with.
    pub user_agent: String,
}

/// A session with what every request of the console asks of its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInRecord {
    /// The session.
    pub session: SessionRecord,
    /// The user's log-in name.
    pub username: String,
    /// What the user may do.
    pub role: Role,
    /// The group of users it belongs to.
    pub group_id: UserGroupId,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    user_id: i64,
    created_at: i64,
    last_seen_at: i64,
    reauthenticated_at: Option<i64>,
    address: String,
    user_agent: String,
    username: String,
    role: String,
    group_id: i64,
}

/// Sessions of one user; the oldest end when there are more.
const MOST_SESSIONS: usize = 50;

/// Sessions that count, with their users.
const FIND: &str = "\
SELECT s.id, s.user_id, s.created_at, s.last_seen_at, s.reauthenticated_at, s.address, \
       s.user_agent, u.username, u.role, u.group_id \
FROM sessions s JOIN users u ON u.id = s.user_id AND u.epoch = s.epoch \
WHERE u.enabled = ?";

/// Only a user who is there and let in gets a session, at the epoch of this moment.
const INSERT: &str = "\
INSERT INTO sessions \
(id, token_hash, user_id, epoch, created_at, last_seen_at, reauthenticated_at, address, user_agent) \
SELECT ?, ?, u.id, u.epoch, ?, ?, ?, ?, ? FROM users u WHERE u.id = ? AND u.enabled = ?";

// === impl SignedInRecord ===

impl TryFrom<Row> for SignedInRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            role: sql::word("users", &row.username, &row.role)?,
            username: row.username,
            group_id: row.group_id.into(),
            session: SessionRecord {
                id: row.id.into(),
                user_id: row.user_id.into(),
                created_at: Timestamp::from_micros(row.created_at),
                last_seen_at: Timestamp::from_micros(row.last_seen_at),
                reauthenticated_at: row.reauthenticated_at.map(Timestamp::from_micros),
                address: row.address,
                user_agent: row.user_agent,
            },
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The sessions of one user that count, the newest first. Whether one is too old is for the
    /// caller to say.
    pub async fn list_sessions(self, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
        let sql = format!("{FIND} AND s.user_id = ? ORDER BY s.id DESC");
        let found = self.sessions(&sql, vec![true.into(), user.raw().into()]).await?;
        Ok(found.into_iter().map(|found| found.session).collect())
    }

    /// A session that counts, by its id.
    pub async fn find_session(self, id: SessionId) -> Result<Option<SignedInRecord>, StoreError> {
        let sql = format!("{FIND} AND s.id = ?");
        Ok(self.sessions(&sql, vec![true.into(), id.raw().into()]).await?.pop())
    }

    /// A session that counts, by the keyed hash of its token.
    pub async fn find_session_by_hash(
        self,
        hash: &[u8; 32],
    ) -> Result<Option<SignedInRecord>, StoreError> {
        let sql = format!("{FIND} AND s.token_hash = ?");
        Ok(self.sessions(&sql, vec![true.into(), hex(hash).into()]).await?.pop())
    }

    async fn sessions(
        self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<SignedInRecord>, StoreError> {
        let link = self.link();
        let rows = link.query_all_raw(sql::statement(link, sql, values)).await?;
        rows.iter().map(|row| Row::from_query_result(row, "")?.try_into()).collect()
    }
}

// === impl Store ===

impl Store {
    /// Notes that a session was used. It is no matter of life and death, so it bumps no version.
    pub async fn touch_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?";
        let now = Value::from(now.as_micros());
        sql::execute(self.writers(), sql, vec![now.clone(), id.raw().into(), now]).await?;
        Ok(())
    }
}

// === impl Tx ===

impl Tx {
    /// Opens a session, found by the keyed hash of its token. `false`: there is no such user, or it
    /// is switched off. Of more than 50 sessions the oldest end.
    pub async fn insert_session(
        &mut self,
        record: &SessionRecord,
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        self.insert_session_at(record, token_hash, None).await
    }

    /// Opens a session of a user as they were when their proof was looked at. `false` also when they
    /// became another since: who shows the old password while a new one is set gets no session.
    pub async fn insert_session_of(
        &mut self,
        user: &UserRecord,
        record: &SessionRecord,
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        self.insert_session_at(record, token_hash, Some(user.epoch)).await
    }

    async fn insert_session_at(
        &mut self,
        record: &SessionRecord,
        token_hash: &[u8; 32],
        epoch: Option<i64>,
    ) -> Result<bool, StoreError> {
        let mut values = vec![
            record.id.raw().into(),
            hex(token_hash).into(),
            record.created_at.as_micros().into(),
            record.last_seen_at.as_micros().into(),
            record.reauthenticated_at.map(Timestamp::as_micros).into(),
            sql::bounded(&record.address, 64).into(),
            sql::bounded(&record.user_agent, 255).into(),
            record.user_id.raw().into(),
            true.into(),
        ];
        let mut sql = INSERT.to_owned();
        if let Some(epoch) = epoch {
            sql.push_str(" AND u.epoch = ?");
            values.push(epoch.into());
        }
        if self.execute(&sql, values).await? == 0 {
            return Ok(false);
        }
        let sessions = self.read().list_sessions(record.user_id).await?;
        if let Some(oldest) = sessions.get(MOST_SESSIONS) {
            let sql = "DELETE FROM sessions WHERE user_id = ? AND id <= ?";
            let values = vec![record.user_id.raw().into(), oldest.id.raw().into()];
            self.execute(sql, values).await?;
        }
        Ok(true)
    }

    /// Notes that the user of a session proved again who they are.
    pub async fn reauthenticate_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET reauthenticated_at = ? WHERE id = ?";
        match self.execute(sql, vec![now.as_micros().into(), id.raw().into()]).await? {
            0 => Err(StoreError::not_found(format!("session {id}"))),
            _ => Ok(()),
        }
    }

    /// Ends one session of a user. `false`: the user has no such session.
    pub async fn delete_session(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<bool, StoreError> {
        self.bump_identity().await?;
        let sql = "DELETE FROM sessions WHERE id = ? AND user_id = ?";
        Ok(self.execute(sql, vec![id.raw().into(), user.raw().into()]).await? == 1)
    }

    /// Ends every session of a user but the one to keep.
    pub async fn end_sessions(
        &mut self,
        user: UserId,
        keep: Option<SessionId>,
    ) -> Result<(), StoreError> {
        self.bump_identity().await?;
        let sql = "UPDATE users SET epoch = epoch + 1 WHERE id = ?";
        if self.execute(sql, vec![user.raw().into()]).await? == 0 {
            return Err(StoreError::not_found(format!("user {user}")));
        }
        if let Some(keep) = keep {
            // One that was stale before stays stale.
            let sql = "UPDATE sessions SET epoch = epoch + 1 WHERE id = ? AND user_id = ?";
            self.execute(sql, vec![keep.raw().into(), user.raw().into()]).await?;
        }
        self.delete_stale_sessions(user).await
    }

    /// What was begun with what the user was before, goes with the sessions: a log-in between its two
    /// steps.
    pub(crate) async fn delete_stale_sessions(&self, user: UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE user_id = ? \
                   AND epoch < (SELECT epoch FROM users WHERE id = ?)";
        let user = Value::from(user.raw());
        self.execute(sql, vec![user.clone(), user.clone()]).await?;
        self.execute("DELETE FROM challenges WHERE user_id = ?", vec![user]).await.map(drop)
    }
}
