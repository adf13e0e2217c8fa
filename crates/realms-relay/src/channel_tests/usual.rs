//! What a channel is asked when nobody chooses: its test model, over every address and with every
//! credential at least once.

use std::sync::Arc;

use realms_catalog::{Binding, Catalog, Channel, Credential, Endpoint, Model};
use realms_types::{ChannelKind, DialectId, UnitPrice};
use url::Url;

use super::{ChannelTest, Way};
use crate::{Relay, probe::Subject};

/// So many tests a channel gets at once at most.
const MOST: usize = 16;

/// A model of a channel, and what serves it.
type Served<'a> = (&'a Model, &'a Binding);

/// The dialect to test in when nobody says which: compatible servers have Chat before Responses.
pub fn usual_dialect(kind: ChannelKind, base: &Url, spoken: &[DialectId]) -> DialectId {
    let vendor = base.host_str() == Some("api.openai.com");
    let (own, copied) = (kind.own_dialect(), DialectId::COPIED);
    if kind.has_api_of(ChannelKind::Openai) && !vendor && spoken.contains(&copied) {
        copied
    } else if spoken.contains(&own) {
        own
    } else {
        spoken.first().copied().unwrap_or(own)
    }
}

// === impl Relay ===

impl Relay {
    /// The tests of a channel when nobody chooses; none when it serves nothing.
    pub fn usual_tests(&self, catalog: &Catalog, channel: &Channel) -> Vec<ChannelTest> {
        let Some(served) = test_model(catalog, channel) else { return Vec::new() };
        let tests = pairs(channel).into_iter().take(MOST);
        tests
            .map(|(endpoint, credential)| self.usual_test(channel, served, endpoint, credential))
            .collect()
    }

    /// One test of a channel's test model over this address with this credential.
    pub(crate) fn usual_test(
        &self,
        channel: &Channel,
        (model, binding): Served<'_>,
        endpoint: &Endpoint,
        credential: &Credential,
    ) -> ChannelTest {
        let base = endpoint.base_url.clone();
        ChannelTest {
            way: Way {
                channel: channel.id,
                endpoint: endpoint.id,
                credential: credential.id,
                binding: binding.id,
            },
            model: model.name.clone(),
            subject: Subject {
                kind: channel.kind,
                dialect: usual_dialect(channel.kind, &base, &channel.dialects),
                base,
                known_bases: Vec::new(),
                upstream_model: binding.upstream_model.clone(),
                credential: credential.secret.clone(),
                proxy: channel.proxy_for(credential).map(|(proxy, _)| Arc::clone(proxy)),
                account: credential.account.as_ref().map(|account| account.id.clone()),
                price: model.price.clone(),
                shape: self.shapes().of(channel).map(|shape| (channel.id, shape)),
            },
        }
    }
}

/// The model that a channel is tested with: the one its options name, else the cheapest that it serves,
/// those behind that write nothing, and those without a price last; of equals the first by name.
pub(crate) fn test_model<'a>(catalog: &'a Catalog, channel: &Channel) -> Option<Served<'a>> {
    let named = channel.options.as_ref().and_then(|options| options.test_model.as_deref());
    let serving = |model: &'a Arc<Model>| {
        let binding = model.bindings.iter().find(|binding| binding.channel.id == channel.id)?;
        Some((model.as_ref(), binding))
    };
    let rank = |(model, _): &Served<'a>| {
        let is_named = named == Some(model.name.as_str());
        let Some(price) = &model.price else { return (!is_named, 2, UnitPrice::default()) };
        let free = UnitPrice::default();
        let is_mute = price.output == free && price.input > free;
        (!is_named, u8::from(is_mute), price.output)
    };
    catalog.models().filter_map(serving).min_by(|one, other| {
        rank(one).cmp(&rank(other)).then_with(|| one.0.name.cmp(&other.0.name))
    })
}

/// Every address and every credential at least once, in as few pairs as that takes.
fn pairs(channel: &Channel) -> Vec<(&Arc<Endpoint>, &Arc<Credential>)> {
    let (endpoints, credentials) = (&channel.endpoints, &channel.credentials);
    let (Some(first), Some(key)) = (endpoints.first(), credentials.first()) else {
        return Vec::new();
    };
    (0..endpoints.len().max(credentials.len()))
        .map(|at| (endpoints.get(at).unwrap_or(first), credentials.get(at).unwrap_or(key)))
        .collect()
}

#[cfg(test)]
mod tests;
