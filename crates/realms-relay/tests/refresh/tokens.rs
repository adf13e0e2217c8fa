//! Many nodes in one process: one refresh for each generation, whatever the provider does.

use std::time::Duration;

use realms_relay::{Accounts, RefreshOutcome, RefreshStep};
use realms_store::{AccountState, LoginCause};
use realms_testkit::{Gate, ProviderFault};
use realms_types::CredentialId;

use crate::fleet::{Fleet, clock, node};

/// Makes an account due on every node.
async fn due(fleet: &Fleet, id: CredentialId) {
    let generation = fleet.now_of(id).await.generation;
    let now = clock().now() + Duration::from_hours(1);
    fleet.store.hasten_refresh(id, generation, now, Duration::ZERO).await.unwrap();
}

/// All nodes look at once.
async fn all(nodes: &[Accounts]) {
    let passes = nodes.iter().map(|node| {
        let node = node.clone();
        tokio::spawn(async move { node.refresh_due().await.unwrap() })
    });
    for pass in passes.collect::<Vec<_>>() {
        pass.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_refreshers_send_each_token_once() {
    let fleet = Fleet::start().await;
    fleet.provider.expires_in(1);
    let id = fleet.account("acc").await;
    let mut nodes = Vec::new();
    for _ in 0..20 {
        nodes.push(fleet.node().await);
    }
    for round in 2..7 {
        fleet.wait(id, "the moment", |account| account.refresh_at <= clock().now()).await;
        all(&nodes).await;
        assert_eq!(fleet.now_of(id).await.generation, round);
        // One was the import's own.
        assert_eq!(fleet.provider.refreshes(), usize::try_from(round).unwrap());
    }
    assert_eq!(fleet.provider.reuses(), 0);
    assert_eq!(fleet.provider.current("acc"), Some(fleet.refresh_token(id).await));
    let account = fleet.now_of(id).await;
    assert_eq!((account.lease_owner, account.sent, account.last_error), (None, None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_a_refresh_gets_that_of_another_node() {
    let fleet = Fleet::start().await;
    let id = fleet.account("acc").await;
    let one = fleet.node().await;
    let (yielded, mut yields) = tokio::sync::mpsc::unbounded_channel();
    let tell = move |_, step| {
        if step == RefreshStep::Yielded {
            yielded.send(()).unwrap();
        }
    };
    let two = node(&fleet.store, &fleet.keyring, &fleet.provider.url(), std::sync::Arc::new(tell));
    let gate = Gate::new();
    fleet.provider.fails_next(ProviderFault::StallAfter(gate.clone()));
    let first = tokio::spawn(async move { one.refresh_now(id).await.unwrap() });
    gate.reached(1).await;
    let second = tokio::spawn(async move { two.refresh_now(id).await.unwrap() });
    yields.recv().await.unwrap();
    gate.open();
    assert_eq!(first.await.unwrap(), RefreshOutcome::Renewed { generation: 2 });
    assert_eq!(second.await.unwrap(), RefreshOutcome::MovedOn);
    assert_eq!(fleet.provider.refreshes(), 2);
}

#[tokio::test]
async fn passing_trouble_is_tried_again_and_then_put_off() {
    let fleet = Fleet::start().await;
    let id = fleet.account("acc").await;
    let node = fleet.node().await;
    let busy = ProviderFault::Status(503);
    fleet.provider.fails_next(busy.clone()).fails_next(ProviderFault::Status(429));
    assert_eq!(
        node.refresh_now(id).await.unwrap(),
        RefreshOutcome::Renewed { generation: 2 },
        "the third try"
    );
    for _ in 0..3 {
        fleet.provider.fails_next(busy.clone());
    }
    let outcome = node.refresh_now(id).await.unwrap();
    assert!(matches!(outcome, RefreshOutcome::PutOff { .. }), "{outcome:?}");
    let account = fleet.now_of(id).await;
    assert_eq!((account.state, account.generation), (AccountState::Active, 2));
    assert_eq!((account.sent, account.lost_generation, account.lease_owner), (None, None, None));
    assert!(account.last_error.unwrap().contains("503"));
    assert_eq!(node.refresh_now(id).await.unwrap(), RefreshOutcome::Renewed { generation: 3 });
    assert_eq!(fleet.now_of(id).await.last_error, None);
}

#[tokio::test]
async fn an_answer_that_was_cut_off_ends_in_a_log_in_that_says_so() {
    let fleet = Fleet::start().await;
    let id = fleet.account("acc").await;
    let node = fleet.node().await;
    fleet.provider.fails_next(ProviderFault::CutBefore);
    let outcome = node.refresh_now(id).await.unwrap();
    assert_eq!(outcome, RefreshOutcome::Renewed { generation: 2 }, "nothing had happened there");
    fleet.provider.fails_next(ProviderFault::CutAfter);
    let lost = RefreshOutcome::NeedsLogin(LoginCause::AnswerLost);
    assert_eq!(node.refresh_now(id).await.unwrap(), lost);
    let account = fleet.now_of(id).await;
    assert_eq!(account.state, AccountState::NeedsLogin(LoginCause::AnswerLost));
    assert!(account.last_error.unwrap().contains("refresh_token_reused"));
}

#[tokio::test]
async fn a_revoked_account_and_a_stolen_token_are_told_apart() {
    let fleet = Fleet::start().await;
    let node = fleet.node().await;
    let (revoked, stolen) = (fleet.account("acc").await, fleet.account("other").await);
    fleet.provider.revoke("acc");
    let refused = RefreshOutcome::NeedsLogin(LoginCause::Refused);
    assert_eq!(node.refresh_now(revoked).await.unwrap(), refused);
    // Somebody else uses the token that we hold.
    let (thief, token) = (fleet.node().await, fleet.refresh_token(stolen).await);
    let (site, token) = (thief.site.clone(), token.as_str().into());
    thief.upstream.refresh_token(&site, &token, clock().now()).await.unwrap();
    let used_twice = RefreshOutcome::NeedsLogin(LoginCause::Reused);
    assert_eq!(node.refresh_now(stolen).await.unwrap(), used_twice);
    // It is not tried again.
    let before = fleet.provider.refreshes();
    due(&fleet, stolen).await;
    assert_eq!(node.refresh_due().await.unwrap(), 0);
    assert!(node.refresh_now(stolen).await.is_err());
    assert_eq!(fleet.provider.refreshes(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_meanwhile_is_not_undone_by_a_stale_refusal() {
    let fleet = Fleet::start().await;
    let id = fleet.account("acc").await;
    let node = fleet.node().await;
    let gate = Gate::new();
    fleet.provider.fails_next(ProviderFault::StallAfter(gate.clone()));
    let slow = tokio::spawn(async move { node.refresh_now(id).await.unwrap() });
    gate.reached(1).await;
    // The token that is being used is of generation 1; somebody logs in and makes it 2.
    let given = fleet.provider.give("acc");
    let refresh = given["refresh_token"].as_str().unwrap().into();
    let pasted = realms_relay::Pasted { refresh, access: None, id_token: None, account_id: None };
    let other = fleet.node().await;
    let at = (fleet.channel, "");
    assert_eq!(
        other.import(at, pasted, crate::fleet::entry()).await.unwrap().credential_id,
        id,
        "the same account is the same credential"
    );
    gate.open();
    assert_eq!(slow.await.unwrap(), RefreshOutcome::MovedOn);
    let account = fleet.now_of(id).await;
    assert_eq!((account.state, account.generation), (AccountState::Active, 2));
    assert_eq!(fleet.provider.current("acc"), Some(fleet.refresh_token(id).await));
}

/// The database takes no write for longer than a statement may take.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_cannot_be_written_are_held_until_they_can() {
    let fleet = Fleet::start().await;
    let id = fleet.account("acc").await;
    let node = fleet.node().await;
    let gate = Gate::new();
    fleet.provider.fails_next(ProviderFault::StallAfter(gate.clone()));
    let refreshing = {
        let node = node.clone();
        tokio::spawn(async move { node.refresh_now(id).await.unwrap() })
    };
    gate.reached(1).await;
    let blocker = node.store.begin().await.unwrap();
    gate.open();
    assert_eq!(refreshing.await.unwrap(), RefreshOutcome::Held);
    let asked = fleet.provider.refreshes();
    // Nobody asks for another token: this node knows, and the others see the journal.
    assert_eq!(node.refresh_now(id).await.unwrap(), RefreshOutcome::Held);
    assert_eq!(fleet.now_of(id).await.generation, 1);
    assert_eq!(fleet.provider.refreshes(), asked);
    drop(blocker);
    let account = fleet.wait(id, "the new tokens", |account| account.generation == 2).await;
    assert_eq!(account.state, AccountState::Active);
    assert_eq!(fleet.provider.current("acc"), Some(fleet.refresh_token(id).await));
    node.tasks.close();
    node.tasks.wait().await;
    assert_eq!(node.refresh_now(id).await.unwrap(), RefreshOutcome::Renewed { generation: 3 });
    assert_eq!(fleet.provider.reuses(), 0);
}
