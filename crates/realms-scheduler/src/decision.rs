//! The order in which a call tries its candidates, and why nobody else is in it.
//!
//! Everything that decides is an argument, chance included: the same snapshot, the same health, the same
//! seed and the same moment give the same decision.

use std::{cmp::Reverse, sync::Arc};

use realms_catalog::{Binding, Catalog, Channel, Route};
use realms_types::{Chance, ChannelGroupId, Considered, CredentialId, Exclusion, Ppm, Timestamp};

use crate::{Burden, Busyness, Candidate, Health, Rest, Target, Wanted};

/// So many of what was considered are told about.
pub const MOST_CONSIDERED: usize = 64;

/// Whom to ask, and why.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// Whom to ask, best first: by group, then priority; then where the session was served before; then
    /// by chance by weight, the less busy of two where one is much busier. Within a channel by endpoint,
    /// then credential. None appears twice. What rests is left out, unless everything rests:
    /// then the one that rests shortest is there alone.
    pub candidates: Vec<Candidate>,
    /// Every binding of the model, those in the order first; then what rests of those in the order.
    /// At most [`MOST_CONSIDERED`].
    pub considered: Vec<Considered>,
    /// Whether more was considered than is told.
    pub truncated: bool,
}

/// A binding reached over one of the caller's groups.
struct Way<'a> {
    binding: &'a Binding,
    group: ChannelGroupId,
    /// The place of the group among the caller's.
    place: usize,
    route: &'a Route,
    /// What its channel carries.
    burden: Burden,
    /// The credentials that were drawn, with their attempts in flight.
    drawn: Vec<(CredentialId, u32)>,
}

/// Who stands at a way.
struct Stand {
    /// Who can be asked now.
    ready: Vec<Candidate>,
    /// Who rests, the one that is back soonest first.
    resting: Vec<Resting>,
}

/// Somebody who rests.
struct Resting {
    candidate: Candidate,
    /// Why.
    rest: Rest,
    /// When all that it depends on has rested.
    ready_at: Timestamp,
}

/// Everything beside the configuration that a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// What rests.
    pub health: &'a Health,
    /// How busy everyone is.
    pub busyness: &'a dyn Busyness,
    /// Where chance comes from.
    pub seed: u64,
    /// The time.
    pub now: Timestamp,
}

/// Decides whom a call asks. Chance is drawn from the seed alone.
pub fn decide(catalog: &Catalog, wanted: Wanted<'_>, moment: Moment<'_>) -> Decision {
    let chance = Chance::seeded(moment.seed);
    let (ways, excluded) = ways(catalog, wanted, moment);
    let mut ordered = by_preference(ways, wanted, &chance);
    let stands: Vec<Stand> = ordered
        .iter_mut()
        .map(|way| Stand::new(expand(way, wanted, moment, &chance), wanted, moment))
        .collect();
    let mut decision = Decision::default();
    if stands.iter().all(|stand| stand.ready.is_empty()) {
        decision.wait_for_soonest(wanted, &ordered, stands);
    } else {
        decision.place_ready(wanted, &ordered, stands);
    }
    for one in excluded {
        decision.tell(one);
    }
    decision
}

/// The ways to the model, and the bindings that are none.
fn ways<'a>(
    catalog: &'a Catalog,
    wanted: Wanted<'a>,
    moment: Moment<'_>,
) -> (Vec<Way<'a>>, Vec<Considered>) {
    let (mut ways, mut excluded) = (Vec::new(), Vec::new());
    for binding in &wanted.model.bindings {
        let found = find_route(catalog, wanted, &binding.channel);
        let reason = match found {
            None => Some(unreachable(catalog, wanted, &binding.channel)),
            Some(_) => unfit(wanted, &binding.channel),
        };
        match (reason, found) {
            (None, Some((place, group, route))) => {
                let channel = binding.channel.id;
                let burden = moment.busyness.burden(channel, wanted.model.id, moment.now);
                ways.push(Way { binding, group, place, route, burden, drawn: Vec::new() });
            }
            (reason, found) => {
                let group = found.map(|(_, group, _)| group);
                let mut one = consider(wanted, &binding.channel, &binding.upstream_model, group);
                one.excluded = reason;
                excluded.push(one);
            }
        }
    }
    for idle in &wanted.model.idle {
        let group = find_route(catalog, wanted, &idle.channel).map(|(_, group, _)| group);
        let mut one = consider(wanted, &idle.channel, &idle.upstream_model, group);
        one.excluded = Some(idle.reason);
        excluded.push(one);
    }
    (ways, excluded)
}

