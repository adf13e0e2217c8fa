//! Why nothing was sold.

use realms_ledger::LedgerError;
use realms_seal::SealError;
use realms_store::StoreError;
use realms_types::{OrderId, TopUpMistake};

use crate::{GatewayError, NoticeError, PlanMistake, Refusal};

/// Why [`Commerce`](crate::Commerce) did not do what was asked. Messages hold no secret.
#[derive(Debug, thiserror::Error)]
pub enum CommerceError {
    /// There is no such thing, or it is another user's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It cannot be ordered.
    #[error(transparent)]
    NotSold(#[from] NotSold),
    /// A top-up that the terms do not allow.
    #[error(transparent)]
    TopUp(#[from] TopUpMistake),
    /// The order does not allow it.
    #[error(transparent)]
    Order(#[from] Refusal),
    /// A code that gives nothing.
    #[error(transparent)]
    Code(#[from] CodeRefusal),
    /// A plan that cannot be sold.
    #[error(transparent)]
    Plan(#[from] PlanMistake),
    /// Time of a plan that cannot change any more.
    #[error("this time of a plan is over")]
    Over,
    /// What came is no notice.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// The channel is not set up as it must be.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The gateway did not answer, or does not confirm its notice: it is to tell again.
    #[error("the gateway does not confirm it: {0}")]
    Unconfirmed(&'static str),
    /// The ledger says otherwise than the order.
    #[error("the ledger and order {0} do not agree: run `realms ledger verify`")]
    Books(OrderId),
    /// The ledger did not do it.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why something cannot be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSold {
    /// The payment channel or the plan is switched off.
    #[error("it is switched off")]
    Off,
    /// The channel takes play money, which only operators may pay with.
    #[error("this payment channel is for tests only")]
    TestMode,
    /// The plan is for other groups of users.
    #[error("this plan is for another group of users")]
    OtherGroup,
    /// There is no price in the currency, or the channel does not take it.
    #[error("it cannot be paid in this currency here")]
    Currency,
}

/// Why a code gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefusal {
    /// There is none like it, or it is switched off.
    #[error("this code is not known")]
    Unknown,
    /// It is too old.
    #[error("this code has expired")]
    Expired,
    /// As many as may have used it.
    #[error("this code is used up")]
    UsedUp,
    /// The same user used it.
    #[error("you used this code before")]
    Yours,
    /// The user has the plan already and must say when the new time begins.
    #[error("you have this plan: say whether the new time begins at once or after the last")]
    ChooseStart,
    /// It cannot be a code.
    #[error("a code has 8 to 64 letters, digits and dashes")]
    Form,
    /// It gives neither money nor time, or nobody may use it.
    #[error("a code gives either money or time of a plan, and to somebody")]
    Empty,
}

impl From<SealError> for CommerceError {
    fn from(error: SealError) -> Self {
        Self::Store(error.into())
    }
}

impl From<LedgerError> for CommerceError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

// === impl CommerceError ===

impl CommerceError {
    /// Whether the same request may succeed a moment later.
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Unconfirmed(_) | Self::Ledger(LedgerError::Unavailable { .. }) => true,
            Self::Store(error) => error.is_temporary(),
            _ => false,
        }
    }
}
