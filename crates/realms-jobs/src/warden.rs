//! Switches channels off whose options say so, after failures that do not go away by waiting.

use realms_relay::{Condemned, Relay};
use realms_store::{Actor, AuditChange, AuditRecord, ChannelPatch, Notification, StoreError};
use realms_types::Occurrence;

/// Carries out what calls have counted.
#[derive(Debug, Clone)]
pub struct Warden {
    relay: Relay,
}

// === impl Warden ===

impl Warden {
    /// Watches over the channels of this relay.
    pub const fn new(relay: Relay) -> Self {
        Self { relay }
    }

    /// Switches off what is due. Without anything due the database is not asked. What cannot be
    /// written is tried again by the next pass.
    pub async fn pass(&self) {
        for condemned in self.relay.take_condemned() {
            match self.switch_off(&condemned).await {
                Ok(()) => self.relay.events.publish_health(condemned.channel),
                Err(error) => {
                    tracing::error!(channel = %condemned.channel, %error, "cannot switch a channel off");
                    self.relay.give_back_condemned(condemned);
                }
            }
        }
    }

    async fn switch_off(&self, condemned: &Condemned) -> Result<(), StoreError> {
        let now = self.relay.clock.now();
        let mut tx = self.relay.store.begin().await?;
        let found = tx.read().find_channel(condemned.channel).await?;
        // Somebody may have switched it off, or the option, in the meantime.
        let due = found.filter(|one| one.enabled && one.options.auto_disable.is_some());
        let Some(channel) = due else { return Ok(()) };
        let patch = ChannelPatch { enabled: Some(false), ..ChannelPatch::default() };
        tx.update_channel(channel.id, patch, now).await?;
        let Condemned { cause, failures, .. } = condemned;
        let change = |path: &str, before: Option<&str>, after: String| AuditChange {
            path: path.to_owned(),
            before: before.map(str::to_owned),
            after: Some(after),
        };
        let record =
            AuditRecord::new(self.relay.ids.next(), now, Actor::system(), "channel.update");
        let record = AuditRecord {
            changes: vec![
                change("enabled", Some("true"), "false".to_owned()),
                change("auto_disable", None, format!("{failures} × {}", cause.as_str())),
            ],
            ..record.about("channel", channel.name.as_str())
        };
        tx.insert_audit(&record).await?;
        tx.notify(&Notification {
            id: self.relay.ids.next(),
            owner: None,
            key: format!("channel_off:{}:{}", channel.id, now.as_micros()),
            occurrence: Occurrence::ChannelResting {
                channel: channel.name.clone(),
                cause: *cause,
                until: None,
            },
            at: now,
        })
        .await?;
        tx.commit().await?;
        tracing::warn!(
            channel.name = channel.name,
            cause = cause.as_str(),
            failures,
            "switched a channel off after failures in a row",
        );
        Ok(())
    }
}
