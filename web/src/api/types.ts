/** The shapes of the JSON API under the names that pages use. They come from the server's own document:
    change them there (`crates/realms-console`), then `make gen`. Times are RFC 3339 in UTC, durations
    microseconds, money decimal strings in US dollars. What there is nothing to say of is left out. */
import type { components } from "./schema";

type Schemas = components["schemas"];

// === lists ===

/** A list that is not paged. */
export interface Items<T> {
  items: T[];
}
/** One page of a list; the server's document has one schema for each kind of item. */
export type Page<T> = Omit<Schemas["Page_CallView"], "items"> & Items<T>;
export type Facet = Schemas["Facet"];

// === people ===

export type Bootstrap = Schemas["Bootstrap"];
/** A page that anyone may open, without an account, where the site has it. */
export type PublicPageKey = "prices" | "status" | "key";
export type Features = Schemas["Features"];
export type Me = Schemas["Me"];
export type Role = Schemas["Role"];
export type Permission = Schemas["Permission"];
export type LoginResult = Schemas["LoginResult"];
export type SessionView = Schemas["SessionView"];
export type PasskeyView = Schemas["PasskeyView"];
export type IdentityView = Schemas["IdentityView"];
export type UserRow = Schemas["UserRow"];

// === what anyone sees, and people of each other ===

export type PublicPrice = Schemas["PublicPrice"];
export type PublicStatus = Schemas["PublicStatus"];
export type ModelState = Schemas["ModelState"];
export type PublicKey = Schemas["PublicKey"];
export type Ranking = Schemas["Ranking"];
export type Ranked = Schemas["Ranked"];
export type RankingShown = Schemas["RankingShown"];
export type InvitationView = Schemas["InvitationView"];
export type InvitationOffer = Schemas["InvitationOffer"];
export type InvitedView = Schemas["InvitedView"];

// === keys and models ===

export type TokenView = Schemas["TokenView"];
export type MadeToken = Schemas["MadeToken"];
/** What may be used at most. What is left out is not limited; it is sent as a whole, and `{}` limits nothing. */
export type Limits = Schemas["Limits"];
/** What a key is good for. What is left out narrows nothing; it is sent as a whole. */
export type KeyRules = Schemas["KeyRules"];

export type Budget = Schemas["Budget"];

export type BudgetUse = Schemas["BudgetUse"];
export type OwnChannelGroup = Schemas["OwnChannelGroup"];
export type UserModel = Schemas["UserModel"];
export type ModelHealth = Schemas["ModelHealth"];
export type Dialect = Schemas["Dialect"];
export type LossPolicy = Schemas["LossPolicy"];
/** What of a price few models have. What is left out is not there; it is sent as a whole. */
export type PriceTerms = Partial<Omit<Schemas["PriceTerms"], "tiers">> & { tiers?: PriceTier[] };
export type PriceTier = Pick<Schemas["Tier"], "above"> & Partial<Schemas["Tier"]>;
export type Price = Omit<Schemas["Price"], "terms"> & { terms?: PriceTerms };
/** How prices are kept up with a list elsewhere, with the prices that wait. */
export type PriceSync = Omit<Schemas["PriceSyncView"], "waiting"> & { waiting: WaitingPrice[] };
export type PriceSyncReport = Schemas["PriceSyncReport"];
export type WaitingPrice = Omit<Schemas["WaitingRow"], "before" | "after"> & {
  before?: Price;
  after: Price;
};
export type PriceVersion = Omit<Schemas["PriceVersionView"], "price"> & { price?: Price };

// === money ===

export type Balance = Schemas["Balance"];
export type EntryView = Schemas["EntryView"];
export type CodeView = Schemas["CodeView"];
export type NewCodes = Schemas["NewCodes"];
export type MadeCodes = Schemas["MadeCodes"];
export type Gained = Schemas["Gained"];
export type TopUpOffer = Schemas["TopUpOffer"];
export type CurrencyOffer = Schemas["CurrencyOffer"];
export type OrderView = Schemas["OrderView"];
/** A call whose usage cannot be true, with why, and what was decided about it. */
export type QuarantinedCall = Schemas["QuarantinedCall"];
/** What calls earn; what nobody knows the cost of is counted apart. */
export type Margin = Schemas["Margin"];
export type MarginPart = Schemas["MarginPart"];
export type MarginReport = Schemas["MarginReport"];
export type PaymentChannelView = Schemas["PaymentChannelView"];
export type PaymentChannelPatch = Schemas["PaymentChannelPatch"];
export type NewPaymentChannel = Schemas["NewPaymentChannel"];

