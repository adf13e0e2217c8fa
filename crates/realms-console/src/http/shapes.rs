//! Tries the options of a channel on a request, without sending it.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, HeaderName, HeaderValue};
use realms_dialect::Shape;
use realms_relay::{Rehearsed, Sample, rehearse};
use realms_types::{ChannelId, ChannelKind, ChannelOptions, DialectId, Exclusion, OptionMistake};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::{Console, body::Strict, caller::Caller, problem::Problems};
use crate::{ConsoleError, manifest, upstreams::read_base, words};

/// Where the calls of a channel that is not saved would go.
const NOWHERE: &str = "https://upstream.example";

/// A request, and what options to try on it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShapeRequest {
    /// The dialect of the request.
    #[schema(value_type = words::Dialect)]
    dialect: DialectId,
    /// Its body as it is sent: JSON as text, so that every byte counts.
    body: String,
    /// Its headers.
    #[serde(default)]
    #[schema(required = false)]
    headers: BTreeMap<String, String>,
    /// The model as the client names it. Default: what the body names.
    #[serde(default)]
    model: Option<String>,
    /// The model as the binding names it. Default: by the channel's binding, else the same.
    #[serde(default)]
    upstream_model: Option<String>,
    /// The options to try. Default: those of the saved channel.
    #[serde(default)]
    options: Option<ChannelOptions>,
    /// The kind of a channel that is not saved. Default: `openai`.
    #[serde(default)]
    #[schema(value_type = Option<words::ChannelKind>)]
    kind: Option<ChannelKind>,
    /// The base URL of a channel that is not saved.
    #[serde(default)]
    base_url: Option<String>,
}

/// What would be sent.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct ShapeResult {
    /// The method and the address; left out when the options are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    /// What the model would be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_model: Option<String>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The headers; where the credential would be, it is masked.
    headers: Vec<ShapedHeader>,
    /// The options that changed something, in their order.
    edits: Vec<&'static str>,
    /// Why such a call would not come to this channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Exclusion>)]
    excluded: Option<&'static str>,
    /// Every mistake in the options.
    refused: Vec<OptionRefusal>,
}

/// A header as it would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShapedHeader {
    /// Its name.
    name: String,
    /// Its value; `(set)` where that may be a secret.
    value: String,
}

/// A mistake in options.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OptionRefusal {
    /// The field, with dots between the names.
    field: String,
    /// What is wrong, and what is allowed.
    message: String,
}

/// The channel that a request is tried on.
struct Stage {
    channel: ChannelId,
    kind: ChannelKind,
    base: Url,
    saved: Option<ChannelOptions>,
    upstream_model: Option<String>,
}

/// Shows what options make of a request. Nothing is sent and nothing is saved.
#[utoipa::path(
    post, path = "/api/admin/channels/shape", tag = "channels",
    request_body = ShapeRequest,
    responses((status = 200, body = ShapeResult), Problems)
)]
pub(super) async fn shape_unsaved(
    State(console): State<Console>,
    caller: Caller,
    Strict(request): Strict<ShapeRequest>,
) -> Result<Json<ShapeResult>, ConsoleError> {
    let stage = Stage {
        channel: ChannelId::new(0),
        kind: request.kind.unwrap_or(ChannelKind::Openai),
        base: read_base(request.base_url.as_deref().unwrap_or(NOWHERE))?,
        saved: None,
        upstream_model: None,
    };
    console.shape(&caller, request, stage).map(Json)
}

/// Shows what the options of a saved channel, or others in their place, make of a request. Nothing is
/// sent and nothing is saved.
#[utoipa::path(
    post, path = "/api/admin/channels/{name}/shape", tag = "channels",
    params(("name" = String, Path, description = "Its name or its id")),
    request_body = ShapeRequest,
    responses((status = 200, body = ShapeResult), Problems)
)]
pub(super) async fn shape_channel(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
    Strict(request): Strict<ShapeRequest>,
) -> Result<Json<ShapeResult>, ConsoleError> {
    let saved = console.0.editor.saved_channel(&name).await?;
    let model = request.model.clone().or_else(|| named(&request));
    let bound = saved.models.iter().find(|one| Some(&one.model) == model.as_ref());
    let stage = Stage {
        channel: saved.channel.id,
        kind: saved.channel.kind,
        base: saved.base()?,
        upstream_model: bound.map(|one| one.upstream.clone()),
        saved: Some(saved.channel.options.clone()),
    };
    console.shape(&caller, request, stage).map(Json)
}

fn named(request: &ShapeRequest) -> Option<String> {
    let intent = realms_dialect::peek(request.dialect, request.body.as_bytes()).ok()?;
    intent.model.map(|field| field.value)
}

fn headers(given: &BTreeMap<String, String>) -> Result<HeaderMap, ConsoleError> {
    let pair = |(name, value): (&String, &String)| {
        let wrong = || ConsoleError::Invalid(vec![format!("headers: `{name}` is no header")]);
        let name: HeaderName = name.parse().map_err(|_| wrong())?;
        Ok((name, HeaderValue::from_str(value).map_err(|_| wrong())?))
    };
    given.iter().map(pair).collect()
}

// === impl Console ===

impl Console {
    fn shape(
        &self,
        caller: &Caller,
        request: ShapeRequest,
        stage: Stage,
    ) -> Result<ShapeResult, ConsoleError> {
        let model = request.model.clone().or_else(|| named(&request)).unwrap_or_default();
        let options = match request.options {
            Some(options) => manifest::restore(options, stage.saved.as_ref()),
            None => stage.saved.unwrap_or_default(),
        };
        let shape = match Shape::compile(&options) {
            Ok(shape) => shape,
            Err(mistakes) => return Ok(ShapeResult::refused(mistakes)),
        };
        let hours = options.hours.as_ref().and_then(|hours| hours.compile().ok());
        let sample = Sample {
            dialect: request.dialect,
            upstream_model: request
                .upstream_model
                .or(stage.upstream_model)
                .unwrap_or_else(|| model.clone()),
            model,
            body: request.body.into(),
            headers: headers(&request.headers)?,
            user: caller.actor().name,
            channel: stage.channel,
            kind: stage.kind,
            base: stage.base,
        };
        let now = self.0.editor.clock.now();
        let upstream = &self.0.relay.upstream;
        rehearse(upstream, &shape, hours.as_ref(), &sample, now)
            .map(|made| ShapeResult::of(made, &options))
            .map_err(|error| ConsoleError::Invalid(vec![error.to_string()]))
    }
}

// === impl ShapeResult ===

impl ShapeResult {
    fn refused(mistakes: Vec<OptionMistake>) -> Self {
        let refused = mistakes.into_iter();
        let refused = refused.map(|one| OptionRefusal { field: one.field, message: one.message });
        Self { refused: refused.collect(), ..Self::default() }
    }

    fn of(made: Rehearsed, options: &ChannelOptions) -> Self {
        let set = &options.headers.set;
        let secret = |name: &HeaderName| {
            let own = set.iter().find(|(own, _)| own.eq_ignore_ascii_case(name.as_str()));
            own.is_some_and(|(own, value)| manifest::may_be_secret(own, value))
        };
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let value = if secret(name) { manifest::HIDDEN.to_owned() } else { value };
            ShapedHeader { name: name.to_string(), value }
        };
        Self {
            target: Some(made.target),
            upstream_model: Some(made.upstream_model),
            body: Some(String::from_utf8_lossy(&made.body).into_owned()),
            headers: made.headers.iter().map(header).collect(),
            edits: made.edits,
            excluded: made.excluded.map(Exclusion::as_str),
            refused: Vec::new(),
        }
    }
}
