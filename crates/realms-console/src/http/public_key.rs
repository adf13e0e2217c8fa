//! What an API key is good for, for whoever has it: they need no account to see how much of it is left.

use std::collections::HashMap;

use axum::{Json, extract::State};
use realms_identity::{key_hash, legacy_key_hash, network};
use realms_store::{ApiKeyRecord, Dimension, UsageFilter};
use realms_types::{KeyRules, Limits, Secret, Timestamp, UserGroupId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Console, body::Strict, budgets::BudgetUse, origin::Guest, problem::Problems, sums::UsageSums,
};
use crate::{
    Code, ConsoleError, Refusal,
    manifest::limits::{KeyRulesForm, LimitsForm},
    words,
};

/// An API key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PresentedKey {
    /// The key itself.
    #[schema(value_type = String, write_only, example = "sk_...")]
    #[serde(deserialize_with = "super::body::secret")]
    key: Secret<String>,
}

/// What an API key is good for. Of its owner it tells nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicKey {
    /// What its owner calls it.
    name: String,
    /// Its last 4 characters.
    hint: String,
    /// How it stands. One whose owner may not call is `disabled`.
    #[schema(value_type = words::TokenStatus)]
    status: &'static str,
    /// When it ends, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
    /// What it may use.
    #[schema(value_type = LimitsForm)]
    limits: Limits,
    /// What it is good for.
    #[schema(value_type = KeyRulesForm)]
    rules: KeyRules,
    /// What it may spend, and what is used of it.
    budgets: Vec<BudgetUse>,
    /// What it used today.
    usage_today: UsageSums,
    /// What it used within 30 days.
    usage_30d: UsageSums,
    /// How many models it may call.
    models: usize,
}

/// Shows what an API key is good for, to whoever enters it. No account is needed.
#[utoipa::path(
    post, path = "/api/public/key", tag = "public", security(()), request_body = PresentedKey,
    responses((status = 200, body = PublicKey), Problems)
)]
pub(super) async fn show_public_key(
    State(console): State<Console>,
    guest: Guest,
    Strict(PresentedKey { key }): Strict<PresentedKey>,
) -> Result<Json<PublicKey>, ConsoleError> {
    // Never taken back: every answer sums up a month.
    console.0.key_looks.begin(network(guest.origin.address)).map(drop)?;
    console.public_key(&key).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn public_key(&self, key: &Secret<String>) -> Result<PublicKey, ConsoleError> {
        let (editor, secret) = (&self.0.editor, key.reveal());
        let unknown = || Refusal::new(Code::UnknownKey, "nobody has this API key");
        let mut caller = editor.store.find_caller(&key_hash(&editor.keyring, secret)).await?;
        if caller.is_none() {
            caller = editor.store.find_caller(&legacy_key_hash(secret)).await?;
        }
        let caller = caller.ok_or_else(unknown)?;
        let record = editor.store.read().find_api_key(caller.api_key_id).await?;
        let record: ApiKeyRecord = record.ok_or_else(unknown)?;
        let of_owner = UsageFilter { user: Some(record.user_id), ..UsageFilter::default() };
        let [mut today, mut month] = self.recent_sums(&of_owner, Dimension::ApiKey).await?;
        let of_key =
            |sums: &mut HashMap<i64, UsageSums>| sums.remove(&record.id.raw()).unwrap_or_default();
        let (usage_today, usage_30d) = (of_key(&mut today), of_key(&mut month));
        let budgets = self.key_budgets(&record).await?;
        let status = self.status_of(&record);
        Ok(PublicKey {
            status: if status == "active" && !caller.user_enabled { "disabled" } else { status },
            ends_at: record.rules.ends_at(record.first_used_at),
            models: self.models_of_key(caller.user_group_id, &record),
            budgets,
            usage_today,
            usage_30d,
            name: record.name,
            hint: record.hint,
            limits: record.limits,
            rules: record.rules,
        })
    }

    /// How many models a key may call.
    fn models_of_key(&self, group: UserGroupId, key: &ApiKeyRecord) -> usize {
        let catalog = self.0.catalog.snapshot();
        let groups = catalog.allowed_groups(Some(group), &key.channel_groups);
        let served = catalog.models().filter(|model| catalog.serves(model, &groups));
        served.filter(|model| key.rules.allows_model(&model.name)).count()
    }
}
