//! Rules about errors of upstreams, and the options of channels.

use realms_store::{ChannelPatch, ErrorRulePatch, ErrorRuleRecord};
use realms_types::{ChannelOptions, ErrorAct, ErrorMatch};

use crate::{
    database::Database,
    fixture::{NOW, channel, ids, keyring},
};

fn rule(name: &str, priority: i64) -> ErrorRuleRecord {
    ErrorRuleRecord {
        id: ids().next(),
        name: name.to_owned(),
        priority,
        enabled: true,
        when: ErrorMatch { status: vec![400], ..ErrorMatch::default() },
        act: ErrorAct { message: Some("说\u{1f600}".to_owned()), ..ErrorAct::default() },
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) async fn are_kept_in_their_order(database: &Database) {
    let store = database.open().await.unwrap();
    let (late, soon) = (rule("late", 0), rule("soon", 7));
    let mut tx = store.begin().await.unwrap();
    tx.insert_error_rule(&late).await.unwrap();
    tx.insert_error_rule(&soon).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().list_error_rules().await.unwrap(), [soon.clone(), late.clone()]);

    let act = ErrorAct { hide: true, ..ErrorAct::default() };
    let patch = ErrorRulePatch {
        priority: Some(9),
        enabled: Some(false),
        content: Some((late.when.clone(), act.clone())),
    };
    let mut tx = store.begin().await.unwrap();
    tx.update_error_rule(late.id, patch, NOW).await.unwrap();
    tx.delete_error_rule(soon.id).await.unwrap();
    assert!(tx.insert_error_rule(&rule("late", 1)).await.is_err(), "a name is given once");
    drop(tx);
    let patch = ErrorRulePatch { enabled: Some(false), ..ErrorRulePatch::default() };
    let mut tx = store.begin().await.unwrap();
    tx.update_error_rule(late.id, patch, NOW).await.unwrap();
    tx.delete_error_rule(soon.id).await.unwrap();
    tx.commit().await.unwrap();
    let left = store.read().list_error_rules().await.unwrap();
    assert_eq!(left, [ErrorRuleRecord { enabled: false, ..late }]);
    let rows = store.load_catalog(&keyring(&store).await).await.unwrap();
    assert_eq!((rows.error_rules.len(), rows.error_rules[0].enabled), (1, false));
}

pub(crate) async fn options_of_a_channel_round_trip(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let long = format!(r#"{{"system_prompt":{{"text":"{}"}}}}"#, "长".repeat(30_000));
    let long = ChannelOptions::parse(&long).unwrap();
    let mut plain = channel("plain");
    let mut said = channel("said");
    said.options = ChannelOptions::parse(r#"{"store":"drop","tags":["a"]}"#).unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_channel(&plain).await.unwrap();
    tx.insert_channel(&said).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().list_channels().await.unwrap(), [plain.clone(), said.clone()]);

    let patch = |options| ChannelPatch { options: Some(options), ..ChannelPatch::default() };
    let mut tx = store.begin().await.unwrap();
    tx.update_channel(plain.id, patch(long.clone()), NOW).await.unwrap();
    tx.update_channel(said.id, patch(ChannelOptions::default()), NOW).await.unwrap();
    tx.commit().await.unwrap();
    (plain.options, said.options) = (long, ChannelOptions::default());
    assert_eq!(store.read().list_channels().await.unwrap(), [plain, said]);
    let rows = store.load_catalog(&keyring).await.unwrap();
    assert!(rows.channels.iter().any(|row| row.options == "{}"));
}