/// The way over the first of the caller's groups that leads to a channel.
fn find_route<'a>(
    catalog: &'a Catalog,
    wanted: Wanted<'_>,
    channel: &Channel,
) -> Option<(usize, ChannelGroupId, &'a Route)> {
    let mut groups = wanted.groups.iter().enumerate();
    groups.find_map(|(place, group)| Some((place, *group, catalog.route(*group, channel.id)?)))
}

fn unreachable(catalog: &Catalog, wanted: Wanted<'_>, channel: &Channel) -> Exclusion {
    let closed = wanted.groups.iter().any(|group| catalog.is_closed(*group, channel.id));
    if closed { Exclusion::GroupDisabled } else { Exclusion::NotInGroups }
}

/// Why a channel that can be reached cannot serve the call.
fn unfit(wanted: Wanted<'_>, channel: &Channel) -> Option<Exclusion> {
    let away = |home: crate::Home| {
        channel.find_endpoint(home.endpoint).is_none()
            || channel.find_credential(home.credential).is_none()
    };
    if wanted.without.contains(&channel.id) {
        Some(Exclusion::ChannelDisabled)
    } else if !channel.speaks(wanted.dialect) {
        Some(Exclusion::Dialect)
    } else if wanted.kind.is_some_and(|kind| !channel.kind.has_api_of(kind)) {
        Some(Exclusion::Kind)
    } else if channel.credentials.is_empty() {
        Some(Exclusion::NoCredential)
    } else if channel.endpoints.is_empty() {
        Some(Exclusion::NoEndpoint)
    } else {
        wanted.home.is_some_and(away).then_some(Exclusion::NotHome)
    }
}

fn consider(
    wanted: Wanted<'_>,
    channel: &Channel,
    upstream_model: &str,
    group: Option<ChannelGroupId>,
) -> Considered {
    Considered {
        channel: channel.id,
        group,
        upstream_model: (upstream_model != wanted.model.name).then(|| upstream_model.to_owned()),
        endpoint: None,
        credential: None,
        priority: channel.priority,
        weight: channel.weight,
        place: None,
        likelihood: None,
        bonded: false,
        in_flight: 0,
        latency_us: None,
        drawn: Vec::new(),
        excluded: None,
        until: None,
        cause: None,
    }
}

/// Those of one group and priority are drawn by weight, one after the other; first the channel where
/// the session was served before.
fn by_preference<'a>(mut ways: Vec<Way<'a>>, wanted: Wanted<'_>, chance: &Chance) -> Vec<Way<'a>> {
    ways.sort_by_key(Way::tier);
    let mut ordered = Vec::with_capacity(ways.len());
    while let Some(first) = ways.first() {
        let best = first.tier();
        let end = ways.iter().position(|way| way.tier() != best).unwrap_or(ways.len());
        let (bonded, others): (Vec<Way<'a>>, Vec<Way<'a>>) =
            ways.drain(..end).partition(|way| way.is_bonded(wanted));
        for mut equals in [bonded, others] {
            while !equals.is_empty() {
                ordered.push(equals.remove(draw(&equals, chance)));
            }
        }
    }
    ordered
}

