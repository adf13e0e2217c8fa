//! The catalogue loader: all configuration as of one moment, secrets opened.

use std::collections::HashMap;

use realms_catalog::{
    Account, BindingRow, ChannelGroupRow, ChannelRow, CredentialRow, EndpointRow, ErrorRuleRow,
    GroupChannelRow, ModelRow, Rows, UserGroupRow,
};
use realms_seal::{Keyring, Place, Purpose, Secret};
use realms_types::{ChannelGroupId, ChannelId, Limits, Timestamp};
use sea_orm::{DbErr, EntityTrait, ModelTrait, QueryOrder};

use crate::{
    AccountState, ChannelRecord, CredentialRecord, OauthAccountRecord, Reader, Store, StoreError,
    Versions,
    entity::{
        binding, channel, channel_group, channel_group_channel, credential, endpoint, error_rule,
        model, oauth_account, user_group, user_group_channel_group, version,
    },
    link::{Link, in_time},
};

// === impl Store ===

impl Store {
    /// Everything a snapshot of the catalogue is made of, as of one moment. A secret that does not
    /// open is a defect of its row, not of the load.
    pub async fn load_catalog(&self, keyring: &Keyring) -> Result<Rows, StoreError> {
        let snapshot = self.snapshot().await?;
        let link = Link::Transaction(&snapshot);
        let versions: Versions = version::Entity::find().all(&link).await?.into();
        let rows = Rows {
            version: versions.catalog,
            channels: all(link, |row| channel_row(row, keyring)).await?,
            endpoints: all(link, endpoint_row).await?,
            credentials: credentials(link, keyring).await?,
            channel_groups: all(link, channel_group_row).await?,
            group_channels: all(link, |row| group_channel_row(&row)).await?,
            models: all(link, model_row).await?,
            bindings: all(link, binding_row).await?,
            user_groups: user_groups(link).await?,
            error_rules: all(link, error_rule_row).await?,
            settings: Reader::new(link)
                .list_settings()
                .await?
                .iter()
                .map(|row| row.row(keyring))
                .collect(),
        };
        in_time(snapshot.commit()).await?;
        Ok(rows)
    }
}

