//! From a key to its caller, over a bounded cache that forgets everyone when anything changes.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use realms_seal::Keyring;
use realms_store::{CallerRecord, Store, SubscriptionRecord};
use realms_types::{
    ApiKeyId, AppScope, Budget, ChannelGroupId, KeyRules, Limits, Ppm, SharedClock, Timestamp,
    UserGroupId, UserId,
};

use crate::{Denied, IdentityError, key_hash, legacy_key_hash, provider::ACCESS_TOKEN};

/// Callers kept in memory.
const MOST: u64 = 100_000;
/// Refused keys kept in memory, so that a flood of them does not reach the database.
const MOST_REFUSED: u64 = 10_000;
/// The longest a caller stays in memory, should no change ever be seen.
const LIFE: Duration = Duration::from_mins(5);
/// How long a refusal stays: a key made a moment ago must work a second later.
const LIFE_REFUSED: Duration = Duration::from_secs(1);

/// An authenticated principal: a key and the user behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key.
    pub api_key_id: ApiKeyId,
    /// Its user.
    pub user_id: UserId,
    /// The user's log-in name.
    pub username: String,
    /// The user's group.
    pub user_group: Option<UserGroupId>,
    /// The channel groups the key narrows to, in order; empty: all of the user's group.
    pub channel_groups: Vec<ChannelGroupId>,
    /// What the key may use.
    pub limits: Limits,
    /// What all keys of the user together may use.
    pub user_limits: Limits,
    /// What all keys of the user together may spend; what the key may is among its rules.
    pub user_budgets: Vec<Budget>,
    /// The time of plans that the user has now or later, in the order in which it pays.
    pub subscriptions: Vec<SubscriptionRecord>,
    /// What the key is good for.
    pub rules: KeyRules,
    /// What the calls of the key cost of what they would.
    pub multiplier: Ppm,
    /// When the key ends.
    pub ends_at: Option<Timestamp>,
    /// Whether an OAuth app calls, with an access token.
    pub by_app: bool,
}

/// Finds callers by key.
#[derive(Clone)]
pub struct Callers(Arc<Inner>);

struct Inner {
    store: Store,
    keyring: Keyring,
    clock: SharedClock,
    known: Cache<[u8; 32], Entry<Arc<Caller>>>,
    refused: Cache<[u8; 32], Entry<Denied>>,
    generation: AtomicU64,
}

/// What was found, and before which change.
#[derive(Clone)]
struct Entry<T> {
    found: T,
    generation: u64,
}

// === impl Callers ===

impl Callers {
    /// Looks keys up in this store.
    pub fn new(store: Store, keyring: Keyring, clock: SharedClock) -> Self {
        Self(Arc::new(Inner {
            store,
            keyring,
            clock,
            known: Cache::builder().max_capacity(MOST).time_to_live(LIFE).build(),
            refused: Cache::builder().max_capacity(MOST_REFUSED).time_to_live(LIFE_REFUSED).build(),
            generation: AtomicU64::new(0),
        }))
    }

    /// The caller behind a key, or why there is none.
    pub async fn find(&self, key: &str) -> Result<Arc<Caller>, IdentityError> {
        let hash = self.0.keyring.keyed_hash(key);
        // Read before the database is: what a change in between makes stale is never kept.
        let generation = self.generation();
        if let Some(entry) = self.0.known.get(&hash).filter(|e| e.generation == generation) {
            return Ok(entry.found);
        }
        if let Some(entry) = self.0.refused.get(&hash).filter(|e| e.generation == generation) {
            return Err(IdentityError::Denied(entry.found));
        }
        match self.look_up(key).await? {
            Ok(caller) => {
                let found = Arc::new(caller);
                self.0.known.insert(hash, Entry { found: Arc::clone(&found), generation });
                Ok(found)
            }
            Err(denied) => {
                self.0.refused.insert(hash, Entry { found: denied, generation });
                Err(IdentityError::Denied(denied))
            }
        }
    }