/// Draws two by weight and takes the first, unless it is much busier than the second: two are enough to
/// keep calls from heaping up, and whoever looks at all sends every call to the same one.
fn draw(ways: &[Way<'_>], chance: &Chance) -> usize {
    let first = draw_except(ways, None, chance);
    let weigh = |index: usize| (ways[index].burden, ways[index].binding.channel.weight);
    let rivals = ways.iter().filter(|way| way.weight() > 0).count();
    if rivals < 2 {
        return first;
    }
    let second = draw_except(ways, Some(first), chance);
    let ((own, weight), (other, of_other)) = (weigh(first), weigh(second));
    if own.outweighs(weight, other, of_other) { second } else { first }
}

/// Draws one by weight. Channels of weight 0 come after all others, in their order.
fn draw_except(ways: &[Way<'_>], except: Option<usize>, chance: &Chance) -> usize {
    let weight = |index: usize| if except == Some(index) { 0 } else { ways[index].weight() };
    let total: u64 = (0..ways.len()).map(weight).sum();
    if total == 0 || ways.len() == 1 {
        return 0;
    }
    let mut rest = chance.below(total);
    for index in 0..ways.len() {
        if rest < weight(index) {
            return index;
        }
        rest -= weight(index);
    }
    0
}

/// The credential to begin with: where the session was served before, else the less busy of two drawn
/// by chance, so that calls spread over all of them.
fn first_credential(
    way: &mut Way<'_>,
    wanted: Wanted<'_>,
    moment: Moment<'_>,
    chance: &Chance,
) -> usize {
    let (channel, credentials) = (way.binding.channel.id, &way.binding.channel.credentials);
    let count = credentials.len();
    if count < 2 {
        return 0;
    }
    let below = |bound: usize| usize::try_from(chance.below(bound as u64)).unwrap_or(0);
    let first = below(count);
    let second = (first + 1 + below(count - 1)) % count;
    let bond = wanted.bond.filter(|bond| bond.channel == channel);
    let bonded = bond.and_then(|bond| credentials.iter().position(|one| one.id == bond.credential));
    if let Some(bonded) = bonded {
        return bonded;
    }
    let busy = |index: usize| moment.busyness.in_flight(channel, credentials[index].id);
    let (own, other) = (busy(first), busy(second));
    let drawn = [(credentials[first].id, own), (credentials[second].id, other)];
    way.drawn = drawn.into_iter().filter(|(_, in_flight)| *in_flight > 0).collect();
    if own > other { second } else { first }
}

/// Every endpoint of a channel with every credential. Of a call that goes on with a state, only its
/// home.
fn expand(
    way: &mut Way<'_>,
    wanted: Wanted<'_>,
    moment: Moment<'_>,
    chance: &Chance,
) -> Vec<Candidate> {
    let first = first_credential(way, wanted, moment, chance);
    let channel = &way.binding.channel;
    let count = channel.credentials.len();
    let mut candidates = Vec::with_capacity(channel.endpoints.len() * count);
    for endpoint in &channel.endpoints {
        for offset in 0..count {
            let credential = &channel.credentials[(first + offset) % count];
            let is_home = wanted.home.is_none_or(|home| {
                home.endpoint == endpoint.id && home.credential == credential.id
            });
            if is_home {
                candidates.push(Candidate {
                    channel: Arc::clone(channel),
                    endpoint: Arc::clone(endpoint),
                    credential: Arc::clone(credential),
                    binding: way.binding.id,
                    upstream_model: way.binding.upstream_model.clone(),
                    group: way.group,
                    multiplier: way.route.multiplier,
                });
            }
        }
    }
    candidates
}

// === impl Way ===

impl Way<'_> {
    fn tier(&self) -> (usize, Reverse<i64>) {
        (self.place, Reverse(self.binding.channel.priority))
    }

    fn weight(&self) -> u64 {
        self.binding.channel.weight.into()
    }

    /// Whether the session of the call was served here before.
    fn is_bonded(&self, wanted: Wanted<'_>) -> bool {
        wanted.bond.is_some_and(|bond| bond.channel == self.binding.channel.id)
    }

    fn consider(&self, wanted: Wanted<'_>) -> Considered {
        let Binding { channel, upstream_model, .. } = self.binding;
        Considered {
            bonded: self.is_bonded(wanted),
            in_flight: self.burden.in_flight,
            latency_us: self.burden.latency_us,
            drawn: self.drawn.clone(),
            ..consider(wanted, channel, upstream_model, Some(self.group))
        }
    }
}

// === impl Stand ===

impl Stand {
    fn new(all: Vec<Candidate>, wanted: Wanted<'_>, moment: Moment<'_>) -> Self {
        let Moment { health, now, .. } = moment;
        let mut stand = Self { ready: Vec::with_capacity(all.len()), resting: Vec::new() };
        for candidate in all {
            let targets = Target::of(&candidate);
            // Only who holds the state can go on with it, rested or not.
            match health.rest(&targets, now).filter(|_| wanted.home.is_none()) {
                None => stand.ready.push(candidate),
                Some(rest) => {
                    let ready_at = health.ready_at(&targets, now);
                    stand.resting.push(Resting { candidate, rest, ready_at });
                }
            }
        }
        stand.resting.sort_by_key(|resting| resting.ready_at);
        stand
    }
}

// === impl Resting ===

impl Resting {
    /// What it makes of the word on its binding.
    fn of(&self, told: Considered) -> Considered {
        let Self { candidate, rest, .. } = self;
        Considered {
            endpoint: matches!(rest.target, Target::Endpoint(_)).then_some(candidate.endpoint.id),
            credential: matches!(rest.target, Target::Credential(_))
                .then_some(candidate.credential.id),
            excluded: Some(Exclusion::CoolingDown),
            until: Some(rest.until),
            cause: Some(rest.cause),
            ..told
        }
    }
}

// === impl Decision ===

impl Decision {
    /// The usual case: those that are ready, in their order.
    fn place_ready(&mut self, wanted: Wanted<'_>, ordered: &[Way<'_>], stands: Vec<Stand>) {
        let ready: Vec<bool> = stands.iter().map(|stand| !stand.ready.is_empty()).collect();
        let (mut wholes, mut parts) = (Vec::new(), Vec::new());
        let mut place = 0;
        for (index, (way, stand)) in ordered.iter().zip(stands).enumerate() {
            let mut told = way.consider(wanted);
            let Some(first) = stand.ready.first() else {
                wholes.extend(stand.resting.first().map(|resting| resting.of(told)));
                continue;
            };
            // Several bindings of one channel lead to the same home.
            if wanted.home.is_some() && place > 0 {
                told.excluded = Some(Exclusion::NotHome);
                wholes.push(told);
                continue;
            }
            told.endpoint = Some(first.endpoint.id);
            told.credential = Some(first.credential.id);
            told.place = Some(place);
            if self.considered.len() < MOST_CONSIDERED {
                told.likelihood = Some(likelihood(ordered, &ready, wanted, index));
            }
            place += 1;
            self.tell(told);
            let mut seen: Vec<Target> = Vec::new();
            for resting in &stand.resting {
                if seen.len() < MOST_CONSIDERED && !seen.contains(&resting.rest.target) {
                    seen.push(resting.rest.target);
                    parts.push(resting.of(way.consider(wanted)));
                }
            }
            self.candidates.extend(stand.ready);
        }
        wholes.into_iter().chain(parts).for_each(|one| self.tell(one));
    }

    /// Everything rests: what is back soonest is asked all the same.
    fn wait_for_soonest(&mut self, wanted: Wanted<'_>, ordered: &[Way<'_>], stands: Vec<Stand>) {
        let first = |stand: Stand| stand.resting.into_iter().next();
        let mut waiting: Vec<(&Way<'_>, Resting)> = ordered
            .iter()
            .zip(stands)
            .filter_map(|(way, stand)| Some((way, first(stand)?)))
            .collect();
        let soonest = (0..waiting.len()).min_by_key(|index| waiting[*index].1.ready_at);
        let Some(soonest) = soonest else { return };
        let (way, resting) = waiting.remove(soonest);
        self.tell(Considered {
            endpoint: Some(resting.candidate.endpoint.id),
            credential: Some(resting.candidate.credential.id),
            place: Some(0),
            excluded: None,
            ..resting.of(way.consider(wanted))
        });
        self.candidates.push(resting.candidate);
        for (way, resting) in waiting {
            self.tell(resting.of(way.consider(wanted)));
        }
    }

    fn tell(&mut self, one: Considered) {
        if self.considered.len() < MOST_CONSIDERED {
            self.considered.push(one);
        } else {
            self.truncated = true;
        }
    }
}

