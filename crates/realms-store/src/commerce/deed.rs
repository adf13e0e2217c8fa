//! What gives money or time, or takes it: all of it in one transaction, once.

use realms_types::RequestId;

use crate::{
    Notification, ReviewStep, StoreError, Tx,
    commerce::{CodeUse, NoticeRecord, OrderStep, Start, SubscriptionRecord},
};

/// What must still be as it was for a deed to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// An order that changes.
    Order(OrderStep),
    /// A code that is used.
    Code(CodeUse),
    /// A call whose usage cannot be true, and that somebody decides about.
    Review(ReviewStep),
}

/// What changes beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What decides whether anything is done.
    pub ground: Ground,
    /// Time of a plan that is given.
    pub gives: Option<(SubscriptionRecord, Start)>,
    /// Whether the time that the order gave ends.
    pub ends: bool,
    /// The notice that caused it.
    pub notice: Option<NoticeRecord>,
    /// Who is told of it.
    pub tells: Vec<Notification>,
}

// === impl Deed ===

impl Deed {
    /// Nothing beside what decides about it.
    pub const fn on(ground: Ground) -> Self {
        Self { ground, gives: None, ends: false, notice: None, tells: Vec::new() }
    }

    /// The call it is about.
    pub const fn request_id(&self) -> Option<RequestId> {
        match &self.ground {
            Ground::Review(step) => Some(step.request_id),
            Ground::Order(_) | Ground::Code(_) => None,
        }
    }
}

// === impl Tx ===

impl Tx {
    /// Does a deed. `false`: its ground does not hold any more, and nothing changed. Who gives time of a
    /// plan or uses a code locks the account of the user first.
    pub async fn carry_out(&self, deed: &Deed) -> Result<bool, StoreError> {
        let holds = match &deed.ground {
            Ground::Order(step) => self.step_order(step).await?,
            Ground::Code(one) => self.use_code(*one).await?,
            Ground::Review(step) => self.review_usage(step).await?,
        };
        if !holds {
            return Ok(false);
        }
        if let Some((record, start)) = &deed.gives {
            self.give_subscription(record, *start).await?;
        }
        if let (Ground::Order(step), true) = (&deed.ground, deed.ends) {
            self.end_subscription(step.after.id, step.now).await?;
        }
        if let Some(notice) = &deed.notice {
            self.keep_notice(notice).await?;
        }
        for one in &deed.tells {
            self.notify(one).await?;
        }
        Ok(true)
    }
}
