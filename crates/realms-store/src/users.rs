//! Users: accounts of people.

use realms_types::{Budget, Limits, Secret, Timestamp, UserGroupId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use crate::{Reader, Store, StoreError, Tx, entity::user, json, sql, tx::set};

/// What a user may do in the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Their own things.
    User,
    /// Runs the service, without money, secrets and roles.
    Admin,
    /// Everything.
    Root,
}

/// An account of a person.
#[derive(Debug, Clone)]
pub struct UserRecord {
    /// Its id.
    pub id: UserId,
    /// Unique log-in name; case matters.
    pub username: String,
    /// Unique, in lower case.
    pub email: Option<String>,
    /// An argon2 hash in PHC form; without one nobody can log in by password.
    pub password_hash: Option<Secret<String>>,
    /// What the user may do.
    pub role: Role,
    /// The group of users it belongs to.
    pub group_id: UserGroupId,
    /// Whether the user may log in and call.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Moves with whatever makes the user another person; 0 of a new one.
    pub epoch: i64,
    /// What all keys of the user together may use.
    pub limits: Limits,
    /// What all keys of the user together may spend; all of them hold.
    pub budgets: Vec<Budget>,
}

/// What of a user changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct UserPatch {
    /// Unique, in lower case; `Some(None)` takes it away.
    pub email: Option<Option<String>>,
    /// The new hash; `Some(None)` takes the password away.
    pub password_hash: Option<Option<Secret<String>>>,
    /// What the user may do.
    pub role: Option<Role>,
    /// The group of users it belongs to.
    pub group_id: Option<UserGroupId>,
    /// Whether the user may log in and call.
    pub enabled: Option<bool>,
    /// What all keys of the user together may use.
    pub limits: Option<Limits>,
    /// What all keys of the user together may spend.
    pub budgets: Option<Vec<Budget>>,
}

/// Which users a list shows.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Those after this one, by id.
    pub after: Option<UserId>,
    /// At most so many, up to 200; 0 means 200.
    pub limit: u64,
}

// === impl Role ===

impl Role {
    /// The word in configuration, JSON and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
            Self::Root => "root",
        }
    }
}

// === impl UserRecord ===

impl TryFrom<user::Model> for UserRecord {
    type Error = StoreError;

    fn try_from(row: user::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            role: sql::word("users", &row.username, &row.role)?,
            limits: json::read("users", &row.username, row.limits.as_deref())?,
            budgets: json::read("users", &row.username, row.budgets.as_deref())?,
            username: row.username,
            email: row.email,
            password_hash: row.password_hash.map(Secret::new),
            group_id: row.group_id.into(),
            enabled: row.enabled,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            epoch: row.epoch,
        })
    }
}

