//! The rows of the catalogue as an uncommitted transaction sees them, to try it before it is real.

use realms_catalog::{
    BindingRow, ChannelGroupRow, ChannelRow, CredentialRow, EndpointRow, ErrorRuleRow,
    GroupChannelRow, ModelRow, Rows, UserGroupRow,
};
use realms_seal::{Keyring, Place, Purpose};
use realms_store::{ChannelRecord, CredentialRecord, ModelRecord, Reader, StoreError};
use realms_types::{Ppm, Secret, UnitPrice};

/// Everything a catalogue is built from.
pub(super) async fn rows(reader: Reader<'_>, keyring: &Keyring) -> Result<Rows, StoreError> {
    Ok(Rows {
        version: 0,
        channels: channels(reader, keyring).await?,
        endpoints: endpoints(reader).await?,
        credentials: credentials(reader, keyring).await?,
        channel_groups: channel_groups(reader).await?,
        group_channels: group_channels(reader).await?,
        models: reader.list_models().await?.into_iter().map(model).collect(),
        bindings: bindings(reader).await?,
        user_groups: user_groups(reader).await?,
        error_rules: error_rules(reader).await?,
        settings: reader.list_settings().await?.iter().map(|row| row.row(keyring)).collect(),
    })
}

async fn channels(reader: Reader<'_>, keyring: &Keyring) -> Result<Vec<ChannelRow>, StoreError> {
    let rows = reader.list_channels().await?.into_iter().map(|row| ChannelRow {
        proxy: proxy(keyring, ChannelRecord::proxy_place(row.id), row.sealed_proxy.as_deref()),
        api_version: row.api_version,
        id: row.id,
        name: row.name,
        kind: row.kind.as_str().to_owned(),
        dialects: row.dialects.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(","),
        priority: row.priority,
        weight: row.weight,
        enabled: row.enabled,
        promoted: row.promoted,
        limits: Ok(row.limits),
        options: row.options.to_text(),
        cost_multiplier_ppm: row.cost_multiplier.map(Ppm::parts),
    });
    Ok(rows.collect())
}

async fn error_rules(reader: Reader<'_>) -> Result<Vec<ErrorRuleRow>, StoreError> {
    let rows = reader.list_error_rules().await?.into_iter().map(|row| ErrorRuleRow {
        id: row.id,
        content: row.content(),
        name: row.name,
        priority: row.priority,
        enabled: row.enabled,
    });
    Ok(rows.collect())
}

async fn endpoints(reader: Reader<'_>) -> Result<Vec<EndpointRow>, StoreError> {
    let rows = reader.list_endpoints(None).await?.into_iter().map(|row| EndpointRow {
        id: row.id,
        channel_id: row.channel_id,
        base_url: row.base_url,
        priority: row.priority,
        enabled: row.enabled,
    });
    Ok(rows.collect())
}

async fn credentials(
    reader: Reader<'_>,
    keyring: &Keyring,
) -> Result<Vec<CredentialRow>, StoreError> {
    let open = |row: &CredentialRecord| {
        let place = CredentialRecord::secret_place(row.id);
        keyring.unseal_text(Purpose::Upstream, place, &row.sealed_secret)
    };
    let rows = reader.list_credentials(None).await?.into_iter().map(|row| CredentialRow {
        id: row.id,
        channel_id: row.channel_id,
        secret: open(&row).map_err(|error| error.to_string()),
        proxy: proxy(keyring, CredentialRecord::proxy_place(row.id), row.sealed_proxy.as_deref()),
        name: row.name,
        account: None,
        enabled: row.enabled,
        limits: Ok(row.limits),
    });
    Ok(rows.collect())
}

fn proxy(
    keyring: &Keyring,
    place: Place,
    sealed: Option<&str>,
) -> Option<Result<Secret<String>, String>> {
    let opened = keyring.unseal_text(Purpose::Upstream, place, sealed?);
    Some(opened.map_err(|error| error.to_string()))
}

async fn channel_groups(reader: Reader<'_>) -> Result<Vec<ChannelGroupRow>, StoreError> {
    let rows = reader.list_channel_groups().await?.into_iter().map(|row| ChannelGroupRow {
        id: row.id,
        name: row.name,
        parent_id: row.parent_id,
        multiplier_ppm: row.multiplier.parts(),
        priority: row.priority,
        enabled: row.enabled,
        pinned_channel_id: row.pinned_channel_id,
    });
    Ok(rows.collect())
}

async fn group_channels(reader: Reader<'_>) -> Result<Vec<GroupChannelRow>, StoreError> {
    let pairs = reader.list_channel_memberships().await?.into_iter();
    Ok(pairs.map(|(group_id, channel_id)| GroupChannelRow { group_id, channel_id }).collect())
}

fn model(row: ModelRecord) -> ModelRow {
    let price = row.price.as_ref();
    ModelRow {
        id: row.id,
        name: row.name,
        owner: row.owner,
        enabled: row.enabled,
        input_price: price.map(|price| price.input.nano()),
        output_price: price.map(|price| price.output.nano()),
        cache_read_price: price.and_then(|price| price.cache_read).map(UnitPrice::nano),
        cache_write_5m_price: price.and_then(|price| price.cache_write_5m).map(UnitPrice::nano),
        cache_write_1h_price: price.and_then(|price| price.cache_write_1h).map(UnitPrice::nano),
        price_terms: price
            .and_then(|price| price.terms.as_ref())
            .and_then(|terms| serde_json::to_string(terms).ok()),
        price_version: row.price_version,
        created_at: row.created_at,
    }
}

async fn bindings(reader: Reader<'_>) -> Result<Vec<BindingRow>, StoreError> {
    let rows = reader.list_bindings(None).await?.into_iter().map(|row| BindingRow {
        id: row.id,
        channel_id: row.channel_id,
        model_id: row.model_id,
        upstream_model: row.upstream_model,
        enabled: row.enabled,
        cost: row.cost.as_ref().and_then(|cost| serde_json::to_string(cost).ok()),
    });
    Ok(rows.collect())
}

async fn user_groups(reader: Reader<'_>) -> Result<Vec<UserGroupRow>, StoreError> {
    let rows = reader.list_user_groups().await?.into_iter().map(|row| UserGroupRow {
        id: row.id,
        name: row.name,
        channel_groups: row.channel_groups,
        multiplier_ppm: row.multiplier.parts(),
    });
    Ok(rows.collect())
}
