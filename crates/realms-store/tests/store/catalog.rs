//! Configuration: written by name, loaded whole.

use realms_seal::Keyring;
use realms_store::{
    BindingPatch, ChannelGroupPatch, ChannelGroupRecord, ChannelPatch, ChannelRecord,
    CredentialPatch, EndpointPatch, ModelPatch, ModelRecord, PriceSource, Priced, Store,
    StoreError, Versions,
};
use realms_types::{ChannelKind, Ppm, Timestamp};

use crate::{
    database::Database,
    fixture::{
        NOW, binding, channel, channel_group, credential, endpoint, keyring, model, user_group,
    },
};

const LATER: Timestamp = Timestamp::from_micros(1_795_000_009_000_000);

struct Set {
    group: ChannelGroupRecord,
    channel: ChannelRecord,
    model: ModelRecord,
}

/// One channel with everything a call needs.
async fn one_channel(store: &Store, keyring: &Keyring) -> Set {
    let root = channel_group("root", None);
    let group = channel_group("default", Some(root.id));
    let channel = channel("openai-a");
    let model = model("gpt-5.2");
    let mut tx = store.begin().await.unwrap();
    tx.insert_channel_group(&root).await.unwrap();
    tx.insert_channel_group(&group).await.unwrap();
    tx.insert_channel(&channel).await.unwrap();
    tx.insert_endpoint(&endpoint(channel.id)).await.unwrap();
    tx.insert_credential(&credential(channel.id, "sk-upstream", keyring)).await.unwrap();
    tx.set_channel_memberships(channel.id, &[root.id]).await.unwrap();
    tx.set_channel_memberships(channel.id, &[group.id]).await.unwrap();
    tx.insert_model(&model).await.unwrap();
    tx.insert_binding(&binding(channel.id, model.id)).await.unwrap();
    tx.insert_user_group(&user_group("default", vec![group.id, root.id])).await.unwrap();
    tx.set_setting("retry_max_attempts", "5", None, NOW).await.unwrap();
    tx.set_setting("retry_max_attempts", "6", Some("ana"), NOW).await.unwrap();
    tx.commit().await.unwrap();
    Set { group, channel, model }
}

pub(crate) async fn round_trips_with_its_secrets(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let before = store.versions().await.unwrap().catalog;
    let set = one_channel(&store, &keyring).await;

    let rows = store.load_catalog(&keyring).await.unwrap();
    assert_eq!(rows.version, before + 1);
    assert_eq!(rows.channels[0].dialects, "responses,chat");
    assert_eq!(rows.channels[0].kind, "openai");
    assert_eq!(rows.endpoints[0].base_url, "https://api.example.org/v1");
    assert_eq!(rows.credentials[0].secret.as_ref().unwrap().reveal(), "sk-upstream");
    assert_eq!(rows.channel_groups.len(), 2);
    assert_eq!(rows.group_channels.len(), 1);
    assert_eq!(rows.group_channels[0].group_id, set.group.id);
    assert_eq!(rows.models[0].input_price, Some(1_250_000_000));
    assert_eq!(rows.models[0].cache_write_5m_price, None);
    assert_eq!(rows.bindings[0].upstream_model, "gpt-5.2-2026");
    assert_eq!(rows.user_groups[0].channel_groups[0], set.group.id, "in the order they were given");
    assert_eq!(rows.settings.len(), 1);
    assert_eq!(rows.settings[0].value, "6");

    let read = store.read();
    assert_eq!(read.find_model_by_name("gpt-5.2").await.unwrap(), Some(set.model));
    assert_eq!(read.find_channel(set.channel.id).await.unwrap(), Some(set.channel));
    assert_eq!(read.find_channel_group_by_name("default").await.unwrap(), Some(set.group));

    database.execute("UPDATE credentials SET sealed_secret = 'v1.nonsense'").await;
    let rows = store.load_catalog(&keyring).await.unwrap();
    assert!(rows.credentials[0].secret.is_err(), "a defect of its row, not of the load");
}

