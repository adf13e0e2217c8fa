//! Many calls while upstreams come and go: none fails that somebody could have served, and nothing is
//! left behind.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{Method, StatusCode};
use parking_lot::Mutex;
use realms_relay::{InUse, replay_call};
use realms_testkit::{Cut, FakeUpstream, Reply, TestClock};
use realms_types::Chance;

use crate::{
    relaying::calls,
    support::{KEY, TestApp},
};

/// Calls of the whole run, and calls between two changes of the weather.
const CALLS: usize = 10_000;
const SPELL: usize = 200;
/// Calls at once.
const AT_ONCE: usize = 16;

/// How each channel and each account fares, by name and by key. What a server does wrong it does to all its
/// accounts; what an account may not, another may.
type Weather = Arc<Mutex<HashMap<String, Fault>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    ServerError,
    Overloaded,
    HangsUp,
    Page,
    ErrorInside,
    Limited,
    Unauthorized,
    OutOfCredit,
}

const OF_SERVERS: [Fault; 5] =
    [Fault::ServerError, Fault::Overloaded, Fault::HangsUp, Fault::Page, Fault::ErrorInside];
const OF_ACCOUNTS: [Fault; 3] = [Fault::Limited, Fault::Unauthorized, Fault::OutOfCredit];

// === impl Fault ===

impl Fault {
    fn reply(self) -> Reply {
        match self {
            Self::ServerError => Reply::status(500),
            Self::Overloaded => Reply::status(529),
            Self::HangsUp => Reply::hangs_up(Cut::Reset),
            Self::Page => Reply::html(),
            Self::ErrorInside => Reply::json(
                &serde_json::json!({ "error": { "message": "no", "type": "server_error" } }),
            ),
            Self::Limited => Reply::status(429).header("retry-after", "20"),
            Self::Unauthorized => Reply::status(401),
            Self::OutOfCredit => Reply::status(402),
        }
    }

    fn any(of: &[Self], chance: &Chance) -> Self {
        of[usize::try_from(chance.below(of.len() as u64)).unwrap()]
    }
}

/// Three channels of three credentials each, of one priority, on a clock that the test moves.
async fn serving(weather: &Weather, clock: &TestClock) -> (TestApp, Vec<FakeUpstream>) {
    let app = TestApp::start_on(clock).await;
    let mut manifest = String::from("version = 1\n");
    let mut upstreams = Vec::new();
    for channel in ["a", "b", "c"] {
        let upstream = FakeUpstream::start().await;
        let fares = Arc::clone(weather);
        upstream.replies(Reply::by(move |request| {
            let fares = fares.lock();
            let fault = fares.get(channel).or_else(|| fares.get(request.key()));
            fault.map_or_else(Reply::good, |fault| fault.reply())
        }));
        let keys: Vec<String> =
            (0..3).map(|n| format!("{{ name = \"k{n}\", key = \"key-{channel}{n}\" }}")).collect();
        write!(
            manifest,
            "[[channel]]\nname = \"{channel}\"\nkind = \"openai\"\nbase_url = \"{}\"\n\
             groups = [\"default\"]\ncredentials = [{}]\nmodels = [\"m\"]\n\
             dialects = [\"responses\", \"chat\", \"messages\", \"gemini\"]\n",
            upstream.url(),
            keys.join(", ")
        )
        .unwrap();
        upstreams.push(upstream);
    }
    write!(
        manifest,
        "[[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n"
    )
    .unwrap();
    app.apply(&manifest).await;
    (app, upstreams)
}

/// Another weather for all but one account and its channel.
fn change(weather: &Weather, steady: (&str, u64), chance: &Chance) {
    let mut weather = weather.lock();
    weather.clear();
    for channel in ["a", "b", "c"] {
        if channel != steady.0 && chance.below(2) == 0 {
            weather.insert(channel.to_owned(), Fault::any(&OF_SERVERS, chance));
        }
        for number in 0..3 {
            if (channel, number) != steady && chance.below(3) > 0 {
                let key = format!("key-{channel}{number}");
                weather.insert(key, Fault::any(&OF_ACCOUNTS, chance));
            }
        }
    }
}

