//! Acts that change no configuration, noted in the audit log.

use realms_store::{Actor, AuditChange, AuditRecord};

use super::Console;
use crate::ConsoleError;

// === impl Console ===

impl Console {
    /// An entry about what this actor does, perhaps to a channel.
    pub(super) fn entry(&self, actor: &Actor, action: &str, channel: Option<&str>) -> AuditRecord {
        let editor = &self.0.editor;
        let entry = AuditRecord::new(editor.ids.next(), editor.clock.now(), actor.clone(), action);
        match channel {
            Some(channel) => entry.about("channel", channel),
            None => entry,
        }
    }

    /// Writes an entry.
    pub(super) async fn write(&self, entry: &AuditRecord) -> Result<(), ConsoleError> {
        let mut tx = self.0.editor.store.begin().await?;
        tx.insert_audit(entry).await?;
        Ok(tx.commit().await?)
    }

    /// Notes what was done.
    pub(super) async fn note(
        &self,
        actor: &Actor,
        action: &str,
        channel: Option<&str>,
        changes: Vec<AuditChange>,
    ) -> Result<(), ConsoleError> {
        let entry = self.entry(actor, action, channel);
        self.write(&AuditRecord { changes, ..entry }).await
    }
}
