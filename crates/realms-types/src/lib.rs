//! The nouns of Realms: ids, money, time, prices, usage, verdicts. No IO.
//!
//! Every other crate stands on this one. Nothing here knows a database, a socket or a wire format.

mod amount;
mod app_scope;
mod billing;
mod budget;
mod chance;
mod considered;
mod dialect;
mod exclusion;
mod finding;
mod id;
mod invitation;
mod key_rules;
mod limits;
mod meta;
mod money;
mod name;
mod occurrence;
mod options;
mod order;
mod plan;
mod price;
mod proxy;
mod ranking;
mod same_model;
mod secret;
mod time;
mod top_up;
mod usage;
mod verdict;

pub use amount::{Amount, Currency, CurrencyError};
pub use app_scope::{AppScope, AppScopes, UnknownAppScope};
pub use billing::Billing;
pub use budget::{Budget, BudgetPeriod, BudgetPeriodError, Spend};
pub use chance::Chance;
pub use considered::Considered;
pub use dialect::{ChannelKind, DialectId, UnknownName};
pub use exclusion::Exclusion;
pub use finding::{Finding, Severity};
pub use id::{
    AdminKeyId, AnnouncementId, ApiKeyId, AuditId, BatchId, BindingId, ChannelGroupId, ChannelId,
    ChannelTestId, CredentialId, DataKeyId, EndpointId, EntryId, ErrorRuleId, ExternalIdentityId,
    IdError, IdempotentCallId, Ids, KeptResponseId, ModelId, NodeId, NoticeId, NotificationId,
    NotificationTargetId, OauthAppId, OauthGrantId, OauthLogInId, OneTimeCodeId, OrderId,
    PasskeyId, PaymentChannelId, PlanId, RecordId, RedemptionCodeId, RequestId, SessionId,
    SubscriptionId, TicketFileId, TicketId, TicketMessageId, UserGroupId, UserId,
};
pub use invitation::{InvitationAfter, InvitationMistake, InvitationTerms};
pub use key_rules::{KeyRules, LossPolicy};
pub use limits::{LimitKind, LimitOwner, Limits};
pub use meta::RequestMeta;
pub use money::{AmountError, Money, PiecePrice, Ppm, UnitPrice};
pub use name::{GroupName, NameError, Username};
pub use occurrence::{Occurrence, OccurrenceKind, Threshold, ThresholdUnit};
pub use options::{
    Asks, AutoDisable, BodyFilter, CacheTtl, ChannelOptions, Compare, Condition, EffortSuffix,
    ErrorAct, ErrorMatch, ErrorRule, Forward, HARD_CAUSES, HeaderEdits, HeaderTemplate, Hours,
    Joint, JsonPath, MessagesEffort, ModelRule, OnDisconnect, OpenHours, OptionMistake, ParamMode,
    ParamOperation, Params, Piece, PromptMode, RuleKind, Step, StorePolicy, SystemPrompt,
    TierPolicy, Weekday, Window, pattern,
};
pub use order::{Attention, Order, OrderKind, OrderState, Value};
pub use plan::PlanTerms;
pub use price::{Price, PriceMistake, PriceTerms, Rates, Tier};
pub use proxy::{Proxy, ProxyError, ProxyLogin, ProxyScheme};
pub use ranking::RankingName;
pub use same_model::is_same_model;
pub use secret::Secret;
pub use time::{Clock, SharedClock, SystemClock, Timestamp};
pub use top_up::{Bonus, TopUpMistake, TopUpRate, TopUpTerms};
pub use usage::{Certainty, Usage, UsageError};
pub use verdict::{Cause, Origin, Scope, Verdict};
