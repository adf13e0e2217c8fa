//! Plans, and time of them in the hands of operators.

use std::time::Duration;

use realms_ledger::AccountId;
use realms_store::{AuditRecord, PlanPatch, PlanRecord, Start, SubscriptionRecord};
use realms_types::{PlanId, SubscriptionId, UserId};

use super::Commerce;
use crate::{CommerceError, check_plan};

/// What becomes of time of a plan that somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeChange {
    /// It lasts so much longer.
    Extend(Duration),
    /// What was used of its windows counts no more.
    Reset,
    /// It ends now. What was paid for it stays: that is for a refund of its order.
    Revoke,
}

// === impl Commerce ===

impl Commerce {
    /// Adds a plan that can be sold. Its id and its times are set here.
    pub async fn add_plan(
        &self,
        plan: PlanRecord,
        audit: Option<AuditRecord>,
    ) -> Result<PlanRecord, CommerceError> {
        let now = self.clock.now();
        let record = PlanRecord { id: self.ids.next(), created_at: now, updated_at: now, ..plan };
        check_plan(&record)?;
        let tx = self.store.begin().await?;
        tx.insert_plan(&record).await?;
        tx.insert_audits(audit.as_slice()).await?;
        tx.commit().await?;
        Ok(record)
    }

    /// Changes a plan. Who ordered it or has it keeps the terms of that day.
    pub async fn change_plan(
        &self,
        id: PlanId,
        patch: PlanPatch,
        audit: Option<AuditRecord>,
    ) -> Result<(), CommerceError> {
        let before = self.plan(id).await?;
        check_plan(&patch.clone().on(before))?;
        let tx = self.store.begin().await?;
        tx.update_plan(id, patch, self.clock.now()).await?;
        tx.insert_audits(audit.as_slice()).await?;
        Ok(tx.commit().await?)
    }

    /// Gives somebody time of a plan that nobody pays for, also of one that is not sold any more.
    pub async fn give_time(
        &self,
        user: UserId,
        plan: PlanId,
        start: Start,
        audit: Option<AuditRecord>,
    ) -> Result<SubscriptionId, CommerceError> {
        let plan = self.plan(plan).await?;
        let now = self.clock.now();
        let id = self.ids.next();
        let given = SubscriptionRecord::beginning(id, user, (plan.id, plan.terms), now);
        let tx = self.store.begin().await?;
        tx.lock_accounts(&[AccountId::user(user)], now).await?;
        tx.give_subscription(&given, start).await?;
        tx.insert_audits(audit.as_slice()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes time of a plan that is not over.
    pub async fn change_time(
        &self,
        id: SubscriptionId,
        change: TimeChange,
        audit: Option<AuditRecord>,
    ) -> Result<(), CommerceError> {
        let now = self.clock.now();
        let found = self.store.read().find_subscription(id).await?;
        let user = found.ok_or(CommerceError::NotFound("subscription"))?.user;
        let tx = self.store.begin().await?;
        // Whoever gives time that begins when this ends holds the same lock.
        tx.lock_accounts(&[AccountId::user(user)], now).await?;
        let changed = match change {
            TimeChange::Extend(by) => tx.extend_subscription(id, by, now).await?,
            TimeChange::Reset => tx.reset_subscription(id, now).await?,
            TimeChange::Revoke => tx.revoke_subscription(id, now).await?,
        };
        if !changed {
            return Err(CommerceError::Over);
        }
        tx.insert_audits(audit.as_slice()).await?;
        Ok(tx.commit().await?)
    }

    async fn plan(&self, id: PlanId) -> Result<PlanRecord, CommerceError> {
        self.store.read().find_plan(id).await?.ok_or(CommerceError::NotFound("plan"))
    }
}
