//! Sessions of the console: opened, found by their token, ended.
//!
//! A token is 256 random bits; the database has only its keyed hash. A found session is kept for at
//! most a second, so what ends one anywhere ends it everywhere within that.

use std::{fmt, sync::Arc, time::Duration};

use moka::sync::Cache;
use realms_seal::{Keyring, random_token};
use realms_store::{Role, SessionRecord, SignedInRecord, Store, Tx, UserRecord};
use realms_types::{Ids, Secret, SessionId, SharedClock, Timestamp, UserGroupId, UserId};
use tokio::sync::watch;

use crate::{Denied, IdentityError};

/// Sessions kept in memory, and tokens known to open none.
const MOST: u64 = 10_000;
/// How long one is kept: what another node ended is over here after that.
const LIFE: Duration = Duration::from_secs(1);
/// How often the last use of a session is written.
const TOUCH: Duration = Duration::from_mins(1);
/// How long a proof of who one is holds, for acts that need a fresh one.
const FRESH: Duration = Duration::from_mins(10);

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// Without being used.
    pub idle: Duration,
    /// In any case.
    pub absolute: Duration,
}

/// How long sessions last, by role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Of users.
    pub user: Lifetime,
    /// Of root and admins.
    pub operator: Lifetime,
}

/// A user with a session, as every request of the console sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The user.
    pub user_id: UserId,
    /// The user's log-in name.
    pub username: String,
    /// What the user may do.
    pub role: Role,
    /// The user's group.
    pub group_id: UserGroupId,
    /// The session.
    pub session_id: SessionId,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the session ends if it is not used.
    pub expires_at: Timestamp,
    /// When the user last proved who they are.
    pub reauthenticated_at: Option<Timestamp>,
}

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// For this user.
    pub user_id: UserId,
    /// From there.
    pub address: String,
    /// With this.
    pub user_agent: String,
    /// Whether the user just proved who they are to Realms itself, by a password or a passkey.
    pub proved: bool,
}

/// A session that was opened.
#[derive(Debug)]
pub struct Opened {
    /// Its id.
    pub session_id: SessionId,
    /// What the cookie holds. It is known here only.
    pub token: Secret<String>,
}

/// Opens, finds and ends sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions(Arc<Inner>);

struct Inner {
    store: Store,
    keyring: Keyring,
    clock: SharedClock,
    ids: Ids,
    lifetimes: Lifetimes,
    /// What was found for a token, nothing included, and before which change.
    found: Cache<[u8; 32], Entry>,
    /// Sessions whose use was written lately.
    touched: Cache<SessionId, ()>,
    generation: watch::Sender<u64>,
}

#[derive(Clone)]
struct Entry {
    signed_in: Option<Arc<SignedIn>>,
    generation: u64,
}

// === impl Lifetimes ===

impl Lifetimes {
    /// For a person or a team: who operates also works here all day, so half a day is idle enough.
    pub const SELF_MODE: Self = Self {
        user: Lifetime { idle: Duration::from_hours(24), absolute: Duration::from_hours(30 * 24) },
        operator: Lifetime {
            idle: Duration::from_hours(12),
            absolute: Duration::from_hours(7 * 24),
        },
    };

    /// For a paying public: a session that can move other people's money is short.
    pub const BUSINESS_MODE: Self = Self {
        user: Self::SELF_MODE.user,
        operator: Lifetime { idle: Duration::from_hours(2), absolute: Duration::from_hours(24) },
    };

    const fn of(&self, role: Role) -> Lifetime {
        match role {
            Role::User => self.user,
            Role::Admin | Role::Root => self.operator,
        }
    }

    /// When a session ends if it is not used again.
    fn end(&self, role: Role, session: &SessionRecord) -> Timestamp {
        let Lifetime { idle, absolute } = self.of(role);
        (session.last_seen_at + idle).min(session.created_at + absolute)
    }
}

// === impl SignedIn ===

impl SignedIn {
    /// Whether the user proved who they are within the last 10 minutes.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.reauthenticated_at.is_some_and(|at| now < at + FRESH)
    }

    fn new(record: SignedInRecord, lifetimes: &Lifetimes) -> Self {
        let SignedInRecord { session, username, role, group_id } = record;
        Self {
            user_id: session.user_id,
            session_id: session.id,
            created_at: session.created_at,
            expires_at: lifetimes.end(role, &session),
            reauthenticated_at: session.reauthenticated_at,
            username,
            role,
            group_id,
        }
    }
}

// === impl Sessions ===

