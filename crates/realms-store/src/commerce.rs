//! What is sold and how it is paid: payment channels, plans, orders, notices, subscriptions, codes.
//!
//! What gives money or time is a [`Deed`]: its ground is an order as it was read, the use of a code, or a call that somebody
//! looked at, and the ledger carries it out in the transaction of its entry.

mod channel;
mod code;
mod deed;
mod notice;
mod order;
mod plan;
mod subscription;

pub use channel::{GatewayKind, PaymentChannelPatch, PaymentChannelRecord};
pub use code::{CodeFilter, CodeUse, RedemptionCodeRecord};
pub use deed::{Deed, Ground};
pub use notice::{NoticeOutcome, NoticeRecord};
pub use order::{OrderFilter, OrderRecord, OrderStep};
pub use plan::{PlanPatch, PlanRecord};
pub use subscription::{PlanUse, Start, SubscriptionFilter, SubscriptionRecord};
