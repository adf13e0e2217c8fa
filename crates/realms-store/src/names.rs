//! Names of the people and keys that usage records are of, many at once.

use std::collections::HashMap;

use realms_types::{ApiKeyId, UserId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr},
};

use crate::{
    Reader, StoreError,
    entity::{api_key, user},
};

/// What an API key is shown as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its name among the user's keys.
    pub name: String,
    /// Its last characters.
    pub hint: String,
}

// === impl Reader ===

impl Reader<'_> {
    /// The names of these users; those who are gone are left out.
    pub async fn user_names(
        self,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, String>, StoreError> {
        let ids: Vec<i64> = ids.into_iter().map(UserId::raw).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(i64, String)> = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Username])
            .filter(user::Column::Id.is_in(ids))
            .into_tuple()
            .all(&self.link())
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (id.into(), name)).collect())
    }

    /// What these API keys are shown as; those that are gone are left out.
    pub async fn key_names(
        self,
        ids: impl IntoIterator<Item = ApiKeyId>,
    ) -> Result<HashMap<ApiKeyId, KeyName>, StoreError> {
        let ids: Vec<i64> = ids.into_iter().map(ApiKeyId::raw).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let keys = self.keys_where(api_key::Column::Id.is_in(ids), None).await?;
        Ok(keys.into_iter().map(|key| (key.id, key)).collect())
    }

    /// The API keys with exactly this name: of one user, or of anyone.
    pub async fn keys_named(
        self,
        name: &str,
        of: Option<UserId>,
    ) -> Result<Vec<KeyName>, StoreError> {
        let mut condition = api_key::Column::Name.eq(name);
        if let Some(user) = of {
            condition = condition.and(api_key::Column::UserId.eq(user.raw()));
        }
        self.keys_where(condition, None).await
    }

    /// API keys whose name or hint has this part, whatever its case: of one user, or of anyone.
    pub async fn search_keys(
        self,
        part: &str,
        of: Option<UserId>,
        most: u64,
    ) -> Result<Vec<KeyName>, StoreError> {
        let name = Expr::expr(Func::lower(Expr::col(api_key::Column::Name))).like(pattern(part));
        let mut condition = name.or(api_key::Column::Hint.eq(part));
        if let Some(user) = of {
            condition = condition.and(api_key::Column::UserId.eq(user.raw()));
        }
        self.keys_where(condition, Some(most)).await
    }

    /// Users whose name or address has this part, whatever its case.
    pub async fn search_users(
        self,
        part: &str,
        most: u64,
    ) -> Result<Vec<(UserId, String)>, StoreError> {
        let lower = |column| Expr::expr(Func::lower(Expr::col(column)));
        let rows: Vec<(i64, String)> = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Username])
            .filter(
                lower(user::Column::Username)
                    .like(pattern(part))
                    .or(lower(user::Column::Email).like(pattern(part))),
            )
            .order_by_asc(user::Column::Username)
            .limit(most)
            .into_tuple()
            .all(&self.link())
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (id.into(), name)).collect())
    }

    async fn keys_where(
        self,
        condition: sea_orm::sea_query::SimpleExpr,
        most: Option<u64>,
    ) -> Result<Vec<KeyName>, StoreError> {
        use api_key::Column;
        let rows: Vec<(i64, i64, String, String)> = api_key::Entity::find()
            .select_only()
            .columns([Column::Id, Column::UserId, Column::Name, Column::Hint])
            .filter(condition)
            .order_by_asc(Column::Name)
            .limit(most)
            .into_tuple()
            .all(&self.link())
            .await?;
        let name = |(id, user_id, name, hint): (i64, i64, String, String)| KeyName {
            id: id.into(),
            user_id: user_id.into(),
            name,
            hint,
        };
        Ok(rows.into_iter().map(name).collect())
    }
}

/// A pattern for a part of a text in lower case.
fn pattern(part: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for letter in part.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}
