//! What the parts of sums are called.

use std::collections::HashMap;

use realms_relay::Client;
use realms_store::{ApiKeyName, Dimension, UsageGroup, UsageKey};
use realms_types::{ApiKeyId, ChannelGroupId, ChannelId, CredentialId, UserId};

use super::Reach;
use crate::{
    ConsoleError,
    http::{
        Console,
        sums::{PartSums, UsageSums},
    },
};

/// The key of calls that have none.
pub(in crate::http) const NOTHING: &str = "_none";
/// The key of what is not shown by itself.
pub(super) const REST: &str = "_other";

/// The names of the parts of one dimension.
#[derive(Debug)]
pub(in crate::http) struct KeyLabels {
    dimension: Dimension,
    users: HashMap<UserId, String>,
    api_keys: HashMap<ApiKeyId, ApiKeyName>,
    others: HashMap<i64, String>,
}

// === impl Console ===

impl Console {
    /// Looks the names of parts up, all at once.
    pub(in crate::http) async fn key_labels(
        &self,
        dimension: Dimension,
        keys: impl Iterator<Item = &UsageKey>,
    ) -> Result<KeyLabels, ConsoleError> {
        let ids: Vec<i64> = keys
            .filter_map(|key| match key {
                UsageKey::Id(id) => Some(*id),
                UsageKey::Nothing | UsageKey::Word(_) => None,
            })
            .collect();
        let reader = self.0.editor.store.read();
        let catalog = self.0.catalog.snapshot();
        let mut labels = KeyLabels {
            dimension,
            users: HashMap::new(),
            api_keys: HashMap::new(),
            others: HashMap::new(),
        };
        match dimension {
            Dimension::User => {
                labels.users = reader.usernames(ids.into_iter().map(UserId::new)).await?;
            }
            Dimension::ApiKey => {
                labels.api_keys = reader.api_key_names(ids.into_iter().map(ApiKeyId::new)).await?;
            }
            Dimension::Channel => {
                let all = catalog.channels();
                labels.others = all.map(|one| (one.id.raw(), one.name.clone())).collect();
            }
            Dimension::Credential => {
                let name = |channel: &str, own: &str| format!("{channel} / {own}");
                let all = catalog.channels().flat_map(|channel| {
                    let own = channel.credentials.iter();
                    own.map(|one| (one.id.raw(), name(&channel.name, &one.name)))
                });
                labels.others = all.collect();
            }
            Dimension::ChannelGroup => {
                let all = reader.list_channel_groups().await?;
                labels.others = all.into_iter().map(|one| (one.id.raw(), one.name)).collect();
            }
            _ => {}
        }
        Ok(labels)
    }

    /// The largest parts with their names.
    pub(in crate::http) async fn named_parts(
        &self,
        dimension: Dimension,
        parts: Vec<(UsageKey, UsageGroup)>,
    ) -> Result<Vec<PartSums>, ConsoleError> {
        let labels = self.key_labels(dimension, parts.iter().map(|(key, _)| key)).await?;
        let named = |(key, group): &(UsageKey, UsageGroup)| PartSums {
            key: labels.key(key),
            label: labels.label(key),
            sums: UsageSums::from(&group.sums),
            p50_first_event_us: group.first_event.percentile(50),
        };
        Ok(parts.iter().map(named).collect())
    }
}

// === impl KeyLabels ===

impl KeyLabels {
    /// A part as a filter names it.
    pub(in crate::http) fn key(&self, key: &UsageKey) -> String {
        match (key, self.dimension) {
            (UsageKey::Nothing, _) => NOTHING.to_owned(),
            (UsageKey::Word(word), _) => word.clone(),
            (UsageKey::Id(id), Dimension::User) => UserId::new(*id).to_string(),
            (UsageKey::Id(id), Dimension::ApiKey) => ApiKeyId::new(*id).to_string(),
            (UsageKey::Id(id), Dimension::ChannelGroup) => ChannelGroupId::new(*id).to_string(),
            (UsageKey::Id(id), Dimension::Credential) => CredentialId::new(*id).to_string(),
            (UsageKey::Id(id), _) => ChannelId::new(*id).to_string(),
        }
    }

    /// What people call it; what is gone is shown by its id.
    pub(in crate::http) fn label(&self, key: &UsageKey) -> String {
        let UsageKey::Id(id) = key else {
            let word = self.key(key);
            let client = (self.dimension == Dimension::Client).then(|| Client::name_of(&word));
            return client.flatten().map_or(word, str::to_owned);
        };
        let found = match self.dimension {
            Dimension::User => self.users.get(&UserId::new(*id)).cloned(),
            Dimension::ApiKey => self.api_keys.get(&ApiKeyId::new(*id)).map(|key| key.name.clone()),
            _ => self.others.get(id).cloned(),
        };
        found.unwrap_or_else(|| self.key(key))
    }
}

/// The dimension of a word, if it is for this reader.
pub(super) fn dimension(word: &str, reach: Reach) -> Result<Dimension, ConsoleError> {
    const OWN: [(&str, Dimension); 7] = [
        ("model", Dimension::Model),
        ("api_key", Dimension::ApiKey),
        ("client", Dimension::Client),
        ("dialect", Dimension::Dialect),
        ("outcome", Dimension::Outcome),
        ("cause", Dimension::Cause),
        ("session", Dimension::Session),
    ];
    const OF_OPERATORS: [(&str, Dimension); 4] = [
        ("user", Dimension::User),
        ("channel", Dimension::Channel),
        ("channel_group", Dimension::ChannelGroup),
        ("credential", Dimension::Credential),
    ];
    let more: &[_] = if reach.user.is_none() { &OF_OPERATORS } else { &[] };
    let known = || OWN.iter().chain(more);
    let found = known().find(|(own, _)| *own == word).map(|(_, dimension)| *dimension);
    found.ok_or_else(|| {
        let known: Vec<&str> = known().map(|(own, _)| *own).collect();
        let known = known.join(", ");
        ConsoleError::Malformed(format!("there are no sums by `{word}`; there are {known}"))
    })
}
