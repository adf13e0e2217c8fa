//! People: users with what they used, page by page.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
};
use realms_store::{Dimension, PeopleFilter, PeopleOrder, PersonRecord, Role, UsageFilter};
use realms_types::{Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::Params,
    list::Page,
    problem::Problems,
    query::{Fields, ListParams, Query},
    sums::UsageSums,
};
use crate::{ConsoleError, words};

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserRow {
    /// The user's id.
    #[schema(value_type = String, example = "us_06a1b2c3d4e5f")]
    id: UserId,
    /// The log-in name.
    username: String,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// `user`, `admin` or `root`.
    #[schema(value_type = words::Role, example = "user")]
    role: Role,
    /// The user group.
    user_group: String,
    /// Whether the user may log in and call.
    enabled: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When the user was last in the console, or called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Timestamp>,
    /// API keys that are not revoked.
    keys: u64,
    /// Whether the user logs in with an authenticator too.
    totp: bool,
    /// What was used today.
    today: UsageSums,
    /// What was used within 30 days.
    last_30d: UsageSums,
}

const FIELDS: Fields<'static> = Fields {
    filter: &["role", "status", "user_group"],
    sort: &["username", "created_at", "spend"],
};

/// People that are sorted by what they spent; that needs all of them at once.
const MOST_SORTED: u64 = 10_000;

/// Lists people with what they used.
#[utoipa::path(
    get, path = "/api/admin/people", tag = "users", params(ListParams),
    responses((status = 200, body = Page<UserRow>), Problems)
)]
pub(super) async fn list_people(
    State(console): State<Console>,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<UserRow>>, ConsoleError> {
    let query = params.read(&FIELDS)?;
    let mut filter = filter(&query)?;
    let of_all = UsageFilter::default();
    let [today, month] = console.recent_sums(&of_all, Dimension::User).await?;
    let reader = console.0.editor.store.read();
    let total = reader.count_people(&filter).await?;
    let by_spend = query.sort.as_ref().is_some_and(|sort| sort.field == "spend");
    let skip = filter.skip;
    let records = if by_spend {
        (filter.skip, filter.limit, filter.is_descending) = (0, MOST_SORTED, false);
        let records = reader.list_people(&filter).await?;
        let least_first = query.sort.as_ref().is_some_and(|sort| !sort.is_descending);
        by_spending(records, &month, least_first, skip, query.limit)
    } else {
        reader.list_people(&filter).await?
    };
    let end = skip + records.len() as u64;
    let next = (end < total && !records.is_empty()).then(|| end.to_string());
    let items = records.into_iter().map(|record| UserRow::new(record, &today, &month)).collect();
    Ok(Json(Page { approx_total: Some(total), ..Page::new(items, next) }))
}

/// Shows one of the people, with what they used.
#[utoipa::path(
    get, path = "/api/admin/people/{name}", tag = "users",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 200, body = UserRow), Problems)
)]
pub(super) async fn get_person(
    State(console): State<Console>,
    Path(name): Path<String>,
) -> Result<Json<UserRow>, ConsoleError> {
    let reader = console.0.editor.store.read();
    let id = console.named_user(reader, &name).await?.id;
    let missing = || ConsoleError::NotFound(format!("user `{name}`"));
    let record = reader.find_person(id).await?.ok_or_else(missing)?;
    let of = UsageFilter { user: Some(id), ..UsageFilter::default() };
    let [today, month] = console.recent_sums(&of, Dimension::User).await?;
    Ok(Json(UserRow::new(record, &today, &month)))
}

fn filter(query: &Query) -> Result<PeopleFilter, ConsoleError> {
    let malformed = |message: &str| ConsoleError::Malformed(format!("query: {message}"));
    let known = [Role::User, Role::Admin, Role::Root];
    let roles = query.any_of("role")?.into_iter().map(|word| {
        let found = known.into_iter().find(|role| role.as_str() == word);
        found.ok_or_else(|| malformed("`role` is `user`, `admin` or `root`"))
    });
    let enabled = match query.any_of("status")?.as_slice() {
        [] => None,
        [one] if one == "active" => Some(true),
        [one] if one == "disabled" => Some(false),
        _ => return Err(malformed("`status` is `active` or `disabled`")),
    };
    let skip = query.cursor.as_deref().map(str::parse).transpose();
    let by_name = query.sort.as_ref().is_some_and(|sort| sort.field == "username");
    Ok(PeopleFilter {
        q: query.q.clone(),
        roles: roles.collect::<Result<_, _>>()?,
        user_groups: query.any_of("user_group")?,
        enabled,
        order: if by_name { PeopleOrder::Username } else { PeopleOrder::Created },
        is_descending: query.sort.as_ref().is_some_and(|sort| sort.is_descending),
        skip: skip.map_err(|_| malformed("`cursor` is not `next` of a page"))?.unwrap_or(0),
        limit: query.limit,
    })
}

/// A page of those who spent the most, or the least, within 30 days.
fn by_spending(
    mut records: Vec<PersonRecord>,
    month: &HashMap<i64, UsageSums>,
    least_first: bool,
    skip: u64,
    limit: u64,
) -> Vec<PersonRecord> {
    records.sort_by_key(|record| {
        let spent = month.get(&record.id.raw()).map_or(0, |sums| sums.cost_usd.nano());
        if least_first { spent } else { -spent }
    });
    let bound = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    records.into_iter().skip(bound(skip)).take(bound(limit)).collect()
}

// === impl UserRow ===

impl UserRow {
    fn new(
        record: PersonRecord,
        today: &HashMap<i64, UsageSums>,
        month: &HashMap<i64, UsageSums>,
    ) -> Self {
        let sums = |of: &HashMap<i64, UsageSums>| of.get(&record.id.raw()).cloned();
        Self {
            today: sums(today).unwrap_or_default(),
            last_30d: sums(month).unwrap_or_default(),
            id: record.id,
            username: record.username,
            email: record.email,
            role: record.role,
            user_group: record.user_group,
            enabled: record.enabled,
            created_at: record.created_at,
            updated_at: record.updated_at,
            last_seen_at: record.last_seen_at,
            keys: record.keys,
            totp: record.totp,
        }
    }
}
