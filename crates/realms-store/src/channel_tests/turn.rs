//! Whose turn it is to test a channel by its schedule: one node at a time, no matter how many there are.

use std::time::Duration;

use realms_types::{ChannelId, NodeId, Timestamp};
use sea_orm::EntityTrait;

use crate::{
    Reader, Store, StoreError,
    entity::channel_test_turn,
    sql::{self, OnDuplicate},
};

/// When a channel was tested by its schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestTurn {
    /// The channel.
    pub channel_id: ChannelId,
    /// When its latest test began.
    pub tested_at: Timestamp,
}

const CLAIM: &str = "\
UPDATE channel_test_turns SET tested_at = ?, lease_owner = ?, lease_until = ? \
WHERE channel_id = ? AND tested_at <= ? AND lease_until <= ?";

// === impl TestTurn ===

impl TryFrom<channel_test_turn::Model> for TestTurn {
    type Error = StoreError;

    fn try_from(row: channel_test_turn::Model) -> Result<Self, StoreError> {
        let tested_at = Timestamp::from_micros(row.tested_at);
        Ok(Self { channel_id: row.channel_id.into(), tested_at })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// When channels were tested by their schedules.
    pub async fn list_channel_test_turns(self) -> Result<Vec<TestTurn>, StoreError> {
        self.all(channel_test_turn::Entity::find()).await
    }
}

// === impl Store ===

impl Store {
    /// Takes the turn to test a channel, whose latest test began at least `every` ago. `false`: it did
    /// not, or somebody else has the turn.
    pub async fn claim_channel_test(
        &self,
        channel: ChannelId,
        node: NodeId,
        every: Duration,
        lease: Duration,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let never = channel_test_turn::Model {
            channel_id: channel.raw(),
            tested_at: 0,
            lease_owner: None,
            lease_until: 0,
        };
        sql::insert_all(self.writers(), vec![never], OnDuplicate::Keep).await?;
        let values = vec![
            now.as_micros().into(),
            node.raw().into(),
            (now + lease).as_micros().into(),
            channel.raw().into(),
            (now - every).as_micros().into(),
            now.as_micros().into(),
        ];
        Ok(sql::execute(self.writers(), CLAIM, values).await? == 1)
    }

    /// Gives the turn back.
    pub async fn release_channel_test(
        &self,
        channel: ChannelId,
        node: NodeId,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE channel_test_turns SET lease_owner = NULL, lease_until = 0 \
                   WHERE channel_id = ? AND lease_owner = ?";
        sql::execute(self.writers(), sql, vec![channel.raw().into(), node.raw().into()]).await?;
        Ok(())
    }
}
