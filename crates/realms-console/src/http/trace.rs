//! The trace of one call: why it went there, and why it cost that.

use axum::{
    Json,
    extract::{Path, State},
};
use realms_ledger::{CostLine as Line, PriceSnapshot};
use realms_store::{EditRecord, Lane, LossRecord, ReviewNote, TraceRecord, UsageRecord};
use realms_types::{Billing, DialectId, Money, Ppm, RequestId, Timestamp, UnitPrice};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Console,
    call_view::{CallNames, CallView, Labels},
    caller::Caller,
    decision::DecisionView,
    problem::Problems,
    usage::margin::share,
};
use crate::{ConsoleError, words};

/// One call with all that is known of its way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Trace {
    /// The call itself.
    call: CallView,
    /// Who was considered; left out when it was refused before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DecisionView>)]
    decision: Option<DecisionView>,
    /// What the client was told, where that was no answer of an upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalView>,
    /// What each bucket cost. The sum is the cost of the call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cost: Vec<CostLine>,
    /// What the price was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<PriceView>,
    /// Who paid what of it, at list prices: plans, and the balance. The sum is what was charged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    paid_by: Vec<PayerView>,
    /// What the call earned; for operators only, where they ask about anybody's calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CallMargin>)]
    margin: Option<CallMargin>,
    /// The request whose answer was told once more, for its `Idempotency-Key`: nobody was asked, and
    /// nothing is charged.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_of: Option<String>,
    /// What somebody decided about its charge, where its usage could not be true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ReviewNoteView>)]
    review: Option<ReviewNoteView>,
    /// Whether the request went on as it came: `same_dialect` or `translated`.
    #[schema(value_type = words::TraceLane)]
    lane: &'static str,
    /// The dialect the request went on in, where that is not the client's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Dialect>)]
    upstream_dialect: Option<&'static str>,
    /// What did not arrive as it was sent.
    losses: Vec<LossView>,
    /// Which options of channels changed the call, by attempt; for operators.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<EditView>,
    /// When the steps were done.
    timings: Vec<Timing>,
    /// The process that relayed.
    node: String,
    /// The version of the configuration it was relayed by.
    config_version: i64,
}

/// Who paid a part of a call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PayerView {
    /// What the plan is called; left out: the balance.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// How much.
    #[schema(value_type = String)]
    usd: Money,
}

/// What a call earned.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallMargin {
    /// What its vendor is paid for it; left out where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    upstream_cost_usd: Option<Money>,
    /// What it was charged, less that; left out where nobody knows, and where nobody pays for calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    margin_usd: Option<Money>,
    /// The share of that in what it was charged.
    #[serde(skip_serializing_if = "Option::is_none")]
    margin_share: Option<f64>,
}

/// What somebody said who decided about the charge of a call; `billing` of the call tells what they decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewNote)]
pub(super) struct ReviewNoteView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Why, in their words.
    reason: String,
}

/// A field that did not arrive as it was sent. Never a value of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LossView {
    /// Where it is in the body as it was sent: `tools[2].strict`.
    path: String,
    /// What became of it: `dropped`, `approximated` or `emulated`.
    #[schema(value_type = words::TraceLoss)]
    kind: String,
    /// Why, in a few words.
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
}

/// The options of a channel that changed what an attempt sent or was told. Names only.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EditView {
    /// The attempt, from 0.
    attempt: u16,
    /// The options, in the order in which they were at work.
    options: Vec<String>,
}

/// What a client was told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusalView {
    /// A stable word.
    pub(super) code: String,
    /// The sentence.
    pub(super) detail: String,
}

/// What one bucket of a usage cost.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CostLine {
    /// `input`, `cache_read`, `cache_write_5m`, `cache_write_1h` or `output`; and what has a price of its
    /// own: `reasoning`, `audio_input`, `audio_output`, `image_input`, `image_output`, and by the piece
    /// `tool_calls`, `images` and `request`.
    #[schema(value_type = words::PriceBucket)]
    bucket: &'static str,
    /// LLM tokens in it, or pieces.
    tokens: u64,
    /// Their price per million, or for one piece, in USD as a decimal string.
    #[schema(value_type = String)]
    price_usd: UnitPrice,
    /// What the price was multiplied by.
    #[schema(value_type = String)]
    multiplier: Ppm,
    /// What they cost, in USD as a decimal string.
    #[schema(value_type = String)]
    cost_usd: Money,
}

