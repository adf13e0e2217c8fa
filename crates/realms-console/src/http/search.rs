//! Finds things by a part of their name, or calls by their id: only what the reader may see.

use axum::{Json, extract::State};
use realms_catalog::{Catalog, Settings};
use realms_store::Reader;
use realms_types::RequestId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Console, body::Params, caller::Caller, problem::Problems};
use crate::{ConsoleError, Permission, words};

/// All that is found, and of each kind.
const MOST: usize = 20;
const MOST_OF_A_KIND: usize = 8;
/// Characters to look for.
const LONGEST: usize = 64;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchParams {
    /// A part of a name, or the id of a call.
    #[param(max_length = 64)]
    q: String,
}

/// What was found, at most 20.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchListing {
    /// The calls first, then by kind.
    items: Vec<SearchHit>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchHit {
    /// `call`, `api_key`, `model`, `channel` or `user`.
    #[schema(value_type = words::SearchKind)]
    kind: &'static str,
    /// Its id.
    id: String,
    /// Its name.
    label: String,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Where it is shown: a path of the console.
    to: String,
}

/// Finds things by a part of their name, or a call by its id.
#[utoipa::path(
    get, path = "/api/search", tag = "search", params(SearchParams),
    responses((status = 200, body = SearchListing), Problems)
)]
pub(super) async fn search(
    State(console): State<Console>,
    caller: Caller,
    Params(SearchParams { q }): Params<SearchParams>,
) -> Result<Json<SearchListing>, ConsoleError> {
    let part = q.trim();
    if part.chars().count() > LONGEST {
        let what = format!("query: `q` has more than {LONGEST} characters");
        return Err(ConsoleError::Malformed(what));
    }
    let mut items = Vec::new();
    if !part.is_empty() {
        items.extend(console.call_hit(&caller, part).await?);
        items.extend(console.key_hits(&caller, part).await?);
        items.extend(console.catalog_hits(&caller, part));
        items.extend(console.user_hits(&caller, part).await?);
    }
    let settings = console.0.catalog.load();
    items.retain(|hit| !is_hidden(settings.settings(), &hit.to));
    items.truncate(MOST);
    Ok(Json(SearchListing { items }))
}

// === impl Console ===

impl Console {
    /// The call with this id, if the caller may see it.
    async fn call_hit(
        &self,
        caller: &Caller,
        text: &str,
    ) -> Result<Option<SearchHit>, ConsoleError> {
        let Ok(id) = text.parse::<RequestId>() else { return Ok(None) };
        let Some(call) = self.0.editor.store.find_usage(id).await? else { return Ok(None) };
        let own = caller.user().is_ok_and(|user| user.user_id == call.user_id);
        let own = own && !is_hidden(self.0.catalog.load().settings(), "/usage");
        let place = match (own, caller.may(Permission::UsageRead)) {
            (true, _) => "/usage",
            (false, true) => "/admin/requests",
            (false, false) => return Ok(None),
        };
        Ok(Some(SearchHit {
            kind: "call",
            id: id.to_string(),
            label: id.to_string(),
            hint: Some(format!("{} · {}", call.model, call.outcome)),
            to: format!("{place}/{id}"),
        }))
    }

    /// The caller's own keys; for those who may look after users, everyone's.
    async fn key_hits(&self, caller: &Caller, part: &str) -> Result<Vec<SearchHit>, ConsoleError> {
        let me = caller.user().ok().map(|user| user.user_id);
        let everyone = caller.may(Permission::UsersWrite);
        if me.is_none() && !everyone {
            return Ok(Vec::new());
        }
        let reader = self.0.editor.store.read();
        let of = if everyone { None } else { me };
        let keys = reader.search_api_keys(part, of, MOST_OF_A_KIND as u64).await?;
        let owners = reader.usernames(keys.iter().map(|key| key.user_id)).await?;
        let hit = |key: realms_store::FoundKey| {
            let owner = owners.get(&key.user_id);
            let own = Some(key.user_id) == me;
            let to = match owner {
                Some(owner) if !own => format!("/admin/users/{}", escaped(owner)),
                _ => format!("/tokens?q={}", escaped(&key.name)),
            };
            let hint =
                if own { format!("…{}", key.hint) } else { owner.cloned().unwrap_or_default() };
            SearchHit {
                kind: "api_key",
                id: key.id.to_string(),
                label: key.name,
                hint: Some(hint),
                to,
            }
        };
        Ok(keys.into_iter().map(hit).collect())
    }

    /// Models that the caller can call, and for operators every model and channel.
    fn catalog_hits(&self, caller: &Caller, part: &str) -> Vec<SearchHit> {
        let catalog = self.0.catalog.snapshot();
        let operates = caller.may(Permission::Operate);
        let part = part.to_lowercase();
        let has_part = |name: &str| name.to_lowercase().contains(&part);
        let groups = caller.user().ok().map(|user| groups(&catalog, user.group_id));
        let served = |model: &realms_catalog::Model| {
            groups.as_ref().is_some_and(|groups| catalog.serves(model, groups))
        };
        let mut models: Vec<SearchHit> = catalog
            .models()
            .filter(|model| has_part(&model.name) && (operates || served(model)))
            .map(|model| {
                let place = if operates { "/admin/models" } else { "/models" };
                let to = format!("{place}?q={}", escaped(&model.name));
                SearchHit::named("model", model.id.to_string(), &model.name, to)
            })
            .collect();
        let mut channels: Vec<SearchHit> = catalog
            .channels()
            .filter(|channel| operates && has_part(&channel.name))
            .map(|channel| {
                let to = format!("/admin/channels/{}", escaped(&channel.name));
                SearchHit::named("channel", channel.id.to_string(), &channel.name, to)
            })
            .collect();
        for hits in [&mut models, &mut channels] {
            hits.sort_by(|a, b| {
                a.label.len().cmp(&b.label.len()).then_with(|| a.label.cmp(&b.label))
            });
            hits.truncate(MOST_OF_A_KIND);
        }
        models.into_iter().chain(channels).collect()
    }

    async fn user_hits(&self, caller: &Caller, part: &str) -> Result<Vec<SearchHit>, ConsoleError> {
        if !caller.may(Permission::UsersWrite) {
            return Ok(Vec::new());
        }
        let reader: Reader<'_> = self.0.editor.store.read();
        let users = reader.search_users(part, MOST_OF_A_KIND as u64).await?;
        let hit = |(id, name): (realms_types::UserId, String)| {
            let to = format!("/admin/users/{}", escaped(&name));
            SearchHit::named("user", id.to_string(), &name, to)
        };
        Ok(users.into_iter().map(hit).collect())
    }
}

/// Whether the page at an address is gone because of what is switched off.
fn is_hidden(settings: &Settings, address: &str) -> bool {
    let below = |page: &str| {
        let rest = address.strip_prefix(page);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let mut switches =
        Settings::table().iter().filter(|info| info.hides.iter().any(|page| below(page)));
    switches.any(|info| settings.get(info.key).as_deref() == Some("false"))
}

fn groups(catalog: &Catalog, of: realms_types::UserGroupId) -> Vec<realms_types::ChannelGroupId> {
    catalog.allowed_groups(Some(of), &[])
}

// === impl SearchHit ===

impl SearchHit {
    fn named(kind: &'static str, id: String, name: &str, to: String) -> Self {
        Self { kind, id, label: name.to_owned(), hint: None, to }
    }
}

/// A text as a part of an address.
fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
