//! What people call the users and API keys behind many ids, in one read each.

use std::collections::{HashMap, HashSet};

use realms_types::{ApiKeyId, UserId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr},
};

use crate::{
    Reader, StoreError,
    entity::{api_key, user},
    sql,
};

/// What an API key is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyName {
    /// Its name.
    pub name: String,
    /// Its last 4 characters.
    pub hint: String,
}

/// An API key that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its name among the user's keys.
    pub name: String,
    /// Its last 4 characters.
    pub hint: String,
}

/// Ids looked up at once: what every database takes as parameters.
const AT_ONCE: usize = 500;

// === impl Reader ===

impl Reader<'_> {
    /// The log-in names of users; those that are gone are left out.
    pub async fn usernames(
        self,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, String>, StoreError> {
        let mut names = HashMap::new();
        for ids in distinct(ids.into_iter().map(UserId::raw)).chunks(AT_ONCE) {
            let rows: Vec<(i64, String)> = user::Entity::find()
                .select_only()
                .columns([user::Column::Id, user::Column::Username])
                .filter(user::Column::Id.is_in(ids.iter().copied()))
                .into_tuple()
                .all(&self.link())
                .await?;
            names.extend(rows.into_iter().map(|(id, name)| (UserId::new(id), name)));
        }
        Ok(names)
    }

    /// The names of API keys; those that are gone are left out.
    pub async fn api_key_names(
        self,
        ids: impl IntoIterator<Item = ApiKeyId>,
    ) -> Result<HashMap<ApiKeyId, ApiKeyName>, StoreError> {
        let mut found = HashMap::new();
        for ids in distinct(ids.into_iter().map(ApiKeyId::raw)).chunks(AT_ONCE) {
            let rows: Vec<(i64, String, String)> = api_key::Entity::find()
                .select_only()
                .columns([api_key::Column::Id, api_key::Column::Name, api_key::Column::Hint])
                .filter(api_key::Column::Id.is_in(ids.iter().copied()))
                .into_tuple()
                .all(&self.link())
                .await?;
            let with_id = |(id, name, hint)| (ApiKeyId::new(id), ApiKeyName { name, hint });
            found.extend(rows.into_iter().map(with_id));
        }
        Ok(found)
    }

    /// The API keys with exactly this name: of one user, or of anyone.
    pub async fn api_keys_named(
        self,
        name: &str,
        of: Option<UserId>,
    ) -> Result<Vec<FoundKey>, StoreError> {
        self.find_keys(api_key::Column::Name.eq(name), of, AT_ONCE as u64).await
    }

    /// API keys whose name has this part, whatever its case, or whose last characters these are: of
    /// one user, or of anyone.
    pub async fn search_api_keys(
        self,
        part: &str,
        of: Option<UserId>,
        most: u64,
    ) -> Result<Vec<FoundKey>, StoreError> {
        let name = lower(api_key::Column::Name).like(pattern(part));
        self.find_keys(name.or(api_key::Column::Hint.eq(part)), of, most).await
    }

    /// Users whose name or address has this part, whatever its case.
    pub async fn search_users(
        self,
        part: &str,
        most: u64,
    ) -> Result<Vec<(UserId, String)>, StoreError> {
        let name = lower(user::Column::Username).like(pattern(part));
        let rows: Vec<(i64, String)> = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Username])
            .filter(name.or(lower(user::Column::Email).like(pattern(part))))
            .order_by_asc(user::Column::Username)
            .limit(most)
            .into_tuple()
            .all(&self.link())
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (id.into(), name)).collect())
    }

    async fn find_keys(
        self,
        condition: Expr,
        of: Option<UserId>,
        most: u64,
    ) -> Result<Vec<FoundKey>, StoreError> {
        use api_key::Column;
        let mut select = api_key::Entity::find()
            .select_only()
            .columns([Column::Id, Column::UserId, Column::Name, Column::Hint])
            .filter(condition);
        if let Some(user) = of {
            select = select.filter(Column::UserId.eq(user.raw()));
        }
        let rows: Vec<(i64, i64, String, String)> =
            select.order_by_asc(Column::Name).limit(most).into_tuple().all(&self.link()).await?;
        let found = |(id, user_id, name, hint): (i64, i64, String, String)| FoundKey {
            id: id.into(),
            user_id: user_id.into(),
            name,
            hint,
        };
        Ok(rows.into_iter().map(found).collect())
    }
}

fn lower(column: impl ColumnTrait) -> Expr {
    Expr::expr(Func::lower(Expr::col(column)))
}

/// A pattern for a part of a text, whatever its case.
fn pattern(part: &str) -> LikeExpr {
    LikeExpr::new(sql::part(&part.to_lowercase())).escape('!')
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    ids.collect::<HashSet<_>>().into_iter().collect()
}