/// How likely a way was to come first among those of its tier that are ready: its share of their
/// weights. Without any weight the first in the order always comes first.
fn likelihood(ordered: &[Way<'_>], ready: &[bool], wanted: Wanted<'_>, index: usize) -> Ppm {
    let way = &ordered[index];
    let rivals = || {
        let all = ordered.iter().zip(ready).enumerate();
        all.filter(|(_, (other, ready))| **ready && other.tier() == way.tier())
    };
    if rivals().any(|(_, (other, _))| other.is_bonded(wanted)) {
        let first = rivals().next().is_some_and(|(first, _)| first == index);
        return if first { Ppm::ONE } else { Ppm::ZERO };
    }
    let total: u64 = rivals().map(|(_, (other, _))| other.weight()).sum();
    let parts = if total > 0 {
        u128::from(way.weight()) * 1_000_000 / u128::from(total)
    } else if rivals().next().is_some_and(|(first, _)| first == index) {
        1_000_000
    } else {
        0
    };
    i64::try_from(parts).ok().and_then(Ppm::from_parts).unwrap_or(Ppm::ONE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use realms_catalog::{ChannelGroupRow, Rows};
    use realms_types::{
        BindingId, Cause, ChannelId, ChannelKind, CredentialId, DialectId, EndpointId, Scope,
        Verdict,
    };

    use super::{decide as decide_at, *};
    use crate::{
        Bond, Home, Loads, Recorded,
        candidate::tests::{catalog, list, rows, wanted},
    };

    /// While nobody is busy.
    fn decide(
        catalog: &Catalog,
        wanted: Wanted<'_>,
        health: &Health,
        seed: u64,
        now: Timestamp,
    ) -> Decision {
        let busyness = &Loads::default();
        decide_at(catalog, wanted, Moment { health, busyness, seed, now })
    }

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    fn limited(until: i64) -> Verdict {
        let until = Some(Timestamp::from_secs(until));
        Verdict::Retry { scope: Scope::Credential, cause: Cause::RateLimited, until }
    }

    /// One line each: channel, place or reason.
    fn told(decision: &Decision) -> Vec<String> {
        let line = |one: &Considered| {
            let reason = one.excluded.map_or("-", Exclusion::as_str);
            let place = one.place.map_or("-".to_owned(), |place| place.to_string());
            format!("{} {place} {reason}", one.channel.raw())
        };
        decision.considered.iter().map(line).collect()
    }

    #[test]
    fn each_reason_has_its_word() {
        let mut rows = rows(&[(9, 1, 1), (8, 1, 1), (7, 1, 1), (6, 1, 1), (5, 1, 0), (4, 1, 1)]);
        rows.channels[0].enabled = false;
        rows.bindings[1].enabled = false;
        rows.group_channels.retain(|row| row.channel_id.raw() != 3);
        rows.channels[3].dialects = "messages".into();
        rows.endpoints[5].enabled = false;
        closed_group(&mut rows, 2);
        let catalog = Catalog::build(&rows).unwrap();
        let decision = decide(&catalog, wanted(&catalog), &Health::default(), 1, NOW);
        assert_eq!(
            told(&decision),
            [
                "3 - group_disabled",
                "4 - dialect",
                "5 - no_credential",
                "6 - no_endpoint",
                "1 - channel_disabled",
                "2 - binding_disabled",
            ]
        );
        assert!(decision.candidates.is_empty());
        assert_eq!(decision.considered[0].group, None);
        assert_eq!(decision.considered[5].group, Some(ChannelGroupId::new(1)));

        let none = Wanted { groups: &[], ..wanted(&catalog) };
        let decision = decide(&catalog, none, &Health::default(), 1, NOW);
        assert_eq!(decision.considered[0].excluded, Some(Exclusion::NotInGroups));
    }

    /// Channel 3 lies only in this group, which is switched off below group 1.
    fn closed_group(rows: &mut Rows, id: i64) {
        rows.channel_groups.push(ChannelGroupRow {
            id: ChannelGroupId::new(id),
            name: "closed".into(),
            parent_id: Some(ChannelGroupId::new(1)),
            enabled: false,
            ..rows.channel_groups[0].clone()
        });
        rows.group_channels.push(realms_catalog::GroupChannelRow {
            group_id: ChannelGroupId::new(id),
            channel_id: ChannelId::new(3),
        });
    }

    #[test]
    fn another_kind_or_a_what_if_is_told() {
        let catalog = catalog(&[(9, 1, 1), (0, 1, 1)]);
        let kind = Wanted { kind: Some(ChannelKind::Gemini), ..wanted(&catalog) };
        let decision = decide(&catalog, kind, &Health::default(), 1, NOW);
        assert_eq!(told(&decision), ["1 - kind", "2 - kind"]);
        let without = Wanted { without: &[ChannelId::new(1)], ..wanted(&catalog) };
        let decision = decide(&catalog, without, &Health::default(), 1, NOW);
        assert_eq!(told(&decision), ["2 0 -", "1 - channel_disabled"]);
        let dialect = Wanted { dialect: DialectId::Messages, ..wanted(&catalog) };
        assert!(decide(&catalog, dialect, &Health::default(), 1, NOW).candidates.is_empty());
    }

    #[test]
    fn what_rests_tells_why_and_until_when() {
        let catalog = catalog(&[(9, 1, 2), (0, 1, 1)]);
        let health = Health::default();
        let all = list(&catalog, &health, 1, NOW);
        health.report(&all[0], limited(2_000), NOW, NOW);
        let decision = decide(&catalog, wanted(&catalog), &health, 1, NOW);
        assert_eq!(told(&decision), ["1 0 -", "2 1 -", "1 - cooling_down"]);
        let part = &decision.considered[2];
        assert_eq!((part.credential, part.endpoint), (Some(all[0].credential.id), None));
        assert_eq!(part.until, Some(Timestamp::from_secs(2_000)));
        assert_eq!(part.cause, Some(Cause::RateLimited));

        health.report(&all[1], limited(3_000), NOW, NOW);
        let decision = decide(&catalog, wanted(&catalog), &health, 1, NOW);
        assert_eq!(told(&decision), ["2 0 -", "1 - cooling_down"]);

        health.report(&all[2], limited(4_000), NOW, NOW);
        let decision = decide(&catalog, wanted(&catalog), &health, 1, NOW);
        assert_eq!(told(&decision), ["1 0 -", "2 - cooling_down"], "the soonest is asked");
        assert_eq!(decision.considered[0].until, Some(Timestamp::from_secs(2_000)));
        assert_eq!(decision.candidates.len(), 1);
    }

    #[test]
    fn a_state_is_gone_on_with_at_its_home_even_if_that_rests() {
        let catalog = catalog(&[(9, 1, 1), (0, 1, 2)]);
        let health = Health::default();
        let home = Home { endpoint: EndpointId::new(2), credential: CredentialId::new(201) };
        let pinned = Wanted { home: Some(home), ..wanted(&catalog) };
        let found = decide(&catalog, pinned, &health, 1, NOW).candidates;
        assert_eq!((found.len(), found[0].credential.id), (1, home.credential));
        health.report(&found[0], limited(9_000), NOW, NOW);
        let decision = decide(&catalog, pinned, &health, 1, NOW);
        assert_eq!(told(&decision), ["2 0 -", "1 - not_home"]);
        assert_eq!(decision.candidates.len(), 1);
    }

    #[test]
    fn likelihood_is_what_chance_does() {
        let catalog = catalog(&[(0, 3, 1), (0, 1, 1), (0, 0, 1), (-1, 0, 1), (-1, 0, 1)]);
        let (health, rounds) = (Health::default(), 8_000_u32);
        let mut firsts = [0_u32; 5];
        let mut told = [Ppm::ONE; 5];
        for seed in 0..rounds.into() {
            let decision = decide(&catalog, wanted(&catalog), &health, seed, NOW);
            let place = |one: &Considered| usize::try_from(one.channel.raw() - 1).unwrap();
            firsts[place(&decision.considered[0])] += 1;
            for one in &decision.considered {
                told[place(one)] = one.likelihood.unwrap();
            }
        }
        let parts = told.map(Ppm::parts);
        assert_eq!(parts, [750_000, 250_000, 0, 1_000_000, 0]);
        for (first, part) in firsts.into_iter().zip(parts).take(3) {
            let expected = f64::from(rounds) * f64::from(i32::try_from(part).unwrap()) / 1e6;
            assert!((f64::from(first) - expected).abs() < 250.0, "{first} of {expected}");
        }
    }

    #[test]
    fn a_crowd_is_told_in_part_and_asked_whole() {
        let catalog = catalog(&vec![(0, 1, 1); 500]);
        let decision = decide(&catalog, wanted(&catalog), &Health::default(), 5, NOW);
        assert_eq!(decision.candidates.len(), 500);
        assert_eq!(decision.considered.len(), MOST_CONSIDERED);
        assert!(decision.truncated);
    }

    proptest! {
        #[test]
        fn the_same_seed_gives_the_same_decision(
            channels in prop::collection::vec((0i64..3, 0i64..5, 0i64..4), 0..8),
            resting in prop::collection::vec((0usize..20, 1_001i64..9_000), 0..6),
            seed: u64,
        ) {
            let catalog = catalog(&channels);
            let health = Health::default();
            let all = list(&catalog, &health, 3, NOW);
            for (index, until) in resting {
                if let Some(one) = all.get(index) {
                    health.report(one, limited(until), NOW, NOW);
                }
            }
            let once = decide(&catalog, wanted(&catalog), &health, seed, NOW);
            let again = decide(&catalog, wanted(&catalog), &health, seed, NOW);
            let order = |decision: &Decision| -> Vec<_> {
                let ids = |one: &Candidate| (one.endpoint.id, one.credential.id);
                decision.candidates.iter().map(ids).collect()
            };
            prop_assert_eq!(order(&once), order(&again));
            prop_assert_eq!(&once.considered, &again.considered);
        }

        #[test]
        fn every_binding_has_its_place_or_its_reason(
            channels in prop::collection::vec((0i64..3, 0i64..5, 0i64..3), 0..8),
            off in prop::collection::vec(any::<bool>(), 8),
            resting in prop::collection::vec((0usize..20, 1_001i64..9_000), 0..8),
            seed: u64,
        ) {
            let mut rows = rows(&channels);
            for (channel, off) in rows.channels.iter_mut().zip(&off) {
                channel.enabled = !off;
            }
            let catalog = Catalog::build(&rows).unwrap();
            let health = Health::default();
            let all = list(&catalog, &health, 3, NOW);
            for (index, until) in resting {
                if let Some(one) = all.get(index) {
                    health.report(one, limited(until), NOW, NOW);
                }
            }
            let decision = decide(&catalog, wanted(&catalog), &health, seed, NOW);
            for channel in &rows.channels {
                let mut own = decision.considered.iter().filter(|one| one.channel == channel.id);
                prop_assert!(own.clone().next().is_some(), "channel {} is not told", channel.id);
                prop_assert!(own.all(|one| one.place.is_some() != one.excluded.is_some()));
            }
            let places: Vec<_> = decision.considered.iter().filter_map(|one| one.place).collect();
            prop_assert!(places.iter().copied().eq(0..u32::try_from(places.len()).unwrap()));
            let mut asked: Vec<BindingId> =
                decision.candidates.iter().map(|one| one.binding).collect();
            asked.dedup();
            prop_assert_eq!(asked.len(), places.len());
        }
    }

    /// The first candidate of each of so many calls: channel and credential.
    fn firsts(
        catalog: &Catalog,
        bond: Option<Bond>,
        health: &Health,
        busyness: &dyn Busyness,
    ) -> Vec<(i64, i64)> {
        let first = |seed| {
            let wanted = Wanted { bond, ..wanted(catalog) };
            let decision = decide_at(catalog, wanted, Moment { health, busyness, seed, now: NOW });
            let one = &decision.candidates[0];
            (one.channel.id.raw(), one.credential.id.raw())
        };
        (0..2_000).map(first).collect()
    }

    fn share(firsts: &[(i64, i64)], channel: i64) -> usize {
        firsts.iter().filter(|first| first.0 == channel).count()
    }

    #[test]
    fn who_is_much_busier_or_slower_than_its_share_gives_way() {
        let catalog = catalog(&[(0, 1, 1), (0, 1, 1), (0, 9, 1)]);
        let health = Health::default();
        let mut then = Recorded::default();
        let mut set = |channel: i64, in_flight, latency_us| {
            then.burdens.insert(ChannelId::new(channel), Burden { in_flight, latency_us });
            firsts(&catalog, None, &health, &then)
        };
        set(1, 1, None);
        set(2, 1, None);
        let as_meant = set(3, 9, None);
        assert!((1_580..1_690).contains(&share(&as_meant, 3)), "{}", share(&as_meant, 3));
        set(3, 0, None);
        let slow = set(1, 0, Some(900_000));
        assert!(share(&slow, 1) > 100, "nothing is known of the others to compare with");
        set(2, 0, Some(100_000));
        let compared = set(3, 0, Some(100_000));
        assert_eq!(share(&compared, 1), 0, "whatever it is drawn with is quicker");
        let heaped = set(3, 400, Some(100_000));
        assert!(share(&heaped, 3) == 0, "{}", share(&heaped, 3));
    }

    #[test]
    fn a_session_stays_with_its_credential_then_with_its_channel_and_within_its_tier() {
        let catalog = catalog(&[(0, 1, 3), (0, 99, 3), (5, 1, 1)]);
        let (health, idle) = (Health::default(), Loads::default());
        let bond = Bond { channel: ChannelId::new(1), credential: CredentialId::new(101) };
        // A better tier comes first again as soon as it is back.
        let all = firsts(&catalog, Some(bond), &health, &idle);
        assert!(all.iter().all(|first| first.0 == 3));
        let away = |cause: i64, until: i64| {
            let wanted = Wanted { bond: Some(bond), ..wanted(&catalog) };
            let all = decide(&catalog, wanted, &Health::default(), 1, NOW).candidates;
            let one = all.iter().find(|one| one.credential.id.raw() == cause).unwrap();
            health.report(one, limited(until), NOW, NOW);
        };
        away(300, 2_000);
        let all = firsts(&catalog, Some(bond), &health, &idle);
        assert!(all.iter().all(|first| *first == (1, 101)));
        away(101, 2_000);
        let all = firsts(&catalog, Some(bond), &health, &idle);
        assert!(all.iter().all(|first| first.0 == 1 && first.1 != 101));
        away(100, 2_000);
        away(102, 2_000);
        let all = firsts(&catalog, Some(bond), &health, &idle);
        assert!(all.iter().all(|first| first.0 == 2));

        let gone = Bond { channel: ChannelId::new(9), credential: CredentialId::new(900) };
        let all = firsts(&catalog, Some(gone), &Health::default(), &idle);
        assert!(all.iter().all(|first| first.0 == 3), "a bond with what is gone binds nobody");
    }

    #[test]
    fn calls_begin_with_the_less_busy_of_two_credentials() {
        let catalog = catalog(&[(0, 1, 3)]);
        let mut then = Recorded::default();
        then.credentials.insert((ChannelId::new(1), CredentialId::new(101)), 4);
        then.credentials.insert((ChannelId::new(1), CredentialId::new(102)), 1);
        let all = firsts(&catalog, None, &Health::default(), &then);
        let count = |credential| all.iter().filter(|first| first.1 == credential).count();
        assert_eq!(count(101), 0, "whatever it is drawn with is less busy");
        assert!(count(100) > count(102) && count(102) > 400, "{} {}", count(100), count(102));
    }

    proptest! {
        /// What a trace holds of a decision is enough to make it again.
        #[test]
        fn a_recorded_decision_is_made_again_from_what_it_says(
            channels in prop::collection::vec((0i64..2, 0i64..4, 1i64..4), 1..6),
            burdens in prop::collection::vec((0u32..9, prop::option::of(1u64..2_000_000)), 6),
            busy in prop::collection::vec(0u32..5, 18),
            bond in prop::option::of((1i64..7, 0i64..4)),
            seed: u64,
        ) {
            let catalog = catalog(&channels);
            let health = Health::default();
            let bond = bond.map(|(channel, credential)| Bond {
                channel: ChannelId::new(channel),
                credential: CredentialId::new(channel * 100 + credential),
            });
            let wanted = Wanted { bond, ..wanted(&catalog) };
            let mut then = Recorded::default();
            for (channel, (in_flight, latency_us)) in (1i64..).zip(burdens) {
                then.burdens.insert(ChannelId::new(channel), Burden { in_flight, latency_us });
            }
            for (at, in_flight) in (0i64..).zip(busy) {
                let channel = at / 3 + 1;
                let credential = CredentialId::new(channel * 100 + at % 3);
                then.credentials.insert((ChannelId::new(channel), credential), in_flight);
            }
            let made = decide_at(&catalog, wanted, Moment { health: &health, busyness: &then, seed, now: NOW });
            let told = Recorded::from(made.considered.as_slice());
            let again = decide_at(&catalog, wanted, Moment { health: &health, busyness: &told, seed, now: NOW });
            prop_assert_eq!(&made.considered, &again.considered);
            let order = |decision: &Decision| -> Vec<i64> {
                decision.candidates.iter().map(|one| one.credential.id.raw()).collect()
            };
            prop_assert_eq!(order(&made), order(&again));
        }
    }
}
