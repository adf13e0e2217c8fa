//! How far an installation is on its way to its first call, told by evidence.

use std::sync::atomic::Ordering;

use axum::{Json, extract::State};
use http::{HeaderMap, header};
use realms_catalog::Catalog;
use realms_store::AuditFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Console,
    body::Strict,
    caller::{Caller, Visitor},
    channel_tests::TESTED,
    problem::Problems,
};
use crate::{
    ConsoleError, Edit,
    manifest::{Manifest, SettingText},
    words,
};

/// The setting that hides the guide.
const DISMISSED: &str = "setup_dismissed";

/// What is done of setting up. Each step is true when there is evidence of it.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a step of its own")]
pub(super) struct SetupState {
    /// There is a root user.
    root: bool,
    /// The address of the site is set.
    address: bool,
    /// An enabled channel has an endpoint, a credential and a model.
    channel: bool,
    /// A test of a channel, or a call, went well.
    test: bool,
    /// There is an API key that may call.
    key: bool,
    /// A call went well.
    call: bool,
    /// Everything is done but the address, which is needed by links and callbacks only.
    done: bool,
    /// Somebody does not want to see the guide.
    dismissed: bool,
    /// The address this request came to.
    detected_address: String,
    /// A proxy says that the request came by https, but is not trusted: name it in
    /// `REALMS_TRUSTED_PROXIES`.
    forwarded_proto_untrusted: bool,
    /// The first call that went well, or else the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_call: Option<FirstCallView>,
}

/// A call that shows how far things are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FirstCallView {
    /// Its id.
    request_id: String,
    /// How it ended.
    #[schema(value_type = words::Outcome)]
    outcome: String,
}

/// Whether the guide is hidden.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupPatch {
    /// Whether nobody wants to see it.
    dismissed: bool,
}

/// Shows what is done of setting up.
#[utoipa::path(
    get, path = "/api/admin/setup", tag = "setup",
    responses((status = 200, body = SetupState), Problems)
)]
pub(super) async fn get_setup(
    State(console): State<Console>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Json<SetupState>, ConsoleError> {
    console.setup_state(&visitor, &headers).await.map(Json)
}

/// Hides the guide, or shows it again.
#[utoipa::path(
    put, path = "/api/admin/setup", tag = "setup",
    request_body = SetupPatch,
    responses((status = 200, body = SetupState), Problems)
)]
pub(super) async fn put_setup(
    State(console): State<Console>,
    caller: Caller,
    visitor: Visitor,
    headers: HeaderMap,
    Strict(patch): Strict<SetupPatch>,
) -> Result<Json<SetupState>, ConsoleError> {
    let setting = (DISMISSED.to_owned(), SettingText(patch.dismissed.to_string()));
    let manifest = Manifest { settings: [setting].into(), ..Manifest::empty() };
    console.edit(&caller, Edit::manifest(manifest)).await?;
    console.setup_state(&visitor, &headers).await.map(Json)
}

// === impl Console ===

impl Console {
    /// What is done of setting up.
    pub(super) async fn setup_state(
        &self,
        visitor: &Visitor,
        headers: &HeaderMap,
    ) -> Result<SetupState, ConsoleError> {
        let store = &self.0.editor.store;
        let catalog = self.0.catalog.snapshot();
        let first_call = store.first_call().await?;
        let call = first_call.as_ref().is_some_and(|call| call.outcome == "ok");
        let test = call || self.was_tested().await?;
        let (root, channel) = (store.has_root().await?, has_channel(&catalog));
        let key = store.read().has_live_api_key().await?;
        let (detected_address, forwarded_proto_untrusted) = detected(visitor, headers);
        Ok(SetupState {
            root,
            address: catalog.settings().site_base_url.is_some(),
            channel,
            test,
            key,
            call,
            done: root && channel && test && key && call,
            dismissed: catalog.settings().setup_dismissed,
            detected_address,
            forwarded_proto_untrusted,
            first_call: first_call
                .map(|call| FirstCallView { request_id: call.request_id, outcome: call.outcome }),
        })
    }
}

// === impl Console ===

impl Console {
    /// Whether a test of a channel ever went well: this process knows, or the audit log does.
    async fn was_tested(&self) -> Result<bool, ConsoleError> {
        if self.0.tested.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let filter =
            AuditFilter { actions: vec![TESTED.to_owned()], limit: 50, ..AuditFilter::default() };
        let entries = self.0.editor.store.read().list_audit(&filter).await?;
        let mut changes = entries.records.iter().flat_map(|entry| &entry.changes);
        let well = changes.any(|change| {
            change.path == "ok" && change.after.as_deref().is_some_and(|count| count != "0")
        });
        if well {
            self.0.tested.store(true, Ordering::Relaxed);
        }
        Ok(well)
    }
}

/// Whether any channel could take a call.
fn has_channel(catalog: &Catalog) -> bool {
    catalog.models().any(|model| {
        model.enabled
            && model.bindings.iter().any(|binding| {
                let channel = &binding.channel;
                !channel.endpoints.is_empty() && !channel.credentials.is_empty()
            })
    })
}

/// The address a request came to, and whether a proxy's word about it was not believed.
fn detected(visitor: &Visitor, headers: &HeaderMap) -> (String, bool) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let host: String = host.chars().filter(|c| sound(*c)).take(255).collect();
    let said_https = text("x-forwarded-proto").is_some_and(|proto| proto.starts_with("https"));
    let origin = text("origin").is_some_and(|origin| origin.starts_with("https://"));
    let scheme = if said_https || origin { "https" } else { "http" };
    let address = if host.is_empty() { String::new() } else { format!("{scheme}://{host}") };
    (address, said_https && !visitor.https)
}