// === calls ===

export type CallView = Schemas["CallView"];
export type AttemptView = Schemas["AttemptView"];
export type Usage = Schemas["Usage"];
export type UsageSums = Schemas["UsageSums"];
export type UsageSummary = Schemas["UsageSummary"];
export type PartSums = Schemas["PartSums"];
export type Histogram = Schemas["Histogram"];
export type Trace = Schemas["Trace"];
export type CostLine = Schemas["CostLine"];
export type Decision = Schemas["Decision"];
export type Considered = Schemas["Considered"];
export type Exclusion = Schemas["Exclusion"];
export type SimulateRequest = Schemas["SimulateRequest"];
export type SimulateResult = Schemas["SimulateResult"];

// === the first pages ===

export type Dashboard = Schemas["Dashboard"];
export type Overview = Schemas["Overview"];
export type Finding = Schemas["Finding"];
export type SetupState = Schemas["SetupState"];
export type SearchHit = Schemas["SearchHit"];

// === operation ===

export type ChannelKind = Schemas["ChannelKind"];
export type BindingForm = Schemas["BindingForm"];
/** What a channel's vendor is paid for a model. What is left out stays; `{}` is no price of its own. */
export type BindingCost = Schemas["BindingCost"];
/** What can be written of a channel, but for its name. What is left out stays; a list that is given is
    the whole list. The server never shows the `key` of a credential. */
export type ChannelDraft = Omit<Schemas["Channel"], "name" | "credentials" | "options"> & {
  credentials?: CredentialDraft[];
  options?: ChannelOptions;
};
/** What a channel does to the calls that go through it. What is left out does nothing; it is sent as a whole. */
export type ChannelOptions = Partial<
  Omit<Schemas["ChannelOptions"], "params" | "body" | "headers" | "effort_suffix">
> & {
  /** JSON of its own: `overrides` and `operations`. */
  params?: object;
  body?: Partial<Schemas["BodyFilter"]>;
  headers?: Partial<Schemas["HeaderEdits"]>;
  effort_suffix?: Partial<Schemas["EffortSuffix"]>;
};
export type ShapeRequest = Omit<Schemas["ShapeRequest"], "options"> & { options?: ChannelOptions };
export type ShapeResult = Schemas["ShapeResult"];
export type ErrorMatch = Partial<Schemas["ErrorMatch"]>;
export type ErrorAct = Partial<Schemas["ErrorAct"]>;
export type ErrorRuleView = Omit<Schemas["View_ErrorRule"], "match" | "then"> & {
  match?: ErrorMatch;
  then?: ErrorAct;
};
export type ErrorTrial = Omit<Schemas["ErrorTrial"], "rule"> & {
  rule?: Omit<Schemas["ErrorRule"], "match" | "then"> & Pick<ErrorRuleView, "match" | "then">;
};
export type ErrorTrialResult = Schemas["ErrorTrialResult"];
export type CredentialDraft = Schemas["Credential"] & { name: string };
/** A channel that is kept has a kind, which a form may leave out. */
export type ChannelView = ChannelDraft &
  Pick<Schemas["View_Channel"], "id" | "name" | "created_at" | "updated_at"> & {
    kind: ChannelKind;
  };
