//! The same in self mode: nothing is held, and no call is lost for that.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use realms_store::UsageRecord;
use realms_types::{Cause, Certainty, Chance};

use super::{Bill, Billed, KILLS, by_call, live, number, upstream};
use crate::{
    database::Database,
    support::{Process, TestApp},
};

/// The longest the server lives, in milliseconds.
const LIFE: u64 = 2_400;
/// What ended so long before a kill is measured.
const SAFE: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loses_no_call_that_nobody_pays_for() {
    Database::sqlite().tell(story).await;
}

#[expect(clippy::print_stdout, reason = "says what was measured")]
async fn story(database: &Database) {
    let (kills, seed) = (number("REALMS_TEST_KILLS", KILLS), number("REALMS_TEST_SEED", 11));
    let chance = Chance::seeded(seed);
    let bill = Bill::default();
    let upstream = upstream(&bill).await;
    let address = [("REALMS_DB_URL", database.address())];
    let app = TestApp::start_with(&address).await;
    app.serve(&[&upstream]).await;
    let folder = app.stop().await;
    let (serials, mut safe) = (Arc::new(AtomicU64::new(1)), HashSet::new());
    for _ in 0..kills {
        let server = Process::start_in_self_mode(folder.path(), database.address()).await;
        let life = Duration::from_millis(50 + chance.below(LIFE));
        let (whole, killed) = live(server, &serials, life).await;
        let ended = whole.iter().filter(|one| killed.duration_since(one.at) > SAFE);
        safe.extend(ended.map(|one| format!("call-{}", one.serial)));
    }
    let app = TestApp::start_in(folder, &address).await;
    let records = app.all_records().await;
    let billed = bill.lock().clone();
    let lost = check(&records, &billed, &safe);
    println!(
        "self mode, seed {seed}: {kills} kills, {} calls billed, {} ended long before a kill, {lost} broken off",
        billed.len(),
        safe.len()
    );
    assert!(!safe.is_empty(), "no server lived for long enough");
    // Whoever stops leaves nothing to be read at the next start.
    let folder = app.stop().await;
    let left: Vec<_> = std::fs::read_dir(folder.path().join("calls")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Every call that the upstream billed has one record: of what it used there, or, where the server was
/// killed, that it broke off. How many those are.
fn check(records: &[UsageRecord], bill: &HashMap<String, Billed>, safe: &HashSet<String>) -> usize {
    let of_call = by_call(records);
    let mut lost = 0;
    for (name, billed) in bill {
        let record = of_call.get(name).unwrap_or_else(|| panic!("{name} is lost"));
        assert_eq!(record.billing, None, "{record:#?}");
        if record.outcome == "ok" {
            assert_eq!(record.certainty, Certainty::Measured, "{record:#?}");
            assert_eq!((record.usage, record.cost), (billed.usage, Some(billed.cost)), "{name}");
            continue;
        }
        lost += 1;
        assert!(!safe.contains(name), "{name} had ended long before the kill: {record:#?}");
        assert_eq!((record.outcome.as_str(), record.cause), ("broken", Some(Cause::Shutdown)));
        assert_eq!((record.certainty, record.cost), (Certainty::None, None), "{name}");
        assert!(record.attempts.is_empty(), "{record:#?}");
    }
    lost
}