impl From<&UserRecord> for user::Model {
    fn from(record: &UserRecord) -> Self {
        Self {
            id: record.id.raw(),
            username: record.username.clone(),
            email: record.email.clone(),
            password_hash: record.password_hash.as_ref().map(|hash| hash.reveal().clone()),
            role: record.role.as_str().to_owned(),
            group_id: record.group_id.raw(),
            enabled: record.enabled,
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            epoch: record.epoch,
            limits: json::text(&record.limits),
            budgets: json::text(&record.budgets),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// A page of users by age.
    pub async fn list_users(self, filter: &UserFilter) -> Result<Vec<UserRecord>, StoreError> {
        let mut select = user::Entity::find().order_by_asc(user::Column::Id);
        if let Some(after) = filter.after {
            select = select.filter(user::Column::Id.gt(after.raw()));
        }
        let limit = if filter.limit == 0 { 200 } else { filter.limit.min(200) };
        self.all(select.limit(limit)).await
    }

    /// A user by id.
    pub async fn find_user(self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.one(user::Entity::find_by_id(id.raw())).await
    }

    /// A user by log-in name; case matters.
    pub async fn find_user_by_name(self, username: &str) -> Result<Option<UserRecord>, StoreError> {
        self.one(user::Entity::find().filter(user::Column::Username.eq(username))).await
    }

    /// A user by e-mail address in lower case.
    pub async fn find_user_by_email(self, email: &str) -> Result<Option<UserRecord>, StoreError> {
        self.one(user::Entity::find().filter(user::Column::Email.eq(email))).await
    }

    /// Whether there is a root user, enabled or not.
    pub async fn has_root(self) -> Result<bool, StoreError> {
        let roots = user::Entity::find().filter(user::Column::Role.eq(Role::Root.as_str()));
        Ok(roots.limit(1).one(&self.link()).await?.is_some())
    }
}

impl Store {
    /// Whether there is a root user, enabled or not.
    pub async fn has_root(&self) -> Result<bool, StoreError> {
        self.read().has_root().await
    }
}

// === impl Tx ===

impl Tx {
    /// Locks a user until the end of the transaction: what is counted of theirs stays so, if whoever adds to it locks
    /// them too.
    pub async fn lock_user(&self, id: UserId) -> Result<(), StoreError> {
        let sql = "UPDATE users SET updated_at = updated_at WHERE id = ?";
        self.execute(sql, vec![id.raw().into()]).await.map(drop)
    }

    /// Adds a user.
    pub async fn insert_user(&mut self, record: &UserRecord) -> Result<(), StoreError> {
        self.bump_identity().await?;
        let what = format!("user `{}`, or its e-mail address,", record.username);
        self.insert(user::Model::from(record), what).await
    }

    /// Changes what the patch names. Another password, another role and being switched on or off end
    /// every session of the user.
    pub async fn update_user(
        &mut self,
        id: UserId,
        patch: UserPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_identity().await?;
        self.end_sessions_by(id, &patch).await?;
        let hash = patch.password_hash.map(|hash| hash.map(|hash| hash.reveal().clone()));
        let what = match &patch.email {
            Some(Some(email)) => format!("a user with the e-mail address `{email}`"),
            _ => format!("user {id}"),
        };
        let values = user::ActiveModel {
            email: set(patch.email),
            password_hash: set(hash),
            role: set(patch.role.map(|role| role.as_str().to_owned())),
            group_id: set(patch.group_id.map(UserGroupId::raw)),
            enabled: set(patch.enabled),
            limits: set(patch.limits.map(|limits| json::text(&limits))),
            budgets: set(patch.budgets.map(|budgets| json::text(&budgets))),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = user::Entity::update_many().set(values);
        self.update(update.filter(user::Column::Id.eq(id.raw())), what).await
    }

    /// Ends the sessions of a user whom this patch makes another.
    async fn end_sessions_by(&self, id: UserId, patch: &UserPatch) -> Result<(), StoreError> {
        const EPOCH: &str = "UPDATE users SET epoch = epoch + 1 WHERE id = ?";
        let mut ended = 0;
        if patch.password_hash.is_some() {
            ended += self.execute(EPOCH, vec![id.raw().into()]).await?;
        }
        if let Some(role) = patch.role {
            let sql = format!("{EPOCH} AND role <> ?");
            ended += self.execute(&sql, vec![id.raw().into(), role.as_str().into()]).await?;
        }
        if let Some(enabled) = patch.enabled {
            let sql = format!("{EPOCH} AND enabled <> ?");
            ended += self.execute(&sql, vec![id.raw().into(), enabled.into()]).await?;
        }
        if ended > 0 { self.delete_stale_sessions(id).await } else { Ok(()) }
    }

    /// Deletes a user with their API keys, sessions, notifications, invitations and kept responses. Usage records keep its id.
    pub async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError> {
        self.bump_identity().await?;
        self.forget_notifications(id).await?;
        self.forget_responses_of_user(id).await?;
        let delete = user::Entity::delete_many().filter(user::Column::Id.eq(id.raw()));
        self.delete(delete, format!("user {id}")).await
    }
}
