//! Money given or taken by hand: the same from the console and from the command line.

use realms_ledger::Movement;
use realms_store::{Actor, AuditChange, AuditRecord, UserRecord};
use realms_types::Money;

use crate::Editor;

/// What is given to a user, or taken.
#[derive(Debug, Clone)]
pub struct ByHand {
    /// What the balance gains; negative: what it loses.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// What makes a repetition known; without one nothing does.
    pub key: Option<String>,
}

// === impl Editor ===

impl Editor {
    /// What is to be moved, and what the audit log is to say of it.
    pub fn by_hand(
        &self,
        user: &UserRecord,
        by_hand: ByHand,
        actor: Actor,
    ) -> (Movement, AuditRecord) {
        let ByHand { amount, reason, key } = by_hand;
        let told = |path: &str, after: String| AuditChange {
            path: path.to_owned(),
            before: None,
            after: Some(after),
        };
        let changes = vec![told("amount_usd", amount.to_string()), told("reason", reason.clone())];
        let name = actor.name.clone();
        let entry = AuditRecord::new(self.ids.next(), self.clock.now(), actor, "balance.adjust");
        let audit = AuditRecord { changes, ..entry.about("user", &user.username) };
        let movement = Movement {
            user: user.id,
            amount,
            key: key.map_or_else(|| format!("by-hand:{}", audit.id), |key| format!("by-key:{key}")),
            reference: None,
            actor: Some(name),
            reason: Some(reason),
        };
        (movement, audit)
    }
}
