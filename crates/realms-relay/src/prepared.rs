//! A call as one candidate gets it: the model's name, the body, the headers, by the channel's options.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::HeaderMap;
use realms_dialect::{Fault, HeaderChange, HeaderFacts, Named, Scene, Shape, facts};
use realms_scheduler::Candidate;
use realms_store::LossRecord;

use crate::{
    GeminiAction, Operation, Relay,
    call::Call,
    lane::{self, Meaning, Reader, Return, Translated},
    plan::Plan,
};

/// What is sent, and what the options had to do with it.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    /// What is asked for, in the candidate's dialect.
    pub operation: Cow<'a, Operation>,
    /// The headers, before they are changed.
    pub sent: HeaderMap,
    /// What of the call is lost on the way.
    pub losses: Vec<LossRecord>,
    /// How the answer becomes the client's, where it is in another dialect.
    pub back: Option<Return>,
    /// What the model is called upstream.
    pub model: Cow<'a, str>,
    /// The body, in pieces.
    pub body: Vec<Bytes>,
    /// What becomes of the headers.
    pub headers: Vec<HeaderChange>,
    /// The options that changed something, by name.
    pub edits: Vec<&'static str>,
}

impl<'a> Prepared<'a> {
    /// A call in the client's dialect, without any option.
    fn own(call: &'a Call, model: Cow<'a, str>, body: Vec<Bytes>) -> Self {
        Self {
            operation: Cow::Borrowed(&call.operation),
            sent: call.headers.clone(),
            losses: Vec::new(),
            back: None,
            model,
            body,
            headers: Vec::new(),
            edits: Vec::new(),
        }
    }
}

impl Operation {
    /// Whether there is a prompt in its body.
    pub(crate) fn has_prompt(&self) -> bool {
        match self {
            Self::Gemini { action, .. } => {
                matches!(action, GeminiAction::Generate | GeminiAction::Stream)
            }
            Self::PassThrough(_) | Self::Stored(_) => false,
            Self::Respond
            | Self::Chat
            | Self::Message
            | Self::CountResponseInput
            | Self::CountMessageTokens
            | Self::Compact => true,
        }
    }

    /// The path under which clients call it.
    pub(crate) fn client_path(&self) -> Cow<'static, str> {
        match self {
            Self::Respond | Self::Chat | Self::Message => facts(self.dialect()).answers_at.into(),
            Self::CountResponseInput => "/v1/responses/input_tokens".into(),
            Self::Compact => "/v1/responses/compact".into(),
            Self::CountMessageTokens => "/v1/messages/count_tokens".into(),
            Self::PassThrough(path) => format!("/v1{path}").into(),
            Self::Gemini { version, model, action } => {
                format!("/{version}/models/{model}:{}", action.as_str()).into()
            }
            Self::Stored(act) => {
                let path = crate::operation::object_path(act.kind);
                format!("/v1{path}/{}{}", act.id, act.tail).into()
            }
        }
    }
}

/// Whose call it is.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'a> {
    /// Where it came in.
    pub relay: &'a Relay,
    /// What came in.
    pub call: &'a Call,
    /// What was decided about it.
    pub plan: &'a Plan,
    /// The log-in name of the caller.
    pub user: &'a str,
}

/// What a candidate gets that is asked in another dialect, or why it cannot be. The options of its channel
/// work on what is sent, as they do on calls of its own dialect.
pub(crate) fn prepare_translated<'a>(
    sender: Sender<'a>,
    meaning: &Meaning,
    candidate: &'a Candidate,
    shape: Option<&Arc<Shape>>,
) -> Result<Prepared<'a>, Fault> {
    let Sender { relay, call, plan, user } = sender;
    let mut edits = Vec::new();
    let bound = candidate.upstream_model.as_str();
    let named = shape.map_or_else(|| Named::plain(bound), |shape| shape.model(bound, &mut edits));
    let streams = plan.intent.stream;
    let reader = Reader { candidate, model: &named.name, streams };
    let Translated { operation, body, headers: sent, losses, back } =
        lane::translate(relay, call, plan, meaning, reader)?;
    let (mut headers, mut pieces) = (Vec::new(), vec![body]);
    if let Some(shape) = shape {
        headers = shape.headers(header_facts(call, user, candidate), &mut edits);
        let (made, by) = shaped(call, plan, candidate, shape, &named, pieces);
        pieces = made;
        edits.extend(by);
        edits.dedup();
    }
    Ok(Prepared {
        operation: Cow::Owned(operation),
        sent,
        losses: lane::records(&losses),
        back,
        model: Cow::Owned(named.name),
        body: pieces,
        headers,
        edits,
    })
}

/// What a candidate gets. Without options nothing but the model's name is touched.
pub(crate) fn prepare<'a>(
    call: &'a Call,
    plan: &Plan,
    user: &str,
    candidate: &'a Candidate,
    shape: Option<&Arc<Shape>>,
) -> Prepared<'a> {
    let bound = candidate.upstream_model.as_str();
    let Some(shape) = shape else {
        let (model, body) = (Cow::Borrowed(bound), plan.body(call, bound));
        return Prepared::own(call, model, body);
    };
    let mut edits = Vec::new();
    let headers = shape.headers(header_facts(call, user, candidate), &mut edits);
    let untouched = matches!(call.operation, Operation::Stored(_));
    if untouched || shape.passes_through() {
        if shape.passes_through() && !untouched {
            edits.push("pass_through_body");
        }
        let body = Vec::from_iter((!call.body.is_empty()).then(|| call.body.clone()));
        return Prepared { headers, edits, ..Prepared::own(call, Cow::Borrowed(bound), body) };
    }
    let named = shape.model(bound, &mut edits);
    let pieces = plan.body(call, &named.name);
    let (body, by) = shaped(call, plan, candidate, shape, &named, pieces);
    edits.extend(by);
    edits.dedup();
    Prepared { headers, edits, ..Prepared::own(call, Cow::Owned(named.name), body) }
}

fn header_facts<'f>(call: &'f Call, user: &'f str, candidate: &'f Candidate) -> HeaderFacts<'f> {
    HeaderFacts {
        dialect: candidate.dialect,
        api_key: &candidate.credential.secret,
        request_id: &call.meta.shown,
        user,
        client: &call.headers,
    }
}

fn shaped(
    call: &Call,
    plan: &Plan,
    candidate: &Candidate,
    shape: &Shape,
    named: &Named,
    pieces: Vec<Bytes>,
) -> (Vec<Bytes>, Vec<&'static str>) {
    let body: Bytes = match pieces.as_slice() {
        [] => return (pieces, Vec::new()),
        [only] => only.clone(),
        several => several.concat().into(),
    };
    let path = call.operation.client_path();
    let scene = Scene {
        dialect: candidate.dialect,
        prompted: call.operation.has_prompt(),
        path: &path,
        original_model: plan.model_name(),
        channel: candidate.channel.id,
        kind: candidate.channel.kind,
        test: false,
    };
    let made = shape.body(&body, named, scene);
    (vec![made.body], made.edits)
}
