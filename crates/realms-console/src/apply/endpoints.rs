//! Writes the addresses of a channel; one that stays keeps its row, and with it its health.

use realms_store::{EndpointPatch, EndpointRecord};
use realms_types::ChannelId;

use super::Writer;
use crate::{
    ConsoleError,
    manifest::{Channel, Endpoint},
};

// === impl Writer ===

impl Writer<'_> {
    pub(super) async fn put_endpoints(
        &mut self,
        id: ChannelId,
        channel: &Channel,
    ) -> Result<(), ConsoleError> {
        let mut present = self.tx.read().list_endpoints(Some(id)).await?;
        let first = present.first().map(|row| row.id);
        let base_url = channel.base_url.clone().unwrap_or_default();
        let mut wanted = vec![Endpoint { base_url, priority: Some(0), enabled: Some(true) }];
        wanted.extend(channel.endpoints.iter().flatten().cloned());
        let mut missing = Vec::new();
        for (number, one) in wanted.into_iter().enumerate() {
            match present.iter().position(|row| row.base_url == one.base_url) {
                Some(place) => self.update_endpoint(&present.remove(place), &one).await?,
                None => missing.push((number, one)),
            }
        }
        for (number, one) in missing {
            // A `base_url` that moves stays the same endpoint.
            match present.iter().position(|row| number == 0 && Some(row.id) == first) {
                Some(place) => self.update_endpoint(&present.remove(place), &one).await?,
                None => self.insert_endpoint(id, one).await?,
            }
        }
        for row in present {
            self.tx.delete_endpoint(row.id).await?;
        }
        Ok(())
    }

    async fn update_endpoint(
        &mut self,
        row: &EndpointRecord,
        wanted: &Endpoint,
    ) -> Result<(), ConsoleError> {
        let base_url = Some(&wanted.base_url).filter(|url| **url != row.base_url).cloned();
        let priority = Some(wanted.place()).filter(|priority| *priority != row.priority);
        let enabled = wanted.enabled.filter(|enabled| *enabled != row.enabled);
        if base_url.is_none() && priority.is_none() && enabled.is_none() {
            return Ok(());
        }
        let patch = EndpointPatch { base_url, priority, enabled };
        Ok(self.tx.update_endpoint(row.id, patch, self.now).await?)
    }

    async fn insert_endpoint(
        &mut self,
        channel_id: ChannelId,
        wanted: Endpoint,
    ) -> Result<(), ConsoleError> {
        let record = EndpointRecord {
            id: self.editor.ids.next(),
            channel_id,
            priority: wanted.place(),
            enabled: wanted.enabled.unwrap_or(true),
            base_url: wanted.base_url,
            created_at: self.now,
            updated_at: self.now,
        };
        Ok(self.tx.insert_endpoint(&record).await?)
    }
}
