//! Writes channels with their endpoints, credentials and bindings.

use realms_identity::hint_of;
use realms_seal::{Place, Purpose};
use realms_store::{
    BindingPatch, BindingRecord, ChannelPatch, ChannelRecord, CredentialPatch, CredentialRecord,
};
use realms_types::{ChannelId, CredentialId, Secret};

use super::{Writer, missing};
use crate::{
    ConsoleError,
    manifest::{Binding, Channel, Cost, Credential, ProxyText, SecretText, Slot},
    plan::Kind,
};

// === impl Writer ===

impl Writer<'_> {
    pub(super) async fn put_channel(&mut self, channel: &Channel) -> Result<(), ConsoleError> {
        let id = match self.channel_id(&channel.name) {
            Some(id) => self.update_channel(id, channel).await?,
            None => self.insert_channel(channel).await?,
        };
        self.put_endpoints(id, channel).await?;
        let groups = self.channel_group_ids(channel.groups.as_deref().unwrap_or_default())?;
        self.tx.set_channel_memberships(id, &groups).await?;
        self.put_credentials(id, channel.credentials.as_deref().unwrap_or_default()).await?;
        self.put_bindings(id, channel.models.as_deref().unwrap_or_default()).await
    }

    async fn update_channel(
        &mut self,
        id: ChannelId,
        channel: &Channel,
    ) -> Result<ChannelId, ConsoleError> {
        let patch = ChannelPatch {
            name: None,
            kind: channel.kind,
            dialects: channel.dialects.clone(),
            priority: channel.priority,
            weight: channel.weight.map(i64::from),
            enabled: channel.enabled,
            promoted: channel.promoted,
            limits: channel.limits,
            options: channel.options.clone(),
            sealed_proxy: self.changed_proxy(id, channel)?,
            api_version: channel.api_version.clone().map(Slot::value),
            cost_multiplier: channel.cost_multiplier.map(Slot::value),
        };
        self.tx.update_channel(id, patch, self.now).await?;
        Ok(id)
    }

    async fn insert_channel(&mut self, channel: &Channel) -> Result<ChannelId, ConsoleError> {
        let id = self.editor.ids.next();
        let place = ChannelRecord::proxy_place(id);
        let record = ChannelRecord {
            id,
            name: channel.name.clone(),
            kind: channel.kind.ok_or_else(|| missing(Kind::Channel, &channel.name))?,
            dialects: channel.dialects.clone().unwrap_or_default(),
            priority: channel.priority.unwrap_or(0),
            weight: channel.weight.unwrap_or(1).into(),
            enabled: channel.enabled.unwrap_or(true),
            promoted: channel.promoted.unwrap_or(false),
            limits: channel.limits.unwrap_or_default(),
            options: channel.options.clone().unwrap_or_default(),
            sealed_proxy: self.sealed_proxy(place, channel.proxy.as_ref())?,
            api_version: channel.api_version.clone().and_then(Slot::value),
            cost_multiplier: channel.cost_multiplier.and_then(Slot::value),
            created_at: self.now,
            updated_at: self.now,
        };
        self.tx.insert_channel(&record).await?;
        Ok(record.id)
    }

    /// The proxy of a channel, sealed, if it is another one than before.
    #[expect(clippy::option_option, reason = "a patch: no change, none, or another one")]
    fn changed_proxy(
        &self,
        id: ChannelId,
        channel: &Channel,
    ) -> Result<Option<Option<String>>, ConsoleError> {
        let held = self.state.channels.get(&channel.name).map(|held| &held.object);
        if held.is_some_and(|held| held.proxy == channel.proxy) {
            return Ok(None);
        }
        self.sealed_proxy(ChannelRecord::proxy_place(id), channel.proxy.as_ref()).map(Some)
    }

    /// A proxy sealed for its row.
    fn sealed_proxy(
        &self,
        place: Place,
        proxy: Option<&Slot<ProxyText>>,
    ) -> Result<Option<String>, ConsoleError> {
        let Some(text) = proxy.and_then(Slot::as_ref) else { return Ok(None) };
        // Nothing else passes the plan, and storing none in its place would send calls without it.
        let unwritten = || ConsoleError::Internal("a proxy that is not written out".to_owned());
        let secret = text.literal().ok_or_else(unwritten)?.to_secret();
        let keyring = &self.editor.keyring;
        Ok(Some(keyring.seal(Purpose::Upstream, place, secret.reveal().as_bytes())?))
    }

    async fn put_credentials(
        &mut self,
        id: ChannelId,
        wanted: &[Credential],
    ) -> Result<(), ConsoleError> {
        let present = self.tx.read().list_credentials(Some(id)).await?;
        for row in present.iter().filter(|row| !wanted.iter().any(|one| one.name == row.name)) {
            self.tx.delete_credential(row.id).await?;
        }
        for one in wanted {
            match present.iter().find(|row| row.name == one.name) {
                Some(row) => self.update_credential(row, one).await?,
                None => self.insert_credential(id, one).await?,
            }
        }
        Ok(())
    }

    async fn update_credential(
        &mut self,
        row: &CredentialRecord,
        wanted: &Credential,
    ) -> Result<(), ConsoleError> {
        let place = CredentialRecord::secret_place(row.id);
        let keyring = &self.editor.keyring;
        let old = keyring.unseal_text(Purpose::Upstream, place, &row.sealed_secret).ok();
        let key = wanted.key.as_ref().and_then(SecretText::literal);
        let is_new =
            |key: &&Secret<String>| old.as_ref().is_none_or(|old| old.reveal() != key.reveal());
        let secret = key.filter(is_new).map(|key| self.sealed(row.id, key)).transpose()?;
        let enabled = wanted.enabled.filter(|enabled| *enabled != row.enabled);
        let limits = wanted.limits.filter(|limits| *limits != row.limits);
        let place = CredentialRecord::proxy_place(row.id);
        let sealed = row.sealed_proxy.as_deref();
        let old = sealed.map(|sealed| keyring.unseal_text(Purpose::Upstream, place, sealed));
        let old: Slot<ProxyText> = old.map(ProxyText::of_stored).into();
        let sealed_proxy = match &wanted.proxy {
            Some(proxy) if *proxy != old => Some(self.sealed_proxy(place, Some(proxy))?),
            _ => None,
        };
        let is_same = secret.is_none() && enabled.is_none() && limits.is_none();
        if is_same && sealed_proxy.is_none() {
            return Ok(());
        }
        let patch = CredentialPatch { name: None, secret, enabled, limits, sealed_proxy };
        Ok(self.tx.update_credential(row.id, patch, self.now).await?)
    }

    async fn insert_credential(
        &mut self,
        channel_id: ChannelId,
        wanted: &Credential,
    ) -> Result<(), ConsoleError> {
        let id = self.editor.ids.next();
        let key = wanted.key.as_ref().and_then(SecretText::literal);
        let key =
            key.ok_or_else(|| ConsoleError::Internal("a credential without a key".to_owned()))?;
        let (sealed_secret, hint) = self.sealed(id, key)?;
        let record = CredentialRecord {
            id,
            channel_id,
            name: wanted.name.clone(),
            sealed_secret,
            hint,
            enabled: wanted.enabled.unwrap_or(true),
            limits: wanted.limits.unwrap_or_default(),
            sealed_proxy: self
                .sealed_proxy(CredentialRecord::proxy_place(id), wanted.proxy.as_ref())?,
            created_at: self.now,
            updated_at: self.now,
        };
        Ok(self.tx.insert_credential(&record).await?)
    }

    /// The secret sealed for its row, and the end of it.
    fn sealed(
        &self,
        id: CredentialId,
        key: &Secret<String>,
    ) -> Result<(String, String), ConsoleError> {
        let place = CredentialRecord::secret_place(id);
        let sealed = self.editor.keyring.seal(Purpose::Upstream, place, key.reveal().as_bytes())?;
        Ok((sealed, hint_of(key.reveal())))
    }

    async fn put_bindings(
        &mut self,
        id: ChannelId,
        wanted: &[Binding],
    ) -> Result<(), ConsoleError> {
        let present = self.tx.read().list_bindings(Some(id)).await?;
        let mut kept = Vec::new();
        for one in wanted {
            let model_id = self.model_id(&one.name)?;
            kept.push(model_id);
            let enabled = one.enabled.unwrap_or(true);
            let upstream_model = one.upstream().to_owned();
            let cost = one.cost.as_ref().and_then(Cost::price);
            let is_same = |row: &BindingRecord| {
                row.upstream_model == upstream_model && row.enabled == enabled && row.cost == cost
            };
            match present.iter().find(|row| row.model_id == model_id) {
                Some(row) if is_same(row) => {}
                Some(row) => {
                    let patch = BindingPatch {
                        upstream_model: Some(upstream_model),
                        enabled: Some(enabled),
                        cost: Some(cost),
                    };
                    self.tx.update_binding(row.id, patch, self.now).await?;
                }
                None => {
                    let record = BindingRecord {
                        id: self.editor.ids.next(),
                        channel_id: id,
                        model_id,
                        upstream_model,
                        enabled,
                        cost,
                        created_at: self.now,
                        updated_at: self.now,
                    };
                    self.tx.insert_binding(&record).await?;
                }
            }
        }
        for row in present.iter().filter(|row| !kept.contains(&row.model_id)) {
            self.tx.delete_binding(row.id).await?;
        }
        Ok(())
    }
}
