//! Whom a call may ask, and what it needs of them.

use std::sync::Arc;

use realms_catalog::{Channel, Credential, Endpoint, Model};
use realms_types::{
    Asks, BindingId, ChannelGroupId, ChannelId, ChannelKind, CredentialId, DialectId, EndpointId,
    Ppm, Proxy, Scope,
};

/// A channel, an endpoint and a credential that can serve a call.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The route to the vendor.
    pub channel: Arc<Channel>,
    /// The base URL.
    pub endpoint: Arc<Endpoint>,
    /// What signs the call.
    pub credential: Arc<Credential>,
    /// The binding that serves the model.
    pub binding: BindingId,
    /// The dialect it is asked in: the client's, or another that the call is translated to.
    pub dialect: DialectId,
    /// What the upstream calls the model.
    pub upstream_model: String,
    /// The group that led here.
    pub group: ChannelGroupId,
    /// Product of the multipliers on the way.
    pub multiplier: Ppm,
}

/// What a call needs of a candidate.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The model it names.
    pub model: &'a Model,
    /// The groups its key may use, in order.
    pub groups: &'a [ChannelGroupId],
    /// The dialect it speaks.
    pub dialect: DialectId,
    /// The dialects it can be translated to: upstreams that speak only these stand behind their equals
    /// that speak its own.
    pub others: &'a [DialectId],
    /// Narrows to one kind of vendor, for paths that only this kind has.
    pub kind: Option<ChannelKind>,
    /// What it asks for that a channel may refuse.
    pub asks: Asks,
    /// Where the state lies that the call goes on with: nobody else can, rested or not.
    pub home: Option<Home>,
    /// Where the session was served before: the first of its tier, as long as it is ready.
    pub bond: Option<Bond>,
    /// Channels to be taken for switched off, for those who ask what would happen then.
    pub without: &'a [ChannelId],
}

/// Where a session was served: that vendor account holds what it has read of the session so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bond {
    /// The channel.
    pub channel: ChannelId,
    /// The credential.
    pub credential: CredentialId,
}

/// Where a state lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    /// The endpoint; `None` where any of the channel will do.
    pub endpoint: Option<EndpointId>,
    /// The credential.
    pub credential: CredentialId,
}

// === impl Candidate ===

impl Candidate {
    /// What its calls go through.
    pub fn proxy(&self) -> Option<Arc<Proxy>> {
        self.channel.proxy_for(&self.credential).map(|(proxy, _)| Arc::clone(proxy))
    }

    /// What rests when that does not lead on.
    pub fn proxy_owner(&self) -> Scope {
        self.channel.proxy_for(&self.credential).map_or(Scope::Channel, |(_, owner)| owner)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use realms_catalog::{
        BindingRow, Catalog, ChannelGroupRow, ChannelRow, CredentialRow, EndpointRow,
        GroupChannelRow, ModelRow, Rows,
    };
    use realms_types::{Cause, Limits, ModelId, Secret, Timestamp, Verdict};

    use super::*;
    use crate::{Health, Loads, Moment, decide};

    /// One model `m` on channels given as (priority, weight, credentials), all in group 1.
    pub(crate) fn catalog(channels: &[(i64, i64, i64)]) -> Catalog {
        Catalog::build(&rows(channels)).unwrap()
    }

    /// The rows of such a catalogue.
    pub(crate) fn rows(channels: &[(i64, i64, i64)]) -> Rows {
        let mut rows = Rows { version: 1, ..Rows::default() };
        rows.channel_groups.push(ChannelGroupRow {
            id: ChannelGroupId::new(1),
            name: "default".into(),
            parent_id: None,
            multiplier_ppm: 1_000_000,
            priority: 0,
            enabled: true,
            pinned_channel_id: None,
        });
        rows.models.push(ModelRow {
            id: ModelId::new(1),
            name: "m".into(),
            owner: "o".into(),
            enabled: true,
            input_price: None,
            output_price: None,
            cache_read_price: None,
            cache_write_5m_price: None,
            cache_write_1h_price: None,
            price_terms: None,
            price_version: 0,
            created_at: Timestamp::EPOCH,
        });
        for (number, (priority, weight, credentials)) in (1..).zip(channels) {
            add_channel(&mut rows, number, *priority, *weight, *credentials);
        }
        rows
    }

    fn add_channel(rows: &mut Rows, number: i64, priority: i64, weight: i64, credentials: i64) {
        let id = ChannelId::new(number);
        rows.channels.push(ChannelRow {
            id,
            name: format!("c{number}"),
            kind: "openai".into(),
            dialects: String::new(),
            priority,
            weight,
            enabled: true,
            promoted: false,
            limits: Ok(Limits::NONE),
            options: String::new(),
            proxy: None,
            api_version: None,
            cost_multiplier_ppm: None,
        });
        rows.endpoints.push(EndpointRow {
            id: EndpointId::new(number),
            channel_id: id,
            base_url: "https://example.org".into(),
            priority: 0,
            enabled: true,
        });
        for credential in 0..credentials {
            rows.credentials.push(CredentialRow {
                id: CredentialId::new(number * 100 + credential),
                channel_id: id,
                name: format!("k{credential}"),
                secret: Ok(Secret::from("s")),
                account: None,
                enabled: true,
                limits: Ok(Limits::NONE),
                proxy: None,
            });
        }
        rows.bindings.push(BindingRow {
            id: BindingId::new(number),
            channel_id: id,
            model_id: ModelId::new(1),
            upstream_model: format!("up{number}"),
            enabled: true,
            cost: None,
        });
        rows.group_channels
            .push(GroupChannelRow { group_id: ChannelGroupId::new(1), channel_id: id });
    }

    pub(crate) fn list(
        catalog: &Catalog,
        health: &Health,
        seed: u64,
        now: Timestamp,
    ) -> Vec<Candidate> {
        let loads = Loads::default();
        let moment = Moment { health, busyness: &loads, seed, now };
        decide(catalog, wanted(catalog), moment).candidates
    }

    static GROUPS: [ChannelGroupId; 1] = [ChannelGroupId::new(1)];

    /// Model `m` for group 1 in the dialect that its channels speak.
    pub(crate) fn wanted(catalog: &Catalog) -> Wanted<'_> {
        Wanted {
            model: catalog.find_model("m").unwrap(),
            groups: &GROUPS,
            dialect: DialectId::Chat,
            others: &[],
            kind: None,
            asks: Asks::default(),
            home: None,
            bond: None,
            without: &[],
        }
    }

