//! Payment channels: accounts at gateways. What they are set up with is root's, and no secret is ever shown.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_commerce::{ChannelChange, GatewaySecrets, GatewaySettings, NewChannel};
use realms_store::{GatewayKind, PaymentChannelRecord};
use realms_types::{PaymentChannelId, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Strict, optional_secret},
    caller::Caller,
    listing::Listing,
    noting::{change, changed},
    problem::Problems,
};
use crate::{ConsoleError, refusal::check_name, words};

/// A payment channel, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaymentChannelView {
    /// Its id.
    #[schema(value_type = String, example = "py_06a1b2c3d4e5f")]
    id: PaymentChannelId,
    /// What people read where they choose how to pay.
    name: String,
    /// What kind of gateway.
    #[schema(value_type = words::PaymentGateway)]
    kind: &'static str,
    /// Whether orders can be made for it. Notices are taken all the same.
    enabled: bool,
    /// Whether it takes play money, which only operators may pay with.
    test_mode: bool,
    /// Where an EPay gateway is.
    #[serde(skip_serializing_if = "String::is_empty")]
    address: String,
    /// The number of the merchant there.
    #[serde(skip_serializing_if = "String::is_empty")]
    merchant: String,
    /// Where the gateway must send its notices: to be set there.
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<String>,
    /// When it told something last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_notice_at: Option<Timestamp>,
    /// What that was, in the gateway's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_notice: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A payment channel to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPaymentChannel {
    /// What people read where they choose how to pay; unique.
    name: String,
    /// What kind of gateway. It stays.
    #[schema(value_type = words::PaymentGateway)]
    kind: GatewayKind,
    /// Whether it takes play money. It stays: orders are bound to it. Not of EPay, whose notices do not
    /// tell play money from real money.
    #[serde(default)]
    test_mode: bool,
    /// Its set-up, secrets included.
    gateway: GatewayForm,
}

/// What of a payment channel changes. Secrets are given together with the set-up, or stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentChannelPatch {
    /// What people read where they choose how to pay.
    #[serde(default)]
    name: Option<String>,
    /// Whether orders can be made for it.
    #[serde(default)]
    enabled: Option<bool>,
    /// Its set-up as a whole, secrets included.
    #[serde(default)]
    gateway: Option<GatewayForm>,
}

/// The set-up of a gateway as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GatewayForm {
    /// Where an EPay gateway is, an `https` address.
    #[serde(default)]
    address: String,
    /// The number of the merchant at an EPay gateway.
    #[serde(default)]
    merchant: String,
    /// Stripe: the secret key that calls are made with.
    #[serde(default, deserialize_with = "optional_secret")]
    #[schema(value_type = Option<String>)]
    call_secret: Option<Secret<String>>,
    /// What notices are signed with: Stripe's webhook secret, the key of the EPay merchant, a secret of 16
    /// characters or more that the sender of a webhook shares.
    #[serde(default, deserialize_with = "optional_secret")]
    #[schema(value_type = Option<String>)]
    sign_secret: Option<Secret<String>>,
}

/// The routes of payment channels.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_payment_channels, create_payment_channel))
        .routes(routes!(patch_payment_channel))
}

/// Lists the payment channels by name.
#[utoipa::path(
    get, path = "/api/admin/payment-channels", tag = "payments",
    responses((status = 200, body = Listing<PaymentChannelView>), Problems)
)]
async fn list_payment_channels(
    State(console): State<Console>,
) -> Result<Json<Listing<PaymentChannelView>>, ConsoleError> {
    console.sells()?;
    let records = console.0.editor.store.read().list_payment_channels().await?;
    let items = records.into_iter().map(|record| console.payment_channel(record)).collect();
    Ok(Json(Listing { items }))
}

