//! A saved channel with all its parts, its keys opened.

use std::sync::Arc;

use realms_catalog::with_api_version;
use realms_relay::usual_dialect;
use realms_seal::{Place, Purpose};
use realms_store::{
    AccountGrant, ChannelRecord, CredentialRecord, EndpointRecord, OauthAccountRecord,
};
use realms_types::{BindingId, CredentialId, DialectId, Price, Proxy, Secret};
use url::Url;

use super::read_base;
use crate::{ConsoleError, Editor, manifest::ProxyText};

/// A channel as it is saved, enabled or not.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) channel: ChannelRecord,
    /// Enabled ones first, then in the order in which they are tried.
    pub(crate) endpoints: Vec<EndpointRecord>,
    pub(crate) credentials: Vec<Signer>,
    pub(crate) models: Vec<Bound>,
}

/// A credential, opened.
#[derive(Debug)]
pub(crate) struct Signer {
    pub(crate) id: CredentialId,
    pub(crate) name: String,
    pub(crate) enabled: bool,
    pub(crate) secret: Secret<String>,
    /// What its calls go through: its own, or the channel's.
    pub(crate) proxy: Option<Arc<Proxy>>,
    /// The account that the secret is an access token of, as the vendor calls it.
    pub(crate) account: Option<String>,
}

/// A model that the channel serves.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) id: BindingId,
    pub(crate) model: String,
    pub(crate) upstream: String,
    pub(crate) enabled: bool,
    pub(crate) price: Option<Price>,
}

// === impl Editor ===

impl Editor {
    /// The channel with this name or id, with all its parts.
    pub(crate) async fn saved_channel(&self, name: &str) -> Result<Saved, ConsoleError> {
        let channel = self.find_channel(name).await?;
        let reader = self.store.read();
        let mut endpoints = reader.list_endpoints(Some(channel.id)).await?;
        endpoints.sort_by_key(|endpoint| !endpoint.enabled);
        let credentials = reader.list_credentials(Some(channel.id)).await?;
        let place = ChannelRecord::proxy_place(channel.id);
        let proxy = self.open_proxy(place, channel.sealed_proxy.as_deref())?;
        let mut signers = Vec::with_capacity(credentials.len());
        for credential in credentials {
            let account = reader.find_oauth_account(credential.id).await?;
            let signer = self.open(credential, account)?;
            signers.push(Signer { proxy: signer.proxy.or_else(|| proxy.clone()), ..signer });
        }
        let all_models = reader.list_models().await?;
        let models = reader.list_bindings(Some(channel.id)).await?.into_iter().filter_map(|one| {
            let model = all_models.iter().find(|model| model.id == one.model_id)?;
            Some(Bound {
                id: one.id,
                model: model.name.clone(),
                upstream: one.upstream_model,
                enabled: one.enabled,
                price: model.price.clone(),
            })
        });
        let models = models.collect();
        Ok(Saved { channel, endpoints, credentials: signers, models })
    }

    /// The channel with this name or id.
    pub(crate) async fn find_channel(&self, name: &str) -> Result<ChannelRecord, ConsoleError> {
        let reader = self.store.read();
        let missing = || ConsoleError::NotFound(format!("channel `{name}`"));
        match (reader.find_channel_by_name(name).await?, name.parse()) {
            (Some(channel), _) => Ok(channel),
            (None, Ok(id)) => reader.find_channel(id).await?.ok_or_else(missing),
            (None, Err(_)) => Err(missing()),
        }
    }

    fn open(
        &self,
        credential: CredentialRecord,
        account: Option<OauthAccountRecord>,
    ) -> Result<Signer, ConsoleError> {
        let place = CredentialRecord::proxy_place(credential.id);
        let proxy = self.open_proxy(place, credential.sealed_proxy.as_deref())?;
        let CredentialRecord { id, name, enabled, sealed_secret, .. } = credential;
        let (place, sealed, account) = match account {
            None => (CredentialRecord::secret_place(id), sealed_secret, None),
            Some(account) => {
                let AccountGrant { account_id, tokens, .. } = account.grant;
                let place = OauthAccountRecord::access_place(id);
                (place, tokens.sealed_access, Some(account_id))
            }
        };
        let secret = self.keyring.unseal_text(Purpose::Upstream, place, &sealed)?;
        Ok(Signer { id, name, enabled, secret, proxy, account })
    }

    /// A proxy that cannot be read is an error, never none.
    fn open_proxy(
        &self,
        place: Place,
        sealed: Option<&str>,
    ) -> Result<Option<Arc<Proxy>>, ConsoleError> {
        let Some(sealed) = sealed else { return Ok(None) };
        let opened = self.keyring.unseal_text(Purpose::Upstream, place, sealed);
        let stored = ProxyText::of_stored(opened);
        let proxy = stored.literal().cloned();
        let mistake = || ConsoleError::Invalid(vec![format!("proxy: {stored}: give it again")]);
        Ok(Some(proxy.ok_or_else(mistake)?))
    }
}

// === impl Saved ===

impl Saved {
    /// The base URL that is tried first.
    pub(crate) fn base(&self) -> Result<Url, ConsoleError> {
        let first = self.endpoints.first();
        let base = read_base(first.map_or("", |endpoint| endpoint.base_url.as_str()))?;
        Ok(with_api_version(base, self.channel.api_version.as_deref()))
    }

    /// The address that is tested: the one asked for, or the one that is tried first.
    pub(crate) fn test_endpoint(
        &self,
        asked: Option<&str>,
    ) -> Result<&EndpointRecord, ConsoleError> {
        let meant = |one: &&EndpointRecord| {
            asked.is_none_or(|asked| one.base_url == asked || one.id.to_string() == asked)
        };
        self.endpoints.iter().find(meant).ok_or_else(|| {
            let mistake = format!("endpoint: channel `{}` has none like this", self.channel.name);
            ConsoleError::Invalid(vec![mistake])
        })
    }

    /// The base URL of one of its addresses.
    pub(crate) fn base_of(&self, endpoint: &EndpointRecord) -> Result<Url, ConsoleError> {
        let base = read_base(&endpoint.base_url)?;
        Ok(with_api_version(base, self.channel.api_version.as_deref()))
    }

    /// What it speaks.
    pub(crate) fn dialects(&self) -> &[DialectId] {
        match self.channel.dialects.as_slice() {
            [] => self.channel.kind.default_dialects(),
            dialects => dialects,
        }
    }

    /// The dialect to test in: the one asked for, if it speaks it, or the one most servers have.
    pub(crate) fn test_dialect(
        &self,
        asked: Option<DialectId>,
        base: &Url,
    ) -> Result<DialectId, ConsoleError> {
        let spoken = self.dialects();
        match asked {
            Some(asked) if spoken.contains(&asked) => Ok(asked),
            Some(asked) => {
                let channel = &self.channel.name;
                let mistake = format!("dialect: channel `{channel}` does not speak {asked}");
                Err(ConsoleError::Invalid(vec![mistake]))
            }
            None => Ok(usual_dialect(self.channel.kind, base, spoken)),
        }
    }
}
