//! Acts that change no configuration, noted in the audit log.

use realms_store::{Actor, AuditChange, AuditRecord};

use super::{Console, caller::Caller};
use crate::ConsoleError;

/// What an act made of something that was not there before.
pub(super) fn change(path: &str, after: String) -> AuditChange {
    AuditChange { path: path.to_owned(), before: None, after: Some(after) }
}

/// What an act made of something, and what it was; nothing where it stays the same.
pub(super) fn changed(path: &str, before: String, after: String) -> Option<AuditChange> {
    let differs = before != after;
    differs.then(|| AuditChange { before: Some(before), ..change(path, after) })
}

// === impl Console ===

impl Console {
    /// An entry about what this caller does to an object, to be written with it.
    pub(super) fn act(
        &self,
        caller: &Caller,
        action: impl Into<String>,
        (kind, object): (&'static str, &str),
        changes: Vec<AuditChange>,
    ) -> AuditRecord {
        let entry = AuditRecord::new(self.0.editor.ids.next(), self.now(), caller.actor(), action);
        AuditRecord { changes, ..entry.about(kind, object) }
    }

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
