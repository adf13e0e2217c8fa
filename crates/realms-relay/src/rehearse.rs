//! What the options of a channel make of a request, without sending it.

use bytes::Bytes;
use http::{HeaderMap, Method};
use realms_dialect::{Fault, HeaderFacts, Scene, Shape, peek};
use realms_types::{ChannelId, ChannelKind, DialectId, Exclusion, OpenHours, Secret, Timestamp};
use realms_upstream::{Outgoing, SendError, Upstream};
use url::Url;

use crate::{
    Operation,
    plan::{renamed, upstream_path},
};

/// What stands where the credential would.
const MASKED: &str = "********";

/// A request to try options on.
#[derive(Debug)]
pub struct Sample {
    /// The dialect it speaks.
    pub dialect: DialectId,
    /// The model as the client names it. In Gemini it stands in the path.
    pub model: String,
    /// The model as the channel's binding names it.
    pub upstream_model: String,
    /// Its body.
    pub body: Bytes,
    /// Its headers.
    pub headers: HeaderMap,
    /// The log-in name of who would call.
    pub user: String,
    /// The channel.
    pub channel: ChannelId,
    /// What kind of vendor it leads to.
    pub kind: ChannelKind,
    /// Its base URL.
    pub base: Url,
}

/// What would be sent.
#[derive(Debug)]
pub struct Rehearsed {
    /// The method and the address.
    pub target: String,
    /// What the model would be called.
    pub upstream_model: String,
    /// The body.
    pub body: Bytes,
    /// The headers; where the credential would be, it is masked.
    pub headers: HeaderMap,
    /// The options that changed something, in their order.
    pub edits: Vec<&'static str>,
    /// Why such a call would not come to this channel.
    pub excluded: Option<Exclusion>,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The client would be told this.
    #[error("{0}")]
    Fault(Fault),
    /// It could not be sent.
    #[error(transparent)]
    Send(#[from] SendError),
}

/// Shapes a request as a call would be shaped. Nothing is sent.
pub fn rehearse(
    upstream: &Upstream,
    shape: &Shape,
    hours: Option<&OpenHours>,
    sample: &Sample,
    now: Timestamp,
) -> Result<Rehearsed, RehearsalError> {
    let intent =
        peek(sample.dialect, &sample.body).map_err(|error| RehearsalError::Fault(error.into()))?;
    let operation = Operation::answering(sample.dialect, &sample.model, false);
    let mut edits = Vec::new();
    let secret = Secret::from(MASKED);
    let facts = HeaderFacts {
        dialect: sample.dialect,
        api_key: &secret,
        request_id: "00000000-0000-7000-8000-000000000000",
        user: &sample.user,
        client: &sample.headers,
    };
    let changes = shape.headers(facts, &mut edits);
    let (upstream_model, body) = if shape.passes_through() {
        edits.push("pass_through_body");
        (sample.upstream_model.clone(), sample.body.clone())
    } else {
        let named = shape.model(&sample.upstream_model, &mut edits);
        let body = renamed(&operation, &intent, &sample.body, &named.name).concat().into();
        let path = operation.client_path();
        let scene = Scene {
            dialect: sample.dialect,
            prompted: true,
            path: &path,
            original_model: &sample.model,
            channel: sample.channel,
            kind: sample.kind,
            test: false,
        };
        let made = shape.body(&body, &named, scene);
        edits.extend(made.edits);
        (named.name, made.body)
    };
    let outgoing = Outgoing {
        method: Method::POST,
        kind: sample.kind,
        dialect: Some(sample.dialect),
        base: sample.base.clone(),
        path: upstream_path(&operation, &upstream_model),
        query: None,
        headers: sample.headers.clone(),
        changes,
        body: Vec::new(),
        credential: secret,
        account: None,
        proxy: None,
        stream: intent.stream,
    };
    let (method, uri, headers) = upstream.preview(outgoing)?;
    let excluded = realms_dialect::fits(&intent, shape.options(), hours, now).err();
    let target = format!("{method} {uri}");
    Ok(Rehearsed { target, upstream_model, body, headers, edits, excluded })
}