/// What a price was made of.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PriceView {
    /// Product of the multipliers on the way.
    #[schema(value_type = String)]
    multiplier: Ppm,
    /// The groups on the way, the outermost first.
    group_path: Vec<GroupStepView>,
    /// Whether nobody said what the model costs.
    unknown: bool,
    /// Which version of the model's price it was; 0 before versions were counted.
    version: i64,
    /// The tier of long prompts it was charged at: calls with more LLM tokens of input than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    above_tokens: Option<u64>,
    /// What the user's group pays of prices, where that is not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    user_multiplier: Option<Ppm>,
    /// What the API key pays of them besides, where that is not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    key_multiplier: Option<Ppm>,
    /// The lane the vendor served it in, where that has a factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    lane: Option<LaneView>,
    /// How it was reckoned: with 1, count times price of each line times the multiplier, all lines
    /// summed, then rounded once to a nano-USD, halves to even.
    formula: u8,
}

/// A lane of a vendor.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LaneView {
    /// Its name, such as `priority`.
    name: String,
    /// What it multiplies the price by.
    #[schema(value_type = String)]
    multiplier: Ppm,
}

/// A channel group on the way to a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GroupStepView {
    /// Its name.
    name: String,
    /// Its own multiplier.
    #[schema(value_type = String)]
    multiplier: Ppm,
}

/// When a step was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Timing {
    /// `received`, `admitted`, `read`, `planned`, `answered` or `ended`.
    #[schema(value_type = words::TracePhase)]
    phase: &'static str,
    /// In microseconds from the beginning.
    at_us: i64,
}

/// Shows why one of your calls went where it went and cost what it cost.
#[utoipa::path(
    get, path = "/api/usage/{request_id}", tag = "usage",
    params(("request_id" = String, Path, description = "The id of the call")),
    responses((status = 200, body = Trace), Problems)
)]
pub(super) async fn get_own_call(
    State(console): State<Console>,
    caller: Caller,
    Path(request_id): Path<String>,
) -> Result<Json<Trace>, ConsoleError> {
    let user = caller.user()?.user_id;
    let call = console.find_call(&request_id).await?;
    // Somebody else's call looks like none.
    let call = call.filter(|call| call.user_id == user).ok_or_else(|| missing(&request_id))?;
    let channels = console.shows_channels(&caller);
    console.trace(call, channels).await.map(Json)
}

/// Shows why a call went where it went and cost what it cost.
#[utoipa::path(
    get, path = "/api/admin/usage/{request_id}", tag = "usage",
    params(("request_id" = String, Path, description = "The id of the call")),
    responses((status = 200, body = Trace), Problems)
)]
pub(super) async fn get_call(
    State(console): State<Console>,
    Path(request_id): Path<String>,
) -> Result<Json<Trace>, ConsoleError> {
    let call = console.find_call(&request_id).await?.ok_or_else(|| missing(&request_id))?;
    let margin = Some(CallMargin::from(&call));
    let trace = console.trace(call, true).await?;
    Ok(Json(Trace { margin, ..trace }))
}

fn missing(request_id: &str) -> ConsoleError {
    let shown: String = request_id.chars().take(64).collect();
    ConsoleError::NotFound(format!("call `{shown}`"))
}

// === impl Console ===

impl Console {
    /// Whether somebody may see through which channels calls went: who runs the service, and
    /// everybody where that is one's own or where it was decided so.
    pub(super) fn shows_channels(&self, caller: &Caller) -> bool {
        caller.is_operator() || self.shows_everyone_channels()
    }

    /// Whether everybody may see through which channels their calls went.
    pub(super) fn shows_everyone_channels(&self) -> bool {
        self.0.self_mode || self.0.catalog.load().settings().users_see_channels
    }

    pub(super) async fn find_call(
        &self,
        request_id: &str,
    ) -> Result<Option<UsageRecord>, ConsoleError> {
        let Ok(id) = request_id.parse::<RequestId>() else { return Ok(None) };
        Ok(self.0.editor.store.find_usage(id).await?)
    }

