//! What an object looked like, so that nothing is done to one that somebody changed since.

use realms_seal::Keyring;
use realms_types::Timestamp;
use serde::{Deserialize, Serialize};

use super::BatchKind;
use crate::plan::{Held, Planned, State};

/// Says nothing about the object, and is another when anything of it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Mark(String);

// === impl Mark ===

impl Mark {
    fn of<I: ToString, T: Planned, F>(
        held: &Held<I, T, F>,
        revoked_at: Option<Timestamp>,
        keyring: &Keyring,
    ) -> Self {
        let (id, at) = (held.id.to_string(), held.updated_at);
        let mut text = format!("batch:{id}:{at}:{revoked_at:?}");
        for field in held.object.fields() {
            text.push('\n');
            text.push_str(&field.line());
        }
        let hash = keyring.keyed_hash(&text);
        let (half, _) = hash.split_at(16);
        let number = half.iter().fold(0u128, |sum, byte| sum << 8 | u128::from(*byte));
        Self(format!("{number:032x}"))
    }
}

// === impl State ===

impl State {
    /// What an object looks like; `None`: it is not there.
    pub(crate) fn mark(&self, kind: BatchKind, name: &str, keyring: &Keyring) -> Option<Mark> {
        match kind {
            BatchKind::Channel => Some(Mark::of(self.channels.get(name)?, None, keyring)),
            BatchKind::Model => Some(Mark::of(self.models.get(name)?, None, keyring)),
            BatchKind::User => Some(Mark::of(self.users.get(name)?, None, keyring)),
            BatchKind::ApiKey => {
                let held = self.api_key_by_name(name)?;
                Some(Mark::of(held, held.facts.revoked_at, keyring))
            }
        }
    }

    /// The id and the name of the object with this name or this id.
    pub(crate) fn find_named(&self, kind: BatchKind, asked: &str) -> Option<(String, String)> {
        macro_rules! find {
            ($map:ident) => {{
                let by_id = || self.$map.values().find(|held| held.id.to_string() == asked);
                let held = self.$map.get(asked).or_else(by_id)?;
                Some((held.id.to_string(), held.object.name()))
            }};
        }
        match kind {
            BatchKind::Channel => find!(channels),
            BatchKind::Model => find!(models),
            BatchKind::User => find!(users),
            BatchKind::ApiKey => {
                let by_id = || self.api_keys.values().find(|held| held.id.to_string() == asked);
                let held = self.api_key_by_name(asked).or_else(by_id)?;
                Some((held.id.to_string(), held.object.name()))
            }
        }
    }
}
