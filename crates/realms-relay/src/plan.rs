//! What we decided before anyone is asked: the model, who may serve it, in which order.

use std::{borrow::Cow, sync::Arc, time::Duration};

use bytes::Bytes;
use http::header;
use realms_catalog::{Catalog, Model};
use realms_dialect::{
    Edit, Fault, FaultKind, Intent, has_sealed_reasoning, json_string, peek, peek_multipart, splice,
};
use realms_identity::Caller;
use realms_scheduler::{Bond, Candidate, Home, Target};
use realms_store::{DecisionRecord, ObjectKind};
use realms_types::{ChannelKind, CredentialId, Exclusion, LossPolicy, Ppm, StorePolicy, Timestamp};
use realms_upstream::{UpstreamPath, encode_segment};

use crate::{
    GeminiAction, Operation, Relay, StoredAct,
    call::Call,
    choice::{Asked, choose, find_model},
    counterpart::Purpose,
    holding::has_budgets,
    operation::object_path,
    quirk::keeps_nothing,
    rules::check_model,
    session::{Session, reset_required},
    stored,
    trail::Trail,
};

/// Whoever is back within so long is asked at once: a short rest may end sooner than it was meant to.
const SOON: Duration = Duration::from_mins(1);

/// A decision about one call, made against one snapshot of the catalogue.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The snapshot the whole call sees.
    pub catalog: Arc<Catalog>,
    /// What the call asks for.
    pub intent: Intent,
    /// The model it names; none for acts on stored objects.
    pub model: Option<Arc<Model>>,
    /// The session it belongs to, as far as can be told.
    pub session: Option<Session>,
    /// Where its session was served before.
    pub bond: Option<Bond>,
    /// What becomes of it where something is lost in translation.
    pub losses: LossPolicy,
    /// Whom to ask, best first; never empty, except for a count that nobody makes but we.
    pub candidates: Vec<Candidate>,
    /// What the group of the caller's user pays of prices.
    pub user_multiplier: Ppm,
    /// What the caller's key pays of them besides.
    pub key_multiplier: Ppm,
}

/// Decides about a call, or says why nobody can serve it. Who was considered is noted in either case.
pub(crate) async fn plan(
    relay: &Relay,
    caller: &Caller,
    call: &Call,
    intent: Intent,
    trail: &mut Trail,
) -> Result<Plan, Fault> {
    let catalog = relay.catalog.snapshot();
    if let Operation::Stored(act) = &call.operation {
        return plan_stored(relay, catalog, caller, act, intent, trail).await;
    }
    let groups = catalog.allowed_groups(caller.user_group, &caller.channel_groups);
    let name = asked_model(&call.operation, &intent)?;
    check_model(&caller.rules, name)?;
    let session = Session::find(caller, &catalog, name, &intent, call);
    let others = call.operation.others();
    let mut asked = Asked {
        model: name,
        user_group: caller.user_group,
        groups: &groups,
        dialect: call.operation.dialect(),
        others: &others,
        kind: match call.operation {
            Operation::PassThrough(_) => Some(ChannelKind::Openai),
            _ => None,
        },
        asks: intent.asks(),
        session: intent.session.is_some(),
        home: None,
        bond: session.and_then(|session| session.bond(relay)),
        without: &[],
    };
    let seed = relay.chance.u64();
    let keeps = catalog.settings().responses_state;
    if let Some(id) = &intent.previous_response {
        find_model(&catalog, name, &groups)?;
        // Only who holds the state can go on with it, rested or not, but as what it may be for this
        // model and these groups: the way to a credential decides the price.
        let home = stored::find_home(relay, caller, ObjectKind::Response, id).await?;
        asked.home = Some(home.ok_or_else(|| stored::unknown_previous(id, keeps))?.place());
        // What an upstream keeps it keeps in its own words.
        asked.others = &[];
    }
    let sealed = asked.home.is_none() && has_sealed_reasoning(asked.dialect, &call.body);
    if sealed {
        // Where it is not known who sealed it, the upstream will say whether it was its own.
        let owner = sealer(call, asked.bond);
        asked.home = owner.map(|credential| Home { endpoint: None, credential });
    }
    let bond = asked.bond;
    let choice = choose(relay, &catalog, asked, seed);
    let elsewhere = choice.record.as_ref().is_some_and(is_elsewhere);
    let counted_here = counts_here(&call.operation, choice.record.as_ref());
    trail.decision = choice.record;
    let (model, candidates) = match (choice.found, &intent.previous_response) {
        (Ok(found), _) => found,
        (Err(_), _) if counted_here => (find_model(&catalog, name, &groups)?, Vec::new()),
        (Err(_), Some(id)) if elsewhere => return Err(stored::unknown_previous(id, keeps)),
        (Err(_), None) if elsewhere && sealed => return Err(reset_required(None, None)),
        (Err(fault), _) => return Err(fault),
    };
    if sealed && asked.home.is_some() {
        must_be_back_soon(relay, &candidates)?;
    }
    if intent.background && (!relay.self_mode || has_budgets(caller)) {
        return Err(unpaid_background());
    }
    let (losses, user_multiplier) = (caller.rules.losses, user_multiplier(&catalog, caller));
    Ok(Plan {
        catalog,
        intent,
        model: Some(model),
        session,
        bond,
        losses,
        candidates,
        user_multiplier,
        key_multiplier: caller.multiplier,
    })
}

