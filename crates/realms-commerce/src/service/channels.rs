//! Payment channels as operators set them up.

use realms_store::{AuditRecord, GatewayKind, PaymentChannelPatch, PaymentChannelRecord};
use realms_types::PaymentChannelId;

use super::Commerce;
use crate::{CommerceError, Gateway, GatewayError, GatewaySecrets, GatewaySettings};

/// A new way to pay.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// Unique name.
    pub name: String,
    /// What kind of gateway.
    pub kind: GatewayKind,
    /// Whether it takes play money.
    pub test_mode: bool,
    /// What of its set-up is no secret.
    pub settings: GatewaySettings,
    /// Its secrets.
    pub secrets: GatewaySecrets,
}

/// What of a payment channel changes.
#[derive(Debug, Clone, Default)]
pub struct ChannelChange {
    /// Unique name.
    pub name: Option<String>,
    /// Whether orders can be made for it.
    pub enabled: Option<bool>,
    /// Where it is, and its secrets. The two change together: a secret never goes to another address than
    /// it was entered for.
    pub gateway: Option<(GatewaySettings, GatewaySecrets)>,
}

// === impl Commerce ===

impl Commerce {
    /// Adds a payment channel that works, with what the audit log says of it.
    pub async fn add_channel(
        &self,
        new: NewChannel,
        audit: Option<AuditRecord>,
    ) -> Result<PaymentChannelRecord, CommerceError> {
        if new.test_mode && new.kind == GatewayKind::Epay {
            // Its notices do not tell play money from real money.
            return Err(GatewayError::Missing("test mode of EPay").into());
        }
        let id = self.ids.next();
        let (gateway, sealed_secrets) = self.seal(id, new.kind, &new.settings, new.secrets)?;
        let now = self.clock.now();
        let record = PaymentChannelRecord {
            id,
            name: new.name,
            kind: new.kind,
            enabled: true,
            test_mode: new.test_mode,
            gateway: Some(gateway),
            sealed_secrets,
            last_notice_at: None,
            last_notice: None,
            created_at: now,
            updated_at: now,
        };
        let tx = self.store.begin().await?;
        tx.insert_payment_channel(&record).await?;
        tx.insert_audits(audit.as_slice()).await?;
        tx.commit().await?;
        Ok(record)
    }

    /// Changes a payment channel, with what the audit log says of it.
    pub async fn change_channel(
        &self,
        id: PaymentChannelId,
        change: ChannelChange,
        audit: Option<AuditRecord>,
    ) -> Result<(), CommerceError> {
        let found = self.store.read().find_payment_channel(id).await?;
        let kind = found.ok_or(CommerceError::NotFound("payment channel"))?.kind;
        let gateway =
            change.gateway.map(|(settings, secrets)| self.seal(id, kind, &settings, secrets));
        let (gateway, sealed_secrets) = gateway.transpose()?.unzip();
        let patch = PaymentChannelPatch {
            name: change.name,
            enabled: change.enabled,
            gateway: gateway.map(Some),
            sealed_secrets,
        };
        let tx = self.store.begin().await?;
        tx.update_payment_channel(id, patch, self.clock.now()).await?;
        tx.insert_audits(audit.as_slice()).await?;
        Ok(tx.commit().await?)
    }

    /// What a channel keeps, if a gateway can be made of it.
    fn seal(
        &self,
        id: PaymentChannelId,
        kind: GatewayKind,
        settings: &GatewaySettings,
        secrets: GatewaySecrets,
    ) -> Result<(String, String), CommerceError> {
        let sealed = secrets.seal(id, &self.keyring)?;
        Gateway::new(kind, settings, secrets)?;
        let text = serde_json::to_string(settings);
        Ok((text.map_err(|_| GatewayError::Missing("set-up of the channel"))?, sealed))
    }
}
