//! A call as one candidate gets it: the model's name, the body, the headers, by the channel's options.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use realms_dialect::{HeaderChange, HeaderFacts, Named, Scene, Shape};
use realms_scheduler::Candidate;

use crate::{GeminiAction, Operation, call::Call, plan::Plan};

/// What is sent, and what the options had to do with it.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    /// What the model is called upstream.
    pub model: Cow<'a, str>,
    /// The body, in pieces.
    pub body: Vec<Bytes>,
    /// What becomes of the client's headers.
    pub headers: Vec<HeaderChange>,
    /// The options that changed something, by name.
    pub edits: Vec<&'static str>,
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
            Self::Respond => "/v1/responses".into(),
            Self::CountResponseInput => "/v1/responses/input_tokens".into(),
            Self::Compact => "/v1/responses/compact".into(),
            Self::Chat => "/v1/chat/completions".into(),
            Self::Message => "/v1/messages".into(),
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

/// What a candidate gets. Without options nothing but the model's name is touched.
pub(crate) fn prepare<'a>(
    call: &Call,
    plan: &Plan,
    user: &str,
    candidate: &'a Candidate,
    shape: Option<&Arc<Shape>>,
) -> Prepared<'a> {
    let bound = candidate.upstream_model.as_str();
    let Some(shape) = shape else {
        let (model, body) = (Cow::Borrowed(bound), plan.body(call, bound));
        return Prepared { model, body, headers: Vec::new(), edits: Vec::new() };
    };
    let mut edits = Vec::new();
    let facts = HeaderFacts {
        dialect: call.operation.dialect(),
        api_key: &candidate.credential.secret,
        request_id: &call.meta.shown,
        user,
        client: &call.headers,
    };
    let headers = shape.headers(facts, &mut edits);
    let untouched = matches!(call.operation, Operation::Stored(_));
    if untouched || shape.passes_through() {
        if shape.passes_through() && !untouched {
            edits.push("pass_through_body");
        }
        let body = Vec::from_iter((!call.body.is_empty()).then(|| call.body.clone()));
        return Prepared { model: Cow::Borrowed(bound), body, headers, edits };
    }
    let named = shape.model(bound, &mut edits);
    let body = shaped(call, plan, candidate, shape, &named, &mut edits);
    edits.dedup();
    Prepared { model: Cow::Owned(named.name), body, headers, edits }
}

fn shaped(
    call: &Call,
    plan: &Plan,
    candidate: &Candidate,
    shape: &Shape,
    named: &Named,
    edits: &mut Vec<&'static str>,
) -> Vec<Bytes> {
    let pieces = plan.body(call, &named.name);
    let body: Bytes = match pieces.as_slice() {
        [] => return pieces,
        [only] => only.clone(),
        several => several.concat().into(),
    };
    let path = call.operation.client_path();
    let scene = Scene {
        dialect: call.operation.dialect(),
        prompted: call.operation.has_prompt(),
        path: &path,
        original_model: plan.model_name(),
        channel: candidate.channel.id,
        kind: candidate.channel.kind,
        test: false,
    };
    let made = shape.body(&body, named, scene);
    edits.extend(made.edits);
    vec![made.body]
}
