//! Decisions on small catalogues, and what holds of all.

use proptest::prelude::*;
use realms_catalog::{ChannelGroupRow, Rows};
use realms_types::{
    BindingId, Cause, ChannelId, ChannelKind, CredentialId, DialectId, EndpointId, Scope, Verdict,
};

use super::{decide as decide_at, *};
use crate::{
    Bond, Home, Loads, Recorded,
    candidate::tests::{catalog, list, rows, wanted},
    replay,
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
fn a_channel_that_refuses_what_is_asked_for_is_told() {
    let mut rows = rows(&[(9, 1, 1), (8, 1, 1), (7, 1, 1), (0, 1, 1)]);
    rows.channels[0].options = r#"{"fast_mode":false}"#.into();
    rows.channels[1].options = r#"{"service_tier":"refuse"}"#.into();
    rows.channels[2].options =
        r#"{"hours":{"zone":"UTC","windows":[{"from":"08:00","to":"09:00"}]}}"#.into();
    let catalog = Catalog::build(&rows).unwrap();
    let asks = realms_types::Asks { fast: true, tier: true };
    let fast = Wanted { asks, ..wanted(&catalog) };
    let decision = decide(&catalog, fast, &Health::default(), 1, NOW);
    let expected = ["4 0 -", "1 - fast_mode", "2 - service_tier", "3 - out_of_hours"];
    assert_eq!(told(&decision), expected);
    let open = Timestamp::from_secs(8 * 3600 + 60);
    let decision = decide(&catalog, wanted(&catalog), &Health::default(), 1, open);
    assert_eq!(told(&decision), ["1 0 -", "2 1 -", "3 2 -", "4 3 -"]);
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
    assert_eq!(told(&decision), ["2 0 -", "1 - cooling_down", "1 - cooling_down"]);

    health.report(&all[2], limited(4_000), NOW, NOW);
    let decision = decide(&catalog, wanted(&catalog), &health, 1, NOW);
    let expected = ["1 0 -", "2 - cooling_down", "1 - cooling_down"];
    assert_eq!(told(&decision), expected, "the soonest is asked");
    assert_eq!(decision.considered[0].until, Some(Timestamp::from_secs(2_000)));
    assert_eq!(decision.candidates.len(), 1);
}

#[test]
fn a_state_is_gone_on_with_at_its_home_even_if_that_rests() {
    let catalog = catalog(&[(9, 1, 1), (0, 1, 2)]);
    let health = Health::default();
    let home = Home { endpoint: Some(EndpointId::new(2)), credential: CredentialId::new(201) };
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// The whole of it: whatever rested, whoever was busy, whatever was bound.
    #[test]
    fn ten_thousand_traces_replay_to_the_same_choice(
        channels in prop::collection::vec((0i64..2, 0i64..4, 1i64..4), 1..6),
        resting in prop::collection::vec((0usize..20, 0usize..4, 1_001i64..9_000), 0..8),
        burdens in prop::collection::vec((0u32..9, prop::option::of(1u64..2_000_000)), 6),
        bond in prop::option::of((1i64..7, 0i64..4)),
        seed: u64,
    ) {
        let catalog = catalog(&channels);
        let health = Health::default();
        let all = list(&catalog, &health, 3, NOW);
        for (index, scope, until) in resting {
            let scope = [Scope::Credential, Scope::Endpoint, Scope::Channel, Scope::Binding][scope];
            let verdict = Verdict::Retry {
                scope,
                cause: Cause::RateLimited,
                until: Some(Timestamp::from_secs(until)),
            };
            health.report(&all[index % all.len()], verdict, NOW, NOW);
        }
        let bond = bond.map(|(channel, credential)| Bond {
            channel: ChannelId::new(channel),
            credential: CredentialId::new(channel * 100 + credential),
        });
        let wanted = Wanted { bond, ..wanted(&catalog) };
        let mut then = Recorded::default();
        for (channel, (in_flight, latency_us)) in (1i64..).zip(burdens) {
            then.burdens.insert(ChannelId::new(channel), Burden { in_flight, latency_us });
        }
        let moment = Moment { health: &health, busyness: &then, seed, now: NOW };
        let made = decide_at(&catalog, wanted, moment);
        let again = replay(&catalog, wanted, &made.considered, seed, NOW);
        prop_assert_eq!(&made.considered, &again.considered);
        let order = |decision: &Decision| -> Vec<(i64, i64)> {
            let pair = |one: &Candidate| (one.endpoint.id.raw(), one.credential.id.raw());
            decision.candidates.iter().map(pair).collect()
        };
        prop_assert_eq!(order(&made), order(&again));
    }
}
