//! Movements of money that are no calls: credits, refunds, adjustments, trades.

use realms_store::{AccountId, EntryKind, EntryRecord, Posting, StoreError};
use realms_types::Money;

use super::Work;
use crate::order::{Goods, Post, Posted, Refusal, entry_key};

// === impl Post ===

impl Post {
    /// The key of its entry, apart from those of calls.
    pub(crate) fn key(&self) -> String {
        entry_key(self.kind, &self.movement.key)
    }

    /// Where the money comes from, or goes to.
    const fn other_side(&self) -> AccountId {
        match self.kind {
            EntryKind::Credit => AccountId::CLEARING,
            EntryKind::Adjust => AccountId::ADJUSTMENTS,
            EntryKind::Promote => AccountId::PROMOTIONS,
            EntryKind::Refund
            | EntryKind::Settle
            | EntryKind::Expire
            | EntryKind::Sale
            | EntryKind::TakeBack
            | EntryKind::Review => AccountId::REVENUE,
        }
    }

    /// Its lines, the user's first: their sum is nothing.
    fn lines(&self) -> Vec<Posting> {
        let user = AccountId::user(self.movement.user);
        let amount = self.movement.amount.nano();
        let lines = match self.trade.as_deref().map(|(goods, _)| *goods) {
            None | Some(Goods::Gift) => vec![(user, amount), (self.other_side(), -amount)],
            Some(Goods::Balance { bonus }) => vec![
                (user, amount),
                (AccountId::CLEARING, bonus.nano() - amount),
                (AccountId::PROMOTIONS, -bonus.nano()),
            ],
            Some(Goods::BalanceBack { bonus }) => vec![
                (user, -amount),
                (AccountId::CLEARING, amount - bonus.nano()),
                (AccountId::PROMOTIONS, bonus.nano()),
            ],
            // The money passes through the balance, so that who bought sees it among their entries.
            Some(Goods::Time) => vec![
                (user, amount),
                (AccountId::CLEARING, -amount),
                (user, -amount),
                (AccountId::REVENUE, amount),
            ],
            Some(Goods::TimeBack) => vec![
                (user, -amount),
                (AccountId::CLEARING, amount),
                (user, amount),
                (AccountId::REVENUE, -amount),
            ],
            Some(Goods::Call) => vec![(user, -amount), (AccountId::REVENUE, amount)],
        };
        let moves = lines.into_iter().filter(|(_, nano)| *nano != 0);
        moves.map(|(account, nano)| Posting { account, amount: Money::from_nano(nano) }).collect()
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
        let lines = post.lines();
        let Some(first) = lines.first().copied() else {
            return Ok(Ok(Posted::Already));
        };
        if let Some(mark) = self.marks.get(&post.key()) {
            let same = mark.kind == post.kind && mark.first == first;
            let reused = || Refusal::KeyReused(post.movement.key.clone());
            return Ok(if same { Ok(Posted::Already) } else { Err(reused()) });
        }
        let own = lines.iter().filter(|line| line.account == account);
        let change = Money::from_nano(own.map(|line| line.amount.nano()).sum());
        if let Err(refusal) = self.move_user(post, account, change).await? {
            return Ok(Err(refusal));
        }
        if let Some((_, deed)) = post.trade.as_deref()
            && !self.tx.carry_out(deed).await?
        {
            self.take_back(account, change).await?;
            return Ok(Err(Refusal::Overtaken));
        }
        for line in lines.iter().filter(|line| line.account != account) {
            self.gain(line.account, line.amount.nano())?;
        }
        self.keep(post, first, lines);
        Ok(Ok(Posted::Done))
    }

    /// Remembers the entry and what the audit log says of it.
    fn keep(&mut self, post: &Post, first: Posting, postings: Vec<Posting>) {
        let entry = EntryRecord {
            id: post.entry,
            key: post.key(),
            kind: post.kind,
            request_id: post.request_id,
            reference: post.movement.reference.clone(),
            actor: post.movement.actor.clone(),
            reason: post.movement.reason.clone(),
            created_at: post.now,
            postings,
        };
        let mark = realms_store::EntryMark { key: entry.key.clone(), kind: post.kind, first };
        self.marks.insert(mark.key.clone(), mark);
        self.entries.push(entry);
        self.audits.extend(post.audit.clone());
    }

    async fn move_user(
        &mut self,
        post: &Post,
        account: AccountId,
        amount: Money,
    ) -> Result<Result<(), Refusal>, StoreError> {
        if let (EntryKind::Refund, Some(request)) = (post.kind, post.request_id) {
            let paid = self.holds.get(&request).is_some_and(|hold| hold.account == account);
            if !paid || !self.tx.refund_hold(request, amount).await? {
                return Ok(Err(Refusal::NotCharged { request, amount }));
            }
        }
        if amount.nano() >= 0 {
            self.shift_known(account, amount.nano()).await?;
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

    /// A deed that was not done moves nothing: what was moved for it goes back.
    async fn take_back(&mut self, account: AccountId, change: Money) -> Result<(), StoreError> {
        self.shift_known(account, -change.nano()).await
    }

    async fn shift_known(&mut self, account: AccountId, nano: i64) -> Result<(), StoreError> {
        if nano != 0 {
            self.shift(account, Money::from_nano(nano), Money::ZERO).await?;
            self.note(account, nano);
        }
        Ok(())
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
