//! Movements of money that are no calls: credits, refunds, adjustments.

use realms_store::{AccountId, EntryKind, EntryRecord, Posting, StoreError};
use realms_types::Money;

use super::Work;
use crate::order::{Post, Posted, Refusal};

// === impl Post ===

impl Post {
    /// The key of its entry, apart from those of calls.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.movement.key)
    }

    /// Where the money comes from, or goes to.
    const fn other_side(&self) -> AccountId {
        match self.kind {
            EntryKind::Credit => AccountId::CLEARING,
            EntryKind::Adjust => AccountId::ADJUSTMENTS,
            EntryKind::Promote => AccountId::PROMOTIONS,
            EntryKind::Refund | EntryKind::Settle | EntryKind::Expire => AccountId::REVENUE,
        }
    }
}

// === impl Work ===

impl Work<'_> {
    pub(super) async fn post_all(
        &mut self,
        posts: &[Post],
    ) -> Result<Vec<Result<Posted, Refusal>>, StoreError> {
        let mut outcomes = Vec::with_capacity(posts.len());
        for post in posts {
            outcomes.push(self.post(post).await?);
        }
        Ok(outcomes)
    }

    async fn post(&mut self, post: &Post) -> Result<Result<Posted, Refusal>, StoreError> {
        let account = AccountId::user(post.movement.user);
        let amount = post.movement.amount;
        let first = Posting { account, amount };
        if let Some(mark) = self.marks.get(&post.key()) {
            let same = mark.kind == post.kind && mark.first == first;
            let reused = || Refusal::KeyReused(post.movement.key.clone());
            return Ok(if same { Ok(Posted::Already) } else { Err(reused()) });
        }
        if let Err(refusal) = self.move_user(post, account, amount).await? {
            return Ok(Err(refusal));
        }
        let other = post.other_side();
        self.gain(other, -amount.nano())?;
        let entry = EntryRecord {
            id: post.entry,
            key: post.key(),
            kind: post.kind,
            request_id: post.request_id,
            reference: post.movement.reference.clone(),
            actor: post.movement.actor.clone(),
            reason: post.movement.reason.clone(),
            created_at: post.now,
            postings: vec![
                first,
                Posting { account: other, amount: Money::from_nano(-amount.nano()) },
            ],
        };
        let mark = realms_store::EntryMark { key: entry.key.clone(), kind: post.kind, first };
        self.marks.insert(mark.key.clone(), mark);
        self.entries.push(entry);
        self.audits.extend(post.audit.clone());
        Ok(Ok(Posted::Done))
    }

    async fn move_user(
        &mut self,
        post: &Post,
        account: AccountId,
        amount: Money,
    ) -> Result<Result<(), Refusal>, StoreError> {
        if let Some(request) = post.request_id {
            let paid = self.holds.get(&request).is_some_and(|hold| hold.account == account);
            if !paid || !self.tx.refund_hold(request, amount).await? {
                return Ok(Err(Refusal::NotCharged { request, amount }));
            }
        }
        if amount.nano() >= 0 {
            self.shift(account, amount, Money::ZERO).await?;
            self.note(account, amount.nano());
            return Ok(Ok(()));
        }
        let needed = Money::from_nano(-amount.nano());
        if self.tx.spend_available(account, needed, self.now).await? {
            self.note(account, amount.nano());
            return Ok(Ok(()));
        }
        let available = self.available(account);
        Ok(Err(Refusal::Insufficient { available, needed }))
    }

    /// What is known to be available of an account, for people and for plans; it decides nothing.
    pub(super) fn available(&self, account: AccountId) -> Money {
        self.balances.get(&account).map_or(Money::ZERO, |one| one.available)
    }

    /// Keeps what is known of an account in step with its row.
    pub(super) fn note(&mut self, account: AccountId, nano: i64) {
        if let Some(balance) = self.balances.get_mut(&account) {
            let available = balance.available.nano().saturating_add(nano);
            balance.available = Money::from_nano(available);
        }
    }
}
