//! Writes rules about errors of upstreams.

use realms_store::{ErrorRulePatch, ErrorRuleRecord};

use super::Writer;
use crate::{ConsoleError, manifest::ErrorRule};

// === impl Writer ===

impl Writer<'_> {
    pub(super) async fn put_error_rule(&mut self, rule: &ErrorRule) -> Result<(), ConsoleError> {
        let (when, act) =
            (rule.when.clone().unwrap_or_default(), rule.act.clone().unwrap_or_default());
        if let Some(held) = self.state.error_rules.get(&rule.name) {
            let patch = ErrorRulePatch {
                priority: rule.priority,
                enabled: rule.enabled,
                content: Some((when, act)),
            };
            return Ok(self.tx.update_error_rule(held.id, patch, self.now).await?);
        }
        let record = ErrorRuleRecord {
            id: self.editor.ids.next(),
            name: rule.name.clone(),
            priority: rule.priority.unwrap_or(0),
            enabled: rule.enabled.unwrap_or(true),
            when,
            act,
            created_at: self.now,
            updated_at: self.now,
        };
        Ok(self.tx.insert_error_rule(&record).await?)
    }
}
