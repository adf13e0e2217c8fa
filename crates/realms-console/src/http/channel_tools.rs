//! What helps to set a channel up: paste anything, see where calls would go, see what the vendor has.

use axum::{
    Json,
    extract::{Path, State},
};
use realms_relay::{Vendor, VendorModel, vendor_models};
use realms_types::{ChannelKind, DialectId, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Strict, problem::Problems};
use crate::{
    Code, ConsoleError, Refusal, detect,
    manifest::{ProxyText, Slot},
    upstreams::{Bound, is_recommended, read_proxy, read_versioned_base, resolve},
    words,
};

/// Whatever was pasted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DetectRequest {
    /// A curl command, an env block, JSON, TOML, or an address and a key; at most 64 KiB.
    text: String,
}

/// What was found in it.
#[derive(Serialize, ToSchema)]
pub(super) struct Detected {
    /// The kind of the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::ChannelKind>)]
    kind: Option<ChannelKind>,
    /// A name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Its base URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    /// Its keys as they were pasted. No other answer holds them.
    keys: Vec<String>,
    /// The models that are named.
    models: Vec<String>,
    /// What it speaks.
    #[schema(value_type = Vec<words::Dialect>)]
    dialects: Vec<DialectId>,
    /// What is to be said about it: `nothing_found`, `no_url`, `no_key`, `placeholder_key`,
    /// `several_keys`, `several_urls`, `several_channels`, `kind_guessed`, `path_removed`,
    /// `key_in_url`, `plain_http`, `default_url`, `oauth_token`.
    #[schema(value_type = Vec<words::DetectNote>)]
    notes: Vec<&'static str>,
    /// The known vendor it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<&'static str>,
}

/// A base URL to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResolveRequest {
    /// The kind of the channel.
    #[schema(value_type = words::ChannelKind, example = "openai")]
    kind: ChannelKind,
    /// With or without the version segment.
    base_url: String,
    /// Of `azure`: the dated version of the API.
    #[serde(default)]
    api_version: Option<String>,
    /// What it speaks. Default: by kind.
    #[serde(default)]
    #[schema(value_type = Option<Vec<words::Dialect>>)]
    dialects: Option<Vec<DialectId>>,
}

/// Where calls would go.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResolvedBase {
    /// The address of a call in each dialect.
    urls: Vec<ResolvedUrl>,
    /// What is to be said about it.
    warnings: Vec<BaseWarning>,
    /// The addresses of the host.
    addresses: Vec<String>,
}

/// The address of a call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResolvedUrl {
    /// The dialect.
    #[schema(value_type = words::Dialect)]
    dialect: &'static str,
    /// The method.
    method: &'static str,
    /// The URL; `{model}` stands for the name of the model.
    url: String,
}

/// What is to be said about a base URL.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BaseWarning {
    /// `duplicate_version`, `no_version`, `private_address`, `blocked_address`, `plain_http` or `dns`.
    #[schema(value_type = words::BaseWarningCode)]
    code: &'static str,
    /// In one sentence.
    detail: String,
}

/// An upstream that is not saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpstreamModelsRequest {
    /// Its kind.
    #[schema(value_type = words::ChannelKind, example = "openai")]
    kind: ChannelKind,
    /// Where its API is.
    base_url: String,
    /// The key. It is used for this list and not kept.
    #[serde(deserialize_with = "super::body::secret")]
    #[schema(value_type = String, write_only)]
    key: Secret<String>,
    /// Of `azure`: the dated version of the API.
    #[serde(default)]
    api_version: Option<String>,
    /// What the requests go through, with its login.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    proxy: Option<Slot<ProxyText>>,
}

/// What a vendor has.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UpstreamModels {
    /// Its models, in its order.
    items: Vec<UpstreamModel>,
    /// When it said so.
    #[schema(value_type = String, format = DateTime)]
    fetched_at: Timestamp,
}

/// One model of a vendor.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of the JSON")]
pub(super) struct UpstreamModel {
    /// What the vendor calls it.
    id: String,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Whether a model of this name is in the catalogue.
    known: bool,
    /// Whether its price is known.
    priced: bool,
    /// Whether the channel serves it.
    bound: bool,
    /// Whether it is one to tick.
    recommended: bool,
}

/// Reads whatever was pasted. Nothing is sent, resolved or kept.
#[utoipa::path(
    post, path = "/api/admin/channels/detect", tag = "channels",
    request_body = DetectRequest,
    responses((status = 200, body = Detected), Problems)
)]
pub(super) async fn detect_channel(
    Strict(DetectRequest { text }): Strict<DetectRequest>,
) -> Result<Json<Detected>, ConsoleError> {
    if text.len() > detect::MOST {
        return Err(ConsoleError::TooLarge(detect::MOST));
    }
    Ok(Json(Detected::from(detect::detect(&text))))
}