    async fn trace(&self, call: UsageRecord, channels: bool) -> Result<Trace, ConsoleError> {
        let mut record = self.0.editor.store.find_trace(call.id).await?.unwrap_or_default();
        if !channels {
            record.edits.clear();
        }
        let names = self.call_names(std::slice::from_ref(&call), channels).await?;
        let paid_by = if self.0.self_mode { Vec::new() } else { self.payers(&call).await? };
        let review = self.review_note(&call).await?;
        Ok(Trace { paid_by, review, ..Trace::new(&names, call, record) })
    }

    /// What was said of a call that somebody looked at. Not who did: users are not told who works here.
    async fn review_note(
        &self,
        call: &UsageRecord,
    ) -> Result<Option<ReviewNoteView>, ConsoleError> {
        if !matches!(call.billing, Some(Billing::Reviewed | Billing::Waived)) {
            return Ok(None);
        }
        let found = self.0.editor.store.read().find_review(call.id).await?;
        Ok(found.and_then(|review| review.note).map(ReviewNoteView::from))
    }

    /// Who paid for a call: its hold knows as long as it is kept.
    async fn payers(&self, call: &UsageRecord) -> Result<Vec<PayerView>, ConsoleError> {
        let read = self.0.editor.store.read();
        let Some(hold) = read.find_hold(call.request_id).await? else { return Ok(Vec::new()) };
        let mut payers = Vec::new();
        for draw in hold.draws.iter().filter(|draw| draw.counted > 0) {
            let Some(id) = draw.subscription else { continue };
            let Some(time) = read.find_subscription(id.into()).await? else { continue };
            let plan = read.find_plan(time.plan).await?;
            let plan = plan.map_or_else(|| time.plan.to_string(), |plan| plan.name);
            payers.push(PayerView { plan: Some(plan), usd: Money::from_nano(draw.counted) });
        }
        if hold.settled_balance > Money::ZERO {
            payers.push(PayerView { plan: None, usd: hold.settled_balance });
        }
        Ok(payers)
    }
}

// === impl ReviewNoteView ===

impl From<ReviewNote> for ReviewNoteView {
    fn from(ReviewNote { at, reason, .. }: ReviewNote) -> Self {
        Self { at, reason }
    }
}

// === impl CallMargin ===

impl From<&UsageRecord> for CallMargin {
    fn from(call: &UsageRecord) -> Self {
        let upstream_cost_usd = call.upstream_cost;
        let charged = call.billing.map(|_| call.cost.unwrap_or_default());
        let both = upstream_cost_usd.zip(charged);
        let margin_usd = both
            .map(|(paid, charged)| Money::from_nano(charged.nano().saturating_sub(paid.nano())));
        let margin_share = margin_usd.zip(charged).and_then(|(margin, of)| share(margin, of));
        Self { upstream_cost_usd, margin_usd, margin_share }
    }
}

// === impl EditView ===

impl From<EditRecord> for EditView {
    fn from(record: EditRecord) -> Self {
        Self { attempt: record.attempt, options: record.options }
    }
}

// === impl LossView ===

impl From<LossRecord> for LossView {
    fn from(LossRecord { path, kind, why }: LossRecord) -> Self {
        Self { path, kind, why }
    }
}

// === impl Trace ===

impl Trace {
    fn new(names: &CallNames, call: UsageRecord, record: TraceRecord) -> Self {
        let mut labels = Labels::default();
        let timings = timings(&call, &record);
        let (node, dialect) = (call.node_id.to_string(), call.dialect);
        let snapshot = call.price.as_deref().and_then(PriceSnapshot::read);
        let cost = snapshot.as_ref().map(|price| cost_lines(price, &call)).unwrap_or_default();
        let price = price_view(names, &call, snapshot, &record);
        let model = Some(call.model.clone()).filter(|model| !model.is_empty());
        let call = names.view_labelled(call, &mut labels);
        let TraceRecord {
            catalog_version,
            decision,
            fault,
            lane,
            losses,
            edits,
            upstream_dialect,
            repeat_of,
            ..
        } = record;
        let decision = decision.map(|decision| {
            DecisionView::new(names, decision, catalog_version, model, dialect, &mut labels)
        });
        Self {
            call,
            decision,
            refusal: fault.map(|fault| RefusalView { code: fault.code, detail: fault.message }),
            cost,
            price,
            paid_by: Vec::new(),
            margin: None,
            repeat_of,
            review: None,
            lane: Lane::as_str(lane),
            upstream_dialect: upstream_dialect.map(DialectId::as_str),
            losses: losses.into_iter().map(LossView::from).collect(),
            edits: edits.into_iter().map(EditView::from).collect(),
            timings,
            node,
            config_version: catalog_version,
        }
    }
}