pub(crate) async fn knows_what_channels_pay(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let set = one_channel(&store, &keyring).await;
    let bound = store.read().list_bindings(Some(set.channel.id)).await.unwrap().remove(0);
    assert_eq!(bound.cost, binding(set.channel.id, set.model.id).cost);
    let rows = store.load_catalog(&keyring).await.unwrap();
    assert_eq!(rows.channels[0].cost_multiplier_ppm, Some(600_000));
    assert_eq!(rows.bindings[0].cost.as_deref(), Some(r#"{"input":"0","output":"0.000007"}"#));

    let mut tx = store.begin().await.unwrap();
    let patch = ChannelPatch { cost_multiplier: Some(None), ..Default::default() };
    tx.update_channel(set.channel.id, patch, LATER).await.unwrap();
    let patch = BindingPatch { enabled: Some(false), ..Default::default() };
    tx.update_binding(bound.id, patch, LATER).await.unwrap();
    let kept = tx.read().list_bindings(None).await.unwrap().remove(0);
    assert_eq!((kept.enabled, &kept.cost), (false, &bound.cost), "left as it was");
    let patch = BindingPatch { cost: Some(None), ..Default::default() };
    tx.update_binding(bound.id, patch, LATER).await.unwrap();
    tx.commit().await.unwrap();
    let read = store.read();
    assert_eq!(read.find_channel(set.channel.id).await.unwrap().unwrap().cost_multiplier, None);
    assert_eq!(read.list_bindings(None).await.unwrap()[0].cost, None);
    let rows = store.load_catalog(&keyring).await.unwrap();
    assert_eq!((rows.channels[0].cost_multiplier_ppm, &rows.bindings[0].cost), (None, &None));

    // Nobody reads a cost out of what is none.
    database.execute("UPDATE bindings SET cost_price = '{}'").await;
    let error = store.read().list_bindings(None).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "bindings", .. }), "{error}");
    database.execute("UPDATE channels SET cost_multiplier_ppm = -1").await;
    let error = store.read().list_channels().await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "channels", .. }), "{error}");
}

pub(crate) async fn changes_by_patch(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let set = one_channel(&store, &keyring).await;
    let endpoint = store.read().list_endpoints(Some(set.channel.id)).await.unwrap().remove(0);
    let known = store.read().list_credentials(Some(set.channel.id)).await.unwrap().remove(0);
    let replacement = credential(set.channel.id, "sk-other", &keyring);

    let mut tx = store.begin().await.unwrap();
    let patch = ChannelPatch {
        kind: Some(ChannelKind::Anthropic),
        dialects: Some(Vec::new()),
        enabled: Some(false),
        ..Default::default()
    };
    tx.update_channel(set.channel.id, patch, LATER).await.unwrap();
    let patch =
        EndpointPatch { base_url: Some("https://b.example".to_owned()), ..Default::default() };
    tx.update_endpoint(endpoint.id, patch, LATER).await.unwrap();
    let secret = Some((replacement.sealed_secret, replacement.hint));
    let patch = CredentialPatch { secret, ..Default::default() };
    tx.update_credential(known.id, patch, LATER).await.unwrap();
    let patch = ModelPatch {
        price: Some(None),
        priced: Some(None),
        price_pinned: Some(false),
        ..Default::default()
    };
    tx.update_model(set.model.id, patch, LATER).await.unwrap();
    let patch = ChannelGroupPatch {
        parent_id: Some(None),
        multiplier: Some(Ppm::ONE),
        ..Default::default()
    };
    tx.update_channel_group(set.group.id, patch, LATER).await.unwrap();
    assert!(tx.delete_setting("retry_max_attempts").await.unwrap());
    assert!(!tx.delete_setting("retry_max_attempts").await.unwrap());
    let seen = tx.read().find_channel(set.channel.id).await.unwrap().unwrap();
    assert!(!seen.enabled, "a transaction sees its own changes");
    tx.commit().await.unwrap();

    let read = store.read();
    let channel = read.find_channel(set.channel.id).await.unwrap().unwrap();
    assert_eq!((channel.kind, channel.dialects.len()), (ChannelKind::Anthropic, 0));
    assert_eq!((channel.name, channel.priority), (set.channel.name, 10), "left as they were");
    assert_eq!((channel.created_at, channel.updated_at), (NOW, LATER));
    assert_eq!(read.list_endpoints(None).await.unwrap()[0].base_url, "https://b.example");
    assert_eq!(read.list_credentials(None).await.unwrap()[0].hint, "ther");
    let model = read.find_model(set.model.id).await.unwrap().unwrap();
    assert_eq!((model.price, model.priced, model.price_pinned), (None, None, false));
    let group = read.find_channel_group(set.group.id).await.unwrap().unwrap();
    assert_eq!((group.parent_id, group.multiplier), (None, Ppm::ONE));
    assert!(read.list_settings().await.unwrap().is_empty());
    let rows = store.load_catalog(&keyring).await.unwrap();
    assert!(rows.credentials[0].secret.is_err(), "sealed for another row, it does not open here");
}

