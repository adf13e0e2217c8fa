//! The words that stand for something in JSON, as enums of the OpenAPI document. Where Rust has an
//! enum, its own words are taken, and a variant that is missing here does not compile.

use std::borrow::Cow;

use realms_catalog::{PriceSyncMode as Mode, Section};
use realms_commerce::EpayMethod;
use realms_ledger::Bucket;
use realms_relay::{Doubt, FailureCode, ProbeStep};
use realms_store::{
    ActorKind, AnnouncementSeverity as Weight, DeliveryState as Delivery, EntryKind as Movement,
    GatewayKind, Lane, LoginCause as LogInAgain, NotificationLanguage as Tongue, PriceSource,
    QuotaWindowName as Window, Role as UserRole, Scope as AdminScope, Start, SyncFailure,
    SyncTrigger, TargetKind as Goal, TestDepth as Depth, TestOutcome as Came,
    TestTrigger as Trigger, TicketCategory as Topic, TicketState as Turn, WaitingCause,
};
use realms_support::AnnouncementState as Standing;
use realms_types::{
    AppScope as Allowed, Attention as Look, Billing, Cause, Certainty, ChannelKind as Kind,
    DialectId, Exclusion as Excluded, Finding, InvitationAfter as Due, LossPolicy as Losses,
    OccurrenceKind as Happened, OrderKind as Bought, OrderState as State, Origin as Fault,
    RankingName, Scope as Reach, Severity,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    detect::Note,
    prices::{Note as LeftOut, RowState},
    upstreams::{Condition, WarningCode},
};

/// The words of every variant of an enum.
macro_rules! every {
    ($of:ident: $($variant:ident)+) => {{
        const _: fn($of) = |one| match one {
            $($of::$variant => (),)+
        };
        &[$($of::$variant.as_str()),+]
    }};
}

