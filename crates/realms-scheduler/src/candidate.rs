//! Whom a call may ask, best first.

use std::{cmp::Reverse, sync::Arc};

use realms_catalog::{Binding, Catalog, Channel, Credential, Endpoint, Model, Route};
use realms_types::{BindingId, Chance, ChannelGroupId, ChannelKind, DialectId, Ppm, Timestamp};

use crate::{Health, Target};

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
    /// The dialect it speaks; the upstream must speak it too.
    pub dialect: DialectId,
    /// Narrows to one kind of vendor, for paths that only this kind has.
    pub kind: Option<ChannelKind>,
}

/// A binding reached over one of the caller's groups.
struct Way<'a> {
    binding: &'a Binding,
    group: ChannelGroupId,
    route: Route,
}

/// All candidates for a call in the order to try them: by group, then priority, then chance by
/// weight; within a channel by endpoint, then credential. None appears twice. What rests is left
/// out, unless everything rests: then the one that rests shortest is returned alone.
pub fn candidates(
    catalog: &Catalog,
    wanted: Wanted<'_>,
    health: &Health,
    chance: &Chance,
    now: Timestamp,
) -> Vec<Candidate> {
    let ordered = by_preference(ways(catalog, wanted), wanted.groups, chance);
    let all: Vec<Candidate> = ordered.into_iter().flat_map(|way| expand(&way, chance)).collect();
    let ready: Vec<Candidate> = all
        .iter()
        .filter(|candidate| health.admits(&Target::of(candidate), now))
        .cloned()
        .collect();
    if ready.is_empty() { soonest(all, health, now) } else { ready }
}

fn ways<'a>(catalog: &Catalog, wanted: Wanted<'a>) -> Vec<Way<'a>> {
    let mut ways: Vec<Way<'a>> = Vec::new();
    for group in wanted.groups {
        for binding in &wanted.model.bindings {
            let channel = &binding.channel;
            let fits = channel.speaks(wanted.dialect)
                && wanted.kind.is_none_or(|kind| kind == channel.kind)
                && !ways.iter().any(|way| way.binding.id == binding.id);
            if let Some(route) = catalog.route(*group, channel.id).filter(|_| fits) {
                ways.push(Way { binding, group: *group, route });
            }
        }
    }
    ways
}

fn by_preference<'a>(
    mut ways: Vec<Way<'a>>,
    groups: &[ChannelGroupId],
    chance: &Chance,
) -> Vec<Way<'a>> {
    let place = |group| groups.iter().position(|other| *other == group);
    let tier = |way: &Way<'_>| (place(way.group), Reverse(way.binding.channel.priority));
    ways.sort_by_key(tier);
    let mut ordered = Vec::with_capacity(ways.len());
    while let Some(first) = ways.first() {
        let best = tier(first);
        let end = ways.iter().position(|way| tier(way) != best).unwrap_or(ways.len());
        let mut equals: Vec<Way<'a>> = ways.drain(..end).collect();
        while !equals.is_empty() {
            ordered.push(equals.remove(draw(&equals, chance)));
        }
    }
    ordered
}

/// Draws one by weight. Channels of weight 0 come after all others, in their order.
fn draw(ways: &[Way<'_>], chance: &Chance) -> usize {
    let total: u64 = ways.iter().map(|way| u64::from(way.binding.channel.weight)).sum();
    if total == 0 || ways.len() == 1 {
        return 0;
    }
    let mut rest = chance.below(total);
    for (index, way) in ways.iter().enumerate() {
        let weight = u64::from(way.binding.channel.weight);
        if rest < weight {
            return index;
        }
        rest -= weight;
    }
    0
}

/// Every endpoint of a channel with every credential, starting at a credential drawn by chance so
/// that calls spread over all of them.
fn expand(way: &Way<'_>, chance: &Chance) -> Vec<Candidate> {
    let channel = &way.binding.channel;
    let count = channel.credentials.len();
    let first =
        usize::try_from(if count > 1 { chance.below(count as u64) } else { 0 }).unwrap_or(0);
    let mut candidates = Vec::with_capacity(channel.endpoints.len() * count);
    for endpoint in &channel.endpoints {
        for offset in 0..count {
            candidates.push(Candidate {
                channel: Arc::clone(channel),
                endpoint: Arc::clone(endpoint),
                credential: Arc::clone(&channel.credentials[(first + offset) % count]),
                binding: way.binding.id,
                upstream_model: way.binding.upstream_model.clone(),
                group: way.group,
                multiplier: way.route.multiplier,
            });
        }
    }
    candidates
}

fn soonest(all: Vec<Candidate>, health: &Health, now: Timestamp) -> Vec<Candidate> {
    all.into_iter()
        .min_by_key(|candidate| health.ready_at(&Target::of(candidate), now))
        .into_iter()
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use realms_catalog::{
        BindingRow, ChannelGroupRow, ChannelRow, CredentialRow, EndpointRow, GroupChannelRow,
        ModelRow, Rows,
    };
    use realms_types::{
        Cause, ChannelId, CredentialId, EndpointId, ModelId, Scope, Secret, Verdict,
    };

    use super::*;

    /// One model `m` on channels given as (priority, weight, credentials), all in group 1.
    pub(crate) fn catalog(channels: &[(i64, i64, i64)]) -> Catalog {
        let mut rows = Rows { version: 1, ..Rows::default() };
        rows.channel_groups.push(ChannelGroupRow {
            id: ChannelGroupId::new(1),
            name: "default".into(),
            parent_id: None,
            multiplier_ppm: 1_000_000,
            priority: 0,
            enabled: true,
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
            created_at: Timestamp::EPOCH,
        });
        for (number, (priority, weight, credentials)) in (1..).zip(channels) {
            add_channel(&mut rows, number, *priority, *weight, *credentials);
        }
        Catalog::build(&rows).unwrap()
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
                enabled: true,
            });
        }
        rows.bindings.push(BindingRow {
            id: BindingId::new(number),
            channel_id: id,
            model_id: ModelId::new(1),
            upstream_model: format!("up{number}"),
            enabled: true,
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
        let wanted = Wanted {
            model: catalog.find_model("m").unwrap(),
            groups: &[ChannelGroupId::new(1)],
            dialect: DialectId::Chat,
            kind: None,
        };
        candidates(catalog, wanted, health, &Chance::seeded(seed), now)
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
    fn another_dialect_is_no_candidate() {
        let catalog = catalog(&[(0, 1, 1)]);
        let wanted = Wanted {
            model: catalog.find_model("m").unwrap(),
            groups: &[ChannelGroupId::new(1)],
            dialect: DialectId::Messages,
            kind: None,
        };
        let found =
            candidates(&catalog, wanted, &Health::default(), &Chance::seeded(1), Timestamp::EPOCH);
        assert!(found.is_empty());
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