impl Sessions {
    /// Sessions in this store.
    pub fn new(
        store: Store,
        keyring: Keyring,
        clock: SharedClock,
        ids: Ids,
        lifetimes: Lifetimes,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            keyring,
            clock,
            ids,
            lifetimes,
            found: Cache::builder().max_capacity(MOST).time_to_live(LIFE).build(),
            touched: Cache::builder().max_capacity(MOST).time_to_live(TOUCH).build(),
            generation: watch::Sender::new(0),
        }))
    }

    /// Opens a session of a user who proved who they are.
    pub async fn open(&self, new: NewSession) -> Result<Opened, IdentityError> {
        let mut tx = self.0.store.begin().await?;
        let opened = self.open_in(&mut tx, new).await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// Opens a session together with what else the transaction does. A user who is not there or is
    /// switched off gets none.
    pub async fn open_in(&self, tx: &mut Tx, new: NewSession) -> Result<Opened, IdentityError> {
        let (token, record) = self.make(new);
        if tx.insert_session(&record, &self.hash(token.reveal())).await? {
            Ok(Opened { session_id: record.id, token })
        } else {
            Err(IdentityError::Denied(Denied::UserDisabled))
        }
    }

    /// Opens a session of a user as they were when their proof was looked at. Who became another
    /// since, by a new password or by being switched off, gets none.
    pub(crate) async fn open_as(
        &self,
        tx: &mut Tx,
        user: &UserRecord,
        new: NewSession,
    ) -> Result<Opened, IdentityError> {
        let (token, record) = self.make(new);
        if tx.insert_session_of(user, &record, &self.hash(token.reveal())).await? {
            Ok(Opened { session_id: record.id, token })
        } else {
            Err(IdentityError::WrongCredentials)
        }
    }

    fn make(&self, new: NewSession) -> (Secret<String>, SessionRecord) {
        let now = self.0.clock.now();
        let record = SessionRecord {
            id: self.0.ids.next(),
            user_id: new.user_id,
            created_at: now,
            last_seen_at: now,
            reauthenticated_at: new.proved.then_some(now),
            address: new.address,
            user_agent: new.user_agent,
        };
        (random_token(""), record)
    }

    /// Who is behind a token; nobody when there is no such session or it is over.
    pub async fn find(&self, token: &str) -> Result<Option<Arc<SignedIn>>, IdentityError> {
        let (hash, now) = (self.hash(token), self.0.clock.now());
        // Read before the database is: what a change in between makes stale is never kept.
        let generation = *self.0.generation.borrow();
        let kept = self.0.found.get(&hash).filter(|entry| entry.generation == generation);
        let signed_in = if let Some(entry) = kept {
            entry.signed_in
        } else {
            let record = self.0.store.read().find_session_by_hash(&hash).await?;
            let signed_in = record.map(|record| Arc::new(SignedIn::new(record, &self.0.lifetimes)));
            self.0.found.insert(hash, Entry { signed_in: signed_in.clone(), generation });
            signed_in
        };
        let signed_in = signed_in.filter(|signed_in| now < signed_in.expires_at);
        if let Some(signed_in) = &signed_in {
            self.touch(signed_in.session_id, now);
        }
        Ok(signed_in)
    }

    /// A session as the database has it now: for what a second's delay would get wrong.
    pub async fn find_now(&self, id: SessionId) -> Result<Option<SignedIn>, IdentityError> {
        let record = self.0.store.read().find_session(id).await?;
        let signed_in = record.map(|record| SignedIn::new(record, &self.0.lifetimes));
        Ok(signed_in.filter(|signed_in| self.0.clock.now() < signed_in.expires_at))
    }

    /// The sessions of a user that are not over, the newest first, each with its end.
    pub async fn list(
        &self,
        user: UserId,
        role: Role,
    ) -> Result<Vec<(SessionRecord, Timestamp)>, IdentityError> {
        let (sessions, now) = (self.0.store.read().list_sessions(user).await?, self.0.clock.now());
        let with_end = sessions.into_iter().map(|session| {
            let end = self.0.lifetimes.end(role, &session);
            (session, end)
        });
        Ok(with_end.filter(|(_, end)| now < *end).collect())
    }

    /// Ends one session of a user. `false`: the user has no such session.
    pub async fn close(&self, user: UserId, id: SessionId) -> Result<bool, IdentityError> {
        let mut tx = self.0.store.begin().await?;
        let closed = tx.delete_session(user, id).await?;
        tx.commit().await?;
        self.forget_all();
        Ok(closed)
    }

    /// Ends every session of a user but this one.
    pub async fn close_others(&self, user: UserId, keep: SessionId) -> Result<(), IdentityError> {
        self.end(user, Some(keep)).await
    }

    /// Ends every session of a user.
    pub async fn close_all(&self, user: UserId) -> Result<(), IdentityError> {
        self.end(user, None).await
    }

    /// Notes that the user of a session just proved again who they are.
    pub async fn reauthenticate(&self, id: SessionId) -> Result<(), IdentityError> {
        let mut tx = self.0.store.begin().await?;
        tx.reauthenticate_session(id, self.0.clock.now()).await?;
        tx.commit().await?;
        self.forget_all();
        Ok(())
    }

    /// Forgets what was found, because a user or a session changed somewhere.
    pub fn forget_all(&self) {
        self.0.generation.send_modify(|generation| *generation += 1);
    }

    /// Tells whenever a user or a session may have changed, here or at another node: for what stays
    /// open longer than a request.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.generation.subscribe()
    }

    async fn end(&self, user: UserId, keep: Option<SessionId>) -> Result<(), IdentityError> {
        let mut tx = self.0.store.begin().await?;
        tx.end_sessions(user, keep).await?;
        tx.commit().await?;
        self.forget_all();
        Ok(())
    }

    /// What a token is looked up by. The prefix keeps sessions apart from keys hashed with the same
    /// pepper.
    fn hash(&self, token: &str) -> [u8; 32] {
        self.0.keyring.keyed_hash(&format!("session:{token}"))
    }

    /// Writes down that a session is in use, once a minute and off the path of the request.
    fn touch(&self, id: SessionId, now: Timestamp) {
        if self.0.touched.contains_key(&id) {
            return;
        }
        self.0.touched.insert(id, ());
        let store = self.0.store.clone();
        tokio::spawn(async move {
            if let Err(error) = store.touch_session(id, now).await {
                tracing::warn!(%error, "the use of a session was not written down");
            }
        });
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("found", &self.0.found.entry_count()).finish()
    }
}