    #[test]
    fn higher_priority_comes_first_whatever_chance_says() {
        let catalog = catalog(&[(0, 100, 1), (10, 1, 2)]);
        for seed in 0..50 {
            let order: Vec<i64> = list(&catalog, &Health::default(), seed, Timestamp::EPOCH)
                .iter()
                .map(|candidate| candidate.channel.id.raw())
                .collect();
            assert_eq!(order, [2, 2, 1]);
        }
    }

    #[test]
    fn weight_shares_the_first_place() {
        let catalog = catalog(&[(0, 3, 1), (0, 1, 1), (0, 0, 1)]);
        let firsts: Vec<i64> = (0..4000)
            .map(|seed| {
                list(&catalog, &Health::default(), seed, Timestamp::EPOCH)[0].channel.id.raw()
            })
            .collect();
        let share = |id| firsts.iter().filter(|first| **first == id).count();
        assert!((2800..3200).contains(&share(1)), "{}", share(1));
        assert_eq!(share(3), 0);
    }

    #[test]
    fn what_rests_is_left_out_until_all_rest() {
        let catalog = catalog(&[(10, 1, 1), (0, 1, 1)]);
        let health = Health::default();
        let now = Timestamp::from_secs(1_000);
        let all = list(&catalog, &health, 1, now);
        let limited = |secs| Verdict::Retry {
            scope: Scope::Credential,
            cause: Cause::RateLimited,
            until: Some(Timestamp::from_secs(secs)),
        };
        health.report(&all[0], limited(2_000), now, now);
        assert_eq!(list(&catalog, &health, 1, now)[0].channel.id, ChannelId::new(2));

        health.report(&all[1], limited(1_500), now, now);
        let left = list(&catalog, &health, 1, now);
        assert_eq!((left.len(), left[0].channel.id), (1, ChannelId::new(2)));
    }

    proptest! {
        #[test]
        fn no_candidate_appears_twice(
            channels in prop::collection::vec((0i64..3, 0i64..5, 0i64..4), 0..6),
            seed: u64,
        ) {
            let catalog = catalog(&channels);
            let found = list(&catalog, &Health::default(), seed, Timestamp::EPOCH);
            let distinct: HashSet<_> =
                found.iter().map(|one| (one.endpoint.id, one.credential.id)).collect();
            prop_assert_eq!(distinct.len(), found.len());
            let expected: i64 = channels.iter().map(|channel| channel.2).sum();
            prop_assert_eq!(i64::try_from(found.len()).unwrap(), expected);
        }
    }
}