    /// Changes whenever everyone is forgotten.
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Forgets everyone, because a key or a user changed somewhere.
    pub fn forget_all(&self) {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
    }

    async fn look_up(&self, key: &str) -> Result<Result<Caller, Denied>, IdentityError> {
        let store = &self.0.store;
        let now = self.0.clock.now();
        let record = match store.find_caller(&key_hash(&self.0.keyring, key)).await? {
            Some(record) => Some(record),
            None => store.find_caller(&legacy_key_hash(key)).await?,
        };
        let admitted = match record {
            Some(record) => Caller::admit(record),
            None => self.admit_token(key, now).await?,
        };
        let (mut caller, is_first) = match admitted {
            Ok(admitted) => admitted,
            Err(denied) => return Ok(Err(denied)),
        };
        caller.subscriptions = store.read().list_open_subscriptions(caller.user_id, now).await?;
        Ok(Ok(if is_first { self.used_first(caller).await? } else { caller }))
    }

    /// The caller behind an access token of an OAuth app: the user's API key that stands for the app, until the token
    /// ends.
    async fn admit_token(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Result<(Caller, bool), Denied>, IdentityError> {
        if !token.starts_with(ACCESS_TOKEN) {
            return Ok(Err(Denied::UnknownKey));
        }
        let store = &self.0.store;
        let hash = self.0.keyring.keyed_hash(token);
        let Some(behind) = store.find_behind_token(&hash).await? else {
            return Ok(Err(Denied::UnknownKey));
        };
        if behind.expires_at <= now {
            return Ok(Err(Denied::TokenExpired));
        }
        if !behind.app_enabled {
            return Ok(Err(Denied::AppDisabled));
        }
        if !behind.scopes.has(AppScope::Relay) {
            return Ok(Err(Denied::NotForRelay));
        }
        let Some(key) = behind.api_key else { return Ok(Err(Denied::KeyRevoked)) };
        let Some(record) = store.find_caller_by_id(key).await? else {
            return Ok(Err(Denied::KeyRevoked));
        };
        Ok(Caller::admit(record).map(|(caller, is_first)| {
            let ends_at = earlier(caller.ends_at, Some(behind.expires_at));
            (Caller { ends_at, by_app: true, ..caller }, is_first)
        }))
    }

    /// Starts the time of a key that counts from its first call. Two nodes may both be first: the time
    /// that was written counts, and each hears of it when it looks the key up again.
    async fn used_first(&self, caller: Caller) -> Result<Caller, IdentityError> {
        let now = self.0.clock.now();
        let mut tx = self.0.store.begin().await?;
        tx.note_first_use(caller.api_key_id, now).await?;
        tx.commit().await?;
        let ends_at = earlier(caller.ends_at, caller.rules.ends_at(Some(now)));
        Ok(Caller { ends_at, ..caller })
    }
}

/// The earlier of two ends, where there is one.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

impl fmt::Debug for Callers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callers").field("known", &self.0.known.entry_count()).finish()
    }
}

// === impl Caller ===

impl Caller {
    /// The caller, and whether this is the first call of a key whose time counts from there.
    fn admit(record: CallerRecord) -> Result<(Self, bool), Denied> {
        if record.revoked_at.is_some() {
            Err(Denied::KeyRevoked)
        } else if !record.api_key_enabled {
            Err(Denied::KeyDisabled)
        } else if !record.user_enabled {
            Err(Denied::UserDisabled)
        } else {
            let is_first = record.first_used_at.is_none() && record.rules.valid_for_s.is_some();
            let caller = Self {
                api_key_id: record.api_key_id,
                user_id: record.user_id,
                username: record.username,
                user_group: Some(record.user_group_id),
                channel_groups: record.channel_groups,
                limits: record.limits,
                user_limits: record.user_limits,
                user_budgets: record.user_budgets,
                subscriptions: Vec::new(),
                ends_at: record.rules.ends_at(record.first_used_at),
                rules: record.rules,
                by_app: false,
                multiplier: record.multiplier,
            };
            Ok((caller, is_first))
        }
    }
}