/// Whose account sealed what a call carries, as far as is known: noted with the response it goes on from,
/// else who served its session.
pub(crate) fn sealer(call: &Call, bond: Option<Bond>) -> Option<CredentialId> {
    let noted = call.previous.as_ref().and_then(|previous| previous.sealed_by);
    noted.or(bond.map(|bond| bond.credential))
}

fn user_multiplier(catalog: &Catalog, caller: &Caller) -> Ppm {
    let group = caller.user_group.and_then(|id| catalog.find_user_group(id));
    group.map_or(Ppm::ONE, |group| group.multiplier)
}

/// Refuses a call that only one account can serve while that rests for long: to wait for it is for the
/// client to decide.
fn must_be_back_soon(relay: &Relay, candidates: &[Candidate]) -> Result<(), Fault> {
    let now = relay.clock.now();
    let rests = candidates.iter().map(|one| relay.health.rest(&Target::of(one), now));
    let mut soonest = None;
    for rest in rests {
        let Some(rest) = rest else { return Ok(()) };
        soonest = Some(soonest.map_or(rest.until, |until: Timestamp| until.min(rest.until)));
    }
    match soonest.filter(|until| until.since(now) > SOON) {
        Some(until) => Err(reset_required(Some(Exclusion::CoolingDown), Some(until))),
        None => Ok(()),
    }
}

/// Whether somebody could have served the call if it had not to go on elsewhere.
fn is_elsewhere(record: &DecisionRecord) -> bool {
    record.considered.iter().any(|one| one.excluded == Some(Exclusion::NotHome))
}

/// Whether a count of tokens is left to us: somebody serves the model, but in no dialect that counts.
fn counts_here(operation: &Operation, record: Option<&DecisionRecord>) -> bool {
    let speaks_none = |record: &DecisionRecord| {
        record.considered.iter().any(|one| one.excluded == Some(Exclusion::Dialect))
    };
    operation.purpose() == Some(Purpose::Count) && record.is_some_and(speaks_none)
}

/// The model a call names, for the record of one that came to no plan.
pub(crate) fn named_model(call: &Call) -> String {
    let name = match &call.operation {
        Operation::Gemini { model, .. } => Some(model.clone()),
        _ => read_intent(call).ok().and_then(|intent| Some(intent.model?.value)),
    };
    name.unwrap_or_default()
}

async fn plan_stored(
    relay: &Relay,
    catalog: Arc<Catalog>,
    caller: &Caller,
    act: &StoredAct,
    intent: Intent,
    trail: &mut Trail,
) -> Result<Plan, Fault> {
    let home = stored::find_home(relay, caller, act.kind, &act.id)
        .await?
        .ok_or_else(|| stored::not_found(act.kind, &act.id))?;
    let candidate = stored::candidate(&catalog, &home, act.kind)?;
    let model = catalog.find_model(&home.model).cloned();
    trail.decision = Some(DecisionRecord {
        at: relay.clock.now(),
        seed: 0,
        user_group: caller.user_group,
        key_groups: Vec::new(),
        session: false,
        home: true,
        kind: None,
        asks: realms_types::Asks::default(),
        bond: None,
        released: None,
        considered: vec![stored::considered(&candidate, &home)],
        truncated: false,
    });
    Ok(Plan {
        catalog,
        intent,
        model,
        session: None,
        bond: None,
        losses: caller.rules.losses,
        candidates: vec![candidate],
        user_multiplier: Ppm::ONE,
        key_multiplier: Ppm::ONE,
    })
}

/// What a call asks for.
pub(crate) fn read_intent(call: &Call) -> Result<Intent, Fault> {
    if let Operation::Stored(_) = call.operation {
        let query = call.query.as_deref().unwrap_or_default();
        let stream = query.split('&').any(|pair| pair.eq_ignore_ascii_case("stream=true"));
        return Ok(Intent { stream, ..Intent::default() });
    }
    let content_type = call.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let mut intent = match content_type {
        Some(multipart) if multipart.trim_start().starts_with("multipart/form-data") => {
            peek_multipart(multipart, &call.body)?
        }
        _ => peek(call.operation.dialect(), &call.body)?,
    };
    if let Operation::Gemini { action, .. } = &call.operation {
        intent.stream = *action == GeminiAction::Stream;
    }
    if intent.session.is_none() {
        intent.session = realms_dialect::session_from_headers(&call.headers);
    }
    Ok(intent)
}

