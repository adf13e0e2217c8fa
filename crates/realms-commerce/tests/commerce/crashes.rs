//! What was answered is there after a crash; what was not is told again and given once.

use std::sync::Arc;

use realms_types::{Money, OrderState};

use crate::{
    database::Database,
    world::{World, session, usd},
};

pub(crate) async fn between_receive_and_commit_give_nothing_and_answer_nothing(
    database: &Database,
) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let body = session("evt_1", "completed", record.order.id, "pi_1");
    // The writer is dead, so nothing that moves money can be committed.
    world.writer.abort();
    let told = world.told(channel, &body).await.unwrap_err();
    assert!(told.is_temporary(), "{told}: the gateway is to tell again");
    let world = world.crash().await;
    assert_eq!(world.read(record.order.id).await, record);
    assert_eq!(world.store.read().list_notices_of_order(record.order.id).await.unwrap(), []);
    world.told(channel, &body).await.unwrap();
    assert_eq!(world.balance(user).await, usd("7.35"));
    world.is_sound().await;
}

/// Until when the writer lives.
#[derive(Debug, Clone, Copy)]
enum Death {
    /// It takes nothing any more.
    AtOnce,
    /// The first order is committed, and perhaps not answered.
    Committed,
    /// Somebody was answered, and the others were not.
    Answered,
}

pub(crate) async fn at_any_moment_lose_nothing_that_was_answered(database: &Database) {
    let mut world = World::start(database).await;
    let (user, channel, _) = world.ordered().await;
    let (mut credited, mut before) = (0, 0);
    for round in 0..36 {
        let death = [Death::AtOnce, Death::Committed, Death::Answered][round % 3];
        let id = world.top_up(user, channel).await.order.id;
        let body = session(&format!("evt_{round}"), "completed", id, &format!("pi_{round}"));
        let shared = Arc::new(world);
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (shared, body) = (Arc::clone(&shared), body.clone());
            tries.spawn(async move { shared.told(channel, &body).await.is_ok() });
        }
        let mut answered = false;
        match death {
            Death::AtOnce => {}
            Death::Committed => {
                while shared.read(id).await.order.state == OrderState::Pending {
                    tokio::task::yield_now().await;
                }
            }
            Death::Answered => answered = tries.join_next().await.unwrap().unwrap(),
        }
        shared.writer.abort();
        answered |= tries.join_all().await.into_iter().any(|one| one);
        world = Arc::into_inner(shared).unwrap().crash().await;
        let state = world.read(id).await.order.state;
        assert!(!answered || state == OrderState::Paid, "{death:?}: {state:?}");
        before += usize::from(state == OrderState::Paid);
        world.told(channel, &body).await.unwrap();
        credited += 1;
        assert_eq!(world.read(id).await.order.state, OrderState::Paid);
        assert_eq!(world.entries(id).await.len(), 1);
        let expected = Money::from_nano(credited * usd("7.35").nano());
        assert_eq!(world.balance(user).await, expected);
    }
    assert!((24..36).contains(&before), "{before}: it crashed before and after");
    world.is_sound().await;
}