async fn all<M, R>(link: Link<'_>, row: impl Fn(M) -> R) -> Result<Vec<R>, DbErr>
where
    M: ModelTrait,
    <M::Entity as EntityTrait>::Model: Into<M>,
{
    let rows = <M::Entity as EntityTrait>::find().all(&link).await?;
    Ok(rows.into_iter().map(Into::into).map(row).collect())
}

fn channel_row(row: channel::Model, keyring: &Keyring) -> ChannelRow {
    let place = ChannelRecord::proxy_place(row.id.into());
    ChannelRow {
        id: row.id.into(),
        name: row.name,
        kind: row.kind,
        dialects: row.dialects,
        priority: row.priority,
        weight: row.weight,
        enabled: row.enabled,
        promoted: row.promoted,
        limits: limits(row.limits.as_deref()),
        proxy: opened(keyring, place, row.proxy.as_deref()),
        api_version: row.api_version,
        options: row.options.unwrap_or_default(),
        cost_multiplier_ppm: row.cost_multiplier_ppm,
    }
}

fn error_rule_row(row: error_rule::Model) -> ErrorRuleRow {
    ErrorRuleRow {
        id: row.id.into(),
        name: row.name,
        priority: row.priority,
        enabled: row.enabled,
        content: row.content,
    }
}

fn endpoint_row(row: endpoint::Model) -> EndpointRow {
    EndpointRow {
        id: row.id.into(),
        channel_id: row.channel_id.into(),
        base_url: row.base_url,
        priority: row.priority,
        enabled: row.enabled,
    }
}

async fn credentials(link: Link<'_>, keyring: &Keyring) -> Result<Vec<CredentialRow>, StoreError> {
    let accounts = oauth_account::Entity::find().all(&link).await?;
    let mut accounts: HashMap<i64, oauth_account::Model> =
        accounts.into_iter().map(|row| (row.credential_id, row)).collect();
    let rows = credential::Entity::find().all(&link).await?;
    let row = |row: credential::Model| match accounts.remove(&row.id) {
        None => Ok(credential_row(row, keyring)),
        Some(account) => account_row(row, account, keyring),
    };
    rows.into_iter().map(row).collect()
}

fn credential_row(row: credential::Model, keyring: &Keyring) -> CredentialRow {
    let place = CredentialRecord::secret_place(row.id.into());
    let secret = keyring.unseal_text(Purpose::Upstream, place, &row.sealed_secret);
    CredentialRow {
        id: row.id.into(),
        channel_id: row.channel_id.into(),
        name: row.name,
        secret: secret.map_err(|error| error.to_string()),
        account: None,
        enabled: row.enabled,
        limits: limits(row.limits.as_deref()),
        proxy: opened(keyring, CredentialRecord::proxy_place(row.id.into()), row.proxy.as_deref()),
    }
}

/// A proxy, or why it cannot be opened.
fn opened(
    keyring: &Keyring,
    place: Place,
    sealed: Option<&str>,
) -> Option<Result<Secret<String>, String>> {
    let opened = keyring.unseal_text(Purpose::Upstream, place, sealed?);
    Some(opened.map_err(|error| error.to_string()))
}

/// A credential that is an account: its access token signs, as long as nobody must log in again.
fn account_row(
    row: credential::Model,
    account: oauth_account::Model,
    keyring: &Keyring,
) -> Result<CredentialRow, StoreError> {
    let active = AccountState::read(&account)? == AccountState::Active;
    let place = OauthAccountRecord::access_place(row.id.into());
    let secret = keyring.unseal_text(Purpose::Upstream, place, &account.sealed_access);
    Ok(CredentialRow {
        id: row.id.into(),
        channel_id: row.channel_id.into(),
        name: row.name,
        secret: secret.map_err(|error| error.to_string()),
        account: Some(Account { id: account.account_id, generation: account.generation }),
        enabled: row.enabled && active,
        limits: limits(row.limits.as_deref()),
        proxy: opened(keyring, CredentialRecord::proxy_place(row.id.into()), row.proxy.as_deref()),
    })
}

fn channel_group_row(row: channel_group::Model) -> ChannelGroupRow {
    ChannelGroupRow {
        id: row.id.into(),
        name: row.name,
        parent_id: row.parent_id.map(ChannelGroupId::new),
        multiplier_ppm: row.multiplier_ppm,
        priority: row.priority,
        enabled: row.enabled,
        pinned_channel_id: row.pinned_channel_id.map(ChannelId::new),
    }
}

/// What may be used; as a defect of its row where that cannot be read, never as no limit.
fn limits(text: Option<&str>) -> Result<Limits, String> {
    text.map_or(Ok(Limits::NONE), |text| {
        serde_json::from_str(text).map_err(|error| format!("limits: {error}"))
    })
}

fn group_channel_row(row: &channel_group_channel::Model) -> GroupChannelRow {
    GroupChannelRow { group_id: row.group_id.into(), channel_id: row.channel_id.into() }
}

fn model_row(row: model::Model) -> ModelRow {
    ModelRow {
        id: row.id.into(),
        name: row.name,
        owner: row.owner,
        enabled: row.enabled,
        input_price: row.input_price,
        output_price: row.output_price,
        cache_read_price: row.cache_read_price,
        cache_write_5m_price: row.cache_write_5m_price,
        cache_write_1h_price: row.cache_write_1h_price,
        price_terms: row.price_terms,
        price_version: row.price_version,
        created_at: Timestamp::from_micros(row.created_at),
    }
}

fn binding_row(row: binding::Model) -> BindingRow {
    BindingRow {
        id: row.id.into(),
        channel_id: row.channel_id.into(),
        model_id: row.model_id.into(),
        upstream_model: row.upstream_model,
        enabled: row.enabled,
        cost: row.cost_price,
    }
}

async fn user_groups(link: Link<'_>) -> Result<Vec<UserGroupRow>, DbErr> {
    let links = user_group_channel_group::Entity::find()
        .order_by_asc(user_group_channel_group::Column::Position)
        .all(&link)
        .await?;
    let mut by_group: HashMap<i64, Vec<ChannelGroupId>> = HashMap::new();
    for link in links {
        by_group.entry(link.user_group_id).or_default().push(link.channel_group_id.into());
    }
    let groups = user_group::Entity::find().all(&link).await?;
    let row = |row: user_group::Model| UserGroupRow {
        id: row.id.into(),
        channel_groups: by_group.remove(&row.id).unwrap_or_default(),
        name: row.name,
        multiplier_ppm: row.multiplier_ppm,
    };
    Ok(groups.into_iter().map(row).collect())
}