/// Makes a payment channel. A person must have proved lately who they are.
#[utoipa::path(
    post, path = "/api/admin/payment-channels", tag = "payments",
    request_body = NewPaymentChannel,
    responses((status = 201, body = PaymentChannelView), Problems)
)]
async fn create_payment_channel(
    State(console): State<Console>,
    caller: Caller,
    Strict(new): Strict<NewPaymentChannel>,
) -> Result<(StatusCode, Json<PaymentChannelView>), ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    check_name("/name", &new.name)?;
    let changes = vec![
        change("kind", new.kind.as_str().to_owned()),
        change("test_mode", new.test_mode.to_string()),
    ];
    let about = ("payment_channel", new.name.as_str());
    let audit = console.act(&caller, "payment_channel.create", about, changes);
    let (settings, secrets) = new.gateway.into_parts();
    let record = commerce
        .add_channel(
            NewChannel {
                name: new.name,
                kind: new.kind,
                test_mode: new.test_mode,
                settings,
                secrets,
            },
            Some(audit),
        )
        .await?;
    Ok((StatusCode::CREATED, Json(console.payment_channel(record))))
}

/// Changes a payment channel. Its kind and its mode stay. A person must have proved lately who they are.
#[utoipa::path(
    patch, path = "/api/admin/payment-channels/{id}", tag = "payments",
    request_body = PaymentChannelPatch,
    params(("id" = String, Path, description = "Its id, `py_…`")),
    responses((status = 200, body = PaymentChannelView), Problems)
)]
async fn patch_payment_channel(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(patch): Strict<PaymentChannelPatch>,
) -> Result<Json<PaymentChannelView>, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    let missing = || ConsoleError::NotFound(format!("payment channel `{id}`"));
    let parsed: PaymentChannelId = id.parse().map_err(|_| missing())?;
    let read = || console.0.editor.store.read().find_payment_channel(parsed);
    let before = read().await?.ok_or_else(missing)?;
    let mut changes = Vec::new();
    if let Some(name) = &patch.name {
        check_name("/name", name)?;
        changes.extend(changed("name", before.name.clone(), name.clone()));
    }
    changes.extend(
        patch.enabled.and_then(|enabled| {
            changed("enabled", before.enabled.to_string(), enabled.to_string())
        }),
    );
    // That it changed is told, and nothing of what it is.
    changes.extend(patch.gateway.as_ref().map(|_| change("gateway", "changed".to_owned())));
    let about = ("payment_channel", before.name.as_str());
    let audit = console.act(&caller, "payment_channel.update", about, changes);
    let gateway = patch.gateway.map(GatewayForm::into_parts);
    let change = ChannelChange { name: patch.name, enabled: patch.enabled, gateway };
    commerce.change_channel(parsed, change, Some(audit)).await?;
    let after = read().await?.ok_or_else(missing)?;
    Ok(Json(console.payment_channel(after)))
}

// === impl GatewayForm ===

impl GatewayForm {
    /// What of it is no secret, and what is.
    fn into_parts(self) -> (GatewaySettings, GatewaySecrets) {
        let Self { address, merchant, call_secret, sign_secret } = self;
        let given = |secret: Option<Secret<String>>| secret.unwrap_or_else(|| Secret::from(""));
        let secrets = GatewaySecrets { call: given(call_secret), sign: given(sign_secret) };
        (GatewaySettings { address, merchant }, secrets)
    }
}

// === impl Console ===

impl Console {
    fn payment_channel(&self, record: PaymentChannelRecord) -> PaymentChannelView {
        let settings = record.gateway.as_deref().unwrap_or("{}");
        let settings: GatewaySettings = serde_json::from_str(settings).unwrap_or_default();
        let notify = |base: String| format!("{base}/api/pay/{}/notify", record.id);
        PaymentChannelView {
            notify_url: self.site_base().map(notify),
            id: record.id,
            name: record.name,
            kind: record.kind.as_str(),
            enabled: record.enabled,
            test_mode: record.test_mode,
            address: settings.address,
            merchant: settings.merchant,
            last_notice_at: record.last_notice_at,
            last_notice: record.last_notice,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }

    /// The address of the site without a slash at its end.
    pub(super) fn site_base(&self) -> Option<String> {
        self.site_address().map(|address| address.as_str().trim_end_matches('/').to_owned())
    }
}