fn asked_model<'a>(operation: &'a Operation, intent: &'a Intent) -> Result<&'a str, Fault> {
    let name = match operation {
        Operation::Gemini { model, .. } => Some(model.as_str()),
        _ => intent.model.as_ref().map(|field| field.value.as_str()),
    };
    name.filter(|name| !name.is_empty()).ok_or_else(|| {
        Fault::new(FaultKind::BadRequest, "the request names no model: set `model`")
            .with_param("model")
    })
}

/// A background response tells its usage only when it is fetched, long after its call was recorded.
fn unpaid_background() -> Fault {
    Fault::bad_request(
        "background responses are not served where calls are paid for or count for a budget: leave \
         `background` out",
    )
    .with_param("background")
}

// === impl Plan ===

impl Plan {
    /// The name of the model as the caller asked for it.
    pub(crate) fn model_name(&self) -> &str {
        self.model.as_ref().map_or("", |model| model.name.as_str())
    }

    /// What a way to a channel costs this caller of the price, by the multiplier of the groups on it. `None`
    /// beyond what can be held.
    pub(crate) fn multiplier(&self, way: Ppm) -> Option<Ppm> {
        way.times(self.user_multiplier)?.times(self.key_multiplier)
    }

    /// Whether the answer stays at the upstream and can be asked for: by default for Responses, on demand
    /// for Chat, and never where the client knows it by another name.
    pub(crate) fn stores_answer(&self, operation: &Operation, candidate: &Candidate) -> bool {
        if candidate.dialect != operation.dialect() {
            return false;
        }
        let policy =
            candidate.channel.options.as_ref().map(|options| options.store).unwrap_or_default();
        let store = match policy {
            StorePolicy::Forward => self.intent.store,
            StorePolicy::Drop => None,
            StorePolicy::ForceFalse => Some(false),
        };
        match operation.stores() {
            Some(ObjectKind::Response) => store != Some(false),
            Some(ObjectKind::ChatCompletion) => store == Some(true),
            None => false,
        }
    }

    /// Whether the answer is to be kept here: its client may go on from it, and whoever gives it keeps it
    /// for nobody.
    pub(crate) fn keeps_here(&self, operation: &Operation, candidate: &Candidate) -> bool {
        let is_kept_there =
            self.stores_answer(operation, candidate) && !keeps_nothing(candidate.channel.kind);
        self.catalog.settings().responses_state
            && *operation == Operation::Respond
            && self.intent.store != Some(false)
            && !self.intent.background
            && !is_kept_there
    }

    /// The body for an upstream model: the client's bytes with the model's name replaced, if it differs.
    pub(crate) fn body(&self, call: &Call, upstream_model: &str) -> Vec<Bytes> {
        renamed(&call.operation, &self.intent, &call.body, upstream_model)
    }
}

/// A body with the model's name replaced, wherever it names it and if it differs.
pub(crate) fn renamed(
    operation: &Operation,
    intent: &Intent,
    body: &Bytes,
    upstream_model: &str,
) -> Vec<Bytes> {
    let named = intent.model.iter().chain(&intent.more_models);
    let mut edits: Vec<Edit> = named
        .filter_map(|field| {
            let name = upstream_name(operation, &field.value, upstream_model)?;
            let quoted = body.get(field.span.start) == Some(&b'"');
            let with = if quoted { json_string(&name) } else { Bytes::from(name.into_owned()) };
            Some(Edit { span: field.span.clone(), with })
        })
        .collect();
    edits.sort_by_key(|edit| edit.span.start);
    match edits.as_slice() {
        [] if body.is_empty() => Vec::new(),
        [] => vec![body.clone()],
        edits => splice(body, edits),
    }
}

/// The path a candidate is asked under.
pub(crate) fn upstream_path(operation: &Operation, upstream_model: &str) -> UpstreamPath {
    match operation {
        Operation::Respond => UpstreamPath::new("/responses"),
        Operation::CountResponseInput => UpstreamPath::new("/responses/input_tokens"),
        Operation::Compact => UpstreamPath::new("/responses/compact"),
        Operation::Chat => UpstreamPath::new("/chat/completions").for_model(upstream_model),
        Operation::Message => UpstreamPath::new("/messages"),
        Operation::CountMessageTokens => UpstreamPath::new("/messages/count_tokens"),
        Operation::PassThrough(path) => UpstreamPath::new(*path).for_model(upstream_model),
        Operation::Gemini { version, action, .. } => {
            UpstreamPath::gemini(*version, upstream_model, action.as_str())
        }
        Operation::Stored(act) => {
            let (path, id) = (object_path(act.kind), encode_segment(&act.id));
            UpstreamPath::new(format!("{path}/{id}{}", act.tail))
        }
    }
}

/// What the model is to be called upstream, if that is not what the client already wrote.
fn upstream_name<'a>(
    operation: &Operation,
    written: &str,
    upstream_model: &'a str,
) -> Option<Cow<'a, str>> {
    let name = if matches!(operation, Operation::Gemini { .. }) {
        Cow::Owned(format!("models/{upstream_model}"))
    } else {
        Cow::Borrowed(upstream_model)
    };
    (name != written).then_some(name)
}
