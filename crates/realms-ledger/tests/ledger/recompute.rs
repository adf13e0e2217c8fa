//! What calls cost, reckoned again from what is stored. `REALMS_TEST_ROWS=1000000` makes the long run.

use std::{collections::BTreeMap, env};

use realms_ledger::{Factors, PriceSnapshot, charge, recompute};
use realms_store::{DbKind, UsageRecord};
use realms_types::{
    Billing, Chance, Money, PiecePrice, Ppm, Price, PriceTerms, Tier, Timestamp, UnitPrice, Usage,
};

use crate::{
    database::Database,
    world::{World, record},
};

/// Rows, unless it is said.
const ROWS: u64 = 6_000;
/// Rows in a transaction.
const BATCH: u64 = 2_000;
/// Multipliers of groups, users and lanes.
const FACTORS: [&str; 7] = ["1", "0.5", "1.333333", "0.000001", "2.75", "17", "0.333333"];

fn rows() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "says how long the run is to be")]
    let given = env::var("REALMS_TEST_ROWS").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(ROWS)
}

fn unit(chance: &Chance) -> UnitPrice {
    UnitPrice::from_nano(i64::try_from(chance.below(80_000_000_000)).unwrap()).unwrap()
}

fn maybe<T>(chance: &Chance, value: T) -> Option<T> {
    (chance.below(2) == 0).then_some(value)
}

fn factor(chance: &Chance) -> Ppm {
    FACTORS[usize::try_from(chance.below(7)).unwrap()].parse().unwrap()
}

/// A price with everything that prices have.
fn price(chance: &Chance) -> Price {
    let tier = |above| Tier {
        above,
        input: maybe(chance, unit(chance)),
        output: maybe(chance, unit(chance)),
        cache_read: maybe(chance, unit(chance)),
        cache_write_5m: maybe(chance, unit(chance)),
        cache_write_1h: maybe(chance, unit(chance)),
    };
    let piece = |nano: u64| format!("0.{nano:09}").parse::<PiecePrice>().unwrap();
    let terms = PriceTerms {
        reasoning: maybe(chance, unit(chance)),
        audio_input: maybe(chance, unit(chance)),
        audio_output: maybe(chance, unit(chance)),
        image_input: maybe(chance, unit(chance)),
        image_output: maybe(chance, unit(chance)),
        image: maybe(chance, piece(chance.below(50_000_000))),
        request: maybe(chance, piece(chance.below(50_000_000))),
        tool_call: maybe(chance, piece(chance.below(50_000_000))),
        tiers: maybe(chance, vec![tier(32_000), tier(200_000)]).unwrap_or_default(),
        lanes: BTreeMap::from([("priority".to_owned(), "2".parse().unwrap())]),
    };
    Price {
        input: unit(chance),
        output: unit(chance),
        cache_read: maybe(chance, unit(chance)),
        cache_write_5m: maybe(chance, unit(chance)),
        cache_write_1h: maybe(chance, unit(chance)),
        terms: maybe(chance, Box::new(terms)),
    }
}

fn usage(chance: &Chance) -> Usage {
    let output = chance.below(20_000);
    let input = chance.below(180_000);
    Usage {
        input,
        cache_read: chance.below(150_000),
        cache_write_5m: chance.below(20_000),
        cache_write_1h: chance.below(20_000),
        output,
        reasoning: chance.below(output + 1) / 2,
        audio_input: chance.below(input + 1) / 3,
        audio_output: chance.below(output + 1) / 3,
        image_input: chance.below(input + 1) / 3,
        image_output: chance.below(output + 1) / 3,
        tool_calls: chance.below(4),
        images: chance.below(3),
    }
}

fn call(world: &World, chance: &Chance) -> UsageRecord {
    let usage = usage(chance);
    let lane = maybe(chance, ("priority".to_owned(), "2".parse().unwrap()));
    let factors =
        Factors { group: factor(chance), user: factor(chance), key: factor(chance), lane };
    let price = PriceSnapshot::of(&price(chance), 7, factors);
    let price = price.unwrap();
    let cost = charge(&price.price, &usage, price.multiplier).unwrap();
    let mut record = record(world, world.ids.next_request(), 1.into(), cost);
    record.usage = usage;
    record.price = serde_json::to_string(&price).ok();
    record
}

#[expect(clippy::print_stdout, reason = "says what was measured")]
pub(crate) async fn gives_every_cost_again(database: &Database) {
    let world = World::start(database).await;
    let chance = Chance::seeded(5);
    let rows = if database.kind == DbKind::Sqlite { rows() } else { rows().min(ROWS) };
    for batch in 0..rows.div_ceil(BATCH) {
        let count = BATCH.min(rows - batch * BATCH);
        let records: Vec<_> = (0..count).map(|_| call(&world, &chance)).collect();
        world.store.insert_usage(&records).await.unwrap();
    }
    let far = Timestamp::from_secs(4_000_000_000);
    let found = recompute(&world.store, Timestamp::EPOCH, far).await.unwrap();
    assert_eq!((found.calls, found.without_price), (rows, 0));
    assert!(found.named.is_empty() && found.miscounts == 0, "{:#?}", found.named);
    println!("{rows} rows reckoned again on {:?}: no difference", database.kind);

    // A nano too much, a price that is gone, a price nobody can read, and what somebody decided.
    let mut odd: Vec<_> = (0..4).map(|_| call(&world, &chance)).collect();
    odd[0].cost = odd[0].cost.map(|cost| Money::from_nano(cost.nano() + 1));
    odd[1].price = None;
    odd[2].price = Some("{}".to_owned());
    odd[3].cost = Some(Money::from_nano(1));
    odd[3].billing = Some(Billing::Reviewed);
    world.store.insert_usage(&odd).await.unwrap();
    let found = recompute(&world.store, Timestamp::EPOCH, far).await.unwrap();
    assert_eq!((found.calls, found.without_price, found.miscounts), (rows + 2, 1, 2));
    let named: Vec<_> = found.named.iter().map(|one| (one.request_id, one.recomputed)).collect();
    let nano = odd[0].cost.map(|cost| Money::from_nano(cost.nano() - 1));
    assert_eq!(named, [(odd[0].request_id, nano), (odd[2].request_id, None)]);
}