export type ChannelGroupView = Schemas["View_ChannelGroup"];
export type UserGroupView = Schemas["View_UserGroup"];
export type ModelView = Omit<Schemas["View_Model"], "price_terms"> & { price_terms?: PriceTerms };
export type ChannelStatus = Schemas["ChannelStatus"];
export type AccountView = Schemas["AccountView"];
export type QuotaWindow = Schemas["QuotaWindowView"];
export type LogInBegun = Schemas["LogInBegun"];
export type AccountImport = Schemas["AccountImport"];
export type AccountRefreshed = Schemas["AccountRefreshed"];
export type QuotaPolled = Schemas["QuotaPolled"];
export type Detected = Schemas["Detected"];
export type ResolvedBase = Schemas["ResolvedBase"];
export type UpstreamModel = Schemas["UpstreamModel"];
export type UpstreamModels = Schemas["UpstreamModels"];
export type TestResult = Schemas["TestResult"];
export type TestPhase = Schemas["TestPhase"];
export type Failure = Schemas["Failure"];
export type ChannelTestView = Schemas["ChannelTestView"];
export type TestFinding = Schemas["TestFinding"];
export type BatchChange = Schemas["BatchChange"];
export type BatchPreview = Schemas["BatchPreview"];
export type BatchOutcome = Schemas["BatchOutcome"];
export type AuditEntry = Schemas["AuditEntry"];
export type SettingView = Schemas["SettingView"];
export type ConfigValue = Schemas["ConfigValue"];
export type SettingsView = Schemas["SettingsView"];
export type AdminKeyView = Schemas["AdminKeyView"];
export type Scope = Schemas["Scope"];
export type PlanOffers = Schemas["PlanOffers"];
export type PlanOffer = Schemas["PlanOffer"];
export type PlanView = Schemas["PlanView"];
export type PlanTerms = Schemas["PlanTerms"];
export type NewPlan = Schemas["NewPlan"];
export type PlanChange = Schemas["PlanChange"];
export type PlanOrder = Schemas["PlanOrder"];
export type SubscriptionView = Schemas["SubscriptionView"];
export type WindowUse = Schemas["WindowUse"];
export type TimeResults = Schemas["TimeResults"];
export type TimeResult = Schemas["TimeResult"];
export type TimeGift = Schemas["TimeGift"];
export type TimeRequest = Schemas["TimeRequest"];

// === tickets ===

export type TicketCategory = Schemas["TicketCategory"];
/** Whose turn it is: those who run the site are to answer, the user was answered, nobody's. */
export type TicketState = Schemas["TicketState"];
export type TicketView = Schemas["TicketView"];
export type TicketThreadView = Schemas["TicketThreadView"];
export type TicketMessageView = Schemas["TicketMessageView"];
export type TicketFileView = Schemas["TicketFileView"];
export type TicketWish = Schemas["TicketWish"];
export type TicketAnswer = Schemas["TicketAnswer"];
export type CannedReplyView = Schemas["CannedReplyView"];

// === announcements ===

export type AnnouncementSeverity = Schemas["AnnouncementSeverity"];
export type AnnouncementState = Schemas["AnnouncementState"];
export type AnnouncementText = Schemas["AnnouncementText"];
/** At least one of them is there. */
export type AnnouncementTexts = Schemas["AnnouncementTexts"];
export type AnnouncementView = Schemas["AnnouncementView"];
/** What of the announcements the reader has not read. */
export type MyAnnouncements = Schemas["MyAnnouncements"];
/** What can be written of an announcement. It is sent as a whole. */
export type AnnouncementDraft = Schemas["AnnouncementDraft"];
export type AdminAnnouncementView = Schemas["AdminAnnouncementView"];

// === notifications ===

export type NotificationKind = Schemas["NotificationKind"];
export type NotificationEvent = Schemas["NotificationEvent"];
export type NotificationTargetView = Schemas["NotificationTargetView"];
export type NewNotificationTarget = Schemas["NewNotificationTarget"];
export type NotificationTargetChange = Schemas["NotificationTargetChange"];
export type NotificationSettings = Schemas["NotificationSettings"];
export type NotificationTest = Schemas["NotificationTest"];
export type NotificationRuleView = Schemas["NotificationRuleView"];
export type NotificationRuleChange = Schemas["NotificationRuleChange"];
export type NotificationView = Schemas["NotificationView"];
export type NotificationPage = Schemas["NotificationPage"];
export type NotificationThreshold = Schemas["ThresholdView"];

// === apps of others ===

export type AppScope = Schemas["AppScope"];
export type OauthAppView = Schemas["OauthAppView"];
/** As it is sent: all of it. */
export type OauthAppDraft = Required<Omit<Schemas["OauthAppDraft"], "homepage">> &
  Pick<Schemas["OauthAppDraft"], "homepage">;
export type MadeOauthApp = Schemas["MadeOauthApp"];
export type OauthAppFace = Schemas["AskingApp"];
export type Consent = Schemas["ConsentView"];
export type Authorization = Schemas["AuthorizationView"];
export type OauthGrantView = Schemas["OauthGrantView"];
