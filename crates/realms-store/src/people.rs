//! People as an operator lists them: users with what belongs to them, page by page.

use std::fmt::Write as _;

use realms_types::{Timestamp, UserId};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::{Reader, Role, StoreError, sql};

/// A user with what a list of people shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// The user's id.
    pub id: UserId,
    /// The log-in name.
    pub username: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// What the user may do.
    pub role: Role,
    /// The name of the user group.
    pub user_group: String,
    /// Whether the user may log in and call.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the user was last in the console, or called.
    pub last_seen_at: Option<Timestamp>,
    /// API keys that are not revoked.
    pub keys: u64,
    /// Whether the user logs in with an authenticator too.
    pub totp: bool,
}

/// Which people are meant; an empty list does not matter.
#[derive(Debug, Clone, Default)]
pub struct PeopleFilter {
    /// A part of the name or of the address; case does not matter.
    pub q: Option<String>,
    /// With any of these roles.
    pub roles: Vec<Role>,
    /// In any of these user groups.
    pub user_groups: Vec<String>,
    /// Let in, or not.
    pub enabled: Option<bool>,
    /// In which order.
    pub order: PeopleOrder,
    /// From the end on.
    pub is_descending: bool,
    /// So many are left out.
    pub skip: u64,
    /// At most so many.
    pub limit: u64,
}

/// In which order people are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeopleOrder {
    /// By age.
    #[default]
    Created,
    /// By name.
    Username,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    username: String,
    email: Option<String>,
    role: String,
    user_group: String,
    enabled: bool,
    created_at: i64,
    updated_at: i64,
    seen_at: Option<i64>,
    called_at: Option<i64>,
    api_keys: i64,
    totp: i64,
}

const SELECT: &str = "\
SELECT u.id, u.username, u.email, u.role, g.name AS user_group, u.enabled, u.created_at, \
       u.updated_at, \
       (SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) AS seen_at, \
       (SELECT MAX(k.last_used_at) FROM api_keys k WHERE k.user_id = u.id) AS called_at, \
       (SELECT COUNT(*) FROM api_keys k WHERE k.user_id = u.id AND k.revoked_at IS NULL) \
       AS api_keys, \
       (SELECT COUNT(*) FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) \
       AS totp \
FROM users u JOIN user_groups g ON g.id = u.group_id WHERE ";

// === impl PersonRecord ===

impl TryFrom<Row> for PersonRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            role: sql::word("users", &row.username, &row.role)?,
            username: row.username,
            email: row.email,
            user_group: row.user_group,
            enabled: row.enabled,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            last_seen_at: row.seen_at.max(row.called_at).map(Timestamp::from_micros),
            keys: u64::try_from(row.api_keys).unwrap_or(0),
            totp: row.totp > 0,
        })
    }
}

// === impl PeopleFilter ===

impl PeopleFilter {
    /// The `WHERE` of this filter with its values.
    fn conditions(&self) -> (String, Vec<Value>) {
        let (mut text, mut values) = ("1 = 1".to_owned(), Vec::<Value>::new());
        if let Some(q) = &self.q {
            let pattern = format!("%{}%", escaped(&q.to_lowercase()));
            text.push_str(
                " AND (LOWER(u.username) LIKE ? ESCAPE '!' OR LOWER(u.email) LIKE ? ESCAPE '!')",
            );
            values.extend([pattern.clone().into(), pattern.into()]);
        }
        let roles = self.roles.iter().map(|role| role.as_str().to_owned()).collect::<Vec<_>>();
        for (column, words) in [("u.role", &roles), ("g.name", &self.user_groups)] {
            if !words.is_empty() {
                let marks = vec!["?"; words.len()].join(", ");
                // Writing to a `String` cannot fail.
                let _ = write!(text, " AND {column} IN ({marks})");
                values.extend(words.iter().map(|word| Value::from(word.as_str())));
            }
        }
        if let Some(enabled) = self.enabled {
            text.push_str(" AND u.enabled = ?");
            values.push(enabled.into());
        }
        (text, values)
    }
}

/// A text in which the wildcards of `LIKE` stand for themselves.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_").replace('\0', "")
}

// === impl Reader ===

impl Reader<'_> {
    /// A page of people.
    pub async fn list_people(self, filter: &PeopleFilter) -> Result<Vec<PersonRecord>, StoreError> {
        let (conditions, mut values) = filter.conditions();
        let direction = if filter.is_descending { "DESC" } else { "ASC" };
        let order = match filter.order {
            PeopleOrder::Created => format!("u.id {direction}"),
            PeopleOrder::Username => format!("u.username {direction}, u.id {direction}"),
        };
        let text = format!("{SELECT}{conditions} ORDER BY {order} LIMIT ? OFFSET ?");
        let bound = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
        values.extend([bound(filter.limit), bound(filter.skip)]);
        self.people(&text, values).await
    }

    /// One of the people.
    pub async fn find_person(self, id: UserId) -> Result<Option<PersonRecord>, StoreError> {
        let text = format!("{SELECT}u.id = ?");
        Ok(self.people(&text, vec![id.raw().into()]).await?.pop())
    }

    async fn people(self, text: &str, values: Vec<Value>) -> Result<Vec<PersonRecord>, StoreError> {
        let link = self.link();
        let rows = link.query_all_raw(sql::statement(link, text, values)).await?;
        rows.iter().map(|row| Row::from_query_result(row, "")?.try_into()).collect()
    }

    /// How many people there are.
    pub async fn count_people(self, filter: &PeopleFilter) -> Result<u64, StoreError> {
        let (conditions, values) = filter.conditions();
        let text = format!(
            "SELECT COUNT(*) FROM users u JOIN user_groups g ON g.id = u.group_id \
             WHERE {conditions}"
        );
        let link = self.link();
        let row = link.query_one_raw(sql::statement(link, &text, values)).await?;
        let count = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
        Ok(u64::try_from(count.unwrap_or(0)).unwrap_or(0))
    }
}
