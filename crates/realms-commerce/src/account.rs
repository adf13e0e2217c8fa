//! A payment channel as a gateway that can be used: its set-up and its opened secrets.

use realms_seal::{Keyring, Purpose};
use realms_store::{GatewayKind, PaymentChannelRecord};
use realms_types::{PaymentChannelId, Secret};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{CommerceError, Epay, GatewayError, Stripe, Webhook};

/// A gateway, ready for use.
#[derive(Debug, Clone)]
pub enum Gateway {
    /// Stripe Checkout.
    Stripe(Stripe),
    /// EPay.
    Epay(Epay),
    /// Anything that can sign a notice.
    Webhook(Webhook),
}

/// What of a gateway's set-up is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewaySettings {
    /// Where an EPay gateway is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The number of the merchant there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub merchant: String,
}

/// The secrets of a gateway.
#[derive(Debug, Clone)]
pub struct GatewaySecrets {
    /// What calls the gateway are made with: Stripe's secret key.
    pub call: Secret<String>,
    /// What notices are signed with: the webhook secret, the merchant's key.
    pub sign: Secret<String>,
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    call: &'a str,
    sign: &'a str,
}

// === impl Gateway ===

impl Gateway {
    /// A gateway of a kind. It cannot be made with a secret that is missing.
    pub fn new(
        kind: GatewayKind,
        settings: &GatewaySettings,
        secrets: GatewaySecrets,
    ) -> Result<Self, GatewayError> {
        Ok(match kind {
            GatewayKind::Stripe => Self::Stripe(Stripe::new(secrets.call, secrets.sign)?),
            GatewayKind::Epay => {
                Self::Epay(Epay::new(&settings.address, &settings.merchant, secrets.sign)?)
            }
            GatewayKind::Webhook => Self::Webhook(Webhook::new(secrets.sign)?),
        })
    }

    /// The gateway of a channel.
    pub fn open(record: &PaymentChannelRecord, keyring: &Keyring) -> Result<Self, CommerceError> {
        let place = PaymentChannelRecord::secrets_place(record.id);
        let text = keyring.unseal_text(Purpose::Payment, place, &record.sealed_secrets)?;
        let broken = |_| GatewayError::Missing("set-up of the channel");
        let sealed: Sealed<'_> = serde_json::from_str(text.reveal()).map_err(broken)?;
        let settings = record.gateway.as_deref().unwrap_or("{}");
        let settings = serde_json::from_str(settings).map_err(broken)?;
        let secrets = GatewaySecrets { call: sealed.call.into(), sign: sealed.sign.into() };
        Ok(Self::new(record.kind, &settings, secrets)?)
    }
}

// === impl GatewaySecrets ===

impl GatewaySecrets {
    /// The form in which a channel keeps them.
    pub fn seal(&self, id: PaymentChannelId, keyring: &Keyring) -> Result<String, CommerceError> {
        let sealed = Sealed { call: self.call.reveal(), sign: self.sign.reveal() };
        let broken = |_| GatewayError::Missing("secret");
        let text = Zeroizing::new(serde_json::to_string(&sealed).map_err(broken)?);
        let place = PaymentChannelRecord::secrets_place(id);
        Ok(keyring.seal(Purpose::Payment, place, text.as_bytes())?)
    }
}
