//! What people call the users and API keys behind many ids, in one read each.

use std::collections::{HashMap, HashSet};

use realms_types::{ApiKeyId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    Reader, StoreError,
    entity::{api_key, user},
};

/// What an API key is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyName {
    /// Its name.
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
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    ids.collect::<HashSet<_>>().into_iter().collect()
}
