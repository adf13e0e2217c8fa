//! Whom a call may ask, or why nobody: the one decision that calls and simulations share.

use std::sync::Arc;

use realms_catalog::{Catalog, Model};
use realms_dialect::{Fault, FaultKind, facts};
use realms_scheduler::{Bond, Candidate, Decision, Home, Moment, Wanted, decide};
use realms_store::DecisionRecord;
use realms_types::{
    Asks, ChannelGroupId, ChannelId, ChannelKind, Considered, DialectId, Exclusion, UserGroupId,
};

use crate::Relay;

/// How close two names must be for one to be offered instead of the other.
const CLOSE: f64 = 0.75;
/// Longer names than this are like no other.
const LONGEST_COMPARED: usize = 200;
/// How many close names an error offers.
const OFFERED: usize = 3;

/// What a call asks for, as far as it decides who is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The model as the client names it.
    pub model: &'a str,
    /// The group of its user.
    pub user_group: Option<UserGroupId>,
    /// The channel groups its key may use, in order.
    pub groups: &'a [ChannelGroupId],
    /// The client's dialect.
    pub dialect: DialectId,
    /// The dialects it can be translated to.
    pub others: &'a [DialectId],
    /// The only kind of vendor that has the path.
    pub kind: Option<ChannelKind>,
    /// What it asks for that a channel may refuse.
    pub asks: Asks,
    /// Whether it names a session.
    pub session: bool,
    /// Where the state lies that it goes on with.
    pub home: Option<Home>,
    /// Where its session was served before.
    pub bond: Option<Bond>,
    /// Channels to be taken for switched off.
    pub without: &'a [ChannelId],
}

/// What was decided.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Who was considered; `None` when there is no such model.
    pub record: Option<DecisionRecord>,
    /// The model and whom to ask for it, best first and never empty.
    pub found: Result<(Arc<Model>, Vec<Candidate>), Fault>,
}

/// Decides with the health of this moment. Chance is drawn from the seed alone.
pub(crate) fn choose(relay: &Relay, catalog: &Catalog, asked: Asked<'_>, seed: u64) -> Choice {
    let served = find_model(catalog, asked.model, asked.groups);
    let exists = || catalog.find_model(asked.model).filter(|model| model.enabled).cloned();
    let Some(model) = served.as_ref().ok().cloned().or_else(exists) else {
        return Choice { record: None, found: served.map(|model| (model, Vec::new())) };
    };
    let now = relay.clock.now();
    let wanted = Wanted {
        model: &model,
        groups: asked.groups,
        dialect: asked.dialect,
        others: asked.others,
        kind: asked.kind,
        asks: asked.asks,
        home: asked.home,
        bond: asked.bond,
        without: asked.without,
    };
    let moment = Moment { health: &relay.health, busyness: relay.loads(), seed, now };
    let Decision { candidates, considered, truncated } = decide(catalog, wanted, moment);
    let record = DecisionRecord {
        at: now,
        seed,
        user_group: asked.user_group,
        key_groups: asked.groups.to_vec(),
        session: asked.session,
        kind: asked.kind,
        asks: asked.asks,
        home: asked.home.is_some(),
        bond: asked.bond.map(|bond| bond.credential),
        released: asked.bond.and_then(|bond| released(bond, candidates.first(), &considered)),
        considered,
        truncated,
    };
    let found = served.and_then(|model| {
        if candidates.is_empty() {
            Err(nobody(catalog, &model, asked))
        } else {
            Ok((model, candidates))
        }
    });
    Choice { record: Some(record), found }
}

/// Why a session does not go on where it was served; `None` when it does.
fn released(bond: Bond, first: Option<&Candidate>, considered: &[Considered]) -> Option<Exclusion> {
    if first.is_some_and(|first| first.credential.id == bond.credential) {
        return None;
    }
    let mut own = considered.iter().filter(|one| one.channel == bond.channel).peekable();
    if own.peek().is_none() {
        return Some(Exclusion::NotInGroups);
    }
    let is_it = |one: &&Considered| one.credential.is_none_or(|id| id == bond.credential);
    let told = own.clone().find(|one| one.excluded.is_some() && is_it(one));
    let stands_lower = first.is_some_and(|first| first.channel.id != bond.channel);
    let otherwise = if stands_lower { Exclusion::Outranked } else { Exclusion::NoCredential };
    Some(told.and_then(|one| one.excluded).unwrap_or(otherwise))
}

/// A model that these groups serve.
pub(crate) fn find_model(
    catalog: &Catalog,
    name: &str,
    groups: &[ChannelGroupId],
) -> Result<Arc<Model>, Fault> {
    if groups.is_empty() {
        return Err(Fault::new(
            FaultKind::Forbidden,
            "this API key may use no channel group: ask the operator to give its user group one",
        ));
    }
    match catalog.find_model(name).filter(|model| catalog.serves(model, groups)) {
        Some(model) => Ok(Arc::clone(model)),
        None => Err(unknown_model(catalog, name, groups)),
    }
}

fn unknown_model(catalog: &Catalog, name: &str, groups: &[ChannelGroupId]) -> Fault {
    // Likeness costs the product of two lengths, and the name is whatever was sent.
    let comparable = name.len() <= LONGEST_COMPARED;
    let mut close: Vec<(f64, &str)> = catalog
        .models()
        .filter(|model| comparable && catalog.serves(model, groups))
        .map(|model| (strsim::jaro_winkler(name, &model.name), model.name.as_str()))
        .filter(|(likeness, _)| *likeness >= CLOSE)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let shown: String = name.chars().take(100).collect();
    let offered: Vec<String> =
        close.iter().take(OFFERED).map(|(_, name)| format!("`{name}`")).collect();
    let message = if offered.is_empty() {
        format!(
            "there is no model `{shown}` for this API key; GET /v1/models lists those there are"
        )
    } else {
        format!(
            "there is no model `{shown}` for this API key; did you mean {}?",
            offered.join(", ")
        )
    };
    Fault::new(FaultKind::UnknownModel, message).with_param("model")
}

/// Why a model that this key may use has nobody to serve it.
fn nobody(catalog: &Catalog, model: &Model, asked: Asked<'_>) -> Fault {
    let Asked { groups, dialect, others, .. } = asked;
    let mut spoken: Vec<DialectId> = model
        .bindings
        .iter()
        .filter(|binding| {
            groups.iter().any(|group| catalog.route(*group, binding.channel.id).is_some())
        })
        .flat_map(|binding| binding.channel.dialects.iter().copied())
        .collect();
    spoken.sort_unstable();
    spoken.dedup();
    if spoken.iter().any(|one| *one == dialect || others.contains(one)) {
        return Fault::new(
            FaultKind::Unavailable,
            format!(
                "no channel that serves `{}` has an enabled credential and endpoint",
                model.name
            ),
        );
    }
    let calls = spoken.into_iter().map(|one| format!("POST {}", facts(one).answers_at));
    let calls: Vec<String> = calls.collect();
    Fault::new(
        FaultKind::BadRequest,
        format!(
            "`{}` is not served in this dialect here, and this call has no counterpart in another: \
             call {}",
            model.name,
            calls.join(" or ")
        ),
    )
    .with_param("model")
}
