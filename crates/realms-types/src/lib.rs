//! The nouns of Realms: ids, money, time, prices, usage, verdicts. No IO.
//!
//! Every other crate stands on this one. Nothing here knows a database, a socket or a wire format.

mod chance;
mod considered;
mod dialect;
mod exclusion;
mod id;
mod key_rules;
mod limits;
mod meta;
mod money;
mod name;
mod price;
mod same_model;
mod secret;
mod time;
mod usage;
mod verdict;

pub use chance::Chance;
pub use considered::Considered;
pub use dialect::{ChannelKind, DialectId, UnknownName};
pub use exclusion::Exclusion;
pub use id::{
    AdminKeyId, ApiKeyId, AuditId, BatchId, BindingId, ChannelGroupId, ChannelId, CredentialId,
    DataKeyId, EndpointId, ExternalIdentityId, IdError, Ids, ModelId, NodeId, OauthLogInId,
    OneTimeCodeId, PasskeyId, RecordId, RequestId, SessionId, UserGroupId, UserId,
};
pub use key_rules::KeyRules;
pub use limits::{LimitKind, LimitOwner, Limits};
pub use meta::RequestMeta;
pub use money::{AmountError, Money, Ppm, UnitPrice};
pub use name::{GroupName, NameError, Username};
pub use price::Price;
pub use same_model::is_same_model;
pub use secret::Secret;
pub use time::{Clock, SharedClock, SystemClock, Timestamp};
pub use usage::{Certainty, Usage, UsageError};
pub use verdict::{Cause, Origin, Scope, Verdict};
