//! Real processes on one database, killed at every step of a refresh.
//!
//! A process is this test program itself, asked for the ignored test [`a_process_of_the_fleet`].

use std::{
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use realms_relay::RefreshStep;
use realms_seal::MasterKey;
use realms_store::{AccountState, LoginCause};
use realms_testkit::{DEADLINE, Gate, ProviderFault};
use realms_types::CredentialId;

use crate::{
    database::Database,
    fleet::{Fleet, Told, clock, ids, node, open},
};

const DATABASE: &str = "REALMS_TEST_FLEET_DATABASE";
const MASTER: &str = "REALMS_TEST_FLEET_MASTER";
const PROVIDER: &str = "REALMS_TEST_FLEET_PROVIDER";
const DIES_AT: &str = "REALMS_TEST_FLEET_DIES_AT";
/// Refreshers in one process.
const REFRESHERS: usize = 10;

/// Where a process dies by itself: at this step, when it comes to it for this time.
#[derive(Debug, Clone, Copy)]
struct Death(RefreshStep, usize);

/// A process; it is killed with the test.
struct Process(Child);

impl Process {
    fn start(fleet: &Fleet, dies_at: Option<Death>) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "kills::a_process_of_the_fleet", "--ignored", "--nocapture"])
            .env(DATABASE, &fleet.address)
            .env(MASTER, fleet.master.to_text().reveal())
            .env(PROVIDER, fleet.provider.url())
            .env_remove(DIES_AT)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(Death(step, time)) = dies_at {
            command.env(DIES_AT, format!("{step:?}:{time}"));
        }
        Self(command.spawn().unwrap())
    }

    fn kill(&mut self) {
        // SIGKILL: nothing in the process runs after it. One that is dead already stays so.
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }

    /// Waits until it has died by itself.
    async fn died(&mut self) {
        let end = tokio::time::Instant::now() + DEADLINE;
        while self.0.try_wait().unwrap().is_none() {
            assert!(tokio::time::Instant::now() < end, "the process never came to its end");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Ten refreshers that look for due accounts without end.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the tests beside it start it as a process of its own"]
#[expect(clippy::disallowed_methods, reason = "a process is told by its environment what to do")]
async fn a_process_of_the_fleet() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let text = |name| std::env::var(name).unwrap();
    let master = MasterKey::from_text(&text(MASTER)).unwrap();
    let provider = text(PROVIDER);
    let tell = teller(std::env::var(DIES_AT).ok());
    let store = open(&database).await;
    let keyring = store.unlock_keyring(master, &ids(), clock().now()).await.unwrap();
    for _ in 0..REFRESHERS {
        let accounts = node(&store, &keyring, &provider, Arc::clone(&tell));
        tokio::spawn(async move {
            loop {
                // The other process may hold the database; the next look finds it free.
                let _ = accounts.refresh_due().await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
    }
    std::future::pending::<()>().await;
}

/// Aborts at `Step:time`.
fn teller(dies_at: Option<String>) -> Told {
    let seen = AtomicUsize::new(0);
    Arc::new(move |_, step| {
        let Some((name, time)) = dies_at.as_deref().and_then(|text| text.split_once(':')) else {
            return;
        };
        if format!("{step:?}") == name
            && seen.fetch_add(1, Ordering::SeqCst) + 1 == time.parse::<usize>().unwrap()
        {
            std::process::abort();
        }
    })
}

/// An account is as it should be: it works with the provider's only good token, or it needs a log-in
/// and says that an answer was lost.
async fn is_sound(fleet: &Fleet, id: CredentialId, name: &str) -> AccountState {
    let account = fleet.now_of(id).await;
    match account.state {
        AccountState::Active => {
            let (ours, theirs) = (fleet.refresh_token(id).await, fleet.provider.current(name));
            assert_eq!(Some(ours), theirs, "{name} is lost in silence: {account:#?}");
        }
        AccountState::NeedsLogin(cause) => {
            assert_eq!(cause, LoginCause::AnswerLost, "{name}: {account:#?}");
            assert!(account.last_error.is_some(), "{name} does not say why");
        }
    }
    account.state
}

/// A process dies at this step; another takes over. How the account ends, and whether the provider saw
/// a token twice.
async fn told(step: RefreshStep) -> (AccountState, usize) {
    let fleet = Fleet::start().await;
    let id = fleet.account("acc").await;
    make_due(&fleet, id).await;
    let mut first = Process::start(&fleet, Some(Death(step, 1)));
    first.died().await;
    let _second = Process::start(&fleet, None);
    let account = fleet
        .wait(id, "the other process", |account| {
            account.generation > 1 || account.state != AccountState::Active
        })
        .await;
    (
        is_sound(&fleet, id, "acc").await,
        fleet.provider.reuses() + usize::from(account.generation > 2),
    )
}

async fn make_due(fleet: &Fleet, id: CredentialId) {
    let now = clock().now();
    assert!(fleet.store.hasten_refresh(id, 1, now, Duration::ZERO).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_of_the_lease_that_dies_is_taken_over_from() {
    assert_eq!(told(RefreshStep::Claimed).await, (AccountState::Active, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_noted_and_never_sent_still_works() {
    assert_eq!(told(RefreshStep::Noted).await, (AccountState::Active, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_dies_with_its_process_is_told() {
    let lost = AccountState::NeedsLogin(LoginCause::AnswerLost);
    assert_eq!(told(RefreshStep::Answered).await, (lost, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_needs_nobody() {
    assert_eq!(told(RefreshStep::Kept).await, (AccountState::Active, 0));
}

/// Killed from outside while the provider has the request: before it did anything, and after.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_during_the_call_loses_the_answer_or_nothing() {
    let lost = AccountState::NeedsLogin(LoginCause::AnswerLost);
    let gate = Gate::new();
    for (fault, expected) in [
        (ProviderFault::StallBefore(gate.clone()), AccountState::Active),
        (ProviderFault::StallAfter(gate.clone()), lost),
    ] {
        let fleet = Fleet::start().await;
        let id = fleet.account("acc").await;
        fleet.provider.fails_next(fault);
        make_due(&fleet, id).await;
        let mut first = Process::start(&fleet, None);
        let asked = fleet.provider.refreshes();
        fleet.wait(id, "the journal", |account| account.sent.is_some()).await;
        let end = tokio::time::Instant::now() + DEADLINE;
        while fleet.provider.refreshes() == asked {
            assert!(tokio::time::Instant::now() < end, "no refresh came");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        first.kill();
        let _second = Process::start(&fleet, None);
        fleet
            .wait(id, "the other process", |account| {
                account.generation > 1 || account.state != AccountState::Active
            })
            .await;
        assert_eq!(is_sound(&fleet, id, "acc").await, expected);
    }
}

/// Two processes with ten refreshers each, accounts that are due all the time, and one of the two
/// killed again and again, each time at another step.
pub(crate) async fn twenty_refreshers_on_two_processes_lose_nothing_in_silence(
    database: &Database,
) {
    const ACCOUNTS: usize = 8;
    let fleet = Fleet::on(database.address()).await;
    fleet.provider.expires_in(2);
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        let name = format!("acc{number}");
        accounts.push((fleet.account(&name).await, name));
    }
    let steady = Process::start(&fleet, None);
    let deaths = [
        Death(RefreshStep::Claimed, 2),
        Death(RefreshStep::Noted, 2),
        Death(RefreshStep::Kept, 3),
        Death(RefreshStep::Claimed, 1),
        Death(RefreshStep::Noted, 1),
        Death(RefreshStep::Answered, 2),
    ];
    for death in deaths {
        Process::start(&fleet, Some(death)).died().await;
    }
    // From now on tokens live long, and what is under way comes to its end.
    fleet.provider.expires_in(3_600);
    let mut lost = 0;
    for (id, name) in &accounts {
        let long = clock().now() + Duration::from_mins(10);
        fleet
            .wait(*id, "the last refresh", |account| {
                account.state != AccountState::Active || account.grant.tokens.expires_at > long
            })
            .await;
        lost += usize::from(is_sound(&fleet, *id, name).await != AccountState::Active);
    }
    drop(steady);
    let generations = {
        let mut sum = 0;
        for (id, _) in &accounts {
            sum += fleet.now_of(*id).await.generation;
        }
        sum
    };
    println!(
        "{ACCOUNTS} accounts, {} deaths, {generations} generations, {} refreshes, {} reuses, {lost} lost \
         with a cause",
        deaths.len(),
        fleet.provider.refreshes(),
        fleet.provider.reuses(),
    );
    // A death takes with it the answers that its process was waiting for; the steady process loses none.
    assert!(lost < ACCOUNTS, "some are left");
    assert_eq!(fleet.provider.reuses(), lost, "nobody lost an account but by an answer that died");
    assert!(generations > i64::try_from(ACCOUNTS).unwrap(), "tokens went on being renewed");
}
