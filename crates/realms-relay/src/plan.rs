//! What we decided before anyone is asked: the model, who may serve it, in which order.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::header;
use realms_catalog::{Catalog, Model};
use realms_dialect::{Edit, Fault, FaultKind, Intent, json_string, peek, peek_multipart, splice};
use realms_identity::Caller;
use realms_scheduler::{Candidate, Health, Wanted, candidates};
use realms_store::ObjectKind;
use realms_types::{ChannelGroupId, ChannelKind, DialectId};
use realms_upstream::{UpstreamPath, encode_segment};

use crate::{
    GeminiAction, Operation, Relay, StoredAct, call::Call, operation::object_path, stored,
};

/// How close two names must be for one to be offered instead of the other.
const CLOSE: f64 = 0.75;
/// Longer names than this are like no other.
const LONGEST_COMPARED: usize = 200;
/// How many close names an error offers.
const OFFERED: usize = 3;

/// A decision about one call, made against one snapshot of the catalogue.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The snapshot the whole call sees.
    pub catalog: Arc<Catalog>,
    /// What the call asks for.
    pub intent: Intent,
    /// The model it names; none for acts on stored objects.
    pub model: Option<Arc<Model>>,
    /// Whom to ask, best first; never empty.
    pub candidates: Vec<Candidate>,
}

/// Decides about a call, or says why nobody can serve it.
pub(crate) async fn plan(relay: &Relay, caller: &Caller, call: &Call) -> Result<Plan, Fault> {
    let catalog = relay.catalog.snapshot();
    if let Operation::Stored(act) = &call.operation {
        return plan_stored(relay, catalog, caller, act, call).await;
    }
    let intent = read_intent(call)?;
    let name = asked_model(&call.operation, &intent)?;
    let groups = catalog.allowed_groups(caller.user_group, &caller.channel_groups);
    let model = find_model(&catalog, name, &groups)?;
    if intent.background && !relay.self_mode {
        return Err(unpaid_background());
    }
    let candidates = match &intent.previous_response {
        Some(id) => {
            // Only who holds the state can go on with it, rested or not, but as what it may be for this
            // model and these groups: the way to a credential decides the price.
            let home = stored::find_home(relay, caller, ObjectKind::Response, id).await?;
            let home = home.ok_or_else(|| stored::unknown_previous(id))?;
            let unrested = Health::default();
            let all = list(relay, &unrested, &catalog, &model, &groups, &call.operation)?;
            let found = all.into_iter().find(|one| home.is_of(one));
            vec![found.ok_or_else(|| stored::unknown_previous(id))?]
        }
        None => list(relay, &relay.health, &catalog, &model, &groups, &call.operation)?,
    };
    Ok(Plan { catalog, intent, model: Some(model), candidates })
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
    call: &Call,
) -> Result<Plan, Fault> {
    let home = stored::find_home(relay, caller, act.kind, &act.id)
        .await?
        .ok_or_else(|| stored::not_found(act.kind, &act.id))?;
    let candidate = stored::candidate(&catalog, &home)?;
    let stream = call
        .query
        .as_deref()
        .is_some_and(|query| query.split('&').any(|pair| pair.eq_ignore_ascii_case("stream=true")));
    let intent = Intent { stream, ..Intent::default() };
    let model = catalog.find_model(&home.model).cloned();
    Ok(Plan { catalog, intent, model, candidates: vec![candidate] })
}