/// The step that pins what was given by hand, over a database from before there were pins.
pub(crate) async fn pins_the_prices_that_were_given_by_hand(database: &Database) {
    let store = database.open().await.unwrap();
    let by = |source| Some(Priced { source, at: NOW });
    let mut tx = store.begin().await.unwrap();
    for (name, priced) in [
        ("by-hand", by(PriceSource::Manual)),
        ("imported", by(PriceSource::Imported)),
        ("from-before", None),
    ] {
        let record = ModelRecord { priced, price_pinned: false, ..model(name) };
        tx.insert_model(&record).await.unwrap();
    }
    let bare = ModelRecord { price: None, priced: None, price_pinned: false, ..model("bare") };
    tx.insert_model(&bare).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await.unwrap();

    database.execute("DELETE FROM _sqlx_migrations WHERE version = 34002").await;
    let store = database.open().await.unwrap();
    let models = store.read().list_models().await.unwrap();
    let pinned: Vec<&str> = models
        .iter()
        .filter(|model| model.price_pinned && model.is_pinned())
        .map(|model| model.name.as_str())
        .collect();
    assert_eq!(pinned, ["by-hand", "from-before"]);
    assert_eq!(models.iter().filter(|model| model.price_pinned).count(), 2);
}

pub(crate) async fn loses_a_channel_with_all_its_parts(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let set = one_channel(&store, &keyring).await;
    let mut tx = store.begin().await.unwrap();
    let again = tx.insert_channel(&channel("openai-a")).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    tx.delete_channel(set.channel.id).await.unwrap();
    tx.commit().await.unwrap();
    let rows = store.load_catalog(&keyring).await.unwrap();
    let left = [
        rows.channels.len(),
        rows.endpoints.len(),
        rows.credentials.len(),
        rows.bindings.len(),
        rows.group_channels.len(),
    ];
    assert_eq!(left, [0; 5]);
    assert_eq!(rows.models.len(), 1);
    let mut tx = store.begin().await.unwrap();
    let gone = tx.delete_channel(set.channel.id).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
}

pub(crate) async fn keeps_groups_that_are_in_use(database: &Database) {
    let store = database.open().await.unwrap();
    let set = one_channel(&store, &keyring(&store).await).await;
    for group in [set.group.id, set.group.parent_id.unwrap()] {
        let mut tx = store.begin().await.unwrap();
        let refused = tx.delete_channel_group(group).await;
        assert!(matches!(refused, Err(StoreError::InUse { .. })), "{refused:?}");
    }
}

pub(crate) async fn bumps_its_version_once_in_a_transaction(database: &Database) {
    let store = database.open().await.unwrap();
    let start = store.versions().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_channel(&channel("a")).await.unwrap();
    tx.insert_channel(&channel("b")).await.unwrap();
    assert_eq!(store.versions().await.unwrap(), start, "not before the commit");
    tx.commit().await.unwrap();
    let after = Versions { catalog: start.catalog + 1, ..start };
    assert_eq!(store.versions().await.unwrap(), after);
    let mut tx = store.begin().await.unwrap();
    tx.bump_identity().await.unwrap();
    tx.commit().await.unwrap();
    let after = Versions { identity: start.identity + 1, ..after };
    assert_eq!(store.versions().await.unwrap(), after);
}