/// Named schemas: what each is, and its words.
macro_rules! words {
    ($($(#[doc = $about:literal])+ $name:ident = $words:expr;)+) => {$(
        $(#[doc = $about])+
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words: &[&str] = $words;
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!($($about),+).trim()))
                    .enum_values(Some(words.iter().copied()))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

words! {
    /// A wire format.
    Dialect = &DialectId::WORDS;
    /// What kind of vendor a channel leads to.
    ChannelKind = every!(Kind: Openai Anthropic Gemini Codex Azure);
    /// What a user may do.
    Role = every!(UserRole: User Admin Root);
    /// What an admin key may do.
    Scope = every!(
        AdminScope: ConfigRead ConfigWrite UsersRead UsersWrite UsageRead AuditRead SecretsWrite
        Everything
    );
    /// Whether an API key may call.
    TokenStatus = &["active", "disabled", "expired", "revoked"];
    /// How somebody is shown to others in the ranking.
    RankingShown = every!(RankingName: Anonymous Name Hidden);
    /// How a model is doing.
    ModelState = &["up", "degraded", "down", "unknown"];
    /// What kind of site people log in with.
    LoginProviderKind = &["oidc", "github"];
    /// Who did something.
    ActorType = every!(ActorKind: User AdminKey Cli System);

    /// How a call ended.
    Outcome = &["ok", "refused", "rejected", "failed", "broken", "client_gone"];
    /// How one try ended.
    AttemptOutcome = &["accepted", "retried", "failed", "cancelled", "skipped", "overtaken"];
    /// Whose fault a failure was.
    Origin = every!(Fault: Client Realms Upstream Storage);
    /// Why a try failed.
    AttemptCause = every!(
        Cause: Connect HeaderTimeout FirstEventTimeout IdleTimeout StreamTimeout Broken NotAnAnswer
        TooLarge Unauthorized Exhausted RateLimited Overloaded ServerError NoSuchPath NoSuchModel
        Redirect BadRequest ClientGone Shutdown Revoked NotAllowed
        NoChannel
    );
    /// What a failure puts to rest.
    AttemptScope = every!(Reach: Request Credential Endpoint Channel Binding);
    /// What a movement of money is for.
    EntryKind = every!(Movement: Settle Expire Credit Refund Adjust Promote Sale TakeBack Review);
    /// What somebody who was invited does before anything is given.
    InvitationAfter = every!(Due: SignUp FirstPayment);
    /// What kind of gateway people pay at.
    PaymentGateway = every!(GatewayKind: Stripe Epay Webhook);
    /// What an order is for.
    OrderKind = every!(Bought: TopUp Subscription);
    /// How far an order is.
    OrderState = every!(State: Pending Paid Cancelled Rejected Expired Refunded);
    /// Why somebody must look at an order.
    OrderAttention = every!(Look: Mismatch PaidAfterClose PaidTwice Returned Disputed);
    /// How somebody wants to pay at a gateway that has several ways.
    PaymentMethod = every!(EpayMethod: Alipay Wechat Qq);
    /// When time of a plan begins: at once beside what runs already, or after the last of the same plan.
    PlanStart = every!(Start: AtOnce Deferred);
    /// A window of a plan: how long what was used counts.
    PlanWindow = &["5h", "1d", "7d", "30d"];
    /// How a subscription stands.
    SubscriptionState = &["scheduled", "running", "ended", "revoked"];
    /// What operators do with subscriptions.
    TimeAct = &["extend", "reset", "revoke"];
    /// Why nothing was done: there is no such user or subscription, or it is over.
    TimeProblem = &["not_found", "over"];
    /// What an OAuth app may do for a user: learn who they are, learn their address, call models in their name.
    AppScope = every!(Allowed: Profile Email Relay);
    /// What kind of place notifications go to.
    NotificationKind = every!(Goal: Email Webhook Feishu Wecom Dingtalk Telegram Slack Bark);
    /// The language of what is written somewhere.
    NotificationLanguage = every!(Tongue: English Chinese);
    /// Whether a notification is where it goes: it is tried, it was taken, it was given up.
    DeliveryState = every!(Delivery: Waiting Sent Failed);
    /// What people are told of.
    NotificationEvent = every!(
        Happened: BalanceLow WindowNearEnd SubscriptionEnding OrderPaid TicketAnswered TicketOpened
        ChannelResting AccountNeedsLogin AccountQuotaLow ErrorRateHigh SpendAnomaly PricesWaiting
    );
    /// What a threshold is counted in: hundredths of a US dollar, hundredths of the whole, days, so many times as much.
    ThresholdUnit = &["usd_cents", "percent", "days", "times"];
    /// How much an announcement matters.
    AnnouncementSeverity = every!(Weight: Info Warning Critical);
    /// Where an announcement stands.
    AnnouncementState = every!(Standing: Draft Scheduled Live Expired);
    /// What kind of question a ticket is.
    TicketCategory = every!(Topic: Calls Billing Account Other);
    /// Whose turn it is in a ticket: those who run the site are to answer, the user was answered, nobody's.
    TicketState = every!(Turn: Open Answered Closed);
    /// How a redemption code stands.
    CodeStatus = &["active", "used_up", "expired", "disabled"];
    /// What became of the charge of a call.
    CallBilling = every!(Billing: Charged Free Quarantined Reviewed Waived);
    /// Why nobody believes the usage of a call: the upstream's report is no count, and what is recorded was estimated; more LLM
    /// tokens, or more money, than any call can come to; more than an amount can hold.
    UsageDoubt = every!(Doubt: Report Tokens Cost Amount);
    /// How LLM tokens came to be known.
    UsageCertainty = every!(Certainty: Measured Estimated None);
    /// How a call reached its upstream.
    TraceLane = every!(Lane: SameDialect Translated);
    /// What became of a field that did not arrive as it was sent.
    TraceLoss = &["dropped", "approximated", "emulated"];
    /// What becomes of a call of which something is lost on the way to another dialect.
    LossPolicy = every!(Losses: Strict Warn Silent);
    /// A step of a call.
    TracePhase = &["received", "admitted", "read", "queued", "planned", "answered", "ended"];
    /// LLM tokens that have a price of their own.
    PriceBucket = every!(
        Bucket: Input CacheRead CacheWrite5m CacheWrite1h Output Reasoning AudioInput AudioOutput
        ImageInput ImageOutput ToolCalls Images Request
    );
    /// Why a channel was not asked.
    Exclusion = every!(
        Excluded: ChannelDisabled BindingDisabled GroupDisabled NotInGroups Dialect Kind NoCredential
        NoEndpoint NotHome ServiceTier FastMode OutOfHours CoolingDown Outranked
    );

    /// How a channel is.
    ChannelState = every!(Condition: Serving Degraded CoolingDown Down Disabled);
    /// Why a channel is not serving.
    ChannelReason = &[
        "no_endpoint", "no_credential", "no_model", "channel_resting", "credentials_resting",
        "endpoints_resting", "models_resting", "failing",
    ];
    /// Whether something rests.
    RestState = &["ok", "cooling_down"];
    /// Why a test failed.
    FailureKind = every!(
        FailureCode: Dns Connect Tls Timeout Unauthorized Forbidden NotFound ModelNotFound
        RateLimited NoMoney BlockedAddress BadRequest ServerError NotAnApi Proxy Other
    );
    /// What made a test of a channel.
    TestTrigger = every!(Trigger: Manual Schedule Probe);
    /// How much a test of a channel asked.
    TestDepth = every!(Depth: Test Scan);
    /// What a test of a channel came to.
    TestOutcome = every!(Came: Ok Flawed Failed);
    /// What an upstream gets wrong.
    TestFindingKind = every!(
        Finding: FalseSuccess OtherModel NoEnd ToolArgumentsCut ToolArgumentsNotObject
        ToolArgumentsOffSchema NoToolCall NoUsage NoStreamUsage IncludeUsageIgnored
        ImplausibleUsage WrongContentType NotStreamed NoWholeAnswer Burst
    );
    /// How much that matters.
    TestFindingSeverity = every!(Severity: Warning Error);
    /// A step of a test.
    TestStep = every!(ProbeStep: Dns Connect Tls Headers FirstEvent End);
    /// What is to be said about what was pasted.
    DetectNote = every!(
        Note: NothingFound NoUrl NoKey PlaceholderKey SeveralKeys SeveralUrls SeveralChannels
        KindGuessed PathRemoved KeyInUrl PlainHttp DefaultUrl OauthToken
    );
    /// What is to be said about a base URL.
    BaseWarningCode = every!(
        WarningCode: DuplicateVersion NoVersion PrivateAddress BlockedAddress PlainHttp Dns
    );
    /// The form of a list of prices.
    PriceFormat = &["realms", "litellm", "realms_v0"];
    /// Where a price is from.
    PriceOrigin = every!(PriceSource: Manual Imported Synced);
    /// What becomes of prices that changed in the list that prices are kept up with.
    PriceSyncMode = every!(Mode: Review Apply);
    /// What made a look at that list.
    PriceSyncTrigger = every!(SyncTrigger: Schedule Manual);
    /// Why a look at that list came to nothing: no answer; an address that is not called; an answer that is none, or that
    /// leads elsewhere; too much of it; no list of prices; prices that cannot be set.
    PriceSyncFailure = every!(
        SyncFailure: Unreachable Forbidden Status Redirect TooLarge NotAList Refused
    );
    /// Why a price waits: everything does, it moves too far, it becomes nothing, it is more than anything costs.
    PriceWaiting = every!(WaitingCause: Review Far Zero Absurd);
    /// What becomes of the price of a model.
    ImportState = every!(RowState: Added Changed Unchanged Failed);
    /// What of a price in a list is left out: what priority costs, since it is no one multiple, or none for long prompts.
    ImportNote = every!(LeftOut: PriorityUneven PriorityLong);

    /// What needs a person.
    AttentionKind = &["no_channel", "failing", "no_key"];
    /// What is not as it should be.
    FindingKind = &[
        "channel_down", "credential_failing", "model_one_channel", "model_no_channel",
        "price_missing", "plain_http", "no_base_url", "catalog_defect", "spool",
    ];
    /// What was found.
    SearchKind = &["call", "api_key", "model", "channel", "user"];
    /// Where a setting is shown.
    SettingSection = every!(Section: Site Features SignUp Mail Routing Usage LogIn Billing);
    /// What the value of a setting is.
    SettingValueKind = &[
        "text", "url", "integer", "boolean", "duration_ms", "secret", "choice", "time_zone",
        "json",
    ];
    /// Where the value of a setting comes from.
    SettingSource = &["database", "environment", "default"];
    /// Whether an account at a vendor works.
    AccountState = &["active", "needs_login"];
    /// Why somebody must log in to an account again: the vendor refused its refresh token; it was used
    /// by somebody else; its answer died with a process or a connection; the vendor closed the account.
    LoginCause = every!(LogInAgain: Refused Reused AnswerLost Deactivated);
    /// What became of a refresh.
    RefreshOutcome = &["renewed", "moved_on", "busy", "held", "put_off", "needs_login"];
    /// A window of a quota.
    QuotaWindowName = every!(Window: Primary Secondary);
}