/// Shows where the calls of a channel would go. Nothing is connected; the name is resolved.
#[utoipa::path(
    post, path = "/api/admin/channels/resolve", tag = "channels",
    request_body = ResolveRequest,
    responses((status = 200, body = ResolvedBase), Problems)
)]
pub(super) async fn resolve_channel(
    State(console): State<Console>,
    Strict(request): Strict<ResolveRequest>,
) -> Result<Json<ResolvedBase>, ConsoleError> {
    let ResolveRequest { kind, base_url, api_version, .. } = &request;
    let base = read_versioned_base(*kind, base_url, api_version.as_deref())?;
    let dialects = request.dialects.unwrap_or_default();
    let found = resolve(&console.0.relay.upstream, request.kind, &base, &dialects).await;
    let urls = found.urls.into_iter();
    let warnings = found.warnings.into_iter();
    Ok(Json(ResolvedBase {
        urls: urls
            .map(|(dialect, url)| ResolvedUrl { dialect: dialect.as_str(), method: "POST", url })
            .collect(),
        warnings: warnings
            .map(|(code, detail)| BaseWarning { code: code.as_str(), detail })
            .collect(),
        addresses: found.addresses,
    }))
}

/// Lists the models of a vendor that is not saved. The key is used once and not kept.
#[utoipa::path(
    post, path = "/api/admin/channels/upstream-models", tag = "channels",
    request_body = UpstreamModelsRequest,
    responses((status = 200, body = UpstreamModels), Problems)
)]
pub(super) async fn list_unsaved_upstream_models(
    State(console): State<Console>,
    Strict(request): Strict<UpstreamModelsRequest>,
) -> Result<Json<UpstreamModels>, ConsoleError> {
    let UpstreamModelsRequest { kind, base_url, key, api_version, proxy } = request;
    let base = read_versioned_base(kind, &base_url, api_version.as_deref())?;
    let vendor =
        Vendor { kind, base, credential: key, account: None, proxy: read_proxy(proxy.as_ref())? };
    console.upstream_models(vendor, &[]).await.map(Json)
}

/// Lists the models of the vendor of a saved channel.
#[utoipa::path(
    get, path = "/api/admin/channels/{name}/upstream-models", tag = "channels",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 200, body = UpstreamModels), Problems)
)]
pub(super) async fn list_upstream_models(
    State(console): State<Console>,
    Path(name): Path<String>,
) -> Result<Json<UpstreamModels>, ConsoleError> {
    let saved = console.0.editor.saved_channel(&name).await?;
    let enabled = saved.credentials.iter().find(|signer| signer.enabled);
    let signer = enabled.or(saved.credentials.first()).ok_or_else(|| {
        ConsoleError::Invalid(vec![format!("channel `{}` has no credential", saved.channel.name)])
    })?;
    let vendor = Vendor {
        kind: saved.channel.kind,
        base: saved.base()?,
        credential: signer.secret.clone(),
        proxy: signer.proxy.clone(),
        account: signer.account.clone(),
    };
    console.upstream_models(vendor, &saved.models).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn upstream_models(
        &self,
        vendor: Vendor,
        bound: &[Bound],
    ) -> Result<UpstreamModels, ConsoleError> {
        let now = self.0.editor.clock.now();
        let listed = vendor_models(&self.0.relay.upstream, &vendor, now).await;
        let listed = listed.map_err(|failure| {
            let code = failure.code.as_str();
            let detail = format!("{code}: {}", failure.detail);
            Refusal::new(Code::Invalid, detail).with("failure", code)
        })?;
        let catalog = self.0.catalog.snapshot();
        let any_priced = listed
            .iter()
            .any(|model| catalog.find_model(&model.id).is_some_and(|model| model.price.is_some()));
        let items = listed.into_iter().map(|VendorModel { id, owner }| {
            let served = bound.iter().find(|one| one.upstream == id);
            let name = served.map_or(id.as_str(), |one| one.model.as_str());
            let model = catalog.find_model(name);
            let priced = model.is_some_and(|model| model.price.is_some());
            UpstreamModel {
                known: model.is_some(),
                priced,
                bound: served.is_some(),
                recommended: is_recommended(&id, priced, any_priced),
                id,
                owner,
            }
        });
        Ok(UpstreamModels { items: items.collect(), fetched_at: now })
    }
}

// === impl Detected ===

impl From<detect::Found> for Detected {
    fn from(found: detect::Found) -> Self {
        Self {
            kind: found.kind,
            name: found.name,
            base_url: found.base_url,
            keys: found.keys.iter().map(|key| key.reveal().clone()).collect(),
            models: found.models,
            dialects: found.dialects,
            notes: found.notes.into_iter().map(detect::Note::as_str).collect(),
            preset: found.preset,
        }
    }
}