fn read_intent(call: &Call) -> Result<Intent, Fault> {
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

fn find_model(
    catalog: &Catalog,
    name: &str,
    groups: &[ChannelGroupId],
) -> Result<Arc<Model>, Fault> {
    if groups.is_empty() {
        return Err(Fault::new(
            FaultKind::Forbidden,
            "this API key may use no channel group: ask the operator to give its user group one",
        ));
    }
    match catalog.find_model(name).filter(|model| catalog.serves(model, groups)) {
        Some(model) => Ok(Arc::clone(model)),
        None => Err(unknown_model(catalog, name, groups)),
    }
}

fn unknown_model(catalog: &Catalog, name: &str, groups: &[ChannelGroupId]) -> Fault {
    // Likeness costs the product of two lengths, and the name is whatever was sent.
    let comparable = name.len() <= LONGEST_COMPARED;
    let mut close: Vec<(f64, &str)> = catalog
        .models()
        .filter(|model| comparable && catalog.serves(model, groups))
        .map(|model| (strsim::jaro_winkler(name, &model.name), model.name.as_str()))
        .filter(|(likeness, _)| *likeness >= CLOSE)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let shown: String = name.chars().take(100).collect();
    let offered: Vec<String> =
        close.iter().take(OFFERED).map(|(_, name)| format!("`{name}`")).collect();
    let message = if offered.is_empty() {
        format!(
            "there is no model `{shown}` for this API key; GET /v1/models lists those there are"
        )
    } else {
        format!(
            "there is no model `{shown}` for this API key; did you mean {}?",
            offered.join(", ")
        )
    };
    Fault::new(FaultKind::UnknownModel, message).with_param("model")
}

/// A background response tells its usage only when it is fetched, long after its call was recorded.
fn unpaid_background() -> Fault {
    Fault::bad_request(
        "background responses are not served in business mode: leave `background` out",
    )
    .with_param("background")
}

fn list(
    relay: &Relay,
    health: &Health,
    catalog: &Catalog,
    model: &Model,
    groups: &[ChannelGroupId],
    operation: &Operation,
) -> Result<Vec<Candidate>, Fault> {
    let dialect = operation.dialect();
    let kind = match operation {
        Operation::PassThrough(_) => Some(ChannelKind::Openai),
        _ => None,
    };
    let wanted = Wanted { model, groups, dialect, kind };
    let found = candidates(catalog, wanted, health, &relay.chance, relay.clock.now());
    if found.is_empty() { Err(nobody(catalog, model, groups, dialect)) } else { Ok(found) }
}

/// Why a model that this key may use has nobody to serve it.
fn nobody(
    catalog: &Catalog,
    model: &Model,
    groups: &[ChannelGroupId],
    dialect: DialectId,
) -> Fault {
    let mut spoken: Vec<DialectId> = model
        .bindings
        .iter()
        .filter(|binding| {
            groups.iter().any(|group| catalog.route(*group, binding.channel.id).is_some())
        })
        .flat_map(|binding| binding.channel.dialects.iter().copied())
        .collect();
    spoken.sort_unstable();
    spoken.dedup();
    if spoken.contains(&dialect) {
        return Fault::new(
            FaultKind::Unavailable,
            format!(
                "no channel that serves `{}` has an enabled credential and endpoint",
                model.name
            ),
        );
    }
    let paths: Vec<&str> = spoken.into_iter().map(create_path).collect();
    Fault::new(
        FaultKind::BadRequest,
        format!("`{}` is not served in this dialect here: call {}", model.name, paths.join(" or ")),
    )
    .with_param("model")
}

fn create_path(dialect: DialectId) -> &'static str {
    match dialect {
        DialectId::Responses => "POST /v1/responses",
        DialectId::Chat => "POST /v1/chat/completions",
        DialectId::Messages => "POST /v1/messages",
        DialectId::Gemini => "POST /v1beta/models/{model}:generateContent",
    }
}

// === impl Plan ===

impl Plan {
    /// The name of the model as the caller asked for it.
    pub(crate) fn model_name(&self) -> &str {
        self.model.as_ref().map_or("", |model| model.name.as_str())
    }

    /// Whether the answer stays at the upstream: by default for Responses, on demand for Chat.
    pub(crate) fn stores_answer(&self, operation: &Operation) -> bool {
        match operation.stores() {
            Some(ObjectKind::Response) => self.intent.store != Some(false),
            Some(ObjectKind::ChatCompletion) => self.intent.store == Some(true),
            None => false,
        }
    }

    /// The body a candidate gets: the client's bytes with the model's name replaced, if it differs.
    pub(crate) fn body(&self, call: &Call, candidate: &Candidate) -> Vec<Bytes> {
        let named = self.intent.model.iter().chain(&self.intent.more_models);
        let mut edits: Vec<Edit> = named
            .filter_map(|field| {
                let name = upstream_name(&call.operation, &field.value, candidate)?;
                let quoted = call.body.get(field.span.start) == Some(&b'"');
                let with = if quoted { json_string(&name) } else { Bytes::from(name.into_owned()) };
                Some(Edit { span: field.span.clone(), with })
            })
            .collect();
        edits.sort_by_key(|edit| edit.span.start);
        match edits.as_slice() {
            [] if call.body.is_empty() => Vec::new(),
            [] => vec![call.body.clone()],
            edits => splice(&call.body, edits),
        }
    }
}

/// The path a candidate is asked under.
pub(crate) fn upstream_path(operation: &Operation, upstream_model: &str) -> UpstreamPath {
    match operation {
        Operation::Respond => UpstreamPath::new("/responses"),
        Operation::CountResponseInput => UpstreamPath::new("/responses/input_tokens"),
        Operation::Compact => UpstreamPath::new("/responses/compact"),
        Operation::Chat => UpstreamPath::new("/chat/completions"),
        Operation::Message => UpstreamPath::new("/messages"),
        Operation::CountMessageTokens => UpstreamPath::new("/messages/count_tokens"),
        Operation::PassThrough(path) => UpstreamPath::new(*path),
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
    candidate: &'a Candidate,
) -> Option<Cow<'a, str>> {
    let name = if matches!(operation, Operation::Gemini { .. }) {
        Cow::Owned(format!("models/{}", candidate.upstream_model))
    } else {
        Cow::Borrowed(candidate.upstream_model.as_str())
    };
    (name != written).then_some(name)
}