/// Sends so many calls, some at once, and says which were not answered.
async fn send(app: &TestApp, count: usize, seed: u64) -> Vec<String> {
    let next = Arc::new(AtomicU64::new(seed));
    let mut workers = Vec::new();
    for worker in 0..AT_ONCE {
        let (client, next) = (app.client(), Arc::clone(&next));
        let share = count / AT_ONCE + usize::from(worker < count % AT_ONCE);
        workers.push(tokio::spawn(async move {
            let mut failed = Vec::new();
            for _ in 0..share {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let stream = number % 2 == 0;
                let (dialect, path, body) =
                    calls("m", stream)[usize::try_from(number % 4).unwrap()].clone();
                let answer = client.post(&path, body).await;
                if answer.status != StatusCode::OK || answer.broke_off {
                    failed.push(format!("{dialect} {}: {}", answer.status, answer.text()));
                }
            }
            failed
        }));
    }
    let mut failed = Vec::new();
    for worker in workers {
        failed.extend(worker.await.unwrap());
    }
    failed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_fails_that_a_healthy_candidate_could_have_served() {
    let (weather, clock, chance) = (Weather::default(), TestClock::new(), Chance::seeded(20));
    let (app, upstreams) = serving(&weather, &clock).await;
    let mut steady = ("a", 0);
    for spell in 0..CALLS / SPELL {
        if spell % 3 == 0 {
            // Fair weather, for so long that everyone is known to be well. Then another account stays so,
            // and what becomes of the others is chance.
            weather.lock().clear();
            clock.advance(Duration::from_mins(11));
            assert_eq!(send(&app, SPELL / 2, 7).await, [""; 0], "in fair weather");
            let channel = ["a", "b", "c"][usize::try_from(chance.below(3)).unwrap()];
            steady = (channel, chance.below(3));
        }
        change(&weather, steady, &chance);
        let failed = send(&app, SPELL, spell as u64).await;
        assert!(failed.is_empty(), "spell {spell}, {} failed: {:?}", failed.len(), failed.first());
        clock.advance(Duration::from_secs(chance.below(90)));
    }

    // Nobody was asked twice in one call.
    let mut records = 0;
    for record in app.all_records().await {
        let asked: Vec<_> = (record.attempts.iter())
            .map(|attempt| (attempt.endpoint_id, attempt.credential_id))
            .collect();
        let distinct: HashSet<_> = asked.iter().collect();
        assert_eq!(distinct.len(), asked.len(), "{:?}", record.attempts);
        records += 1;
    }
    assert!(records >= CALLS, "{records} records");

    // Every recorded decision, made again from its trace, is the same.
    let catalog = app.app().relay().catalog.snapshot();
    let mut replayed = 0;
    for record in app.all_records().await {
        let trace = app.app().store().find_trace(record.id).await.unwrap().unwrap();
        let decision = trace.decision.unwrap();
        let again = replay_call(&catalog, &record, &decision).unwrap();
        assert!(again.is_same(), "{:?} then, {:?} again", again.then, again.now);
        replayed += 1;
    }
    assert!(replayed >= CALLS, "{replayed}");

    // In fair weather all are back within the longest rest, each after one call that tested it.
    weather.lock().clear();
    clock.advance(Duration::from_mins(10));
    let before: Vec<usize> = upstreams.iter().map(|one| one.requests().len()).collect();
    assert_eq!(send(&app, 400, 0).await, [""; 0]);
    let mut back = HashSet::new();
    for (upstream, seen) in upstreams.iter().zip(before) {
        back.extend(upstream.requests().split_off(seen).iter().map(|one| one.key().to_owned()));
    }
    assert_eq!(back.len(), 9, "{back:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_client_faults_cools_nothing() {
    let (weather, clock) = (Weather::default(), TestClock::new());
    let (app, upstreams) = serving(&weather, &clock).await;
    for upstream in &upstreams {
        upstream.for_model("m").replies(Reply::status(400));
    }
    let failed = send(&app, 400, 0).await;
    assert_eq!(failed.len(), 400);
    assert_eq!(app.app().relay().health.cooling(), 0);
    let asked: usize = upstreams.iter().map(|upstream| upstream.requests().len()).sum();
    assert_eq!(asked, 400, "nobody is asked again for it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_that_end_badly_leave_nothing_behind() {
    let (weather, clock, chance) = (Weather::default(), TestClock::new(), Chance::seeded(3));
    let (app, upstreams) = serving(&weather, &clock).await;
    app.apply(&format!(
        "version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n\
         limits = {{ concurrency = 30, streams = 20, tokens_per_minute = 4000000000 }}\n\
         [[channel]]\nname = \"a\"\nlimits = {{ concurrency = 15 }}\n"
    ))
    .await;
    for upstream in &upstreams {
        let fares = Chance::seeded(9);
        upstream.replies(Reply::by(move |_| match fares.below(5) {
            0 => Reply::good(),
            1 => Reply::good().cut_after_bytes(60, Cut::Reset),
            2 => Reply::never(),
            3 => Reply::hangs_up(Cut::Close),
            _ => Reply::status(500),
        }));
    }
    let mut asked = 0;
    for wave in 0..25_usize {
        let mut running = Vec::new();
        for number in 0..40_usize {
            let client = app.client();
            let (_, path, body) = calls("m", number % 3 != 0)[(wave + number) % 4].clone();
            running.push(tokio::spawn(async move {
                drop(client.open(Method::POST, &path, body).await);
            }));
        }
        // Once some have reached an upstream all leave: those who wait in line, those who wait for an
        // answer, those who are being served.
        let seen = || upstreams.iter().map(|one| one.requests().len()).sum::<usize>();
        let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
        while seen() < asked + 20 {
            assert!(tokio::time::Instant::now() < deadline, "nothing reaches an upstream");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for call in running {
            if chance.below(2) == 0 {
                tokio::task::yield_now().await;
            }
            call.abort();
        }
        asked = seen();
    }
    let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
    loop {
        let left = app.app().relay().in_use();
        if left == InUse::default() {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "left behind: {left:?}");
        tokio::task::yield_now().await;
    }
    // Every connection is given back or closed.
    for upstream in &upstreams {
        for number in 0..upstream.requests().len() {
            tokio::select! {
                _ = upstream.wait_replied(number) => {}
                _ = upstream.wait_closed(number) => {}
            }
        }
    }
}