/// The lines of a call's cost; none where they would not add up to what was charged.
fn cost_lines(snapshot: &PriceSnapshot, call: &UsageRecord) -> Vec<CostLine> {
    let lines = snapshot.lines(&call.usage).filter(|(_, total)| Some(*total) == call.cost);
    let view = |line: Line| CostLine {
        bucket: line.bucket.as_str(),
        tokens: line.tokens,
        price_usd: line.price,
        multiplier: snapshot.multiplier,
        cost_usd: line.cost,
    };
    lines.map(|(lines, _)| lines.into_iter().map(view).collect()).unwrap_or_default()
}

/// What the price of a call was made of, if it came to a channel.
fn price_view(
    names: &CallNames,
    call: &UsageRecord,
    snapshot: Option<PriceSnapshot>,
    record: &TraceRecord,
) -> Option<PriceView> {
    // What waits for somebody to look at it has no cost yet, and its price is known.
    let waits = call.billing == Some(Billing::Quarantined);
    let unknown = call.cost.is_none() && call.channel_group_id.is_some() && !waits;
    if snapshot.is_none() && !unknown {
        return None;
    }
    let of_path = || {
        let product = record.group_path.iter().try_fold(Ppm::ONE, |product, step| {
            let parts = i128::from(product.parts()) * i128::from(step.multiplier.parts());
            Ppm::from_parts(i64::try_from(parts / i128::from(Ppm::ONE.parts())).ok()?)
        });
        product.unwrap_or_default()
    };
    let multiplier = snapshot.as_ref().map_or_else(of_path, |snapshot| snapshot.multiplier);
    let group = snapshot.as_ref().and_then(|snapshot| snapshot.group).unwrap_or(multiplier);
    let above = snapshot.as_ref().map(|one| one.price.rates(call.usage.total_input()).above);
    let step = |step: &realms_store::GroupStep| GroupStepView {
        name: step.name.clone(),
        multiplier: step.multiplier,
    };
    let own = call.channel_group_id.filter(|_| record.group_path.is_empty());
    let own = own.map(|id| GroupStepView { name: names.channel_group(id), multiplier: group });
    let group_path = record.group_path.iter().map(step).chain(own).collect();
    Some(PriceView {
        multiplier,
        group_path,
        unknown,
        version: snapshot.as_ref().map_or(0, |snapshot| snapshot.version),
        user_multiplier: snapshot.as_ref().and_then(|snapshot| snapshot.user),
        key_multiplier: snapshot.as_ref().and_then(|snapshot| snapshot.key),
        above_tokens: above.filter(|above| *above > 0),
        formula: snapshot.as_ref().map_or(1, |snapshot| snapshot.formula),
        lane: snapshot
            .and_then(|snapshot| snapshot.lane)
            .map(|(name, multiplier)| LaneView { name, multiplier }),
    })
}

fn timings(call: &UsageRecord, record: &TraceRecord) -> Vec<Timing> {
    let phases = [
        ("received", Some(0)),
        ("admitted", record.timings.admitted_us),
        ("read", record.timings.read_us),
        ("queued", record.timings.queued_us),
        ("planned", record.timings.planned_us),
        ("answered", call.first_event_us),
        ("ended", Some(call.duration_us)),
    ];
    let timing =
        |(phase, at_us): (&'static str, Option<i64>)| Some(Timing { phase, at_us: at_us? });
    phases.into_iter().filter_map(timing).collect()
}
