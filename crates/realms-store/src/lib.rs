//! All SQL: entities, migrations, one module per table group, the catalogue loader.
//!
//! A [`Store`] stands on SQLite, PostgreSQL or MySQL/MariaDB with one body of code. Single reads go
//! through [`Store::read`], changes through a [`Tx`] from [`Store::begin`], which reads too, by
//! [`Tx::read`]. A change of configuration bumps its version in the same transaction, so no node
//! can miss it. Decisions are made by conditional statements and their row counts, never by a
//! read that a write follows.

mod accounts;
mod admin_keys;
mod affinities;
mod announcements;
mod api_keys;
mod audit;
mod batches;
mod caller;
mod catalog;
mod channel_groups;
mod channel_tests;
mod channels;
mod commerce;
mod connect;
mod db_url;
mod entity;
mod error;
mod error_rules;
mod found;
mod here;
mod idempotent_calls;
mod invitations;
mod json;
mod kept_responses;
mod keyring;
mod ledger;
mod link;
mod lock;
mod migrate;
mod models;
mod names;
mod nodes;
mod notifications;
mod oauth;
mod oauth_apps;
mod objects;
mod people;
mod price_sync;
mod reader;
mod sessions;
mod settings;
mod setup;
mod sql;
mod store;
mod tickets;
mod tx;
mod usage;
mod user_groups;
mod users;
mod versions;

pub use accounts::{
    Bucket, ChallengeRecord, Claim, CodeTry, ExternalIdentityRecord, OneTimeCodeRecord,
    PasskeyRecord, TotpRecord,
};
pub use admin_keys::{AdminKeyRecord, Scope, Scopes, UnknownScope};
pub use affinities::AffinityRecord;
pub use announcements::{
    AnnouncementRecord, AnnouncementSeverity, AnnouncementText, AnnouncementTexts,
};
pub use api_keys::{ApiKeyPatch, ApiKeyRecord, KeyHash};
pub use audit::{Actor, ActorKind, AuditChange, AuditFilter, AuditPage, AuditRecord};
pub use batches::{BatchDone, BatchPurpose, BatchRecord};
pub use caller::CallerRecord;
pub use channel_groups::{ChannelGroupPatch, ChannelGroupRecord};
pub use channel_tests::{
    ChannelTestPage, ChannelTestRecord, Counts, TestDepth, TestOutcome, TestTrigger, TestTurn,
};
pub use channels::{
    BindingPatch, BindingRecord, ChannelPatch, ChannelRecord, CredentialPatch, CredentialRecord,
    EndpointPatch, EndpointRecord,
};
pub use commerce::{
    CodeFilter, CodeUse, Deed, GatewayKind, Ground, NoticeOutcome, NoticeRecord, OrderFilter,
    OrderRecord, OrderStep, PaymentChannelPatch, PaymentChannelRecord, PlanPatch, PlanRecord,
    PlanUse, RedemptionCodeRecord, Start, SubscriptionFilter, SubscriptionRecord,
};
pub use db_url::{DbKind, DbUrl, ServerUrl};
pub use error::StoreError;
pub use error_rules::{ErrorRulePatch, ErrorRuleRecord};
pub use idempotent_calls::{IdempotentCall, IdempotentState};
pub use invitations::{InvitationRecord, InvitationSums};
pub use kept_responses::{KeptResponse, LONGEST_RESPONSE_ID};
pub use ledger::{
    AccountId, AccountKind, AllowanceBucket, AllowanceGap, AllowanceRecord, AnchorRecord,
    BalanceGap, BalanceRecord, CallNote, ChargeGap, Draw, DrawSlot, EntryKind, EntryMark,
    EntryRecord, HoldClose, HoldGap, HoldRecord, HoldState, LedgerTotals, LooseRecord, Posting,
    UnbalancedEntry, Unit,
};
pub use models::{ModelPatch, ModelRecord, PriceSource, PriceVersion, Priced};
pub use names::{ApiKeyName, FoundKey};
pub use nodes::NodeRecord;
pub use notifications::{
    Delivered, DeliveryFilter, DeliveryId, DeliveryRecord, DeliveryState, Failing, LowBalance,
    MarkRecord, Notification, NotificationLanguage, NotificationRuleRecord,
    NotificationTargetRecord, SpendOf, TargetKind,
};
pub use oauth::{
    AccountGrant, AccountState, AccountTokens, Credits, LogInRecord, LoginCause, NeverRefreshed,
    OauthAccountRecord, QuotaReport, QuotaWindow, QuotaWindowName, Refresher,
};
pub use oauth_apps::{
    AppSecret, BehindToken, CodeTaken, OauthAppRecord, OauthCodeRecord, OauthGrantPatch,
    OauthGrantRecord, OauthTokenKind, OauthTokenRecord, OldAppSecret, RefreshTaken,
};
pub use objects::{ObjectKind, StoredObject};
pub use people::{PeopleFilter, PeopleOrder, PersonRecord};
pub use price_sync::{
    PriceSync, PriceSyncDone, PriceSyncOutcome, SyncFailure, SyncTrigger, WaitingCause,
    WaitingPrice,
};
pub use reader::Reader;
pub use sessions::{SessionRecord, SignedInRecord};
pub use settings::SettingRecord;
pub use store::{Store, StoreOptions};
pub use tickets::{
    CannedReplyRecord, TicketCategory, TicketFileRecord, TicketFilter, TicketMessageRecord,
    TicketPatch, TicketRecord, TicketState,
};
pub use tx::Tx;
pub use usage::{
    AttemptRecord, DecisionRecord, Dimension, EditRecord, FaultRecord, FirstCall, FlagField,
    GroupStep, HourPulse, LONGEST_TRACE, Lane, Latencies, LossRecord, NumberField, PULSE_HOURS,
    PricedRecord, Pulse, ReviewFilter, ReviewNote, ReviewRecord, ReviewStep, TraceRecord,
    TraceTimings, UsageFilter, UsageGroup, UsageKey, UsageMark, UsageMeasure, UsagePage,
    UsageRecord, UsageSeries, UsageSort, UsageSums, UsageTerm, WordField,
};
pub use user_groups::{UserGroupPatch, UserGroupRecord};
pub use users::{Role, UserFilter, UserPatch, UserRecord};
pub use versions::Versions;
