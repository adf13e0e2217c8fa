//! The order in which a call tries its candidates, and why nobody else is in it.
//!
//! Everything that decides is an argument, chance included: the same snapshot, the same health, the same
//! seed and the same moment give the same decision.

use std::sync::Arc;

use realms_catalog::{Binding, Catalog, Channel, Route};
use realms_types::{
    Chance, ChannelGroupId, Considered, CredentialId, DialectId, Exclusion, Ppm, Timestamp,
};

use crate::{
    Burden, Busyness, Candidate, Health, Rest, Target, Wanted, health::Rests, spoken::spoken,
    standing::Standing,
};

/// So many of what was considered are told about.
pub const MOST_CONSIDERED: usize = 64;

/// Whom to ask, and why.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// Whom to ask, best first: by group, then priority; then those that speak the client's dialect; then
    /// where the session was served before; then by chance by weight, the less busy of two where one is much busier. Within a channel by endpoint,
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
    /// What it is asked in.
    dialect: DialectId,
    standing: Standing<'a>,
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
    /// Why, and until when.
    rest: Rest,
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
    let rests = moment.health.rests(moment.now);
    let stands: Vec<Stand> = ordered
        .iter_mut()
        .map(|way| Stand::new(expand(way, wanted, moment, &chance), wanted, &rests))
        .collect();
    let mut decision = Decision::default();
    if stands.iter().all(|stand| stand.ready.is_empty()) {
        decision.wait_for_soonest(wanted, &ordered, &stands);
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
        let fit = match found {
            None => Err(unreachable(catalog, wanted, &binding.channel)),
            Some(way) => fit(wanted, &binding.channel, moment.now).map(|dialect| (way, dialect)),
        };
        match fit {
            Ok(((place, group, route), dialect)) => {
                let channel = binding.channel.id;
                let burden = moment.busyness.burden(channel, wanted.model.id, moment.now);
                let mut standing = Standing::of(catalog, &binding.channel, place, group, route);
                standing.translated = dialect != wanted.dialect;
                let drawn = Vec::new();
                ways.push(Way { binding, group, dialect, standing, route, burden, drawn });
            }
            Err(reason) => {
                let group = found.map(|(_, group, _)| group);
                let mut one = consider(wanted, &binding.channel, &binding.upstream_model, group);
                one.excluded = Some(reason);
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

/// The dialect in which a channel that can be reached is asked, or why it cannot serve the call.
fn fit(wanted: Wanted<'_>, channel: &Channel, now: Timestamp) -> Result<DialectId, Exclusion> {
    let away = |home: crate::Home| {
        home.endpoint.is_some_and(|endpoint| channel.find_endpoint(endpoint).is_none())
            || channel.find_credential(home.credential).is_none()
    };
    if wanted.without.contains(&channel.id) {
        return Err(Exclusion::ChannelDisabled);
    }
    let dialect = spoken(wanted, channel)?;
    if channel.credentials.is_empty() {
        Err(Exclusion::NoCredential)
    } else if channel.endpoints.is_empty() {
        Err(Exclusion::NoEndpoint)
    } else if wanted.home.is_some_and(away) {
        Err(Exclusion::NotHome)
    } else {
        channel.fits(wanted.asks, now).map(|()| dialect)
    }
}

fn consider(
    wanted: Wanted<'_>,
    channel: &Channel,
    upstream_model: &str,
    group: Option<ChannelGroupId>,
) -> Considered {
    Considered {
        group,
        upstream_model: (upstream_model != wanted.model.name).then(|| upstream_model.to_owned()),
        priority: channel.priority,
        weight: channel.weight,
        ..Considered::new(channel.id)
    }
}

/// Those of one group and priority are drawn by weight, one after the other; first the channel where
/// the session was served before.
fn by_preference<'a>(mut ways: Vec<Way<'a>>, wanted: Wanted<'_>, chance: &Chance) -> Vec<Way<'a>> {
    ways.sort_by(|one, other| one.standing.cmp(&other.standing));
    let mut ordered = Vec::with_capacity(ways.len());
    while let Some(first) = ways.first() {
        let best = first.standing;
        let end = ways.iter().position(|way| way.standing != best).unwrap_or(ways.len());
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
                home.endpoint.is_none_or(|home| home == endpoint.id)
                    && home.credential == credential.id
            });
            if is_home {
                candidates.push(Candidate {
                    channel: Arc::clone(channel),
                    endpoint: Arc::clone(endpoint),
                    credential: Arc::clone(credential),
                    binding: way.binding.id,
                    dialect: way.dialect,
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
            pinned: self.standing.pinned,
            promoted: self.standing.promoted,
            dialect: self.standing.translated.then_some(self.dialect),
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
    fn new(all: Vec<Candidate>, wanted: Wanted<'_>, rests: &Rests) -> Self {
        let mut stand = Self { ready: Vec::with_capacity(all.len()), resting: Vec::new() };
        for candidate in all {
            let targets = Target::of(&candidate);
            // Only who holds the state can go on with it, rested or not.
            match rests.find(&targets).filter(|_| wanted.home.is_none()) {
                None => stand.ready.push(candidate),
                Some(rest) => stand.resting.push(Resting { candidate, rest }),
            }
        }
        stand.resting.sort_by_key(|resting| resting.rest.until);
        stand
    }

    /// Who rests, one for each thing that rests; as many as can be told.
    fn rests(&self) -> impl Iterator<Item = &Resting> {
        let mut seen: Vec<Target> = Vec::new();
        let is_new = move |resting: &&Resting| {
            let is_new = seen.len() < MOST_CONSIDERED && !seen.contains(&resting.rest.target);
            if is_new {
                seen.push(resting.rest.target);
            }
            is_new
        };
        self.resting.iter().filter(is_new)
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
            scope: Some(rest.target.scope()),
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
                let mut all = stand.rests().map(|resting| resting.of(way.consider(wanted)));
                wholes.extend(all.next());
                parts.extend(all);
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
            parts.extend(stand.rests().map(|resting| resting.of(way.consider(wanted))));
            self.candidates.extend(stand.ready);
        }
        wholes.into_iter().chain(parts).for_each(|one| self.tell(one));
    }

    /// Everything rests: what is back soonest is asked all the same.
    fn wait_for_soonest(&mut self, wanted: Wanted<'_>, ordered: &[Way<'_>], stands: &[Stand]) {
        let first = |stand: &Stand| Some(stand.resting.first()?.rest.until);
        let soonest = (0..stands.len()).filter(|index| first(&stands[*index]).is_some());
        let soonest = soonest.min_by_key(|index| first(&stands[*index]));
        let (mut wholes, mut parts) = (Vec::new(), Vec::new());
        for (index, (way, stand)) in ordered.iter().zip(stands).enumerate() {
            let mut all = stand.rests().map(|resting| resting.of(way.consider(wanted)));
            if soonest == Some(index)
                && let (Some(resting), Some(rests)) = (stand.resting.first(), all.next())
            {
                self.tell(Considered {
                    endpoint: Some(resting.candidate.endpoint.id),
                    credential: Some(resting.candidate.credential.id),
                    place: Some(0),
                    excluded: None,
                    ..rests
                });
                self.candidates.push(resting.candidate.clone());
            } else {
                wholes.extend(all.next());
            }
            parts.extend(all);
        }
        wholes.into_iter().chain(parts).for_each(|one| self.tell(one));
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
        all.filter(|(_, (other, ready))| **ready && other.standing == way.standing)
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
mod tests;
